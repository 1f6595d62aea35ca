/**
 * A thread that simulates one seed after the other, as they are handed to it, and says what came of each.
 */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { Stage } from './machine';
import { load } from './product';
import { simulate, type GivenCourse } from './simulation';

export interface Task {
  seed: number;
  /** Instead of what the seed would plan. */
  given?: GivenCourse;
}

const { code } = workerData as { code: string };
const stage = new Stage();
const product = load(code, stage.host(), createRequire(process.cwd() + '/'));

parentPort?.on('message', ({ seed, given }: Task) => {
  void simulate(seed, product, stage, given).then(outcome => parentPort?.postMessage(outcome));
});
