/**
 * Sends orders and cancels on the present connection, and keeps which are still out: sent, and not yet at their end with all
 * their executions heard. Only for knowing when a session may end without leaving fills for the next one; the books are the
 * engine's.
 */
import type { BrokerPort } from '../broker/port';
import type { EngineEvent, OrderIntent } from '../engine/events';

interface Out {
  /** Shares that the broker says were filled, once it has named the order's end. */
  filled: number | null;
  /** Shares of the executions heard. */
  heard: number;
}

export interface OrdersOutOptions {
  port(): BrokerPort | null;
  /** No new buys any more. */
  isStopping(): boolean;
  placed(order: OrderIntent): void;
  log(level: 'warn', text: string): void;
}

export class OrdersOut {
  private readonly out = new Map<number, Out>();
  /** Stops that are to stay at the broker, until it has said of each that it is there or is not. */
  private readonly resting = new Set<number>();

  constructor(private readonly options: OrdersOutOptions) {}

  get n(): number {
    return this.out.size;
  }

  /** Resolves when none is out and each stop has its answer, when the connection is gone, or after so long. */
  async settled(withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (this.out.size + this.resting.size > 0 && this.options.port() !== null && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** Throws when the order was not sent. */
  place(order: OrderIntent): void {
    const port = this.options.port();
    if (port === null) throw new Error('there is no connection');
    if (this.options.isStopping() && order.side === 'BUY') throw new Error('the session stops');
    if (order.isResting === true) this.resting.add(order.orderId);
    else this.out.set(order.orderId, { filled: null, heard: 0 });
    try {
      port.placeOrder(order);
    } catch (error) {
      this.out.delete(order.orderId);
      this.resting.delete(order.orderId);
      throw error;
    }
    this.options.placed(order);
  }

  cancel(orderId: number): void {
    try {
      this.options.port()?.cancelOrder(orderId);
    } catch (error) {
      // The link is about to be reported as lost, and reconciliation asks for the order then.
      this.options.log('warn', `Order ${orderId} could not be cancelled: ${String(error)}`);
    }
  }

  heard(event: EngineEvent): void {
    if (event.type === 'reconcile' && event.partial !== true) return this.clear();
    if (event.type !== 'order' && event.type !== 'exec') return;
    if (event.type === 'order' && (event.status === 'working' || isFinal(event.status)))
      this.resting.delete(event.orderId);
    const order = this.out.get(event.orderId);
    if (order === undefined) return;
    if (event.type === 'exec') order.heard += event.qty;
    else if (isFinal(event.status)) order.filled = event.filled;
    if (order.filled !== null && order.heard >= order.filled) this.out.delete(event.orderId);
  }

  /** The connection is gone, or the broker has told what is true. */
  clear(): void {
    this.resting.clear();
    this.out.clear();
  }
}

const isFinal = (status: string): boolean =>
  status === 'filled' || status === 'cancelled' || status === 'rejected' || status === 'inactive';
