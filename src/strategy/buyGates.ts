/**
 * The conditions of a buy that are asked all the time, limits and switches among them, and the few slots that several kinds of
 * orders fill alike. What is asked only at a touched rung is in judge.ts.
 */
import type { SymbolBook } from './book';
import { spreadAtMost, spreadBp, withinPercent } from './exact';
import { GATE, type Gates } from './gates';
import { canTradeOn } from './reference';
import type { SessionBook } from './sessionBook';
import type { Tag } from './tag';

/** Spread, limits and switches of a buy, apart from what is asked only at the rung. */
export function judgeBuyGates(book: SymbolBook, session: SessionBook, t: number, gates: Gates): boolean {
  const { settings } = book.rules;
  let ok = putSpread(book, GATE.spreadBuy, 1);
  ok = putReference(book) && ok;
  const { price } = book.reference;
  const close = book.previousClose;
  const band = settings['gates.referenceBandPercent'];
  if (close > 0)
    ok =
      gates.put(GATE.referenceBand, withinPercent(price, close, band), (Math.abs(price - close) / close) * 100, band) &&
      ok;
  else gates.put(GATE.referenceBand, true, 0, band);
  ok = gates.put(GATE.download, book.downloaded, book.downloaded ? 1 : 0, NaN) && ok;
  const toClose = book.closeAt - t;
  const closing = settings['gates.minutesBeforeClose'] * 60_000;
  ok = gates.put(GATE.timeToClose, toClose >= closing, toClose, closing) && ok;
  ok = flag(gates, GATE.notPaused, !session.paused && !session.protectOnly) && ok;
  ok = flag(gates, GATE.notKilled, !session.killed) && ok;
  ok = flag(gates, GATE.notWoundDown, !book.windDown && book.failed === null) && ok;
  ok = putPauses(book, gates) && ok;
  ok = gates.put(GATE.dayLoss, !session.lossLimitHit, session.lossUsd, session.lossLimitUsd) && ok;
  ok = flag(gates, GATE.journal, session.journalOk) && ok;
  ok = flag(gates, GATE.account, session.accountKnown) && ok;
  const rest = book.restUntil - t;
  ok = gates.put(GATE.rest, !(rest > 0), rest, NaN) && ok;
  ok = flag(gates, GATE.aboveL1, !book.waitsForL1) && ok;
  const exits = settings['protection.exitsPerDay'];
  ok = gates.put(GATE.exitsToday, book.exitsToday < exits, book.exitsToday, exits) && ok;
  const sinceBuy = t - book.lastBuyAt;
  ok = gates.put(GATE.cooldown, sinceBuy >= book.rules.buyCooldownMs, sinceBuy, book.rules.buyCooldownMs) && ok;
  const wait = waitLeft(book, 'ladder_buy', t);
  ok = gates.put(GATE.buyWait, !(wait > 0), wait, NaN) && ok;
  session.ageOrders(t);
  const rate = settings['limits.buysPerMinute'];
  ok = gates.put(GATE.buyRate, session.buyOrders.length < rate, session.buyOrders.length, rate) && ok;
  const symbolRate = settings['limits.symbolBuysPerMinute'];
  const symbolBuys = session.buysOf(book.symbol);
  return gates.put(GATE.symbolBuyRate, symbolBuys < symbolRate, symbolBuys, symbolRate) && ok;
}

/** What pauses the buys of a symbol; each is there for itself, one may stand behind another. */
function putPauses(book: SymbolBook, gates: Gates): boolean {
  const { paused, pausedBefore } = book;
  let ok = flag(gates, GATE.symbolNotPaused, !book.isPausedByPerson);
  const rejected = paused === 'rejects' || pausedBefore === 'rejects';
  ok = gates.put(GATE.rejects, !rejected, book.rejects, book.rules.settings['limits.rejects']) && ok;
  if (paused === null || paused === 'rejects') return gates.put(GATE.explained, true, NaN, NaN) && ok;
  return gates.put(GATE.explained, false, book.reported, book.explained) && ok;
}

export function waitLeft(book: SymbolBook, tag: Tag, t: number): number {
  const wait = book.waits.size > 0 ? book.waits.get(tag) : undefined;
  return wait ? wait.until - t : 0;
}

export function putSpread(book: SymbolBook, gate: number, times: number): boolean {
  const { settings } = book.rules;
  const most =
    times * (book.target.class === 'risky' ? settings['gates.riskySpreadBp'] : settings['gates.safeSpreadBp']);
  const ok = book.hasLiveQuote && spreadAtMost(book.bid, book.ask, most);
  return book.gates.put(gate, ok, book.hasQuote ? spreadBp(book.bid, book.ask) : NaN, most);
}

export function putReference(book: SymbolBook): boolean {
  return flag(book.gates, GATE.reference, canTradeOn(book.reference.source));
}

export function flag(gates: Gates, gate: number, met: boolean): boolean {
  return gates.put(gate, met, met ? 1 : 0, NaN);
}
