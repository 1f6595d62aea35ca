import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { FillRow } from '../../../src/engine/events';
import { fillRowText, FILLS_HEADER, PNL_HEADER } from '../../../src/reports/rows';
import type { Archived } from '../../../src/reports/archiveText';
import { archiveDay, dayOf, isWrittenBySession } from '../../../src/session/archive';
import { readArchivedRows } from '../../../src/session/archivedRows';
import { FillsCsv } from '../../../src/session/fillsCsv';
import { pathsOf } from '../../../src/session/paths';
import { writeFillsOwner } from '../../../src/session/startup';

const ACCOUNT = 'DU1234417';
const t = Date.parse('2026-11-18T09:38:45-05:00');
const rowOf = (row: number, day = 0): FillRow => ({
  row,
  t: t + day * 86_400_000 + row * 1000,
  symbol: 'RCAT',
  side: 'BUY',
  qty: 10 + row,
  price: '12.46',
  tag: 'ladder_buy',
  realized: '0',
  execId: `e.${row}.01.01`,
});
const rows = (first: number, last: number, day = 0): FillRow[] =>
  Array.from({ length: last - first + 1 }, (_, index) => rowOf(first + index, day));
const csv = (all: readonly FillRow[]): string => FILLS_HEADER + all.map(fillRowText).join('');

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
const put = (name: string, text: string): void => fs.writeFileSync(at(name), text);
const text = (...names: string[]): string => fs.readFileSync(at(...names), 'utf8');
const now = t + 8 * 3_600_000;
const archive = (): Archived => {
  const outcome = archiveDay(folder, at('targets.txt'), now);
  assert.equal(outcome.type, 'archived');
  return (outcome as { archived: Archived }).archived;
};
/** The fills file as a session completes it at its start. */
const start = (known: readonly FillRow[], before: number | null): FillsCsv => {
  const { archivedRows } = pathsOf(folder, folder, ACCOUNT);
  const file = new FillsCsv({
    file: at('fills_live.csv'),
    archived: readArchivedRows(archivedRows),
    onState: () => undefined,
  });
  file.complete(known, before);
  return file;
};

beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-archive-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('archive of a day', () => {
  beforeEach(() => {
    put('targets.txt', 'RCAT\n');
    put('fills_live.csv', csv(rows(1, 3)));
    put('pnl_summary_live.csv', `${PNL_HEADER}2026-11-18T16:00:00-05:00,RCAT,0,,12.46,0.00,0.00\n`);
    put('bot_errors.log', 'an error\n');
    fs.mkdirSync(at('.dronebot'));
    writeFillsOwner(pathsOf(folder, folder, ACCOUNT), ACCOUNT);
  });

  it('moves the files under the date of the newest row, copies what is still in force, leaves the rest', () => {
    put('dashboard_overrides.json', '{"RCAT":{"buy":0.7}}');
    put('notes.md', 'mine');
    const before = text('fills_live.csv');
    const { date, folder: target, moved, copied, stayed } = archive();
    assert.equal(date, '2026-11-18');
    assert.equal(target, at('archive', '2026-11-18'));
    assert.deepEqual(moved, ['fills_live.csv', 'pnl_summary_live.csv', 'bot_errors.log']);
    assert.deepEqual(copied, ['targets.txt', 'dashboard_overrides.json']);
    assert.deepEqual(stayed, []);
    assert.equal(text('archive', date, 'fills_live.csv'), before);
    assert.deepEqual(fs.readdirSync(folder).sort(), [
      '.dronebot',
      'archive',
      'dashboard_overrides.json',
      'notes.md',
      'targets.txt',
    ]);
  });

  it('never writes over an archive that is there', () => {
    for (const n of [1, 2, 3]) {
      put('fills_live.csv', csv(rows(n, n)));
      archive();
    }
    const names = ['fills_live.csv', 'fills_live.2.csv', 'fills_live.3.csv'];
    assert.deepEqual(
      names.map(name => text('archive', '2026-11-18', name)),
      [1, 2, 3].map(n => csv(rows(n, n))),
    );
    assert.ok(names.every(name => !/[<>:"/\\|?*]/.test(name)));
  });

  it('says the range when nobody has archived for days', () => {
    put('fills_live.csv', csv([...rows(1, 2, -2), ...rows(3, 3)]));
    const day = dayOf(folder);
    assert.deepEqual([day?.firstDate, day?.date, day?.nFills], ['2026-11-16', '2026-11-18', 3]);
    assert.equal(archive().date, '2026-11-18');
  });

  it('goes by the P&L rows on a day without a fill, by the clock when nothing names a day', () => {
    fs.rmSync(at('fills_live.csv'));
    assert.equal(archive().date, '2026-11-18');
    put('bot_errors.log', 'another\n');
    fs.utimesSync(at('bot_errors.log'), new Date(t), new Date(t));
    assert.equal(archive().date, '2026-11-18');
    assert.equal(text('archive', '2026-11-18', 'bot_errors.2.log'), 'another\n');
  });

  it('has nothing to do without files of a day', () => {
    for (const name of ['fills_live.csv', 'pnl_summary_live.csv', 'bot_errors.log']) fs.rmSync(at(name));
    put('dashboard_snapshot.json', '{"phase":"ended"}');
    assert.equal(archiveDay(folder, at('targets.txt'), Date.now()).type, 'nothing');
    assert.ok(!fs.existsSync(at('archive')));
  });

  it('touches nothing while a session writes, in whatever window', () => {
    put('dashboard_snapshot.json', '{"phase":"trading"}');
    assert.equal(archiveDay(folder, at('targets.txt'), Date.now()).type, 'inUse');
    assert.ok(fs.existsSync(at('fills_live.csv')));
    // Not for ever after a crash, and not after an end that was said.
    assert.equal(isWrittenBySession(folder, Date.now() + 6000), false);
    put('dashboard_snapshot.json', '{"phase":"ended"}');
    assert.equal(isWrittenBySession(folder, Date.now()), false);
    put('dashboard_snapshot.json', '{"phase":"tra');
    assert.equal(isWrittenBySession(folder, Date.now()), true);
  });

  it('leaves a file that cannot be moved where it is and says why', function () {
    fs.mkdirSync(at('archive'));
    put(path.join('archive', '2026-11-18'), 'a file where the folder should be');
    const outcome = archiveDay(folder, at('targets.txt'), now);
    assert.equal(outcome.type, 'failed');
    assert.equal(text('fills_live.csv'), csv(rows(1, 3)));
  });
});

describe('the start after an archive', () => {
  beforeEach(() => {
    fs.mkdirSync(at('.dronebot'));
    writeFillsOwner(pathsOf(folder, folder, ACCOUNT), ACCOUNT);
    put('fills_live.csv', csv(rows(1, 3)));
  });

  it('does not write the archived rows again, and goes on with the next', () => {
    archive();
    const file = start(rows(1, 3), 0);
    assert.equal(file.before, 0);
    file.append(rowOf(4));
    assert.equal(text('fills_live.csv'), csv(rows(4, 4)));
    archive();
    start(rows(1, 4), 0).append(rowOf(5));
    assert.equal(text('fills_live.csv'), csv(rows(5, 5)));
  });

  it('completes what a crash had left out of the archived file, whole or torn', () => {
    for (const left of [csv(rows(1, 2)), csv(rows(1, 3)).slice(0, -9)]) {
      put('fills_live.csv', left);
      fs.rmSync(pathsOf(folder, folder, ACCOUNT).archivedRows, { force: true });
      archive();
      start(rows(1, 3), 0);
      assert.equal(text('fills_live.csv'), csv(rows(3, 3)));
      fs.rmSync(at('fills_live.csv'));
    }
  });

  it('knows an archive that was put back', () => {
    const { folder: target } = archive();
    fs.renameSync(path.join(target, 'fills_live.csv'), at('fills_live.csv'));
    start(rows(1, 5), 0);
    assert.equal(text('fills_live.csv'), csv(rows(1, 5)));
  });

  it('keeps the earlier bot’s rows apart from its own', () => {
    const earlier = '2026-11-17T10:00:00,RCAT,BUY,5,12.1,ladder_buy,0\n';
    put('fills_live.csv', earlier + rows(1, 2).map(fillRowText).join(''));
    archive();
    const file = start(rows(1, 2), 1);
    assert.equal(file.before, 1);
    file.append(rowOf(3));
    assert.equal(text('fills_live.csv'), csv(rows(3, 3)));
  });

  it('writes the rows again when the note cannot be read: twice somewhere, lost nowhere', () => {
    archive();
    fs.writeFileSync(pathsOf(folder, folder, ACCOUNT).archivedRows, '[{"rows":');
    start(rows(1, 3), 0);
    assert.equal(text('fills_live.csv'), csv(rows(1, 3)));
  });
});
