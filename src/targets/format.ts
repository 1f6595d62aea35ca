/**
 * Lines up targets.txt: one column a key, comments of neighbouring lines under each other, no white space at the ends.
 * A line with anything unusual in it stays as it is, because mending it would change what is traded. It moves white space
 * and the order of keys, never a word; what comes out reads the same to the bot, and formatting it again changes nothing.
 */
import type { TextEdit } from './edit';
import { isSpaced, parseTargets, type DirectiveLine, type FieldNode, type SymbolLine, type TargetsLine } from './parse';
import { FIELDS, isConfigKey, isFieldKey } from './schema';

/** A wider cell gets its room but widens no column: one slip must not push a whole file to the right. */
const WIDEST = 24;
const BEFORE_COMMENT = '   ';

/** The edits that line up the text, at most one a line; `lines` restricts them to a range, both ends included. */
export function formatTargets(text: string, lines: { first: number; last: number } | null = null): TextEdit[] {
  const doc = parseTargets(text);
  const rows = doc.lines.map(rowOf);
  const widths = columnWidths(rows.filter(row => row !== null && row.isSymbol));
  const bodies = rows.map(row =>
    row === null ? null : row.isSymbol ? aligned(row.cells, widths) : row.cells.join(' '),
  );
  const columns = commentColumns(doc.lines, bodies);
  const edits: TextEdit[] = [];
  for (const [index, line] of doc.lines.entries()) {
    if (lines !== null && (index < lines.first || lines.last < index)) continue;
    const body = bodies[index];
    if (body === null || body === undefined) continue;
    const written = text.slice(line.start, line.end);
    const comment = line.comment === null ? '' : text.slice(line.comment.start, line.comment.end).trimEnd();
    const formatted = withComment(body, comment, columns[index] ?? 0);
    if (formatted !== written) edits.push({ start: line.start, end: line.end, text: formatted });
  }
  return edits;
}

type Row = { readonly isSymbol: boolean; readonly cells: readonly string[] };

/** The cells of a line that may be moved; null: hands off. A line without words has none. */
function rowOf(line: TargetsLine): Row | null {
  if (line.kind === 'blank') return { isSymbol: false, cells: [] };
  if (line.kind === 'directive') return directiveRow(line);
  return symbolRow(line);
}

function directiveRow(line: DirectiveLine): Row | null {
  if (line.name.text !== '@config' || !areTidy(line.fields, isConfigKey)) return null;
  return { isSymbol: false, cells: [line.name.text, ...line.fields.map(textOf)] };
}

function symbolRow(line: SymbolLine): Row | null {
  if (line.symbol.kind === 'missing' || !areTidy(line.fields, isFieldKey)) return null;
  const cellOf = (key: string): string => {
    const field = line.fields.find(each => each.key.kind === 'word' && each.key.text === key);
    return field === undefined ? '' : textOf(field);
  };
  return { isSymbol: true, cells: [line.symbol.text, ...Object.keys(FIELDS).map(cellOf)] };
}

/** Known keys, each once, each with its value right behind the equals sign. */
function areTidy(fields: readonly FieldNode[], isKey: (name: string) => boolean): boolean {
  const seen = new Set<string>();
  for (const field of fields) {
    const { key, value } = field;
    if (key.kind === 'missing' || value.kind === 'missing' || isSpaced(field)) return false;
    if (!isKey(key.text) || seen.has(key.text)) return false;
    seen.add(key.text);
  }
  return true;
}

const textOf = ({ key, value }: FieldNode): string =>
  key.kind === 'word' && value.kind === 'word' ? `${key.text}=${value.text}` : '';

function columnWidths(rows: readonly (Row | null)[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of (row?.cells ?? []).entries()) {
      if (cell.length <= WIDEST) widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return widths;
}

/** Two spaces behind the ticker, one between fields; a column that no line uses takes no room. */
function aligned(cells: readonly string[], widths: readonly number[]): string {
  let text = '';
  for (const [column, cell] of cells.entries()) {
    const width = widths[column] ?? 0;
    if (width === 0 && cell === '') continue;
    text += `${cell.padEnd(width)}${column === 0 ? '  ' : ' '}`;
  }
  return text.trimEnd();
}

/** For each line where the comments of its block begin; a line without words ends a block. */
function commentColumns(lines: readonly TargetsLine[], bodies: readonly (string | null)[]): number[] {
  const columns: number[] = [];
  let first = 0;
  let column = 0;
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'blank') {
      columns.push(0);
      column = 0;
      first = index + 1;
      continue;
    }
    const body = bodies[index];
    if (typeof body === 'string' && line.comment !== null && column < body.length) {
      column = body.length;
      columns.fill(column, first);
    }
    columns.push(column);
  }
  return columns;
}

const withComment = (body: string, comment: string, column: number): string =>
  comment === '' || body === '' ? body + comment : body.padEnd(column) + BEFORE_COMMENT + comment;
