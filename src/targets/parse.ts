/**
 * Text of targets.txt to a tree with offsets. Every character belongs to exactly one line, so the tree prints back to
 * the very text it came from, and where something was expected a missing node stands, so that hover and completion
 * work in half-typed lines. It takes any string, throws nothing, and judges nothing: that is validate.ts.
 */
import { CLASS_NAMES } from './schema';

/** Offsets in UTF-16 units, start inclusive, end exclusive. */
export type Span = { readonly start: number; readonly end: number };

export type Word = Span & { readonly kind: 'word'; readonly text: string };
/** Nothing stands here; start and end are the place where it was expected. */
export type Missing = Span & { readonly kind: 'missing' };

/** `key=value`, or what there is of it. A bare word is a key without equals sign and value. */
export type FieldNode = Span & {
  readonly key: Word | Missing;
  /** The offset of the equals sign. */
  readonly equals: number | null;
  readonly value: Word | Missing;
};

type LineBase = Span & {
  /** Counted from 0. */
  readonly line: number;
  /** The whole line as it stands in the file, white space, comment and line end included. */
  readonly text: string;
  /** Where the next line starts; `end` is where the line end starts. */
  readonly fullEnd: number;
  readonly comment: Span | null;
};
export type BlankLine = LineBase & { readonly kind: 'blank' };
export type SymbolLine = LineBase & {
  readonly kind: 'symbol';
  readonly symbol: Word | Missing;
  readonly fields: readonly FieldNode[];
};
export type DirectiveLine = LineBase & {
  readonly kind: 'directive';
  readonly name: Word;
  readonly fields: readonly FieldNode[];
};
export type TargetsLine = BlankLine | SymbolLine | DirectiveLine;

export type TargetsDoc = {
  /** The byte order mark some editors write at the start of a file, or nothing. */
  readonly bom: string;
  /** At least one: the empty text is one empty line. */
  readonly lines: readonly [TargetsLine, ...TargetsLine[]];
  readonly length: number;
};

export function parseTargets(text: string): TargetsDoc {
  const bom = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(0, 1) : '';
  const first = parseLine(text, bom.length, 0);
  const lines: [TargetsLine, ...TargetsLine[]] = [first];
  // A text that ends in a line end has an empty last line, as editors show it.
  for (let line = first; line.fullEnd !== line.end; lines.push(line))
    line = parseLine(text, line.fullEnd, lines.length);
  return { bom, lines, length: text.length };
}

export function printTargets(doc: TargetsDoc): string {
  let text = doc.bom;
  for (const line of doc.lines) text += line.text;
  return text;
}

/** White space stands around the equals sign. */
export const isSpaced = (field: FieldNode): boolean =>
  field.equals !== null &&
  (field.key.end !== field.equals || (field.value.kind === 'word' && field.value.start !== field.equals + 1));

const BYTE_ORDER_MARK = 0xfeff;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HASH = 0x23;
const EQUALS = 0x3d;
const AT_SIGN = 0x40;

function parseLine(text: string, start: number, line: number): TargetsLine {
  const words: Word[] = [];
  let comment: Span | null = null;
  let at = start;
  let code = text.charCodeAt(at);
  // charCodeAt past the end is NaN, which is neither space nor line end: the length is asked everywhere.
  while (at < text.length && !isLineEnd(code)) {
    if (isSpace(code)) {
      at++;
    } else if (code === HASH) {
      // A word takes its own hashes along, so one met here stands at the start of the line or after white space.
      const from = at;
      while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++;
      comment = { start: from, end: at };
    } else {
      const from = at;
      do code = text.charCodeAt(++at);
      while (at < text.length && !isSpace(code) && !isLineEnd(code));
      words.push(word(text, from, at));
    }
    code = text.charCodeAt(at);
  }
  const end = at;
  if (at < text.length) at += code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED ? 2 : 1;
  const base = { start, end, line, text: text.slice(start, at), fullEnd: at, comment };

  const first = words[0];
  if (first === undefined) return { kind: 'blank', ...base };
  if (first.text.charCodeAt(0) === AT_SIGN) {
    return { kind: 'directive', ...base, name: first, fields: fieldsOf(text, words, 1) };
  }
  if (first.text.includes('=')) {
    return { kind: 'symbol', ...base, symbol: missing(first.start), fields: fieldsOf(text, words, 0) };
  }
  return { kind: 'symbol', ...base, symbol: first, fields: fieldsOf(text, words, 1) };
}

function fieldsOf(text: string, words: readonly Word[], from: number): FieldNode[] {
  const fields: FieldNode[] = [];
  let index = from;
  for (let first = words[index]; first !== undefined; first = words[index]) {
    index++;
    const equalsIn = first.text.indexOf('=');
    let key: Word | Missing = first;
    let holder = first;
    let equals = first.start + equalsIn;
    if (equalsIn < 0) {
      // `buy =0.6` and `buy = 0.6` are one field with white space in it, not a bare word and a value without a key.
      const next = words[index];
      if (next?.text.charCodeAt(0) !== EQUALS) {
        fields.push({ start: first.start, end: first.end, key, equals: null, value: missing(first.end) });
        continue;
      }
      index++;
      holder = next;
      equals = next.start;
    } else {
      key = equalsIn === 0 ? missing(first.start) : word(text, first.start, equals);
    }
    let value: Word | Missing = missing(equals + 1);
    if (equals + 1 < holder.end) {
      value = word(text, equals + 1, holder.end);
    } else {
      const next = words[index];
      if (canBeValue(next)) {
        value = next;
        index++;
      }
    }
    fields.push({ start: key.start, end: value.end, key, equals, value });
  }
  return fields;
}

/**
 * Whether the word after an equals sign that has nothing behind it is meant as its value. A word that starts a field of
 * its own is not: in `buy= sell=0.6` the value of buy is missing.
 */
function canBeValue(next: Word | undefined): next is Word {
  if (next === undefined || next.text.includes('=')) return false;
  return /^[0-9.+-]/.test(next.text) || CLASS_NAMES.some(name => name === next.text.toLowerCase());
}

const word = (text: string, start: number, end: number): Word => ({
  kind: 'word',
  text: text.slice(start, end),
  start,
  end,
});
const missing = (at: number): Missing => ({ kind: 'missing', start: at, end: at });

const isLineEnd = (code: number): boolean => code === LINE_FEED || code === CARRIAGE_RETURN;

/** What the eye takes for a gap parts words too: a no-break space pasted from a web page must not end up in a ticker. */
function isSpace(code: number): boolean {
  if (code < 0xa0) return code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c;
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === BYTE_ORDER_MARK
  );
}
