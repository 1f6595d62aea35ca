/**
 * The lines of fills_live.csv and pnl_summary_live.csv as text: column order, rounding and time stamps exist once, so that a
 * replay writes the very bytes that a session writes. It opens no file and decides nothing about which rows there are.
 * The forms are docs/strategy.md section 9.
 */
import { stringify } from 'csv-stringify/sync';
import { Decimal } from 'decimal.js';
import { isoNewYork } from '../strategy/exchangeTime';
import type { FillRow } from '../engine/events';

export const FILLS_COLUMNS = ['ts', 'symbol', 'side', 'qty', 'price', 'tag', 'realized_pnl'] as const;
export const PNL_COLUMNS = ['ts', 'symbol', 'pos', 'avg', 'last', 'uPnL', 'rPnL_to_date'] as const;

/** First lines of the two files, line end included. */
export const FILLS_HEADER = `${FILLS_COLUMNS.join(',')}\n`;
export const PNL_HEADER = `${PNL_COLUMNS.join(',')}\n`;

/** One execution as a line of fills_live.csv, line end included. */
export function fillRowText(row: FillRow): string {
  return stringify([
    [isoNewYork(row.t), row.symbol, row.side, String(row.qty), priceText(row.price), row.tag, moneyText(row.realized)],
  ]);
}

/** A symbol at a moment; prices are null while nobody knows them. */
export interface PnlRow {
  t: number;
  symbol: string;
  /** Whole shares. */
  pos: number;
  avg: number | string | null;
  last: number | string | null;
  uPnL: number | string;
  /** Realized since the account's journal began. */
  rPnL: number | string;
}

/** One symbol as a line of pnl_summary_live.csv, line end included. No field of it can hold a comma, a quote or a line end. */
export function pnlRowText(row: PnlRow): string {
  const avg = row.avg === null ? '' : priceText(row.avg);
  const last = row.last === null ? '' : priceText(row.last);
  return `${momentText(row.t)},${row.symbol},${row.pos},${avg},${last},${moneyText(row.uPnL)},${moneyText(row.rPnL)}\n`;
}

const moment = { t: NaN, text: '' };

/** The rows of all symbols at a moment begin with the same text. */
function momentText(t: number): string {
  if (t !== moment.t) {
    moment.t = t;
    moment.text = isoNewYork(t);
  }
  return moment.text;
}

/** 2 to 4 decimals without a zero at the end: nothing to round. */
const READY_PRICE = /^\d+\.\d{1,3}[1-9]$/;

/** Up to 4 decimals half even, without trailing zeros but with at least 2. */
export function priceText(price: number | string): string {
  const text = String(price);
  if (READY_PRICE.test(text)) return text;
  const rounded = new Decimal(price).toDecimalPlaces(4, Decimal.ROUND_HALF_EVEN);
  return plain(rounded, Math.max(2, rounded.decimalPlaces()));
}

/** 2 decimals, half even. */
export function moneyText(amount: number | string): string {
  if (amount === '0') return '0.00';
  return plain(new Decimal(amount).toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN), 2);
}

/** A negative amount that rounds to nothing is 0.00, not -0.00. */
function plain(value: Decimal, decimals: number): string {
  return (value.isZero() ? value.abs() : value).toFixed(decimals);
}
