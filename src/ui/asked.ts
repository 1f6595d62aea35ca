/**
 * Requests to the session's thread that are answered by a message with the same number. An answer that does not come within
 * some seconds is the caller's fallback: a view never waits for ever.
 */
import type { OverrideOutcome } from '../shared/protocol';

export interface OverrideAnswer {
  readonly outcome: OverrideOutcome;
  /** Why it was refused, or what is to be known of it. */
  readonly text: string;
}

const WITHIN_MS = 5000;

export class Asked {
  private readonly open = new Map<number, (answer: unknown) => void>();
  private readonly fallbacks = new Map<number, unknown>();
  private nAsked = 0;

  /** @param post sends the request under a number; false: there is nobody to ask */
  ask<T>(post: (id: number) => boolean, fallback: T): Promise<T> {
    const id = ++this.nAsked;
    return new Promise(resolve => {
      const timer = setTimeout(() => this.answered(id, fallback), WITHIN_MS);
      this.open.set(id, answer => {
        clearTimeout(timer);
        resolve(answer as T);
      });
      this.fallbacks.set(id, fallback);
      if (!post(id)) this.answered(id, fallback);
    });
  }

  answered(id: number, answer: unknown): void {
    const settle = this.open.get(id);
    this.open.delete(id);
    this.fallbacks.delete(id);
    settle?.(answer);
  }

  /** The thread is gone: nothing is answered any more. */
  clear(): void {
    for (const [id, fallback] of [...this.fallbacks]) this.answered(id, fallback);
  }
}
