/**
 * What the bot owns of a symbol: a stack of layers, one per rung bought (§6), with exact cost and average (§7). Only fills
 * change it; it decides nothing.
 */
import { Average, Exact, NOTHING, ZERO, money, threshold, type Money, type Threshold } from './exact';
import { RUNGS } from './ladder';

export interface Layer {
  /** 1 to 7. */
  readonly rung: number;
  /** Shares the rung wants, fixed by its first order that filled a share. */
  planned: number;
  /** Shares bought for it so far; sells do not lower it. */
  bought: number;
  held: number;
  /** The rest of the rung was too small to be worth an order and is not bought any more. */
  letGo: boolean;
}

export interface PositionState {
  layers: Layer[];
  /** Exact decimal text, USD; null while flat. */
  average: string | null;
  /** What is held cost in all, exact decimal text: the average is rounded, and the next one follows from this. */
  cost: string | null;
  peak: number;
  trimDone: boolean;
}

export class Position {
  layers: Layer[] = [];
  shares = 0;
  /** Average cost a share, 28 digits; null while flat. */
  average: Money | null = null;
  /** Cost of what is held, exact. */
  cost: Money = ZERO;
  /** Number of layers after the newest buy fill. */
  peak = 0;
  trimDone = false;
  private spentNow: Threshold = NOTHING;

  static from(state: PositionState): Position {
    const position = new Position();
    position.layers = state.layers.map(layer => ({ ...layer }));
    position.shares = position.layers.reduce((sum, layer) => sum + layer.held, 0);
    position.peak = state.peak;
    position.trimDone = state.trimDone;
    if (position.shares > 0 && state.average !== null) {
      position.average = money(state.average);
      // Journals of before had no cost.
      position.cost = money(state.cost ?? position.average.times(position.shares));
    }
    return position;
  }

  toState(): PositionState {
    return {
      layers: this.layers.map(layer => ({ ...layer })),
      average: this.average?.toString() ?? null,
      cost: this.average === null ? null : this.cost.toString(),
      peak: this.peak,
      trimDone: this.trimDone,
    };
  }

  /** `cost`, with its double. */
  get spent(): Threshold {
    if (this.spentNow.exact !== this.cost) this.spentNow = threshold(this.cost);
    return this.spentNow;
  }

  get newest(): Layer | undefined {
    return this.layers[this.layers.length - 1];
  }

  /** Shares in the layers above the `keep` oldest ones. */
  sharesAbove(keep: number): number {
    let shares = 0;
    for (let i = keep; i < this.layers.length; i++) shares += this.layers[i]!.held;
    return shares;
  }

  /**
   * Books a buy for a rung. A first share opens the rung with its planned number and arms the trim again.
   * @param planned what the order wanted for the rung before any limit cut it
   */
  buy(rung: number, shares: number, price: Money, planned: number): void {
    const layer = this.layers.find(held => held.rung === rung);
    if (layer) {
      layer.bought += shares;
      layer.held += shares;
    } else {
      this.layers.push({ rung, planned, bought: shares, held: shares, letGo: false });
      this.layers.sort((a, b) => a.rung - b.rung);
      this.trimDone = false;
    }
    this.shares += shares;
    this.useCost(this.cost.plus(price.times(shares)));
    this.peak = this.layers.length;
  }

  /** Books a sell off the newest layers and returns the realized profit, exact. `shares` is at most what is held. */
  sell(shares: number, price: Money): Money {
    const average = this.average;
    if (average === null || shares > this.shares) {
      throw new RangeError(`A sell of ${shares} shares was booked on a position of ${this.shares}`);
    }
    this.remove(shares);
    return price.minus(average).times(shares);
  }

  /** Takes shares off the newest layers at average cost: a sell's, or what the broker says is not there. */
  remove(shares: number): void {
    let left = shares;
    while (left > 0) {
      const layer = this.layers[this.layers.length - 1]!;
      const taken = Math.min(left, layer.held);
      layer.held -= taken;
      left -= taken;
      if (layer.held === 0) this.layers.pop();
    }
    this.shares -= shares;
    if (this.shares === 0) this.clear();
    else this.cost = this.average!.times(this.shares);
  }

  /**
   * Takes over shares that the bot did not buy: rung 1 first, planned shares each, the rest into rung 7 (§8).
   * @param cost average cost a share of what is taken over
   */
  adopt(shares: number, cost: Money, planned: readonly number[]): void {
    let left = shares;
    for (let rung = this.layers.length + 1; rung <= RUNGS && left > 0; rung++) {
      const wanted = planned[rung - 1]!;
      const taken = rung === RUNGS ? left : Math.min(left, wanted);
      this.layers.push({ rung, planned: Math.max(wanted, taken), bought: taken, held: taken, letGo: true });
      left -= taken;
    }
    const deepest = this.layers[this.layers.length - 1]!;
    deepest.bought += left;
    deepest.held += left;
    this.shares += shares;
    this.useCost(this.cost.plus(cost.times(shares)));
    this.peak = this.layers.length;
  }

  /**
   * A corrected buy: more (or fewer) shares of its rung and the difference in what they cost. Returns the part of the
   * difference that no share bears any more, because what it was for has been sold.
   */
  correctBuy(rung: number, more: number, difference: Money): Money {
    const total = this.cost.plus(difference);
    const layer = this.layers.find(held => held.rung === rung);
    if (more > 0) this.addTo(layer, rung, more);
    else if (more < 0) this.takeFrom(layer, -more);
    if (this.shares === 0) return total;
    this.useCost(total);
    return ZERO;
  }

  /** A corrected sell: `more` further shares are gone, or come back to the newest layer at average cost. */
  correctSell(rung: number, more: number, average: Money): void {
    if (more > 0) this.remove(Math.min(this.shares, more));
    if (more >= 0) return;
    const back = -more;
    const newest = this.newest;
    if (newest) newest.held += back;
    else this.layers.push({ rung, planned: back, bought: back, held: back, letGo: true });
    this.peak = Math.max(this.peak, this.layers.length);
    this.shares += back;
    this.useCost(this.cost.plus(average.times(back)));
  }

  private addTo(layer: Layer | undefined, rung: number, more: number): void {
    if (layer) {
      layer.bought += more;
      layer.held += more;
    } else {
      this.layers.push({ rung, planned: more, bought: more, held: more, letGo: true });
      this.layers.sort((a, b) => a.rung - b.rung);
      this.peak = Math.max(this.peak, this.layers.length);
    }
    this.shares += more;
  }

  /** Off its own layer first; what was sold of it in the meantime off the newest. */
  private takeFrom(layer: Layer | undefined, fewer: number): void {
    const own = Math.min(fewer, layer?.held ?? 0);
    if (layer) {
      layer.bought -= fewer;
      layer.held -= own;
      if (layer.held === 0) this.layers = this.layers.filter(held => held !== layer);
    }
    this.shares -= own;
    if (this.shares === 0) this.clear();
    else if (fewer > own) this.remove(Math.min(this.shares, fewer - own));
  }

  private useCost(total: Money): void {
    this.cost = total;
    this.average = money(new Average(total.toString()).div(this.shares));
  }

  private clear(): void {
    this.layers = [];
    this.average = null;
    this.cost = ZERO;
    this.peak = 0;
    this.trimDone = false;
  }
}

/** (1 − percent/100) and the like, applied exactly to an average or a mark. */
export function scaled(base: Money, factor: Money): Money {
  return new Exact(base).times(factor);
}
