/** How many buy orders of the last minute are a symbol's, counted along instead of anew at every evaluation. */
import { deepEqual } from 'node:assert/strict';
import { Rules } from '../../../src/strategy/book';
import { SessionBook } from '../../../src/strategy/sessionBook';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';

describe('buy orders of the last 60 s', () => {
  it('count for their symbol until they are 60 s old, also when the list has been empty in between', () => {
    const session = new SessionBook(new Rules(DEFAULT_SETTINGS));
    const counts: number[][] = [];
    const look = (t: number): void => {
      session.ageOrders(t);
      counts.push([session.buyOrders.length, session.buysOf('A'), session.buysOf('B')]);
    };
    look(0);
    session.addBuy({ t: 0, symbol: 'A' });
    session.addBuy({ t: 10_000, symbol: 'B' });
    session.addBuy({ t: 20_000, symbol: 'A' });
    look(59_999);
    look(60_000);
    look(80_000);
    session.addBuy({ t: 90_000, symbol: 'A' });
    look(90_000);
    deepEqual(counts, [[0, 0, 0], [3, 2, 1], [2, 1, 1], [0, 0, 0], [1, 1, 0]]); // prettier-ignore
  });
});
