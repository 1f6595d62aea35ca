/** Budgets, clips and shares. */
import { deepEqual, equal } from 'node:assert/strict';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/strategy/settings';
import { allowance, clipUsd, largestSell, plannedShares } from '../../../src/strategy/sizing';

const settings = (changed: Partial<Settings> = {}): Settings => ({ ...DEFAULT_SETTINGS, ...changed });
const clip = (budget: number, of: 'risky' | 'safe', last: number, fixed: number | null = null): number =>
  Math.round(clipUsd(budget, of, last, fixed, settings()) * 1e6) / 1e6;

describe('strategy: sizing', () => {
  it('divides the equity in use by class and symbol', () => {
    const { most, ...made } = allowance({ equity: 150_000, risky: 0.6, safe: 0.4 }, { risky: 6, safe: 3 }, settings());
    const exactly = [most.all, most.class.risky, most.class.safe, most.symbol.risky, most.symbol.safe].map(
      ({ exact }) => exact.toString(),
    );
    deepEqual(exactly, ['100500', '60300', '40200', '22110', '29480.000000000004']);
    deepEqual(made, {
      effectiveEquity: 100_500,
      classBudget: { risky: 60_300, safe: 40_200 },
      tickerBudget: { risky: 10_050, safe: 13_400 },
    });
  });

  it('gives a class without symbols nothing to divide', () => {
    const made = allowance({ equity: 100, risky: 1, safe: 0 }, { risky: 0, safe: 0 }, settings());
    deepEqual(made.tickerBudget, { risky: 0, safe: 0 });
  });

  it('utilization is a setting', () => {
    const made = allowance({ equity: 100_000, risky: 0.5, safe: 0.5 }, { risky: 1, safe: 1 }, settings({ 'sizing.utilization': 0.5 })); // prettier-ignore
    equal(made.effectiveEquity, 50_000);
  });

  const clips: readonly (readonly [why: string, budget: number, of: 'risky' | 'safe', last: number, usd: number])[] = [
    ['at the reference price', 12_000, 'risky', 50, 1150],
    ['safe', 12_000, 'safe', 50, 850],
    ['a cheaper stock gets more', 12_000, 'risky', 40, 1437.5],
    ['at most twice', 12_000, 'risky', 10, 2300],
    ['at most twice, below a dollar too', 12_000, 'risky', 0.2, 2300],
    ['a dearer stock gets less', 12_000, 'risky', 80, 718.75],
    ['at least half', 12_000, 'risky', 500, 575],
    ['never below the smallest', 600, 'safe', 50, 100],
    ['never above the largest', 1_000_000, 'risky', 50, 6000],
  ];
  for (const [why, budget, of, last, usd] of clips)
    it(`clip, ${why}: ${usd}`, () => equal(clip(budget, of, last), usd));

  it('clip= counts as it is, outside the limits too', () => {
    equal(clip(12_000, 'risky', 50, 7), 7);
    equal(clip(12_000, 'risky', 50, 50_000), 50_000);
  });

  it('shots, factors, limits and the price of reference are settings', () => {
    const usd = (changed: Partial<Settings>, of: 'risky' | 'safe' = 'risky', last = 50): number =>
      clipUsd(12_000, of, last, null, settings(changed));
    equal(usd({ 'sizing.shots': 6 }), 2300);
    equal(usd({ 'sizing.riskyClipFactor': 2 }), 2000);
    equal(usd({ 'sizing.safeClipFactor': 2 }, 'safe'), 2000);
    equal(usd({ 'sizing.clipPriceReference': 25 }), 575);
    equal(usd({ 'sizing.minClip': 1500 }), 1500);
    equal(usd({ 'sizing.maxClip': 700 }), 700);
  });

  const shares: readonly (readonly [clip: number, rung: number, last: number, shares: number])[] = [
    [1000, 1, 100, 10],
    [1000, 1, 99.99, 11],
    [1000, 2, 100, 12],
    [1000, 3, 100, 14],
    [1000, 4, 100, 16],
    [1000, 5, 100, 18],
    [1000, 6, 100, 20],
    [1000, 7, 100, 23],
    [100, 1, 5000, 1],
    [100, 7, 0.05, 4600],
  ];
  for (const [usd, rung, last, n] of shares) {
    it(`a clip of ${usd} at ${last} plans ${n} shares for rung ${rung}`, () =>
      equal(plannedShares(usd, rung, last), n));
  }

  const sells: readonly (readonly [last: number, shares: number])[] = [
    [100, 150],
    [99.99, 150],
    [1, 10_000],
    [1.51, 9933],
    [15_000, 1],
    [15_001, 1],
    [40_000, 1],
  ];
  for (const [last, n] of sells) {
    it(`a sell at ${last} holds at most ${n} shares`, () => equal(largestSell(last, settings()), n));
  }
});
