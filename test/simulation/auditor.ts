/**
 * Looks at everything that a session hears and sends, and says when a promise is broken. His conditions are simple and his own:
 * he knows messages, commands and times, and nothing of the engine's books or gates.
 */
import type { PortEvent } from '../../src/broker/port';
import type { ControlAction, EngineEvent, Notice, OrderIntent } from '../../src/engine/events';
import type { Settings } from '../../src/strategy/settings';
import { isOpen } from './days';
import { Known } from './known';
import type { VirtualClock } from './virtualClock';

export interface Listed {
  symbol: string;
  class: 'risky' | 'safe';
}

export interface AuditorOptions {
  clock: VirtualClock;
  settings: Settings;
  listed: readonly Listed[];
  equity: number;
  shares: { risky: number; safe: number };
  /** The journal on disk has the intent with this key. */
  isJournaled(key: string): boolean;
  isJournalFailing(): boolean;
  /** Trades by hand or of the exchange's correcting make what follows from the bot's executions useless. */
  isMuddled(symbol: string): boolean;
  broken(rule: string, text: string): void;
}

const DECISIONS: ReadonlySet<string> = new Set(['exitFired', 'fewerShares', 'dayLoss', 'orderUnanswered']);

interface Heard {
  tickAt: number;
  bid: number;
  ask: number;
  last: number;
  reported: number;
  reportedAt: number;
  dataType: number;
  isHalted: boolean;
}

type Holdings = Pick<Extract<EngineEvent, { type: 'reconcile' }>, 'positions' | 'orders' | 'executions'>;

export class Auditor {
  readonly known = new Known();
  private readonly symbols = new Map<string, Heard>();
  private readonly exits = new Map<string, { tag: string; t: number; isJournaled: boolean }>();
  private readonly leftAlone = new Map<string, number>();
  private readonly adoptedIn = new Set<string>();
  private readonly keys = new Set<string>();
  private readonly idOwners = new Map<number, string>();
  private readonly buys: { t: number; symbol: string }[] = [];
  private isReconciled = false;
  /** Only an answer to a question of this time or later says what the broker holds. */
  private needsAnswerSince = -Infinity;
  private isFarmUp = true;
  private isPaused = false;
  private isKilled = false;
  private isLossHit = false;
  private isLossForgiven = false;
  /** Symbols that only a person lets buy again. */
  private readonly pausedSymbols = new Map<string, { why: string; t: number }>();
  private readonly rejectsInARow = new Map<string, number>();
  private connection = 0;
  highestIdSent = 0;

  constructor(private readonly options: AuditorOptions) {}

  // --- what reaches the session

  connected(_nextOrderId: number): void {
    this.connection++;
    this.isReconciled = false;
    this.needsAnswerSince = -Infinity;
    this.isFarmUp = true;
    for (const heard of this.symbols.values()) heard.dataType = NaN;
  }

  asked(): { at: number; connection: number } {
    return { at: this.options.clock.now, connection: this.connection };
  }

  /** When the newest question was asked that has been answered. */
  answeredSince = -Infinity;

  answered(question: { at: number; connection: number }, { positions, orders, executions }: Holdings): void {
    this.answeredSince = question.at;
    for (const execution of executions) this.exec(execution);
    this.known.endUnlisted(question.at, new Set(orders.map(order => order.key)));
    // The answer has no line for what is flat; what the stream has told since the question is newer than it.
    for (const [symbol, heard] of this.symbols) {
      if (heard.reportedAt < question.at) heard.reported = positions.find(each => each.symbol === symbol)?.shares ?? 0;
    }
    if (question.connection === this.connection && question.at >= this.needsAnswerSince) this.isReconciled = true;
  }

  heard(event: PortEvent): void {
    if (event.type === 'engine') this.hearEngine(event.event);
    else if (event.type === 'restored') this.needsAnswerSince = this.options.clock.now;
  }

  private hearEngine(event: EngineEvent): void {
    const { now } = this.options.clock;
    switch (event.type) {
      case 'tick': {
        const heard = this.of(event.symbol);
        heard.tickAt = now;
        if (event.bid !== undefined) heard.bid = event.bid ?? NaN;
        if (event.ask !== undefined) heard.ask = event.ask ?? NaN;
        if (typeof event.last === 'number') heard.last = event.last;
        if (typeof event.halted === 'number') heard.isHalted = event.halted > 0;
        return;
      }
      case 'exec':
        return this.exec(event);
      case 'order':
        if (['filled', 'cancelled', 'rejected', 'inactive'].includes(event.status)) {
          this.countReject(event.orderId, event.status === 'rejected');
          this.known.final(event.orderId, event.filled);
        }
        return;
      case 'position':
        Object.assign(this.of(event.symbol), { reported: event.shares, reportedAt: now });
        return;
      case 'dataType':
        this.of(event.symbol).dataType = event.value;
        return;
      case 'farm':
        this.isFarmUp = event.up;
        if (event.code === 1100) {
          this.isReconciled = false;
          this.needsAnswerSince = Infinity;
        }
        return;
      default:
        return;
    }
  }

  private countReject(orderId: number, isRejected: boolean): void {
    const order = [...this.known.unfinished].find(sent => sent.order.orderId === orderId && sent.final === null)?.order;
    if (order?.side !== 'BUY') return;
    const n = isRejected ? (this.rejectsInARow.get(order.symbol) ?? 0) + 1 : 0;
    this.rejectsInARow.set(order.symbol, n);
    if (n >= this.options.settings['limits.rejects'] && !this.options.isJournalFailing())
      this.pauseSymbol(order.symbol, `${n} rejects in a row`);
  }

  private pauseSymbol(symbol: string, why: string): void {
    this.pausedSymbols.set(symbol, { why, t: this.options.clock.now });
  }

  private exec(execution: Parameters<Known['exec']>[0]): void {
    this.known.exec(execution, this.options.clock.now);
    // Whatever its status said: this order was taken.
    if (execution.side === 'BUY') this.rejectsInARow.delete(execution.symbol);
    // Flat ends an exit.
    if (this.known.shares(execution.symbol) <= 0) this.exits.delete(execution.symbol);
  }

  // --- what the session says and is told

  noticed({ t, code, symbol = '', data }: Notice): void {
    // After a sleep the hours that went by are no time to decide anything in.
    if (DECISIONS.has(code) && this.options.clock.now - t > 5000)
      this.options.broken('nothing is decided while asleep', `${code} ${symbol} at ${t}`);
    switch (code) {
      case 'exitFired':
        this.exits.set(symbol, { tag: String(data['tag']), t, isJournaled: !this.options.isJournalFailing() });
        return;
      case 'fewerShares':
        this.shrunk(symbol);
        if (!this.options.isJournalFailing()) this.pauseSymbol(symbol, 'fewer shares at the broker');
        if (this.known.shares(symbol) <= 0) this.exits.delete(symbol);
        return;
      case 'adopted':
        this.known.adjust(symbol, Number(data['shares']));
        return;
      case 'reconciled':
        this.known.explainNoMore();
        return;
      case 'leftAlone':
        this.leftAlone.set(symbol, Number(data['shares']));
        return;
      case 'dayLoss':
        this.isLossHit = true;
        return;
      default:
        return;
    }
  }

  private shrunk(symbol: string): void {
    const own = this.known.shares(symbol);
    const free = this.of(symbol).reported - this.leftAloneOf(symbol);
    this.known.missing(symbol, Math.min(own, own - free), this.options.clock.now);
  }

  commanded(action: ControlAction): void {
    if (action === 'pause' || action === 'protect') this.isPaused = true;
    else if (action === 'resume') this.isPaused = false;
    else if (action === 'kill') this.isKilled = true;
    else if (action === 'release') this.isKilled = false;
    else if (action === 'resetLoss') {
      this.isLossHit = false;
      this.isLossForgiven = true;
    } else if (action === 'flatten') {
      for (const { symbol } of this.options.listed) {
        if (this.known.shares(symbol) > 0 && !this.exits.has(symbol) && !this.options.isMuddled(symbol))
          this.exits.set(symbol, { tag: 'flatten', t: this.options.clock.now, isJournaled: true });
      }
    }
  }

  /** The day's loss is counted anew, and where from is not for him to say. */
  newDay(): void {
    this.isLossHit = false;
    this.isLossForgiven = true;
  }

  resumed(symbol: string): void {
    this.pausedSymbols.delete(symbol);
    this.rejectsInARow.delete(symbol);
  }

  /** What was on its way to the disk is forgotten too, and an id that no journal knows is free again. */
  lostPower(intents: ReadonlySet<string>): void {
    const before = this.options.clock.now - 200;
    for (const decided of [this.exits, this.pausedSymbols])
      for (const [symbol, { t }] of decided) if (t > before) decided.delete(symbol);
    for (const [id, key] of this.idOwners) if (!intents.has(key)) this.idOwners.delete(id);
    this.rejectsInARow.clear();
    while ((this.buys[this.buys.length - 1]?.t ?? -Infinity) > before) this.buys.pop();
  }

  /** What was only in its memory is forgotten: the disk was full. */
  died(): void {
    this.isReconciled = false;
    for (const [symbol, exit] of this.exits) if (!exit.isJournaled) this.exits.delete(symbol);
  }

  get isTrusting(): boolean {
    return this.isReconciled;
  }

  // --- what the session sends

  sent(order: OrderIntent): void {
    const { options, known } = this;
    const { symbol, side, key, orderId, qty } = order;
    const demand = (isMet: boolean, rule: string, text = ''): void => {
      if (!isMet) options.broken(rule, `${side} ${qty} ${symbol} ${order.tag} (${key}, id ${orderId}) ${text}`);
    };
    const heard = this.of(symbol);
    const isFailing = options.isJournalFailing();
    demand(!this.keys.has(key), 'no key used twice');
    const other = this.idOwners.get(orderId);
    demand(other === undefined, 'no order id for two keys', `the id belongs to ${other}`);
    demand(options.isJournaled(key) || (isFailing && side === 'SELL'), 'journaled before it is sent');
    demand(this.isReconciled, 'nothing is sent before reconciliation');
    demand(Number.isInteger(qty) && qty > 0, 'whole shares');
    // A stop that is to rest there waits for its hours and its price by itself.
    const isResting = order.isResting === true;
    demand(isResting || this.isOpen(), 'regular hours only');
    demand(
      isResting || (heard.dataType === 1 && !heard.isHalted),
      'live data and no halt',
      `data type ${heard.dataType}`,
    );
    for (const sent of known.unfinished)
      demand(sent.order.symbol !== symbol, 'one order in flight a symbol', `while ${sent.order.key} has not ended`);
    this.keys.add(key);
    if (!isFailing) this.idOwners.set(orderId, key);
    this.highestIdSent = Math.max(this.highestIdSent, orderId);
    known.send(order, options.clock.now);
    if (side === 'BUY') this.demandBuy(order, heard, demand);
    else this.demandSell(order, heard, demand);
  }

  private demandBuy(
    order: OrderIntent,
    heard: Heard,
    demand: (isMet: boolean, rule: string, text?: string) => void,
  ): void {
    const { options, buys, known } = this;
    const { settings, clock } = options;
    const { symbol, qty } = order;
    const { now } = clock;
    const limit = Number(order.limit);
    demand(!this.isPaused, 'no buy while paused');
    demand(!this.isKilled, 'no buy while killed');
    demand(!this.isLossHit, 'no buy after the day’s loss');
    demand(!options.isJournalFailing(), 'no buy while the journal cannot be written');
    demand(this.isFarmUp, 'no buy while blind', 'a farm is broken');
    demand(now - heard.tickAt < settings['gates.quietSeconds'] * 1000, 'no buy while quiet', `since ${heard.tickAt}`);
    demand(!this.exits.has(symbol), 'a fired exit stays until flat', `${this.exits.get(symbol)?.tag} is on`);
    const most = this.classOf(symbol) === 'risky' ? settings['gates.riskySpreadBp'] : settings['gates.safeSpreadBp'];
    const spread = ((heard.ask - heard.bid) / ((heard.ask + heard.bid) / 2)) * 10_000;
    demand(spread > -1e-9 && spread <= most + 1e-6, 'spread within limits', `${spread} bp`);
    demand(!this.pausedSymbols.has(symbol), 'no buy of a paused symbol', this.pausedSymbols.get(symbol)?.why);
    const mid = (heard.bid + heard.ask) / 2;
    demand(Math.abs(limit - mid) <= (mid * settings['limits.fromMidPercent']) / 100 + 1e-9, 'limit near the mid');
    demand(qty <= settings['limits.orderShares'], 'largest order');
    demand(qty * limit <= settings['limits.orderUsd'] + 1e-6, 'largest order', `${qty * limit} USD`);
    while (buys.length > 0 && now - buys[0]!.t >= 60_000) buys.shift();
    demand(buys.length < settings['limits.buysPerMinute'], 'buy orders a minute');
    const own = buys.filter(buy => buy.symbol === symbol);
    demand(own.length < settings['limits.symbolBuysPerMinute'], 'buy orders a minute and symbol');
    const newest = own[own.length - 1];
    demand(newest === undefined || now - newest.t >= settings['layers.buyCooldownSeconds'] * 1000 - 1, 'buy cooldown');
    buys.push({ t: now, symbol });
    // Shares that were written off have a cost that nobody knows until it is explained what became of them.
    if (options.listed.some(each => options.isMuddled(each.symbol) || known.isAdjusted(each.symbol))) return;
    this.demandBudget(symbol, demand);
    const lossLimit = (options.equity * settings['limits.dayLossPercent']) / 100;
    demand(
      this.isLossForgiven || this.bestPnl() > -lossLimit - 1,
      'no buy after the day’s loss',
      `${this.bestPnl()} USD`,
    );
  }

  /** Of the day, at the better side of each quote and with the least that it can have cost in commissions. */
  private bestPnl(): number {
    let total = 0;
    for (const { symbol } of this.options.listed) {
      const { last, ask } = this.of(symbol);
      const shares = this.known.shares(symbol);
      total += this.known.realized(symbol) - this.known.cost(symbol);
      // Before a price was heard nobody can say: the best that could be.
      if (shares > 0) total += shares * (last > ask ? last : ask > 0 ? ask : last > 0 ? last : Infinity);
    }
    return total;
  }

  /** Positions far enough under water for their stop, by a price that has stood there for long. */
  unprotected(): string[] {
    const factor = 1 - this.options.settings['protection.hardStopPercent'] / 100;
    if (!this.isOpen()) return [];
    return this.options.listed
      .filter(({ symbol }) => {
        const { bid, ask } = this.of(symbol);
        const shares = this.known.shares(symbol);
        const stop = (this.known.cost(symbol) / shares) * factor - 0.005;
        const isKnown = !this.options.isMuddled(symbol) && !this.known.isAdjusted(symbol);
        return shares > 0 && isKnown && bid < stop && ask < stop;
      })
      .map(({ symbol }) => `${symbol} at ${this.of(symbol).bid}`);
  }

  /** Positions at cost and everything on its way, this order included. */
  private demandBudget(symbol: string, demand: (isMet: boolean, rule: string, text?: string) => void): void {
    const { settings, listed, equity, shares } = this.options;
    const cost = new Map(listed.map(each => [each.symbol, this.known.cost(each.symbol)]));
    for (const { order, heard } of this.known.unfinished) {
      if (order.side !== 'BUY') continue;
      cost.set(order.symbol, (cost.get(order.symbol) ?? 0) + (order.qty - heard) * Number(order.limit));
    }
    const sum = (of: readonly Listed[]): number => of.reduce((total, each) => total + (cost.get(each.symbol) ?? 0), 0);
    const ownClass = this.classOf(symbol);
    const peers = listed.filter(each => each.class === ownClass);
    const effective = equity * settings['sizing.utilization'];
    const classBudget = effective * shares[ownClass];
    // A cent for corrected prices and rounding.
    const slack = 1.002;
    demand(sum(listed) <= effective * slack, 'cost within the equity in use', `${sum(listed)} USD`);
    demand(sum(peers) <= classBudget * slack, 'cost within the class budget', `${sum(peers)} of ${classBudget} USD`);
    const most = (classBudget / peers.length) * settings['sizing.tickerFactor'];
    demand(
      (cost.get(symbol) ?? 0) <= most * slack,
      'cost within the symbol’s limit',
      `${cost.get(symbol)} of ${most} USD`,
    );
  }

  private demandSell(
    order: OrderIntent,
    heard: Heard,
    demand: (isMet: boolean, rule: string, text?: string) => void,
  ): void {
    const { symbol, qty, tag } = order;
    const own = this.known.shares(symbol);
    demand(qty <= own || this.options.isMuddled(symbol), 'never more than own shares', `own ${own}`);
    const free = heard.reported - (this.leftAlone.get(symbol) ?? 0);
    demand(qty <= free, 'never more than the broker reports', `reported ${heard.reported}`);
    if (order.isResting === true) return;
    const exit = this.exits.get(symbol);
    demand(exit === undefined || exit.tag === tag, 'a fired exit stays until flat', `${exit?.tag} is on`);
    if (tag === 'live_stop' || tag === 'live_trail') {
      // From the notice on; the order itself is proof as well.
      const t = this.options.clock.now;
      this.exits.set(symbol, exit ?? { tag, t, isJournaled: !this.options.isJournalFailing() });
    }
  }

  /** Exits that are on although everybody had time to finish. */
  exitsOn(): string[] {
    return [...this.exits]
      .filter(([symbol]) => this.known.shares(symbol) > 0)
      .map(([symbol, { tag }]) => `${symbol} ${tag}`);
  }

  leftAloneOf(symbol: string): number {
    return this.leftAlone.get(symbol) ?? 0;
  }

  private isOpen(): boolean {
    return isOpen(this.options.clock.now);
  }

  private classOf(symbol: string): 'risky' | 'safe' {
    return this.options.listed.find(each => each.symbol === symbol)?.class ?? 'risky';
  }

  private of(symbol: string): Heard {
    let heard = this.symbols.get(symbol);
    if (heard === undefined) {
      heard = {
        tickAt: NaN,
        bid: NaN,
        ask: NaN,
        last: NaN,
        reported: NaN,
        reportedAt: -Infinity,
        dataType: NaN,
        isHalted: false,
      };
      this.symbols.set(symbol, heard);
    }
    return heard;
  }
}
