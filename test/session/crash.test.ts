import assert from 'node:assert/strict';
import { build } from 'esbuild';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { startGateway } from '../../src/gateway/gateway';
import type { FromSession, SessionConfig, ToSession } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { compareFolder, TRUTH_FILE } from '../../tools/verifyFills';
import { DAY } from './fakeBroker';
import { simulatorConfig } from './scene';

const CLIENT_ID = 21;
const N_CRASHES = 12;

/** The session's own thread is ended between any two instructions, as a crash or a reload of the window does it. */
describe('session: crashed and started again', function () {
  this.timeout(120_000);
  let folder: string;
  let bundle: string;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-crash-'));
    // Inside the project, so that the packages are found.
    bundle = path.join('node_modules', '.cache', `session-${process.pid}.js`);
    await build({
      entryPoints: ['src/session/worker.ts'],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
    });
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.rmSync(bundle, { force: true });
  });

  it('ends with every execution in its books exactly once', async () => {
    const gateway = await startGateway({
      seed: 7,
      speed: Infinity,
      date: DAY,
      startTime: '09:28',
      lockstepClientId: CLIENT_ID,
      truthFile: path.join(folder, TRUTH_FILE),
      idHeldSeconds: 0.05,
    });
    const targetsFile = path.join(folder, 'targets.txt');
    fs.writeFileSync(targetsFile, SAMPLE_TARGETS);
    const config = simulatorConfig(folder, gateway.port, CLIENT_ID);
    try {
      const crashedAt: number[] = [];
      for (let n = 0; n < N_CRASHES; n++) {
        const before = gateway.truth.length;
        // By executions at the exchange, so that crashes fall where money moves: just after one, and soon after that.
        await life(config, () => gateway.truth.length >= before + 1 + (n % 4), (n % 5) * 3);
        crashedAt.push(gateway.truth.length);
      }
      const text = await life({ ...config, until: gateway.now() + 120_000 });
      assert.equal(text, 'The day is over.');
      const comparison = compareFolder(folder);
      assert.ok(
        comparison.equal,
        comparison.equal ? '' : `${comparison.text} Crashes after ${crashedAt.join(', ')} fills`,
      );
      assert.ok(comparison.fills >= N_CRASHES);
    } finally {
      await gateway.close();
    }
  });

  /** One session, to its end or until it is time to crash. */
  async function life(config: SessionConfig, isTime?: () => boolean, afterMs = 0): Promise<string> {
    const worker = new Worker(path.resolve(bundle), { env: {} });
    const failed = new Promise<never>((_, reject) => worker.once('error', reject));
    const ended = new Promise<string>(resolve =>
      worker.on('message', (message: FromSession) => message.type === 'ended' && resolve(message.text)),
    );
    worker.postMessage({ type: 'start', config } satisfies ToSession);
    const text = await Promise.race(isTime === undefined ? [ended, failed] : [ended, failed, until(isTime, afterMs)]);
    await worker.terminate();
    if (isTime !== undefined) assert.equal(text, 'crashed');
    return text;
  }
});

async function until(isTime: () => boolean, afterMs: number): Promise<string> {
  const deadline = Date.now() + 60_000;
  while (!isTime()) {
    if (Date.now() > deadline) throw new Error('nothing happened for a minute');
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  await new Promise(resolve => setTimeout(resolve, afterMs));
  return 'crashed';
}
