/**
 * The gateway between exchange and client: one line at a time, first in first out on it, with what gets lost, late, doubled or
 * out of order before it. A line that is cut takes with it what was on its way.
 */
import type { Connected, PortEvent } from '../../src/broker/port';
import type { EngineEvent, OrderIntent, OrderStatus, ReportedPosition } from '../../src/engine/events';
import { baseOf, commissionOf, Exchange, type Execution, type News } from './exchange';
import type { Faults } from './faults';
import type { Market } from './market';
import type { Random } from './random';
import type { VirtualClock } from './virtualClock';

export const ACCOUNT = 'DU0000001';
export const OTHER_ACCOUNT = 'DU0000002';

const EXECUTIONS_WITHIN_MS = 5000;

/** One connection, seen from the gateway. */
export class Line {
  /** Nothing gets through any more; the client may not know. */
  isDead = false;
  /** Messages on their way to the client. */
  pending = 0;
  private lastIn = 0;
  private lastOut = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    /** What the client hears; never called when dead. */
    readonly hear: (event: PortEvent) => void,
    /** The client's side notices the end. */
    readonly ended: () => void,
  ) {}

  toGateway(run: () => void): void {
    this.lastIn = Math.max(this.lastIn, this.clock.now + this.random.between(1, 25));
    this.clock.at(this.lastIn, () => {
      if (!this.isDead) run();
    });
  }

  toClient(run: () => void): void {
    this.lastOut = Math.max(this.lastOut, this.clock.now + this.random.between(1, 25));
    this.clock.at(this.lastOut, () => {
      if (!this.isDead) run();
    });
  }
}

export interface GatewayOptions {
  clock: VirtualClock;
  random: Random;
  faults: Faults;
  markets: ReadonlyMap<string, Market>;
  clientId: number;
  broken(rule: string, text: string): void;
}

type Holdings = Pick<Extract<EngineEvent, { type: 'reconcile' }>, 'positions' | 'orders' | 'executions'>;

export class Gateway {
  readonly exchange: Exchange;
  line: Line | null = null;
  /** Until then it refuses connections. */
  closedUntil = -Infinity;
  /** The id of a client that is gone is held until then. */
  heldUntil = -Infinity;
  /** Between gateway and IB. */
  hasIb = true;
  isFarmUp = true;
  answersSnapshots = true;
  account = ACCOUNT;
  /** Executions whose commission nobody ever tells, by what their versions share. */
  readonly freeOfCharge = new Set<string>();
  /** Executions that happened while IB could not be reached. */
  private late: Execution[] = [];
  private readonly positionsFrom = new Map<string, number>();
  /** When a client last did not get what it should have; the next answer to a question of later makes up for it. */
  lostAt = -Infinity;

  constructor(private readonly options: GatewayOptions) {
    const { clock, random, faults, markets, clientId } = options;
    const news: News = {
      status: (order, status, filled) => this.tellStatus(order, status, filled),
      exec: (execution, lateMs) => this.tellExec(execution, lateMs),
      commission: (execId, amount, lateMs) => {
        if (faults.take('noCommission')) this.freeOfCharge.add(baseOf(execId));
        this.tellCommission(execId, amount, lateMs);
      },
      position: position => this.tellPosition(position),
    };
    const broken = (rule: string, text: string): void => options.broken(rule, text);
    this.exchange = new Exchange({ clock, random, faults, markets, clientId, news, broken });
  }

  /** Null: refused, with the reason. */
  accept(line: Line): { connected: Connected } | { refused: 'nothingListens' | 'clientIdInUse' } {
    const { clock } = this.options;
    if (clock.now < this.closedUntil) return { refused: 'nothingListens' };
    if (clock.now < this.heldUntil) return { refused: 'clientIdInUse' };
    if (this.line !== null) this.hangUp(this.line);
    this.line = line;
    const { nextOrderId } = this.exchange;
    return {
      connected: {
        accounts: [this.account],
        account: this.account,
        mode: 'PAPER',
        nextOrderId,
        serverVersion: 193,
        time: clock.now,
      },
    };
  }

  /** From either side: what is on its way is gone. */
  hangUp(line: Line): void {
    line.isDead = true;
    if (this.line !== line) return;
    this.line = null;
    this.lose();
  }

  /** Nobody has heard of it, and somebody should have. */
  private lose(): void {
    this.lostAt = this.options.clock.now;
  }

  place(order: OrderIntent): void {
    if (this.hasIb && !this.options.faults.take('lostOrder')) this.exchange.receive(order);
  }

  cancel(orderId: number): void {
    if (this.hasIb) this.exchange.cancel(orderId);
  }

  breakIb(): void {
    this.hasIb = false;
    this.tell({
      t: 0,
      type: 'farm',
      up: false,
      link: true,
      code: 1100,
      text: 'Connectivity between IB and TWS has been lost.',
    });
  }

  restoreIb(dataLost: boolean): void {
    this.hasIb = true;
    const code = dataLost ? 1101 : 1102;
    if (this.isFarmUp) this.tell({ t: 0, type: 'farm', up: true, code, text: 'Connectivity has been restored.' });
    const { line } = this;
    line?.toClient(() => line.hear({ type: 'restored', dataLost }));
    // Half of what happened meanwhile is told of itself; the rest is there for those who ask.
    for (const execution of this.late.splice(0)) {
      if (this.options.random.chance(0.5)) this.tell({ t: 0, type: 'exec', ...execution });
    }
  }

  setFarm(up: boolean): void {
    this.isFarmUp = up;
    if (this.hasIb)
      this.tell({
        t: 0,
        type: 'farm',
        up,
        code: up ? 2104 : 2103,
        text: `Market data farm connection is ${up ? 'OK' : 'broken'}:usfarm`,
      });
  }

  /** Positions, orders and executions, each as it stands when its own turn comes. */
  snapshot(line: Line, answer: (holdings: Holdings) => void): void {
    const { exchange } = this;
    const holdings: Holdings = { positions: [], orders: [], executions: [] };
    let isSilent = !this.answersSnapshots;
    line.toGateway(() => {
      isSilent ||= !this.hasIb;
      if (isSilent) return;
      const positions = exchange.reportedPositions();
      line.toClient(() => {
        for (const position of positions) line.hear({ type: 'engine', event: { t: 0, type: 'position', ...position } });
        holdings.positions = positions;
      });
    });
    line.toGateway(() => {
      if (isSilent) return;
      const orders = exchange.openOrders();
      line.toClient(() => (holdings.orders = orders));
    });
    line.toGateway(() => {
      if (isSilent) return;
      const executions = exchange.executionsToday();
      line.toClient(() => {
        holdings.executions = executions;
        // A client that hears no end takes what it has heard after a while.
        if (this.options.faults.take('endlessExecs'))
          this.options.clock.after(EXECUTIONS_WITHIN_MS, () => answer(holdings));
        else answer(holdings);
      });
      for (const { execId, qty } of executions) this.tellCommission(execId, commissionOf(qty), 0);
    });
  }

  /** To whoever is there, after `lateMs` and the way. */
  tell(event: EngineEvent, lateMs = 0): void {
    const { line } = this;
    if (line === null) return this.lose();
    const send = (): void => {
      line.toClient(() => {
        line.pending--;
        line.hear({ type: 'engine', event: { ...event } });
      });
    };
    line.pending++;
    if (lateMs === 0) send();
    else this.options.clock.after(lateMs, send);
  }

  private tellStatus(order: OrderIntent, status: OrderStatus, filled: number): void {
    const { faults, random } = this.options;
    if (!this.hasIb || faults.take('dropStatus')) return this.lose();
    const { orderId, qty } = order;
    const event: EngineEvent = { t: 0, type: 'order', orderId, status, filled, remaining: qty - filled };
    this.tell(event, faults.take('delayStatus') ? random.between(1000, 14_000) : 0);
    if (faults.take('duplicateStatus')) this.tell(event, random.between(0, 3000));
  }

  private tellExec(execution: Execution, lateMs: number): void {
    const { faults, random } = this.options;
    if (!this.hasIb) {
      this.late.push(execution);
      return this.lose();
    }
    if (faults.take('dropExec')) return this.lose();
    const event: EngineEvent = { t: 0, type: 'exec', ...execution };
    this.tell(event, lateMs + (faults.take('delayExec') ? random.between(1000, 14_000) : 0));
    if (faults.take('duplicateExec')) this.tell(event, lateMs + random.between(0, 5000));
  }

  /** Late, but never before an earlier one of its symbol. */
  private tellPosition(position: ReportedPosition): void {
    const { clock, faults, random } = this.options;
    const { symbol } = position;
    const late = faults.take('delayPosition') ? random.between(300, 1500) : 0;
    const at = Math.max(clock.now + late, this.positionsFrom.get(symbol) ?? 0);
    this.positionsFrom.set(symbol, at);
    const { line } = this;
    if (line === null) return this.lose();
    line.pending++;
    // As it stands when it goes out: the stream never falls behind an answer to a question.
    clock.at(at, () => {
      const shares = this.exchange.position(symbol);
      line.toClient(() => {
        line.pending--;
        line.hear({ type: 'engine', event: { t: 0, type: 'position', ...position, shares } });
      });
    });
  }

  private tellCommission(execId: string, amount: string, lateMs: number): void {
    const { clock, faults, random } = this.options;
    if (!this.hasIb || this.freeOfCharge.has(baseOf(execId)) || faults.take('dropCommission')) return;
    const tell = (): void => this.tell({ t: 0, type: 'commission', execId, amount, currency: 'USD' }, lateMs);
    if (faults.take('lateCommission')) clock.after(random.between(20_000, 90_000), tell);
    else tell();
  }
}
