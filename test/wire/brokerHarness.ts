/** A port on a scripted gateway, with everything it says kept, for the wire tests of the broker room. */
import type { BrokerConfig, BrokerPort, BrokerProblem, Connected, PortEvent } from '../../src/broker/port';
import { BrokerFailure } from '../../src/broker/port';
import { createIbPort } from '../../src/broker/ib/ibPort';
import type { EngineEvent, OrderIntent } from '../../src/engine/events';
import type { Peer } from './scriptedGateway';
import { ScriptedGateway } from './scriptedGateway';

export type Told<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

export class Harness {
  readonly events: PortEvent[] = [];
  private readonly watchers: { fits(event: PortEvent): boolean; done(event: PortEvent): void }[] = [];
  /** Called with each event, as a session is. */
  onEvent: ((event: PortEvent) => void) | undefined;
  connected: Connected | undefined;

  private constructor(
    readonly gateway: ScriptedGateway,
    readonly config: BrokerConfig,
  ) {
    this.port = this.newPort();
  }

  port: BrokerPort;

  static async on(gateway: ScriptedGateway, change: Partial<BrokerConfig> = {}): Promise<Harness> {
    if (gateway.port === 0) await gateway.listen();
    return new Harness(gateway, {
      host: '127.0.0.1',
      port: gateway.port,
      clientId: 21,
      clock: 'system',
      liveBarSymbols: 40,
      connectTimeoutMs: 2000,
      ...change,
    });
  }

  /** A port for the next connection, as after a loss. */
  newPort(): BrokerPort {
    this.port = createIbPort(this.config, event => {
      this.events.push(event);
      for (const watcher of [...this.watchers])
        if (watcher.fits(event)) {
          this.watchers.splice(this.watchers.indexOf(watcher), 1);
          watcher.done(event);
        }
      this.onEvent?.(event);
    });
    return this.port;
  }

  async connect(): Promise<Connected> {
    this.connected = await this.port.connect();
    return this.connected;
  }

  get peer(): Peer {
    return this.gateway.peer;
  }

  /** The problem with which a connect fails. */
  async failure(): Promise<BrokerProblem> {
    try {
      await this.port.connect();
    } catch (error) {
      if (error instanceof BrokerFailure) return error.problem;
      throw error;
    }
    throw new Error('Connected, although it should not');
  }

  /** The first event that fits, from the ones already there or the next to come. */
  until<T extends PortEvent>(fits: (event: PortEvent) => event is T): Promise<T>;
  until(fits: (event: PortEvent) => boolean): Promise<PortEvent>;
  until(fits: (event: PortEvent) => boolean): Promise<PortEvent> {
    const known = this.events.find(fits);
    if (known) return Promise.resolve(known);
    return new Promise(done => this.watchers.push({ fits, done }));
  }

  async told<T extends EngineEvent['type']>(type: T, fits: (event: Told<T>) => boolean = () => true): Promise<Told<T>> {
    const found = await this.until(
      event => event.type === 'engine' && event.event.type === type && fits(event.event as Told<T>),
    );
    return (found as unknown as { event: Told<T> }).event;
  }

  allTold<T extends EngineEvent['type']>(type: T): Told<T>[] {
    return this.events.flatMap(event =>
      event.type === 'engine' && event.event.type === type ? [event.event as Told<T>] : [],
    );
  }

  get problems(): BrokerProblem[] {
    return this.events.flatMap(event => (event.type === 'problem' ? [event.problem] : []));
  }

  async problem(code: BrokerProblem['code']): Promise<BrokerProblem> {
    const found = await this.until(event => event.type === 'problem' && event.problem.code === code);
    return (found as { problem: BrokerProblem }).problem;
  }

  async lost(): Promise<BrokerProblem> {
    return ((await this.until(event => event.type === 'lost')) as { problem: BrokerProblem }).problem;
  }

  /** Both directions are empty: what was sent before is handled. Asks the gateway a question of its own and waits. */
  async settled(): Promise<void> {
    await this.port.snapshot();
  }

  async end(): Promise<void> {
    this.port.disconnect();
    await this.gateway.close();
  }
}

export const intent = (port: BrokerPort, change: Partial<OrderIntent> = {}): OrderIntent => ({
  t: port.now(),
  key: 'dronebot:s1:1:ladder_buy:1',
  orderId: 100,
  symbol: 'AVAV',
  side: 'BUY',
  qty: 10,
  limit: '27.10',
  tag: 'ladder_buy',
  rung: 1,
  z: 0.5,
  reference: 28,
  last: 27,
  ...change,
});
