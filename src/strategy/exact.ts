/**
 * Exact numbers: decimals for money and thresholds, and prices on a symbol's tick grid. Doubles are compared with decimal
 * thresholds without making a decimal unless the two are within a hair of each other: the result is always the exact one.
 */
import { Decimal } from 'decimal.js';

/** Sums and products of prices, shares and factors: wide enough that none of them is ever rounded. */
export const Exact = Decimal.clone({ precision: 160, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -40, toExpPos: 40 });
/** Average cost: 28 digits, half even (§7). */
export const Average = Decimal.clone({ precision: 28, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -40, toExpPos: 40 });

export type Money = Decimal;
export const ZERO: Money = new Exact(0);

/** The exact decimal of a double's shortest text (§7: "the decimal value of last"). */
export function money(value: number | string | Decimal): Money {
  return new Exact(value);
}

/** 1 + percent / 100, exactly. */
export function percentFactor(percent: number): Money {
  return new Exact(percent).div(100).plus(1);
}

/** A decimal with its nearest double, to compare and to subtract with at the price of doubles wherever these are clear. */
export interface Threshold {
  readonly exact: Money;
  readonly near: number;
}

export function threshold(exact: Money): Threshold {
  return { exact, near: exact.toNumber() };
}

/** No money. */
export const NOTHING = threshold(ZERO);

/** A double carries 53 bits: anything further apart than this (relative) is decided by the doubles. */
const HAIR = 1e-12;

/** Sign of value − limit, exactly, on the decimal value of `value`. */
export function compare(value: number, limit: Threshold): number {
  const difference = value - limit.near;
  if (Math.abs(difference) > HAIR * Math.abs(limit.near)) return difference;
  return new Exact(value).cmp(limit.exact);
}

/** Sign of value − base × factor, exactly, on the decimal values of the doubles. */
export function compareScaled(value: number, base: number, factor: Threshold): number {
  const near = base * factor.near;
  const difference = value - near;
  if (Math.abs(difference) > HAIR * Math.abs(near)) return difference;
  return new Exact(value).cmp(new Exact(base).times(factor.exact));
}

/** (most − spent) / price without its fraction, exactly: shares that the money left buys; below 0 when too much is spent. */
export function sharesLeft(most: Threshold, spent: Threshold, price: Threshold): number {
  const near = (most.near - spent.near) / price.near;
  const doubt = (HAIR * (Math.abs(most.near) + Math.abs(spent.near))) / price.near + HAIR * Math.abs(near);
  if (Math.abs(near - Math.round(near)) > doubt && Math.abs(near) < 1e9) return Math.trunc(near);
  return most.exact.minus(spent.exact).divToInt(price.exact).toNumber();
}

/** Spread in basis points of the mid; a double for display and for most decisions. */
export function spreadBp(bid: number, ask: number): number {
  return ((ask - bid) / (bid + ask)) * 20_000;
}

/** (ask − bid)/mid ≤ bp/10,000, exactly. */
export function spreadAtMost(bid: number, ask: number, bp: number): boolean {
  const found = spreadBp(bid, ask);
  if (Math.abs(found - bp) > 1e-6) return found < bp;
  const a = new Exact(ask);
  return a.minus(bid).times(20_000).lte(a.plus(bid).times(bp));
}

/** |value − center| ≤ percent of center, exactly. */
export function withinPercent(value: number, center: number, percent: number): boolean {
  const found = (Math.abs(value - center) / center) * 100;
  if (Math.abs(found - percent) > 1e-9) return found < percent;
  return new Exact(value).minus(center).abs().times(100).lte(new Exact(center).times(percent));
}

/** |value − mid| ≤ percent of mid, exactly: half the sum of two doubles need not be the mid of their decimals. */
export function nearMid(value: number, bid: number, ask: number, percent: number): boolean {
  const mid = (bid + ask) / 2;
  const found = (Math.abs(value - mid) / mid) * 100;
  if (Math.abs(found - percent) > 1e-9) return found < percent;
  const twice = new Exact(bid).plus(ask);
  return new Exact(value).times(2).minus(twice).abs().times(100).lte(twice.times(percent));
}

/** Half-even to a fixed number of decimals: how amounts are written to files. */
export function fixed(value: Decimal, decimals: number): string {
  const text = value.toFixed(decimals, Decimal.ROUND_HALF_EVEN);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}
