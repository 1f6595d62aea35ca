/** Limit prices of every kind of order, and which prices take part. */
import { equal } from 'node:assert/strict';
import { money, percentFactor, threshold } from '../../../src/strategy/exact';
import {
  buyLimit,
  isUsable,
  type Limit,
  ladderSellLimit,
  trimLimit,
  urgentBuyLimit,
  urgentSellLimit,
} from '../../../src/strategy/limitPrice';
import { Ticks } from '../../../src/strategy/ticks';

const CENTS = new Ticks();
const UP = threshold(percentFactor(0.5));
const DOWN = percentFactor(-0.5);
const textOf = (limit: Limit | null): string => limit?.text ?? 'null';
type Prices = readonly [last: number, bid: number, ask: number];

const buy = ([last, bid, ask]: Prices, rung: number, ticks = CENTS): string =>
  textOf(buyLimit(last, bid, ask, rung, UP, ticks));
const sell = ([last, bid]: Prices, rung: number): string => textOf(ladderSellLimit(last, bid, rung, DOWN, CENTS));
const trim = ([last, bid]: Prices, average: string, ticks = CENTS): string =>
  textOf(trimLimit(last, bid, money(average), ticks));
const out = ([last, bid]: Prices, ticks = CENTS): string => textOf(urgentSellLimit(last, bid, ticks));
const cover = ([last, bid, ask]: Prices): string => textOf(urgentBuyLimit(last, bid, ask, CENTS));

describe('strategy: limit prices', () => {
  const buys: readonly (readonly [why: string, prices: Prices, rung: number, limit: string])[] = [
    ['0.4 % above the last', [98, 97.9, 97.95], 200, '98.4'], // 98.392
    ['above the ask when that is highest', [98, 97.9, 99], 200, '99.4'], // 99.396
    ['above the bid when that is highest', [98, 99, 98.5], 200, '99.4'],
    ['at most half a percent above the rung', [98, 97.9, 98.1], 97.5, '97.99'], // 97.9875
    ['rounded up, never half', [100, 99, 100], 99.901, '100.4'], // 100.4 and 100.4005…
    ['without a quote', [98, NaN, NaN], 200, '98.4'],
    ['without a last', [NaN, 97.9, 98], 200, '98.4'],
    ['a price that is no number takes no part', [98, -5, Infinity], 200, '98.4'],
    ['no usable price, no order', [NaN, 0, -1], 200, 'null'],
  ];
  for (const [why, prices, rung, limit] of buys) it(`buy, ${why}: ${limit}`, () => equal(buy(prices, rung), limit));

  const sells: readonly (readonly [why: string, prices: Prices, rung: number, limit: string])[] = [
    ['0.4 % below the last', [103, 103.1, 0], 50, '102.58'], // 102.588
    ['below the bid when that is lower', [103, 102, 0], 50, '101.59'], // 101.592
    ['at least half a percent below the rung', [103, 103, 0], 103.5, '102.98'], // 102.9825
    ['without a quote', [103, NaN, NaN], 50, '102.58'],
    ['no usable price, no order', [NaN, NaN, 100], 50, 'null'],
  ];
  for (const [why, prices, rung, limit] of sells) {
    it(`ladder sell, ${why}: ${limit}`, () => equal(sell(prices, rung), limit));
  }

  const trims: readonly (readonly [why: string, prices: Prices, average: string, limit: string])[] = [
    ['0.4 % below the lower of the two', [103, 102, 0], '100', '101.59'],
    ['not below average cost', [100.1, 100.05, 0], '100', '100'],
    ['rounded up when down would be below average cost', [100.1, 100.05, 0], '99.997', '100'],
    ['rounded up from any digit of the average', [100.1, 100.05, 0], '99.99000000000000000000000001', '100'],
    ['rounded down while that is not below', [102, 101, 0], '99', '100.59'],
    ['no usable price, no order', [NaN, NaN, 0], '99', 'null'],
  ];
  for (const [why, prices, average, limit] of trims) {
    it(`trim, ${why}: ${limit}`, () => equal(trim(prices, average), limit));
  }

  const urgent: readonly (readonly [why: string, prices: Prices, limit: string])[] = [
    ['2 % below the last', [95, 95.1, 0], '93.1'],
    ['2 % below the bid', [95, 94.99, 0], '93.09'], // 93.0902
    ['without a quote', [95, NaN, 0], '93.1'],
    ['without a last', [NaN, 95, 0], '93.1'],
    ['at least one tick', [0.0001, NaN, 0], '0.0001'],
    ['nothing', [NaN, NaN, 95], 'null'],
  ];
  for (const [why, prices, limit] of urgent) it(`urgent, ${why}: ${limit}`, () => equal(out(prices), limit));

  it('a cover goes 2 % above the highest', () => {
    equal(cover([95, 94, 95.1]), '97.01'); // 97.002
    equal(cover([95, 94, NaN]), '96.9');
    equal(cover([NaN, NaN, NaN]), 'null');
  });

  it('the tick is that of the price', () => {
    const nickels = new Ticks([[0, 0.05]]);
    equal(buy([98, 97.9, 98.1], 97.5, nickels), '98');
    equal(out([95, 95, 0], nickels), '93.1');
    equal(trim([95, 95, 0], '94.97', nickels), '95');
    equal(buy([0.5, 0.4999, 0.5001], 2), '0.5022'); // 0.5021004
    equal(out([0.5, 0.4999, 0]), '0.4899'); // 0.489902
  });

  it('usable is over 0 and finite', () => {
    equal([1e-9, 5, 0, -1, NaN, Infinity].map(isUsable).join(), 'true,true,false,false,false,false');
  });
});
