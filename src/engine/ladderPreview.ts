/**
 * What another base percent would do to a symbol: its rungs by the function that trades, and the order that would go at once
 * by the evaluation that trades. The book is as before when it returns.
 */
import { buyAnchorPercent, RUNGS, sellAnchorPercent } from '../strategy/ladder';
import type { SymbolBook } from '../strategy/book';
import type { LadderPreview } from '../shared/protocol';
import type { Core } from './core';
import { acceptOverride } from './overrides';
import { buyRungs, judgeNow } from './views';

export function previewOf(core: Core, symbol: string, side: 'buy' | 'sell', value: number): LadderPreview | null {
  const book = core.books.get(symbol);
  if (!book || acceptOverride(side, value) !== value || !(book.reference.price > 0)) return null;
  const before = sideNow(core, book, side);
  const { override } = book;
  book.override = { ...override, [side]: value };
  const after = sideNow(core, book, side);
  book.override = override;
  judgeNow(core, book);
  const percent = side === 'buy' ? buyAnchorPercent : sellAnchorPercent;
  const inForce = side === 'buy' ? book.buyPercent : book.sellPercent;
  const last = book.last > 0 ? book.last : book.reference.price;
  return {
    symbol,
    side,
    value,
    before: inForce,
    decimals: book.ticks.decimalsAt(last),
    rungs: before.rungs.map((price, index) => ({ rung: index + 1, before: price, after: after.rungs[index] ?? null })),
    anchor: { before: percent(inForce, book.target.class, 0), after: percent(value, book.target.class, 0) },
    fullLadderUsd: { before: before.fullLadderUsd, after: after.fullLadderUsd },
    fires: after.order !== null && after.order.tag !== before.order?.tag ? after.order : null,
  };
}

interface SideNow {
  rungs: (number | null)[];
  fullLadderUsd: number;
  order: LadderPreview['fires'];
}

function sideNow(core: Core, book: SymbolBook, side: 'buy' | 'sell'): SideNow {
  const d = judgeNow(core, book);
  const prices = side === 'buy' ? book.ladder.buys : book.ladder.sells;
  return {
    rungs: [...prices].map(price => (price > 0 ? price : null)),
    fullLadderUsd: buyRungs(core, book, d)[RUNGS - 1]!.total,
    order: d.tag === null ? null : { tag: d.tag, rung: d.rung, shares: d.qty },
  };
}
