import { deepEqual, equal, rejects } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SimulatorHost, simulatorFolder } from '../../../src/ui/simulator';

const SETTINGS = { seed: 7, speed: 30, date: '2026-11-18', startTime: '09:25', clientId: 21 };

/** Stands for the built gateway: says at which port it would listen, and lives until it is ended. */
const FAKE_GATEWAY = `
  const { parentPort, workerData } = require('node:worker_threads');
  if (workerData.seed === 13) parentPort.postMessage({ type: 'failed', text: 'no such seed' });
  else parentPort.postMessage({ type: 'listening', port: 4000 + workerData.seed });
  setInterval(() => undefined, 1000);
`;

describe('simulator host', () => {
  let folder = '';
  let host: SimulatorHost;
  const hidden = () => path.join(folder, '.dronebot');
  const fills = () => path.join(simulatorFolder(hidden()), 'fills_live.csv');
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dronebot-sim-'));
    writeFileSync(path.join(folder, 'gateway.js'), FAKE_GATEWAY);
    host = new SimulatorHost(folder, () => undefined);
  });
  afterEach(() => {
    host.dispose();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  it('keeps one simulator and its files from one session to the next', async () => {
    const first = await host.ensure(SETTINGS, hidden());
    writeFileSync(fills(), 'rows');
    deepEqual(await host.ensure(SETTINGS, hidden()), first);
    deepEqual(first, { host: '127.0.0.1', port: 4007 });
    equal(readFileSync(fills(), 'utf8'), 'rows');
    equal(readFileSync(path.join(hidden(), '.gitignore'), 'utf8'), '*\n');
  });

  it('puts the files of an earlier account aside before a new one begins', async () => {
    await host.ensure(SETTINGS, hidden());
    writeFileSync(fills(), 'rows');
    equal((await host.ensure({ ...SETTINGS, seed: 8 }, hidden())).port, 4008);
    equal(existsSync(fills()), false);
    const [earlier = ''] = readdirSync(path.join(hidden(), 'sim-earlier'));
    equal(readFileSync(path.join(hidden(), 'sim-earlier', earlier, 'fills_live.csv'), 'utf8'), 'rows');
  });

  it('lends the one that runs, and else one of its own that leaves every file where it is', async () => {
    mkdirSync(simulatorFolder(hidden()), { recursive: true });
    writeFileSync(fills(), 'of yesterday');
    const own = await host.borrow(SETTINGS);
    deepEqual(own.simulator, { host: '127.0.0.1', port: 4007 });
    equal(readFileSync(fills(), 'utf8'), 'of yesterday');
    own.release();
    await host.ensure({ ...SETTINGS, seed: 8 }, hidden());
    const lent = await host.borrow(SETTINGS);
    deepEqual(lent.simulator, { host: '127.0.0.1', port: 4008 });
    lent.release();
    deepEqual(await host.ensure({ ...SETTINGS, seed: 8 }, hidden()), lent.simulator);
  });

  it('says what the simulator said when it does not start', async () => {
    await rejects(host.ensure({ ...SETTINGS, seed: 13 }, hidden()), { message: 'no such seed' });
  });

  it('leaves the files of another window that trades alone', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 20000)'], { stdio: 'ignore' });
    try {
      mkdirSync(simulatorFolder(hidden()), { recursive: true });
      writeFileSync(path.join(simulatorFolder(hidden()), 'window.pid'), `${other.pid}\n`);
      writeFileSync(path.join(simulatorFolder(hidden()), 'dashboard_snapshot.json'), '{}');
      await rejects(host.ensure(SETTINGS, hidden()), /another window runs it on this folder/);
      equal(existsSync(path.join(simulatorFolder(hidden()), 'dashboard_snapshot.json')), true);
    } finally {
      other.kill();
    }
  });
});
