import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createIbPort } from '../../src/broker/ib/ibPort';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import type { TruthEntry } from '../../src/gateway/truthLog';
import { Session } from '../../src/session/session';
import type { FromSession, SessionSnapshot } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { compareFolder, TRUTH_FILE } from '../../tools/verifyFills';
import { continuedFrom } from '../../src/ui/simulatorState';
import { DAY } from './fakeBroker';
import { Scene, simulatorConfig } from './scene';

const CLIENT_ID = 21;

describe('session: taken away by its window', () => {
  let scene: Scene;
  beforeEach(() => (scene = new Scene()));
  afterEach(() => scene.close());
  const phase = (): string => (JSON.parse(scene.read('dashboard_snapshot.json')) as SessionSnapshot).phase;

  it('has not ended for the next window, one that was stopped has', async () => {
    await scene.begin();
    await scene.session.stop({ suspended: true });
    assert.notEqual(phase(), 'ended');
    await scene.restart();
    await scene.session.stop();
    assert.equal(phase(), 'ended');
  });

  it('nor has one that failed', async () => {
    await scene.begin();
    scene.session.fail('test', new Error('of a test'));
    await scene.session.ended;
    assert.notEqual(phase(), 'ended');
  });

  it('resumed with exits only it buys nothing from the first moment', async () => {
    scene.config = { ...scene.config, protectOnly: true };
    scene.make();
    await scene.begin();
    scene.makeReady();
    scene.makeBuy();
    assert.equal(scene.session.snapshot()!.protectOnly, true);
    assert.deepEqual(scene.broker.orders, []);
  });

  it('resumed it goes on trying while nothing listens yet', async () => {
    const nothing = { code: 'nothingListens', host: '127.0.0.1', port: 4002 } as const;
    scene.broker.refusals = [nothing, nothing];
    scene.config = { ...scene.config, keepTrying: true };
    scene.make();
    await scene.begin();
    assert.equal(scene.endText, null);
    assert.equal(scene.broker.ports.length, 3);
  });
});

/** The built-in simulator ends with its window, and a new one takes its account over. */
describe('session: resumed on a new simulator', function () {
  this.timeout(60_000);

  it('holds what it held, at the time at which it ended, and goes on without losing a fill', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-resume-'));
    fs.writeFileSync(path.join(folder, 'targets.txt'), SAMPLE_TARGETS);
    const truth: TruthEntry[] = [];
    const open = (more: GatewayOptions): Promise<Gateway> =>
      startGateway({ seed: 7, speed: 200, date: DAY, lockstepClientId: CLIENT_ID, onTruth: entry => truth.push(entry), ...more }); // prettier-ignore
    const first = await open({ startTime: '09:29' });
    const before = await trade(folder, first, snapshot => snapshot.positions >= 4);
    await first.close();
    const continued = continuedFrom(folder, before, DAY);
    assert.ok(continued);
    const nBefore = truth.length;
    const second = await open(continued);
    try {
      assert.ok(second.now() > before.t && second.now() < before.t + 120_000);
      const held = new Map(before.symbols.map(row => [row.symbol, row.position]));
      let isSame: boolean | null = null;
      const after = await trade(folder, second, snapshot => {
        isSame ??= snapshot.symbols.every(row => row.position === held.get(row.symbol));
        return truth.length >= nBefore + 3;
      });
      assert.equal(isSame, true);
      assert.ok(after.symbols.every(row => row.reason === ''));
      fs.writeFileSync(path.join(folder, TRUTH_FILE), truth.map(entry => JSON.stringify(entry)).join('\n'));
      const comparison = compareFolder(folder);
      assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    } finally {
      await second.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('not on another day than the one that is set, nor without a journal', () => {
    const snapshot = { t: Date.parse('2026-11-19T15:00:00Z') } as SessionSnapshot;
    assert.equal(continuedFrom(os.tmpdir(), snapshot, DAY), null);
  });

  /** @returns the snapshot of the moment at which its window took it away. */
  async function trade(
    folder: string,
    gateway: Gateway,
    isEnough: (snapshot: SessionSnapshot) => boolean,
  ): Promise<SessionSnapshot> {
    const heard: FromSession[] = [];
    const config = simulatorConfig(folder, gateway.port, CLIENT_ID);
    const session = new Session(config, { createPort: createIbPort, emit: message => heard.push(message) });
    session.start();
    try {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const snapshot = session.snapshot();
        if (snapshot !== null && snapshot.phase === 'trading' && isEnough(snapshot)) break;
        if (Date.now() > deadline) throw new Error('the session did not come so far');
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    } finally {
      await session.stop({ suspended: true });
    }
    return session.snapshot()!;
  }
});
