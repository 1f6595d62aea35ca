/**
 * The warning of a ladder that is wider than the hard stop: bought down to its lowest rung, the position would be sold
 * by the stop before that rung is reached. It looks at one line's own numbers; prices and average cost are the strategy's.
 */
import type { WrittenFields } from './checkFields';
import type { Finding } from './findings';
import type { Span, SymbolLine } from './parse';
import { DEFAULTS, FIELDS, type SymbolClass } from './schema';

/** The default of the hard stop's setting. */
export const DEFAULT_HARD_STOP_PCT = 5;

// docs/strategy.md section 4: the class's factor, and the multiples of the first and the lowest rung, at z = 0.
const WIDTH = { risky: 5, safe: 3 } as const;
const FIRST_RUNG = 0.375;
const LOWEST_RUNG = 1.25;

export function beyondStop(line: SymbolLine, head: Span, written: WrittenFields, hardStopPct: number): Finding | null {
  const field = line.fields.find(candidate => candidate.key.kind === 'word' && candidate.key.text === 'buy');
  // A buy that cannot be read has its own finding.
  if (field !== undefined && written.buy === undefined) return null;
  const buy = written.buy ?? DEFAULTS.buy;
  const symbolClass: SymbolClass = written.class ?? FIELDS.class.default;
  if (!reachesBeyond(buy, symbolClass, hardStopPct)) return null;
  return {
    code: 'ladder/beyondStop',
    severity: 'warning',
    at: field === undefined ? head : { start: field.value.start, end: field.value.end },
    line: line.line,
    buy,
    class: symbolClass,
    firstPct: Math.max(FIELDS.buy.min, buy) * WIDTH[symbolClass] * FIRST_RUNG,
    deepestPct: Math.max(FIELDS.buy.min, buy) * WIDTH[symbolClass] * LOWEST_RUNG,
    hardStopPct,
    largest: largestInside(symbolClass, hardStopPct),
    written: field !== undefined,
  };
}

const reachesBeyond = (buy: number, symbolClass: SymbolClass, hardStopPct: number): boolean =>
  Math.max(FIELDS.buy.min, buy) * WIDTH[symbolClass] * (LOWEST_RUNG - FIRST_RUNG) > hardStopPct;

function largestInside(symbolClass: SymbolClass, hardStopPct: number): string | null {
  const hundredths = Math.floor((hardStopPct * 100) / (WIDTH[symbolClass] * (LOWEST_RUNG - FIRST_RUNG)));
  const largest = hundredths / 100;
  return largest < FIELDS.buy.min || reachesBeyond(largest, symbolClass, hardStopPct) ? null : largest.toFixed(2);
}
