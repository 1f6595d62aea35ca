/**
 * Numbers as targets.txt writes them: ASCII digits with an optional point (`5`, `0.5`, `.5`, `5.`), no sign, no
 * exponent, no separators, no unit. Reads them, checks them against a field's range, guesses what a near miss meant,
 * and writes them back. It knows no lines and no keys.
 */
import type { NumberField } from './schema';

/** The number, or null for anything else. Only linear patterns: a line may be as long as it likes. */
export function readNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

/** Infinity, which a long row of digits reads as, is in no range. */
export function inRange(spec: NumberField, value: number): boolean {
  const aboveMin = spec.minExclusive === true ? spec.min < value : spec.min <= value;
  return aboveMin && (spec.max === null ? Number.isFinite(value) : value <= spec.max);
}

export const isAccepted = (spec: NumberField, text: string): boolean => {
  const value = readNumber(text);
  return value !== null && inRange(spec, value);
};

/** Digits with an optional point, never an exponent, so that what is written can be read back to the same double. */
export function writeNumber(value: number): string {
  const short = String(value);
  if (!short.includes('e')) return short;
  // 1e21 and 1e-7 are the only forms with an exponent; both are exact as shifted digits.
  const [digits = '', exponent = '0'] = short.split('e');
  return shiftPoint(digits, Number(exponent));
}

/** A bound in the words of a message: 0.10, 10.00, 1,000,000. */
export function writeBound(spec: NumberField, value: number): string {
  const [whole = '', fraction] = value.toFixed(spec.decimals).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  const dropFraction = fraction === undefined || (spec.unit !== 'percent' && Number(fraction) === 0);
  return dropFraction ? grouped : `${grouped}.${fraction}`;
}

/**
 * What a text that is no number was meant to be, when only one reading makes sense; null otherwise. A comma before
 * exactly three digits parts thousands of dollars but is a decimal comma in a percent; a minus has no reading.
 */
export function meantNumber(spec: NumberField, text: string): string | null {
  if (text.length > 40) return null;
  let digits = text.replace(/^[+$]+/, '').replace(/[;,]$/, '');
  let shift = 0;
  if (/%$/.test(digits) && spec.unit !== 'USD') {
    digits = digits.slice(0, -1);
    if (spec.unit === 'share') shift = -2;
  }
  if (spec.unit === 'USD') {
    digits = digits.replace(/(?:\$|USD)$/i, '');
    if (/^\d{1,3}(?:[,_']\d{3})+(?:\.\d*)?$/.test(digits)) digits = digits.replace(/[,_']/g, '');
  }
  if (/^\d*,\d+$/.test(digits)) digits = digits.replace(',', '.');
  if (readNumber(digits) === null) return null;
  const meant = shift === 0 ? digits : shiftPoint(digits, shift);
  return isAccepted(spec, meant) ? meant : null;
}

/** Moves the decimal point of a text of digits, exactly: `60` by -2 is `0.6`. */
export function shiftPoint(digits: string, places: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  const all = whole + fraction;
  const point = whole.length + places;
  const padded = point <= 0 ? '0'.repeat(1 - point) + all : all.padEnd(point, '0');
  const at = Math.max(point, 1);
  const head = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const tail = padded.slice(at).replace(/0+$/, '');
  return tail === '' ? head : `${head}.${tail}`;
}

const NUMBER = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
