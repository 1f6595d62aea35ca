import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { faultDocumentation, faultTable, type FaultName } from '../../src/gateway/faults/table';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { placeOrder, RawClient, stock, story, type Frame, type PlainOrder } from './gatewayClient';

// One test a row of the table: each plays the row's own example and looks at what a client sees.
describe('gateway: every fault of the table', () => {
  let gateway: Gateway;
  let client: RawClient;
  let nextId = 1;
  const chunks: number[] = [];
  const clientId = 21;

  async function begin(script: string, free: GatewayOptions | undefined = undefined): Promise<void> {
    nextId = 1;
    chunks.length = 0;
    const clock = free ?? { speed: 0, lockstepClientId: clientId };
    gateway = await startGateway({ seed: 7, startTime: '10:00', idHeldSeconds: 0, ...clock, faultScript: script });
    client = await RawClient.ready(gateway.port, clientId);
    client.socket.on('data', chunk => chunks.push(chunk.length));
    client.send(1, 11, 1, ...stock('RCAT'), 0, '', 0, 0, '');
    // The first question only tells the time: the clock has not moved when this is over.
    await client.seconds(1);
  }
  afterEach(async () => {
    client?.close();
    await gateway?.close();
  });

  const quote = (side: '1' | '2'): number =>
    Number(client.frames.filter(frame => frame[0] === '1' && frame[3] === side).at(-1)?.[4]);
  const cents = (price: number): number => Math.round(price * 100) / 100;
  const errors = (frames: readonly Frame[]): string[] =>
    frames.flatMap(frame => (frame[0] === '4' && frame[3] ? [frame[3]] : []));
  const ticks = (frames: readonly Frame[]): number =>
    frames.filter(frame => frame[0] === '1' || frame[0] === '2').length;
  async function place(order: Partial<PlainOrder> = {}): Promise<readonly Frame[]> {
    send(order);
    return client.settled();
  }
  function send(order: Partial<PlainOrder> = {}): void {
    const limit = cents(quote('2') * 1.004);
    client.send(...placeOrder({ id: nextId++, action: 'BUY', quantity: 50, limit, ref: 'key', ...order }));
  }
  async function history(reqId = 9): Promise<readonly Frame[]> {
    const fields = ['', '1 min', '600 S', 1, 'TRADES', 1, 0, ''];
    client.send(20, reqId, ...stock('RCAT'), 0, ...fields);
    return client.settled();
  }
  const again = async (id = clientId): Promise<RawClient> => {
    client.close();
    return (client = await RawClient.ready(gateway.port, id));
  };
  const plain = [
    'openOrder PreSubmitted',
    'status PreSubmitted 0',
    'exec 50',
    'openOrder Filled',
    'status Filled 50',
    'commission',
  ];

  const shown: Readonly<Record<FaultName, (script: string) => Promise<void>>> = {
    async close(script) {
      await begin(script);
      send();
      await client.ended();
      deepEqual(story(client.frames).slice(-5), plain.slice(0, 5));
      equal(gateway.truth.length, 1);
      await again();
    },
    async silence(script) {
      await begin(script, { speed: 20 });
      const before = performance.now();
      while (gateway.now() < gateway.settings.startsAt + 7000) await pause(20);
      const count = client.frames.length;
      client.send(8, 1, 1);
      await pause(150);
      deepEqual([client.frames.length, client.isEnded], [count, false]);
      ok(performance.now() - before < 5000);
    },
    async drip(script) {
      await begin(script);
      await client.seconds(4);
      chunks.length = 0;
      client.send(9, 8, 1, ...stock('RCAT'), 0, '', '', '');
      await client.seconds(2);
      chunks.length = 0;
      await place();
      ok(chunks.length > 20 && chunks.every(length => length <= 64), `${chunks.length} chunks`);
      ok(chunks.filter(length => length <= 6).length > chunks.length / 2);
      deepEqual(story(client.frames).slice(-6), plain);
    },
    async split(script) {
      await begin(script);
      await client.seconds(6);
      chunks.length = 0;
      client.send(8, 1, 1);
      await client.next(frame => frame[0] === '9');
      equal(chunks.length, 2);
    },
    async merge(script) {
      await begin(script);
      await client.seconds(6);
      chunks.length = 0;
      const began = performance.now();
      for (let i = 0; i < 5; i++) {
        client.send(8, 1, 1);
        await pause(5);
      }
      for (let i = 0; i < 5; i++) await client.next(frame => frame[0] === '9');
      ok(performance.now() - began > 60, 'waits for its moment');
      ok(chunks.length <= 2, `${chunks.length} writes`);
    },
    async portReset(script) {
      await begin(script);
      sendQuestions(6);
      await client.ended();
      const notice = client.frames.find(frame => frame[3] === '1300');
      ok(notice?.[4]?.endsWith('new port - 4003'));
      await again();
    },
    async restart(script) {
      await begin(script);
      for (let i = 0; i < 6; i++) await place();
      sendQuestions(6);
      await client.ended();
      await pause(300);
      client = await RawClient.ready(gateway.port, clientId);
      equal(client.frames.find(frame => frame[0] === '9')?.[2], '3');
    },
    async connectivity(script) {
      await begin(script);
      await client.seconds(3);
      await place({ tif: 'GTC', limit: cents(quote('1') - 0.02), quantity: 100 });
      const lost = await client.seconds(3);
      ok(errors(lost).includes('1100'));
      await place();
      equal(gateway.truth.filter(entry => entry.orderId === 2).length, 0, 'an order of the outage is lost');
      const during = await client.seconds(15);
      deepEqual([ticks(during), story(during)], [0, []]);
      const after = await client.seconds(10);
      ok(errors(after).includes('1101'));
      equal(ticks(after), 0, 'data lines are gone');
      client.send(1, 11, 2, ...stock('RCAT'), 0, '', 0, 0, '');
      ok(ticks(await client.seconds(5)) > 0);
    },
    async nightlyReset(script) {
      await begin(script);
      await client.seconds(4);
      deepEqual(errors(await client.seconds(1)), ['1100', '2103', '2105', '2157', '1100']);
      deepEqual(errors(await history()), ['162']);
      const after = await client.seconds(16);
      deepEqual(errors(after), ['1102', '2104', '2106', '2158']);
      ok(ticks(await client.seconds(5)) > 0, 'lines go on by themselves');
    },
    async farm(script) {
      await begin(script);
      await client.seconds(4);
      deepEqual(errors(await client.seconds(1)), ['2105']);
      deepEqual(errors(await history()), ['162']);
      deepEqual(errors(await client.seconds(31)), ['2106']);
      equal((await history()).filter(frame => frame[0] === '17').length, 1);
    },
    async notice(script) {
      await begin(script);
      await client.seconds(4);
      const frames = await client.seconds(2);
      deepEqual(errors(frames), ['2110']);
      ok(ticks(frames) > 0 || ticks(await client.seconds(5)) > 0);
    },
    async competingSession(script) {
      await begin(script);
      await client.seconds(5);
      const told = client.frames.filter(frame => frame[3] === '10197').map(frame => frame[2]);
      deepEqual(told, ['1']);
      equal(ticks(await client.seconds(25)), 0);
      ok(ticks(await client.seconds(10)) > 0);
    },
    async delayedOnly(script) {
      await begin(script);
      deepEqual(errors(client.frames).slice(3), ['10168']);
      client.send(59, 1, 3);
      client.send(1, 11, 2, ...stock('RCAT'), 0, '', 0, 0, '');
      const frames = await client.settled();
      deepEqual(errors(frames), ['10167']);
      ok(frames.some(frame => frame[0] === '1' && frame[3] === '66'));
      ok(!frames.some(frame => frame[0] === '1' && frame[3] === '1'));
    },
    async clockSkew(script) {
      await begin(script);
      client.send(49, 1);
      const told = await client.next(frame => frame[0] === '49');
      equal(Number(told[2]), gateway.now() / 1000 - 90);
    },
    async pacingHistory(script) {
      await begin(script);
      const refused = await history();
      deepEqual(errors(refused), ['162']);
      ok(refused.find(frame => frame[0] === '4')?.[4]?.includes('pacing violation'));
      await client.seconds(16);
      equal((await history()).filter(frame => frame[0] === '17').length, 1);
    },
    async pacingMessages(script) {
      await begin(script);
      send();
      await client.ended();
      equal(errors(client.frames).at(-1), '100');
    },
    async readOnly(script) {
      await begin(script);
      const frames = await place();
      deepEqual(story(frames), ['error 321']);
      ok(frames.find(frame => frame[0] === '4')?.[4]?.includes('Read-Only'));
      equal(gateway.truth.length, 0);
    },
    async presetDay(script) {
      await begin(script);
      const frames = await place({ limit: cents(quote('1') * 0.99) });
      deepEqual(story(frames), [
        'error 10349',
        'openOrder PreSubmitted',
        'status PreSubmitted 0',
        'openOrder Submitted',
        'status Submitted 0',
      ]);
      equal(frames.find(frame => frame[0] === '5')?.[18], 'DAY');
    },
    async reject(script) {
      await begin(script);
      ok(story(await place()).includes('error 201'));
      equal(gateway.truth.length, 0);
      await client.seconds(62);
      deepEqual(story(await place()), plain);
    },
    async iocWithout202(script) {
      await begin(script);
      const frames = await place({ limit: cents(quote('1') * 0.99) });
      equal(story(frames).at(-1), 'status Cancelled 0');
    },
    async withoutExecutionsEnd(script) {
      await begin(script);
      client.send(7, 3, 5, 0, '', '', '', '', '', '');
      equal((await client.settled()).filter(frame => frame[0] === '55').length, 0);
      await place();
      client.send(7, 3, 6, 0, '', '', '', '', '', '');
      equal((await client.settled()).filter(frame => frame[0] === '55').length, 1);
    },
    async drop(script) {
      await begin(script);
      deepEqual(story(await place()), plain.slice(0, 5));
      deepEqual(story(await place()), plain);
    },
    async duplicate(script) {
      await begin(script);
      const frames = await place();
      const ids = frames.filter(frame => frame[0] === '11').map(frame => frame[14]);
      deepEqual(ids, [gateway.truth[0]?.execId, gateway.truth[0]?.execId]);
    },
    async swap(script) {
      await begin(script);
      const [a, b, exec, filled, ...rest] = plain;
      deepEqual(story(await place()), [a, b, filled, exec, ...rest]);
    },
    async late(script) {
      await begin(script);
      deepEqual(story(await place()), plain.slice(0, 5));
      equal(story(await client.seconds(29)).length, 0);
      deepEqual(story(await client.seconds(2)), ['commission']);
    },
    async correction(script) {
      await begin(script);
      const first = (await place()).find(frame => frame[0] === '11') ?? [];
      const later = await client.seconds(6);
      const second = later.find(frame => frame[0] === '11') ?? [];
      ok(first[14]?.endsWith('.01.01'));
      equal(second[14], first[14]?.replace(/01$/, '02'));
      equal(cents(Number(second[20]) - Number(first[20])), 0.01);
      equal(later.filter(frame => frame[0] === '59').length, 1);
      client.send(7, 3, 5, 0, '', '', '', '', '', '');
      const asked = (await client.settled()).filter(frame => frame[0] === '11').map(frame => frame[14]);
      deepEqual(asked, [second[14]], 'the correction replaces the execution');
      equal(gateway.positionOf('RCAT'), 50);
    },
    async executionFirst(script) {
      await begin(script);
      const told = story(await place());
      equal(told[0], 'exec 50');
      deepEqual([...told].sort(), [...plain].sort());
      deepEqual(story(await place({ limit: cents(quote('1') * 0.99) })).slice(0, 2), plain.slice(0, 2));
    },
    async noAnswer(script) {
      await begin(script);
      deepEqual(story(await place()), []);
      equal(gateway.truth.length, 1);
      client.send(7, 3, 5, 0, '', '', '', '', '', '');
      deepEqual(story(await client.settled()), ['exec 50', 'commission']);
      deepEqual(story(await place()), plain);
    },
    async fillDuringDisconnect(script) {
      await begin(script);
      send({ tif: 'GTC', limit: cents(quote('1') * 0.97) });
      await client.ended();
      deepEqual(
        story(client.frames).filter(line => !line.startsWith('error')),
        [],
      );
      await again();
      client.send(7, 3, 5, 0, '', '', '', '', '', '');
      deepEqual(
        story(await client.settled()).filter(line => !line.startsWith('error')),
        ['exec 50', 'commission'],
      );
      equal(gateway.positionOf('RCAT'), 50);
    },
    async handTrade(script) {
      await begin(script);
      client.send(61, 1);
      await client.seconds(4);
      const moved = (await client.seconds(2)).find(frame => frame[0] === '61');
      deepEqual([moved?.[4], moved?.[14]], ['RCAT', '150']);
    },
    async halt(script) {
      await begin(script);
      await client.seconds(4);
      const isHalt = (frame: Frame): boolean => frame[0] === '45' && frame[3] === '49';
      equal((await client.seconds(2)).find(isHalt)?.[4], '1');
      equal((await client.seconds(31)).find(isHalt)?.[4], '0');
    },
    async locked(script) {
      await begin(script);
      await client.seconds(4);
      await client.seconds(1);
      equal(quote('2'), quote('1'));
    },
    async crossed(script) {
      await begin(script);
      await client.seconds(4);
      await client.seconds(1);
      ok(quote('2') < quote('1'), `${quote('1')} to ${quote('2')}`);
    },
    async badPrint(script) {
      await begin(script);
      await client.seconds(4);
      const frames = await client.seconds(1);
      ok(
        frames.some(frame => frame[0] === '1' && frame[3] === '7' && frame[4] === '1.5'),
        'a new low of the day',
      );
      ok(quote('1') > 5);
    },
  };
  function sendQuestions(n: number): void {
    for (let i = 0; i < n; i++) client.send(49, 1);
  }

  for (const row of faultTable) {
    it(`${row.name}: ${row.does}`, async () => shown[row.name](row.example));
  }

  it('is documented by the table it is made from', () => {
    const text = readFileSync('docs/gateway.md', 'utf8');
    ok(text.includes(faultDocumentation()), 'docs/gateway.md and src/gateway/faults/table.ts differ');
  });
});

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
