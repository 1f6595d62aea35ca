// One-minute trade bars of one exchange day, made from the same prints that become ticks, so that history and ticks agree.
// A minute without a print has no bar, as in the real history service.

import type { Units } from './prices';

export interface Bar {
  /** Epoch seconds. */
  readonly start: number;
  open: Units;
  high: Units;
  low: Units;
  close: Units;
  volume: number;
  /** Sum of price × shares, for the average price. */
  turnover: number;
  count: number;
}

export class MinuteBars {
  readonly bars: Bar[] = [];

  add(atSeconds: number, price: Units, shares: number, prints: number): void {
    const start = Math.floor(atSeconds / 60) * 60;
    const newest = this.bars[this.bars.length - 1];
    if (newest?.start === start) {
      if (price > newest.high) newest.high = price;
      if (price < newest.low) newest.low = price;
      newest.close = price;
      newest.volume += shares;
      newest.turnover += price * shares;
      newest.count += prints;
    } else {
      this.bars.push({
        start,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: shares,
        turnover: price * shares,
        count: prints,
      });
    }
  }
}

/** Bars of `seconds` each, aligned to whole multiples counted from `origin`. */
export function aggregate(bars: readonly Bar[], seconds: number, origin: number): Bar[] {
  const wide: Bar[] = [];
  for (const bar of bars) {
    const start = origin + Math.floor((bar.start - origin) / seconds) * seconds;
    const newest = wide[wide.length - 1];
    if (newest?.start === start) {
      newest.high = Math.max(newest.high, bar.high);
      newest.low = Math.min(newest.low, bar.low);
      newest.close = bar.close;
      newest.volume += bar.volume;
      newest.turnover += bar.turnover;
      newest.count += bar.count;
    } else {
      wide.push({ ...bar, start });
    }
  }
  return wide;
}
