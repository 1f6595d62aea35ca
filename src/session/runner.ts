/**
 * One queue, one engine: events go in one after the other, each with a time that never falls, and the effects of each run in
 * their order before the next event is looked at. An intent is journaled before it is sent; nothing here decides what to do.
 */
import type { Effect, EngineEvent, FillRow, Notice, OrderIntent } from '../engine/events';
import type { ShellEntry } from './journal';

export interface RunnerOptions {
  engine: { handle(event: EngineEvent): readonly Effect[]; advance(t: number): readonly Effect[] };
  /** ms UTC on the broker's clock. */
  now(): number;
  record(event: EngineEvent): void;
  /** False: the entry is not with the operating system. */
  journal(entry: ShellEntry): boolean;
  /** Sends, or throws when the order was not sent. */
  place(order: OrderIntent): void;
  cancel(orderId: number): void;
  row(row: FillRow): void;
  notice(notice: Notice): void;
  reconcile(partial: boolean, why: string): void;
  symbols(effect: Extract<Effect, { type: 'symbols' }>): void;
  /** After the effects of an event. */
  handled(event: EngineEvent): void;
  /** The engine stands at a moment whose P&L rows are due. */
  pnl(): void;
  pnlEveryMs: number;
  /** Everything heard has been handled. */
  idle(): void;
  /** More than this between two events on a link means that the machine slept; absent where time may jump. */
  longestGapMs?: number;
  /** It did: the engine takes the link for lost, and so has the connection. */
  slept?(): void;
}

export class Runner {
  private queue: EngineEvent[] = [];
  private head = 0;
  private draining = false;
  private isLinked = false;
  /** The journal has everything up to now; rows follow it. */
  private isJournaled = true;
  private rows: FillRow[] = [];
  private stopped = false;
  private newest: number | null = null;
  private handledT: number | null = null;

  constructor(private readonly options: RunnerOptions) {}

  /** Time of the newest event, null before the first. */
  get t(): number | null {
    return this.newest;
  }

  /** Queues an event and handles all that wait, unless that is what called. `t` is set here. */
  post(event: EngineEvent): void {
    if (this.stopped) return;
    event.t = Math.max(this.newest ?? -Infinity, this.options.now());
    const slept =
      this.isLinked && this.newest !== null && event.t - this.newest > (this.options.longestGapMs ?? Infinity);
    // The link ends where the gap begins: the time in it is no time to decide anything in.
    if (slept) this.queue.push({ t: this.newest!, type: 'link', up: false });
    if (slept) this.isLinked = false;
    if (event.type === 'link') this.isLinked = event.up;
    this.newest = event.t;
    this.queue.push(event);
    if (!this.draining) this.drain();
    if (slept) this.options.slept?.();
  }

  stop(): void {
    this.stopped = true;
    this.queue = [];
    this.head = 0;
  }

  private drain(): void {
    this.draining = true;
    try {
      while (this.head < this.queue.length) {
        const event = this.queue[this.head++];
        if (event === undefined) break;
        this.options.record(event);
        this.writePnl(event.t);
        this.run(this.options.engine.handle(event));
        this.handledT = event.t;
        if (event.type === 'journalState') {
          this.isJournaled = event.ok;
          if (event.ok) this.writeRows();
        }
        this.options.handled(event);
      }
      this.queue = [];
      this.head = 0;
    } finally {
      this.draining = false;
    }
    if (!this.stopped) this.options.idle();
  }

  /** Each as of its own second and before the event itself, as a replay does it. */
  private writePnl(t: number): void {
    const { engine, pnlEveryMs: step } = this.options;
    if (this.handledT === null) return;
    for (let due = Math.floor(this.handledT / step) * step + step; due <= t; due += step) {
      this.run(engine.advance(due));
      this.options.pnl();
    }
  }

  private run(effects: readonly Effect[]): void {
    let isJournaled = true;
    for (const effect of effects) {
      switch (effect.type) {
        case 'journal':
          // What could not be written before goes first, so the newest answer counts for all.
          isJournaled = this.options.journal(effect.entry);
          this.isJournaled = isJournaled;
          break;
        case 'place':
          this.place(effect.order, isJournaled);
          break;
        case 'cancel':
          this.options.cancel(effect.orderId);
          break;
        case 'row':
          this.rows.push(effect.row);
          break;
        case 'notice':
          this.options.notice(effect.notice);
          break;
        case 'reconcile':
          this.options.reconcile(effect.partial, effect.why);
          break;
        case 'symbols':
          this.options.symbols(effect);
          break;
      }
    }
    if (this.isJournaled) this.writeRows();
  }

  /** A row that the journal does not know would be written once more by the session after a crash. */
  private writeRows(): void {
    for (const row of this.rows.splice(0)) this.options.row(row);
  }

  /**
   * A buy whose intent is not journaled is not sent. An exit is: money that is at risk comes first, and its key travels in
   * orderRef, so that reconciliation knows it again.
   */
  private place(order: OrderIntent, isJournaled: boolean): void {
    if (!isJournaled && order.side === 'BUY') return this.notSent(order, 'the journal cannot be written');
    try {
      this.options.place(order);
    } catch (error) {
      this.notSent(order, error instanceof Error ? error.message : String(error));
    }
  }

  private notSent(order: OrderIntent, why: string): void {
    this.post({
      t: 0,
      type: 'order',
      orderId: order.orderId,
      status: 'rejected',
      filled: 0,
      remaining: order.qty,
      text: `not sent: ${why}`,
    });
  }
}
