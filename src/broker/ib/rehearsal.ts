/**
 * The way of a price and of an order through this room with nobody at the other end, for running both until they are compiled
 * code before the first real order. It opens no connection and cannot open one.
 */
import type { EngineEvent, OrderIntent } from '../../engine/events';
import type { Desk } from './desk';
import { FrameReader, textOf } from './frameReader';
import { frameOf } from './frameWriter';
import { Lanes } from './lanes';
import { createLibrary } from './libraryParts';
import { MarketData } from './marketData';
import { orderFrame } from './orderFrames';
import { Orders } from './orders';
import { Requests } from './requests';

const SERVER_VERSION = 193;

export interface RehearsedBroker {
  /** A price (bid, ask or last) of the only symbol arrives as a frame. */
  price(field: 'bid' | 'ask' | 'last', value: number): void;
  volume(shares: number): void;
  place(order: OrderIntent): void;
  /** Frames that would have gone out. */
  readonly sent: number;
}

export function rehearsedBroker(
  symbol: string,
  now: () => number,
  engine: (event: EngineEvent) => void,
): RehearsedBroker {
  const library = createLibrary('127.0.0.1', 0, 0);
  let sent = 0;
  library.socket.client = { write: () => ++sent > 0 } as never;
  const ids: number[] = [];
  const requests = new Requests(() => false);
  const desk: Desk = {
    config: { host: '', port: 0, clientId: 0, clock: 'system', liveBarSymbols: 0, connectTimeoutMs: 0 },
    account: 'DU0',
    lanes: new Lanes({ clock: now, later: () => undefined, isLockstep: false }),
    requests,
    now,
    send: request => request(library.api),
    sendOrder: (prepared, values) => library.write(orderFrame(prepared, values)),
    prepareOrder: (contract, order) => library.orderFrames.prepare(contract, order),
    on: (event, handler) => void library.api.on(event as never, handler as never),
    later: () => null as never,
    engine,
    problem: () => undefined,
    lose: () => undefined,
    log: () => undefined,
  };
  requests.add = failed => {
    ids.push(Requests.prototype.add.call(requests, failed));
    return ids.at(-1)!;
  };
  const marketData = new MarketData(desk, { conIdOf: () => 1 }, () => undefined);
  const orders = new Orders(desk, () => 1);
  const frames = new FrameReader();
  const hear = (...fields: (string | number)[]): void =>
    void frames.push(frameOf(fields), frame => {
      library.hear(textOf(frame));
      marketData.frameDone();
      return true;
    });
  hear(SERVER_VERSION, '20260105 09:30:00 EST');
  hear(9, 1, 1); // the next order id: from here on requests go out
  marketData.subscribe(symbol);
  const id = ids[0] ?? 0;
  hear(58, 1, id, 1);
  const types = { bid: 1, ask: 2, last: 4 };
  return {
    price: (field, value) => hear(1, 6, id, types[field], value, 100, 1),
    volume: shares => hear(2, 6, id, 8, shares),
    place: order => orders.place(order),
    get sent() {
      return sent;
    },
  };
}
