/**
 * The references that the last session wrote down, for hovers while none runs. Reads dashboard_snapshot.json and believes
 * only numbers; a file that is missing or broken means that no reference is known.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { KnownPrice } from '../reports/idleLadder';
import type { SessionSnapshot } from '../shared/protocol';

/** The newest reference of a symbol among these folders' snapshot files. */
export function lastReference(folders: readonly string[], symbol: string): KnownPrice | null {
  const known = folders.map(folder => referenceIn(path.join(folder, 'dashboard_snapshot.json'), symbol));
  return known.reduce(
    (newest, each) => (each !== null && (newest === null || each.t > newest.t) ? each : newest),
    null,
  );
}

function referenceIn(file: string, symbol: string): KnownPrice | null {
  try {
    const snapshot = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<SessionSnapshot> | null;
    const found = snapshot?.symbols?.find(each => each.symbol === symbol);
    const t = snapshot?.t;
    if (found === undefined || typeof t !== 'number') return null;
    const { reference } = found;
    const last = found.last ?? reference;
    if (!isPrice(reference) || !isPrice(last)) return null;
    return { t, reference, last };
  } catch {
    // Missing, half-written by another program or not ours: nothing is known then.
    return null;
  }
}

const isPrice = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;
