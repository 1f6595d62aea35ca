import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { FromSimulator, SimulatorOptions } from '../../src/gateway/worker';
import type { SessionConfig } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { sessionThread, startWorker } from '../../src/ui/threads';
import { DAY } from './fakeBroker';

const BLOCKED_MS = 3000;
const CLIENT_ID = 21;

/**
 * What another extension does to the host: nothing of it runs for three seconds. Session and simulator are the product's own
 * threads. What they did meanwhile is read from the files before the host's event loop has had a turn.
 */
describe('session: the host thread blocked', function () {
  this.timeout(120_000);

  it('sends a stop that triggers meanwhile, and books its fill', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-isolation-'));
    const targetsFile = path.join(folder, 'targets.txt');
    const truthFile = path.join(folder, 'truth.jsonl');
    fs.writeFileSync(targetsFile, SAMPLE_TARGETS);
    const options: SimulatorOptions = { seed: 7, speed: 60, date: DAY, startTime: '09:29', truthFile, port: 0 };
    const simulator = startWorker(path.resolve('dist/gateway.js'), options);
    const thread = sessionThread(path.resolve('dist'));
    try {
      const port = await new Promise<number>((resolve, reject) => {
        simulator.once('error', reject);
        simulator.on('message', (message: FromSimulator) => message.type === 'listening' && resolve(message.port));
      });
      const config: SessionConfig = {
        broker: 'simulator',
        host: '127.0.0.1',
        port,
        clientId: CLIENT_ID,
        targetsFile,
        folder,
        // A trailing stop that is armed at once and close: it fires soon after whatever is bought.
        settings: { 'protection.trailArmPercent': 0, 'protection.trailPercent': 0.1, 'protection.exitsPerDay': 100 },
        budget: { equity: 150_000, risky: 0.6, safe: 0.4 },
      };
      const held = new Promise<void>((resolve, reject) => {
        thread.onMessage(message => {
          if (message.type === 'ended') reject(new Error(message.text));
          if (message.type === 'snapshot' && message.snapshot.positions > 0) resolve();
        });
      });
      thread.post({ type: 'start', config });
      thread.post({ type: 'watch', details: [], intervalMs: 50 });
      await held;
      const before = exits(folder).length;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
      const rows = exits(folder).slice(before);
      assert.ok(rows.length > 0, 'no stop was sold while the host was blocked');
      const truth = fs.readFileSync(truthFile, 'utf8');
      for (const row of rows) {
        const [, symbol, , qty] = row.split(',');
        assert.ok(truth.includes(`"symbol":"${symbol}","side":"SELL","shares":${qty},`), row);
      }
    } finally {
      thread.terminate();
      await simulator.terminate();
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

const exits = (folder: string): string[] => {
  const file = path.join(folder, 'fills_live.csv');
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  return text.split('\n').filter(line => line.includes(',live_trail,') || line.includes(',live_stop,'));
};
