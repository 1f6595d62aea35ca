/**
 * Runs the way from a price to an order on a made-up symbol, with the session's own parts from the frame to the journal's bytes:
 * some hundreds of times before a session begins, so that all of it is compiled code when it counts, and now and then while
 * orders may come, so that the processor has it at hand. A real order may be the first in an hour, and code that has not run for
 * long takes several times as long. Nothing of it is kept or sent.
 */
import { rehearsedBroker, type RehearsedBroker } from '../broker/ib/rehearsal';
import { Engine } from '../engine/engine';
import type { EngineEvent, OrderIntent } from '../engine/events';
import { DEFAULT_SETTINGS, type Settings } from '../strategy/settings';
import { startTargets } from '../targets/resolve';
import { Journal, type JournalOptions } from './journal';
import { Runner } from './runner';

const SYMBOL = 'AAA';
const ORDERS = 400;
/** So many orders are made with one set of books. */
const STAGE_ORDERS = 500;
const BASE = { equity: 1_000_000, risky: 1, safe: 0 };
const OPEN = Date.UTC(2026, 0, 5, 14, 30);
const DAY_MS = 86_400_000;
const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  'volatility.minimum': 2,
  'protection.hardStopPercent': 2.5,
  'layers.buyCooldownSeconds': 0,
  'protection.restSeconds': 0,
  'protection.exitsPerDay': 1_000_000,
  'limits.dayLossPercent': 100,
  'limits.orderUsd': 1_000_000,
  'limits.orderShares': 100_000,
  'limits.buysPerMinute': 1000,
  'limits.symbolBuysPerMinute': 1000,
};

/**
 * One after the other: a price that touches the next rung, its order, the fill; after the seventh the hard stop, which sells all.
 */
export class Rehearsal {
  private stage = new Stage();
  private before = { orders: 0, exits: 0, frames: 0 };

  /** Steps until so many more orders have come about. Says how many did so far. */
  play(orders = ORDERS): { orders: number; exits: number; frames: number } {
    const wanted = this.done.orders + orders;
    for (let n = 0; this.done.orders < wanted && n < 4 * orders; n++) this.step();
    return this.done;
  }

  /** The way from a price to an order, once. */
  step(): void {
    // What it has in its books grows; a day would make it slow.
    if (this.stage.orders >= STAGE_ORDERS) {
      this.before = this.done;
      this.stage = new Stage();
    }
    this.stage.step();
  }

  private get done(): { orders: number; exits: number; frames: number } {
    const { stage, before } = this;
    return {
      orders: before.orders + stage.orders,
      exits: before.exits + stage.exits,
      frames: before.frames + stage.broker.sent,
    };
  }
}

class Stage {
  orders = 0;
  exits = 0;
  readonly broker: RehearsedBroker;
  private readonly runner: Runner;
  private readonly sent: OrderIntent[] = [];
  private now = OPEN;
  private round = 0;
  private executions = 0;

  constructor() {
    const targets = startTargets(`${SYMBOL} buy=0.1 sell=5`, BASE);
    if (!targets.ok) throw new Error('The rehearsal has no targets');
    const engine = new Engine({
      settings: SETTINGS,
      targets: targets.value,
      base: BASE,
      sessionId: 'rehearsal',
      durable: null,
      assumeReady: { linked: true },
    });
    const nothing = (): void => undefined;
    const journal = new Journal(
      { folder: '', broker: '', account: '', carry: () => engine.durable(), fillsBefore: () => 0, onState: nothing, disk: NO_DISK }, // prettier-ignore
      { date: null, goodBytes: 0 },
    );
    this.runner = new Runner({
      engine,
      now: () => this.now,
      record: event => JSON.stringify(event),
      journal: entry => journal.append(entry),
      place: order => this.place(order),
      cancel: nothing,
      row: nothing,
      notice: nothing,
      reconcile: nothing,
      symbols: nothing,
      handled: nothing,
      pnl: nothing,
      pnlEveryMs: DAY_MS,
      idle: nothing,
    });
    this.broker = rehearsedBroker(
      SYMBOL,
      () => this.now,
      event => this.post(event),
    );
    this.post({ t: 0, type: 'contract', symbol: SYMBOL, hours: [[OPEN - DAY_MS / 4, OPEN + 1000 * DAY_MS]] });
    for (let minute = 10; minute > 0; minute--)
      this.post({ t: 0, type: 'bar', symbol: SYMBOL, start: OPEN - minute * 60_000, ...BAR });
  }

  step(): void {
    const { broker } = this;
    const place = this.round++ % 8;
    const isStop = place === 7;
    this.now += 1000;
    // Ever more in a second, so that z is above 0.
    broker.volume(1000 * this.round * (this.round + 1));
    for (const field of SIDES) if (place === 0 || field === 'last') broker.price(field, USUAL[field]);
    this.now += 1000;
    for (const field of SIDES) if (isStop || field === 'last') broker.price(field, isStop ? CRASH[field] : DIP);
    this.answer();
  }

  private post(event: EngineEvent): void {
    this.runner.post(event);
  }

  private place(order: OrderIntent): void {
    this.broker.place(order);
    this.orders++;
    if (order.side === 'SELL') this.exits++;
    this.sent.push(order);
  }

  private answer(): void {
    for (const { orderId, key, symbol, side, qty, limit } of this.sent.splice(0)) {
      const execId = `r.${++this.executions}.01.01`;
      this.post({ t: 0, type: 'order', orderId, status: 'filled', filled: qty, remaining: 0 });
      this.post({ t: 0, type: 'exec', execId, orderId, key, symbol, side, qty, price: limit });
      this.post({ t: 0, type: 'commission', execId, amount: '1', currency: 'USD' });
    }
  }
}

/** Takes everything and keeps nothing. */
const NO_DISK = {
  openSync: () => -1,
  mkdirSync: () => undefined,
  ftruncateSync: () => undefined,
  closeSync: () => undefined,
  fdatasync: (_: number, done: (error: null) => void) => done(null),
  writeSync: (_: number, bytes: Buffer) => bytes.length,
} as unknown as NonNullable<JournalOptions['disk']>;

const SIDES = ['bid', 'ask', 'last'] as const;
const USUAL = { bid: 99.95, ask: 100.05, last: 100 };
const DIP = 99;
const CRASH = { bid: 95.95, ask: 96.05, last: 96 };
const BAR = { open: 100, high: 100, low: 100, close: 100, volume: 500 };
