/** The life of an order and of its executions: late, missing, duplicate, corrected messages end in the same books. */
import { deepEqual, equal } from 'node:assert/strict';
import { dayPnl } from '../../../src/engine/day';
import { emptyDurable, foldJournal, type DurableState, type JournalEntry } from '../../../src/engine/durable';
import { Desk, DOWN, UP } from './desk';

const sent = (): Desk => new Desk().until('09:35').wait(1).z(UP).quote(98);
const held = (): Desk => sent().fill(undefined, 98).z(0).wait(1);
const inFlight = (desk: Desk): string => {
  const order = desk.book().inFlight;
  return order ? `${order.status} ${order.booked}/${order.finalFilled ?? '?'}` : 'none';
};
const position = (desk: Desk): string => `${desk.layers()} at ${desk.book().position.average?.toString() ?? '-'}`;

describe('engine: an order', () => {
  it('is journaled before it is sent, with its key', () => {
    const desk = sent();
    const place = desk.effects.findIndex(effect => effect.type === 'place');
    const intent = desk.effects.findIndex(effect => effect.type === 'journal' && effect.entry.why === 'intent');
    equal(intent >= 0 && intent < place, true);
    const { key, orderId } = desk.newest;
    equal(key, 'dronebot:s:1:ladder_buy:1');
    equal(orderId, 1);
    const entry = desk.effects[intent];
    equal(entry?.type === 'journal' && entry.entry.intent?.key, key);
  });

  it('is all that its entry says: symbol and session as they are in memory follow from it', () => {
    const desk = sent();
    const entries = (): JournalEntry[] =>
      desk.effects.flatMap(effect => (effect.type === 'journal' ? effect.entry : []));
    const intents = (): JournalEntry[] => entries().filter(entry => entry.why === 'intent');
    desk.fill(0).wait(3);
    equal(intents().length, 2);
    for (const intent of intents()) deepEqual(Object.keys(intent), ['t', 'why', 'intent']);
    const folded = JSON.parse(JSON.stringify(entries().reduce(foldJournal, emptyDurable('')))) as DurableState;
    const { session, symbols } = desk.core.durable();
    deepEqual({ ...folded.session, day: null }, { ...session, day: null });
    deepEqual({ ...folded.symbols['A']?.inFlight, status: '' }, { ...symbols['A']?.inFlight, status: '' });
    equal(folded.symbols['A']?.lastBuyAt, symbols['A']?.lastBuyAt);
  });

  it('counts among the buys of its minute after a restart too', () => {
    const desk = sent().fill(0).wait(3).fill(0);
    const buys = (of: Desk): unknown => [of.core.session.buyOrders.length, of.core.session.buysOf('A')];
    deepEqual(buys(desk), [2, 2]);
    deepEqual(buys(desk.restart()), [2, 2]);
  });

  it('carries what decided it', () => {
    const { z, reference, last, t } = sent().newest;
    deepEqual({ z, reference, last }, { z: UP, reference: 100, last: 98 });
    equal(t, sent().t);
  });

  it('never reuses an id or a key', () => {
    const desk = sent().fill(0).wait(3).fill(0);
    desk.hear({ type: 'link', up: true, nextOrderId: 100 }).connect().z(UP).quote(98).wait(3);
    const places = desk.effects.flatMap(effect => (effect.type === 'place' ? [effect.order] : []));
    deepEqual(places.map(order => order.orderId), [1, 2, 100]); // prettier-ignore
    equal(new Set(places.map(order => order.key)).size, 3);
    // The broker's id fell back: ours goes on.
    desk.fill(0).hear({ type: 'link', up: true, nextOrderId: 5 }).connect().quote(98.01).wait(3);
    equal(desk.newest.orderId, 101);
  });

  const lives: readonly (readonly [why: string, run: (desk: Desk) => unknown, after: string])[] = [
    ['sent', () => undefined, 'sent 0/?'],
    ['acknowledged', desk => desk.status('working'), 'acknowledged 0/?'],
    ['partly filled', desk => desk.status('working').exec(4), 'partlyFilled 4/?'],
    ['filled by its executions alone it stays', desk => desk.exec(11), 'partlyFilled 11/?'],
    ['final before its executions it stays', desk => desk.status('filled', 11), 'final 0/11'],
    ['final with some missing it stays', desk => desk.exec(4).status('filled', 11), 'final 4/11'],
    ['ended by the last execution', desk => desk.status('filled', 11).exec(4).exec(7), 'none'],
    ['ended by the status', desk => desk.exec(11).status('filled', 11), 'none'],
    ['cancelled with nothing', desk => desk.status('cancelled'), 'none'],
    ['a later status never takes shares back', desk => desk.status('filled', 11).status('cancelled', 0), 'final 0/11'],
    ['an execution heard twice counts once', desk => desk.status('filled', 11).exec(5, 98, 'x.01').exec(5, 98, 'x.01'), 'final 5/11'],
    ['pending cancel is not final', desk => desk.status('pendingCancel'), 'acknowledged 0/?'],
    ['a status of another order', desk => desk.hear({ type: 'order', orderId: 99, status: 'cancelled', filled: 0, remaining: 0 }), 'sent 0/?'],
  ]; // prettier-ignore
  for (const [why, run, after] of lives) {
    it(`${why}: ${after}`, () => {
      const desk = sent();
      run(desk);
      equal(inFlight(desk), after);
    });
  }

  it('only one is in flight a symbol, other symbols go on', () => {
    const desk = new Desk({ targets: 'A clip=1000 buy=0.6\nB clip=1000 buy=0.6' }).until('09:35').wait(1);
    desk.z(UP).z(UP, 'B').quote(98).wait(5).quote(98, 'B');
    equal(desk.tags(), 'ladder_buy, ladder_buy');
  });

  it('10 s without a final state: cancelled, asked about, and never sent again', () => {
    const desk = sent();
    desk.orders();
    desk.wait(9);
    equal(desk.cancels(), '');
    desk.wait(1);
    equal(desk.cancels(), '1 noFinalState');
    equal(desk.asked(), 'orderUnanswered');
    desk.wait(9);
    equal(desk.asked(), 'orderUnanswered');
    desk.wait(1);
    equal(desk.asked(), 'orderUnanswered, orderUnanswered');
    equal(desk.cancels(), '1 noFinalState');
    equal(desk.orders(), '');
  });

  it('10 s with executions missing: asked about too', () => {
    const desk = sent().status('filled', 11).exec(4).wait(10);
    equal(desk.asked(), 'orderUnanswered');
    const { key, orderId } = desk.newest;
    const rest = { execId: 'late.01', orderId, key, symbol: 'A', side: 'BUY' as const, qty: 7, price: '98' };
    desk.reconcile({ A: 11 }, { partial: true, executions: [rest] });
    equal(inFlight(desk), 'none');
    equal(desk.layers(), 'L1:11');
  });

  it('the answer ends an order that the broker does not list', () => {
    const desk = sent().exec(4, 98).wait(10).reconcile({ A: 4 }, { partial: true });
    equal(inFlight(desk), 'none');
    equal(desk.layers(), 'L1:4');
  });

  it('an order that the broker still lists stays in flight and is cancelled', () => {
    const desk = sent().wait(10);
    const { key, orderId, qty } = desk.newest;
    const open = { orderId, key, symbol: 'A', side: 'BUY' as const, qty, orderType: 'LMT', tif: 'IOC', clientId: 21, permId: 1, status: 'working' as const }; // prettier-ignore
    desk.reconcile({}, { partial: true, orders: [open] });
    equal(inFlight(desk), 'unknown 0/?');
    equal(desk.cancels(), '1 noFinalState, 1 reconciliation');
    equal(desk.status('cancelled').book().inFlight, null);
  });

  it('an answer does not end or cancel an order that was sent after the question', () => {
    const desk = new Desk({ targets: 'A clip=1000 buy=0.6\nB clip=1000 buy=0.6' }).until('09:35').wait(1);
    desk.z(UP).quote(98).wait(10);
    equal(desk.asked(), 'orderUnanswered');
    desk.z(UP, 'B').quote(98, 'B');
    const { key, orderId, qty } = desk.newest;
    const open = { orderId, key, symbol: 'B', side: 'BUY' as const, qty, orderType: 'LMT', tif: 'IOC', clientId: 21, permId: 1, status: 'working' as const }; // prettier-ignore
    desk.reconcile({}, { partial: true, orders: [open] });
    equal(desk.cancels(), '1 noFinalState');
    equal(desk.book('A').inFlight, null);
    desk.reconcile({}, { partial: true });
    equal(desk.book('B').inFlight?.key, key);
  });

  it('stays in flight over a lost link and is settled by the reconciliation after it', () => {
    const desk = sent().hear({ type: 'link', up: false }).wait(20);
    equal(inFlight(desk), 'unknown 0/?');
    equal(desk.asked(), '');
    desk.connect();
    equal(inFlight(desk), 'none');
  });
});

describe('engine: executions', () => {
  it('count once by id', () => {
    const desk = sent().exec(4, 98, 'a.b.01.01').exec(4, 98, 'a.b.01.01').exec(7, 98, 'a.c.01.01');
    equal(position(desk), 'L1:11 at 98');
    equal(desk.rows().length, 2);
  });

  it('late after the order was cancelled count too', () => {
    const desk = sent().status('cancelled');
    const order = desk.newest;
    desk.wait(1).exec(4, 98, 'late.01', order);
    equal(position(desk), 'L1:4 at 98');
  });

  it('without a key find their order by its id', () => {
    const desk = sent();
    const { orderId } = desk.newest;
    const exec = { type: 'exec' as const, orderId, key: '', qty: 4, price: '98' };
    desk.hear({ ...exec, execId: 'x.01', symbol: 'A', side: 'SELL' });
    desk.hear({ ...exec, execId: 'y.01', symbol: 'B', side: 'BUY' });
    equal(desk.layers(), '');
    desk.hear({ ...exec, execId: 'z.01', symbol: 'A', side: 'BUY' });
    equal(desk.layers(), 'L1:4');
  });

  it('of somebody else change nothing', () => {
    const desk = sent();
    const exec = {
      type: 'exec' as const,
      execId: 'x.01',
      orderId: 77,
      symbol: 'A',
      side: 'BUY' as const,
      qty: 4,
      price: '98',
    };
    for (const key of ['', 'other:1', 'dronebot:s:9:buy_everything:1', 'dronebot:s:9:ladder_buy:12']) {
      desk.hear({ ...exec, key });
    }
    equal(desk.layers(), '');
    equal(desk.rows().length, 0);
  });

  const lost = { type: 'exec' as const, execId: 'x.01', orderId: 77, side: 'BUY' as const, qty: 4, price: '98' };
  it('of a key that the journal lost still name tag and rung', () => {
    const desk = new Desk().hear({ ...lost, symbol: 'A', key: 'dronebot:old:9:ladder_buy:2' });
    equal(desk.layers(), 'L2:4');
    equal(desk.journal().includes('orderRestored'), true);
  });

  it('of a lost key on a symbol that no line names are ours too, and it is protected', () => {
    const desk = new Desk().hear({ ...lost, symbol: 'Z', key: 'dronebot:old:9:ladder_buy:1' });
    equal(desk.layers('Z'), 'L1:4');
    desk.position(4, 'Z').makeReady('Z');
    desk.wait(1).quote(98, 'Z');
    desk.orders();
    equal(desk.quote(93, 'Z').orders(), 'live_stop SELL 4 at 91.14 L1');
  });

  const bad: readonly (readonly [qty: number, price: string])[] = [
    [1.5, '98'],
    [-1, '98'],
    [5, '0'],
    [5, 'NaN'],
    [5, '-3'],
  ];
  for (const [qty, price] of bad) {
    it(`${qty} at ${price} is an alarm and nothing else`, () => {
      const desk = sent().exec(qty, price);
      equal(desk.notices('badExecution').length, 1);
      equal(desk.layers(), '');
    });
  }

  it('of more than is owned sell what there is, with an alarm', () => {
    const desk = held().control('flatten').wait(1);
    desk.exec(15, 99);
    equal(desk.notices('soldMoreThanOwned').length, 1);
    equal(desk.book().position.shares, 0);
  });

  it('make numbered rows with the realized profit', () => {
    const desk = held().z(DOWN).quote(98.1);
    desk.fill(2, 98.05);
    deepEqual(desk.rows(), ['1 BUY 11 at 98 ladder_buy 0', '2 SELL 2 at 98.05 breakeven_trim 0.1']);
    equal(desk.book().realizedTotal.toString(), '0.1');
  });
});

describe('engine: corrections', () => {
  const buy = (): Desk => sent().exec(11, 98, 'a.b.01.01').status('filled', 11).position(11).z(0);
  const order = (desk: Desk): Desk['newest'] => desk.newest;

  it('a dearer buy: two rows, a new average', () => {
    const desk = buy();
    desk.exec(11, 98.5, 'a.b.01.02', order(desk));
    equal(position(desk), 'L1:11 at 98.5');
    deepEqual(desk.rows().slice(1), ['2 BUY -11 at 98 ladder_buy_corr 0', '3 BUY 11 at 98.5 ladder_buy_corr 0']);
    equal(desk.book().hardStop!.exact.toString(), '93.575');
  });

  it('of more shares and of fewer', () => {
    const more = buy();
    equal(position(more.exec(12, 98, 'a.b.01.02')), 'L1:12 at 98');
    const fewer = buy();
    equal(position(fewer.exec(9, 98, 'a.b.01.02')), 'L1:9 at 98');
    const none = buy();
    equal(position(none.exec(0, 98, 'a.b.01.02')), ' at -');
  });

  it('heard again, or older than what is booked, change nothing', () => {
    const desk = buy();
    desk.exec(12, 98, 'a.b.01.03').exec(12, 98, 'a.b.01.03').exec(20, 98, 'a.b.01.02').exec(11, 98, 'a.b.01.01');
    equal(position(desk), 'L1:12 at 98');
    equal(desk.rows().length, 3);
  });

  it('tenth corrections are newer than ninth', () => {
    const desk = buy();
    equal(position(desk.exec(12, 98, 'a.b.01.09').exec(13, 98, 'a.b.01.10')), 'L1:13 at 98');
  });

  it('while the order is in flight count towards what is missing', () => {
    const desk = sent().exec(5, 98, 'a.01').status('filled', 11);
    equal(inFlight(desk), 'final 5/11');
    desk.exec(6, 98, 'a.02');
    equal(inFlight(desk), 'final 6/11');
    desk.exec(11, 98, 'a.03');
    equal(inFlight(desk), 'none');
  });

  /** Two of 11 shares sold at 98.05. */
  const trimmed = (): Desk => {
    const desk = buy().z(DOWN).wait(1).quote(98.1);
    return desk.exec(2, 98.05, 's.01.01').status('filled', 2).position(9).z(0);
  };

  it('a sell at another price changes what it realized', () => {
    const desk = trimmed().exec(2, 98.55, 's.01.02');
    deepEqual(desk.rows().slice(2), [
      '3 SELL -2 at 98.05 breakeven_trim_corr -0.1',
      '4 SELL 2 at 98.55 breakeven_trim_corr 1.1',
    ]);
    equal(desk.book().realizedTotal.toString(), '1.1');
    equal(desk.book().realizedToday.toString(), '1.1');
    equal(position(desk), 'L1:9 at 98');
  });

  it('a sell of more and of fewer', () => {
    equal(position(trimmed().exec(3, 98.05, 's.01.02')), 'L1:8 at 98');
    const fewer = trimmed().exec(1, 98.05, 's.01.02');
    equal(position(fewer), 'L1:10 at 98');
    equal(fewer.book().realizedTotal.toString(), '0.05');
  });

  it('a sell of more after the average has moved: no cent is lost between profit and cost', () => {
    const desk = trimmed();
    const sold = desk.newest;
    desk.wait(3).z(UP).quote(97).exec(4, 97, 'a.c.01.01').status('filled', 4).position(13).z(0);
    equal(desk.newest.side, 'BUY');
    desk.exec(3, 98.05, 's.01.02', sold);
    const { position: held, realizedTotal } = desk.book();
    const cash = -11 * 98 - 4 * 97 + 3 * 98.05;
    equal(held.cost.plus(cash).minus(realizedTotal).abs().lt(1e-20), true);
  });

  it('a buy whose shares are sold: what they cost more is realized', () => {
    const desk = buy();
    const bought = desk.newest;
    desk.control('flatten').wait(1).exec(11, 99, 's.01').status('filled', 11).position(0);
    equal(desk.book().realizedTotal.toString(), '11');
    desk.exec(11, 98.5, 'a.b.01.02', bought);
    equal(desk.book().realizedTotal.toString(), '5.5');
    const sum = desk.rows().reduce((total, row) => total + Number(row.split(' ').pop()), 0);
    equal(sum, 5.5);
    equal(position(desk), ' at -');
  });

  it('to flat ends an exit', () => {
    const desk = buy().control('flatten').wait(1).exec(10, 99, 's.01').status('filled', 10);
    equal(desk.book().exit, 'flatten');
    desk.exec(11, 99, 's.02');
    equal(desk.book().exit, null);
    equal(desk.book().waitsForL1, true);
  });

  it('from flat takes an exit up again', () => {
    const desk = buy().position(11).quote(93).exec(11, 93, 's.01').status('filled', 11).position(0);
    equal(desk.book().exit, null);
    desk.exec(9, 93, 's.02').position(2).quote(98).wait(1);
    equal(desk.book().exit, 'live_stop');
    equal(desk.newest.qty, 2);
    equal(desk.newest.tag, 'live_stop');
  });

  it('keep the commission estimate at the corrected shares', () => {
    const desk = sent().exec(1100, 98, 'a.01').status('filled', 1100);
    equal(dayPnl(desk.core).toString(), '-5.5');
    desk.exec(1000, 98, 'a.02');
    equal(dayPnl(desk.core).toString(), '-5');
  });
});

describe('engine: orders are expected', () => {
  it('once reconciled, in regular hours, while the market is heard', () => {
    const bare = new Desk({ bare: true });
    equal(bare.engine.expectsOrders, false);
    const desk = new Desk();
    const expected = (): boolean => desk.engine.expectsOrders;
    equal(expected(), true);
    desk.hear({ type: 'link', up: false });
    equal(expected(), false);
    desk.connect();
    equal(expected(), true);
    desk.until('09:30:30');
    equal(expected(), false, 'nothing was heard for half a minute');
    desk.quote(100).until('15:59:59').quote(100);
    equal(expected(), true);
    desk.until('16:00').quote(100);
    equal(expected(), false, 'the market is closed');
  });
});
