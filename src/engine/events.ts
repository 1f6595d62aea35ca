/**
 * What the engine hears and what it asks for: facts and commands in, effects out, all plain JSON. A recorded tape holds
 * exactly these events (docs/strategy.md §12). Times `t` are milliseconds UTC of the broker's clock and never fall.
 */
import type { Side, Tag } from '../strategy/tag';
import type { Target } from '../targets/resolve';
import type { JournalEntry } from './durable';

export type { Side, Tag };

export interface TickEvent {
  t: number;
  type: 'tick';
  symbol: string;
  /** Prices in USD; absent = unchanged; null, 0 or below = no price on that side. */
  last?: number | null;
  bid?: number | null;
  ask?: number | null;
  bidSize?: number | null;
  askSize?: number | null;
  lastSize?: number | null;
  /** Cumulative day volume in shares. */
  volume?: number | null;
  open?: number | null;
  /** Previous close. */
  close?: number | null;
  high?: number | null;
  low?: number | null;
  /** 0 or -1: trading; 1 and 2: halted. */
  halted?: number | null;
}

export interface ExecEvent {
  t: number;
  type: 'exec';
  /** IB's `a.b.01.01`; a correction repeats all but the digits behind the last dot, which are higher. */
  execId: string;
  orderId: number;
  /** The order's key as it came back in orderRef; empty when it did not. */
  key: string;
  symbol: string;
  side: Side;
  /** Shares, whole, over 0 (0 in a correction that busts the execution). */
  qty: number;
  /** USD, as decimal text. */
  price: string;
  permId?: number;
  clientId?: number;
  /** When the exchange executed it, ms UTC, if the broker told. */
  executedAt?: number;
}

export type OrderStatus = 'pending' | 'working' | 'pendingCancel' | 'filled' | 'cancelled' | 'rejected' | 'inactive';

export interface OrderEvent {
  t: number;
  type: 'order';
  orderId: number;
  status: OrderStatus;
  /** Shares filled and left, as the broker counts them. */
  filled: number;
  remaining: number;
  permId?: number;
  /** The broker's code and words, for a rejection or cancellation. */
  code?: number;
  text?: string;
}

export interface OpenOrder {
  orderId: number;
  key: string;
  symbol: string;
  side: Side;
  qty: number;
  orderType: string;
  tif: string;
  clientId: number;
  permId: number;
  status: OrderStatus;
  /** Another client id sent it: it cannot be cancelled from here. */
  isForeign?: boolean;
}

export interface ReportedPosition {
  symbol: string;
  shares: number;
  averageCost: number;
}

/** Everything a reconciliation needs, asked in one go after each (re)connect (§8, §11). */
export interface ReconcileEvent {
  t: number;
  type: 'reconcile';
  account: string;
  positions: ReportedPosition[];
  orders: OpenOrder[];
  executions: Omit<ExecEvent, 't' | 'type'>[];
  /** Asked by the engine in between (an order without a final state, the minute), not after a connect. */
  partial?: boolean;
  /** When the question went out: what has happened since may be in one part of the answer and not in another. */
  askedAt?: number;
}

export type ControlAction =
  | 'pause' // no buys until resume
  | 'resume' // ends pause and protect; with a symbol: ends the pause after rejects or a difference
  | 'protect' // exits go on, no buys
  | 'flatten' // all, or one symbol
  | 'kill'
  | 'release' // ends kill
  | 'resetLoss' // a person allows buys again after the day's loss limit
  | 'leaveStops' // a GTC stop a position stays at the broker, and nothing else is sent: the session is about to stop
  | 'adopt' // shares the journal does not explain become the bot's
  | 'leaveAlone';

export interface ControlEvent {
  t: number;
  type: 'control';
  action: ControlAction;
  symbol?: string;
  /** With `adopt`: count protection from the broker's average cost instead of the last. */
  fromBrokerCost?: boolean;
}

export type EngineEvent =
  | TickEvent
  | ExecEvent
  | OrderEvent
  | ReconcileEvent
  | ControlEvent
  /** Time passed; the shell sends one at least every second. */
  | { t: number; type: 'time' }
  | {
      t: number;
      type: 'contract';
      symbol: string;
      /** Tick bands [from price, tick] from the market rule. */
      ticks?: readonly (readonly [number, number])[];
      minTick?: number;
      /** Regular hours [open, close) in ms UTC; an empty interval says the day is closed. */
      hours?: readonly (readonly [number, number])[];
      conId?: number;
      /** The broker refuses the symbol: not traded, the others are. */
      failed?: { code: number; text: string };
    }
  | {
      t: number;
      type: 'bar';
      symbol: string;
      start: number;
      open: number;
      high: number;
      low: number;
      close: number;
      volume: number;
    }
  /** `up` with the account and the broker's next order id; down = the socket is gone. */
  | { t: number; type: 'link'; up: boolean; account?: string; nextOrderId?: number }
  /**
   * A data farm, or the link between gateway and IB: while down the session is blind. `link`: it is the latter, and until it is
   * back and reconciled nothing is sent.
   */
  | { t: number; type: 'farm'; up: boolean; link?: boolean; code?: number; text?: string }
  | { t: number; type: 'dataType'; symbol: string; value: number; code?: number; text?: string }
  | { t: number; type: 'download'; symbol: string; state: 'started' | 'finished' | 'noData' | 'failed'; text?: string }
  | { t: number; type: 'account'; netLiquidation?: string; buyingPower?: string }
  | { t: number; type: 'position'; symbol: string; shares: number; averageCost: number }
  | { t: number; type: 'override'; symbol: string; buy?: number | null; sell?: number | null }
  | { t: number; type: 'targets'; text: string }
  | { t: number; type: 'commission'; execId: string; amount: string; currency: string }
  /** The journal can (not) be written: while not, nothing is bought (§9). */
  | { t: number; type: 'journalState'; ok: boolean; text?: string };

/** An order intent, complete: what is journaled, sent, and written to decisions.jsonl. */
export interface OrderIntent {
  t: number;
  /** Idempotency key; travels in orderRef: `dronebot:SESSION:N:TAG:RUNG`. */
  key: string;
  orderId: number;
  symbol: string;
  side: Side;
  /** Whole shares. */
  qty: number;
  /** USD on the tick grid, as decimal text. */
  limit: string;
  tag: Tag;
  rung: number;
  z: number;
  reference: number | null;
  last: number;
  /** A GTC stop that rests at the broker, `limit` being its trigger; absent: an IOC limit order. */
  isResting?: boolean;
}

/** A row of fills_live.csv (§9); `row` counts from 1 in the account's journal. */
export interface FillRow {
  row: number;
  t: number;
  symbol: string;
  side: Side;
  qty: number;
  price: string;
  tag: string;
  /** Exact decimal text; 0 for buys. */
  realized: string;
  execId: string;
}

export type NoticeLevel = 'info' | 'warning' | 'error' | 'alarm';

/** Something a person should know. The words are made in reports/noticeText. */
export interface Notice {
  t: number;
  level: NoticeLevel;
  code: string;
  symbol?: string;
  data: Readonly<Record<string, string | number | boolean | null>>;
}

export type Effect =
  | { type: 'journal'; entry: JournalEntry }
  | { type: 'place'; order: OrderIntent }
  | { type: 'cancel'; orderId: number; why: string }
  | { type: 'row'; row: FillRow }
  | { type: 'notice'; notice: Notice }
  /** Ask the broker for positions, open orders and executions, and feed them back as `reconcile`. */
  | { type: 'reconcile'; why: string; partial: boolean }
  /** The symbols in force changed: the shell subscribes and cancels market data. */
  | { type: 'symbols'; targets: readonly Target[]; windDown: readonly Target[] };
