/** What fills add up to: days, tags, fees, holding times, round trips and the page's series, each sum written beside it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { fillRowText } from '../../../src/reports/rows';
import { reviewFills, type FillReview } from '../../../src/reports/fillReview';
import { fillsView } from '../../../src/reports/fillsView';
import { reviewDetails, symbolDetails } from '../../../src/reports/fillTables';
import { JournalFees } from '../../../src/reports/journalFees';
import type { ExecRecord, FeeRecord, JournalEntry } from '../../../src/engine/durable';
import type { FillRow } from '../../../src/engine/events';

/** Two days: RCAT twice from flat to flat, KTOS sold without a buy in the file. */
const DAYS = `ts,symbol,side,qty,price,tag,realized_pnl
2026-11-17T09:31:00-05:00,RCAT,BUY,100,10.00,ladder_buy,0.00
2026-11-17T09:41:00-05:00,RCAT,BUY,100,9.80,ladder_buy,0.00
2026-11-17T10:01:00-05:00,RCAT,SELL,100,10.10,ladder_sell,20.00
2026-11-17T11:31:00-05:00,RCAT,SELL,100,10.00,ladder_sell,10.00
2026-11-18T09:35:00-05:00,RCAT,BUY,300,9.00,ladder_buy,0.00
2026-11-18T09:36:00-05:00,KTOS,SELL,50,70.00,flatten,12.00
2026-11-18T09:45:30-05:00,RCAT,SELL,300,8.90,live_stop,-30.00
`;
const review = reviewFills(DAYS);
const money = ({
  realized,
  fees,
}: {
  realized: { toFixed(n: number): string };
  fees: { toFixed(n: number): string };
}) => `${realized.toFixed(2)} ${fees.toFixed(2)}`;

describe('fill review: days and tags', () => {
  it('adds up each day', () => {
    deepEqual(
      review.days.map(day => [
        day.date,
        day.fills,
        day.buys.shares,
        day.sells.shares,
        day.cashFlow.toFixed(2),
        money(day),
      ]),
      [
        // 1,010 + 1,000 − 1,000 − 980 = 30; fees 4 × $1
        ['2026-11-17', 4, 200, 200, '30.00', '30.00 4.00'],
        // 2,670 + 3,500 − 2,700 = 3,470; realized 12 − 30; fees 1.50 + 1.00 + 1.50
        ['2026-11-18', 3, 300, 350, '3470.00', '-18.00 4.00'],
      ],
    );
  });
  it('adds up each tag', () => {
    deepEqual(
      review.tags.map(tag => [tag.tag, tag.fills, tag.buys.shares + tag.sells.shares, money(tag)]),
      [
        ['ladder_buy', 3, 500, '0.00 3.50'],
        ['ladder_sell', 2, 200, '30.00 2.00'],
        ['flatten', 1, 50, '12.00 1.00'],
        ['live_stop', 1, 300, '-30.00 1.50'],
      ],
    );
  });
  it('the days, the tags and the symbols come to the same total', () => {
    const total = (parts: FillReview['days'] | FillReview['tags'] | FillReview['symbols']) =>
      parts.reduce((sum, part) => sum + Number(part.realized) - Number(part.fees), 0).toFixed(2);
    // 30 − 18 − 4 − 4
    deepEqual([total(review.days), total(review.tags), total(review.symbols)], ['4.00', '4.00', '4.00']);
    equal(review.total.realized.minus(review.total.fees).toFixed(2), '4.00');
  });
});

describe('fill review: holding times and round trips', () => {
  const rcat = review.symbols.find(each => each.symbol === 'RCAT');
  const MINUTE = 60_000;

  it('sells the newest shares first', () => {
    // 100 sh from 09:41 to 10:01, 100 from 09:31 to 11:31, 300 from 09:35:00 to 09:45:30
    deepEqual(rcat?.holding, {
      shares: 500,
      shareMs: (100 * 20 + 100 * 120 + 300 * 10.5) * MINUTE,
      shortestMs: 10.5 * MINUTE,
      longestMs: 120 * MINUTE,
      unknownShares: 0,
    });
  });
  it('counts shares that the file did not buy, and nothing else of them', () => {
    deepEqual(review.symbols.find(each => each.symbol === 'KTOS')?.holding, {
      shares: 0,
      shareMs: 0,
      shortestMs: 0,
      longestMs: 0,
      unknownShares: 50,
    });
    deepEqual([review.holding.shares, review.holding.unknownShares], [500, 50]);
  });
  it('goes from flat to flat', () => {
    deepEqual(
      review.trips.map(trip => [
        trip.symbol,
        trip.fills,
        trip.shares,
        (trip.closed - trip.opened) / MINUTE,
        money(trip),
      ]),
      [
        ['RCAT', 4, 200, 120, '30.00 4.00'],
        ['RCAT', 2, 300, 10.5, '-30.00 3.00'],
      ],
    );
  });
  it('leaves a trip open that has not come home', () => {
    const open = reviewFills(DAYS.split('\n').slice(0, 4).join('\n'));
    deepEqual([open.trips, open.holding.shares], [[], 100]);
    ok(reviewDetails(open).endsWith('No round trip yet: no symbol has gone from flat to flat in this file.'));
  });
  it('takes fills in order of time, however the file has them', () => {
    const [head = '', ...rows] = DAYS.trim().split('\n');
    deepEqual(reviewFills([head, ...rows.reverse()].join('\n')).trips, review.trips);
  });
  it('leaves a covered short out', () => {
    const short = '2026-11-18T10:00:00-05:00,RCAT,BUY,7,9.00,anti_short_cover,0.00\n';
    deepEqual(reviewFills(DAYS + short).trips, review.trips);
  });
});

describe('fill review: what lies behind it, in words', () => {
  it('reads as a table each', () => {
    equal(
      reviewDetails(review),
      `Fees are estimated: the greater of $1 and $0.005 a share, a fill. No journal beside this file has the broker’s.

By day

Date         Fills   Bought   Sold   Cash flow   Realized   Fees    After
─────────────────────────────────────────────────────────────────────────
2026-11-17       4      200    200       30.00     +30.00   4.00   +26.00
2026-11-18       3      300    350    3,470.00     −18.00   4.00   −22.00

By tag

Tag           Fills   Shares   Realized   Fees    After
───────────────────────────────────────────────────────
ladder_buy        3      500       0.00   3.50    −3.50
ladder_sell       2      200     +30.00   2.00   +28.00
flatten           1       50     +12.00   1.00   +11.00
live_stop         1      300     −30.00   1.50   −31.50

Holding time: 500 sold shares, held 34:18 on average, 10:30 to 2:00:00, newest sold first. 50 sold that this file did not buy are left out.

Round trips

Symbol   Opened                Closed                   Held   Fills   Shares   Realized   Fees    After
────────────────────────────────────────────────────────────────────────────────────────────────────────
RCAT     2026-11-17 09:31:00   2026-11-17 11:31:00   2:00:00       4      200     +30.00   4.00   +26.00
RCAT     2026-11-18 09:35:00   2026-11-18 09:45:30     10:30       2      300     −30.00   3.00   −33.00
Total    1 of 2 won                                                6      500       0.00   7.00    −7.00`,
    );
  });
  it('names every skipped row when they are more than a sentence holds', () => {
    const text = reviewDetails(reviewFills(DAYS + 'x\n'.repeat(25)));
    ok(text.endsWith('line 32 has 1 column, expected 7\nline 33 has 1 column, expected 7'), text.slice(-200));
  });
  it('says the same of one symbol', () => {
    const ktos = review.symbols.find(each => each.symbol === 'KTOS');
    equal(
      ktos && symbolDetails(ktos),
      'Holding time: no sold share whose buy is known. 50 sold that this file did not buy are left out.',
    );
  });
});

describe('fill review: commissions of the journal', () => {
  const t = Date.parse('2026-11-18T09:35:00-05:00');
  const row = (n: number, change: Partial<FillRow> = {}): FillRow => ({
    row: n,
    t,
    symbol: 'RCAT',
    side: 'BUY',
    qty: 300,
    price: '9',
    tag: 'ladder_buy',
    realized: '0',
    execId: `a.${n}.01.01`,
    ...change,
  });
  const fee = (reported: Record<string, string>): FeeRecord => ({
    key: 'k',
    symbol: 'RCAT',
    shares: 300,
    execs: [],
    reported,
  });
  const journal = (...entries: Partial<JournalEntry>[]): JournalFees => {
    const fees = new JournalFees();
    for (const entry of entries) fees.add(JSON.stringify({ t, why: 'fill', ...entry }));
    return fees;
  };
  const fees = (rows: readonly FillRow[], ...journals: JournalFees[]) => {
    const { total } = reviewFills(rows.map(fillRowText).join(''), journals);
    return `${total.fees.toFixed(2)}, ${total.estimated} of ${total.fills} estimated`;
  };

  it('are used where there is a report, and estimated where not', () => {
    const one = journal({ rows: [row(1)] }, { fee: fee({ 'a.1.01': '0.37' }) }, { rows: [row(2, { qty: 100 })] });
    // 0.37 reported; 100 shares: the greater of 1 and 0.50
    equal(fees([row(1), row(2, { qty: 100 })], one), '1.37, 1 of 2 estimated');
  });
  it('come from a state that was carried over the night, too', () => {
    const state = { rows: [row(1)], fees: { k: fee({ 'a.1.01': '0.37' }) } } as unknown as JournalEntry['full'];
    equal(fees([row(1)], journal({ full: state } as Partial<JournalEntry>)), '0.37, 0 of 1 estimated');
  });
  it('of a corrected fill count once, with its last report', () => {
    const undo = row(2, { qty: -300, tag: 'ladder_buy_corr', execId: 'a.1.01.01' });
    const redo = row(3, { qty: 290, tag: 'ladder_buy_corr', execId: 'a.1.01.02' });
    const exec = { base: 'a.1.01' } as ExecRecord;
    const one = journal(
      { rows: [row(1)], exec },
      { fee: fee({ 'a.1.01': '0.37' }) },
      { rows: [undo, redo], exec },
      { fee: fee({ 'a.1.01': '0.36' }) },
    );
    equal(fees([row(1), undo, redo], one), '0.36, 0 of 1 estimated');
  });
  it('are found by content, so that an archived file of one day has them as well', () => {
    const one = journal({ rows: [row(41)] }, { fee: fee({ 'a.41.01': '0.37' }) });
    equal(fees([row(1, { execId: '' })], one), '0.37, 0 of 1 estimated');
  });
  it('of two equal fills are not one', () => {
    const one = journal({ rows: [row(1), row(2)] }, { fee: fee({ 'a.1.01': '0.37' }) });
    // 0.37 and 300 × 0.005 = 1.50
    equal(fees([row(1), row(2)], one), '1.87, 1 of 2 estimated');
  });
  it('pass over what is torn or foreign', () => {
    const one = new JournalFees();
    for (const line of ['', '{"rows":', 'null', '{"format":1}', '"rows":']) one.add(line);
    equal(fees([row(1)], one), '1.50, 1 of 1 estimated');
  });
});

describe('fill review: the page', () => {
  const view = fillsView(review, { file: 'fills_live.csv', account: 'SIM ···0001' });
  const at = (time: string) => Date.parse(`2026-11-${time}Z`) / 1000;

  it('draws the P&L to scale of time, in exchange time, with nights left out', () => {
    const [all] = view.series;
    ok(all);
    equal(all.symbol, null);
    equal(all.times[0], at('17T09:31:00'));
    equal(all.times.at(-1), at('18T09:45:00'));
    // 09:31 to 11:31 are 121 minutes, 09:35 to 09:45 are 11.
    equal(all.times.length, 132);
    ok(all.times.every((time, i) => i === 0 || time > (all.times[i - 1] ?? Infinity)));
    const point = (time: string) => {
      const i = all.times.indexOf(at(time));
      return [all.realized[i], all.after[i]];
    };
    deepEqual(point('17T09:31:00'), [0, -1]);
    deepEqual(point('17T10:00:00'), [0, -2]);
    deepEqual(point('17T10:01:00'), [20, 17]);
    deepEqual(point('17T11:31:00'), [30, 26]);
    deepEqual(point('18T09:45:00'), [12, 4]);
  });
  it('has a line a symbol, and a bar for each beside its row', () => {
    deepEqual(
      view.series.map(series => [series.symbol, series.after.at(-1)]),
      [
        [null, 4],
        ['RCAT', -7],
        ['KTOS', 11],
      ],
    );
    deepEqual(view.bars, [-7 / 11, 1]);
  });
  it('has the figures of the tables, each colour with its sign', () => {
    deepEqual(
      view.figures.map(({ label, value, tone }) => `${label} ${value} ${tone}`),
      [
        'After fees +$4.00 up',
        'Realized +$12.00 up',
        'Fees $8.00 none',
        'Fills 7 none',
        'Round trips 2 none',
        'Held 34:18 none',
      ],
    );
    for (const row of [view.symbols, ...view.tables].flatMap(table => table.rows))
      for (const { text, tone } of row) {
        if (tone === 'up') ok(text.startsWith('+'), text);
        if (tone === 'down') ok(text.startsWith('−'), text);
      }
    deepEqual(
      view.tables.map(table => table.title),
      ['By day', 'By tag', 'Round trips'],
    );
  });
  it('takes a point a fill when the days are many', () => {
    const rows = Array.from({ length: 30 }, (_, i) => {
      const day = String(i + 1).padStart(2, '0');
      return `2026-09-${day}T09:31:00-04:00,RCAT,BUY,1,10,ladder_buy,0\n2026-09-${day}T15:31:00-04:00,RCAT,SELL,1,11,ladder_sell,1\n`;
    });
    const many = fillsView(reviewFills(rows.join('')), { file: 'x.csv', account: '' });
    equal(many.series[0]?.times.length, 60);
    equal(many.series[0]?.realized.at(-1), 30);
  });
  it('says so when there is nothing', () => {
    const none = fillsView(reviewFills(''), { file: 'x.csv', account: '' });
    deepEqual([none.isEmpty, none.facts], [true, 'x.csv, 0 rows']);
  });
});
