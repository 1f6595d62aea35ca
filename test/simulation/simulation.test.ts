/**
 * Two thousand simulated sessions, each with at least two thousand events, three faults, a restart and a fill: no promise of
 * docs/strategy.md is broken in any of them, and every kind of fault has occurred often enough to mean something.
 */
import assert from 'node:assert/strict';
import { bundleProduct, bundleWorker } from './bundle';
import { FAULT_KINDS, type PlannedFault } from './faults';
import { doneBy, failureText, simulateMany, totalsText, type Totals } from './fleet';
import { FLOOR, meetsFloor } from './floor';
import { Thread } from './thread';

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

describe('simulation: a run that would be too tame', function () {
  this.timeout(120_000);
  let thread: Thread;

  before(() => (thread = new Thread(bundleWorker(), bundleProduct())));
  after(() => thread.close());

  // Whoever would release it finds no session, and does not come back.
  const killed: PlannedFault[] = [
    { at: 3, kind: 'kill', how: 0.1 },
    { at: 12, kind: 'crash', how: 0.3 },
    { at: 40, kind: 'cutLink', how: 0.5 },
  ];

  it('goes on until it was worth the while', async () => {
    const long = await thread.run(1, { plan: killed });
    assert.ok(meetsFloor(doneBy(long)), JSON.stringify(long));
    assert.ok(long.course.rounds > 0);
  });

  it('gets the restart and the faults that it lacks, and runs the same when they are planned', async () => {
    const outcome = await thread.run(1, { plan: [] });
    assert.ok(meetsFloor(doneBy(outcome)), JSON.stringify(outcome));
    assert.equal(doneBy(outcome).faults, FLOOR.faults);
    assert.deepEqual(await thread.run(1, outcome.course), outcome);
  });

  it('trades on the next morning when its day is over', async () => {
    const eightMinutesBeforeTheClose = 9;
    const plan: PlannedFault[] = [...killed, { at: 412, kind: 'asleep', how: 0.99 }];
    const outcome = await thread.run(eightMinutesBeforeTheClose, { plan });
    assert.ok(meetsFloor(doneBy(outcome)), JSON.stringify(outcome));
    assert.equal(outcome.faults.overNight, 1);
  });
});
