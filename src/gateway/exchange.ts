// The exchange: takes orders in, checks them, matches them against the quoted book, keeps the ones that rest, and says what
// happened in the order in which a real gateway was recorded to say it. It knows no sockets and encodes nothing.

import { fixedCommission, type Account } from './account';
import { newYorkText, newYorkTime, tradingDay, tradingDayFrom } from './calendar';
import { checkOrder, type Refusal } from './orderChecks';
import { averagePrice, remaining, type Execution, type Order } from './orders';
import type { Market, SymbolMarket } from './market';
import type { Instrument } from './instruments';
import type { FaultHooks, Settings } from './options';
import type { Units } from './prices';
import type { TruthEntry, TruthLog } from './truthLog';
import type { OrderRequest } from './wire/orderRequest';

/** What the gateway has to tell the client that owns the order. */
export type ExchangeEvent =
  | { readonly type: 'openOrder'; readonly order: Order }
  | { readonly type: 'status'; readonly order: Order }
  | { readonly type: 'execution'; readonly execution: Execution }
  | { readonly type: 'commission'; readonly execution: Execution }
  | { readonly type: 'preview'; readonly order: Order }
  | { readonly type: 'error'; readonly id: number; readonly code: number; readonly text: string };

export interface ExchangeParts {
  readonly settings: Settings;
  readonly market: Market;
  readonly account: Account;
  readonly truth: TruthLog;
  readonly faults: FaultHooks;
  now(): number;
  find(request: OrderRequest): Instrument | undefined;
  tell(clientId: number, event: ExchangeEvent): void;
}

export class Exchange {
  readonly orders: Order[] = [];
  readonly executions: Execution[] = [];
  private readonly byClient = new Map<number, Map<number, Order>>();
  private readonly highestId = new Map<number, number>();
  private working = new Set<Order>();
  private nextPermId: number;
  private nextExecution: number;

  constructor(private readonly parts: ExchangeParts) {
    // Different from seed to seed, so that ids of two runs are not taken for each other.
    this.nextExecution = parts.settings.firstExecution;
    this.nextPermId = 1_000_000_000 + (parts.settings.seed % 800_000) * 1000;
  }

  nextValidId(clientId: number): number {
    return (this.highestId.get(clientId) ?? 0) + 1;
  }

  /** A gateway that has restarted may hand out ids that it gave before. */
  rollBackIds(by: number): void {
    for (const [clientId, id] of this.highestId) this.highestId.set(clientId, Math.max(0, id - by));
  }

  workingOrders(clientId?: number): readonly Order[] {
    return [...this.working].filter(order => clientId === undefined || order.clientId === clientId);
  }

  completedOrders(): readonly Order[] {
    return this.orders.filter(order => order.completedAt > 0);
  }

  place(clientId: number, request: OrderRequest): void {
    const existing = this.byClient.get(clientId)?.get(request.orderId);
    const instrument = this.parts.find(request);
    const checked = checkOrder(request, instrument, existing, this.parts, {
      clientId,
      permId: this.nextPermId,
      isIdUsed: request.orderId <= (this.highestId.get(clientId) ?? 0),
    });
    if (checked.kind === 'refused') {
      this.refuse(clientId, request.orderId, checked.refusal, checked.order);
    } else if (checked.kind === 'preview') {
      this.parts.tell(clientId, { type: 'preview', order: checked.order });
    } else if (checked.kind === 'change' && existing) {
      this.change(existing, checked.order);
    } else {
      this.nextPermId++;
      this.remember(checked.order);
      if (this.parts.faults.presetDay && checked.order.tif === 'IOC') this.turnToDay(checked.order);
      // Parked until the client sends it again with transmit: the gateway keeps it and tells nothing.
      if (request.transmit) this.submit(checked.order);
    }
  }

  cancel(clientId: number, orderId: number): void {
    const order = this.byClient.get(clientId)?.get(orderId);
    if (!order) {
      this.error(clientId, orderId, 10147, `OrderId ${orderId} that needs to be cancelled is not found.`);
    } else if (!this.working.has(order) && order.status !== 'PendingSubmit') {
      const text = `OrderId ${orderId} that needs to be cancelled cannot be cancelled, state: ${order.status}.`;
      this.error(clientId, orderId, 10148, text);
    } else {
      this.finish(order, 'Cancelled', 'Cancelled by Trader');
      this.error(clientId, orderId, 202, 'Order cancelled - Reason:');
    }
  }

  cancelAll(): void {
    for (const order of this.workingOrders()) this.cancel(order.clientId, order.orderId);
  }

  /** After each market step: what rests may be held, triggered, filled or expired. */
  work(): void {
    if (this.working.size === 0) return;
    for (const order of [...this.working]) this.workOne(order);
  }

  /** Resting limit orders meet somebody at their own price, wherever the market is. */
  fillResting(): void {
    for (const order of [...this.working]) {
      if (order.limit === undefined || isStop(order) || order.isHeld) continue;
      this.execute(order, this.symbolOf(order), remaining(order), order.limit);
    }
  }

  /** The execution comes again under the next number of its id and replaces the earlier one; the account follows. */
  correct(execId: string, change: Units): void {
    const at = this.executions.findIndex(one => one.execId === execId);
    const earlier = this.executions[at];
    if (!earlier) return;
    const { order, shares } = earlier;
    const signed = order.action === 'BUY' ? shares : -shares;
    const price = Math.max(1, earlier.price + change);
    order.turnover += shares * (price - earlier.price);
    const { account, truth } = this.parts;
    const realized = account.correct(order.instrument, signed, price - earlier.price, earlier.realized);
    const dot = execId.lastIndexOf('.') + 1;
    const next = String(Number(execId.slice(dot)) + 1).padStart(execId.length - dot, '0');
    const execution: Execution = {
      ...earlier,
      execId: execId.slice(0, dot) + next,
      price,
      average: averagePrice(order),
      realized,
    };
    this.executions[at] = execution;
    truth.append(truthOf(execution));
    this.tell(order, { type: 'execution', execution });
    this.tell(order, { type: 'commission', execution });
    account.announce(order.instrument);
  }

  private turnToDay(order: Order): void {
    order.tif = 'DAY';
    this.error(order.clientId, order.orderId, 10349, 'Order TIF was set to DAY based on order preset.');
  }

  private workOne(order: Order): void {
    const symbol = this.symbolOf(order);
    if (order.isHeld) {
      if (!this.isOpenFor(order)) return;
      order.isHeld = false;
      this.submit(order);
      return;
    }
    if (this.hasExpired(order)) {
      this.finish(order, 'Cancelled', 'Expired at the end of the session');
      return;
    }
    if (!this.isOpenFor(order) || symbol.halted !== 0) return;
    if (isStop(order) && !order.isTriggered) {
      if (!isTouched(order, symbol)) return;
      order.isTriggered = true;
      order.status = 'Submitted';
      this.tellBoth(order);
    }
    this.match(order, symbol, true);
  }

  private submit(order: Order): void {
    this.working.add(order);
    order.status = 'PreSubmitted';
    this.tellBoth(order);
    if (!this.isOpenFor(order)) {
      order.isHeld = true;
      const text = `Order Message:\n${order.action} ${order.quantity} ${order.instrument.symbol} ${order.instrument.primaryExchange}\nWarning: Your order will not be placed at the exchange until ${newYorkText(this.nextOpen())} US/Eastern.`;
      this.error(order.clientId, order.orderId, 399, text);
      return;
    }
    if (isStop(order)) return;
    const symbol = this.symbolOf(order);
    const isFullOnly = order.tif === 'FOK';
    if (symbol.halted === 0 && !(isFullOnly && !this.couldFill(order, symbol))) this.match(order, symbol, false);
    if (remaining(order) === 0) return;
    if (order.tif === 'IOC' || isFullOnly) {
      this.expire(order);
    } else if (order.status === 'PreSubmitted') {
      order.status = 'Submitted';
      this.tellBoth(order);
    }
  }

  private change(order: Order, wanted: Order): void {
    order.quantity = wanted.quantity;
    order.limit = wanted.limit;
    order.aux = wanted.aux;
    order.tif = wanted.tif;
    order.outsideRth = wanted.outsideRth;
    if (order.status === 'PendingSubmit') {
      this.submit(order);
      return;
    }
    this.tellBoth(order);
    if (remaining(order) <= 0) this.finish(order, 'Filled', 'Filled');
    else this.workOne(order);
  }

  // What an IOC could not fill ends at once: quietly cancelled after fills, by way of PendingCancel without one.
  private expire(order: Order): void {
    if (order.tif === 'FOK') {
      this.finish(order, 'Inactive', 'Order not filled in full');
      return;
    }
    if (order.filled === 0) {
      order.status = 'PendingCancel';
      this.tell(order, { type: 'status', order });
    }
    this.finish(order, 'Cancelled', 'Rest of the immediate order cancelled');
    if (!this.parts.faults.iocWithout202) this.error(order.clientId, order.orderId, 202, 'Order cancelled - Reason:');
  }

  private match(order: Order, symbol: SymbolMarket, isResting: boolean): void {
    const isBuy = order.action === 'BUY';
    const limit = limitOf(order);
    const takes = (isBuy ? symbol.asks : symbol.bids).take(remaining(order), limit);
    for (const take of takes) {
      // A resting order is met at its own price: the market came to it.
      const price = isResting && order.type === 'LMT' ? limit : take.price;
      this.execute(order, symbol, take.shares, price);
    }
  }

  private couldFill(order: Order, symbol: SymbolMarket): boolean {
    const side = order.action === 'BUY' ? symbol.asks : symbol.bids;
    return side.available(limitOf(order)) >= remaining(order);
  }

  private execute(order: Order, symbol: SymbolMarket, shares: number, price: Units): void {
    const { account, truth } = this.parts;
    const at = this.parts.now();
    const turnover = order.turnover + shares * price;
    const commission = fixedCommission(order.filled + shares, turnover) - order.commission;
    order.filled += shares;
    order.turnover = turnover;
    order.lastFill = price;
    order.commission += commission;
    symbol.print(at / 1000, price, shares, shares, 1);
    const realized = account.book(order.instrument, order.action === 'BUY' ? shares : -shares, price, commission);
    const execution: Execution = {
      execId: this.execId(),
      order,
      at,
      shares,
      price,
      cumulative: order.filled,
      average: averagePrice(order),
      commission,
      realized,
    };
    truth.append(truthOf(execution));
    this.executions.push(execution);
    this.tell(order, { type: 'execution', execution });
    if (remaining(order) === 0) {
      this.close(order, 'Filled', 'Filled Size: ' + order.filled);
    } else {
      order.status = 'Submitted';
    }
    this.tellBoth(order);
    this.tell(order, { type: 'commission', execution });
    account.announce(order.instrument);
  }

  private execId(): string {
    const session = (this.parts.settings.seed >>> 0).toString(16).padStart(8, '0');
    return `${session}.${(this.nextExecution++).toString(16).padStart(8, '0')}.01.01`;
  }

  private finish(order: Order, status: 'Cancelled' | 'Inactive' | 'Filled', words: string): void {
    this.close(order, status, words);
    this.tell(order, { type: 'status', order });
  }

  private close(order: Order, status: Order['status'], words: string): void {
    order.status = status;
    order.completedAt = Math.floor(this.parts.now() / 1000);
    order.completedStatus = words;
    this.working.delete(order);
  }

  // 110 and its kin: the order never existed. 201 and other refusals of an order that was understood leave it Inactive.
  private refuse(clientId: number, orderId: number, refusal: Refusal, order: Order | undefined): void {
    if (order && refusal.code === 201) {
      this.nextPermId++;
      this.remember(order);
      this.close(order, 'Inactive', refusal.text);
      this.tell(order, { type: 'openOrder', order });
      this.tell(order, { type: 'status', order });
    }
    this.error(clientId, orderId, refusal.code, refusal.text);
  }

  private remember(order: Order): void {
    this.orders.push(order);
    const own = this.byClient.get(order.clientId) ?? new Map<number, Order>();
    this.byClient.set(order.clientId, own.set(order.orderId, order));
    this.highestId.set(order.clientId, Math.max(this.highestId.get(order.clientId) ?? 0, order.orderId));
  }

  private tell(order: Order, event: ExchangeEvent): void {
    this.parts.tell(order.clientId, event);
  }

  private tellBoth(order: Order): void {
    this.tell(order, { type: 'openOrder', order });
    this.tell(order, { type: 'status', order });
  }

  private error(clientId: number, id: number, code: number, text: string): void {
    this.parts.tell(clientId, { type: 'error', id, code, text });
  }

  private symbolOf(order: Order): SymbolMarket {
    return this.parts.market.of(order.instrument, this.parts.now());
  }

  private isOpenFor(order: Order): boolean {
    const at = this.parts.now() / 1000;
    const day = tradingDay(newYorkTime(Math.floor(at)).date);
    if (!day) return false;
    if (order.outsideRth) return day.extendedOpen <= at && at < day.extendedClose;
    return day.regularOpen <= at && at < day.regularClose;
  }

  private hasExpired(order: Order): boolean {
    if (order.tif !== 'DAY') return false;
    const at = this.parts.now() / 1000;
    const day = tradingDay(newYorkTime(Math.floor(at)).date);
    return !day || at >= (order.outsideRth ? day.extendedClose : day.regularClose);
  }

  private nextOpen(): number {
    const at = Math.floor(this.parts.now() / 1000);
    const { date } = newYorkTime(at);
    const today = tradingDay(date);
    return today && at < today.regularOpen ? today.regularOpen : tradingDayFrom(date, 1).regularOpen;
  }
}

function truthOf({ execId, order, at, shares, price, commission }: Execution): TruthEntry {
  return {
    type: 'execution',
    t: at,
    execId,
    account: order.account,
    clientId: order.clientId,
    orderId: order.orderId,
    permId: order.permId,
    orderRef: order.orderRef,
    symbol: order.instrument.symbol,
    side: order.action,
    shares,
    price: price / 10_000,
    commission: commission / 10_000,
  };
}

function isStop(order: Order): boolean {
  return order.type === 'STP' || order.type === 'STP LMT';
}

function isTouched(order: Order, symbol: SymbolMarket): boolean {
  if (symbol.last === undefined || order.aux === undefined) return false;
  return order.action === 'SELL' ? symbol.last <= order.aux : symbol.last >= order.aux;
}

function limitOf(order: Order): Units {
  const hasLimit = order.type === 'LMT' || order.type === 'STP LMT';
  const worst = order.action === 'BUY' ? Number.MAX_SAFE_INTEGER : 0;
  return hasLimit ? (order.limit ?? worst) : worst;
}
