// IB's limits on one client: 50 messages a second, and how often history may be asked for. They only count and judge; what is
// said to the client is decided where the request is handled.

import type { HistoryRequest } from './wire/requests';

const mostMessages = 50;
const forgivenWindows = 2;
const forgottenMs = 10_000;

/** Counts messages by the wall clock: the limit is one of the socket, not of the market. */
export class MessagePace {
  private times: number[] = [];
  private violations: number[] = [];

  /** 'warn' at most once a second; 'close' at the third such second within ten. */
  count(now: number): 'fine' | 'warn' | 'close' {
    this.times.push(now);
    while ((this.times[0] ?? now) <= now - 1000) this.times.shift();
    if (this.times.length <= mostMessages) return 'fine';
    this.violations = this.violations.filter(at => at > now - forgottenMs);
    const newest = this.violations[this.violations.length - 1];
    if (newest !== undefined && now - newest < 1000) return 'fine';
    this.violations.push(now);
    return this.violations.length > forgivenWindows ? 'close' : 'warn';
  }
}

interface Asked {
  readonly at: number;
  readonly whole: string;
  readonly series: string;
  readonly weight: number;
}

/** Counts history requests by the simulated clock. */
export class HistoryPace {
  private asked: Asked[] = [];

  isTooFast(request: HistoryRequest, now: number): boolean {
    this.asked = this.asked.filter(one => one.at > now - 600_000);
    const { contract, what, end, duration, barSize, regularHoursOnly } = request;
    const series = JSON.stringify([contract.conId, contract.symbol, contract.exchange, what]);
    const whole = JSON.stringify([series, end, duration, barSize, regularHoursOnly]);
    const isRepeated = this.asked.some(one => one.whole === whole && one.at > now - 15_000);
    const inSeries = this.asked.filter(one => one.series === series && one.at > now - 2000).length;
    const weight = what.toUpperCase() === 'BID_ASK' ? 2 : 1;
    const total = this.asked.reduce((sum, one) => sum + one.weight, weight);
    if (isRepeated || inSeries >= 5 || total > 60) return true;
    this.asked.push({ at: now, whole, series, weight });
    return false;
  }
}
