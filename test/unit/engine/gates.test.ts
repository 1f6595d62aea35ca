/** What discretionary orders and buys need: each condition with the last value that passes and the first that does not. */
import { equal } from 'node:assert/strict';
import { Desk, DOWN, UP, at, type DeskOptions } from './desk';

type Step = (desk: Desk) => unknown;

/** A buy of rung 1 at 98 is one tick away; the step is what stands in its way, or not. Answers the gate, or the tag. */
function buy(step: Step, options: DeskOptions = {}, price = 98): string {
  const desk = new Desk(options).until('09:35').wait(1).z(UP);
  step(desk);
  desk.orders();
  const before = desk.journal().length;
  if (desk.book().bid === 100) desk.quote(price);
  else desk.tick({ last: price });
  const tags = desk.tags();
  return tags !== '' ? tags : desk.journal().length > before ? desk.blocked() : 'nothing';
}

/** The same for a ladder sell at 101.13 of two rungs. */
function sell(step: Step, options: DeskOptions = {}): string {
  const desk = new Desk(options).until('09:35').buyRungs(98.8, 98.4).z(DOWN);
  desk.book().position.trimDone = true;
  step(desk);
  desk.orders();
  if (desk.book().bid === 100) desk.quote(101.13);
  else desk.tick({ last: 101.13 });
  return desk.tags() || 'nothing';
}

const live =
  (value: number): Step =>
  desk =>
    desk.hear({ type: 'dataType', symbol: 'A', value });
const nothing: Step = () => undefined;

describe('engine: what a buy needs', () => {
  const cases: readonly (readonly [why: string, step: Step, answer: string, options?: DeskOptions])[] = [
    ['nothing in the way', nothing, 'ladder_buy'],
    ['a link', desk => desk.hear({ type: 'link', up: false }), 'linked'],
    ['reconciliation', desk => desk.hear({ type: 'link', up: true }).makeReady('A'), 'linked'],
    ['live data', live(3), 'liveData'],
    ['live data of this connection', desk => desk.hear({ type: 'link', up: true }).reconcile(), 'liveData'],
    ['a download of this connection', desk => live(1)(desk.hear({ type: 'link', up: true }).reconcile()), 'download'],
    ['no halt', desk => desk.tick({ halted: 1 }), 'notHalted'],
    ['a halt that ended', desk => desk.tick({ halted: 1 }).tick({ halted: -1 }), 'ladder_buy'],
    ['a finished download', desk => desk.hear({ type: 'download', symbol: 'A', state: 'started' }), 'download'],
    ['not a failed one', desk => desk.hear({ type: 'download', symbol: 'A', state: 'failed' }), 'download'],
    ['“no data” is an answer too', desk => desk.hear({ type: 'download', symbol: 'A', state: 'noData' }), 'ladder_buy'],
    ['no pause', desk => desk.control('pause'), 'notPaused'],
    ['no protection only', desk => desk.control('protect'), 'notPaused'],
    ['a pause that was ended', desk => desk.control('pause').control('protect').control('resume'), 'ladder_buy'],
    ['no kill switch', desk => desk.control('kill'), 'notKilled'],
    ['not released by resume', desk => desk.control('kill').control('resume'), 'notKilled'],
    ['a kill switch that was released', desk => desk.control('kill').control('release'), 'ladder_buy'],
    ['a line in force', desk => desk.hear({ type: 'targets', text: 'B' }), 'notWoundDown'],
    ['a symbol that the broker knows', desk => desk.hear({ type: 'contract', symbol: 'A', failed: { code: 200, text: 'x' } }), 'notWoundDown'],
    ['a journal that can be written', desk => desk.hear({ type: 'journalState', ok: false }), 'journal'],
    ['a journal that can be written again', desk => desk.hear({ type: 'journalState', ok: false }).hear({ type: 'journalState', ok: true }), 'ladder_buy'],
    ['account values on a live account', nothing, 'account', { needsAccountValues: true }],
    ['account values, told', desk => desk.hear({ type: 'account', netLiquidation: '150000' }), 'ladder_buy', { needsAccountValues: true }],
    ['account values that are some', desk => desk.hear({ type: 'account', netLiquidation: '0' }), 'account', { needsAccountValues: true }],
    ['no farm fault', desk => desk.hear({ type: 'farm', up: false }), 'notBlind'],
    ['a farm that is back', desk => desk.hear({ type: 'farm', up: false }).hear({ type: 'farm', up: true }), 'ladder_buy'],
    ['a previous close within 25 %', desk => desk.tick({ close: 80 }), 'ladder_buy'],
    ['a previous close further away', desk => desk.tick({ close: 79.99 }), 'referenceBand'],
    ['a previous close far above', desk => desk.tick({ close: 133.34 }), 'referenceBand'],
    ['a previous close 25 % above', desk => desk.tick({ close: 133.33 }), 'ladder_buy'],
    ['a previous close that is known', desk => desk.tick({ close: null }), 'ladder_buy'],
    ['two sides', desk => desk.tick({ bid: null, ask: 98 }), 'quote'],
    ['a quote that is not crossed', desk => desk.tick({ bid: 98.01, ask: 98 }), 'quote'],
    ['a locked quote will do', desk => desk.tick({ bid: 98, ask: 98 }), 'ladder_buy'],
    ['a spread of 180 bp', desk => desk.tick({ bid: 97.12, ask: 98.88 }), 'ladder_buy'],
    ['no wider spread', desk => desk.tick({ bid: 97.11, ask: 98.89 }), 'spreadBuy'],
    ['80 bp for safe', desk => desk.tick({ bid: 97.61, ask: 98.39 }), 'ladder_buy', { targets: 'A class=safe clip=1000 buy=0.6' }],
    ['no more for safe', desk => desk.tick({ bid: 97.6, ask: 98.4 }), 'spreadBuy', { targets: 'A class=safe clip=1000 buy=0.6' }],
  ]; // prettier-ignore
  for (const [why, step, answer, options] of cases) it(`${why}: ${answer}`, () => equal(buy(step, options), answer));

  it('a reference that is more than a last price', () => {
    const noBars: Step = desk => {
      desk.book().bars.at = () => ({ preMarket: NaN, initialBalance: NaN, regularHours: NaN });
    };
    const desk = new Desk().until('09:35').wait(1).z(UP);
    noBars(desk);
    // Without any base the rungs lie around the last itself and are never touched.
    equal(desk.quote(98).orders(), '');
    equal(desk.book().reference.source, 'last');
    desk.tick({ close: 100 });
    equal(desk.wait(1).tags(), 'ladder_buy');
  });

  it('time to the close', () => {
    const buyAt = (time: string, minutes: number): string => {
      const desk = new Desk({ settings: { 'gates.minutesBeforeClose': minutes } })
        .until(time)
        .quote(100)
        .z(UP)
        .quote(98);
      return desk.tags() || desk.blocked() || 'nothing';
    };
    equal(buyAt('15:59:59.5', 0), 'ladder_buy');
    equal(buyAt('16:00', 0), 'nothing');
    equal(buyAt('15:55', 5), 'ladder_buy');
    equal(buyAt('15:55:00.001', 5), 'timeToClose');
  });

  it('a tick of the symbol in the last 10 s', () => {
    const quiet = (seconds: number): string => {
      const desk = new Desk({ targets: `A clip=1000 buy=0.6 sell=0.6\nB` }).until('09:35').wait(1).quote(98).wait(1);
      for (let n = 0; n < seconds; n++) desk.until(desk.t + 1000).tick({ lastSize: 1 }, 'B');
      desk
        .until(desk.t + 999)
        .z(UP)
        .until(desk.t + 1);
      return desk.tags() || desk.blocked();
    };
    equal(quiet(8), 'ladder_buy');
    equal(quiet(9), 'notQuiet');
  });

  it('a tick of any symbol in the last 10 s, else the session is blind', () => {
    const desk = new Desk().until('09:35').wait(1).quote(98).until('09:35:20').z(UP).until('09:35:21');
    equal(desk.tags(), '');
    equal(desk.core.session.isBlind(desk.t), true);
    equal(desk.tick({ lastSize: 1 }).wait(1).tags(), 'ladder_buy');
  });
});

describe('engine: what a ladder sell needs', () => {
  const cases: readonly (readonly [why: string, step: Step, answer: string])[] = [
    ['nothing in the way', nothing, 'ladder_sell'],
    ['not a download', desk => desk.hear({ type: 'download', symbol: 'A', state: 'failed' }), 'ladder_sell'],
    ['not the end of a pause', desk => desk.control('pause'), 'ladder_sell'],
    ['not the kill switch off', desk => desk.control('kill'), 'ladder_sell'],
    ['not a line in force', desk => desk.hear({ type: 'targets', text: 'B' }), 'ladder_sell'],
    ['not a reference near the previous close', desk => desk.tick({ close: 50 }), 'ladder_sell'],
    ['not a journal', desk => desk.hear({ type: 'journalState', ok: false }), 'ladder_sell'],
    ['a link', desk => desk.hear({ type: 'link', up: false }), 'nothing'],
    ['live data', live(3), 'nothing'],
    ['no halt', desk => desk.tick({ halted: 1 }), 'nothing'],
    ['no farm fault', desk => desk.hear({ type: 'farm', up: false }), 'nothing'],
    ['two sides', desk => desk.tick({ bid: 101.1, ask: null }), 'nothing'],
    ['a spread of twice 180 bp', desk => desk.tick({ bid: 99.31, ask: 102.95 }), 'ladder_sell'],
    ['no wider spread', desk => desk.tick({ bid: 99.3, ask: 102.97 }), 'nothing'],
    ['shares that the broker reports', desk => desk.position(0), 'nothing'],
  ];
  for (const [why, step, answer] of cases) it(`${why}: ${answer}`, () => equal(sell(step), answer));

  it('sells no more than the broker reports beyond what is left alone', () => {
    const desk = new Desk({ positions: { A: 5 } }).control('leaveAlone', 'A').until('09:35').buyRungs(98.8, 98.4);
    desk.book().position.trimDone = true;
    desk.position(5 + 24 - 20).z(DOWN);
    desk.orders();
    equal(desk.quote(101.6).orders(), 'ladder_sell SELL 4 at 101.19 L2');
  });
});

describe('engine: bad prints', () => {
  const book = (desk: Desk): string => `${desk.book().last} ${desk.book().aside}`;
  const quoted = (): Desk => new Desk().until('09:35').tick({ bid: 100, ask: 100.1, last: 100 });

  const cases: readonly (readonly [why: string, step: Step, state: string])[] = [
    ['1 % below the bid is accepted', desk => desk.tick({ last: 99 }), '99 NaN'],
    ['further below is set aside', desk => desk.tick({ last: 98.99 }), '100 98.99'],
    ['1 % above the ask is accepted', desk => desk.tick({ last: 101.101 }), '101.101 NaN'],
    ['further above is set aside', desk => desk.tick({ last: 101.11 }), '100 101.11'],
    ['a newer one replaces it', desk => desk.tick({ last: 98 }).tick({ last: 97 }), '100 97'],
    ['accepted when the quote follows', desk => desk.tick({ last: 98 }).tick({ bid: 98.98, ask: 99.1 }), '98 NaN'],
    ['still aside while it stays outside', desk => desk.tick({ last: 98 }).tick({ bid: 99 }), '100 98'],
    ['still aside with a side missing', desk => desk.tick({ last: 98 }).tick({ bid: null }), '100 98'],
    ['still aside in a crossed quote', desk => desk.tick({ last: 98 }).tick({ bid: 98, ask: 97.9 }), '100 98'],
    ['still aside when data are not live', desk => desk.tick({ last: 98 }).hear({ type: 'dataType', symbol: 'A', value: 3 }).tick({ bid: 98, ask: 98 }), '100 98'],
    ['dropped by a later last', desk => desk.tick({ last: 98 }).tick({ last: 100.05 }).tick({ bid: 98, ask: 98 }), '100.05 NaN'],
    ['in one event the waiting print comes before the event’s own', desk => desk.tick({ last: 98 }).tick({ bid: 98, ask: 98.1, last: 98.2 }), '98.2 NaN'],
    ['an event’s own last is tested against its own quote', desk => desk.tick({ bid: 98, ask: 98.1, last: 98.05 }), '98.05 NaN'],
    ['without a quote anything is accepted', desk => desk.tick({ bid: null }).tick({ last: 50 }), '50 NaN'],
  ]; // prettier-ignore
  for (const [why, step, state] of cases) {
    it(why, () => {
      const desk = quoted();
      step(desk);
      equal(book(desk), state);
    });
  }

  it('counts them', () =>
    equal(quoted().tick({ last: 98 }).tick({ last: 97 }).tick({ last: 100 }).book().badPrints, 2));

  it('touches no rung and fires no stop until it is accepted', () => {
    const desk = quoted().z(UP).tick({ last: 98 });
    equal(desk.wait(1).orders(), '');
    equal(desk.tick({ bid: 98, ask: 98 }).tags(), 'ladder_buy');
  });

  it('one heard before the open never is a regular last', () => {
    const desk = new Desk({ begin: '09:25' });
    desk.tick({ bid: 100, ask: 100, last: 100 }).tick({ last: 98 }).until('09:30:01').tick({ bid: 98, ask: 98 });
    equal(desk.book().last, 98);
    equal(Number.isNaN(desk.book().regularLast), true);
    equal(desk.tick({ last: 98 }).book().regularLast, 98);
  });

  it('makes no increment of the volume in its second', () => {
    const z = (last: number): number => {
      const desk = new Desk({ settings: { 'volatility.minimum': 2 } })
        .until('09:35')
        .tick({ bid: 100, ask: 100.1, last: 100 });
      let volume = 1000;
      for (const shares of [0, 100, 200, 300]) desk.tick({ volume: (volume += shares) }).wait(1);
      return desk
        .tick({ last, volume: volume + 5000 })
        .wait(1)
        .book().z;
    };
    equal(z(100.05), 6);
    equal(Math.round(z(98) * 1000) / 1000, 2.121);
  });
});

describe('engine: regular hours', () => {
  it('come from the contract where it tells them', () => {
    const desk = new Desk().hear({ type: 'contract', symbol: 'A', hours: [[at('09:30'), at('10:00')]] });
    equal([at('09:30'), at('09:59:59'), at('10:00')].map(t => desk.book().isRegular(t)).join(), 'true,true,false');
    equal(desk.book().closeAt, at('10:00'));
  });

  it('an empty interval closes the day', () => {
    const desk = new Desk().hear({ type: 'contract', symbol: 'A', hours: [[at('09:30'), at('09:30')]] });
    equal(desk.book().isRegular(at('11:00')), false);
  });

  it('a day that the contract does not tell is the calendar’s', () => {
    const desk = new Desk().hear({ type: 'contract', symbol: 'A', hours: [[at('+1 09:30'), at('+1 12:00')]] });
    equal(desk.book().closeAt, at('16:00'));
    desk.until('+1 08:00');
    equal(desk.book().closeAt, at('+1 12:00'));
  });

  it('nothing is evaluated before the day’s first regular last', () => {
    const desk = new Desk({ begin: '09:25' });
    desk.hear({ type: 'bar', symbol: 'A', start: at('09:00'), open: 1, high: 1, low: 1, close: 100, volume: 1 });
    desk.quote(98).z(UP).until('09:30').wait(5);
    equal(desk.orders(), '');
    // The same price again: no change in value, but the day's first.
    equal(desk.z(UP).tick({ last: 98 }).tags(), 'ladder_buy');
  });

  it('an open is today’s only when it is heard from 09:30', () => {
    const desk = new Desk({ begin: '09:25' }).tick({ open: 97 });
    equal(Number.isNaN(desk.book().open), true);
    equal(desk.until('09:30').tick({ open: 97 }).book().open, 97);
  });

  it('a window of increments empties at the open of the day', () => {
    const desk = new Desk({ begin: '09:25' }).z(1).until('09:29:59');
    equal(desk.book().z, 1);
    equal(desk.until('09:30').book().z, 0);
  });

  it('a contract’s ticks count, a coarser minimum tick too', () => {
    const ticks = (event: { ticks?: [number, number][]; minTick?: number }): string => {
      const desk = new Desk().hear({ type: 'contract', symbol: 'A', ...event });
      return [0.5, 5].map(price => desk.book().ticks.tickAt(price)).join();
    };
    equal(ticks({}), '0.0001,0.01');
    equal(ticks({ ticks: [[0, 0.05]] }), '0.05,0.05');
    equal(ticks({ ticks: [[0, 0.05]], minTick: 0.1 }), '0.05,0.05');
    equal(ticks({ minTick: 0.001 }), '0.001,0.01');
    equal(ticks({ minTick: 0.05 }), '0.05,0.05');
    equal(ticks({ ticks: [], minTick: 0.05 }), '0.05,0.05');
    equal(ticks({ minTick: 0 }), '0.0001,0.01');
  });
});

describe('engine: why not', () => {
  const conditions = (desk: Desk, kind: string): string =>
    desk.engine
      .detail('A')!
      .whyNot.find(why => why.kind === kind)!
      .conditions.filter(condition => condition.asked && !condition.met)
      .map(condition => condition.text)
      .join('; ');

  it('names what does not hold, with both numbers', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).tick({ bid: 97, ask: 99.1, last: 98 });
    equal(conditions(desk, 'buy'), 'spread 214 bp, at most 180 bp');
    equal(desk.orders(), '');
  });

  it('is the evaluation that trades: what is ready is ordered at the next second', () => {
    const desk = new Desk().until('09:35').wait(1).quote(98).z(UP);
    equal(conditions(desk, 'buy'), '');
    equal(desk.engine.detail('A')!.whyNot[0]!.ready, true);
    equal(desk.wait(1).tags(), 'ladder_buy');
  });

  it('journals why a touched rung is not bought, once a reason', () => {
    const desk = new Desk().until('09:35').wait(1).control('pause').z(UP).quote(98).wait(3);
    equal(desk.journal().filter(why => why === 'buyBlocked').length, 1);
    desk.control('kill').control('resume').wait(1);
    equal(desk.blocked(), 'notKilled');
    equal(desk.journal().filter(why => why === 'buyBlocked').length, 2);
  });
});
