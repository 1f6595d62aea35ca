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

describe('session: a machine that slept', () => {
  function sleeper(longestGapMs?: number) {
    const heard: string[] = [];
    const clock = { now: 0, slept: 0 };
    const nothing = (): void => undefined;
    const runner = new Runner({
      engine: {
        handle: event => {
          heard.push(`${event.t} ${event.type}${event.type === 'link' ? ` ${event.up}` : ''}`);
          return [];
        },
        advance: () => [],
      },
      now: () => clock.now,
      record: nothing,
      journal: () => true,
      place: nothing,
      cancel: nothing,
      row: nothing,
      notice: nothing,
      reconcile: nothing,
      symbols: nothing,
      handled: nothing,
      pnl: nothing,
      pnlEveryMs: 1e9,
      idle: nothing,
      ...(longestGapMs === undefined ? {} : { longestGapMs }),
      slept: () => clock.slept++,
    });
    const at = (now: number, event: EngineEvent): void => {
      clock.now = now;
      runner.post(event);
    };
    return { heard, clock, at };
  }

  it('has lost its link where the sleep began: nothing is evaluated as if it had been there', () => {
    const { heard, clock, at } = sleeper(5000);
    at(0, { t: 0, type: 'link', up: true });
    at(5000, { t: 0, type: 'time' });
    at(65_000, { t: 0, type: 'time' });
    at(130_000, { t: 0, type: 'time' });
    deepEqual(heard, ['0 link true', '5000 time', '5000 link false', '65000 time', '130000 time']);
    deepEqual(clock.slept, 1);
  });

  it('does not mistake a long time without a connection for sleep', () => {
    const { heard, clock, at } = sleeper(5000);
    at(0, { t: 0, type: 'link', up: true });
    at(1000, { t: 0, type: 'link', up: false });
    at(60_000, { t: 0, type: 'link', up: true });
    deepEqual(heard, ['0 link true', '1000 link false', '60000 link true']);
    deepEqual(clock.slept, 0);
  });

  it('is none where time may jump', () => {
    const { heard, at } = sleeper();
    at(0, { t: 0, type: 'link', up: true });
    at(60_000, { t: 0, type: 'time' });
    deepEqual(heard, ['0 link true', '60000 time']);
  });
});
