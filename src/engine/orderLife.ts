/**
 * The life of an order (§8) as one table: what can be heard of it, and where that leads from each state (the states are said in
 * strategy/book.ts). Who hears what, and what is done about it, is in orders.ts and reconcile.ts. No state leads back from the
 * end, and none leads to an order being sent once more.
 */
import type { OrderState, WorkingOrder } from '../strategy/book';
import type { OrderRecord } from './durable';
import type { OrderStatus } from './events';

/**
 * `sent`: the shell was asked to. `status`: a state that ends nothing. `execution`: shares of it were booked. `final`: the
 * broker's end of it. `complete`: final, and the executions booked add up to it. `silence`: no end for too long. `lost`: the
 * link, the broker's own link or the session went away. `unlisted`: the broker was asked and does not have it any more.
 */
export type OrderNews = 'sent' | 'status' | 'execution' | 'final' | 'complete' | 'silence' | 'lost' | 'unlisted';

/** What is not named changes nothing: late, doubled and reordered messages are normal. */
export const ORDER_LIFE: Readonly<Record<OrderState, Partial<Record<OrderNews, OrderState>>>> = {
  intent: { sent: 'sent', status: 'acknowledged', execution: 'partlyFilled', final: 'final', silence: 'unknown', lost: 'unknown', unlisted: 'ended' }, // prettier-ignore
  sent: { status: 'acknowledged', execution: 'partlyFilled', final: 'final', silence: 'unknown', lost: 'unknown', unlisted: 'ended' }, // prettier-ignore
  acknowledged: { execution: 'partlyFilled', final: 'final', silence: 'unknown', lost: 'unknown', unlisted: 'ended' },
  partlyFilled: { final: 'final', silence: 'unknown', lost: 'unknown', unlisted: 'ended' },
  final: { complete: 'ended', silence: 'unknown', lost: 'unknown', unlisted: 'ended' },
  // A status says that it lived when that was said, not that its end will be heard: only an end or an answer helps.
  unknown: { final: 'final', complete: 'ended', unlisted: 'ended' },
  ended: {},
};

export function lifeAfter(state: OrderState, news: OrderNews): OrderState {
  return ORDER_LIFE[state][news] ?? state;
}

export function hear(order: WorkingOrder, news: OrderNews): void {
  order.status = lifeAfter(order.status, news);
}

/** An end that the broker has named. */
export function isFinal(status: OrderStatus): boolean {
  return status === 'filled' || status === 'cancelled' || status === 'rejected' || status === 'inactive';
}

/** An order at the beginning of its life. */
export function workingOrder(order: OrderRecord): WorkingOrder {
  const { key, orderId, symbol, side, tag, rung, planned, qty, limit, t } = order;
  return {
    key,
    orderId,
    symbol,
    side,
    tag,
    rung,
    planned,
    qty,
    limit,
    t,
    status: 'intent',
    finalFilled: null,
    booked: 0,
    rejected: false,
    cancelSentAt: null,
    reconcileAskedAt: null,
  };
}
