/**
 * What charts draw: the minute bars of the day with the reference as it was, and a few dozen closes a symbol for the small
 * line in a table. Plain copies, made when somebody asks; they decide nothing.
 */
import { referenceHistory } from '../strategy/reference';
import type { SymbolBook } from '../strategy/book';
import type { SymbolChart, SymbolSpark } from '../shared/protocol';
import type { Core } from './core';

const SPARK_POINTS = 80;

export function chartOf(core: Core, symbol: string): SymbolChart | null {
  const book = core.books.get(symbol);
  if (!book) return null;
  const { bars } = book;
  return {
    symbol,
    decimals: book.ticks.decimalsAt(book.last > 0 ? book.last : 1),
    starts: bars.all.map(bar => bar.start),
    opens: bars.all.map(bar => bar.open),
    highs: bars.all.map(bar => bar.high),
    lows: bars.all.map(bar => bar.low),
    closes: bars.all.map(bar => bar.close),
    references: referenceHistory(bars, book).map(price => (price > 0 ? price : null)),
    regularFrom: bars.day.t0930,
  };
}

/** Changes whenever a bar of one of them does, or the day. */
export function chartVersion(core: Core, symbols: readonly string[]): number {
  let sum = core.session.day;
  for (const symbol of symbols) sum += core.books.get(symbol)?.bars.version ?? 0;
  return sum;
}

export function sparksOf(core: Core): Record<string, SymbolSpark> {
  return Object.fromEntries(core.order.map(book => [book.symbol, sparkOf(book)]));
}

/** Every n-th close, the newest always among them. */
function sparkOf({ bars, reference }: SymbolBook): SymbolSpark {
  const closes = bars.all.filter(bar => bar.start >= bars.day.t0930).map(bar => bar.close);
  const every = Math.max(1, Math.ceil(closes.length / SPARK_POINTS));
  return {
    closes: closes.filter((_, index) => (closes.length - 1 - index) % every === 0),
    reference: reference.price > 0 ? reference.price : null,
  };
}
