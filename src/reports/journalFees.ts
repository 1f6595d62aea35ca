/**
 * Commissions as the journal has them, for the rows of a fills file: which row is whose is found by its content, because rows
 * are archived, copied and put together. Lines that are torn or of another form are passed over: a fee that is not
 * found is estimated, and said to be.
 */
import Decimal from 'decimal.js';
import type { DurableState, ExecRecord, FeeRecord, JournalEntry } from '../engine/durable';
import type { FillRow } from '../engine/events';
import { rowKey, type Fill } from './fillRows';

/** Commission of each fill, by its line in the fills file; USD. */
export type FeesByLine = ReadonlyMap<number, Decimal>;

/** Collects from the lines of one account's journal files, in any number and order of days. */
export class JournalFees {
  private readonly rows = new Map<number, FillRow>();
  private readonly reported = new Map<string, string>();

  add(line: string): void {
    // Most lines are decisions and states: only these words can bring a row or a commission.
    if (!/"(rows|fee|full)":/.test(line)) return;
    let entry: Partial<JournalEntry> | null;
    try {
      entry = JSON.parse(line) as Partial<JournalEntry> | null;
    } catch {
      return;
    }
    const full: Partial<DurableState> = entry?.full ?? {};
    for (const row of [...(full.rows ?? []), ...(entry?.rows ?? [])]) this.rows.set(row.row, row);
    const fees: FeeRecord[] = [...Object.values(full.fees ?? {}), ...(entry?.fee === undefined ? [] : [entry.fee])];
    for (const fee of fees) for (const [base, amount] of Object.entries(fee.reported)) this.reported.set(base, amount);
  }

  /** For each row that stands for an execution now, corrections in place of what they correct. */
  byRow(): { key: string; commission: Decimal }[] {
    const newest = new Map<ExecRecord['base'], FillRow>();
    for (const row of this.rows.values()) {
      const base = row.execId.replace(/\.\d+$/, '');
      const before = newest.get(base);
      if (before === undefined || before.row < row.row) newest.set(base, row);
    }
    const found: { key: string; commission: Decimal }[] = [];
    for (const [base, row] of newest) {
      const amount = this.reported.get(base);
      if (amount !== undefined) found.push({ key: rowKey(row), commission: new Decimal(amount) });
    }
    return found;
  }
}

/** Two equal rows take one commission each, in the order of the file. */
export function feesByLine(fills: readonly Fill[], journals: readonly JournalFees[]): FeesByLine {
  const waiting = new Map<string, Decimal[]>();
  for (const { key, commission } of journals.flatMap(journal => journal.byRow())) {
    waiting.set(key, [...(waiting.get(key) ?? []), commission]);
  }
  const found = new Map<number, Decimal>();
  for (const fill of fills) {
    const commission = waiting.get(rowKey(fill))?.shift();
    if (commission !== undefined) found.set(fill.line, commission);
  }
  return found;
}
