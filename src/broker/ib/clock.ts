/**
 * The broker port's clock. With IB it is this machine's, one event a second, and the gateway's is only compared with it. With the
 * simulator it is what the gateway last answered: asking for the time is what lets the next simulated second begin.
 */
export interface ClockOptions {
  /** Sends the question for the gateway's time. */
  ask(): void;
  /** The wall's clock. */
  later(ms: number, action: () => void): void;
  /** A second passed. */
  second(t: number): void;
  /** This machine minus gateway, whole seconds: said when they are over 2 s apart, once until they agree again. */
  apart(seconds: number): void;
}

export interface Clock {
  now(): number;
  /** The gateway's answer, whole seconds. */
  answer(seconds: number): void;
  /** From here on seconds are told. */
  start(): void;
  /** Everything of this second is handled. */
  ready(): void;
  stop(): void;
}

const apartMs = 2000;
/** A gateway that runs free answers at once; so often is it asked whether its second is over. */
const askAgainMs = 20;

export class SystemClock implements Clock {
  private timer: NodeJS.Timeout | undefined;
  private isApart = false;
  askedAt: number | undefined;

  constructor(private readonly options: ClockOptions) {}

  now(): number {
    return Date.now();
  }

  start(): void {
    // Whole seconds close buckets, so the timer aims just behind them, anew each time.
    this.timer = setTimeout(
      () => {
        this.start();
        this.options.second(this.now());
      },
      1001 - (this.now() % 1000),
    );
  }

  ask(): void {
    this.askedAt = this.now();
    this.options.ask();
  }

  answer(seconds: number): void {
    if (this.askedAt === undefined) return;
    const middle = (this.askedAt + this.now()) / 2;
    this.askedAt = undefined;
    // The gateway tells whole seconds, so it is half a second later there on average.
    const difference = middle - (seconds * 1000 + 500);
    const wasApart = this.isApart;
    this.isApart = Math.abs(difference) > apartMs + 500;
    if (this.isApart && !wasApart) this.options.apart(Math.round(difference / 1000));
  }

  ready(): void {
    // Nobody waits for us: IB's time goes on by itself.
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

export class GatewayClock implements Clock {
  private time = 0;
  private isAsked = false;
  private isStarted = false;

  constructor(private readonly options: ClockOptions) {}

  now(): number {
    return this.time;
  }

  start(): void {
    this.isStarted = true;
  }

  /** Once for each second, however often it is called: two questions would let two seconds begin. */
  ready(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.options.ask();
  }

  answer(seconds: number): void {
    if (!this.isAsked) return;
    const time = seconds * 1000;
    if (this.isStarted && time <= this.time) return this.options.later(askAgainMs, () => this.options.ask());
    this.isAsked = false;
    this.time = time;
    if (this.isStarted) this.options.second(time);
  }

  stop(): void {
    this.isStarted = false;
  }
}
