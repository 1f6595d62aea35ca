/**
 * One run of one seed: a market, an exchange, a gateway, a computer and the session on it, under one clock. Faults come as
 * planned; at the end everybody gets time to finish, and then the books have to equal the truth.
 */
import type { PortEvent } from '../../src/broker/port';
import type { DurableState } from '../../src/engine/durable';
import type { ControlAction, EngineEvent, Notice, OrderIntent } from '../../src/engine/events';
import type { Session } from '../../src/session/session';
import type { FromSession, SessionConfig } from '../../src/shared/protocol';
import { DEFAULT_SETTINGS, type Settings } from '../../src/strategy/settings';
import { Auditor, type Listed } from './auditor';
import { compareBooks, compareDurable, compareFees, compareFills, JournalReader } from './books';
import { Faults, planFaults, type FaultKind, type PlannedFault } from './faults';
import { Gateway, type Line } from './gateway';
import { Died, Machine, type Process, type Stage } from './machine';
import { Market } from './market';
import { happen } from './happenings';
import type { Product } from './product';
import { Random } from './random';
import { SimulatedPort } from './simulatedPort';
import { VirtualClock } from './virtualClock';

/** 2026-11-18 is a Wednesday; New York is 5 hours behind. */
const MIDNIGHT = Date.parse('2026-11-18T00:00:00-05:00');
const at = (hours: number, minutes: number): number => MIDNIGHT + (hours * 60 + minutes) * 60_000;
const HOURS = [at(9, 30), at(16, 0)] as const;
const FOLDER = '/bot';
const CLIENT_ID = 21;
const EQUITY = 150_000;
const SHARES = { risky: 0.6, safe: 0.4 };
/** Seconds of a run with faults, and for everybody to finish. */
export const FAULT_SECONDS = 420;
const CALM_SECONDS = 85;

export interface Failure {
  rule: string;
  text: string;
  /** Seconds after the start. */
  at: number;
}

export interface Outcome {
  seed: number;
  failure: Failure | null;
  events: number;
  fills: number;
  restarts: number;
  faults: Partial<Record<FaultKind, number>>;
}

/** The session as its tests see it from inside: what it would rebuild from its journal has to be what it has. */
export interface Inside {
  running: { engine: { durable(): DurableState } } | null;
}

export class Simulation {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults = new Faults();
  readonly machine: Machine;
  readonly gateway: Gateway;
  readonly auditor: Auditor;
  readonly markets = new Map<string, Market>();
  readonly listed: Listed[];
  readonly start: number;
  private readonly settings: Settings;
  session: Session | null = null;
  process: Process | null = null;
  private failure: Failure | null = null;
  private events = 0;
  private restarts = 0;
  private readonly journal: JournalReader;
  /** Seconds that a start waits after the next death. */
  downSeconds = 3;
  /** The next order is lost on its way. */
  swallowNext: ((order: OrderIntent) => void) | null = null;
  private readonly subscribed = new Map<Line, Set<string>>();
  private isFinishing = false;
  private comparedVersion = '';

  constructor(
    private readonly seed: number,
    private readonly plan: readonly PlannedFault[],
    readonly product: Product,
    stage: Stage,
  ) {
    const random = (this.random = new Random(seed, 'exchange'));
    const setup = new Random(seed, 'setup');
    this.start = setup.chance(0.1)
      ? at(9, 29)
      : setup.chance(0.1)
        ? at(15, 52)
        : at(10, 5) + setup.whole(0, 300) * 60_000;
    this.clock = new VirtualClock(this.start);
    this.machine = new Machine(this.clock);
    stage.use(this.machine);
    this.listed = [
      { symbol: 'AVAV', class: 'risky' },
      { symbol: 'ONDS', class: 'risky' },
      { symbol: 'KTOS', class: 'safe' },
    ];
    this.settings = settingsOf(setup);
    for (const { symbol } of this.listed) this.markets.set(symbol, new Market(symbol, seed, this.start));
    const { clock, faults, markets } = this;
    const broken = (rule: string, text: string): void => this.broken(rule, text);
    this.gateway = new Gateway({ clock, random, faults, markets, clientId: CLIENT_ID, broken });
    this.auditor = new Auditor({
      clock,
      settings: this.settings,
      listed: this.listed,
      equity: EQUITY,
      shares: SHARES,
      hours: HOURS,
      isJournaled: key => this.journal.intents.has(key),
      isJournalFailing: () => this.journalHasRefused,
      isMuddled: symbol => this.gateway.exchange.isMuddled(symbol),
      broken,
    });
    this.journal = new JournalReader(product);
    this.prepareMachine();
  }

  /** A write to the journal has failed, and none has worked since. */
  private journalHasRefused = false;

  async run(): Promise<Outcome> {
    const { clock, plan } = this;
    for (const fault of plan) {
      clock.at(this.start + fault.at * 1000, () => {
        if (!this.isFinishing) happen(this, fault);
      });
    }
    for (const market of this.markets.values()) this.drive(market);
    this.startSession();
    this.everySecond();
    const isOver = (): boolean => this.failure !== null;
    await clock.runUntil(this.start + FAULT_SECONDS * 1000, isOver);
    if (!isOver()) await this.finish(isOver);
    this.process?.die();
    await clock.settle();
    const { seed, failure, events, restarts, faults, auditor } = this;
    return {
      seed,
      failure,
      events,
      restarts,
      fills: auditor.known.nExecutions,
      faults: Object.fromEntries(faults.happened),
    };
  }

  /** Nothing goes wrong any more and prices stand still; a last connection reconciles everything. */
  private async finish(isOver: () => boolean): Promise<void> {
    const { clock, gateway, machine } = this;
    this.isFinishing = true;
    this.faults.isOver = true;
    machine.disk.isCsvLocked = machine.disk.isJournalFailing = false;
    gateway.answersSnapshots = true;
    gateway.closedUntil = gateway.heldUntil = -Infinity;
    for (const market of this.markets.values()) {
      market.isFrozen = true;
      market.isHalted = false;
      market.quietUntil = -Infinity;
    }
    if (!gateway.isFarmUp) gateway.setFarm(true);
    if (!gateway.hasIb) gateway.restoreIb(false);
    this.person('release');
    await clock.runUntil(clock.now + 30_000, isOver);
    if (isOver()) return;
    const { line } = gateway;
    if (line !== null) this.hangUp(line, 100);
    await clock.runUntil(clock.now + (CALM_SECONDS - 30) * 1000, isOver);
    if (isOver()) return;
    if (gateway.line === null) return this.broken('the session finds its way back', 'no connection at the end');
    this.compareAll();
  }

  // --- the session

  startSession(): void {
    const { machine, product, settings } = this;
    const process = (this.process = machine.start());
    const config: SessionConfig = {
      broker: 'ib',
      host: '127.0.0.1',
      port: 7497,
      clientId: CLIENT_ID,
      targetsFile: `${FOLDER}/targets.txt`,
      folder: FOLDER,
      settings: { ...settings, 'files.tapeDays': 0 },
      budget: { equity: EQUITY, ...SHARES },
    };
    const session = (this.session = new product.Session(config, {
      createPort: (port, listener) => new SimulatedPort(this.portWorld(), process, port, listener),
      emit: message => this.told(process, message),
      watch: { handled: event => this.handled(process, event) },
    }));
    this.guarded(() => {
      session.start();
      session.watch([], 3_600_000);
    });
  }

  /** Starts again after `seconds`; whatever ended is not there any more. */
  private startLater(seconds: number): void {
    this.session = null;
    this.restarts++;
    this.clock.after(seconds * 1000, () => {
      if (this.process?.isAlive !== true || this.session === null) this.startSession();
    });
  }

  async stopSession(): Promise<void> {
    const { session, process } = this;
    if (session === null || process === null) return;
    await session.stop();
  }

  private portWorld(): ConstructorParameters<typeof SimulatedPort>[0] {
    const { clock, random, gateway, auditor, product } = this;
    return {
      clock,
      random,
      gateway,
      auditor,
      product,
      swallows: order => {
        const { swallowNext } = this;
        this.swallowNext = null;
        swallowNext?.(order);
        return swallowNext !== null;
      },
      subscribe: (line, symbol) => this.subscribe(line, symbol),
    };
  }

  private told(process: Process, message: FromSession): void {
    if (!process.isAlive) return;
    if (message.type === 'notice') this.noticed(message.notice);
    else if (message.type === 'refused') this.broken('every start goes on', `refused: ${message.text}`);
    else if (message.type === 'ended') {
      if (message.crash === true) this.broken('no internal error', message.text);
      if (process !== this.process) return;
      process.die();
    }
  }

  private noticed(notice: Notice): void {
    this.auditor.noticed(notice);
    const { code, symbol, data } = notice;
    if (code === 'adopted' && symbol !== undefined) this.gateway.exchange.adopt(symbol, Number(data['shares']));
    const answer = (action: ControlAction): void => {
      this.clock.after(4000, () => this.person(action, symbol));
    };
    if (code === 'unexplained') answer(this.seed % 3 === 0 ? 'adopt' : 'leaveAlone');
    else if (code === 'fewerShares' || code === 'buysPausedRejects') answer('resume');
    else if (code === 'dayLoss') answer('resetLoss');
    else if (code === 'soldMoreThanOwned') this.broken('never sold more than owned', JSON.stringify(data));
  }

  /** A person's command, if there is a session to hear it. */
  person(action: ControlAction, symbol?: string): boolean {
    const { session, process } = this;
    if (session === null || process?.isAlive !== true || (session as unknown as Inside).running === null) return false;
    // He sees that the disk is full and waits with what should last.
    if (this.machine.disk.isJournalFailing) return false;
    this.guarded(() => session.control(action, symbol));
    // A process that died of the command may have had it in its journal, or not.
    if (symbol === undefined && process.isAlive) this.auditor.commanded(action);
    return true;
  }

  private handled(process: Process, event: EngineEvent): void {
    if (!process.isAlive) return;
    this.events++;
    if (this.events % 128 === 0 || event.type === 'reconcile') this.compareWithJournal();
  }

  // --- the computer

  private prepareMachine(): void {
    const { machine } = this;
    const lines = this.listed.map(each => `${each.symbol} class=${each.class} buy=0.60 sell=0.60`);
    machine.disk.write(`${FOLDER}/targets.txt`, `@config risky=0.6 safe=0.4 equity=${EQUITY}\n${lines.join('\n')}\n`);
    machine.disk.hasRefused = file => {
      if (file.includes('/journal/')) this.journalHasRefused = true;
      this.faults.take(file.endsWith('.csv') ? 'csvLocked' : 'journalFails');
    };
    machine.disk.hasWritten = (file, bytes) => {
      if (!file.includes('/journal/')) return;
      this.journalHasRefused = false;
      this.journal.read(bytes);
    };
    machine.onDeath = process => {
      if (process !== this.process) return;
      this.auditor.died();
      this.journalHasRefused = false;
      const { line } = this.gateway;
      if (line !== null) this.clock.after(this.random.between(0, 50), () => this.gateway.hangUp(line));
      this.startLater(this.downSeconds);
      this.clock.hasPromises = true;
    };
  }

  /** Runs something of the product's from outside its own timers; its death in it is no error. */
  guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
    this.clock.hasPromises = true;
  }

  /** Killed between two events: what it has in memory is what the journal gives back. */
  kill(): void {
    this.compareWithJournal();
    this.process?.die();
  }

  hangUp(line: Line, noticedMs: number): void {
    this.gateway.hangUp(line);
    this.clock.after(noticedMs, () => line.ended());
  }

  // --- the market

  private drive(market: Market): void {
    const { clock } = this;
    const step = (): void => {
      const quote = market.next(clock.now);
      if (clock.now >= market.quietUntil) this.publish(market.symbol, { ...quote, halted: market.isHalted ? 1 : 0 });
      clock.after(market.isFrozen ? 2000 : 400 + ((quote.volume * 7) % 400), step);
    };
    clock.after(500, step);
  }

  private publish(symbol: string, values: Omit<Extract<EngineEvent, { type: 'tick' }>, 't' | 'type' | 'symbol'>): void {
    const { gateway } = this;
    const { line } = gateway;
    if (line === null || !gateway.hasIb || !gateway.isFarmUp || this.subscribed.get(line)?.has(symbol) !== true) return;
    line.toClient(() => line.hear({ type: 'engine', event: { t: 0, type: 'tick', symbol, ...values } }));
  }

  private subscribe(line: Line, symbol: string): void {
    const { clock, random } = this;
    const market = this.markets.get(symbol);
    if (market === undefined) return;
    const tell = (event: EngineEvent): void =>
      line.toClient(() => line.hear({ type: 'engine', event } satisfies PortEvent));
    line.toGateway(() => {
      const symbols = this.subscribed.get(line) ?? new Set();
      this.subscribed.set(line, symbols.add(symbol));
      tell({ t: 0, type: 'contract', symbol, ticks: [[0, 0.0001], [1, 0.01]], hours: [HOURS] }); // prettier-ignore
      tell({ t: 0, type: 'dataType', symbol, value: 1 });
      tell({ t: 0, type: 'download', symbol, state: 'started' });
      clock.after(random.between(50, 900), () => {
        const close = market.base;
        for (const start of [at(9, 0), at(9, 1), at(9, 40), at(9, 41), at(9, 58)]) {
          if (start + 60_000 <= clock.now)
            tell({ t: 0, type: 'bar', symbol, start, open: close, high: close, low: close, close, volume: 100 });
        }
        tell({ t: 0, type: 'download', symbol, state: 'finished' });
        tell({ t: 0, type: 'tick', symbol, close });
      });
    });
  }

  // --- the judgement

  broken(rule: string, text: string): void {
    this.failure ??= { rule, text, at: (this.clock.now - this.start) / 1000 };
  }

  private everySecond(): void {
    this.clock.after(1000, () => {
      if (this.session !== null && (this.session as unknown as { isOver: boolean }).isOver) this.process?.die();
      this.compareShares();
      this.everySecond();
    });
  }

  private inside(): Inside['running'] {
    return this.session === null ? null : (this.session as unknown as Inside).running;
  }

  private compareWithJournal(): void {
    const running = this.inside();
    if (running === null || this.process?.isAlive !== true || this.journalHasRefused || this.failure !== null) return;
    const difference = compareDurable(this.journal.folded, running.engine.durable(), this.clock.now);
    if (difference !== null) this.broken('the journal gives back what is in memory', difference);
  }

  /** Whenever everything that was told has been heard and nothing was lost since the last answer. */
  private compareShares(): void {
    const { gateway, auditor, failure } = this;
    // Whoever has not changed since they were equal is equal still.
    const version = `${this.journal.nEntries} ${gateway.exchange.nMoves}`;
    if (version === this.comparedVersion) return;
    const running = this.inside();
    const isAlive = this.process?.isAlive === true && failure === null;
    if (running === null || !isAlive || !auditor.isTrusting || gateway.line === null || gateway.line.pending > 0)
      return;
    if (!gateway.hasIb || gateway.exchange.live.size > 0 || auditor.known.unfinished.size > 0) return;
    if (gateway.lostAt >= auditor.answeredSince) return;
    this.comparedVersion = version;
    const { symbols } = running.engine.durable();
    for (const { symbol } of this.listed) {
      if (gateway.exchange.isMuddled(symbol)) continue;
      const shares = symbols[symbol]?.position.layers.reduce((sum, layer) => sum + layer.held, 0) ?? 0;
      const truth = gateway.exchange.own(symbol);
      if (shares !== truth)
        this.broken(
          'books equal the truth',
          `${symbol}: nothing is on its way, the books have ${shares}, the truth is ${truth}`,
        );
    }
  }

  private compareAll(): void {
    const running = this.inside();
    if (running === null) return this.broken('the session finds its way back', 'no session at the end');
    this.compareWithJournal();
    const durable = running.engine.durable();
    const { gateway, auditor, listed, machine } = this;
    const symbols = listed.map(each => each.symbol);
    const books = compareBooks(symbols, durable, gateway.exchange, auditor);
    if (books !== null) this.broken('books equal the truth', books);
    const fees = compareFees(durable, gateway.exchange);
    if (fees !== null) this.broken('commissions equal the truth', fees);
    const fills = compareFills(machine.disk.text(`${FOLDER}/fills_live.csv`), [
      ...gateway.exchange.executions.values(),
    ]);
    if (fills !== null) this.broken('every execution once in the file', fills);
    const exits = auditor.exitsOn();
    if (exits.length > 0) this.broken('a fired exit stays until flat', `still holds: ${exits.join(', ')}`);
  }
}

export const simulate = (
  seed: number,
  product: Product,
  stage: Stage,
  plan: readonly PlannedFault[] = planFaults(seed, FAULT_SECONDS),
): Promise<Outcome> => new Simulation(seed, plan, product, stage).run();

/** Quick settings, so that much happens in ten minutes. */
function settingsOf(random: Random): Settings {
  return {
    ...DEFAULT_SETTINGS,
    'volatility.minimum': 3,
    'volatility.window': 21,
    'protection.restSeconds': random.whole(1, 20),
    'protection.exitsPerDay': 100,
    'protection.hardStopPercent': random.pick([2, 3, 5]),
    'protection.trailArmPercent': random.pick([0, 0.5, 1, 2.5]),
    'protection.trailPercent': random.pick([0.5, 1, 2.5]),
    'limits.dayLossPercent': random.pick([0.5, 2, 2]),
    'limits.orderUsd': random.pick([2500, 15_000]),
    'sizing.maxClip': random.pick([1500, 6000]),
  };
}
