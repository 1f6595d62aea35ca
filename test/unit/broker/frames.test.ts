/** What is written in the client library's place is, to the byte, what the library would have written. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { OrderType, type Contract, type Order } from '@stoqey/ib';
import fc from 'fast-check';
import { stock } from '../../../src/broker/ib/desk';
import { frameOf } from '../../../src/broker/ib/frameWriter';
import { createLibrary, type Library } from '../../../src/broker/ib/libraryParts';
import { orderFrame, OrderFrames, type PreparedOrder } from '../../../src/broker/ib/orderFrames';
import { checkedPrice, kindOf, orderFor } from '../../../src/broker/ib/orderText';
import type { OrderIntent, Tag } from '../../../src/engine/events';

interface Wired {
  readonly library: Library;
  /** Bytes of what the library's own writer makes of the fields. */
  readonly byLibrary: (fields: unknown[]) => Buffer;
  /** Fields of the last request. */
  readonly requests: unknown[][];
}

function wired(version = 193): Wired {
  const library = createLibrary('127.0.0.1', 1, 1);
  const written: Buffer[] = [];
  library.socket.client = { write: (bytes: Buffer) => written.push(bytes) > 0 } as never;
  library.socket.onMessage(`${version}\0today\0`);
  library.socket.onMessage('9\x001\x001\0');
  const requests: unknown[][] = [];
  const { controller } = library.api as unknown as { controller: { rateLimiter(fields: unknown[]): void } };
  const limiter = controller.rateLimiter.bind(controller);
  controller.rateLimiter = fields => {
    requests.push(fields);
    limiter(fields);
  };
  const byLibrary = (fields: unknown[]): Buffer => {
    library.socket.send(fields);
    return written.at(-1)!;
  };
  return { library, byLibrary, requests };
}

const fieldsOf = ({ library, requests }: Wired, id: number, contract: Contract, order: Order): unknown[] => {
  library.api.placeOrder(id, contract, order);
  return requests.at(-1)!;
};

const TAGS: readonly Tag[] = ['ladder_buy', 'ladder_sell', 'live_stop', 'flatten', 'breakeven_trim'];
const intent = fc.record({
  orderId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  symbol: fc.constantFrom('AAPL', 'BRK.B', 'B00'),
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  qty: fc.integer({ min: 1, max: 1_000_000 }),
  limit: fc.oneof(
    fc.integer({ min: 1, max: 99_999_999 }).map(n => String(n / 100)),
    fc.integer({ min: 1, max: 9999 }).map(n => (n / 10_000).toFixed(4)),
    fc.constantFrom('0.0001', '7', '100.10', '777017.25'),
  ),
  key: fc.string({ unit: fc.constantFrom(...'dronebot:1z_'), minLength: 1, maxLength: 60 }),
  tag: fc.constantFrom(...TAGS),
});

describe('broker: frames', () => {
  it('of orders are the library’s own, whichever order came first', () => {
    for (const version of [193, 178, 163]) {
      const wire = wired(version);
      const { orderFrames } = wire.library;
      const prepared = new Map<string, PreparedOrder>();
      fc.assert(
        fc.property(intent, fc.boolean(), (some, rests) => {
          const isResting = rests && some.side === 'SELL';
          const whole = { ...some, t: 0, rung: 1, z: 0, reference: null, last: 1, ...(isResting ? { isResting } : {}) };
          const order = orderFor(whole satisfies OrderIntent, 'DU1234567');
          const contract = stock(some.symbol, version > 170 ? 4711 : undefined);
          const expected = wire.byLibrary(fieldsOf(wire, some.orderId, contract, order));
          const kind = `${kindOf(whole)} ${some.symbol}`;
          const frame = prepared.get(kind) ?? orderFrames.prepare(contract, order);
          prepared.set(kind, frame);
          const { orderId: id, side: action, qty: quantity, key: ref } = some;
          deepEqual(orderFrame(frame, { id, action, quantity, price: checkedPrice(whole), ref }), expected);
        }),
        { numRuns: 300 },
      );
    }
  });

  it('of other requests too', () => {
    const field = fc.oneof(fc.integer(), fc.double(), fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(undefined)); // prettier-ignore
    const { byLibrary } = wired();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.array(fc.oneof(field, fc.array(field))), (id, fields) => {
        const all = [id, ...fields];
        deepEqual(frameOf(all), byLibrary([...all]));
      }),
    );
  });

  it('are refused where the library encodes orders in a way that is not known', () => {
    const strange = new OrderFrames((id, _, { action }) => [3, id, action]);
    throws(() => strange.prepare({ symbol: 'A' }, LIMIT), /unknown way: id,action/);
    const twice = new OrderFrames((id, _, { action, totalQuantity, lmtPrice, orderRef }) => [id, id, action, totalQuantity, lmtPrice, orderRef]); // prettier-ignore
    throws(() => twice.prepare({ symbol: 'A' }, LIMIT), /unknown way/);
  });

  it('are asked of the library without anything being sent', () => {
    const wire = wired();
    const before = wire.library.written();
    const order = orderFor({ ...ANY, limit: '12.5' }, 'DU1234567');
    ok(wire.library.orderFrames.prepare(stock('AAPL', 1), order).nBytes > 100);
    equal(wire.library.written(), before);
  });
});

const LIMIT = { orderType: OrderType.LMT, lmtPrice: 1 };
const ANY = { t: 0, orderId: 1, symbol: 'AAPL', side: 'BUY', qty: 1, key: 'k', tag: 'ladder_buy', rung: 1, z: 0, reference: null, last: 1 } as const; // prettier-ignore
