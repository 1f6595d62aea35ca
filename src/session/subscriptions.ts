/**
 * Which symbols this connection has market data for, and how many of their minute bars have come. A symbol that was asked for
 * stays until the connection ends: what is removed from targets.txt may still be held, or be bought by an order on its way,
 * and its stop needs prices.
 */
import type { BrokerPort } from '../broker/port';
import type { EngineEvent } from '../engine/events';

const WAIT_MS = 3000;

export class Subscriptions {
  private isOn = false;
  private waitingSince: number | null = null;
  /** True once the symbol's download has come to an end, good or bad. */
  private readonly downloads = new Map<string, boolean>();

  constructor(private readonly port: () => BrokerPort | null) {}

  /** A new connection, or none: nothing is subscribed. */
  clear(): void {
    this.isOn = false;
    this.waitingSince = null;
    this.downloads.clear();
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
      if (this.downloads.has(symbol)) continue;
      this.downloads.set(symbol, false);
      this.port()?.subscribe(symbol);
    }
  }

  heard(event: EngineEvent): void {
    if (event.type === 'download') this.downloads.set(event.symbol, event.state !== 'started');
    // Nothing more will come for a symbol that the broker does not know.
    else if (event.type === 'contract' && event.failed !== undefined) this.downloads.set(event.symbol, true);
  }

  /** Answers are on their way. Not for ever: a download that is paced comes only when time goes on. */
  isWaiting(wallNow: number): boolean {
    if (this.progress === '') {
      this.waitingSince = null;
      return false;
    }
    this.waitingSince ??= wallNow;
    return wallNow - this.waitingSince < WAIT_MS;
  }

  /** `5/9`; empty when all have come. */
  get progress(): string {
    const done = [...this.downloads.values()].filter(isDone => isDone).length;
    return done === this.downloads.size ? '' : `${done}/${this.downloads.size}`;
  }
}
