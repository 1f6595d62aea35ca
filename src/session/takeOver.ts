/**
 * The disk's side of importing the Python bot: what lies in its folder, what would become of each file here, and the copies
 * after a yes. It only ever reads in the old folder; here it writes over nothing but a sample that nobody has touched.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FileFate, FoundFile } from '../reports/pythonBotImport';
import { isLauncherName, readAssignments, type Assignment } from '../reports/pythonBotVariables';
import { SAMPLE_TARGETS } from '../targets/schema';
import { freeName } from './archive';
import { reasonOf } from './paths';

export const PYTHON_FILES = [
  'targets.txt',
  'fills_live.csv',
  'pnl_summary_live.csv',
  'dashboard_overrides.json',
] as const;

const BESIDE = path.join('archive', 'python-bot');
/** A launcher is a few lines; what is larger is none. */
const LAUNCHER_BYTES = 256 * 1024;
const MAX_LAUNCHERS = 50;

export interface OldFolder {
  readonly files: readonly FoundFile[];
  readonly assignments: readonly Assignment[];
}

/** Throws what the disk says when the folder cannot be read. */
export function lookAtOldFolder(from: string, to: string): OldFolder {
  const names = fs.readdirSync(from, { withFileTypes: true }).filter(entry => !entry.isDirectory());
  const isThere = (name: string): boolean => names.some(entry => entry.name === name);
  const files = PYTHON_FILES.filter(isThere).map((name): FoundFile => {
    const bytes = fs.readFileSync(path.join(from, name));
    return { name, text: decode(bytes), fate: fateOf(name, bytes, from, to) };
  });
  const launchers = names
    .map(({ name }) => name)
    .filter(isLauncherName)
    .sort()
    .slice(0, MAX_LAUNCHERS)
    .filter(
      name => (fs.statSync(path.join(from, name), { throwIfNoEntry: false })?.size ?? Infinity) <= LAUNCHER_BYTES,
    );
  const assignments = launchers.flatMap(name => readAssignments(name, decode(fs.readFileSync(path.join(from, name)))));
  return { files, assignments };
}

export interface TakenOver {
  /** Relative to the new folder. */
  readonly copied: readonly string[];
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

/** @param files with the fates that the person has seen; a place that was taken meanwhile is left as it is */
export function takeOver(files: readonly { name: string; fate: FileFate }[], from: string, to: string): TakenOver {
  const copied: string[] = [];
  const failed: { file: string; reason: string }[] = [];
  for (const { name, fate } of files) {
    if (fate === 'same' || fate === 'inPlace') continue;
    try {
      const target = targetOf(name, fate, to);
      fs.copyFileSync(path.join(from, name), target, fs.constants.COPYFILE_EXCL);
      copied.push(path.relative(to, target).replaceAll('\\', '/'));
    } catch (error) {
      failed.push({ file: name, reason: reasonOf(error) });
    }
  }
  return { copied, failed };
}

function targetOf(name: string, fate: FileFate, to: string): string {
  if (fate === 'beside') {
    fs.mkdirSync(path.join(to, BESIDE), { recursive: true });
    return freeName(path.join(to, BESIDE), name);
  }
  const target = path.join(to, name);
  if (fate === 'replace' && fs.readFileSync(target, 'utf8') === SAMPLE_TARGETS) fs.rmSync(target);
  return target;
}

function fateOf(name: string, bytes: Buffer, from: string, to: string): FileFate {
  if (isOneFolder(from, to)) return 'inPlace';
  const target = path.join(to, name);
  if (fs.existsSync(target)) {
    const here = fs.readFileSync(target);
    if (here.equals(bytes)) return 'same';
    return name === 'targets.txt' && here.toString('utf8') === SAMPLE_TARGETS ? 'replace' : 'beside';
  }
  // A journal counts the rows of the fills file: rows of another bot must not appear in it behind its back.
  return name === 'fills_live.csv' && hasJournal(to) ? 'beside' : 'copy';
}

function isOneFolder(from: string, to: string): boolean {
  const real = (folder: string): string => {
    try {
      return fs.realpathSync.native(folder);
    } catch {
      return path.resolve(folder);
    }
  };
  return real(from) === real(to);
}

function hasJournal(folder: string): boolean {
  const hidden = path.join(folder, '.dronebot');
  try {
    return fs.readdirSync(hidden).some(account => fs.existsSync(path.join(hidden, account, 'journal')));
  } catch {
    // No hidden folder: no session of an account has run here.
    return false;
  }
}

/** PowerShell writes UTF-16 when asked for a file. */
const decode = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le', 2) : bytes.toString('utf8').replace(/^\uFEFF/, '');
