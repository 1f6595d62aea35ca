/**
 * Rows of fills_live.csv that were archived, an account each. The journal knows the rows of the last days and completes the
 * file at every start; without this note it would write the archived ones again. It moves no file.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from './folders';
import { readText } from './watchFile';

export interface ArchivedRows {
  /** Where they lie, relative to the folder; for people. */
  readonly file: string;
  readonly rows: number;
  /** The last row: found in the file itself, the archive has been put back. */
  readonly last: string;
}

export function readArchivedRows(file: string): ArchivedRows[] {
  try {
    const value: unknown = JSON.parse(readText(file) ?? '[]');
    return Array.isArray(value) ? value.filter(isArchivedRows) : [];
  } catch {
    // Unreadable: the journal's rows are written again, and none is lost.
    return [];
  }
}

export function addArchivedRows(file: string, entry: ArchivedRows): void {
  makeFolder(path.dirname(file));
  const scratch = `${file}.new`;
  fs.writeFileSync(scratch, `${JSON.stringify([...readArchivedRows(file), entry])}\n`);
  fs.renameSync(scratch, file);
}

/** How many rows stand elsewhere. @param here the rows of the file itself */
export function rowsArchived(archived: readonly ArchivedRows[], here: readonly string[]): number {
  const isHere = new Set(here.map(row => row.trim()));
  return archived.filter(({ last }) => !isHere.has(last)).reduce((sum, { rows }) => sum + rows, 0);
}

/** The rows of a file's text, without one that a crash has torn: the next start writes that one whole. */
export function wholeRows(text: string): string[] {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  return dataRows(isWholeRow(tail) ? [...lines, tail] : lines);
}

/** Our own rows end in cents; an editor may have taken the last line end away. */
export const isWholeRow = (line: string): boolean => line.split(',').length === 7 && /\.\d\d\r?$/.test(line);

/** Lines without the header and the empty ones. */
export const dataRows = (lines: readonly string[]): string[] =>
  lines.map(line => line.trim()).filter((line, index) => line !== '' && !(index === 0 && isHeader(line)));

const isHeader = (line: string): boolean => /^\uFEFF?\s*"?ts"?\s*,/i.test(line);

function isArchivedRows(value: unknown): value is ArchivedRows {
  const { rows, last } = (value ?? {}) as Partial<ArchivedRows>;
  return typeof rows === 'number' && Number.isInteger(rows) && rows >= 0 && typeof last === 'string';
}
