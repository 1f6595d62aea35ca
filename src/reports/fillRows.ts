/**
 * The rows of a fills file: text to fills, whoever wrote it. It takes the earlier Python bot's files too, with or without
 * header. A row that cannot be read is kept with its number and reason; nothing is guessed. What the fills add up to is
 * fillReview.ts.
 */
import Decimal from 'decimal.js';
import { isoNewYork, newYorkInstant, parseDay, SECOND_MS } from '../strategy/exchangeTime';
import { clock, count, exchangeDate } from './format';
import { FILLS_COLUMNS, priceText } from './rows';

export interface Fill {
  /** Line in the file, counted from 1. */
  readonly line: number;
  /** ms UTC, whole seconds. */
  readonly t: number;
  /** Exchange date and time. */
  readonly date: string;
  readonly time: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  /** Negative in the first row of a correction: it takes a fill back. 0 in the second one: the fill never was. */
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

export interface FillRows {
  readonly fills: readonly Fill[];
  readonly skipped: readonly SkippedRow[];
}

export function readFills(text: string): FillRows {
  const fills: Fill[] = [];
  const skipped: SkippedRow[] = [];
  for (const { line, cells } of rowsOf(text)) {
    const fill = readRow(line, cells);
    if ('reason' in fill) skipped.push(fill);
    else fills.push(fill);
  }
  return { fills, skipped };
}

const CORRECTION = /_corr$/;

/** What a fill was for, whether or not it was corrected later. */
export const tagOf = (fill: Fill): string => fill.tag.replace(CORRECTION, '') || 'untagged';

/**
 * The fills as they are after all corrections: the pair of rows of one takes the place of the fill that it names, at that
 * fill's time. A pair whose fill is not in the file stays as it stands, so that the sums are right all the same.
 */
export function correctedFills(fills: readonly Fill[]): Fill[] {
  const kept: (Fill | null)[] = [];
  /** The fill that the next row of the same correction replaces, and where it stood. */
  let taken: { fill: Fill; index: number } | null = null;
  for (const fill of fills) {
    const undone = isCorrection(fill) && fill.qty < 0 ? lastIndex(kept, each => isUndoneBy(each, fill)) : -1;
    const original = kept[undone] ?? null;
    if (original !== null) {
      taken = { fill: original, index: undone };
      kept[undone] = null;
    } else if (taken !== null && isCorrection(fill) && fill.qty >= 0 && fill.symbol === taken.fill.symbol) {
      const { t, date, time } = taken.fill;
      kept[taken.index] = { ...fill, t, date, time };
      taken = null;
    } else kept.push(fill);
  }
  return kept.filter((fill): fill is Fill => fill !== null && fill.qty !== 0);
}

const isCorrection = (fill: Fill): boolean => CORRECTION.test(fill.tag);

const isUndoneBy = (fill: Fill, undo: Fill): boolean =>
  fill.symbol === undo.symbol &&
  fill.side === undo.side &&
  fill.qty === -undo.qty &&
  fill.price.eq(undo.price) &&
  tagOf(fill) === tagOf(undo);

function lastIndex(fills: readonly (Fill | null)[], fits: (fill: Fill) => boolean): number {
  for (let index = fills.length - 1; index >= 0; index--) {
    const fill = fills[index];
    if (fill && fits(fill)) return index;
  }
  return -1;
}

/** The row as fills_live.csv and the journal both have it: second, symbol, side, shares, price and tag. */
export const rowKey = (
  row: Pick<Fill, 't' | 'symbol' | 'side' | 'qty' | 'tag'> & { price: Decimal | string },
): string => [isoNewYork(row.t), row.symbol, row.side, row.qty, priceText(row.price.toString()), row.tag].join('|');

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

const CELL = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;

/** A row never spans lines, so that one broken quote cannot swallow the rest of the file. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map(cell => cell.trim());
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const found = CELL.exec(line);
    // An unclosed quote: one cell, so that the column count says what is wrong.
    if (found === null) return [line];
    const [, quoted, bare = '', end] = found;
    cells.push(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'));
    if (end === '') return cells;
  }
}

function readRow(line: number, cells: readonly string[]): Fill | SkippedRow {
  const skip = (reason: string): SkippedRow => ({ line, reason });
  if (cells.length !== FILLS_COLUMNS.length)
    return skip(`has ${count(cells.length, 'column')}, expected ${FILLS_COLUMNS.length}`);
  const [ts = '', symbol = '', side = '', qty = '', price = '', tag = '', realized = ''] = cells;
  const at = readTime(ts);
  if (at === null) return skip(`has time "${ts}", expected a date and time such as 2026-11-18T09:38:45-05:00`);
  if (symbol === '') return skip('has no symbol');
  const upper = side.toUpperCase();
  if (upper !== 'BUY' && upper !== 'SELL') return skip(`has side "${side}", expected BUY or SELL`);
  // The old bot wrote whole shares as 12.0 now and then. Nothing is left of a fill that was taken back whole.
  const isWhole = /^-?\d+(\.0*)?$/.test(qty) && (Number(qty) !== 0 || CORRECTION.test(tag));
  if (!isWhole) return skip(`has quantity "${qty}", expected whole shares`);
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

/** A time without offset is taken as exchange time, which is what the old bot wrote. */
function readTime(ts: string): { t: number; date: string; time: string } | null {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(ts);
  if (found === null) return null;
  const [, date = '', hour = '', minute = '', second = '00', offset] = found;
  const day = parseDay(date);
  if (day === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (offset === undefined) {
    return { t: newYorkInstant(day, seconds * SECOND_MS), date, time: `${hour}:${minute}:${second}` };
  }
  const colon = offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const t = Date.parse(`${date}T${hour}:${minute}:${second}${colon}`);
  return Number.isNaN(t) ? null : { t, date: exchangeDate(t), time: clock(t) };
}
