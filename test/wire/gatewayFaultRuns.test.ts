import { deepEqual, equal, ok } from 'node:assert/strict';
import { faultTable } from '../../src/gateway/faults/table';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import { placeOrder, RawClient, stock, story, type Frame, type PlainOrder } from './gatewayClient';

// Several faults together, and what a script must not change.
describe('gateway: fault scripts in a run', () => {
  let gateway: Gateway;
  let client: RawClient;
  let nextId = 1;
  const plain =
    'openOrder PreSubmitted,status PreSubmitted 0,exec 50,openOrder Filled,status Filled 50,commission'.split(',');

  async function begin(faultScript: string): Promise<void> {
    nextId = 1;
    gateway = await startGateway({ seed: 7, startTime: '10:00', speed: 0, lockstepClientId: 21, faultScript });
    client = await RawClient.ready(gateway.port, 21);
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
    const limit = cents(quote('2') * 1.004);
    client.send(...placeOrder({ id: nextId++, action: 'BUY', quantity: 50, limit, ref: 'key', ...order }));
    return client.settled();
  }

  it('counts the messages of one client alone, and restores with 1102 what was only late', async () => {
    await begin(
      '{"after":{"message":"execDetails","n":1,"client":5},"fault":"drop"}\n{"at":"10:00:05","fault":"connectivity","forSeconds":10}',
    );
    deepEqual(story(await place()), plain);
    await client.seconds(4);
    await client.seconds(1);
    const frames = await client.seconds(12);
    deepEqual(errors(frames), ['1102']);
    ok(ticks(frames) > 0);
  });

  it('tells late what working orders did during an outage', async () => {
    await begin('{"at":"+2s","fault":"connectivity","forSeconds":1200}');
    await place({ tif: 'GTC', limit: cents(quote('1') - 0.01), quantity: 100 });
    // One of the two is met, whichever way the market goes.
    await place({ action: 'SELL', tif: 'GTC', limit: cents(quote('2') + 0.01), quantity: 100 });
    const silent = await client.seconds(1198);
    ok(gateway.truth.length > 0, 'it was filled meanwhile');
    ok(!story(silent).some(line => line.startsWith('exec')));
    const after = story(await client.seconds(5));
    const first = after.findIndex(line => line.startsWith('exec'));
    ok(first > -1 && after.indexOf('error 1102') < first, after.join());
  });

  it('gives the same executions for the same seed and script', async () => {
    const script = faultTable
      .filter(row =>
        ['duplicate', 'swap', 'late', 'correction', 'halt', 'locked', 'competingSession'].includes(row.name),
      )
      .map(row => row.example)
      .join('\n');
    const runs: string[] = [];
    for (let i = 0; i < 2; i++) {
      await begin(script);
      for (let n = 0; n < 60; n++) {
        await place({ quantity: 120 });
        await client.seconds(1);
      }
      runs.push(JSON.stringify(gateway.truth));
      client.close();
      await gateway.close();
    }
    equal(runs[0], runs[1]);
    ok(gateway.truth.length > 10);
  });
});
