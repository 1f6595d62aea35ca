// The simulated margin account: cash, positions, what an execution costs and what it earned. Whole units throughout, so that
// cash is exact. It knows no orders and no clients; the exchange books, the answers read.

import { unitsPerDollar, type Units } from './prices';
import type { Instrument } from './instruments';

/** A share of the position's value that stands as margin: four to one within the day. */
const marginRate = 0.25;

export interface Holding {
  readonly instrument: Instrument;
  shares: number;
  /** What the open shares cost, commissions included; negative for a short position. */
  cost: number;
  /** Realized today, commissions included. */
  realized: number;
}

export class Account {
  readonly holdings = new Map<string, Holding>();
  cash: Units;
  private dayStartEquity: Units;
  private listeners: ((holding: Holding) => void)[] = [];

  constructor(
    readonly name: string,
    cashDollars: number,
    private readonly markOf: (instrument: Instrument) => Units,
  ) {
    this.cash = Math.round(cashDollars * unitsPerDollar);
    this.dayStartEquity = this.cash;
  }

  onPosition(listener: (holding: Holding) => void): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter(one => one !== listener);
    };
  }

  sharesOf(instrument: Instrument): number {
    return this.holdings.get(instrument.symbol)?.shares ?? 0;
  }

  /** Books an execution; returns what it realized, or nothing when it only opened. */
  book(instrument: Instrument, signedShares: number, price: Units, commission: Units): Units | undefined {
    const holding = this.holdingOf(instrument);
    this.cash -= signedShares * price + commission;
    const isClosing = holding.shares !== 0 && Math.sign(holding.shares) !== Math.sign(signedShares);
    let realized: Units | undefined;
    if (isClosing) {
      const closed = Math.min(Math.abs(signedShares), Math.abs(holding.shares)) * Math.sign(signedShares);
      const costOfClosed = (holding.cost * -closed) / holding.shares;
      realized = Math.round(-closed * price - costOfClosed - commission);
      holding.realized += realized;
      holding.cost -= costOfClosed;
      const opened = signedShares - closed;
      if (opened !== 0) holding.cost = opened * price;
    } else {
      holding.cost += signedShares * price + commission;
    }
    holding.shares += signedShares;
    if (holding.shares === 0) holding.cost = 0;
    return realized;
  }

  /** A booked execution had another price: what it moved, and what it realized now. */
  correct(instrument: Instrument, signedShares: number, change: Units, realized: Units | undefined): Units | undefined {
    const holding = this.holdingOf(instrument);
    this.cash -= signedShares * change;
    if (realized === undefined && holding.shares !== 0) {
      holding.cost += signedShares * change;
      return undefined;
    }
    holding.realized -= signedShares * change;
    return realized === undefined ? undefined : realized - signedShares * change;
  }

  /** Tells who follows positions. The exchange does so once the execution itself has been told. */
  announce(instrument: Instrument): void {
    const holding = this.holdingOf(instrument);
    for (const listener of this.listeners) listener(holding);
  }

  /** A trade somewhere else, by hand: the position changes and this gateway has no execution of it. */
  setPosition(instrument: Instrument, shares: number, averageCost?: Units): void {
    const holding = this.holdingOf(instrument);
    const price = averageCost ?? this.markOf(instrument);
    this.cash -= (shares - holding.shares) * price;
    holding.shares = shares;
    holding.cost = shares * price;
    this.announce(instrument);
  }

  get equity(): Units {
    let value = this.cash;
    for (const holding of this.holdings.values()) value += holding.shares * this.markOf(holding.instrument);
    return value;
  }

  get grossPositions(): Units {
    let value = 0;
    for (const holding of this.holdings.values()) value += Math.abs(holding.shares) * this.markOf(holding.instrument);
    return value;
  }

  get marginRequirement(): Units {
    return Math.round(this.grossPositions * marginRate);
  }

  get availableFunds(): Units {
    return this.equity - this.marginRequirement;
  }

  get buyingPower(): Units {
    return Math.max(0, Math.round(this.availableFunds / marginRate));
  }

  unrealizedOf(holding: Holding): Units {
    return Math.round(holding.shares * this.markOf(holding.instrument) - holding.cost);
  }

  get unrealized(): Units {
    let sum = 0;
    for (const holding of this.holdings.values()) sum += this.unrealizedOf(holding);
    return sum;
  }

  get realized(): Units {
    let sum = 0;
    for (const holding of this.holdings.values()) sum += holding.realized;
    return sum;
  }

  /** Change of equity since the day began. */
  get daily(): Units {
    return this.equity - this.dayStartEquity;
  }

  startDay(): void {
    this.dayStartEquity = this.equity;
    for (const holding of this.holdings.values()) holding.realized = 0;
  }

  private holdingOf(instrument: Instrument): Holding {
    let holding = this.holdings.get(instrument.symbol);
    if (!holding) {
      holding = { instrument, shares: 0, cost: 0, realized: 0 };
      this.holdings.set(instrument.symbol, holding);
    }
    return holding;
  }
}

/**
 * IB's fixed schedule for US stocks, for an order so far: $0.005 a share, at least $1, at most 1 % of the value (which
 * wins for tiny orders). The commission of one execution is the difference that it makes.
 */
export function fixedCommission(shares: number, turnover: Units): Units {
  return Math.round(Math.min(Math.max(shares * 50, unitsPerDollar), turnover / 100));
}
