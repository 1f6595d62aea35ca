/**
 * The fill model of §12: an IOC order fills against the quote of the tape, up to the quoted size where the tape has sizes.
 * What was taken is gone until the tape names that side's price or size again. It invents no prices.
 */
import type { EngineEvent, OrderIntent, TickEvent } from '../engine/events';

/** Shares left on one side; `known` once the tape has named a size for it. */
interface SideSize {
  known: boolean;
  quoted: number;
  left: number;
}

export class FillModel {
  private readonly sizes = new Map<string, { bid: SideSize; ask: SideSize }>();
  private execs = 0;

  /** @param quote bid and ask of a symbol as the engine has them; NaN = none */
  constructor(private readonly quote: (symbol: string) => { bid: number; ask: number }) {}

  /** Before the engine applies the tick. */
  onTick(e: TickEvent): void {
    let sizes = this.sizes.get(e.symbol);
    if (!sizes) {
      sizes = { bid: newSide(), ask: newSide() };
      this.sizes.set(e.symbol, sizes);
    }
    refresh(sizes.bid, e.bid, e.bidSize);
    refresh(sizes.ask, e.ask, e.askSize);
  }

  /** What the exchange answers to an order at `t`: an execution if any, then the final status. */
  fill(order: OrderIntent, t: number): EngineEvent[] {
    const price = order.side === 'BUY' ? this.quote(order.symbol).ask : this.quote(order.symbol).bid;
    const limit = Number(order.limit);
    const isReached = price > 0 && (order.side === 'BUY' ? price <= limit : price >= limit);
    const qty = isReached ? this.take(order, order.qty) : 0;
    const events: EngineEvent[] = [];
    const { orderId, key, symbol, side } = order;
    if (qty > 0) {
      const execId = `replay-${++this.execs}.01`;
      events.push({ t, type: 'exec', execId, orderId, key, symbol, side, qty, price: String(price) });
    }
    const status = qty === order.qty ? 'filled' : 'cancelled';
    events.push({ t, type: 'order', orderId, status, filled: qty, remaining: order.qty - qty });
    return events;
  }

  private take(order: OrderIntent, wanted: number): number {
    const sizes = this.sizes.get(order.symbol);
    const side = order.side === 'BUY' ? sizes?.ask : sizes?.bid;
    if (!side?.known) return wanted;
    const taken = Math.min(wanted, Math.floor(side.left));
    side.left -= taken;
    return taken;
  }
}

function newSide(): SideSize {
  return { known: false, quoted: 0, left: 0 };
}

function refresh(side: SideSize, price: number | null | undefined, size: number | null | undefined): void {
  if (typeof size === 'number') {
    side.known = true;
    side.quoted = size > 0 ? size : 0;
  }
  if (price !== undefined || typeof size === 'number') side.left = side.quoted;
}
