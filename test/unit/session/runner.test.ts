/** Rows of the fills file follow the journal: one that it does not have would be written again after a crash. */
import { deepEqual } from 'node:assert/strict';
import type { Effect, EngineEvent, FillRow } from '../../../src/engine/events';
import { Runner } from '../../../src/session/runner';

const row = (n: number): FillRow => ({
  row: n,
  t: 1,
  symbol: 'A',
  side: 'BUY',
  qty: 1,
  price: '1',
  tag: 'ladder_buy',
  realized: '0',
  execId: `${n}.01`,
});

function bench() {
  const done: string[] = [];
  const disk = { isFull: false };
  let effects: Effect[] = [];
  const nothing = (): void => undefined;
  const runner = new Runner({
    engine: { handle: () => effects, advance: () => [] },
    now: () => 1,
    record: nothing,
    journal: ({ why }) => {
      if (!disk.isFull) done.push(`journal ${why}`);
      return !disk.isFull;
    },
    place: nothing,
    cancel: nothing,
    row: each => done.push(`row ${each.row}`),
    notice: nothing,
    reconcile: nothing,
    symbols: nothing,
    handled: nothing,
    pnl: nothing,
    pnlEveryMs: 5000,
    idle: nothing,
  });
  const hear = (event: EngineEvent, next: Effect[]): void => {
    effects = next;
    runner.post(event);
  };
  const fill = (n: number): void =>
    hear({ t: 0, type: 'time' }, [
      { type: 'journal', entry: { t: 1, why: `fill ${n}` } },
      { type: 'row', row: row(n) },
    ]);
  return { done, disk, fill, hear };
}

describe('session: rows and journal', () => {
  it('a row follows its entry', () => {
    const { done, fill } = bench();
    fill(1);
    deepEqual(done, ['journal fill 1', 'row 1']);
  });

  it('a row waits while the journal cannot be written, and goes in its order with the next entry', () => {
    const { done, disk, fill } = bench();
    disk.isFull = true;
    fill(1);
    deepEqual(done, []);
    disk.isFull = false;
    fill(2);
    deepEqual(done, ['journal fill 2', 'row 1', 'row 2']);
  });

  it('or with the word that the journal can be written again', () => {
    const { done, disk, fill, hear } = bench();
    disk.isFull = true;
    fill(1);
    deepEqual(done, []);
    hear({ t: 0, type: 'journalState', ok: true }, []);
    deepEqual(done, ['row 1']);
  });
});
