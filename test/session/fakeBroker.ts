/**
 * A broker that does what a test says: it keeps what a session asked of it, in order, and answers from a script. Time is a
 * number that the test moves. It knows no protocol; the wire has tests of its own.
 */
import {
  BrokerFailure,
  type BrokerConfig,
  type BrokerPort,
  type BrokerProblem,
  type BrokerSnapshot,
} from '../../src/broker/port';
import type { Connected, PortEvent } from '../../src/broker/port';
import type { EngineEvent, OrderIntent, TickEvent } from '../../src/engine/events';

/** 2026-11-18 is a Wednesday; New York is 5 hours behind. */
export const DAY = '2026-11-18';
export const at = (time: string): number => Date.parse(`${DAY}T${time.padEnd(8, ':00')}-05:00`);

/** What a session did, in its order: `place BUY 10 AVAV`, `snapshot`, `subscribe AVAV`. */
export class FakeBroker {
  readonly log: string[] = [];
  readonly orders: OrderIntent[] = [];
  readonly ports: FakePort[] = [];
  account = 'SIM00001';
  mode: Connected['mode'] = 'SIM';
  nextOrderId = 1;
  t = at('09:20');
  /** Rejects the next connects with these, in order. */
  refusals: BrokerProblem[] = [];
  holdings: BrokerSnapshot = { positions: [], orders: [], executions: [] };
  /** While false, snapshots stay unanswered. */
  answersSnapshots = true;
  values = { netLiquidation: '150000', buyingPower: '300000' };
  /** What happens to an order; by default nothing. */
  onOrder: (order: OrderIntent) => void = () => undefined;

  createPort = (config: BrokerConfig, listener: (event: PortEvent) => void): BrokerPort => {
    const port = new FakePort(this, config, listener);
    this.ports.push(port);
    return port;
  };

  get port(): FakePort {
    const port = this.ports[this.ports.length - 1];
    if (port === undefined) throw new Error('no session has made a port yet');
    return port;
  }

  hear(event: EngineEvent): void {
    this.port.listener({ type: 'engine', event });
  }

  tick(symbol: string, values: Omit<TickEvent, 't' | 'type' | 'symbol'>): void {
    this.hear({ t: this.t, type: 'tick', symbol, ...values });
  }

  /** The clock moves second by second, as it does on a gateway. */
  until(t: number): void {
    while (this.t < t) {
      this.t = Math.min(t, this.t + 1000);
      this.port.listener({ type: 'time', t: this.t });
    }
  }

  /** The whole order is executed at its limit. */
  fill(order: OrderIntent, execId = `e.${order.orderId}.01.01`): void {
    const { orderId, key, symbol, side, qty, limit } = order;
    this.hear({ t: this.t, type: 'exec', execId, orderId, key, symbol, side, qty, price: limit });
    this.hear({ t: this.t, type: 'order', orderId, status: 'filled', filled: qty, remaining: 0 });
  }
}

export class FakePort implements BrokerPort {
  isOpen = true;
  nReady = 0;

  constructor(
    private readonly broker: FakeBroker,
    readonly config: BrokerConfig,
    readonly listener: (event: PortEvent) => void,
  ) {}

  async connect(): Promise<Connected> {
    const { broker } = this;
    broker.log.push('connect');
    const refusal = broker.refusals.shift();
    if (refusal !== undefined) throw new BrokerFailure(refusal);
    const { account, mode, nextOrderId, t: time } = broker;
    return { accounts: [account], account, mode, nextOrderId, serverVersion: 193, time };
  }

  disconnect(): void {
    if (this.isOpen) this.broker.log.push('disconnect');
    this.isOpen = false;
  }

  now(): number {
    return this.broker.t;
  }

  subscribe(symbol: string): void {
    this.broker.log.push(`subscribe ${symbol}`);
  }

  unsubscribe(symbol: string): void {
    this.broker.log.push(`unsubscribe ${symbol}`);
  }

  placeOrder(order: OrderIntent): void {
    if (!this.isOpen) throw new Error('the connection is closed');
    this.broker.log.push(`place ${order.side} ${order.qty} ${order.symbol}`);
    this.broker.orders.push(order);
    this.broker.onOrder(order);
  }

  cancelOrder(orderId: number): void {
    this.broker.log.push(`cancel ${orderId}`);
  }

  snapshot(): Promise<BrokerSnapshot> {
    this.broker.log.push('snapshot');
    return this.broker.answersSnapshots ? Promise.resolve(this.broker.holdings) : new Promise(() => undefined);
  }

  async accountValues(): Promise<FakeBroker['values']> {
    return this.broker.values;
  }

  ready(): void {
    this.nReady++;
  }
}
