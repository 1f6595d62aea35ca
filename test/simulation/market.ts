/**
 * Prices of a simulated symbol: a swing around its base that reaches rungs, stops and the way back, small noise, a quote around
 * it and a volume that jumps. It depends on the seed and the time alone, never on who trades.
 */
import { Random } from './random';

export interface Quote {
  bid: number;
  ask: number;
  last: number;
  volume: number;
}

const round = (price: number): number => Math.round(price * 100) / 100;

export class Market {
  readonly base: number;
  private readonly random: Random;
  private readonly swings: { size: number; period: number; phase: number }[];
  private readonly spreadBp: number;
  private volume: number;
  quote: Quote;
  isHalted = false;
  missingSide: 'bid' | 'ask' | null = null;
  /** Until then nothing is told of it. */
  quietUntil = -Infinity;
  /** Prices stand still and nothing is traded: everybody may finish. */
  isFrozen = false;

  constructor(
    readonly symbol: string,
    seed: number,
    private readonly from: number,
  ) {
    const random = (this.random = new Random(seed, `market ${symbol}`));
    this.base = round(random.between(15, 120));
    this.swings = [
      { size: random.between(0.015, 0.045), period: random.between(150, 420), phase: random.between(-0.6, 0.6) },
      { size: random.between(0.002, 0.01), period: random.between(20, 60), phase: random.between(0, 6) },
    ];
    this.spreadBp = random.between(2, 35);
    this.volume = random.whole(100_000, 900_000);
    this.quote = this.next(from);
  }

  get missing(): { bid?: null; ask?: null } {
    return this.missingSide === null ? {} : { [this.missingSide]: null };
  }

  /** The quote of this moment, a step later than the one before. */
  next(t: number): Quote {
    const { random } = this;
    if (this.isFrozen) return this.quote;
    const seconds = (t - this.from) / 1000;
    // Down first: the first rungs lie below.
    let move = 0;
    for (const { size, period, phase } of this.swings)
      move -= size * Math.sin((2 * Math.PI * seconds) / period + phase);
    const mid = this.base * (1 + move + 0.0008 * random.bell());
    const half = (mid * this.spreadBp * (random.chance(0.03) ? 12 : 1)) / 20_000;
    const bid = round(mid - half);
    const ask = Math.max(round(mid + half), bid + 0.01);
    const isWild = random.chance(0.01);
    const last = round(isWild ? mid * 1.05 : random.chance(0.5) ? bid : ask);
    if (!this.isHalted) this.volume += Math.round(random.between(50, 150) * (random.chance(0.25) ? 12 : 1));
    this.quote = { bid, ask: round(ask), last, volume: this.volume };
    return this.quote;
  }
}
