/**
 * A symbol's tick grid: bands of [from price, tick] as IB's market rule gives them, and rounding to it. A rung's double is
 * rounded to the nearest tick of its binary value, ties to even (§4); order prices are decimals, rounded one way (§8).
 */
import { Exact, type Money } from './exact';

export type TickBands = readonly (readonly [number, number])[];

export const DEFAULT_BANDS: TickBands = [
  [0, 0.0001],
  [1, 0.01],
];

interface Band {
  readonly from: number;
  /** The tick is units / scale: two whole numbers, so that n ticks are one correctly rounded division. */
  readonly units: number;
  readonly scale: number;
  readonly decimals: number;
}

export class Ticks {
  private readonly bands: readonly Band[];

  constructor(readonly source: TickBands = DEFAULT_BANDS) {
    const rising = [...source].sort((a, b) => a[0] - b[0]);
    this.bands = rising.map(([from, tick]) => {
      const exact = new Exact(tick);
      const decimals = exact.decimalPlaces();
      const scale = 10 ** decimals;
      return { from, units: exact.times(scale).toNumber(), scale, decimals };
    });
  }

  /** Decimals that prices around `price` are shown with; never fewer than 2. */
  decimalsAt(price: number): number {
    return Math.max(2, this.bandAt(price).decimals);
  }

  tickAt(price: number): number {
    const band = this.bandAt(price);
    return band.units / band.scale;
  }

  /** The nearest tick of the double's exact binary value, ties to even, as the double of its decimal text. */
  nearest(price: number): number {
    const { units, scale } = this.bandAt(price);
    const ratio = (price * scale) / units;
    const below = Math.floor(ratio);
    const beyond = ratio - below - 0.5;
    const up = Math.abs(beyond) > 1e-6 ? beyond > 0 : isAboveHalf(price, below, units, scale);
    return ((up ? below + 1 : below) * units) / scale;
  }

  /** Rounded up to the grid; at least one tick. */
  up(price: Money): Money {
    return this.directed(price, true);
  }

  /** Rounded down to the grid; at least one tick. */
  down(price: Money): Money {
    return this.directed(price, false);
  }

  /**
   * Rounded up from a price that is known to within a double's precision, as the double of its decimal text; null when that
   * does not say to which tick.
   */
  upFrom(near: number): number | null {
    return this.clear(near, true);
  }

  /** Doubles decide wherever the price is clear of the grid's own prices; on them, or next to them, they do not. */
  private clear(near: number, up: boolean): number | null {
    for (const { from } of this.bands) if (Math.abs(near - from) <= 1e-9 * from) return null;
    const { units, scale } = this.bandAt(near);
    const ratio = (near * scale) / units;
    if (!(1 < ratio && ratio < 1e9 && Math.abs(ratio - Math.round(ratio)) > 1e-5)) return null;
    return ((up ? Math.ceil(ratio) : Math.floor(ratio)) * units) / scale;
  }

  private directed(price: Money, up: boolean): Money {
    const near = price.toNumber();
    const clear = this.clear(near, up);
    if (clear !== null) return new Exact(clear);
    const { units, scale } = this.bandAt(near);
    const scaled = price.times(scale);
    const whole = scaled.divToInt(units);
    const count = up && whole.times(units).lt(scaled) ? whole.plus(1) : whole;
    return (count.lt(1) ? new Exact(1) : count).times(units).div(scale);
  }

  private bandAt(price: number): Band {
    let found = this.bands[0]!;
    for (let i = 1; i < this.bands.length; i++) {
      const band = this.bands[i]!;
      if (price < band.from) break;
      found = band;
    }
    return found;
  }
}

/** The default bands, coarsened to a minimum tick: what counts when a contract names only that (§12). */
export function coarsened(minTick: number): TickBands {
  return DEFAULT_BANDS.map(([from, tick]) => [from, Math.max(tick, minTick)] as const);
}

/** What counts of a contract's bands and its minimum tick; null when it names nothing usable. */
export function bandsOf(ticks: TickBands | undefined, minTick: number | undefined): TickBands | null {
  if (ticks && areBands(ticks)) return ticks;
  return minTick !== undefined && minTick > 0 ? coarsened(minTick) : null;
}

/** Bands that can be used: numbers, no price twice, positive ticks; in any order, the lowest counts below itself too. */
export function areBands(bands: TickBands): boolean {
  return (
    bands.length > 0 &&
    bands.every(([from, tick]) => Number.isFinite(from) && Number.isFinite(tick) && tick > 0) &&
    new Set(bands.map(([from]) => from)).size === bands.length
  );
}

/** Whether price lies above below + ½ ticks (or exactly on it, with below odd): decided on whole numbers. */
function isAboveHalf(price: number, below: number, units: number, scale: number): boolean {
  const [mantissa, exponent] = binary(price);
  let left = mantissa * 2n * BigInt(scale);
  let right = (2n * BigInt(below) + 1n) * BigInt(units);
  if (exponent < 0) right <<= BigInt(-exponent);
  else left <<= BigInt(exponent);
  return left === right ? below % 2 !== 0 : left > right;
}

const bits = new DataView(new ArrayBuffer(8));

/** A positive double as mantissa × 2^exponent. */
function binary(value: number): [bigint, number] {
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xf_ffff_ffff_ffffn;
  return exponent === 0 ? [fraction, -1074] : [fraction | 0x10_0000_0000_0000n, exponent - 1075];
}
