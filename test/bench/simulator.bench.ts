/**
 * What the built-in simulator costs: a hundred symbols at ten market steps a second in real time, in a process of its own so
 * that its CPU can be told apart, and how many times faster than real time it goes when nothing holds it back.
 */
import { EventName, IBApi, SecType } from '@stoqey/ib';
import { fork, type ChildProcess } from 'node:child_process';
import { startGateway } from '../../src/gateway/gateway';
import { bench, report } from './harness';

const SYMBOLS = 100;
const STEPS = 10;
const SECONDS = 8;

interface Stand {
  port: number;
  /** ms of simulated time. */
  t: number;
  cpuMs: number;
  wallMs: number;
}

async function main(): Promise<void> {
  const real = await run(1);
  const free = await run(0);
  const row = (what: string, { share, perSecond, pace }: Run) => ({ what, values: [share * 100, perSecond, pace] });
  report({
    title: 'The simulator with 100 symbols at 10 steps a second',
    how: 'From 09:35, every symbol subscribed by one client of the published library. CPU is the simulator’s process alone. Not every step moves every price: ticks are the frames that the client received.',
    columns: ['% of a core', 'ticks/s', '× real time'],
    rows: [row('real time', real), row('as fast as it goes', free)],
    aim: 'real time under a tenth of a core',
    found: `${(real.share * 100).toFixed(1)} % of a core; it sustains ${free.pace.toFixed(0)} × real time`,
  });
}

interface Run {
  share: number;
  perSecond: number;
  pace: number;
}

async function run(speed: number): Promise<Run> {
  const child = fork(__filename, ['serve', String(speed)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const { port } = await ask(child);
    let ticks = 0;
    const api = new IBApi({ host: '127.0.0.1', port, clientId: 5, maxReqPerSec: 1000 });
    api.on(EventName.tickPrice, () => ticks++);
    api.on(EventName.tickSize, (_id: number, type?: number) => {
      // The size that comes with a price is in the price's frame.
      if (type === 8) ticks++;
    });
    api.on(EventName.error, () => undefined);
    await new Promise<void>(resolve => {
      api.once(EventName.nextValidId, () => resolve());
      api.connect();
    });
    for (let id = 1; id <= SYMBOLS; id++) {
      const contract = { symbol: `M${String.fromCharCode(65 + (id % 26))}${id}`, secType: SecType.STK, exchange: 'SMART', currency: 'USD' }; // prettier-ignore
      api.reqMktData(id, contract, '', false, false);
    }
    await pause(5000);
    const before = await ask(child);
    ticks = 0;
    await pause(SECONDS * 1000);
    const heard = ticks;
    const after = await ask(child);
    const wall = after.wallMs - before.wallMs;
    api.disconnect();
    return {
      share: (after.cpuMs - before.cpuMs) / wall,
      perSecond: (heard * 1000) / wall,
      pace: (after.t - before.t) / wall,
    };
  } finally {
    child.kill();
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function ask(child: ChildProcess): Promise<Stand> {
  return new Promise((resolve, reject) => {
    child.once('message', (stand: Stand) => resolve(stand));
    child.once('exit', code => reject(new Error(`The simulator ended with code ${code}`)));
    child.send('stand');
  });
}

async function serve(speed: number): Promise<void> {
  const gateway = await startGateway({ speed, startTime: '09:35', ticksPerSecond: STEPS, maxLines: SYMBOLS, pacing: 'off' });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ port: gateway.port, t: gateway.now(), cpuMs: (user + system) / 1000, wallMs: performance.now() });
  });
} // prettier-ignore

if (process.argv[2] === 'serve') void serve(Number(process.argv[3]));
else bench(main);
