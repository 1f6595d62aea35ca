import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createIbPort } from '../../src/broker/ib/ibPort';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { Session } from '../../src/session/session';
import type { FromSession } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { compareFolder, TRUTH_FILE } from '../../tools/verifyFills';
import { DAY } from './fakeBroker';
import { simulatorConfig } from './scene';

const CLIENT_ID = 21;

/** From the question at the stop to the next start, over the real socket and client library. */
describe('session: stops left at the broker', function () {
  this.timeout(60_000);
  let folder: string;
  let gateway: Gateway;
  let heard: FromSession[];
  const sessions: Session[] = [];

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-stops-'));
    fs.writeFileSync(path.join(folder, 'targets.txt'), SAMPLE_TARGETS);
  });

  async function open(more: Pick<GatewayOptions, 'whenLockstepGone' | 'market' | 'speed'>): Promise<void> {
    gateway = await startGateway({
      seed: 7,
      speed: Infinity,
      date: DAY,
      startTime: '09:28',
      lockstepClientId: CLIENT_ID,
      truthFile: path.join(folder, TRUTH_FILE),
      idHeldSeconds: 0.05,
      ...more,
    });
  }

  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.stop();
    await gateway.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('one a position rests there, and sells when its price comes', async () => {
    // The day goes on while no session is there: that is what the stops are for. Not so fast that it ends meanwhile, because
    // a broker tells the executions of one day only.
    await open({ whenLockstepGone: 'run', market: 'crashing', speed: 300 });
    const session = start();
    await until(() => positionsOf(session) >= 3);
    const truth = gateway.truth.length;
    await session.stop({ leaveStops: true });
    const left = heard.filter(m => m.type === 'notice' && m.notice.code === 'stopLeft').length;
    assert.ok(left >= 3, `${left} stops`);
    assert.equal(heard.filter(m => m.type === 'notice' && m.notice.code === 'stopNotLeft').length, 0);
    await until(() => gateway.truth.length > truth);
    const sold = gateway.truth.slice(truth);
    assert.ok(sold.every(({ side, orderRef }) => side === 'SELL' && orderRef.includes(':live_stop:')));
    const later = start();
    await until(() => later.snapshot()?.phase === 'trading' && isReconciled(later));
    await later.stop();
    const comparison = compareFolder(folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    assert.ok(fs.readFileSync(path.join(folder, 'fills_live.csv'), 'utf8').includes(',live_stop,'));
  });

  it('and are cancelled by the next start before it sends anything', async () => {
    await open({});
    const session = start();
    await until(() => positionsOf(session) >= 3);
    await session.stop({ leaveStops: true });
    const later = start();
    await until(() => later.snapshot()?.phase === 'trading' && isReconciled(later));
    const cancelled = heard.filter(m => m.type === 'notice' && m.notice.code === 'strayOrder');
    assert.ok(cancelled.length >= 1 && cancelled.every(m => m.type === 'notice' && m.notice.data['isStop'] === true));
    await until(() => gateway.truth.length > 20);
    await later.stop();
    const comparison = compareFolder(folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
  });

  function start(): Session {
    heard = [];
    const config = simulatorConfig(folder, gateway.port, CLIENT_ID);
    const session = new Session(config, { createPort: createIbPort, emit: message => heard.push(message) });
    session.start();
    sessions.push(session);
    return session;
  }

  const positionsOf = (session: Session): number => session.snapshot()?.positions ?? 0;
  const isReconciled = (session: Session): boolean => {
    const detail = session.detail('RCAT');
    return detail?.whyNot[0]?.conditions.find(({ id }) => id === 'linked')?.met === true;
  };

  async function until(happened: () => boolean): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!happened()) {
      const ended = heard.find(message => message.type === 'ended');
      if (ended?.type === 'ended' && ended.why === 'failed') throw new Error(ended.text);
      if (Date.now() > deadline) throw new Error(`did not happen: ${happened.toString()}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
});
