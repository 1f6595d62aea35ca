/**
 * The broker port over Interactive Brokers' gateway (or the simulator, which speaks the same protocol): makes one connection,
 * puts the parts of this room together and hands on what they hear. It holds no positions and decides no order.
 */
import type { IBApi } from '@stoqey/ib';
import { EventName } from '@stoqey/ib';
import type { EngineEvent, OrderIntent } from '../../engine/events';
import type { BrokerConfig, BrokerPort, BrokerProblem, BrokerSnapshot, Connected, PortEvent } from '../port';
import { BrokerFailure } from '../port';
import { Account } from './account';
import type { AccountValues } from './account';
import { GatewayClock, SystemClock } from './clock';
import { meaningOf, saysReadOnly } from './codes';
import { Contracts } from './contracts';
import type { Desk } from './desk';
import { Farms } from './farms';
import { Heartbeat } from './heartbeat';
import { History } from './history';
import { Lanes } from './lanes';
import type { Greeting } from './link';
import { Link } from './link';
import { MarketData } from './marketData';
import { Orders } from './orders';
import { Requests } from './requests';
import { resolvableHost } from './resolveHost';
import { chooseAccount, modeOf } from './whichAccount';

/** After IB has said that data was kept, ticks should come again within this time. */
const resumeWithinMs = 15_000;

/** How long a connection waits for the gateway's time, which it can do without. */
const timeWithinMs = 2000;

export const createIbPort = (config: BrokerConfig, listener: (event: PortEvent) => void): BrokerPort =>
  new IbPort(config, listener);

/** Everything that exists once the gateway is ready. */
interface Parts {
  desk: Desk;
  farms: Farms;
  contracts: Contracts;
  marketData: MarketData;
  history: History;
  orders: Orders;
  account: Account;
  heartbeat: Heartbeat;
}

class IbPort implements BrokerPort {
  private link: Link | undefined;
  private parts: Parts | undefined;
  private clock: SystemClock | GatewayClock;
  private isOver = false;
  private isConnected = false;
  private rejectConnect: ((failure: BrokerFailure) => void) | undefined;
  private firstTime: (() => void) | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly symbols = new Set<string>();
  /** What the gateway said before the parts were there. */
  private readonly early: (readonly [number, number, string])[] = [];

  constructor(
    private readonly config: BrokerConfig,
    private readonly listener: (event: PortEvent) => void,
  ) {
    const Kind = config.clock === 'gateway' ? GatewayClock : SystemClock;
    this.clock = new Kind({
      ask: () => this.askTime(),
      later: (ms, action) => void this.later(ms, action),
      second: t => this.link?.guard(() => this.second(t)),
      apart: seconds => this.problem({ code: 'clockApart', seconds }),
    });
  }

  connect(): Promise<Connected> {
    if (this.link || this.isOver) throw new Error('A port is used for one connection only');
    return new Promise((resolve, reject) => {
      this.rejectConnect = reject;
      void this.open(resolve);
    });
  }

  disconnect(): void {
    if (this.isOver) return;
    const { host, port } = this.config;
    this.finish({ code: 'linkLost', host, port, text: 'disconnected' }, true);
  }

  now(): number {
    return this.clock.now();
  }

  ready(): void {
    if (this.parts && !this.isOver) this.clock.ready();
  }

  subscribe(symbol: string): void {
    const { contracts } = this.demandParts();
    if (this.symbols.has(symbol)) return;
    this.symbols.add(symbol);
    contracts.ask(symbol);
  }

  unsubscribe(symbol: string): void {
    if (!this.symbols.delete(symbol) || !this.parts || this.isOver) return;
    this.parts.contracts.forget(symbol);
    this.parts.marketData.unsubscribe(symbol);
    this.parts.history.unsubscribe(symbol);
  }

  placeOrder(order: OrderIntent): void {
    const { orders, farms } = this.demandParts();
    if (farms.linkIsBroken) throw new Error('This order cannot be sent: the gateway has no connection to IB');
    orders.place(order);
  }

  cancelOrder(orderId: number): void {
    this.demandParts().orders.cancel(orderId);
  }

  async snapshot(): Promise<BrokerSnapshot> {
    const { host, port } = this.config;
    if (!this.parts || this.isOver) throw new BrokerFailure({ code: 'linkLost', host, port, text: 'no connection' });
    this.parts.farms.repeat();
    return this.parts.account.snapshot();
  }

  async accountValues(): Promise<AccountValues> {
    return this.parts && !this.isOver ? this.parts.account.askValues() : {};
  }

  private async open(resolve: (connected: Connected) => void): Promise<void> {
    const { port, clientId, connectTimeoutMs } = this.config;
    const host = await resolvableHost(this.config.host, {
      later: (ms, action) => void this.later(ms, action),
      fellBack: (from, fallback) => this.problem({ code: 'hostUnknown', host: from, fallback }),
    });
    if (this.isOver) return;
    this.link = new Link(
      { host, port, clientId, connectTimeoutMs },
      {
        ready: greeting => this.greet(greeting, resolve),
        ended: problem => this.finish(problem),
        message: (about, code, text) => this.hear(about, code, text),
        frameDone: () => this.parts?.marketData.frameDone(),
        log: (level, text) => this.deliver({ type: 'log', level, text }),
      },
    );
    this.link.connect();
  }

  private greet(greeting: Greeting, resolve: (connected: Connected) => void): void {
    const { link } = this;
    const choice = chooseAccount(greeting.accounts, this.config);
    if (!link || !choice.ok) return choice.ok ? undefined : this.finish(choice.problem);
    const { account } = choice;
    this.parts = this.assemble(link, account);
    for (const [about, code, text] of this.early.splice(0)) this.hear(about, code, text);
    const connected = (): void => {
      this.firstTime = undefined;
      if (this.isOver) return;
      this.isConnected = true;
      this.rejectConnect = undefined;
      this.clock.start();
      const { accounts, nextOrderId, serverVersion } = greeting;
      resolve({ accounts, account, mode: modeOf(account), nextOrderId, serverVersion, time: this.now() });
    };
    this.firstTime = connected;
    link.send(api => api.reqMarketDataType(1)); // live prices or none: delayed ones must not look like prices
    if (this.clock instanceof SystemClock) {
      this.clock.ask();
      this.later(timeWithinMs, () => this.firstTime?.());
      return;
    }
    this.clock.ready();
    const { host, port, connectTimeoutMs } = this.config;
    this.later(connectTimeoutMs, () => {
      if (this.firstTime) this.finish({ code: 'noAnswer', host, port, seconds: Math.round(connectTimeoutMs / 1000) });
    });
  }

  private assemble(link: Link, account: string): Parts {
    const { config } = this;
    const isLockstep = this.clock instanceof GatewayClock;
    const send = (request: (api: IBApi) => unknown): void => link.send(request);
    const lanes = new Lanes({
      clock: isLockstep ? () => this.now() : () => performance.now(),
      later: (ms, action) => void this.later(ms, action),
      isLockstep,
    });
    const requests = new Requests(id => this.parts?.orders.has(id) ?? false);
    const desk: Desk = {
      config,
      account,
      lanes,
      requests,
      now: () => this.now(),
      send,
      sendOrder: (prepared, values) => link.sendOrder(prepared, values),
      prepareOrder: (contract, order) => link.prepareOrder(contract, order),
      on: (event, handler) => link.on(event, handler),
      later: (ms, action) => this.later(ms, action),
      engine: event => this.engine(event),
      problem: problem => this.problem(problem),
      lose: text => this.loseLink(text),
      log: (level, text) => this.deliver({ type: 'log', level, text }),
    };
    const farms = new Farms(desk, dataLost => this.restore(dataLost));
    const contracts = new Contracts(desk, symbol => this.known(symbol));
    const marketData = new MarketData(desk, contracts, tick => history.heard(tick));
    const history = new History(desk, contracts);
    const orders = new Orders(desk, symbol => contracts.conIdOf(symbol));
    link.on(EventName.currentTime, (seconds: number) => this.hearTime(seconds));
    link.on(EventName.managedAccounts, () => {
      if (isLockstep) this.parts?.heartbeat.answered();
    });
    const heartbeat = new Heartbeat({
      ask: () => link.guard(() => this.askAlive()),
      lastFrameAt: () => link.lastFrameAt,
      now: () => performance.now(),
      dead: seconds => this.loseLink(`the gateway has not answered for ${seconds} s`),
    });
    return { desk, farms, contracts, marketData, history, orders, account: new Account(desk), heartbeat };
  }

  private known(symbol: string): void {
    if (!this.parts || !this.symbols.has(symbol)) return;
    this.parts.orders.prepare(symbol);
    this.parts.marketData.subscribe(symbol);
    this.parts.history.subscribe(symbol);
  }

  private restore(dataLost: boolean): void {
    const { parts } = this;
    if (!parts) return;
    if (dataLost) {
      parts.marketData.renew(Infinity);
      parts.history.renew();
    } else {
      // IB says that the data goes on; where it does not, it is asked for again.
      const restoredAt = performance.now();
      this.later(resumeWithinMs, () => parts.marketData.renew(restoredAt));
    }
    this.deliver({ type: 'restored', dataLost });
  }

  /** One handler for both of the library's events, `info` and `error`; what each code means stands in codes.ts. */
  private hear(about: number, code: number, text: string): void {
    const { parts } = this;
    if (!parts) return void this.early.push([about, code, text]);
    if (parts.farms.hear(code, text)) return;
    const meaning = meaningOf(code);
    if (meaning === 'portMoved') return this.loseLink(text);
    if (meaning === 'decoding') return this.deliver({ type: 'log', level: 'warn', text: `${text} (${code})` });
    if (parts.orders.hear(about, code, text) || parts.desk.requests.fail(about, code, text)) return;
    if (saysReadOnly(text)) return this.problem({ code: 'readOnly', text });
    if (meaning === 'competingSession') return this.problem({ code: 'competingSession', text });
    if (meaning === 'tooManyMessages') {
      parts.desk.lanes.backOff();
      return this.problem({ code: 'brokerSays', brokerCode: code, text });
    }
    this.deliver({ type: 'log', level: 'info', text: `${about === -1 ? '' : `About ${about}: `}${text} (${code})` });
  }

  private askTime(): void {
    this.parts?.desk.lanes.count();
    this.link?.send(api => api.reqCurrentTime());
  }

  /** In lockstep the time cannot be the sign of life: it stands still for as long as the session or a person wants. */
  private askAlive(): void {
    if (this.clock instanceof SystemClock) this.clock.ask();
    else this.link?.send(api => api.reqManagedAccts());
  }

  private hearTime(seconds: number): void {
    this.clock.answer(seconds);
    if (this.clock instanceof SystemClock) this.parts?.heartbeat.answered();
    this.firstTime?.();
  }

  private second(t: number): void {
    if (!this.parts) return;
    this.parts.desk.lanes.pump();
    this.parts.history.second(t);
    this.deliver({ type: 'time', t });
  }

  private loseLink(text: string): void {
    const { host, port } = this.config;
    this.link?.end({ code: 'linkLost', host, port, text });
  }

  /** The end, whoever wanted it. Nothing is left: no timer, no socket, nobody who waits. */
  private finish(problem: BrokerProblem, isWanted = false): void {
    if (this.isOver) return;
    this.isOver = true;
    this.link?.close();
    this.clock.stop();
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.parts?.heartbeat.stop();
    this.parts?.desk.lanes.drop();
    this.parts?.account.drop(problem);
    this.rejectConnect?.(new BrokerFailure(problem));
    if (this.isConnected && !isWanted) this.listener({ type: 'lost', problem });
  }

  private engine(event: EngineEvent): void {
    this.deliver({ type: 'engine', event });
  }

  private problem(problem: BrokerProblem): void {
    this.deliver({ type: 'problem', problem });
  }

  private deliver(event: PortEvent): void {
    if (!this.isOver) this.listener(event);
  }

  private later(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.link) this.link.guard(action);
      else action();
    }, ms);
    this.timers.add(timer);
    return timer;
  }

  private demandParts(): Parts {
    if (!this.parts || this.isOver || !this.isConnected) throw new Error('There is no connection to the gateway');
    return this.parts;
  }
}
