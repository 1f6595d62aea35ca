/**
 * The thread that collects bars for the pre-session anchors, so that neither the extension host nor a live session waits for
 * it: one run by message, progress and outcome back, then it ends.
 */
import { parentPort } from 'node:worker_threads';
import { PastBars } from '../broker/ib/pastBars';
import { BrokerFailure, type BrokerProblem, type HistoryPortConfig } from '../broker/port';
import type { AnchorsProgress, AnchorsRequest, AskedRequest } from '../shared/anchors';
import { AnchorsRun, type AnchorsOutcome } from './anchorsRun';

export type ToAnchorsWorker =
  { type: 'start'; config: HistoryPortConfig; request: AnchorsRequest } | { type: 'cancel' };

export type FromAnchorsWorker =
  | { type: 'progress'; progress: AnchorsProgress }
  | { type: 'problem'; problem: BrokerProblem }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; text: string }
  | { type: 'failed'; problem: BrokerProblem }
  | { type: 'done'; outcome: AnchorsOutcome; asked: readonly AskedRequest[] };

if (parentPort === null) throw new Error('Anchors are collected in a worker thread.');
const host = parentPort;
const emit = (message: FromAnchorsWorker): void => host.postMessage(message);
let run: AnchorsRun | null = null;

host.on('message', (message: ToAnchorsWorker) => {
  if (message.type === 'cancel') run?.end('cancelled');
  else void collect(message.config, message.request);
});

async function collect(config: HistoryPortConfig, request: AnchorsRequest): Promise<void> {
  let port: PastBars | null = null;
  run = new AnchorsRun(listener => (port = new PastBars(config, listener, { before: request.asked })), {
    progress: progress => emit({ type: 'progress', progress }),
    problem: problem => emit({ type: 'problem', problem }),
    log: (level, text) => emit({ type: 'log', level, text }),
  });
  const asked = (): readonly AskedRequest[] => port?.asked ?? [];
  try {
    await run.connect();
    const outcome = await run.run(request);
    emit({ type: 'done', outcome, asked: asked() });
  } catch (error) {
    if (!(error instanceof BrokerFailure)) throw error;
    emit({ type: 'failed', problem: error.problem });
  } finally {
    host.close();
  }
}
