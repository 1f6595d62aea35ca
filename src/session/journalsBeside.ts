/**
 * The commissions that the journals beside a fills file know: every account's under `.dronebot`, read line by line and only
 * for what a review needs. A journal that cannot be read leaves fees to be estimated; it stops no review.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { JournalFees } from '../reports/journalFees';

/** @param folder where the fills file lies */
export function journalsBeside(folder: string): JournalFees[] {
  const hidden = path.join(folder, '.dronebot');
  return namesIn(hidden)
    .map(account => path.join(hidden, account, 'journal'))
    .map(journal => feesOf(journal))
    .filter(fees => fees !== null);
}

function feesOf(journal: string): JournalFees | null {
  const files = namesIn(journal).filter(name => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(name));
  if (files.length === 0) return null;
  const fees = new JournalFees();
  for (const file of files.sort()) for (const line of linesOf(path.join(journal, file))) fees.add(line);
  return fees;
}

function linesOf(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch {
    // Gone, or open elsewhere: its fees are estimated.
    return [];
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    // No such folder: no journal.
    return [];
  }
}
