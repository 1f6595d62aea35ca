/**
 * What the strategy knows of the session as a whole: link, switches, the day's loss, budgets and the buy orders of the last
 * minute. Plain fields that the engine changes in place, like the symbols' books.
 */
import type { Rules } from './book';
import { NOTHING, ZERO, type Money, type Threshold } from './exact';
import type { Allowance } from './sizing';

export interface BuyOrder {
  readonly t: number;
  readonly symbol: string;
}

export interface Cost {
  readonly all: Threshold;
  readonly risky: Threshold;
  readonly safe: Threshold;
}

export class SessionBook {
  linked = false;
  reconciled = false;
  farmUp = true;
  /** The gateway has lost IB: what it says of the account may be old. */
  linkBroken = false;
  lastTickAt = NaN;
  journalOk = true;
  paused = false;
  protectOnly = false;
  killed = false;
  /** Exchange day on which the day's loss limit was hit and not reset; NaN = not hit. */
  lossDay = NaN;
  /** The day's P&L (0 or below) that a person accepted when resetting the limit; it is measured from there. */
  lossForgiven: Money = ZERO;
  /** The day's loss as it was tested last, or as it reached its limit, and that limit: for why not, USD, in doubles. */
  lossUsd = NaN;
  lossLimitUsd = NaN;
  /** The day's P&L before commissions, in doubles. */
  nearPnl = 0;
  pausedSince = NaN;
  killedSince = NaN;
  /** A live account that does not tell its net liquidation gets no buys (§5). */
  accountKnown = true;
  netLiquidation: Money | null = null;
  day = NaN;
  allowance: Allowance = {
    effectiveEquity: 0,
    classBudget: { risky: 0, safe: 0 },
    tickerBudget: { risky: 0, safe: 0 },
    most: { all: NOTHING, class: { risky: NOTHING, safe: NOTHING }, symbol: { risky: NOTHING, safe: NOTHING } },
  };
  equity = 0;
  /** What `cost` was when it was last asked for. */
  counted: Cost = { all: NOTHING, risky: NOTHING, safe: NOTHING };
  /** Brings `counted` up to date; the engine's, which knows what has changed. */
  count: () => void = () => undefined;
  /** Buy orders of the last 60 s, oldest first, and how many of them are each symbol's. */
  readonly buyOrders: BuyOrder[] = [];
  private readonly buysBySymbol = new Map<string, number>();

  constructor(readonly rules: Rules) {}

  get lossLimitHit(): boolean {
    return this.lossDay === this.day;
  }

  /** Cost of open positions and of buys in flight, USD, exact. */
  get cost(): Cost {
    this.count();
    return this.counted;
  }

  isBlind(t: number): boolean {
    return !this.farmUp || !(t - this.lastTickAt < this.rules.quietMs);
  }

  addBuy(order: BuyOrder): void {
    this.buyOrders.push(order);
    this.buysBySymbol.set(order.symbol, this.buysOf(order.symbol) + 1);
  }

  /** Forgets buy orders that are 60 s old. */
  ageOrders(t: number): void {
    while (this.buyOrders.length > 0 && t - this.buyOrders[0]!.t >= 60_000) {
      const { symbol } = this.buyOrders.shift()!;
      this.buysBySymbol.set(symbol, this.buysOf(symbol) - 1);
    }
  }

  buysOf(symbol: string): number {
    return this.buysBySymbol.get(symbol) ?? 0;
  }
}
