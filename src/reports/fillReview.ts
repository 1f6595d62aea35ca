/**
 * What the fills of a file add up to: by symbol, day and tag, round trips and holding times. Fees are the broker's where the
 * journal has them, else an estimate that is counted as one. The tables for people are fillTables.ts.
 */
import Decimal from 'decimal.js';
import { correctedFills, readFills, tagOf, type Fill, type SkippedRow } from './fillRows';
import { holdingOf, type Holding, type RoundTrip } from './holding';
import { feesByLine, type FeesByLine, type JournalFees } from './journalFees';

export interface Side {
  readonly fills: number;
  readonly shares: number;
  readonly notional: Decimal;
  readonly average: Decimal | null;
}

/** Sums over any set of fills. */
export interface Sums {
  readonly fills: number;
  readonly buys: Side;
  readonly sells: Side;
  readonly net: number;
  readonly cashFlow: Decimal;
  readonly realized: Decimal;
  readonly fees: Decimal;
  /** Fills whose commission no journal had. */
  readonly estimated: number;
}

export interface SymbolReview extends Sums {
  readonly symbol: string;
  readonly tags: readonly (readonly [tag: string, n: number])[];
  /** Exchange date and time. */
  readonly first: string;
  readonly last: string;
  readonly holding: Holding;
  readonly trips: readonly RoundTrip[];
}

export interface FillReview {
  readonly rows: number;
  readonly read: number;
  readonly firstDate: string;
  readonly lastDate: string;
  readonly symbols: readonly SymbolReview[];
  readonly days: readonly (Sums & { readonly date: string })[];
  readonly tags: readonly (Sums & { readonly tag: string })[];
  readonly total: Sums;
  readonly holding: Holding;
  /** In the order in which they closed. */
  readonly trips: readonly RoundTrip[];
  /** After corrections, in order of time. */
  readonly fills: readonly PricedFill[];
  readonly skipped: readonly SkippedRow[];
}

/** A fill with its fee. */
export interface PricedFill extends Fill {
  readonly fee: Decimal;
}

export function reviewFills(text: string, journals: readonly JournalFees[] = []): FillReview {
  const { fills: rows, skipped } = readFills(text);
  const known = feesByLine(rows, journals);
  const fills = correctedFills(rows).map(fill => ({ ...fill, fee: known.get(fill.line) ?? estimateOf(fill) }));
  const dates = rows.map(row => row.date).sort();
  const sums = (own: readonly PricedFill[]) => sumsOf(own, known);
  // By time, and within a second as the file has them: the old bot's files are in order, a person's may not be.
  const inTime = [...fills].sort((a, b) => a.t - b.t || a.line - b.line);
  const symbols = [...groupBy(fills, fill => fill.symbol)].map(([symbol, own]) => reviewSymbol(symbol, own, sums));
  return {
    rows: rows.length + skipped.length,
    read: rows.length,
    firstDate: dates[0] ?? '',
    lastDate: dates[dates.length - 1] ?? '',
    symbols,
    days: [...groupBy(inTime, fill => fill.date)].map(([date, own]) => ({ date, ...sums(own) })),
    tags: [...groupBy(inTime, tagOf)].map(([tag, own]) => ({ tag, ...sums(own) })),
    total: sums(fills),
    holding: allHoldings(symbols.map(each => each.holding)),
    trips: symbols.flatMap(each => each.trips).sort((a, b) => a.closed - b.closed),
    fills: inTime,
    skipped,
  };
}

function reviewSymbol(
  symbol: string,
  fills: readonly PricedFill[],
  sums: (own: readonly PricedFill[]) => Sums,
): SymbolReview {
  const inTime = [...fills].sort((a, b) => a.t - b.t || a.line - b.line);
  const at = (fill: Fill | undefined) => (fill === undefined ? '' : `${fill.date} ${fill.time}`);
  const tags = [...groupBy(fills, tagOf)].map(([tag, own]) => [tag, countOf(own)] as const);
  return { symbol, ...sums(fills), tags, first: at(inTime[0]), last: at(inTime.at(-1)), ...holdingOf(symbol, inTime) };
}

function sumsOf(fills: readonly PricedFill[], known: FeesByLine): Sums {
  const buys = sideOf(fills.filter(fill => fill.side === 'BUY'));
  const sells = sideOf(fills.filter(fill => fill.side === 'SELL'));
  return {
    fills: buys.fills + sells.fills,
    buys,
    sells,
    net: buys.shares - sells.shares,
    cashFlow: sells.notional.minus(buys.notional),
    realized: sum(fills.map(fill => fill.realized)),
    fees: sum(fills.map(fill => fill.fee)),
    estimated: fills.filter(fill => !known.has(fill.line)).length,
  };
}

function sideOf(fills: readonly Fill[]): Side {
  const shares = fills.reduce((all, fill) => all + fill.qty, 0);
  const notional = sum(fills.map(fill => fill.price.times(fill.qty)));
  return { fills: countOf(fills), shares, notional, average: shares === 0 ? null : notional.div(shares) };
}

/** A row that takes a fill back, whose fill is not in the file, counts against. */
const countOf = (fills: readonly Fill[]): number => fills.reduce((n, fill) => n + Math.sign(fill.qty), 0);

/** The greater of $1 and $0.005 a share; a row that takes a fill back takes its fee back. */
function estimateOf(fill: Fill): Decimal {
  const perShare = new Decimal('0.005').times(Math.abs(fill.qty));
  return Decimal.max(1, perShare).times(Math.sign(fill.qty));
}

function allHoldings(holdings: readonly Holding[]): Holding {
  const some = holdings.filter(each => each.shares > 0);
  return {
    shares: some.reduce((all, each) => all + each.shares, 0),
    shareMs: some.reduce((all, each) => all + each.shareMs, 0),
    shortestMs: some.length === 0 ? 0 : Math.min(...some.map(each => each.shortestMs)),
    longestMs: Math.max(0, ...some.map(each => each.longestMs)),
    unknownShares: holdings.reduce((all, each) => all + each.unknownShares, 0),
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce((all, value) => all.plus(value), new Decimal(0));
