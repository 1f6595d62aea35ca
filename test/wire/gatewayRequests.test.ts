import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import { readRequest } from '../../src/gateway/wire/requests';
import { requestDocumentation, requestTable, type RequestRow } from '../../src/gateway/wire/requestTable';
import { RawClient, type Frame } from './gatewayClient';

// One test a row of the table: the row's own example is sent, and what it says comes back.
describe('gateway: every request of the table', () => {
  let gateway: Gateway;
  let client: RawClient;
  const clientId = 5;

  beforeEach(async () => {
    gateway = await startGateway({ seed: 7, startTime: '10:00', speed: 0, lockstepClientId: clientId });
    client = await RawClient.ready(gateway.port, clientId);
    // The first question only tells the time: the clock has not moved when this is over.
    await client.seconds(1);
    await client.settled();
  });
  afterEach(async () => {
    client.close();
    await gateway.close();
  });

  /** Frames in the order of `wanted`, others between them passed over. */
  function inOrder(frames: readonly Frame[], wanted: readonly number[]): number[] {
    const found: number[] = [];
    for (const [message] of frames) if (Number(message) === wanted[found.length]) found.push(Number(message));
    return found;
  }
  const errorsOf = (frames: readonly Frame[]): Frame[] => frames.filter(frame => frame[0] === '4');

  async function ask({ id, example }: RequestRow): Promise<readonly Frame[]> {
    client.send(id, ...example);
    // What is answered with a message of the same number as this question must not end it too early.
    if (id === 8) return [await client.next(frame => frame[0] === '9')];
    return client.settled();
  }

  for (const row of requestTable) {
    it(`${row.name} ${row.id}: ${row.does}`, async () => {
      const { answers, follows } = row;
      if (row.name.startsWith('cancel') && row.name !== 'cancelOrder') return cancels(row);
      const frames = await ask(row);
      deepEqual(inOrder(frames, answers), answers);
      if (answers.length === 0) deepEqual(frames, []);
      if (!answers.includes(4))
        deepEqual(
          errorsOf(frames).filter(([, , , code]) => code !== '202'),
          [],
        );
      if (follows === undefined) return;
      const later = await client.seconds(12);
      for (const message of follows)
        ok(
          later.some(frame => frame[0] === String(message)),
          `no ${message} in 12 seconds`,
        );
    });
  }

  /** A cancel ends what its request began: twelve seconds later nothing of it has come. */
  async function cancels(row: RequestRow): Promise<void> {
    const begun = requestTable.find(({ name }) => name === row.name.replace('cancel', 'req'));
    ok(begun, `${row.name} cancels nothing that the table knows`);
    await ask(begun);
    const frames = await ask(row);
    const streams = [...(begun.follows ?? []), ...begun.answers].map(String);
    const cancelled = row.name === 'cancelHistoricalData' ? [['4', '2', '9', '162']] : [];
    deepEqual(
      errorsOf(frames).map(frame => frame.slice(0, 4)),
      cancelled,
    );
    const later = await client.seconds(12);
    deepEqual(
      later.filter(([message]) => streams.includes(message ?? '')),
      [],
    );
  }

  it('reads each example as what it is, and covers every request that the gateway reads', () => {
    for (const { id, type, example } of requestTable) {
      const request = readRequest([id, ...example].map(String), 193);
      equal(request.type, type);
      if ('reqId' in request) equal(request.reqId, 9, `${type}: the request id stands elsewhere`);
      if ('contract' in request) equal(request.contract.symbol, 'RCAT', `${type}: the contract stands elsewhere`);
    }
    const readable = Array.from({ length: 250 }, (_, id) => id).filter(
      id => readRequest([String(id)], 193).type !== 'unknown',
    );
    deepEqual(
      requestTable.map(({ id }) => id).sort((a, b) => a - b),
      readable,
    );
  });

  it('logs and ignores everything else', async () => {
    for (const id of [0, 10, 18, 22, 52, 250, 9999]) client.send(id, 1, 2, 3);
    deepEqual(await client.settled(), []);
  });

  it('is documented by the table it is made from', () =>
    ok(
      readFileSync('docs/gateway.md', 'utf8').includes(requestDocumentation()),
      'docs/gateway.md and src/gateway/wire/requestTable.ts differ',
    ));
});
