/**
 * What stands dim behind a line of targets.txt while a session runs: last, z, layers, next buy and sell, open P&L, as a
 * trader would jot it, or the one thing that keeps the line from trading. It makes the words; where and how often they are
 * shown is the editor's.
 */
import type { SessionSnapshot, SymbolSummary } from '../shared/protocol';
import { RUNGS } from '../strategy/ladder';
import { findingShort } from '../targets/messages';
import type { Finding } from '../targets/findings';
import { ABSENT, basePercent, clock, dollars, price, profit, zScore } from './format';

/** A line of the file as the editor knows it. */
export interface LineOfFile {
  /** Upper-cased. */
  readonly symbol: string;
  /** Its errors; with any, the session goes on with the last good version. */
  readonly errors: readonly Finding[];
  readonly isDuplicate: boolean;
}

/** Null: nothing to say about this line. */
export function lineEnd(line: LineOfFile, snapshot: SessionSnapshot): string | null {
  const symbol = snapshot.symbols.find(each => each.symbol === line.symbol);
  const [error] = line.errors;
  if (error !== undefined) return `not in force: ${findingShort(error)}${insteadOf(error, line, symbol)}`;
  if (symbol === undefined || line.isDuplicate) return null;
  if (symbol.state === 'failed') return `not traded: ${failure(symbol)}`;
  if (snapshot.phase === 'linkLost') {
    const since = snapshot.linkLostSince;
    return since === null ? 'link lost' : `link lost ${clock(since)}`;
  }
  return words(symbol).join('  ');
}

function words(symbol: SymbolSummary): string[] {
  const last = price(symbol.last, symbol.decimals);
  const at = (rung: { price: number } | null, side: string): string[] =>
    rung === null ? [] : [`${side} ${price(rung.price, symbol.decimals)}`];
  const z = `z ${zScore(symbol.z)}`;
  const layers = `${symbol.layers}/${RUNGS}`;
  const pnl = symbol.position === 0 ? [] : [profit(symbol.openPnl)];
  const nextBuy = at(symbol.nextBuy, 'buy');
  const nextSell = at(symbol.nextSell, 'sell');
  switch (symbol.state) {
    case 'waiting':
      return symbol.last === null ? ['no price yet'] : [last, 'waits for the reference or the first regular price'];
    case 'flat':
      return [last, z, layers, ...nextBuy];
    case 'holding':
      return [last, z, layers, ...nextBuy, ...nextSell, ...pnl];
    case 'entryReady':
      return [last, z, layers, `▲ buy L${symbol.nextBuy?.rung ?? symbol.layers + 1} now`, ...nextSell, ...pnl];
    case 'trimReady':
      return [last, z, layers, ...nextBuy, `▼ sell ${soldLayers(symbol)}now`, ...pnl];
    case 'exiting':
      return [last, layers, `selling all: ${EXITS[symbol.exit ?? ''] ?? symbol.exit ?? 'exit'}`, ...pnl];
    case 'quiet':
      return [last, `quiet ${symbol.ageMs === null ? ABSENT : Math.round(symbol.ageMs / 1000)} s`, layers, ...pnl];
    case 'halted':
      return [last, 'halted', layers, ...pnl];
    case 'buysPaused':
      return [last, z, layers, `buys paused: ${symbol.reason}`, ...pnl];
    case 'windDown':
      return [last, z, layers, 'winding down, no buys', ...nextSell, ...pnl];
    case 'failed':
      return [`not traded: ${failure(symbol)}`];
  }
}

const EXITS: Readonly<Record<string, string>> = {
  live_stop: 'hard stop',
  live_trail: 'trailing stop',
  flatten: 'flatten',
};

/** Newest first: `L3 L2 `. A trim sells parts of layers and names none. */
function soldLayers({ hit, nextSell }: SymbolSummary): string {
  if (hit === 0 || nextSell === null) return '';
  return [...nextSell.layers]
    .sort((left, right) => right - left)
    .map(rung => `L${rung} `)
    .join('');
}

const failure = ({ symbol, reason }: SymbolSummary): string =>
  reason.endsWith('(code 200)') || reason === '' ? `IB does not know ${symbol}` : reason;

/** What is in force in place of the value that was not accepted. */
function insteadOf(error: Finding, line: LineOfFile, running: SymbolSummary | undefined): string {
  if (running === undefined || running.line < 0 || line.isDuplicate) return '';
  const key = 'key' in error ? error.key : null;
  if (key === 'buy') return `; running with ${basePercent(running.override?.buy ?? running.buyPercent)}`;
  if (key === 'sell') return `; running with ${basePercent(running.override?.sell ?? running.sellPercent)}`;
  if (key === 'class') return `; running as ${running.class}`;
  if (key === 'clip' && running.clip !== null) return `; running with ${dollars(running.clip)}`;
  return '; running with the last good line';
}
