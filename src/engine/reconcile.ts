/**
 * Reconciliation (§8, §11): after every (re)connect, and for orders without a final state, the broker's positions, open
 * orders and executions are held against the books. Until it has run after a connect, nothing is sent.
 */
import type { SymbolBook } from '../strategy/book';
import { unexplained } from './control';
import type { Core } from './core';
import type { OpenOrder, ReconcileEvent } from './events';
import { afterFlat, onExec } from './fills';
import { settle } from './orders';

/** A difference must stand this long, with nothing in flight, before shares are taken off the books. */
const DIFFERENCE_MS = 2000;

export function onReconcile(core: Core, e: ReconcileEvent): void {
  for (const exec of e.executions) onExec(core, exec);
  endUnknownOrders(core, e.orders, e.partial === true);
  cancelStrays(core, e.orders, e.partial === true);
  const reported = new Map(e.positions.map(position => [position.symbol, position]));
  for (const book of core.books.values()) {
    const position = reported.get(book.symbol);
    book.reported = position?.shares ?? 0;
    book.reportedAverage = position?.averageCost ?? NaN;
    if (!e.partial) judgePosition(core, book);
    else if (book.paused === 'short' && book.reported < book.leftAlone) book.shortConfirmed = true;
  }
  for (const { symbol, shares } of e.positions) {
    if (shares !== 0 && !core.books.has(symbol)) core.notice('info', 'notOurs', symbol, { shares });
  }
  if (e.partial) return;
  core.session.reconciled = !core.session.linkBroken;
  core.hasReconciled = true;
  core.journal('reconciled', {
    session: true,
    books: [...core.books.values()].filter(book => book.position.shares > 0),
  });
  core.notice('info', 'reconciled', null, {
    positions: core.order.filter(book => book.position.shares > 0).length,
    executions: e.executions.length,
  });
}

/** The broker's position stream. A short that appears while the session runs is asked about afresh before it is covered. */
export function onPosition(core: Core, book: SymbolBook, shares: number, averageCost: number): void {
  book.reported = shares;
  book.reportedAverage = averageCost;
  if (unexplained(book) >= 0) book.fewerSince = NaN;
  if (shares >= 0) endShort(core, book);
  else if (book.leftAlone < 0) leaveShortAlone(core, book);
  else if (core.session.reconciled && book.paused !== 'short') shortAppeared(core, book);
}

function shortAppeared(core: Core, book: SymbolBook): void {
  book.paused = 'short';
  book.shortConfirmed = false;
  core.journal('short', { books: [book] });
  core.notice('alarm', 'shortAppeared', book.symbol, { shares: book.reported });
  core.effects.push({ type: 'reconcile', why: 'short', partial: true });
}

/** A short that was there before is left alone, whatever becomes of it, and its symbol is not traded. */
function leaveShortAlone(core: Core, book: SymbolBook): void {
  if (book.leftAlone === book.reported && book.paused === 'short') return;
  book.leftAlone = book.reported;
  book.paused = 'short';
  core.journal('shortFound', { books: [book] });
}

function endShort(core: Core, book: SymbolBook): void {
  if (book.paused !== 'short') return;
  book.paused = null;
  book.shortConfirmed = false;
  book.leftAlone = Math.max(0, book.leftAlone);
  core.journal('shortGone', { books: [book] });
}

/** Each second: fewer shares at the broker than are ours, for 2 s with nothing in flight, shrinks the newest layers. */
export function watchPositions(core: Core): void {
  if (!core.session.linked || !core.session.reconciled) return;
  for (const book of core.order) {
    const missing = -unexplained(book);
    if (book.inFlight !== null || !(missing > 0) || book.position.shares === 0) {
      book.fewerSince = NaN;
      continue;
    }
    if (Number.isNaN(book.fewerSince)) book.fewerSince = core.t;
    if (core.t - book.fewerSince < DIFFERENCE_MS) continue;
    book.fewerSince = NaN;
    const own = book.position.shares;
    book.position.remove(Math.min(own, Math.ceil(missing)));
    book.useAverage();
    if (book.position.shares === 0) afterFlat(core, book);
    if (book.paused !== 'short') book.paused = 'difference';
    core.useCosts();
    core.journal('difference', { books: [book] });
    core.notice('alarm', 'fewerShares', book.symbol, { own, reported: book.reported, leftAlone: book.leftAlone });
  }
}

/** What the broker reports beyond our books: a person decides; buys of the symbol wait for it. */
function judgePosition(core: Core, book: SymbolBook): void {
  if (book.reported >= 0) endShort(core, book);
  const extra = unexplained(book);
  book.extra = extra;
  if (book.reported < 0 && book.position.shares === 0) {
    if (!core.hasReconciled || book.leftAlone < 0) {
      leaveShortAlone(core, book);
      core.notice('warning', 'shortFound', book.symbol, { shares: book.reported });
    } else if (book.paused === 'short') book.shortConfirmed = true;
    else shortAppeared(core, book);
  } else if (extra > 0 && book.paused !== 'unexplained') {
    book.paused = 'unexplained';
    core.journal('unexplained', { books: [book] });
    core.notice('warning', 'unexplained', book.symbol, { extra, own: book.position.shares, reported: book.reported });
  } else if (extra === 0 && book.paused === 'unexplained') {
    book.paused = null;
    core.journal('explained', { books: [book] });
  }
}

/**
 * An order of ours that the broker does not list any more has ended with the executions that are known. The answer to a
 * question asked in between may be older than an order that was sent since: it ends only orders that were asked about.
 */
function endUnknownOrders(core: Core, open: readonly OpenOrder[], isPartial: boolean): void {
  for (const book of core.order) {
    const order = book.inFlight;
    if (!order || open.some(other => other.key === order.key)) continue;
    if (isPartial && order.reconcileAskedAt === null) continue;
    order.status = 'final';
    order.finalFilled = order.booked;
    core.notice('info', 'orderEndedByReconciliation', book.symbol, {
      orderId: order.orderId,
      filled: order.booked,
      qty: order.qty,
    });
    settle(core, book, order);
  }
}

/** Open orders with a key of ours are IOC orders that should be gone: cancelled, and their symbol waits for it. */
function cancelStrays(core: Core, open: readonly OpenOrder[], isPartial: boolean): void {
  for (const order of open) {
    if (!order.key.startsWith('dronebot:')) continue;
    const working = core.books.get(order.symbol)?.inFlight;
    if (isPartial && working?.key === order.key && working.reconcileAskedAt === null) continue;
    core.effects.push({ type: 'cancel', orderId: order.orderId, why: 'reconciliation' });
    core.notice('warning', 'strayOrder', order.symbol, { orderId: order.orderId, qty: order.qty });
  }
}
