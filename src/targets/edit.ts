/**
 * Changes to targets.txt as edits of spans, so that comments, spacing and every other line stay as they are. The
 * dashboard writes its numbers through it, quick fixes use the same edits. It never writes what the schema refuses.
 */
import { parseTargets, type FieldNode, type Span, type SymbolLine } from './parse';
import { isAccepted, writeNumber } from './numbers';
import { CLASS_NAMES, FIELDS, type FieldKey } from './schema';
import { tickerProblem, upperTicker } from './ticker';

/** Replaces the characters from start to end; an insertion has start = end. Offsets are those of the text before. */
export type TextEdit = Span & { readonly text: string };

/** Applies edits that do not overlap, in whatever order they come. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((left, right) => left.start - right.start || left.end - right.end);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * The edits that give a symbol's line `key=value`, or with null take the key away so that its default holds. The line
 * is the first one of that ticker, the one that counts. No edits: the ticker is not listed, the schema does not accept
 * the value, or the line says so already.
 */
export function setField(text: string, symbol: string, key: FieldKey, value: string | number | null): TextEdit[] {
  const line = lineOf(text, symbol);
  const written = value === null ? null : writtenValue(key, value);
  if (line === null || (value !== null && written === null)) return [];
  const all = line.fields.filter(field => field.key.kind === 'word' && field.key.text === key);
  // Of a key written twice the first stays: the line has to come out valid.
  const kept = written === null ? undefined : all[0];
  const surplus = kept === undefined ? all : all.slice(1);
  const edits = surplus.map(field => removal(line, field));
  if (written === null) return edits;
  if (kept === undefined) edits.push(insertion(line, key, written));
  else if (text.slice(kept.key.end, kept.end) !== `=${written}`)
    edits.push(replacement(text, line, kept, written, surplus.length === 0));
  return edits;
}

/** The first line with that ticker. */
function lineOf(text: string, symbol: string): SymbolLine | null {
  const ticker = upperTicker(symbol);
  if (tickerProblem(ticker) !== null) return null;
  for (const line of parseTargets(text).lines) {
    if (line.kind === 'symbol' && line.symbol.kind === 'word' && upperTicker(line.symbol.text) === ticker) return line;
  }
  return null;
}

function writtenValue(key: FieldKey, value: string | number): string | null {
  const spec = FIELDS[key];
  const text = typeof value === 'number' ? writeNumber(value) : value;
  if (spec.kind === 'number') return isAccepted(spec, text) ? text : null;
  return CLASS_NAMES.find(name => name === text.toLowerCase()) ?? null;
}

/**
 * The new value takes from or gives to the gap behind it, so that the columns to the right stay where they are; not so
 * beside a removal, which takes that gap.
 */
function replacement(text: string, line: SymbolLine, field: FieldNode, written: string, mayPad: boolean): TextEdit {
  const start = field.key.end;
  const value = `=${written}`;
  const gap = spacesAt(text, field.end, line.end);
  const isLast = gap === 0 || field.end + gap === line.end;
  if (isLast || !mayPad) return { start, end: field.end, text: value };
  const width = field.end + gap - start;
  return { start, end: field.end + gap, text: value.padEnd(Math.max(width, value.length + 1)) };
}

/** Behind the last key that comes before it in the order of the schema, else behind the ticker. */
function insertion(line: SymbolLine, key: FieldKey, written: string): TextEdit {
  const order = Object.keys(FIELDS);
  const earlier = order.slice(0, order.indexOf(key));
  const isEarlier = (field: FieldNode): boolean => field.key.kind === 'word' && earlier.includes(field.key.text);
  const at = line.fields.findLast(isEarlier)?.end ?? line.symbol.end;
  return { start: at, end: at, text: ` ${key}=${written}` };
}

function removal(line: SymbolLine, field: FieldNode): TextEdit {
  const index = line.fields.indexOf(field);
  const before = line.fields[index - 1]?.end ?? line.symbol.end;
  return { start: before, end: field.end, text: '' };
}

/** Plain spaces only: a tab has no width of its own. */
function spacesAt(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) === 0x20) at++;
  return at - from;
}
