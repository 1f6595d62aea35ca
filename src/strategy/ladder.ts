/**
 * The ladder of §4: percentages from base percent, class and z, and the fourteen rounded rung prices. Doubles in exactly
 * this order of operations; the rung that is shown is the rung that trades, so everybody gets it from here.
 */
import type { SymbolClass } from '../targets/schema';
import type { Ticks } from './ticks';

export const RUNGS = 7;
/** Distance of each rung in anchors; rung 4 is the anchor. */
export const RUNG_STEPS = [0.375, 0.52, 0.721, 1.0, 1.077, 1.16, 1.25] as const;
export const RUNG_CLIPS = [1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.3] as const;
export const CLASS_WIDTH: Readonly<Record<SymbolClass, number>> = { risky: 5, safe: 3 };

/** Percent of the buy anchor below the reference. */
export function buyAnchorPercent(buy: number, symbolClass: SymbolClass, z: number): number {
  return Math.max(0.1, buy) * CLASS_WIDTH[symbolClass] * Math.max(0.25, 1 + 0.25 * clampZ(z));
}

/** Percent of the sell anchor above the reference. */
export function sellAnchorPercent(sell: number, symbolClass: SymbolClass, z: number): number {
  return Math.max(0.1, sell) * CLASS_WIDTH[symbolClass] * (1 - 0.15 * clampZ(z));
}

/** Fourteen prices, computed in place so that a new z costs no memory. */
export class Ladder {
  readonly buys = new Float64Array(RUNGS).fill(NaN);
  readonly sells = new Float64Array(RUNGS).fill(NaN);
  buyPercent = NaN;
  sellPercent = NaN;
  reference = NaN;
  private z = NaN;
  private buy = NaN;
  private sell = NaN;
  private ticks: Ticks | null = null;
  private symbolClass: SymbolClass | null = null;

  /** Computes the rungs anew if anything that they depend on has changed. `reference` NaN clears them. */
  update(reference: number, z: number, buy: number, sell: number, symbolClass: SymbolClass, ticks: Ticks): void {
    if (
      Object.is(reference, this.reference) &&
      z === this.z &&
      buy === this.buy &&
      sell === this.sell &&
      ticks === this.ticks &&
      symbolClass === this.symbolClass
    ) {
      return;
    }
    this.reference = reference;
    this.z = z;
    this.buy = buy;
    this.sell = sell;
    this.ticks = ticks;
    this.symbolClass = symbolClass;
    this.buyPercent = buyAnchorPercent(buy, symbolClass, z);
    this.sellPercent = sellAnchorPercent(sell, symbolClass, z);
    for (let i = 0; i < RUNGS; i++) {
      const step = RUNG_STEPS[i]!;
      this.buys[i] = reference > 0 ? ticks.nearest(reference * (1 - (this.buyPercent * step) / 100)) : NaN;
      this.sells[i] = reference > 0 ? ticks.nearest(reference * (1 + (this.sellPercent * step) / 100)) : NaN;
    }
  }

  /** L1 is not below U1, or two rungs of a side share a price: what is bought at one may be sold at once. */
  get isOverlapping(): boolean {
    if (this.buys[0]! >= this.sells[0]!) return true;
    for (let i = 1; i < RUNGS; i++) {
      if (this.buys[i] === this.buys[i - 1] || this.sells[i] === this.sells[i - 1]) return true;
    }
    return false;
  }

  /** How many buy rungs have price ≥ last. */
  touched(last: number): number {
    let n = 0;
    while (n < RUNGS && this.buys[n]! >= last) n++;
    return n;
  }

  /** How many sell rungs have price ≤ last. */
  hit(last: number): number {
    let n = 0;
    while (n < RUNGS && this.sells[n]! <= last) n++;
    return n;
  }
}

function clampZ(z: number): number {
  return Math.min(2, Math.max(-2, z));
}
