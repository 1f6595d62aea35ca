/**
 * The pre-session anchors of a targets file (§10): a table for each window with anchor, 14 rungs at z = 0, last close and
 * clip, from what a broker knows of earlier days. The ladder and the sizes are the functions that trade. A symbol that
 * was not heard of, or not wholly, keeps its row and says so: nothing is made up.
 */
import { Ladder, RUNGS } from '../strategy/ladder';
import { allowance, clipUsd, plannedShares, type Budget } from '../strategy/sizing';
import { dayText, MINUTE_MS } from '../strategy/exchangeTime';
import type { Settings } from '../strategy/settings';
import { DEFAULT_BANDS, Ticks } from '../strategy/ticks';
import type { HeardSymbol } from '../shared/anchors';
import type { Target } from '../targets/resolve';
import type { SymbolClass } from '../targets/schema';
import { dayName, dayNotes, daysBefore, weightedAnchor, windowOf, windowText, type AnchorWindow } from './anchorDays';
import { count } from './format';
import type { KnownPrice } from './idleLadder';

/** What was learnt of a symbol; a day that nobody answered for is not among its days. */
export type SymbolHistory = HeardSymbol;

export interface AnchorsInput {
  /** The date that the anchors are for, as a day number. */
  readonly day: number;
  readonly lookBack: number;
  readonly targets: readonly Target[];
  readonly budget: Budget;
  readonly settings: Settings;
  readonly histories: readonly SymbolHistory[];
  /** Where the bars came from: `simulator`, `127.0.0.1:7497`. */
  readonly from: string;
  /** Why the run ended early, as a sentence; empty when it did not. */
  readonly ended: string;
}

export interface AnchorRow {
  readonly symbol: string;
  readonly class: SymbolClass;
  /** Null where nothing is known: the other numbers are then absent too. */
  readonly anchor: number | null;
  /** The anchor as it was for the trading day before. */
  readonly previous: number | null;
  /** From it, in percent. */
  readonly change: number | null;
  readonly lastClose: number | null;
  readonly clip: number | null;
  /** Shares of rung 1 at the last close. */
  readonly shares: number | null;
  readonly buys: readonly number[];
  readonly sells: readonly number[];
  readonly decimals: number;
  readonly note: string;
}

export interface AnchorTable {
  readonly window: AnchorWindow;
  /** `AM, 09:30 to 11:00`. */
  readonly title: string;
  readonly rows: readonly AnchorRow[];
}

export interface AnchorsReport {
  readonly day: number;
  readonly source: number;
  readonly lookBack: number;
  readonly title: string;
  /** Whole sentences: days that were stepped over, what is missing and why. */
  readonly notes: readonly string[];
  readonly isPartial: boolean;
  readonly tables: readonly [AnchorTable, AnchorTable];
}

/** The base percents in force: an override counts as it does in a session. */
export function withOverrides(
  targets: readonly Target[],
  overrides: Readonly<Record<string, { readonly buy?: number; readonly sell?: number }>>,
): { targets: Target[] } {
  return { targets: targets.map(target => ({ ...target, ...overrides[target.symbol] })) };
}

/** The days to ask for, newest first: those of the anchors, and one more to compare them with. */
export const daysToAsk = (day: number, lookBack: number): number[] => daysBefore(day, lookBack + 1);

export function anchorsReport(input: AnchorsInput): AnchorsReport {
  const { day, lookBack, targets, histories, from } = input;
  const days = daysToAsk(day, lookBack);
  const source = days[0] ?? day;
  const known = new Map(histories.map(history => [history.symbol, history]));
  const counted = days.slice(0, lookBack);
  const complete = targets.filter(({ symbol }) => {
    const history = known.get(symbol);
    return history?.isUnknown === true || (history !== undefined && counted.every(at => hasDay(history, at)));
  });
  const missing = targets.length - complete.length;
  const notes = [
    ...dayNotes(day, source, counted),
    ...(lookBack > 1 ? [weightsNote(counted)] : []),
    ...(input.ended === '' ? [] : [input.ended]),
    ...(missing === 0 ? [] : [`Partial: ${complete.length} of ${count(targets.length, 'symbol')} complete.`]),
  ];
  const traded = targets.filter(({ symbol }) => known.get(symbol)?.isUnknown !== true);
  const table = (window: AnchorWindow): AnchorTable => ({
    window,
    title: `${window}, ${windowText(window, source)}`,
    rows: targets.map(target => rowOf(window, target, known.get(target.symbol), days, traded, input)),
  });
  return {
    day,
    source,
    lookBack,
    title: `Anchors for ${dayText(day)} from ${dayName(source)} (${from}, z taken as 0)`,
    notes,
    isPartial: missing > 0,
    tables: [table('AM'), table('PM')],
  };
}

function rowOf(
  window: AnchorWindow,
  target: Target,
  history: SymbolHistory | undefined,
  days: readonly number[],
  traded: readonly Target[],
  { budget, settings, lookBack }: AnchorsInput,
): AnchorRow {
  const byDay = new Map((history?.days ?? []).map(each => [each.day, each]));
  const values = days.map(at => byDay.get(at)?.[window === 'AM' ? 'am' : 'pm'] ?? null);
  const anchor = weightedAnchor(values.slice(0, lookBack));
  // The day before looked back on the same number of days, one earlier each.
  const previous = weightedAnchor(values.slice(1, lookBack + 1));
  const lastClose = byDay.get(days[0] ?? 0)?.lastClose ?? null;
  const note = noteOf(window, history, days, lookBack);
  const { symbol, class: symbolClass } = target;
  const ticks = new Ticks(history?.ticks ?? DEFAULT_BANDS);
  const ladder = new Ladder();
  ladder.update(anchor ?? NaN, 0, target.buy, target.sell, symbolClass, ticks);
  const countOf = (wanted: SymbolClass) => traded.filter(each => each.class === wanted).length;
  const allowed = allowance(budget, { risky: countOf('risky'), safe: countOf('safe') }, settings);
  const clip =
    lastClose === null || history?.isUnknown === true
      ? null
      : clipUsd(allowed.tickerBudget[symbolClass], symbolClass, lastClose, target.clip, settings);
  return {
    symbol,
    class: symbolClass,
    anchor,
    previous,
    change: anchor === null || previous === null ? null : (anchor / previous - 1) * 100,
    lastClose,
    clip,
    shares: clip === null || lastClose === null ? null : plannedShares(clip, 1, lastClose),
    buys: anchor === null ? [] : Array.from({ length: RUNGS }, (_, i) => ladder.buys[i] ?? NaN),
    sells: anchor === null ? [] : Array.from({ length: RUNGS }, (_, i) => ladder.sells[i] ?? NaN),
    decimals: ticks.decimalsAt(anchor ?? lastClose ?? 1),
    note,
  };
}

function noteOf(
  window: AnchorWindow,
  history: SymbolHistory | undefined,
  days: readonly number[],
  lookBack: number,
): string {
  if (history === undefined) return 'not asked';
  if (history.problem !== '') return history.problem;
  const byDay = new Map(history.days.map(each => [each.day, each]));
  const unasked = days.filter(at => !byDay.has(at));
  if (unasked.some(at => days.indexOf(at) < lookBack)) return `not asked: ${unasked.map(dayText).join(', ')}`;
  const key = window === 'AM' ? 'am' : 'pm';
  const empty = days.slice(0, lookBack).filter(at => byDay.get(at)?.[key] === null);
  if (empty.length > 0) return `no trades in this window on ${empty.map(dayText).join(', ')}`;
  return unasked.length > 0 ? 'no comparison: the day before was not asked' : '';
}

const hasDay = (history: SymbolHistory, day: number): boolean => history.days.some(each => each.day === day);

function weightsNote(days: readonly number[]): string {
  const weights = days.map((day, index) => `${dayText(day)} ${days.length - index}`);
  return `Mean of ${days.length} trading days, weights ${weights.join(', ')}.`;
}

/** What hovers show as long as no session has heard anything newer: the close of that day, and where its end traded. */
export function knownPrices({ source, tables: [am, pm] }: AnchorsReport): Record<string, KnownPrice> {
  const [, close] = windowOf('PM', source);
  const known: Record<string, KnownPrice> = {};
  pm.rows.forEach(({ symbol, anchor, lastClose }, index) => {
    const reference = anchor ?? am.rows[index]?.anchor ?? null;
    if (reference !== null && lastClose !== null) known[symbol] = { t: close - MINUTE_MS, reference, last: lastClose };
  });
  return known;
}
