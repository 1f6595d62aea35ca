/**
 * The exchange day: its roll at midnight (§9) and the day's loss limit (§8), which looks at every position at every
 * evaluation and so works in doubles first; near the limit it asks the exact numbers.
 */
import { ZERO, money, type Money } from '../strategy/exact';
import type { SymbolBook } from '../strategy/book';
import type { Core } from './core';
import { commissions } from './fills';
import { forgetOld } from './forget';

/** A new exchange date: the day's counters and bars reset and z is 0; positions, stops and cooldowns stay. */
export function rollDay(core: Core, day: number): void {
  const { session } = core;
  const isFirst = Number.isNaN(session.day);
  session.day = day;
  session.lossForgiven = ZERO;
  session.lossUsd = NaN;
  core.fees.clear();
  core.feeTotal = null;
  for (const book of core.books.values()) {
    book.useDay(day);
    if (isFirst) continue;
    book.overnightShares = book.position.shares;
    book.overnightAverage = book.position.average ?? ZERO;
    book.closingLast = book.last;
    book.realizedToday = ZERO;
    book.exitsToday = 0;
    book.open = NaN;
    book.closeHeardToday = false;
    book.regularLast = NaN;
    book.asideIsRegular = false;
    book.volatility.z = 0;
  }
  noteBooks(core);
  forgetOld(core);
  core.journal('day', { session: true, books: [...core.books.values()] });
}

/** At every evaluation in regular hours: once the day's loss is at its limit, buys stay off for the day. */
export function testDayLoss(core: Core): void {
  const { session } = core;
  if (session.lossLimitHit) return;
  const floor = nearFloor(core);
  session.lossUsd = core.nearFloor.feesUsd - session.nearPnl;
  if (session.nearPnl > floor) return;
  const limit = dayLossLimit(core);
  const exact = dayPnl(core);
  if (exact.gt(session.lossForgiven.minus(limit))) return;
  session.lossDay = session.day;
  session.lossUsd = -exact.toNumber();
  core.journal('dayLoss', { session: true });
  core.notice('alarm', 'dayLoss', null, { loss: exact.neg().toFixed(2), limit: lossLimitNow(core) });
}

/** USD; the smaller of equity and net liquidation counts (§5). */
export function dayLossLimit(core: Core): number {
  const { equity, netLiquidation } = core.session;
  const base = netLiquidation ? Math.min(equity, netLiquidation.toNumber()) : equity;
  return (base * core.settings['limits.dayLossPercent']) / 100;
}

/** The loss at which buys stay off from here on: what a person has accepted by a reset comes on top, USD. */
export function lossLimitNow(core: Core): number {
  return dayLossLimit(core) - core.session.lossForgiven.toNumber();
}

/** Realized since midnight + change of open P&L since the previous close − commissions, exact, USD. */
export function dayPnl(core: Core): Money {
  let total = commissions(core).neg();
  for (const book of core.order) {
    total = total.plus(book.realizedToday).plus(openPnl(book)).minus(openAtStart(book));
  }
  return total;
}

/** Open P&L of what is held at the newest accepted last; 0 without one. */
export function openPnl(book: SymbolBook): Money {
  const { position, last } = book;
  return position.shares > 0 && last > 0 ? money(last).times(position.shares).minus(position.cost) : ZERO;
}

/** Open P&L that the overnight shares brought into the day. */
function openAtStart(book: SymbolBook): Money {
  const base = dayBase(book);
  return book.overnightShares > 0 && base > 0
    ? money(base).minus(book.overnightAverage).times(book.overnightShares)
    : ZERO;
}

function dayBase(book: SymbolBook): number {
  return book.closeHeardToday && book.previousClose > 0 ? book.previousClose : book.closingLast;
}

/** Far above what doubles can be off by. */
const NEAR_USD = 1;

/** P&L before commissions above which the limit is surely not reached, and what it was worked out from. */
export interface NearFloor {
  usd: number;
  feesUsd: number;
  fees: Money | null;
  forgiven: Money | null;
  equity: number;
  netLiquidation: Money | null;
}

export function newNearFloor(): NearFloor {
  return { usd: NaN, feesUsd: NaN, fees: null, forgiven: null, equity: NaN, netLiquidation: null };
}

/** Asked at every evaluation: decimals are looked at only when one of them is another one. */
function nearFloor(core: Core): number {
  const { nearFloor: floor, session } = core;
  const fees = core.feeTotal ?? commissions(core);
  if (
    floor.fees !== fees ||
    floor.forgiven !== session.lossForgiven ||
    floor.equity !== session.equity ||
    floor.netLiquidation !== session.netLiquidation
  ) {
    floor.fees = fees;
    floor.forgiven = session.lossForgiven;
    floor.equity = session.equity;
    floor.netLiquidation = session.netLiquidation;
    floor.feesUsd = fees.toNumber();
    session.lossLimitUsd = lossLimitNow(core);
    floor.usd = floor.feesUsd - session.lossLimitUsd + NEAR_USD;
  }
  return floor.usd;
}

/** After a new last or previous close of one symbol. */
export function noteLast(core: Core, book: SymbolBook): void {
  const before = book.nearPnl;
  book.nearPnl =
    book.nearFixed +
    (book.nearShares > 0 && book.last > 0 ? book.last * book.nearShares - book.nearCost : 0) -
    nearStart(book);
  core.session.nearPnl += book.nearPnl - before;
}

/** After a change of one symbol's position or realized profit: its part and the sum anew, so that no error adds up. */
export function noteBook(core: Core, book: SymbolBook): void {
  useNear(book);
  noteLast(core, book);
  let total = 0;
  for (const { nearPnl } of core.order) total += nearPnl;
  core.session.nearPnl = total;
}

/** After a change of the day or of what is traded. */
export function noteBooks(core: Core): void {
  core.session.nearPnl = 0;
  for (const book of core.order) {
    book.nearPnl = 0;
    useNear(book);
    noteLast(core, book);
  }
}

function useNear(book: SymbolBook): void {
  book.nearFixed = book.realizedToday.toNumber();
  book.nearShares = book.position.shares;
  book.nearCost = book.position.spent.near;
  book.nearOvernightAverage = book.overnightAverage.toNumber();
}

function nearStart(book: SymbolBook): number {
  if (book.overnightShares === 0) return 0;
  const base = dayBase(book);
  return base > 0 ? (base - book.nearOvernightAverage) * book.overnightShares : 0;
}
