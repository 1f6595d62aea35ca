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
    equal(later.core.session.cost.all.toString(), '1082.4');
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
    equal(counts(newest + KEEP_MS), '1,0,0');
    equal(counts(newest + KEEP_MS + 1), '0,0,0');
  });
});
