/** The life of an order as a table: every state with everything that can be heard, and what no order may ever do. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { emptyDurable, foldJournal } from '../../../src/engine/durable';
import { ORDER_LIFE, lifeAfter, type OrderNews } from '../../../src/engine/orderLife';
import type { OrderState } from '../../../src/strategy/book';
import { Desk, UP } from './desk';

const NEWS: readonly OrderNews[] = ['sent', 'status', 'execution', 'final', 'complete', 'silence', 'lost', 'unlisted'];
const STATES = Object.keys(ORDER_LIFE) as OrderState[];

/** Columns as NEWS; a dot: nothing changes. */
const TABLE = `
  intent        sent  acknowledged  partlyFilled  final  .      unknown  unknown  ended
  sent          .     acknowledged  partlyFilled  final  .      unknown  unknown  ended
  acknowledged  .     .             partlyFilled  final  .      unknown  unknown  ended
  partlyFilled  .     .             .             final  .      unknown  unknown  ended
  final         .     .             .             .      ended  unknown  unknown  ended
  unknown       .     .             .             final  ended  .        .        ended
  ended         .     .             .             .      .      .        .        .
`;

describe('engine: the life of an order', () => {
  const rows = TABLE.trim()
    .split('\n')
    .map(line => line.trim().split(/ +/));

  it('has a row for each state', () => deepEqual(rows.map(([state]) => state).sort(), [...STATES].sort()));

  for (const [state, ...after] of rows) {
    it(`${state}: ${after.join(' ')}`, () =>
      deepEqual(
        NEWS.map(news => lifeAfter(state as OrderState, news)),
        after.map(next => (next === '.' ? state : next)),
      ));
  }

  it('ends in every state once the broker does not list it any more', () => {
    for (const state of STATES) equal(lifeAfter(state, 'unlisted'), 'ended');
  });

  it('is sent from the intent alone, and never comes back to it or from its end', () => {
    for (const state of STATES)
      for (const news of NEWS) {
        const next = lifeAfter(state, news);
        ok(next !== 'intent' || state === 'intent');
        ok(next !== 'sent' || state === 'intent' || state === 'sent');
        ok(state !== 'ended' || next === 'ended');
      }
  });

  it('begins in the journal as an intent, and is unknown to the session that reads it there', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98);
    equal(desk.book().inFlight?.status, 'sent');
    const entries = desk.effects.flatMap(effect => (effect.type === 'journal' ? effect.entry : []));
    equal(entries.at(-1)?.why, 'intent');
    equal(entries.reduce(foldJournal, emptyDurable('')).symbols['A']?.inFlight?.status, 'intent');
    equal(desk.restart().book().inFlight?.status, 'unknown');
  });

  it('is unknown while the gateway has no connection to IB, and nothing is sent until it was asked for', () => {
    const desk = new Desk().until('09:35').wait(1).z(UP).quote(98);
    desk.orders();
    desk.hear({ type: 'farm', up: false, link: true, code: 1100, text: '' });
    equal(desk.book().inFlight?.status, 'unknown');
    desk.hear({ type: 'farm', up: true, code: 1102, text: '' }).quote(97).wait(2);
    equal(desk.orders(), '');
    desk.reconcile();
    equal(desk.book().inFlight, null);
  });
});
