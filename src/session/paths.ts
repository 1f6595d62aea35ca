/**
 * Where a session's files lie (docs/strategy.md section 9): what people read in the folder itself, what the program needs in
 * `.dronebot`, an account each. It makes the hidden folder with its ignore file and nothing else.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from './folders';

export interface Paths {
  /** Files for people. */
  readonly fills: string;
  readonly pnl: string;
  readonly errors: string;
  readonly overrides: string;
  readonly snapshot: string;
  /** Whose rows fills_live.csv holds. */
  readonly fillsOwner: string;
  /** `.dronebot` and, once the account is known, its own folders. */
  readonly hidden: string;
  readonly journal: string;
  readonly tape: string;
  /** Rows of fills_live.csv that lie in an archive. */
  readonly archivedRows: string;
}

export function pathsOf(folder: string, stateFolder: string, account: string): Paths {
  const hidden = path.join(stateFolder, '.dronebot');
  // An account's name comes from the broker: it may not leave the folder.
  const own = path.join(hidden, account.replace(/[^A-Za-z0-9_-]/g, '_'));
  return {
    fills: path.join(folder, 'fills_live.csv'),
    pnl: path.join(folder, 'pnl_summary_live.csv'),
    errors: path.join(folder, 'bot_errors.log'),
    overrides: path.join(folder, 'dashboard_overrides.json'),
    snapshot: path.join(folder, 'dashboard_snapshot.json'),
    fillsOwner: path.join(hidden, 'fillsOwner.json'),
    hidden,
    journal: path.join(own, 'journal'),
    tape: path.join(own, 'tape'),
    archivedRows: path.join(own, 'fillsArchived.json'),
  };
}

/** Nothing under `.dronebot` belongs into anybody's repository. */
export function makeHiddenFolder(hidden: string): void {
  makeFolder(hidden);
  const ignore = path.join(hidden, '.gitignore');
  if (!fs.existsSync(ignore)) fs.writeFileSync(ignore, '*\n');
}

/** What a failed file operation says, without the path that the sentence around it names anyway. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const known = code === undefined ? undefined : REASONS[code];
  if (known !== undefined) return `${known} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'not permitted, or open in another program',
  EBUSY: 'open in another program',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'not there',
  EEXIST: 'a file has that name',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EMFILE: 'too many open files',
  EIO: 'the disk reports an error',
};
