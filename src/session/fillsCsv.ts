/**
 * fills_live.csv: one line an execution, in the order of the journal's row numbers, each exactly once. The start completes
 * what a crash left out and cuts what it tore; a file that another program holds open makes rows wait and stops nothing.
 * The text of a row is made in reports/rows.
 */
import * as fs from 'node:fs';
import { fillRowText, FILLS_HEADER } from '../reports/rows';
import type { FillRow } from '../engine/events';
import { dataRows, isWholeRow, rowsArchived, type ArchivedRows } from './archivedRows';
import { reasonOf } from './paths';

export interface FillsCsvOptions {
  file: string;
  /** Writing began to fail (with the reason), or works again (empty). */
  onState(ok: boolean, reason: string, rowsWaiting: number): void;
  /** Rows that stand in an archive now: they count as if they stood here. */
  archived?: readonly ArchivedRows[];
  disk?: Pick<typeof fs, 'openSync' | 'writeSync' | 'closeSync' | 'ftruncateSync'>;
}

export class FillsCsv {
  private readonly disk;
  private waiting: string[] = [];
  private uncompared: { known: FillRow[]; fillsBefore: number | null } | null = null;
  private rowsBefore = 0;
  private lastRow = 0;
  private failing = false;
  /** Where a write began that did not end; null while the file is whole. */
  private torn: number | null = null;
  /** The last row is whole and only its line end is missing. */
  private isLineOpen = false;

  constructor(private readonly options: FillsCsvOptions) {
    this.disk = options.disk ?? fs;
  }

  get rowsWaiting(): number {
    return this.waiting.length;
  }

  /** Rows that stood in the file before the journal's row 1: the earlier bot's. */
  get before(): number {
    return this.rowsBefore;
  }

  /**
   * Compares the file with the rows the journal knows and queues the missing ones. `fillsBefore` is what the journal remembers
   * of rows before its row 1; null at an account's first start. A file that cannot be read now is compared once it can be.
   */
  complete(known: readonly FillRow[], fillsBefore: number | null): void {
    this.rowsBefore = fillsBefore ?? 0;
    this.uncompared = { known: [...known].sort((a, b) => a.row - b.row), fillsBefore };
    for (const { row } of known) this.lastRow = Math.max(this.lastRow, row);
    this.flush();
  }

  /** Idempotent by row number. */
  append(row: FillRow): void {
    if (row.row <= this.lastRow) return;
    this.lastRow = row.row;
    this.waiting.push(fillRowText(row));
    this.flush();
  }

  /** Tries again what could not be written; true when nothing waits. */
  flush(): boolean {
    if (this.waiting.length === 0 && this.uncompared === null && !this.failing) return true;
    try {
      this.compare();
      if (this.waiting.length > 0 || this.isLineOpen) this.write(this.waiting.join(''));
      this.isLineOpen = false;
      this.waiting = [];
    } catch (error) {
      if (!this.failing) this.options.onState(false, reasonOf(error), this.waiting.length);
      this.failing = true;
      return false;
    }
    if (this.failing) this.options.onState(true, '', 0);
    this.failing = false;
    return true;
  }

  private compare(): void {
    if (this.uncompared === null) return;
    const { known, fillsBefore } = this.uncompared;
    const found = this.countRows();
    const first = known[0]?.row ?? this.lastRow + 1;
    let before = fillsBefore ?? Math.max(0, found - (first - 1));
    // A file that was archived, or lost lines by hand, gets back all that the journal still knows.
    if (found < before + first - 1) before = found - (first - 1);
    this.waiting.unshift(...known.filter(({ row }) => row > found - before).map(fillRowText));
    this.rowsBefore = before;
    this.uncompared = null;
  }

  /** Opened for each write: a handle that is kept would lock people out of their own file on Windows. */
  private write(text: string): void {
    const { O_RDWR, O_CREAT } = fs.constants;
    const fd = this.disk.openSync(this.options.file, O_RDWR | O_CREAT);
    try {
      if (this.torn !== null && fs.fstatSync(fd).size > this.torn) this.disk.ftruncateSync(fd, this.torn);
      this.torn = null;
      const size = fs.fstatSync(fd).size;
      const start = size === 0 ? FILLS_HEADER : this.endsLine(fd, size) ? '' : '\n';
      const bytes = Buffer.from(start + text);
      this.torn = size;
      for (let done = 0; done < bytes.length;) {
        done += this.disk.writeSync(fd, bytes, done, bytes.length - done, size + done);
      }
      this.torn = null;
    } finally {
      this.disk.closeSync(fd);
    }
  }

  private endsLine(fd: number, size: number): boolean {
    const last = Buffer.alloc(1);
    fs.readSync(fd, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  }

  /** Rows in the file without its header. A last line without line end is a torn row when it cannot be a whole one. */
  private countRows(): number {
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(this.options.file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return rowsArchived(this.options.archived ?? [], []);
      throw error;
    }
    const end = bytes.lastIndexOf(0x0a) + 1;
    const tail = bytes.toString('utf8', end);
    const lines = bytes.toString('utf8', 0, end).split('\n');
    lines.pop();
    this.isLineOpen = isWholeRow(tail);
    if (this.isLineOpen) lines.push(tail);
    else if (tail !== '') this.torn = end;
    const rows = dataRows(lines);
    return rows.length + rowsArchived(this.options.archived ?? [], rows);
  }
}
