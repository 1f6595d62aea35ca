/**
 * End of day: the files for people go into `archive/DATE`, the date of the newest row. A file is moved under a name that
 * nobody has yet, or stays where it is and is named with the reason; what is still in force (targets.txt, overrides) is
 * copied. It archives no journal, and nothing while a session writes.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ArchiveOutcome, DayFiles } from '../reports/archiveText';
import { reviewFills } from '../reports/fillReview';
import type { SessionSnapshot } from '../shared/protocol';
import { dateOf } from '../strategy/exchangeTime';
import { addArchivedRows, wholeRows } from './archivedRows';
import { makeFolder } from './folders';
import { pathsOf, reasonOf } from './paths';
import { readOwner } from './startup';
import { readText } from './watchFile';

const MOVED = ['fills_live.csv', 'pnl_summary_live.csv', 'bot_errors.log', 'dashboard_snapshot.json'] as const;
/** One of these makes a day worth a folder. */
const OF_A_DAY: readonly string[] = MOVED.slice(0, 3);
const WRITING_WITHIN_MS = 5000;

/** A running session writes its snapshot every second, and says in the last one that it has ended. */
export function isWrittenBySession(folder: string, wallNow: number): boolean {
  const file = path.join(folder, 'dashboard_snapshot.json');
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || wallNow - stat.mtimeMs > WRITING_WITHIN_MS) return false;
  try {
    return (JSON.parse(readText(file) ?? '') as Partial<SessionSnapshot>).phase !== 'ended';
  } catch {
    return true;
  }
}

/** What lies in the folder; null when it is nothing of a day. */
export function dayOf(folder: string): DayFiles | null {
  const files = MOVED.filter(name => fs.existsSync(path.join(folder, name)));
  if (!files.some(name => OF_A_DAY.includes(name))) return null;
  const fillsFile = path.join(folder, 'fills_live.csv');
  const review = reviewFills(readText(fillsFile) ?? '');
  const date = review.lastDate || newestDateOf(folder, files);
  return {
    date,
    firstDate: review.firstDate || date,
    files,
    fillsFile: files.includes('fills_live.csv') ? fillsFile : null,
    nFills: review.read,
    nUnread: review.skipped.length,
  };
}

export function archiveDay(folder: string, targetsFile: string, wallNow: number): ArchiveOutcome {
  if (isWrittenBySession(folder, wallNow)) return { type: 'inUse' };
  const day = dayOf(folder);
  if (day === null) return { type: 'nothing' };
  const target = path.join(folder, 'archive', day.date);
  try {
    makeFolder(target);
  } catch (error) {
    return { type: 'failed', reason: `${target} cannot be made, ${reasonOf(error)}` };
  }
  const moved: string[] = [];
  const copied: string[] = [];
  const stayed: { file: string; reason: string }[] = [];
  const put = (from: string, into: string[], how: (from: string, to: string) => void): void => {
    const name = path.basename(from);
    const fills = name === 'fills_live.csv' ? (readText(from) ?? '') : '';
    try {
      const to = freeName(target, name);
      how(from, to);
      into.push(path.basename(to));
      if (fills !== '') remember(folder, path.relative(folder, to), fills);
    } catch (error) {
      stayed.push({ file: name, reason: reasonOf(error) });
    }
  };
  for (const name of day.files) put(path.join(folder, name), moved, moveTo);
  for (const file of [targetsFile, path.join(folder, 'dashboard_overrides.json')]) {
    if (fs.existsSync(file)) put(file, copied, copyTo);
  }
  return { type: 'archived', archived: { folder: target, date: day.date, moved, copied, stayed } };
}

// --- one file

/** Never onto a file that is there. */
function moveTo(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // A disk without links: the name was free a moment ago.
    fs.renameSync(from, to);
    return;
  }
  try {
    fs.unlinkSync(from);
  } catch (error) {
    // Open in a program that lets nobody take it away: it stays, and there is no second one.
    fs.unlinkSync(to);
    throw error;
  }
}

const copyTo = (from: string, to: string): void => fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);

/** `fills_live.csv`, then `fills_live.2.csv`. */
export function freeName(folder: string, name: string): string {
  const { name: stem, ext } = path.parse(name);
  for (let n = 1; ; n++) {
    const file = path.join(folder, n === 1 ? name : `${stem}.${n}${ext}`);
    if (!fs.existsSync(file)) return file;
  }
}

/** A day without fills goes by its P&L rows, else by when its files were written. */
function newestDateOf(folder: string, names: readonly string[]): string {
  const pnl = readText(path.join(folder, 'pnl_summary_live.csv')) ?? '';
  const last = /^(\d{4}-\d{2}-\d{2})T[^\n]*\s*$/.exec(pnl.trimEnd().split('\n').at(-1) ?? '')?.[1];
  if (last !== undefined) return last;
  const newest = Math.max(...names.map(name => fs.statSync(path.join(folder, name)).mtimeMs));
  return dateOf(newest);
}

// --- what the next start has to know

function remember(folder: string, file: string, fills: string): void {
  const account = readOwner(pathsOf(folder, folder, '').fillsOwner);
  // Nobody's rows are in no journal: the earlier bot wrote them.
  if (account === null) return;
  const rows = wholeRows(fills);
  const entry = { file: file.replaceAll('\\', '/'), rows: rows.length, last: rows.at(-1) ?? '' };
  try {
    addArchivedRows(pathsOf(folder, folder, account).archivedRows, entry);
  } catch {
    // The next start writes the rows again that the journal still knows: twice there, none lost.
  }
}
