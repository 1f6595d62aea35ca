/** Orders over the wire: what exactly is sent, when nothing may be sent, and what each answer of the gateway means. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { IBApi } from '@stoqey/ib';
import type { OrderEvent, OrderIntent } from '../../src/engine/events';
import { Harness, intent } from './brokerHarness';
import type { Field } from './scriptedGateway';
import { frame, ScriptedGateway } from './scriptedGateway';

describe('broker: orders', () => {
  let gateway: ScriptedGateway;
  let h: Harness;

  beforeEach(async () => {
    gateway = await new ScriptedGateway().listen();
    h = await Harness.on(gateway);
    await h.connect();
  });
  afterEach(() => h.end());

  const place = (change: Partial<OrderIntent> = {}): void => h.port.placeOrder(intent(h.port, change));
  const status = (orderId: number, text: string, filled: Field, remaining: Field, clientId = 21, whyHeld = ''): void =>
    h.peer.send(3, orderId, text, filled, remaining, 0, 900, 0, 0, clientId, whyHeld, 0);
  const says = (about: number, code: number, text: string): void => h.peer.send(4, 2, about, code, text, '');
  const brief = ({ orderId, status: state, filled, remaining, code }: OrderEvent): unknown[] => [
    orderId,
    state,
    filled,
    remaining,
    code,
  ];
  const orders = async (n: number): Promise<unknown[]> => {
    while (h.allTold('order').length < n) await new Promise(done => setTimeout(done, 5));
    return h.allTold('order').map(brief);
  };

  it('sends an IOC limit order with account, key and a price of exactly the digits that were meant', async () => {
    place({ symbol: 'BRK.B', limit: '0.30', tag: 'live_stop', side: 'SELL' });
    const [order = []] = await h.peer.until(3);
    const at = (i: number): string => order[i] ?? '?';
    equal(order.length, 118);
    deepEqual([at(1), at(3), at(9), at(11)], ['100', 'BRK B', 'SMART', 'USD']);
    deepEqual([at(16), at(17), at(18), at(19), at(21)], ['SELL', '10', 'LMT', '0.3', 'IOC']);
    deepEqual(
      [at(23), at(26), at(27), at(33)],
      ['DU1234567', 'dronebot:s1:1:ladder_buy:1', '1', '0'],
      'transmit, not outside hours',
    );
    deepEqual([at(61), at(108)], ['1', '0'], 'an exit overrides the percentage limit; no price management');
  });

  const refused = (what: string, change: Partial<OrderIntent>): unknown =>
    it(`does not send ${what}, and keeps the connection for the next order`, async () => {
      throws(() => place(change));
      place({ orderId: 101 });
      const sent = await h.peer.until(3);
      deepEqual(
        sent.map(([, id]) => id),
        ['101'],
      );
    });
  refused('a price with the noise of binary arithmetic', { limit: String(0.1 + 0.2) });
  refused('NaN as a price', { limit: 'NaN' });
  refused('a price of zero', { limit: '0.00' });
  refused('a price that would be printed with an exponent', { limit: '0.0000001' });
  refused('no shares', { qty: 0 });
  refused('a fraction of a share', { qty: 1.5 });
  refused('NaN shares', { qty: NaN });
  refused('order id 0', { orderId: 0 });
  refused('an intent decided six seconds ago', { t: Date.now() - 6000 });

  it('sends an order id once only', async () => {
    place();
    throws(() => place(), /was sent before/);
    await h.settled();
    equal(h.peer.of(3).length, 1);
  });

  it('sends all orders of a burst within the calls, before anything that was asked earlier and waits', async () => {
    gateway.script.on[9] = undefined;
    for (let i = 0; i < 60; i++) h.port.subscribe(`S${i}`);
    for (let i = 0; i < 10; i++) place({ orderId: 100 + i });
    h.port.disconnect();
    // The gateway reads on what was already on its way: everything that had been sent within the calls.
    await new Promise(done => h.peer.socket.once('close', done));
    equal(h.peer.of(3).length, 10);
    ok(h.peer.of(9).length < 60);
  });

  it('gets a last cancel to the gateway although the gateway answers into the goodbye', async () => {
    for (let i = 0; i < 25; i++) h.port.subscribe(`S${i}`);
    h.port.cancelOrder(77);
    h.port.disconnect();
    await new Promise(done => h.peer.socket.once('close', done));
    deepEqual(
      h.peer.of(4).map(([, id]) => id),
      ['77'],
    );
  });

  it('does not let an order wait for another connection', async () => {
    for (let i = 0; i < 80; i++) place({ orderId: 100 + i });
    gateway.peer.socket.destroy();
    await h.lost();
    throws(() => place({ orderId: 500 }));
    gateway.script.nextOrderId = 600;
    h.newPort();
    await h.connect();
    place({ orderId: 600 });
    await h.settled();
    await new Promise(done => setTimeout(done, 300));
    deepEqual(
      h.peer.of(3).map(([, id]) => id),
      ['600'],
    );
  });

  it('ends the connection when the library throws, instead of going on with a library that swallows requests', async () => {
    const placeOrder = Object.getOwnPropertyDescriptor(IBApi.prototype, 'placeOrder') as PropertyDescriptor;
    IBApi.prototype.placeOrder = function (this: IBApi) {
      const controller = (this as unknown as { controller: { schedule(action: () => void): void } }).controller;
      controller.schedule(() => {
        throw new Error('encoder');
      });
      return this;
    };
    try {
      throws(() => place(), /encoder/);
    } finally {
      Object.defineProperty(IBApi.prototype, 'placeOrder', placeOrder);
    }
    deepEqual(await h.lost(), { code: 'linkLost', host: '127.0.0.1', port: gateway.port, text: 'encoder' });
  });

  it('notices that the library holds a request back', async () => {
    const placeOrder = Object.getOwnPropertyDescriptor(IBApi.prototype, 'placeOrder') as PropertyDescriptor;
    IBApi.prototype.placeOrder = function (this: IBApi) {
      return this;
    };
    try {
      throws(() => place(), /did not send/);
    } finally {
      Object.defineProperty(IBApi.prototype, 'placeOrder', placeOrder);
    }
    equal((await h.lost()).code, 'linkLost');
  });

  it('ends the connection, and nothing else, when the listener throws', async () => {
    place();
    await h.peer.until(3);
    h.onEvent = event => {
      if (event.type === 'engine' && event.event.type === 'order') throw new Error('session');
    };
    status(100, 'Submitted', 0, 10);
    equal((await h.lost()).code, 'linkLost');
  });

  it('tells the life of a partly filled order, duplicates included', async () => {
    place();
    await h.peer.until(3);
    status(100, 'PreSubmitted', 0, 10);
    status(100, 'Submitted', 4, 6);
    status(100, 'Submitted', 4, 6);
    status(100, 'Cancelled', 4, 6);
    deepEqual(await orders(4), [
      [100, 'working', 0, 10, undefined],
      [100, 'working', 4, 6, undefined],
      [100, 'working', 4, 6, undefined],
      [100, 'cancelled', 4, 6, undefined],
    ]);
    equal(h.allTold('order')[0]?.permId, 900);
  });

  it('leaves the states of other clients with the same number out', async () => {
    place();
    await h.peer.until(3);
    status(100, 'Filled', 10, 0, 7);
    status(100, 'Filled', 10, 0);
    deepEqual(await orders(1), [[100, 'filled', 10, 0, undefined]]);
  });

  it('reads nothing into a status that IB has not used so far', async () => {
    place();
    await h.peer.until(3);
    status(100, 'Vanished', 0, 0);
    status(100, 'Submitted', 0, 10);
    deepEqual(await orders(1), [[100, 'working', 0, 10, undefined]]);
  });

  for (const code of [109, 110, 163, 201, 203, 435, 10250])
    it(`ends an order on ${code}`, async () => {
      place();
      await h.peer.until(3);
      says(100, code, 'Order rejected - Reason: margin');
      deepEqual(await orders(1), [[100, 'rejected', 0, 10, code]]);
      equal(h.allTold('order')[0]?.text, 'Order rejected - Reason: margin');
    });

  it('ends an order on 200, which is otherwise about contracts', async () => {
    place();
    await h.peer.until(3);
    says(100, 200, 'No security definition has been found for the request');
    deepEqual(await orders(1), [[100, 'rejected', 0, 10, 200]]);
  });

  it('still hears a rejection whose JSON is broken', async () => {
    place();
    await h.peer.until(3);
    h.peer.send(4, 2, 100, 201, 'Order rejected', '{"broken":');
    deepEqual(await orders(1), [[100, 'rejected', 0, 10, 201]]);
  });

  it('says read-only', async () => {
    place();
    await h.peer.until(3);
    says(100, 321, "Error validating request.-'bF' : cause - The API interface is currently in Read-Only mode.");
    deepEqual(await orders(1), [[100, 'rejected', 0, 10, 321]]);
    ok((await h.problem('readOnly')).code === 'readOnly');
  });

  it('takes 202 as final only with the status that says how much was filled', async () => {
    place();
    await h.peer.until(3);
    says(100, 202, 'Order Canceled - reason:');
    status(100, 'Cancelled', 3, 7);
    says(100, 202, 'Order Canceled - reason:');
    deepEqual(await orders(3), [
      [100, 'pendingCancel', 0, 10, 202],
      [100, 'cancelled', 3, 7, undefined],
      [100, 'cancelled', 3, 7, 202],
    ]);
  });

  for (const code of [399, 404])
    it(`cancels, once, an order held with ${code}`, async () => {
      place();
      await h.peer.until(3);
      says(100, code, 'Warning: your order will not be placed at the exchange until 2026-11-23 09:30:00 US/Eastern');
      says(100, code, 'Warning: your order will not be placed at the exchange until 2026-11-23 09:30:00 US/Eastern');
      await h.peer.until(4);
      await h.settled();
      deepEqual(
        h.peer.of(4).map(([, id]) => id),
        ['100'],
      );
      ok(h.problems.some(problem => problem.code === 'brokerSays' && problem.brokerCode === code));
    });

  it('cancels an order that waits for shares to borrow', async () => {
    place({ side: 'SELL' });
    await h.peer.until(3);
    status(100, 'PreSubmitted', 0, 10, 21, 'locate');
    deepEqual(
      (await h.peer.until(4)).map(([, id]) => id),
      ['100'],
    );
  });

  it('cancels an order whose IOC became a day order (10349), and says so', async () => {
    place();
    await h.peer.until(3);
    says(100, 10349, 'Order TIF was set to DAY based on order preset.');
    await h.peer.until(4);
    deepEqual(await h.problem('iocNotHonoured'), {
      code: 'iocNotHonoured',
      orderId: 100,
      text: 'Order TIF was set to DAY based on order preset.',
    });
  });

  it('sees in the open order, too, that IOC was not honoured', async () => {
    place();
    await h.peer.until(3);
    h.peer.send(...openOrder({ tif: 'DAY' }));
    await h.peer.until(4);
    equal((await h.problem('iocNotHonoured')).code, 'iocNotHonoured');
  });

  it('leaves an open order that is as it was meant alone', async () => {
    place();
    await h.peer.until(3);
    h.peer.send(...openOrder({ tif: 'IOC' }));
    await h.settled();
    deepEqual([h.problems, h.peer.of(4)], [[], []]);
  });

  it('gives the connection up on a duplicate order id, so that the next one learns the right row', async () => {
    place();
    await h.peer.until(3);
    says(100, 103, 'Duplicate order ID.');
    equal((await h.lost()).code, 'linkLost');
    deepEqual(await orders(1), [[100, 'rejected', 0, 10, 103]]);
  });

  it('tells executions with exact prices, from before the order frames too', async () => {
    h.peer.send(...execution({ execId: '0001.01.01', price: '27.150000000000002' }));
    const exec = await h.told('exec');
    deepEqual(exec, {
      t: exec.t,
      type: 'exec',
      execId: '0001.01.01',
      orderId: 100,
      key: 'dronebot:s1:1:ladder_buy:1',
      symbol: 'BRK.B',
      side: 'BUY',
      qty: 6,
      price: '27.15',
      permId: 900,
      clientId: 21,
      executedAt: Date.parse('2026-11-23T15:27:04Z'),
    });
  });

  it('leaves executions of other accounts out', async () => {
    h.peer.send(...execution({ account: 'DU999' }));
    h.peer.send(...execution({ execId: 'mine' }));
    equal((await h.told('exec')).execId, 'mine');
  });

  it('tells commissions, and takes none from an unset number', async () => {
    h.peer.send(59, 1, 'a.1', '1.7976931348623157E308', 'USD', '1.7976931348623157E308', '1.7976931348623157E308', '');
    h.peer.send(59, 1, 'a.2', 1.05, 'USD', '1.7976931348623157E308', '1.7976931348623157E308', '');
    const { execId, amount, currency } = await h.told('commission');
    deepEqual([execId, amount, currency], ['a.2', '1.05', 'USD']);
  });

  it('sends nothing while the gateway has no connection to IB, and goes on hearing executions', async () => {
    says(-1, 1100, 'Connectivity between IB and the TWS has been lost.');
    await h.told('farm', ({ up }) => !up);
    throws(() => place(), /no connection to IB/);
    h.peer.send(...execution({ execId: 'late' }));
    await h.told('exec');
    says(-1, 1102, 'Connectivity between IB and TWS has been restored- data maintained.');
    await h.until(event => event.type === 'restored' && !event.dataLost);
    place();
    await h.peer.until(3);
  });

  it('does not glue a frame without its closing NUL to the next one', async () => {
    place();
    await h.peer.until(3);
    const torn = Buffer.from(frame(4, 2, -1, 2106, 'HMDS data farm connection is OK:ushmds').subarray(0, -1));
    torn.writeUInt32BE(torn.length - 4);
    h.peer.raw(torn);
    status(100, 'Filled', 10, 0);
    deepEqual(await orders(1), [[100, 'filled', 10, 0, undefined]]);
  });

  it('goes on after a frame with too few, too many and unknown fields', async () => {
    place();
    await h.peer.until(3);
    h.peer.send(3, 100, 'Filled');
    h.peer.send(9, 1, 100, 'more');
    h.peer.send(77, 1);
    status(100, 'Submitted', 0, 10);
    deepEqual(await orders(1), [[100, 'working', 0, 10, undefined]]);
  });
});

function execution(change: { execId?: string; account?: string; price?: string }): Field[] {
  const { execId = 'a.1', account = 'DU1234567', price = '27.15' } = change;
  const contract = [1005, 'BRK B', 'STK', '', 0, '', '', 'NYSE', 'USD', 'BRK B', 'BRK'];
  const time = '20261123 10:27:04 US/Eastern';
  return [11, -1, 100, ...contract, execId, time, account, 'NYSE', 'BOT', 6, price, 900, 21, 0, 6, price].concat([
    'dronebot:s1:1:ladder_buy:1',
    '',
    '',
    '',
    1,
    0,
  ]);
}

/** All 141 fields of server version 193 for a plain stock limit order. */
export function openOrder({ tif = 'IOC', clientId = 21, account = 'DU1234567' }): Field[] {
  const unset = '1.7976931348623157E308';
  const none = '2147483647';
  return ([5, 100, 1004, 'AVAV', 'STK', '', 0, '?', '', 'SMART', 'USD', 'AVAV', 'NMS'] as Field[])
    .concat(['BUY', 10, 'LMT', 27.1, '0.0', tif, '', account, '', 0, 'dronebot:s1:1:ladder_buy:1', clientId, 900])
    .concat([0, 0, 0, '', '', '', '', '', '', ''])
    .concat(['', '', '', 0, '', -1, 0, '', '', '', '', '', none])
    .concat([0, 0, 0, '', 3, 0, 0, '', 0, 0])
    .concat(['', 0, 'None', '', 0, '', '', '', '?', 0, 0, '', 0, 0])
    .concat(['', '', '', '', '', 0, 0, 0])
    .concat([none, none, '', ''])
    .concat([0, '', 'IB', 0, 0, '', 0, 0])
    .concat(['Submitted', ...Array<Field>(9).fill(unset), '', '', '', '', ''])
    .concat([0, 0, 0, 'None', unset, unset, unset, unset, unset, unset, 0])
    .concat(['', '', '', 0, 1, 0, 0, 0, '', '', 0, '', '', '', '', ''])
    .concat(['', 0, '', 0, '', none]);
}
