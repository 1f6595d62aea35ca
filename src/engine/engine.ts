/**
 * One trading session as a deterministic state machine: an event in, effects out. Time is a field of the events; the same
 * events give the same effects, live, simulated and replayed. It touches no socket, file or clock: the session does.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS, exchangeDay, newYorkInstant } from '../strategy/exchangeTime';
import { LIMIT_GATES } from '../strategy/gateLists';
import { GATE_IDS } from '../strategy/gates';
import { isAtRest, judge, newDecision, observe, updateLadder, type Decision } from '../strategy/judge';
import { isUsable } from '../strategy/limitPrice';
import { money } from '../strategy/exact';
import { RECENT_LASTS, type SymbolBook } from '../strategy/book';
import type { PnlRow } from '../reports/rows';
import type { LadderPreview, SessionSnapshot, SymbolChart, SymbolDetail, SymbolSpark } from '../shared/protocol';
import { updateTargets } from '../targets/resolve';
import { onControl } from './control';
import { Core, type EngineOptions } from './core';
import { rollDay, testDayLoss } from './day';
import type { DurableState } from './durable';
import type { Effect, EngineEvent, ExecEvent } from './events';
import { onCommission, onExec } from './fills';
import { onContract, onDataType, onDownload, onOverride, onTick, rebaseVolume } from './market';
import { applyFills, loseOrders, onOrder, placeOrder, watchOrders } from './orders';
import { askEachMinute, judgePosition, onPosition, onReconcile, watchPositions } from './reconcile';
import { forgetStrays, watchStrays } from './strays';
import { chartOf, chartVersion, sparksOf } from './charts';
import { previewOf } from './ladderPreview';
import { detailOf, pnlRowsOf, snapshotOf, type ShellFacts } from './views';

export class Engine {
  private readonly core: Core;
  private readonly decision: Decision = newDecision();
  private readonly bucketMs: number;
  /** How many evaluations there have been: how hard the engine works, for the bench. */
  evaluations = 0;

  constructor(options: EngineOptions) {
    this.core = new Core(options);
    this.bucketMs = this.core.settings['volatility.bucketSeconds'] * SECOND_MS;
    if (options.assumeReady?.linked) this.onLink(true);
  }

  /** ms UTC of the newest event; NaN before the first. */
  get t(): number {
    return this.core.t;
  }

  /** The next tick may lead to an order: the market is open somewhere and is heard. */
  get expectsOrders(): boolean {
    const { session, order, t } = this.core;
    return session.reconciled && !session.isBlind(t) && order.some(book => book.isRegular(t));
  }

  /** Applies one event. The effects are valid until the next call. */
  handle(event: EngineEvent): readonly Effect[] {
    const { core } = this;
    core.clearEffects();
    this.moveTo(event.t);
    this.apply(event);
    return core.effects;
  }

  /** Time passes without an event: every whole second up to `t` is closed and evaluated. */
  advance(t: number): readonly Effect[] {
    this.core.clearEffects();
    this.moveTo(t);
    return this.core.effects;
  }

  snapshot(shell: ShellFacts): SessionSnapshot {
    return snapshotOf(this.core, shell);
  }

  detail(symbol: string): SymbolDetail | null {
    return detailOf(this.core, symbol);
  }

  /** What the ladder would be with another base percent; changes nothing. */
  preview(symbol: string, side: 'buy' | 'sell', value: number): LadderPreview | null {
    return previewOf(this.core, symbol, side, value);
  }

  /** The minute bars of the day, and a number that changes with them; null and 0 for a symbol that nobody named. */
  chart(symbol: string): SymbolChart | null {
    return chartOf(this.core, symbol);
  }

  chartVersion(symbols: readonly string[]): number {
    return chartVersion(this.core, symbols);
  }

  /** Of all symbols: closes since 09:30. */
  sparks(): Record<string, SymbolSpark> {
    return sparksOf(this.core);
  }

  /** What pnl_summary_live.csv says now: the symbols that are in regular hours and have a price (§9). */
  pnlRows(): PnlRow[] {
    return pnlRowsOf(this.core);
  }

  durable(): DurableState {
    return this.core.durable();
  }

  /** Bid and ask as the engine has them: what a fill model fills against. NaN = no quote on that side. */
  quote(symbol: string): { bid: number; ask: number } {
    const book = this.core.books.get(symbol);
    return { bid: book?.bid ?? NaN, ask: book?.ask ?? NaN };
  }

  /** Time of an event in the queue never falls behind what has been handled. */
  private moveTo(t: number): void {
    const { core } = this;
    const previous = core.t;
    if (Number.isNaN(previous)) {
      core.t = t;
      this.useDay(t);
      return;
    }
    if (t <= previous) return;
    // A tape may begin long before its first tick; until one is heard no second decides anything.
    const from = t - previous > HOUR_MS && core.isAsleep ? t - SECOND_MS : previous;
    for (let second = Math.floor(from / SECOND_MS) * SECOND_MS + SECOND_MS; second <= t; second += SECOND_MS) {
      core.t = second;
      this.onSecond(second);
    }
    core.t = t;
  }

  private onSecond(second: number): void {
    const { core } = this;
    this.useDay(second);
    for (const book of core.books.values()) {
      if (second % this.bucketMs === 0) book.volatility.closeBucket(second, book.last);
      book.volatility.onSecond(second);
      book.recentLasts[(second / SECOND_MS) % RECENT_LASTS] = book.last;
      if (second - SECOND_MS < book.openAt && book.openAt <= second) book.volatility.empty();
    }
    for (const book of core.order) this.evaluate(book);
    watchOrders(core);
    watchPositions(core);
    watchStrays(core);
    askEachMinute(core);
  }

  private useDay(t: number): void {
    const { session } = this.core;
    // Midnight is looked for only when the day may have ended: dates cost more than a comparison.
    if (this.dayEnds > t) return;
    const day = exchangeDay(t);
    if (day !== session.day) rollDay(this.core, day);
    else for (const book of this.core.books.values()) book.useDay(day);
    this.dayEnds = newYorkInstant(day + 1, 0);
  }

  private dayEnds = -Infinity;

  private apply(event: EngineEvent): void {
    const { core } = this;
    switch (event.type) {
      case 'tick': {
        const book = core.bookOf(event.symbol);
        if (onTick(core, book, event)) this.evaluate(book);
        return;
      }
      case 'bar':
        return core.bookOf(event.symbol).bars.add(event.start, event.close, event);
      case 'time':
        return;
      case 'contract':
        return onContract(core, core.bookOf(event.symbol), event);
      case 'dataType':
        return onDataType(core, core.bookOf(event.symbol), event);
      case 'download':
        return onDownload(core, core.bookOf(event.symbol), event);
      case 'override':
        return onOverride(core, core.bookOf(event.symbol), event);
      case 'position':
        core.positions?.set(event.symbol, event);
        return this.withBook(event.symbol, book => onPosition(core, book, event.shares, event.averageCost));
      case 'link':
        return this.onLink(event.up, event.account, event.nextOrderId);
      case 'farm':
        return this.onFarm(event);
      case 'account':
        return this.onAccount(event.netLiquidation);
      case 'reconcile':
        return onReconcile(core, event);
      case 'order':
        return onOrder(core, event);
      case 'exec':
        return this.onExecution(event);
      case 'commission':
        return onCommission(core, event.execId, event.amount);
      case 'targets':
        return this.onTargets(event.text);
      case 'control':
        return onControl(core, event);
      case 'journalState':
        return this.onJournalState(event.ok, event.text);
    }
  }

  /** One evaluation (§7): the day's loss, rungs, what is observed, the decision, and what follows from it. */
  private evaluate(book: SymbolBook): void {
    const { core, decision: d } = this;
    if (!(book.regularLast > 0) || !book.isRegular(core.t) || book.isUnlisted) return;
    this.evaluations++;
    if (core.uncounted.length > 0) core.settleCosts();
    testDayLoss(core);
    updateLadder(book, core.t);
    if (observe(book, core.t)) core.journal('aboveL1', { books: [book] });
    if (isAtRest(book, core.t)) return;
    judge(book, core.session, core.t, d);
    if (d.heldBack !== null) this.noteHeldBack(book, d.heldBack);
    else if (d.isFree) book.isHeldBack = false;
    if (d.fires !== null) this.fireExit(book, d.fires);
    if (d.letsGo) this.letGo(book);
    if (d.buyBlockedBy !== book.blockedBy) this.noteBlocked(book, d.buyBlockedBy);
    if (d.tag === null) return;
    const intent = placeOrder(core, book, d);
    applyFills(core, intent, event => this.apply(event));
  }

  private fireExit(book: SymbolBook, tag: 'live_stop' | 'live_trail'): void {
    const { core } = this;
    book.exit = tag;
    book.exitsToday++;
    core.journal('exitFired', { books: [book] });
    core.notice('alarm', 'exitFired', book.symbol, {
      tag,
      last: book.regularLast,
      average: book.position.average?.toNumber() ?? null,
      mark: book.mark > 0 ? book.mark : null,
      shares: book.position.shares,
      percent: core.settings[tag === 'live_stop' ? 'protection.hardStopPercent' : 'protection.trailPercent'],
      restSeconds: core.settings['protection.restSeconds'],
    });
  }

  private noteHeldBack(book: SymbolBook, tag: 'live_stop' | 'live_trail'): void {
    if (book.isHeldBack) return;
    book.isHeldBack = true;
    const gate = GATE_IDS.find((_, slot) => slot < 6 && book.gates.state(slot) === 'unmet') ?? '';
    this.core.notice('alarm', 'exitHeldBack', book.symbol, { tag, shares: book.position.shares, gate });
  }

  private letGo(book: SymbolBook): void {
    const newest = book.position.newest;
    if (!newest) return;
    newest.letGo = true;
    this.core.journal('remainderLetGo', { books: [book] });
  }

  private noteBlocked(book: SymbolBook, gate: number): void {
    book.blockedBy = gate;
    if (gate < 0) return;
    const left = finite(book.gates.left[gate]!);
    const right = finite(book.gates.right[gate]!);
    this.core.journal('buyBlocked', { decision: { symbol: book.symbol, gate: GATE_IDS[gate]!, left, right } });
    this.tellLimit(book, gate, { rung: this.decision.nextRung, left, right });
  }

  /** A limit that came and goes by itself is told, but not at every tick of a price that dances around it. */
  private tellLimit(book: SymbolBook, gate: number, data: Record<string, number | null>): void {
    const { core } = this;
    const { limitTold } = book;
    if (!LIMIT_GATES.includes(gate) || (limitTold.gate === gate && core.t - limitTold.t < MINUTE_MS)) return;
    book.limitTold = { gate, t: core.t };
    core.notice('info', 'limitReached', book.symbol, { ...data, gate: GATE_IDS[gate]! });
  }

  private withBook(symbol: string, use: (book: SymbolBook) => void): void {
    const book = this.core.books.get(symbol);
    if (book) use(book);
  }

  private onLink(up: boolean, account?: string, nextOrderId?: number): void {
    const { core } = this;
    const { session } = core;
    // Only a link that was down connects anew.
    if (up && !session.linked) rebaseVolume(core);
    session.linked = up;
    for (const book of core.books.values()) book.isLinked = up;
    session.reconciled = up && core.options.assumeReady !== undefined;
    if (account !== undefined && core.account === '') core.account = account;
    if (nextOrderId !== undefined) core.nextOrderId = Math.max(core.nextOrderId, nextOrderId);
    if (core.options.assumeReady) return;
    core.positions = null;
    loseOrders(core);
    forgetStrays(core);
    for (const book of core.books.values()) {
      book.downloaded = false;
      book.dataType = NaN;
      book.reported = NaN;
    }
    if (up) {
      session.farmUp = true;
      session.linkBroken = false;
    }
  }

  private onFarm({ up, link, code, text }: Extract<EngineEvent, { type: 'farm' }>): void {
    const { core } = this;
    core.session.linkBroken = !up && link === true;
    // What became of orders meanwhile is only known once the broker was asked again.
    if (core.session.linkBroken && !core.options.assumeReady) {
      core.session.reconciled = false;
      loseOrders(core);
    }
    if (core.session.farmUp !== up)
      core.notice(up ? 'info' : 'warning', up ? 'farmUp' : 'farmDown', null, { code: code ?? null, text: text ?? '' });
    core.session.farmUp = up;
    rebaseVolume(core);
  }

  private onAccount(netLiquidation?: string): void {
    const { session } = this.core;
    if (netLiquidation === undefined || !isUsable(Number(netLiquidation))) return;
    session.netLiquidation = money(netLiquidation);
    session.accountKnown = true;
  }

  private onExecution(event: ExecEvent): void {
    if (Number.isInteger(event.qty) && event.qty >= 0 && isUsable(Number(event.price))) onExec(this.core, event);
    else
      this.core.notice('alarm', 'badExecution', event.symbol, {
        execId: event.execId,
        qty: event.qty,
        price: event.price,
      });
  }

  private onTargets(text: string): void {
    const { core } = this;
    const { value, findings, changes } = updateTargets(core.targets, text, core.options.base);
    const before = new Set(core.order);
    core.useTargets(value);
    // Held at the broker before a line named it: that is a person's to decide, as at a start.
    if (core.session.reconciled && core.positions !== null)
      for (const book of core.order) if (!before.has(book)) judgePosition(core, book);
    const changed = changes.map(change =>
      'target' in change ? change.target : 'after' in change ? change.after : null,
    );
    const books = changed.flatMap(target => (target && 'symbol' in target ? [core.books.get(target.symbol)!] : []));
    core.journal('targets', { books });
    core.notice('info', 'targetsChanged', null, {
      changes: changes.length,
      errors: findings.filter(finding => finding.severity === 'error').length,
    });
    core.effects.push({ type: 'symbols', targets: value.targets, windDown: value.removed });
  }

  private onJournalState(ok: boolean, text?: string): void {
    if (this.core.session.journalOk === ok) return;
    this.core.session.journalOk = ok;
    this.core.notice(ok ? 'info' : 'alarm', ok ? 'journalWritten' : 'journalNotWritten', null, { text: text ?? '' });
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
