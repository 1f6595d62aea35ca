// One client's history: bars of trades out of the market's minutes, kept up to date on request, and the schedule of sessions.
// Bars shorter than a minute are not kept by this gateway and are refused by name.

import * as answers from './wire/answers';
import { newYorkSeconds, newYorkText, newYorkTime, pad, tradingDay, tradingDayFrom, type TradingDay } from './calendar';
import { aggregate, type Bar } from './minuteBars';
import { HistoryPace } from './pacing';
import type { ClientSession } from './clientSession';
import type { Instrument } from './instruments';
import type { HistoryRequest } from './wire/requests';

interface Running {
  readonly request: HistoryRequest;
  readonly instrument: Instrument;
  readonly seconds: number;
  told: Bar | undefined;
}

const barSeconds: Readonly<Record<string, number>> = {
  '1 min': 60,
  '2 mins': 120,
  '3 mins': 180,
  '5 mins': 300,
  '10 mins': 600,
  '15 mins': 900,
  '20 mins': 1200,
  '30 mins': 1800,
  '1 hour': 3600,
  '2 hours': 7200,
  '3 hours': 10_800,
  '4 hours': 14_400,
  '8 hours': 28_800,
  '1 day': 86_400,
};
const mostDays = 260;
const failed = 'Historical Market Data Service error message:';

export class HistoryDesk {
  private readonly running = new Map<number, Running>();
  private readonly pace = new HistoryPace();

  constructor(private readonly session: ClientSession) {}

  open(request: HistoryRequest): void {
    const { session } = this;
    const { reqId } = request;
    const instrument = session.floor.resolve(request.contract);
    if (!instrument) return session.error(reqId, 200, 'No security definition has been found for the request');
    if (request.what.toUpperCase() === 'SCHEDULE') return this.schedule(request);
    const { faults, settings } = session.floor;
    const isTooFast = settings.pacing === 'strict' && this.pace.isTooFast(request, session.floor.now());
    const refusal = isTooFast ? 'Historical data request pacing violation' : faults.historyRefusal;
    if (refusal !== undefined) return session.error(reqId, 162, `${failed}${refusal}`);
    const seconds = barSeconds[request.barSize.trim().replace(/^1 mins$/, '1 min')];
    if (seconds === undefined) {
      return session.error(
        reqId,
        321,
        `Error validating request.-'bS' : cause - Invalid bar size "${request.barSize}"`,
      );
    }
    const what = request.what.toUpperCase();
    if (what !== 'TRADES' && what !== 'ADJUSTED_LAST') {
      return session.error(reqId, 162, `${failed}No historical market data for ${instrument.symbol}/STK@SMART ${what}`);
    }
    const range = this.range(request);
    if (!range) {
      return session.error(reqId, 321, `Error validating request.-'bS' : cause - Invalid end or duration`);
    }
    const bars = this.barsIn(instrument, range.days, range.from, range.to, request.regularHoursOnly, seconds);
    if (bars.length === 0) {
      session.error(reqId, 162, `${failed}HMDS query returned no data: ${instrument.symbol}@SMART Trades`);
    } else {
      const wire = bars.map(bar => wireBar(bar, request.formatDate, seconds));
      const [start, end] = [newYorkText(range.from), newYorkText(range.to)];
      session.send(answers.historicalData(reqId, start, end, wire));
    }
    if (request.keepUpToDate && request.end === '') {
      const newest = bars[bars.length - 1];
      this.running.set(reqId, { request, instrument, seconds, told: newest && { ...newest } });
    }
  }

  close(reqId: number): void {
    if (this.running.delete(reqId)) {
      this.session.error(reqId, 162, `${failed}API historical data query cancelled: ${reqId}`);
    } else {
      this.session.error(reqId, 366, `No historical data query found for ticker id:${reqId}`);
    }
  }

  lose(): void {
    this.running.clear();
  }

  /** Kept-up-to-date bars: the forming one every five seconds, a finished one and a new one at once. */
  publish(): void {
    if (this.session.floor.faults.frozenQuotes) return;
    const now = this.session.floor.now();
    for (const running of this.running.values()) this.update(running, now);
  }

  private update(running: Running, now: number): void {
    const { instrument, seconds, request } = running;
    const market = this.session.floor.marketOf(instrument);
    const minutes = market.todaysBars;
    const newestMinute = minutes[minutes.length - 1];
    if (!newestMinute) return;
    const { told } = running;
    const isTurned = told === undefined || newestMinute.start >= told.start + seconds;
    if (!isTurned && now % 5000 !== 0) return;
    const from = told?.start ?? newestMinute.start - seconds;
    let recent = minutes.slice(-Math.ceil(seconds / 60) - 2).filter(bar => bar.start >= from);
    if (seconds > 60) recent = minutes.filter(bar => bar.start >= from);
    if (request.regularHoursOnly) recent = recent.filter(bar => isRegular(bar.start));
    for (const bar of aggregate(recent, seconds, originOf(seconds, newestMinute.start))) {
      if (told && (bar.start < told.start || (bar.start === told.start && bar.count === told.count))) continue;
      this.session.send(answers.historicalDataUpdate(request.reqId, wireBar(bar, request.formatDate, seconds)));
      running.told = { ...bar };
    }
  }

  private barsIn(
    instrument: Instrument,
    days: readonly TradingDay[],
    from: number,
    to: number,
    regularOnly: boolean,
    seconds: number,
  ): readonly Bar[] {
    const bars: Bar[] = [];
    for (const day of days) {
      const minutes = this.session.floor.market
        .barsOf(instrument, day.date, this.session.floor.now())
        .filter(bar => from <= bar.start && bar.start < to)
        .filter(bar => !regularOnly || (day.regularOpen <= bar.start && bar.start < day.regularClose));
      if (seconds === 60) bars.push(...minutes);
      else bars.push(...aggregate(minutes, seconds, originOf(seconds, day.extendedOpen)));
    }
    return bars;
  }

  // A duration in days counts sessions back from the end, the running one included; one in seconds counts time.
  private range(
    request: HistoryRequest,
  ): { readonly from: number; readonly to: number; readonly days: readonly TradingDay[] } | undefined {
    const now = Math.floor(this.session.floor.now() / 1000);
    const end = request.end === '' ? now : readEnd(request.end);
    const match = /^(\d{1,5}) ([SDWMY])$/i.exec(request.duration.trim());
    if (end === undefined || !match) return undefined;
    const to = Math.min(end, now + 1);
    const count = Number(match[1]);
    const unit = (match[2] ?? '').toUpperCase();
    const perUnit: Readonly<Record<string, number>> = { D: 1, W: 5, M: 21, Y: 252 };
    const sessions = unit === 'S' ? 1 + Math.ceil(count / 40_000) : count * (perUnit[unit] ?? 1);
    const { date } = newYorkTime(to);
    const today = tradingDay(date);
    let day = today && today.extendedOpen < to ? today : tradingDayFrom(date, -1);
    const days = [day];
    while (days.length < Math.min(sessions, mostDays)) {
      day = tradingDayFrom(day.date, -1);
      days.unshift(day);
    }
    const first = days[0] ?? day;
    return { from: unit === 'S' ? to - count : first.extendedOpen, to, days };
  }

  private schedule(request: HistoryRequest): void {
    const range = this.range(request);
    if (!range) {
      return this.session.error(request.reqId, 321, `Error validating request.-'bS' : cause - Invalid end or duration`);
    }
    const sessions = range.days.map(day => ({
      start: dashed(request.regularHoursOnly ? day.regularOpen : day.extendedOpen),
      end: dashed(request.regularHoursOnly ? day.regularClose : day.extendedClose),
      date: day.date,
    }));
    this.session.send(answers.historicalSchedule(request.reqId, sessions));
  }
}

function wireBar(bar: Bar, formatDate: number, seconds: number): answers.WireBar {
  if (seconds >= 86_400) return { date: newYorkTime(bar.start).date, bar };
  return { date: formatDate === 2 ? String(bar.start) : `${newYorkText(bar.start)} US/Eastern`, bar };
}

// Bars of an hour and less stand on the clock's own marks, a day's bar on its session.
function originOf(seconds: number, at: number): number {
  return seconds > 3600 ? newYorkSeconds(newYorkTime(at).date, 0, 0) : 0;
}

function isRegular(at: number): boolean {
  const day = tradingDay(newYorkTime(at).date);
  return day !== undefined && day.regularOpen <= at && at < day.regularClose;
}

/** `20261118 16:00:00`, with a zone or without (New York), or `20261118-21:00:00` (UTC). */
function readEnd(text: string): number | undefined {
  const match = /^(\d{8})([ -])(\d{2}):(\d{2}):(\d{2})(?: (.+))?$/.exec(text.trim());
  if (!match) return undefined;
  const [date, hour, minute, second] = [match[1] ?? '', Number(match[3]), Number(match[4]), Number(match[5])];
  if (match[2] === '-' || match[6] === 'UTC') {
    const utc = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)), hour, minute);
    return utc / 1000 + second;
  }
  return newYorkSeconds(date, hour, minute, second);
}

function dashed(at: number): string {
  const { date, hour, minute, second } = newYorkTime(at);
  return `${date}-${pad(hour)}:${pad(minute)}:${pad(second)}`;
}
