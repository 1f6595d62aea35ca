/** A thread for simulations, seen from outside: a seed in, its outcome out. */
import { Worker } from 'node:worker_threads';
import type { GivenCourse, Outcome } from './simulation';
import type { Task } from './worker';

/** Far longer than any seed takes; seconds that were lived through, as a computer may sleep or stop us for a while. */
const SILENT_SECONDS = 120;

export class Thread {
  private readonly worker: Worker;
  private waiting: { done(outcome: Outcome): void; failed(why: string): void } | null = null;

  /**
   * @param source the built worker
   * @param code the built product, mutated or not
   */
  constructor(source: string, code: string) {
    this.worker = new Worker(source, { eval: true, workerData: { code } });
    this.worker.on('message', (outcome: Outcome) => this.waiting?.done(outcome));
    this.worker.on('error', error => this.waiting?.failed(error.stack ?? error.message));
    this.worker.on('exit', exitCode => this.waiting?.failed(`the thread ended with ${exitCode}`));
  }

  run(seed: number, given?: GivenCourse): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let seconds = 0;
      const timer = setInterval(() => {
        if (++seconds >= SILENT_SECONDS) this.waiting?.failed(`no end within ${seconds} s`);
      }, 1000);
      const over = (end: () => void): void => {
        clearInterval(timer);
        this.waiting = null;
        end();
      };
      this.waiting = {
        done: outcome => over(() => resolve(outcome)),
        failed: why => over(() => reject(new Error(`seed ${seed}: ${why}`))),
      };
      this.worker.postMessage({ seed, ...(given === undefined ? {} : { given }) } satisfies Task);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
