import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { SymbolDetail } from '../../../src/shared/protocol';
import { prepareFolder } from '../../../tools/demoFolder';
import { fillText, headText, ladderText, progressText } from '../../../tools/demoText';
import { compareFills } from '../../../tools/verifyFills';

const at = (time: string): number => Date.parse(`2026-11-18T${time}-05:00`);

describe('demo: words and columns', () => {
  it('head', () => {
    const risky = { class: 'risky' } as const;
    const safe = { class: 'safe' } as const;
    assert.equal(
      headText({
        where: 'simulator SIM00001 on 127.0.0.1:40123',
        date: '2026-11-18',
        seed: 7,
        speed: Infinity,
        targetsFile: 'targets.txt',
        targets: [risky, risky, risky, risky, risky, risky, safe, safe, safe],
        equity: 150_000,
        inUse: 100_500,
      }),
      'Dronebot demo   simulator SIM00001 on 127.0.0.1:40123   2026-11-18   seed 7   as fast as it goes\n' +
        'targets.txt     9 symbols, 6 risky, 3 safe, $150,000 equity, $100,500 in use at most',
    );
  });

  it('ladder', () => {
    const rungs = (prices: number[]) => prices.map((price, i) => ({ rung: i + 1, price }));
    const detail = {
      symbol: 'RCAT',
      class: 'risky',
      decimals: 2,
      reference: 12.6,
      z: 0.38,
      clip: 2311.5,
      buys: rungs([12.44, 12.38, 12.3, 12.19, 12.15, 12.12, 12.08]),
      sells: rungs([12.73, 12.79, 12.86, 12.96, 12.98, 13.01, 13.05]),
    } as unknown as SymbolDetail;
    assert.equal(
      ladderText(detail),
      [
        'RCAT risky   reference 12.60   z +0.38   clip $2,311.50',
        '  buy    12.44   12.38   12.30  [12.19]  12.15   12.12   12.08',
        '  sell   12.73   12.79   12.86  [12.96]  12.98   13.01   13.05',
      ].join('\n'),
    );
  });

  it('fills', () => {
    const buy = {
      t: at('09:38:45'),
      symbol: 'RCAT',
      side: 'BUY',
      qty: 186,
      price: 12.46,
      rung: 1,
      tag: 'ladder_buy',
    } as const;
    assert.equal(
      fillText({ ...buy, holds: 186, realized: 0 }, 4),
      '09:38:45  RCAT  ▲ buy   186 at   12.46   L1   ladder_buy        holds 186',
    );
    const sell = {
      t: at('10:55:00'),
      symbol: 'RCAT',
      side: 'SELL',
      qty: 97,
      price: 12.69,
      rung: 3,
      tag: 'ladder_sell',
    } as const;
    assert.equal(
      fillText({ ...sell, holds: 410, realized: 33.84 }, 4),
      '10:55:00  RCAT  ▼ sell   97 at   12.69   L3   ladder_sell       holds 410   +$33.84',
    );
  });

  it('progress', () => {
    assert.equal(
      progressText({ t: at('11:42:17'), done: 0.344, fills: 23, pnl: 323.52, secondsLeft: 21.3 }),
      ` 11:42 ET ${'━'.repeat(16)}╸${' '.repeat(32)}34%   23 fills   P&L +$323.52   22 s left`,
    );
  });
});

describe('fills against the truth log', () => {
  const truth = (...fills: [string, string, number, number][]): string =>
    fills.map(([symbol, side, shares, price]) => JSON.stringify({ symbol, side, shares, price })).join('\n');
  const csv = (...rows: string[]): string =>
    [
      'ts,symbol,side,qty,price,tag,realized_pnl',
      ...rows.map(row => `2026-11-18T10:00:00-05:00,${row},ladder_buy,0.00`),
    ].join('\n');

  it('equal', () => {
    assert.deepEqual(
      compareFills(
        csv('RCAT,BUY,100,12.46', 'BRK.B,SELL,3,401.5'),
        truth(['RCAT', 'BUY', 100, 12.46], ['BRK B', 'SELL', 3, 401.5]),
      ),
      {
        equal: true,
        fills: 2,
      },
    );
  });

  const sold = truth(['RCAT', 'BUY', 186, 12.46], ['RCAT', 'SELL', 97, 12.69]);
  const cases: [string, string, string][] = [
    ['other shares', csv('RCAT,BUY,186,12.46', 'RCAT,SELL,96,12.69'), 'Fill 2 differs from the truth log: the simulator sold 97 RCAT at 12.69, the file has 96.'],
    ['another price', csv('RCAT,BUY,186,12.46', 'RCAT,SELL,97,12.7'), 'Fill 2 differs from the truth log: the simulator sold 97 RCAT at 12.69, the file has sold 97 RCAT at 12.70.'],
    ['a missing row', csv('RCAT,BUY,186,12.46'), 'Fill 2 differs from the truth log: the simulator sold 97 RCAT at 12.69, the file has none.'],
    ['a row too many', csv('RCAT,BUY,186,12.46', 'RCAT,SELL,97,12.69', 'RCAT,SELL,97,12.69'), 'The file has a fill that the truth log has not: sold 97 RCAT at 12.69. The simulator executed 2, the file has 3.'],
  ]; // prettier-ignore
  for (const [name, file, text] of cases)
    it(name, () => assert.deepEqual(compareFills(file, sold), { equal: false, text }));

  it('a correction takes its old row along', () => {
    const rows = csv('RCAT,BUY,186,12.46', 'RCAT,SELL,90,12.69', 'RCAT,SELL,-90,12.69', 'RCAT,SELL,97,12.69');
    assert.equal(compareFills(rows, sold).equal, true);
  });
});

describe('the demo’s folder', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-demo-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is cleared of a demo’s own files only', () => {
    assert.equal(prepareFolder(folder), null);
    fs.writeFileSync(path.join(folder, 'fills_live.csv'), 'old');
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    assert.equal(prepareFolder(folder), null);
    assert.deepEqual(fs.readdirSync(folder).sort(), ['.dronebot-demo', 'notes.txt']);
  });

  it('that cannot be made is named, with why', () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    assert.match(prepareFolder(path.join(folder, 'file', 'out')) ?? '', /out cannot be written: .*Name another folder/);
  });

  it('is left alone when no demo made it', () => {
    fs.writeFileSync(path.join(folder, 'fills_live.csv'), 'a real account’s');
    assert.match(prepareFolder(folder) ?? '', /holds files that no demo has made, so nothing was touched/);
    assert.equal(fs.readFileSync(path.join(folder, 'fills_live.csv'), 'utf8'), 'a real account’s');
  });
});
