/**
 * How long shares were held, and the round trips from flat to flat, of one symbol's fills in order of time. Sells take the
 * newest shares first, as the strategy does. Shares whose buy is not in the file are counted and left out.
 */
import Decimal from 'decimal.js';
import type { Fill } from './fillRows';

export interface Holding {
  /** Sold shares whose buy is known. */
  readonly shares: number;
  /** Sum over them of the time held: divided by `shares` it is the mean. */
  readonly shareMs: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Sold shares that the file did not buy. */
  readonly unknownShares: number;
}

export interface RoundTrip {
  readonly symbol: string;
  /** ms UTC of the first buy and the last sell. */
  readonly opened: number;
  readonly closed: number;
  readonly fills: number;
  /** Shares bought on the way, all of them sold again. */
  readonly shares: number;
  readonly realized: Decimal;
  readonly fees: Decimal;
}

interface Lot {
  readonly t: number;
  shares: number;
}

interface Trip {
  readonly opened: number;
  fills: number;
  shares: number;
  realized: Decimal;
  fees: Decimal;
}

const COVER = 'anti_short_cover';

export function holdingOf(
  symbol: string,
  fills: readonly (Fill & { readonly fee: Decimal })[],
): { holding: Holding; trips: RoundTrip[] } {
  const lots: Lot[] = [];
  const trips: RoundTrip[] = [];
  const holding = { shares: 0, shareMs: 0, shortestMs: Infinity, longestMs: 0, unknownShares: 0 };
  let trip: Trip | null = null;
  for (const fill of fills) {
    // A short that was bought back is no position of the ladder's.
    if (fill.tag.startsWith(COVER)) continue;
    // A correction whose fill is not in the file: its second row is all that is known of it.
    if (fill.qty < 0) continue;
    if (fill.side === 'BUY') {
      trip ??= { opened: fill.t, fills: 0, shares: 0, realized: new Decimal(0), fees: new Decimal(0) };
      trip.shares += fill.qty;
      lots.push({ t: fill.t, shares: fill.qty });
    } else {
      const known = takeNewest(lots, fill.qty, (shares, from) => {
        const held = fill.t - from;
        holding.shares += shares;
        holding.shareMs += shares * held;
        holding.shortestMs = Math.min(holding.shortestMs, held);
        holding.longestMs = Math.max(holding.longestMs, held);
      });
      holding.unknownShares += fill.qty - known;
    }
    if (trip === null) continue;
    trip.fills++;
    trip.realized = trip.realized.plus(fill.realized);
    trip.fees = trip.fees.plus(fill.fee);
    if (lots.length === 0) {
      trips.push({ symbol, closed: fill.t, ...trip });
      trip = null;
    }
  }
  return { holding: { ...holding, shortestMs: holding.shares === 0 ? 0 : holding.shortestMs }, trips };
}

/** Takes shares off the newest lots, says of each how many it gave, and returns how many there were. */
function takeNewest(lots: Lot[], wanted: number, each: (shares: number, from: number) => void): number {
  let left = wanted;
  while (left > 0) {
    const newest = lots.at(-1);
    if (newest === undefined) break;
    const shares = Math.min(left, newest.shares);
    each(shares, newest.t);
    newest.shares -= shares;
    left -= shares;
    if (newest.shares === 0) lots.pop();
  }
  return wanted - left;
}
