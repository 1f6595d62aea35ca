import { deepEqual, equal } from 'node:assert/strict';
import { fixedCommission } from '../../../src/gateway/account';
import { marketRule, priceText, readPrice } from '../../../src/gateway/prices';

const read = (text: string, rule: number): string => {
  const found = marketRule(rule);
  if (!found) throw new Error(`Expected rule ${rule}`);
  const reading = readPrice(text, found);
  return reading.kind === 'price' ? priceText(reading.units) : reading.kind;
};

describe('gateway: prices', () => {
  for (const [text, rule, expected] of [
    ['12.6', 26, '12.6'],
    ['12.60', 26, '12.6'],
    ['275', 26, '275'],
    ['12.605', 26, 'offGrid'],
    ['0.30000000000000004', 635, 'offGrid'],
    ['0.3001', 635, '0.3001'],
    ['0.30015', 635, 'offGrid'],
    ['1.0001', 635, 'offGrid'],
    ['1.01', 635, '1.01'],
    ['', 26, 'absent'],
    ['0', 26, 'absent'],
    ['1.7976931348623157E308', 26, 'absent'],
    ['NaN', 26, 'invalid'],
    ['Infinity', 26, 'invalid'],
    ['-3', 26, 'invalid'],
    ['12,6', 26, 'invalid'],
  ] as const)
    it(`reads "${text}" by rule ${rule} as ${expected}`, () => equal(read(text, rule), expected));
});

describe('gateway: commission on the fixed schedule', () => {
  const dollars = (shares: number, price: number): number => fixedCommission(shares, shares * price * 10_000) / 10_000;

  it('is half a cent a share', () => equal(dollars(1000, 12.6), 5));
  it('is one dollar at least', () => equal(dollars(100, 12.6), 1));
  it('is one percent of the value at most', () => equal(dollars(10_000, 0.2), 20));
  it('is one percent even where that is below the minimum', () => equal(dollars(1, 12.6), 0.126));
  it('of an order in pieces adds up to that of the whole', () => {
    const pieces = [120, 80, 300];
    let shares = 0;
    let charged = 0;
    const each = pieces.map(piece => {
      shares += piece;
      const now = fixedCommission(shares, shares * 126_000);
      const part = now - charged;
      charged = now;
      return part / 10_000;
    });
    deepEqual(each, [1, 0, 1.5]);
    equal(charged, fixedCommission(500, 500 * 126_000));
  });
});
