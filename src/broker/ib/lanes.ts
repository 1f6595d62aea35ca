/**
 * Keeps the messages to a gateway below IB's 50 in any second, orders before everything else. An order goes out within the
 * call as long as there is room; downloads and subscriptions leave a reserve for orders and wait their turn. Everything still
 * waiting when the connection ends is dropped.
 */
export interface LaneOptions {
  /** ms; the clock by which the gateway counts messages. */
  clock(): number;
  /** The wall's clock, for when something waits. */
  later(ms: number, action: () => void): void;
  /** The clock is a simulated one that stands still until we ask for its next second: orders do not wait for it. */
  isLockstep: boolean;
}

interface WaitingOrder {
  send(): void;
  expired(): void;
  until: number;
}

const perSecond = 45;
/** What data requests leave for orders. */
const reserve = 15;
const orderPatienceMs = 2000;
const backOffMs = 1000;
/** Simulated time has not moved for so long on the wall's clock: somebody waits for one of our requests. */
const stallMs = 3000;

export class Lanes {
  /** The times of the last second's messages. */
  private readonly sentAt: number[] = [];
  private readonly orders: WaitingOrder[] = [];
  private readonly requests: (() => void)[] = [];
  private isWaking = false;
  private quietUntil = -Infinity;

  constructor(private readonly options: LaneOptions) {}

  /** True: sent within this call. False: it waits, at most two seconds, then `expired`. */
  order(send: () => void, expired: () => void): boolean {
    if (this.options.isLockstep || (this.orders.length === 0 && this.room() >= 1)) {
      this.count();
      send();
      return true;
    }
    this.orders.push({ send, expired, until: this.options.clock() + orderPatienceMs });
    this.wake();
    return false;
  }

  /** Counts a message that goes out now, such as the heartbeat. */
  count(): void {
    this.sentAt.push(this.options.clock());
  }

  request(send: () => void): void {
    this.requests.push(send);
    this.pump();
  }

  pump(): void {
    for (let order = this.orders[0]; order !== undefined; order = this.orders[0]) {
      const isLate = order.until < this.options.clock();
      if (!isLate && this.room() < 1) break;
      this.orders.shift();
      if (isLate) {
        order.expired();
        continue;
      }
      this.count();
      order.send();
    }
    while (this.requests.length > 0 && this.room() > reserve && !this.isQuiet()) {
      this.count();
      this.requests.shift()?.();
    }
    this.wake();
  }

  /** The gateway has counted more than we have: a second of silence, but for orders. */
  backOff(): void {
    this.quietUntil = this.options.clock() + backOffMs;
    this.wake();
  }

  drop(): void {
    this.orders.length = 0;
    this.requests.length = 0;
  }

  /** How many messages may go out now. */
  private room(): number {
    const now = this.options.clock();
    const { sentAt } = this;
    // A clock that went back, the machine's or a simulated day's that starts again, says nothing about what went before.
    if ((sentAt.at(-1) ?? now) > now) sentAt.length = 0;
    while (sentAt[0] !== undefined && sentAt[0] + 1000 <= now) sentAt.shift();
    return perSecond - sentAt.length;
  }

  private isQuiet(): boolean {
    const wait = this.quietUntil - this.options.clock();
    return 0 < wait && wait <= backOffMs;
  }

  private wake(): void {
    const isIdle = this.orders.length === 0 && this.requests.length === 0;
    if (isIdle || this.isWaking) return;
    this.isWaking = true;
    const { isLockstep } = this.options;
    this.options.later(isLockstep ? stallMs : this.waitMs(), () => {
      this.isWaking = false;
      if (isLockstep) this.forgive();
      this.pump();
    });
  }

  /** Until the oldest messages that stand in the way are a second old. */
  private waitMs(): number {
    const missing = (this.orders.length > 0 ? 1 : 1 + reserve) - this.room();
    const oldest = this.sentAt[missing - 1] ?? -Infinity;
    const quietFor = this.orders.length > 0 || !this.isQuiet() ? 0 : this.quietUntil - this.options.clock();
    return Math.max(1, Math.ceil(oldest + 1000 - this.options.clock()), quietFor);
  }

  private forgive(): void {
    this.sentAt.length = 0;
    this.quietUntil = -Infinity;
  }
}
