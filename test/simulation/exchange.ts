/**
 * The truth: orders, executions and positions of one account, by the bot and by its owner's hand. It fills IOC orders against
 * the simulated quotes, misbehaves when a fault is armed, and knows nothing of how anybody hears of it.
 */
import type { ExecEvent, OpenOrder, OrderIntent, OrderStatus, ReportedPosition } from '../../src/engine/events';
import { isOpen, midnight } from './days';
import type { Faults } from './faults';
import type { Market } from './market';
import type { Random } from './random';
import type { VirtualClock } from './virtualClock';

export type Execution = Omit<ExecEvent, 't' | 'type'>;

export interface LiveOrder {
  readonly order: OrderIntent;
  filled: number;
  /** Answers nobody until it is cancelled or its time comes. */
  isHeld: boolean;
  /** The next cancel of it does not arrive. */
  isDeaf: boolean;
}

/** Whoever carries the news. */
export interface News {
  status(order: OrderIntent, status: OrderStatus, filled: number, how?: { text?: string; late?: boolean }): void;
  exec(execution: Execution, lateMs: number): void;
  commission(execId: string, amount: string, lateMs: number): void;
  position(position: ReportedPosition): void;
}

export interface ExchangeOptions {
  clock: VirtualClock;
  random: Random;
  faults: Faults;
  markets: ReadonlyMap<string, Market>;
  clientId: number;
  news: News;
  broken(rule: string, text: string): void;
}

export class Exchange {
  readonly live = new Map<string, LiveOrder>();
  /** Newest version of each execution of the bot, in the order of their first version. */
  readonly executions = new Map<string, Execution>();
  /** Shares at the broker, and those that the owner bought (sold: below 0) by hand. */
  readonly positions = new Map<string, number>();
  readonly byHand = new Map<string, number>();
  /** Shares that a correction took from the bot after it had sold them. */
  readonly excused = new Map<string, number>();
  private readonly correctedAt = new Map<string, number>();
  /** Changes of a position so far. */
  nMoves = 0;
  private readonly keys = new Set<string>();
  private readonly ids = new Set<number>();
  private highestId = 0;
  private executed = 0;

  constructor(private readonly options: ExchangeOptions) {}

  get nextOrderId(): number {
    return this.highestId + 1;
  }

  position(symbol: string): number {
    return this.positions.get(symbol) ?? 0;
  }

  /** What the bot bought and has not sold. */
  own(symbol: string): number {
    return this.position(symbol) - (this.byHand.get(symbol) ?? 0);
  }

  receive(order: OrderIntent): void {
    const { options } = this;
    const { clock, random, faults, news } = options;
    if (this.keys.has(order.key)) options.broken('no key used twice', order.key);
    this.keys.add(order.key);
    if (this.ids.has(order.orderId)) {
      options.broken('no order id for two keys', `id ${order.orderId} came again with ${order.key}`);
      return news.status(order, 'rejected', 0, { text: 'Duplicate order id' });
    }
    this.ids.add(order.orderId);
    this.highestId = Math.max(this.highestId, order.orderId);
    for (const { order: other } of this.live.values()) {
      if (other.symbol === order.symbol)
        options.broken('one order in flight a symbol', `${order.key} came while ${other.key} is at the exchange`);
    }
    this.excuseCrossing(order);
    if (faults.take('rejectOrder')) return news.status(order, 'rejected', 0, { text: 'Order rejected' });
    const isDeaf = faults.take('lostCancel');
    const live: LiveOrder = { order, filled: 0, isHeld: isDeaf || faults.take('heldOrder'), isDeaf };
    this.live.set(order.key, live);
    if (order.isResting === true) {
      if (!live.isHeld) news.status(order, 'working', 0);
      this.rest(live);
    } else if (!live.isHeld) {
      if (!faults.take('missingStatus')) news.status(order, 'working', 0);
      clock.after(random.between(10, 400), () => this.match(live));
    } else {
      clock.after(random.between(12_000, 30_000), () => this.match(live));
    }
  }

  cancel(orderId: number): void {
    for (const live of this.live.values()) {
      if (live.order.orderId !== orderId) continue;
      if (live.isDeaf) {
        live.isDeaf = false;
        continue;
      }
      this.live.delete(live.order.key);
      this.options.news.status(live.order, 'cancelled', live.filled);
    }
  }

  /** A stop waits for its price, and then takes any. */
  private rest(live: LiveOrder): void {
    const { markets, clock } = this.options;
    const { key, symbol, limit } = live.order;
    if (this.live.get(key) !== live) return;
    const { quote, isHalted, missingSide } = markets.get(symbol)!;
    const isReached = quote.bid <= Number(limit) && missingSide !== 'bid';
    if (isReached && !isHalted && isOpen(clock.now)) {
      this.live.delete(key);
      this.fill(live, quote.bid);
    } else clock.after(250, () => this.rest(live));
  }

  private match(live: LiveOrder): void {
    const { order } = live;
    if (!this.live.delete(order.key)) return;
    const { markets, random, news } = this.options;
    const { quote, isHalted, missingSide } = markets.get(order.symbol)!;
    const price = order.side === 'BUY' ? quote.ask : quote.bid;
    const isThere = missingSide !== (order.side === 'BUY' ? 'ask' : 'bid');
    const isGood = order.side === 'BUY' ? price <= Number(order.limit) : price >= Number(order.limit);
    if (isHalted || !isThere || !isGood || random.chance(0.06)) return news.status(order, 'cancelled', 0);
    this.fill(live, price);
  }

  private fill(live: LiveOrder, price: number): void {
    const { order } = live;
    const { random, faults, news } = this.options;
    let wanted = order.qty;
    if (wanted > 1 && faults.take('partialFill')) wanted = Math.max(1, Math.floor(wanted * random.between(0.1, 0.9)));
    // The position is told at once even then: a bot cannot know of a sale that nobody tells it at all.
    const isLate = order.side === 'BUY' && faults.take('lateFill');
    const lateMs = isLate ? random.between(500, 8000) : 0;
    const statusFirst = faults.take('statusFirst');
    const end = (): void =>
      news.status(order, wanted === order.qty && !isLate ? 'filled' : 'cancelled', isLate ? 0 : wanted);
    if (isLate || statusFirst) end();
    const parts: number[] = [];
    const isReversed = wanted > 2 && faults.take('reversedExecs');
    for (let left = wanted; left > 0; left -= parts[parts.length - 1]!) {
      const isSplit = left > 2 && ((isReversed && parts.length === 0) || random.chance(0.35));
      parts.push(isSplit ? random.whole(1, left - 1) : left);
    }
    for (const [i, part] of parts.entries()) {
      live.filled += part;
      this.execute(order, part, price.toFixed(2), lateMs + (isReversed ? (parts.length - i) * 40 : 0));
    }
    if (!isLate && !statusFirst) end();
  }

  private execute(order: OrderIntent, qty: number, price: string, lateMs: number): void {
    const { clock, news, faults, clientId, random } = this.options;
    const { symbol, side, orderId, key } = order;
    const execId = `0000e0d5.${(++this.executed).toString(16).padStart(8, '0')}.01.01`;
    const execution: Execution = { execId, orderId, key, symbol, side, qty, price, clientId, executedAt: clock.now };
    this.executions.set(baseOf(execId), execution);
    this.move(symbol, side === 'BUY' ? qty : -qty);
    const isAhead = faults.take('positionFirst');
    if (isAhead) this.tellPosition(symbol);
    const told = faults.take('keylessExec') ? { ...execution, key: '' } : execution;
    news.exec(told, lateMs + (isAhead ? random.between(20, 1500) : 0));
    news.commission(execId, commissionOf(qty), lateMs + random.between(0, 30));
    this.tellPosition(symbol);
    this.checkShort(symbol);
  }

  /** A person at another program. */
  tradeByHand(symbol: string, shares: number): void {
    this.byHand.set(symbol, (this.byHand.get(symbol) ?? 0) + shares);
    this.move(symbol, shares);
    this.tellPosition(symbol);
  }

  /** Somebody else had his hand in it: then only what the broker reports says what the bot may sell. */
  isMuddled(symbol: string): boolean {
    return this.excused.has(symbol) || this.byHand.has(symbol);
  }

  /** The owner's shares become the bot's. */
  adopt(symbol: string, shares: number): void {
    this.byHand.set(symbol, (this.byHand.get(symbol) ?? 0) - shares);
  }

  /** The exchange takes back what it said of one execution: `change` makes the new version of it. */
  correct(pick: Random, change: (old: Execution) => Pick<Execution, 'qty' | 'price'>): boolean {
    const recent = this.executionsToday().slice(-6);
    if (recent.length === 0) return false;
    const old = pick.pick(recent);
    const { qty, price } = change(old);
    const suffix = String(Number(old.execId.slice(-2)) + 1).padStart(2, '0');
    const corrected = { ...old, execId: `${baseOf(old.execId)}.${suffix}`, qty, price };
    this.executions.set(baseOf(old.execId), corrected);
    const more = old.side === 'BUY' ? qty - old.qty : old.qty - qty;
    this.move(old.symbol, more);
    this.correctedAt.set(old.symbol, this.options.clock.now);
    this.excuse(old.symbol, -Math.min(this.own(old.symbol), this.position(old.symbol)));
    for (const { order } of this.live.values()) this.excuseCrossing(order);
    this.options.news.exec(corrected, 0);
    if (more !== 0) this.tellPosition(old.symbol);
    return true;
  }

  /** A sell that met a correction on its way was right when it was sent. */
  private excuseCrossing({ symbol, side, qty, t }: OrderIntent): void {
    const correctedAt = this.correctedAt.get(symbol) ?? -Infinity;
    if (side === 'SELL' && t <= correctedAt + 1500) this.excuse(symbol, qty - this.own(symbol));
  }

  private excuse(symbol: string, shares: number): void {
    if (shares > (this.excused.get(symbol) ?? 0)) this.excused.set(symbol, shares);
  }

  /** All that a gateway tells of when it is asked. */
  executionsToday(): Execution[] {
    const from = midnight(this.options.clock.now);
    return [...this.executions.values()].filter(({ executedAt }) => (executedAt ?? 0) >= from);
  }

  /** Open orders as a gateway lists them; those of the owner are none of ours. */
  openOrders(): OpenOrder[] {
    return [...this.live.values()].map(({ order: { orderId, key, symbol, side, qty, isResting } }) => ({
      orderId,
      key,
      symbol,
      side,
      qty,
      orderType: isResting === true ? 'STP' : 'LMT',
      tif: isResting === true ? 'GTC' : 'IOC',
      clientId: this.options.clientId,
      permId: 0,
      status: 'working',
    }));
  }

  reportedPositions(): ReportedPosition[] {
    return [...this.positions].filter(([, shares]) => shares !== 0).map(([symbol]) => this.reported(symbol));
  }

  private reported(symbol: string): ReportedPosition {
    return { symbol, shares: this.position(symbol), averageCost: this.options.markets.get(symbol)?.base ?? 0 };
  }

  private tellPosition(symbol: string): void {
    this.options.news.position(this.reported(symbol));
  }

  private move(symbol: string, shares: number): void {
    this.nMoves++;
    this.positions.set(symbol, this.position(symbol) + shares);
  }

  private checkShort(symbol: string): void {
    const own = this.own(symbol);
    if (own < -(this.excused.get(symbol) ?? 0))
      this.options.broken('never short', `${symbol}: the bot has sold ${-own} shares more than it bought`);
  }
}

/** USD, as the broker tells it. */
export const commissionOf = (qty: number): string => Math.max(1, qty * 0.005).toFixed(2);

/** What all versions of an execution share. */
export const baseOf = (execId: string): string => execId.replace(/\.\d+$/, '');
