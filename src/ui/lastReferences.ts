/**
 * The references that the last session or the last pre-session anchors wrote down, for hovers while no session runs. Believes
 * only numbers; a file that is missing or broken means that no reference is known.
 */
import * as fs from 'node:fs';
import type { KnownPrice } from '../reports/idleLadder';
import type { SessionSnapshot } from '../shared/protocol';

/** The newest reference of a symbol among these files. */
export const lastReference = (files: readonly string[], symbol: string): KnownPrice | null =>
  lastReferences(files).get(symbol) ?? null;

/** The newest reference of every symbol that one of the files knows. */
export function lastReferences(files: readonly string[]): ReadonlyMap<string, KnownPrice> {
  const newest = new Map<string, KnownPrice>();
  for (const file of files) {
    for (const [symbol, known] of referencesIn(file)) {
      const before = newest.get(symbol);
      if (before === undefined || before.t < known.t) newest.set(symbol, known);
    }
  }
  return newest;
}

/** What pre-session anchors leave behind, one entry a symbol. */
export interface AnchorsFile {
  readonly anchors: Readonly<Record<string, KnownPrice>>;
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
  const found = JSON.parse(text) as Partial<SessionSnapshot & AnchorsFile> | null;
  const known = new Map<string, KnownPrice>();
  for (const [symbol, each] of Object.entries(found?.anchors ?? {})) add(known, symbol, each);
  const t = found?.t;
  if (typeof t !== 'number' || !Array.isArray(found?.symbols)) return known;
  for (const { symbol, reference, last } of found.symbols)
    add(known, symbol, { t, reference, last: last ?? reference });
  return known;
}

function add(known: Map<string, KnownPrice>, symbol: string, given: Partial<Record<keyof KnownPrice, unknown>>): void {
  const { t, reference, last } = given;
  if (typeof t === 'number' && isPrice(reference) && isPrice(last)) known.set(symbol, { t, reference, last });
}

const isPrice = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;
