import { deepEqual, equal } from 'node:assert/strict';
import * as f from '../../../src/reports/format';

describe('format: one form for every number', () => {
  const cases: readonly [string, string, string][] = [
    ['a price', f.price(12.77), '12.77'],
    ['a price under a dollar', f.price(0.4213, 4), '0.4213'],
    ['a half-cent price', f.price(12.765, 3), '12.765'],
    ['no price', f.price(null), '–'],
    ['average cost', f.averageCost(12.3411), '12.3411'],
    ['a rung percent', f.rungPercent(3.285), '3.285%'],
    ['a distance down', f.distance(-3.6805), '−3.68%'],
    ['a distance up', f.distance(0.1566), '+0.16%'],
    ['no distance at all', f.distance(0), '0.00%'],
    ['a distance that rounds to zero', f.distance(-0.001), '0.00%'],
    ['a base percent', f.basePercent(0.6), '0.60'],
    ['basis points', f.basisPoints(15.66), '16 bp'],
    ['z above 0', f.zScore(0.38), '+0.38'],
    ['z below 0', f.zScore(-0.14), '−0.14'],
    ['z of zero', f.zScore(0), '+0.00'],
    ['z that rounds to zero', f.zScore(-0.004), '+0.00'],
    ['a size', f.dollars(2311.5), '$2,312'],
    ['a clip', f.dollarsAndCents(2311.5), '$2,311.50'],
    ['a profit', f.profit(175.84), '+$175.84'],
    ['a loss', f.profit(-29.19), '−$29.19'],
    ['neither', f.profit(0), '$0.00'],
    ['a loss of less than half a cent', f.profit(-0.004), '$0.00'],
    ['cash out', f.amount(-29847.19), '−29,847.19'],
    ['realized', f.amount(65.76, 'always'), '+65.76'],
    ['nothing realized', f.amount(0, 'always'), '0.00'],
    ['shares', f.shares(1075), '1,075'],
    ['a young tick', f.age(400), '0.4 s'],
    ['an old tick', f.age(23_000), '23 s'],
    ['a tick just under ten seconds', f.age(9_960), '10 s'],
    ['no tick', f.age(null), '–'],
    ['time to the close', f.duration(15_463_000), '4:17:43'],
    ['minutes', f.duration(63_000), '1:03'],
    ['winter time', f.clock(Date.parse('2026-11-18T16:42:17Z')), '11:42:17'],
    ['summer time', f.clock(Date.parse('2026-07-01T13:30:00Z')), '09:30:00'],
    ['midnight is 00', f.clock(Date.parse('2026-07-01T04:00:00Z')), '00:00:00'],
    ['day and time', f.dayAndTime(Date.parse('2026-11-17T20:59:30Z')), 'Nov 17, 15:59 ET'],
    ['the exchange date late in the evening', f.exchangeDate(Date.parse('2026-11-19T01:00:00Z')), '2026-11-18'],
  ];
  for (const [name, found, expected] of cases) it(name, () => equal(found, expected));

  it('counts with the right word', () =>
    deepEqual([f.count(1, 'position'), f.count(7, 'position')], ['1 position', '7 positions']));
});
