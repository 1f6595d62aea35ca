/**
 * The durable state of a session (§9) as plain JSON, and how it follows from the journal: an entry carries the changed parts
 * whole, so that folding is replacing and an entry read twice changes nothing; an intent, which is in a hurry, carries its
 * order, and what that changes follows from it. Quotes, bars and z are not in it.
 */
import { workingOrder } from './orderLife';
import type { PauseReason, WorkingOrder } from '../strategy/book';
import type { PositionState } from '../strategy/position';
import type { Target } from '../targets/resolve';
import type { FillRow, Side, Tag } from './events';

export const JOURNAL_VERSION = 1;

export interface DurableSymbol {
  /** The last known line: what a symbol that is no longer listed is wound down with. */
  target: Target;
  position: PositionState;
  mark: number | null;
  exit: Tag | null;
  restUntil: number | null;
  waitsForL1: boolean;
  exitsToday: number;
  rejects: number;
  waits: { tag: Tag; until: number; rejects: number }[];
  paused: PauseReason | null;
  /** Null or absent: none. */
  pausedBefore?: PauseReason | null;
  /** A person has paused the symbol's buys; absent: not so. */
  isPausedByPerson?: true;
  leftAlone: number;
  /** Null or absent: none. */
  writtenOff?: { shares: number; cost: string; t: number } | null;
  lastBuyAt: number | null;
  /** Exact decimal text, USD. */
  realizedToday: string;
  realizedTotal: string;
  overnightShares: number;
  overnightAverage: string;
  closingLast: number | null;
  inFlight: WorkingOrder | null;
}

export interface DurableSession {
  /** Exchange day (days since 1970-01-01) that the day's counters belong to; null before the first. */
  day: number | null;
  paused: boolean;
  protectOnly: boolean;
  killed: boolean;
  /** ms UTC; absent in journals of before. */
  pausedSince?: number | null;
  killedSince?: number | null;
  lossDay: number | null;
  /** The day's loss when it reached the limit, and that limit, USD; absent: not so, or in journals of before. */
  lossAt?: { usd: number; limit: number };
  lossForgiven: string;
  highestOrderId: number;
  /** Number of the newest order key. */
  sequence: number;
  /** Number of the newest order key that is forgotten; absent: none is. */
  forgotten?: number;
  /** Number of the newest row of fills_live.csv. */
  rows: number;
}

/** What an order was for: kept so that a late execution finds its rung. */
export interface OrderRecord {
  key: string;
  orderId: number;
  symbol: string;
  side: Side;
  tag: Tag;
  rung: number;
  planned: number;
  qty: number;
  limit: string;
  t: number;
  /** A stop that was left at the broker, and nobody has heard yet what became of it. */
  isLeft?: true;
}

/** An execution as booked. `base` is the id without the digits behind the last dot: corrections share it. */
export interface ExecRecord {
  base: string;
  execId: string;
  key: string;
  orderId: number;
  symbol: string;
  side: Side;
  tag: Tag;
  rung: number;
  qty: number;
  price: string;
  realized: string;
  row: number;
  t: number;
}

/** Commissions of one order on one day: reported, or estimated as long as a report is missing. */
export interface FeeRecord {
  key: string;
  symbol: string;
  shares: number;
  execs: string[];
  reported: Record<string, string>;
}

export interface DurableState {
  version: number;
  account: string;
  session: DurableSession;
  symbols: Record<string, DurableSymbol>;
  orders: Record<string, OrderRecord>;
  execs: Record<string, ExecRecord>;
  rows: FillRow[];
  fees: Record<string, FeeRecord>;
}

/** One line of the journal: what changed, whole, and why. */
export interface JournalEntry {
  t: number;
  why: string;
  symbols?: Record<string, DurableSymbol>;
  session?: DurableSession;
  order?: OrderRecord;
  /** About to be sent. Of its symbol, which the journal knows, and of the session it changes what `foldIntent` says. */
  intent?: OrderRecord;
  exec?: ExecRecord;
  rows?: FillRow[];
  fee?: FeeRecord;
  /** A decision's reason, for people: it changes no state. */
  decision?: Record<string, string | number | null>;
  /** The whole state: the first entry of a day's file. */
  full?: DurableState;
}

export function emptyDurable(account: string): DurableState {
  return {
    version: JOURNAL_VERSION,
    account,
    session: {
      day: null,
      paused: false,
      protectOnly: false,
      killed: false,
      pausedSince: null,
      killedSince: null,
      lossDay: null,
      lossForgiven: '0',
      highestOrderId: 0,
      sequence: 0,
      rows: 0,
    },
    symbols: {},
    orders: {},
    execs: {},
    rows: [],
    fees: {},
  };
}

/** The state after an entry. Changes `state` in place and returns it; a `full` entry replaces it. */
export function foldJournal(state: DurableState, entry: JournalEntry): DurableState {
  if (entry.full) return structuredCloneJson(entry.full);
  const isNewDay = entry.session !== undefined && entry.session.day !== state.session.day;
  if (entry.session) state.session = entry.session;
  if (entry.symbols) Object.assign(state.symbols, entry.symbols);
  if (isNewDay) {
    state.fees = {};
    prune(state, entry.t);
  }
  if (entry.order) state.orders[entry.order.key] = entry.order;
  if (entry.intent) foldIntent(state, entry.intent);
  if (entry.exec) state.execs[entry.exec.base] = entry.exec;
  if (entry.fee) state.fees[entry.fee.key] = entry.fee;
  for (const row of entry.rows ?? []) {
    if (row.row > (state.rows[state.rows.length - 1]?.row ?? 0)) state.rows.push(row);
  }
  return state;
}

/** What `placeOrder` changes: entries themselves stay as they were read. */
function foldIntent(state: DurableState, order: OrderRecord): void {
  const symbol = state.symbols[order.symbol];
  if (symbol === undefined) throw new Error(`The journal has an order of ${order.symbol} and nothing else of it`);
  state.orders[order.key] = order;
  state.session = { ...state.session, highestOrderId: order.orderId, sequence: sequenceOf(order.key) };
  const lastBuyAt = isLadderBuy(order) ? order.t : symbol.lastBuyAt;
  state.symbols[order.symbol] = { ...symbol, lastBuyAt, inFlight: workingOrder(order) };
}

/** Counts for the cooldown and among the buy orders of a minute (§8). */
export const isLadderBuy = ({ side, tag }: Pick<OrderRecord, 'side' | 'tag'>): boolean =>
  side === 'BUY' && tag === 'ladder_buy';

/** `dronebot:SESSION:N:TAG:RUNG` → N. */
export function sequenceOf(key: string): number {
  return Number(key.split(':')[2] ?? NaN);
}

/** The broker repeats executions of up to a week: what is older than this is asked about by nobody. */
export const KEEP_MS = 8 * 86_400_000;
/** Rows that fills_live.csv may still lack: it can be locked for long. */
const KEEP_ROWS_MS = 31 * 86_400_000;

/** A stop that was left at the broker, or an order nobody knows the end of, may fill whatever its age. */
export const isOldOrder = (order: OrderRecord, now: number, inFlight: boolean): boolean =>
  now - order.t > KEEP_MS && order.isLeft !== true && !inFlight;

/** What bought a layer that is held says so on every surface. */
export const isOldExec = (exec: ExecRecord, now: number, isRungHeld: boolean): boolean =>
  now - exec.t > KEEP_MS && !(exec.side === 'BUY' && isRungHeld);

export const isOldRow = (row: FillRow, now: number): boolean => now - row.t > KEEP_ROWS_MS;

/** Forgets orders, executions and rows that no broker repeats any more, as the engine does when a day begins. */
export function prune(state: DurableState, now: number): void {
  const { symbols } = state;
  const isHeld = ({ symbol, rung }: ExecRecord): boolean =>
    symbols[symbol]?.position.layers.some(layer => layer.rung === rung && layer.held > 0) === true;
  for (const [key, order] of Object.entries(state.orders))
    if (isOldOrder(order, now, symbols[order.symbol]?.inFlight?.key === key)) delete state.orders[key];
  for (const [base, exec] of Object.entries(state.execs))
    if (isOldExec(exec, now, isHeld(exec))) delete state.execs[base];
  state.rows = state.rows.filter(row => !isOldRow(row, now));
}

/** A symbol of an earlier day that is flat and owes nothing starts like a new one. */
export function isWorthKeeping(saved: DurableSymbol): boolean {
  return (
    saved.position.layers.length > 0 ||
    saved.inFlight !== null ||
    saved.restUntil !== null ||
    saved.paused !== null ||
    saved.isPausedByPerson === true ||
    saved.leftAlone !== 0 ||
    (saved.writtenOff ?? null) !== null ||
    saved.exitsToday > 0 ||
    saved.realizedTotal !== '0' ||
    saved.lastBuyAt !== null ||
    saved.exit !== null
  );
}

function structuredCloneJson(state: DurableState): DurableState {
  return JSON.parse(JSON.stringify(state)) as DurableState;
}
