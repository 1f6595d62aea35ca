import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createIbPort } from '../../src/broker/ib/ibPort';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { Session } from '../../src/session/session';
import type { Ended } from '../../src/session/sessionParts';
import type { FromSession } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { compareFolder, FILLS_FILE, TRUTH_FILE } from '../../tools/verifyFills';
import { at, DAY } from './fakeBroker';
import { simulatorConfig } from './scene';

const CLIENT_ID = 21;

interface Run {
  folder: string;
  ended: Ended;
  heard: FromSession[];
}

/** A stretch of the simulated day through the real socket and client library, both ends in this process. */
async function run(
  options: GatewayOptions & { from: string; to: string },
  meddle?: (gateway: Gateway, session: Session) => void,
): Promise<Run> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-simulator-'));
  const { from, to, ...rest } = options;
  const gateway = await startGateway({
    seed: 7,
    speed: Infinity,
    date: DAY,
    startTime: from,
    lockstepClientId: CLIENT_ID,
    truthFile: path.join(folder, TRUTH_FILE),
    idHeldSeconds: 0.2,
    ...rest,
  });
  try {
    return await trade(folder, gateway, to, meddle);
  } finally {
    await gateway.close();
  }
}

async function trade(
  folder: string,
  gateway: Gateway,
  to: string,
  meddle?: (gateway: Gateway, session: Session) => void,
): Promise<Run> {
  const targetsFile = path.join(folder, 'targets.txt');
  fs.writeFileSync(targetsFile, SAMPLE_TARGETS);
  const heard: FromSession[] = [];
  const config = { ...simulatorConfig(folder, gateway.port, CLIENT_ID), until: at(to) };
  const session: Session = new Session(config, {
    createPort: createIbPort,
    emit: message => heard.push(message),
    pause: () => 50,
    watch: { handled: () => meddle?.(gateway, session) },
  });
  session.start();
  return { folder, ended: await session.ended, heard };
}

const clear = ({ folder }: Run): void => fs.rmSync(folder, { recursive: true, force: true });
const read = ({ folder }: Run, name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');
const nFills = (one: Run): number => read(one, FILLS_FILE).trim().split('\n').length - 1;

describe('session on the simulator, over a socket', function () {
  this.timeout(90_000);

  it('leaves the fills of the truth log, and the same bytes at any speed', async () => {
    const fast = await run({ from: '09:25', to: '09:40' });
    const slow = await run({ from: '09:25', to: '09:40', speed: 250 });
    assert.equal(fast.ended.why, 'dayOver');
    const comparison = compareFolder(fast.folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    assert.ok(comparison.fills >= 10, `only ${comparison.fills} fills`);
    const journal = '.dronebot/SIM00001/journal/2026-11-18.jsonl';
    for (const file of [FILLS_FILE, TRUTH_FILE, 'pnl_summary_live.csv', journal]) {
      assert.equal(read(fast, file), read(slow, file), file);
    }
    const tape = '.dronebot/SIM00001/tape/2026-11-18.01.jsonl.gz';
    const [one, other] = [fast, slow].map(({ folder }) => gunzipSync(fs.readFileSync(path.join(folder, tape))));
    assert.ok(one!.equals(other!), 'the two tapes differ');
    clear(fast);
    clear(slow);
  });

  it('records a tape that replays to the same files', async () => {
    const live = await run({ from: '09:25', to: '09:36' });
    const out = path.join(live.folder, 'replayed');
    const tape = path.join(live.folder, '.dronebot/SIM00001/tape/2026-11-18.01.jsonl.gz');
    const targets = path.join(live.folder, 'targets.txt');
    const args = ['--require', 'tsx/cjs', 'tools/replay.ts', '--targets', targets, '--tape', tape, '--out', out];
    execFileSync(process.execPath, args, { timeout: 60_000 });
    assert.ok(nFills(live) > 0);
    for (const file of [FILLS_FILE, 'pnl_summary_live.csv']) {
      assert.equal(fs.readFileSync(path.join(out, file), 'utf8'), read(live, file), file);
    }
    clear(live);
  });

  it('loses and doubles no fill when the connection is cut again and again', async () => {
    let nCut = 0;
    let nextCut = at('09:30:30');
    const cut = await run({ from: '09:25', to: '09:45' }, gateway => {
      if (gateway.now() < nextCut) return;
      nextCut += 97_000;
      nCut++;
      // Behind the event at hand, which may just have sent an order.
      setImmediate(() => gateway.dropConnections());
    });
    const comparison = compareFolder(cut.folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    assert.ok(nCut >= 5 && comparison.fills >= 10, `${nCut} cuts, ${comparison.fills} fills`);
    assert.equal(cut.heard.filter(m => m.type === 'problem' && m.problem.code === 'linkLost').length, nCut);
    clear(cut);
  });

  it('ends at the time named only when what was sent has come back', async () => {
    // The second of the day's first fill: its order goes out just as the session ends.
    const long = await run({ from: '09:25', to: '09:35' });
    const firstFill = read(long, FILLS_FILE).split('\n')[1]!.slice(11, 19);
    clear(long);
    const short = await run({ from: '09:25', to: firstFill });
    const comparison = compareFolder(short.folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    assert.ok(nFills(short) > 0);
    clear(short);
  });

  it('trades the others when IB does not know one', async () => {
    const one = await run({ from: '09:25', to: '09:35', symbolsUnknown: ['SPAI'] });
    const failed = one.heard.filter(m => m.type === 'notice' && m.notice.code === 'symbolFailed');
    assert.deepEqual(failed.map(m => m.type === 'notice' && m.notice.symbol), ['SPAI']); // prettier-ignore
    assert.ok(nFills(one) > 0);
    assert.equal(read(one, FILLS_FILE).includes('SPAI'), false);
    clear(one);
  });

  it('says so when the gateway refuses, closes or talks nonsense', async () => {
    const refused = await run({ from: '09:25', to: '09:26', faults: { garbageInHandshake: true } });
    assert.match(refused.ended.text, /answered, but not as TWS or IB Gateway does/);
    const closed = await run({ from: '09:25', to: '09:26', faults: { closeInHandshake: true } });
    assert.match(closed.ended.text, /closed the connection in the handshake/);
    clear(refused);
    clear(closed);
  });
});
