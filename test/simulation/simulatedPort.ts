/**
 * The broker port of a session on the simulated gateway: what it promises (port.ts) and no more. What the session sends and
 * hears passes the auditor, who checks it against simple conditions of his own.
 */
import type {
  BrokerConfig,
  BrokerPort,
  BrokerProblem,
  BrokerSnapshot,
  Connected,
  PortEvent,
} from '../../src/broker/port';
import type { OrderIntent } from '../../src/engine/events';
import type { Auditor } from './auditor';
import { Line, type Gateway } from './gateway';
import { Died, type Process } from './machine';
import type { Random } from './random';
import type { Product } from './product';
import type { Planned, VirtualClock } from './virtualClock';

export interface PortWorld {
  clock: VirtualClock;
  random: Random;
  gateway: Gateway;
  auditor: Auditor;
  product: Product;
  /** True: this order is lost on its way, and the link with it. */
  swallows(order: OrderIntent): boolean;
  subscribe(line: Line, symbol: string): void;
  /** What this process runs has to be over. */
  demandEnd(process: Process): void;
}

const SNAPSHOT_WITHIN_MS = 15_000;

export class SimulatedPort implements BrokerPort {
  private readonly line: Line;
  private isOpen = true;
  private isUp = false;
  private seconds: Planned | null = null;
  private gathering: ((problem: BrokerProblem) => void) | null = null;
  private isIbBroken = false;
  private lastFault: PortEvent | null = null;

  constructor(
    private readonly world: PortWorld,
    private readonly process: Process,
    private readonly config: BrokerConfig,
    private readonly listener: (event: PortEvent) => void,
  ) {
    const { clock, random } = world;
    this.line = new Line(
      clock,
      random,
      event => this.hear(event),
      () => this.lose('the connection was closed'),
    );
  }

  connect(): Promise<Connected> {
    const { clock, gateway, random } = this.world;
    const { host, port, clientId } = this.config;
    return new Promise((resolve, reject) => {
      clock.after(random.between(2, 60), () => {
        if (!this.isLive()) return;
        clock.hasPromises = true;
        const answer = gateway.accept(this.line);
        if ('refused' in answer) {
          const problem: BrokerProblem =
            answer.refused === 'clientIdInUse'
              ? { code: 'clientIdInUse', host, port, clientId }
              : { code: 'nothingListens', host, port };
          return reject(new this.world.product.BrokerFailure(problem));
        }
        const { account: expected } = this.config;
        const { account: found } = answer.connected;
        if (expected !== undefined && expected !== found) {
          gateway.hangUp(this.line);
          clock.after(1000, () => this.world.demandEnd(this.process));
          return reject(new this.world.product.BrokerFailure({ code: 'wrongAccount', expected, found }));
        }
        this.isUp = true;
        this.world.auditor.connected(answer.connected.nextOrderId);
        this.tick();
        resolve(answer.connected);
      });
    });
  }

  disconnect(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.stop();
    this.gathering?.({ code: 'linkLost', host: '', port: 0, text: 'disconnected' });
    this.world.gateway.hangUp(this.line);
  }

  now(): number {
    return this.world.clock.now;
  }

  subscribe(symbol: string): void {
    this.demand();
    this.world.subscribe(this.line, symbol);
  }

  unsubscribe(): void {
    // Nothing that the simulation would have to do.
  }

  placeOrder(order: OrderIntent): void {
    this.demand();
    if (this.isIbBroken) throw new Error('This order cannot be sent: the gateway has no connection to IB');
    if (!this.process.deed()) throw new Died();
    const { auditor, gateway } = this.world;
    auditor.sent(order);
    if (!this.world.swallows(order)) this.line.toGateway(() => gateway.place(order));
    if (!this.process.deed()) throw new Died();
  }

  cancelOrder(orderId: number): void {
    this.demand();
    const { gateway } = this.world;
    this.line.toGateway(() => gateway.cancel(orderId));
  }

  snapshot(): Promise<BrokerSnapshot> {
    this.demand();
    const { clock, gateway, auditor } = this.world;
    const { host, port } = this.config;
    if (this.lastFault !== null) this.listener(this.lastFault);
    const question = auditor.asked();
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.gathering = null;
        late.isCancelled = true;
        clock.hasPromises = true;
      };
      const fail = (problem: BrokerProblem): void => {
        done();
        if (this.process.isAlive) reject(new this.world.product.BrokerFailure(problem));
      };
      const late = clock.after(SNAPSHOT_WITHIN_MS, () => fail({ code: 'noAnswer', host, port, seconds: 15 }));
      this.gathering = fail;
      gateway.snapshot(this.line, holdings => {
        if (this.gathering !== fail || !this.isLive()) return;
        done();
        auditor.answered(question, holdings);
        resolve(holdings);
      });
    });
  }

  accountValues(): Promise<{ netLiquidation?: string; buyingPower?: string }> {
    const { clock } = this.world;
    return new Promise(resolve => {
      this.line.toGateway(() =>
        this.line.toClient(() => {
          clock.hasPromises = true;
          resolve({ netLiquidation: '150000', buyingPower: '300000' });
        }),
      );
      // A dead line answers with nothing in the end.
      clock.after(5000, () => {
        if (!this.process.isAlive) return;
        clock.hasPromises = true;
        resolve({});
      });
    });
  }

  ready(): void {
    // The clock is the system's.
  }

  private hear(event: PortEvent): void {
    if (!this.isLive()) return;
    if (event.type === 'engine' && event.event.type === 'farm') {
      const { up, code } = event.event;
      if (code === 1100) this.isIbBroken = true;
      else if (up) this.isIbBroken = false;
      this.lastFault = up ? null : event;
    }
    if (event.type === 'restored') this.isIbBroken = false;
    this.world.auditor.heard(event);
    this.listener(event);
    // Half-open lines are found out by their silence: see `tick`.
    this.lastHeard = this.world.clock.now;
  }

  private lastHeard = 0;

  /** A second on the system clock; and the heartbeat's judgement of a line that is silent. */
  private tick(): void {
    const { clock } = this.world;
    this.lastHeard = clock.now;
    const second = (): void => {
      if (!this.isLive()) return;
      if (this.line.isDead && clock.now - this.lastHeard > 11_000) return this.lose('the gateway has not answered');
      this.seconds = clock.at(Math.floor(clock.now / 1000) * 1000 + 1000, second);
      this.listener({ type: 'time', t: clock.now });
    };
    this.seconds = clock.at(Math.floor(clock.now / 1000) * 1000 + 1000, second);
  }

  private lose(text: string): void {
    if (!this.isOpen) return;
    const wasUp = this.isUp && this.process.isAlive;
    const { host, port } = this.config;
    this.isOpen = false;
    this.stop();
    this.world.gateway.hangUp(this.line);
    this.gathering?.({ code: 'linkLost', host, port, text });
    if (wasUp) this.listener({ type: 'lost', problem: { code: 'linkLost', host, port, text } });
  }

  private stop(): void {
    if (this.seconds !== null) this.seconds.isCancelled = true;
    this.seconds = null;
  }

  private isLive(): boolean {
    return this.isOpen && this.process.isAlive;
  }

  private demand(): void {
    this.process.demandLife();
    if (!this.isOpen || !this.isUp) throw new Error('There is no connection to the gateway');
  }
}
