/**
 * Follows dashboard_snapshot.json for whoever shows it without a session of its own: of the files that it may be, the one written
 * last, read again when it is another one. It says what is the matter when there is none, when it is broken, and when it is old.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { elapsed } from '../reports/format';
import type { SessionSnapshot } from '../shared/protocol';
import { reasonOf } from './paths';
import { readSnapshot, type SavedDetail } from './snapshotReader';

export interface FollowedSnapshot {
  readonly snapshot: SessionSnapshot;
  /** This machine's clock. */
  readonly savedAt: number;
  readonly details: readonly SavedDetail[];
  readonly file: string;
}

export type Followed = { ok: true; found: FollowedSnapshot } | { ok: false; reason: string };

/** A session writes once a second; what is older than this is not what happens now. */
export const FRESH_MS = 5000;
const MOST_BYTES = 8 * 1024 * 1024;

export class SnapshotFollower {
  private seen = '';
  private followed: Followed = { ok: false, reason: '' };

  constructor(
    /** Absolute paths; asked anew each time. */
    private readonly candidates: () => readonly string[],
    private readonly now: () => number = Date.now,
  ) {}

  look(): Followed {
    const files = this.candidates();
    const [newest] = files.flatMap(statOf).sort((left, right) => right.mtimeMs - left.mtimeMs);
    if (newest === undefined) {
      const where = files.length === 1 ? ` at ${files[0]}` : '';
      return { ok: false, reason: `There is no dashboard_snapshot.json${where}, and no session runs here` };
    }
    const seen = `${newest.file} ${newest.mtimeMs} ${newest.size} ${newest.ino}`;
    if (seen !== this.seen) this.followed = read(newest);
    this.seen = seen;
    return this.followed;
  }

  /** Null while the newest snapshot is fresh. */
  staleBecause(): string | null {
    const followed = this.look();
    return followed.ok ? staleBecause(followed.found, this.now()) : followed.reason;
  }
}

export function staleBecause({ snapshot, savedAt }: FollowedSnapshot, now: number): string | null {
  const age = now - savedAt;
  if (snapshot.phase === 'ended') return `The session has ended; its last snapshot is ${elapsed(age)} old`;
  return age <= FRESH_MS ? null : `The snapshot is ${elapsed(age)} old, expected at most ${elapsed(FRESH_MS)}`;
}

interface Stat {
  readonly file: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

function statOf(file: string): Stat[] {
  try {
    const found = fs.statSync(file, { throwIfNoEntry: false });
    return found?.isFile() === true ? [{ file, mtimeMs: found.mtimeMs, size: found.size, ino: found.ino }] : [];
  } catch {
    // A folder on the way that may not be looked into holds no snapshot for us.
    return [];
  }
}

function read({ file, size, mtimeMs }: Stat): Followed {
  const bad = (why: string): Followed => ({ ok: false, reason: `${path.basename(file)} cannot be used: ${why}` });
  if (size > MOST_BYTES) return bad(`expected at most ${MOST_BYTES} bytes, found ${size}`);
  try {
    const result = readSnapshot(fs.readFileSync(file, 'utf8'));
    if (!result.ok) return bad(result.reason);
    const { savedAt, ...saved } = result.saved;
    return { ok: true, found: { ...saved, savedAt: savedAt ?? mtimeMs, file } };
  } catch (error) {
    return bad(reasonOf(error));
  }
}
