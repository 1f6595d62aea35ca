/** Exits: when they fire, what holds them back, how long they stay, and what a symbol waits for afterwards. */
import { equal } from 'node:assert/strict';
import { Desk, DOWN, UP } from './desk';

/** 11 shares at 98: hard stop 93.1, trailing stop armed at 100.45. */
const held = (settings = {}): Desk => {
  const desk = new Desk({ settings }).until('09:35').wait(1).z(UP).quote(98).fill(undefined, 98).z(0).wait(1);
  desk.orders();
  return desk;
};

describe('engine: hard stop', () => {
  const cases: readonly (readonly [price: number, orders: string])[] = [
    [93.11, ''],
    [93.1, 'live_stop SELL 11 at 91.23 L1'],
    [50, 'live_stop SELL 11 at 49 L1'],
  ];
  for (const [price, orders] of cases)
    it(`at ${price}: ${orders || 'nothing'}`, () => equal(held().quote(price).orders(), orders));

  it('compares exactly at any average', () => {
    // 4 at 28.40 and nothing else: 26.98 is 5 % below to the digit.
    const desk = new Desk({ targets: 'A clip=110 buy=0.6 sell=0.6' });
    desk.book().bars.at = () => ({ preMarket: 28.9, initialBalance: NaN, regularHours: NaN });
    desk.z(UP).quote(28.4).fill(undefined, 28.4);
    desk.orders();
    equal(desk.quote(26.99).orders(), '');
    equal(desk.quote(26.98).tags(), 'live_stop');
  });

  it('is a setting', () => {
    equal(held({ 'protection.hardStopPercent': 2 }).quote(96.05).orders(), '');
    equal(held({ 'protection.hardStopPercent': 2 }).quote(96.04).tags(), 'live_stop');
  });

  it('sells everything, split at the largest order, without a wait between fills', () => {
    const desk = new Desk({ settings: { 'limits.orderShares': 4 }, positions: { A: 11 } }).quote(98);
    desk.control('adopt', 'A').quote(93).fill();
    equal(desk.orders(), 'live_stop SELL 4 at 91.14 L1');
    equal(desk.wait(1).fill().wait(1).fill().orders(), 'live_stop SELL 4 at 91.14 L1, live_stop SELL 3 at 91.14 L1');
    equal(desk.layers(), '');
  });

  const ignores: readonly (readonly [what: string, set: (desk: Desk) => unknown])[] = [
    ['z', desk => desk.z(UP)],
    ['spread', desk => desk.tick({ bid: 80, ask: 110 })],
    ['a missing quote', desk => desk.tick({ bid: null, ask: null })],
    ['a pause', desk => desk.control('pause')],
    ['protect only', desk => desk.control('protect')],
    ['the kill switch', desk => desk.control('kill')],
    ['a missing download', desk => desk.hear({ type: 'download', symbol: 'A', state: 'failed' })],
    ['a journal that cannot be written', desk => desk.hear({ type: 'journalState', ok: false })],
    ['a farm fault', desk => desk.hear({ type: 'farm', up: false })],
    ['a symbol that is paused', desk => (desk.book().paused = 'rejects')],
    [
      'a symbol that the broker refuses',
      desk => desk.hear({ type: 'contract', symbol: 'A', failed: { code: 200, text: '' } }),
    ],
    ['a line that is gone', desk => desk.hear({ type: 'targets', text: '' })],
    ['the day’s loss limit', desk => (desk.core.session.lossDay = desk.core.session.day)],
    [
      'the reference',
      desk => (desk.book().bars.at = () => ({ preMarket: NaN, initialBalance: NaN, regularHours: NaN })),
    ],
  ];
  for (const [what, set] of ignores) {
    it(`ignores ${what}`, () => {
      const desk = held();
      set(desk);
      desk.orders();
      const { bid } = desk.book();
      equal((bid === 98 ? desk.quote(93) : desk.tick({ last: 93 })).tags(), 'live_stop');
    });
  }

  const waits: readonly (readonly [what: string, set: (desk: Desk) => unknown, end: (desk: Desk) => unknown])[] = [
    ['live data', desk => desk.hear({ type: 'dataType', symbol: 'A', value: 3 }), desk => desk.hear({ type: 'dataType', symbol: 'A', value: 1 })],
    ['the end of a halt', desk => desk.tick({ halted: 1 }), desk => desk.tick({ halted: 0 })],
    ['the end of a volatility halt', desk => desk.tick({ halted: 2 }), desk => desk.tick({ halted: -1 })],
    ['a link and reconciliation', desk => desk.hear({ type: 'link', up: false }), desk => desk.connect({ A: 11 })],
  ]; // prettier-ignore
  for (const [what, set, end] of waits) {
    it(`waits for ${what}, with an alarm, once`, () => {
      const desk = held();
      set(desk);
      desk.quote(93).quote(92.9).wait(2);
      equal(desk.orders(), '');
      equal(desk.notices('exitHeldBack').length, 1);
      equal(desk.book().exit, null);
      end(desk);
      equal(desk.wait(1).tags(), 'live_stop');
    });
  }

  it('what held it back alarms again the next time', () => {
    const desk = held().tick({ halted: 1 }).quote(93).quote(98).tick({ halted: 0 }).wait(1);
    desk.tick({ halted: 1 }).quote(93);
    equal(desk.notices('exitHeldBack').length, 2);
  });

  it('does not fire when the price is back before nothing holds it back', () => {
    const desk = held().tick({ halted: 1 }).quote(93).quote(98).tick({ halted: 0 }).wait(2);
    equal(desk.orders(), '');
    equal(desk.book().exit, null);
  });

  it('waits for the end of an order in flight', () => {
    const desk = held().z(UP).wait(3).quote(97.8);
    equal(desk.tags(), 'ladder_buy');
    equal(desk.quote(93).wait(1).tags(), '');
    equal(desk.status('cancelled').tags(), '');
    equal(desk.wait(1).tags(), 'live_stop');
  });

  it('is never delayed by the wait of a discretionary order', () => {
    const desk = held().z(DOWN).quote(98.06).status('rejected').quote(93);
    equal(desk.tags(), 'breakeven_trim, live_stop');
  });

  it('needs regular hours and the day’s first regular last', () => {
    const desk = held().until('16:00').quote(90).wait(5);
    equal(desk.orders(), '');
    desk.until('+1 09:29:59').quote(90).until('+1 09:30:05');
    equal(desk.orders(), '');
    equal(desk.tick({ last: 90 }).tags(), 'live_stop');
  });
});

describe('engine: trailing stop', () => {
  it('is armed by a last 2.5 % above average and fires 2.5 % below the mark', () => {
    const desk = held().quote(100.44).quote(97.93);
    equal(desk.orders(), '');
    desk.quote(100.45).quote(101).quote(100.9).quote(98.48);
    equal(desk.book().mark, 101);
    equal(desk.orders(), '');
    equal(desk.quote(98.47).orders(), 'live_trail SELL 11 at 96.5 L1'); // 101 × 0.975 = 98.475
  });

  it('is armed at 2.5 % to the digit', () => {
    equal(Number.isNaN(held().quote(100.44).book().mark), true);
    equal(held().quote(100.45).book().mark, 100.45);
  });

  it('a last before the fill does not arm it, a new one of the same price does', () => {
    const desk = new Desk({ settings: { 'protection.trailArmPercent': 0.5 } }).until('09:35').wait(1).z(UP);
    desk.tick({ bid: 98.1, ask: 98.1, last: 98.6 }).fill(undefined, 98);
    equal(Number.isNaN(desk.book().mark), true);
    desk.tick({ last: 98.6 });
    equal(desk.book().mark, 98.6);
  });

  it('a buy fill disarms it and forgets the mark', () => {
    const desk = held({ 'protection.trailArmPercent': 0.1 }).quote(98.3);
    equal(desk.book().mark, 98.3);
    desk.z(UP).wait(3).quote(98.29).fill(undefined, 98.29);
    equal(Number.isNaN(desk.book().mark), true);
    equal(desk.book().trailStop, null);
  });

  it('arm = 0 arms it at once, at the last of the fill', () => {
    const desk = held({ 'protection.trailArmPercent': 0 });
    equal(desk.book().mark, 98);
    equal(desk.quote(95.56).orders(), '');
    equal(desk.quote(95.55).tags(), 'live_trail');
  });

  it('the hard stop comes first', () => {
    const desk = held({ 'protection.trailArmPercent': 0, 'protection.trailPercent': 5 });
    equal(desk.quote(93.1).tags(), 'live_stop');
  });

  it('the mark follows regular lasts only', () => {
    const desk = held().quote(100.5).until('16:00').tick({ bid: 104, ask: 104, last: 104 });
    equal(desk.book().mark, 100.5);
    desk.until('+1 08:00').quote(105);
    equal(desk.book().mark, 100.5);
    desk.until('+1 09:30:01').quote(101);
    equal(desk.book().mark, 101);
  });

  it('journals the mark when the stop moves by a tick', () => {
    const desk = held().quote(100.5);
    const marks = (): number => desk.journal().filter(why => why === 'mark').length;
    equal(marks(), 1);
    desk.tick({ last: 100.5001 });
    equal(marks(), 1);
    desk.tick({ last: 100.52 });
    equal(marks(), 2);
  });
});

describe('engine: a quote below the trigger', () => {
  /** Last stays at 98; the quote goes below the stop of 93.1. */
  const fallen = (bid = 93, ask = 93.05): Desk => held().tick({ bid, ask });

  it('fires after both sides were there for 2 s', () => {
    const desk = fallen().until('09:35:07.9');
    desk.t = desk.engine.t;
    const start = held();
    start.tick({ bid: 93, ask: 93.05 });
    const began = start.t;
    equal(start.until(began + 1999).tags(), '');
    equal(start.until(began + 2000).tags(), 'live_stop');
  });

  it('the trailing stop fires the same way', () => {
    const desk = held().quote(101).wait(1);
    desk.orders();
    desk.tick({ bid: 98.4, ask: 98.47 });
    equal(desk.until(desk.t + 1000).tags(), '');
    equal(desk.until(desk.t + 1000).tags(), 'live_trail');
  });

  const not: readonly (readonly [why: string, run: (desk: Desk) => unknown])[] = [
    ['the ask stands at the trigger', desk => desk.tick({ bid: 93, ask: 93.1 }).wait(5)],
    ['the quote is crossed', desk => desk.tick({ bid: 93.05, ask: 93 }).wait(5)],
    ['a side is missing', desk => desk.tick({ bid: 93, ask: null }).wait(5)],
    ['it recovered in between', desk => desk.tick({ bid: 93, ask: 93.05 }).wait(1).tick({ ask: 98 }).tick({ ask: 93.05 }).wait(1)],
    ['a last was accepted in between', desk => desk.tick({ bid: 93, ask: 93.05 }).wait(1).tick({ last: 93.5 }).wait(1)],
    ['the data are not live', desk => desk.tick({ bid: 93, ask: 93.05 }).hear({ type: 'dataType', symbol: 'A', value: 2 }).wait(5)],
  ]; // prettier-ignore
  for (const [why, run] of not) {
    it(`does not when ${why}`, () => {
      const desk = held();
      run(desk);
      equal(desk.orders(), '');
    });
  }
});

describe('engine: an exit that has fired', () => {
  const fired = (settings = {}): Desk => {
    const desk = held(settings).quote(93);
    desk.orders();
    return desk;
  };

  it('stays on at any price until flat', () => {
    const desk = fired().fill(5).quote(110).z(DOWN).wait(1);
    equal(desk.orders(), 'live_stop SELL 6 at 107.8 L1');
    equal(desk.book().exit, 'live_stop');
    desk.fill();
    equal(desk.book().exit, null);
    equal(desk.notices('exitDone').length, 1);
  });

  it('keeps its first tag', () => {
    const desk = held({ 'protection.trailArmPercent': 0 }).quote(95.5).fill(2).quote(90).wait(1);
    equal(desk.tags(), 'live_trail, live_trail');
    equal(desk.control('flatten').fill(2).wait(1).tags(), 'live_trail');
  });

  it('lets no buy through', () => {
    const desk = fired().fill(5).tick({ halted: 1 }).z(UP).quote(97).wait(5);
    equal(desk.orders(), '');
    equal(desk.blocked(), 'notHalted');
    equal(desk.core.session.cost.all.near, 6 * 98);
  });

  it('stays on over the close', () => {
    const desk = held().until('15:59:59.5').quote(93).fill(5).until('16:00').wait(1).until('+1 09:30').wait(1);
    desk.orders();
    equal(desk.quote(99).tags(), 'live_stop');
  });

  it('stays on over a restart', () => {
    const later = fired().fill(5).restart();
    later.t += 600_000;
    later.connect({ A: 6 }).quote(99);
    equal(later.tags(), 'live_stop');
  });

  it('waits 1 s after a fill of nothing, then 1, 2, 4 … 30 s after rejects, an alarm from the third', () => {
    const desk = fired().fill(0);
    equal(desk.quote(92.9).orders(), '');
    equal(desk.wait(1).tags(), 'live_stop');
    const pauses: number[] = [];
    for (let n = 0; n < 7; n++) {
      desk.status('rejected');
      const from = desk.t;
      while (desk.tags() === '') desk.wait(1);
      pauses.push((desk.t - from) / 1000);
      equal(desk.notices('sellRejected').length, Math.max(0, n - 1));
    }
    equal(pauses.join(), '1,2,4,8,16,30,30');
    // A fill ends the row of rejects.
    desk.fill(1).wait(1).status('rejected');
    desk.orders();
    equal(desk.wait(1).tags(), 'live_stop');
  });

  it('counts once a day for each exit, not for each order', () => {
    const desk = fired().fill(5).wait(1);
    equal(desk.book().exitsToday, 1);
  });
});

describe('engine: after flat', () => {
  const flat = (settings = {}): Desk => {
    const desk = held(settings).quote(93).fill().wait(1);
    desk.orders();
    return desk.z(UP);
  };

  it('buys again after 60 s and once last has been above L1', () => {
    const desk = flat().quote(99).wait(50).quote(98);
    equal(desk.wait(8).orders(), '');
    equal(desk.blocked(), 'rest');
    equal(desk.wait(1).tags(), 'ladder_buy');
  });

  it('60 s are not enough', () => {
    const desk = flat().quote(98).wait(70);
    equal(desk.orders(), '');
    equal(desk.blocked(), 'aboveL1');
    equal(desk.quote(98.87).quote(98).orders(), '');
    equal(desk.quote(98.88).quote(98).tags(), 'ladder_buy');
  });

  it('a last above L1 before the flat does not count', () => {
    const desk = held().z(DOWN).quote(101.13).fill().quote(98).z(UP).wait(70);
    desk.orders();
    equal(desk.blocked(), 'aboveL1');
  });

  it('rests after a ladder sell too', () => {
    const desk = held().z(DOWN).quote(101.13).fill().wait(10).z(UP).quote(98).wait(3);
    equal(desk.blocked(), 'rest');
  });

  it('the rest is a setting', () => {
    equal(flat({ 'protection.restSeconds': 5 }).quote(99).wait(1).quote(98).wait(4).tags(), 'ladder_buy');
  });

  it('two protective exits end the buys of that day, not of the next', () => {
    const desk = flat().quote(99).wait(60).quote(98).fill().quote(93).fill().quote(99).wait(70).quote(98).wait(5);
    equal(desk.tags(), 'ladder_buy, live_stop');
    equal(desk.blocked(), 'exitsToday');
    desk.until('+1 09:30');
    desk.hear({
      type: 'bar',
      symbol: 'A',
      start: desk.t - 600_000,
      open: 100,
      high: 100,
      low: 100,
      close: 100,
      volume: 1,
    });
    equal(desk.z(UP).quote(98).tags(), 'ladder_buy');
  });
});

describe('engine: anti-short', () => {
  const SETTINGS = { 'protection.antiShort': true };
  const short = (settings: Record<string, unknown> = SETTINGS, shares = -5): Desk => {
    const desk = new Desk({ settings }).until('09:35').wait(1);
    desk.position(shares);
    return desk;
  };

  it('asks afresh, then buys back to zero', () => {
    const desk = short();
    equal(desk.asked(), 'short');
    equal(desk.notices('shortAppeared').length, 1);
    equal(desk.wait(3).orders(), '');
    desk.reconcile({ A: -5 }, { partial: true });
    equal(desk.wait(1).orders(), 'anti_short_cover BUY 5 at 102 L0');
    desk.exec(5).position(0).status('filled', 5);
    equal(desk.wait(5).orders(), '');
    equal(desk.layers(), '');
    equal(desk.book().paused, null);
  });

  it('is exempt from limits, pauses and the largest order', () => {
    const desk = short({ ...SETTINGS, 'limits.orderShares': 1, 'limits.orderUsd': 1 }).control('pause');
    desk.reconcile({ A: -5 }, { partial: true });
    equal(desk.wait(1).orders(), 'anti_short_cover BUY 5 at 102 L0');
  });

  it('buys back to zero beside shares that are left alone', () => {
    const desk = new Desk({ settings: SETTINGS, positions: { A: 7 } }).control('leaveAlone', 'A').wait(1);
    desk.position(-5).reconcile({ A: -5 }, { partial: true });
    equal(desk.wait(1).orders(), 'anti_short_cover BUY 5 at 102 L0');
  });

  it('waits after an order that filled nothing', () => {
    const desk = short().reconcile({ A: -5 }, { partial: true }).wait(1);
    equal(desk.tags(), 'anti_short_cover');
    desk.status('cancelled');
    equal(desk.quote(100.01).tags(), '');
    equal(desk.wait(1).tags(), 'anti_short_cover');
  });

  it('is off by default: buys of the symbol wait and a person is told', () => {
    const desk = short({}).reconcile({ A: -5 }, { partial: true }).z(UP).quote(98).wait(2);
    equal(desk.orders(), '');
    equal(desk.blocked(), 'explained');
  });

  it('is noticed on a symbol whose buys are paused for something else', () => {
    const desk = new Desk({ settings: SETTINGS }).until('09:35').wait(1);
    desk.book().paused = 'rejects';
    desk.position(-5).reconcile({ A: -5 }, { partial: true });
    equal(desk.wait(1).tags(), 'anti_short_cover');
  });

  it('leaves a short alone that was there before, and does not trade its symbol', () => {
    const desk = new Desk({ settings: SETTINGS, positions: { A: -5 } });
    equal(desk.notices('shortFound').length, 1);
    // The stream repeats what is known.
    desk.position(-5).z(UP).quote(98).wait(5);
    equal(desk.orders(), '');
    equal(desk.blocked(), 'explained');
    equal(desk.book().leftAlone, -5);
    // Once it is gone the symbol trades again.
    desk.position(0).wait(1);
    equal(desk.tags(), 'ladder_buy');
    equal(desk.book().leftAlone, 0);
  });

  it('a short that is left alone stays so when it grows, or when a person resumes the symbol', () => {
    const desk = new Desk({ settings: SETTINGS, positions: { A: -5 } }).position(-8);
    equal(desk.book().leftAlone, -8);
    equal(desk.asked(), '');
    desk.control('resume', 'A').position(-8).reconcile({ A: -9 }, { partial: true }).z(UP).quote(98).wait(5);
    equal(desk.orders(), '');
  });

  it('a short that appeared is still one after the link was gone', () => {
    const desk = short().hear({ type: 'link', up: false }).connect({ A: -5 }).quote(100);
    equal(desk.wait(1).tags(), 'anti_short_cover');
  });
});
