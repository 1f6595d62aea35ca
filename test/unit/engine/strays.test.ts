/** Orders of an earlier session at the broker, the stops that it left there among them: gone before anything else is sent. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { dayPnl } from '../../../src/engine/day';
import type { EngineEvent, OpenOrder } from '../../../src/engine/events';
import { noticeMessage } from '../../../src/reports/noticeText';
import { at, Desk, UP } from './desk';

/** Two rungs held, and then a session that stops and leaves stops. */
const stopped = (): Desk => {
  const desk = new Desk().until('09:35').wait(1).buyRungs(98.8, 98.4).position(24).wait(3);
  desk.orders();
  return desk.control('leaveStops');
};

const openOf = (desk: Desk, more: Partial<OpenOrder> = {}): OpenOrder => {
  const { orderId, key, symbol, side, qty } = desk.newest;
  return { orderId, key, symbol, side, qty, orderType: 'STP', tif: 'GTC', clientId: 21, permId: 1, status: 'working', ...more }; // prettier-ignore
};

/** A later session that finds the stop still there. */
const found = (first: Desk, more: Partial<OpenOrder> = {}): Desk => {
  const desk = first.restart().until(first.t + 60_000);
  desk.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
  return desk.reconcile({ A: 24 }, { orders: [openOf(first, more)] }).makeReady('A');
};

const falls = (desk: Desk): string => desk.quote(100).wait(1).quote(80).wait(2).tags();

/** A session of the next day, whose broker has fewer shares than the stop left there. */
const nextDay = (first: Desk, shares: number, executions: Execution[] = []): Desk => {
  const desk = first.restart({ begin: '+1 09:25' }).until('+1 09:25');
  desk.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
  return desk.reconcile({ A: shares }, { executions }).makeReady('A').wait(3);
};
type Execution = Extract<EngineEvent, { type: 'reconcile' }>['executions'][number];

describe('engine: stops that filled on an earlier day', () => {
  const sold = (first: Desk, qty = 24): Execution => {
    const { orderId, key, symbol, side } = first.newest;
    return { execId: 's.1.01', orderId, key, symbol, side, qty, price: '93.6', executedAt: at('15:00') };
  };

  it('and whose executions nobody tells any more: what they brought is said to be unknown, and booked nowhere', () => {
    const desk = nextDay(stopped(), 0);
    const [notice] = desk.notices('fewerShares');
    equal(
      noticeMessage(notice!).text,
      'The broker reports 0 shares of A, the bot counts 24: the stop of 24 at 93.65 that was left at the broker has most likely sold them. ' +
        "The broker tells executions of one day only, so the price and the profit are unknown (about −$118.40 at the stop's price) " +
        'and fills_live.csv has no row of it; see the account statement. The newest layers are shrunk to it and buys are paused.',
    );
    equal(desk.layers(), '');
    equal(desk.book().realizedTotal.toString(), '0');
    equal(desk.rows().join(), '');
    // Told once: a difference of later has another reason.
    desk.control('resume', 'A').hear({ type: 'position', symbol: 'A', shares: -1, averageCost: 1 });
    equal(desk.notices('fewerShares').length, 1);
  });

  it('a part of them', () => {
    const [notice] = nextDay(stopped(), 10).notices('fewerShares');
    deepEqual([notice?.data['stopShares'], notice?.data['stopAbout']], [14, '-69.07']);
  });

  it('not of a stop that was found at the broker, or whose shares are all there', () => {
    const first = stopped();
    const taken = found(first).status('cancelled', 0, first.newest).reconcile({ A: 24 });
    equal(nextDay(taken, 10).notices('fewerShares')[0]?.data['stopShares'], undefined);
    const gone = nextDay(stopped(), 24).reconcile({ A: 10 }).wait(3);
    equal(gone.notices('fewerShares')[0]?.data['stopShares'], undefined);
  });

  it('and whose executions are told: they belong to their own day, with its profit and its time, and count once', () => {
    const first = stopped();
    const desk = nextDay(first, 0, [sold(first)]);
    const book = desk.book();
    equal(desk.notices('fewerShares').length, 0);
    equal(book.realizedTotal.toFixed(2), '-119.60');
    equal(book.realizedToday.toString(), '0');
    equal(dayPnl(desk.core).toString(), '0');
    const row = desk.effects.flatMap(effect => (effect.type === 'row' ? [effect.row] : []));
    deepEqual(
      row.map(each => [each.t, each.qty, Number(each.realized).toFixed(2)]),
      [[at('15:00'), 24, '-119.60']],
    );
    desk.reconcile({ A: 0 }, { executions: [sold(first)] }).wait(3);
    equal(desk.rows().length, 1);
    equal(desk.restart({ begin: '+1 09:30' }).book().overnightShares, 0);
  });

  it('a part that is told leaves the rest as it was when the day began', () => {
    const first = stopped();
    const desk = nextDay(first, 14, [sold(first, 10)]);
    equal(desk.book().overnightShares, 14);
    desk.until('+1 09:30').tick({ close: 90 }).quote(91).wait(1);
    equal(dayPnl(desk.core).toString(), '14');
  });
});

describe('engine: stops left at the broker', () => {
  it('one a position, of all its shares, at the hard stop’s price, journaled', () => {
    const desk = stopped();
    equal(desk.newest.isResting, true);
    // 5 % under (11 × 98.80 + 13 × 98.40) / 24 = 98.5833…
    equal(desk.orders(), 'live_stop SELL 24 at 93.65 L2');
    equal(desk.book().inFlight, null);
    equal(desk.journal().filter(why => why === 'stopLeft').length, 1);
    equal(desk.status('working').notices('stopLeft')[0]?.data['price'], '93.65');
  });

  it('after which nothing is sent any more, whatever happens', () => {
    const desk = stopped();
    desk.orders();
    equal(desk.quote(80).wait(3).reconcile({ A: 24 }).quote(79).wait(3).control('flatten').wait(2).orders(), '');
  });

  it('a refused one is an alarm', () => {
    const [notice] = stopped().status('rejected').notices('stopNotLeft');
    equal(notice?.level, 'alarm');
  });

  it('not while an order of it is on its way, nor of shares that the broker does not report', () => {
    const busy = new Desk().until('09:35').wait(1).buyRungs(98.8).wait(3).z(UP).quote(98.4).control('leaveStops');
    match(String(busy.notices('stopNotLeft')[0]?.data['why']), /on its way/);
    const gone = new Desk().until('09:35').wait(1).buyRungs(98.8).position(0).control('leaveStops');
    match(String(gone.notices('stopNotLeft')[0]?.data['why']), /reports no shares/);
  });

  it('not before the broker has told on this connection which are there already', () => {
    const first = stopped();
    const next = first.restart().until(first.t + 60_000);
    next.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 }).position(24).control('leaveStops');
    equal(next.orders(), '');
    match(String(next.notices('stopNotLeft')[0]?.data['why']), /may be there/);
    // The one that is there holds back its own symbol, and no other.
    const other = found(first).control('leaveStops');
    equal(other.orders(), '');
    match(String(other.notices('stopNotLeft')[0]?.data['why']), /earlier session/);
  });

  it('once, however often a person asks for it', () => {
    const desk = stopped();
    desk.orders();
    equal(desk.control('leaveStops').orders(), '');
    equal(desk.notices('stopNotLeft').length, 0);
  });

  it('is cancelled at the next start, and nothing is sent until its end was heard and the broker asked again', () => {
    const first = stopped();
    const desk = found(first);
    equal(desk.cancels(), `${first.newest.orderId} reconciliation`);
    equal(desk.notices('strayOrder')[0]?.data['isStop'], true);
    equal(falls(desk), '');
    desk.status('cancelled', 0, first.newest).wait(1);
    equal(desk.asked(), 'strays');
    equal(desk.wait(1).tags(), '');
    desk.reconcile({ A: 24 }).wait(1);
    equal(desk.tags(), 'live_stop');
    equal(desk.newest.qty, 24);
  });

  it('what it sold meanwhile is booked once, and only the rest is sold', () => {
    const first = stopped();
    const desk = found(first).exec(20, 93.6, 'x.01', first.newest).status('cancelled', 20, first.newest).wait(1);
    const { orderId, key } = first.newest;
    desk.reconcile({ A: 4 }, { executions: [{ execId: 'x.01', orderId, key, symbol: 'A', side: 'SELL', qty: 20, price: '93.6' }] }); // prettier-ignore
    equal(desk.layers(), 'L1:4');
    equal(desk.rows().length, 1);
    match(desk.rows()[0]!, /^3 SELL 20 at 93.6 live_stop -99.66666/);
    equal(falls(desk), 'live_stop');
    equal(desk.newest.qty, 4);
  });

  it('is asked about again while it does not end, and then holds back its own symbol alone', () => {
    const first = stopped();
    const desk = found(first);
    desk.wait(5);
    equal(desk.asked(), 'strays');
    desk.reconcile({ A: 24 }, { orders: [openOf(first)] });
    equal(desk.core.session.reconciled, false);
    desk.wait(5).reconcile({ A: 24 }, { orders: [openOf(first)] });
    equal(desk.core.session.reconciled, true);
    equal(desk.notices('strayStays').length, 1);
    equal(falls(desk), '');
    desk.reconcile({ A: 24 });
    equal(desk.wait(1).tags(), 'live_stop');
  });

  it('under another client id it is not cancelled: the number there may be that of an order of ours', () => {
    const first = stopped();
    const desk = found(first, { isForeign: true, clientId: 22 });
    equal(desk.cancels(), '');
    // A final state of that number is not its.
    desk.status('cancelled', 0, first.newest).wait(1);
    equal(desk.asked(), '');
    desk.wait(10).reconcile({ A: 24 }, { orders: [openOf(first, { isForeign: true, clientId: 22 })] });
    equal(falls(desk), '');
    equal(desk.notices('strayStays')[0]?.data['clientId'], 22);
    desk.reconcile({ A: 24 });
    equal(desk.wait(1).tags(), 'live_stop');
  });
});

describe('engine: a symbol that comes while the session runs', () => {
  it('knows what the broker holds of it: that is a person’s to decide first', () => {
    const desk = new Desk({ positions: { B: 30 } }).hear({ type: 'targets', text: 'A clip=1000\nB clip=1000' });
    equal(desk.book('B').paused, 'unexplained');
    equal(desk.book('B').sellable, 0);
    const told = new Desk().position(30, 'B').hear({ type: 'targets', text: 'A clip=1000\nB clip=1000' });
    equal(told.book('B').paused, 'unexplained');
  });

  it('and that it holds none of it', () => {
    equal(new Desk().hear({ type: 'targets', text: 'A clip=1000\nB clip=1000' }).book('B').reported, 0);
  });
});
