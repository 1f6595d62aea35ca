/**
 * Market events into the books: quote, last with bad prints, volume, bars, contracts (§2, §3, §7). Says whether the symbol
 * is to be evaluated; evaluates nothing itself.
 */
import { acceptOverride } from './overrides';
import { HOUR_MS, MINUTE_MS, newYorkInstant } from '../strategy/exchangeTime';
import { isUsable } from '../strategy/limitPrice';
import { bandsOf, Ticks } from '../strategy/ticks';
import type { SymbolBook } from '../strategy/book';
import type { Core } from './core';
import { noteLast } from './day';
import type { EngineEvent, TickEvent } from './events';

type EventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;

/** Applies a tick: quote fields, then last, then the rest. True when the symbol has to be evaluated. */
export function onTick(core: Core, book: SymbolBook, e: TickEvent): boolean {
  const { t } = core;
  book.lastTickAt = t;
  core.session.lastTickAt = t;
  book.volatility.onTick(t);
  const { last, bid, ask, mark } = book;
  const hadRegularLast = book.regularLast > 0;

  if (e.bid !== undefined) book.bid = usable(e.bid);
  if (e.ask !== undefined) book.ask = usable(e.ask);
  // null takes a side's price away; of anything else it says nothing.
  book.bidSize = e.bidSize ?? book.bidSize;
  book.askSize = e.askSize ?? book.askSize;
  const quoteChanged = !Object.is(bid, book.bid) || !Object.is(ask, book.ask);
  if (quoteChanged && book.aside > 0 && book.hasLiveQuote && !book.isBadPrint(book.aside)) {
    book.acceptLast(book.aside, book.asideIsRegular);
  }

  const price = usable(e.last);
  if (price > 0) onLast(core, book, price);

  if (e.volume !== undefined && e.volume !== null && e.volume >= 0) {
    book.volume = e.volume;
    book.volatility.onVolume(e.volume);
  }
  if (usable(e.open) > 0 && t >= openFrom(core.session.day)) book.open = usable(e.open);
  if (usable(e.close) > 0) {
    book.previousClose = usable(e.close);
    book.closeHeardToday = true;
  }
  if (e.halted !== undefined && e.halted !== null) book.halted = e.halted > 0;

  if (!Object.is(last, book.last) || e.close !== undefined) noteLast(core, book);
  if (!Object.is(mark, book.mark)) journalMark(core, book, mark);
  return quoteChanged || !Object.is(last, book.last) || (!hadRegularLast && book.regularLast > 0);
}

export function onContract(core: Core, book: SymbolBook, e: EventOf<'contract'>): void {
  const bands = bandsOf(e.ticks, e.minTick);
  if (bands !== null) book.ticks = new Ticks(bands);
  if (e.hours) book.setHours(e.hours, core.session.day);
  const failed = e.failed ?? null;
  if ((failed === null) !== (book.failed === null)) {
    book.failed = failed;
    core.useBudgets();
    if (failed) core.notice('warning', 'symbolFailed', book.symbol, { code: failed.code, text: failed.text });
  }
}

export function onDataType(core: Core, book: SymbolBook, e: EventOf<'dataType'>): void {
  if (book.dataType === e.value) return;
  book.dataType = e.value;
  if (e.value !== 1) {
    core.notice('warning', 'notLive', book.symbol, { dataType: e.value, code: e.code ?? null, text: e.text ?? null });
  }
}

export function onDownload(core: Core, book: SymbolBook, e: EventOf<'download'>): void {
  book.downloaded = e.state === 'finished' || e.state === 'noData';
  if (e.state === 'failed') core.notice('warning', 'downloadFailed', book.symbol, { text: e.text ?? '' });
}

/** Only the fields that the event names change; null drops one (§12). */
export function onOverride(core: Core, book: SymbolBook, e: EventOf<'override'>): void {
  const buy = e.buy === undefined ? book.override.buy : acceptOverride('buy', e.buy);
  const sell = e.sell === undefined ? book.override.sell : acceptOverride('sell', e.sell);
  if (buy === undefined || sell === undefined) {
    core.notice('warning', 'overrideRefused', book.symbol, { buy: e.buy ?? null, sell: e.sell ?? null });
  }
  const before = book.override;
  // A value out of range is told and the last good one kept; the other value counts all the same (§9).
  book.override = {
    buy: buy === undefined ? book.override.buy : buy,
    sell: sell === undefined ? book.override.sell : sell,
  };
  for (const side of ['buy', 'sell'] as const) {
    const value = book.override[side];
    if (value !== before[side]) book.overrideSince[side] = value === null ? NaN : core.t;
  }
}

/** After this the day's volume and whatever else was missed cannot be told apart from news. */
export function rebaseVolume(core: Core): void {
  for (const book of core.books.values()) book.volatility.rebase();
}

function onLast(core: Core, book: SymbolBook, price: number): void {
  const isRegular = book.isRegular(core.t);
  if (book.isBadPrint(price)) {
    book.aside = price;
    book.asideIsRegular = isRegular;
    book.badPrints++;
    book.volatility.onBadPrint();
    return;
  }
  book.acceptLast(price, isRegular);
}

/** The mark is journaled when the stop's price moves by a tick (§9). */
function journalMark(core: Core, book: SymbolBook, before: number): void {
  const factor = book.rules.trail.toNumber();
  const moved = !(before > 0) || book.ticks.nearest(before * factor) !== book.ticks.nearest(book.mark * factor);
  if (moved) core.journal('mark', { books: [book] });
}

/** 09:30 of a day: an open heard before is not today's. */
function openFrom(day: number): number {
  return newYorkInstant(day, 9 * HOUR_MS + 30 * MINUTE_MS);
}

function usable(price: number | null | undefined): number {
  return price !== null && price !== undefined && isUsable(price) ? price : NaN;
}
