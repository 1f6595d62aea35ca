/**
 * The evaluation that trades (§6 to §8): fills every condition of a symbol's next orders with its two numbers and says which
 * order goes now, if any. It changes nothing but the slots; the engine applies the decision. Why not? is read off the slots.
 */
import type { Side, Tag } from './tag';
import type { SymbolBook } from './book';
import type { SessionBook } from './sessionBook';
import { flag, judgeBuyGates, putReference, putSpread, waitLeft } from './buyGates';
import { compare, nearMid, NOTHING, sharesLeft, type Threshold } from './exact';
import { firstUnmetForBuy, ROOM_GATES } from './gateLists';
import { GATE, type Gates } from './gates';
import { RUNGS } from './ladder';
import { buyLimit, ladderSellLimit, trimLimit, urgentBuyLimit, urgentSellLimit, type Limit } from './limitPrice';
import { canTradeOn, referenceAt } from './reference';
import { clipUsd, largestSell, plannedShares } from './sizing';

/** Both sides below a trigger for this long fire an exit without a new last (§7). */
const QUOTE_RUN_MS = 2000;

/** The outcome of one evaluation; a single object is used again and again. */
export interface Decision {
  tag: Tag | null;
  side: Side;
  qty: number;
  /** The rung bought, the newest layer of a sell, 0 for a cover. */
  rung: number;
  /** What the rung wants in all, before limits cut the order. */
  planned: number;
  limit: Limit | null;
  /** A protective exit whose price is there and that nothing holds back: it stays on from now on. */
  fires: 'live_stop' | 'live_trail' | null;
  /** Its price is there but something holds it back: an alarm. */
  heldBack: 'live_stop' | 'live_trail' | null;
  /** Nothing would hold an exit back. */
  isFree: boolean;
  /** The rest of the newest rung is too small to buy and is let go for good. */
  letsGo: boolean;
  /** The rung that the next buy would be for; 0 when all are held. */
  nextRung: number;
  nextShares: number;
  clip: number;
  /** Touched, z above 0, and yet no buy: the slot of the first condition in the way; −1 otherwise. */
  buyBlockedBy: number;
}

export function newDecision(): Decision {
  return {
    tag: null,
    side: 'BUY',
    qty: 0,
    rung: 0,
    planned: 0,
    limit: null,
    fires: null,
    heldBack: null,
    isFree: false,
    letsGo: false,
    nextRung: 0,
    nextShares: 0,
    clip: NaN,
    buyBlockedBy: -1,
  };
}

/** Brings reference and rungs to `t`. */
export function updateLadder(book: SymbolBook, t: number): void {
  referenceAt(t, book.bars.day, book.bars.at(t), book, book.reference);
  book.ladder.update(book.reference.price, book.z, book.buyPercent, book.sellPercent, book.target.class, book.ticks);
}

/**
 * What an evaluation notes even when nothing is decided: how long the quote has stood below a trigger, and that last has
 * been above L1 since an exit. Returns true when the latter came true.
 */
export function observe(book: SymbolBook, t: number): boolean {
  book.hardRunSince = quoteRun(book, book.hardStop, book.hardRunSince, t);
  book.trailRunSince = quoteRun(book, book.trailStop, book.trailRunSince, t);
  // Rungs around a reference that is only the last itself would say nothing.
  if (book.waitsForL1 && canTradeOn(book.reference.source) && book.regularLast > book.ladder.buys[0]!) {
    book.waitsForL1 = false;
    return true;
  }
  return false;
}

/**
 * No rule has its price, so that there is nothing to decide and nothing to take back, whatever the conditions beside it say.
 * It is so at nearly every evaluation, which then asks none of them: `judge` is for the others, and for who wants to know why
 * not. Rungs must be up to date, and the day's first regular last must be there.
 */
export function isAtRest(book: SymbolBook, t: number): boolean {
  const { position, trimPrice } = book;
  const last = book.regularLast;
  if (book.exit !== null || book.isHeldBack || book.blockedBy >= 0 || book.paused === 'short') return false;
  if (book.z > 0) {
    const { length } = position.layers;
    if (isRestTouched(book, last) || (length < RUNGS && book.ladder.buys[length]! >= last)) return false;
  }
  if (position.shares === 0) return true;
  if (isHit(last, book.hardStop, book.hardRunSince, t) || isHit(last, book.trailStop, book.trailRunSince, t))
    return false;
  if (!(book.z < 0)) return true;
  const isTrimmed = trimPrice === null || position.trimDone || compare(last, trimPrice) < 0;
  return isTrimmed && layersKept(book) >= position.layers.length;
}

/** The decision at `t`, in the order of §7. Rungs must be up to date. */
export function judge(book: SymbolBook, session: SessionBook, t: number, d: Decision): void {
  d.tag = null;
  d.limit = null;
  d.fires = null;
  d.heldBack = null;
  d.letsGo = false;
  d.buyBlockedBy = -1;
  const { gates } = book;
  const everything = judgeEverything(book, session, t, gates);
  d.isFree = everything;
  judgeBuySize(book, session, d);

  if (judgeCover(book, t, everything, d)) return;
  judgeExit(book, t, everything, d);
  const discretionary = judgeDiscretionary(book, session, t, everything && d.fires === null, gates);
  // All rules are looked at, so that each can say why not; the first that applies has the order.
  const sellWaitsOrGoes = judgeLadderSell(book, t, discretionary, d);
  judgeTrim(book, t, discretionary && !sellWaitsOrGoes, d);
  judgeBuy(book, session, t, discretionary, d);
}

/** What every order needs; stops wait for nothing else. */
function judgeEverything(book: SymbolBook, session: SessionBook, t: number, gates: Gates): boolean {
  let ok = flag(gates, GATE.regularHours, book.isRegular(t));
  ok = flag(gates, GATE.firstLast, book.regularLast > 0) && ok;
  ok = flag(gates, GATE.linked, session.linked && session.reconciled) && ok;
  ok = gates.put(GATE.liveData, book.dataType === 1, book.dataType, 1) && ok;
  ok = gates.put(GATE.notHalted, !book.halted, book.halted ? 0 : 1, NaN) && ok;
  const isFree = book.inFlight === null && book.strays === 0;
  return gates.put(GATE.noneInFlight, isFree, isFree ? 1 : 0, NaN) && ok;
}

/** Clip, next rung and its shares: on view even when nothing can be bought. */
function judgeBuySize(book: SymbolBook, session: SessionBook, d: Decision): void {
  const { position, target, rules } = book;
  const last = book.regularLast > 0 ? book.regularLast : book.last;
  d.clip = clipUsd(session.allowance.tickerBudget[target.class], target.class, last, target.clip, rules.settings);
  if (isRestTouched(book, last)) {
    const newest = position.newest!;
    d.nextRung = newest.rung;
    d.planned = newest.planned;
    d.nextShares = newest.planned - newest.bought;
  } else {
    useNextRung(book, last, d);
  }
}

/** The newest rung is not bought in full, and still touched: the rest of it comes before the next rung. */
function isRestTouched({ position, ladder }: SymbolBook, last: number): boolean {
  const { newest } = position;
  return (
    newest !== undefined && !newest.letGo && newest.bought < newest.planned && ladder.buys[newest.rung - 1]! >= last
  );
}

function useNextRung(book: SymbolBook, last: number, d: Decision): void {
  const rung = book.position.layers.length + 1;
  d.nextRung = rung <= RUNGS ? rung : 0;
  d.planned = rung <= RUNGS && last > 0 ? plannedShares(d.clip, rung, last) : 0;
  d.nextShares = d.planned;
}

/** A short that appeared while the session runs is bought back (§7, off by default). */
function judgeCover(book: SymbolBook, t: number, everything: boolean, d: Decision): boolean {
  // One that was there before is not ours to buy back: it is left alone as a whole.
  const short = book.leftAlone < 0 ? 0 : Math.floor(-book.reported);
  if (book.paused !== 'short' || !book.shortConfirmed || !(short > 0) || !book.rules.settings['protection.antiShort'])
    return false;
  if (everything && !(waitLeft(book, 'anti_short_cover', t) > 0)) {
    order(d, 'anti_short_cover', 'BUY', short, 0, urgentBuyLimit(book.regularLast, book.bid, book.ask, book.ticks));
  }
  return true;
}

function judgeExit(book: SymbolBook, t: number, everything: boolean, d: Decision): void {
  const { gates, position } = book;
  const holds = position.shares > 0;
  const last = book.regularLast;
  const hard = holds && isHit(last, book.hardStop, book.hardRunSince, t);
  const trail = holds && isHit(last, book.trailStop, book.trailRunSince, t);
  if (holds) {
    gates.put(GATE.hardStopHit, hard, last, book.hardStop?.near ?? NaN);
    gates.put(GATE.trailArmed, book.mark > 0, last, book.mark);
    if (book.trailStop) gates.put(GATE.trailHit, trail, last, book.trailStop.near);
    else gates.skip(GATE.trailHit);
    gates.put(GATE.sellable, book.sellable > 0, book.sellable, position.shares);
  } else {
    gates.skip(GATE.hardStopHit);
    gates.skip(GATE.trailArmed);
    gates.skip(GATE.trailHit);
    gates.skip(GATE.sellable);
  }
  const wanted = hard ? 'live_stop' : trail ? 'live_trail' : null;
  if (book.exit === null && wanted) {
    if (everything) d.fires = wanted;
    else if (book.inFlight === null) d.heldBack = wanted;
  }
  const tag = book.exit ?? d.fires;
  gates.put(GATE.noExit, tag === null, tag === null ? 1 : 0, NaN);
  if (tag === null || !everything || !holds || waitLeft(book, tag, t) > 0) return;
  const qty = Math.min(book.sellable, largestSell(last, book.rules.settings));
  if (qty > 0) order(d, tag, 'SELL', qty, position.newest!.rung, urgentSellLimit(last, book.bid, book.ticks));
}

function judgeDiscretionary(
  book: SymbolBook,
  session: SessionBook,
  t: number,
  everything: boolean,
  gates: Gates,
): boolean {
  const { quietMs } = book.rules;
  let ok = gates.put(GATE.quote, book.hasLiveQuote, book.hasLiveQuote ? 1 : 0, NaN);
  const age = t - book.lastTickAt;
  ok = gates.put(GATE.notQuiet, age < quietMs, age, quietMs) && ok;
  const blind = session.isBlind(t);
  ok = gates.put(GATE.notBlind, !blind, blind ? 0 : 1, NaN) && ok;
  return ok && everything && gates.state(GATE.noExit) === 'met';
}

/** Layers that the sell rungs hit leave (§6). */
function layersKept({ position, ladder, regularLast }: SymbolBook): number {
  return Math.max(0, position.peak - ladder.hit(regularLast));
}

/** Returns true when the rule has an order or waits for one: no later sell passes then. */
function judgeLadderSell(book: SymbolBook, t: number, allowed: boolean, d: Decision): boolean {
  const { gates, ladder, position } = book;
  const last = book.regularLast;
  const active = position.layers.length;
  let ok = putSpread(book, GATE.spreadSell, 2) && allowed;
  ok = gates.put(GATE.zNegative, book.z < 0, book.z, 0) && ok;
  ok = putReference(book) && ok;
  const keep = layersKept(book);
  // The smallest hit count that sells a layer names the rung that is waited for.
  const needed = Math.max(1, position.peak - active + 1);
  if (active === 0 || needed > RUNGS) gates.skip(GATE.sellRungHit);
  else gates.put(GATE.sellRungHit, keep < active, last, ladder.sells[needed - 1]!);
  const wait = waitLeft(book, 'ladder_sell', t);
  gates.put(GATE.sellWait, !(wait > 0), wait, NaN);
  if (!ok || keep >= active) return false;
  if (wait > 0) return true;
  const qty = Math.min(position.sharesAbove(keep), book.sellable, largestSell(last, book.rules.settings));
  if (qty > 0) {
    const limit = ladderSellLimit(
      last,
      book.bid,
      ladder.sells[ladder.hit(last) - 1]!,
      book.rules.beyondRungDown,
      book.ticks,
    );
    order(d, 'ladder_sell', 'SELL', qty, position.newest!.rung, limit);
  }
  return true;
}

function judgeTrim(book: SymbolBook, t: number, allowed: boolean, d: Decision): void {
  const { gates, position, trimPrice } = book;
  const last = book.regularLast;
  if (!trimPrice || position.average === null) {
    gates.skip(GATE.trimLast);
    gates.skip(GATE.trimBid);
    gates.skip(GATE.trimNotDone);
    gates.skip(GATE.trimWait);
    return;
  }
  let ok = allowed && gates.state(GATE.spreadSell) === 'met' && book.z < 0;
  ok = gates.put(GATE.trimLast, compare(last, trimPrice) >= 0, last, trimPrice.near) && ok;
  ok = gates.put(GATE.trimBid, book.bid > 0 && compare(book.bid, trimPrice) >= 0, book.bid, trimPrice.near) && ok;
  ok = gates.put(GATE.trimNotDone, !position.trimDone, position.trimDone ? 0 : 1, NaN) && ok;
  const wait = waitLeft(book, 'breakeven_trim', t);
  ok = gates.put(GATE.trimWait, !(wait > 0), wait, NaN) && ok;
  if (!ok || d.tag !== null) return;
  const settings = book.rules.settings;
  const part = Math.max(1, Math.floor((position.shares * settings['layers.trimPercent']) / 100));
  const qty = Math.min(part, book.sellable, largestSell(last, settings));
  if (qty > 0)
    order(
      d,
      'breakeven_trim',
      'SELL',
      qty,
      position.newest!.rung,
      trimLimit(last, book.bid, position.average, book.ticks),
    );
}

function judgeBuy(book: SymbolBook, session: SessionBook, t: number, allowed: boolean, d: Decision): void {
  const { gates, ladder } = book;
  const last = book.regularLast;
  const z = gates.put(GATE.zPositive, book.z > 0, book.z, 0);
  gates.put(GATE.rungLeft, d.nextRung > 0, d.nextRung, NaN);
  const rung = d.nextRung > 0 ? ladder.buys[d.nextRung - 1]! : NaN;
  const touched = gates.put(GATE.rungTouched, rung >= last, last, rung);
  const open = judgeBuyGates(book, session, t, gates) && allowed;
  if (!open || !z || !touched) {
    for (const gate of ROOM_GATES) gates.skip(gate);
    if (z && touched && !open) d.buyBlockedBy = firstUnmetForBuy(gates);
    return;
  }
  const newest = book.position.newest;
  if (newest && d.nextRung === newest.rung && d.nextShares * last < book.rules.settings['layers.topUpMinimum']) {
    d.letsGo = true;
    useNextRung(book, last, d);
    if (d.nextRung === 0 || !(ladder.buys[d.nextRung - 1]! >= last)) return;
  }
  if (d.tag === null) orderBuy(book, session, d);
}

function orderBuy(book: SymbolBook, session: SessionBook, d: Decision): void {
  const { gates, target, rules } = book;
  const { settings } = rules;
  const limit = buyLimit(
    book.regularLast,
    book.bid,
    book.ask,
    book.ladder.buys[d.nextRung - 1]!,
    rules.beyondRungUp,
    book.ticks,
  );
  if (limit === null) return;
  const mid = (book.bid + book.ask) / 2;
  const fromMid = settings['limits.fromMidPercent'];
  const isNear = nearMid(limit.near, book.bid, book.ask, fromMid);
  gates.put(GATE.fromMid, isNear, (Math.abs(limit.near - mid) / mid) * 100, fromMid);
  const { cost } = session;
  const { most } = session.allowance;
  const ofClass = target.class;
  const qty = Math.min(
    d.nextShares,
    settings['limits.orderShares'],
    putRoom(gates, GATE.equityRoom, most.all, cost.all, limit),
    putRoom(gates, GATE.classRoom, most.class[ofClass], cost[ofClass], limit),
    putRoom(gates, GATE.symbolRoom, most.symbol[ofClass], book.position.spent, limit),
    putRoom(gates, GATE.orderSize, rules.largestOrder, NOTHING, limit),
  );
  if (isNear && qty >= 1) order(d, 'ladder_buy', 'BUY', qty, d.nextRung, limit);
  else d.buyBlockedBy = ROOM_GATES.find(gate => gates.state(gate) === 'unmet') ?? -1;
}

/** Shares that there is room for, none being the condition's end. */
function putRoom(gates: Gates, gate: number, most: Threshold, spent: Threshold, limit: Limit): number {
  const shares = sharesLeft(most, spent, limit);
  gates.put(gate, shares >= 1, most.near - spent.near, limit.near);
  return shares;
}

function order(d: Decision, tag: Tag, side: Side, qty: number, rung: number, limit: Limit | null): void {
  if (limit === null) return;
  d.tag = tag;
  d.side = side;
  d.qty = qty;
  d.rung = rung;
  d.limit = limit;
}

function isHit(last: number, stop: Threshold | null, runSince: number, t: number): boolean {
  return stop !== null && (compare(last, stop) <= 0 || t - runSince >= QUOTE_RUN_MS);
}

function quoteRun(book: SymbolBook, stop: Threshold | null, since: number, t: number): number {
  const below = stop !== null && book.hasLiveQuote && compare(book.ask, stop) < 0 && compare(book.bid, stop) < 0;
  if (!below) return NaN;
  return since === since ? since : t;
}
