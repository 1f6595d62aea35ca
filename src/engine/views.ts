/**
 * Snapshots of the session for every surface (shared/protocol.ts): plain copies, made when somebody asks. Ladders and
 * why-not come from the evaluation that trades, run once more without consequences.
 */
import { RECENT_LASTS, type SymbolBook } from '../strategy/book';
import { spreadBp } from '../strategy/exact';
import { SECOND_MS } from '../strategy/exchangeTime';
import { GATE_IDS, gateText, unaskedText } from '../strategy/gates';
import { GATES_OF } from '../strategy/gateLists';
import { judge, newDecision, updateLadder, type Decision } from '../strategy/judge';
import { CLASS_WIDTH, RUNGS, RUNG_CLIPS, RUNG_STEPS } from '../strategy/ladder';
import type { Layer } from '../strategy/position';
import { plannedShares } from '../strategy/sizing';
import type { PnlRow } from '../reports/rows';
import type {
  BuyRungView,
  ConditionView,
  Constants,
  Mode,
  Phase,
  SellRungView,
  SessionSnapshot,
  SymbolDetail,
  SymbolState,
  SymbolSummary,
  WhyNot,
} from '../shared/protocol';
import { findingText } from '../targets/messages';
import { adoptionOf } from './adoption';
import type { Core } from './core';
import { dayPnl, lossLimitNow, openPnl } from './day';
import { pauseOf, reasonOf } from './pauseViews';
import { commissions } from './fills';

/** What the engine does not know of the session around it. */
export interface ShellFacts {
  mode: Mode;
  accountTail: string;
  phase: Phase;
  phaseText: string;
  endpoint: string;
  connectedSince: number | null;
  linkLostSince: number | null;
  nextTryAt?: number | null;
  rowsWaiting: number;
}

export function snapshotOf(core: Core, shell: ShellFacts): SessionSnapshot {
  const { session } = core;
  const symbols = core.order.map(book => summaryOf(core, book));
  const { allowance, cost } = session;
  const count = (test: (row: SymbolSummary) => boolean): number => symbols.filter(test).length;
  return {
    t: core.t,
    ...shell,
    ...marketHours(core),
    realizedToday: symbols.reduce((sum, row) => sum + row.realizedToday, 0),
    openPnl: symbols.reduce((sum, row) => sum + row.openPnl, 0),
    commissionsToday: commissions(core).toNumber(),
    dayPnl: dayPnl(core).toNumber(),
    dayLossLimit: lossLimitNow(core),
    used: { all: cost.all.near, risky: cost.risky.near, safe: cost.safe.near },
    allowed: { all: allowance.effectiveEquity, risky: allowance.classBudget.risky, safe: allowance.classBudget.safe },
    positions: count(row => row.position > 0),
    entryReady: count(row => row.state === 'entryReady'),
    trimReady: count(row => row.state === 'trimReady'),
    velocityActive: count(row => row.velocity === 'active'),
    velocityPrimed: count(row => row.velocity === 'primed'),
    paused: session.paused,
    protectOnly: session.protectOnly,
    killed: session.killed,
    pausedSince: orNull(session.pausedSince),
    killedSince: orNull(session.killedSince),
    lossLimitHit: session.lossLimitHit,
    blind: session.isBlind(core.t),
    journalOk: session.journalOk,
    constants: constantsOf(core),
    symbols,
    notInForce: core.targets.notInForce.map(({ line, symbol, reasons }) => ({
      line,
      symbol,
      text: reasons.map(findingText).join('; '),
    })),
  };
}

export function detailOf(core: Core, symbol: string): SymbolDetail | null {
  const book = core.books.get(symbol);
  if (!book) return null;
  const d = judgeNow(core, book);
  const buys = buyRungs(core, book, d);
  const tickerBudget = core.session.allowance.tickerBudget[book.target.class];
  return {
    ...summaryOf(core, book),
    buys,
    sells: sellRungs(book),
    fullLadderUsd: buys[RUNGS - 1]!.total,
    ladderLimitUsd: tickerBudget * core.settings['sizing.tickerFactor'],
    tickerBudgetUsd: tickerBudget,
    baseClipUsd: tickerBudget / core.settings['sizing.shots'],
    badPrints: book.badPrints,
    trimPrice: book.trimPrice?.near ?? null,
    whyNot: whyNot(book, d),
    adoption: adoptionOf(core, book),
    fills: fillsOf(core, symbol),
  };
}

/** A row that was corrected has lost its execution to the newer one: it has no rung any more. */
function fillsOf(core: Core, symbol: string): SymbolDetail['fills'] {
  const rungs = new Map([...core.execs.values()].filter(e => e.symbol === symbol).map(e => [e.row, e.rung]));
  return core.fillRows
    .filter(row => row.symbol === symbol)
    .map(row => ({ ...row, ...(rungs.has(row.row) ? { rung: rungs.get(row.row)! } : {}) }));
}

export function pnlRowsOf(core: Core): PnlRow[] {
  return core.order
    .filter(book => book.isRegular(core.t) && book.last > 0)
    .map(book => ({
      t: core.t,
      symbol: book.symbol,
      pos: book.position.shares,
      avg: book.position.average?.toString() ?? null,
      last: book.last,
      uPnL: openPnl(book).toString(),
      rPnL: book.realizedTotal.toString(),
    }));
}

/** The evaluation at this moment, without consequences. */
export function judgeNow(core: Core, book: SymbolBook): Decision {
  const d = newDecision();
  updateLadder(book, core.t);
  judge(book, core.session, core.t, d);
  return d;
}

function summaryOf(core: Core, book: SymbolBook): SymbolSummary {
  const d = judgeNow(core, book);
  const { ladder, position, target } = book;
  const last = lastOf(book);
  const active = position.layers.length;
  const sellRung = nextSellRung(book);
  const velocity = velocityOf(core, book);
  return {
    symbol: book.symbol,
    class: target.class,
    state: stateOf(core, book, d),
    line: book.windDown ? -1 : target.line,
    decimals: book.ticks.decimalsAt(last > 0 ? last : 1),
    last: orNull(last),
    bid: orNull(book.bid),
    ask: orNull(book.ask),
    spreadBp: book.hasQuote ? spreadBp(book.bid, book.ask) : null,
    reference: orNull(book.reference.price),
    referenceSource: book.reference.source,
    z: book.z,
    ageMs: orNull(core.t - book.lastTickAt),
    layers: active,
    touched: last > 0 ? ladder.touched(last) : 0,
    hit: last > 0 ? ladder.hit(last) : 0,
    position: position.shares,
    averageCost: position.average?.toNumber() ?? null,
    openPnl: openPnl(book).toNumber(),
    realizedToday: book.realizedToday.toNumber(),
    clip: orNull(d.clip),
    nextBuy:
      d.nextRung > 0 && ladder.buys[d.nextRung - 1]! > 0
        ? { rung: d.nextRung, price: ladder.buys[d.nextRung - 1]!, shares: d.nextShares }
        : null,
    nextSell:
      sellRung > 0 && ladder.sells[sellRung - 1]! > 0
        ? { rung: sellRung, price: ladder.sells[sellRung - 1]!, ...sellsAt(book, sellRung) }
        : null,
    hardStop: book.hardStop?.near ?? null,
    trailMark: orNull(book.mark),
    trailStop: book.trailStop?.near ?? null,
    exit: book.exit,
    trimDone: position.trimDone,
    buyPercent: book.buyPercent,
    sellPercent: book.sellPercent,
    override: book.override.buy === null && book.override.sell === null ? null : { ...book.override },
    overrideSince: { buy: orNull(book.overrideSince.buy), sell: orNull(book.overrideSince.sell) },
    lineBuy: target.buy,
    lineSell: target.sell,
    isClipFixed: target.clip !== null,
    isPaused: book.paused !== null || book.isPausedByPerson,
    isOverlap: ladder.isOverlapping,
    previousClose: orNull(book.previousClose),
    dataType: orNull(book.dataType),
    hasBars: book.downloaded,
    velocity: velocity.state,
    velocityBp: velocity.bp,
    reason: reasonOf(book),
    pause: pauseOf(book),
  };
}

function stateOf(core: Core, book: SymbolBook, d: Decision): SymbolState {
  if (book.failed) return 'failed';
  if (book.exit !== null) return 'exiting';
  if (book.halted) return 'halted';
  if (book.windDown) return 'windDown';
  if (d.tag === 'ladder_buy') return 'entryReady';
  if (d.tag === 'ladder_sell' || d.tag === 'breakeven_trim') return 'trimReady';
  if (book.paused !== null || book.isPausedByPerson) return 'buysPaused';
  if (book.isRegular(core.t) && core.t - book.lastTickAt >= core.rules.quietMs) return 'quiet';
  if (book.position.shares > 0) return 'holding';
  return book.regularLast > 0 && book.reference.price > 0 ? 'flat' : 'waiting';
}

export function buyRungs(core: Core, book: SymbolBook, d: Decision): BuyRungView[] {
  const { ladder, position } = book;
  const last = lastOf(book);
  const views: BuyRungView[] = [];
  let total = 0;
  for (let rung = 1; rung <= RUNGS; rung++) {
    const price = ladder.buys[rung - 1]!;
    const layer = position.layers.find(held => held.rung === rung);
    const shares = layer?.bought ?? (last > 0 ? plannedShares(d.clip, rung, last) : 0);
    const bought = layer ? boughtFor(core, book, layer) : null;
    const usd = shares * (bought?.boughtPrice ?? price);
    total += usd > 0 ? usd : 0;
    views.push({
      rung,
      price,
      percent: ladder.buyPercent * RUNG_STEPS[rung - 1]!,
      shares,
      usd: usd > 0 ? usd : d.clip > 0 ? d.clip * RUNG_CLIPS[rung - 1]! : 0,
      total,
      state: layer ? 'held' : rung === d.nextRung ? 'next' : price >= last ? 'touched' : 'untouched',
      held: layer?.held ?? 0,
      toLast: last > 0 && price > 0 ? (price / last - 1) * 100 : null,
      ...bought,
    });
  }
  return views;
}

/** Average price and time of the newest buys that make up a layer; null for shares that no execution of ours brought. */
function boughtFor(core: Core, book: SymbolBook, layer: Layer): { boughtAt: number; boughtPrice: number } | null {
  const buys = [...core.execs.values()].filter(
    exec => exec.symbol === book.symbol && exec.side === 'BUY' && exec.rung === layer.rung && exec.qty > 0,
  );
  let shares = 0;
  let usd = 0;
  for (let i = buys.length - 1; i >= 0 && shares < layer.bought; i--) {
    shares += buys[i]!.qty;
    usd += buys[i]!.qty * Number(buys[i]!.price);
  }
  return shares > 0 ? { boughtAt: buys[buys.length - 1]!.t, boughtPrice: usd / shares } : null;
}

function sellRungs(book: SymbolBook): SellRungView[] {
  const { ladder, position } = book;
  const last = lastOf(book);
  const next = nextSellRung(book);
  const views: SellRungView[] = [];
  for (let rung = 1; rung <= RUNGS; rung++) {
    const price = ladder.sells[rung - 1]!;
    // What this rung adds to what the rung before it would sell.
    const layer = position.layers[position.peak - rung];
    views.push({
      rung,
      price,
      percent: ladder.sellPercent * RUNG_STEPS[rung - 1]!,
      sells: layer ? [{ rung: layer.rung, shares: layer.held }] : [],
      state: price <= last ? 'hit' : rung === next ? 'next' : 'untouched',
      toLast: last > 0 && price > 0 ? (price / last - 1) * 100 : null,
    });
  }
  return views;
}

/** The smallest hit count that sells a layer; 0 while nothing is held. */
function nextSellRung(book: SymbolBook): number {
  const { layers, peak } = book.position;
  const rung = Math.max(1, peak - layers.length + 1);
  return layers.length > 0 && rung <= RUNGS ? rung : 0;
}

function sellsAt(book: SymbolBook, rung: number): { shares: number; layers: number[] } {
  const keep = Math.max(0, book.position.peak - rung);
  return { shares: book.position.sharesAbove(keep), layers: book.position.layers.slice(keep).map(layer => layer.rung) };
}

function whyNot(book: SymbolBook, d: Decision): WhyNot[] {
  const { position } = book;
  const list: WhyNot[] = [];
  const decimals = book.ticks.decimalsAt(lastOf(book));
  const add = (kind: WhyNot['kind'], title: string, rung: number, shares: number, ready: boolean): void => {
    list.push({
      kind,
      title,
      rung,
      shares,
      ready,
      conditions: GATES_OF[kind].map(gate => condition(book, gate, decimals)),
    });
  };
  add('buy', d.nextRung > 0 ? `Buy L${d.nextRung}` : 'Buy', d.nextRung, d.nextShares, d.tag === 'ladder_buy');
  if (position.shares === 0) return list;
  const rung = nextSellRung(book);
  const { shares, layers } = sellsAt(book, rung);
  const names = layers.map(layer => `L${layer}`).reverse();
  add('sell', `Sell ${names.join(', ')} at U${rung}`, rung, shares, d.tag === 'ladder_sell');
  add('trim', 'Breakeven trim', 0, 0, d.tag === 'breakeven_trim');
  add('hardStop', 'Hard stop', 0, position.shares, book.exit === 'live_stop' || d.fires === 'live_stop');
  add('trail', 'Trailing stop', 0, position.shares, book.exit === 'live_trail' || d.fires === 'live_trail');
  return list;
}

function condition(book: SymbolBook, gate: number, decimals: number): ConditionView {
  const id = GATE_IDS[gate]!;
  const state = book.gates.state(gate);
  const { left, right } = book.gates;
  return {
    id,
    text: state === 'notAsked' ? unaskedText(id) : gateText(id, left[gate]!, right[gate]!, decimals),
    met: state === 'met',
    asked: state !== 'notAsked',
    left: orNull(left[gate]!),
    right: orNull(right[gate]!),
  };
}

/** Signed basis points over the last seconds, and what they amount to (§10). */
function velocityOf(core: Core, book: SymbolBook): { bp: number; state: SymbolSummary['velocity'] } {
  const since = Math.floor(core.t / SECOND_MS) - core.settings['reports.velocitySeconds'];
  const before = book.recentLasts[since % RECENT_LASTS]!;
  const bp = before > 0 && book.last > 0 ? (book.last / before - 1) * 10_000 : 0;
  const active = core.settings['reports.velocityBp'];
  return { bp, state: Math.abs(bp) >= active ? 'active' : Math.abs(bp) >= active / 2 ? 'primed' : 'none' };
}

function constantsOf({ settings }: Core): Constants {
  return {
    width: { ...CLASS_WIDTH },
    clipFactor: { risky: settings['sizing.riskyClipFactor'], safe: settings['sizing.safeClipFactor'] },
    spreadBp: { risky: settings['gates.riskySpreadBp'], safe: settings['gates.safeSpreadBp'] },
    hardStopPercent: settings['protection.hardStopPercent'],
    trailPercent: settings['protection.trailPercent'],
    trailArmPercent: settings['protection.trailArmPercent'],
    trimPercent: settings['layers.trimPercent'],
    trimBp: settings['layers.trimThresholdBp'],
    utilization: settings['sizing.utilization'],
    shots: settings['sizing.shots'],
    tickerFactor: settings['sizing.tickerFactor'],
    clipPriceReference: settings['sizing.clipPriceReference'],
    cooldownSeconds: settings['layers.buyCooldownSeconds'],
    clip: { min: settings['sizing.minClip'], max: settings['sizing.maxClip'] },
    orderUsd: settings['limits.orderUsd'],
    velocityBp: settings['reports.velocityBp'],
    velocitySeconds: settings['reports.velocitySeconds'],
  };
}

function marketHours(core: Core): Pick<SessionSnapshot, 'session' | 'nextChange'> {
  const book = core.order[0];
  const { t } = core;
  if (!book || book.hours.length === 0) return { session: 'closed', nextChange: null };
  if (t < book.openAt) return { session: 'preMarket', nextChange: book.openAt };
  if (t < book.closeAt) return { session: 'regular', nextChange: book.closeAt };
  return { session: 'afterHours', nextChange: null };
}

function lastOf(book: SymbolBook): number {
  return book.regularLast > 0 ? book.regularLast : book.last;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
