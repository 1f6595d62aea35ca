import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type Gateway, type GatewayOptions, type TruthEntry } from '../../src/gateway/gateway';
import { placeOrder, RawClient, stock, type Frame } from './gatewayClient';

const symbols = ['RCAT', 'AVAV', 'ONDS'];

/** Buys and sells by what it hears, in lockstep, as a session would: a few orders a minute. */
async function trade(options: GatewayOptions, seconds: number): Promise<readonly TruthEntry[]> {
  const gateway = await startGateway({ lockstepClientId: 21, startTime: '09:29:30', ...options });
  const client = await RawClient.ready(gateway.port, 21);
  symbols.forEach((symbol, i) => client.send(1, 11, i, ...stock(symbol), 0, '', 0, 0, ''));
  await client.seconds(1);
  let id = 1;
  for (let second = 0; second < seconds; second++) {
    const frames = await client.seconds(1);
    if (second % 7 !== 0) continue;
    const asks = frames.filter(frame => frame[0] === '1' && frame[3] === '2');
    for (const ask of asks.slice(0, 2)) {
      const symbol = symbols[Number(ask[2])] ?? 'RCAT';
      const isSell = gateway.positionOf(symbol) > 300;
      const price = Math.round(Number(ask[4]) * (isSell ? 99 : 101)) / 100;
      const action = isSell ? 'SELL' : 'BUY';
      client.send(...placeOrder({ id: id++, symbol, action, quantity: 350, limit: price, ref: `key-${id}` }));
    }
  }
  await client.settled();
  const truth = [...gateway.truth];
  client.close();
  await gateway.close();
  return truth;
}

describe('gateway: lockstep clock', () => {
  let gateway: Gateway;
  let client: RawClient;

  async function begin(options: GatewayOptions = {}): Promise<void> {
    gateway = await startGateway({ seed: 7, speed: 0, lockstepClientId: 21, startTime: '10:00', ...options });
    client = await RawClient.ready(gateway.port, 21);
  }
  afterEach(async () => {
    client?.close();
    await gateway?.close();
  });

  const time = async (): Promise<number> => {
    client.send(49, 1);
    return Number((await client.next(frame => frame[0] === '49'))[2]);
  };

  it('gives the same executions as fast as it goes and at 200 times real time', async () => {
    const fast = await trade({ seed: 7, speed: 0 }, 600);
    const slow = await trade({ seed: 7, speed: 200 }, 600);
    ok(fast.length > 20, `${fast.length} executions`);
    ok(fast.some(entry => entry.side === 'SELL'));
    deepEqual(slow, fast);
    const other = await trade({ seed: 8, speed: 0 }, 600);
    ok(JSON.stringify(other) !== JSON.stringify(fast));
  });

  it('tells the time first and lets one second pass for each question after it', async () => {
    await begin();
    const start = gateway.settings.startsAt / 1000;
    equal(await time(), start);
    equal(await time(), start + 1);
    equal(await time(), start + 2);
  });

  it('stands still while its client thinks, and moves for nobody else', async () => {
    await begin();
    await time();
    const other = await RawClient.ready(gateway.port, 5);
    const before = gateway.now();
    for (let i = 0; i < 5; i++) {
      other.send(49, 1);
      equal(Number((await other.next(frame => frame[0] === '49'))[2]), before / 1000);
    }
    equal(gateway.now(), before);
    other.close();
  });

  it('sends a second and its answer in one write, the answer last', async () => {
    await begin();
    client.send(1, 11, 1, ...stock('ONDS'), 0, '', 0, 0, '');
    await client.seconds(30);
    for (let i = 0; i < 20; i++) {
      const chunks: Buffer[] = [];
      const keep = (chunk: Buffer): void => void chunks.push(chunk);
      client.socket.on('data', keep);
      await client.seconds(1);
      client.socket.off('data', keep);
      equal(chunks.length, 1);
    }
  });

  it('shows other clients the same market in the same seconds', async () => {
    await begin();
    const other = await RawClient.ready(gateway.port, 5);
    for (const one of [client, other]) one.send(1, 11, 1, ...stock('RCAT'), 0, '', 0, 0, '');
    const own = (await client.seconds(60)).filter(frame => frame[0] === '1');
    const theirs = (await other.settled()).filter(frame => frame[0] === '1');
    deepEqual(theirs, own);
    other.close();
  });

  it('waits while its client is away, and begins again with a plain answer', async () => {
    await begin();
    await client.seconds(5);
    const before = gateway.now();
    client.socket.end();
    await client.ended();
    client = await RawClient.ready(gateway.port, 21);
    equal(gateway.now(), before);
    equal(await time(), before / 1000);
    equal(await time(), before / 1000 + 1);
  });

  it('paces itself: 40 seconds at 200 times real time take a fifth of a second', async () => {
    await begin({ speed: 200 });
    await time();
    const began = performance.now();
    await client.seconds(40);
    const took = performance.now() - began;
    ok(150 < took && took < 10_000, `${took} ms`);
  });

  it('ends at its time, says so once, and answers on without moving', async () => {
    await begin({ until: '10:00:03' });
    let ends = 0;
    gateway.on('end', () => ends++);
    await client.seconds(4);
    const end = gateway.now();
    equal(end, gateway.settings.startsAt + 3000);
    const began = performance.now();
    equal(await time(), end / 1000);
    ok(performance.now() - began > 700, 'the answer after the end is slow');
    deepEqual([ends, gateway.now()], [1, end]);
  });

  it('writes the truth to a file, a JSON line an execution', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-truth-'));
    const truthFile = join(folder, 'truth.jsonl');
    try {
      const truth = await trade({ seed: 7, speed: 0, truthFile }, 120);
      ok(truth.length > 0);
      const lines = readFileSync(truthFile, 'utf8').trimEnd().split('\n');
      deepEqual(
        lines.map(line => JSON.parse(line) as unknown),
        truth,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('writes the truth down before the client can hear of it', async () => {
    const heard: string[] = [];
    await begin({ onTruth: entry => heard.push(`truth ${entry.execId}`) });
    client.send(...placeOrder({ id: 1, action: 'BUY', quantity: 10, limit: 13 }));
    const frame: Frame = await client.next(one => one[0] === '11');
    equal(heard[0], `truth ${frame[14]}`);
  });
});

describe('gateway: free clock', () => {
  let gateway: Gateway;
  let client: RawClient;

  async function begin(options: GatewayOptions): Promise<void> {
    gateway = await startGateway({ seed: 7, ...options });
    client = await RawClient.ready(gateway.port, 5);
  }
  afterEach(async () => {
    client?.close();
    await gateway?.close();
  });

  it('follows the wall at its speed and reaches its end', async () => {
    await begin({ speed: 300, startTime: '10:00', until: '10:05' });
    const ended = new Promise(resolve => gateway.once('end', () => resolve(undefined)));
    client.send(1, 11, 1, ...stock('ONDS'), 0, '', 0, 0, '');
    await ended;
    equal(gateway.now(), gateway.settings.startsAt + 300_000);
    ok(client.frames.filter(frame => frame[0] === '1').length > 20, 'ticks came by themselves');
  });

  it('keeps up with a hundred stocks at ten steps a second', async () => {
    await begin({ speed: 1, ticksPerSecond: 10, startTime: '09:31' });
    for (let i = 0; i < 100; i++) {
      const symbol = `S${String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26))}`;
      client.send(1, 11, i, ...stock(symbol), 0, '', 0, 0, '');
    }
    client.send(8, 1, 1);
    await client.next(frame => frame[0] === '9', 15_000);
    // The clock follows the wall from its start on, setting up included: it must have caught up and stay caught up.
    await new Promise(resolve => setTimeout(resolve, 1500));
    const [wall, simulated] = [performance.now(), gateway.now()];
    await new Promise(resolve => setTimeout(resolve, 1500));
    const lag = performance.now() - wall - (gateway.now() - simulated);
    ok(Math.abs(lag) < 500, `${lag} ms behind`);
  });
});
