/**
 * Which symbols this connection has market data for, and how far their minute bars have come. A symbol that was asked for stays
 * until the connection ends: what is removed from targets.txt may still be held, or be bought by an order on its way, and its
 * stop needs prices.
 */
import type { BrokerPort } from '../broker/port';
import type { EngineEvent } from '../engine/events';

/**
 * `asked`: the broker has not said yet what the symbol is. `known`: it has, and the bars wait for their turn. `open`: they are
 * on their way. `done`: they have come, or will not.
 */
type State = 'asked' | 'known' | 'open' | 'done';

/** Longer than a port waits before it breaks its own pacing in a standing clock. */
const WAIT_MS = 10_000;

export class Subscriptions {
  private isOn = false;
  private waitingSince: number | null = null;
  private readonly states = new Map<string, State>();

  constructor(private readonly port: () => BrokerPort | null) {}

  /** A new connection, or none: nothing is subscribed. */
  clear(): void {
    this.isOn = false;
    this.waitingSince = null;
    this.states.clear();
  }

  /** After the reconciliation of a connection. */
  begin(symbols: Iterable<string>): void {
    this.isOn = true;
    this.add(symbols);
  }

  /** Before `begin` nothing is asked for: it will be told of all symbols. */
  add(symbols: Iterable<string>): void {
    if (!this.isOn) return;
    for (const symbol of symbols) {
      if (this.states.has(symbol)) continue;
      this.states.set(symbol, 'asked');
      this.port()?.subscribe(symbol);
    }
  }

  heard(event: EngineEvent): void {
    if (event.type === 'download') this.states.set(event.symbol, event.state === 'started' ? 'open' : 'done');
    else if (event.type === 'contract') {
      // Nothing more will come for a symbol that the broker does not know.
      if (event.failed !== undefined) this.states.set(event.symbol, 'done');
      else if (this.states.get(event.symbol) === 'asked') this.states.set(event.symbol, 'known');
    }
  }

  /** An answer is on its way that will come while simulated time stands still. Not waited for without end. */
  isWaiting(wallNow: number): boolean {
    if (![...this.states.values()].some(state => state === 'asked' || state === 'open')) {
      this.waitingSince = null;
      return false;
    }
    this.waitingSince ??= wallNow;
    return wallNow - this.waitingSince < WAIT_MS;
  }

  /** `5/9`; empty when all have come. */
  get progress(): string {
    const nDone = [...this.states.values()].filter(state => state === 'done').length;
    return nDone === this.states.size ? '' : `${nDone}/${this.states.size}`;
  }
}
