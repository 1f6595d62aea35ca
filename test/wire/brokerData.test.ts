/** Contracts, ticks and bars over the wire, and the clocks: what the engine hears, frame by frame, from a scripted gateway. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EngineEvent } from '../../src/engine/events';
import type { BrokerConfig } from '../../src/broker/port';
import { Harness, intent } from './brokerHarness';
import type { Field, Peer } from './scriptedGateway';
import { frameOf, ScriptedGateway } from './scriptedGateway';

const minute = 60;

describe('broker: market data', () => {
  let gateway: ScriptedGateway;
  let h: Harness;

  beforeEach(async () => {
    gateway = await new ScriptedGateway().listen();
    h = await Harness.on(gateway);
  });
  afterEach(() => h.end());

  const says = (about: Field, code: number, text: string): void => h.peer.send(4, 2, about, code, text, '');
  const line = async (symbol: string): Promise<string> => {
    const all = await h.peer.until(1);
    const fields = all.find(frame => frame[4] === symbol.replace('.', ' '));
    return fields?.[2] ?? (await h.peer.until(1, all.length + 1).then(() => line(symbol)));
  };
  const subscribe = async (symbol = 'AVAV'): Promise<string> => {
    await h.connect();
    h.port.subscribe(symbol);
    await h.told('download', ({ state }) => state !== 'started');
    return line(symbol);
  };
  /** The next ticks, without their time. */
  const ticks = async (n: number): Promise<object[]> => {
    while (h.allTold('tick').length < n) await new Promise(done => setTimeout(done, 5));
    return h.allTold('tick').map(({ t: _t, type: _type, symbol: _symbol, ...fields }) => fields);
  };

  it('tells the contract: ticks of the rule that stands at SMART, hours, number; asks by the name IB knows', async () => {
    await subscribe('BRK.B');
    const { t: _t, ...contract } = await h.told('contract');
    const open = Date.parse('2026-11-23T14:30:00Z');
    const midnight = Date.parse('2026-11-22T05:00:00Z');
    deepEqual(contract, {
      type: 'contract',
      symbol: 'BRK.B',
      ticks: [
        [0, 0.0001],
        [1, 0.01],
      ],
      minTick: 0.01,
      hours: [
        [midnight, midnight],
        [open, open + 6.5 * 3600_000],
      ],
      conId: 1005,
    });
    equal(h.peer.of(9)[0]?.[4], 'BRK B');
    deepEqual(
      h.peer.of(91).map(([, rule]) => rule),
      ['26'],
    );
    deepEqual(h.peer.of(59), [['59', '1', '1']], 'live data only, asked once');
  });

  it('asks for a market rule once for all symbols that share it', async () => {
    await h.connect();
    for (const symbol of ['AVAV', 'KTOS', 'RCAT']) h.port.subscribe(symbol);
    await h.told('download', ({ symbol, state }) => symbol === 'RCAT' && state === 'noData');
    equal(h.peer.of(91).length, 1);
    equal(h.allTold('contract').length, 3);
  });

  it('tells a symbol that IB does not know as failed, and goes on with the others', async () => {
    const { 9: answer } = gateway.script.on;
    gateway.script.on[9] = (peer, fields) =>
      fields[4] === 'NOPE'
        ? peer.send(4, 2, fields[2] ?? '', 200, 'No security definition has been found', '')
        : answer?.(peer, fields);
    await h.connect();
    h.port.subscribe('NOPE');
    h.port.subscribe('AVAV');
    const failed = await h.told('contract', ({ symbol }) => symbol === 'NOPE');
    deepEqual(failed.failed, { code: 200, text: 'No security definition has been found' });
    await h.told('download', ({ symbol }) => symbol === 'AVAV');
    await h.peer.until(1);
    await h.settled();
    equal(h.peer.of(1).length, 1);
  });

  it('makes one event of a price and the size in the same frame, the size of a bid included', async () => {
    const id = await subscribe();
    h.peer.send(1, 6, id, 1, 27.15, 300, 1);
    h.peer.send(1, 6, id, 4, 27.16, 100, 0);
    h.peer.send(2, 6, id, 8, 815200);
    h.peer.send(1, 6, id, 9, 26.9, 0, 0);
    h.peer.send(45, 6, id, 49, 1);
    deepEqual(await ticks(5), [
      { bid: 27.15, bidSize: 300 },
      { last: 27.16, lastSize: 100 },
      { volume: 815200 },
      { close: 26.9 },
      { halted: 1 },
    ]);
  });

  it('says "no price" for −1, 0 and the unset double, and "no size" with it', async () => {
    const id = await subscribe();
    h.peer.send(1, 6, id, 1, -1, 0, 1);
    h.peer.send(1, 6, id, 2, '0.0', 0, 1);
    h.peer.send(1, 6, id, 4, '1.7976931348623157E308', '', 0);
    h.peer.send(1, 6, id, 4, 'NaN', 5, 0);
    h.peer.send(2, 6, id, 3, '');
    const none = null;
    deepEqual(await ticks(5), [
      { bid: none, bidSize: none },
      { ask: none, askSize: none },
      { last: none, lastSize: none },
      { last: none, lastSize: 5 },
      { askSize: none },
    ]);
  });

  it('keeps what comes before frame 58 until that says live', async () => {
    gateway.script.on[1] = (peer, [, , id = '']) => {
      peer.send(1, 6, id, 9, 26.9, 0, 0);
      peer.send(58, 1, id, 1);
      peer.send(1, 6, id, 4, 27, 100, 0);
    };
    await subscribe();
    deepEqual(await ticks(2), [{ close: 26.9 }, { last: 27, lastSize: 100 }]);
  });

  for (const [name, tickType, value] of [
    ['delayed', 68, 3],
    ['frozen', 4, 2],
  ] as const)
    it(`delivers no ${name} price`, async () => {
      gateway.script.on[1] = (peer, [, , id = '']) => {
        if (value === 2) peer.send(58, 1, id, 2);
        peer.send(1, 6, id, tickType, 27, 100, 0);
        peer.send(2, 6, id, tickType === 68 ? 74 : 8, 1000);
      };
      await subscribe();
      equal((await h.told('dataType')).value, value);
      await h.settled();
      deepEqual(h.allTold('tick'), []);
    });

  for (const [code, value] of [
    [354, 0],
    [10168, 0],
    [10186, 0],
    [10089, 3],
    [10167, 3],
    [10197, 0],
    [101, 0],
  ] as const)
    it(`takes ${code} as "not live", and says so`, async () => {
      const id = await subscribe();
      says(id, code, 'Requested market data is not subscribed.');
      const told = await h.told('dataType', type => type.code === code);
      deepEqual([told.symbol, told.value], ['AVAV', value]);
      h.peer.send(1, 6, id, 4, 27, 100, 0);
      await h.settled();
      deepEqual(h.allTold('tick'), [], 'quotes that go on must not be traded on');
      equal(h.problems.length, 1);
      equal(h.problems[0]?.code, code === 10197 ? 'competingSession' : 'brokerSays');
    });

  it('tells farm faults, of several farms until the last is well again', async () => {
    await subscribe();
    says(-1, 2103, 'Market data farm connection is broken:usfarm');
    says(-1, 2103, 'Market data farm connection is broken:usfarm.nj');
    says(-1, 2104, 'Market data farm connection is OK:usfarm');
    says(-1, 2105, 'HMDS data farm connection is broken:ushmds');
    await h.settled();
    deepEqual(
      h.allTold('farm').map(({ up }) => up),
      [false, false],
    );
    says(-1, 2104, 'Market data farm connection is OK:usfarm.nj');
    await h.told('farm', ({ up }) => up);
  });

  it('tells a fault that stood before the connection once more with the snapshot', async () => {
    const { 71: welcome } = gateway.script.on;
    gateway.script.on[71] = (peer, fields) => {
      welcome?.(peer, fields);
      peer.send(4, 2, -1, 2103, 'Market data farm connection is broken:usfarm', '');
    };
    await h.connect();
    equal(h.allTold('farm').length, 1);
    await h.port.snapshot();
    deepEqual(
      h.allTold('farm').map(({ up, code }) => [up, code]),
      [
        [false, 2103],
        [false, 2103],
      ],
    );
    says(
      -1,
      1102,
      'Connectivity between IB and TWS has been restored- data maintained. All data farms are connected: usfarm.',
    );
    await h.told('farm', ({ up }) => up);
    await h.port.snapshot();
    equal(h.allTold('farm').length, 3);
  });

  it('asks for everything again when IB says that data was lost, but not for the same bars within 15 s', async () => {
    await subscribe();
    says(-1, 1100, 'Connectivity between IB and the TWS has been lost.');
    says(-1, 1101, 'Connectivity between IB and TWS has been restored- data lost.');
    await h.until(event => event.type === 'restored' && event.dataLost);
    await h.peer.until(1, 2);
    equal(h.peer.of(2).length, 1);
    await h.settled();
    equal(h.peer.of(20).length, 1);
  });

  it('gives snapshots: positions, open orders of all clients, executions, of its account alone', async () => {
    const position = (account: string, symbol: string, shares: Field): Field[] => [
      61,
      3,
      account,
      7,
      symbol,
      'STK',
      '',
      0,
      '',
      '',
      'NYSE',
      'USD',
      symbol,
      'NMS',
      shares,
      27.5,
    ];
    gateway.script.on[61] = peer => {
      peer.send(...position('DU1234567', 'BRK B', 12));
      peer.send(...position('DU9', 'AVAV', 500));
      peer.send(62, 1);
    };
    await h.connect();
    const snapshot = await h.port.snapshot();
    deepEqual(snapshot, {
      positions: [{ symbol: 'BRK.B', shares: 12, averageCost: 27.5 }],
      orders: [],
      executions: [],
    });
    deepEqual(
      h.peer.of(7).map(frame => frame.slice(3, 5)),
      [['0', 'DU1234567']],
      'of all clients',
    );
    h.peer.send(...position('DU1234567', 'BRK B', 9));
    equal((await h.told('position', ({ shares }) => shares === 9)).symbol, 'BRK.B');
  });

  it('does not wait for the end of executions that a gateway leaves out', async function () {
    this.timeout(8000);
    gateway.script.on[7] = undefined;
    await h.connect();
    deepEqual((await h.port.snapshot()).executions, []);
  });

  it('ends a snapshot with the connection', async () => {
    gateway.script.on[61] = peer => peer.socket.destroy();
    await h.connect();
    let failed = '';
    await h.port.snapshot().catch((error: Error) => (failed = error.name));
    equal(failed, 'BrokerFailure');
  });

  it('reads net liquidation and buying power, and takes no other currency for dollars', async () => {
    gateway.script.on[62] = (peer, [, , id = '']) => {
      peer.send(63, 1, id, 'DU1234567', 'NetLiquidation', '150000.55', 'USD');
      peer.send(63, 1, id, 'DU1234567', 'BuyingPower', '600000.00', 'EUR');
      peer.send(64, 1, id);
    };
    await h.connect();
    deepEqual(await h.port.accountValues(), { netLiquidation: '150000.55' });
    await h.peer.until(63);
  });

  it('notices within 15 seconds that nothing comes any more on a connection that is still open', async function () {
    this.timeout(16_000);
    await h.connect();
    const since = performance.now();
    gateway.script.on = {};
    const problem = await h.lost();
    ok(problem.code === 'linkLost' && /has not answered/.test(problem.text));
    ok(performance.now() - since < 15_000);
  });

  it('tells each second on the system clock', async () => {
    await h.connect();
    // Just behind a whole second, though a busy machine may be late once.
    await h.until(event => event.type === 'time' && event.t % 1000 < 500);
  });

  it('decodes the recorded frames of a real gateway without complaint', async function () {
    const file = resolve(__dirname, '../../../shared/golden/tws_frames.json');
    if (!existsSync(file)) {
      console.log(`      SKIPPED: ${file} is not here`);
      return this.skip();
    }
    const { frames } = JSON.parse(readFileSync(file, 'utf8')) as { frames: { fields: string[] }[] };
    equal(frames.length, 14);
    await h.connect();
    for (const { fields } of frames) h.peer.send(...fields);
    h.peer.send(4, 2, -1, 2106, 'the last', '');
    await h.until(event => event.type === 'log' && event.text.startsWith('the last'));
    const complaints = h.events.flatMap(event => (event.type === 'log' && event.level !== 'debug' ? [event.text] : []));
    deepEqual(
      complaints.filter(text => text.includes('505') || text.includes('Message')),
      [],
    );
  });
});

describe('broker: bars', () => {
  let gateway: ScriptedGateway;
  let h: Harness;
  /** The simulated time at which the gateway is, in seconds; its script answers each question with the next one. */
  let now: number;

  const start = async (change: Partial<BrokerConfig> = {}): Promise<void> => {
    h = await Harness.on(gateway, { clock: 'gateway', ...change });
    await h.connect();
  };

  beforeEach(async () => {
    gateway = await new ScriptedGateway().listen();
    gateway.script.account = 'SIM1';
    now = 1795012200; // 2026-11-18 09:30 in New York
    gateway.script.on[49] = peer => peer.send(49, 1, now);
  });
  afterEach(() => h.end());

  const second = async (t = now + 1): Promise<void> => {
    now = t;
    h.port.ready();
    await h.until(event => event.type === 'time' && event.t === t * 1000);
  };
  const bar = (start: number, ...rest: Field[]): Field[] => [
    start,
    27.1,
    27.4,
    27.0,
    27.3,
    ...(rest.length > 0 ? rest : [500, 27.2, 12]),
  ];
  const answer = (peer: Peer, id: string, ...bars: Field[][]): void =>
    peer.raw(frameOf([17, id, '', '', bars.length, ...bars.flat()]));
  const asked = (): string[][] => h.peer.of(20);

  it('downloads the day, extended hours included, and keeps it up to date', async () => {
    gateway.script.on[20] = (peer, [, id = '']) => {
      answer(peer, id, bar(now - 2 * minute), bar(now - minute));
      peer.send(90, id, 12, now, 27.3, 27.5, 27.6, 27.2, 27.4, 40);
    };
    await start();
    h.port.subscribe('AVAV');
    await h.told('bar', event => event.start === now * 1000);
    const [request = []] = asked();
    deepEqual(request.slice(15, 22), ['', '1 min', '1 D', '0', 'TRADES', '2', '1']);
    deepEqual(
      h.allTold('download').map(({ state }) => state),
      ['started', 'finished'],
    );
    const bars = h
      .allTold('bar')
      .map(({ start: at, open, high, low, close, volume }) => [at / 1000 - now, open, high, low, close, volume]);
    deepEqual(bars, [
      [-120, 27.1, 27.4, 27, 27.3, 500],
      [-60, 27.1, 27.4, 27, 27.3, 500],
      [0, 27.3, 27.6, 27.2, 27.5, 40],
    ]);
  });

  it('hands a long download on in turns, with what else is heard in between, and its newest bar last', async () => {
    gateway.script.on[20] = (peer, [, id = '']) => {
      const bars = Array.from({ length: 2500 }, (_, n) => bar(now - (2500 - n) * minute));
      answer(peer, id, ...bars);
      peer.send(90, id, 12, now - minute, 27.3, 27.5, 27.6, 27.2, 27.4, 40);
      peer.send(4, 2, -1, 2104, 'Market data farm connection is OK:usfarm', '');
    };
    await start();
    const order: string[] = [];
    h.onEvent = event => {
      if (event.type === 'log') order.push('log');
      else if (event.type === 'engine' && event.event.type === 'bar') order.push('bar');
      else if (event.type === 'engine' && event.event.type === 'download') order.push(event.event.state);
    };
    h.port.subscribe('AVAV');
    await h.told('download', ({ state }) => state === 'finished');
    const bars = h.allTold('bar');
    deepEqual([bars.length, bars[0]?.start, bars.at(-1)?.close], [2501, (now - 2500 * minute) * 1000, 27.5]);
    ok(bars.every(({ start: at, t }, n) => n === 0 || (bars[n - 1]!.start <= at && bars[n - 1]!.t <= t)));
    deepEqual([order.indexOf('finished'), order.filter(each => each === 'bar').length], [order.length - 1, 2501]);
    ok(order.indexOf('log') < order.lastIndexOf('bar'), 'something else was heard before the last of them');
  });

  it('leaves out bars that are no bars: −1, NaN, no volume counts as 0', async () => {
    gateway.script.on[20] = (peer, [, id = '']) =>
      answer(
        peer,
        id,
        [now - 180, -1, -1, -1, -1, -1, -1, -1],
        [now - 120, 27, 'NaN', 27, 27, 1, 1, 1],
        bar(now - 60, -1, -1, -1),
      );
    await start();
    h.port.subscribe('AVAV');
    await h.told('download', ({ state }) => state === 'finished');
    deepEqual(
      h.allTold('bar').map(({ start: at, volume }) => [at / 1000 - now, volume]),
      [[-60, 0]],
    );
  });

  it('tells "no data" when IB says so in words', async () => {
    gateway.script.on[20] = (peer, [, id = '']) =>
      peer.send(
        4,
        2,
        id,
        162,
        'Historical Market Data Service error message:HMDS query returned no data: AVAV@SMART Trades',
        '',
      );
    await start();
    h.port.subscribe('AVAV');
    equal((await h.told('download', ({ state }) => state !== 'started')).state, 'noData');
  });

  it('waits and asks again when the pacing was violated', async () => {
    gateway.script.on[20] = (peer, [, id = '']) =>
      asked().length === 1
        ? peer.send(
            4,
            2,
            id,
            162,
            'Historical Market Data Service error message:Historical data request pacing violation',
            '',
          )
        : answer(peer, id, bar(now - minute));
    await start();
    h.port.subscribe('AVAV');
    await h.told('download');
    await h.settled();
    await second(now + 14);
    equal(asked().length, 1);
    await second(now + 1);
    await h.told('download', ({ state }) => state === 'finished');
    equal(
      h.allTold('download').some(({ state }) => state === 'failed'),
      false,
    );
  });

  it('tells a failed download and tries again', async () => {
    gateway.script.on[20] = (peer, [, id = '']) =>
      asked().length === 1
        ? peer.send(
            4,
            2,
            id,
            162,
            'Historical Market Data Service error message:No market data permissions for NYSE STK',
            '',
          )
        : answer(peer, id, bar(now - minute));
    await start();
    h.port.subscribe('AVAV');
    equal((await h.told('download', ({ state }) => state !== 'started')).state, 'failed');
    await second(now + 16);
    await h.told('download', ({ state }) => state === 'finished');
  });

  it('does not send the identical request within 15 s, over a reconnect too', async () => {
    gateway.script.on[20] = (peer, [, id = '']) => answer(peer, id, bar(now - minute));
    await start();
    h.port.subscribe('AVAV');
    await h.told('download', ({ state }) => state === 'finished');
    h.port.disconnect();
    h.events.length = 0;
    now += 5;
    h.newPort();
    await h.connect();
    h.port.subscribe('AVAV');
    await h.told('contract');
    await second(now + 9);
    await h.settled();
    equal(asked().length, 0);
    await second(now + 1);
    await h.told('download', ({ state }) => state === 'finished');
  });

  it('builds the bars of symbols beyond the live ones from ticks, and gives them out 2 s after the minute', async () => {
    gateway.script.on[20] = (peer, [, id = '']) => answer(peer, id, bar(now - minute));
    await start({ liveBarSymbols: 0 });
    h.port.subscribe('AVAV');
    await h.told('download', ({ state }) => state === 'finished');
    equal(asked()[0]?.[21], '0', 'not kept up to date');
    const [, , id = ''] = h.peer.of(1)[0] ?? [];
    const print = (price: number, volume: number): void => {
      h.peer.send(2, 6, id, 8, volume);
      h.peer.send(1, 6, id, 4, price, 100, 0);
    };
    print(27, 1000);
    await second();
    print(27.5, 1200);
    print(26.8, 1300);
    print(27.2, 1350);
    await second(now + 60);
    print(28, 1400);
    await second(now + 1);
    const bars = h
      .allTold('bar')
      .slice(1)
      .map(({ t, start: at, open, high, low, close, volume }) => [
        t / 1000 - at / 1000,
        open,
        high,
        low,
        close,
        volume,
      ]);
    deepEqual(bars, [[62, 27, 27.5, 26.8, 27.2, 350]]);
  });

  it('has at most ten downloads open, in the order in which they were asked for', async () => {
    gateway.script.on[20] = undefined;
    await start();
    const symbols = Array.from({ length: 14 }, (_, i) => `S${String.fromCharCode(65 + i)}`);
    for (const symbol of symbols) h.port.subscribe(symbol);
    await h.peer.until(20, 10);
    await h.settled();
    deepEqual(
      asked().map(frame => frame[3]),
      symbols.slice(0, 10),
    );
    answer(h.peer, asked()[0]?.[1] ?? '', bar(now - minute));
    await h.peer.until(20, 11);
    equal(asked()[10]?.[3], symbols[10]);
  });

  it('reads 10,000 bars in one frame without standing still', async function () {
    this.timeout(3000); // as published, the library takes six seconds
    const many = Array.from({ length: 10_000 }, (_, i) => bar(now - (10_000 - i) * minute));
    gateway.script.on[20] = (peer, [, id = '']) => answer(peer, id, ...many);
    await start();
    h.port.subscribe('AVAV');
    await h.told('download', ({ state }) => state === 'finished');
    equal(h.allTold('bar').length, 10_000);
  });

  it('lets the next second begin only when the session is ready, after everything it has sent', async () => {
    await start();
    const before = h.peer.of(49).length;
    h.onEvent = event => {
      if (event.type !== 'time') return;
      h.port.placeOrder(intent(h.port, { orderId: 100 + (now % 50), key: `k${now}` }));
      now++;
      h.port.ready();
      h.port.ready(); // twice is once
    };
    now++;
    h.port.ready();
    await h.peer.until(49, before + 5);
    h.onEvent = undefined;
    const order = h.peer.heard
      .map(([id]) => id)
      .filter(id => id === '3' || id === '49')
      .slice(before);
    deepEqual(order.slice(0, 9), ['49', '3', '49', '3', '49', '3', '49', '3', '49']);
  });

  it('takes frames before the answer as heard in the second before', async () => {
    await start();
    const started = now;
    gateway.script.on[49] = peer => {
      peer.send(61, 3, 'SIM1', 7, 'AVAV', 'STK', '', 0, '', '', 'NYSE', 'USD', 'AVAV', 'NMS', 5, 27.5);
      peer.send(49, 1, now);
    };
    await second();
    const told: EngineEvent = await h.told('position');
    equal(told.t, started * 1000);
    equal(h.port.now(), (started + 1) * 1000);
  });

  it('asks a gateway that runs free again, without hurry, until its second is over', async () => {
    await start();
    const asks = h.peer.of(49).length;
    h.port.ready();
    await new Promise(done => setTimeout(done, 200));
    const n = h.peer.of(49).length - asks;
    ok(2 <= n && n <= 11, `asked ${n} times in 200 ms`);
    await second();
  });
});
