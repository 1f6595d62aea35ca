/**
 * Time that only moves when everything due has happened: one heap of things to do, in the order of their time and then of
 * their making. Promises settle between two of them, when somebody says that some may be waiting.
 */
export interface Planned {
  t: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

export class VirtualClock {
  private readonly heap: Planned[] = [];
  private made = 0;
  /** A promise was resolved, or may have been: let its followers run before anything else does. */
  hasPromises = false;

  constructor(public now: number) {}

  at(t: number, run: () => void): Planned {
    const planned: Planned = { t: Math.max(Math.ceil(t), this.now), order: this.made++, run, isCancelled: false };
    this.heap.push(planned);
    this.up(this.heap.length - 1);
    return planned;
  }

  after(ms: number, run: () => void): Planned {
    return this.at(this.now + Math.max(0, ms), run);
  }

  /** Runs everything up to `t`, and stops early when `isOver` says so. */
  async runUntil(t: number, isOver: () => boolean): Promise<void> {
    for (let next = this.heap[0]; next !== undefined && next.t <= t; next = this.heap[0]) {
      this.pop();
      if (next.isCancelled) continue;
      this.now = Math.max(next.t, this.sleptUntil);
      next.run();
      if (this.hasPromises) await this.settle();
      if (isOver()) return;
    }
    this.now = Math.max(this.now, t);
  }

  /** Time goes by and nothing runs; what was due meanwhile runs late, in its order. */
  sleep(ms: number): void {
    this.sleptUntil = Math.ceil(this.now + ms);
  }

  /** Time goes by, and with it everything that is to come: a computer that sleeps has its timers sleep. */
  shift(ms: number): void {
    this.now += ms;
    for (const planned of this.heap) planned.t += ms;
  }

  private sleptUntil = -Infinity;

  async settle(): Promise<void> {
    this.hasPromises = false;
    await new Promise(resolve => setImmediate(resolve));
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      let least = i;
      if (this.isBefore(left, least)) least = left;
      if (this.isBefore(left + 1, least)) least = left + 1;
      if (least === i) return;
      this.swap(i, least);
      i = least;
    }
  }

  private up(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.isBefore(i, parent)) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const one = this.heap[a];
    const other = this.heap[b];
    if (one === undefined || other === undefined) return false;
    return one.t < other.t || (one.t === other.t && one.order < other.order);
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
