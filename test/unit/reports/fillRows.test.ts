/** Rows of fills files: what they stand for after corrections, and the earlier Python bot's own files. */
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { correctedFills, readFills, tagOf } from '../../../src/reports/fillRows';

const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const T = '2026-11-18T09:38:45-05:00';
const after = (...rows: string[]) =>
  correctedFills(readFills(rows.join('\n')).fills).map(
    ({ time, symbol, side, qty, price, tag }) => `${time} ${side} ${qty} ${symbol} ${price.toString()} ${tag}`,
  );

describe('fill rows: corrections', () => {
  const BUY = `${T},RCAT,BUY,186,12.46,ladder_buy,0.00`;
  const LATER = '2026-11-18T09:50:00-05:00';

  it('puts the new fill in the place and at the time of the old one', () => {
    deepEqual(
      after(
        BUY,
        `${T},DPRO,BUY,10,9.80,ladder_buy,0.00`,
        `${LATER},RCAT,BUY,-186,12.46,ladder_buy_corr,0.00`,
        `${LATER},RCAT,BUY,180,12.45,ladder_buy_corr,0.00`,
      ),
      ['09:38:45 BUY 180 RCAT 12.45 ladder_buy_corr', '09:38:45 BUY 10 DPRO 9.8 ladder_buy'],
    );
  });
  it('follows a correction of a correction', () => {
    deepEqual(
      after(
        BUY,
        `${LATER},RCAT,BUY,-186,12.46,ladder_buy_corr,0`,
        `${LATER},RCAT,BUY,180,12.45,ladder_buy_corr,0`,
        `${LATER},RCAT,BUY,-180,12.45,ladder_buy_corr,0`,
        `${LATER},RCAT,BUY,190,12.40,ladder_buy_corr,0`,
      ),
      ['09:38:45 BUY 190 RCAT 12.4 ladder_buy_corr'],
    );
  });
  it('forgets a fill that never was', () => {
    deepEqual(
      after(BUY, `${LATER},RCAT,BUY,-186,12.46,ladder_buy_corr,0`, `${LATER},RCAT,BUY,0,12.46,ladder_buy_corr,0`),
      [],
    );
  });
  it('takes the newest of equal fills', () => {
    deepEqual(
      after(
        BUY,
        BUY.replace('09:38:45', '09:39:00'),
        `${LATER},RCAT,BUY,-186,12.46,ladder_buy_corr,0`,
        `${LATER},RCAT,BUY,1,12.46,ladder_buy_corr,0`,
      ),
      ['09:38:45 BUY 186 RCAT 12.46 ladder_buy', '09:39:00 BUY 1 RCAT 12.46 ladder_buy_corr'],
    );
  });
  it('leaves a pair as it stands whose fill is not in the file', () => {
    deepEqual(
      after(`${LATER},RCAT,BUY,-186,12.46,ladder_buy_corr,0`, `${LATER},RCAT,BUY,180,12.45,ladder_buy_corr,0`),
      ['09:50:00 BUY -186 RCAT 12.46 ladder_buy_corr', '09:50:00 BUY 180 RCAT 12.45 ladder_buy_corr'],
    );
  });
  it('accepts no shares only as the end of a correction', () => {
    equal(
      readFills(`${T},RCAT,BUY,0,12.46,ladder_buy,0`).skipped[0]?.reason,
      'has quantity "0", expected whole shares',
    );
  });
  it('names a fill by what it was for', () => {
    deepEqual(readFills(`${T},A,BUY,1,1,ladder_buy_corr,0\n${T},A,BUY,1,1,,0`).fills.map(tagOf), [
      'ladder_buy',
      'untagged',
    ]);
  });
});

describe('fill rows: the earlier bot’s files', () => {
  const HEADED = readFills(fixture('python_fills.csv'));
  const BARE = readFills(fixture('python_fills_no_header.csv'));

  it('are read with a header: several days, times with and without offset, shares as 120.0', () => {
    deepEqual(
      HEADED.fills.map(({ date, time, symbol, side, qty }) => `${date} ${time} ${side} ${qty} ${symbol}`),
      [
        '2025-11-20 09:41:07 BUY 120 RCAT',
        '2025-11-20 10:05:30 BUY 144 RCAT',
        '2025-11-20 14:22:10 SELL 264 RCAT',
        '2025-11-21 09:33:00 BUY 40 KTOS',
        '2025-11-21 15:58:59 SELL 40 KTOS',
      ],
    );
    deepEqual(HEADED.skipped, [
      { line: 4, reason: 'has realized P&L "nan", expected a number' },
      { line: 7, reason: 'has 3 columns, expected 7' },
    ]);
  });
  it('and without one', () => {
    deepEqual(BARE.skipped, []);
    equal(BARE.fills.length, 3);
    equal(BARE.fills[0]?.line, 1);
  });
});

describe('fill rows: strange numbers and times', () => {
  const reason = (row: string) => readFills(row).skipped[0]?.reason ?? 'read';
  it('reads what is clear and nothing else', () => {
    equal(reason(`${T},RCAT,BUY,5,12.46,x,-0.0`), 'read');
    equal(reason(`${T},RCAT,BUY,5,12.46,x,1.5e-05`), 'read');
    equal(reason(`${T}, rcat , buy ,5,12.46,x,`), 'read');
    equal(reason(`"${T}","RCAT","BUY","5","12.46","x","0"`), 'read');
    deepEqual(
      readFills(`"${T}", "RCAT" ,BUY,"5",12.46,"a ""tag"", of two",0`).fills.map(({ symbol, qty, tag }) => [
        symbol,
        qty,
        tag,
      ]),
      [['RCAT', 5, 'a "tag", of two']],
    );
    equal(reason(`"${T}",RCAT,BUY,5,"12.46,x,0`), 'has 1 column, expected 7');
    equal(reason(`"${T}"x,RCAT,BUY,5,12.46,x,0`), 'has 1 column, expected 7');
    equal(reason(`2026-11-18 25:00:00,RCAT,BUY,5,12.46,x,0`).startsWith('has time "2026-11-18 25:00:00"'), true);
    equal(reason(`2026-02-30T09:30:00-05:00,RCAT,BUY,5,12.46,x,0`).startsWith('has time'), true);
    equal(reason(`${T},RCAT,BUY,Infinity,12.46,x,0`), 'has quantity "Infinity", expected whole shares');
  });
});
