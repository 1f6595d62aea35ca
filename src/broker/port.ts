/**
 * What a session needs from any broker, in the engine's own words: no code of this room's users knows a broker's
 * numbers. A port delivers events in the order in which it heard them, synchronously within one received frame.
 */
import type { EngineEvent, OpenOrder, ExecEvent, ReportedPosition, OrderIntent } from '../engine/events';

/** Errors that a person can do something about; the words are made in reports/noticeText. */
export type BrokerProblem =
  | { code: 'nothingListens'; host: string; port: number }
  | { code: 'hostUnknown'; host: string; fallback: string }
  | { code: 'clientIdInUse'; host: string; port: number; clientId: number }
  | { code: 'notAGateway'; host: string; port: number; found: string }
  | { code: 'closedInHandshake'; host: string; port: number }
  | { code: 'noAnswer'; host: string; port: number; seconds: number }
  | { code: 'readOnly'; text: string }
  | { code: 'linkLost'; host: string; port: number; text: string }
  | { code: 'wrongAccount'; expected: string; found: string }
  | { code: 'severalAccounts'; accounts: readonly string[] }
  | { code: 'iocNotHonoured'; orderId: number; text: string }
  | { code: 'competingSession'; text: string }
  /** This machine's clock minus the gateway's, in whole seconds, when they are over 2 s apart. */
  | { code: 'clockApart'; seconds: number }
  | { code: 'brokerSays'; brokerCode: number; text: string; orderId?: number; symbol?: string };

/** `system`: IB, time is this machine's. `gateway`: the simulator, time is what its reqCurrentTime says, in lockstep. */
export type ClockSource = 'system' | 'gateway';

export interface BrokerConfig {
  host: string;
  port: number;
  clientId: number;
  clock: ClockSource;
  /** Trade this account when the gateway offers several. */
  account?: string;
  /** Up to this many symbols get the broker's live minute bars; further ones are built from ticks (§2). */
  liveBarSymbols: number;
  connectTimeoutMs: number;
}

export interface Connected {
  /** All accounts offered; the session trades `account`. */
  accounts: readonly string[];
  account: string;
  mode: 'SIM' | 'PAPER' | 'LIVE';
  nextOrderId: number;
  serverVersion: number;
  /** ms UTC at the broker, when it told at connect. */
  time: number;
}

export type PortEvent =
  /** Market data, order states, executions, positions and the like, ready for the engine's queue (t = clock on arrival). */
  | { type: 'engine'; event: EngineEvent }
  /** The clock moved (gateway clock), or a second passed (system clock). */
  | { type: 'time'; t: number }
  | { type: 'lost'; problem: BrokerProblem }
  /**
   * The link between gateway and IB is back (a `farm` event said so to the engine too): reconcile. The port renews its own
   * subscriptions when data was lost, so nobody has to subscribe again.
   */
  | { type: 'restored'; dataLost: boolean }
  | { type: 'problem'; problem: BrokerProblem }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; text: string };

export interface BrokerSnapshot {
  positions: ReportedPosition[];
  orders: OpenOrder[];
  executions: Omit<ExecEvent, 't' | 'type'>[];
}

/** A port is used for one connection only: after `lost` or `disconnect` make a new one. */
export interface BrokerPort {
  /** Resolves when the gateway is ready (next order id and accounts heard); rejects with a BrokerFailure. */
  connect(): Promise<Connected>;
  /** Idempotent; nothing is delivered afterwards. */
  disconnect(): void;
  /** ms UTC on the broker's clock. */
  now(): number;
  /** Contract, market rule, market data and bars of a symbol; answers arrive as events (contract, download, bar, tick). */
  subscribe(symbol: string): void;
  unsubscribe(symbol: string): void;
  /**
   * Sent within this call, or thrown, and then it was not sent: never queued for another connection. Only when over 45
   * messages went out within a second does an order wait, on this connection, for 2 s at most; what still waits then, or
   * at the end of the connection, is dropped, and the former is reported as `rejected`.
   */
  placeOrder(order: OrderIntent): void;
  cancelOrder(orderId: number): void;
  /**
   * Positions, open orders of all clients, executions since midnight. Rejects on time-out. A fault of the link or a farm that
   * stands is told once more, as a `farm` event within the call.
   */
  snapshot(): Promise<BrokerSnapshot>;
  /** Net liquidation and buying power, as decimal text; absent when the account does not tell. */
  accountValues(): Promise<{ netLiquidation?: string; buyingPower?: string }>;
  /** Gateway clock only: the session has handled everything heard; the next simulated second may come. */
  ready(): void;
}

/** Thrown (rejected) by `connect` and `snapshot`. */
export class BrokerFailure extends Error {
  constructor(readonly problem: BrokerProblem) {
    super(problem.code);
    this.name = 'BrokerFailure';
  }
}

/** What a report needs of a broker: the price grid and finished days of a symbol. No account, no live data, no orders. */
export interface HistoryPort {
  /** Resolves with the gateway's time (ms UTC) and the accounts offered; rejects with a BrokerFailure. */
  connect(): Promise<{ time: number; accounts: readonly string[] }>;
  /** Idempotent. What is still open is answered as `ended`. */
  disconnect(): void;
  contract(symbol: string): Promise<ContractAnswer>;
  /** The minute bars of the regular hours [open, close) of a finished day. Waits its turn by the broker's pacing. */
  minutes(symbol: string, hours: readonly [number, number]): Promise<MinutesAnswer>;
}

export type ContractAnswer =
  /** Neither when the gateway did not tell in time: the default bands count then. */
  | { ok: true; ticks?: readonly (readonly [number, number])[]; minTick?: number }
  | { ok: false; reason: 'unknown' | 'ended'; text: string };

export type MinutesAnswer =
  | { ok: true; bars: readonly { start: number; close: number }[] }
  | { ok: false; reason: 'failed' | 'ended'; text: string };

export type HistoryPortEvent =
  | { type: 'lost'; problem: BrokerProblem }
  | { type: 'problem'; problem: BrokerProblem }
  /** Nothing goes out for so long: the broker's pacing. */
  | { type: 'waiting'; ms: number }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; text: string };

export interface HistoryPortConfig {
  host: string;
  port: number;
  clientId: number;
  connectTimeoutMs: number;
}
