/**
 * The dashboard's page as texts: head, figures, a row per symbol. Built anew from each snapshot, so that the page can be a
 * function of it. It decides nothing and holds no markup.
 */
import type { Cell, DashboardRow, DashboardView, Figure, Tone } from '../shared/dashboard';
import type { SessionSnapshot, SymbolState, SymbolSummary } from '../shared/protocol';
import { ABSENT, age, basisPoints, clock, count, distance, dollars, price, profit, shares, zScore } from './format';
import { hoursSentence, phaseSentence } from './statusText';
import { failedReason } from './treeModel';

export const COLUMNS = [
  'Last',
  'Reference',
  'Next buy',
  'Next sell',
  'z',
  'Held · touched · hit',
  'Shares',
  'Average',
  'Open P&L',
  'Realized',
  'Clip',
  'Spread',
  'Age',
] as const;

export function dashboardView(snapshot: SessionSnapshot | null, isStarting: boolean, polite: string): DashboardView {
  if (snapshot === null) return { ...EMPTY, status: isStarting ? 'starting' : 'idle', polite };
  const isLost = snapshot.phase === 'linkLost';
  const isPaused = snapshot.paused || snapshot.protectOnly;
  return {
    status: 'running',
    mode: snapshot.mode,
    account: snapshot.accountTail,
    link: linkText(snapshot),
    linkTone: isLost ? 'warn' : 'none',
    hours: `${clock(snapshot.t)} ET · ${hoursSentence(snapshot).replace(/\.$/, '')}`,
    figures: figures(snapshot),
    columns: COLUMNS,
    rows: snapshot.symbols.map(row),
    warnings: warnings(snapshot),
    canPause: !isPaused,
    canResume: isPaused,
    canRelease: snapshot.killed,
    polite,
  };
}

const EMPTY: Omit<DashboardView, 'status' | 'polite'> = {
  mode: '',
  account: '',
  link: '',
  linkTone: 'none',
  hours: '',
  figures: [],
  columns: COLUMNS,
  rows: [],
  warnings: [],
  canPause: false,
  canResume: false,
  canRelease: false,
};

function linkText(snapshot: SessionSnapshot): string {
  if (snapshot.phase === 'linkLost') {
    return snapshot.linkLostSince === null ? 'Link lost' : `Link lost at ${clock(snapshot.linkLostSince)}`;
  }
  if (snapshot.phase === 'trading') return `Connected to ${snapshot.endpoint}`;
  return phaseSentence(snapshot.phase, snapshot.phaseText);
}

function figures(snapshot: SessionSnapshot): Figure[] {
  const { realizedToday, openPnl, commissionsToday, used, allowed } = snapshot;
  const named = (state: SymbolState) =>
    snapshot.symbols
      .filter(symbol => symbol.state === state)
      .map(symbol => symbol.symbol)
      .join(', ');
  const capital = (name: 'risky' | 'safe'): Figure => ({
    label: name === 'risky' ? 'Risky capital' : 'Safe capital',
    value: dollars(used[name]),
    note: `of ${dollars(allowed[name])}`,
    tone: 'owned',
  });
  return [
    {
      label: 'Day P&L after fees',
      value: profit(snapshot.dayPnl),
      note: `realized ${profit(realizedToday)} · open ${profit(openPnl)} · fees ${profit(-commissionsToday)}`,
      tone: toneOf(snapshot.dayPnl),
    },
    capital('risky'),
    capital('safe'),
    { label: 'Entry-ready', value: String(snapshot.entryReady), note: named('entryReady'), tone: 'up' },
    { label: 'Trim-ready', value: String(snapshot.trimReady), note: named('trimReady'), tone: 'down' },
    {
      label: 'Velocity',
      value: String(snapshot.velocityActive),
      note: `${snapshot.velocityPrimed} primed`,
      tone: 'none',
    },
  ];
}

function row(symbol: SymbolSummary): DashboardRow {
  return {
    symbol: symbol.symbol,
    class: symbol.class,
    state: stateText(symbol),
    title: symbol.state === 'failed' ? failedReason(symbol) : symbol.reason,
    cells: symbol.state === 'failed' ? COLUMNS.map(() => ({ text: ABSENT, tone: 'dim' })) : cells(symbol),
  };
}

function cells(symbol: SymbolSummary): Cell[] {
  const { decimals } = symbol;
  const held = symbol.position !== 0;
  return [
    { text: price(symbol.last, decimals) },
    { text: price(symbol.reference, decimals), tone: 'dim' },
    { text: nextBuy(symbol) },
    { text: nextSell(symbol) },
    { text: zScore(symbol.z) },
    { text: `${symbol.layers} · ${symbol.touched} · ${symbol.hit}` },
    held ? { text: shares(symbol.position), tone: 'owned' } : { text: '0', tone: 'dim' },
    { text: held ? price(symbol.averageCost, 2) : ABSENT },
    { text: profit(symbol.openPnl), tone: toneOf(symbol.openPnl) },
    { text: profit(symbol.realizedToday), tone: toneOf(symbol.realizedToday) },
    { text: dollars(symbol.clip) },
    { text: basisPoints(symbol.spreadBp) },
    { text: age(symbol.ageMs) },
  ];
}

function nextBuy({ nextBuy: next, last, touched, layers, decimals }: SymbolSummary): string {
  if (next === null) return ABSENT;
  const where = touched > layers ? 'touched' : last === null ? '' : distance(((next.price - last) / last) * 100);
  return `L${next.rung} ${price(next.price, decimals)} ${where}`.trim();
}

function nextSell({ nextSell: next, last, hit, decimals }: SymbolSummary): string {
  if (next === null) return ABSENT;
  const where = hit >= next.rung ? 'hit' : last === null ? '' : distance(((next.price - last) / last) * 100);
  return `U${next.rung} ${price(next.price, decimals)} ${where}`.trim();
}

function stateText(symbol: SymbolSummary): DashboardRow['state'] {
  switch (symbol.state) {
    case 'waiting':
      return { mark: '◌', text: 'Waiting', tone: 'dim' };
    case 'flat':
      return { mark: '○', text: 'Watching', tone: 'dim' };
    case 'holding':
      return { mark: '●', text: 'Holding', tone: 'owned' };
    case 'entryReady':
      return { mark: '▲', text: `Entry-ready L${symbol.nextBuy?.rung ?? ''}`, tone: 'up' };
    case 'trimReady':
      return { mark: '▼', text: `Trim-ready U${symbol.nextSell?.rung ?? ''}`, tone: 'down' };
    case 'exiting':
      return { mark: '◆', text: 'Exiting', tone: 'protect' };
    case 'quiet':
      return { mark: '◷', text: `Quiet ${age(symbol.ageMs)}`, tone: 'dim' };
    case 'halted':
      return { mark: '⊘', text: 'Halted', tone: 'warn' };
    case 'buysPaused':
      return { mark: '‖', text: 'Buys paused', tone: 'warn' };
    case 'windDown':
      return { mark: '▽', text: 'Winding down', tone: 'warn' };
    case 'failed':
      return { mark: '✕', text: 'Failed', tone: 'down' };
  }
}

function warnings(snapshot: SessionSnapshot): string[] {
  const list: string[] = [];
  if (snapshot.killed) list.push('The kill switch is on: no buys until a person releases it. Exits go on.');
  if (snapshot.protectOnly) list.push('Protect only: no buys. Exits go on.');
  else if (snapshot.paused) list.push('Entries are paused. Exits go on.');
  if (snapshot.lossLimitHit)
    list.push(`The day’s loss reached its limit of ${dollars(snapshot.dayLossLimit)}. Buys stay off today.`);
  if (snapshot.blind) list.push('No live prices of any symbol. Ladder orders wait for them.');
  if (!snapshot.journalOk) list.push('The journal cannot be written, so nothing is bought.');
  if (snapshot.rowsWaiting > 0)
    list.push(`fills_live.csv cannot be written: ${count(snapshot.rowsWaiting, 'row')} wait.`);
  for (const each of snapshot.notInForce) {
    list.push(`targets.txt line ${each.line + 1} is not in force: ${each.text}.`);
  }
  return list;
}

const toneOf = (value: number): Tone => (Math.abs(value) < 0.005 ? 'dim' : value > 0 ? 'up' : 'down');
