import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Scene } from './scene';

const HOUR_MS = 3_600_000;

/** A laptop that was closed over a position and an order; and a folder that cannot be written any more. */
describe('session: asleep for an hour', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = new Scene();
    scene.config = { ...scene.config, broker: 'ib' };
    scene.broker.account = 'DU1234567';
    scene.broker.mode = 'PAPER';
    scene.make();
    await scene.begin();
    scene.makeReady();
  });
  afterEach(() => scene.close());

  /** What the port says first is an hour old. */
  function sleep(): void {
    scene.broker.port.listener({ type: 'time', t: scene.broker.t });
    scene.broker.t += HOUR_MS;
    scene.broker.log.length = 0;
    scene.broker.tick('AVAV', { bid: 50, ask: 50.02, last: 50.01 });
    // Without a connection the machine's own clock counts.
    scene.broker.t = Math.max(scene.broker.t, Date.now());
  }
  const awake = (): Promise<void> => scene.when(() => scene.session.snapshot()!.phase === 'bars');
  /** Seconds of the new connection's market at one price, in regular hours whatever the time is. */
  function market(price: number): void {
    scene.makeReady();
    const { t } = scene.broker;
    scene.broker.hear({ t: 0, type: 'contract', symbol: 'AVAV', hours: [[t - 1000, t + 60_000]] });
    for (let second = 0; second < 3; second++) {
      scene.broker.tick('AVAV', { bid: price - 0.01, ask: price + 0.01, last: price });
      scene.broker.until(scene.broker.t + 1000);
    }
  }

  it('decides nothing on what it hears first, asks the broker, and then the stop goes out, once', async () => {
    const { broker } = scene;
    broker.onOrder = order => (order.side === 'BUY' ? broker.fill(order) : undefined);
    scene.makeBuy();
    const { qty } = broker.orders[0]!;
    assert.equal(scene.session.snapshot()!.symbols[0]!.position, qty);
    broker.holdings.positions = [{ symbol: 'AVAV', shares: qty, averageCost: 98.5 }];
    sleep();
    assert.equal(broker.orders.length, 1, 'on an old word');
    assert.equal(scene.session.snapshot()!.phase, 'linkLost');
    await awake();
    market(90);
    assert.deepEqual(broker.log, ['disconnect', 'connect', 'snapshot', 'subscribe AVAV', `place SELL ${qty} AVAV`]);
    assert.equal(broker.orders[1]!.tag, 'live_stop');
  });

  it('what became of an order that was on its way is asked, and it is not sent again', async () => {
    const { broker } = scene;
    scene.makeBuy();
    const order = broker.orders[0]!;
    const { orderId, key, symbol, side, qty, limit: price } = order;
    broker.holdings.executions = [{ execId: 'x.1.01.01', orderId, key, symbol, side, qty, price }];
    broker.holdings.positions = [{ symbol, shares: qty, averageCost: 98.5 }];
    sleep();
    await awake();
    market(98.5);
    assert.equal(scene.session.snapshot()!.symbols[0]!.position, qty);
    assert.equal(broker.orders.length, 1);
    await scene.when(() => scene.nRows() === 1);
  });
});

describe('session: a folder that cannot be written', () => {
  let scene: Scene;
  beforeEach(() => (scene = new Scene()));
  afterEach(async () => {
    allow();
    await scene.close();
  });

  // Who may do everything is somebody else for a while: what is forbidden by a mode forbids him nothing.
  const NOBODY = 65_534;
  const isRoot = process.getuid?.() === 0;
  function forbid(): void {
    for (const each of everything()) fs.chmodSync(each, fs.statSync(each).isDirectory() ? 0o555 : 0o444);
    if (isRoot) process.seteuid?.(NOBODY);
  }
  function allow(): void {
    if (isRoot) process.seteuid?.(0);
    for (const each of everything()) fs.chmodSync(each, fs.statSync(each).isDirectory() ? 0o755 : 0o644);
  }
  const everything = (): string[] => [
    scene.folder,
    ...(fs.readdirSync(scene.folder, { recursive: true }) as string[]).map(name => path.join(scene.folder, name)),
  ];

  it('is started on: it says so, buys nothing, and its stops go out', async function () {
    // A folder of Windows is never read-only.
    if (process.platform === 'win32') return this.skip();
    const { broker } = scene;
    await scene.begin();
    broker.onOrder = order => broker.fill(order);
    scene.makeReady();
    scene.makeBuy();
    const { qty } = broker.orders[0]!;
    await scene.when(() => scene.nRows() === 1);
    await scene.session.stop();
    broker.holdings.positions = [{ symbol: 'AVAV', shares: qty, averageCost: 98.5 }];
    forbid();
    await scene.restart();
    assert.equal(scene.endText, null);
    scene.makeReady();
    scene.makeBuy('AVAV', 97);
    assert.equal(broker.orders.filter(({ side }) => side === 'BUY').length, 1, 'it bought without a journal');
    assert.equal(scene.session.snapshot()!.journalOk, false);
    assert.equal(scene.notices('journalNotWritten'), 1);
    broker.tick('AVAV', { bid: 89.99, ask: 90.01, last: 90 });
    broker.until(broker.t + 2000);
    const sold = broker.orders.slice(1);
    assert.equal(sold.at(-1)?.tag, 'live_stop');
    assert.equal(
      sold.reduce((sum, order) => sum + order.qty, 0),
      qty,
    );
    assert.equal(scene.session.snapshot()!.symbols[0]!.position, 0);
    assert.equal(scene.nRows(), 1);
    // Nothing is lost once it can be written.
    allow();
    await scene.when(() => scene.notices('journalWritten') === 1 && scene.nRows() === 1 + sold.length);
  });
});
