import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createIbPort } from '../../src/broker/ib/ibPort';
import type { EngineEvent, OrderIntent } from '../../src/engine/events';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { Session } from '../../src/session/session';
import type { FromSession } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { compareFolder, TRUTH_FILE } from '../../tools/verifyFills';
import { DAY } from './fakeBroker';
import { simulatorConfig } from './scene';

const CLIENT_ID = 21;
const HOUR_MS = 3_600_000;

/**
 * What happens to every gateway each night and each day, over the real socket and client library: the reset of IB's servers, and
 * the restart of the gateway itself. On a day on which prices fall, so that stops are wanted during the outage.
 */
describe('session: outages that come every day', function () {
  this.timeout(90_000);
  let folder: string;
  let gateway: Gateway;
  let session: Session;
  let heard: FromSession[];
  /** What went by, in its order. */
  let story: (
    { what: 'unsafe'; held: string[] } | { what: 'safe'; t: number } | { what: 'placed'; order: OrderIntent }
  )[];

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-outage-'));
    fs.writeFileSync(path.join(folder, 'targets.txt'), SAMPLE_TARGETS);
    heard = [];
    story = [];
  });
  afterEach(async () => {
    await session.stop();
    await gateway.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function begin(script: object[], more: Partial<GatewayOptions> = {}): Promise<void> {
    gateway = await startGateway({
      seed: 7,
      speed: Infinity,
      date: DAY,
      startTime: '09:28',
      market: 'crashing',
      lockstepClientId: CLIENT_ID,
      truthFile: path.join(folder, TRUTH_FILE),
      faultScript: JSON.stringify(script),
      ...more,
    });
    const config = simulatorConfig(folder, gateway.port, CLIENT_ID);
    session = new Session(config, {
      createPort: createIbPort,
      emit: message => heard.push(message),
      pause: () => 40,
      watch: { handled: event => note(event), placed: order => story.push({ what: 'placed', order }) },
    });
    session.start();
  }

  function note(event: EngineEvent): void {
    if ((event.type === 'link' && !event.up) || (event.type === 'farm' && event.link === true)) {
      const held = session.snapshot()!.symbols.filter(({ position }) => position > 0);
      story.push({ what: 'unsafe', held: held.map(({ symbol }) => symbol) });
    }
    if (event.type === 'reconcile' && event.partial !== true) story.push({ what: 'safe', t: event.t });
  }

  const enough = (what: () => boolean): Promise<void> => until(what, 60_000);

  it('the nightly reset is survived on the same socket: what was on its way is booked late, and the stops go out after it', async () => {
    await begin([
      // With an order on its way, and while the prices fall through the stops.
      { after: { message: 'placeOrder', n: 9 }, fault: 'nightlyReset', forSeconds: 20 },
      { at: '10:06:00', fault: 'nightlyReset', forSeconds: 600 },
    ]);
    await enough(() => outages().length === 2 && outages()[1]!.after.length >= 5);
    const [first, second] = outages();
    assert.equal(first!.before.at(-1)!.orderId, first!.before.length, 'the ninth order is the last one before');
    assert.equal(first!.before.length, 9);
    assert.equal(notices('farmDown'), 2);
    assert.equal(notices('farmUp'), 2);
    assert.deepEqual(problems(), [], 'the link stood all the time');
    assert.ok(second!.held.length >= 2, `held ${second!.held.join()}`);
    assertStopped(second!);
    await assertTruth();
  });

  it('the restart of the gateway is survived too: refused, its id still in use, ids rolled back, the fill of nobody knows when', async () => {
    await begin(
      [
        // The exchange works the order, and its client hears nothing of it any more.
        {
          after: { message: 'placeOrder', n: 9 },
          fault: 'restart',
          downMs: 300,
          rollBackIds: 6,
          idHeldMs: 300,
        },
        { at: '10:06:00', fault: 'restart', downMs: 300, rollBackIds: 2, idHeldMs: 300 },
      ],
      { whenLockstepGone: 'run', speed: 1500 },
    );
    await enough(() => outages().length === 2 && outages()[1]!.after.length >= 5);
    const [first, second] = outages();
    assert.equal(first!.before.length, 9);
    const lost = first!.before.at(-1)!;
    assert.ok(
      gateway.truth.some(entry => entry.orderRef === lost.key),
      'the last order before it was executed',
    );
    assert.deepEqual(problems(), [...oneRestart, ...oneRestart]);
    assert.ok(second!.held.length >= 2, `held ${second!.held.join()}`);
    assertStopped(second!);
    await assertTruth();
  });
  const oneRestart = ['linkLost', 'nothingListens', 'clientIdInUse'];

  it('both at night, with positions: the next day begins with them', async () => {
    fs.writeFileSync(
      path.join(folder, 'targets.txt'),
      'RCAT buy=0.60 sell=0.60\nUMAC buy=0.60 sell=0.60\nAVAV buy=0.60 sell=0.60\n',
    );
    await begin(
      [
        { at: '23:45:00', fault: 'nightlyReset', forSeconds: 90 },
        { at: '23:55:00', fault: 'restart', downMs: 100, rollBackIds: 3 },
      ],
      { startTime: '14:00', market: 'usual' },
    );
    await enough(() => outages().length === 2 && outages()[1]!.after.length >= 5);
    const [reset, restart] = outages();
    assert.ok(reset!.held.length > 0, 'nothing was held over night');
    assert.deepEqual(restart!.held, reset!.held);
    assert.ok(restart!.after[0]!.t > reset!.before.at(-1)!.t + 12 * HOUR_MS);
    await assertTruth();
  });

  interface Outage {
    /** Orders since the outage before. */
    before: OrderIntent[];
    /** When it began, in the session's books. */
    held: string[];
    /** When the broker's answer had been handled. */
    safeAt: number;
    after: OrderIntent[];
  }

  /** Those that are over; an order in one of them is the end of the test. */
  function outages(): Outage[] {
    const all: Outage[] = [];
    let orders: OrderIntent[] = [];
    let held: string[] | null = null;
    for (const each of story) {
      if (each.what === 'unsafe') held ??= each.held;
      else if (each.what === 'placed') {
        assert.equal(held, null, `${each.order.key} was sent before the broker had been asked`);
        orders.push(each.order);
      } else if (held !== null) {
        const before = orders;
        orders = [];
        all.push({ before, held, safeAt: each.t, after: orders });
        held = null;
      }
    }
    return all;
  }

  /** The first thing to be sent is what protects, and it does not wait. */
  function assertStopped({ after, held, safeAt }: Outage): void {
    const [first] = after;
    assert.ok(first !== undefined);
    assert.match(first.tag, /^live_(stop|trail)$/);
    assert.ok(held.includes(first.symbol), `${first.symbol} was not held`);
    assert.ok(first.t - safeAt <= 5000, `${first.t - safeAt} ms after the broker's answer`);
    assert.ok(gateway.truth.some(entry => entry.orderRef === first.key));
  }

  /** Once nothing is on its way: every share of the exchange once in the books, no key and no order id for two orders. */
  async function assertTruth(): Promise<void> {
    await session.stop();
    const ended = heard.flatMap(message => (message.type === 'ended' ? [message.why] : []));
    assert.deepEqual(ended, ['stopped'], 'it ended by itself');
    const comparison = compareFolder(folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    for (const { symbol, position } of session.snapshot()!.symbols)
      assert.equal(position, gateway.positionOf(symbol), `shares of ${symbol}`);
    const placed = story.flatMap(each => (each.what === 'placed' ? [each.order] : []));
    assert.equal(new Set(placed.map(({ key }) => key)).size, placed.length);
    assert.deepEqual(
      placed.map(({ orderId }) => orderId),
      placed.map(({ orderId }) => orderId).sort((a, b) => a - b),
    );
    assert.equal(new Set(placed.map(({ orderId }) => orderId)).size, placed.length);
    const permIds = new Map<string, Set<number>>();
    for (const { orderRef, permId } of gateway.truth)
      permIds.set(orderRef, (permIds.get(orderRef) ?? new Set()).add(permId));
    assert.ok([...permIds.values()].every(ids => ids.size === 1));
  }

  const notices = (code: string): number =>
    heard.filter(message => message.type === 'notice' && message.notice.code === code).length;
  const problems = (): string[] => heard.flatMap(message => (message.type === 'problem' ? [message.problem.code] : []));
});

async function until(happened: () => boolean, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${happened.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
