import assert from 'node:assert/strict';
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import type { FromSession, SessionConfig, ToSession } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { TRUTH_FILE } from '../../tools/verifyFills';
import { DAY } from './fakeBroker';
import { simulatorConfig } from './scene';

const CLIENT_ID = 21;
const N_KILLS = 55;
/** Windows starts no process without its own folder's name. */
const { SystemRoot } = process.env;
const ENV = SystemRoot === undefined ? {} : { SystemRoot };
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

/**
 * The product's own bundle as a process of its own, ended by the operating system between any two instructions and started
 * again on the same files, while the simulated market runs as fast as it goes. What its books hold in the end is compared with
 * what the exchange executed by a program that shares no code with either.
 */
describe('session: its process killed again and again', function () {
  this.timeout(240_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-killed-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it(`ends with every execution in its books exactly once (${N_KILLS} kills, seed ${SEED})`, async () => {
    const gateway = await startGateway({
      seed: 7,
      speed: Infinity,
      date: DAY,
      startTime: '09:28',
      lockstepClientId: CLIENT_ID,
      truthFile: path.join(folder, TRUTH_FILE),
      idHeldSeconds: 0.02,
    });
    const targetsFile = path.join(folder, 'targets.txt');
    fs.writeFileSync(targetsFile, SAMPLE_TARGETS);
    const config = simulatorConfig(folder, gateway.port, CLIENT_ID);
    const random = randomOf(SEED);
    const phases = new Map<string, number>();
    try {
      for (let n = 0; n < N_KILLS; n++) {
        // Some while it starts and recovers, most where money moves: soon after an order of its own was executed.
        const phase = await lifeUntilKilled(config, gateway, random);
        phases.set(phase, (phases.get(phase) ?? 0) + 1);
      }
      const last = start({ ...config, until: gateway.now() + 120_000 });
      const ended = await last.ended;
      assert.equal(ended, 'The day is over.');
      console.log(`      killed while ${[...phases].map(([phase, times]) => `${phase} ${times}`).join(', ')}`);
      const says = execFileSync(process.execPath, ['--require', 'tsx/cjs', 'tools/verifyFills.ts', folder], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      console.log(`      ${says.trim()}`);
      assert.ok(Number(/^\d+/.exec(says)?.[0]) >= N_KILLS / 2, says);
      assert.ok((phases.get('trading') ?? 0) >= N_KILLS / 3, 'too few kills while it traded');
      assertOrderOnce(gateway);
    } finally {
      await gateway.close();
    }
  });

  interface Life {
    child: ChildProcess;
    phase: () => string;
    ended: Promise<string>;
  }

  function start(config: SessionConfig): Life {
    const child = fork(path.resolve('dist/session.js'), [], {
      env: ENV,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let phase = 'starting';
    const ended = new Promise<string>((resolve, reject) => {
      child.on('message', (message: FromSession) => {
        if (message.type === 'snapshot') phase = message.snapshot.phase;
        if (message.type === 'ended') resolve(message.text);
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(`${signal ?? `exit code ${code}`}`));
    });
    child.send({ type: 'start', config } satisfies ToSession);
    child.send({ type: 'watch', details: [], intervalMs: 50 } satisfies ToSession);
    return { child, phase: () => phase, ended };
  }

  /** @returns what it was doing. */
  async function lifeUntilKilled(config: SessionConfig, gateway: Gateway, random: () => number): Promise<string> {
    const { child, phase, ended } = start(config);
    const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
    const n = gateway.truth.length;
    if (random() < 0.25) await wait(random() * 700);
    else {
      const wanted = n + 1 + Math.floor(random() * 3);
      const isOver = await Promise.race([until(() => gateway.truth.length >= wanted), ended]);
      assert.equal(isOver, true, 'the session ended by itself');
      await wait(random() * 20);
    }
    const was = phase();
    child.kill('SIGKILL');
    await exited;
    return was;
  }
});

/** An order's key, and its number, belong to one order at the exchange for ever. */
function assertOrderOnce({ truth }: Gateway): void {
  const byKey = new Map<string, number>();
  const byId = new Map<number, number>();
  for (const { orderRef, orderId, permId } of truth) {
    assert.match(orderRef, /^dronebot:/);
    assert.equal(byKey.get(orderRef) ?? permId, permId, `${orderRef} was sent twice`);
    assert.equal(byId.get(orderId) ?? permId, permId, `order id ${orderId} was used twice`);
    byKey.set(orderRef, permId);
    byId.set(orderId, permId);
  }
}

async function until(happened: () => boolean): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  while (!happened()) {
    if (Date.now() > deadline) throw new Error('nothing was executed for a minute');
    await wait(1);
  }
  return true;
}

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}
