/** What the engine tells the dashboard besides snapshots: bars with the reference as it was, sparks, and what a draft would do. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, Desk, UP } from './desk';

describe('engine: chart, sparks and previews', () => {
  const bar = (desk: Desk, time: string, close: number) =>
    desk.hear({
      type: 'bar',
      symbol: 'A',
      start: at(time),
      open: close - 1,
      high: close + 2,
      low: close - 2,
      close,
      volume: 1,
    });

  it('draws bars whole, and the reference as it was at the start of each', () => {
    const desk = new Desk();
    bar(desk, '09:30', 102);
    bar(desk, '09:31', 104);
    bar(desk, '09:32', 90);
    const chart = desk.engine.chart('A')!;
    deepEqual(chart.closes, [100, 102, 104, 90]);
    deepEqual([chart.opens[1], chart.highs[1], chart.lows[1]], [101, 104, 100]);
    // Nothing had ended at the first bar's start; then the bar before the open, then the medians of the first half-hour.
    deepEqual(chart.references, [null, 100, 102, 103]);
    equal(chart.regularFrom, at('09:30'));
    equal(desk.engine.chart('NONE'), null);
  });
  it('a bar of the same start is drawn as it is now, and says that it changed', () => {
    const desk = new Desk();
    bar(desk, '09:30', 102);
    const before = desk.engine.chartVersion(['A']);
    bar(desk, '09:30', 105);
    ok(desk.engine.chartVersion(['A']) > before);
    deepEqual(desk.engine.chart('A')?.closes, [100, 105]);
  });
  it('agrees with the reference that trades at the newest bar', () => {
    const desk = new Desk();
    const closes = [102, 104, 90, 101.5, 99];
    closes.forEach((close, index) => bar(desk, `09:3${index}`, close));
    desk.until('09:36');
    bar(desk, '09:36', 100);
    equal(desk.engine.chart('A')?.references.at(-1), desk.book().reference.price);
  });
  it('sparks hold the closes since 09:30, at most 80, the newest always', () => {
    const desk = new Desk();
    for (let minute = 0; minute < 200; minute++) {
      const time = `${String(9 + Math.floor((30 + minute) / 60)).padStart(2, '0')}:${String((30 + minute) % 60).padStart(2, '0')}`;
      bar(desk, time, 100 + minute);
    }
    const spark = desk.engine.sparks().A!;
    ok(spark.closes.length <= 80 && spark.closes.length > 60, String(spark.closes.length));
    equal(spark.closes.at(-1), 299);
    ok(!spark.closes.includes(100) || spark.closes[0] === 100);
  });

  it('previews the ladder of another percent by the function that trades, and changes nothing', () => {
    const desk = new Desk();
    const before = [...desk.book().ladder.buys];
    const preview = desk.engine.preview('A', 'buy', 0.7)!;
    desk.hear({ type: 'override', symbol: 'A', buy: 0.7 }).until('09:30:02');
    deepEqual(
      preview.rungs.map(rung => rung.after),
      [...desk.book().ladder.buys],
    );
    deepEqual(
      preview.rungs.map(rung => rung.before),
      before,
    );
    equal(preview.anchor.after, 3.5);
  });
  it('leaves rungs, override and conditions as they were', () => {
    const desk = new Desk();
    desk.z(UP).until('09:30:02');
    const book = desk.book();
    desk.engine.detail('A');
    const [buys, gates, override] = [[...book.ladder.buys], [...book.gates.right], book.override];
    desk.engine.preview('A', 'buy', 5);
    desk.engine.preview('A', 'sell', 0.1);
    deepEqual([[...book.ladder.buys], [...book.gates.right], book.override], [buys, gates, override]);
  });
  it('says which order would go at once', () => {
    const desk = new Desk();
    desk.z(UP).quote(99.5).until('09:30:05');
    equal(desk.engine.preview('A', 'buy', 0.6)?.fires, null);
    const { fires } = desk.engine.preview('A', 'buy', 0.1)!;
    deepEqual([fires?.tag, fires?.rung], ['ladder_buy', 1]);
    equal(desk.orders(), '');
  });
  for (const [value, why] of [
    [0.05, 'below the range'],
    [11, 'above it'],
    [NaN, 'no number'],
  ] as const)
    it(`previews nothing for ${value}: ${why}`, () => equal(new Desk().engine.preview('A', 'buy', value), null));

  it('says since when an override is in force, and what the line says', () => {
    const desk = new Desk();
    desk.until('09:31').hear({ type: 'override', symbol: 'A', buy: 0.8 });
    const [row] = desk.engine.snapshot(SHELL).symbols;
    deepEqual([row?.overrideSince, row?.lineBuy, row?.buyPercent], [{ buy: at('09:31'), sell: null }, 0.6, 0.8]);
    desk.until('09:32').hear({ type: 'override', symbol: 'A', buy: 0.8, sell: 0.9 });
    deepEqual(desk.engine.snapshot(SHELL).symbols[0]?.overrideSince, { buy: at('09:31'), sell: at('09:32') });
    desk.hear({ type: 'override', symbol: 'A', buy: null, sell: null });
    deepEqual(desk.engine.snapshot(SHELL).symbols[0]?.overrideSince, { buy: null, sell: null });
  });
  it('flags rungs that overlap', () => {
    const overlap = (targets: string, price: number) => {
      const desk = new Desk({ targets });
      desk.hear({ type: 'contract', symbol: 'A', ticks: [[0, 0.05]] });
      bar(desk, '09:30', price);
      desk.until('09:32').quote(price);
      return desk.engine.snapshot(SHELL).symbols[0]?.isOverlap;
    };
    equal(overlap('A buy=0.60 sell=0.60', 100), false);
    equal(overlap('A buy=0.10 sell=0.10', 2), true);
  });
});

const SHELL = {
  mode: 'SIM',
  accountTail: '',
  phase: 'trading',
  phaseText: '',
  endpoint: '',
  connectedSince: null,
  linkLostSince: null,
  rowsWaiting: 0,
} as const;
