import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { placeOrder, RawClient, stock, type Frame } from './gatewayClient';

describe('gateway: connections', () => {
  let gateway: Gateway;
  const clients: RawClient[] = [];

  async function begin(options: GatewayOptions = {}): Promise<void> {
    gateway = await startGateway({ seed: 7, speed: 0, lockstepClientId: 99, startTime: '10:00', ...options });
  }
  async function ready(clientId: number, versions?: string): Promise<RawClient> {
    const client = await RawClient.ready(gateway.port, clientId, versions);
    clients.push(client);
    return client;
  }
  async function open(): Promise<RawClient> {
    const client = await RawClient.open(gateway.port);
    clients.push(client);
    return client;
  }

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await gateway.close();
  });

  for (const [versions, max, expected] of [
    ['v100..193', 193, '193'],
    ['v100..225', 193, '193'],
    ['v157..178', 193, '178'],
    ['v100..177', 193, '177'],
    ['v100..193', 178, '178'],
    ['v176', 193, '176'],
  ] as const) {
    it(`agrees on ${expected} between ${versions} and ${max}`, async () => {
      await begin({ maxServerVersion: max });
      const client = await open();
      client.greet(versions);
      const greeting = await client.next(() => true);
      deepEqual(greeting, [expected, '20261118 10:00:00 US/Eastern']);
    });
  }

  it('closes on a client that is too old or too new', async () => {
    await begin();
    for (const versions of ['v100..175', 'v194..225']) {
      const client = await open();
      client.greet(versions);
      await client.ended();
      equal(client.frames.length, 0);
    }
  });

  it('says accounts, next id and the farms after startApi', async () => {
    await begin({ account: 'SIM4711' });
    const client = await open();
    client.greet('v100..193');
    client.send(71, 2, 5, '');
    const frames = [];
    for (let i = 0; i < 6; i++) frames.push(await client.next(() => true));
    deepEqual(
      frames.slice(1).map(frame => frame.slice(0, 5)),
      [
        ['15', '1', 'SIM4711'],
        ['9', '1', '1'],
        ['4', '2', '-1', '2104', 'Market data farm connection is OK:usfarm'],
        ['4', '2', '-1', '2106', 'HMDS data farm connection is OK:ushmds'],
        ['4', '2', '-1', '2158', 'Sec-def data farm connection is OK:secdefnj'],
      ],
    );
  });

  it('refuses an id in use with 326, closes, and lets another id in', async () => {
    await begin();
    await ready(5);
    const second = await open();
    second.greet('v100..193');
    second.send(71, 2, 5, '');
    const refusal = await second.next(frame => frame[0] === '4');
    deepEqual(refusal.slice(2, 4), ['-1', '326']);
    await second.ended();
    await ready(6);
    deepEqual([...gateway.connectedClientIds].sort(), [5, 6]);
  });

  it('frees an id at once after a clean goodbye and later after an unclean one', async () => {
    await begin({ idHeldSeconds: 0.4 });
    const first = await ready(5);
    first.socket.end();
    await first.ended();
    const second = await ready(5);
    gateway.dropConnections();
    await second.ended();
    await rejects(ready(5), /end of the connection/);
    await new Promise(resolve => setTimeout(resolve, 450));
    await ready(5);
  });

  it('refuses ids that a fault names', async () => {
    await begin({ faults: { refuseClientIds: [21] } });
    const client = await open();
    client.greet('v100..193');
    client.send(71, 2, 21, '');
    equal((await client.next(frame => frame[0] === '4'))[3], '326');
    await client.ended();
  });

  it('closes in the handshake, answers garbage or half a frame when told to', async () => {
    await begin({ faults: { closeInHandshake: true } });
    const closed = await open();
    closed.greet('v100..193');
    await closed.ended();
    equal(closed.frames.length, 0);

    gateway.faults.closeInHandshake = false;
    gateway.faults.garbageInHandshake = true;
    const garbage = await open();
    const bytes = new Promise<Buffer>(resolve => garbage.socket.once('data', resolve));
    garbage.greet('v100..193');
    equal((await bytes).toString('latin1', 0, 4), 'HTTP');

    gateway.faults.garbageInHandshake = false;
    gateway.faults.halfFrame = true;
    const half = await open();
    half.greet('v100..193');
    await half.next(() => true);
    const rest = new Promise<Buffer>(resolve => half.socket.once('data', resolve));
    half.send(71, 2, 5, '');
    const fragment = await rest;
    ok(fragment.length < 4 + fragment.readUInt32BE(0), 'fewer bytes than the length says');
  });

  it('goes silent without closing: half-open', async () => {
    await begin();
    const client = await ready(5);
    gateway.goSilent();
    client.send(49, 1);
    await rejects(
      client.next(frame => frame[0] === '49', 200),
      /within 200 ms/,
    );
    equal(client.isEnded, false);
  });

  it('restarts on the same port, with ids rolled back', async () => {
    await begin();
    const client = await ready(5);
    for (let id = 1; id <= 6; id++) {
      client.send(...placeOrder({ id, action: 'BUY', quantity: 1, limit: 10 }));
    }
    await client.settled();
    const { port } = gateway;
    const restarted = gateway.restart({ downMs: 50, rollBackIds: 4 });
    await client.ended();
    await restarted;
    equal(gateway.port, port);
    const again = await ready(5);
    equal(again.frames.find(frame => frame[0] === '9')?.[2], '3');
  });

  it('ignores what it does not know and what comes before startApi', async () => {
    const lines: string[] = [];
    await begin({ log: line => lines.push(line) });
    const client = await open();
    client.greet('v100..193');
    client.send(49, 1);
    client.send(71, 2, 5, '');
    client.send(12345, 1, 'what', 'is', 'this');
    client.send('');
    client.send('\u0001', 'x');
    const frames = await client.settled();
    ok(!frames.some(frame => frame[0] === '49'));
    ok(lines.some(line => line.includes('12345')));
    equal(client.isEnded, false);
  });

  it('serves several clients, each by its own version', async () => {
    await begin();
    const old = await ready(5, 'v157..178');
    const young = await ready(6);
    for (const [client, fields] of [
      [old, 135],
      [young, 141],
    ] as const) {
      client.send(...placeOrder({ id: 1, action: 'BUY', quantity: 1, limit: 10, tif: 'GTC' }));
      equal((await client.next(frame => frame[0] === '5')).length, fields);
    }
  });

  it('tells connects and goodbyes', async () => {
    await begin();
    const told: unknown[] = [];
    gateway.on('client', (id, isConnected) => told.push([id, isConnected]));
    const client = await ready(5);
    client.socket.end();
    await client.ended();
    while (told.length < 2) await new Promise(resolve => setTimeout(resolve, 5));
    deepEqual(told, [
      [5, true],
      [5, false],
    ]);
  });

  for (const [name, value, text] of [
    ['account', 'DU123', /begins with SIM/],
    ['speed', -1, /speed/],
    ['date', '2026-02-31x', /a date such as/],
    ['startTime', '25:00', /New York time/],
    ['until', '09:00', /after the start/],
    ['maxServerVersion', 200, /176 to 193/],
    ['ticksPerSecond', 3, /1, 2, 4, 5 or 10/],
  ] as const) {
    it(`refuses to start with ${name} ${value}`, async () => {
      await rejects(startGateway({ startTime: '10:00', [name]: value }), text);
      await begin();
    });
  }

  // Field counts that IB.md's layouts fix, at three versions.
  const layouts: readonly [string, readonly (string | number)[], string, Readonly<Record<string, number>>][] = [
    ['contractDetails', [9, 8, 1, ...stock('RCAT'), 0, '', '', ''], '10', { 'v100..193': 44, v178: 42, v176: 42 }],
    ['marketRule', [91, 26], '93', { 'v100..193': 5, v178: 5, v176: 5 }],
    ['currentTime', [49, 1], '49', { 'v100..193': 3, v178: 3, v176: 3 }],
    ['userInfo', [104, 1], '107', { 'v100..193': 3, v178: 3, v176: 3 }],
    ['pnl', [92, 1, 'SIM00001', ''], '94', { 'v100..193': 5, v178: 5, v176: 5 }],
    ['pnlSingle', [94, 1, 'SIM00001', '', 1], '95', { 'v100..193': 7, v178: 7, v176: 7 }],
    ['headTimestamp', [87, 1, ...stock('RCAT'), 0, 0, 'TRADES', 2], '88', { 'v100..193': 3, v178: 3, v176: 3 }],
    ['accountSummary', [62, 1, 1, 'All', 'NetLiquidation'], '63', { 'v100..193': 7, v178: 7, v176: 7 }],
    ['accountValue', [6, 2, 1, 'SIM00001'], '6', { 'v100..193': 6, v178: 6, v176: 6 }],
    ['accountUpdateMulti', [76, 2, 1, 'SIM00001', '', 1], '73', { 'v100..193': 8, v178: 8, v176: 8 }],
  ];
  for (const [name, request, answer, counts] of layouts) {
    it(`gives ${name} its fields at each version`, async () => {
      await begin();
      for (const [versions, count] of Object.entries(counts)) {
        const client = await ready(5, versions);
        client.send(...request);
        equal((await client.next(frame => frame[0] === answer)).length, count, versions);
        client.socket.end();
        await client.ended();
      }
    });
  }

  it('gives order frames their fields at each version', async () => {
    await begin();
    const counts: Readonly<Record<string, readonly number[]>> = {
      'v100..193': [141, 12, 32, 8, 102],
      v178: [135, 12, 32, 8, 100],
      v176: [136, 12, 31, 8, 101],
    };
    let id = 0;
    for (const [versions, expected] of Object.entries(counts)) {
      const client = await ready(5, versions);
      client.send(...placeOrder({ id: ++id, action: 'BUY', quantity: 5, limit: 13.4 }));
      const frames: Frame[] = [...(await client.settled())];
      client.send(99, 0);
      frames.push(...(await client.until(frame => frame[0] === '102')));
      const found = ['5', '3', '11', '59', '101'].map(type => frames.find(frame => frame[0] === type)?.length);
      deepEqual(found, expected, versions);
      client.socket.end();
      await client.ended();
    }
  });

  it('answers everything that other clients wait for before they call themselves connected', async () => {
    await begin();
    for (const [versions, clientId] of [
      ['v157..178', 5],
      ['v100..193', 6],
    ] as const) {
      const client = await ready(clientId, versions);
      for (const [request, end] of [
        [[61, 1], '62'],
        [[5, 1], '53'],
        [[99, 0], '102'],
        [[6, 2, 1, ''], '54'],
        [[76, 1, 3, 'SIM00001', '', 0], '74'],
        [[7, 3, 4, 0, '', '', '', '', '', ''], '55'],
        [[62, 1, 5, 'All', 'NetLiquidation,BuyingPower'], '64'],
        [[16, 1], '53'],
        [[17, 1], '15'],
      ] as const) {
        client.send(...request);
        await client.next(frame => frame[0] === end);
      }
    }
  });
});
