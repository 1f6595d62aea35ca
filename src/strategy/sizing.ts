/**
 * How much a rung buys and how much a symbol may cost (§5): in doubles, afresh at every evaluation. Knows no position.
 */
import type { SymbolClass } from '../targets/schema';
import { money, threshold, type Threshold } from './exact';
import { RUNG_CLIPS } from './ladder';
import type { Settings } from './settings';

export interface Budget {
  /** USD: live equity, and the share of it that each class may use. */
  readonly equity: number;
  readonly risky: number;
  readonly safe: number;
}

/** The budgets of a session; change with targets.txt and with which symbols are traded. USD. */
export interface Allowance {
  readonly effectiveEquity: number;
  readonly classBudget: Readonly<Record<SymbolClass, number>>;
  readonly tickerBudget: Readonly<Record<SymbolClass, number>>;
  /** What may be bought for in all, a class and a symbol of a class: the same as exact amounts. */
  readonly most: { readonly all: Threshold; readonly class: ByClass; readonly symbol: ByClass };
}

type ByClass = Readonly<Record<SymbolClass, Threshold>>;

/** @param traded number of valid, traded symbols a class */
export function allowance(
  budget: Budget,
  traded: Readonly<Record<SymbolClass, number>>,
  settings: Settings,
): Allowance {
  const effectiveEquity = budget.equity * settings['sizing.utilization'];
  const classBudget = { risky: effectiveEquity * budget.risky, safe: effectiveEquity * budget.safe };
  const tickerBudget = {
    risky: traded.risky > 0 ? classBudget.risky / traded.risky : 0,
    safe: traded.safe > 0 ? classBudget.safe / traded.safe : 0,
  };
  const factor = settings['sizing.tickerFactor'];
  const most = {
    all: exactly(effectiveEquity),
    class: { risky: exactly(classBudget.risky), safe: exactly(classBudget.safe) },
    symbol: { risky: exactly(tickerBudget.risky * factor), safe: exactly(tickerBudget.safe * factor) },
  };
  return { effectiveEquity, classBudget, tickerBudget, most };
}

function exactly(usd: number): Threshold {
  return threshold(money(usd));
}

/** USD of rung 1. `fixed` is clip= of targets.txt, which counts outside the limits too. */
export function clipUsd(
  tickerBudget: number,
  symbolClass: SymbolClass,
  last: number,
  fixed: number | null,
  settings: Settings,
): number {
  if (fixed !== null) return fixed;
  const clip =
    (tickerBudget / settings['sizing.shots']) *
    classClipFactor(symbolClass, settings) *
    priceClipFactor(last, settings);
  return clamp(clip, settings['sizing.minClip'], settings['sizing.maxClip']);
}

export function classClipFactor(symbolClass: SymbolClass, settings: Settings): number {
  return symbolClass === 'risky' ? settings['sizing.riskyClipFactor'] : settings['sizing.safeClipFactor'];
}

/** Cheap shares get more of the budget, dear ones less: 0.5 to 2. */
export function priceClipFactor(last: number, settings: Settings): number {
  return clamp(settings['sizing.clipPriceReference'] / Math.max(1, last), 0.5, 2);
}

/** Shares that a rung (1 to 7) wants at this price. */
export function plannedShares(clip: number, rung: number, last: number): number {
  return Math.max(1, Math.ceil((clip * RUNG_CLIPS[rung - 1]!) / last));
}

/** Shares that one sell order may hold (§8). */
export function largestSell(last: number, settings: Settings): number {
  return Math.min(settings['limits.orderShares'], Math.max(1, Math.floor(settings['limits.orderUsd'] / last)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
