/** Comparisons that decide about money are exact, on the decimal text of a double, however close the two are. */
import { equal } from 'node:assert/strict';
import {
  compare,
  compareScaled,
  fixed,
  money,
  percentFactor,
  spreadAtMost,
  spreadBp,
  threshold,
  withinPercent,
  nearMid,
} from '../../../src/strategy/exact';

const sign = (n: number): number => Math.sign(n);

describe('strategy: exact comparisons', () => {
  const limits: readonly (readonly [value: number, limit: string, sign: number])[] = [
    [95, '95', 0],
    [95, '95.00000000000000000000000001', -1],
    [95, '94.99999999999999999999999999', 1],
    [0.3, '0.3', 0],
    [0.1 + 0.2, '0.3', 1],
    [26.98, '28.4 * 0.95', 0],
    [26.99, '28.4 * 0.95', 1],
    [1e-4, '0.0001', 0],
    [94, '95', -1],
    [96, '95', 1],
  ];
  for (const [value, text, expected] of limits) {
    const [base = '', factor = '1'] = text.split(' * ');
    it(`${value} and ${text}: ${expected}`, () => {
      equal(sign(compare(value, threshold(money(base).times(factor)))), expected);
    });
  }

  const scaledCases: readonly (readonly [value: number, base: number, percent: number, sign: number])[] = [
    [9.9, 10, -1, 0],
    [9.8999999, 10, -1, -1],
    [10.1, 10, 1, 0],
    [27.4329, 27.71, -1, 0],
    [27.4328, 27.71, -1, -1],
    [27.9871, 27.71, 1, 0],
    [27.9872, 27.71, 1, 1],
  ];
  for (const [value, base, percent, expected] of scaledCases) {
    it(`${value} and ${base} changed by ${percent} %: ${expected}`, () => {
      equal(sign(compareScaled(value, base, threshold(percentFactor(percent)))), expected);
    });
  }

  const spreads: readonly (readonly [bid: number, ask: number, bp: number, fits: boolean])[] = [
    [99.1, 100.9, 180, true], // exactly 180 bp
    [99.1, 100.91, 180, false],
    [99.11, 100.9, 180, true],
    [0.991, 1.009, 180, true],
    [24.775, 25.225, 180, true],
    [10, 10, 0, true],
    [99.6, 100.4, 80, true],
    [99.6, 100.4, 79.99999999, false],
  ];
  for (const [bid, ask, bp, fits] of spreads) {
    it(`a spread of ${bid} to ${ask} is ${fits ? '' : 'not '}at most ${bp} bp`, () =>
      equal(spreadAtMost(bid, ask, bp), fits));
  }
  it('a spread in bp of the mid', () => equal(Math.round(spreadBp(99, 101)), 200));

  const bands: readonly (readonly [value: number, center: number, percent: number, fits: boolean])[] = [
    [125, 100, 25, true],
    [125.01, 100, 25, false],
    [75, 100, 25, true],
    [74.99, 100, 25, false],
    [33.99, 33, 3, true], // exactly 3 %
    [33.991, 33, 3, false],
    [100, 100, 0, true],
    [NaN, 100, 25, false],
  ];
  for (const [value, center, percent, fits] of bands) {
    it(`${value} is ${fits ? '' : 'not '}within ${percent} % of ${center}`, () =>
      equal(withinPercent(value, center, percent), fits));
  }

  const aroundMid: readonly (readonly [value: number, bid: number, ask: number, fits: boolean])[] = [
    [20.6, 19.9, 20.1, true], // exactly 3 %
    [20.61, 19.9, 20.1, false],
    [0.00515, 0.0048, 0.0052, true], // half the sum of the doubles is less than 0.005
    [0.00485, 0.0048, 0.0052, true],
    [0.0052, 0.0048, 0.0052, false],
  ];
  for (const [value, bid, ask, fits] of aroundMid) {
    it(`${value} is ${fits ? '' : 'not '}within 3 % of the mid of ${bid} and ${ask}`, () =>
      equal(nearMid(value, bid, ask, 3), fits));
  }

  const amounts: readonly (readonly [value: string, decimals: number, text: string])[] = [
    ['1.005', 2, '1.00'],
    ['1.015', 2, '1.02'],
    ['-1.005', 2, '-1.00'],
    ['-0.001', 2, '0.00'],
    ['-0.4', 0, '0'],
    ['12', 2, '12.00'],
    ['0.00005', 4, '0.0000'],
  ];
  for (const [value, decimals, text] of amounts) {
    it(`${value} to ${decimals} decimals is ${text}`, () => equal(fixed(money(value), decimals), text));
  }

  it('percent factors are exact', () => {
    equal(percentFactor(-2.5).toString(), '0.975');
    equal(percentFactor(0.1).toString(), '1.001');
  });
});
