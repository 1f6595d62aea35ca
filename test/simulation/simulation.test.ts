/**
 * Two thousand simulated sessions, each with at least two thousand events, three faults, a restart and a fill: no promise of
 * docs/strategy.md is broken in any of them, and every kind of fault has occurred often enough to mean something.
 */
import assert from 'node:assert/strict';
import { bundleProduct } from './bundle';
import { FAULT_KINDS } from './faults';
import { failureText, simulateMany, totalsText, type Totals } from './fleet';

const SEEDS = 2000;
const LEAST_OF_A_KIND = 50;

describe('simulation', function () {
  this.timeout(1_200_000);
  let totals: Totals;

  before(async () => {
    totals = await simulateMany({ from: 1, seeds: SEEDS, code: bundleProduct(), isThorough: true });
    console.log(`\n${totalsText(totals)}\n`);
  });

  it(`keeps every promise on ${SEEDS} seeds`, () =>
    assert.deepEqual(totals.failures.map(failureText), [], 'npm run simulate -- --from SEED --seeds 1 shrinks it'));

  it('has no run too tame to mean anything', () =>
    assert.deepEqual(
      totals.tame.map(({ seed }) => seed),
      [],
    ));

  it(`has every kind of fault at least ${LEAST_OF_A_KIND} times`, () =>
    assert.deepEqual(
      FAULT_KINDS.filter(kind => totals.faults[kind] < LEAST_OF_A_KIND),
      [],
    ));
});
