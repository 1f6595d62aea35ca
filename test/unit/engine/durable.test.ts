/** The durable state: what survives, what starts afresh, and that the journal folds to what the engine has in memory. */
import { deepEqual, equal } from 'node:assert/strict';
import {
  KEEP_MS,
  emptyDurable,
  foldJournal,
  prune,
  type DurableState,
  type JournalEntry,
} from '../../../src/engine/durable';
import type { EngineEvent } from '../../../src/engine/events';
import { Desk, DOWN, UP, at } from './desk';

/** The state that a reader of the journal has. */
function folded(desk: Desk, from = emptyDurable('SIM1')): DurableState {
  const lines = desk.effects.flatMap(effect => (effect.type === 'journal' ? [JSON.stringify(effect.entry)] : []));
  return lines.reduce((state, line) => foldJournal(state, JSON.parse(line) as JournalEntry), from);
}

const busy = (): Desk => {
  const desk = new Desk().until('09:35').wait(1).buyRungs(98.8, 98.4).quote(101.2).z(DOWN).wait(1);
  desk.fill(3, 101).wait(2).fill(0).control('pause');
  return desk;
};

describe('engine: durable state', () => {
  it('folds from the journal to what is in memory', () => {
    const desk = busy();
    deepEqual(folded(desk), JSON.parse(JSON.stringify(desk.engine.durable())));
  });

  it('with an order in flight, partly filled', () => {
    const desk = busy().control('resume').z(UP).wait(5).quote(97.8).exec(4, 97.8);
    equal(folded(desk).symbols['A']?.inFlight?.booked, desk.book().inFlight?.booked);
  });

  it('an entry read twice changes nothing', () => {
    const desk = busy();
    const once = folded(desk);
    deepEqual(folded(desk, JSON.parse(JSON.stringify(once)) as DurableState), once);
  });

  it('a full entry replaces everything', () => {
    const full = busy().engine.durable();
    const state = foldJournal(emptyDurable('other'), { t: 1, why: 'carried over', full });
    deepEqual(state, JSON.parse(JSON.stringify(full)));
    equal(state === full, false);
  });

  it('an adopted or left position and its pause are in it', () => {
    for (const action of ['adopt', 'leaveAlone'] as const) {
      const desk = new Desk({ positions: { A: 30 } }).control(action, 'A');
      deepEqual(folded(desk).symbols['A'], JSON.parse(JSON.stringify(desk.engine.durable().symbols['A'])));
    }
    const short = new Desk({ positions: { A: -3 } });
    equal(folded(short).symbols['A']?.leftAlone, -3);
    equal(folded(short).symbols['A']?.paused, 'short');
  });

  it('starts again as it was: layers, stops, rests, waits, counters', () => {
    const desk = busy();
    const later = desk.restart();
    deepEqual(later.engine.durable(), desk.engine.durable());
    equal(later.book().trailStop!.exact.toString(), desk.book().trailStop!.exact.toString());
    equal(later.book().hardStop!.exact.toString(), desk.book().hardStop!.exact.toString());
    equal(later.book().z, 0);
    equal(Number.isNaN(later.book().last), true);
  });

  it('a rest goes on over a restart', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).fill(undefined, 98).z(0).quote(93).fill().wait(1);
    const later = desk.restart();
    later.t = desk.t + 20_000;
    later
      .connect()
      .hear({ type: 'bar', symbol: 'A', start: at('09:00'), open: 1, high: 1, low: 1, close: 100, volume: 1 });
    later.quote(99).z(UP).quote(98).wait(35);
    equal(later.tags(), '');
    equal(later.blocked(), 'rest');
    equal(later.wait(10).tags(), 'ladder_buy');
  });

  it('order ids and keys go on', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).fill(0);
    const later = desk.restart({ sessionId: 's' });
    later.t = at('09:40');
    later
      .connect()
      .hear({ type: 'bar', symbol: 'A', start: at('09:00'), open: 1, high: 1, low: 1, close: 100, volume: 1 });
    later.z(UP).quote(98);
    equal(later.newest.key, 'dronebot:s:2:ladder_buy:1');
    equal(later.newest.orderId, 2);
  });

  it('executions that were booked before are not booked again, rows go on', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98).exec(4, 98, 'x.01');
    const order = desk.newest;
    const later = desk.restart();
    later.t = at('09:40');
    later.hear({ type: 'link', up: true }).exec(4, 98, 'x.01', order).exec(7, 98, 'y.01', order);
    equal(later.layers(), 'L1:11');
    equal(later.rows().join(), '2 BUY 7 at 98 ladder_buy 0');
    equal(later.book().position.layers[0]!.planned, 11);
  });

  it('an order in flight is still in flight until the reconciliation', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98);
    const later = desk.restart();
    equal(later.book().inFlight?.orderId, 1);
    equal(later.core.session.cost.all.exact.toString(), '1082.4');
    later.connect();
    equal(later.book().inFlight, null);
  });

  it('a new day resets the day’s counters of what was carried over', () => {
    const desk = busy();
    desk.core.session.lossDay = desk.core.session.day;
    const later = desk.restart();
    later.t = at('+1 09:25');
    later.connect({ A: 21 });
    equal(later.core.session.lossLimitHit, false);
    equal(later.book().realizedToday.toString(), '0');
    equal(later.book().overnightShares, 21);
    equal(later.book().realizedTotal.toString(), desk.book().realizedTotal.toString());
  });

  it('a symbol that owes nothing starts like a new one, one that made or lost money does not', () => {
    equal('A' in new Desk().restart({ targets: 'B' }).engine.durable().symbols, false);
    equal('A' in busy().restart({ targets: 'B' }).engine.durable().symbols, true);
  });

  it('forgets what no broker repeats any more', () => {
    const state = busy().engine.durable();
    const newest = Math.max(...Object.values(state.orders).map(order => order.t));
    const counts = (now: number): string => {
      const copy = JSON.parse(JSON.stringify(state)) as DurableState;
      prune(copy, now);
      return [Object.keys(copy.orders), Object.keys(copy.execs), copy.rows].map(list => list.length).join();
    };
    equal(counts(newest), '4,3,3');
    // What bought the layers that are held stays.
    equal(counts(newest + KEEP_MS), '1,2,3');
    equal(counts(newest + KEEP_MS + 1), '0,2,3');
    equal(counts(newest + 40 * 86_400_000), '0,2,0');
  });
});

describe('engine: what is forgotten when a day begins', () => {
  type Exec = Extract<EngineEvent, { type: 'reconcile' }>['executions'][number];
  /** Everything that a broker could say once more of what was executed. */
  const told = (desk: Desk): Exec[] =>
    desk.effects.flatMap(effect => {
      if (effect.type !== 'journal' || effect.entry.exec === undefined) return [];
      const { execId, orderId, key, symbol, side, qty, price, t } = effect.entry.exec;
      return [{ execId, orderId, key, symbol, side, qty, price, executedAt: t }];
    });
  const later = (desk: Desk, days: number, positions: Record<string, number>): Desk => {
    const next = desk.restart({ begin: `+${days} 09:25` }).until(`+${days} 09:25`);
    next.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
    return next.reconcile(positions).makeReady('A');
  };
  const sizes = ({ core }: Desk): string =>
    [core.orders, core.ordersById, core.execs, { size: core.fillRows.length }].map(({ size }) => size).join();
  /** Two rungs bought and sold again. */
  const done = (): Desk => {
    const desk = new Desk().until('09:35').wait(1).buyRungs(98.8, 98.4);
    return desk.control('flatten').wait(1).fill(undefined, 97).wait(70);
  };

  it('after a week: not a day earlier, and the journal folds to the same', () => {
    const first = done();
    equal(sizes(later(first, 8, {})), '3,3,3,3');
    const desk = later(first, 9, {});
    equal(sizes(desk), '0,0,0,3');
    equal(desk.core.forgotten, 3);
    const before = JSON.parse(JSON.stringify(first.engine.durable())) as DurableState;
    deepEqual(folded(desk, before), JSON.parse(JSON.stringify(desk.engine.durable())));
    const months = later(first, 40, {});
    equal(sizes(months), '0,0,0,0');
    equal(months.core.rows, 3);
  });

  it('and never booked again, whatever the broker repeats: nor a correction of it', () => {
    const first = done();
    const all = told(first);
    equal(all.length, 3);
    const desk = later(first, 9, {});
    const realized = desk.book().realizedTotal.toString();
    const timeless = all.map(({ executedAt: _, ...rest }) => ({ ...rest, execId: rest.execId.replace('.01', '.02') }));
    desk.reconcile({}, { executions: [...all, ...timeless] }).wait(3);
    for (const exec of [...all, ...timeless]) desk.hear({ type: 'exec', ...exec });
    equal(desk.rows().length, 0);
    equal(desk.layers(), '');
    equal(desk.book().realizedTotal.toString(), realized);
    equal(desk.notices('oldExecution').length, 12);
    equal(desk.notices('soldMoreThanOwned').length, 0);
  });

  it('a week old it is still known as booked', () => {
    const first = done();
    const desk = later(first, 7, {}).reconcile({}, { executions: told(first) });
    equal(desk.rows().length, 0);
    equal(desk.notices('oldExecution').length, 0);
  });

  it('numbers go on: new orders are booked, in rows that follow', () => {
    const desk = later(done(), 9, {}).until('+9 09:35').tick({ close: 100 }).quote(100).wait(1).z(UP).quote(98);
    desk.exec(desk.newest.qty, 98);
    equal(Number(desk.newest.key.split(':')[2]), 4);
    deepEqual(desk.rows(), ['4 BUY 11 at 98 ladder_buy 0']);
  });

  it('a new execution of an order that is forgotten is booked', () => {
    const first = new Desk().until('09:35').wait(1).buyRungs(98.8);
    const [bought] = told(first);
    const desk = later(first, 9, { A: 11 });
    equal(sizes(desk), '0,0,1,1');
    const late = { ...bought!, execId: 'late.1.01', side: 'SELL' as const, qty: 4, price: '99' };
    desk.hear({ type: 'exec', ...late, key: 's.2', executedAt: desk.t - 1000 });
    equal(desk.rows().length, 0);
    desk.hear({ type: 'exec', ...late, executedAt: desk.t - 1000 });
    equal(desk.rows().length, 1);
  });

  it('not what bought a layer that is held, a stop that was left, or an order whose end nobody knows', () => {
    const held = later(new Desk().until('09:35').wait(1).buyRungs(98.8), 9, { A: 11 });
    equal(held.engine.detail('A')!.buys[0]!.boughtPrice, 98.8);
    const left = new Desk().until('09:35').wait(1).buyRungs(98.8).wait(3).control('leaveStops');
    const stop = { ...left.newest };
    const after = left.restart({ begin: '+9 09:25' }).until('+9 09:25');
    after.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
    const { orderId, key, symbol, side, qty } = stop;
    const sold = { execId: 's.1.01', orderId, key, symbol, side, qty, price: '93.6', executedAt: after.t - 60_000 };
    after.reconcile({}, { executions: [sold] });
    equal(after.rows().length, 1);
    const busyDesk = new Desk().until('09:35').wait(1).z(UP).quote(98);
    const open = busyDesk.restart({ begin: '+9 09:25' }).until('+9 09:25');
    equal(open.core.orders.size, 1);
    open.hear({ type: 'link', up: true, account: 'SIM1', nextOrderId: 1 }).reconcile({});
    equal(open.book().inFlight, null);
  });
});
