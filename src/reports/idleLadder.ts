/**
 * The 14 rungs of a line while no session runs: the same ladder and sizing functions as trading, at z 0, from the last
 * reference that a session wrote down. It invents no prices: without a reference there is no ladder.
 */
import type { BuyRungView, SellRungView } from '../shared/protocol';
import { buyAnchorPercent, Ladder, RUNG_STEPS, RUNGS, sellAnchorPercent } from '../strategy/ladder';
import { allowance, clipUsd, plannedShares, type Budget } from '../strategy/sizing';
import type { Settings } from '../strategy/settings';
import { DEFAULT_BANDS, Ticks } from '../strategy/ticks';
import type { Target } from '../targets/resolve';
import type { UnknownReference } from './hoverText';

/** What the last snapshot file knows of a symbol. */
export interface KnownPrice {
  /** When it was written, ms UTC. */
  readonly t: number;
  readonly reference: number;
  readonly last: number;
}

export interface IdleLadder {
  readonly symbol: string;
  readonly class: 'risky' | 'safe';
  readonly t: number;
  readonly reference: number;
  readonly last: number;
  readonly decimals: number;
  readonly clip: number;
  readonly fullLadderUsd: number;
  readonly ladderLimitUsd: number;
  readonly buys: readonly BuyRungView[];
  readonly sells: readonly SellRungView[];
}

/** @param targets all lines in force: their number divides the class's budget */
export function idleLadder(
  target: Target,
  targets: readonly Target[],
  known: KnownPrice,
  budget: Budget,
  settings: Settings,
): IdleLadder {
  const ticks = new Ticks(DEFAULT_BANDS);
  const ladder = new Ladder();
  ladder.update(known.reference, 0, target.buy, target.sell, target.class, ticks);
  const traded = { risky: countOf(targets, 'risky'), safe: countOf(targets, 'safe') };
  const allowed = allowance(budget, traded, settings);
  const tickerBudget = allowed.tickerBudget[target.class];
  const clip = clipUsd(tickerBudget, target.class, known.last, target.clip, settings);
  const buys: BuyRungView[] = [];
  const sells: SellRungView[] = [];
  let total = 0;
  for (let i = 0; i < RUNGS; i++) {
    const step = RUNG_STEPS[i] ?? 1;
    const price = ladder.buys[i] ?? NaN;
    const shares = plannedShares(clip, i + 1, known.last);
    const usd = shares * price;
    total += usd;
    const toLast = (at: number) => ((at - known.last) / known.last) * 100;
    buys.push({
      rung: i + 1,
      price,
      percent: ladder.buyPercent * step,
      shares,
      usd,
      total,
      state: 'untouched',
      held: 0,
      toLast: toLast(price),
    });
    const sell = ladder.sells[i] ?? NaN;
    sells.push({
      rung: i + 1,
      price: sell,
      percent: ladder.sellPercent * step,
      sells: [],
      state: 'untouched',
      toLast: toLast(sell),
    });
  }
  return {
    symbol: target.symbol,
    class: target.class,
    ...known,
    decimals: ticks.decimalsAt(known.reference),
    clip,
    fullLadderUsd: total,
    ladderLimitUsd: tickerBudget * settings['sizing.tickerFactor'],
    buys,
    sells,
  };
}

export const withoutReference = (target: Target): UnknownReference => ({
  symbol: target.symbol,
  class: target.class,
  buyAnchor: buyAnchorPercent(target.buy, target.class, 0),
  sellAnchor: sellAnchorPercent(target.sell, target.class, 0),
});

const countOf = (targets: readonly Target[], symbolClass: 'risky' | 'safe'): number =>
  targets.filter(target => target.class === symbolClass).length;
