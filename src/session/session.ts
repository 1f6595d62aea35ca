/**
 * The shell around the engine: connects, reads the durable state, feeds events into one queue and runs the effects, journal
 * first. The same class runs in the worker thread of the extension host, in the demo and in tests. It decides nothing: what is
 * bought and sold, and what stops it, is the engine's.
 */
import { endpointText, parseEndpoint, type Endpoint } from '../broker/endpoint';
import type { BrokerPort, BrokerProblem, Connected, PortEvent } from '../broker/port';
import type { ControlAction, EngineEvent } from '../engine/events';
import type { FromSession, Phase, SessionConfig, SessionSnapshot, SymbolDetail } from '../shared/protocol';
import { isoNewYork } from '../strategy/exchangeTime';
import type { Settings } from '../strategy/settings';
import { Connection } from './connection';
import { ErrorsLog } from './errorsLog';
import { OwnerTaken, type Owner } from './owner';
import { OrdersOut } from './ordersOut';
import { pathsOf } from './paths';
import { assemble, type Running } from './running';
import { brokerConfig, factsOf, ownerRefusal, own, readStartTargets, Refused, settingsOf, tailOf } from './startup';
import type { StartTargets } from './startup';
import type { Ended, SessionParts } from './sessionParts';
import { Subscriptions } from './subscriptions';
import { answerRequest, type Request } from './requests';
import { Telling, type Pictures } from './telling';
import { UserPlace } from './userPlace';
import { Watchers, type Watched } from './watchers';

const CHORES_MS = 1000;
const STOP_WITHIN_MS = 3000;
const SNAPSHOT_MS = 500;
/** After the day's end an order that nobody answers is waited for this long, on the broker's clock. */
const DAY_END_MS = 15_000;

export class Session {
  readonly ended: Promise<Ended>;
  private resolveEnded: (ended: Ended) => void = () => undefined;
  private readonly settings: Settings;
  private readonly endpoint: Endpoint;
  private readonly telling: Telling;
  private readonly errors: ErrorsLog;
  private readonly subscriptions = new Subscriptions(() => this.port);
  private connection: Connection | null = null;
  private owner: Owner | null = null;
  private place: UserPlace | null = null;
  private running: Running | null = null;
  /** Heard before there is an engine to hear it. */
  private early: PortEvent[] = [];
  private phase: Phase = 'starting';
  private connectedSince: number | null = null;
  private linkLostSince: number | null = null;
  private nextTryAt: number | null = null;
  private readonly orders = new OrdersOut({
    port: () => this.port,
    isStopping: () => this.phase === 'stopping',
    placed: order => this.parts.watch?.placed?.(order),
    log: (level, text) => this.telling.log(level, text),
  });
  private readonly watchers = new Watchers(this);
  /** The gateway's clock waits for us. */
  private readyOwed = false;
  private choresTimer: NodeJS.Timeout | null = null;
  private isOver = false;

  private readonly parts: SessionParts;

  constructor(
    private readonly config: SessionConfig,
    parts: SessionParts,
  ) {
    const emit: SessionParts['emit'] = message => (parts.emit(message), this.watchers.tell(message));
    this.parts = { ...parts, emit };
    this.ended = new Promise(resolve => (this.resolveEnded = resolve));
    const { errors } = pathsOf(config.folder, config.folder, '');
    this.errors = new ErrorsLog(errors, () => isoNewYork(this.now() || Date.now()));
    this.telling = this.tellingTo(emit);
    this.settings = settingsOf(config, text => this.telling.log('warn', text));
    const parsed = parseEndpoint(config.host, config.port);
    this.endpoint = parsed.ok ? parsed.endpoint : { host: config.host, port: config.port };
  }

  /** Begins; how it goes on is told by messages. */
  start(): void {
    this.guard('start', () => {
      const targets = readStartTargets(this.config);
      this.setPhase('connecting');
      this.connection = new Connection({
        config: brokerConfig(this.config, this.endpoint, this.settings),
        createPort: this.parts.createPort,
        keepTrying: this.config.keepTrying,
        onEvent: event => this.guard('event', () => this.onPort(event)),
        onConnected: (connected, port) =>
          void this.guardAsync('connect', () => this.onConnected(connected, port, targets)),
        onLost: problem => this.guard('lost', () => this.onLost(problem)),
        onError: error => this.guard('connect', () => this.fail('connect', error)),
        onFailed: (problem, retryInMs) => this.guard('failed', () => this.onFailed(problem, retryInMs)),
        ...(this.parts.pause === undefined ? {} : { pause: this.parts.pause }),
      });
      this.connection.start();
      this.watch([], SNAPSHOT_MS);
      this.choresTimer = setInterval(() => this.guard('chores', () => this.chores()), CHORES_MS);
    });
  }

  /**
   * Ends the session; orders on their way get a moment to come to their end, new buys are not sent any more. With `leaveStops`
   * a stop a position is left at the broker, and the end waits for its word on each.
   */
  async stop({ leaveStops = false, suspended = false } = {}): Promise<void> {
    if (this.isOver) return;
    this.setPhase('stopping');
    const patienceMs = this.parts.patienceMs ?? STOP_WITHIN_MS;
    await this.orders.settled(patienceMs);
    if (leaveStops) {
      this.control('leaveStops');
      await this.orders.settled(patienceMs);
    }
    await this.end({ why: 'stopped', text: 'Stopped.', suspended });
  }

  control(action: ControlAction, symbol?: string, fromBrokerCost?: boolean): void {
    if (action === 'kill') this.place?.thrown();
    const inTheWay = action === 'release' ? (this.place?.release() ?? null) : null;
    if (inTheWay !== null) return this.telling.notice({ t: this.now(), level: 'error', code: 'notReleased', data: { text: inTheWay } }); // prettier-ignore
    const about = symbol === undefined ? {} : { symbol };
    const from = fromBrokerCost === undefined ? {} : { fromBrokerCost };
    this.guard('control', () => this.post({ t: 0, type: 'control', action, ...about, ...from }));
  }
  retry = (): void => this.guard('retry', () => this.connection?.retry());

  /** What a view asks for: an override, a preview, the answer to a question. */
  request(request: Request, emit = (message: FromSession): void => this.parts.emit(message)): void {
    this.guard(request.type, () => answerRequest(request, this.running, emit));
  }

  /** Snapshots go out this often, with all details of the named symbols. */
  watch(details: readonly string[], intervalMs: number, pictures: Pictures = { charts: [], sparks: false }): void {
    if (!this.isOver) this.telling.watch(details, intervalMs, pictures);
  }

  /** What is shown now; null before the account is known. */
  snapshot(): SessionSnapshot | null {
    if (this.running === null || this.running.runner.t === null) return null;
    const { connected, engine, files } = this.running;
    const bars = this.phase === 'bars' ? this.subscriptions.progress : '';
    return engine.snapshot({
      mode: connected.mode,
      accountTail: tailOf(connected.account),
      phase: this.phase === 'bars' && bars === '' ? 'trading' : this.phase,
      phaseText: bars === '' ? '' : `bars ${bars}`,
      endpoint: endpointText(this.endpoint),
      connectedSince: this.connectedSince,
      linkLostSince: this.linkLostSince,
      nextTryAt: this.nextTryAt,
      rowsWaiting: files.rowsWaiting,
    });
  }

  detail = (symbol: string): SymbolDetail | null => this.running?.engine.detail(symbol) ?? null;
  expectsOrders = (): boolean => this.running?.engine.expectsOrders === true;

  /** An error nobody expected: written down, told, and the session ends; the next start recovers. */
  fail(where: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.errors.write(`${where}: ${text}`, error);
    this.telling.log('error', `${where}: ${error instanceof Error ? (error.stack ?? text) : text}`);
    void this.end({
      why: 'failed',
      text: `An internal error ended the session: ${text}. bot_errors.log has it in full.`,
      crash: true,
    });
  }

  /** The change that waits for a yes. */
  question: Watched['question'] = () => this.running?.questions.current ?? null;

  /** For one more who looks at it. */
  tellingTo(emit: (message: FromSession) => void): Telling {
    return new Telling({
      emit,
      errors: this.errors,
      snapshot: () => this.snapshot(),
      now: () => this.now() || Date.now(),
      detail: this.detail,
      engine: () => this.running?.engine ?? null,
      guard: (where, action) => this.guard(where, action),
    });
  }

  // --- connecting

  private async onConnected(connected: Connected, port: BrokerPort, targets: StartTargets): Promise<void> {
    this.connectedSince = connected.time;
    this.linkLostSince = this.nextTryAt = null;
    this.subscriptions.clear();
    const expected = this.running?.connected.account ?? connected.account;
    if (expected !== connected.account) {
      const problem: BrokerProblem = { code: 'wrongAccount', expected, found: connected.account };
      this.telling.problem(problem);
      return this.end({ why: 'failed', text: this.telling.words(problem) });
    }
    // First of all, so that nothing the new connection says (a broken farm) is taken back by it.
    if (this.running !== null) this.postLinkUp(connected);
    const values = await port.accountValues();
    if (!this.isCurrent(port)) return;
    if (this.running === null) {
      this.owner ??= await own(this.endpoint, connected, (socket, rest) => this.watchers.add(socket, rest));
      if (this.isOver) return this.owner.release();
      if (!this.isCurrent(port)) return;
      this.begin(connected, targets, values.netLiquidation);
      this.postLinkUp(connected);
      for (const event of this.early.splice(0)) this.onPort(event);
    }
    this.post({ t: 0, type: 'account', ...values });
    this.setPhase('reconciling');
    this.readyOwed = this.connection?.clock === 'gateway';
    this.running?.inquiry.ask(false, 'connected');
  }

  private postLinkUp({ account, nextOrderId }: Connected): void {
    this.post({ t: 0, type: 'link', up: true, account, nextOrderId });
  }

  /** Once: the account's files and durable state, and the engine on top of them. */
  private begin(connected: Connected, start: StartTargets, netLiquidation: string | undefined): void {
    const { config, settings, telling, orders, subscriptions } = this;
    this.running = assemble({
      config,
      settings,
      connected,
      start,
      netLiquidation,
      telling,
      orders,
      subscriptions,
      port: () => this.port,
      now: () => this.now(),
      guard: (where, action) => this.guard(where, action),
      filled: row => this.parts.emit({ type: 'fill', row }),
      handled: event => this.onHandled(event),
      idle: () => this.onIdle(),
      reconciled: isPartial => this.onReconciled(isPartial),
      gaveUp: seconds => this.connection?.drop({ code: 'noAnswer', ...this.endpoint, seconds }),
      goneMs: this.parts.patienceMs,
    });
    this.running.files.begin();
    this.place = new UserPlace({
      folder: config.userFolder ?? null,
      facts: factsOf(config, this.endpoint, connected),
      onKill: () => this.control('kill'),
      log: (level, text) => telling.log(level, text),
    });
    // Before anything is heard of the market.
    this.place.begin();
    if (config.protectOnly === true) this.control('protect');
  }

  private onReconciled(isPartial: boolean): void {
    if (isPartial) return;
    // All that the engine knows: what is wound down needs prices too.
    this.subscriptions.begin((this.snapshot()?.symbols ?? []).map(each => each.symbol));
    this.setPhase('bars');
  }

  private onLost(problem: BrokerProblem): void {
    this.linkLostSince = this.now();
    this.readyOwed = false;
    this.orders.clear();
    this.subscriptions.clear();
    this.running?.inquiry.forget();
    this.telling.problem(problem);
    this.post({ t: 0, type: 'link', up: false });
    this.setPhase('linkLost');
  }

  private onFailed(problem: BrokerProblem, retryInMs: number | null): void {
    this.nextTryAt = retryInMs === null ? null : this.now() + retryInMs;
    this.telling.problem(problem);
    if (retryInMs === null) void this.end({ why: 'failed', text: this.telling.words(problem) });
  }

  // --- events in

  private onPort(event: PortEvent): void {
    // Told at once: a connection that never comes about has had its reasons.
    if (event.type === 'problem') return this.telling.problem(event.problem);
    if (event.type === 'log') return this.telling.log(event.level, event.text);
    if (this.running === null) {
      this.early.push(event);
      return;
    }
    switch (event.type) {
      case 'engine':
        return this.post(event.event);
      case 'time':
        this.readyOwed = true;
        return this.post({ t: event.t, type: 'time' });
      case 'restored':
        return this.running.inquiry.ask(false, 'restored');
      case 'lost':
        return;
    }
  }

  private post(event: EngineEvent): void {
    this.running?.runner.post(event);
  }

  private onHandled(event: EngineEvent): void {
    this.orders.heard(event);
    this.subscriptions.heard(event);
    this.parts.watch?.handled?.(event);
    const { until } = this.config;
    if (until === undefined || event.t < until) return;
    // What is on its way comes to its end first: its fills belong to this day's files.
    if (this.phase !== 'stopping') this.setPhase('stopping');
    if (this.orders.n === 0 || event.t >= until + DAY_END_MS)
      void this.end({ why: 'dayOver', text: 'The day is over.' });
  }

  /**
   * In lockstep the next simulated second comes only when everything heard has been dealt with and everything asked has been
   * answered: otherwise the wall would decide in which second an answer falls.
   */
  private onIdle(): void {
    if (!this.readyOwed || this.isOver || this.running === null || this.running.inquiry.isAsking) return;
    if (this.port === null || this.connection?.clock !== 'gateway' || this.subscriptions.isWaiting(Date.now())) return;
    this.readyOwed = false;
    this.port.ready();
  }

  private chores(): void {
    this.running?.files.chores(this.snapshot(), symbol => this.detail(symbol));
    this.onIdle();
  }

  private setPhase(phase: Phase): void {
    this.phase = phase;
    this.telling.log('info', `Session: ${phase}`);
  }
  private async end(ended: Ended & { suspended?: boolean }): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    this.telling.stop();
    if (this.choresTimer !== null) clearInterval(this.choresTimer);
    this.running?.runner.stop();
    this.connection?.stop();
    try {
      const last = this.snapshot();
      // Only an end that somebody wanted is one: what else stands in the file is found by the next window.
      const isWanted = ended.why !== 'failed' && ended.suspended !== true;
      const said = last === null || !isWanted ? last : { ...last, phase: 'ended' as const, phaseText: '' };
      await this.running?.files.close(said, symbol => this.detail(symbol));
      this.place?.end();
      this.watchers.close({ type: 'ended', ...ended });
      await this.owner?.release();
    } catch (error) {
      this.errors.write('closing the session', error);
    }
    this.phase = 'ended';
    this.parts.emit({ type: 'ended', ...ended });
    this.resolveEnded(ended);
  }
  private get port(): BrokerPort | null {
    return this.connection?.port ?? null;
  }
  private now(): number {
    if (this.port !== null) return this.port.now();
    // Between connections the simulator's time stands still; IB's is this machine's.
    return this.connection?.clock === 'gateway' ? (this.running?.runner.t ?? 0) : Date.now();
  }

  private isCurrent(port: BrokerPort): boolean {
    return !this.isOver && this.port === port;
  }

  /** Nothing that goes wrong here may fly into the client library's socket handler. */
  private guard(where: string, action: () => void): void {
    if (this.isOver) return;
    try {
      action();
    } catch (error) {
      this.caught(where, error);
    }
  }

  private async guardAsync(where: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!this.isOver) this.caught(where, error);
    }
  }

  private caught(where: string, error: unknown): void {
    const refused = error instanceof OwnerTaken ? ownerRefusal(error) : error;
    if (!(refused instanceof Refused)) return this.fail(where, error);
    const { code, message: text, data } = refused;
    this.parts.emit({ type: 'refused', code, text, data });
    void this.end({ why: 'failed', text });
  }
}
