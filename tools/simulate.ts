/**
 * `npm run simulate -- --seeds N --from S`: the deterministic simulation of a session on as many seeds as wished. For a failure
 * it prints the seed, the faults that it takes and the first promise that was broken. It checks nothing itself.
 */
import { parseArgs } from 'node:util';
import { bundleProduct } from '../test/simulation/bundle';
import { failureText, simulateMany, totalsText } from '../test/simulation/fleet';
import { shrink, shrunkText } from '../test/simulation/shrink';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      all: { type: 'boolean', default: false },
    },
  });
  const seeds = Number(values.seeds);
  const from = Number(values.from);
  if (!(Number.isInteger(seeds) && seeds > 0 && Number.isInteger(from))) {
    throw new Error('usage: simulate [--seeds N] [--from S] [--all], whole numbers; --all goes on after a failure');
  }
  const code = bundleProduct();
  const every = Math.max(50, Math.round(seeds / 20));
  const totals = await simulateMany({
    from,
    seeds,
    code,
    isThorough: values.all,
    seen: (outcome, done) => {
      if (outcome.failure !== null) console.log(failureText(outcome));
      if (done % every === 0) console.log(`${done} of ${seeds} seeds`);
    },
  });
  console.log(`\n${totalsText(totals)}`);
  for (const outcome of totals.failures.slice(0, 5)) console.log(`\n${shrunkText(await shrink(outcome, code))}`);
  for (const { seed, events, fills } of totals.tame)
    console.log(`seed ${seed} was tame: ${events} events, ${fills} fills`);
  const n = totals.failures.length;
  console.log(n === 0 ? '\nEvery promise was kept.' : `\n${n} of ${totals.seeds} seeds broke a promise.`);
  if (n > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
