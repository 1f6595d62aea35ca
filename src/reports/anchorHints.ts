/**
 * The inlay hints of targets.txt: the anchor's percent at z 0 beside `buy=` and `sell=`. Only what stands still is hinted;
 * prices and z move and belong to the line end. Lines that are not accepted get none.
 */
import { buyAnchorPercent, sellAnchorPercent } from '../strategy/ladder';
import type { TargetsDoc } from '../targets/parse';
import type { CheckedSymbol } from '../targets/validate';
import { MINUS } from './format';

export interface AnchorHint {
  /** The offset behind the value. */
  readonly at: number;
  readonly text: string;
  readonly tooltip: string;
}

/** Hints of the lines from first to last, both included, counted from 0. */
export function anchorHints(
  doc: TargetsDoc,
  symbols: readonly CheckedSymbol[],
  first: number,
  last: number,
): AnchorHint[] {
  const hints: AnchorHint[] = [];
  for (const { line: index, values, isDuplicate } of symbols) {
    if (index < first || last < index || values === null || isDuplicate) continue;
    const line = doc.lines[index];
    if (line?.kind !== 'symbol') continue;
    for (const { key, value } of line.fields) {
      if (key.kind === 'missing' || (key.text !== 'buy' && key.text !== 'sell')) continue;
      const isBuy = key.text === 'buy';
      const anchor = isBuy
        ? buyAnchorPercent(values.buy, values.class, 0)
        : sellAnchorPercent(values.sell, values.class, 0);
      const percent = `${anchor.toFixed(2)}%`;
      hints.push({
        at: value.end,
        text: `${isBuy ? MINUS : '+'}${percent}`,
        tooltip: `The ${key.text} anchor, rung 4, lies ${percent} ${isBuy ? 'below' : 'above'} the reference at z 0.`,
      });
    }
  }
  return hints;
}
