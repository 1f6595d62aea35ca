/**
 * IB's limits on historical requests: the identical one not within 15 s, fewer than 6 in 2 s of one series (contract, exchange
 * and kind of data), at most 60 in 10 minutes. It only counts and says when; who waits is the caller's. Plain data, so
 * that one run can hand on to the next what it has asked.
 */
export const identicalAfterMs = 15_000;
export const longestWaitMs = 600_000;
/** How long a gateway may take for an answer. */
export const answerWithinMs = 60_000;

const seriesMs = 2000;
const mostInSeries = 5;
const totalMs = 600_000;
/** Of the 60: the rest is left to a live session on the same gateway, whose downloads must not wait for a report. */
const mostInTotal = 50;
/** The gateway counts when a request arrives: so much later than it was sent. */
const marginMs = 250;

export interface AskedBefore {
  /** The whole request as text. */
  readonly request: string;
  readonly series: string;
  /** ms of the clock that `waitMs` is asked with. */
  readonly at: number;
}

export class HistoryPacing {
  private asked: AskedBefore[];

  constructor(before: readonly AskedBefore[] = []) {
    this.asked = [...before].sort((a, b) => a.at - b.at);
  }

  /** How long this request has to wait; 0: it may go now. */
  waitMs(request: string, series: string, now: number): number {
    this.forget(now);
    const identical = this.asked.filter(one => one.request === request).at(-1);
    const inSeries = this.asked.filter(one => one.series === series).at(-mostInSeries);
    const inTotal = this.asked.at(-mostInTotal);
    const until = Math.max(
      identical === undefined ? 0 : identical.at + identicalAfterMs,
      inSeries === undefined ? 0 : inSeries.at + seriesMs,
      inTotal === undefined ? 0 : inTotal.at + totalMs,
    );
    return until === 0 ? 0 : Math.max(0, until + marginMs - now);
  }

  note(request: string, series: string, now: number): void {
    this.asked.push({ request, series, at: now });
  }

  /** What a later run has to know. */
  get recent(): readonly AskedBefore[] {
    return this.asked;
  }

  private forget(now: number): void {
    // A clock that was set back says nothing about what lies ahead of it.
    this.asked = this.asked.filter(({ at }) => at <= now && now < at + totalMs + marginMs);
  }
}
