/** The pre-session anchors: days, windows, weights, rungs and sizes, each against a sum that is written beside it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import {
  anchorsOfDay,
  dayNotes,
  daysBefore,
  readAnchorDate,
  weightedAnchor,
  windowText,
  type MinuteBar,
} from '../../../src/reports/anchorDays';
import {
  anchorsReport,
  daysToAsk,
  knownPrices,
  withOverrides,
  type AnchorsInput,
  type SymbolHistory,
} from '../../../src/reports/anchorsReport';
import { anchorsCsv, anchorsMarkdown, anchorsText } from '../../../src/reports/anchorsText';
import { anchorsView } from '../../../src/reports/anchorsView';
import { connectTrouble, endedText, progressText } from '../../../src/reports/anchorsWords';
import { dayText, parseDay } from '../../../src/strategy/exchangeTime';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import type { Target } from '../../../src/targets/resolve';

const day = (text: string): number => parseDay(text) ?? NaN;
/** `09:30 10` → the bar that starts then and closes at 10, in standard time (−05:00). */
const bars = (date: string, text: string): MinuteBar[] =>
  text.split(',').map(each => {
    const [time = '', close] = each.trim().split(' ');
    return { start: Date.parse(`${date}T${time}:00-05:00`), close: Number(close) };
  });
const anchors = (date: string, text: string) => {
  const { am, pm, lastClose } = anchorsOfDay(day(date), bars(date, text));
  return [am, pm, lastClose];
};

describe('anchors: the windows of a day', () => {
  it('AM is half the median of the first half hour and half that of the window', () => {
    // 09:30 to 10:00: 10 11 12, middle 11. To 11:00: 10 11 12 20 22, middle 12. (11 + 12) / 2 = 11.5
    deepEqual(anchors('2026-11-17', '09:30 10, 09:45 12, 09:59 11, 10:00 20, 10:59 22'), [11.5, null, 22]);
  });
  it('AM without a first half hour is the median of what there is', () => {
    // 20 and 22: (20 + 22) / 2 = 21
    deepEqual(anchors('2026-11-17', '10:00 20, 10:59 22'), [21, null, 22]);
  });
  it('PM is the median of the last two regular hours, and neither window sees a bar of outside', () => {
    // 11:00 and 13:59 belong to no window; 09:29 and 16:00 to no regular hours. 14:00 to 16:00: 30 40, (30 + 40) / 2 = 35
    deepEqual(anchors('2026-11-17', '09:29 500, 11:00 99, 13:59 1, 14:00 30, 15:59 40, 16:00 500'), [null, 35, 40]);
  });
  it('a half day ends at 13:00, and its PM window begins at 11:00', () => {
    deepEqual(anchors('2026-11-27', '09:30 9, 11:00 30, 12:59 32, 13:00 500, 15:00 500'), [9, 31, 32]);
    equal(windowText('PM', day('2026-11-27')), '11:00 to 13:00');
    equal(windowText('PM', day('2026-11-17')), '14:00 to 16:00');
  });
  it('takes bars in any order, the last of the same minute', () => {
    deepEqual(anchors('2026-11-17', '14:01 50, 14:00 10, 14:00 30'), [null, 40, 50]);
  });
  it('knows nothing of a day without bars', () => {
    deepEqual(anchorsOfDay(day('2026-11-17'), []), {
      day: day('2026-11-17'),
      am: null,
      pm: null,
      lastClose: null,
      bars: 0,
    });
  });
});

describe('anchors: which days', () => {
  const before = (text: string, n: number) => daysBefore(day(text), n).map(dayText);
  // 2026-11-18, a Wednesday, 10:00 in New York.
  const MORNING = Date.parse('2026-11-18T10:00:00-05:00');
  const read = (text: string, now = MORNING) => {
    const date = readAnchorDate(text, now);
    return date.ok ? `${dayText(date.day)} from ${dayText(date.source)}` : date.text;
  };

  it('steps back over weekends and holidays', () => {
    deepEqual(before('2026-11-18', 2), ['2026-11-17', '2026-11-16']);
    deepEqual(before('2026-11-16', 1), ['2026-11-13']);
    // Thanksgiving is 2026-11-26.
    deepEqual(before('2026-11-30', 3), ['2026-11-27', '2026-11-25', '2026-11-24']);
  });
  it('says what it stepped over', () => {
    const notes = (date: string) => {
      const [source = 0] = daysBefore(day(date), 1);
      return dayNotes(day(date), source, [source]);
    };
    deepEqual(notes('2026-11-18'), []);
    deepEqual(notes('2026-11-16'), ['Stepped back over a weekend (2026-11-14, 2026-11-15) to Friday, 2026-11-13.']);
    deepEqual(notes('2026-11-14'), ['Stepped back over a weekend (2026-11-14) to Friday, 2026-11-13.']);
    deepEqual(notes('2026-11-26'), ['Stepped back over a holiday (2026-11-26) to Wednesday, 2026-11-25.']);
    // Labour Day is a Monday: 2026-09-07.
    deepEqual(notes('2026-09-08'), [
      'Stepped back over a weekend and a holiday (2026-09-05, 2026-09-06, 2026-09-07) to Friday, 2026-09-04.',
    ]);
    deepEqual(notes('2026-11-30'), [
      'Stepped back over a weekend (2026-11-28, 2026-11-29) to Friday, 2026-11-27.',
      '2026-11-27 closed at 13:00: its PM window is 11:00 to 13:00.',
    ]);
  });
  it('takes a date whose day before is over, and says what is wrong with another', () => {
    equal(read('2026-11-18'), '2026-11-18 from 2026-11-17');
    equal(read(' 2026-11-14 '), '2026-11-14 from 2026-11-13');
    equal(read('2026-11-31'), 'Expected a date such as 2026-11-18, found "2026-11-31"');
    equal(read('18.11.2026'), 'Expected a date such as 2026-11-18, found "18.11.2026"');
    equal(read(''), 'Expected a date such as 2026-11-18, found ""');
    equal(read('1999-12-31'), 'Expected a date from 2008-01-02, found 1999-12-31');
    equal(
      read('2026-11-19'),
      'Expected a date up to 2026-11-18, found 2026-11-19: its anchors come from a day that is not over yet',
    );
  });
  it('takes the next session once this one has closed, over a weekend too', () => {
    equal(read('2026-11-19', Date.parse('2026-11-18T15:59:59-05:00')).startsWith('Expected'), true);
    equal(read('2026-11-19', Date.parse('2026-11-18T16:00:00-05:00')), '2026-11-19 from 2026-11-18');
    equal(read('2026-11-23', Date.parse('2026-11-20T17:00:00-05:00')), '2026-11-23 from 2026-11-20');
    equal(read('2026-11-23', Date.parse('2026-11-21T12:00:00-05:00')), '2026-11-23 from 2026-11-20');
    ok(read('2026-11-24', Date.parse('2026-11-21T12:00:00-05:00')).startsWith('Expected a date up to 2026-11-23'));
  });
  it('asks one day more than it looks back on, to compare', () => {
    deepEqual(daysToAsk(day('2026-11-18'), 1).map(dayText), ['2026-11-17', '2026-11-16']);
    deepEqual(daysToAsk(day('2026-11-18'), 5).length, 6);
  });
});

describe('anchors: several days, the newest heaviest', () => {
  it('weights n … 1', () => {
    // (3 × 40 + 2 × 37 + 1 × 34) / 6 = 228 / 6
    equal(weightedAnchor([40, 37, 34]), 38);
    equal(weightedAnchor([40]), 40);
  });
  it('leaves out the weight of a day without a value', () => {
    // (3 × 40 + 1 × 34) / 4 = 154 / 4
    equal(weightedAnchor([40, null, 34]), 38.5);
    equal(weightedAnchor([null, null]), null);
    equal(weightedAnchor([]), null);
  });
});

const target = (symbol: string, change: Partial<Target> = {}): Target => ({
  symbol,
  class: 'risky',
  buy: 0.6,
  sell: 0.6,
  clip: null,
  line: 0,
  ...change,
});
const history = (symbol: string, days: [date: string, am: number | null, pm: number | null, last: number | null][]) =>
  ({
    symbol,
    ticks: null,
    days: days.map(([date, am, pm, lastClose]) => ({ day: day(date), am, pm, lastClose, bars: 390 })),
    problem: '',
    isUnknown: false,
  }) satisfies SymbolHistory;
const AVAV = history('AVAV', [
  ['2026-11-17', 40, 41, 42],
  ['2026-11-16', 37, 38, 39],
]);
const input = (change: Partial<AnchorsInput> = {}): AnchorsInput => ({
  day: day('2026-11-18'),
  lookBack: 1,
  targets: [target('AVAV'), target('RCAT'), target('DPRO')],
  budget: { equity: 150_000, risky: 0.6, safe: 0.4 },
  settings: DEFAULT_SETTINGS,
  histories: [AVAV, { ...AVAV, symbol: 'RCAT' }, { ...AVAV, symbol: 'DPRO' }],
  from: 'simulator',
  ended: '',
  ...change,
});
const rowOf = (change: Partial<AnchorsInput> = {}, symbol = 'AVAV', window: 0 | 1 = 0) => {
  const found = anchorsReport(input(change)).tables[window].rows.find(row => row.symbol === symbol);
  ok(found);
  return found;
};

describe('anchors: the report', () => {
  it('has the 14 rungs at z 0', () => {
    const row = rowOf();
    equal(row.anchor, 40);
    // 0.6 × 5 = 3 % at the anchor rung; 40 × (1 − 0.03 × m), m = 0.375 0.52 0.721 1 1.077 1.16 1.25
    deepEqual(row.buys, [39.55, 39.38, 39.13, 38.8, 38.71, 38.61, 38.5]);
    deepEqual(row.sells, [40.45, 40.62, 40.87, 41.2, 41.29, 41.39, 41.5]);
    equal(rowOf({}, 'AVAV', 1).anchor, 41);
  });
  it('rounds to the tick that the broker told', () => {
    const coarse = { ...AVAV, ticks: [[0, 0.05]] as const };
    deepEqual(rowOf({ histories: [coarse] }).buys, [39.55, 39.4, 39.15, 38.8, 38.7, 38.6, 38.5]);
  });
  it('compares with the day before', () => {
    const row = rowOf();
    equal(row.previous, 37);
    // 40 / 37 − 1 = 8.1081 %
    equal(row.change?.toFixed(4), '8.1081');
  });
  it('computes the clip from the last close, and shares from the clip', () => {
    const row = rowOf();
    // 150,000 × 0.67 × 0.6 / 3 symbols / 12 clips = 1,675; × 1.15 × 50 / 42 = 2,293.15; / 42 = 54.6, up to 55
    equal(row.clip?.toFixed(2), '2293.15');
    equal(row.shares, 55);
    equal(rowOf({ targets: [target('AVAV', { clip: 750 })] }).clip, 750);
    // 750 / 42 = 17.86
    equal(rowOf({ targets: [target('AVAV', { clip: 750 })] }).shares, 18);
  });
  it('gives the budget of a symbol that the broker does not know to the others', () => {
    const unknown = { ...AVAV, symbol: 'RCAT', days: [], problem: 'IB does not know it', isUnknown: true };
    const histories = [AVAV, unknown, { ...AVAV, symbol: 'DPRO' }];
    // … / 2 symbols / 12 = 2,512.50; × 1.15 × 50 / 42 = 3,439.73
    equal(rowOf({ histories }).clip?.toFixed(2), '3439.73');
    const row = rowOf({ histories }, 'RCAT');
    deepEqual([row.anchor, row.clip, row.buys, row.note], [null, null, [], 'IB does not know it']);
    equal(anchorsReport(input({ histories })).isPartial, false);
  });
  it('looks back on several days, and compares with the same as it was a day earlier', () => {
    const days = history('AVAV', [
      ['2026-11-17', 40, 41, 42],
      ['2026-11-16', 37, 38, 39],
      ['2026-11-13', 34, 35, 36],
      ['2026-11-12', 31, 32, 33],
    ]);
    const row = rowOf({ lookBack: 3, histories: [days] });
    // (3 × 40 + 2 × 37 + 34) / 6 = 38, and a day earlier (3 × 37 + 2 × 34 + 31) / 6 = 210 / 6
    deepEqual([row.anchor, row.previous], [38, 35]);
    ok(
      anchorsReport(input({ lookBack: 3 })).notes.includes(
        'Mean of 3 trading days, weights 2026-11-17 3, 2026-11-16 2, 2026-11-13 1.',
      ),
    );
  });
  it('keeps what it has of a run that was cancelled, and marks it', () => {
    const report = anchorsReport(input({ histories: [AVAV], ended: 'Cancelled.' }));
    equal(report.isPartial, true);
    deepEqual(report.notes, ['Cancelled.', 'Partial: 1 of 3 symbols complete.']);
    deepEqual(
      report.tables[0].rows.map(row => [row.symbol, row.anchor, row.note]),
      [
        ['AVAV', 40, ''],
        ['RCAT', null, 'not asked'],
        ['DPRO', null, 'not asked'],
      ],
    );
  });
  it('says what a row lacks', () => {
    const note = (days: Parameters<typeof history>[1], window: 0 | 1 = 0, lookBack = 1) =>
      rowOf({ histories: [history('AVAV', days)], lookBack }, 'AVAV', window).note;
    equal(note([['2026-11-17', 40, 41, 42]]), 'no comparison: the day before was not asked');
    equal(note([['2026-11-16', 40, 41, 42]]), 'not asked: 2026-11-17');
    const gap: Parameters<typeof history>[1] = [
      ['2026-11-17', 40, null, 42],
      ['2026-11-16', 37, 38, 39],
    ];
    equal(note(gap), '');
    equal(note(gap, 1), 'no trades in this window on 2026-11-17');
  });
});

describe('anchors: as text', () => {
  const report = anchorsReport(
    input({ targets: [target('AVAV'), target('RCAT')], histories: [AVAV], ended: 'Cancelled.' }),
  );

  it('has a table for each window, two lines a symbol', () => {
    const lines = anchorsText(report).split('\n');
    equal(lines[0], 'Anchors for 2026-11-18 from Tuesday, 2026-11-17 (simulator, z taken as 0)');
    deepEqual(lines.slice(lines.indexOf('AM, 09:30 to 11:00'), lines.indexOf('PM, 14:00 to 16:00') - 1), [
      'AM, 09:30 to 11:00',
      '',
      'Symbol  Class  Anchor  Day before  Change  Last close       Clip  Shares             1        2        3       [4]       5        6        7',
      '─'.repeat(140),
      'AVAV    risky   40.00       37.00  +8.11%       42.00  $3,439.73      82  buy    39.55    39.38    39.13   [38.80]   38.71    38.61    38.50',
      '                                                                          sell   40.45    40.62    40.87   [41.20]   41.29    41.39    41.50',
      'RCAT    risky       –           –       –           –          –       –  not asked',
    ]);
  });
  it('is a CSV that a spreadsheet reads', () => {
    const rows: Record<string, string>[] = parse(anchorsCsv(report), { columns: true });
    equal(rows.length, 4);
    deepEqual(
      [rows[0]?.window, rows[0]?.symbol, rows[0]?.anchor, rows[0]?.clip_usd, rows[0]?.buy_4, rows[0]?.sell_7],
      ['AM', 'AVAV', '40.00', '3439.73', '38.80', '41.50'],
    );
    deepEqual([rows[2]?.window, rows[2]?.anchor, rows[1]?.anchor, rows[1]?.note], ['PM', '41.00', '', 'not asked']);
  });
  it('is Markdown with as many cells in each row as in its head', () => {
    const text = anchorsMarkdown(report);
    ok(text.startsWith('# Anchors for 2026-11-18 from Tuesday, 2026-11-17'));
    const cells = text
      .split('\n')
      .filter(line => line.startsWith('|'))
      .map(line => line.split('|').length);
    deepEqual([...new Set(cells)], [25]);
    equal(cells.length, 8);
  });
});

describe('anchors: the page and what is kept', () => {
  const report = anchorsReport(input({ targets: [target('AVAV'), target('RCAT')], histories: [AVAV] }));

  it('has the same cells as the text, a sign for each colour', () => {
    const view = anchorsView(report);
    equal(view.isPartial, true);
    const [am] = view.tables;
    equal(am?.columns.length, 21);
    deepEqual(am?.rows[0]?.cells.slice(0, 4), [
      { text: 'risky' },
      { text: '40.00' },
      { text: '37.00' },
      { text: '+8.11%', tone: 'up' },
    ]);
    deepEqual(am?.rows[0]?.cells.at(-1), { text: '41.50' });
    deepEqual(
      am?.rows.map(row => [row.cells.length, row.hasPrices, row.note]),
      [
        [21, true, ''],
        [21, false, 'not asked'],
      ],
    );
  });
  it('leaves hovers the afternoon’s anchor, as of the last regular minute', () => {
    const t = Date.parse('2026-11-17T15:59:00-05:00');
    deepEqual(knownPrices(report), { AVAV: { t, reference: 41, last: 42 } });
    const noAfternoon = history('AVAV', [['2026-11-17', 40, null, 42]]);
    deepEqual(knownPrices(anchorsReport(input({ histories: [noAfternoon] }))), {
      AVAV: { t, reference: 40, last: 42 },
    });
  });
  it('counts overrides of the dashboard as a session does', () => {
    const { targets } = withOverrides([target('AVAV'), target('RCAT')], { AVAV: { buy: 1.2 } });
    deepEqual(
      targets.map(({ buy, sell }) => [buy, sell]),
      [
        [1.2, 0.6],
        [0.6, 0.6],
      ],
    );
  });
});

describe('anchors: what is said on the way', () => {
  const progress = { symbol: 'AVAV', done: 3, of: 9, stage: 'bars', waitingMs: 0 } as const;
  it('how far it is, and what it waits for', () => {
    equal(progressText(progress), 'AVAV, 3 of 9');
    equal(progressText({ ...progress, symbol: '', done: 0 }), '0 of 9');
    equal(progressText({ ...progress, stage: 'compare' }), 'AVAV, day before, 3 of 9');
    equal(progressText({ ...progress, waitingMs: 41_200 }), "3 of 9; waiting 42 s for IB's pacing");
  });
  it('why it ended, and what is kept', () => {
    equal(endedText(null), '');
    equal(endedText('cancelled'), 'Cancelled: what had come by then is shown.');
    equal(
      endedText({ code: 'linkLost', host: 'h', port: 1, text: 'connection closed' }),
      'The link to the gateway was lost (connection closed): what had come by then is shown.',
    );
  });
  it('another report on the same id, and a way to try again that is not a start', () => {
    const busy = connectTrouble({ code: 'clientIdInUse', host: 'h', port: 1, clientId: 921 }, 0);
    ok(busy.text.startsWith('Client id 921 is in use at h:1 (code 326)'));
    const problem = { code: 'nothingListens', host: 'h', port: 1 } as const;
    for (const { buttons } of [busy, connectTrouble(problem, 0)])
      deepEqual(
        buttons.map(({ command }) => command),
        ['dronebot.anchors', 'dronebot.openSettings'],
      );
  });
});
