/**
 * What a careful person with pencil and paper would know from the messages that reached the bot: shares, cost and profit of each
 * symbol, and which orders have not come to their end. Written anew here, so that it cannot share the engine's mistakes.
 */
import type { OrderIntent } from '../../src/engine/events';
import { baseOf, type Execution } from './exchange';

export interface Sent {
  readonly order: OrderIntent;
  readonly at: number;
  /** Shares filled according to the final status; null before it. */
  final: number | null;
  heard: number;
  isOver: boolean;
}

/** Bought and sold in the order of hearing; corrected where they stand. */
export class Known {
  private readonly executions = new Map<string, Execution>();
  private readonly totals = new Map<string, { shares: number; cost: number; realized: number }>();
  readonly sent = new Map<string, Sent>();
  readonly unfinished = new Set<Sent>();
  /** Shares adopted, or taken off the books because the broker does not have them. */
  readonly adjusted = new Map<string, number>();
  private readonly unexplained = new Map<string, { shares: number; at: number }>();
  private readonly heardAt = new Map<string, number>();

  get nExecutions(): number {
    return this.executions.size;
  }

  shares(symbol: string): number {
    return this.of(symbol).shares + (this.adjusted.get(symbol) ?? 0);
  }

  cost(symbol: string): number {
    return this.of(symbol).cost;
  }

  isAdjusted(symbol: string): boolean {
    return (this.adjusted.get(symbol) ?? 0) !== 0;
  }

  realized(symbol: string): number {
    return this.of(symbol).realized;
  }

  adjust(symbol: string, shares: number): void {
    this.adjusted.set(symbol, (this.adjusted.get(symbol) ?? 0) + shares);
  }

  /** Taken off the books because the broker does not have them: an execution of before may still say why. */
  missing(symbol: string, shares: number, at: number): void {
    this.adjust(symbol, -shares);
    this.unexplained.set(symbol, { shares: (this.unexplained.get(symbol)?.shares ?? 0) + shares, at });
  }

  /** A full answer has come: whatever happens from here on is new. */
  explainNoMore(): void {
    this.unexplained.clear();
  }

  exec(execution: Execution, at: number): void {
    const base = baseOf(execution.execId);
    const known = this.executions.get(base);
    if (known !== undefined && known.execId >= execution.execId) return;
    const key = execution.key === '' ? this.keyOf(execution) : execution.key;
    this.executions.set(base, { ...execution, key });
    this.explain(execution, known, known === undefined ? (this.sent.get(key)?.at ?? at) : this.heardAt.get(base)!);
    this.heardAt.set(base, at);
    if (known === undefined) this.add(execution);
    else this.recount(execution.symbol);
    const sent = this.sent.get(key);
    if (sent === undefined) return;
    sent.heard += execution.qty - (known?.qty ?? 0);
    this.finish(sent);
  }

  final(orderId: number, filled: number): void {
    for (const sent of this.unfinished) {
      if (sent.order.orderId !== orderId) continue;
      sent.final = Math.max(sent.final ?? 0, filled);
      this.finish(sent);
    }
  }

  send(order: OrderIntent, at: number): void {
    const sent: Sent = { order, at, final: null, heard: 0, isOver: false };
    this.sent.set(order.key, sent);
    this.unfinished.add(sent);
  }

  /** A list of open orders that was asked for after these were sent, and does not name them. */
  endUnlisted(askedAt: number, listed: ReadonlySet<string>): void {
    for (const sent of this.unfinished) if (sent.at < askedAt && !listed.has(sent.order.key)) this.end(sent);
  }

  private explain({ symbol, side, qty }: Execution, known: Execution | undefined, since: number): void {
    const gap = this.unexplained.get(symbol);
    const more = qty - (known?.qty ?? 0);
    const fewer = side === 'SELL' ? more : -more;
    if (gap === undefined || fewer <= 0 || since >= gap.at) return;
    const found = Math.min(fewer, gap.shares);
    gap.shares -= found;
    this.adjust(symbol, found);
  }

  private keyOf(execution: Execution): string {
    // The newest: an id whose order never reached the broker, and that no journal remembers, is used again.
    let key = '';
    for (const { order } of this.sent.values()) if (order.orderId === execution.orderId) ({ key } = order);
    return key;
  }

  private finish(sent: Sent): void {
    if (sent.final !== null && sent.heard >= sent.final) this.end(sent);
  }

  private end(sent: Sent): void {
    sent.isOver = true;
    this.unfinished.delete(sent);
  }

  private of(symbol: string): { shares: number; cost: number; realized: number } {
    let found = this.totals.get(symbol);
    if (found === undefined) this.totals.set(symbol, (found = { shares: 0, cost: 0, realized: 0 }));
    return found;
  }

  private recount(symbol: string): void {
    this.totals.delete(symbol);
    for (const execution of this.executions.values()) if (execution.symbol === symbol) this.add(execution);
  }

  private add({ symbol, side, qty, price }: Execution): void {
    const total = this.of(symbol);
    const usd = qty * Number(price);
    if (side === 'BUY') {
      total.shares += qty;
      total.cost += usd;
      return;
    }
    const average = total.shares > 0 ? total.cost / total.shares : Number(price);
    total.shares -= qty;
    total.cost = total.shares > 0 ? average * total.shares : 0;
    total.realized += usd - average * qty;
  }
}
