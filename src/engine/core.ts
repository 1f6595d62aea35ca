/**
 * The state of one session and the few ways in which everybody writes effects: the books, the order and execution records,
 * and the journal entries that make changes durable. The rules of what happens when are in the files beside it.
 */
import { SymbolBook, Rules, type WorkingOrder } from '../strategy/book';
import { SessionBook } from '../strategy/sessionBook';
import { ZERO, money, threshold, type Money } from '../strategy/exact';
import { Position } from '../strategy/position';
import type { Settings } from '../strategy/settings';
import { allowance } from '../strategy/sizing';
import type { Target, TargetsInForce } from '../targets/resolve';
import { DEFAULTS } from '../targets/schema';
import {
  emptyDurable,
  isLadderBuy,
  isWorthKeeping,
  type DurableSession,
  type DurableState,
  type DurableSymbol,
  type ExecRecord,
  type FeeRecord,
  type JournalEntry,
  type OrderRecord,
} from './durable';
import { newNearFloor, noteBook, noteBooks, type NearFloor } from './day';
import type { Effect, EngineEvent, FillRow, NoticeLevel, OrderIntent, ReportedPosition } from './events';
import { hear } from './orderLife';
import type { RestingStop } from './restingStops';
import type { Stray } from './strays';

export interface BaseBudget {
  readonly equity: number;
  readonly risky: number;
  readonly safe: number;
}

export interface EngineOptions {
  readonly settings: Settings;
  readonly targets: TargetsInForce;
  /** In force below @config (§1). */
  readonly base: BaseBudget;
  /** Names this session in order keys. */
  readonly sessionId: string;
  readonly durable: DurableState | null;
  /**
   * A tape that says nothing of reconciliation, data types and downloads (§12): a link that is up counts as all of it.
   * `linked` says whether it is up at the first event.
   */
  readonly assumeReady?: { readonly linked: boolean };
  /** A live account gets no buys until its values are known (§5). */
  readonly needsAccountValues?: boolean;
  /** Replay's fill model: called for every intent; what it returns is applied at once, before anything else happens. */
  readonly fill?: (order: OrderIntent) => readonly EngineEvent[];
}

export class Core {
  readonly rules: Rules;
  readonly session: SessionBook;
  readonly books = new Map<string, SymbolBook>();
  /** In the order of evaluation: targets.txt, then what is wound down. */
  order: SymbolBook[] = [];
  targets: TargetsInForce;
  t = NaN;
  effects: Effect[] = [];
  /** The highest id that an order of ours has had; the next one is beyond it and what the broker named. */
  highestOrderId: number;
  nextOrderId: number;
  /** This session has been reconciled before: what appears now appeared while it ran. */
  hasReconciled = false;
  /** What the broker holds, by its newest words; null before it was asked on this connection. */
  positions: Map<string, ReportedPosition> | null = null;
  /** By order id; by key: see restingStops.ts and strays.ts. */
  readonly resting = new Map<number, RestingStop>();
  readonly strays = new Map<string, Stray>();
  straysSince = NaN;
  straysAskedAt = NaN;
  /** The session stops and has left stops at the broker: nothing is sent any more. */
  isLeaving = false;
  sequence: number;
  /** The newest order key's number that is forgotten; 0: none is. */
  forgotten: number;
  rows: number;
  readonly orders = new Map<string, OrderRecord>();
  readonly ordersById = new Map<number, OrderRecord>();
  readonly execs = new Map<string, ExecRecord>();
  readonly fees = new Map<string, FeeRecord>();
  /** Sum of `fees`, kept because every evaluation asks for it; null once a fee has changed. */
  feeTotal: Money | null = null;
  readonly nearFloor: NearFloor = newNearFloor();
  readonly fillRows: FillRow[] = [];
  /** Symbols whose cost has changed and is not counted yet. */
  readonly uncounted: SymbolBook[] = [];
  account: string;

  constructor(readonly options: EngineOptions) {
    this.rules = new Rules(options.settings);
    this.session = new SessionBook(this.rules);
    this.targets = options.targets;
    const durable = options.durable ?? emptyDurable('');
    this.account = durable.account;
    this.highestOrderId = durable.session.highestOrderId;
    this.nextOrderId = this.highestOrderId + 1;
    this.sequence = durable.session.sequence;
    this.forgotten = durable.session.forgotten ?? 0;
    this.rows = durable.session.rows;
    this.session.accountKnown = !options.needsAccountValues;
    this.session.count = () => this.settleCosts();
    this.restore(durable);
    this.useTargets(options.targets);
  }

  get settings(): Settings {
    return this.rules.settings;
  }

  /** No tick was heard, nothing is held, on its way or reported: time alone changes nothing but the date. */
  get isAsleep(): boolean {
    for (const { lastTickAt, position, inFlight, reported } of this.books.values()) {
      if (lastTickAt === lastTickAt || position.shares > 0 || inFlight !== null || reported === reported) return false;
    }
    return true;
  }

  /** Most events have none: cutting a list that is empty costs more than looking at it. */
  clearEffects(): void {
    if (this.effects.length > 0) this.effects = [];
  }

  /** Symbols, evaluation order and budgets after a change of targets.txt. */
  useTargets(targets: TargetsInForce): void {
    this.targets = targets;
    const listed = new Set<SymbolBook>();
    for (const target of targets.targets) {
      const book = this.books.get(target.symbol) ?? this.addBook(target);
      book.target = target;
      book.windDown = false;
      book.isUnlisted = false;
      listed.add(book);
    }
    for (const book of this.books.values()) if (!listed.has(book)) book.windDown = true;
    this.order = [...listed, ...[...this.books.values()].filter(book => book.windDown && !book.isUnlisted)];
    this.useBudgets();
  }

  /** Budgets follow from the config and from how many symbols of a class are traded. */
  useBudgets(): void {
    const traded = { risky: 0, safe: 0 };
    for (const book of this.order) if (!book.windDown && book.failed === null) traded[book.target.class]++;
    const { config } = this.targets;
    this.session.equity = config.equity;
    this.session.allowance = allowance(config, traded, this.settings);
    this.useCosts();
  }

  /** Cost of open positions plus buys in flight, all anew: after a change of targets, which may move a symbol's class. */
  useCosts(): void {
    const cost = { risky: ZERO, safe: ZERO };
    for (const book of this.order) {
      book.cost = costOf(book);
      cost[book.target.class] = cost[book.target.class].plus(book.cost);
    }
    const { risky, safe } = cost;
    this.session.counted = { risky: threshold(risky), safe: threshold(safe), all: threshold(risky.plus(safe)) };
    noteBooks(this);
  }

  /** After a fill or an intent of one symbol: counted before the next evaluation, not while an order waits to be sent. */
  useCost(book: SymbolBook): void {
    if (!book.isUnlisted) this.uncounted.push(book);
  }

  /** Decimals are exact, so the difference gives the same sums. */
  settleCosts(): void {
    const { uncounted, session } = this;
    for (const book of uncounted) {
      const cost = session.counted;
      const symbolClass = book.target.class;
      const after = costOf(book);
      const more = after.minus(book.cost);
      book.cost = after;
      const ofClass = threshold(cost[symbolClass].exact.plus(more));
      session.counted = { ...cost, [symbolClass]: ofClass, all: threshold(cost.all.exact.plus(more)) };
      noteBook(this, book);
    }
    uncounted.length = 0;
  }

  /** The book of a symbol; one that no line names yet only listens, so that a line added later starts informed. */
  bookOf(symbol: string): SymbolBook {
    let book = this.books.get(symbol);
    if (!book) {
      book = this.addBook({
        symbol,
        class: DEFAULTS.class,
        buy: DEFAULTS.buy,
        sell: DEFAULTS.sell,
        clip: null,
        line: -1,
      });
      book.windDown = true;
      book.isUnlisted = true;
    }
    return book;
  }

  /** The bot owns shares of a symbol that no line names: it is evaluated from now on, to be sold as it would have been. */
  windDownUnknown(symbol: string): void {
    const book = this.bookOf(symbol);
    if (!book.isUnlisted) return;
    book.isUnlisted = false;
    this.order.push(book);
    this.effects.push({ type: 'symbols', targets: this.targets.targets, windDown: [book.target] });
  }

  addBook(target: Target): SymbolBook {
    const book = new SymbolBook(target, this.rules, this.session.day);
    book.isLinked = this.session.linked;
    if (this.options.assumeReady) {
      book.dataType = 1;
      book.downloaded = true;
    }
    this.books.set(target.symbol, book);
    this.useReported(book);
    return book;
  }

  /** What the broker said of a symbol before there was a book of it counts too. */
  useReported(book: SymbolBook): void {
    if (this.positions === null) return;
    const position = this.positions.get(book.symbol);
    book.reported = position?.shares ?? 0;
    book.reportedAverage = position?.averageCost ?? NaN;
  }

  journal(
    why: string,
    changed: Omit<JournalEntry, 't' | 'why' | 'symbols' | 'session'> & { books?: SymbolBook[]; session?: true },
  ): void {
    const { books, session, ...rest } = changed;
    const entry: JournalEntry = { t: this.t, why, ...rest };
    if (books) {
      entry.symbols = Object.fromEntries(books.map(book => [book.symbol, this.durableSymbol(book)]));
      for (const book of books) book.isJournaled = true;
    }
    if (session) entry.session = this.durableSession();
    this.effects.push({ type: 'journal', entry });
  }

  notice(
    level: NoticeLevel,
    code: string,
    symbol: string | null,
    data: Record<string, string | number | boolean | null> = {},
  ): void {
    this.effects.push({
      type: 'notice',
      notice: { t: this.t, level, code, data, ...(symbol === null ? {} : { symbol }) },
    });
  }

  durable(): DurableState {
    return {
      version: 1,
      account: this.account,
      session: this.durableSession(),
      symbols: Object.fromEntries([...this.books].map(([symbol, book]) => [symbol, this.durableSymbol(book)])),
      orders: Object.fromEntries(this.orders),
      execs: Object.fromEntries(this.execs),
      rows: [...this.fillRows],
      fees: Object.fromEntries(this.fees),
    };
  }

  durableSession(): DurableSession {
    const { session } = this;
    return {
      day: orNull(session.day),
      paused: session.paused,
      protectOnly: session.protectOnly,
      killed: session.killed,
      pausedSince: orNull(session.pausedSince),
      killedSince: orNull(session.killedSince),
      lossDay: orNull(session.lossDay),
      ...(session.lossLimitHit && session.lossUsd === session.lossUsd
        ? { lossAt: { usd: session.lossUsd, limit: session.lossLimitUsd } }
        : {}),
      lossForgiven: session.lossForgiven.toString(),
      highestOrderId: this.highestOrderId,
      sequence: this.sequence,
      ...(this.forgotten > 0 ? { forgotten: this.forgotten } : {}),
      rows: this.rows,
    };
  }

  durableSymbol(book: SymbolBook): DurableSymbol {
    return {
      target: { ...book.target },
      position: book.position.toState(),
      mark: orNull(book.mark),
      exit: book.exit,
      restUntil: orNull(book.restUntil),
      waitsForL1: book.waitsForL1,
      exitsToday: book.exitsToday,
      rejects: book.rejects,
      waits: [...book.waits].map(([tag, wait]) => ({ tag, ...wait })),
      paused: book.paused,
      pausedBefore: book.pausedBefore,
      ...(book.isPausedByPerson ? { isPausedByPerson: true } : {}),
      leftAlone: book.leftAlone,
      writtenOff: book.writtenOff === null ? null : { ...book.writtenOff, cost: book.writtenOff.cost.toString() },
      lastBuyAt: orNull(book.lastBuyAt),
      realizedToday: book.realizedToday.toString(),
      realizedTotal: book.realizedTotal.toString(),
      overnightShares: book.overnightShares,
      overnightAverage: book.overnightAverage.toString(),
      closingLast: orNull(book.closingLast),
      inFlight: book.inFlight === null ? null : { ...book.inFlight },
    };
  }

  private restore(durable: DurableState): void {
    const { session } = this;
    session.day = durable.session.day ?? NaN;
    session.paused = durable.session.paused;
    session.protectOnly = durable.session.protectOnly;
    session.killed = durable.session.killed;
    session.pausedSince = durable.session.pausedSince ?? NaN;
    session.killedSince = durable.session.killedSince ?? NaN;
    session.lossDay = durable.session.lossDay ?? NaN;
    session.lossUsd = durable.session.lossAt?.usd ?? NaN;
    session.lossLimitUsd = durable.session.lossAt?.limit ?? NaN;
    session.lossForgiven = money(durable.session.lossForgiven);
    for (const record of Object.values(durable.orders)) {
      this.orders.set(record.key, record);
      this.ordersById.set(record.orderId, record);
    }
    for (const record of this.orders.values()) {
      session.ageOrders(record.t);
      if (isLadderBuy(record)) session.addBuy(record);
    }
    for (const record of Object.values(durable.execs)) this.execs.set(record.base, record);
    for (const record of Object.values(durable.fees)) this.fees.set(record.key, record);
    this.fillRows.push(...durable.rows);
    for (const saved of Object.values(durable.symbols)) {
      if (isWorthKeeping(saved)) this.restoreBook(this.addBook(saved.target), saved);
    }
  }

  private restoreBook(book: SymbolBook, saved: DurableSymbol): void {
    book.position = Position.from(saved.position);
    book.useAverage();
    if (saved.mark !== null && book.position.shares > 0) book.raiseMark(saved.mark);
    book.exit = saved.exit;
    book.restUntil = saved.restUntil ?? -Infinity;
    book.waitsForL1 = saved.waitsForL1;
    book.exitsToday = saved.exitsToday;
    book.rejects = saved.rejects;
    for (const { tag, until, rejects } of saved.waits) book.waits.set(tag, { until, rejects });
    book.paused = saved.paused;
    book.pausedBefore = saved.pausedBefore ?? null;
    book.isPausedByPerson = saved.isPausedByPerson === true;
    book.leftAlone = saved.leftAlone;
    const { writtenOff } = saved;
    if (writtenOff) book.writtenOff = { ...writtenOff, cost: money(writtenOff.cost) };
    book.lastBuyAt = saved.lastBuyAt ?? -Infinity;
    book.realizedToday = money(saved.realizedToday);
    book.realizedTotal = money(saved.realizedTotal);
    book.overnightShares = saved.overnightShares;
    book.overnightAverage = money(saved.overnightAverage);
    book.closingLast = saved.closingLast ?? NaN;
    book.inFlight = saved.inFlight === null ? null : { ...saved.inFlight };
    if (book.inFlight !== null) hear(book.inFlight, 'lost');
  }
}

/** What a symbol costs: its position and its buy in flight. USD. */
function costOf({ position, inFlight }: SymbolBook): Money {
  const held = position.shares > 0 ? position.cost : ZERO;
  return inFlight?.side === 'BUY' ? held.plus(money(inFlight.limit).times(inFlight.qty - inFlight.booked)) : held;
}

export function isWorking(order: WorkingOrder | null): order is WorkingOrder {
  return order !== null;
}

export function sum(values: Iterable<Money>): Money {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}

/** JSON has no NaN and no infinity. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
