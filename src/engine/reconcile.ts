/**
 * Reconciliation (§8, §11): after every (re)connect, and for orders without a final state, the broker's positions, open
 * orders and executions are held against the books. Until it has run after a connect, nothing is sent.
 */
import { MINUTE_MS } from '../strategy/exchangeTime';
import type { SymbolBook } from '../strategy/book';
import { endUnexplained, tellUnexplained, unexplained } from './adoption';
import type { Core } from './core';
import type { ReconcileEvent } from './events';
import { afterFlat, onExec } from './fills';
import { money } from '../strategy/exact';
import { hear } from './orderLife';
import { settle } from './orders';
import { forgetLeftStops, heardOfLeft, leftStopOf } from './restingStops';
import { noteStrays, straysHoldBack } from './strays';

/** A difference must stand this long, with nothing in flight, before shares are taken off the books. */
const DIFFERENCE_MS = 2000;

export function onReconcile(core: Core, e: ReconcileEvent): void {
  for (const exec of e.executions) onExec(core, exec);
  endUnknownOrders(core, e);
  noteStrays(core, e);
  core.positions = new Map(e.positions.map(position => [position.symbol, position]));
  let isBehind = false;
  for (const book of core.books.values()) {
    const { symbol, reported: shares, reportedAverage: averageCost } = book;
    const told = core.positions.get(symbol)?.shares ?? 0;
    // What the stream has told since the question is newer.
    if (book.reportedAt >= (e.askedAt ?? Infinity)) core.positions.set(symbol, { symbol, shares, averageCost });
    else {
      core.useReported(book);
      book.reportedAt = e.askedAt ?? core.t;
    }
    // A report that is newer than the answer may be newer than its executions too: the next answer has both.
    const hasMoved = told !== book.reported && book.reported >= 0;
    if (hasMoved) isBehind = true;
    else if (!e.partial || isCalm(book, e)) judgePosition(core, book);
    else if (book.paused === 'short' && book.reported < book.leftAlone) book.shortConfirmed = true;
  }
  if (e.partial) return;
  if (isBehind) core.effects.push({ type: 'reconcile', why: 'moved', partial: true });
  for (const { symbol, shares } of e.positions) {
    if (shares !== 0 && !core.books.has(symbol)) core.notice('info', 'notOurs', symbol, { shares });
  }
  forgetLeftStops(core, e.orders);
  // All that could explain what was written off has been heard.
  for (const book of core.books.values()) forgetWrittenOff(core, book);
  core.session.reconciled = !core.session.linkBroken && !core.isLeaving && !straysHoldBack(core);
  core.hasReconciled = true;
  core.journal('reconciled', {
    session: true,
    // The journal's first word of what was not known before: an order then has to say less.
    books: [...core.books.values()].filter(book => book.position.shares > 0 || !book.isJournaled),
  });
  core.notice('info', 'reconciled', null, {
    positions: core.order.filter(book => book.position.shares > 0).length,
    executions: e.executions.length,
  });
}

/** Nothing of the symbol has moved since the question: positions and executions of the answer belong together. */
function isCalm({ inFlight, changedAt }: SymbolBook, { askedAt }: ReconcileEvent): boolean {
  return askedAt !== undefined && inFlight === null && changedAt < askedAt;
}

/** Each minute the books are held against the broker's, though nothing has happened: nobody tells what was never sent. */
export function askEachMinute(core: Core): void {
  const { linked, reconciled } = core.session;
  if (core.t % MINUTE_MS !== 0 || !linked || !reconciled || core.options.assumeReady) return;
  core.effects.push({ type: 'reconcile', why: 'minute', partial: true });
}

/** The broker's position stream. A short that appears while the session runs is asked about afresh before it is covered. */
export function onPosition(core: Core, book: SymbolBook, shares: number, averageCost: number): void {
  book.reported = shares;
  book.reportedAt = core.t;
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
    // A report of before the newest fill may have lost its successor to a link that nobody knows is dead.
    const isOld = book.reportedAt < book.filledAt;
    if (book.inFlight !== null || !(missing > 0) || book.position.shares === 0 || isOld) {
      book.fewerSince = NaN;
      continue;
    }
    if (Number.isNaN(book.fewerSince)) book.fewerSince = core.t;
    if (core.t - book.fewerSince < DIFFERENCE_MS) continue;
    book.fewerSince = NaN;
    const own = book.position.shares;
    const shares = Math.min(own, Math.ceil(missing));
    const stop = leftStopData(core, book, shares);
    writeOff(core, book, shares);
    if (book.position.shares === 0) afterFlat(core, book);
    if (book.paused !== 'short') book.paused = 'difference';
    core.useCost(book);
    core.journal('difference', { books: [book] });
    const { reported, leftAlone } = book;
    core.notice('alarm', 'fewerShares', book.symbol, { own, reported, leftAlone, ...stop });
  }
}

/**
 * A stop that was left at the broker and filled on an earlier day: its executions are not told any more, so what it brought stays
 * unknown. What it would have brought at its own price is all that can be said.
 */
function leftStopData(core: Core, book: SymbolBook, shares: number): Record<string, string | number> {
  const stop = leftStopOf(core, book.symbol);
  if (stop === undefined) return {};
  heardOfLeft(core, stop);
  const sold = Math.min(shares, stop.qty);
  const about = money(stop.limit)
    .minus(book.position.average ?? 0)
    .times(sold);
  return { stopShares: sold, stopPrice: stop.limit, stopAbout: about.toFixed(2) };
}

function forgetWrittenOff(core: Core, book: SymbolBook): void {
  if (book.writtenOff === null) return;
  book.writtenOff = null;
  core.journal('writtenOff', { books: [book] });
}

function writeOff(core: Core, book: SymbolBook, shares: number): void {
  const { position, writtenOff: before } = book;
  const { cost } = position;
  position.remove(shares);
  book.useAverage();
  const gone = cost.minus(position.cost);
  book.writtenOff = {
    shares: shares + (before?.shares ?? 0),
    cost: before === null ? gone : gone.plus(before.cost),
    t: core.t,
  };
}

/** What the broker reports beyond our books: a person decides; buys of the symbol wait for it. */
export function judgePosition(core: Core, book: SymbolBook): void {
  if (book.reported >= 0) endShort(core, book);
  const extra = unexplained(book);
  book.extra = extra;
  if (book.reported < 0 && book.position.shares === 0) {
    if (!core.hasReconciled || book.leftAlone < 0) {
      leaveShortAlone(core, book);
      tellUnexplained(core, book);
    } else if (book.paused === 'short') book.shortConfirmed = true;
    else shortAppeared(core, book);
  } else if (extra > 0 && book.paused !== 'unexplained') {
    book.pausedBefore = book.paused === 'short' ? null : book.paused;
    book.paused = 'unexplained';
    core.journal('unexplained', { books: [book] });
    tellUnexplained(core, book);
  } else if (extra === 0 && book.paused === 'unexplained') {
    endUnexplained(book);
    core.journal('explained', { books: [book] });
  }
}

/**
 * An order of ours that the broker does not list any more has ended with the executions that are known. The answer to a
 * question asked in between may be older than an order that was sent since: it ends only orders that were asked about.
 */
function endUnknownOrders(core: Core, { orders: open, partial, askedAt }: ReconcileEvent): void {
  for (const book of core.order) {
    const order = book.inFlight;
    if (!order || open.some(other => other.key === order.key)) continue;
    if (partial && order.reconcileAskedAt === null) continue;
    if (askedAt !== undefined && order.t >= askedAt) continue;
    hear(order, 'unlisted');
    order.finalFilled = order.booked;
    core.notice('info', 'orderEndedByReconciliation', book.symbol, {
      orderId: order.orderId,
      filled: order.booked,
      qty: order.qty,
    });
    settle(core, book, order);
  }
}
