/**
 * What crosses between threads and surfaces: snapshots of the session for tree, hovers, status bar and dashboard, and the
 * messages between host thread, session thread and webview. Types only, plain JSON; nothing here decides or formats.
 */
import type { ControlAction, FillRow, Notice, Side, Tag } from '../engine/events';
import type { BrokerProblem } from '../broker/port';

export type Mode = 'SIM' | 'PAPER' | 'LIVE';

/** Where a session is on its way; `trading` is the only phase in which orders go out. */
export type Phase = 'starting' | 'connecting' | 'reconciling' | 'bars' | 'trading' | 'linkLost' | 'stopping' | 'ended';

export type SymbolState =
  | 'waiting' // no regular last of the day yet, or no reference
  | 'flat'
  | 'holding'
  | 'entryReady' // a ladder buy would go now
  | 'trimReady' // a ladder sell or trim would go now
  | 'exiting' // a protective exit or flatten is on
  | 'quiet'
  | 'halted'
  | 'buysPaused'
  | 'windDown'
  | 'failed'; // the broker refuses the symbol; not traded

export interface RungView {
  /** 1 to 7. */
  rung: number;
  price: number;
  /** Percent from the reference, always positive, unrounded. */
  percent: number;
}

export interface BuyRungView extends RungView {
  /** Planned shares (bought shares for a held rung). */
  shares: number;
  usd: number;
  /** Sum of usd of this and the rungs above. */
  total: number;
  state: 'held' | 'next' | 'touched' | 'untouched';
  /** Shares of this rung still held. */
  held: number;
  /** Average price of the buys of a held rung, and when the last of them filled. */
  boughtPrice?: number;
  boughtAt?: number;
  /** Percent from last to the rung; negative = last must fall. Null without a last. */
  toLast: number | null;
}

export interface SellRungView extends RungView {
  /** Layers that would be sold when last gets here: `224 of L2`; empty when none. */
  sells: { rung: number; shares: number }[];
  state: 'hit' | 'next' | 'untouched';
  toLast: number | null;
}

/** One condition with both numbers. `asked` false: asked only once the rung is touched. */
export interface ConditionView {
  id: string;
  /** `spread 212 bp, at most 180 bp` */
  text: string;
  met: boolean;
  asked: boolean;
  /** The two numbers of the text; null where a condition has none or was not asked. */
  left?: number | null;
  right?: number | null;
}

/** Why the next order of a kind does or does not go now: the evaluation that trades, in words. */
export interface WhyNot {
  kind: 'buy' | 'sell' | 'trim' | 'hardStop' | 'trail';
  /** `Buy L3`, `Sell L2 at U2`, `Hard stop`. */
  title: string;
  rung: number;
  shares: number;
  ready: boolean;
  conditions: ConditionView[];
}

export interface PauseView {
  by: 'you' | 'rejects' | 'difference' | 'unexplained' | 'short';
  /** The broker's words for the newest rejection; null: none, or none in this session. */
  lastReject: { code: number | null; text: string } | null;
  /** Shares at the broker, and how many of them are the bot's or left alone. */
  reported: number | null;
  explained: number;
}

/** A row of the summary: numbers only, one object a symbol. */
export interface SymbolSummary {
  symbol: string;
  class: 'risky' | 'safe';
  state: SymbolState;
  /** 0-based line in targets.txt; -1 when it is not listed. */
  line: number;
  decimals: number;
  last: number | null;
  bid: number | null;
  ask: number | null;
  spreadBp: number | null;
  reference: number | null;
  referenceSource: string;
  z: number;
  /** Milliseconds since the last tick; null before the first. */
  ageMs: number | null;
  layers: number;
  touched: number;
  hit: number;
  position: number;
  averageCost: number | null;
  openPnl: number;
  realizedToday: number;
  clip: number | null;
  nextBuy: { rung: number; price: number; shares: number } | null;
  nextSell: { rung: number; price: number; shares: number; layers: number[] } | null;
  hardStop: number | null;
  trailMark: number | null;
  trailStop: number | null;
  exit: Tag | null;
  trimDone: boolean;
  buyPercent: number;
  sellPercent: number;
  override: { buy: number | null; sell: number | null } | null;
  /** Since when each side's override is in force, ms UTC. */
  overrideSince: { buy: number | null; sell: number | null };
  /** What its line says, apart from any override. */
  lineBuy: number;
  lineSell: number;
  isClipFixed: boolean;
  /** Buys of the symbol are paused, by a person or by a rule: `reason` says which. */
  isPaused: boolean;
  /** L1 is not below U1, or two rungs of a side share a price. */
  isOverlap: boolean;
  previousClose: number | null;
  /** 1 is live; null before the broker has told. */
  dataType: number | null;
  /** The minute bars of this connection are complete, or there are none to be had. */
  hasBars: boolean;
  velocity: 'none' | 'primed' | 'active';
  velocityBp: number;
  /** Short reason for states buysPaused, failed, halted; empty otherwise. */
  reason: string;
  /** What pauses its buys; null or absent: nothing does, or a file of an earlier version does not say. */
  pause?: PauseView | null;
}

/** Shares that wait for a person's word, and what making them the bot's would order at once. */
export interface AdoptionView {
  shares: number;
  /** Protection counts from the last, or from the broker's cost; null while that price is not known. */
  atLast: { price: number; order: { tag: Tag; side: Side; qty: number; limit: string } | null } | null;
  atBrokerCost: AdoptionView['atLast'];
}

export interface SymbolDetail extends SymbolSummary {
  buys: BuyRungView[];
  sells: SellRungView[];
  fullLadderUsd: number;
  /** The most the symbol may cost. */
  ladderLimitUsd: number;
  tickerBudgetUsd: number;
  baseClipUsd: number;
  /** Prints outside the quote that were set aside today. */
  badPrints: number;
  /** From here on the breakeven trim sells; null while nothing is held. */
  trimPrice: number | null;
  whyNot: WhyNot[];
  /** Absent or null: nothing waits. */
  adoption?: AdoptionView | null;
  /** Rows of the day's file; `rung` where the row counts, not where it was corrected. */
  fills: (FillRow & { rung?: number })[];
}

/** The minute bars of the day and the reference as it was at the start of each. */
export interface SymbolChart {
  symbol: string;
  decimals: number;
  /** ms UTC. */
  starts: number[];
  opens: number[];
  highs: number[];
  lows: number[];
  closes: number[];
  references: (number | null)[];
  /** 09:30 of the day, ms UTC. */
  regularFrom: number;
}

/** Closes since 09:30, at most 80 of them, and the reference. */
export interface SymbolSpark {
  closes: number[];
  reference: number | null;
}

/** The ladder that a base percent would give, computed by the function that trades. */
export interface LadderPreview {
  symbol: string;
  side: 'buy' | 'sell';
  value: number;
  /** In force now. */
  before: number;
  decimals: number;
  rungs: { rung: number; before: number | null; after: number | null }[];
  /** Percent of the anchor at z 0. */
  anchor: { before: number; after: number };
  fullLadderUsd: { before: number; after: number };
  /** The order that would go at once and does not go now. */
  fires: { tag: Tag; rung: number; shares: number } | null;
}

/** Numbers in force that are on view all the time. */
export interface Constants {
  width: { risky: number; safe: number };
  clipFactor: { risky: number; safe: number };
  spreadBp: { risky: number; safe: number };
  hardStopPercent: number;
  trailPercent: number;
  trailArmPercent: number;
  trimPercent: number;
  trimBp: number;
  utilization: number;
  shots: number;
  tickerFactor: number;
  clipPriceReference: number;
  cooldownSeconds: number;
  clip: { min: number; max: number };
  orderUsd: number;
  velocityBp: number;
  /** Absent in snapshot files of before it could be set: 10. */
  velocitySeconds?: number;
}

export interface SessionSnapshot {
  t: number;
  mode: Mode;
  /** `···4417`: the last four characters only. */
  accountTail: string;
  phase: Phase;
  /** `bars 5/9` and the like. */
  phaseText: string;
  endpoint: string;
  connectedSince: number | null;
  linkLostSince: number | null;
  session: 'preMarket' | 'regular' | 'afterHours' | 'closed';
  /** ms UTC of the next open or close; null when unknown. */
  nextChange: number | null;
  realizedToday: number;
  openPnl: number;
  commissionsToday: number;
  dayPnl: number;
  dayLossLimit: number;
  used: { all: number; risky: number; safe: number };
  allowed: { all: number; risky: number; safe: number };
  positions: number;
  entryReady: number;
  trimReady: number;
  velocityActive: number;
  velocityPrimed: number;
  paused: boolean;
  protectOnly: boolean;
  killed: boolean;
  lossLimitHit: boolean;
  /** Since when entries are paused and the kill switch is on, ms UTC; null while they are not. */
  pausedSince?: number | null;
  killedSince?: number | null;
  /** When the next connection is tried while the link is lost, ms UTC. */
  nextTryAt?: number | null;
  blind: boolean;
  journalOk: boolean;
  /** Rows that wait because fills_live.csv cannot be written. */
  rowsWaiting: number;
  /** Absent in files of earlier versions. */
  constants?: Constants;
  symbols: SymbolSummary[];
  notInForce: { line: number; symbol: string | null; text: string }[];
}

export interface SessionConfig {
  broker: 'simulator' | 'ib';
  host: string;
  port: number;
  clientId: number;
  account?: string;
  /** Absolute path of targets.txt; the session watches it. */
  targetsFile: string;
  /** Absolute folder that everything is written under; for the simulator the caller passes its `.dronebot/sim` folder or --out. */
  folder: string;
  /** Where `.dronebot/ACCOUNT/journal` goes; defaults to `folder`. */
  stateFolder?: string;
  settings: Record<string, unknown>;
  /** In force below @config (§1): setting, environment, default, as resolved by the caller. */
  budget: { equity: number; risky: number; safe: number };
  /** A person said yes to this live account. */
  liveConsent?: string;
  /** A person said yes to an equity above the live account's net liquidation. */
  keepEquity?: boolean;
  /** The user's own storage: the kill switch, and who runs. Absent: none is kept. */
  userFolder?: string;
  /** Another window's session is watched through its endpoint of this name; nothing is started. */
  watches?: string;
  /** Exits only, from the first moment. */
  protectOnly?: boolean;
  /** Positions wait for it: a first connection that fails is tried again as a lost one is. */
  keepTrying?: boolean;
  /** Stop when the gateway's simulated day ends, or at this time (ms UTC). */
  until?: number;
}

/** A saved targets.txt that raises the money at risk on a live account waits for a yes. */
export interface ChangeQuestion {
  id: number;
  /** The question as a sentence. */
  text: string;
  /** The whole difference, in lines. */
  difference: string;
}

export type OverrideOutcome = 'taken' | 'asked' | 'refused';

export type ToSession =
  | { type: 'start'; config: SessionConfig }
  | { type: 'control'; action: ControlAction; symbol?: string; fromBrokerCost?: boolean }
  /** With an id it is answered. */
  | { type: 'override'; symbol: string; buy?: number | null; sell?: number | null; id?: number }
  /** What the ladder would be with this base percent; changes nothing. */
  | { type: 'preview'; id: number; symbol: string; side: 'buy' | 'sell'; value: number }
  /** Which symbols a view shows in full and with a chart, whether it shows sparks, and how often snapshots are wanted. */
  | { type: 'watch'; details: string[]; intervalMs: number; charts?: string[]; sparks?: boolean }
  /** While the link is lost: tries to connect at once instead of waiting for the next try. */
  | { type: 'retry' }
  /** To the newest question; an older one is void. */
  | { type: 'answer'; id: number; yes: boolean }
  /**
   * `leaveStops`: a GTC stop a position stays at the broker. `suspended`: nobody asked for it, the window closes; the next
   * one finds a session that has not ended.
   */
  | { type: 'stop'; leaveStops?: boolean; suspended?: boolean };

export type FromSession =
  | { type: 'snapshot'; snapshot: SessionSnapshot; details: SymbolDetail[] }
  | { type: 'notice'; notice: Notice }
  | { type: 'problem'; problem: BrokerProblem }
  | { type: 'fill'; row: FillRow }
  /** Null: the question before has become void, or (`isAnswered`) a person has said yes to it. */
  | { type: 'question'; question: ChangeQuestion | null; isAnswered?: true }
  /** `taken`: written and on its way into the engine. `asked`: a person is asked first. `refused`: with the reason. */
  | { type: 'overrideAnswer'; id: number; outcome: OverrideOutcome; text: string }
  /** Null: no such symbol, no reference yet, or a value out of range. */
  | { type: 'preview'; id: number; preview: LadderPreview | null }
  | { type: 'chart'; chart: SymbolChart }
  | { type: 'sparks'; sparks: Record<string, SymbolSpark> }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; text: string }
  /** The start asks before it goes on (live account, equity over net liquidation, files of another account). */
  | { type: 'refused'; code: string; text: string; data: Record<string, string | number> }
  /** `crash`: an error nobody expected; the host starts a new session, which recovers. */
  | { type: 'ended'; why: 'stopped' | 'dayOver' | 'failed'; text: string; crash?: boolean };
