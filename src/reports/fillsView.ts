/**
 * The review of fills as its page shows it: figures, P&L over time for all symbols and each, tables. The numbers are those of
 * the text tables (fillTables.ts); series are rounded to the cent and drawn as they are.
 */
import Decimal from 'decimal.js';
import type { Cell, Tone } from '../shared/dashboard';
import type { FillsFigure, FillsSeries, FillsTable, FillsView } from '../shared/fills';
import { MINUTE_MS, newYorkOffset, SECOND_MS } from '../strategy/exchangeTime';
import type { FillReview, PricedFill, SymbolReview } from './fillReview';
import {
  DAY_COLUMNS,
  dayCells,
  feesSentence,
  holdingSentence,
  lasted,
  reviewFacts,
  reviewTitle,
  sumsCells,
  TAG_COLUMNS,
  tagCells,
  TRIP_COLUMNS,
  tripCells,
  type ReviewHead,
} from './fillTables';
import { count, grouped, profit } from './format';

/** Minute by minute, so that time is to scale; over more days than this a point a fill is enough. */
const MOST_DAYS_TO_SCALE = 10;

const SYMBOL_COLUMNS = ['Symbol', 'Fills', 'Bought', 'Sold', 'Cash flow', 'Realized', 'Fees', 'After', 'Net', 'Held'];

export function fillsView(review: FillReview, head: ReviewHead): FillsView {
  const afters = review.symbols.map(each => cents(each.realized.minus(each.fees)));
  const largest = Math.max(0, ...afters.map(Math.abs));
  const tables: FillsTable[] = [
    { title: 'By day', columns: DAY_COLUMNS, rows: review.days.map(day => toned(DAY_COLUMNS, dayCells(day))) },
    { title: 'By tag', columns: TAG_COLUMNS, rows: review.tags.map(tag => toned(TAG_COLUMNS, tagCells(tag))) },
    {
      title: 'Round trips',
      columns: TRIP_COLUMNS,
      rows: review.trips.map(trip => toned(TRIP_COLUMNS, tripCells(trip))),
    },
  ];
  return {
    title: reviewTitle(review),
    facts: reviewFacts(review, head),
    isEmpty: review.symbols.length === 0,
    figures: figuresOf(review),
    notes: [feesSentence(review.total), holdingSentence(review.holding)].filter(Boolean),
    series: [
      seriesOf(null, review.fills),
      ...review.symbols.map(({ symbol }) =>
        seriesOf(
          symbol,
          review.fills.filter(fill => fill.symbol === symbol),
        ),
      ),
    ],
    symbols: {
      title: 'By symbol',
      columns: SYMBOL_COLUMNS,
      rows: review.symbols.map(each => toned(SYMBOL_COLUMNS, symbolCells(each))),
    },
    bars: afters.map(after => (largest === 0 ? 0 : after / largest)),
    tables: tables.filter(({ rows }) => rows.length > 0),
    skipped: review.skipped.map(({ line, reason }) => `Line ${line} ${reason}`),
  };
}

function figuresOf({ total, trips, holding }: FillReview): FillsFigure[] {
  const after = cents(total.realized.minus(total.fees));
  const won = trips.filter(trip => trip.realized.gt(trip.fees)).length;
  const figure = (label: string, value: string, note = '', tone: Tone = 'none') => ({ label, value, note, tone });
  const money = (label: string, value: number, note: string) => figure(label, profit(value), note, toneOf(value));
  const estimated =
    total.estimated === 0 ? 'as reported' : `${grouped(total.estimated, 0)} of ${total.fills} estimated`;
  return [
    money('After fees', after, ''),
    money('Realized', cents(total.realized), ''),
    figure('Fees', `$${grouped(cents(total.fees), 2)}`, estimated),
    figure(
      'Fills',
      grouped(total.fills, 0),
      `${grouped(total.buys.fills, 0)} buys, ${grouped(total.sells.fills, 0)} sells`,
    ),
    figure('Round trips', grouped(trips.length, 0), trips.length === 0 ? '' : `${won} won after fees`),
    figure(
      'Held',
      holding.shares === 0 ? '–' : lasted(holding.shareMs / holding.shares),
      holding.shares === 0 ? '' : `on average, ${count(holding.shares, 'share')}`,
    ),
  ];
}

function symbolCells(each: SymbolReview): string[] {
  const { holding } = each;
  const held = holding.shares === 0 ? '–' : lasted(holding.shareMs / holding.shares);
  return [each.symbol, ...sumsCells(each), grouped(each.net, 0), held];
}

/** Signs are in the text; the tone repeats them. */
function toned(columns: readonly string[], cells: readonly string[]): Cell[] {
  return cells.map((text, index) => {
    const isMoney = columns[index] === 'Realized' || columns[index] === 'After';
    const tone = !isMoney ? undefined : text.startsWith('+') ? 'up' : /^0(\.0+)?$/.test(text) ? 'dim' : 'down';
    return tone === undefined ? { text } : { text, tone };
  });
}

/** @param fills in order of time */
function seriesOf(symbol: string | null, fills: readonly PricedFill[]): FillsSeries {
  const times: number[] = [];
  const realized: number[] = [];
  const after: number[] = [];
  let [gross, fees] = [new Decimal(0), new Decimal(0)];
  const isToScale = new Set(fills.map(fill => fill.date)).size <= MOST_DAYS_TO_SCALE;
  const put = (time: number) => {
    const isNew = times.at(-1) !== time;
    const index = isNew ? times.length : times.length - 1;
    times[index] = time;
    realized[index] = cents(gross);
    after[index] = cents(gross.minus(fees));
  };
  let date = '';
  let newest = 0;
  for (const fill of fills) {
    const time = axisTime(fill.t, isToScale);
    // Between two fills of a day the line stands still; nights take no room.
    if (isToScale && fill.date === date) for (let at = newest + 60; at < time; at += 60) put(at);
    gross = gross.plus(fill.realized);
    fees = fees.plus(fill.fee);
    put(time);
    date = fill.date;
    newest = time;
  }
  return { symbol, times, realized, after };
}

function axisTime(t: number, isToScale: boolean): number {
  const step = isToScale ? MINUTE_MS : SECOND_MS;
  return (Math.floor((t + newYorkOffset(t)) / step) * step) / SECOND_MS;
}

const toneOf = (value: number): Tone => (value > 0 ? 'up' : value < 0 ? 'down' : 'dim');
const cents = (value: Decimal): number => value.toDecimalPlaces(2).toNumber();
