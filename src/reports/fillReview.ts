/**
 * The review of a fills file: text of fills_live.csv to a model per symbol, and the model to the tables people read.
 * It takes the earlier Python bot's files too, with or without header. A row that cannot be read is kept with its number
 * and reason; nothing is guessed. Fees are an estimate, since the file does not hold them.
 */
import { parse } from 'csv-parse/sync';
import Decimal from 'decimal.js';
import { amount, clock, count, exchangeDate, grouped, MINUS } from './format';

export interface Fill {
  /** Line in the file, counted from 1. */
  readonly line: number;
  readonly date: string;
  readonly time: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  /** Negative in the first row of a correction: it takes a fill back. */
  readonly qty: number;
  readonly price: Decimal;
  readonly tag: string;
  readonly realized: Decimal;
}

export interface SkippedRow {
  readonly line: number;
  /** `has 5 columns, expected 7` */
  readonly reason: string;
}

export interface SymbolReview {
  readonly symbol: string;
  readonly fills: number;
  readonly buys: Side;
  readonly sells: Side;
  readonly net: number;
  readonly cashFlow: Decimal;
  readonly realized: Decimal;
  readonly fees: Decimal;
  readonly tags: readonly (readonly [tag: string, n: number])[];
  readonly first: string;
  readonly last: string;
}

export interface Side {
  readonly fills: number;
  readonly shares: number;
  readonly notional: Decimal;
  readonly average: Decimal | null;
}

export interface FillReview {
  readonly rows: number;
  readonly read: number;
  readonly firstDate: string;
  readonly lastDate: string;
  readonly symbols: readonly SymbolReview[];
  readonly skipped: readonly SkippedRow[];
}

const COLUMNS = ['ts', 'symbol', 'side', 'qty', 'price', 'tag', 'realized_pnl'];

export function reviewFills(text: string): FillReview {
  const fills: Fill[] = [];
  const skipped: SkippedRow[] = [];
  for (const { line, cells } of rowsOf(text)) {
    const fill = readRow(line, cells);
    if ('reason' in fill) skipped.push(fill);
    else fills.push(fill);
  }
  const dates = fills.map(fill => fill.date).sort();
  return {
    rows: fills.length + skipped.length,
    read: fills.length,
    firstDate: dates[0] ?? '',
    lastDate: dates[dates.length - 1] ?? '',
    symbols: [...groupBySymbol(fills)].map(([symbol, own]) => reviewSymbol(symbol, own)),
    skipped,
  };
}

export interface ReviewHead {
  readonly file: string;
  /** `PAPER ···4417`; empty when nobody knows whose file it is. */
  readonly account: string;
}

/** The table with one row a symbol and the totals. */
export function reviewTable(review: FillReview, head: ReviewHead): string {
  const of = review.firstDate === review.lastDate ? review.firstDate : `${review.firstDate} to ${review.lastDate}`;
  const counts = review.skipped.length === 0 ? '' : `, ${review.read} of them read`;
  const facts = [`${head.file}, ${count(review.rows, 'row')}${counts}`, head.account].filter(Boolean).join(', ');
  if (review.symbols.length === 0) {
    return [`No fills yet (${facts})`, skippedSentence(review.skipped)].filter(Boolean).join('\n\n');
  }
  const rule = '─'.repeat(WIDTH);
  const total = totals(review.symbols);
  return [
    `Fills of ${of} (${facts})`,
    '',
    tableRow(['Symbol', 'Fills', 'Bought', 'Sold', 'Net', 'Cash flow', 'Realized', 'Fees', 'After']),
    rule,
    ...review.symbols.map(reviewRow),
    rule,
    reviewRow(total),
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

// --- reading

/** Rows one by one, so that a broken quote spoils its own line and not the rest of the file. */
function rowsOf(text: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  lines.forEach((content, index) => {
    if (content.trim() === '') return;
    const cells = cellsOf(content);
    if (cells[0]?.trim().toLowerCase() === 'ts') return;
    rows.push({ line: index + 1, cells });
  });
  return rows;
}

function cellsOf(line: string): string[] {
  try {
    const rows: string[][] = parse(line, { relax_column_count: true, trim: true });
    return rows[0] ?? [];
  } catch {
    // An unclosed quote: one cell, so that the column count says what is wrong.
    return [line];
  }
}

function readRow(line: number, cells: readonly string[]): Fill | SkippedRow {
  const skip = (reason: string): SkippedRow => ({ line, reason });
  if (cells.length !== COLUMNS.length) return skip(`has ${count(cells.length, 'column')}, expected ${COLUMNS.length}`);
  const [ts = '', symbol = '', side = '', qty = '', price = '', tag = '', realized = ''] = cells;
  const at = readTime(ts);
  if (at === null) return skip(`has time "${ts}", expected a date and time such as 2026-11-18T09:38:45-05:00`);
  if (symbol === '') return skip('has no symbol');
  const upper = side.toUpperCase();
  if (upper !== 'BUY' && upper !== 'SELL') return skip(`has side "${side}", expected BUY or SELL`);
  // The old bot wrote whole shares as 12.0 now and then.
  if (!/^-?\d+(\.0*)?$/.test(qty) || Number(qty) === 0) return skip(`has quantity "${qty}", expected whole shares`);
  if (!/^\d*\.?\d+$/.test(price) || Number(price) === 0) return skip(`has price "${price}", expected a number over 0`);
  if (realized !== '' && !/^[+-]?\d*\.?\d+(e-?\d+)?$/i.test(realized)) {
    return skip(`has realized P&L "${realized}", expected a number`);
  }
  return {
    line,
    ...at,
    symbol: symbol.toUpperCase(),
    side: upper,
    qty: Number(qty),
    price: new Decimal(price),
    tag,
    realized: new Decimal(realized === '' ? 0 : realized),
  };
}

/** Exchange date and time. A time without offset is taken as exchange time, which is what the old bot wrote. */
function readTime(ts: string): { date: string; time: string } | null {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(ts);
  if (found === null) return null;
  const [, date = '', time = '', offset] = found;
  const seconds = time.length === 5 ? `${time}:00` : time;
  const t = Date.parse(
    `${date}T${seconds}${offset === undefined ? 'Z' : offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`,
  );
  if (Number.isNaN(t)) return null;
  return offset === undefined ? { date, time: seconds } : { date: exchangeDate(t), time: clock(t) };
}

// --- adding up

function groupBySymbol(fills: readonly Fill[]): Map<string, Fill[]> {
  const groups = new Map<string, Fill[]>();
  for (const fill of fills) groups.set(fill.symbol, [...(groups.get(fill.symbol) ?? []), fill]);
  return groups;
}

function reviewSymbol(symbol: string, fills: readonly Fill[]): SymbolReview {
  const buys = sideOf(fills.filter(fill => fill.side === 'BUY'));
  const sells = sideOf(fills.filter(fill => fill.side === 'SELL'));
  const times = fills.map(fill => `${fill.date} ${fill.time}`).sort();
  return {
    symbol,
    fills: buys.fills + sells.fills,
    buys,
    sells,
    net: buys.shares - sells.shares,
    cashFlow: sells.notional.minus(buys.notional),
    realized: sum(fills.map(fill => fill.realized)),
    fees: sum(fills.map(feeOf)),
    tags: tagsOf(fills),
    first: times[0] ?? '',
    last: times[times.length - 1] ?? '',
  };
}

function sideOf(fills: readonly Fill[]): Side {
  const shares = fills.reduce((all, fill) => all + fill.qty, 0);
  const notional = sum(fills.map(fill => fill.price.times(fill.qty)));
  return {
    fills: fills.reduce((n, fill) => n + Math.sign(fill.qty), 0),
    shares,
    notional,
    average: shares === 0 ? null : notional.div(shares),
  };
}

/** The greater of $1 and $0.005 a share; a row that takes a fill back takes its fee back. */
function feeOf(fill: Fill): Decimal {
  const perShare = new Decimal('0.005').times(Math.abs(fill.qty));
  return Decimal.max(1, perShare).times(Math.sign(fill.qty));
}

function tagsOf(fills: readonly Fill[]): (readonly [string, number])[] {
  const tags = new Map<string, number>();
  for (const fill of fills) {
    const tag = fill.tag.replace(/_corr$/, '') || 'untagged';
    tags.set(tag, (tags.get(tag) ?? 0) + Math.sign(fill.qty));
  }
  return [...tags];
}

function totals(symbols: readonly SymbolReview[]): SymbolReview {
  const shares = (side: 'buys' | 'sells') => symbols.reduce((all, each) => all + each[side].shares, 0);
  const none = { fills: 0, notional: new Decimal(0), average: null };
  return {
    symbol: 'Total',
    fills: symbols.reduce((all, each) => all + each.fills, 0),
    buys: { ...none, shares: shares('buys') },
    sells: { ...none, shares: shares('sells') },
    net: shares('buys') - shares('sells'),
    cashFlow: sum(symbols.map(each => each.cashFlow)),
    realized: sum(symbols.map(each => each.realized)),
    fees: sum(symbols.map(each => each.fees)),
    tags: [],
    first: '',
    last: '',
  };
}

// --- words

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

function reviewRow(review: SymbolReview): string {
  const fees = review.fees.toDecimalPlaces(2);
  return tableRow([
    review.symbol,
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

const sum = (values: readonly Decimal[]): Decimal => values.reduce((all, value) => all.plus(value), new Decimal(0));
const dollars = (value: Decimal): string => grouped(value.toDecimalPlaces(2).toNumber(), 2);
const signOf = (value: Decimal, sign: 'always' | 'minus'): string =>
  value.isZero() ? '' : value.isNegative() ? MINUS : sign === 'always' ? '+' : '';
