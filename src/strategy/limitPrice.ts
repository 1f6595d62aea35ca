/**
 * Limit prices of IOC orders (§8): exact decimals, rounded once to the tick grid in the direction that the rule names.
 * Prices that are absent, not finite or not positive take no part.
 */
import { Exact, money, type Money, type Threshold } from './exact';
import type { Ticks } from './ticks';

/** The price of an order: its decimal text, which is what is sent, and the double nearest to it. */
export class Limit implements Threshold {
  constructor(
    readonly near: number,
    readonly text: string,
  ) {}

  /** Made when somebody asks: most limits are never counted with. */
  get exact(): Money {
    return money(this.text);
  }
}

const THROUGH_UP = new Exact('1.004');
const THROUGH_DOWN = new Exact('0.996');
const URGENT_UP = new Exact('1.02');
const URGENT_DOWN = new Exact('0.98');

/** min(max(last, ask, bid) × 1.004, rung × (1 + beyond %)), rounded up; null without a usable price. */
export function buyLimit(
  last: number,
  bid: number,
  ask: number,
  rung: number,
  beyondRung: Threshold,
  ticks: Ticks,
): Limit | null {
  const top = highest(last, bid, ask);
  if (top === null) return null;
  const clear = ticks.upFrom(Math.min(top * 1.004, rung * beyondRung.near));
  // At most eleven digits: the double's own text is the decimal's.
  if (clear !== null) return new Limit(clear, String(clear));
  return limitOf(ticks.up(Exact.min(money(top).times(THROUGH_UP), money(rung).times(beyondRung.exact))));
}

/** max(min(last, bid) × 0.996, highest sell rung hit × (1 − beyond %)), rounded down. */
export function ladderSellLimit(
  last: number,
  bid: number,
  rung: number,
  beyondRung: Money,
  ticks: Ticks,
): Limit | null {
  const bottom = lowest(last, bid);
  return bottom === null
    ? null
    : limitOf(ticks.down(Exact.max(money(bottom).times(THROUGH_DOWN), money(rung).times(beyondRung))));
}

/** max(min(last, bid) × 0.996, average cost), rounded down but never below average cost. */
export function trimLimit(last: number, bid: number, average: Money, ticks: Ticks): Limit | null {
  const bottom = lowest(last, bid);
  if (bottom === null) return null;
  const wanted = Exact.max(money(bottom).times(THROUGH_DOWN), average);
  const down = ticks.down(wanted);
  return limitOf(down.lt(average) ? ticks.up(wanted) : down);
}

export function urgentSellLimit(last: number, bid: number, ticks: Ticks): Limit | null {
  const bottom = lowest(last, bid);
  return bottom === null ? null : limitOf(ticks.down(money(bottom).times(URGENT_DOWN)));
}

export function urgentBuyLimit(last: number, bid: number, ask: number, ticks: Ticks): Limit | null {
  const top = highest(last, bid, ask);
  return top === null ? null : limitOf(ticks.up(money(top).times(URGENT_UP)));
}

function limitOf(price: Money): Limit {
  return new Limit(price.toNumber(), price.toString());
}

export function isUsable(price: number): boolean {
  return price > 0 && price < Infinity;
}

function highest(...prices: number[]): number | null {
  let found = 0;
  for (const price of prices) if (price > found && isUsable(price)) found = price;
  return found > 0 ? found : null;
}

function lowest(...prices: number[]): number | null {
  let found = Infinity;
  for (const price of prices) if (price < found && isUsable(price)) found = price;
  return found < Infinity ? found : null;
}
