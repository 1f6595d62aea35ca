/** Positions held against the books: unexplained shares, missing shares, strays, and what a person chooses. */
import { deepEqual, equal } from 'node:assert/strict';
import { Desk, DOWN, UP } from './desk';

const blockedBuy = (desk: Desk): string => {
  desk.orders();
  return desk.until('09:36').wait(1).z(UP).quote(98).tags() || desk.blocked();
};

describe('engine: reconciliation', () => {
  it('comes before the first order', () => {
    const desk = new Desk({ bare: true }).hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
    desk.makeReady('A').open().z(UP).quote(98).wait(5);
    equal(desk.orders(), '');
    equal(desk.reconcile().wait(1).tags(), 'ladder_buy');
  });

  it('shares beyond the journal pause the symbol’s buys until a person chooses', () => {
    const desk = new Desk({ positions: { A: 30 } });
    equal(desk.notices('unexplained')[0]?.data['extra'], 30);
    equal(blockedBuy(desk), 'explained');
    equal(desk.control('leaveAlone', 'A').wait(1).tags(), 'ladder_buy');
  });

  it('left alone they are never sold, and explained the next time', () => {
    const desk = new Desk({ positions: { A: 30 } }).control('leaveAlone', 'A').reconcile({ A: 30 });
    equal(desk.book().paused, null);
    equal(desk.book().sellable, 0);
    desk.control('flatten', 'A').z(DOWN).quote(90).wait(3);
    equal(desk.orders(), '');
    desk.reconcile({ A: 31 });
    equal(desk.book().paused, 'unexplained');
    equal(desk.reconcile({ A: 30 }).book().paused, null);
  });

  it('adopted they are the bot’s: rung 1 first, protected from the last', () => {
    const desk = new Desk({ positions: { A: 30 } }).quote(98).control('adopt', 'A');
    equal(desk.layers(), 'L1:11 L2:13 L3:6');
    equal(desk.book().position.average!.toString(), '98');
    equal(desk.book().position.peak, 3);
    equal(desk.book().paused, null);
    equal(desk.quote(93.1).orders(), 'live_stop SELL 30 at 91.23 L3');
  });

  it('or from the broker’s cost', () => {
    const desk = new Desk({ positions: { A: 30 } }).quote(98);
    desk.hear({ type: 'control', action: 'adopt', symbol: 'A', fromBrokerCost: true });
    equal(desk.book().position.average!.toString(), '90');
  });

  it('the question shows what would be ordered at once, and asking changes nothing', () => {
    const desk = new Desk({ positions: { A: 30 } }).quote(84);
    desk.orders();
    const before = JSON.stringify(desk.engine.durable());
    deepEqual(desk.engine.detail('A')?.adoption, {
      shares: 30,
      atLast: { price: 84, order: null },
      atBrokerCost: { price: 90, order: { tag: 'live_stop', side: 'SELL', qty: 30, limit: '82.32' } },
    });
    equal(JSON.stringify(desk.engine.durable()), before);
    equal(desk.wait(2).orders(), '');
    desk.hear({ type: 'control', action: 'adopt', symbol: 'A', fromBrokerCost: true }).wait(1);
    equal(desk.orders(), 'live_stop SELL 30 at 82.32 L3');
    equal(desk.engine.detail('A')?.adoption, null);
  });

  it('whole shares only: a part of one stays left alone', () => {
    const desk = new Desk({ positions: { A: 30.5 } }).control('adopt', 'A');
    equal(desk.book().position.shares, 30);
    equal(desk.book().leftAlone, 0.5);
    equal(desk.reconcile({ A: 30.5 }).book().paused, null);
    const part = new Desk({ positions: { A: 0.5 } }).control('adopt', 'A');
    equal(part.layers(), '');
    equal(part.notices('cannotAdopt').length, 1);
  });

  it('nothing is adopted without a price or without shares', () => {
    const unpriced = new Desk({ positions: { A: 30 }, begin: '09:25' }).control('adopt', 'A');
    equal(unpriced.notices('cannotAdopt').length, 1);
    equal(new Desk().control('adopt', 'A').notices('cannotAdopt').length, 1);
  });

  it('with the trailing stop armed at entry, adoption arms it', () => {
    const desk = new Desk({ positions: { A: 30 }, settings: { 'protection.trailArmPercent': 0 } }).control(
      'adopt',
      'A',
    );
    equal(desk.book().mark, 100);
  });

  it('explained or chosen about, what paused the symbol before pauses it still', () => {
    const difference = (): Desk =>
      new Desk().until('09:35').wait(1).buyRungs(98.8).position(7).wait(3).reconcile({ A: 9 });
    equal(difference().book().paused, 'unexplained');
    for (const choose of ['adopt', 'leaveAlone'] as const) {
      const desk = difference().control(choose, 'A');
      equal(desk.book().paused, 'difference');
      equal(desk.restart({ begin: '09:36' }).book().paused, 'difference');
    }
    const explained = difference().restart({ begin: '09:36' }).connect({ A: 7 });
    equal(explained.book().paused, 'difference');
    equal(explained.control('resume', 'A').book().paused, null);
    equal(difference().control('resume', 'A').reconcile({ A: 7 }).book().paused, null);
  });

  it('what a person was asked about counts, though the position stream lags behind a fill', () => {
    for (const action of ['leaveAlone', 'adopt'] as const) {
      const desk = new Desk().until('09:35').wait(1).buyRungs(98.8).position(41).reconcile({ A: 41 });
      desk.control('flatten', 'A').wait(1).exec(5, 99).control(action, 'A');
      equal(action === 'adopt' ? desk.book().position.shares - 6 : desk.book().leftAlone, 30, action);
    }
  });

  it('nothing when nobody is asked: shares of ours are there before their execution', () => {
    for (const action of ['leaveAlone', 'adopt'] as const) {
      const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).position(11).control(action, 'A').fill();
      equal(desk.book().leftAlone, 0);
      equal(desk.book().position.shares, desk.newest.qty);
    }
  });

  it('what was sold by hand since the question is not left alone', () => {
    const desk = new Desk({ positions: { A: 30 } }).position(20).control('leaveAlone', 'A');
    equal(desk.book().leftAlone, 20);
  });

  it('a symbol that no line names is said and left', () => {
    const desk = new Desk({ positions: { Z: 5 } });
    equal(desk.notices('notOurs').length, 1);
    equal(desk.notices('unexplained').length, 0);
  });

  it('open orders with a key of ours are cancelled by id, others are not touched', () => {
    const desk = new Desk({ bare: true }).hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 9 });
    const stray = { orderId: 7, key: 'dronebot:old:3:ladder_buy:1', symbol: 'A', side: 'BUY' as const, qty: 5, orderType: 'LMT', tif: 'IOC', clientId: 21, permId: 1, status: 'working' as const }; // prettier-ignore
    desk.reconcile({}, { orders: [stray, { ...stray, orderId: 8, key: '' }, { ...stray, orderId: 9, key: 'mine' }] });
    equal(desk.cancels(), '7 reconciliation');
  });

  it('executions heard while away are booked once', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).exec(4, 98, 'x.01');
    const { key, orderId } = desk.newest;
    const exec = { orderId, key, symbol: 'A', side: 'BUY' as const, price: '98' };
    desk.hear({ type: 'link', up: false }).hear({ type: 'link', up: true });
    desk.reconcile({ A: 11 }, { executions: [{ ...exec, execId: 'x.01', qty: 4 }, { ...exec, execId: 'y.01', qty: 7 }] }); // prettier-ignore
    equal(desk.layers(), 'L1:11');
    equal(desk.book().inFlight, null);
    equal(desk.book().paused, null);
  });
});

describe('engine: a question in between', () => {
  const asking = (): Desk => new Desk().until('09:35').wait(1).buyRungs(98.8).until('09:36:30');
  const answer = (desk: Desk, shares: number, askedAt = desk.t - 1): Desk =>
    desk.reconcile({ A: shares }, { partial: true, askedAt });

  it('is asked each minute while linked and reconciled', () => {
    const desk = new Desk().until('09:35').until('09:37:30');
    equal(desk.questions().join(), Array(12).fill('minute').join());
    equal(desk.hear({ type: 'link', up: false }).until('09:40').questions().length, 12);
  });

  it('finds shares that nobody explains, and what has been explained since', () => {
    const desk = answer(asking(), 41);
    equal(desk.book().paused, 'unexplained');
    equal(answer(desk.wait(1), 11).book().paused, null);
  });

  it('says nothing of a symbol that has moved since', () => {
    const desk = asking();
    const askedAt = desk.t;
    equal(answer(desk.wait(1).z(UP).quote(98.4), 41, askedAt).book().paused, null);
    equal(answer(desk.fill().wait(1), 41, askedAt).book().paused, null);
  });

  it('says nothing of a symbol whose position has been told otherwise since: its executions may be older', () => {
    const desk = asking();
    const askedAt = desk.t;
    equal(answer(desk.wait(1).position(12), 11, askedAt).book().paused, null);
    equal(answer(desk.wait(1), 12).book().paused, 'unexplained');
    // After a connect nobody waits for the minute.
    const connecting = asking();
    const since = connecting.t;
    equal(connecting.wait(1).position(12).reconcile({ A: 11 }, { askedAt: since }).book().paused, null);
    equal(connecting.asked(), 'moved');
    equal(answer(connecting.wait(1), 12).book().paused, 'unexplained');
  });

  it('never takes back what the position stream has told since', () => {
    const desk = asking();
    const askedAt = desk.t;
    desk.z(UP).quote(98.4).fill().z(0);
    answer(desk, 11, askedAt).wait(4);
    equal(desk.notices('fewerShares').length, 0);
    equal(desk.book().reported, 24);
  });

  it('ends no order that was sent after it', () => {
    const desk = asking();
    const askedAt = desk.t;
    desk
      .z(UP)
      .quote(98.4)
      .until(desk.t + 11_000);
    equal(desk.cancels().includes('noFinalState'), true);
    equal(answer(desk, 11, askedAt).book().inFlight === null, false);
    equal(answer(desk, 11).book().inFlight, null);
  });

  it('cancels no order that has ended since', () => {
    const desk = asking();
    const askedAt = desk.t;
    const { orderId, key, symbol, side, qty } = desk.z(UP).quote(98.4).newest;
    const open = { orderId, key, symbol, side, qty, orderType: 'LMT', tif: 'IOC', clientId: 21, permId: 1, status: 'working' as const }; // prettier-ignore
    desk.fill().reconcile({ A: 24 }, { partial: true, askedAt, orders: [open] });
    equal(desk.cancels(), '');
  });
});

describe('engine: fewer shares at the broker', () => {
  const held = (): Desk => {
    const desk = new Desk().until('09:35').wait(1).buyRungs(98.8, 98.4).z(0).wait(1);
    desk.orders();
    return desk;
  };

  it('for 2 s shrink the newest layers and pause the symbol’s buys, with both numbers', () => {
    const desk = held().position(20);
    equal(desk.wait(2).layers(), 'L1:11 L2:13');
    equal(desk.wait(1).layers(), 'L1:11 L2:9');
    const [notice] = desk.notices('fewerShares');
    equal(`${notice?.level} ${notice?.data['own']} ${notice?.data['reported']}`, 'alarm 24 20');
    equal(desk.book().paused, 'difference');
    // 13 of the second rung were bought: shares that vanished are not bought again.
    equal(desk.z(UP).quote(98).wait(5).tags(), '');
  });

  it('not when they come back in time', () => {
    const desk = held().position(20).wait(2).position(24).wait(1).position(20).wait(2);
    equal(desk.layers(), 'L1:11 L2:13');
  });

  it('not by a report of before the newest fill', () => {
    const desk = held().z(UP).quote(97.8).wait(4).exec(20, 97.8, 'n.01').status('filled', 20).z(0).wait(5);
    equal(desk.layers(), 'L1:11 L2:13 L3:20');
    desk.reconcile({ A: 30 }, { partial: true, askedAt: desk.t - 1 }).wait(3);
    equal(desk.layers(), 'L1:11 L2:13 L3:6');
  });

  it('counts from anew when they were back, however shortly', () => {
    equal(held().position(20).wait(2).position(24).position(20).wait(1).layers(), 'L1:11 L2:13');
  });

  it('not when fills follow each other and the position stream lags behind each', () => {
    const desk = new Desk({ settings: { 'layers.buyCooldownSeconds': 1 } }).until('09:35').wait(1).z(UP).quote(96);
    for (let n = 0; n < 4; n++) {
      const { orderId, qty } = desk.newest;
      desk
        .exec(qty, 96)
        .status('filled', qty)
        .until(desk.t + 1000);
      const own = desk.book().position.shares;
      desk
        .position(own)
        .tick({ lastSize: 1 })
        .quote(96 - n / 100);
      equal(desk.newest.orderId > orderId, true);
    }
    equal(desk.notices('fewerShares').length, 0);
  });

  it('not while an order is in flight', () => {
    const desk = held().position(20).z(UP).quote(97.8).wait(5);
    equal(desk.tags(), 'ladder_buy');
    equal(desk.layers(), 'L1:11 L2:13');
  });

  it('not while the link is down', () => {
    equal(held().position(20).hear({ type: 'link', up: false }).wait(5).layers(), 'L1:11 L2:13');
  });

  it('a part of a share missing costs a whole one', () => {
    equal(held().position(23.5).wait(3).layers(), 'L1:11 L2:12');
  });

  it('explained later by a correction they are not gone twice', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).exec(11, 98, 'a.b.01.01').status('filled', 11);
    const bought = desk.newest;
    desk.position(11).z(0).wait(1).position(7).wait(3);
    equal(desk.layers(), 'L1:7');
    desk.exec(7, 98, 'a.b.01.02', bought).wait(3);
    equal(desk.layers(), 'L1:7');
    const { realizedTotal, position } = desk.book();
    equal(
      realizedTotal
        .plus(98 * 7)
        .minus(position.cost)
        .toString(),
      '0',
    );
  });

  it('nor by a sale that was never told', () => {
    const desk = held().control('flatten').wait(1).status('cancelled', 0);
    const sold = desk.newest;
    desk.tick({ halted: 1 }).position(4).wait(3);
    equal(desk.layers(), 'L1:4');
    desk.exec(20, 99, 's.01', sold);
    equal(desk.layers(), 'L1:4');
    equal(desk.book().writtenOff, null);
  });

  it('over a restart, and until the broker has told all it knows', () => {
    const before = held().position(20).wait(3);
    const desk = before.restart({ begin: '09:36' });
    equal(desk.book().writtenOff?.shares, 4);
    desk.connect({ A: 20 });
    equal(desk.book().writtenOff, null);
    // What is sold from here on is sold of what is left.
    desk.quote(98).control('flatten').wait(1).exec(20, 98, 'later.01').status('filled', 20);
    equal(desk.layers(), '');
  });

  it('sold by hand: what is sold afterwards is not given back', () => {
    const desk = held().position(20).wait(3).control('flatten').wait(1);
    equal(desk.orders(), 'flatten SELL 20 at 98 L2');
    equal(desk.fill().layers(), '');
  });

  it('to none ends an exit', () => {
    const desk = held().tick({ halted: 1 }).control('flatten').position(0).wait(3);
    equal(desk.layers(), '');
    equal(desk.book().exit, null);
    equal(desk.book().hardStop, null);
  });

  it('below none leaves nothing to sell and waits for a person', () => {
    const desk = held().position(-5).wait(3).quote(50).wait(3);
    equal(desk.orders(), '');
    equal(desk.layers(), '');
    equal(desk.book().paused, 'short');
  });

  it('what is left alone is counted', () => {
    const desk = new Desk({ positions: { A: 50 } }).control('leaveAlone', 'A').until('09:35').wait(1).buyRungs(98.8);
    equal(desk.position(56).wait(3).layers(), 'L1:6');
  });

  it('a person resumes the symbol', () => {
    const desk = held().position(20).wait(3).control('resume', 'A').z(UP);
    equal(desk.quote(97.8).tags(), 'ladder_buy');
  });
});
