import assert from 'node:assert/strict';
import * as net from 'node:net';
import * as path from 'node:path';
import { isHeld, placeOf, WATCH } from '../../src/session/owner';
import { saidToRun } from '../../src/session/userPlace';
import type { FromSession, SessionSnapshot } from '../../src/shared/protocol';
import type { SessionThread } from '../../src/ui/sessionController';
import { watchThread } from '../../src/ui/watchThread';
import { at } from './fakeBroker';
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

  it('can set an override and ask what it would do; the session checks it, and only who has asked is answered', async () => {
    const window = watch();
    const other = watch();
    await scene.when(() => window.newest() !== null && other.newest() !== null);
    haveLast(scene);
    window.thread.post({ type: 'preview', id: 3, symbol: 'AVAV', side: 'buy', value: 0.9 });
    window.thread.post({ type: 'override', id: 4, symbol: 'AVAV', buy: 0.9 });
    window.thread.post({ type: 'override', id: 5, symbol: 'AVAV', buy: 12 });
    await scene.when(() => of(window.heard, 'overrideAnswer').length === 2);
    const [taken, refused] = of(window.heard, 'overrideAnswer');
    assert.deepEqual([taken?.id, taken?.outcome], [4, 'taken']);
    assert.deepEqual(
      [refused?.id, refused?.outcome, refused?.text],
      [5, 'refused', 'AVAV: buy must be 0.10 to 10.00 percent, found 12'],
    );
    assert.equal(of(window.heard, 'preview')[0]?.preview?.value, 0.9);
    await scene.when(() => other.newest()?.symbols[0]?.buyPercent === 0.9);
    assert.deepEqual(JSON.parse(scene.read('dashboard_overrides.json')), { AVAV: { buy: 0.9 } });
    assert.deepEqual([...of(other.heard, 'overrideAnswer'), ...of(other.heard, 'preview')], []);
    assert.deepEqual(of(scene.heard, 'overrideAnswer'), []);
  });

  it('is shown charts where it looks at some', async () => {
    const window = watch();
    window.thread.post({ type: 'watch', details: ['AVAV'], intervalMs: 100, charts: ['AVAV'], sparks: true });
    scene.makeReady();
    await scene.when(() => (of(window.heard, 'chart').at(-1)?.chart.closes.length ?? 0) > 0);
    await scene.when(() => of(window.heard, 'sparks').length > 0);
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
      `${WATCH}\nnonsense\n{"type":"watch"}\n[]\n{"type":"start"}\n{"type":"override","symbol":"../AVAV","buy":1}\n`,
      `${WATCH}\n{"type":"control","action":"leaveStops"}\n{"type":"control","action":"constructor"}\n`,
      `${WATCH}\n{"type":"override","symbol":"AVAV","buy":"1"}\n{"type":"preview","id":1,"symbol":"AVAV","side":"up","value":1}\n`,
      `${WATCH}\n{"type":"control","action":"pause","symbol":{}}\n{"type":"answer","id":1,"yes":1}\n`,
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
    assert.deepEqual([window.newest()!.paused, window.newest()!.symbols[0]!.override], [false, null]);
    assert.equal(of(window.heard, 'problem').length + of(window.heard, 'notice').length, 0);
  });
});

/** A change that raises the money at risk on a live account counts after a yes, from whichever window. */
describe('session: asked in other windows', function () {
  this.timeout(30_000);
  let scene: Scene;
  let window: SessionThread | null = null;
  afterEach(async () => {
    window?.terminate();
    await scene.close();
  });

  it('the question reaches a window that comes later, and its yes counts and closes it everywhere', async () => {
    scene = new Scene();
    const userFolder = path.join(scene.folder, 'home');
    scene.config = { ...scene.config, broker: 'ib', liveConsent: 'U9999034', keepEquity: true, userFolder };
    scene.broker.account = 'U9999034';
    scene.broker.mode = 'LIVE';
    scene.make();
    await scene.begin();
    haveLast(scene);
    scene.session.request({ type: 'override', symbol: 'AVAV', buy: 0.3, id: 1 });
    assert.equal(of(scene.heard, 'overrideAnswer')[0]?.outcome, 'asked');
    const heard: FromSession[] = [];
    window = watchThread(saidToRun(userFolder)[0]!.owner);
    window.onMessage(message => heard.push(message));
    await scene.when(() => of(heard, 'question').length === 1);
    const [asked] = of(heard, 'question');
    assert.match(asked!.question!.text, /^This change raises the money at risk on LIVE ···9034: AVAV/);
    const percent = (): number | undefined => scene.session.snapshot()?.symbols[0]?.buyPercent;
    assert.equal(percent(), 0.6);
    window.post({ type: 'answer', id: asked!.question!.id, yes: true });
    await scene.when(() => percent() === 0.3);
    assert.deepEqual(of(scene.heard, 'question').at(-1), { type: 'question', question: null, isAnswered: true });
  });
});

/** A reference of 100 and a last of regular hours just above L1. */
function haveLast(scene: Scene): void {
  scene.makeReady();
  scene.broker.until(at('09:31'));
  scene.broker.tick('AVAV', { bid: 98.9, ask: 98.9, last: 98.9 });
}

const of = <T extends FromSession['type']>(heard: readonly FromSession[], type: T) =>
  heard.filter((message): message is Extract<FromSession, { type: T }> => message.type === type);
