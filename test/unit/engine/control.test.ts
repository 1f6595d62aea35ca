/** Commands of a person, changes of targets.txt and of overrides, and time. */
import assert, { deepEqual, equal, match } from 'node:assert/strict';
import { Desk, DOWN, UP, at } from './desk';

const TWO = 'A clip=1000 buy=0.6 sell=0.6\nB clip=1000 buy=0.6 sell=0.6';

describe('engine: commands', () => {
  const held = (): Desk => {
    const desk = new Desk({ targets: TWO }).until('09:35').wait(1).z(UP).quote(98).fill(undefined, 98).z(0);
    desk.wait(3).z(UP, 'B').quote(98, 'B').fill(undefined, 98).z(0, 'B').wait(1);
    desk.orders();
    return desk;
  };

  it('flatten sells everything, urgent, and stays until flat', () => {
    const desk = held().control('flatten').wait(1);
    equal(desk.orders(), 'flatten SELL 11 at 96.04 L1, flatten SELL 11 at 96.04 L1');
    equal(desk.book('B').exit, 'flatten');
    desk.fill(3, 97, desk.effects.flatMap(effect => (effect.type === 'place' ? [effect.order] : [])).at(-2));
    equal(desk.quote(150).wait(1).orders(), 'flatten SELL 8 at 147 L1');
  });

  it('flatten one symbol leaves the others', () => {
    equal(held().control('flatten', 'B').wait(1).orders(), 'flatten SELL 11 at 96.04 L1');
    equal(held().control('flatten', 'B').book('A').exit, null);
  });

  it('flatten is no protective exit of the day', () => equal(held().control('flatten').book().exitsToday, 0));

  it('flatten sells what a buy on its way brings', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).control('flatten').fill(5, 98).wait(1);
    equal(desk.tags(), 'ladder_buy, flatten');
  });

  it('flatten of a buy that brings nothing is over', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).control('flatten').fill(0);
    equal(desk.book().exit, null);
    equal(desk.wait(3).tags(), 'ladder_buy, ladder_buy');
  });

  it('flatten of nothing is nothing', () => {
    const desk = new Desk().control('flatten');
    equal(desk.book().exit, null);
  });

  it('the kill switch cancels working buys by id, and no sells', () => {
    const desk = held().wait(3).z(UP, 'B').quote(97.8, 'B').z(DOWN).quote(98.1);
    equal(desk.tags(), 'ladder_buy, breakeven_trim');
    desk.control('kill');
    equal(desk.cancels(), '3 kill');
  });

  it('pausing one symbol stops its buys alone, survives a restart, and ends with its own resume', () => {
    const touched = (desk: Desk) => desk.wait(4).z(UP).z(UP, 'B').quote(97.8).quote(97.8, 'B').orders();
    const paused = held().control('pause', 'A');
    match(touched(paused), /^ladder_buy BUY \d+ at [\d.]+ L2$/);
    equal(paused.effects.filter(each => each.type === 'place').at(-1)?.order.symbol, 'B');
    const later = held().control('pause', 'A').restart().connect({ A: 11, B: 11 });
    equal(later.core.session.paused, false);
    equal(later.control('resume').book().isPausedByPerson, true);
    equal(later.control('resume', 'A').book().isPausedByPerson, false);
  });

  it('kill, pause and protect survive a restart', () => {
    const later = new Desk().control('kill').control('pause').control('protect').restart().connect();
    const { killed, paused, protectOnly } = later.core.session;
    deepEqual([killed, paused, protectOnly], [true, true, true]);
    later.control('resume').control('release');
    deepEqual(
      [later.core.session.killed, later.core.session.paused, later.core.session.protectOnly],
      [false, false, false],
    );
  });

  it('exits go on under all of them', () => {
    const desk = held().control('kill').control('pause').control('protect').quote(93);
    equal(desk.tags(), 'live_stop');
  });

  it('a command for a symbol that is not there says so', () => {
    equal(new Desk().control('flatten', 'Q').notices('unknownSymbol').length, 1);
  });
});

describe('engine: overrides', () => {
  const anchor = (desk: Desk): string => {
    desk.wait(1);
    return `${desk.book().ladder.buys[3]} ${desk.book().ladder.sells[3]}`;
  };
  const override = (...events: { buy?: number | null; sell?: number | null }[]): Desk => {
    const desk = new Desk().until('09:35').z(0);
    for (const event of events) desk.hear({ type: 'override', symbol: 'A', ...event });
    return desk;
  };
  it('take the place of the line’s percentages', () => equal(anchor(override({ buy: 1, sell: 2 })), '95 110'));
  it('one alone leaves the other', () => equal(anchor(override({ buy: 1 }, { sell: 2 })), '95 110'));
  it('null drops one', () => equal(anchor(override({ buy: 1, sell: 2 }, { buy: null })), '97 110'));
  it('out of range are refused, each for itself', () => {
    const desk = override({ buy: 1 }, { buy: 11, sell: 2 }, { buy: 0.09 });
    equal(anchor(desk), '95 110');
    equal(desk.notices('overrideRefused').length, 2);
  });
});

describe('engine: changes of targets.txt', () => {
  const change = (desk: Desk, text: string): Desk => desk.hear({ type: 'targets', text });

  it('count at the next evaluation', () => {
    const desk = change(new Desk().until('09:35').wait(1), 'A clip=2000 buy=1 sell=0.6').z(UP);
    equal(desk.quote(98.12).orders(), 'ladder_buy BUY 21 at 98.52 L1');
  });

  it('a removed symbol buys no more and is sold on', () => {
    const desk = new Desk().until('09:35').wait(1).buyRungs(98.8);
    change(desk, '').z(UP).quote(97);
    desk.orders();
    equal(desk.wait(5).orders(), '');
    equal(desk.z(DOWN).quote(101.2).orders(), 'ladder_sell SELL 11 at 100.79 L1');
    equal(desk.book().target.clip, 1000);
  });

  it('listed again it buys again', () => {
    const desk = change(change(new Desk().until('09:35').wait(1), ''), 'A clip=1000 buy=0.6').z(UP);
    equal(desk.quote(98).tags(), 'ladder_buy');
  });

  it('a symbol held without a line is wound down with its last known line, after a restart too', () => {
    const desk = new Desk().until('09:35').wait(1).buyRungs(98.8);
    change(desk, 'A clip=500 buy=1 sell=0.6').hear({ type: 'targets', text: 'B' });
    const later = desk.restart({ targets: 'B' });
    equal(later.book().windDown, true);
    equal(`${later.book().target.clip} ${later.book().target.buy}`, '500 1');
    later.t = at('09:40');
    later.connect({ A: 11 }).quote(93);
    equal(later.tags(), 'live_stop');
  });

  it('an invalid line leaves the last good one in force', () => {
    const desk = change(new Desk(), 'A clip=1000 buy=99');
    equal(`${desk.book().target.buy} ${desk.book().windDown}`, '0.6 false');
    equal(desk.notices('targetsChanged')[0]?.data['errors'], 1);
  });

  it('budgets follow', () => {
    const desk = change(new Desk(), '@config equity=300000\nA\nB');
    equal(desk.core.session.allowance.tickerBudget.risky, (300_000 * 0.67 * 0.6) / 2);
  });

  it('a symbol that no line names only listens, and starts informed when one does', () => {
    const desk = new Desk({ targets: '# none yet' }).until('09:34');
    desk.hear({ type: 'bar', symbol: 'N', start: at('09:00'), open: 1, high: 1, low: 1, close: 100, volume: 1 });
    desk.quote(100, 'N').wait(5).z(UP, 'N').quote(98, 'N');
    equal(desk.orders(), '');
    change(desk, 'N clip=1000 buy=0.6').makeReady('N').z(UP, 'N');
    equal(desk.wait(1).orders(), 'ladder_buy BUY 11 at 98.4 L1');
  });

  it('evaluates in the order of the file, then what is wound down', () => {
    const desk = change(new Desk({ targets: 'A\nB\nC' }), 'C\nD\nA');
    equal(desk.core.order.map(book => book.symbol).join(), 'C,D,A,B');
  });
});

describe('engine: time', () => {
  it('closes every bucket before it evaluates any symbol, at every whole second up to the event', () => {
    const desk = new Desk({ targets: TWO }).until('09:35:00.5');
    const seen: string[] = [];
    for (const symbol of ['A', 'B']) {
      desk.book(symbol).volatility.closeBucket = t => seen.push(`${symbol}${t - at('09:35')}`);
      const { buys } = desk.book(symbol).ladder;
      desk.book(symbol).ladder.update = () => {
        void buys;
        seen.push(`${symbol} evaluated`);
      };
    }
    desk.until('09:35:02.1');
    equal(seen.join(', '), 'A1000, B1000, A evaluated, B evaluated, A2000, B2000, A evaluated, B evaluated');
    seen.length = 0;
    desk.tick({ bid: 99.9 }).tick({ bid: 99.9 }).tick({ volume: 5 }).tick({ last: 100 }).tick({ last: 99.95 }, 'B');
    equal(seen.join(', '), 'A evaluated, B evaluated');
  });

  it('longer buckets end at their own seconds', () => {
    const desk = new Desk({ settings: { 'volatility.bucketSeconds': 5 } }).until('09:35:00.5');
    const closed: number[] = [];
    desk.book().volatility.closeBucket = t => closed.push((t - at('09:35')) / 1000);
    desk.until('09:35:16');
    equal(closed.join(), '5,10,15');
  });

  it('an event that lags behind does not turn time back', () => {
    const desk = new Desk().until('09:35');
    desk.t = at('09:34');
    desk.quote(100);
    equal(desk.engine.t, at('09:35'));
    equal(desk.book().lastTickAt, at('09:35'));
  });

  it('the first event starts the clock', () => {
    const desk = new Desk({ bare: true });
    equal(Number.isNaN(desk.engine.t), true);
    desk.hear({ type: 'time' });
    equal(desk.engine.t, at('09:25'));
  });

  it('a fill evaluates nothing', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).tick({ bid: 93, ask: 93 });
    desk.orders();
    desk.book().last = desk.book().regularLast = 93;
    equal(desk.fill(undefined, 98).orders(), '');
    equal(desk.wait(1).tags(), 'live_stop');
  });

  it('the day rolls at midnight in New York: bars, counters and z start afresh, positions and stops stay', () => {
    const desk = new Desk().until('09:35').wait(1).buyRungs(98.8).quote(102);
    desk.book().exitsToday = 2;
    desk.z(1).until('23:59:59').z(1);
    equal(desk.book().bars.size, 1);
    desk.until('+1 00:00');
    equal(desk.book().bars.size, 0);
    equal(desk.book().z, 0);
    equal(desk.book().exitsToday, 0);
    equal(desk.layers(), 'L1:11');
    equal(desk.book().mark, 102);
    equal(desk.book().overnightShares, 11);
    equal(desk.journal().filter(why => why === 'day').length, 2);
  });

  it('the volume of a connection that comes back, or of a farm, is a new base', () => {
    const standing = new Desk().until('09:35');
    standing.book().volatility.rebase = () => assert.fail('a link that was up comes back from nowhere');
    standing.hear({ type: 'link', up: true });
    const events = [
      [{ type: 'link', up: false } as const, { type: 'link', up: true } as const],
      [{ type: 'farm', up: false } as const],
      [{ type: 'farm', up: false } as const, { type: 'farm', up: true } as const],
    ];
    for (const list of events) {
      const desk = new Desk().until('09:35');
      for (const event of list.slice(0, -1)) desk.hear(event);
      let rebased = 0;
      desk.book().volatility.rebase = () => rebased++;
      desk.hear(list[list.length - 1]!);
      equal(rebased, 1, JSON.stringify(list));
    }
  });

  for (const seconds of [10, 2, 60])
    it(`how fast the price moves: over ${seconds} s, in basis points`, () => {
      const desk = new Desk({ settings: { 'reports.velocitySeconds': seconds } })
        .until('09:35')
        .wait(1)
        .quote(100)
        .wait(1);
      const began = desk.t;
      desk.quote(100.15).until(began + (seconds - 1) * 1000);
      const velocity = (): string => {
        const { velocity: state, velocityBp } = desk.engine.detail('A')!;
        return `${state} ${Math.round(velocityBp * 100) / 100}`;
      };
      equal(velocity(), 'active 15');
      desk.until(began + seconds * 1000);
      equal(velocity(), 'active 15');
      desk.until(began + (seconds + 1) * 1000);
      equal(velocity(), 'none 0');
      desk.quote(100.07);
      equal(velocity(), 'primed -7.99');
    });
});
