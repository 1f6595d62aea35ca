/**
 * A simulated gateway in a thread of its own, from its start to the port it listens on: for sessions (simulator.ts) and for
 * other programs (standaloneSimulator.ts).
 */
import * as path from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { FromSimulator, SimulatorOptions } from '../gateway/worker';
import { startWorker } from './threads';

const START_WITHIN_MS = 10_000;
const STOP_WITHIN_MS = 2000;

export interface GatewayThread {
  readonly worker: Worker;
  readonly port: number;
}

/** Rejects with what the gateway said when it did not start. */
export function launchGateway(
  distFolder: string,
  options: SimulatorOptions,
  log: (text: string) => void,
): Promise<GatewayThread> {
  const worker = startWorker(path.join(distFolder, 'gateway.js'), options);
  return new Promise((resolve, reject) => {
    const fail = (text: string) => {
      clearTimeout(timer);
      void worker.terminate();
      reject(new Error(text));
    };
    const timer = setTimeout(
      () => fail(`The simulator did not start within ${START_WITHIN_MS / 1000} s`),
      START_WITHIN_MS,
    );
    worker.on('message', (message: FromSimulator) => {
      if (message.type === 'log') return log(message.text);
      if (message.type === 'failed') return fail(message.text);
      clearTimeout(timer);
      return resolve({ worker, port: message.port });
    });
    worker.on('error', error => fail(error.message));
    worker.on('exit', () => fail('The simulator ended before it listened'));
  });
}

/** Its clients see their connections close; when it does not end by itself, it is ended. */
export async function closeGateway({ worker }: GatewayThread): Promise<void> {
  const ended = new Promise(resolve => worker.once('exit', resolve));
  worker.postMessage({ type: 'stop' });
  const timer = setTimeout(() => void worker.terminate(), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}
