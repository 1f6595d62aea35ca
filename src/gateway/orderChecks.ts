// What stands between a client's order and the book: is it an order, may it be one, can the account carry it. Pure questions
// in the order in which a gateway asks them; the first that fails names the code.

import { priceText, readPrice, type Units } from './prices';
import type { Account } from './account';
import type { Instrument } from './instruments';
import type { Market } from './market';
import type { FaultHooks, Settings } from './options';
import type { Order, OrderType, TimeInForce } from './orders';
import type { OrderRequest } from './wire/orderRequest';

export interface Refusal {
  readonly code: number;
  readonly text: string;
}

export type Checked =
  | { readonly kind: 'new' | 'change' | 'preview'; readonly order: Order }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly order: Order | undefined };

interface World {
  readonly settings: Settings;
  readonly market: Market;
  readonly account: Account;
  readonly faults: FaultHooks;
  now(): number;
}

const types: readonly string[] = ['LMT', 'MKT', 'STP', 'STP LMT'] satisfies OrderType[];
const tifs: readonly string[] = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'] satisfies TimeInForce[];

export function checkOrder(
  request: OrderRequest,
  instrument: Instrument | undefined,
  existing: Order | undefined,
  world: World,
  ids: { readonly clientId: number; readonly permId: number; readonly isIdUsed: boolean },
): Checked {
  const refuse = (code: number, text: string, order?: Order): Checked => ({
    kind: 'refused',
    refusal: { code, text },
    order,
  });

  if (request.orderId <= 0) return refuse(10149, 'Invalid order id: 0');
  if (!instrument) return refuse(200, 'No security definition has been found for the request');
  const rejected = world.faults.orderReject;
  if (request.action !== 'BUY' && request.action !== 'SELL') return invalid('Invalid order action was entered');
  if (!types.includes(request.orderType)) return invalid('Invalid order type was entered');
  const tif = request.tif === '' ? 'DAY' : request.tif;
  if (!tifs.includes(tif)) return invalid('Invalid time in force was entered');
  if (request.account !== '' && request.account !== world.account.name) return invalid('Invalid account code');
  if (request.quantity === undefined || request.quantity <= 0) {
    return refuse(434, 'The order size cannot be zero.');
  }
  if (!Number.isInteger(request.quantity)) {
    return refuse(10243, 'Fractional-sized order cannot be placed via API. Please use desktop version to revise it.');
  }

  const limit = readPrice(request.limit, instrument.rule);
  const aux = readPrice(request.aux, instrument.rule);
  const needsLimit = request.orderType === 'LMT' || request.orderType === 'STP LMT';
  const needsAux = request.orderType === 'STP' || request.orderType === 'STP LMT';
  const gridText = `The price does not conform to the minimum price variation for this contract.`;
  for (const [needs, reading] of [
    [needsLimit, limit],
    [needsAux, aux],
  ] as const) {
    if (!needs) continue;
    if (reading.kind === 'offGrid') return refuse(110, gridText);
    if (reading.kind !== 'price') return invalid('Missing or invalid price');
  }

  const order: Order = {
    clientId: ids.clientId,
    orderId: request.orderId,
    permId: existing?.permId ?? ids.permId,
    account: world.account.name,
    instrument,
    exchange: request.contract.exchange === '' ? 'SMART' : request.contract.exchange,
    action: request.action,
    quantity: request.quantity,
    type: request.orderType as OrderType,
    limit: needsLimit && limit.kind === 'price' ? limit.units : undefined,
    aux: needsAux && aux.kind === 'price' ? aux.units : undefined,
    tif: tif as TimeInForce,
    outsideRth: request.outsideRth,
    hidden: request.hidden,
    ocaGroup: request.ocaGroup,
    openClose: request.openClose,
    orderRef: request.orderRef,
    parentId: request.parentId,
    goodTillDate: request.goodTillDate,
    status: 'PendingSubmit',
    filled: 0,
    turnover: 0,
    lastFill: 0,
    commission: 0,
    isHeld: false,
    isTriggered: false,
    completedAt: 0,
    completedStatus: '',
  };

  if (existing) {
    const isSame =
      existing.instrument === instrument && existing.action === order.action && existing.type === order.type;
    const isRepeat = isSame && existing.quantity === order.quantity && existing.limit === order.limit;
    if (existing.completedAt > 0) {
      return existing.status === 'Filled' && isSame && !isRepeat
        ? refuse(104, 'Cannot modify a filled order.')
        : refuse(103, 'Duplicate order ID.');
    }
    if (!isSame) return refuse(105, 'Order being modified does not match original order.');
    if (order.quantity < existing.filled) return invalid('Quantity is below what has been filled');
  } else if (ids.isIdUsed) {
    return refuse(103, 'Duplicate order ID.');
  }

  if (rejected && (rejected.symbol === undefined || rejected.symbol === instrument.symbol)) {
    return refuse(rejected.code, rejected.text, order);
  }
  const symbol = world.market.of(instrument, world.now());
  if (order.limit !== undefined && !request.overridePercentage) {
    const touch = order.action === 'BUY' ? symbol.ask : symbol.bid;
    const beyond = touch === undefined ? 0 : ((order.limit - touch) / touch) * (order.action === 'BUY' ? 1 : -1);
    if (beyond > world.settings.percentageLimit) {
      return refuse(
        109,
        'Price is out of the range defined by the Percentage setting at order defaults frame. The order will not be transmitted.',
      );
    }
  }
  const price: Units = order.limit ?? order.aux ?? symbol.mark;
  const needed = marginNeeded(order, price, world.account);
  if (request.whatIf) return { kind: 'preview', order };
  if (needed > world.account.availableFunds) {
    const text = `Order rejected - Reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE [${dollars(world.account.equity)} USD] MUST EXCEED THE INITIAL MARGIN [${dollars(world.account.marginRequirement + needed)} USD]`;
    return refuse(201, text, order);
  }
  return { kind: existing ? 'change' : 'new', order };

  function invalid(cause: string): Checked {
    return refuse(321, `Error validating request.-'bF' : cause - ${cause}`);
  }
}

/** What the order would add to the margin requirement: nothing as far as it closes a position. */
export function marginNeeded(order: Order, price: Units, account: Account): Units {
  const held = account.sharesOf(order.instrument);
  const after = held + (order.action === 'BUY' ? order.quantity : -order.quantity);
  const opened = Math.max(0, Math.abs(after) - Math.abs(held));
  return Math.round(opened * price * 0.25);
}

function dollars(units: Units): string {
  return priceText(Math.round(units / 100) * 100);
}
