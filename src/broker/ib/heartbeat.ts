/**
 * Notices a connection over which nothing comes any more although it is still open, within 15 seconds of the wall's clock, and
 * compares the gateway's clock with ours. It only watches; the port ends the connection.
 */
export interface HeartbeatOptions {
  /** Sends the question whose answer proves that the gateway lives. */
  ask(): void;
  /** Monotonic ms of the last whole frame. */
  lastFrameAt(): number;
  dead(seconds: number): void;
  /** Monotonic ms, of the wall's clock. */
  now(): number;
}

const tickMs = 1000;
const askEveryMs = 4000;
const silentAfterMs = 9000;
/** Data flows but questions stay unanswered: the gateway's own mind is gone. */
const deafAfterMs = 30_000;
/** Our own process slept or was blocked: what came meanwhile is still unread. */
const blockedAfterMs = 3000;

export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private tickedAt: number;
  private answeredAt: number;
  private askedAt: number | undefined;

  constructor(private readonly options: HeartbeatOptions) {
    this.tickedAt = this.answeredAt = options.now();
    this.timer = setInterval(() => this.tick(), tickMs);
  }

  answered(): void {
    this.askedAt = undefined;
    this.answeredAt = this.options.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Each second; public so that a test can be the clock. */
  tick(): void {
    const now = this.options.now();
    const isBlocked = now - this.tickedAt > blockedAfterMs;
    this.tickedAt = now;
    if (isBlocked) {
      if (this.askedAt !== undefined) this.askedAt = now;
      return;
    }
    if (this.askedAt === undefined) {
      if (now - this.answeredAt < askEveryMs) return;
      this.askedAt = now;
      this.options.ask();
      return;
    }
    const waited = now - this.askedAt;
    const silent = now - Math.max(this.options.lastFrameAt(), this.askedAt);
    if (silent >= silentAfterMs || waited >= deafAfterMs) this.options.dead(Math.round(waited / 1000));
  }
}
