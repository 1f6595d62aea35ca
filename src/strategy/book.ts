/**
 * What the strategy knows of one symbol and of the session, as plain fields that the engine changes in place. Rules read
 * these books; the small methods here keep values that belong together together (a last and the trailing mark, say).
 */
import type { Tag } from './tag';
import type { Target } from '../targets/resolve';
import { calendarHours, type Hours } from './calendar';
import { compare, compareScaled, money, percentFactor, threshold, type Money, type Threshold, ZERO } from './exact';
import { exchangeDay } from './exchangeTime';
import { Gates } from './gates';
import { Ladder } from './ladder';
import { Position, scaled } from './position';
import { BarBook, dayTimes, type Reference } from './reference';
import type { Settings } from './settings';
import { Ticks } from './ticks';
import { Volatility } from './volatility';

/** Numbers that follow from the settings alone, worked out once. */
export class Rules {
  readonly hardStop: Money;
  readonly trailArm: Money;
  readonly trail: Money;
  readonly trimThreshold: Money;
  readonly badPrintLow: Threshold;
  readonly badPrintHigh: Threshold;
  readonly beyondRungUp: Threshold;
  readonly beyondRungDown: Money;
  readonly largestOrder: Threshold;
  readonly quietMs: number;
  readonly buyCooldownMs: number;
  readonly restMs: number;

  constructor(readonly settings: Settings) {
    this.hardStop = percentFactor(-settings['protection.hardStopPercent']);
    this.trailArm = percentFactor(settings['protection.trailArmPercent']);
    this.trail = percentFactor(-settings['protection.trailPercent']);
    this.trimThreshold = percentFactor(0).plus(ZERO.plus(settings['layers.trimThresholdBp']).div(10_000));
    this.badPrintLow = threshold(percentFactor(-settings['protection.badPrintPercent']));
    this.badPrintHigh = threshold(percentFactor(settings['protection.badPrintPercent']));
    this.beyondRungUp = threshold(percentFactor(settings['orders.beyondRungPercent']));
    this.beyondRungDown = percentFactor(-settings['orders.beyondRungPercent']);
    this.largestOrder = threshold(money(settings['limits.orderUsd']));
    this.quietMs = settings['gates.quietSeconds'] * 1000;
    this.buyCooldownMs = settings['layers.buyCooldownSeconds'] * 1000;
    this.restMs = settings['protection.restSeconds'] * 1000;
  }
}

/**
 * `intent`: journaled with its key, and handed out to be sent. `sent`: it went out in this session. `acknowledged`: the broker
 * has named it. `partlyFilled`: shares of it are booked. `final`: the broker has named its end and executions of it are missing
 * still. `unknown`: nobody can say what became of it; it is cancelled and asked about. `ended`: final, and all of it is booked.
 */
export type OrderState = 'intent' | 'sent' | 'acknowledged' | 'partlyFilled' | 'final' | 'unknown' | 'ended';

/** An order of ours without a final state, or with executions still missing (§8). */
export interface WorkingOrder {
  readonly key: string;
  readonly orderId: number;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly tag: Tag;
  readonly rung: number;
  readonly qty: number;
  readonly limit: string;
  /** What the rung wanted before limits cut the order. */
  readonly planned: number;
  readonly t: number;
  status: OrderState;
  /** Shares filled as the broker's final status counts them; null until final. */
  finalFilled: number | null;
  /** Shares of the executions booked. */
  booked: number;
  rejected: boolean;
  /** The broker's words for a rejection. */
  reason?: { code: number | null; text: string };
  cancelSentAt: number | null;
  reconcileAskedAt: number | null;
}

/** The velocity of §10 looks back at most this far: both ends of it are kept. */
export const MOST_VELOCITY_SECONDS = 60;
export const RECENT_LASTS = MOST_VELOCITY_SECONDS + 1;

/** Shares that were ours by the books and not there at the broker. */
export interface WrittenOff {
  shares: number;
  /** What they had cost, USD. */
  cost: Money;
  /** ms UTC; what happened later is no explanation. */
  t: number;
}

export type PauseReason = 'rejects' | 'difference' | 'unexplained' | 'short';

export class SymbolBook {
  // Market, as heard
  last = NaN;
  /** The newest accepted last that was heard in regular hours of the day; NaN before the day's first. */
  regularLast = NaN;
  bid = NaN;
  ask = NaN;
  bidSize = NaN;
  askSize = NaN;
  volume = NaN;
  /** Today's open, NaN unless heard at or after 09:30. */
  open = NaN;
  /** The newest previous close heard; it counts for the day's loss only when it was heard that day. */
  previousClose = NaN;
  closeHeardToday = false;
  halted = false;
  /** The link it is heard over is up: without it no quote is live, whatever its type was. */
  isLinked = false;
  /** 1 = live; NaN = not told yet. */
  dataType = NaN;
  lastTickAt = NaN;
  /** A print outside the quote that waits for the quote to follow. */
  aside = NaN;
  asideIsRegular = false;
  badPrints = 0;
  ticks = new Ticks();
  private readonly hoursByDay = new Map<number, Hours[]>();
  hours: readonly Hours[] = [];
  bars: BarBook;
  downloaded = false;
  failed: { code: number; text: string } | null = null;

  // Signals
  readonly volatility: Volatility;
  readonly ladder = new Ladder();
  readonly reference: Reference = { price: NaN, source: 'none' };
  readonly gates = new Gates();

  /** The slot in the way of the newest blocked buy, −1 for none: it is journaled only when it changes. */
  blockedBy = -1;
  /** The broker's words for the newest rejection of a buy in this session. */
  lastReject: { code: number | null; text: string } | null = null;
  /** The limit that was told last, and when. */
  limitTold = { gate: -1, t: NaN };
  /** Said already: an exit's price is there and something holds it back. */
  isHeldBack = false;

  // What is owned, and its protection
  position = new Position();
  hardStop: Threshold | null = null;
  trailArm: Threshold | null = null;
  trimPrice: Threshold | null = null;
  /** High-water mark; NaN while the trailing stop is not armed. */
  mark = NaN;
  trailStop: Threshold | null = null;
  hardRunSince = NaN;
  trailRunSince = NaN;
  exit: Tag | null = null;

  // Orders
  /** The journal of this session has it whole: what changes from here on is enough. */
  isJournaled = false;
  inFlight: WorkingOrder | null = null;
  lastBuyAt = -Infinity;
  restUntil = -Infinity;
  /** After an exit: buys wait until last has been above L1. */
  waitsForL1 = false;
  exitsToday = 0;
  rejects = 0;
  /** Per tag: no order of it before this time, and how many rejects in a row. */
  readonly waits = new Map<Tag, { until: number; rejects: number }>();
  paused: PauseReason | null = null;
  /** What it was paused for when shares turned up that nobody explains: it is again once they are explained. */
  pausedBefore: PauseReason | null = null;
  /** A person has paused the symbol's buys, besides whatever else has. */
  isPausedByPerson = false;
  /** No line is in force: no buys, exits go on until flat. */
  windDown = false;
  /** Heard of, but never named by a line: it only listens. */
  isUnlisted = false;
  /** Position as the broker reports it; NaN until told. */
  reported = NaN;
  /** When the position stream last told it, ms UTC. */
  reportedAt = -Infinity;
  /** When an order, its end or an execution last changed what is owned or on its way, ms UTC. */
  changedAt = -Infinity;
  /** When an execution was last booked, ms UTC: what was reported before it does not count against it. */
  filledAt = -Infinity;
  /** Shares that the newest reconciliation could not explain: positions and fills agree only then. */
  extra = 0;
  /** Orders of an earlier session that are still at the broker: they may sell what an order of now would sell again. */
  strays = 0;
  /** Shares at the broker that are not the bot's; below 0 for a short that was there before. */
  leftAlone = 0;
  /** Average cost as the broker reports it; NaN until told. */
  reportedAverage = NaN;
  /** A short that appeared was confirmed by a fresh position request. */
  shortConfirmed = false;
  /** Since when the broker has reported fewer shares than are ours and left alone; NaN = it has not. */
  fewerSince = NaN;
  /** Shares taken off because the broker does not have them; an execution that comes late may still say what became of them. */
  writtenOff: WrittenOff | null = null;
  override: { buy: number | null; sell: number | null } = { buy: null, sell: null };
  /** Since when each override is in force; NaN while it is not. */
  readonly overrideSince = { buy: NaN, sell: NaN };

  /** What it counts with in the session's cost, USD. */
  cost: Money = ZERO;

  // The day
  /** This symbol's part of the day's P&L in doubles, and what it is made of: see engine/day. */
  nearPnl = 0;
  nearFixed = 0;
  nearShares = 0;
  nearCost = 0;
  nearOvernightAverage = 0;
  realizedToday: Money = ZERO;
  realizedTotal: Money = ZERO;
  /** Lasts at the newest whole seconds, a ring: how fast the price moves. */
  readonly recentLasts = new Float64Array(RECENT_LASTS).fill(NaN);
  overnightShares = 0;
  overnightAverage: Money = ZERO;
  /** The last price before midnight, for the day's loss. */
  closingLast = NaN;

  constructor(
    public target: Target,
    readonly rules: Rules,
    day: number,
  ) {
    const s = rules.settings;
    this.volatility = new Volatility({
      window: s['volatility.window'],
      minimum: s['volatility.minimum'],
      silenceMs: s['volatility.silenceSeconds'] * 1000,
    });
    this.bars = new BarBook(dayTimes(day));
    this.useDay(day);
  }

  get symbol(): string {
    return this.target.symbol;
  }

  get buyPercent(): number {
    return this.override.buy ?? this.target.buy;
  }

  get sellPercent(): number {
    return this.override.sell ?? this.target.sell;
  }

  get z(): number {
    return this.volatility.z;
  }

  isRegular(t: number): boolean {
    for (const hours of this.hours) if (hours[0] <= t && t < hours[1]) return true;
    return false;
  }

  get openAt(): number {
    return this.hours[0]?.[0] ?? NaN;
  }

  get closeAt(): number {
    return this.hours[this.hours.length - 1]?.[1] ?? NaN;
  }

  /** Regular hours from the contract, any number of days; a day with an empty interval is closed. */
  setHours(intervals: readonly Hours[], today: number): void {
    const days = new Map<number, Hours[]>();
    for (const interval of intervals) {
      const day = exchangeDay(interval[0]);
      const list = days.get(day) ?? [];
      if (interval[0] < interval[1]) list.push(interval);
      days.set(day, list);
    }
    for (const [day, list] of days)
      this.hoursByDay.set(
        day,
        list.sort((a, b) => a[0] - b[0]),
      );
    this.hours = this.hoursOf(today);
  }

  hoursOf(day: number): readonly Hours[] {
    const known = this.hoursByDay.get(day);
    if (known) return known;
    const byCalendar = calendarHours(day);
    return byCalendar ? [byCalendar] : [];
  }

  /** A new exchange day: bars and the day's own values start afresh. */
  useDay(day: number): void {
    this.hours = this.hoursOf(day);
    this.bars = new BarBook(dayTimes(day));
  }

  /** Both sides there and not crossed; a locked quote counts. */
  get hasQuote(): boolean {
    return this.bid > 0 && this.ask > 0 && this.bid <= this.ask;
  }

  get hasLiveQuote(): boolean {
    return this.isLinked && this.dataType === 1 && this.hasQuote;
  }

  /** A last too far outside a live two-sided quote to be believed (§7). */
  isBadPrint(price: number): boolean {
    return (
      this.hasLiveQuote &&
      (compareScaled(price, this.bid, this.rules.badPrintLow) < 0 ||
        compareScaled(price, this.ask, this.rules.badPrintHigh) > 0)
    );
  }

  /** A last that counts: moves the mark, arms the trailing stop, ends what was set aside. */
  acceptLast(price: number, isRegular: boolean): void {
    this.last = price;
    this.aside = NaN;
    this.hardRunSince = NaN;
    this.trailRunSince = NaN;
    if (!isRegular) return;
    this.regularLast = price;
    if (this.mark > 0) this.raiseMark(price);
    else if (this.trailArm && compare(price, this.trailArm) >= 0) this.raiseMark(price);
  }

  raiseMark(price: number): void {
    if (this.mark >= price) return;
    this.mark = price;
    this.trailStop = threshold(scaled(ZERO.plus(price), this.rules.trail));
  }

  disarm(): void {
    this.mark = NaN;
    this.trailStop = null;
    this.trailRunSince = NaN;
  }

  /** After every change of the average cost. */
  useAverage(): void {
    const average = this.position.average;
    if (average === null) {
      this.hardStop = this.trailArm = this.trimPrice = null;
      this.disarm();
      this.hardRunSince = NaN;
      return;
    }
    this.hardStop = threshold(scaled(average, this.rules.hardStop));
    this.trailArm = threshold(scaled(average, this.rules.trailArm));
    this.trimPrice = threshold(scaled(average, this.rules.trimThreshold));
  }

  /** Shares at the broker that are accounted for: a short that is left alone is known, and no less in the way. */
  get explained(): number {
    return this.position.shares + Math.max(0, this.leftAlone);
  }

  /** Own shares that may be sold: never more than the broker reports beyond what is left alone (§8). */
  get sellable(): number {
    const own = this.position.shares;
    return this.reported === this.reported ? Math.max(0, Math.min(own, this.reported - this.leftAlone)) : own;
  }
}
