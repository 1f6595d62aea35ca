/**
 * A row of the dashboard's table: one symbol's numbers as texts, the numbers it is sorted by, and the filters it belongs to.
 */
import type { Cell, DashboardRow, Filter, Icon, NextRung, RowKind, SortKey, Tone } from '../shared/dashboard';
import type { SessionSnapshot, SymbolState, SymbolSummary } from '../shared/protocol';
import { ABSENT, age, basisPoints, distance, dollars, price, profit, shares, zScore } from './format';
import { failedReason } from './treeModel';

export function dashboardRow(symbol: SymbolSummary, snapshot: SessionSnapshot): DashboardRow {
  const { decimals, position } = symbol;
  const isHeld = position !== 0;
  const isLost = snapshot.phase === 'linkLost';
  const look = LOOKS[symbol.state];
  return {
    symbol: symbol.symbol,
    class: symbol.class,
    kind: isLost && symbol.state !== 'failed' ? 'quiet' : look.kind,
    icon: isLost && symbol.state !== 'failed' ? 'link' : look.icon,
    state: isLost && symbol.state !== 'failed' ? 'Link lost' : stateText(symbol),
    reason: symbol.state === 'failed' ? failedSentence(symbol, snapshot) : symbol.reason,
    line: symbol.line < 0 ? '' : `line ${symbol.line + 1}`,
    last: price(symbol.last, decimals),
    velocity: isLost ? 'none' : symbol.velocity,
    velocityText: `${symbol.velocityBp > 0 ? '+' : ''}${basisPoints(symbol.velocityBp)} in ${snapshot.constants?.velocitySeconds ?? 10} s`,
    reference: price(symbol.reference, decimals),
    nextBuy: nextBuy(symbol),
    nextSell: nextSell(symbol),
    isOverlap: symbol.isOverlap,
    z: symbol.last === null ? ABSENT : zScore(symbol.z),
    held: symbol.layers,
    touched: symbol.touched,
    hit: symbol.hit,
    position: isHeld ? { text: shares(position), tone: 'owned' } : { text: '0', tone: 'dim' },
    average: isHeld ? { text: price(symbol.averageCost, 2) } : { text: ABSENT, tone: 'dim' },
    open: money(symbol.openPnl),
    realized: money(symbol.realizedToday),
    clip: dollars(symbol.clip),
    isClipFixed: symbol.isClipFixed,
    spread: basisPoints(symbol.spreadBp),
    age: age(symbol.ageMs),
    sort: sortNumbers(symbol),
    filters: filtersOf(symbol, snapshot),
  };
}

/** The filters of the figures above the table that a symbol belongs to. */
export function filtersOf(symbol: SymbolSummary, { phase }: SessionSnapshot): Filter[] {
  const filters: Filter[] = [];
  const isLost = phase === 'linkLost';
  if (symbol.state === 'entryReady' && !isLost) filters.push('entry');
  if (symbol.state === 'trimReady' && !isLost) filters.push('trim');
  if (symbol.velocity !== 'none' && !isLost) filters.push('velocity');
  if (symbol.isOverlap || NEEDS_A_LOOK.includes(symbol.state)) filters.push('look');
  return filters;
}

const NEEDS_A_LOOK: readonly SymbolState[] = ['buysPaused', 'failed', 'halted', 'exiting'];

const LOOKS: Readonly<Record<SymbolState, { kind: RowKind; icon: Icon; rank: number }>> = {
  exiting: { kind: 'exit', icon: 'shield', rank: 0 },
  entryReady: { kind: 'entry', icon: 'up', rank: 1 },
  trimReady: { kind: 'trim', icon: 'down', rank: 2 },
  halted: { kind: 'halt', icon: 'halt', rank: 3 },
  buysPaused: { kind: 'pause', icon: 'pause', rank: 4 },
  holding: { kind: 'hold', icon: 'dot', rank: 5 },
  windDown: { kind: 'wind', icon: 'fold', rank: 6 },
  quiet: { kind: 'quiet', icon: 'clock', rank: 7 },
  flat: { kind: 'flat', icon: 'ring', rank: 8 },
  waiting: { kind: 'wait', icon: 'clock', rank: 9 },
  failed: { kind: 'fail', icon: 'x', rank: 10 },
};

export const kindOf = (state: SymbolState): RowKind => LOOKS[state].kind;

function stateText(symbol: SymbolSummary): string {
  switch (symbol.state) {
    case 'waiting':
      return 'Waiting';
    case 'flat':
      return 'Watching';
    case 'holding':
      return 'Holding';
    case 'entryReady':
      return `Entry-ready L${symbol.nextBuy?.rung ?? ''}`;
    case 'trimReady':
      return symbol.hit > 0 ? `Trim-ready U${symbol.hit}` : 'Trim-ready';
    case 'exiting':
      return symbol.exit === 'live_stop' ? 'Hard stop' : symbol.exit === 'live_trail' ? 'Trailing stop' : 'Flattening';
    case 'quiet':
      return `Quiet ${age(symbol.ageMs)}`;
    case 'halted':
      return 'Halted';
    case 'buysPaused':
      return 'Buys paused';
    case 'windDown':
      return 'Winding down';
    case 'failed':
      return 'Failed';
  }
}

function failedSentence(symbol: SymbolSummary, snapshot: SessionSnapshot): string {
  const others = snapshot.symbols.filter(each => each.class === symbol.class && each.state !== 'failed').length;
  const share = others === 0 ? '' : `; the other ${symbol.class} symbols share its budget`;
  return `${failedReason(symbol)}. Not traded${share}.`;
}

function nextBuy({ nextBuy: next, last, touched, layers, decimals }: SymbolSummary): NextRung | null {
  if (next === null) return null;
  const isThere = touched > layers;
  return {
    rung: `L${next.rung}`,
    price: price(next.price, decimals),
    where: isThere ? 'touched' : away(next.price, last),
    isThere,
  };
}

function nextSell({ nextSell: next, last, hit, decimals }: SymbolSummary): NextRung | null {
  if (next === null) return null;
  const isThere = hit >= next.rung;
  return {
    rung: `U${next.rung}`,
    price: price(next.price, decimals),
    where: isThere ? 'hit' : away(next.price, last),
    isThere,
  };
}

export const profitTone = (value: number): Tone => (Math.abs(value) < 0.005 ? 'dim' : value > 0 ? 'up' : 'down');
const away = (to: number, last: number | null): string => (last === null ? '' : distance(((to - last) / last) * 100));
const money = (value: number): Cell => ({ text: profit(value), tone: profitTone(value) });

function sortNumbers(symbol: SymbolSummary): Record<SortKey, number | string | null> {
  const { last, nextBuy: buy, nextSell: sell } = symbol;
  // By how near they are, which is what a person looks for.
  const gap = (next: { price: number } | null) =>
    next === null || last === null ? null : Math.abs(next.price / last - 1);
  return {
    symbol: symbol.symbol,
    state: LOOKS[symbol.state].rank,
    last,
    reference: symbol.reference,
    nextBuy: symbol.touched > symbol.layers ? -1 : gap(buy),
    nextSell: sell !== null && symbol.hit >= sell.rung ? -1 : gap(sell),
    z: symbol.z,
    layers: symbol.layers * 100 + symbol.touched * 10 + symbol.hit,
    position: symbol.position,
    average: symbol.averageCost,
    open: symbol.openPnl,
    realized: symbol.realizedToday,
    clip: symbol.clip,
    spread: symbol.spreadBp,
    age: symbol.ageMs,
  };
}
