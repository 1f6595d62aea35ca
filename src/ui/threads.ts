/**
 * Worker threads as the controller and the simulator host see them: messages in, messages out, one word at the end. Each
 * starts with an empty environment, so that nothing a shell or a .env says can redirect an order.
 */
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromSession, ToSession } from '../shared/protocol';
import type { SessionThread } from './sessionController';

export function sessionThread(distFolder: string): SessionThread {
  const worker = startWorker(path.join(distFolder, 'session.js'), null);
  let failure = '';
  worker.on('error', error => (failure = error.stack ?? error.message));
  return {
    post: (message: ToSession) => worker.postMessage(message),
    onMessage: listener => worker.on('message', (message: FromSession) => listener(message)),
    onExit: listener =>
      worker.on('exit', code =>
        listener(failure !== '' ? failure : code === 0 ? '' : `The session’s thread ended with code ${code}.`),
      ),
    terminate: () => void worker.terminate(),
  };
}

export function startWorker(file: string, workerData: unknown): Worker {
  return new Worker(file, { workerData, env: {}, execArgv: [], stdout: false, stderr: false });
}
