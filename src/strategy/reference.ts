/**
 * The blended reference price of §2: medians of the day's closed minute bars in three windows, and which of them counts at
 * what time. Bars come from the broker; none are built here.
 */
import { HOUR_MS, MINUTE_MS, exchangeDay, newYorkInstant } from './exchangeTime';

export type ReferenceSource =
  'initialBalance' | 'preMarket' | 'regularHours' | 'blend' | 'open' | 'previousClose' | 'last' | 'none';

export interface Features {
  readonly preMarket: number;
  readonly initialBalance: number;
  readonly regularHours: number;
}

export interface Bar {
  readonly start: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

/** The times of an exchange day that the rules name, ms UTC. */
export interface DayTimes {
  readonly day: number;
  readonly midnight: number;
  readonly t0930: number;
  readonly t1000: number;
  readonly t1100: number;
  readonly t1600: number;
  readonly nextMidnight: number;
}

export function dayTimes(day: number): DayTimes {
  const at = (hours: number, minutes = 0): number => newYorkInstant(day, hours * HOUR_MS + minutes * MINUTE_MS);
  return {
    day,
    midnight: at(0),
    t0930: at(9, 30),
    t1000: at(10),
    t1100: at(11),
    t1600: at(16),
    nextMidnight: newYorkInstant(day + 1, 0),
  };
}

/** The bars of one exchange day and the medians over those that count. */
export class BarBook {
  private readonly bars: Bar[] = [];
  /** Counts the changes, so that who draws the bars knows when to draw anew. */
  version = 0;
  private features: Features = NO_FEATURES;
  /** The next bar counts from here on; −Infinity = compute at the next question. */
  private nextChange = -Infinity;

  constructor(readonly day: DayTimes) {}

  get size(): number {
    return this.bars.length;
  }

  /** Oldest first. */
  get all(): readonly Readonly<Bar>[] {
    return this.bars;
  }

  /** A bar of this day; one of the same start is replaced at any time. Bars of other days are ignored. */
  add(start: number, close: number, { open, high, low }: BarShape = { open: close, high: close, low: close }): void {
    if (start < this.day.midnight || this.day.nextMidnight <= start || !(close > 0)) return;
    let i = this.bars.length;
    while (i > 0 && this.bars[i - 1]!.start > start) i--;
    const same = this.bars[i - 1];
    if (same?.start === start) Object.assign(same, { open, high, low, close });
    else this.bars.splice(i, 0, { start, open, high, low, close });
    this.version++;
    // A bar that is still forming changes nothing that counts: the medians wait for its end.
    this.nextChange = Math.min(this.nextChange, start + MINUTE_MS);
  }

  /** Medians over the closes of bars that have ended by `t`. */
  at(t: number): Features {
    if (t < this.nextChange) return this.features;
    const preMarket: number[] = [];
    const initialBalance: number[] = [];
    const regularHours: number[] = [];
    this.nextChange = Infinity;
    for (const { start, close } of this.bars) {
      if (start + MINUTE_MS > t) {
        this.nextChange = start + MINUTE_MS;
        break;
      }
      if (isPreMarket(start, this.day)) preMarket.push(close);
      if (isRegularHours(start, this.day)) regularHours.push(close);
      if (isInitialBalance(start, this.day)) initialBalance.push(close);
    }
    this.features = {
      preMarket: median(preMarket),
      initialBalance: median(initialBalance),
      regularHours: median(regularHours),
    };
    return this.features;
  }
}

/** What a bar is besides its close, which alone the rules read. */
export type BarShape = Pick<Bar, 'open' | 'high' | 'low'>;

const isPreMarket = (start: number, day: DayTimes): boolean => start < day.t0930;
const isInitialBalance = (start: number, day: DayTimes): boolean => day.t0930 <= start && start < day.t1000;
const isRegularHours = (start: number, day: DayTimes): boolean => day.t0930 <= start && start < day.t1600;

const NO_FEATURES: Features = { preMarket: NaN, initialBalance: NaN, regularHours: NaN };

/** What the fallback needs; NaN where unknown. */
export interface FallbackPrices {
  /** Today's open, NaN unless heard at or after 09:30. */
  readonly open: number;
  readonly previousClose: number;
  readonly last: number;
}

export interface Reference {
  price: number;
  source: ReferenceSource;
}

/** Fills `into` with the reference at `t`: the first that exists of what §2 lists for that time. */
export function referenceAt(
  t: number,
  day: DayTimes,
  features: Features,
  fallback: FallbackPrices,
  into: Reference,
): void {
  const { preMarket, initialBalance, regularHours } = features;
  if (t < day.t1000) {
    if (initialBalance > 0) set(into, initialBalance, 'initialBalance');
    else if (preMarket > 0) set(into, preMarket, 'preMarket');
    else if (regularHours > 0) set(into, regularHours, 'regularHours');
    else fallbackTo(t, day, fallback, into);
  } else if (t < day.t1100) {
    if (initialBalance > 0 && regularHours > 0) set(into, 0.5 * initialBalance + 0.5 * regularHours, 'blend');
    else if (initialBalance > 0) set(into, initialBalance, 'initialBalance');
    else if (regularHours > 0) set(into, regularHours, 'regularHours');
    else fallbackTo(t, day, fallback, into);
  } else if (regularHours > 0) set(into, regularHours, 'regularHours');
  else if (initialBalance > 0) set(into, initialBalance, 'initialBalance');
  else if (preMarket > 0) set(into, preMarket, 'preMarket');
  else fallbackTo(t, day, fallback, into);
}

/**
 * The reference as it was at the start of each bar, from the bars that had ended by then: what a chart draws. NaN where
 * there was none.
 */
export function referenceHistory(bars: BarBook, fallback: Omit<FallbackPrices, 'last'>): number[] {
  const { day, all } = bars;
  // What the last price was then is not kept: where only it is left, nothing is drawn.
  const known = { open: fallback.open, previousClose: fallback.previousClose, last: NaN };
  const [preMarket, initialBalance, regularHours] = [new Sorted(), new Sorted(), new Sorted()];
  const reference: Reference = { price: NaN, source: 'none' };
  let nEnded = 0;
  return all.map(({ start }) => {
    for (let bar = all[nEnded]; bar !== undefined && bar.start + MINUTE_MS <= start; bar = all[++nEnded]) {
      if (isPreMarket(bar.start, day)) preMarket.add(bar.close);
      if (isRegularHours(bar.start, day)) regularHours.add(bar.close);
      if (isInitialBalance(bar.start, day)) initialBalance.add(bar.close);
    }
    const features = {
      preMarket: preMarket.median,
      initialBalance: initialBalance.median,
      regularHours: regularHours.median,
    };
    referenceAt(start, day, features, known, reference);
    return reference.price;
  });
}

/** Values kept in order, for a median after every one of them. */
class Sorted {
  private readonly values: number[] = [];

  add(value: number): void {
    let [low, high] = [0, this.values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    this.values.splice(low, 0, value);
  }

  get median(): number {
    return middleOf(this.values);
  }
}

/** A reference that is only a last price is shown and places no ladder order. */
export function canTradeOn(source: ReferenceSource): boolean {
  return source !== 'last' && source !== 'none';
}

/** Middle value; for an even count the mean of the middle two; NaN for none. Sorts its argument. */
export function median(values: number[]): number {
  return middleOf(values.sort((a, b) => a - b));
}

function middleOf(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

/** The exchange day of an instant, with its times. */
export function dayTimesAt(t: number): DayTimes {
  return dayTimes(exchangeDay(t));
}

function fallbackTo(t: number, day: DayTimes, { open, previousClose, last }: FallbackPrices, into: Reference): void {
  if (day.t0930 <= t && t < day.t1000 && open > 0) set(into, open, 'open');
  else if (previousClose > 0) set(into, previousClose, 'previousClose');
  else if (last > 0) set(into, last, 'last');
  else set(into, NaN, 'none');
}

function set(into: Reference, price: number, source: ReferenceSource): void {
  into.price = price;
  into.source = source;
}
