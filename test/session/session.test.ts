import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { OrderIntent } from '../../src/engine/events';
import { at } from './fakeBroker';
import { Scene } from './scene';

describe('session: order of things', () => {
  let scene: Scene;
  beforeEach(() => (scene = new Scene()));
  afterEach(() => scene.close());

  it('asks what the broker holds before it subscribes or sends anything', async () => {
    await scene.begin();
    assert.deepEqual(scene.broker.log, ['connect', 'snapshot', 'subscribe AVAV']);
  });

  it('buys once the market is there, and books the fill', async () => {
    await scene.begin();
    scene.broker.onOrder = order => scene.broker.fill(order);
    scene.makeReady();
    scene.makeBuy();
    const [order] = scene.broker.orders;
    assert.ok(order);
    assert.equal(order.side, 'BUY');
    await scene.when(() => scene.nRows() === 1);
    const rows = scene.read('fills_live.csv').trim().split('\n');
    assert.equal(rows[0], 'ts,symbol,side,qty,price,tag,realized_pnl');
    assert.equal(rows.length, 2);
    assert.match(
      rows[1]!,
      new RegExp(`^2026-11-18T09:30:\\d\\d-05:00,AVAV,BUY,${order.qty},${order.limit},ladder_buy,0.00$`),
    );
    assert.equal(scene.heard.filter(message => message.type === 'fill').length, 1);
  });

  it('has the intent in the journal when the order goes out', async () => {
    await scene.begin();
    let keysInJournal: unknown[] = [];
    scene.broker.onOrder = () => (keysInJournal = scene.journal().map(entry => (entry['intent'] as OrderIntent)?.key));
    scene.makeReady();
    scene.makeBuy();
    const [order] = scene.broker.orders;
    assert.ok(order);
    assert.ok(keysInJournal.includes(order.key));
  });

  it('says why another host is tried also when nothing answers there', async () => {
    const { createPort } = scene.broker;
    scene.parts.createPort = (config, listener) => {
      const port = createPort(config, listener);
      const connect = port.connect.bind(port);
      port.connect = () => {
        listener({ type: 'problem', problem: { code: 'hostUnknown', host: 'tws-box', fallback: '127.0.0.1' } });
        return connect();
      };
      return port;
    };
    scene.broker.refusals = [{ code: 'nothingListens', host: '127.0.0.1', port: 7497 }];
    scene.make().start();
    await scene.when(() => scene.endText !== null);
    const told = scene.heard.flatMap(message => (message.type === 'problem' ? [message.problem.code] : []));
    assert.deepEqual(told, ['hostUnknown', 'nothingListens']);
  });

  it('sends nothing while the reconciliation has no answer, and holds the clock', async () => {
    scene.broker.answersSnapshots = false;
    scene.session.start();
    await scene.when(() => scene.broker.log.includes('snapshot'));
    scene.makeReady();
    scene.makeBuy();
    assert.deepEqual(scene.broker.orders, []);
    assert.equal(scene.broker.port.nReady, 0);
  });

  it('lets the gateway go on once for each second, and first when the bars have come', async () => {
    await scene.begin();
    assert.equal(scene.broker.port.nReady, 0);
    scene.makeReady();
    assert.equal(scene.broker.port.nReady, 1);
    scene.broker.until(scene.broker.t + 3000);
    assert.equal(scene.broker.port.nReady, 4);
  });

  it('begins the journal with whose it is and the whole state', async () => {
    await scene.begin();
    const [header, carry, ...rest] = scene.journal();
    assert.deepEqual(header, { format: 1, broker: 'simulator', account: 'SIM00001', date: '2026-11-18' });
    assert.equal(carry!['why'], 'carry');
    assert.ok(carry!['full']);
    assert.ok(rest.some(entry => entry['why'] === 'reconciled'));
    assert.equal(fs.readFileSync(path.join(scene.folder, '.dronebot/.gitignore'), 'utf8'), '*\n');
  });

  it('writes P&L rows in regular hours only', async () => {
    await scene.begin();
    scene.makeReady();
    scene.broker.tick('AVAV', { bid: 99.9, ask: 100.1, last: 100 });
    scene.broker.until(at('09:29:55'));
    assert.equal(fs.existsSync(path.join(scene.folder, 'pnl_summary_live.csv')), false);
    scene.broker.until(at('09:30:20'));
    await scene.session.stop();
    const rows = scene.read('pnl_summary_live.csv').trim().split('\n');
    assert.equal(rows[0], 'ts,symbol,pos,avg,last,uPnL,rPnL_to_date');
    assert.equal(rows[1], '2026-11-18T09:30:00-05:00,AVAV,0,,100.00,0.00,0.00');
    assert.equal(rows.length, 6);
  });

  it('answers an order that the broker room did not take, so that nothing stays in flight', async () => {
    await scene.begin();
    scene.broker.onOrder = () => {
      throw new Error('held back');
    };
    scene.makeReady();
    scene.makeBuy();
    assert.equal(scene.notices('orderRejected'), 1);
    assert.equal(scene.endText, null);
  });
});

describe('session: starting is recovering', () => {
  let scene: Scene;
  beforeEach(() => (scene = new Scene()));
  afterEach(() => scene.close());

  it('knows its position and order ids again, and writes each row once', async () => {
    await scene.begin();
    scene.broker.onOrder = order => scene.broker.fill(order);
    scene.makeReady();
    scene.makeBuy();
    await scene.session.stop();
    const [first] = scene.broker.orders;
    const rows = scene.read('fills_live.csv');
    scene.broker.holdings.positions = [{ symbol: 'AVAV', shares: first!.qty, averageCost: 98.5 }];
    await scene.restart();
    const row = scene.session.snapshot()!.symbols[0]!;
    assert.equal(row.position, first!.qty);
    assert.equal(scene.read('fills_live.csv'), rows);
    const keys = scene.journal().flatMap(entry => (entry['shell'] as { session?: string })?.session ?? []);
    assert.equal(new Set(keys).size, 2);
  });

  it('finds the fill of an order that was sent just before the crash', async () => {
    await scene.begin();
    scene.makeReady();
    scene.makeBuy();
    const [order] = scene.broker.orders;
    assert.ok(order);
    await scene.session.stop();
    const { orderId, key, symbol, side, qty, limit: price } = order;
    scene.broker.holdings.executions = [{ execId: 'x.1.01.01', orderId, key, symbol, side, qty, price }];
    scene.broker.holdings.positions = [{ symbol, shares: qty, averageCost: Number(price) }];
    await scene.restart();
    assert.equal(scene.session.snapshot()!.symbols[0]!.position, qty);
    await scene.when(() => scene.nRows() === 1);
    assert.equal(scene.broker.orders.length, 1);
  });

  it('cuts a torn last line of the journal and completes the rows that a crash left out', async () => {
    await scene.begin();
    scene.broker.onOrder = order => scene.broker.fill(order);
    scene.makeReady();
    scene.makeBuy();
    await scene.session.stop();
    const { qty } = scene.broker.orders[0]!;
    scene.broker.holdings.positions = [{ symbol: 'AVAV', shares: qty, averageCost: 98.5 }];
    const file = path.join(scene.folder, 'fills_live.csv');
    const whole = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, whole.slice(0, -12));
    fs.appendFileSync(scene.journalFile(), '{"t":1763475000000,"why":"inte');
    await scene.restart();
    assert.equal(fs.readFileSync(file, 'utf8'), whole);
    assert.equal(scene.session.snapshot()!.symbols[0]!.position, qty);
    assert.ok(scene.journal().every(entry => typeof entry === 'object'));
  });

  it('does not start on a journal of another account or on a damaged one', async () => {
    await scene.begin();
    await scene.session.stop();
    const file = scene.journalFile();
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('"SIM00001"', '"SIM00002"'));
    await scene.restart();
    assert.match(scene.endText ?? '', /belongs to ···0002, so Dronebot did not start/);
    fs.writeFileSync(file, text.replace('"why":"carry"', '"why":car'));
    scene.heard.length = 0;
    await scene.restart();
    assert.match(scene.endText ?? '', /cannot be read from line 2 on, so Dronebot did not start/);
  });

  it('does not write behind the fills of somebody else', async () => {
    fs.writeFileSync(path.join(scene.folder, 'fills_live.csv'), '2026-11-17T10:00:00,AVAV,BUY,1,100.0,ladder_buy,0\n');
    await scene.begin();
    const refused = scene.heard.find(message => message.type === 'refused');
    assert.equal(refused?.type === 'refused' && refused.code, 'filesOfAnotherAccount');
    assert.equal(scene.broker.log.includes('snapshot'), false);
  });

  it('is the only owner of its account', async () => {
    await scene.begin();
    const first = scene.session;
    scene.heard.length = 0;
    scene.make();
    scene.session.start();
    await scene.when(() => scene.endText !== null);
    assert.match(scene.endText!, /Another session already trades this account/);
    await first.stop();
    scene.heard.length = 0;
    await scene.restart();
    assert.equal(scene.endText, null);
  });
});

describe('session: a link that goes and comes', () => {
  let scene: Scene;
  beforeEach(() => (scene = new Scene()));
  afterEach(() => scene.close());
  const lost = { code: 'linkLost', host: '127.0.0.1', port: 4002, text: 'closed' } as const;

  it('connects anew with a new port, reconciles, and only then subscribes', async () => {
    await scene.begin();
    scene.broker.log.length = 0;
    scene.broker.port.listener({ type: 'lost', problem: lost });
    assert.equal(scene.session.snapshot()!.phase, 'linkLost');
    await scene.when(() => scene.broker.log.includes('subscribe AVAV'));
    assert.deepEqual(scene.broker.log, ['disconnect', 'connect', 'snapshot', 'subscribe AVAV']);
    assert.equal(scene.broker.ports.length, 2);
    assert.equal(scene.broker.ports[0]!.isOpen, false);
  });

  it('waits with the same client id when it is in use', async () => {
    scene.broker.refusals = Array<typeof inUse>(3).fill(inUse);
    await scene.begin();
    assert.equal(scene.broker.ports.length, 4);
    assert.deepEqual([...new Set(scene.broker.ports.map(port => port.config.clientId))], [21]);
    assert.equal(scene.heard.filter(message => message.type === 'problem').length, 1);
  });
  const inUse = { code: 'clientIdInUse', host: '127.0.0.1', port: 4002, clientId: 21 } as const;

  it('says what is wrong when nothing listens at the start, and tries for ever after a loss', async () => {
    const nothing = { code: 'nothingListens', host: '127.0.0.1', port: 4002 } as const;
    scene.broker.refusals = [nothing];
    await scene.begin();
    assert.match(scene.endText ?? '', /^Nothing listens on 127.0.0.1:4002. Is TWS running/);
    scene.heard.length = 0;
    await scene.restart();
    scene.broker.refusals = [nothing, nothing, nothing];
    scene.broker.log.length = 0;
    scene.broker.port.listener({ type: 'lost', problem: lost });
    await scene.when(() => scene.broker.log.includes('subscribe AVAV'));
    assert.equal(scene.broker.log.filter(line => line === 'connect').length, 4);
    assert.equal(scene.endText, null);
  });

  it('ends loudly when another account is behind the gateway', async () => {
    await scene.begin();
    scene.broker.account = 'SIM00009';
    scene.broker.port.listener({ type: 'lost', problem: lost });
    await scene.when(() => scene.endText !== null);
    assert.match(scene.endText!, /expected ···0001, found ···0009/);
  });

  it('reconciles again when the link behind the gateway is back', async () => {
    await scene.begin();
    scene.broker.log.length = 0;
    scene.broker.port.listener({ type: 'restored', dataLost: false });
    await scene.when(() => scene.heard.filter(m => m.type === 'notice' && m.notice.code === 'reconciled').length === 2);
    assert.deepEqual(scene.broker.log, ['snapshot']);
  });

  it('takes five seconds without an evaluation for sleep, and decides nothing on old words', async () => {
    scene.config = { ...scene.config, broker: 'ib' };
    scene.broker.account = 'DU1234567';
    scene.broker.mode = 'PAPER';
    scene.make();
    await scene.begin();
    scene.makeReady();
    scene.broker.port.listener({ type: 'time', t: scene.broker.t });
    scene.broker.t += 3_600_000;
    const asleep = scene.broker.port;
    asleep.listener({ type: 'engine', event: { t: 0, type: 'tick', symbol: 'AVAV', last: 50 } });
    assert.equal(asleep.isOpen, false);
    assert.equal(scene.session.snapshot()!.symbols[0]!.last, null);
    await scene.when(() => scene.broker.ports.length === 2 && scene.session.snapshot()!.phase === 'bars');
  });

  it('asks before it trades live money', async () => {
    scene.config = { ...scene.config, broker: 'ib' };
    scene.broker.account = 'U9999034';
    scene.broker.mode = 'LIVE';
    scene.make();
    await scene.begin();
    const refused = scene.heard.find(message => message.type === 'refused');
    assert.ok(refused?.type === 'refused');
    assert.deepEqual([refused.code, refused.data], ['liveConsent', { account: 'U9999034', netLiquidation: 150_000 }]);
    scene.heard.length = 0;
    scene.config = { ...scene.config, liveConsent: 'U9999034' };
    scene.broker.values.netLiquidation = '112840';
    await scene.restart();
    const second = scene.heard.find(message => message.type === 'refused');
    assert.equal(second?.type === 'refused' && second.code, 'equityOverNetLiquidation');
  });
});

describe('session: files that resist', () => {
  let scene: Scene;
  beforeEach(() => (scene = new Scene()));
  afterEach(() => scene.close());

  it('buys nothing, and says so, when the journal cannot be written', async () => {
    // A file where the folder should be: not even root writes below it.
    fs.mkdirSync(path.join(scene.folder, '.dronebot'));
    fs.writeFileSync(path.join(scene.folder, '.dronebot/SIM00001'), '');
    await scene.begin();
    scene.makeReady();
    scene.makeBuy();
    assert.equal(scene.notices('journalNotWritten'), 1);
    assert.equal(scene.session.snapshot()!.journalOk, false);
    assert.deepEqual(scene.broker.orders, []);
    fs.rmSync(path.join(scene.folder, '.dronebot/SIM00001'));
    await scene.when(() => scene.notices('journalWritten') === 1);
    scene.broker.until(scene.broker.t + 12_000);
    scene.makeBuy('AVAV', 98);
    assert.equal(scene.broker.orders.length, 1);
  });

  it('lets rows wait while another program holds fills_live.csv', async () => {
    const file = path.join(scene.folder, 'fills_live.csv');
    await scene.begin();
    fs.mkdirSync(file); // What cannot be opened for writing, on every system.
    scene.broker.onOrder = order => scene.broker.fill(order);
    scene.makeReady();
    scene.makeBuy();
    await scene.when(() => scene.notices('fillsNotWritten') === 1);
    assert.equal(scene.session.snapshot()!.rowsWaiting, 1);
    fs.rmdirSync(file);
    await scene.when(() => scene.notices('fillsWritten') === 1);
    assert.equal(fs.readFileSync(file, 'utf8').trim().split('\n').length, 2);
    assert.equal(scene.session.snapshot()!.rowsWaiting, 0);
  });

  it('keeps the last good overrides when the file or a value is broken', async () => {
    const file = path.join(scene.folder, 'dashboard_overrides.json');
    fs.writeFileSync(file, '{"AVAV":{"buy":0.7}}');
    await scene.begin();
    const percent = (): number => scene.session.snapshot()!.symbols[0]!.buyPercent;
    assert.equal(percent(), 0.7);
    fs.writeFileSync(file, '{"AVAV":{"buy":0.8');
    await scene.when(() => scene.notices('overridesFile') === 1);
    assert.equal(percent(), 0.7);
    fs.writeFileSync(file, '{"AVAV":{"buy":12}}');
    await scene.when(() => scene.notices('overridesFile') === 2);
    assert.equal(percent(), 0.7);
    scene.session.request({ type: 'override', symbol: 'AVAV', buy: 0.9 });
    assert.equal(percent(), 0.9);
    assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), { AVAV: { buy: 0.9 } });
    scene.session.request({ type: 'override', symbol: 'AVAV', buy: null });
    assert.equal(percent(), 0.6);
  });

  it('follows targets.txt, survives a half-saved one, and misses one that is gone', async () => {
    scene.parts = { patienceMs: 100 };
    scene.make();
    await scene.begin();
    fs.writeFileSync(scene.targetsFile, '@config equity=150000\nAVAV buy=0.60\nKTOS class=safe buy=0.40\n');
    await scene.when(() => scene.broker.log.includes('subscribe KTOS'));
    fs.rmSync(scene.targetsFile);
    await scene.when(() =>
      scene.heard.some(m => m.type === 'notice' && m.notice.code === 'targetsGone' && m.notice.level === 'alarm'),
    );
    assert.equal(scene.session.snapshot()!.symbols.length, 2);
    fs.writeFileSync(scene.targetsFile, 'AVAV buy=0.60\n');
    await scene.when(() => scene.notices('targetsBack') === 1);
  });

  it('does not start without targets or on an invalid @config', async () => {
    fs.writeFileSync(scene.targetsFile, '@config risky=0.7 safe=0.4\nAVAV\n');
    scene.session.start();
    await scene.session.ended;
    assert.match(scene.endText!, /^targets.txt has an invalid @config, so Dronebot did not start: .*1\.1/);
    scene.heard.length = 0;
    fs.rmSync(scene.targetsFile);
    scene.make().start();
    await scene.session.ended;
    assert.match(scene.endText!, /^There is no targets.txt, so nothing trades/);
    assert.deepEqual(scene.broker.log, []);
  });
});
