/** Where doubles decide in place of decimals: the same prices and shares as decimals alone give, on the grid and next to it. */
import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { Exact, money, percentFactor, NOTHING, sharesLeft, threshold, ZERO } from '../../../src/strategy/exact';
import { buyLimit } from '../../../src/strategy/limitPrice';
import { Ticks, type TickBands } from '../../../src/strategy/ticks';

const GRIDS: readonly TickBands[] = [
  [[0, 0.0001], [1, 0.01]],
  [[0, 0.05]],
  [[0, 0.0005], [10, 0.025]],
  [[0, 1]],
]; // prettier-ignore

const grid = fc.constantFrom(...GRIDS);
/** Prices on the grid, exactly or by an ulp or two, at the bands' edges, and any others. */
const price = fc.oneof(
  fc.integer({ min: 1, max: 2_000_000 }).map(n => n / 100),
  fc.integer({ min: 1, max: 200_000 }).map(n => n / 10_000),
  fc.integer({ min: 1, max: 20_000 }).map(n => (n * 25) / 1000),
  fc.constantFrom(1, 10, 0.9999999999999999, 9.999999999999998, 1.0000000000000002, 0.00011),
  fc.double({ min: 0.001, max: 5000, noNaN: true }),
);

/** The same by decimals alone. */
function onGrid(exact: InstanceType<typeof Exact>, bands: TickBands, isUp: boolean): string {
  const near = exact.toNumber();
  const tick = [...bands].reverse().find(([from]) => near >= from)?.[1] ?? bands[0]![1];
  const whole = exact.div(tick)[isUp ? 'ceil' : 'floor']();
  return Exact.max(whole, 1).times(tick).toString();
}

describe('strategy: doubles in place of decimals', () => {
  it('round a price to the same tick', () => {
    fc.assert(
      fc.property(price, grid, fc.boolean(), (value, bands, isUp) => {
        const ticks = new Ticks(bands);
        equal(ticks[isUp ? 'up' : 'down'](money(value)).toString(), onGrid(money(value), bands, isUp));
      }),
      { numRuns: 3000 },
    );
  });

  it('make the same limit of a buy', () => {
    const percents = fc.constantFrom(0, 0.1, 0.5, 1, 2.5);
    fc.assert(
      fc.property(price, price, percents, grid, (last, rung, percent, bands) => {
        const beyond = threshold(percentFactor(percent));
        const exact = Exact.min(money(last).times('1.004'), money(rung).times(beyond.exact));
        const limit = buyLimit(last, last, last, rung, beyond, new Ticks(bands));
        const found = onGrid(exact, bands, true);
        deepEqual([limit?.text, limit?.near, limit?.exact.toString()], [found, Number(found), found]);
      }),
      { numRuns: 3000 },
    );
  });

  it('count the same shares', () => {
    const amount = fc.oneof(
      fc.double({ min: -1e6, max: 1e9, noNaN: true }).map(money),
      fc.tuple(price, fc.integer({ min: 0, max: 100_000 })).map(([each, n]) => money(each).times(n)),
      fc.tuple(price, fc.integer({ min: 1, max: 100_000 })).map(([each, n]) => money(each).times(n).minus('1e-20')),
    );
    fc.assert(
      fc.property(amount, amount, price, (usd, gone, each) => {
        for (const [most, spent] of [[usd, ZERO], [usd, gone], [usd, usd.minus(money(each).times(3))]] as const) {
          const shares = sharesLeft(threshold(most), threshold(spent), threshold(money(each)));
          equal(shares, most.minus(spent).divToInt(money(each)).toNumber());
        }
      }),
      { numRuns: 3000 },
    ); // prettier-ignore
    const of = (usd: string): number => sharesLeft(threshold(money(usd)), NOTHING, threshold(money('98.4')));
    equal(of('984'), 10);
    equal(of('983.99999999999999999999'), 9);
  });
});
