/**
 * Orders with a key of ours that are at the broker and that this session did not send: IOC orders that should be gone, and the
 * stops that an earlier session left there (§11). They are cancelled by id, and nothing is sent until each has come to its end,
 * because they may sell what an exit of now would sell again. One that does not end holds back its own symbol alone.
 */
import type { Core } from './core';
import type { OpenOrder, OrderEvent, ReconcileEvent } from './events';
import { isFinal } from './orderLife';
import { heardOfLeft } from './restingStops';

export interface Stray {
  readonly orderId: number;
  readonly symbol: string;
  /** Sent under another client id: it can neither be cancelled by us nor heard of. */
  readonly isForeign: boolean;
  hasEnded: boolean;
  isTold: boolean;
}

/** After this long a stray holds back only its symbol: the stops of the others must not wait for it. */
const ALL_WAIT_MS = 10_000;
const ASK_AGAIN_MS = 5000;

/** What an answer of the broker lists. In passing only what was asked about, or is nobody's, is cancelled. */
export function noteStrays(core: Core, { orders, partial, askedAt }: ReconcileEvent): void {
  const found: OpenOrder[] = [];
  for (const order of orders) {
    if (!order.key.startsWith('dronebot:')) continue;
    // Left there by this very session, which is about to end.
    if (core.resting.has(order.orderId) && !order.isForeign) continue;
    const book = core.books.get(order.symbol);
    const working = book?.inFlight;
    const isInFlight = working?.key === order.key;
    if (partial && isInFlight && working.reconcileAskedAt === null) continue;
    // It may have ended after the list was made.
    if (partial && book && !isInFlight && book.changedAt >= (askedAt ?? Infinity)) continue;
    if (!isInFlight) found.push(order);
    // It is there: what it sells from here on is heard.
    heardOfLeft(core, core.orders.get(order.key));
    if (!order.isForeign) core.effects.push({ type: 'cancel', orderId: order.orderId, why: 'reconciliation' });
    const { symbol, orderId, qty, orderType } = order;
    const isNew = !core.strays.has(order.key);
    core.notice(isNew ? 'warning' : 'info', 'strayOrder', symbol, { orderId, qty, isStop: orderType === 'STP' });
  }
  if (!partial) keep(core, found);
}

/** Nothing may be sent yet: an order of before could still fill. */
export function straysHoldBack(core: Core): boolean {
  return core.strays.size > 0 && core.t - core.straysSince < ALL_WAIT_MS;
}

/** A stray's own state; the broker is asked anew once all have ended, for what they filled. */
export function hearOfStray(core: Core, e: OrderEvent): void {
  for (const stray of core.strays.values())
    if (!stray.isForeign && stray.orderId === e.orderId && isFinal(e.status)) stray.hasEnded = true;
}

/** Each second: asks again while some are left. */
export function watchStrays(core: Core): void {
  if (core.strays.size === 0 || !core.session.linked || core.session.linkBroken) return;
  const strays = [...core.strays.values()];
  const haveEnded = strays.every(stray => stray.hasEnded);
  if (!haveEnded && core.t - core.straysAskedAt < ASK_AGAIN_MS) return;
  core.straysAskedAt = core.t;
  core.effects.push({ type: 'reconcile', why: 'strays', partial: false });
}

/** The link is gone: the next answer says what is there. */
export function forgetStrays(core: Core): void {
  core.strays.clear();
  for (const book of core.books.values()) book.strays = 0;
}

function keep(core: Core, found: readonly OpenOrder[]): void {
  if (core.strays.size === 0) core.straysSince = core.t;
  const before = new Map(core.strays);
  forgetStrays(core);
  core.straysAskedAt = core.t;
  for (const { key, orderId, symbol, isForeign, clientId } of found) {
    const stray: Stray = { orderId, symbol, isForeign: isForeign === true, hasEnded: false, isTold: false };
    core.strays.set(key, stray);
    stray.isTold = before.get(key)?.isTold === true;
    const book = core.books.get(symbol);
    if (book) book.strays++;
    if (stray.isTold || core.t - core.straysSince < ALL_WAIT_MS) continue;
    stray.isTold = true;
    core.notice('alarm', 'strayStays', symbol, { orderId, clientId, isForeign: stray.isForeign });
  }
}
