/**
 * Sends and cancels orders, and tells what becomes of them: states, executions, commissions, rejections. It sends each intent
 * once, decides nothing about a next one, and counts no position.
 */
import type { CommissionReport, Contract, Execution, Order, OrderState } from '@stoqey/ib';
import { EventName } from '@stoqey/ib';
import type { OrderEvent, OrderIntent, OrderStatus } from '../../engine/events';
import type { Meaning } from './codes';
import { meaningOf, saysReadOnly } from './codes';
import type { Desk } from './desk';
import { stock } from './desk';
import type { PreparedOrder } from './orderFrames';
import {
  checkedPrice,
  exactId,
  execOf,
  isShares,
  kindOf,
  orderFor,
  priceText,
  statusOf,
  type OrderKind,
} from './orderText';

/** An intent decided longer ago has met another market. */
const staleAfterMs = 5000;

const ANY_ORDER = { t: 0, key: 'any', orderId: 1, side: 'BUY', qty: 1, limit: '1', rung: 1, z: 0, reference: null, last: 1 } as const; // prettier-ignore

interface Sent {
  symbol: string;
  qty: number;
  filled: number;
  status: OrderStatus | undefined;
  isCancelAsked: boolean;
  isTifChecked: boolean;
  /** A stop that is to stay: being held until the open is what it is for. */
  isResting: boolean;
}

type Frames = { readonly conId: number | undefined } & Partial<Record<OrderKind, PreparedOrder>>;

export class Orders {
  private readonly sent = new Map<number, Sent>();
  private readonly prepared = new Map<string, Frames>();

  constructor(
    private readonly desk: Desk,
    private readonly conIdOf: (symbol: string) => number | undefined,
  ) {
    desk.on(EventName.orderStatus, (...args: Parameters<Orders['hearStatus']>) => this.hearStatus(...args));
    desk.on(EventName.openOrder, (id: number, _contract: Contract, order: Order, state: OrderState) =>
      this.hearOpen(id, order, state),
    );
    desk.on(EventName.execDetails, (request: number, contract: Contract, execution: Execution) =>
      this.hearExecution(request, contract, execution),
    );
    desk.on(EventName.commissionReport, (report: CommissionReport) => this.hearCommission(report));
  }

  has(id: number): boolean {
    return this.sent.has(id);
  }

  place(intent: OrderIntent): void {
    const { desk } = this;
    const { orderId: id, symbol, side: action, qty: quantity, key: ref } = intent;
    const price = checkedPrice(intent);
    const age = desk.now() - intent.t;
    if (age > staleAfterMs) throw new Error(`This order cannot be sent: decided ${Math.round(age / 1000)} s ago`);
    if (this.sent.has(id)) throw new Error(`This order cannot be sent: order id ${id} was sent before`);
    const frame = this.frameFor(symbol, intent);
    const isResting = intent.isResting === true;
    const fresh = { filled: 0, status: undefined, isCancelAsked: false };
    this.sent.set(id, { symbol, qty: quantity, ...fresh, isTifChecked: isResting, isResting });
    const isSent = desk.lanes.order(
      () => desk.sendOrder(frame, { id, action, quantity, price, ref }),
      () => this.tell(id, 'rejected', { text: 'Not sent: over 45 messages in a second' }),
    );
    if (!isSent) desk.log('warn', `Order ${id} waits: over 45 messages in a second`);
  }

  /** Before there is an order: what the first buy and the first exit would have to wait for. */
  prepare(symbol: string): void {
    for (const tag of ['ladder_buy', 'live_stop'] as const) this.frameFor(symbol, { ...ANY_ORDER, symbol, tag });
  }

  /** One a kind; all anew once another contract is known by the name. */
  private frameFor(symbol: string, intent: OrderIntent): PreparedOrder {
    const conId = this.conIdOf(symbol);
    let frames = this.prepared.get(symbol);
    if (frames === undefined || frames.conId !== conId) this.prepared.set(symbol, (frames = { conId }));
    const { desk } = this;
    return (frames[kindOf(intent)] ??= desk.prepareOrder(stock(symbol, conId), orderFor(intent, desk.account)));
  }

  cancel(orderId: number): void {
    const sent = this.sent.get(orderId);
    if (sent) sent.isCancelAsked = true;
    this.desk.lanes.order(
      () => this.desk.send(api => api.cancelOrder(orderId)),
      () => this.desk.log('error', `The cancel of order ${orderId} was not sent: over 45 messages in a second`),
    );
  }

  /** True when the message was about an order. */
  hear(about: number, code: number, text: string): boolean {
    const sent = this.sent.get(about);
    if (!sent) return false;
    this.react(about, sent, meaningOf(code), code, text);
    return true;
  }

  private react(orderId: number, sent: Sent, meaning: Meaning, code: number, text: string): void {
    switch (meaning) {
      case 'orderRejected':
      case 'noContract':
        return this.tell(orderId, 'rejected', { code, text });
      case 'invalidRequest':
        if (saysReadOnly(text)) this.desk.problem({ code: 'readOnly', text });
        return this.tell(orderId, 'rejected', { code, text });
      case 'duplicateOrderId':
        // The gateway's row of ids is ahead of ours; it tells the next one at a connect, and there the first order is asked
        // for by its key before anything is sent again.
        this.tell(orderId, 'rejected', { code, text });
        return this.desk.lose(`order id ${orderId} was used before`);
      case 'orderCancelled':
        // How much was filled before is only sure once the status says so: until then the order is not final.
        return this.tell(orderId, sent.status === 'cancelled' ? 'cancelled' : 'pendingCancel', { code, text });
      case 'orderHeld':
        this.say(code, text, orderId, sent.symbol);
        return this.cancelOnce(orderId, sent);
      case 'iocNotHonoured':
        return this.iocNotHonoured(orderId, sent, text);
      case 'orderNotFound':
      case 'orderAlreadyDone':
      case 'orderWarning':
        return this.desk.log('info', `Order ${orderId}: ${text} (${code})`);
      default:
        return this.say(code, text, orderId, sent.symbol);
    }
  }

  private say(brokerCode: number, text: string, orderId: number, symbol: string): void {
    this.desk.problem({ code: 'brokerSays', brokerCode, text, orderId, symbol });
  }

  private cancelOnce(orderId: number, sent: Sent): void {
    if (!sent.isCancelAsked && !sent.isResting) this.cancel(orderId);
  }

  private iocNotHonoured(orderId: number, sent: Sent, text: string): void {
    if (sent.isTifChecked) return;
    sent.isTifChecked = true;
    this.desk.problem({ code: 'iocNotHonoured', orderId, text });
    this.cancelOnce(orderId, sent);
  }

  private tell(orderId: number, status: OrderStatus, more: { permId?: number; code?: number; text?: string }): void {
    const sent = this.sent.get(orderId);
    const filled = sent?.filled ?? 0;
    const remaining = Math.max(0, (sent?.qty ?? 0) - filled);
    const event: OrderEvent = { t: this.desk.now(), type: 'order', orderId, status, filled, remaining, ...more };
    this.desk.engine(event);
  }

  private hearStatus(
    orderId: number,
    text: string,
    filled: number | undefined,
    remaining: number | undefined,
    _average?: number,
    permIdSaid?: number,
    _parent?: number,
    _lastPrice?: number,
    clientId?: number,
    whyHeld?: string,
  ): void {
    const sent = this.sent.get(orderId);
    // Another client may use the same number; ours of an earlier connection count too.
    if (clientId !== this.desk.config.clientId && !(sent && clientId === undefined)) return;
    const status = statusOf(text);
    if (!status || !isShares(filled))
      return this.desk.log('warn', `Order ${orderId}: status ${text}, filled ${filled}`);
    if (sent) {
      sent.filled = Math.max(sent.filled, filled);
      sent.status = status;
    }
    const permId = exactId(permIdSaid);
    this.desk.engine({
      t: this.desk.now(),
      type: 'order',
      orderId,
      status,
      filled,
      remaining: isShares(remaining) ? remaining : Math.max(0, (sent?.qty ?? filled) - filled),
      ...(permId === undefined ? {} : { permId }),
      ...(whyHeld ? { text: `held: ${whyHeld}` } : {}),
    });
    if (sent && whyHeld) this.cancelOnce(orderId, sent);
  }

  /** The frame that says what the broker made of an order: an order preset may have turned the IOC into a day order. */
  private hearOpen(orderId: number, order: Order, state: OrderState): void {
    const sent = this.sent.get(orderId);
    if (!sent || order.clientId !== this.desk.config.clientId) return;
    if (order.tif !== undefined && String(order.tif) !== 'IOC')
      this.iocNotHonoured(orderId, sent, `time in force is ${String(order.tif)}`);
    if (state.warningText) this.desk.log('warn', `Order ${orderId}: ${state.warningText}`);
  }

  private hearExecution(request: number, contract: Contract, execution: Execution): void {
    if (execution.acctNumber !== this.desk.account) return;
    const exec = execOf(contract, execution);
    if (!exec) return this.desk.log('error', `Unreadable execution: ${JSON.stringify({ contract, execution })}`);
    const sent = this.sent.get(exec.orderId);
    if (sent && exec.clientId === this.desk.config.clientId && isShares(execution.cumQty))
      sent.filled = Math.max(sent.filled, execution.cumQty);
    // Answers to a request belong to its snapshot; the engine counts by execution id either way.
    if (request === -1) this.desk.engine({ t: this.desk.now(), type: 'exec', ...exec });
  }

  private hearCommission(report: CommissionReport): void {
    const { execId, commission, currency } = report;
    if (!execId || commission === undefined || !Number.isFinite(commission)) return;
    const amount = priceText(commission);
    this.desk.engine({ t: this.desk.now(), type: 'commission', execId, amount, currency: currency ?? 'USD' });
  }
}
