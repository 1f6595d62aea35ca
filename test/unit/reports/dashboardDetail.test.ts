/** One symbol opened, as texts, beside what the drawings say of the same moment. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { conditionRows, span } from '../../../src/reports/conditionText';
import { dashboardChart, exchangeSeconds, sparkView } from '../../../src/reports/dashboardChart';
import { dashboardDetail, previewView } from '../../../src/reports/dashboardDetail';
import type { ConditionView, LadderPreview } from '../../../src/shared/protocol';
import { at, DPRO, RCAT, snapshot } from './moment';

const rcat = dashboardDetail(RCAT, snapshot());
const dpro = dashboardDetail(DPRO, snapshot());

describe('dashboard: one symbol opened', () => {
  it('has its head as drawn', () => {
    deepEqual([rcat.last, rcat.change, rcat.changeFrom], ['12.77', { text: '+2.08%', tone: 'up' }, 'from 12.51']);
    deepEqual(
      rcat.facts.map(({ label, value }) => `${label} ${value}`),
      ['Bid × ask 12.76 × 12.78', 'Position 410 at 12.3411', 'Open +$175.84', 'Realized +$65.76', 'Reference 12.60'],
    );
    equal(rcat.line, 'line 4');
  });
  it('has the two ladders back to back, a row a rung', () => {
    const row = (index: number) => {
      const { buy, sell } = rcat.ladder[index]!;
      return [
        buy.text,
        buy.shares,
        buy.usd,
        buy.percent,
        buy.toLast,
        buy.price,
        sell.price,
        sell.toLast,
        sell.percent,
        sell.usd,
        sell.shares,
        sell.text,
      ];
    };
    deepEqual(row(1), [
      'held',
      '224',
      '$2,780',
      '1.708%',
      '−3.05%',
      '12.38',
      '12.79',
      '+0.16%',
      '1.471%',
      '$2,865',
      '224',
      'L2, next',
    ]);
    deepEqual(row(2).slice(0, 6), ['next', '254', '$3,124', '2.368%', '−3.68%', '12.30']);
    deepEqual(row(6).slice(-3), ['–', '–', '–']);
    deepEqual(
      rcat.ladder.map(each => each.isAnchor),
      [false, false, false, true, false, false, false],
    );
    equal(rcat.ladderNote, 'z +0.38 makes the buy anchor 3.285% and the sell anchor 2.829%');
  });
  it('says of each base percent what targets.txt says and what is in force', () => {
    const { buy, sell } = rcat.steppers;
    deepEqual(
      [buy.value, buy.isOverride, buy.message, buy.range],
      ['0.60', false, 'From line 4 of targets.txt.', '0.10 to 10.00'],
    );
    deepEqual(
      [sell.value, sell.isOverride, sell.message, sell.range, sell.writeTo],
      ['0.60', true, 'targets.txt says 0.65. In force since 09:58:12.', '0.10 to 50.00', 'line 4'],
    );
  });
  it('has a level for each rung, whose form says its state', () => {
    const line = (name: string) => rcat.levels.find(level => level.name === name)?.line;
    deepEqual(['L1', 'L3', 'L4', 'U1', 'U2', 'U3', 'Avg', 'Stop', 'Trail', 'Ref'].map(line), [
      'solid',
      'dashed',
      'dotted',
      'solid',
      'dashed',
      'dotted',
      'solid',
      'dashDot',
      'dashDot',
      'none',
    ]);
    equal(rcat.levels.filter(({ kind }) => kind === 'buy' || kind === 'sell').length, 14);
  });
  it('marks fills with their rung, and not a row that was corrected', () => {
    const [fill] = RCAT.fills;
    const fills = [
      { ...fill!, rung: 3 },
      { ...fill!, row: 5 },
      { ...fill!, row: 6, qty: -169, rung: 3 },
    ];
    deepEqual(
      dashboardDetail({ ...RCAT, fills }, snapshot()).markers.map(({ side, rung, text }) => [side, rung, text]),
      [['sell', '3', '10:40:00 sold 169 at 12.53']],
    );
  });
  it('has nothing to sell and nothing to protect while flat', () =>
    deepEqual(
      dpro.why.map(group => group.title),
      ['Next buy L1 waits for 2 of 3 conditions', 'Nothing to sell', 'Nothing to protect'],
    ));
  it('names rungs that overlap', () => {
    const buys = DPRO.buys.map(each => (each.rung === 1 ? { ...each, price: 9.99 } : each));
    deepEqual(dashboardDetail({ ...DPRO, buys, isOverlap: true }, snapshot()).notes, [
      'Rungs overlap: L1 9.99 is not below U1 9.98.',
    ]);
    const same = DPRO.buys.map(each => (each.rung === 2 ? { ...each, price: 9.76 } : each));
    deepEqual(dashboardDetail({ ...DPRO, buys: same, isOverlap: true }, snapshot()).notes, [
      'Rungs overlap: L1 and L2 at 9.76 share a price.',
    ]);
  });
  it('has no rungs, and says so, while there is no reference', () => {
    const none = (rungs: typeof DPRO.buys) => rungs.map(each => ({ ...each, price: NaN, toLast: null, usd: 0 }));
    const bare = dashboardDetail({ ...DPRO, reference: null, buys: none(DPRO.buys) }, snapshot());
    equal(bare.ladderNote, 'no reference price yet, so there are no rungs');
    deepEqual([bare.ladder[0]?.buy.price, bare.ladder[0]?.buy.usd, bare.ladder[0]?.buy.toLast], ['–', '–', '–']);
  });
});

describe('dashboard: why not', () => {
  const condition = (
    id: string,
    met: boolean,
    left: number | null,
    right: number | null,
    asked = true,
  ): ConditionView => ({
    id,
    text: id,
    met,
    asked,
    left,
    right,
  });
  const limits = { equity: 100_500, classBudget: 60_300, orderUsd: 15_000 };
  const rows = (...conditions: ConditionView[]) =>
    conditionRows(conditions, RCAT, limits).map(
      ({ mark, label, found, needed }) => `${mark}: ${label} | ${found} | ${needed}`,
    );

  it('has what was found and what is needed', () =>
    deepEqual(
      rows(
        condition('rungTouched', false, 12.77, 12.3),
        condition('zPositive', true, 0.38, 0),
        condition('spreadBuy', true, 15.6, 180),
        condition('cooldown', true, 6_075_000, 3000),
        condition('quote', true, 1, null),
      ),
      [
        'unmet: Last at or below L3 | 12.77 | ≤ 12.30',
        'met: z | +0.38 | > 0',
        'met: Spread | 16 bp | ≤ 180 bp',
        'met: Since the last buy order | 1 h 41 min | ≥ 3 s',
        'met: Quote two-sided, uncrossed | 12.76 × 12.78 | bid ≤ ask',
      ],
    ));
  it('joins what holds and has no numbers, and takes out what does not hold', () => {
    const paused = (met: boolean) => condition('notPaused', met, met ? 1 : 0, null);
    const killed = condition('notKilled', true, 1, null);
    deepEqual(rows(paused(true), killed), ['met: Pause, kill switch, loss limit | none | none']);
    deepEqual(rows(paused(false), killed), ['unmet: Entries | paused | not paused', 'met: Kill switch | off | off']);
  });
  it('puts an open ring on what is asked only at the rung, with its limit', () =>
    deepEqual(
      rows(condition('orderSize', false, null, null, false), condition('symbolRoom', false, null, null, false)),
      ['idle: Order size | asked at the rung | ≤ $15,000', 'idle: Symbol cost with it | asked at the rung | ≤ $26,532'],
    ));
  it('shows a calm stop as calm', () =>
    deepEqual(rows(condition('hardStopHit', false, 12.77, 11.72)), ['idle: Hard stop, 8.22% away | 12.77 | ≤ 11.72']));
  it('never had a buy: no number is made up', () =>
    deepEqual(rows(condition('cooldown', true, null, 3000)), ['met: Since the last buy order | no buy yet | ≥ 3 s']));
  it('shows what it does not know by its own text', () =>
    deepEqual(rows(condition('fromAnotherVersion', false, 1, 2)), ['unmet: fromAnotherVersion |  | ']));
  it('says spans as people do', () =>
    deepEqual(
      [span(400), span(3000), span(23_000), span(300_000), span(6_075_000), span(null)],
      ['0.4 s', '3 s', '23 s', '5 min', '1 h 41 min', '–'],
    ));
});

describe('dashboard: a draft value and the pictures', () => {
  const preview: LadderPreview = {
    symbol: 'RCAT',
    side: 'buy',
    value: 0.7,
    before: 0.6,
    decimals: 2,
    rungs: [
      { rung: 1, before: 12.44, after: 12.42 },
      { rung: 2, before: 12.38, after: 12.4 },
    ],
    anchor: { before: 3, after: 3.5 },
    fullLadderUsd: { before: 25_154.5, after: 25_036.1 },
    fires: null,
  };
  it('says how the rungs move and what fires at once', () => {
    const view = previewView(preview);
    equal(view.title, '0.60 → 0.70 would move the buys');
    deepEqual(
      view.rungs.map(({ name, before, after, by }) => [name, before, after, by]),
      [
        ['L1', '12.44', '12.42', '−0.02'],
        ['L2', '12.38', '12.40', '+0.02'],
      ],
    );
    equal(view.text, 'Anchor 3.00% → 3.50% at z 0. Fires at once: nothing.');
    equal(view.amounts, 'Full ladder $25,155 → $25,036.');
    const fires = { tag: 'ladder_buy' as const, rung: 3, shares: 254 };
    const fired = previewView({ ...preview, fires });
    match(fired.text, /Fires at once: buy L3\.$/);
    match(fired.amounts, /254 shares at once\.$/);
  });
  it('draws bars in exchange time, winter and summer', () => {
    equal(new Date(exchangeSeconds(at('09:30:00')) * 1000).toISOString(), '2026-11-18T09:30:00.000Z');
    equal(
      new Date(exchangeSeconds(Date.parse('2026-07-01T13:30:00Z')) * 1000).toISOString(),
      '2026-07-01T09:30:00.000Z',
    );
    const chart = dashboardChart({
      symbol: 'A',
      decimals: 2,
      starts: [at('09:29:00'), at('09:30:00')],
      opens: [1, 2],
      highs: [1, 2],
      lows: [1, 2],
      closes: [1, 2],
      references: [null, 1],
      regularFrom: at('09:30:00'),
    });
    equal(chart.regularFrom, 1);
    equal(chart.times[1]! - chart.times[0]!, 60);
  });
  it('draws a small line as shares of its height, a flat one too', () => {
    deepEqual(sparkView({ closes: [10, 12, 11], reference: 11 }), { closes: [1, 0, 0.5], reference: 0.5 });
    deepEqual(sparkView({ closes: [10, 10], reference: null }), { closes: [0, 0], reference: null });
  });
  it('says while the link is lost that nothing is evaluated, and what counts again afterwards', () => {
    const note = (given: Partial<typeof RCAT>) =>
      dashboardDetail({ ...RCAT, ...given }, snapshot({ phase: 'linkLost' })).whyNote;
    const lost = 'Nothing can be bought or sold: the link to 127.0.0.1:7497 is lost. ';
    const then = ' once positions, open orders and executions are reconciled.';
    equal(note({}), `${lost}The stop at 11.72 and the trail at 12.58 count again${then}`);
    equal(note({ trailStop: null }), `${lost}The stop at 11.72 counts again${then}`);
    equal(note({ hardStop: null, trailStop: null }), `${lost}Buys and sells are looked for again${then}`);
    equal(rcat.whyNote, '');
  });
});
