/**
 * Keeps a session connected: makes a port, and after a loss a new one, with pauses from 1 to 30 seconds until somebody stops
 * it. A port's words count only while it is the current one. What a connection means for orders is not decided here.
 */
import { BrokerFailure, type BrokerConfig, type BrokerPort, type BrokerProblem } from '../broker/port';
import type { Connected, PortEvent } from '../broker/port';

export type CreatePort = (config: BrokerConfig, listener: (event: PortEvent) => void) => BrokerPort;

export interface ConnectionOptions {
  config: BrokerConfig;
  createPort: CreatePort;
  /** Of the current connection only; `lost` never comes this way. */
  onEvent(event: PortEvent): void;
  /** Connected; again and again over the session's life. */
  onConnected(connected: Connected, port: BrokerPort): void;
  /** A connection that stood is gone. */
  onLost(problem: BrokerProblem): void;
  /** A try has failed; said once for each kind in a row. `retryInMs` null: nothing is tried any more. */
  onFailed(problem: BrokerProblem, retryInMs: number | null): void;
  /** Something broke that is no failure of the gateway. */
  onError(error: unknown): void;
  /** A first try that fails is not the last. */
  keepTrying?: boolean | undefined;
  /** For tests: how long a pause of `ms` really lasts. */
  pause?: (ms: number) => number;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A connection that held this long starts the pauses anew. */
const STEADY_MS = 30_000;
/** On the system clock a port says something each second: so long without a word means that the machine slept. */
export const ASLEEP_MS = 5000;

export class Connection {
  private current: { port: BrokerPort; isUp: boolean } | null = null;
  private config: BrokerConfig;
  private timer: NodeJS.Timeout | null = null;
  private steadyTimer: NodeJS.Timeout | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private wasUp = false;
  private stopped = false;
  private lastFailure = '';
  private lastHeardAt: number | null = null;

  constructor(private readonly options: ConnectionOptions) {
    this.config = options.config;
  }

  /** The port while connected. */
  get port(): BrokerPort | null {
    return this.current?.isUp === true ? this.current.port : null;
  }

  get clock(): BrokerConfig['clock'] {
    return this.config.clock;
  }

  start(): void {
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.clearTimers();
    this.leave();
  }

  /** Gives the connection up, as if it had been lost, and makes a new one. */
  drop(problem: BrokerProblem): void {
    if (this.stopped || this.current === null) return;
    const wasUp = this.current.isUp;
    this.leave();
    if (wasUp) this.options.onLost(problem);
    this.again();
  }

  /** The next try now, when one is waited for. */
  retry(): void {
    if (this.timer === null) return;
    this.clearTimers();
    void this.connect();
  }

  private async connect(): Promise<void> {
    this.timer = null;
    if (this.stopped) return;
    // The listener may be called before the port is known by name: the holder is what tells old from new.
    const own: { port: BrokerPort | null; isUp: boolean } = { port: null, isUp: false };
    const isCurrent = (): boolean => !this.stopped && this.current === (own as typeof this.current);
    try {
      const port = this.options.createPort(this.config, event => {
        if (!isCurrent()) return;
        if (event.type === 'lost') this.lost(event.problem);
        else if (!this.hasSlept()) this.options.onEvent(event);
      });
      own.port = port;
      this.current = own as { port: BrokerPort; isUp: boolean };
      const connected = await port.connect();
      if (!isCurrent()) return port.disconnect();
      if (connected.mode === 'SIM' && this.config.clock === 'system') return this.useGatewayClock();
      own.isUp = true;
      this.lastHeardAt = null;
      this.wasUp = true;
      this.lastFailure = '';
      this.steadyTimer = setTimeout(() => (this.pauseMs = FIRST_PAUSE_MS), STEADY_MS);
      this.steadyTimer.unref();
      // From here on the account is fixed: a gateway that offers several must not choose another one next time.
      this.config = { ...this.config, account: connected.account };
      this.options.onConnected(connected, port);
    } catch (error) {
      if (!isCurrent()) return;
      this.leave();
      if (error instanceof BrokerFailure) this.failed(error.problem);
      else this.options.onError(error);
    }
  }

  /** A simulator that somebody else runs: its day has its own clock, and so has the session on it. */
  private useGatewayClock(): void {
    this.config = { ...this.config, clock: 'gateway' };
    this.leave();
    void this.connect();
  }

  /** After an hour of sleep the first words of the port are an hour old: nothing may be decided on them. */
  private hasSlept(): boolean {
    if (this.config.clock !== 'system' || this.port === null) return false;
    const now = this.port.now();
    const silent = this.lastHeardAt === null ? 0 : now - this.lastHeardAt;
    this.lastHeardAt = now;
    if (silent <= ASLEEP_MS) return false;
    const { host, port } = this.config;
    this.drop({ code: 'linkLost', host, port, text: `nothing was evaluated for ${Math.round(silent / 1000)} s` });
    return true;
  }

  private lost(problem: BrokerProblem): void {
    const wasUp = this.current?.isUp === true;
    this.leave();
    if (wasUp) this.options.onLost(problem);
    this.again();
  }

  private failed(problem: BrokerProblem): void {
    // A gateway holds the id of a crashed client for some seconds. Any other failure of the very first try is for a person:
    // most often the port is wrong or nothing runs there. Another account is never what was started.
    const isOtherAccount = problem.code === 'wrongAccount' || problem.code === 'severalAccounts';
    const goesOn =
      !isOtherAccount && (this.wasUp || this.options.keepTrying === true || problem.code === 'clientIdInUse');
    if (problem.code !== this.lastFailure) this.options.onFailed(problem, goesOn ? this.pauseMs : null);
    this.lastFailure = problem.code;
    if (goesOn) this.again();
  }

  private again(): void {
    if (this.stopped || this.timer !== null) return;
    const ms = this.pauseMs;
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, ms * 2);
    this.timer = setTimeout(() => void this.connect(), this.options.pause?.(ms) ?? ms);
  }

  private leave(): void {
    if (this.steadyTimer !== null) clearTimeout(this.steadyTimer);
    this.steadyTimer = null;
    const old = this.current;
    this.current = null;
    old?.port.disconnect();
  }

  private clearTimers(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
