/**
 * bot_errors.log: one entry an error (time, what, stack), for people and for bug reports. At 5 MiB the file makes room by
 * taking the name bot_errors.1.log. An error log that cannot be written must not become an error of its own.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from './folders';

const MAX_BYTES = 5 * 1024 * 1024;

export class ErrorsLog {
  constructor(
    private readonly file: string,
    private readonly now: () => string,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** False when it could not be written. */
  write(what: string, error?: unknown): boolean {
    const stack = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : describe(error);
    const entry = `${this.now()}  ${what}\n${stack === '' ? '' : `${stack.replace(/^/gm, '    ')}\n`}`;
    try {
      makeFolder(path.dirname(this.file));
      this.rotate(Buffer.byteLength(entry));
      fs.appendFileSync(this.file, entry);
      return true;
    } catch {
      return false;
    }
  }

  private rotate(more: number): void {
    const size = fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0 || size + more <= this.maxBytes) return;
    const { dir, name, ext } = path.parse(this.file);
    fs.renameSync(this.file, path.join(dir, `${name}.1${ext}`));
  }
}

function describe(value: unknown): string {
  try {
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return String(value);
  }
}
