import assert from 'node:assert/strict';
import * as net from 'node:net';
import * as path from 'node:path';
import { isHeld, placeOf, WATCH } from '../../src/session/owner';
import { saidToRun } from '../../src/session/userPlace';
import type { FromSession, SessionSnapshot } from '../../src/shared/protocol';
import type { SessionThread } from '../../src/ui/sessionController';
import { watchThread } from '../../src/ui/watchThread';
import { Scene } from './scene';

/** One window owns the session; others see it and can stop it, through its endpoint. */
describe('session: watched by other windows', function () {
  this.timeout(30_000);
  let scene: Scene;
  let owner: string;
  const windows: SessionThread[] = [];

  beforeEach(async () => {
    scene = new Scene();
    const userFolder = path.join(scene.folder, 'home');
    scene.config = { ...scene.config, userFolder };
    scene.make();
    await scene.begin();
    owner = saidToRun(userFolder)[0]!.owner;
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) window.terminate();
    await scene.close();
  });

  function watch(): { thread: SessionThread; heard: FromSession[]; newest(): SessionSnapshot | null } {
    const thread = watchThread(owner);
    windows.push(thread);
    const heard: FromSession[] = [];
    thread.onMessage(message => heard.push(message));
    thread.post({ type: 'watch', details: ['AVAV'], intervalMs: 100 });
    const newest = (): SessionSnapshot | null => {
      const last = heard.findLast(message => message.type === 'snapshot');
      return last?.type === 'snapshot' ? last.snapshot : null;
    };
    return { thread, heard, newest };
  }

  it('sees what the owner sees, symbols in full too, and hears notices and fills', async () => {
    const window = watch();
    const other = watch();
    await scene.when(() => window.newest() !== null && other.newest() !== null);
    scene.makeReady();
    scene.broker.onOrder = order => scene.broker.fill(order);
    scene.makeBuy();
    await scene.when(() => window.newest()?.positions === 1 && other.newest()?.positions === 1);
    const full = window.heard.findLast(message => message.type === 'snapshot');
    assert.equal(full?.type === 'snapshot' && full.details[0]?.buys[0]?.state, 'held');
    assert.equal(window.heard.filter(message => message.type === 'fill').length, 1);
    scene.session.control('pause');
    await scene.when(() => window.heard.some(message => message.type === 'notice' && message.notice.code === 'pause'));
  });

  it('can pause it, throw the kill switch and stop it', async () => {
    const window = watch();
    await scene.when(() => window.newest() !== null);
    window.thread.post({ type: 'control', action: 'pause' });
    await scene.when(() => window.newest()?.paused === true);
    window.thread.post({ type: 'control', action: 'kill' });
    await scene.when(() => window.newest()?.killed === true);
    window.thread.post({ type: 'stop' });
    await scene.session.ended;
    assert.equal(scene.endText, 'Stopped.');
    await scene.when(() => window.heard.some(message => message.type === 'ended'));
    assert.equal(await isHeld(owner), false);
  });

  it('can go, and the session goes on', async () => {
    const window = watch();
    let isGone = false;
    window.thread.onExit(() => (isGone = true));
    await scene.when(() => window.newest() !== null);
    window.thread.post({ type: 'stop', suspended: true });
    await scene.when(() => isGone);
    assert.equal(scene.endText, null);
    assert.equal(await isHeld(owner), true);
  });

  it('is not harmed by somebody who talks nonsense or says nothing', async () => {
    const silent = net.connect(placeOf(owner));
    for (const words of [
      'nonsense\n',
      `${WATCH}\nnonsense\n{"type":"watch"}\n[]\n{"type":"start"}\n`,
      'x'.repeat(1 << 17),
    ]) {
      const socket = net.connect(placeOf(owner));
      socket.on('error', () => undefined);
      await new Promise<void>(resolve => socket.write(words, () => resolve()));
      socket.destroy();
    }
    const window = watch();
    await scene.when(() => window.newest() !== null);
    silent.destroy();
    assert.equal(scene.endText, null);
  });
});
