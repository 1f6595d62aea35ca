/**
 * The folder that a demo writes into. A simulated day begins with an account that holds nothing, so files of an earlier demo
 * have to go: only those that a demo makes, and only from a folder that a demo has marked as its own.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from '../src/session/folders';
import { reasonOf } from '../src/session/paths';
import { TRUTH_FILE } from './verifyFills';

const MARK = '.dronebot-demo';
const OWN_FILES = [
  'fills_live.csv',
  'pnl_summary_live.csv',
  'bot_errors.log',
  'bot_errors.1.log',
  'dashboard_snapshot.json',
  TRUTH_FILE,
];

/** Makes the folder ready, or says in a sentence why it is not touched. */
export function prepareFolder(folder: string): string | null {
  const names = fs.existsSync(folder) ? listed(folder) : [];
  if (names === null) return `${folder} is a file. Name a folder with --out.`;
  if (names.length > 0 && !names.includes(MARK)) {
    return `${folder} holds files that no demo has made, so nothing was touched. Name an empty or a new folder with --out.`;
  }
  if (names.includes(MARK)) {
    for (const name of OWN_FILES) fs.rmSync(path.join(folder, name), { force: true });
    fs.rmSync(path.join(folder, '.dronebot'), { recursive: true, force: true });
  }
  try {
    makeFolder(folder);
    fs.writeFileSync(
      path.join(folder, MARK),
      'Files in this folder belong to a simulated day; the next demo replaces them.\n',
    );
  } catch (error) {
    return `${folder} cannot be written: ${reasonOf(error)}. Name another folder with --out.`;
  }
  return null;
}

function listed(folder: string): string[] | null {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}
