/** dashboard_snapshot.json: written whole and rarely, read back only when every field is what it should be. */
import { deepEqual, doesNotThrow, equal, match, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { dashboardView } from '../../../src/reports/dashboardModel';
import { elapsed } from '../../../src/reports/format';
import { SnapshotFile } from '../../../src/session/snapshotFile';
import { SnapshotFollower } from '../../../src/session/snapshotFollower';
import { readSnapshot } from '../../../src/session/snapshotReader';
import { dashboardDetail } from '../../../src/reports/dashboardDetail';
import type { SymbolDetail } from '../../../src/shared/protocol';
import { RCAT, snapshot, SYMBOLS } from '../reports/moment';

const NOTHING = { act: false, adjust: false, edit: false, asks: 'home' } as const;
const NOW = Date.parse('2026-11-18T17:00:00Z');

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-snapshot-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

type Json = Record<string, unknown> & { symbols: Record<string, unknown>[] };
const json = (): Json => JSON.parse(JSON.stringify({ ...snapshot(), details: [{ t: snapshot().t, ...RCAT }] })) as Json;
const reasonOf = (value: unknown): string => {
  const read = readSnapshot(typeof value === 'string' ? value : JSON.stringify(value));
  return read.ok ? 'read' : read.reason;
};

describe('dashboard_snapshot.json read back', () => {
  it('is what was written', () => {
    const read = readSnapshot(JSON.stringify({ ...snapshot(), savedAt: NOW }));
    ok(read.ok);
    deepEqual(read.saved, { snapshot: snapshot(), savedAt: NOW, details: [] });
  });

  it('needs no time of writing, and takes what later versions add', () => {
    const read = readSnapshot(JSON.stringify({ ...snapshot(), weather: 'fine' }));
    ok(read.ok);
    equal(read.saved.savedAt, null);
  });

  const row = (change: Record<string, unknown>) => {
    const value = json();
    value.symbols[2] = { ...value.symbols[2], ...change };
    return value;
  };
  for (const [what, value, reason] of [
    ['half a file', JSON.stringify(snapshot()).slice(0, 400), /^it is no JSON: /],
    ['an empty file', '', /^it is no JSON: /],
    ['a list', [], /^expected an object, found \[\]$/],
    ['null', null, /^expected an object, found null$/],
    ['no time', { ...json(), t: undefined }, /^t: expected milliseconds UTC, found nothing$/],
    ['a time that no calendar has', { ...json(), t: 1e300 }, /^t: expected milliseconds UTC, found 1e\+300$/],
    ['another mode', { ...json(), mode: 'REAL' }, /^mode: expected one of SIM, PAPER, LIVE, found "REAL"$/],
    ['a phase that nobody knows', { ...json(), phase: 'dreaming' }, /^phase: expected one of starting, /],
    ['P&L in letters', { ...json(), dayPnl: '12' }, /^dayPnl: expected a number, found "12"$/],
    [
      'capital without a class',
      { ...json(), used: { all: 1, risky: 1 } },
      /^used\.safe: expected a number, found nothing$/,
    ],
    ['half a position', { ...json(), positions: 0.5 }, /^positions: expected a whole number from 0, found 0\.5$/],
    ['no symbols', { ...json(), symbols: {} }, /^symbols: expected a list, found \{\}$/],
    [
      'more symbols than can be',
      { ...json(), symbols: Array(1001).fill({}) },
      /^symbols: expected at most 1000, found 1001$/,
    ],
    ['a symbol that is markup', row({ symbol: '<b>' }), /^symbols\[2\]\.symbol: expected a ticker, found "<b>"$/],
    ['a price in letters', row({ last: 'abc' }), /^symbols\[2\]\.last: expected a number, found "abc"$/],
    [
      'a hundred decimals',
      row({ decimals: 101 }),
      /^symbols\[2\]\.decimals: expected a whole number from 0 to 8, found 101$/,
    ],
    [
      'a rung without a price',
      row({ nextBuy: { rung: 1 } }),
      /^symbols\[2\]\.nextBuy\.price: expected a number, found nothing$/,
    ],
    [
      'an opened symbol with half a ladder',
      { ...json(), details: [{ t: 0, ...RCAT, buys: 3 }] },
      /^details\[0\]\.buys: expected a list, found 3$/,
    ],
    [
      'an opened symbol of no time',
      { ...json(), details: [RCAT] },
      /^details\[0\]\.t: expected milliseconds UTC, found nothing$/,
    ],
    [
      'a long text where a flag is due',
      { ...json(), killed: 'x'.repeat(500) },
      /^killed: expected true or false, found "x{58}…$/,
    ],
  ] as const)
    it(`${what}: ${reason.source.slice(1, 60)}`, () => match(reasonOf(value), reason));

  it('whatever is changed in it, it is refused or can be shown', () => {
    const paths: (string | number)[][] = [];
    const collect = (value: unknown, at: (string | number)[]): void => {
      if (at.length > 0) paths.push(at);
      if (Array.isArray(value)) value.slice(0, 3).forEach((each, index) => collect(each, [...at, index]));
      else if (typeof value === 'object' && value !== null)
        for (const [key, each] of Object.entries(value)) collect(each, [...at, key]);
    };
    collect(json(), []);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (at, change) => {
        const value = json();
        let parent: Record<string | number, unknown> = value;
        for (const key of at.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
        parent[at.at(-1) ?? ''] = change;
        const read = readSnapshot(JSON.stringify(value));
        if (read.ok)
          doesNotThrow(() => {
            const { snapshot, details } = read.saved;
            dashboardView(snapshot, { can: NOTHING, isStarting: false, polite: '' });
            for (const { detail } of details) dashboardDetail(detail, snapshot);
          });
        else match(read.reason, /expected .+, found |expected at most/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('dashboard_snapshot.json written', () => {
  const none = () => null;
  const file = () => path.join(folder, 'dashboard_snapshot.json');
  const written = () => {
    const read = readSnapshot(fs.readFileSync(file(), 'utf8'));
    ok(read.ok);
    return read.saved;
  };

  it('at most once a second, and the last one always', async () => {
    const problems: string[] = [];
    let now = NOW;
    const snapshots = new SnapshotFile(
      file(),
      reason => problems.push(reason),
      () => now,
    );
    const offers: [at: number, positions: number][] = [
      [0, 1],
      [400, 2],
      [999, 3],
      [1000, 4],
      [1999, 5],
    ];
    const seen: number[] = [];
    for (const [at, positions] of offers) {
      now = NOW + at;
      snapshots.offer(snapshot({ positions }), now, none);
      await snapshots.settled();
      seen.push(written().snapshot.positions);
    }
    deepEqual(seen, [1, 1, 1, 4, 4]);
    equal(written().savedAt, NOW + 1000);
    await snapshots.close(snapshot({ positions: 6, phase: 'ended' }), none);
    equal(written().snapshot.positions, 6);
    deepEqual([problems, fs.readdirSync(folder)], [[], ['dashboard_snapshot.json']]);
  });

  it('with what can be opened, five symbols a write and the one that waited longest first, none before 30 s are over, all of them at the end', async () => {
    const snapshots = new SnapshotFile(file(), () => undefined);
    const all = SYMBOLS.map(each => each.symbol);
    ok(all.length > 5);
    const gone = all[1]!;
    const detailOf = (symbol: string): SymbolDetail | null =>
      symbol === all[0] ? null : { ...RCAT, ...SYMBOLS.find(each => each.symbol === symbol)! };
    const saved = () => written().details.map(({ t, detail }) => `${detail.symbol} ${t - NOW}`);
    const offer = async (second: number, symbols = SYMBOLS, wallSecond = second * 30) => {
      snapshots.offer(snapshot({ t: NOW + second, symbols }), NOW + wallSecond * 1000, detailOf);
      await snapshots.settled();
    };
    await offer(1);
    deepEqual(
      saved(),
      all.slice(1, 5).map(symbol => `${symbol} 1`),
    );
    const before = saved();
    await offer(7, SYMBOLS.slice(0, 5), 59);
    deepEqual(saved(), before);
    await offer(2);
    const [rest, again] = [all.slice(5), all.slice(1, all.length - 5 + 1)];
    ok(rest.every(symbol => saved().includes(`${symbol} 2`)));
    ok(again.length > 0);
    await offer(
      3,
      SYMBOLS.filter(each => each.symbol !== gone),
    );
    ok(saved().every(each => !each.startsWith(gone)));
    await snapshots.close(snapshot({ t: NOW + 9 }), detailOf);
    deepEqual(
      [...saved()].sort(),
      all
        .slice(1)
        .map(symbol => `${symbol} 9`)
        .sort(),
    );
  });

  it('with a ladder that has no prices yet, which is read as one', async () => {
    const snapshots = new SnapshotFile(file(), () => undefined);
    const nothing = { ...RCAT, buys: RCAT.buys.map(rung => ({ ...rung, price: NaN, percent: NaN })) };
    await snapshots.close(snapshot(), symbol => (symbol === 'RCAT' ? nothing : null));
    const [{ detail } = { detail: RCAT }] = written().details;
    const view = dashboardDetail(detail, snapshot());
    deepEqual([view.ladder[0]?.buy.price, view.ladderNote], ['–', 'no reference price yet, so there are no rungs']);
  });

  it('whole: who reads while it is written never finds half of it', async () => {
    const snapshots = new SnapshotFile(file(), () => undefined);
    await snapshots.close(snapshot(), none);
    let isWriting = true;
    let nRead = 0;
    const writes = (async () => {
      for (let n = 0; n < 100; n++) await snapshots.close(snapshot({ positions: n }), none);
      isWriting = false;
    })();
    while (isWriting) {
      written();
      nRead++;
      await new Promise(resolve => setImmediate(resolve));
    }
    await writes;
    ok(nRead > 100);
  });

  it('a folder that is not there is said once, and tried again', async () => {
    const problems: string[] = [];
    const inside = path.join(folder, 'later', 'dashboard_snapshot.json');
    const snapshots = new SnapshotFile(inside, reason => problems.push(reason));
    await snapshots.close(snapshot(), none);
    await snapshots.close(snapshot(), none);
    deepEqual(problems, ['not there (ENOENT)']);
    fs.mkdirSync(path.dirname(inside));
    await snapshots.close(snapshot(), none);
    ok(fs.existsSync(inside));
  });
});

describe('dashboard_snapshot.json followed', () => {
  const files = () => ['one', 'two'].map(name => path.join(folder, name, 'dashboard_snapshot.json'));
  const write = (index: number, value: unknown, mtime = NOW) => {
    const file = files()[index] ?? '';
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // Whole and under the same name, as the session writes it.
    fs.writeFileSync(`${file}.new`, typeof value === 'string' ? value : JSON.stringify(value));
    fs.renameSync(`${file}.new`, file);
    fs.utimesSync(file, mtime / 1000, mtime / 1000);
  };
  const saved = (savedAt: number, positions = 1) => ({ ...snapshot({ positions }), savedAt });
  let now = NOW;
  const follower = () => new SnapshotFollower(files, () => now);
  beforeEach(() => (now = NOW));

  it('says that there is none', () => {
    equal(follower().staleBecause(), 'There is no dashboard_snapshot.json, and no session runs here');
    const alone = new SnapshotFollower(() => [path.join(folder, 'x.json')]);
    match(alone.staleBecause() ?? '', /^There is no dashboard_snapshot\.json at .*x\.json, and no session runs here$/);
  });

  it('takes the one that was written last, and the next one as soon as it is there', () => {
    const followed = follower();
    const positions = () => {
      const look = followed.look();
      return look.ok ? look.found.snapshot.positions : look.reason;
    };
    write(0, saved(NOW, 1), NOW);
    equal(positions(), 1);
    write(1, saved(NOW, 2), NOW + 1000);
    equal(positions(), 2);
    write(0, saved(NOW, 3), NOW + 2000);
    equal(positions(), 3);
    write(0, saved(NOW, 4), NOW + 2000);
    equal(positions(), 4);
  });

  for (const [ageMs, reason] of [
    [0, null],
    [5000, null],
    [6000, 'The snapshot is 6 s old, expected at most 5 s'],
    [3_600_000 * 5, 'The snapshot is 5 h old, expected at most 5 s'],
    [-60_000, null],
  ] as const)
    it(`${ageMs / 1000} s old: ${reason ?? 'fresh'}`, () => {
      write(0, saved(NOW));
      now = NOW + ageMs;
      equal(follower().staleBecause(), reason);
    });

  it('without a time of writing, the time of the file counts', () => {
    write(0, snapshot(), NOW - 30_000);
    equal(follower().staleBecause(), 'The snapshot is 30 s old, expected at most 5 s');
  });

  it('of a session that has ended is never fresh', () => {
    write(0, { ...snapshot({ phase: 'ended' }), savedAt: NOW });
    equal(follower().staleBecause(), 'The session has ended; its last snapshot is 0 s old');
  });

  it('that is broken says how, and is taken when it is whole again', () => {
    const followed = follower();
    write(0, '{"t":');
    match(followed.staleBecause() ?? '', /^dashboard_snapshot\.json cannot be used: it is no JSON: /);
    write(0, saved(NOW));
    equal(followed.staleBecause(), null);
  });

  it('that is far too large is not read', () => {
    const file = files()[0] ?? '';
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 9 * 1024 * 1024);
    match(follower().staleBecause() ?? '', /cannot be used: expected at most 8388608 bytes, found 9437184$/);
  });

  it('that is a folder is none', () => {
    fs.mkdirSync(files()[0] ?? '', { recursive: true });
    match(follower().staleBecause() ?? '', /^There is no dashboard_snapshot\.json/);
  });
});

describe('how long ago', () => {
  for (const [ms, text] of [
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [7_200_000, '2 h'],
    [7_500_000, '2 h 5 min'],
    [47 * 3_600_000, '47 h'],
    [100 * 3_600_000, '4 days'],
  ] as const)
    it(`${ms} ms are ${text}`, () => equal(elapsed(ms), text));
});
