// The quoted book of one stock: a few price levels a side with sizes. Taking shares makes them gone until the market model
// quotes that side anew. It matches nothing by itself.

import type { Units } from './prices';

export interface Level {
  price: Units;
  size: number;
}

export interface Take {
  readonly price: Units;
  readonly shares: number;
}

/** How many levels one marketable order reaches before the rest of it has nothing to meet. */
const reach = 3;

export class BookSide {
  /** Best first. */
  private levels: Level[] = [];

  constructor(private readonly isAsk: boolean) {}

  get price(): Units | undefined {
    return this.levels[0]?.price;
  }

  get size(): number {
    return this.levels[0]?.size ?? 0;
  }

  quote(levels: Level[]): void {
    this.levels = levels;
  }

  /** The best level moves to a price, its size with it, until the side is quoted anew. */
  moveBest(price: Units): void {
    const best = this.levels[0];
    if (best) best.price = price;
  }

  clear(): void {
    this.levels = [];
  }

  /** Shares that one order at `limit` could meet now. */
  available(limit: Units): number {
    let shares = 0;
    for (const level of this.levels.slice(0, reach)) {
      if (this.isAsk ? level.price > limit : level.price < limit) break;
      shares += level.size;
    }
    return shares;
  }

  /** Shares up to `wanted` at `limit` or better, best level first, and removes them. */
  take(wanted: number, limit: Units): readonly Take[] {
    const takes: Take[] = [];
    let left = wanted;
    for (let reached = 0; reached < reach && left > 0; reached++) {
      const best = this.levels[0];
      if (!best || (this.isAsk ? best.price > limit : best.price < limit)) break;
      const shares = Math.min(left, best.size);
      takes.push({ price: best.price, shares });
      left -= shares;
      best.size -= shares;
      if (best.size > 0) break;
      this.levels.shift();
    }
    return takes;
  }
}
