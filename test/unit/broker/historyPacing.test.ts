/** IB's limits on historical requests, counted by hand. */
import { deepEqual, equal } from 'node:assert/strict';
import { HistoryPacing } from '../../../src/broker/ib/historyPacing';

describe('pacing of history', () => {
  const MARGIN = 250;

  it('lets the first requests through at once', () => {
    const pacing = new HistoryPacing();
    for (let i = 0; i < 5; i++) {
      equal(pacing.waitMs(`AVAV ${i}`, 'AVAV', 1000), 0);
      pacing.note(`AVAV ${i}`, 'AVAV', 1000);
    }
  });
  it('holds the identical request back for 15 s after it last went out', () => {
    const pacing = new HistoryPacing();
    pacing.note('a', 'AVAV', 1000);
    equal(pacing.waitMs('a', 'AVAV', 6000), 10_000 + MARGIN);
    equal(pacing.waitMs('b', 'AVAV', 6000), 0);
    pacing.note('a', 'AVAV', 16_250);
    equal(pacing.waitMs('a', 'AVAV', 16_251), 15_000 + MARGIN - 1);
    equal(pacing.waitMs('a', 'AVAV', 31_500), 0);
  });
  it('holds a sixth request of one symbol back until the first of five is 2 s old', () => {
    const pacing = new HistoryPacing();
    [0, 100, 200, 300, 400].forEach(at => pacing.note(`AVAV ${at}`, 'AVAV', 1000 + at));
    // 1000 + 2000 + margin − 1500
    equal(pacing.waitMs('x', 'AVAV', 1500), 1500 + MARGIN);
    equal(pacing.waitMs('x', 'RCAT', 1500), 0);
    equal(pacing.waitMs('x', 'AVAV', 3250), 0);
  });
  it('stops at fifty within ten minutes, ten below the limit: they are the live session’s', () => {
    const pacing = new HistoryPacing();
    for (let i = 0; i < 50; i++) pacing.note(`r${i}`, `S${i}`, 1000 + i);
    equal(pacing.waitMs('x', 'X', 2000), 1000 + 600_000 + MARGIN - 2000);
    equal(pacing.waitMs('x', 'X', 601_250), 0);
    pacing.note('x', 'X', 601_250);
    // Now the second of the fifty stands in the way.
    equal(pacing.waitMs('y', 'Y', 601_250), 1);
  });
  it('hands on what it has asked, and forgets what is older than ten minutes', () => {
    const pacing = new HistoryPacing();
    pacing.note('old', 'AVAV', 1000);
    pacing.note('a', 'AVAV', 500_000);
    const next = new HistoryPacing(pacing.recent);
    equal(next.waitMs('a', 'AVAV', 510_000), 5000 + MARGIN);
    next.waitMs('x', 'X', 700_000);
    deepEqual(
      next.recent.map(({ request }) => request),
      ['a'],
    );
  });
  it('is not held up by a clock that was set back', () => {
    const pacing = new HistoryPacing();
    pacing.note('a', 'AVAV', 9_000_000);
    equal(pacing.waitMs('a', 'AVAV', 1000), 0);
  });
});
