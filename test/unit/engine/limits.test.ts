/** Limits on buys, the budgets, rejects, and the day's loss. */
import { equal } from 'node:assert/strict';
import { ZERO } from '../../../src/strategy/exact';
import { dayLossLimit, dayPnl } from '../../../src/engine/day';
import { Desk, DOWN, UP } from './desk';

const ready = (options = {}): Desk => new Desk(options).until('09:35').wait(1).z(UP);
const bought = (desk: Desk): string => desk.quote(98).orders() || desk.blocked();

describe('engine: budgets', () => {
  const LINE = 'A clip=1000 buy=0.6 sell=0.6';
  // The limit of a buy at 98 is 98.40: 11 shares are 1082.4.
  const cases: readonly (readonly [why: string, targets: string, answer: string])[] = [
    ['room for all', `@config equity=10000 risky=1 safe=0\n${LINE}`, 'ladder_buy BUY 11 at 98.4 L1'],
    ['equity in use cuts', `@config equity=1500 risky=1 safe=0\n${LINE}`, 'ladder_buy BUY 10 at 98.4 L1'],
    ['class budget cuts', `@config equity=10000 risky=0.1 safe=0\n${LINE}`, 'ladder_buy BUY 6 at 98.4 L1'],
    ['no room for a share', `@config equity=140 risky=1 safe=0\n${LINE}`, 'equityRoom'],
    ['no room for a share in the class', `@config equity=10000 risky=0.014 safe=0\n${LINE}`, 'classRoom'],
    [
      'the symbol’s limit cuts',
      `@config equity=10000 risky=0.2 safe=0\n${LINE}\nB\nC\nD`,
      'ladder_buy BUY 7 at 98.4 L1',
    ],
    ['no room in the symbol’s limit', `@config equity=10000 risky=0.02 safe=0\n${LINE}\nB\nC\nD`, 'symbolRoom'],
    [
      'a share that costs all that is left',
      `@config equity=147 risky=1 safe=0\n${LINE}`,
      'ladder_buy BUY 1 at 98.4 L1',
    ],
  ];
  for (const [why, targets, answer] of cases) it(`${why}: ${answer}`, () => equal(bought(ready({ targets })), answer));

  it('an order of exactly the budget fits', () => {
    // 0.67 × 1469.85… is not exact; a class share of the equity in use is: 984 for ten shares at 98.40.
    const targets = '@config equity=1000 risky=0.984 safe=0\nA clip=1000 buy=0.6 sell=0.6';
    equal(bought(ready({ targets, settings: { 'sizing.utilization': 1 } })), 'ladder_buy BUY 10 at 98.4 L1');
  });

  it('counts open positions at cost and buys in flight at their limit, of all symbols', () => {
    const targets = '@config equity=3000 risky=1 safe=0\nA clip=1000 buy=0.6 sell=0.6\nB clip=1000 buy=0.6 sell=0.6';
    const desk = ready({ targets }).z(UP, 'B');
    desk.quote(98);
    equal(desk.core.session.cost.all.exact.toString(), '1082.4');
    desk.quote(98, 'B');
    // 2010 in all: 927.6 are left.
    equal(desk.orders(), 'ladder_buy BUY 11 at 98.4 L1, ladder_buy BUY 9 at 98.4 L1');
    desk.fill(9, 98);
    equal(desk.core.session.cost.all.exact.toString(), '1964.4');
  });

  it('what the other class holds takes nothing from the class budget', () => {
    const targets =
      '@config equity=3000 risky=0.5 safe=0.5\nA clip=1000 buy=0.6\nB class=safe clip=1000 buy=0.6 sell=0.6';
    const desk = ready({ targets }).z(UP, 'B').quote(98).fill(10, 98);
    desk.orders();
    // 980 are in use of 2010; the safe half is 1005.
    equal(desk.quote(98, 'B').orders(), 'ladder_buy BUY 10 at 98.4 L1');
  });

  it('what the other class holds beyond a share that shrank takes from the equity in use', () => {
    const lines = 'A clip=1000 buy=0.6\nB class=safe clip=1000 buy=0.6 sell=0.6';
    const desk = ready({ targets: `@config equity=3000 risky=1 safe=0\n${lines}` })
      .z(UP, 'B')
      .quote(98)
      .fill(10, 98);
    desk.hear({ type: 'targets', text: `@config equity=3000 risky=0 safe=1\n${lines}` });
    desk.orders();
    equal(desk.quote(98, 'B').orders(), 'ladder_buy BUY 10 at 98.4 L1');
  });

  it('counts a share once while its order is partly filled', () => {
    const desk = ready();
    desk.quote(98).exec(4, '98.4');
    equal(desk.core.session.cost.all.exact.toString(), '1082.4');
    equal(desk.core.session.cost.risky.exact.toString(), '1082.4');
  });

  it('only valid, traded symbols share the class budget', () => {
    const desk = new Desk({ targets: '@config equity=100000\nA\nB\nC class=safe\nD buy=x' });
    const budgets = (): string => {
      const { risky, safe } = desk.core.session.allowance.tickerBudget;
      return `${Math.round(risky)} ${Math.round(safe)}`;
    };
    equal(budgets(), '20100 26800');
    desk.hear({ type: 'contract', symbol: 'B', failed: { code: 200, text: '' } });
    equal(budgets(), '40200 26800');
    desk.hear({ type: 'contract', symbol: 'B' });
    equal(budgets(), '20100 26800');
    desk.hear({ type: 'targets', text: '@config equity=100000\nA\nB\nE\nF' });
    equal(budgets(), '10050 0');
  });
});

describe('engine: limits on buys', () => {
  it('the largest order in shares cuts', () => {
    equal(bought(ready({ settings: { 'limits.orderShares': 3 } })), 'ladder_buy BUY 3 at 98.4 L1');
  });
  it('the largest order in USD cuts, by the limit price', () => {
    equal(bought(ready({ settings: { 'limits.orderUsd': 492 } })), 'ladder_buy BUY 5 at 98.4 L1');
    equal(bought(ready({ settings: { 'limits.orderUsd': 491.99 } })), 'ladder_buy BUY 4 at 98.4 L1');
  });
  it('an order that a share is too large for is skipped', () => {
    equal(bought(ready({ settings: { 'limits.orderUsd': 98.39 } })), 'orderSize');
    equal(bought(ready({ settings: { 'limits.orderUsd': 98.4 } })), 'ladder_buy BUY 1 at 98.4 L1');
  });

  it('a cut order leaves the rung to be topped up', () => {
    const desk = ready({ settings: { 'limits.orderShares': 6 } })
      .quote(98)
      .fill(undefined, 98)
      .wait(3);
    equal(desk.orders(), 'ladder_buy BUY 6 at 98.4 L1, ladder_buy BUY 5 at 98.4 L1');
  });

  it('the limit price lies at most 3 % from the mid', () => {
    const desk = (bid: number, ask: number): string => {
      const made = ready({ settings: { 'gates.riskySpreadBp': 5000 } })
        .tick({ bid: 94, ask: 94 })
        .quote(100);
      made.tick({ bid, ask, last: 98 });
      return made.orders() || made.blocked();
    };
    // The limit is 98.40 from the last.
    equal(desk(97.2, 98), 'ladder_buy BUY 11 at 98.4 L1');
    equal(desk(93, 98), 'fromMid');
  });

  it('6 buy orders of a symbol less than 60 s old', () => {
    const desk = ready({ settings: { 'layers.buyCooldownSeconds': 0 } }).quote(98);
    let orders = 1;
    while (desk.tags() !== '') {
      desk.fill(0).wait(1);
      orders++;
    }
    equal(orders - 1, 6);
    equal(desk.blocked(), 'symbolBuyRate');
    // The first was sent 5 s before the sixth.
    desk.wait(53);
    equal(desk.tags(), '');
    equal(desk.wait(1).tags(), 'ladder_buy');
  });

  it('30 buy orders of all symbols less than 60 s old', () => {
    const symbols = Array.from({ length: 31 }, (_, n) => `S${n}`);
    const targets = `@config equity=1000000\n${symbols.map(symbol => `${symbol} clip=1000 buy=0.6 sell=0.6`).join('\n')}`;
    const desk = new Desk({ targets }).until('09:35').wait(1);
    for (const symbol of symbols) desk.z(UP, symbol).quote(98, symbol);
    equal(desk.tags().split(', ').length, 30);
    equal(desk.blocked(), 'buyRate');
    for (const symbol of symbols) if (desk.book(symbol).inFlight) desk.fill(0, 98, orderOf(desk, symbol));
    desk.tags();
    desk.wait(59);
    equal(desk.tags(), '');
    desk.wait(1);
    equal(desk.tags().split(', ').length, 30);
  });
});

function orderOf(desk: Desk, symbol: string): Desk['newest'] {
  const order = desk.effects.find(effect => effect.type === 'place' && effect.order.symbol === symbol);
  if (order?.type !== 'place') throw new Error(`no order of ${symbol}`);
  return order.order;
}

describe('engine: rejects', () => {
  it('wait 1, 2 … s and pause the symbol’s buys at the third in a row', () => {
    const desk = ready({ settings: { 'layers.buyCooldownSeconds': 0 } }).quote(98);
    desk.status('rejected');
    desk.tags();
    equal(desk.quote(98.01).tags(), '');
    equal(desk.wait(1).tags(), 'ladder_buy');
    desk.status('rejected').wait(1);
    equal(desk.tags(), '');
    equal(desk.wait(1).tags(), 'ladder_buy');
    equal(desk.book().paused, null);
    desk.status('rejected');
    equal(desk.book().paused, 'rejects');
    equal(desk.notices('buysPausedRejects').length, 1);
    equal(desk.wait(40).tags(), '');
    equal(desk.blocked(), 'rejects');
    equal(desk.control('resume', 'A').wait(1).tags(), 'ladder_buy');
  });

  it('count in a row: an order that is taken ends it', () => {
    const desk = ready({ settings: { 'layers.buyCooldownSeconds': 0 } }).quote(98);
    desk.status('rejected').wait(1).status('rejected').wait(2).fill(0).wait(1).status('rejected');
    equal(desk.book().rejects, 1);
    equal(desk.book().paused, null);
  });

  it('count in a row: an order that the broker never had does not end it', () => {
    const desk = ready({ settings: { 'layers.buyCooldownSeconds': 0 } }).quote(98);
    desk.status('rejected').wait(1).status('rejected').wait(2);
    equal(desk.book().inFlight?.status, 'sent');
    desk.wait(10).reconcile({}, { partial: true, askedAt: desk.t }).wait(1).z(UP).quote(98.01).wait(1);
    equal(desk.notices('orderEndedByReconciliation').length, 1);
    equal(desk.book().inFlight?.status, 'sent');
    desk.status('rejected');
    equal(desk.book().paused, 'rejects');
  });

  it('pause it too when the last one comes while a person is asked about shares', () => {
    const desk = ready({ settings: { 'limits.rejects': 1 } }).quote(98);
    desk.reconcile({ A: 5 }, { askedAt: desk.t - 1 });
    equal(desk.book().paused, 'unexplained');
    desk.status('rejected');
    equal(desk.notices('buysPausedRejects').length, 1);
    desk.control('leaveAlone', 'A');
    equal(desk.book().paused, 'rejects');
  });

  it('an inactive order that filled nothing is one', () => {
    equal(ready().quote(98).status('inactive').book().rejects, 1);
    const filled = ready().quote(98).exec(3, 98).status('inactive', 3);
    equal(filled.book().rejects, 0);
    equal(filled.book().inFlight, null);
  });
});

describe('engine: the day’s loss', () => {
  const TARGETS = '@config equity=10000\nA clip=1000 buy=0.6 sell=0.6\nB clip=1000 buy=0.6 sell=0.6';
  // 11 shares at 98; 2 % of 10,000 are 200; a commission of 1 is estimated.
  const held = (settings = {}): Desk => {
    const desk = new Desk({ targets: TARGETS, settings: { 'protection.hardStopPercent': 50, ...settings } });
    desk.until('09:35').wait(1).z(UP).quote(98).fill(undefined, 98).z(0).wait(1);
    return desk;
  };
  const pnl = (desk: Desk): string => dayPnl(desk.core).toString();

  it('is open P&L of today’s shares since their entry, less commissions', () => {
    equal(pnl(held()), '-1');
    equal(pnl(held().quote(99)), '10');
    equal(pnl(held().quote(97)), '-12');
  });

  it('includes what is realized', () => {
    equal(pnl(held().z(DOWN).quote(101.13).fill(undefined, 101).z(0)), String(33 - 2));
  });

  it('stops buys of every symbol at its limit, whether or not a buy is possible', () => {
    const desk = held().quote(80); // −198 − 1
    equal(desk.core.session.lossLimitHit, false);
    desk.quote(79.91); // −198.99 − 1
    equal(desk.core.session.lossLimitHit, false);
    desk.tick({ bid: 79.9, ask: 79.91, last: 79.909 }); // −199.001 − 1
    equal(desk.core.session.lossLimitHit, true);
    equal(desk.notices('dayLoss').length, 1);
    desk.orders();
    desk.z(UP, 'B').quote(98, 'B').wait(3);
    equal(desk.orders(), '');
    equal(desk.blocked(), 'dayLoss');
  });

  it('is tested exactly', () => {
    const desk = held({ 'limits.dayLossPercent': 1 }); // 100: 99 and 1 of commission
    desk.tick({ bid: 89, ask: 89, last: 89.0000001 });
    equal(desk.core.session.lossLimitHit, false);
    desk.tick({ last: 89 });
    equal(desk.core.session.lossLimitHit, true);
  });

  it('stays hit for the day when the price recovers, until a person resets it', () => {
    const desk = held().quote(79).quote(98).wait(5);
    equal(desk.core.session.lossLimitHit, true);
    desk.control('resetLoss').wait(1);
    equal(desk.core.session.lossLimitHit, false);
  });

  it('is measured from the reset: what was lost before does not stop buys again at once', () => {
    const desk = held().quote(79).control('resetLoss').wait(3);
    equal(desk.core.session.lossLimitHit, false);
    desk.quote(60.9).wait(1);
    equal(desk.core.session.lossLimitHit, false);
    desk.quote(60.7).wait(1);
    equal(desk.core.session.lossLimitHit, true);
  });

  it('ends with the day', () => {
    const desk = held().quote(79).until('+1 09:29').tick({ close: 79 }).until('+1 09:30').quote(79).wait(1);
    equal(desk.core.session.lossLimitHit, false);
  });

  it('the smaller of equity and net liquidation counts', () => {
    const limit = (netLiquidation?: string): number => {
      const desk = held();
      if (netLiquidation !== undefined) desk.hear({ type: 'account', netLiquidation });
      return dayLossLimit(desk.core);
    };
    equal(limit(), 200);
    equal(limit('5000'), 100);
    equal(limit('50000'), 200);
  });

  it('overnight shares count from the previous close heard that day', () => {
    const desk = held().quote(97).until('+1 09:00');
    equal(pnl(desk), '0');
    desk.tick({ close: 96 });
    // From 96 to the last of 97: +11, of what came overnight.
    equal(pnl(desk), '11');
    desk.until('+1 09:30').quote(95);
    equal(pnl(desk), '-11');
  });

  it('else from the last before midnight', () => {
    const desk = held().tick({ close: 90 }).quote(97).until('+1 09:30').quote(95);
    equal(pnl(desk), '-22');
  });

  it('overnight shares that are sold count with what they brought since', () => {
    const desk = held().quote(97).until('+1 09:30').tick({ close: 97 }).quote(97).z(DOWN);
    desk.control('flatten', 'A').quote(96.5).fill(undefined, 96);
    equal(pnl(desk), String(-11 - 1));
    equal(desk.book().realizedToday.toString(), '-22');
  });

  it('commissions: the greater of $1 and half a cent a share an order, until reported', () => {
    const fees = (shares: number): string => {
      const desk = ready({
        targets: '@config equity=1000000\nA clip=50000 buy=0.6',
        settings: { 'limits.orderUsd': 1e6 },
      });
      desk.quote(98).exec(shares, 98);
      return dayPnl(desk.core).toString();
    };
    equal(fees(100), '-1');
    equal(fees(200), '-1');
    equal(fees(300), '-1.5');
  });

  it('reported commissions replace the estimate once every execution of the order has one', () => {
    const desk = ready().quote(98).exec(5, 98, 'x.1.01').exec(6, 98, 'x.2.01');
    const report = (execId: string, amount: string): Desk =>
      desk.hear({ type: 'commission', execId, amount, currency: 'USD' });
    equal(pnl(desk), '-1');
    report('x.1.01', '0.35');
    equal(pnl(desk), '-1');
    report('x.2.01', '0.4');
    equal(pnl(desk), '-0.75');
    // Reports are repeated; a later amount replaces.
    report('x.2.01', '0.4');
    equal(pnl(desk), '-0.75');
    report('x.2.01', '0.5');
    equal(pnl(desk), '-0.85');
    const before = desk.journal().length;
    report('x.2.01', '0.5');
    report('unknown', '7');
    report('x.2.01', '1.7976931348623157e+308x');
    equal(desk.journal().length, before);
    equal(pnl(desk), '-0.85');
  });

  it('resets with the day', () => {
    const desk = held().quote(98).until('+1 00:00');
    equal(pnl(desk), '0');
    equal(desk.book().realizedToday.eq(ZERO), true);
  });
});
