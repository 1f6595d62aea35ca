/**
 * What the broker says about the traded account: positions (asked once, then streamed), open orders of all clients, executions
 * since midnight, net liquidation and buying power. It compares nothing; that is the engine's.
 */
import type { Contract, Execution, Order, OrderState } from '@stoqey/ib';
import { EventName } from '@stoqey/ib';
import type { ExecEvent, OpenOrder, ReportedPosition } from '../../engine/events';
import type { BrokerProblem, BrokerSnapshot } from '../port';
import { BrokerFailure } from '../port';
import type { Desk } from './desk';
import { isUsStock, ownSymbol } from './desk';
import { execOf, openOrderOf } from './orderText';

const answerWithinMs = 15_000;
/** With nothing to tell, a gateway may leave out the end of the executions. */
const executionsWithinMs = 5000;
const valuesWithinMs = 5000;
const valueTags = { NetLiquidation: 'netLiquidation', BuyingPower: 'buyingPower' } as const;

export interface AccountValues {
  netLiquidation?: string;
  buyingPower?: string;
}

interface Gathering {
  positions: Map<string, ReportedPosition>;
  orders: Map<string, OpenOrder>;
  executions: Map<string, Omit<ExecEvent, 't' | 'type'>>;
  request: number;
  missing: Set<'positions' | 'orders' | 'executions'>;
  /** The time for the executions is over. */
  isLate: boolean;
  done(snapshot: BrokerSnapshot): void;
  failed(problem: BrokerProblem): void;
}

export class Account {
  private gathering: Gathering | undefined;
  private current: Promise<BrokerSnapshot> | undefined;
  private readonly values = new Map<number, { found: AccountValues; done: (found: AccountValues) => void }>();

  constructor(private readonly desk: Desk) {
    desk.on(EventName.position, (account: string, contract: Contract, shares: number | undefined, cost?: number) =>
      this.hearPosition(account, contract, shares, cost),
    );
    desk.on(EventName.positionEnd, () => this.got('positions'));
    desk.on(EventName.openOrder, (id: number, contract: Contract, order: Order, state: OrderState) =>
      this.hearOrder(id, contract, order, state),
    );
    desk.on(EventName.openOrderEnd, () => this.got('orders'));
    desk.on(EventName.execDetails, (_request: number, contract: Contract, execution: Execution) => {
      const exec = execution.acctNumber === desk.account ? execOf(contract, execution) : undefined;
      if (exec) this.gathering?.executions.set(exec.execId, exec);
    });
    desk.on(EventName.execDetailsEnd, (request: number) => {
      if (request === this.gathering?.request) this.got('executions');
    });
    desk.on(EventName.accountSummary, (id: number, account: string, tag: string, value: string, currency: string) =>
      this.hearValue(id, account, tag, value, currency),
    );
    desk.on(EventName.accountSummaryEnd, (id: number) => this.finishValues(id));
  }

  /** Asked twice at once, both get the same answer. */
  snapshot(): Promise<BrokerSnapshot> {
    this.current ??= this.gather().finally(() => (this.current = undefined));
    return this.current;
  }

  /** The connection is over: nobody waits for an answer any more. */
  drop(problem: BrokerProblem): void {
    this.gathering?.failed(problem);
    for (const { done, found } of this.values.values()) done(found);
    this.values.clear();
  }

  askValues(): Promise<AccountValues> {
    const { desk } = this;
    return new Promise(resolve => {
      const id = desk.requests.add((code, text) => {
        desk.log('warn', `Account values: ${text} (${code})`);
        this.finishValues(id);
      });
      this.values.set(id, { found: {}, done: resolve });
      desk.later(valuesWithinMs, () => this.finishValues(id));
      desk.lanes.request(() => desk.send(api => api.reqAccountSummary(id, 'All', Object.keys(valueTags).join(','))));
    });
  }

  private gather(): Promise<BrokerSnapshot> {
    const { desk } = this;
    return new Promise((resolve, reject) => {
      const request = desk.requests.add((code, text) => {
        desk.log('warn', `Executions: ${text} (${code})`);
        this.got('executions');
      });
      const timers = [
        desk.later(executionsWithinMs, () => {
          if (!this.gathering) return;
          this.gathering.isLate = true;
          this.finishGathering();
        }),
        desk.later(answerWithinMs, () => {
          const { host, port } = desk.config;
          this.gathering?.failed({ code: 'noAnswer', host, port, seconds: answerWithinMs / 1000 });
        }),
      ];
      this.gathering = {
        positions: new Map(),
        orders: new Map(),
        executions: new Map(),
        request,
        missing: new Set(['positions', 'orders', 'executions']),
        isLate: false,
        done: snapshot => {
          timers.forEach(clearTimeout);
          desk.requests.forget(request);
          resolve(snapshot);
        },
        failed: problem => {
          timers.forEach(clearTimeout);
          desk.requests.forget(request);
          this.gathering = undefined;
          reject(new BrokerFailure(problem));
        },
      };
      desk.lanes.request(() => desk.send(api => api.reqPositions()));
      desk.lanes.request(() => desk.send(api => api.reqAllOpenOrders()));
      const filter = { clientId: '0', acctCode: desk.account }; // 0: of all clients;
      desk.lanes.request(() => desk.send(api => api.reqExecutions(request, filter)));
    });
  }

  private got(part: 'positions' | 'orders' | 'executions'): void {
    this.gathering?.missing.delete(part);
    this.finishGathering();
  }

  private finishGathering(): void {
    const { gathering } = this;
    if (!gathering) return;
    const { missing, isLate, positions, orders, executions } = gathering;
    if (missing.has('positions') || missing.has('orders') || (missing.has('executions') && !isLate)) return;
    if (missing.has('executions')) this.desk.log('info', 'The gateway did not end its executions: taken as complete');
    this.gathering = undefined;
    gathering.done({
      positions: [...positions.values()],
      orders: [...orders.values()],
      executions: [...executions.values()],
    });
  }

  private hearPosition(
    account: string,
    contract: Contract,
    shares: number | undefined,
    cost: number | undefined,
  ): void {
    if (account !== this.desk.account || !isUsStock(contract)) return;
    const symbol = ownSymbol(contract.symbol ?? '');
    if (shares === undefined || !Number.isFinite(shares))
      return this.desk.log('error', `${symbol}: unreadable position ${shares}`);
    const averageCost = cost !== undefined && Number.isFinite(cost) ? cost : 0;
    const position = { symbol, shares, averageCost };
    this.gathering?.positions.set(symbol, position);
    this.desk.engine({ t: this.desk.now(), type: 'position', ...position });
  }

  private hearOrder(id: number, contract: Contract, order: Order, state: OrderState): void {
    if (!this.gathering || (order.account !== undefined && order.account !== this.desk.account)) return;
    const open = openOrderOf(id, contract, order, state);
    if (!open) return;
    if (open.clientId !== this.desk.config.clientId) open.isForeign = true;
    const key = open.permId > 0 ? `${open.permId}` : `${open.clientId}/${id}`;
    // Live frames of the same order come in between; what has ended is no open order.
    if (open.status === 'filled' || open.status === 'cancelled') this.gathering.orders.delete(key);
    else this.gathering.orders.set(key, open);
  }

  private hearValue(id: number, account: string, tag: string, value: string, currency: string): void {
    const asked = this.values.get(id);
    if (!asked || account !== this.desk.account || !isValueTag(tag)) return;
    if (currency !== 'USD') this.desk.log('warn', `${tag} is told in ${currency}, not in USD: not used`);
    else if (/^-?\d+(\.\d+)?$/.test(value)) asked.found[valueTags[tag]] = value;
  }

  private finishValues(id: number): void {
    const asked = this.values.get(id);
    if (!asked) return;
    this.values.delete(id);
    this.desk.requests.forget(id);
    this.desk.lanes.request(() => this.desk.send(api => api.cancelAccountSummary(id)));
    asked.done(asked.found);
  }
}

const isValueTag = (tag: string): tag is keyof typeof valueTags => Object.hasOwn(valueTags, tag);
