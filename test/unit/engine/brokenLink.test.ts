/** The gateway loses IB: nothing is sent until the link is back and the broker was asked again. */
import { equal } from 'node:assert/strict';
import { Desk, UP } from './desk';

const lost = { type: 'farm', up: false, link: true, code: 1100 } as const;
const back = { type: 'farm', up: true, code: 1102 } as const;

describe('engine: the link between gateway and IB', () => {
  it('holds a stop back until the reconciliation that follows', () => {
    const desk = new Desk().buyRungs(98.5);
    desk.orders();
    desk.hear(lost).quote(90).wait(1).hear(back).wait(5);
    equal(desk.orders(), '');
    equal(desk.reconcile({ A: desk.book().position.shares }).wait(1).tags(), 'live_stop');
  });

  it('is not reconciled by an answer that the gateway gives from memory', () => {
    const desk = new Desk().buyRungs(98.5);
    desk.orders();
    desk.hear(lost).reconcile({ A: desk.book().position.shares }).quote(90).wait(5);
    equal(desk.orders(), '');
  });

  it('is no matter of a data farm: stops go on while one is broken', () => {
    const desk = new Desk().buyRungs(98.5);
    desk.orders();
    equal(desk.hear({ type: 'farm', up: false, code: 2103 }).quote(90).tags(), 'live_stop');
  });

  it('comes back with a farm still broken: stops go on after reconciliation, buys do not', () => {
    const desk = new Desk().buyRungs(98.5);
    desk.orders();
    desk.hear(lost).hear({ type: 'farm', up: false, code: 2103 });
    desk.reconcile({ A: desk.book().position.shares }).z(UP).quote(98).wait(4);
    equal(desk.orders(), '');
    equal(desk.quote(90).tags(), 'live_stop');
  });

  it('asks about shares beyond the journal although buys are paused for another reason', () => {
    const desk = new Desk({ positions: { A: 30 } });
    desk.book().paused = 'rejects';
    desk.reconcile({ A: 30 });
    equal(desk.book().paused, 'unexplained');
    equal(desk.notices('unexplained').length, 2);
  });
});
