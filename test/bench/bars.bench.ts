/**
 * How long a history reply of ten thousand bars blocks the event loop of who receives it: the whole session in its thread,
 * beside the client library as published. Seen by a timer in the same thread that wants to run every millisecond.
 */
import { BarSizeSetting, EventName, IBApi, SecType, WhatToShow } from '@stoqey/ib';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { FromSession, SessionConfig } from '../../src/shared/protocol';
import { contractDetails, frameOf, ScriptedGateway, type Field, type Peer } from '../wire/scriptedGateway';
import { bench, report, spread, type Row } from './harness';

const BARS = 10_000;
const SYMBOLS = Array.from({ length: 9 }, (_, index) => `H${index}`);
const LIBRARY_ROUNDS = 2;

interface Beat {
  beat: number;
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-bench-'));
  const gateway = await new ScriptedGateway().listen();
  const asked: { peer: Peer; id: string }[] = [];
  gateway.script.on[20] = (peer, fields) => void asked.push({ peer, id: fields[1] ?? '' });
  gateway.script.on[9] = (peer, fields) => {
    peer.send(...contractDetails(fields[2] ?? '', fields[4] ?? '', 1000 + SYMBOLS.indexOf(fields[4] ?? '')));
    peer.send(52, 1, fields[2] ?? '');
  };
  try {
    const session = await blocks('session', gateway, asked, folder, SYMBOLS.length);
    asked.length = 0;
    const library = await blocks('library', gateway, asked, folder, LIBRARY_ROUNDS);
    const row = (what: string, values: readonly number[]): Row => {
      const { median, worst, n } = spread(values);
      return { what, values: [median, worst, n] };
    };
    report({
      title: 'Event loop blocked while 10,000 bars arrive, ms',
      how: 'One history reply of 10,000 minute bars in one frame. The session keeps, records and counts them; the library as published only hands them to an empty listener.',
      columns: ['median', 'worst', 'replies'],
      rows: [row('Dronebot, the whole session', session), row('the library as published', library)],
      aim: '50 ms',
      found: `${spread(session).median.toFixed(1)} ms, ${Math.round(spread(library).median / spread(session).median)} times shorter than the library’s`,
    });
  } finally {
    await gateway.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The longest beat of the thread around each of the replies. */
async function blocks(
  role: 'session' | 'library',
  gateway: ScriptedGateway,
  asked: { peer: Peer; id: string }[],
  folder: string,
  rounds: number,
): Promise<number[]> {
  const targetsFile = path.join(folder, 'targets.txt');
  fs.writeFileSync(targetsFile, SYMBOLS.join('\n'));
  const worker = new Worker(__filename, { workerData: { role, port: gateway.port, rounds }, env: {} });
  const failed = new Promise<never>((_, reject) => worker.on('error', reject));
  const config: SessionConfig = {
    ...{ broker: 'ib', host: '127.0.0.1', port: gateway.port, clientId: 21, targetsFile, folder },
    ...{ settings: {}, budget: { equity: 150_000, risky: 0.6, safe: 0.4 } },
  };
  if (role === 'session') worker.postMessage({ type: 'start', config });
  const found: number[] = [];
  const end = Date.now() + 60_000;
  while (asked.length < rounds && Date.now() < end) await Promise.race([pause(50), failed]);
  if (asked.length < rounds) throw new Error(`Only ${asked.length} of ${rounds} downloads were asked for`);
  for (const { peer, id } of asked.slice(0, rounds)) {
    const bytes = frameOf(reply(id));
    await pause(400);
    worker.postMessage({ type: 'beat' });
    const longest = new Promise<number>(resolve => {
      worker.on('message', function heard(message: FromSession | Beat) {
        if (!('beat' in message)) return;
        worker.off('message', heard);
        resolve(message.beat);
      });
    });
    peer.raw(bytes);
    await pause(role === 'session' ? 600 : 1000);
    worker.postMessage({ type: 'beat' });
    found.push(await Promise.race([longest, failed]));
  }
  await worker.terminate();
  return found;
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function reply(id: string): Field[] {
  const end = Math.floor(Date.now() / 60_000) * 60;
  const bars = Array.from({ length: BARS }, (_, n) => {
    const price = (cents: number): string => (27 + ((n * 7 + cents) % 90) / 100).toFixed(2);
    return [String(end - (BARS - n) * 60), price(3), price(9), price(0), price(5), 1200 + (n % 700), price(4), 11 + (n % 5)];
  });
  return [17, id, '20261118 09:30:00 US/Eastern', '20261123 16:00:00 US/Eastern', BARS, ...bars.flat()];
} // prettier-ignore

/** Between two messages `beat`: the longest time that a timer of one millisecond had to wait. */
function watchBeats(): void {
  let longest = NaN;
  let last = 0;
  const beat = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!Number.isNaN(longest)) setTimeout(beat, 1);
  };
  parentPort?.on('message', ({ type }: { type: string }) => {
    if (type !== 'beat') return;
    if (!Number.isNaN(longest)) {
      parentPort?.postMessage({ beat: longest } satisfies Beat);
      longest = NaN;
      return;
    }
    longest = 0;
    last = performance.now();
    setTimeout(beat, 1);
  });
}

function library(port: number, rounds: number): void {
  const api = new IBApi({ host: '127.0.0.1', port, clientId: 22 });
  api.once(EventName.nextValidId, () => {
    for (let id = 1; id <= rounds; id++) {
      const contract = { symbol: `H${id}`, secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
      api.reqHistoricalData(id, contract, '', '1 D', BarSizeSetting.MINUTES_ONE, WhatToShow.TRADES, 0, 2, false);
    }
  });
  api.on(EventName.historicalData, () => undefined);
  api.on(EventName.error, () => undefined);
  api.connect();
}

if (isMainThread) bench(main);
else {
  const { role, port, rounds } = workerData as { role: 'session' | 'library'; port: number; rounds: number };
  watchBeats();
  if (role === 'library') library(port, rounds);
  else void import('../../src/session/worker');
}
