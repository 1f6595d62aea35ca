/**
 * Keeps the messages to a gateway below IB's 50 a second, orders before everything else. An order goes out within the call
 * as long as there is room; downloads and subscriptions leave a reserve for orders and wait their turn. Everything still
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
  private tokens = perSecond;
  private countedAt: number;
  private readonly orders: WaitingOrder[] = [];
  private readonly requests: (() => void)[] = [];
  private isWaking = false;
  private quietUntil = -Infinity;

  constructor(private readonly options: LaneOptions) {
    this.countedAt = options.clock();
  }

  /** True: sent within this call. False: it waits, at most two seconds, then `expired`. */
  order(send: () => void, expired: () => void): boolean {
    this.count();
    if (this.options.isLockstep || (this.orders.length === 0 && this.tokens >= 1)) {
      this.tokens--;
      send();
      return true;
    }
    this.orders.push({ send, expired, until: this.options.clock() + orderPatienceMs });
    this.wake();
    return false;
  }

  /** Counts a message that has to go out now, such as the heartbeat. */
  spend(): void {
    this.count();
    this.tokens--;
  }

  request(send: () => void): void {
    this.requests.push(send);
    this.pump();
  }

  pump(): void {
    this.count();
    for (let order = this.orders[0]; order !== undefined; order = this.orders[0]) {
      const isLate = order.until < this.options.clock();
      if (!isLate && this.tokens < 1) break;
      this.orders.shift();
      if (isLate) order.expired();
      else {
        this.tokens--;
        order.send();
      }
    }
    while (this.requests.length > 0 && this.tokens >= 1 + reserve && !this.isQuiet()) {
      this.tokens--;
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

  private count(): void {
    const now = this.options.clock();
    // A clock that went back (the machine's, or a simulated day that starts again) gives nothing and takes nothing.
    const elapsed = Math.max(0, now - this.countedAt);
    this.countedAt = now;
    this.tokens = Math.min(perSecond, this.tokens + (elapsed * perSecond) / 1000);
  }

  private isQuiet(): boolean {
    const wait = this.quietUntil - this.options.clock();
    return 0 < wait && wait <= backOffMs;
  }

  private forgive(): void {
    this.tokens = perSecond;
    this.quietUntil = -Infinity;
  }

  private wake(): void {
    const isIdle = this.orders.length === 0 && this.requests.length === 0;
    if (isIdle || this.isWaking) return;
    this.isWaking = true;
    const { isLockstep } = this.options;
    const missing = (this.orders.length > 0 ? 1 : 1 + reserve) - this.tokens;
    this.options.later(isLockstep ? stallMs : Math.max(1, Math.ceil((missing * 1000) / perSecond)), () => {
      this.isWaking = false;
      if (isLockstep) this.forgive();
      this.pump();
    });
  }
}
