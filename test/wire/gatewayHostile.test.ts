import { equal, ok } from 'node:assert/strict';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import { encodeFrame } from '../../src/gateway/wire/frames';
import { placeOrder, RawClient, stock } from './gatewayClient';

// Whatever a stranger sends, the gateway goes on serving the others.
describe('gateway: strangers', () => {
  let gateway: Gateway;
  let witness: RawClient;
  const uncaught: unknown[] = [];
  const note = (failure: unknown): void => void uncaught.push(failure);

  before(async () => {
    process.on('uncaughtExceptionMonitor', note);
    gateway = await startGateway({ seed: 7, speed: 0, lockstepClientId: 99, startTime: '10:00', idHeldSeconds: 0 });
    witness = await RawClient.ready(gateway.port, 1);
  });
  after(async () => {
    process.off('uncaughtExceptionMonitor', note);
    witness.close();
    await gateway.close();
  });
  afterEach(async () => {
    witness.send(49, 1);
    await witness.next(frame => frame[0] === '49');
    equal(uncaught.length, 0);
  });

  /** Writes the pieces and waits until the gateway closes or `ms` have passed. */
  function provoke(pieces: readonly Buffer[], ms = 60): Promise<'closed' | 'open'> {
    return new Promise(resolve => {
      const socket = connect(gateway.port, '127.0.0.1');
      const timer = setTimeout(() => {
        socket.destroy();
        resolve('open');
      }, ms);
      socket.on('error', () => undefined);
      socket.resume();
      socket.on('close', () => {
        clearTimeout(timer);
        resolve('closed');
      });
      for (const piece of pieces) socket.write(piece);
    });
  }
  const greeting = Buffer.from('API\0\0\0\0\u0009v100..193', 'latin1');
  const start = encodeFrame([71, 2, 77, '']);

  for (const [what, pieces, expected] of [
    ['nothing at all', [], 'open'],
    ['a browser', [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')], 'closed'],
    ['a greeting of 4 GiB', [Buffer.from([0x41, 0x50, 0x49, 0, 255, 255, 255, 255])], 'closed'],
    ['half a greeting', [greeting.subarray(0, 6)], 'open'],
    ['frames of length 0', [greeting, Buffer.alloc(40)], 'open'],
    ['a frame of 4 GiB', [greeting, Buffer.from([255, 255, 255, 255])], 'closed'],
    ['a frame of 4 GiB after startApi', [greeting, start, Buffer.from([255, 255, 255, 255, 1])], 'closed'],
    ['half a frame', [greeting, start, Buffer.from([0, 0, 0, 9, 0x34])], 'open'],
    ['a frame without NUL', [greeting, start, Buffer.from([0, 0, 0, 2, 0x34, 0x39])], 'open'],
    ['bytes that are no UTF-8', [greeting, start, Buffer.from([0, 0, 0, 4, 0xff, 0xfe, 0xc0, 0])], 'open'],
  ] as const) {
    it(`outlives ${what}`, async () => equal(await provoke(pieces, 120), expected));
  }

  it('outlives random bytes and random fields', async () => {
    const fields = fc.array(fc.oneof(fc.string(), fc.integer().map(String), fc.constant('')), { maxLength: 140 });
    const frame = fc
      .tuple(fc.integer({ min: 0, max: 110 }), fields)
      .map(([message, rest]) => encodeFrame([message, ...rest]));
    const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: frame }, bytes), { maxLength: 12 }), async pieces => {
        await provoke([greeting, start, ...pieces], 15);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('outlives orders with hostile fields', async () => {
    const client = await RawClient.ready(gateway.port, 2);
    const values = [
      '',
      '-1',
      '1e308',
      'NaN',
      'Infinity',
      '9'.repeat(400),
      '\u0007',
      "'; DROP",
      '1.7976931348623157E308',
    ];
    let id = 0;
    for (const position of [2, 3, 4, 9, 11, 16, 17, 18, 19, 20, 21, 23, 26, 64, 72, 76, 81, 82, 84]) {
      for (const value of values) {
        const fields = [...placeOrder({ id: ++id, action: 'BUY', quantity: 1, limit: 10 })];
        fields[position] = value;
        client.send(...fields);
      }
    }
    await client.settled();
    equal(client.isEnded, false);
    client.close();
  });

  it('serves on after a thousand connects in a row and keeps none of them', async () => {
    for (let i = 0; i < 1000; i++) {
      const socket = connect(gateway.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise(resolve => socket.once('connect', resolve));
      socket.write(greeting);
      if (i % 3 === 0) socket.write(start);
      socket.destroy();
    }
    await new Promise(resolve => setTimeout(resolve, 200));
    ok(gateway.connectedClientIds.length <= 2, `${gateway.connectedClientIds.join()}`);
  });

  it('lets go who does not say startApi in time, and nobody else', async () => {
    const own = await startGateway({ startWithinSeconds: 0.15, lockstepClientId: 99 });
    const good = await RawClient.ready(own.port, 1);
    const began = performance.now();
    const idle = await Promise.all([0, 1, 2].map(() => RawClient.open(own.port)));
    idle[1]?.greet('v100..193');
    idle[2]?.socket.write(greeting.subarray(0, 9));
    await Promise.all(idle.map(one => one.ended()));
    ok(performance.now() - began > 100, 'not before its time');
    await good.settled();
    equal(good.isEnded, false);
    good.close();
    await own.close();
  });

  it('cuts off who reads nothing, within its bound, and serves the others', async () => {
    const lines: string[] = [];
    const bound = 2 << 20;
    const own = await startGateway({
      lockstepClientId: 99,
      mostUnreadBytes: bound,
      log: line => void lines.push(line),
    });
    const good = await RawClient.ready(own.port, 1);
    const slow = await RawClient.ready(own.port, 2);
    slow.socket.pause();
    const before = process.memoryUsage().rss;
    const isCut = (): boolean => lines.some(line => line.includes('reads too slowly'));
    for (let i = 0; i < 400 && !isCut(); i++) {
      slow.send(20, i, ...stock('RCAT'), 0, '', '1 min', '5 D', 0, 'TRADES', 1, 0, '');
      await good.settled();
    }
    ok(isCut(), lines.join());
    ok(process.memoryUsage().rss - before < 200 << 20);
    await good.settled();
    equal(own.connectedClientIds.join(), '1');
    good.close();
    slow.close();
    await own.close();
  });

  it('listens on the loopback only', () => equal(gateway.host, '127.0.0.1'));
});
