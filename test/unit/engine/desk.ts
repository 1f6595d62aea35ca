/**
 * An engine at 09:30 of a quiet Wednesday with a reference of 100, ready to trade, and short words for what it hears and
 * asks for. z is set by hand, so that a test shows one rule at a time. Nothing here asserts anything.
 *
 * The rungs of `A` (0.60/0.60, clip 1000) with z a hair off 0: buys 98.87 98.44 97.84 97.00 96.77 96.52 96.25, sells
 * 101.13 101.56 102.16 103.00 103.23 103.48 103.75.
 */
import type { Core } from '../../../src/engine/core';
import type { DurableState } from '../../../src/engine/durable';
import { Engine } from '../../../src/engine/engine';
import type {
  ControlAction,
  Effect,
  EngineEvent,
  Notice,
  OrderIntent,
  OrderStatus,
  TickEvent,
} from '../../../src/engine/events';
import type { SymbolBook } from '../../../src/strategy/book';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/strategy/settings';
import { startTargets } from '../../../src/targets/resolve';

export const TARGETS = 'A clip=1000 buy=0.60 sell=0.60';
export const BASE = { equity: 150_000, risky: 0.6, safe: 0.4 };
/** z that moves no rung by a cent, but says a direction. */
export const UP = 1e-9;
export const DOWN = -1e-9;

const MIDNIGHT = Date.parse('2026-11-18T05:00:00Z');

/** `09:30`, `09:30:01.5` or, on a later day, `+1 09:30`. */
export function at(time: string): number {
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = /^(?:\+(\d+) )?(\d+):(\d+)(?::([\d.]+))?$/.exec(
    time,
  )!;
  return (
    MIDNIGHT + Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000)
  );
}

type Untimed = EngineEvent extends infer E ? (E extends { t: number } ? Omit<E, 't'> : never) : never;

export interface DeskOptions {
  targets?: string;
  settings?: Partial<Settings>;
  durable?: DurableState | null;
  needsAccountValues?: boolean;
  /** Nothing is connected yet. */
  bare?: boolean;
  /** Positions at the broker when the session begins. */
  positions?: Record<string, number>;
  /** The session begins at this time, 09:25 unless told. */
  begin?: string;
  sessionId?: string;
}

export class Desk {
  readonly engine: Engine;
  readonly effects: Effect[] = [];
  t: number;
  private seen = 0;
  private execs = 0;

  constructor(private readonly options: DeskOptions = {}) {
    const start = startTargets(options.targets ?? TARGETS, BASE);
    if (!start.ok) throw new Error('the targets of a test must be valid');
    this.engine = new Engine({
      settings: { ...DEFAULT_SETTINGS, ...options.settings },
      targets: start.value,
      base: BASE,
      sessionId: options.sessionId ?? 's',
      durable: options.durable ?? null,
      needsAccountValues: options.needsAccountValues ?? false,
    });
    this.t = at(options.begin ?? '09:25');
    if (options.bare) return;
    this.connect();
    if (options.begin === undefined) this.open();
  }

  get core(): Core {
    // Tests look at the books directly: what a surface shows of them is tested where it is made.
    return (this.engine as unknown as { core: Core }).core;
  }

  book(symbol = 'A'): SymbolBook {
    return this.core.books.get(symbol)!;
  }

  // What it hears

  hear(event: Untimed): this {
    this.effects.push(...this.engine.handle({ t: this.t, ...event }));
    return this;
  }

  /** Link, reconciliation, data types and downloads of every symbol. */
  connect(positions = this.options.positions ?? {}): this {
    this.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
    this.reconcile(positions);
    for (const symbol of this.core.books.keys()) this.makeReady(symbol);
    return this;
  }

  makeReady(symbol: string): this {
    this.hear({ type: 'dataType', symbol, value: 1 });
    return this.hear({ type: 'download', symbol, state: 'finished' });
  }

  reconcile(
    positions: Record<string, number> = {},
    more: Partial<Extract<EngineEvent, { type: 'reconcile' }>> = {},
  ): this {
    const list = Object.entries(positions).map(([symbol, shares]) => ({ symbol, shares, averageCost: 90 }));
    return this.hear({ type: 'reconcile', account: 'SIM1', positions: list, orders: [], executions: [], ...more });
  }

  /** Bars that make 100 the reference, and the first regular last. */
  open(): this {
    for (const symbol of this.core.books.keys()) {
      this.hear({ type: 'bar', symbol, start: at('09:00'), open: 100, high: 100, low: 100, close: 100, volume: 1 });
    }
    this.until('09:30');
    for (const symbol of this.core.books.keys()) this.quote(100, symbol);
    return this;
  }

  tick(fields: Omit<TickEvent, 't' | 'type' | 'symbol'>, symbol = 'A'): this {
    return this.hear({ type: 'tick', symbol, ...fields });
  }

  /** A last in a locked quote: bid, ask and last are one number, which keeps limit prices easy to read. */
  quote(price: number, symbol = 'A'): this {
    return this.tick({ bid: price, ask: price, last: price }, symbol);
  }

  z(value: number, symbol = 'A'): this {
    this.book(symbol).volatility.z = value;
    return this;
  }

  until(time: string | number): this {
    const t = typeof time === 'string' ? at(time) : time;
    this.effects.push(...this.engine.advance(t));
    this.t = t;
    return this;
  }

  /** Seconds pass, each with a tick that changes nothing, so that nobody is quiet. */
  wait(seconds: number): this {
    for (let n = 0; n < seconds; n++) {
      this.until(this.t + 1000);
      for (const symbol of this.core.books.keys()) this.tick({ lastSize: 1 }, symbol);
    }
    return this;
  }

  control(action: ControlAction, symbol?: string): this {
    return this.hear({ type: 'control', action, ...(symbol === undefined ? {} : { symbol }) });
  }

  // What the broker answers

  get newest(): OrderIntent {
    const placed = this.effects.filter(effect => effect.type === 'place');
    return placed[placed.length - 1]!.order;
  }

  exec(
    qty: number,
    price: number | string = this.newest.limit,
    execId = `e${++this.execs}.01`,
    order = this.newest,
  ): this {
    const { orderId, key, symbol, side } = order;
    return this.hear({ type: 'exec', execId, orderId, key, symbol, side, qty, price: String(price) });
  }

  status(status: OrderStatus, filled = 0, order = this.newest): this {
    return this.hear({ type: 'order', orderId: order.orderId, status, filled, remaining: order.qty - filled });
  }

  position(shares: number, symbol = 'A'): this {
    return this.hear({ type: 'position', symbol, shares, averageCost: 90 });
  }

  /** The newest order fills: whole, or some shares and the rest is cancelled. The position stream follows. */
  fill(qty = this.newest.qty, price: number | string = this.newest.limit, order = this.newest): this {
    if (qty > 0) {
      this.exec(qty, price, undefined, order);
      this.position(this.book(order.symbol).reported + (order.side === 'BUY' ? qty : -qty), order.symbol);
    }
    return this.status(qty === order.qty ? 'filled' : 'cancelled', qty, order);
  }

  /** Buys the next rungs at their prices, one after the other, and comes back to 100. */
  buyRungs(...prices: number[]): this {
    for (const price of prices) this.z(UP).wait(3).quote(price).fill(undefined, price);
    return this.z(0).quote(100).wait(1);
  }

  // What it asked for

  private placed(): OrderIntent[] {
    const placed = this.effects.slice(this.seen).flatMap(effect => (effect.type === 'place' ? [effect.order] : []));
    this.seen = this.effects.length;
    return placed;
  }

  /** Orders since the last question: `ladder_buy BUY 11 at 98.87 L1`. */
  orders(): string {
    return this.placed()
      .map(o => `${o.tag} ${o.side} ${o.qty} at ${o.limit} L${o.rung}`)
      .join(', ');
  }

  /** Tags of the orders since the last question. */
  tags(): string {
    return this.placed()
      .map(order => order.tag)
      .join(', ');
  }

  notices(code: string): Notice[] {
    return this.effects.flatMap(effect =>
      effect.type === 'notice' && effect.notice.code === code ? [effect.notice] : [],
    );
  }

  cancels(): string {
    return this.effects
      .flatMap(effect => (effect.type === 'cancel' ? [`${effect.orderId} ${effect.why}`] : []))
      .join(', ');
  }

  /** What the broker was asked for; the question of each minute apart. */
  asked(): string {
    return this.questions()
      .filter(why => why !== 'minute')
      .join(', ');
  }

  questions(): string[] {
    return this.effects.flatMap(effect => (effect.type === 'reconcile' ? [effect.why] : []));
  }

  rows(): string[] {
    return this.effects.flatMap(({ ...effect }) =>
      effect.type === 'row'
        ? [
            `${effect.row.row} ${effect.row.side} ${effect.row.qty} at ${effect.row.price} ${effect.row.tag} ${effect.row.realized}`,
          ]
        : [],
    );
  }

  journal(): string[] {
    return this.effects.flatMap(effect => (effect.type === 'journal' ? [effect.entry.why] : []));
  }

  layers(symbol = 'A'): string {
    return this.book(symbol)
      .position.layers.map(layer => `L${layer.rung}:${layer.held}`)
      .join(' ');
  }

  /** The same durable state in a later session. */
  restart(options: DeskOptions = {}): Desk {
    const durable = JSON.parse(JSON.stringify(this.engine.durable())) as DurableState;
    return new Desk({ ...this.options, sessionId: 's2', ...options, durable, bare: true });
  }

  /** The first condition in the way of a buy, as journaled. */
  blocked(): string {
    const entries = this.effects.flatMap(effect =>
      effect.type === 'journal' && effect.entry.why === 'buyBlocked' ? [effect.entry.decision!['gate']] : [],
    );
    return String(entries[entries.length - 1] ?? '');
  }
}
