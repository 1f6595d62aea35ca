/**
 * Tells fills only while the window is not in focus: one message for a batch, seldom, and the rest when the person comes back.
 * It knows when; the words are reports/fillNotice.ts. Without VS Code it can be tested with a clock of the test's own.
 */
import type { FillRow } from '../engine/events';
import { fillNotice } from '../reports/fillNotice';
import type { Message } from '../reports/message';
import type { Disposable } from './emitter';

/** The first message of an absence waits this long for what comes along with its fill. */
const FIRST_MS = 10_000;
const NEXT_MS = 300_000;

export interface FillNoticesOptions {
  isOn(): boolean;
  tell(message: Message): void;
  /** Calls back once after so many milliseconds; the result takes it back. */
  after(ms: number, run: () => void): () => void;
}

export class FillNotices implements Disposable {
  private waiting: FillRow[] = [];
  private isFocused = true;
  private hasTold = false;
  private cancel: (() => void) | null = null;

  constructor(private readonly options: FillNoticesOptions) {}

  focus(isFocused: boolean): void {
    this.isFocused = isFocused;
    if (!isFocused) return;
    this.tell();
    this.hasTold = false;
  }

  fill(row: FillRow): void {
    if (this.isFocused || !this.options.isOn()) return;
    this.waiting.push(row);
    this.cancel ??= this.options.after(this.hasTold ? NEXT_MS : FIRST_MS, () => this.tell());
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private tell(): void {
    this.dispose();
    const fills = this.waiting.splice(0);
    if (fills.length === 0) return;
    this.hasTold = true;
    this.options.tell(fillNotice(fills));
  }
}
