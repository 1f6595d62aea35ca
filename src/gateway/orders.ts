// An order as the exchange keeps it, and what can happen to one. Plain data: the rules are the exchange's.

import type { Instrument } from './instruments';
import type { Units } from './prices';

export type OrderStatus =
  'PendingSubmit' | 'PreSubmitted' | 'Submitted' | 'PendingCancel' | 'Cancelled' | 'Filled' | 'Inactive';

export type OrderType = 'LMT' | 'MKT' | 'STP' | 'STP LMT';
export type TimeInForce = 'DAY' | 'GTC' | 'IOC' | 'FOK' | 'GTD';

export interface Order {
  readonly clientId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly account: string;
  readonly instrument: Instrument;
  readonly exchange: string;
  readonly action: 'BUY' | 'SELL';
  quantity: number;
  readonly type: OrderType;
  limit: Units | undefined;
  aux: Units | undefined;
  tif: TimeInForce;
  outsideRth: boolean;
  readonly hidden: boolean;
  readonly ocaGroup: string;
  readonly openClose: string;
  readonly orderRef: string;
  readonly parentId: number;
  readonly goodTillDate: string;
  status: OrderStatus;
  filled: number;
  /** Price × shares of all fills, for the average. */
  turnover: Units;
  lastFill: Units;
  commission: Units;
  /** Held until the regular open: sent outside regular hours without outsideRth. */
  isHeld: boolean;
  /** A stop whose price has been touched works as a market or limit order from then on. */
  isTriggered: boolean;
  /** Epoch seconds of the final state, and its words. */
  completedAt: number;
  completedStatus: string;
}

export interface Execution {
  readonly execId: string;
  readonly order: Order;
  /** Epoch milliseconds, simulated. */
  readonly at: number;
  readonly shares: number;
  readonly price: Units;
  /** Shares and average of the order so far, this execution included. */
  readonly cumulative: number;
  readonly average: number;
  readonly commission: Units;
  /** Commission included; undefined when the execution opened or added to a position. */
  readonly realized: Units | undefined;
}

export function isWorking(order: Order): boolean {
  return order.status === 'PreSubmitted' || order.status === 'Submitted' || order.status === 'PendingCancel';
}

export function remaining(order: Order): number {
  return order.quantity - order.filled;
}

/** Average fill price in dollars; 0 before the first fill, as the real gateway says it. */
export function averagePrice(order: Order): number {
  return order.filled === 0 ? 0 : order.turnover / order.filled / 10_000;
}
