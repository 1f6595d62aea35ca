/**
 * What the parts of this room share on one connection: how to send, what time it is, and how to tell the session. Only types
 * and the naming of contracts; the port puts a desk together, the parts get nothing else of each other.
 */
import type { Contract, IBApi, EventName, Order } from '@stoqey/ib';
import { SecType } from '@stoqey/ib';
import type { EngineEvent } from '../../engine/events';
import type { BrokerConfig, BrokerProblem } from '../port';
import type { Lanes } from './lanes';
import type { OrderSlots, PreparedOrder } from './orderFrames';
import type { Requests } from './requests';

export interface Desk {
  readonly config: BrokerConfig;
  /** The account that is traded. */
  readonly account: string;
  readonly lanes: Lanes;
  readonly requests: Requests;
  /** ms UTC on the broker's clock. */
  now(): number;
  /** Sends within this call or throws. */
  send(request: (api: IBApi) => void): void;
  /** The same for an order, whose frame is prepared. */
  sendOrder(prepared: PreparedOrder, values: OrderSlots): void;
  prepareOrder(contract: Contract, order: Order): PreparedOrder;
  on(event: EventName, handler: (...args: never[]) => void): void;
  /** Runs an action later on the wall's clock; dropped when the connection ends. */
  later(ms: number, action: () => void): NodeJS.Timeout;
  engine(event: EngineEvent): void;
  problem(problem: BrokerProblem): void;
  /** Gives the connection up; the session makes a new one and reconciles. */
  lose(text: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

/** IB writes share classes with a blank: `BRK B`. */
export const ibSymbol = (symbol: string): string => symbol.replace('.', ' ');
export const ownSymbol = (symbol: string): string => symbol.replace(' ', '.');

/** A US stock, routed by IB. The contract's number, once known, rules out any other meaning of the name. */
export const stock = (symbol: string, conId?: number): Contract => ({
  ...(conId === undefined ? {} : { conId }),
  symbol: ibSymbol(symbol),
  secType: SecType.STK,
  exchange: 'SMART',
  currency: 'USD',
});

export const isUsStock = (contract: Contract): boolean =>
  String(contract.secType) === 'STK' && (contract.currency ?? 'USD') === 'USD' && (contract.symbol ?? '') !== '';
