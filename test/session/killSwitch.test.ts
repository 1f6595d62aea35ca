import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { killFileOf, saidToRun } from '../../src/session/userPlace';
import { Scene } from './scene';

/** The kill switch as a file in the user's own storage: any window or terminal can throw it, a person alone releases it. */
describe('session: kill switch in the user’s own storage', function () {
  this.timeout(30_000);
  let scene: Scene;
  let home: string;
  beforeEach(() => {
    scene = new Scene();
    home = path.join(scene.folder, 'home');
    scene.config = { ...scene.config, userFolder: home };
    scene.make();
  });
  afterEach(() => scene.close());
  const killFile = (): string => killFileOf(home, scene.broker.account, scene.folder);
  const isKilled = (): boolean => scene.session.snapshot()?.killed === true;
  const throwIt = (): void => {
    fs.mkdirSync(path.dirname(killFile()), { recursive: true });
    fs.writeFileSync(killFile(), 'by hand\n');
  };

  it('stops buys of the session that runs', async () => {
    await scene.begin();
    scene.makeReady();
    throwIt();
    await scene.when(isKilled);
    scene.makeBuy();
    assert.deepEqual(scene.broker.orders, []);
    assert.equal(scene.notices('kill'), 1);
  });

  it('thrown while nobody ran it counts before the first order, and over restarts', async () => {
    throwIt();
    await scene.begin();
    scene.makeReady();
    scene.makeBuy();
    assert.deepEqual(scene.broker.orders, []);
    await scene.session.stop();
    fs.rmSync(killFile());
    await scene.restart();
    assert.equal(isKilled(), true);
  });

  it('thrown by a command it stands in the file too, so that it outlives a lost journal', async () => {
    await scene.begin();
    scene.session.control('kill');
    assert.ok(fs.existsSync(killFile()));
    await scene.session.stop();
    fs.rmSync(path.join(scene.folder, '.dronebot'), { recursive: true });
    await scene.restart();
    assert.equal(isKilled(), true);
  });

  it('is released by a person, and its file with it', async () => {
    throwIt();
    await scene.begin();
    scene.session.control('release');
    assert.equal(isKilled(), false);
    assert.equal(fs.existsSync(killFile()), false);
    throwIt();
    await scene.when(isKilled);
  });

  it('stays on when its file cannot be removed, and says so', async () => {
    throwIt();
    await scene.begin();
    fs.rmSync(killFile());
    fs.mkdirSync(path.join(killFile(), 'in the way'), { recursive: true });
    scene.session.control('release');
    assert.equal(isKilled(), true);
    assert.equal(scene.notices('notReleased'), 1);
  });

  it('names the sessions that run, and none that has ended', async () => {
    await scene.begin();
    assert.deepEqual(
      saidToRun(home).map(({ account, mode, pid, folder }) => [account, mode, pid, folder]),
      [['SIM00001', 'SIM', process.pid, scene.folder]],
    );
    await scene.session.stop();
    assert.deepEqual(saidToRun(home), []);
  });

  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--require', 'tsx/cjs', 'tools/kill.ts', '--home', home, ...args], {
      encoding: 'utf8',
      timeout: 20_000,
    });

  it('npm run kill throws it for an account that nobody trades now', () => {
    const out = execFileSync(process.execPath, ['--require', 'tsx/cjs', 'tools/kill.ts', '--home', home, 'U1234567'], {
      encoding: 'utf8',
    });
    assert.match(out, /^Thrown for ···4567\. No session runs on it here; the next one starts with it on\./);
    assert.ok(fs.existsSync(path.join(home, 'kill', 'U1234567')));
  });

  it('npm run kill says when there is nothing to kill, and what it expected', () => {
    const none = run();
    assert.equal(none.status, 1);
    assert.match(none.stdout, /^No session runs, so nothing was thrown\./);
    const wrong = run('nonsense');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /^Expected an account such as U1234567, found "nonsense"/);
  });

  it('npm run kill throws it for the session that runs, which takes it', async () => {
    await scene.begin();
    scene.makeReady();
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'tools/kill.ts', '--home', home]);
    let said = '';
    child.stdout.on('data', chunk => (said += String(chunk)));
    const code = await new Promise(resolve => child.once('exit', resolve));
    assert.match(said, /^Thrown on SIM ···0001 \(since 09:20:00 New York, process \d+\)\. The session has taken it/);
    assert.equal(code, 0);
    assert.equal(isKilled(), true);
  });
});
