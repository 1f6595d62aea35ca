/**
 * The life of an order (§8): intent journaled with its key, placed, in flight until its status is final and the executions
 * booked add up to it, and asked about when that takes too long. Never sent twice. Executions alone change the books (fills.ts).
 */
import type { PauseReason, SymbolBook, WorkingOrder } from '../strategy/book';
import type { Decision } from '../strategy/judge';
import type { Core } from './core';
import type { EngineEvent, OrderEvent, OrderIntent, Tag } from './events';
import { isLadderBuy, type OrderRecord } from './durable';
import { hear, isFinal, workingOrder } from './orderLife';
import { hearOfStop } from './restingStops';
import { hearOfStray } from './strays';

/** Without a final state or with executions missing for this long, the order is cancelled and asked about. */
const UNANSWERED_MS = 10_000;
/** An unanswered question is asked again after this long. */
const ASK_AGAIN_MS = 10_000;
const LONGEST_REJECT_WAIT_MS = 30_000;
const NOTHING_FILLED_WAIT_MS = 1000;

/** Journals the intent and asks the shell to send it. The decision must hold an order. */
export function placeOrder(core: Core, book: SymbolBook, d: Decision): OrderIntent {
  const tag = d.tag!;
  const orderId = core.nextOrderId++;
  core.highestOrderId = orderId;
  const key = `dronebot:${core.options.sessionId}:${++core.sequence}:${tag}:${d.rung}`;
  const limit = d.limit!.text;
  const { qty, rung, planned, side } = d;
  const record: OrderRecord = {
    key,
    orderId,
    symbol: book.symbol,
    side,
    tag,
    rung,
    planned: side === 'BUY' ? planned : 0,
    qty,
    limit,
    t: core.t,
  };
  core.orders.set(key, record);
  core.ordersById.set(orderId, record);
  // What is reported lags behind fills: the 2 s of a difference are counted with nothing in flight, from here on anew.
  book.fewerSince = NaN;
  book.changedAt = core.t;
  // What is changed here is what `foldIntent` reads out of the record.
  const order = workingOrder(record);
  book.inFlight = order;
  if (isLadderBuy(record)) {
    book.lastBuyAt = core.t;
    core.session.addBuy(record);
  }
  core.useCost(book);
  if (!book.isJournaled) core.journal('intent', { books: [book], intent: record });
  else core.effects.push({ type: 'journal', entry: { t: core.t, why: 'intent', intent: record } });
  const intent: OrderIntent = {
    t: core.t,
    key,
    orderId,
    symbol: book.symbol,
    side,
    qty,
    limit,
    tag,
    rung,
    z: book.z,
    reference: book.reference.price > 0 ? book.reference.price : null,
    last: book.regularLast,
  };
  core.effects.push({ type: 'place', order: intent });
  hear(order, 'sent');
  return intent;
}

/** A status from the broker. Statuses end orders; they never book shares. */
export function onOrder(core: Core, e: OrderEvent): void {
  const found = findInFlight(core, e.orderId);
  if (!found) {
    hearOfStop(core, e);
    return hearOfStray(core, e);
  }
  const [book, order] = found;
  if (isFinal(e.status)) {
    hear(order, 'final');
    order.finalFilled = Math.max(order.finalFilled ?? 0, e.filled);
    order.rejected = order.rejected || e.status === 'rejected' || (e.status === 'inactive' && e.filled === 0);
    if (e.text !== undefined) order.reason = { code: e.code ?? null, text: e.text };
    if (order.rejected) core.notice('warning', 'orderRejected', book.symbol, rejection(order, e));
    settle(core, book, order);
  } else hear(order, 'status');
}

/** Ends the order when its final state and its executions agree; called after every status and every booked execution. */
export function settle(core: Core, book: SymbolBook, order: WorkingOrder): void {
  const isLost = order.status === 'ended' && order.booked === 0;
  if (order.status !== 'ended') {
    if (order.finalFilled === null || order.booked < order.finalFilled) return;
    hear(order, 'complete');
  }
  book.inFlight = null;
  book.changedAt = core.t;
  // Flatten was asked for while a first buy was on its way, and it bought nothing.
  if (book.position.shares === 0) book.exit = null;
  core.useCost(book);
  if (order.rejected && order.booked === 0) countReject(core, book, order);
  else if (order.booked === 0) book.waits.set(order.tag, { until: core.t + NOTHING_FILLED_WAIT_MS, rejects: 0 });
  else book.waits.delete(order.tag);
  // Whether one that got lost would have been rejected nobody knows: it ends no row.
  if (order.side === 'BUY' && !order.rejected && !isLost) book.rejects = 0;
  core.journal('orderEnded', { books: [book] });
}

/** Each second: orders that have been without an answer for too long are cancelled, then asked about; never resent. */
export function watchOrders(core: Core): void {
  if (!core.session.linked) return;
  for (const book of core.order) {
    const order = book.inFlight;
    if (!order || core.t - order.t < UNANSWERED_MS) continue;
    hear(order, 'silence');
    if (order.cancelSentAt === null) {
      order.cancelSentAt = core.t;
      core.effects.push({ type: 'cancel', orderId: order.orderId, why: 'noFinalState' });
      core.notice('warning', 'orderUnanswered', book.symbol, {
        orderId: order.orderId,
        tag: order.tag,
        seconds: UNANSWERED_MS / 1000,
      });
    }
    if (order.reconcileAskedAt === null || core.t - order.reconcileAskedAt >= ASK_AGAIN_MS) {
      order.reconcileAskedAt = core.t;
      core.effects.push({ type: 'reconcile', why: 'orderUnanswered', partial: true });
    }
  }
}

/** The link, the broker's own, or the session is gone: what became of orders is only known once the broker was asked. */
export function loseOrders(core: Core): void {
  for (const book of core.books.values()) if (book.inFlight !== null) hear(book.inFlight, 'lost');
}

/** Cancels working buys by id, as the kill switch does: never a global cancel. */
export function cancelBuys(core: Core, why: string): void {
  for (const book of core.order) {
    const order = book.inFlight;
    if (order?.side === 'BUY' && order.tag === 'ladder_buy')
      core.effects.push({ type: 'cancel', orderId: order.orderId, why });
  }
}

export function findInFlight(core: Core, orderId: number): [SymbolBook, WorkingOrder] | null {
  for (const book of core.order) if (book.inFlight?.orderId === orderId) return [book, book.inFlight];
  return null;
}

/** Applies what a fill model answers to an intent, at once (§12). */
export function applyFills(core: Core, intent: OrderIntent, apply: (event: EngineEvent) => void): void {
  for (const event of core.options.fill?.(intent) ?? []) apply(event);
}

/** 1, 2, 4 … 30 s for the tag, an alarm from the third; buys of the symbol are paused at the limit. */
function countReject(core: Core, book: SymbolBook, order: WorkingOrder): void {
  const rejects = (book.waits.get(order.tag)?.rejects ?? 0) + 1;
  const wait = Math.min(LONGEST_REJECT_WAIT_MS, 1000 * 2 ** (rejects - 1));
  book.waits.set(order.tag, { until: core.t + wait, rejects });
  if (order.side === 'SELL') {
    if (rejects >= 3) core.notice('alarm', 'sellRejected', book.symbol, { tag: order.tag, rejects });
    return;
  }
  book.rejects++;
  book.lastReject = order.reason ?? null;
  if (book.rejects >= core.settings['limits.rejects'] && pauseFor(book, 'rejects')) {
    core.notice('warning', 'buysPausedRejects', book.symbol, { rejects: book.rejects, ...order.reason });
  }
}

/** What is asked of a person meanwhile does not end this pause with itself. False when another holds already. */
function pauseFor(book: SymbolBook, reason: PauseReason): boolean {
  if (book.paused === null) book.paused = reason;
  else if (book.paused === 'unexplained' && book.pausedBefore === null) book.pausedBefore = reason;
  else return false;
  return true;
}

function rejection(order: WorkingOrder, e: OrderEvent): Record<string, string | number | null> {
  const tag: Tag = order.tag;
  return { orderId: order.orderId, tag, side: order.side, qty: order.qty, code: e.code ?? null, text: e.text ?? '' };
}
