// Simulated time: when the next step of the market is due. Free, it follows the wall at the chosen speed; in lockstep it waits
// for one client's question before every second, so that one seed gives the same day at any speed. It moves nothing itself.

export interface ClockParts {
  /** Epoch milliseconds, simulated. */
  readonly startsAt: number;
  readonly until: number | undefined;
  readonly speed: number;
  readonly stepMs: number;
  /** The market, the exchange and the data lines move to `now`. */
  step(now: number): void;
  /** What has been encoded may go out. */
  flush(): void;
  ended(): void;
  /** A slow reader asks a clock without a pace of its own to wait. */
  isCongested(): boolean;
}

/** Wall milliseconds of one turn of a free clock, and how long it may catch up before the socket gets its turn. */
const turnMs = 10;
const budgetMs = 40;
/** A pace that has fallen behind by more than this starts anew instead of rushing. */
const forgivenMs = 250;

export class Clock {
  now: number;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private wallStart = 0;
  private simulatedStart = 0;
  private hasEnded = false;
  private isClosed = false;
  private waiting: (() => void)[] = [];
  private nextDue = 0;

  constructor(private readonly parts: ClockParts) {
    this.now = parts.startsAt;
  }

  get seconds(): number {
    return Math.floor(this.now / 1000);
  }

  // ---- Free.

  run(): void {
    if (this.isClosed || this.timer || this.immediate) return;
    this.wallStart = performance.now();
    this.simulatedStart = this.now;
    this.turn();
  }

  halt(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.timer = this.immediate = undefined;
  }

  close(): void {
    this.isClosed = true;
    this.halt();
    this.waiting = [];
  }

  private turn(): void {
    this.timer = this.immediate = undefined;
    const began = performance.now();
    const { speed, stepMs } = this.parts;
    const target = speed === Infinity ? Infinity : this.simulatedStart + (began - this.wallStart) * speed;
    while (this.now + stepMs <= target && !this.hasEnded && !this.parts.isCongested()) {
      this.advance();
      if (performance.now() - began > budgetMs) break;
    }
    this.parts.flush();
    if (this.isClosed || this.hasEnded) return;
    if (speed === Infinity && !this.parts.isCongested()) this.immediate = setImmediate(() => this.turn());
    else this.timer = setTimeout(() => this.turn(), turnMs);
  }

  // ---- Lockstep.

  /** One second for one question: `answer` is called when the second has passed and its frames are encoded. */
  advanceFor(answer: () => void): void {
    this.waiting.push(answer);
    if (this.waiting.length === 1) this.serve();
  }

  /** Its client has gone: what it asked is answered by nobody. */
  forget(): void {
    this.waiting = [];
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  // The end of the day answers too, but slowly: a client that goes on asking must not spin.
  private serve(): void {
    const { speed } = this.parts;
    const wall = performance.now();
    const pace = this.isAtEnd ? 1000 : speed === Infinity ? 0 : 1000 / speed;
    if (pace === 0) {
      this.answerFirst();
      return;
    }
    const due = this.nextDue === 0 ? wall : this.nextDue;
    this.nextDue = Math.max(due + pace, wall - forgivenMs);
    if (this.nextDue <= wall) this.answerFirst();
    else this.timer = setTimeout(() => this.answerFirst(), this.nextDue - wall);
  }

  private answerFirst(): void {
    this.timer = undefined;
    const answer = this.waiting.shift();
    if (!answer || this.isClosed) return;
    if (this.isAtEnd) {
      this.end();
    } else {
      const goal = this.now + 1000;
      while (this.now < goal) this.advance();
    }
    answer();
    this.parts.flush();
    if (this.waiting.length > 0) this.serve();
  }

  // ---- Both.

  private get isAtEnd(): boolean {
    return this.parts.until !== undefined && this.now >= this.parts.until;
  }

  private advance(): void {
    if (this.isAtEnd) {
      this.end();
      return;
    }
    this.now += this.parts.stepMs;
    this.parts.step(this.now);
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.parts.ended();
  }
}
