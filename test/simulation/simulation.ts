/**
 * One run of one seed: a market, an exchange, a gateway, a computer and the session on it, under one clock. Faults come as
 * planned; at the end everybody gets time to finish, and then the books have to equal the truth.
 */
import type { ControlAction, EngineEvent, Notice, OrderIntent } from '../../src/engine/events';
import type { Session } from '../../src/session/session';
import type { FromSession, SessionConfig } from '../../src/shared/protocol';
import type { Settings } from '../../src/strategy/settings';
import { Auditor, type Listed } from './auditor';
import { JournalReader } from './books';
import { at } from './days';
import { Faults, planFaults, type FaultKind, type PlannedFault } from './faults';
import { Feed } from './feed';
import { meetsFloor, missing, MOST_ROUNDS, ROUND_SECONDS, wake, type Done } from './floor';
import { ACCOUNT, Gateway, type Line } from './gateway';
import { Judgement, type Inside } from './judgement';
import { Machine, survive, type Process, type Stage } from './machine';
import { Market } from './market';
import { happen } from './happenings';
import type { Product } from './product';
import { Random } from './random';
import { settingsOf } from './settings';
import { SimulatedPort } from './simulatedPort';
import { VirtualClock } from './virtualClock';

const FOLDER = '/bot';
const JOURNALS = `${FOLDER}/.dronebot/${ACCOUNT}/journal`;
/** So much of the journal a power cut may take, and a little more. */
const SYNC_WITHIN_MS = 150;
const CLIENT_ID = 21;
const EQUITY = 150_000;
const SHARES = { risky: 0.6, safe: 0.4 };
/** Seconds of a run with faults, and for everybody to finish. */
export const FAULT_SECONDS = 420;
const CALM_SECONDS = 85;

const DECREES: ReadonlySet<string> = new Set(['adopted', 'leftAlone', 'fewerShares', 'dayLoss']);

export interface Failure {
  rule: string;
  text: string;
  /** Seconds after the start. */
  at: number;
}

/** What goes wrong and for how long: the seed's own plan, and what a run that was too tame went on with. */
export interface Course {
  plan: readonly PlannedFault[];
  rounds: number;
}

/** Without rounds it goes on until it was worth the while. */
export type GivenCourse = Partial<Course>;

export interface Outcome {
  seed: number;
  failure: Failure | null;
  events: number;
  fills: number;
  restarts: number;
  faults: Partial<Record<FaultKind, number>>;
  course: Course;
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
  /** When the faults are over. */
  private end: number;
  /** Over night: no time of the run. */
  private slept = 0;
  private readonly settings: Settings;
  session: Session | null = null;
  process: Process | null = null;
  failure: Failure | null = null;
  private events = 0;
  private starts = 0;
  journal: JournalReader;
  private readonly judgement = new Judgement(this, `${FOLDER}/fills_live.csv`);
  private readonly feed: Feed;
  /** When somebody, or the session for good, last decided something that only the journal knows. */
  private decreedAt = -Infinity;
  /** Seconds that a start waits after the next death. */
  downSeconds = 3;
  /** The next order is lost on its way. */
  swallowNext: ((order: OrderIntent) => void) | null = null;
  private isFinishing = false;
  private readonly plan: PlannedFault[];
  /** Rounds that were added to the planned time. */
  private rounds = 0;

  constructor(
    private readonly seed: number,
    private readonly given: GivenCourse,
    readonly product: Product,
    stage: Stage,
  ) {
    this.plan = [...(given.plan ?? planFaults(seed, FAULT_SECONDS))];
    const random = (this.random = new Random(seed, 'exchange'));
    const setup = new Random(seed, 'setup');
    this.start = setup.chance(0.1)
      ? at(9, 29)
      : setup.chance(0.1)
        ? at(15, 52)
        : at(10, 5) + setup.whole(0, 300) * 60_000;
    this.end = this.start + FAULT_SECONDS * 1000;
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
    this.feed = new Feed(clock, random, this.gateway, markets);
    this.auditor = new Auditor({
      clock,
      settings: this.settings,
      listed: this.listed,
      equity: EQUITY,
      shares: SHARES,
      isJournaled: key => this.journal.intents.has(key),
      isJournalFailing: () => this.journalHasRefused,
      isMuddled: symbol => this.gateway.exchange.isMuddled(symbol),
      broken,
    });
    this.journal = new JournalReader(product);
    this.prepareMachine();
  }

  /** A write to the journal has failed, and none has worked since. */
  journalHasRefused = false;

  async run(): Promise<Outcome> {
    const { clock, plan } = this;
    this.schedule(-Infinity, FAULT_SECONDS);
    for (const market of this.markets.values()) this.feed.drive(market);
    this.startSession();
    this.everySecond();
    const isOver = (): boolean => this.failure !== null;
    for (let end = NaN; end !== this.end && !isOver(); this.goOn(end)) await clock.runUntil((end = this.end), isOver);
    if (!isOver()) await this.finish(isOver);
    this.process?.die();
    await clock.settle();
    const { seed, failure, rounds } = this;
    const { events, restarts, fills } = this.done;
    const faults = Object.fromEntries(this.faults.happened);
    return { seed, failure, events, restarts, fills, faults, course: { plan, rounds } };
  }

  private get done(): Done {
    const { events, starts, faults, auditor } = this;
    return { events, restarts: starts - 1, faults: faults.total, fills: auditor.known.nExecutions };
  }

  /** The faults of these seconds. */
  private schedule(after: number, until: number): void {
    for (const fault of this.plan) {
      if (fault.at <= after || fault.at > until) continue;
      this.clock.at(this.start + this.slept + fault.at * 1000, () => {
        if (!this.isFinishing) happen(this, fault);
      });
    }
  }

  /** Another round for a run that has not been through enough by its end, or that had one before. */
  private goOn(end: number): void {
    const { given, rounds, done, failure } = this;
    if (end !== this.end || failure !== null || rounds === (given.rounds ?? MOST_ROUNDS)) return;
    if (given.rounds === undefined && meetsFloor(done)) return;
    const from = FAULT_SECONDS + rounds * ROUND_SECONDS;
    if (given.rounds === undefined) this.plan.push(...missing(this, done).map(fault => ({ at: from + 1, ...fault })));
    this.schedule(from, from + ROUND_SECONDS);
    this.rounds++;
    this.end += ROUND_SECONDS * 1000;
    wake(this);
  }

  /** Nothing goes wrong any more and prices stand still; a last connection reconciles everything. */
  private async finish(isOver: () => boolean): Promise<void> {
    const { clock, gateway, machine } = this;
    this.isFinishing = true;
    this.faults.isOver = true;
    machine.disk.isCsvLocked = machine.disk.isJournalFailing = false;
    gateway.answersSnapshots = true;
    gateway.account = ACCOUNT;
    gateway.closedUntil = gateway.heldUntil = -Infinity;
    for (const market of this.markets.values()) {
      market.isFrozen = true;
      market.isHalted = false;
      market.missingSide = null;
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
    this.judgement.compareAll();
  }

  // --- the session

  startSession(): void {
    const { machine, product, settings } = this;
    const process = (this.process = machine.start());
    this.starts++;
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
    this.clock.after(seconds * 1000, () => {
      // Nobody starts it on an account that is not his.
      if (this.gateway.account !== ACCOUNT) return this.startLater(1);
      if (this.process?.isAlive !== true || this.session === null) this.startSession();
    });
  }

  async stopSession(leaveStops: boolean): Promise<void> {
    const { session, process } = this;
    if (session === null || process?.isAlive !== true) return;
    await session.stop({ leaveStops });
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
      subscribe: (line, symbol) => this.feed.subscribe(line, symbol),
      demandEnd: process => {
        if (process.isAlive) this.broken('a changed account ends the session', 'it goes on');
      },
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
    if (DECREES.has(notice.code)) this.decreedAt = this.clock.now;
    const { code, symbol, data } = notice;
    if (code === 'adopted' && symbol !== undefined) this.gateway.exchange.adopt(symbol, Number(data['shares']));
    const answer = (action: ControlAction): void => {
      this.clock.after(4000, () => this.person(action, symbol));
    };
    if (code === 'unexplained') answer(this.seed % 3 === 0 ? 'adopt' : 'leaveAlone');
    else if (code === 'fewerShares' || code === 'buysPausedRejects') answer('resume');
    else if (code === 'dayLoss') answer('resetLoss');
    else if (code === 'soldMoreThanOwned' && !this.gateway.exchange.isMuddled(symbol ?? ''))
      this.broken('never sold more than owned', JSON.stringify(data));
  }

  /** A person's command, if there is a session to hear it. */
  person(action: ControlAction, symbol?: string): boolean {
    const { session, process } = this;
    if (session === null || process?.isAlive !== true || (session as unknown as Inside).running === null) return false;
    // He sees that the disk is full and waits with what should last.
    if (this.machine.disk.isJournalFailing) return false;
    this.guarded(() => session.control(action, symbol));
    this.decreedAt = this.clock.now;
    // A process that died of the command may have had it in its journal, or not.
    if (symbol !== undefined) this.auditor.resumed(symbol);
    else if (process.isAlive) this.auditor.commanded(action);
    return true;
  }

  private handled(process: Process, event: EngineEvent): void {
    if (!process.isAlive) return;
    this.events++;
    this.judgement.compareMemory();
    if (this.events % 256 === 0 || (event.type === 'reconcile' && event.partial !== true))
      this.judgement.compareWithJournal();
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
    machine.onDeath = (process, isPowerCut) => {
      if (process !== this.process) return;
      this.auditor.died();
      this.journalHasRefused = false;
      // What a person has just decided he decides again: it is asked for in the next session only if it was on the disk.
      if (isPowerCut && this.clock.now - this.decreedAt > SYNC_WITHIN_MS) this.losePower();
      const { line } = this.gateway;
      if (line !== null) this.clock.after(this.random.between(0, 50), () => this.gateway.hangUp(line));
      this.startLater(this.downSeconds);
      this.clock.hasPromises = true;
    };
  }

  private losePower(): void {
    const { machine, random } = this;
    this.faults.count('powerCut');
    machine.disk.loseUnsynced(() => random.next());
    this.journal = new JournalReader(this.product);
    for (const file of machine.disk.names(JOURNALS).sort()) {
      const text = machine.disk.text(`${JOURNALS}/${file}`);
      this.journal.read(Buffer.from(text.slice(0, text.lastIndexOf('\n') + 1)));
    }
    this.auditor.lostPower(this.journal.intents);
  }

  /** The computer sleeps over night; everything goes on where it was, on the next morning. */
  sleepOverNight(how: number): void {
    const ms = Math.ceil(at(9, 29, 1) + how * 90_000 - this.clock.now);
    this.clock.shift(ms);
    this.end += ms;
    this.slept += ms;
    this.auditor.newDay();
  }

  /** Everything that was told has been heard, and nothing that happened is unknown. */
  get isCalm(): boolean {
    const { gateway, auditor } = this;
    const { line, exchange, lostAt, hasIb } = gateway;
    return (
      hasIb &&
      auditor.isTrusting &&
      line?.pending === 0 &&
      exchange.live.size === 0 &&
      auditor.known.unfinished.size === 0 &&
      lostAt < auditor.answeredSince
    );
  }

  /** Runs something of the product's from outside its own timers. */
  guarded(run: () => void): void {
    survive(run);
    this.clock.hasPromises = true;
  }

  /** Killed between two events: what it has in memory is what the journal gives back. */
  kill(): void {
    this.judgement.compareWithJournal();
    this.process?.die();
  }

  hangUp(line: Line, noticedMs: number): void {
    this.gateway.hangUp(line);
    this.clock.after(noticedMs, () => line.ended());
  }

  // --- the judgement

  broken(rule: string, text: string): void {
    this.failure ??= { rule, text, at: (this.clock.now - this.start) / 1000 };
  }

  private everySecond(): void {
    this.clock.after(1000, () => {
      if (this.session !== null && (this.session as unknown as { isOver: boolean }).isOver) this.process?.die();
      this.judgement.compareShares();
      this.everySecond();
    });
  }
}

export const simulate = (seed: number, product: Product, stage: Stage, given: GivenCourse = {}): Promise<Outcome> =>
  new Simulation(seed, given, product, stage).run();
