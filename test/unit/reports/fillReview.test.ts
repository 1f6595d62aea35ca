import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewFills } from '../../../src/reports/fillReview';
import { reviewTable, symbolTable } from '../../../src/reports/fillTables';

const DAY = readFileSync(join(__dirname, 'fixtures', 'fills_2026-11-18.csv'), 'utf8');
const HEAD = { file: 'fills_live.csv', account: 'PAPER ···4417' };

describe('fill review: the tables as people read them', () => {
  it('has a row a symbol, totals and what was skipped', () => {
    equal(
      reviewTable(reviewFills(DAY), HEAD),
      `Fills of 2026-11-18 (fills_live.csv, 25 rows, 23 of them read, PAPER ···4417)

Symbol  Fills   Bought    Sold     Net     Cash flow   Realized    Fees     After
─────────────────────────────────────────────────────────────────────────────────
RCAT        5      676     266     410     −4,994.10     +65.76    5.45    +60.31
UMAC        3      709       0     709     −8,344.21       0.00    3.57     −3.57
AVAV        2        6       0       6     −1,677.81       0.00    2.00     −2.00
KTOS        3       36       0      36     −2,716.32       0.00    3.00     −3.00
LPTH        1      231       0     231     −1,905.75       0.00    1.16     −1.16
ONDS        3    1,075       0   1,075     −8,338.73       0.00    5.38     −5.38
EH          6      451     326     125     −1,870.27     +32.70    6.00    +26.70
─────────────────────────────────────────────────────────────────────────────────
Total      23    3,184     592   2,592    −29,847.19     +98.46   26.55    +71.91

Two rows were skipped: line 7 has 5 columns, expected 7; line 19 has side "BOT", expected BUY or SELL.`,
    );
  });

  it('shows one symbol on its own', () => {
    const rcat = reviewFills(DAY).symbols.find(each => each.symbol === 'RCAT');
    equal(
      rcat && symbolTable(rcat),
      `RCAT
  Buys          3 fills      676 shares   $  8,342.60   average 12.3411
  Sells         2 fills      266 shares   $  3,348.50   average 12.5883
  Net cash flow                            −$4,994.10
  Realized                                    +$65.76
  By tag      ladder_buy 3   breakeven_trim 1   ladder_sell 1
  First fill  2026-11-18 09:38:45 ET     Last fill  2026-11-18 10:55:00 ET`,
    );
  });

  it('says so when there is nothing', () => {
    equal(
      reviewTable(reviewFills(''), { file: 'fills_live.csv', account: '' }),
      'No fills yet (fills_live.csv, 0 rows)',
    );
    equal(
      reviewTable(reviewFills('ts,symbol,side,qty,price,tag,realized_pnl\n'), HEAD),
      'No fills yet (fills_live.csv, 0 rows, PAPER ···4417)',
    );
  });
});

describe('fill review: what it reads', () => {
  const ROW = '2026-11-18T09:38:45-05:00,RCAT,BUY,186,12.46,ladder_buy,0.00';
  const reasons = (...lines: string[]) =>
    reviewFills(lines.join('\n')).skipped.map(row => `${row.line}: ${row.reason}`);
  const first = (line: string) => reviewFills(line).symbols[0];

  it('takes files without a header, with Windows line ends and a byte order mark', () => {
    equal(reviewFills(`\uFEFF${ROW}\r\n${ROW}\r\n`).read, 2);
  });
  it('takes a header anywhere, as appended files have it', () => {
    equal(reviewFills(`${ROW}\nts,symbol,side,qty,price,tag,realized_pnl\n${ROW}`).rows, 2);
  });
  it('takes the old bot’s times as exchange time', () => {
    equal(first('2025-03-03 15:59:01,eh,sell,12.0,15.1,,')?.first, '2025-03-03 15:59:01');
    equal(first('2025-03-03T15:59:01.123456,EH,BUY,1,15,x,0')?.first, '2025-03-03 15:59:01');
  });
  it('turns a time with an offset into exchange time', () => {
    equal(first('2026-07-01T13:30:00Z,EH,BUY,1,15,x,0')?.first, '2026-07-01 09:30:00');
    equal(first('2026-07-01T15:30:00+0200,EH,BUY,1,15,x,0')?.first, '2026-07-01 09:30:00');
  });
  it('counts a correction as one fill, at the new price', () => {
    const review = first(
      [
        ROW,
        '2026-11-18T09:38:45-05:00,RCAT,BUY,-186,12.46,ladder_buy_corr,0.00',
        '2026-11-18T09:38:45-05:00,RCAT,BUY,180,12.45,ladder_buy_corr,0.00',
      ].join('\n'),
    );
    deepEqual(
      [review?.fills, review?.net, review?.cashFlow.toFixed(2), review?.fees.toFixed(2)],
      [1, 180, '-2241.00', '1.00'],
    );
    deepEqual(review?.tags, [['ladder_buy', 1]]);
  });
  it('names each row that it cannot read, by number and reason', () => {
    deepEqual(
      reasons(
        ROW,
        'yesterday,RCAT,BUY,1,12.46,ladder_buy,0',
        '2026-11-18T09:38:45-05:00,,BUY,1,12.46,ladder_buy,0',
        '2026-11-18T09:38:45-05:00,RCAT,BUY,1.5,12.46,ladder_buy,0',
        '2026-11-18T09:38:45-05:00,RCAT,BUY,1,-12,ladder_buy,0',
        '2026-11-18T09:38:45-05:00,RCAT,BUY,1,12,ladder_buy,abc',
        '"2026-11-18T09:38:45-05:00,RCAT',
        '2026-13-45T09:38:45-05:00,RCAT,BUY,1,12,ladder_buy,0',
      ),
      [
        '2: has time "yesterday", expected a date and time such as 2026-11-18T09:38:45-05:00',
        '3: has no symbol',
        '4: has quantity "1.5", expected whole shares',
        '5: has price "-12", expected a number over 0',
        '6: has realized P&L "abc", expected a number',
        '7: has 1 column, expected 7',
        '8: has time "2026-13-45T09:38:45-05:00", expected a date and time such as 2026-11-18T09:38:45-05:00',
      ],
    );
  });
  it('names at most twenty of them', () => {
    const text = reviewTable(reviewFills([ROW, ...Array<string>(25).fill('x')].join('\n')), HEAD);
    equal(text.endsWith('line 21 has 1 column, expected 7; and 5 more lines.'), true, text);
  });
});
