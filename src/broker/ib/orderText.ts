/**
 * Between the engine's order and the broker's: checks an intent down to the last digit before it is sent, and reads states,
 * executions and open orders back. Numbers cross as the text that was meant; what cannot be is refused, never rounded.
 */
import type { Contract, Execution, Order, OrderState } from '@stoqey/ib';
import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import { Decimal } from 'decimal.js';
import type { ExecEvent, OpenOrder, OrderIntent, OrderStatus, Tag } from '../../engine/events';
import { isUsStock, ownSymbol } from './desk';
import { gatewayTime } from './times';

/** What must go now, at whatever price the market gives. */
const urgent: readonly Tag[] = ['live_stop', 'live_trail', 'flatten', 'anti_short_cover'];

const highestOrderId = 2 ** 31 - 1;

/** Its price as a number. Throws when the intent is not one that can be sent exactly as it is written. */
export function checkedPrice(intent: OrderIntent): number {
  const { orderId, qty, side, key } = intent;
  if (!(Number.isInteger(orderId) && 0 < orderId && orderId <= highestOrderId)) refuse(`order id ${orderId}`);
  if (!(Number.isInteger(qty) && 0 < qty && qty <= 1_000_000)) refuse(`${qty} shares`);
  if (side !== 'BUY' && side !== 'SELL') refuse(`side ${String(side)}`);
  if (!isKey(key)) refuse(`order key "${key}"`);
  if (intent.isResting === true && side !== 'SELL') refuse('a resting order to buy');
  return exactNumber(intent.limit);
}

/** What may differ between two orders of a symbol besides what every order has of its own. */
export type OrderKind = 'patient' | 'urgent' | 'resting';

export const kindOf = ({ isResting, tag }: Pick<OrderIntent, 'isResting' | 'tag'>): OrderKind =>
  isResting === true ? 'resting' : urgent.includes(tag) ? 'urgent' : 'patient';

/** The same of its kind as the client library takes it; throws as `checkedPrice` does. */
export function orderFor(intent: OrderIntent, account: string): Order {
  const price = checkedPrice(intent);
  const kind = kindOf(intent);
  const how =
    kind === 'resting'
      ? { orderType: OrderType.STP, auxPrice: price, tif: TimeInForce.GTC }
      : { orderType: OrderType.LMT, lmtPrice: price, tif: TimeInForce.IOC };
  return {
    action: intent.side === 'BUY' ? OrderAction.BUY : OrderAction.SELL,
    totalQuantity: intent.qty,
    ...how,
    account,
    orderRef: intent.key,
    // Left out, these would go over the wire as empty text: an order that is parked, or managed by a default of TWS.
    transmit: true,
    outsideRth: false,
    exemptCode: -1,
    usePriceMgmtAlgo: false,
    // Exits must not be stopped by a percentage that the user once set in TWS against typing errors.
    overridePercentageConstraints: kind !== 'patient',
  };
}

/** The number that the library prints as exactly this text. */
export function exactNumber(text: string): number {
  const number = Number(text);
  const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  // Nearly always it is written as the library will print it.
  if (0.000001 <= number && number < 1e9 && decimals <= 10 && String(number) === text) return number;
  if (!/^\d{1,9}(\.\d{1,10})?$/.test(text)) refuse(`limit price "${text}"`);
  const normal = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  if (!(number > 0 && String(number) === normal.replace(/^0+(?=\d)/, ''))) refuse(`limit price "${text}"`);
  return number;
}

/** Up to a hundred characters that print, no blanks. */
function isKey(key: string): boolean {
  for (let n = 0; n < key.length; n++) if (key.charCodeAt(n) < 0x21 || key.charCodeAt(n) > 0x7e) return false;
  return 0 < key.length && key.length <= 100;
}

function refuse(found: string): never {
  throw new Error(`This order cannot be sent: ${found}`);
}

const statuses: Readonly<Record<string, OrderStatus>> = {
  ApiPending: 'pending',
  PendingSubmit: 'pending',
  PreSubmitted: 'working',
  Submitted: 'working',
  PendingCancel: 'pendingCancel',
  ApiCancelled: 'cancelled',
  Cancelled: 'cancelled',
  Filled: 'filled',
  Inactive: 'inactive',
};

/** Undefined for a word that IB has not used so far: nothing final may be read into it. */
export const statusOf = (text: string): OrderStatus | undefined => statuses[text];

/** Prices come as doubles; twelve digits hold any price, and cut off what binary arithmetic at the gateway has added. */
export const priceText = (price: number): string => new Decimal(price.toPrecision(12)).toFixed();

export const isShares = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0;

/** An identifier that is still exact as a double. */
export const exactId = (id: number | undefined): number | undefined =>
  id !== undefined && Number.isSafeInteger(id) && id > 0 ? id : undefined;

/** Undefined when it is no execution of a US stock, or cannot be read. */
export function execOf(contract: Contract, execution: Execution): Omit<ExecEvent, 't' | 'type'> | undefined {
  const { execId, shares, price, side, orderId, clientId } = execution;
  if (!isUsStock(contract) || execId === undefined || execId === '' || !isShares(shares)) return undefined;
  if (price === undefined || !Number.isFinite(price) || price < 0 || (side !== 'BOT' && side !== 'SLD'))
    return undefined;
  const permId = exactId(execution.permId);
  const executedAt = gatewayTime(execution.time ?? '');
  return {
    execId,
    orderId: orderId ?? 0,
    key: execution.orderRef ?? '',
    symbol: ownSymbol(contract.symbol ?? ''),
    side: side === 'BOT' ? 'BUY' : 'SELL',
    qty: shares,
    price: priceText(price),
    ...(permId === undefined ? {} : { permId }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(executedAt === undefined ? {} : { executedAt }),
  };
}

export function openOrderOf(
  orderId: number,
  contract: Contract,
  order: Order,
  state: OrderState,
): OpenOrder | undefined {
  const qty = order.totalQuantity;
  if (!isUsStock(contract) || qty === undefined) return undefined;
  return {
    orderId,
    key: order.orderRef ?? '',
    symbol: ownSymbol(contract.symbol ?? ''),
    side: order.action === OrderAction.BUY ? 'BUY' : 'SELL',
    qty,
    orderType: String(order.orderType ?? ''),
    tif: String(order.tif ?? ''),
    clientId: order.clientId ?? 0,
    permId: exactId(order.permId) ?? 0,
    status: statusOf(String(state.status ?? '')) ?? 'working',
  };
}
