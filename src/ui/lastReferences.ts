/**
 * The references that the last session wrote down, for hovers while none runs. Reads dashboard_snapshot.json and believes
 * only numbers; a file that is missing or broken means that no reference is known.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { KnownPrice } from '../reports/idleLadder';
import type { SessionSnapshot } from '../shared/protocol';

/** The newest reference of a symbol among these folders' snapshot files. */
export const lastReference = (folders: readonly string[], symbol: string): KnownPrice | null =>
  lastReferences(folders).get(symbol) ?? null;

/** The newest reference of every symbol that one of the files knows. */
export function lastReferences(folders: readonly string[]): ReadonlyMap<string, KnownPrice> {
  const newest = new Map<string, KnownPrice>();
  for (const folder of folders) {
    for (const [symbol, known] of referencesIn(path.join(folder, 'dashboard_snapshot.json'))) {
      const before = newest.get(symbol);
      if (before === undefined || before.t < known.t) newest.set(symbol, known);
    }
  }
  return newest;
}

/** What was read of a file, and the moment and size it had then: a hover must not read it anew each time. */
const cache = new Map<string, { stamp: string; known: ReadonlyMap<string, KnownPrice> }>();

function referencesIn(file: string): ReadonlyMap<string, KnownPrice> {
  try {
    const { mtimeMs, size } = fs.statSync(file);
    const stamp = `${mtimeMs} ${size}`;
    const before = cache.get(file);
    if (before?.stamp === stamp) return before.known;
    const known = read(fs.readFileSync(file, 'utf8'));
    cache.set(file, { stamp, known });
    return known;
  } catch {
    // Missing, half-written by another program or not ours: nothing is known then.
    return new Map();
  }
}

function read(text: string): ReadonlyMap<string, KnownPrice> {
  const snapshot = JSON.parse(text) as Partial<SessionSnapshot> | null;
  const known = new Map<string, KnownPrice>();
  const t = snapshot?.t;
  if (typeof t !== 'number' || !Array.isArray(snapshot?.symbols)) return known;
  for (const { symbol, reference, last: heard } of snapshot.symbols) {
    const last = heard ?? reference;
    if (isPrice(reference) && isPrice(last)) known.set(symbol, { t, reference, last });
  }
  return known;
}

const isPrice = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;
