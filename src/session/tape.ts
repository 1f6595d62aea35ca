/**
 * The tape of a session: every event the engine heard, in its order, as compressed JSON lines, so that the session can be
 * replayed to the same decisions (docs/strategy.md section 12). Flushed each second; a crash leaves a torn end, which readers
 * tolerate. A tape that cannot be written costs the recording, never the trading.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import type { DurableState } from '../engine/durable';
import type { EngineEvent } from '../engine/events';
import type { Settings } from '../strategy/settings';
import { makeFolder } from './folders';
import { reasonOf } from './paths';

/** The first line: what a replay needs besides the events. */
export interface TapeHeader {
  t: number;
  type: 'session';
  recorded: true;
  version: 1;
  sessionId: string;
  mode: string;
  settings: Settings;
  /** In force below @config. */
  base: { equity: number; risky: number; safe: number };
  /** The text of targets.txt at the start. */
  targets: string;
  /** The state the session began with; null for an account's first session. */
  durable: DurableState | null;
}

const BATCH_LINES = 512;
const FLUSH_MS = 1000;

export class Tape {
  private lines: string[] = [];
  private readonly gzip = zlib.createGzip({ level: 4 });
  private readonly out: fs.WriteStream;
  private readonly timer: NodeJS.Timeout;
  private failed = false;

  /** Makes `DATE.NN.jsonl.gz` with the next free number and writes the header. Throws when it cannot. */
  static open(folder: string, date: string, header: TapeHeader, onFailure: (reason: string) => void): Tape {
    makeFolder(folder);
    for (let n = 1; ; n++) {
      const file = path.join(folder, `${date}.${String(n).padStart(2, '0')}.jsonl.gz`);
      try {
        const fd = fs.openSync(file, 'wx');
        return new Tape(file, fd, header, onFailure);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  private constructor(
    readonly file: string,
    fd: number,
    header: TapeHeader,
    onFailure: (reason: string) => void,
  ) {
    this.out = fs.createWriteStream(file, { fd });
    const fail = (error: Error): void => {
      if (this.failed) return;
      this.failed = true;
      this.lines = [];
      onFailure(reasonOf(error));
    };
    this.out.on('error', fail);
    this.gzip.on('error', fail);
    this.gzip.pipe(this.out);
    this.lines.push(JSON.stringify(header));
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  write(event: EngineEvent): void {
    if (this.failed) return;
    this.lines.push(JSON.stringify(event));
    if (this.lines.length >= BATCH_LINES) this.pass();
  }

  /** Resolves when everything is with the operating system. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    if (this.failed) return;
    this.pass();
    await new Promise<void>(resolve => {
      this.out.once('close', resolve);
      this.out.once('error', () => resolve());
      this.gzip.end();
    });
  }

  private pass(): void {
    if (this.lines.length === 0) return;
    this.gzip.write(`${this.lines.join('\n')}\n`);
    this.lines = [];
  }

  private flush(): void {
    if (this.failed) return;
    this.pass();
    this.gzip.flush(zlib.constants.Z_SYNC_FLUSH);
  }
}

/** Removes tapes of days before `oldest` (`2026-10-19`). */
export function removeOldTapes(folder: string, oldest: string): void {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch {
    return; // No folder, no old tapes.
  }
  for (const name of names) {
    if (/^\d{4}-\d{2}-\d{2}\.\d{2,}\.jsonl\.gz$/.test(name) && name.slice(0, 10) < oldest) {
      fs.rmSync(path.join(folder, name), { force: true });
    }
  }
}
