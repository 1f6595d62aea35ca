/**
 * Each mutant is caught by the seeded run alone, from the same seeds that the product passes. One that is not means that the
 * simulation looks away, and fails here.
 */
import assert from 'node:assert/strict';
import { bundleProduct, mutate } from '../bundle';
import { failureText, simulateMany } from '../fleet';
import { MUTANTS } from './mutants';

const SEEDS = 800;

describe('simulation: mutants', function () {
  this.timeout(600_000);
  const table: string[] = [];
  let code = '';

  before(() => (code = bundleProduct()));
  after(() => console.log(`\n${table.join('\n')}\n`));

  for (const { name, changes } of MUTANTS) {
    it(`${name}: caught`, async () => {
      const totals = await simulateMany({ from: 1, seeds: SEEDS, code: mutate(code, changes) });
      const [first] = totals.failures;
      assert.ok(first, `not caught within ${totals.seeds} seeds`);
      table.push(
        `${name.padEnd(45)} seed ${String(first.seed).padStart(3)}, after ${String(totals.seeds).padStart(3)} runs: ${first.failure?.rule}`,
      );
      assert.ok(first.failure !== null, failureText(first));
    });
  }
});
