import { equal, ok, throws } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newYorkSeconds } from '../../src/gateway/calendar';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { marketKinds, type MarketKind } from '../../src/gateway/marketKinds';
import { readTape } from '../../src/gateway/tape';
import { placeOrder, RawClient, stock } from './gatewayClient';

const open = newYorkSeconds('20261118', 9, 30);

describe('gateway: kinds of days and pacing', () => {
  let gateway: Gateway;
  let client: RawClient;

  async function begin(options: GatewayOptions): Promise<void> {
    gateway = await startGateway({ seed: 7, speed: 0, lockstepClientId: 21, idHeldSeconds: 0, ...options });
    client = await RawClient.ready(gateway.port, 21);
  }
  const end = async (): Promise<void> => {
    client?.close();
    await gateway?.close();
  };
  afterEach(end);

  const ask = (reqId: number, duration = '1 D'): void =>
    client.send(20, reqId, ...stock('RCAT'), 0, '', '1 min', duration, 1, 'TRADES', 2, 0, '');

  interface Day {
    readonly closes: Map<number, number>;
    readonly volume: number;
    readonly spread: number;
    readonly text: string;
  }
  async function day(market: MarketKind | undefined): Promise<Day> {
    await begin({ startTime: '15:59', ...(market === undefined ? {} : { market }) });
    ask(1);
    const frame = await client.next(one => one[0] === '17');
    const closes = new Map<number, number>();
    let volume = 0;
    for (let i = 5; i + 7 < frame.length; i += 8) {
      closes.set((Number(frame[i]) - open) / 60, Number(frame[i + 4]));
      volume += Number(frame[i + 5]);
    }
    client.send(1, 11, 2, ...stock('RCAT'), 0, '', 0, 0, '');
    await client.seconds(1);
    const price = (tick: string): number =>
      Number(client.frames.find(one => one[0] === '1' && one[2] === '2' && one[3] === tick)?.[4]);
    const result = { closes, volume, spread: price('2') / price('1') - 1, text: frame.join('|') };
    await end();
    return result;
  }
  const range = ({ closes }: Day): number => Math.max(...closes.values()) / Math.min(...closes.values()) - 1;

  it('have each the nature of their name', async () => {
    const days = new Map<MarketKind, Day>();
    for (const kind of marketKinds) days.set(kind, await day(kind));
    const of = (kind: MarketKind): Day => days.get(kind) ?? { closes: new Map(), volume: 0, spread: 0, text: '' };
    const ratio = (kind: MarketKind, minute: number): number =>
      (of(kind).closes.get(minute) ?? NaN) / (of('usual').closes.get(minute) ?? NaN) - 1;
    ok(range(of('calm')) < range(of('usual')), `${range(of('calm'))} of ${range(of('usual'))}`);
    ok(Math.abs(ratio('trending', 380)) > 0.03, `trending ${ratio('trending', 380)}`);
    ok(Math.abs(ratio('trending', 5)) < Math.abs(ratio('trending', 380)));
    ok(Math.abs(ratio('gapping', 1)) > 0.05, `gapping ${ratio('gapping', 1)}`);
    ok(Math.abs(ratio('crashing', 25)) < 0.02, `before the crash ${ratio('crashing', 25)}`);
    ok(ratio('crashing', 110) < -0.13, `crashing ${ratio('crashing', 110)}`);
    ok(of('illiquid').volume < of('usual').volume / 5, `${of('illiquid').volume} of ${of('usual').volume}`);
    ok(of('illiquid').spread > 0.003, `spread ${of('illiquid').spread}`);
    equal((await day(undefined)).text, of('usual').text, 'usual is the default');
  });

  it('says 100 above fifty messages a second and ends the connection at the third such second', async () => {
    await begin({ pacing: 'ib' });
    for (let i = 0; i < 50; i++) client.send(17, 1);
    await client.settled();
    const warnings = (): number => client.frames.filter(frame => frame[0] === '4' && frame[3] === '100').length;
    equal(warnings(), 1);
    equal(client.frames.filter(frame => frame[0] === '15').length, 51, 'still served');
    for (let burst = 0; burst < 2; burst++) {
      await new Promise(resolve => setTimeout(resolve, 1050));
      for (let i = 0; i < 60; i++) client.send(17, 1);
    }
    await client.ended();
    equal(warnings(), 3);
  });

  it('paces history by the rules when strict, and not otherwise', async () => {
    await begin({ pacing: 'strict', startTime: '10:00' });
    const refused = async (reqId: number, duration?: string): Promise<boolean> => {
      ask(reqId, duration);
      return (await client.settled()).some(frame => frame[3] === '162');
    };
    equal(await refused(1), false);
    equal(await refused(2), true, 'the same within 15 s');
    for (let i = 0; i < 4; i++) equal(await refused(10 + i, `${300 + i} S`), false);
    equal(await refused(20, '900 S'), true, 'the sixth of a stock within 2 s');
    await client.seconds(17);
    equal(await refused(30), false);
    for (let i = 0; i < 60; i++) {
      await client.seconds(3);
      await refused(100 + i, `${1000 + i} S`);
    }
    equal(await refused(200, '2000 S'), true, 'the sixty-first within ten minutes');
    await end();
    await begin({ startTime: '10:00' });
    for (let i = 0; i < 70; i++) equal(await refused(i), false);
  });

  it('play a tape: its stocks, its quotes, its prints, its halts, its history', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-tape-'));
    try {
      const tapeFile = join(folder, 'day.jsonl.gz');
      const t = newYorkSeconds('20261117', 10, 0) * 1000;
      const tick = (after: number, fields: object): string =>
        JSON.stringify({ t: t + after, type: 'tick', symbol: 'TAPE', ...fields });
      const earlier = (newYorkSeconds('20261116', 15, 0) + 60) * 1000;
      const lines = [
        JSON.stringify({ t, type: 'session', recorded: true }),
        JSON.stringify({
          t,
          type: 'bar',
          symbol: 'TAPE',
          start: earlier,
          open: 9,
          high: 9.2,
          low: 8.9,
          close: 9.1,
          volume: 500,
        }),
        tick(0, { bid: 10, ask: 10.02, last: 10.01, close: 9.1, volume: 1000, bidSize: 200, askSize: 300 }),
        tick(2000, { ask: 10.05, last: 10.04, volume: 1300, askSize: 40 }),
        tick(4000, { halted: 1 }),
        tick(6000, { halted: 0, bid: 11, ask: 11.02, askSize: 10 }),
        '{"t":',
      ];
      writeFileSync(tapeFile, gzipSync(lines.join('\n')));
      await begin({ tapeFile });
      client.send(1, 11, 1, ...stock('TAPE'), 0, '', 0, 0, '');
      client.send(1, 11, 2, ...stock('RCAT'), 0, '', 0, 0, '');
      ok(
        (await client.settled()).some(frame => frame[2] === '2' && frame[3] === '200'),
        'only its stocks',
      );
      await client.seconds(1);
      equal(gateway.now(), t);
      const price = (tickId: string): string | undefined =>
        client.frames.filter(frame => frame[0] === '1' && frame[3] === tickId).at(-1)?.[4];
      equal([price('1'), price('2'), price('4'), price('9')].join(), '10,10.02,10.01,9.1');
      await client.seconds(2);
      equal([price('1'), price('2'), price('4')].join(), '10,10.05,10.04');
      client.send(...placeOrder({ id: 1, symbol: 'TAPE', action: 'BUY', quantity: 100, limit: 10.05 }));
      await client.settled();
      equal(gateway.truth.map(one => `${one.shares} at ${one.price}`).join(), '40 at 10.05');
      await client.seconds(3);
      equal(price('2'), '-1', 'halted');
      await client.seconds(2);
      equal([price('1'), price('2')].join(), '11,11.02');
      client.send(20, 9, ...stock('TAPE'), 0, '', '1 min', '2 D', 1, 'TRADES', 2, 0, '');
      const history = await client.next(frame => frame[0] === '17');
      ok(history.includes('9.1') && history.includes(String(earlier / 1000)), history.join('|'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('name the line of a tape that cannot be used', () => {
    throws(() => readTape('{"t":1,"type":"tick","symbol":"A"}\nx\n'), /Tape line 2: expected a JSON object, found x/);
    const back = '{"t":2,"type":"tick","symbol":"A"}\n{"t":1,"type":"tick","symbol":"A"}\n';
    throws(() => readTape(back), /Tape line 2: expected a time not before 2, found 1/);
    throws(() => readTape('{"t":1,"type":"link","up":true}'), /found none/);
  });
});
