/** The fill model: against the quote, up to the quoted size, and what was taken is gone until the tape names the side again. */
import { equal } from 'node:assert/strict';
import type { OrderIntent, TickEvent } from '../../../src/engine/events';
import { FillModel } from '../../../src/replay/fillModel';

class Market {
  readonly quote = { bid: NaN, ask: NaN };
  readonly model = new FillModel(() => this.quote);
  private n = 0;

  tick(fields: Omit<TickEvent, 't' | 'type' | 'symbol'>): this {
    this.model.onTick({ t: 1, type: 'tick', symbol: 'A', ...fields });
    if (fields.bid !== undefined) this.quote.bid = fields.bid ?? NaN;
    if (fields.ask !== undefined) this.quote.ask = fields.ask ?? NaN;
    return this;
  }

  /** `5 at 98.4 filled`, or `cancelled` alone. */
  order(side: 'BUY' | 'SELL', qty: number, limit: string): string {
    const order = { t: 1, key: 'k', orderId: ++this.n, symbol: 'A', side, qty, limit, tag: 'ladder_buy', rung: 1, z: 1, reference: 1, last: 1 } as OrderIntent; // prettier-ignore
    return this.model
      .fill(order, 5)
      .map(event => {
        equal(event.t, 5);
        if (event.type === 'exec') return `${event.qty} at ${event.price}`;
        return event.type === 'order' ? `${event.status} ${event.filled}/${event.remaining}` : event.type;
      })
      .join(' ');
  }
}

const market = (fields: Omit<TickEvent, 't' | 'type' | 'symbol'> = { bid: 98, ask: 98.1 }): Market =>
  new Market().tick(fields);

describe('replay: fill model', () => {
  const cases: readonly (readonly [side: 'BUY' | 'SELL', limit: string, answer: string])[] = [
    ['BUY', '98.1', '10 at 98.1 filled 10/0'],
    ['BUY', '99', '10 at 98.1 filled 10/0'],
    ['BUY', '98.09', 'cancelled 0/10'],
    ['SELL', '98', '10 at 98 filled 10/0'],
    ['SELL', '97', '10 at 98 filled 10/0'],
    ['SELL', '98.01', 'cancelled 0/10'],
  ];
  for (const [side, limit, answer] of cases) {
    it(`${side} at ${limit} against 98 to 98.1: ${answer}`, () => equal(market().order(side, 10, limit), answer));
  }

  it('no quote on that side fills nothing', () => {
    equal(market({ bid: 98 }).order('BUY', 10, '99'), 'cancelled 0/10');
    equal(market({ ask: 98 }).order('SELL', 10, '90'), 'cancelled 0/10');
    equal(market().tick({ ask: null }).order('BUY', 10, '99'), 'cancelled 0/10');
  });

  it('up to the quoted size', () => {
    const sized = market({ bid: 98, ask: 98.1, askSize: 4, bidSize: 100 });
    equal(sized.order('BUY', 10, '99'), '4 at 98.1 cancelled 4/6');
    equal(sized.order('SELL', 10, '98'), '10 at 98 filled 10/0');
  });

  it('what was taken is gone', () => {
    const sized = market({ bid: 98, ask: 98.1, askSize: 15 });
    equal(sized.order('BUY', 10, '99'), '10 at 98.1 filled 10/0');
    equal(sized.order('BUY', 10, '99'), '5 at 98.1 cancelled 5/5');
    equal(sized.order('BUY', 10, '99'), 'cancelled 0/10');
  });

  const again: readonly (readonly [named: Omit<TickEvent, 't' | 'type' | 'symbol'>, answer: string])[] = [
    [{ last: 98, volume: 5 }, 'cancelled 0/10'],
    [{ bid: 98, bidSize: 50 }, 'cancelled 0/10'],
    [{ ask: 98.1 }, '10 at 98.1 filled 10/0'],
    [{ askSize: 7 }, '7 at 98.1 cancelled 7/3'],
  ];
  for (const [named, answer] of again) {
    it(`after ${JSON.stringify(named)}: ${answer}`, () => {
      const sized = market({ bid: 98, ask: 98.1, askSize: 10 });
      sized.order('BUY', 10, '99');
      equal(sized.tick(named).order('BUY', 10, '99'), answer);
    });
  }

  it('a size of 0 fills nothing; null says nothing about it', () => {
    equal(market({ bid: 98, ask: 98.1, askSize: 0 }).order('BUY', 10, '99'), 'cancelled 0/10');
    equal(market({ bid: 98, ask: 98.1, askSize: null }).order('BUY', 10, '99'), '10 at 98.1 filled 10/0');
    equal(market({ bid: 98, ask: 98.1, askSize: 0.9 }).order('BUY', 10, '99'), 'cancelled 0/10');
  });
});
