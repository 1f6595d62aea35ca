/**
 * Shares at the broker that the journal does not explain (§8): a person makes them the bot's or leaves them alone, and is shown
 * before what would be ordered at once. It decides for nobody.
 */
import type { SymbolBook } from '../strategy/book';
import { money, type Money } from '../strategy/exact';
import { judge, newDecision, updateLadder } from '../strategy/judge';
import { RUNGS } from '../strategy/ladder';
import { Position } from '../strategy/position';
import { clipUsd, plannedShares } from '../strategy/sizing';
import type { AdoptionView } from '../shared/protocol';
import type { Core } from './core';

/** Shares at the broker beyond what is ours and left alone; NaN before the broker told. */
export function unexplained(book: SymbolBook): number {
  return book.reported - book.leftAlone - book.position.shares;
}

/** What the broker holds that is not the bot's, with the ways out; a short has none here. */
export function tellUnexplained(
  core: Core,
  { symbol, position, paused, reported, extra, leftAlone }: SymbolBook,
): void {
  if (paused === 'short') {
    core.notice('warning', leftAlone < 0 ? 'shortFound' : 'shortAppeared', symbol, { shares: reported });
  } else core.notice('warning', 'unexplained', symbol, { extra, own: position.shares, reported });
}

/** A person has chosen, or they are gone: what the symbol was paused for before is still so. */
export function endUnexplained(book: SymbolBook): void {
  if (book.paused !== 'unexplained') return;
  book.paused = book.pausedBefore;
  book.pausedBefore = null;
}

/**
 * The shares that a person was asked about, or those that are left of them; none when nobody is asked any more. The position
 * stream may be ahead of an execution, or lag behind a sell of ours, by a moment: what it says now never makes them more.
 */
function extraShares(book: SymbolBook): number {
  return book.paused === 'unexplained' ? Math.min(book.extra, unexplained(book)) : 0;
}

interface Terms {
  /** Whole ones: a part of a share cannot be sold. */
  shares: number;
  cost: Money;
  planned: number[];
}

/** Null: no whole share, or no price. */
function termsOf(core: Core, book: SymbolBook, fromBrokerCost: boolean): Terms | null {
  const shares = Math.floor(extraShares(book));
  const last = lastOf(book);
  const cost = fromBrokerCost ? book.reportedAverage : last;
  if (!(shares > 0) || !(cost > 0) || !(last > 0)) return null;
  const { class: symbolClass, clip: fixed } = book.target;
  const clip = clipUsd(core.session.allowance.tickerBudget[symbolClass], symbolClass, last, fixed, core.settings);
  return {
    shares,
    cost: money(cost),
    planned: Array.from({ length: RUNGS }, (_, i) => plannedShares(clip, i + 1, last)),
  };
}

export function adopt(core: Core, book: SymbolBook, fromBrokerCost: boolean): void {
  const extra = extraShares(book);
  const terms = termsOf(core, book, fromBrokerCost);
  if (terms === null) {
    const cost = fromBrokerCost ? book.reportedAverage : lastOf(book);
    core.notice('warning', 'cannotAdopt', book.symbol, { shares: extra, price: cost > 0 ? cost : null });
    return;
  }
  const { shares, cost, planned } = terms;
  book.position.adopt(shares, cost, planned);
  // A part of a share stays what it was, not the bot's.
  book.leftAlone += extra - shares;
  endUnexplained(book);
  book.useAverage();
  if (core.settings['protection.trailArmPercent'] === 0) book.raiseMark(lastOf(book));
  core.useCost(book);
  core.journal('adopt', { books: [book] });
  core.notice('info', 'adopted', book.symbol, { shares, price: cost.toNumber() });
}

export function leaveAlone(core: Core, book: SymbolBook): void {
  const extra = extraShares(book);
  if (!(extra > 0)) return;
  book.leftAlone += extra;
  endUnexplained(book);
  core.journal('leaveAlone', { books: [book] });
  core.notice('info', 'leftAlone', book.symbol, { shares: book.leftAlone });
}

/** Null while nothing waits to be adopted. */
export function adoptionOf(core: Core, book: SymbolBook): AdoptionView | null {
  if (book.paused !== 'unexplained') return null;
  const shares = Math.floor(extraShares(book));
  return { shares, atLast: tryOn(core, book, false), atBrokerCost: tryOn(core, book, true) };
}

/** What would be ordered at once: the evaluation that trades, on the position as it would be. */
function tryOn(core: Core, book: SymbolBook, fromBrokerCost: boolean): AdoptionView['atLast'] {
  const terms = termsOf(core, book, fromBrokerCost);
  if (terms === null) return null;
  const { position, paused, mark, trailStop } = book;
  const d = newDecision();
  book.position = Position.from(position.toState());
  book.position.adopt(terms.shares, terms.cost, terms.planned);
  book.paused = book.pausedBefore;
  book.useAverage();
  updateLadder(book, core.t);
  judge(book, core.session, core.t, d);
  book.position = position;
  book.paused = paused;
  book.useAverage();
  book.mark = mark;
  book.trailStop = trailStop;
  const order =
    d.tag === null || d.limit === null ? null : { tag: d.tag, side: d.side, qty: d.qty, limit: d.limit.text };
  return { price: terms.cost.toNumber(), order };
}

const lastOf = (book: SymbolBook): number => (book.regularLast > 0 ? book.regularLast : book.last);
