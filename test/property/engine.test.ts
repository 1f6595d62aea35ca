/**
 * What must hold for every sequence of market events, commands and broker messages: never short, within the budgets, one order
 * in flight a symbol, books equal to the fills, nothing sent when it must not be, and a journal that folds to what is in memory.
 * The exchange here is a small one of its own; it cancels, splits, repeats, delays and corrects as brokers do.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Core } from '../../src/engine/core';
import { emptyDurable, foldJournal, type DurableState, type JournalEntry } from '../../src/engine/durable';
import { Engine } from '../../src/engine/engine';
import type { Effect, EngineEvent, ExecEvent, OrderIntent } from '../../src/engine/events';
import type { SymbolBook } from '../../src/strategy/book';
import { isAtRest, judge, newDecision } from '../../src/strategy/judge';
import { DEFAULT_SETTINGS } from '../../src/strategy/settings';
import { startTargets } from '../../src/targets/resolve';

const OPEN = Date.parse('2026-11-18T14:30:00Z');
const BASE = { equity: 20_000, risky: 0.6, safe: 0.4 };
const TARGETS = [
  'A clip=400 buy=0.3 sell=0.3\nB class=safe clip=300 buy=0.3 sell=0.3\nC buy=0.2 sell=0.2',
  'B class=risky clip=900 buy=0.2 sell=0.4\nA buy=0.3 sell=0.2',
  '@config equity=9000\nC buy=0.2 sell=0.2\nA clip=x',
];
const SYMBOLS = ['A', 'B', 'C'] as const;
const SETTINGS = {
  ...DEFAULT_SETTINGS,
  'volatility.minimum': 2,
  'layers.buyCooldownSeconds': 1,
  'limits.symbolBuysPerMinute': 30,
  'protection.restSeconds': 3,
  // Narrow, so that prices reach every one of them within a few steps.
  'protection.hardStopPercent': 1.5,
  'protection.trailArmPercent': 0.6,
  'protection.trailPercent': 0.5,
  'protection.exitsPerDay': 100,
  'limits.dayLossPercent': 20,
};

type Answer = 'fill' | 'split' | 'part' | 'nothing' | 'reject' | 'statusFirst' | 'late' | 'silence' | 'corrected';
type Step =
  | { do: 'price'; symbol: number; move: number; volume: number; wait: number; spread: number }
  | { do: 'wait'; seconds: number }
  | { do: 'control'; action: 'pause' | 'protect' | 'flatten' | 'kill' | 'resetLoss'; symbol: number }
  | { do: 'data'; symbol: number; value: number }
  | { do: 'halt'; symbol: number; halted: number }
  | { do: 'farm'; up: boolean }
  | { do: 'journal'; ok: boolean }
  | { do: 'cut'; seconds: number }
  | { do: 'restart' }
  /** Everything that was switched off is switched on again. */
  | { do: 'calm' }
  | { do: 'targets'; text: number }
  | { do: 'override'; symbol: number; buy: number }
  | { do: 'hand'; symbol: number; shares: number };

const symbol = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 70,
    arbitrary: fc.record({
      do: fc.constant('price' as const),
      symbol,
      move: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -60, max: 60 }) }, { weight: 1, arbitrary: fc.integer({ min: -150, max: 150 }) }),
      volume: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 100 }) }, { weight: 2, arbitrary: fc.integer({ min: 500, max: 3000 }) }),
      wait: fc.constantFrom(0, 300, 1000, 1000, 1100, 2500),
      spread: fc.constantFrom(0, 1, 4, 4, 10, 250),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 3, 4, 11, 20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('control' as const),
      action: fc.constantFrom('pause', 'protect', 'flatten', 'kill', 'resetLoss'),
      symbol: fc.nat(3),
    }),
  },
  { weight: 8, arbitrary: fc.constant({ do: 'calm' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('data' as const), symbol, value: fc.constantFrom(1, 3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('halt' as const), symbol, halted: fc.constantFrom(0, 0, -1, 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('farm' as const), up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('journal' as const), ok: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), seconds: fc.integer({ min: 0, max: 15 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('targets' as const), text: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('override' as const), symbol, buy: fc.constantFrom(0.1, 0.3, 5, 99) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hand' as const), symbol, shares: fc.constantFrom(-30, -5, 5, 20) }) },
); // prettier-ignore

const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<Answer>('fill', 'split') },
  { weight: 4, arbitrary: fc.constantFrom<Answer>('part', 'nothing', 'statusFirst', 'corrected') },
  { weight: 2, arbitrary: fc.constantFrom<Answer>('reject', 'late', 'silence') },
);

/** What happened, so that a run which shows nothing is noticed. */
const seen = { buys: 0, sells: 0, exits: 0, restarts: 0, corrections: 0, late: 0, heldAtRest: 0, sellableAtRest: 0 };
const NOTHING = { tag: null, fires: null, heldBack: null, letsGo: false, buyBlockedBy: -1 };

/** One session against a small exchange; `check` looks after every event. */
class World {
  engine: Engine;
  t = OPEN - 60_000;
  session = 1;
  readonly prices = [10_000, 10_000, 10_000];
  readonly volumes = [0, 0, 0];
  /** The exchange's books, by symbol, and every execution it made, in its final version. */
  readonly shares = new Map<string, number>();
  readonly truth = new Map<string, Omit<ExecEvent, 't' | 'type'>>();
  readonly keys = new Set<string>();
  readonly ids = new Set<number>();
  folded: DurableState;
  /** The file as it is saved now. */
  private text = TARGETS[0]!;
  private later: EngineEvent[] = [];
  private execs = 0;
  private orders = 0;
  private exitOn = new Map<string, string>();

  constructor(private readonly answers: readonly Answer[]) {
    this.folded = emptyDurable('SIM1');
    this.engine = this.make(null);
    this.connect();
    for (const name of SYMBOLS) {
      this.hear({
        t: this.t,
        type: 'bar',
        symbol: name,
        start: OPEN - 600_000,
        open: 1,
        high: 1,
        low: 1,
        close: 100,
        volume: 1,
      });
      this.quote(SYMBOLS.indexOf(name), 4);
    }
    this.t = OPEN;
  }

  get core(): Core {
    return (this.engine as unknown as { core: Core }).core;
  }

  private make(durable: DurableState | null): Engine {
    const start = startTargets(this.text, BASE);
    if (!start.ok) throw new Error('the targets of a test must be valid');
    return new Engine({ settings: SETTINGS, targets: start.value, base: BASE, sessionId: `s${this.session}`, durable });
  }

  hear(event: EngineEvent): void {
    const before = this.core.session.reconciled;
    this.take(this.engine.handle({ ...event }));
    this.checkRest();
    if (before !== this.core.session.reconciled || event.type !== 'tick') this.check();
  }

  private take(effects: readonly Effect[]): void {
    const queue: EngineEvent[] = [];
    for (const effect of [...effects]) {
      if (effect.type === 'journal') this.fold(effect.entry);
      if (effect.type === 'place') queue.push(...this.place(effect.order));
      if (effect.type === 'reconcile') queue.push(this.snapshot(true));
      if (effect.type === 'cancel')
        queue.push({
          t: this.t,
          type: 'order',
          orderId: effect.orderId,
          status: 'pendingCancel',
          filled: 0,
          remaining: 0,
        });
    }
    this.check();
    for (const event of queue) this.hear({ ...event, t: this.t });
  }

  private fold(entry: JournalEntry): void {
    this.folded = foldJournal(this.folded, JSON.parse(JSON.stringify(entry)) as JournalEntry);
  }

  /** The exchange takes an order: what it does depends on the run. */
  private place(order: OrderIntent): EngineEvent[] {
    this.checkOrder(order);
    const kind = this.answers[this.orders++ % this.answers.length]!;
    const { orderId, qty } = order;
    const status = (s: 'filled' | 'cancelled' | 'rejected', filled: number): EngineEvent => ({
      t: this.t,
      type: 'order',
      orderId,
      status: s,
      filled,
      remaining: qty - filled,
    });
    const half = Math.floor(qty / 2);
    switch (kind) {
      case 'fill':
        return [this.exec(order, qty), status('filled', qty)];
      case 'split': {
        const first = half > 0 ? [this.exec(order, half)] : [];
        const rest = this.exec(order, qty - half);
        return [...first, rest, rest, status('filled', qty), status('filled', qty)];
      }
      case 'part':
        return half > 0 ? [this.exec(order, half), status('cancelled', half)] : [status('cancelled', 0)];
      case 'nothing':
        return [status('cancelled', 0)];
      case 'reject':
        return [status('rejected', 0)];
      case 'statusFirst':
        return [status('filled', qty), this.exec(order, qty)];
      case 'late': {
        seen.late++;
        this.later.push(this.exec(order, qty));
        return [status('filled', qty)];
      }
      case 'silence':
        return [];
      case 'corrected': {
        seen.corrections++;
        const exec = this.exec(order, qty);
        const better = {
          ...exec,
          execId: exec.execId.replace(/1$/, '2'),
          price: order.side === 'BUY' ? String(Number(exec.price) - 0.01) : exec.price,
        };
        this.truth.set(base(better.execId), better);
        return [exec, status('filled', qty), better, exec];
      }
    }
  }

  private exec(order: OrderIntent, qty: number): ExecEvent {
    const { orderId, key, symbol: name, side, limit } = order;
    const execId = `x.${++this.execs}.01`;
    const exec = { execId, orderId, key, symbol: name, side, qty, price: limit };
    this.truth.set(base(execId), exec);
    const after = (this.shares.get(name) ?? 0) + (side === 'BUY' ? qty : -qty);
    ok(after >= 0, `the exchange would be short ${after} of ${name}`);
    this.shares.set(name, after);
    this.later.push({ t: 0, type: 'position', symbol: name, shares: after, averageCost: 100 });
    return { t: this.t, type: 'exec', ...exec };
  }

  private snapshot(partial: boolean): EngineEvent {
    const positions = [...this.shares].map(([name, shares]) => ({ symbol: name, shares, averageCost: 100 }));
    const executions = [...this.truth.values()];
    this.later = [];
    return {
      t: this.t,
      type: 'reconcile',
      account: 'SIM1',
      positions,
      orders: [],
      executions,
      ...(partial ? { partial } : {}),
    };
  }

  connect(): void {
    this.hear({ t: this.t, type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
    this.hear(this.snapshot(false));
    for (const name of SYMBOLS) {
      this.hear({ t: this.t, type: 'dataType', symbol: name, value: 1 });
      this.hear({ t: this.t, type: 'download', symbol: name, state: 'finished' });
    }
  }

  deliver(): void {
    const events = this.later;
    this.later = [];
    for (const event of events) this.hear({ ...event, t: this.t });
  }

  pass(ms: number): void {
    const end = this.t + ms;
    while (this.t < end) {
      this.t = Math.min(end, this.t + 1000);
      this.take(this.engine.advance(this.t));
      this.deliver();
    }
  }

  quote(n: number, spread: number): void {
    const price = this.prices[n]!;
    const last = price / 100;
    this.hear({ t: this.t, type: 'tick', symbol: SYMBOLS[n]!, bid: (price - Math.floor(spread / 2)) / 100, ask: (price + Math.ceil(spread / 2)) / 100, last, volume: this.volumes[n]! }); // prettier-ignore
  }

  run(s: Step): void {
    const name = 'symbol' in s ? (SYMBOLS[s.symbol] ?? SYMBOLS[0]) : SYMBOLS[0];
    switch (s.do) {
      case 'price': {
        this.pass(s.wait);
        this.prices[s.symbol] = Math.max(5000, Math.min(20_000, this.prices[s.symbol]! + s.move));
        this.volumes[s.symbol]! += s.volume;
        return this.quote(s.symbol, s.spread);
      }
      case 'wait':
        return this.pass(s.seconds * 1000);
      case 'control':
        return this.hear({ t: this.t, type: 'control', action: s.action, ...(s.action === 'flatten' && s.symbol < 3 ? { symbol: name } : {}) }); // prettier-ignore
      case 'data':
        return this.hear({ t: this.t, type: 'dataType', symbol: name, value: s.value });
      case 'halt':
        return this.hear({ t: this.t, type: 'tick', symbol: name, halted: s.halted });
      case 'farm':
        return this.hear({ t: this.t, type: 'farm', up: s.up });
      case 'journal':
        return this.hear({ t: this.t, type: 'journalState', ok: s.ok });
      case 'cut':
        this.hear({ t: this.t, type: 'link', up: false });
        this.later = [];
        this.pass(s.seconds * 1000);
        return this.connect();
      case 'restart':
        return this.restart();
      case 'calm':
        return this.calm();
      case 'targets':
        this.text = TARGETS[s.text]!;
        return this.hear({ t: this.t, type: 'targets', text: this.text });
      case 'override':
        return this.hear({ t: this.t, type: 'override', symbol: name, buy: s.buy });
      case 'hand': {
        // A person trades by hand in the same account, but sells neither the bot's shares nor those that were left alone:
        // what is missing then is taken off the books, by rule.
        const book = this.core.books.get(name);
        const kept = (book?.position.shares ?? 0) + (book?.leftAlone ?? 0);
        const held = this.shares.get(name) ?? 0;
        const after = held + s.shares;
        if (this.isBusy(name) || after < kept) return;
        this.shares.set(name, after);
        return this.hear({ t: this.t, type: 'position', symbol: name, shares: after, averageCost: 100 });
      }
    }
  }

  private calm(): void {
    const { t } = this;
    this.hear({ t, type: 'control', action: 'resume' });
    this.hear({ t, type: 'control', action: 'release' });
    this.hear({ t, type: 'farm', up: true });
    this.hear({ t, type: 'journalState', ok: true });
    for (const name of SYMBOLS) {
      this.hear({ t, type: 'tick', symbol: name, halted: 0 });
      this.hear({ t, type: 'dataType', symbol: name, value: 1 });
      const unexplained = this.core.books.get(name)?.paused === 'unexplained';
      this.hear({ t, type: 'control', action: unexplained ? 'leaveAlone' : 'resume', symbol: name });
    }
  }

  private isBusy(name: string): boolean {
    return this.later.length > 0 || this.core.books.get(name)?.inFlight !== null;
  }

  restart(): void {
    seen.restarts++;
    this.session++;
    this.later = [];
    const durable = JSON.parse(JSON.stringify(this.folded)) as DurableState;
    this.engine = this.make(durable);
    this.t += 1500;
    this.connect();
    for (const [n, name] of SYMBOLS.entries()) {
      this.hear({
        t: this.t,
        type: 'bar',
        symbol: name,
        start: OPEN - 600_000,
        open: 1,
        high: 1,
        low: 1,
        close: 100,
        volume: 1,
      });
      this.quote(n, 4);
    }
  }

  /** What must hold of an order at the moment it is sent. */
  private checkOrder(order: OrderIntent): void {
    const { core } = this;
    const { session } = core;
    const book = core.books.get(order.symbol)!;
    ok(!this.keys.has(order.key), `key ${order.key} was used twice`);
    ok(!this.ids.has(order.orderId), `order id ${order.orderId} was used twice`);
    this.keys.add(order.key);
    this.ids.add(order.orderId);
    ok(Number.isInteger(order.qty) && order.qty > 0, `a quantity of ${order.qty}`);
    ok(order.t >= OPEN && order.t < OPEN + 6.5 * 3_600_000, 'an order outside regular hours');
    ok(session.linked && session.reconciled, 'an order before reconciliation');
    ok(!book.halted, 'an order while halted');
    equal(book.dataType, 1);
    if (order.side === 'SELL') {
      seen.sells++;
      ok(order.qty <= book.position.shares, 'a sell of more than is owned');
      ok(order.qty <= book.reported - book.leftAlone, 'a sell of what is left alone');
      if (order.tag === 'live_stop' || order.tag === 'live_trail') seen.exits++;
      if (book.exit !== null) equal(order.tag, book.exit);
      return;
    }
    seen.buys++;
    equal(book.exit, null);
    ok(!session.paused && !session.protectOnly && !session.killed && session.journalOk, 'a buy while entries are off');
    ok(session.farmUp && order.t - session.lastTickAt < 10_000, 'a buy while blind');
    ok(order.t - book.lastTickAt < 10_000, 'a buy while quiet');
    ok(!book.windDown && book.paused === null && book.downloaded, 'a buy of a symbol that may not');
    ok(book.bid > 0 && book.bid <= book.ask, 'a buy without a quote');
    ok(order.z > 0 && order.last <= book.ladder.buys[order.rung - 1]!, 'a buy above its rung or without z');
    const { allowance } = session;
    const cost = (of: (b: SymbolBook) => boolean): number =>
      core.order.filter(of).reduce((sum, b) => {
        const flying = b.inFlight?.side === 'BUY' ? Number(b.inFlight.limit) * (b.inFlight.qty - b.inFlight.booked) : 0;
        return sum + b.position.cost.toNumber() + flying;
      }, 0);
    const of = book.target.class;
    ok(cost(() => true) <= allowance.effectiveEquity + 1e-6, 'over the equity in use');
    ok(cost(b => b.target.class === of) <= allowance.classBudget[of] + 1e-6, 'over the class budget');
    ok(cost(b => b === book) <= allowance.tickerBudget[of] * 2.2 + 1e-6, 'over the symbol’s limit');
    ok(order.qty * Number(order.limit) <= 15_000, 'over the largest order');
  }

  /** What must hold at any time. */
  /** Where the engine asks no condition, asking all of them would have come to nothing. */
  private checkRest(): void {
    const { session, books, t } = this.core;
    const d = newDecision();
    for (const book of books.values()) {
      if (!(book.regularLast > 0) || !isAtRest(book, t)) continue;
      judge(book, session, t, d);
      const { tag, fires, heldBack, letsGo, buyBlockedBy } = d;
      deepEqual({ tag, fires, heldBack, letsGo, buyBlockedBy }, NOTHING);
      if (book.position.shares > 0) seen.heldAtRest++;
      if (book.z < 0 && book.position.shares > 0) seen.sellableAtRest++;
    }
  }

  check(): void {
    for (const book of this.core.books.values()) {
      const { position } = book;
      const held = position.layers.reduce((sum, layer) => sum + layer.held, 0);
      equal(held, position.shares);
      ok(position.shares >= 0, 'short');
      ok(position.layers.length <= 7 && position.layers.every(layer => layer.held > 0), 'an empty layer');
      equal(position.shares > 0, position.average !== null);
      const before = this.exitOn.get(book.symbol);
      if (before !== undefined && position.shares > 0) equal(book.exit, before, 'an exit ended before flat');
      if (book.exit === null) this.exitOn.delete(book.symbol);
      else this.exitOn.set(book.symbol, book.exit);
    }
  }

  /** Everything that is on its way has arrived: books equal the exchange's, and the journal has them. */
  settle(): void {
    this.hear({ t: this.t, type: 'control', action: 'pause' });
    for (let n = 0; n < 3; n++) {
      this.pass(21_000);
      this.hear({ t: this.t, type: 'link', up: false });
      this.connect();
    }
    for (const name of SYMBOLS) {
      const book = this.core.books.get(name);
      const mine = [...this.truth.values()].filter(exec => exec.symbol === name);
      const sum = mine.reduce((total, exec) => total + (exec.side === 'BUY' ? exec.qty : -exec.qty), 0);
      equal(book?.position.shares ?? 0, sum, `books of ${name}`);
    }
    for (const exec of this.truth.values()) {
      const booked = this.core.execs.get(base(exec.execId));
      deepEqual([booked?.execId, booked?.qty, booked?.price], [exec.execId, exec.qty, exec.price]);
    }
    equal(this.core.execs.size, this.truth.size);
    this.compareFold();
  }

  /** The journal folds to what is in memory; the mark may lag by less than a tick of the stop. */
  compareFold(): void {
    const memory = JSON.parse(JSON.stringify(this.engine.durable())) as DurableState;
    const { folded } = this;
    const plain = (state: DurableState): unknown => ({
      ...state,
      symbols: Object.fromEntries(
        Object.entries(state.symbols).map(([name, saved]) => [
          name,
          {
            ...saved,
            mark: saved.mark === null ? null : Math.round(saved.mark * 10) / 10,
            // Of a symbol that is not held the line in force is the file's, at the next start.
            target: saved.position.layers.length > 0 ? { ...saved.target, line: 0 } : null,
          },
        ]),
      ),
    });
    deepEqual(plain(folded), plain(memory));
  }
}

function base(execId: string): string {
  return execId.replace(/\.\d+$/, '');
}

describe('property: engine', function () {
  this.timeout(300_000);

  it('keeps every promise through any sequence of events', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 200, size: 'max' }), fc.array(answer, { minLength: 3, maxLength: 12 }), (steps, answers) => {
        const world = new World(answers);
        for (const each of steps) world.run(each);
        world.settle();
      }),
      { numRuns: 300 },
    ); // prettier-ignore
    ok(seen.buys > 500 && seen.sells > 200 && seen.exits > 100, JSON.stringify(seen));
    ok(seen.heldAtRest > 1000 && seen.sellableAtRest > 100, JSON.stringify(seen));
    ok(seen.restarts > 30 && seen.corrections > 20 && seen.late > 10, JSON.stringify(seen));
  });

  it('decides the same after a restart as without one, once both have heard the same', () => {
    const price = fc.record({ symbol, move: fc.integer({ min: -60, max: 60 }) });
    fc.assert(
      fc.property(fc.array(price, { minLength: 10, maxLength: 40 }), fc.array(price, { minLength: 5, maxLength: 30 }), (first, then) => {
        const world = new World(['fill', 'part', 'nothing', 'split']);
        let volume = 10;
        const go = (each: { symbol: number; move: number }): void => {
          volume += 1;
          world.run({ do: 'price', symbol: each.symbol, move: each.move, volume: volume % 7 === 0 ? 900 : volume, wait: 1000, spread: 2 });
        };
        for (const each of first) go(each);
        world.pass(22_000);
        const orders: string[][] = [[], []];
        const durable = JSON.parse(JSON.stringify(world.folded)) as DurableState;
        const kept = world.engine;
        const again = new World(['nothing']);
        for (const [n, engine] of [kept, again.engine].entries()) {
          const made = n === 0 ? engine : newEngine(durable);
          const names: string[] = orders[n]!;
          const hear = (event: EngineEvent): void => {
            for (const effect of made.handle(event)) {
              if (effect.type === 'place') names.push(`${effect.order.t - world.t} ${effect.order.symbol} ${effect.order.side} ${effect.order.qty} ${effect.order.limit} ${effect.order.tag} ${effect.order.rung}`);
            }
          };
          let t = world.t;
          const positions = [...world.shares].map(([name, shares]) => ({ symbol: name, shares, averageCost: 100 }));
          hear({ t, type: 'link', up: true, account: 'SIM1', nextOrderId: 1 });
          hear({ t, type: 'reconcile', account: 'SIM1', positions, orders: [], executions: [] });
          const prices = [...world.prices];
          for (const name of SYMBOLS) {
            hear({ t, type: 'dataType', symbol: name, value: 1 });
            hear({ t, type: 'download', symbol: name, state: 'finished' });
            hear({ t, type: 'bar', symbol: name, start: OPEN - 600_000, open: 1, high: 1, low: 1, close: 100, volume: 1 });
            hear({ t, type: 'tick', symbol: name, last: prices[SYMBOLS.indexOf(name)]! / 100, bid: prices[SYMBOLS.indexOf(name)]! / 100, ask: prices[SYMBOLS.indexOf(name)]! / 100, volume: 1 });
          }
          // z starts at 0 after a restart; of what is left, stops and rests decide alike.
          for (const each of then) {
            t += 1000;
            prices[each.symbol]! += each.move;
            const p = prices[each.symbol]! / 100;
            hear({ t, type: 'tick', symbol: SYMBOLS[each.symbol]!, last: p, bid: p, ask: p });
          }
        }
        deepEqual(orders[1], orders[0]);
      }),
      { numRuns: 60 },
    ); // prettier-ignore
  });
});

function newEngine(durable: DurableState): Engine {
  const start = startTargets(TARGETS[0]!, BASE);
  if (!start.ok) throw new Error('the targets of a test must be valid');
  return new Engine({ settings: SETTINGS, targets: start.value, base: BASE, sessionId: 'later', durable });
}
