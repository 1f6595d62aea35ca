/**
 * From a tick on the socket to the order for it on the socket, as the gateway sees it: the whole session in its thread, beside
 * a bare client of the same library that orders on the same ticks and decides nothing, and a bare echo of the same bytes.
 * Then ten symbols that cross in one piece of bytes. The three take turns, so that a busy machine is busy for all.
 */
import { EventName, IBApi, OrderAction, OrderType, SecType, TimeInForce } from '@stoqey/ib';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { FromSession, SessionConfig, ToSession } from '../../src/shared/protocol';
import type { Peer } from '../wire/scriptedGateway';
import { CrossingsGateway, ORDER_BELOW, SETTINGS, SYMBOLS } from './crossings';
import { bench, numberText, report, spread, type Row, type Table } from './harness';

const ROUNDS = 4;
const SECONDS = 4;
/** A whole second of the clock lies in it, whenever it begins: z is above 0 once that one has closed. */
const WARM_UP_SECONDS = 2.5;
const BURSTS = 8;
/** So long does z take to have increments enough. */
const FIRST_SECONDS = 8;

type Role = { role: 'bare' | 'default'; port: number; clientId: number } | { role: 'echo'; port: number };

interface Contender {
  readonly name: string;
  readonly gateway: CrossingsGateway;
  readonly peer: Peer;
  readonly latencies: number[];
  readonly bursts: number[];
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-bench-'));
  const workers: Worker[] = [];
  try {
    const session = await sessionOn(folder, workers);
    const bare = await clientOn('a bare client', 'bare', workers);
    const defaults = await clientOn('a bare client, its defaults', 'default', workers);
    const echo = await echoOn(workers);
    const all = [session, bare, echo];
    for (const { gateway, peer } of all) await gateway.feed(peer, FIRST_SECONDS, true);
    for (let round = 0; round < ROUNDS; round++)
      for (const { name, gateway, peer, latencies } of all) {
        await gateway.feed(peer, WARM_UP_SECONDS, false);
        gateway.latencies.length = 0;
        await gateway.feed(peer, SECONDS, true);
        if (gateway.latencies.length === 0) throw new Error(`Not one order came from ${name}`);
        latencies.push(...gateway.latencies);
      }
    for (let n = 0; n < BURSTS; n++)
      for (const { gateway, peer, bursts } of [session, bare, defaults, echo])
        bursts.push(await burst(gateway, peer, n));
    report(latencyTable(session, bare, echo), burstTable([session, bare, defaults, echo]));
  } finally {
    // The session ends by itself, with its files closed; the others have nothing to close.
    await Promise.race([
      new Promise(resolve => workers[0]?.once('exit', resolve).postMessage({ type: 'stop' })),
      pause(5000),
    ]);
    await Promise.all(workers.map(worker => worker.terminate()));
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

async function burst(gateway: CrossingsGateway, peer: Peer, n: number): Promise<number> {
  await gateway.feed(peer, 0.6, false);
  return gateway.burst(peer, n * 10);
}

function latencyTable(session: Contender, bare: Contender, echo: Contender): Table {
  const row = ({ name, latencies }: Contender): Row => {
    const { median, p99, worst, n } = spread(latencies);
    return { what: name, values: [median * 1000, p99 * 1000, worst * 1000, n] };
  };
  const of = ({ latencies }: Contender): number => spread(latencies).median;
  const times = (other: Contender): string => (of(session) / of(other)).toFixed(2);
  return {
    title: 'Tick to order on the wire, µs',
    how: '100 symbols × 10 ticks/s over a socket, one tick in fifty leads to an order; journal and tape on, the session in its thread. Measured at the gateway from the write of the tick to the arrival of the order. Beside it a client of the same library in a thread, noDelay, its limiter lifted, that orders on the same ticks; and an echo of the bytes.',
    columns: ['median', 'p99', 'worst', 'orders'],
    rows: [session, bare, echo].map(row),
    aim: 'within 1.2 × the bare client, then towards 2 × the echo (medians)',
    found: `${times(bare)} × the bare client, ${times(echo)} × the echo`,
  };
}

function burstTable(all: readonly Contender[]): Table {
  const rows = all.map(({ name, bursts }) => {
    const { median, worst, n } = spread(bursts.filter(ms => !Number.isNaN(ms)));
    return { what: name, values: [median, worst, n] };
  });
  return {
    title: 'Ten orders at once, the last one on the wire, ms',
    how: 'Ten symbols cross in one piece of bytes. With the defaults of the library orders wait for its limiter and for the acknowledgement of the one before.',
    columns: ['median', 'worst', 'bursts'],
    rows,
    aim: '5 ms',
    found: `${numberText(rows[0]?.values[0] ?? null)} ms`,
  };
}

async function sessionOn(folder: string, workers: Worker[]): Promise<Contender> {
  const gateway = new CrossingsGateway();
  await gateway.scripted.listen();
  const targetsFile = path.join(folder, 'targets.txt');
  fs.writeFileSync(targetsFile, SYMBOLS.map(symbol => `${symbol} buy=0.1 sell=5`).join('\n'));
  const worker = new Worker(path.join(__dirname, '../session.js'), { env: {} });
  workers.push(worker);
  const config: SessionConfig = {
    ...{ broker: 'ib', host: '127.0.0.1', port: gateway.scripted.port, clientId: 21, targetsFile, folder },
    ...{ settings: SETTINGS, budget: { equity: 100_000_000, risky: 1, safe: 0 } },
  };
  const trading = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromSession) => {
      if (message.type === 'snapshot' && message.snapshot.phase === 'trading') resolve();
      if (message.type === 'ended' || message.type === 'refused') reject(new Error(message.text));
      if (process.env.BENCH_LOG && message.type !== 'snapshot' && message.type !== 'fill') console.error(JSON.stringify(message));
    });
    worker.on('error', reject);
  }); // prettier-ignore
  worker.postMessage({ type: 'start', config } satisfies ToSession);
  await trading;
  return { name: 'Dronebot', gateway, peer: gateway.scripted.peer, latencies: [], bursts: [] };
}

async function clientOn(name: string, role: 'bare' | 'default', workers: Worker[]): Promise<Contender> {
  const gateway = new CrossingsGateway();
  await gateway.scripted.listen();
  const data: Role = { role, port: gateway.scripted.port, clientId: 22 };
  workers.push(new Worker(__filename, { workerData: data, env: {} }));
  const peer = await gateway.scripted.nextPeer();
  while (gateway.subscribed(peer) < SYMBOLS.length) await new Promise(resolve => setTimeout(resolve, 20));
  return { name, gateway, peer, latencies: [], bursts: [] };
}

/** The echo asks for nothing: it is fed as if it had, and what comes back is taken for the order. */
async function echoOn(workers: Worker[]): Promise<Contender> {
  const gateway = new CrossingsGateway();
  const { port, peer } = await gateway.listenForEcho();
  workers.push(new Worker(__filename, { workerData: { role: 'echo', port } satisfies Role, env: {} }));
  return { name: 'a bare echo', gateway, peer: await peer, latencies: [], bursts: [] };
}

function client({ role, port, clientId }: Extract<Role, { clientId: number }>): void {
  const isTuned = role === 'bare';
  const api = new IBApi({ host: '127.0.0.1', port, clientId, ...(isTuned ? { maxReqPerSec: 5000 } : {}) });
  let nextId = 1;
  const symbols = new Map<number, string>();
  const contract = (symbol: string) => ({ symbol, secType: SecType.STK, exchange: 'SMART', currency: 'USD' });
  api.once(EventName.nextValidId, (id: number) => {
    nextId = id;
    SYMBOLS.forEach((symbol, index) => {
      symbols.set(index + 1, symbol);
      api.reqMktData(index + 1, contract(symbol), '', false, false);
    });
  });
  api.on(EventName.tickPrice, (id: number, type: number, price: number | undefined) => {
    if (type !== 4 || price === undefined || !(price < ORDER_BELOW)) return;
    api.placeOrder(nextId++, contract(symbols.get(id) ?? ''), {
      action: OrderAction.BUY,
      totalQuantity: 10,
      orderType: OrderType.LMT,
      lmtPrice: price,
      tif: TimeInForce.IOC,
      transmit: true,
    });
  });
  api.on(EventName.error, () => undefined);
  const parts = api as unknown as { controller: { socket: { client?: net.Socket; send(tokens: unknown[]): void }; rateLimiter(tokens: unknown[]): void } }; // prettier-ignore
  if (isTuned) parts.controller.rateLimiter = tokens => parts.controller.socket.send(tokens);
  api.connect();
  if (isTuned) parts.controller.socket.client?.setNoDelay(true);
}

function echo(port: number): void {
  const socket = net.connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.on('data', bytes => socket.write(bytes));
}

if (isMainThread) bench(main);
else if ((workerData as Role).role === 'echo') echo((workerData as Role).port);
else client(workerData as Extract<Role, { clientId: number }>);
