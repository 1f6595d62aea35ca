/**
 * Runs the way from a price to an order some hundreds of times before a session begins, on a made-up symbol, with the session's
 * own parts from the frame to the journal's bytes, so that all of it is compiled code when it counts: a real order may be the
 * first in an hour, and code that has run a few times only takes several times as long. Nothing of it is kept or sent.
 */
import { rehearsedBroker } from '../broker/ib/rehearsal';
import { Engine } from '../engine/engine';
import type { EngineEvent, OrderIntent } from '../engine/events';
import { DEFAULT_SETTINGS, type Settings } from '../strategy/settings';
import { startTargets } from '../targets/resolve';
import { Journal, type JournalOptions } from './journal';
import { Runner } from './runner';

const SYMBOL = 'AAA';
const ORDERS = 400;
const BASE = { equity: 1_000_000, risky: 1, safe: 0 };
const OPEN = Date.UTC(2026, 0, 5, 14, 30);
const DAY_MS = 86_400_000;
const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  'volatility.minimum': 2,
  'protection.hardStopPercent': 2.5,
  'protection.restSeconds': 0,
  'protection.exitsPerDay': 1_000_000,
  'limits.dayLossPercent': 100,
  'limits.buysPerMinute': 1000,
  'limits.symbolBuysPerMinute': 1000,
};

/** Says what came about. */
export function rehearse(orders = ORDERS): { orders: number; exits: number; frames: number } {
  const targets = startTargets(`${SYMBOL} buy=0.1 sell=5`, BASE);
  if (!targets.ok) throw new Error('The rehearsal has no targets');
  let now = OPEN;
  let placed = 0;
  let exits = 0;
  let executions = 0;
  const sent: OrderIntent[] = [];
  const engine = new Engine({
    settings: SETTINGS,
    targets: targets.value,
    base: BASE,
    sessionId: 'rehearsal',
    durable: null,
    assumeReady: { linked: true },
  });
  const post = (event: EngineEvent): void => runner.post(event);
  const nothing = (): void => undefined;
  const journal = new Journal(
    { folder: '', broker: '', account: '', carry: () => engine.durable(), fillsBefore: () => 0, onState: nothing, disk: NO_DISK }, // prettier-ignore
    { date: null, goodBytes: 0 },
  );
  const runner: Runner = new Runner({
    engine,
    now: () => now,
    record: event => JSON.stringify(event),
    journal: entry => journal.append(entry),
    place: order => {
      broker.place(order);
      placed++;
      if (order.side === 'SELL') exits++;
      sent.push(order);
    },
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
  const broker = rehearsedBroker(SYMBOL, () => now, post);
  const answer = (): void => {
    for (const { orderId, key, symbol, side, qty, limit } of sent.splice(0)) {
      const execId = `r.${++executions}.01.01`;
      post({ t: 0, type: 'order', orderId, status: 'filled', filled: qty, remaining: 0 });
      post({ t: 0, type: 'exec', execId, orderId, key, symbol, side, qty, price: limit });
      post({ t: 0, type: 'commission', execId, amount: '1', currency: 'USD' });
    }
  };
  post({ t: 0, type: 'contract', symbol: SYMBOL, hours: [[OPEN - DAY_MS / 4, OPEN + 1000 * DAY_MS]] });
  for (let minute = 10; minute > 0; minute--) post({ t: 0, type: 'bar', symbol: SYMBOL, start: OPEN - minute * 60_000, ...BAR }); // prettier-ignore
  for (let round = 0; placed < orders && round < 4 * orders; round++) {
    // Seven rungs are bought one after the other, then all of it goes at the hard stop.
    const isStop = round % 8 === 7;
    now += 1000;
    broker.volume(1000 * round * (round + 2));
    for (const field of SIDES) broker.price(field, USUAL[field]);
    now += 3000;
    for (const field of SIDES) if (isStop || field === 'last') broker.price(field, isStop ? CRASH[field] : DIP);
    answer();
  }
  return { orders: placed, exits, frames: broker.sent };
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
