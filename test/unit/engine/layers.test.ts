/** Buying and selling layers: cooldown, top-up, letting go, ladder sells, partial fills, breakeven trim. */
import { equal } from 'node:assert/strict';
import { Desk, DOWN, UP } from './desk';

describe('engine: ladder buys', () => {
  const touches: readonly (readonly [why: string, desk: () => Desk, orders: string])[] = [
    ['z above 0 and the rung touched', () => new Desk().z(UP).quote(98.87), 'ladder_buy BUY 11 at 99.27 L1'],
    ['a cent above the rung', () => new Desk().z(UP).quote(98.88), ''],
    ['z at 0', () => new Desk().z(0).quote(98.5), ''],
    ['z below 0', () => new Desk().z(DOWN).quote(98.5), ''],
    ['below several rungs still the first', () => new Desk().z(UP).quote(96), 'ladder_buy BUY 11 at 96.39 L1'],
    ['limited half a percent above the rung when the ask is far away', () => new Desk().z(UP).tick({ bid: 98.8, ask: 99.2, last: 98.87 }), 'ladder_buy BUY 11 at 99.37 L1'], // prettier-ignore
  ];
  for (const [why, desk, orders] of touches) it(`${why}: ${orders || 'nothing'}`, () => equal(desk().orders(), orders));

  it('evaluates at every second too', () => {
    const desk = new Desk().quote(98.5).z(UP);
    equal(desk.orders(), '');
    equal(desk.wait(1).tags(), 'ladder_buy');
  });

  it('buys one rung an order, 3 s after the last buy order', () => {
    const desk = new Desk().z(UP).quote(98.4).fill();
    equal(desk.orders(), 'ladder_buy BUY 11 at 98.8 L1');
    equal(desk.wait(2).orders(), '');
    equal(desk.wait(1).orders(), 'ladder_buy BUY 13 at 98.8 L2');
    equal(desk.fill().wait(5).orders(), '');
    equal(desk.layers(), 'L1:11 L2:13');
  });

  it('fixes the planned shares with the first order that fills a share', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(4);
    equal(desk.wait(3).orders(), 'ladder_buy BUY 11 at 98.8 L1, ladder_buy BUY 7 at 98.8 L1');
  });

  it('leaves a rung unused when its order fills nothing, and tries again after 3 s', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(0);
    desk.orders();
    equal(desk.wait(2).orders(), '');
    equal(desk.wait(1).orders(), 'ladder_buy BUY 11 at 98.8 L1');
    equal(desk.layers(), '');
  });

  it('computes the plan afresh until a share is filled', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(0).quote(50).wait(3);
    equal(desk.orders(), 'ladder_buy BUY 11 at 98.8 L1, ladder_buy BUY 20 at 50.2 L1');
  });

  it('tops up the newest rung only while it is touched', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(4).quote(99).wait(3);
    desk.orders();
    equal(desk.wait(1).orders(), '');
    equal(desk.quote(98.87).orders(), 'ladder_buy BUY 7 at 99.27 L1');
  });

  it('lets a remainder under $200 go for good and buys the next rung', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(9).wait(3);
    equal(desk.orders(), 'ladder_buy BUY 11 at 98.8 L1, ladder_buy BUY 13 at 98.8 L2');
    equal(desk.book().position.layers[0]!.letGo, true);
    equal(desk.journal().includes('remainderLetGo'), true);
  });

  it('lets go at the first rung alone, with nothing further touched', () => {
    const desk = new Desk().z(UP).quote(98.6).fill(9).wait(3);
    equal(desk.orders(), 'ladder_buy BUY 11 at 99 L1');
    equal(desk.book().position.layers[0]!.letGo, true);
    // It stays let go when the price doubles the remainder's worth.
    equal(desk.quote(98.7).wait(4).orders(), '');
  });

  it('a remainder of $200 is bought, of less not', () => {
    const topUp = (price: number): string => {
      const desk = new Desk();
      desk.book().bars.at = () => ({ preMarket: 104, initialBalance: NaN, regularHours: NaN });
      desk.z(UP).quote(102).fill(8).quote(price);
      desk.orders();
      return desk.wait(3).orders();
    };
    equal(topUp(100), 'ladder_buy BUY 2 at 100.4 L1');
    equal(topUp(99.99), 'ladder_buy BUY 13 at 100.39 L2');
  });

  it('does not let go before it would be bought', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(9).control('pause').wait(5);
    equal(desk.book().position.layers[0]!.letGo, false);
  });

  it('never tops up an older rung, nor what was sold', () => {
    const desk = new Desk().z(UP).quote(98.4).fill(4).quote(99).wait(1).control('pause').quote(98.4);
    desk.control('resume').wait(3).fill().quote(98.4).wait(3).fill();
    equal(desk.layers(), 'L1:11 L2:13');
    desk.z(DOWN).quote(101.13).fill(5);
    equal(desk.layers(), 'L1:11 L2:8');
    desk.orders();
    equal(desk.z(UP).quote(98.4).wait(5).orders(), '');
  });

  it('buys a rung again that was sold out', () => {
    const desk = new Desk({ settings: { 'protection.trailArmPercent': 10 } }).buyRungs(98.8, 98.4);
    desk.z(DOWN).quote(101.13).fill();
    equal(desk.layers(), 'L1:11');
    desk.orders();
    equal(desk.z(UP).wait(3).quote(98.4).orders(), 'ladder_buy BUY 13 at 98.8 L2');
  });

  it('ends with the seventh rung', () => {
    const desk = new Desk({ settings: { 'limits.symbolBuysPerMinute': 7, 'protection.trailArmPercent': 40 } });
    desk.buyRungs(98.8, 98.4, 97.8, 97, 96.7, 96.5, 96.2);
    equal(desk.book().position.layers.length, 7);
    desk.orders();
    equal(desk.z(UP).quote(96).wait(5).orders(), '');
  });

  it('the cooldown is a setting and is counted from the order', () => {
    const desk = new Desk({ settings: { 'layers.buyCooldownSeconds': 5 } }).z(UP).quote(98.4).wait(2).fill();
    desk.orders();
    equal(desk.wait(2).orders(), '');
    equal(desk.wait(1).tags(), 'ladder_buy');
  });
});

describe('engine: ladder sells', () => {
  const three = (): Desk => {
    const desk = new Desk().buyRungs(98.8, 98.4, 97.8).z(DOWN);
    desk.book().position.trimDone = true;
    desk.orders();
    return desk;
  };

  const cases: readonly (readonly [price: number, orders: string])[] = [
    [101.12, ''],
    [101.13, 'ladder_sell SELL 15 at 100.72 L3'],
    [101.56, 'ladder_sell SELL 28 at 101.15 L3'],
    [102.16, 'ladder_sell SELL 39 at 101.75 L3'],
    [110, 'ladder_sell SELL 39 at 109.56 L3'],
  ];
  for (const [price, orders] of cases) {
    it(`at ${price}: ${orders || 'nothing'}`, () => equal(three().quote(price).orders(), orders));
  }

  it('needs z below 0', () => {
    equal(three().z(0).quote(101.13).orders(), '');
    equal(three().z(UP).quote(101.13).orders(), '');
  });

  it('counts hits from the peak after the newest buy, not from what is left', () => {
    const desk = three().quote(101.13).fill();
    equal(desk.layers(), 'L1:11 L2:13');
    desk.orders();
    equal(desk.wait(3).orders(), '');
    equal(desk.quote(101.56).orders(), 'ladder_sell SELL 13 at 101.15 L2');
  });

  it('a partial fill leaves the rest in place and sells it next', () => {
    const desk = three().quote(101.13).fill(10);
    equal(desk.layers(), 'L1:11 L2:13 L3:5');
    equal(desk.orders(), 'ladder_sell SELL 15 at 100.72 L3');
    equal(desk.wait(1).orders(), 'ladder_sell SELL 5 at 100.72 L3');
  });

  it('waits 1 s after a fill of nothing', () => {
    const desk = three().quote(101.13).fill(0);
    desk.orders();
    equal(desk.quote(101.14).orders(), '');
    equal(desk.wait(1).tags(), 'ladder_sell');
  });

  it('is limited half a percent below the highest rung hit when the bid is far away', () => {
    const desk = three();
    equal(desk.tick({ bid: 100.2, ask: 101.2, last: 101.13 }).orders(), 'ladder_sell SELL 15 at 100.62 L3');
  });

  it('is split at the largest order', () => {
    const desk = new Desk({ settings: { 'limits.orderUsd': 1200 } }).buyRungs(98.8, 98.4).z(DOWN);
    desk.orders();
    equal(desk.quote(101.6).fill().orders(), 'ladder_sell SELL 11 at 101.19 L2');
    equal(desk.wait(1).orders(), 'ladder_sell SELL 11 at 101.19 L2');
  });
});

describe('engine: breakeven trim', () => {
  const held = (settings = {}): Desk => {
    const desk = new Desk({ settings }).buyRungs(98, 98).z(DOWN);
    desk.orders();
    return desk;
  };
  // 24 shares at 98: 5 bp above is 98.049.
  it('sells a quarter when last and bid are 5 bp above average', () => {
    equal(held().quote(98.06).orders(), 'breakeven_trim SELL 6 at 98 L2');
  });
  const not: readonly (readonly [why: string, desk: () => Desk])[] = [
    ['the bid is below', () => held().tick({ bid: 98.04, ask: 98.06, last: 98.06 })],
    ['the last is below', () => held().tick({ bid: 98.05, ask: 98.07, last: 98.04 })],
    ['z is not below 0', () => held().z(0).quote(98.06)],
    ['there is no bid', () => held().tick({ bid: null, ask: 98.07, last: 98.06 })],
  ];
  for (const [why, desk] of not) it(`not when ${why}`, () => equal(desk().orders(), ''));

  it('compares exactly: 5 bp to the digit is enough', () => {
    // Half a cent ticks would be finer than the threshold; the comparison takes any decimal.
    equal(held().tick({ bid: 98.049, ask: 98.06, last: 98.049 }).tags(), 'breakeven_trim');
    equal(held().tick({ bid: 98.0489999, ask: 98.06, last: 98.049 }).tags(), '');
  });

  it('is limited at average cost and above it when the price allows', () => {
    equal(held().quote(99).orders(), 'breakeven_trim SELL 6 at 98.6 L2');
  });

  it('takes at least one share', () => {
    const desk = new Desk({ targets: 'A clip=100 buy=0.6 sell=0.6' }).buyRungs(98).z(DOWN);
    desk.orders();
    equal(desk.quote(98.2).orders(), 'breakeven_trim SELL 1 at 98 L1');
  });

  it('is done once a share is filled, and armed again by a new rung', () => {
    const desk = held().quote(98.06).fill(1);
    desk.orders();
    equal(desk.wait(3).quote(98.1).orders(), '');
    desk.z(UP).wait(3).quote(97.8).fill();
    desk.orders();
    equal(desk.z(DOWN).quote(99).tags(), 'breakeven_trim');
  });

  it('is not done by an order that fills nothing', () => {
    const desk = held().quote(98.06).fill(0);
    desk.orders();
    equal(desk.quote(98.07).orders(), '');
    equal(desk.wait(1).tags(), 'breakeven_trim');
  });

  it('comes after the ladder sell, also while that one waits', () => {
    const desk = held().quote(101.13);
    equal(desk.tags(), 'ladder_sell');
    equal(desk.fill(0).quote(101.14).tags(), '');
    equal(desk.wait(1).tags(), 'ladder_sell');
  });

  it('needs no reference', () => {
    const desk = held();
    desk.book().bars.at = () => ({ preMarket: NaN, initialBalance: NaN, regularHours: NaN });
    equal(desk.quote(98.06).tags(), 'breakeven_trim');
    // The ladder sell does.
    const ladder = held();
    ladder.book().position.trimDone = true;
    ladder.book().bars.at = () => ({ preMarket: NaN, initialBalance: NaN, regularHours: NaN });
    equal(ladder.quote(101.13).tags(), '');
  });

  it('threshold and part are settings', () => {
    equal(held({ 'layers.trimPercent': 50 }).quote(98.06).orders(), 'breakeven_trim SELL 12 at 98 L2');
    equal(held({ 'layers.trimThresholdBp': 20 }).quote(98.06).orders(), '');
  });
});
