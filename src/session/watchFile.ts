/**
 * Follows the text of one file by looking at it twice a second: works the same on every system and network drive, where
 * notifications are lost or doubled. A text counts once it stood still for a moment, so that a half-saved file is not
 * taken for a change. It knows nothing of what the text means.
 */
import * as fs from 'node:fs';

export interface WatchFileOptions {
  file: string;
  /** The text is another one than before; null: the file is gone (or cannot be read). */
  onText(text: string | null): void;
  /** The text that is in force already; null when there is no file. */
  known: string | null;
  everyMs?: number;
  /** An editor that empties the file before it writes gets this long. */
  emptyMs?: number;
  read?: (file: string) => string | null;
  now?: () => number;
}

const SETTLE_MS = 60;

export class WatchFile {
  private known: string | null;
  private candidate: { text: string | null; since: number } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly read: (file: string) => string | null;
  private readonly now: () => number;

  constructor(private readonly options: WatchFileOptions) {
    this.known = options.known;
    this.read = options.read ?? readText;
    this.now = options.now ?? Date.now;
  }

  start(): void {
    const look = (): void => {
      const settling = this.look();
      this.timer = setTimeout(look, settling ? SETTLE_MS : (this.options.everyMs ?? 500));
      this.timer.unref();
    };
    this.timer = setTimeout(look, this.options.everyMs ?? 500);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** What we write ourselves is no change. */
  remember(text: string | null): void {
    this.known = text;
    this.candidate = null;
  }

  /** One look; true while a change waits to stand still. */
  look(): boolean {
    const text = this.read(this.options.file);
    if (text === this.known) {
      this.candidate = null;
      return false;
    }
    const now = this.now();
    if (this.candidate === null || this.candidate.text !== text) {
      this.candidate = { text, since: now };
      return true;
    }
    const isEmptied = text !== null && text.trim() === '' && this.known !== null && this.known.trim() !== '';
    if (now - this.candidate.since < (isEmptied ? (this.options.emptyMs ?? 1000) : SETTLE_MS / 2)) return true;
    this.known = text;
    this.candidate = null;
    this.options.onText(text);
    return false;
  }
}

/** The text, or null when there is none to be had. */
export function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
