/**
 * The review of fills as tables for people: all symbols with totals, one symbol, and what lies behind them by day, tag and
 * round trip. Widths are fixed, so that tables of two days can be laid side by side.
 */
import Decimal from 'decimal.js';
import { amount, clock, count, duration, exchangeDate, grouped, MINUS } from './format';
import type { FillReview, Side, Sums, SymbolReview } from './fillReview';
import type { SkippedRow } from './fillRows';
import type { Holding, RoundTrip } from './holding';

export interface ReviewHead {
  readonly file: string;
  /** `PAPER ···4417`; empty when nobody knows whose file it is. */
  readonly account: string;
}

/** `Fills of 2026-11-18`. */
export const reviewTitle = ({ firstDate, lastDate }: FillReview): string =>
  `Fills of ${firstDate === lastDate ? firstDate : `${firstDate} to ${lastDate}`}`;

/** `fills_live.csv, 25 rows, 23 of them read, PAPER ···4417`. */
export function reviewFacts(review: FillReview, head: ReviewHead): string {
  const counts = review.skipped.length === 0 ? '' : `, ${review.read} of them read`;
  return [`${head.file}, ${count(review.rows, 'row')}${counts}`, head.account].filter(Boolean).join(', ');
}

/** The table with one row a symbol and the totals. */
export function reviewTable(review: FillReview, head: ReviewHead): string {
  const facts = reviewFacts(review, head);
  if (review.symbols.length === 0) {
    return [`No fills yet (${facts})`, skippedSentence(review.skipped)].filter(Boolean).join('\n\n');
  }
  const rule = '─'.repeat(WIDTH);
  return [
    `${reviewTitle(review)} (${facts})`,
    '',
    tableRow(['Symbol', 'Fills', 'Bought', 'Sold', 'Net', 'Cash flow', 'Realized', 'Fees', 'After']),
    rule,
    ...review.symbols.map(each => sumsRow(each.symbol, each)),
    rule,
    sumsRow('Total', review.total),
    ...(review.skipped.length === 0 ? [] : ['', skippedSentence(review.skipped)]),
  ].join('\n');
}

/** Buys, sells and tags of one symbol. */
export function symbolTable(review: SymbolReview): string {
  const side = (name: string, { fills, shares, notional, average }: Side) =>
    `  ${name.padEnd(12)}${String(fills).padStart(3)} ${fills === 1 ? 'fill ' : 'fills'}${grouped(shares, 0).padStart(9)} shares` +
    `   $${dollars(notional).padStart(10)}` +
    (average === null ? '' : `   average ${average.toFixed(4)}`);
  const money = (name: string, value: Decimal, sign: string) => {
    const label = `  ${name}`;
    return label + `${sign}$${dollars(value.abs())}`.padStart(53 - label.length);
  };
  return [
    review.symbol,
    side('Buys', review.buys),
    side('Sells', review.sells),
    money('Net cash flow', review.cashFlow, signOf(review.cashFlow, 'minus')),
    money('Realized', review.realized, signOf(review.realized, 'always')),
    `  By tag      ${review.tags.map(([tag, n]) => `${tag} ${n}`).join('   ')}`,
    `  First fill  ${review.first} ET     Last fill  ${review.last} ET`,
  ].join('\n');
}

/** What lies behind the totals: where the fees come from, days, tags, holding times and round trips. */
export function reviewDetails(review: FillReview): string {
  if (review.symbols.length === 0) return '';
  const { days, tags, trips } = review;
  const blocks = [
    feesSentence(review.total),
    block('By day', DAY_COLUMNS, days.map(dayCells)),
    block('By tag', TAG_COLUMNS, tags.map(tagCells)),
    holdingSentence(review.holding),
    trips.length === 0
      ? 'No round trip yet: no symbol has gone from flat to flat in this file.'
      : block('Round trips', TRIP_COLUMNS, [...trips.map(tripCells), ...(trips.length > 1 ? [tripTotal(trips)] : [])]),
  ];
  const skipped = review.skipped.length > MAX_NAMED ? skippedRows(review.skipped) : '';
  return [...blocks, skipped].filter(Boolean).join('\n\n');
}

/** More than the sentence under the table has room for. */
const skippedRows = (skipped: readonly SkippedRow[]): string =>
  ['Skipped rows', '', ...skipped.map(({ line, reason }) => `line ${line} ${reason}`)].join('\n');

/** The same of one symbol, below its table. */
export function symbolDetails(review: SymbolReview): string {
  const { trips } = review;
  const sentence = holdingSentence(review.holding);
  const table = trips.length === 0 ? '' : block('Round trips', TRIP_COLUMNS, trips.map(tripCells));
  return [sentence, table].filter(Boolean).join('\n\n');
}

/** Where each column ends; the first starts at the left edge. */
const ENDS = [6, 13, 22, 30, 38, 52, 63, 71, 81];
const WIDTH = 81;

function tableRow(cells: readonly string[]): string {
  let line = '';
  cells.forEach((cell, index) => {
    const end = ENDS[index] ?? WIDTH;
    line += index === 0 ? cell.padEnd(end) : ` ${cell}`.padStart(end - line.length);
  });
  return line;
}

function sumsRow(name: string, review: Sums): string {
  const fees = review.fees.toDecimalPlaces(2);
  return tableRow([
    name,
    grouped(review.fills, 0),
    grouped(review.buys.shares, 0),
    grouped(review.sells.shares, 0),
    grouped(review.net, 0),
    amount(review.cashFlow.toDecimalPlaces(2).toNumber()),
    amount(review.realized.toDecimalPlaces(2).toNumber(), 'always'),
    amount(fees.toNumber()),
    amount(review.realized.toDecimalPlaces(2).minus(fees).toNumber(), 'always'),
  ]);
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const MAX_NAMED = 20;

function skippedSentence(skipped: readonly SkippedRow[]): string {
  if (skipped.length === 0) return '';
  const named = skipped.slice(0, MAX_NAMED).map(row => `line ${row.line} ${row.reason}`);
  const more = skipped.length - named.length;
  if (more > 0) named.push(`and ${count(more, 'more line')}`);
  const n = NUMBERS[skipped.length] ?? grouped(skipped.length, 0);
  return `${n} ${skipped.length === 1 ? 'row was' : 'rows were'} skipped: ${named.join('; ')}.`;
}

const dollars = (value: Decimal): string => grouped(value.toDecimalPlaces(2).toNumber(), 2);
const signOf = (value: Decimal, sign: 'always' | 'minus'): string =>
  value.isZero() ? '' : value.isNegative() ? MINUS : sign === 'always' ? '+' : '';

const SUM_COLUMNS = ['Fills', 'Bought', 'Sold', 'Cash flow', 'Realized', 'Fees', 'After'];
export const DAY_COLUMNS = ['Date', ...SUM_COLUMNS];
export const TAG_COLUMNS = ['Tag', 'Fills', 'Shares', 'Realized', 'Fees', 'After'];
export const TRIP_COLUMNS = ['Symbol', 'Opened', 'Closed', 'Held', 'Fills', 'Shares', 'Realized', 'Fees', 'After'];

export const sumsCells = (sums: Sums): string[] => [
  grouped(sums.fills, 0),
  grouped(sums.buys.shares, 0),
  grouped(sums.sells.shares, 0),
  amount(cents(sums.cashFlow)),
  ...moneyCells(sums.realized, sums.fees),
];

export const dayCells = ({ date, ...sums }: Sums & { date: string }): string[] => [date, ...sumsCells(sums)];

export const tagCells = ({ tag, ...sums }: Sums & { tag: string }): string[] => [
  tag,
  grouped(sums.fills, 0),
  grouped(sums.buys.shares + sums.sells.shares, 0),
  ...moneyCells(sums.realized, sums.fees),
];

export const tripCells = (trip: RoundTrip): string[] => [
  trip.symbol,
  stamp(trip.opened),
  stamp(trip.closed),
  lasted(trip.closed - trip.opened),
  grouped(trip.fills, 0),
  grouped(trip.shares, 0),
  ...moneyCells(trip.realized, trip.fees),
];

function tripTotal(trips: readonly RoundTrip[]): string[] {
  const of = (pick: (trip: RoundTrip) => number) =>
    grouped(
      trips.reduce((all, trip) => all + pick(trip), 0),
      0,
    );
  const realized = Decimal.sum(...trips.map(trip => trip.realized));
  const fees = Decimal.sum(...trips.map(trip => trip.fees));
  const won = trips.filter(trip => trip.realized.gt(trip.fees)).length;
  const name = `${won} of ${trips.length} won`;
  return ['Total', name, '', '', of(trip => trip.fills), of(trip => trip.shares), ...moneyCells(realized, fees)];
}

export function moneyCells(realized: Decimal, fees: Decimal): string[] {
  const [gross, costs] = [realized.toDecimalPlaces(2), fees.toDecimalPlaces(2)];
  return [
    amount(gross.toNumber(), 'always'),
    amount(costs.toNumber()),
    amount(gross.minus(costs).toNumber(), 'always'),
  ];
}

/** As wide as it has to be: words to the left, numbers to the right. */
function block(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map(row => (row[column] ?? '').length)));
  const isLeft = (column: number) => column === 0 || head[column] === 'Opened' || head[column] === 'Closed';
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isLeft(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   ')
      .trimEnd();
  return [title, '', line(head), '─'.repeat(line(head).length), ...rows.map(line)].join('\n');
}

export function feesSentence({ fills, estimated }: Sums): string {
  const rule = 'the greater of $1 and $0.005 a share, a fill';
  if (estimated === 0) return `Fees: all ${count(fills, 'fill')} as the broker reported them.`;
  if (estimated >= fills) return `Fees are estimated: ${rule}. No journal beside this file has the broker’s.`;
  const reported = count(fills - estimated, 'fill');
  return `Fees: ${reported} as the broker reported, ${grouped(estimated, 0)} estimated: ${rule}.`;
}

export function holdingSentence({ shares, shareMs, shortestMs, longestMs, unknownShares }: Holding): string {
  const unknown =
    unknownShares === 0 ? '' : ` ${grouped(unknownShares, 0)} sold that this file did not buy are left out.`;
  if (shares === 0) return unknown === '' ? '' : `Holding time: no sold share whose buy is known.${unknown}`;
  const mean = `${grouped(shares, 0)} sold ${shares === 1 ? 'share' : 'shares'}, held ${lasted(shareMs / shares)} on average`;
  return `Holding time: ${mean}, ${lasted(shortestMs)} to ${lasted(longestMs)}, newest sold first.${unknown}`;
}

/** `1:02:10`, over a day `2 d 4:15:00`. */
export function lasted(milliseconds: number): string {
  const days = Math.floor(milliseconds / 86_400_000);
  return days === 0 ? duration(milliseconds) : `${days} d ${duration(milliseconds % 86_400_000)}`;
}

const stamp = (t: number): string => `${exchangeDate(t)} ${clock(t)}`;
const cents = (value: Decimal): number => value.toDecimalPlaces(2).toNumber();
