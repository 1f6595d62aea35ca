import { deepEqual, equal, ok } from 'node:assert/strict';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { placeOrder, RawClient, stock, story, type Frame, type PlainOrder } from './gatewayClient';

describe('gateway: orders in life', () => {
  let gateway: Gateway;
  let client: RawClient;
  let nextId = 1;

  async function begin(options: GatewayOptions = {}): Promise<void> {
    gateway = await startGateway({ seed: 7, speed: 0, lockstepClientId: 21, startTime: '10:00', ...options });
    client = await RawClient.ready(gateway.port, 21);
    client.send(1, 11, 1, ...stock('RCAT'), 0, '', 0, 0, '');
    await client.seconds(1);
    nextId = 1;
  }

  afterEach(async () => {
    client.close();
    await gateway.close();
  });

  /** The newest bid and ask that the client has heard. */
  function quote(side: '1' | '2'): number {
    return Number(client.frames.filter(frame => frame[0] === '1' && frame[3] === side).at(-1)?.[4]);
  }
  const cents = (price: number): number => Math.round(price * 100) / 100;

  async function place(order: Omit<PlainOrder, 'id'>, id = nextId++): Promise<readonly Frame[]> {
    client.send(...placeOrder({ id, ...order }));
    return client.settled();
  }

  const marketData = (frame: Frame): boolean => ['1', '2', '46'].includes(frame[0] ?? '');

  it('fills an IOC at once and tells it in the recorded order', async () => {
    await begin();
    const frames = await place({ action: 'BUY', quantity: 50, limit: cents(quote('2') * 1.004), ref: 'key-1' });
    deepEqual(story(frames), [
      'openOrder PreSubmitted',
      'status PreSubmitted 0',
      'exec 50',
      'openOrder Filled',
      'status Filled 50',
      'commission',
    ]);
    const execution = frames.find(frame => frame[0] === '11') ?? [];
    const [, reqId, orderId] = execution;
    deepEqual([reqId, orderId, execution[18], execution[26]], ['-1', '1', 'BOT', 'key-1']);
    equal(gateway.truth[0]?.execId, execution[14]);
    equal(frames.find(frame => frame[0] === '5')?.[23], 'key-1');
  });

  it('takes the quoted size, then a deeper level, and cancels the rest with 202', async () => {
    await begin();
    const frames = await place({ action: 'BUY', quantity: 9000, limit: cents(quote('2') * 1.05) });
    const told = story(frames);
    const fills = gateway.truth.map(entry => entry.shares);
    ok(fills.length > 1 && fills.length <= 3, `${fills.length} levels`);
    deepEqual(told.slice(0, 3), ['openOrder PreSubmitted', 'status PreSubmitted 0', `exec ${fills[0]}`]);
    equal(told.at(3), 'openOrder Submitted');
    const sum = fills.reduce((a, b) => a + b, 0);
    deepEqual(told.slice(-2), [`status Cancelled ${sum}`, 'error 202']);
    const prices = gateway.truth.map(entry => entry.price);
    deepEqual(
      prices,
      [...prices].sort((a, b) => a - b),
    );
  });

  it('takes no shares twice before the market quotes anew', async () => {
    await begin();
    const limit = quote('2');
    await place({ action: 'BUY', quantity: 9000, limit });
    const frames = await place({ action: 'BUY', quantity: 9000, limit });
    ok(!story(frames).some(line => line.startsWith('exec')));
    ok(frames.every(frame => frame[0] !== '11'));
  });

  it('shows everybody that the taken shares are gone', async () => {
    await begin();
    const frames = await place({ action: 'BUY', quantity: 10, limit: quote('2') });
    ok(
      frames.some(frame => marketData(frame) && frame[3] === '3'),
      'a new ask size',
    );
    ok(
      frames.some(frame => marketData(frame) && frame[3] === '8'),
      'a new volume',
    );
  });

  it('ends an IOC that meets nobody by way of PendingCancel', async () => {
    await begin();
    const frames = await place({ action: 'BUY', quantity: 50, limit: cents(quote('1') * 0.98) });
    deepEqual(story(frames), [
      'openOrder PreSubmitted',
      'status PreSubmitted 0',
      'status PendingCancel 0',
      'status Cancelled 0',
      'error 202',
    ]);
    equal(gateway.truth.length, 0);
  });

  it('leaves out the 202 of an IOC when told to', async () => {
    await begin({ faults: { iocWithout202: true } });
    const frames = await place({ action: 'BUY', quantity: 50, limit: cents(quote('1') * 0.98) });
    equal(story(frames).at(-1), 'status Cancelled 0');
  });

  it('kills an FOK that cannot be filled whole', async () => {
    await begin();
    const frames = await place({ action: 'BUY', quantity: 9000, limit: quote('2'), tif: 'FOK' });
    deepEqual(story(frames).slice(-1), ['status Inactive 0']);
    equal(gateway.truth.length, 0);
  });

  it('keeps a GTC stop, returns it in openOrder, cancels it with 202', async () => {
    await begin();
    const aux = cents(quote('1') * 0.9);
    const placed = await place({ action: 'SELL', quantity: 10, type: 'STP', aux, tif: 'GTC', ref: 'stop' });
    deepEqual(story(placed), ['openOrder PreSubmitted', 'status PreSubmitted 0']);
    client.send(5, 1);
    const open = await client.until(frame => frame[0] === '53');
    deepEqual(
      open.filter(frame => frame[0] === '5').map(frame => [frame[15], frame[17], frame[18], frame[23]]),
      [['STP', String(aux), 'GTC', 'stop']],
    );
    client.send(4, 1, '', '', 2147483647);
    deepEqual(story(await client.settled()), ['status Cancelled 0', 'error 202']);
    client.send(5, 1);
    deepEqual(await client.until(frame => frame[0] === '53'), [['53', '1']]);
  });

  it('triggers a stop when a print touches it, and fills it', async () => {
    await begin();
    await place({ action: 'BUY', quantity: 40, limit: cents(quote('2') * 1.004) });
    await place({ action: 'SELL', quantity: 40, type: 'STP', aux: cents(quote('1') * 1.05), tif: 'GTC' });
    const frames = await client.seconds(5);
    deepEqual(
      story(frames).filter(line => line.startsWith('exec')),
      ['exec 40'],
    );
    equal(gateway.positionOf('RCAT'), 0);
  });

  it('rests a day order and fills it at its own price when the market comes', async () => {
    await begin();
    const limit = cents(quote('1') - 0.02);
    const placed = await place({ action: 'BUY', quantity: 30, limit, tif: 'DAY' });
    deepEqual(story(placed), [
      'openOrder PreSubmitted',
      'status PreSubmitted 0',
      'openOrder Submitted',
      'status Submitted 0',
    ]);
    for (let i = 0; i < 120 && gateway.truth.length === 0; i++) await client.seconds(30);
    ok(gateway.truth.length > 0, 'filled within an hour');
    equal(gateway.truth[0]?.price, limit);
  });

  it('changes a resting order in place', async () => {
    await begin();
    const limit = cents(quote('1') * 0.95);
    await place({ action: 'BUY', quantity: 30, limit, tif: 'DAY' }, 1);
    const frames = await place({ action: 'BUY', quantity: 20, limit: cents(limit - 0.05), tif: 'DAY' }, 1);
    const open = frames.find(frame => frame[0] === '5');
    deepEqual([open?.[14], open?.[16]], ['20', String(cents(limit - 0.05))]);
  });

  it('holds an order sent before the open with 399 and works it from the open on', async () => {
    await begin({ startTime: '09:29:50' });
    const frames = await place({ action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.03), tif: 'DAY' });
    deepEqual(story(frames), ['openOrder PreSubmitted', 'status PreSubmitted 0', 'error 399']);
    await client.seconds(5);
    equal(gateway.truth.length, 0);
    await client.seconds(10);
    equal(gateway.truth.length, 1);
  });

  it('keeps a parked order to itself until it is transmitted', async () => {
    await begin();
    const order = { action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004) } as const;
    deepEqual(story(await place({ ...order, transmit: false }, 1)), []);
    equal(gateway.truth.length, 0);
    await place(order, 1);
    equal(gateway.truth.length, 1);
  });

  const refused: readonly [string, Partial<PlainOrder>, number][] = [
    ['a price with binary noise', { limit: '12.300000000000001' }, 110],
    ['half a cent', { limit: 12.305 }, 110],
    ['a limit far beyond the market', { limit: 50 }, 109],
    ['size zero', { quantity: 0 }, 434],
    ['half a share', { quantity: 0.5 }, 10243],
    ['order id zero', { id: 0 }, 10149],
    ['an unknown stock', { symbol: 'ZZTOP' }, 200],
    ['an unknown order type', { type: 'SNAIL' }, 321],
    ['no price', { limit: '' }, 321],
    ['more than the margin carries', { quantity: 500_000 }, 201],
  ];
  for (const [what, fields, code] of refused) {
    it(`refuses ${what} with ${code}`, async () => {
      await begin();
      const order = { id: 1, action: 'BUY', quantity: 10, limit: cents(quote('2')), ...fields } as const;
      client.send(...placeOrder(order));
      const told = story(await client.settled());
      equal(told.at(-1), `error ${code}`);
      ok(!told.some(line => line.startsWith('exec') || line.includes('Submitted')));
      equal(gateway.truth.length, 0);
    });
  }

  it('refuses an id that was used: 103 for the same order again, 104 for a change of a filled one', async () => {
    await begin();
    const order = { action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004) } as const;
    await place(order, 5);
    deepEqual(story(await place(order, 5)), ['error 103']);
    deepEqual(story(await place({ ...order, quantity: 20 }, 5)), ['error 104']);
    deepEqual(story(await place(order, 3)), ['error 103']);
    equal(gateway.truth.length, 1);
    client.send(8, 1, 1);
    equal((await client.next(frame => frame[0] === '9'))[2], '6');
  });

  it('knows what cannot be cancelled: 10147 and 10148', async () => {
    await begin();
    client.send(4, 77, '', '', 2147483647);
    const [unknown] = await client.settled();
    deepEqual(unknown?.slice(2, 5), ['77', '10147', 'OrderId 77 that needs to be cancelled is not found.']);
    await place({ action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004) }, 1);
    client.send(4, 1, '', '', 2147483647);
    deepEqual(story(await client.settled()), ['error 10148']);
  });

  it('refuses what a fault says, as a refusal of the broker', async () => {
    await begin({ faults: { orderReject: { symbol: 'RCAT', code: 201, text: 'Order rejected - Reason:closed' } } });
    const frames = await place({ action: 'BUY', quantity: 10, limit: cents(quote('2')) });
    deepEqual(story(frames), ['openOrder Inactive', 'status Inactive 0', 'error 201']);
  });

  it('fills nothing in a halted stock', async () => {
    await begin();
    const limit = cents(quote('2') * 1.004);
    gateway.halt('RCAT');
    const frames = await place({ action: 'BUY', quantity: 10, limit });
    ok(
      frames.some(frame => frame[0] === '45' && frame[3] === '49' && frame[4] === '1'),
      'tick 49',
    );
    equal(quote('1'), -1);
    equal(story(frames).at(-1), 'error 202');
    gateway.halt('RCAT', false);
    await place({ action: 'BUY', quantity: 10, limit });
    equal(gateway.truth.length, 1);
  });

  it('previews a what-if order and executes nothing', async () => {
    await begin();
    const fields = [...placeOrder({ id: 1, action: 'BUY', quantity: 100, limit: cents(quote('2')) })];
    fields[84] = 1;
    client.send(...fields);
    const open = (await client.settled()).find(frame => frame[0] === '5');
    equal(open?.length, 141);
    deepEqual([open?.[92], open?.[103]], ['1', '1']);
    equal(gateway.truth.length, 0);
  });

  it('cancels everything of everybody on a global cancel', async () => {
    await begin();
    const other = await RawClient.ready(gateway.port, 22);
    other.send(...placeOrder({ id: 1, action: 'BUY', quantity: 10, limit: cents(quote('1') * 0.95), tif: 'GTC' }));
    await other.settled();
    await place({ action: 'BUY', quantity: 10, limit: cents(quote('1') * 0.95), tif: 'GTC' });
    client.send(16, 1);
    equal((await client.until(frame => frame[0] === '53')).filter(frame => frame[0] === '5').length, 2);
    client.send(58, '', 2147483647);
    deepEqual(story(await client.settled()), ['status Cancelled 0', 'error 202']);
    deepEqual(story(await other.settled()), ['status Cancelled 0', 'error 202']);
    other.close();
  });

  it('tells executions again on request, of one client or of all, with their commissions', async () => {
    await begin();
    await place({ action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004), ref: 'mine' });
    const ask = async (clientId: number): Promise<readonly string[]> => {
      client.send(7, 3, 9, clientId, '', '', '', '', '', '');
      return story(await client.until(frame => frame[0] === '55'));
    };
    deepEqual(await ask(0), ['exec 10', 'commission']);
    deepEqual(await ask(21), ['exec 10', 'commission']);
    deepEqual(await ask(22), []);
    client.send(99, 0);
    const completed = await client.until(frame => frame[0] === '102');
    deepEqual(
      completed.slice(0, -1).map(frame => [frame.length, frame[22], frame[76]]),
      [[102, 'mine', 'Filled']],
    );
  });

  it('streams positions after the execution and says what a hand trade elsewhere did', async () => {
    await begin();
    client.send(61, 1);
    await client.until(frame => frame[0] === '62');
    const frames = await place({ action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004) });
    deepEqual(story(frames).slice(-2), ['commission', 'position 10']);
    gateway.setPosition('RCAT', -5);
    deepEqual(story(await client.settled()), ['position -5']);
  });

  it('counts the day from its start, whenever somebody first asks', async () => {
    await begin();
    await place({ action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004) });
    client.send(92, 9, 'SIM00001', '');
    const [, , daily, unrealized, realized] = await client.next(frame => frame[0] === '94');
    ok(Number(daily) <= -1, 'the commission at least');
    deepEqual([daily, realized], [unrealized, '0']);
  });

  it('realizes what a closing sell earned, commissions included', async () => {
    await begin();
    await place({ action: 'BUY', quantity: 10, limit: cents(quote('2') * 1.004) });
    const [buy] = gateway.truth;
    const frames = await place({ action: 'SELL', quantity: 10, limit: cents(quote('1') * 0.996) });
    const report = frames.find(frame => frame[0] === '59');
    const sell = gateway.truth[1];
    ok(buy && sell);
    const expected = 10 * (sell.price - buy.price) - buy.commission - sell.commission;
    ok(Math.abs(Number(report?.[5]) - expected) < 1e-6, `${report?.[5]} and ${expected}`);
  });
});
