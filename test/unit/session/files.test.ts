import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gunzipSync, constants } from 'node:zlib';
import type { FillRow } from '../../../src/engine/events';
import { fillRowText, FILLS_HEADER, moneyText, pnlRowText, priceText } from '../../../src/reports/rows';
import { ErrorsLog } from '../../../src/session/errorsLog';
import { FillsCsv } from '../../../src/session/fillsCsv';
import { changedOverrides, readOverrides } from '../../../src/session/overridesFile';
import { ownAccount, ownerName, OwnerTaken } from '../../../src/session/owner';
import { removeOldTapes, Tape, type TapeHeader } from '../../../src/session/tape';
import { WatchFile } from '../../../src/session/watchFile';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';

const t = Date.parse('2026-11-18T09:38:45.900-05:00');
const rowOf = (row: number, more: Partial<FillRow> = {}): FillRow => ({
  row,
  t: t + row * 1000,
  symbol: 'RCAT',
  side: 'BUY',
  qty: 10 + row,
  price: '12.46',
  tag: 'ladder_buy',
  realized: '0',
  execId: `e.${row}.01.01`,
  ...more,
});

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-files-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('rows as text', () => {
  for (const [price, text] of [
    ['12.46', '12.46'],
    ['12.4', '12.40'],
    [7, '7.00'],
    ['0.12345', '0.1234'],
    ['0.12355', '0.1236'],
    ['99.99995', '100.00'],
    [12.5, '12.50'],
    ['271.3375', '271.3375'],
  ] as const)
    it(`price ${price} is ${text}`, () => assert.equal(priceText(price), text));

  for (const [amount, text] of [
    ['0.125', '0.12'],
    ['0.135', '0.14'],
    ['-0.004', '0.00'],
    ['-12.345', '-12.34'],
    [31.92, '31.92'],
  ] as const)
    it(`P&L ${amount} is ${text}`, () => assert.equal(moneyText(amount), text));

  it('fill and P&L rows', () => {
    assert.equal(
      fillRowText(rowOf(1, { side: 'SELL', tag: 'breakeven_trim', realized: '31.9249' })),
      '2026-11-18T09:38:46-05:00,RCAT,SELL,11,12.46,breakeven_trim,31.92\n',
    );
    assert.equal(
      pnlRowText({ t, symbol: 'RCAT', pos: 410, avg: '12.34111', last: 12.77, uPnL: '175.84', rPnL: '65.755' }),
      '2026-11-18T09:38:45-05:00,RCAT,410,12.3411,12.77,175.84,65.76\n',
    );
  });
});

describe('fills_live.csv', () => {
  let states: boolean[];
  const file = (): string => path.join(folder, 'fills_live.csv');
  const text = (): string => fs.readFileSync(file(), 'utf8');
  const make = (): FillsCsv => {
    states = [];
    return new FillsCsv({ file: file(), onState: ok => states.push(ok) });
  };
  const rows = [1, 2, 3, 4].map(row => rowOf(row));
  const whole = FILLS_HEADER + rows.map(fillRowText).join('');

  it('is completed by whatever a crash left out, whole or torn', () => {
    for (let size = 0; size <= whole.length; size++) {
      fs.writeFileSync(file(), whole.slice(0, size));
      make().complete(rows, 0);
      assert.equal(text(), whole, `cut at ${size}`);
    }
  });

  it('follows the rows of the earlier bot, and knows them from its own', () => {
    const earlier =
      '2026-11-17T10:00:00,RCAT,BUY,5,12.1,ladder_buy,0\n2026-11-17T10:05:00,RCAT,SELL,5,12.2,ladder_sell,0.5\n';
    fs.writeFileSync(file(), earlier);
    const first = make();
    first.complete([], null);
    assert.equal(first.before, 2);
    rows.forEach(row => first.append(row));
    assert.equal(text(), earlier + rows.map(fillRowText).join(''));
    fs.writeFileSync(file(), text().slice(0, -90));
    make().complete(rows, 2);
    assert.equal(text(), earlier + rows.map(fillRowText).join(''));
  });

  it('writes a row once, however often it is told', () => {
    const csv = make();
    csv.complete([], 0);
    csv.append(rows[0]!);
    csv.append(rows[0]!);
    csv.append(rows[1]!);
    assert.equal(text(), FILLS_HEADER + fillRowText(rows[0]!) + fillRowText(rows[1]!));
  });

  it('gives an archived file back what the journal still knows', () => {
    const csv = make();
    csv.complete(rows.slice(2), 7);
    assert.equal(text(), FILLS_HEADER + rows.slice(2).map(fillRowText).join(''));
    assert.equal(csv.before, -2);
  });

  it('stays as it is where the journal has forgotten rows, some or all, and what is new follows', () => {
    for (const known of [rows.slice(2, 3), []]) {
      fs.writeFileSync(file(), FILLS_HEADER + rows.slice(0, 3).map(fillRowText).join(''));
      const csv = make();
      csv.complete(known, 0);
      assert.equal(csv.before, 0);
      csv.append(rows[3]!);
      assert.equal(text(), whole);
      make().complete([...known, rows[3]!], 0);
      assert.equal(text(), whole);
    }
  });

  it('does not glue a row to a last line that an editor left open', () => {
    fs.writeFileSync(file(), FILLS_HEADER + fillRowText(rows[0]!).trimEnd());
    const csv = make();
    csv.complete([rows[0]!], 0);
    csv.append(rows[1]!);
    assert.equal(text(), FILLS_HEADER + fillRowText(rows[0]!) + fillRowText(rows[1]!));
  });

  it('lets rows wait while it is locked, in order', () => {
    fs.mkdirSync(file());
    const csv = make();
    csv.complete([], 0);
    csv.append(rows[0]!);
    csv.append(rows[1]!);
    assert.deepEqual([csv.rowsWaiting, states], [2, [false]]);
    fs.rmdirSync(file());
    assert.ok(csv.flush());
    assert.deepEqual([csv.rowsWaiting, states], [0, [false, true]]);
    assert.equal(text(), FILLS_HEADER + fillRowText(rows[0]!) + fillRowText(rows[1]!));
  });
});

describe('overrides', () => {
  const before = { AVAV: { buy: 0.7 }, KTOS: { buy: 0.5, sell: 0.6 } };
  const cases: [string, string, object, number][] = [
    ['takes good values', '{"avav":{"buy":0.8,"sell":1}}', { AVAV: { buy: 0.8, sell: 1 } }, 0],
    ['keeps all when it is no JSON', '{"AVAV":{"buy":0.8}', before, 1],
    ['keeps all when it is a list', '[]', before, 1],
    ['keeps a value out of range', '{"AVAV":{"buy":12,"sell":1}}', { AVAV: { buy: 0.7, sell: 1 } }, 1],
    ['keeps a symbol that is no object', '{"AVAV":0.6}', { AVAV: { buy: 0.7 } }, 1],
    ['drops what is not there', '{}', {}, 0],
    ['takes null for no override', '{"KTOS":{"buy":null,"sell":0.6}}', { KTOS: { sell: 0.6 } }, 0],
    ['names a key it does not know', '{"KTOS":{"sel":0.6}}', {}, 1],
    ['takes no text for a number', '{"AVAV":{"buy":"0.6"}}', { AVAV: { buy: 0.7 } }, 1],
  ];
  for (const [name, text, overrides, nProblems] of cases) {
    it(name, () => {
      const read = readOverrides(text, before);
      assert.deepEqual(read.overrides, overrides);
      assert.equal(read.problems.length, nProblems);
    });
  }

  it('tells what has changed, with null for what is gone', () => {
    assert.deepEqual(changedOverrides(before, { AVAV: { buy: 0.7 }, EH: { sell: 2 } }), [
      { symbol: 'KTOS', buy: null, sell: null },
      { symbol: 'EH', buy: null, sell: 2 },
    ]);
  });
});

describe('a watched file', () => {
  it('counts once it stands still, and an emptied one later than a changed one', () => {
    const heard: (string | null)[] = [];
    let text: string | null = 'one';
    let now = 0;
    const watch = new WatchFile({
      file: '',
      known: 'one',
      onText: got => heard.push(got),
      read: () => text,
      now: () => now,
    });
    const look = (after: number): void => {
      now += after;
      watch.look();
    };
    look(500);
    assert.deepEqual(heard, []);
    text = 'tw';
    look(500);
    text = 'two';
    look(60);
    assert.deepEqual(heard, []);
    look(60);
    assert.deepEqual(heard, ['two']);
    text = '';
    look(500);
    look(60);
    assert.deepEqual(heard, ['two']);
    text = 'three';
    look(60);
    look(60);
    assert.deepEqual(heard, ['two', 'three']);
    text = '';
    look(500);
    look(1000);
    text = null;
    look(500);
    look(60);
    assert.deepEqual(heard, ['two', 'three', '', null]);
  });
});

describe('tape', () => {
  const header: TapeHeader = {
    t,
    type: 'session',
    recorded: true,
    version: 1,
    sessionId: 's',
    mode: 'SIM',
    settings: DEFAULT_SETTINGS,
    base: { equity: 1, risky: 0.6, safe: 0.4 },
    targets: 'AVAV\n',
    durable: null,
  };

  it('holds header and events in order, a file a session', async () => {
    for (const file of ['2026-11-18.01.jsonl.gz', '2026-11-18.02.jsonl.gz']) {
      const tape = Tape.open(folder, '2026-11-18', header, assert.fail);
      assert.equal(path.basename(tape.file), file);
      for (let n = 0; n < 2000; n++) tape.write({ t: t + n, type: 'time' });
      await tape.close();
      const lines = gunzipSync(fs.readFileSync(tape.file)).toString().trim().split('\n');
      assert.equal(lines.length, 2001);
      assert.deepEqual(JSON.parse(lines[0]!), JSON.parse(JSON.stringify(header)));
      assert.deepEqual(JSON.parse(lines[2000]!), { t: t + 1999, type: 'time' });
    }
  });

  it('can be read up to the last second after a crash', async () => {
    const tape = Tape.open(folder, '2026-11-18', header, assert.fail);
    tape.write({ t, type: 'time' });
    const read = (): string =>
      gunzipSync(fs.readFileSync(tape.file), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    // What is not flushed is read as the part that is there: the test's own limit ends the waiting.
    while (!read().endsWith(`{"t":${t},"type":"time"}\n`)) await new Promise(r => setTimeout(r, 50));
    await tape.close();
  });

  it('is removed when it is old', () => {
    const names = ['2026-10-18.01.jsonl.gz', '2026-10-19.01.jsonl.gz', '2026-10-18.txt'];
    for (const name of names) fs.writeFileSync(path.join(folder, name), '');
    removeOldTapes(folder, '2026-10-19');
    assert.deepEqual(fs.readdirSync(folder).sort(), ['2026-10-18.txt', '2026-10-19.01.jsonl.gz']);
  });
});

describe('error log', () => {
  it('makes room when it is full', () => {
    const file = path.join(folder, 'bot_errors.log');
    const log = new ErrorsLog(file, () => 'now', 60);
    assert.ok(log.write('first', new Error('with a stack')));
    assert.ok(log.write('second'));
    assert.match(
      fs.readFileSync(path.join(folder, 'bot_errors.1.log'), 'utf8'),
      /^now {2}first\n {4}Error: with a stack\n/,
    );
    assert.equal(fs.readFileSync(file, 'utf8'), 'now  second\n');
  });

  it('is no error itself when it cannot be written', () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    assert.equal(new ErrorsLog(path.join(folder, 'file', 'bot_errors.log'), () => '').write('what'), false);
  });
});

describe('owner of an account', () => {
  it('is one at a time, under one name for this machine', async () => {
    const name = ownerName('localhost', 4002, `SIM${process.pid}`);
    assert.equal(name, ownerName('127.0.0.1', 4002, `SIM${process.pid}`));
    assert.notEqual(name, ownerName('127.0.0.1', 4001, `SIM${process.pid}`));
    const owner = await ownAccount(name, 'today');
    await assert.rejects(ownAccount(name, 'later', 50), (error: OwnerTaken) => error.owner?.since === 'today');
    await owner.release();
    await (await ownAccount(name, 'later', 50)).release();
  });

  it('takes over what a crash left behind', async function () {
    if (process.platform === 'win32') return this.skip(); // A pipe without its process does not exist there.
    const name = ownerName('127.0.0.1', 4002, `SIMX${process.pid}`);
    fs.writeFileSync(`/tmp/dronebot-${process.getuid!()}-${name}.sock`, '');
    await (await ownAccount(name, 'now', 50)).release();
  });
});
