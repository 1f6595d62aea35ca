/**
 * What a ticker may look like, and how IB wants to read it. Whether such a stock exists only a broker can say.
 */

export type TickerProblem = 'characters' | 'point' | 'length';

/** What is wrong with an upper-cased ticker, or null: 1 to 12 ASCII letters and digits, at most one point inside. */
export function tickerProblem(ticker: string): TickerProblem | null {
  if (!/^[A-Z0-9.]+$/.test(ticker)) return 'characters';
  const point = ticker.indexOf('.');
  if (point === 0 || point === ticker.length - 1 || point !== ticker.lastIndexOf('.')) return 'point';
  return ticker.length - (point < 0 ? 0 : 1) > 12 ? 'length' : null;
}

/** ASCII only: the upper case of a sharp s is two letters, and a dotless i would turn into another ticker's I. */
export const upperTicker = (text: string): string =>
  /[a-z]/.test(text) ? text.replace(/[a-z]+/g, letters => letters.toUpperCase()) : text;

/** IB writes share classes with a space: `BRK.B` is `BRK B`. */
export const ibSymbol = (symbol: string): string => symbol.replace('.', ' ');

/** The ticker that a text with stray signs was meant to be, or null: `$RCAT,` is RCAT, `brk-b` is BRK.B. */
export function nearestTicker(text: string): string | null {
  if (text.length > 30) return null;
  const bare = upperTicker(text)
    .replace(/^[^A-Z0-9]+|[^A-Z0-9]+$/g, '')
    .replace(/[-/_]/, '.');
  return bare !== '' && tickerProblem(bare) === null ? bare : null;
}
