/**
 * The stops that a person may leave at the broker when a session stops (§11): one GTC stop a position, at the hard stop's price.
 * From then on nothing else is sent, because the stops may sell everything that is owned. The next start cancels them (strays.ts).
 */
import type { SymbolBook } from '../strategy/book';
import type { Core } from './core';
import type { OrderRecord } from './durable';
import type { OpenOrder, OrderEvent, OrderIntent } from './events';
import { isFinal } from './orderLife';

export interface RestingStop {
  readonly symbol: string;
  readonly qty: number;
  readonly price: string;
  isThere: boolean;
}

export function leaveStops(core: Core): void {
  // Asked for twice it is one stop all the same: two would sell the shares twice.
  if (core.isLeaving) return;
  core.isLeaving = true;
  // Strays are only known from an answer of this connection.
  const hasAnswer = core.session.reconciled || core.strays.size > 0;
  core.session.reconciled = false;
  for (const book of core.order) {
    if (book.position.shares === 0) continue;
    const why = hasAnswer ? obstacle(book) : 'the broker has not said yet what it holds: a stop of before may be there';
    if (why === '') placeStop(core, book);
    else core.notice('alarm', 'stopNotLeft', book.symbol, { shares: book.position.shares, why });
  }
}

/** What the broker says of a stop that is to rest there. */
export function hearOfStop(core: Core, e: OrderEvent): void {
  const stop = core.resting.get(e.orderId);
  if (stop === undefined) return;
  const { symbol, qty: shares, price } = stop;
  if (e.status === 'working' && !stop.isThere) {
    stop.isThere = true;
    core.notice('info', 'stopLeft', symbol, { shares, price });
  }
  if (!isFinal(e.status)) return;
  core.resting.delete(e.orderId);
  if (e.status === 'filled') return;
  heardOfLeft(core, core.ordersById.get(e.orderId));
  core.notice('alarm', 'stopNotLeft', symbol, { shares, why: e.text ?? 'the broker has ended it' });
}

/** What became of a stop that was left is known, or told in another way. */
export function heardOfLeft(core: Core, record: OrderRecord | undefined): void {
  if (record?.isLeft !== true) return;
  delete record.isLeft;
  core.journal('stopHeardOf', { order: { ...record } });
}

/** The newest one of a symbol that nobody has heard of. */
export function leftStopOf(core: Core, symbol: string): OrderRecord | undefined {
  return [...core.orders.values()].findLast(each => each.isLeft === true && each.symbol === symbol);
}

/** All the shares are there: whoever ended the stops, they have sold nothing. */
export function forgetLeftStops(core: Core, open: readonly OpenOrder[]): void {
  for (const record of core.orders.values()) {
    if (record.isLeft !== true || open.some(({ key }) => key === record.key)) continue;
    const book = core.books.get(record.symbol);
    if (book === undefined || !(book.reported < book.explained)) heardOfLeft(core, record);
  }
}

function obstacle(book: SymbolBook): string {
  if (book.inFlight !== null) return 'an order of it is still on its way';
  if (book.strays > 0) return 'an order of an earlier session is still at the broker';
  if (!(book.sellable >= 1)) return 'the broker reports no shares of it';
  return book.hardStop === null ? 'it has no average cost' : '';
}

function placeStop(core: Core, book: SymbolBook): void {
  const orderId = core.nextOrderId++;
  core.highestOrderId = orderId;
  const rung = book.position.newest!.rung;
  const qty = Math.floor(book.sellable);
  const limit = book.ticks.down(book.hardStop!.exact).toString();
  const key = `dronebot:${core.options.sessionId}:${++core.sequence}:live_stop:${rung}`;
  const { symbol } = book;
  const record = {
    key,
    orderId,
    symbol,
    side: 'SELL' as const,
    tag: 'live_stop' as const,
    rung,
    planned: 0,
    qty,
    limit,
    t: core.t,
    isLeft: true as const,
  };
  core.orders.set(key, record);
  core.ordersById.set(orderId, record);
  core.resting.set(orderId, { symbol, qty, price: limit, isThere: false });
  core.journal('stopLeft', { session: true, order: record });
  const intent: OrderIntent = {
    t: core.t,
    key,
    orderId,
    symbol,
    side: 'SELL',
    qty,
    limit,
    tag: 'live_stop',
    rung,
    z: book.z,
    reference: book.reference.price > 0 ? book.reference.price : null,
    last: book.regularLast,
    isResting: true,
  };
  core.effects.push({ type: 'place', order: intent });
}
