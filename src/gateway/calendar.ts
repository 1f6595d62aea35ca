// New York time and the exchange's days, by arithmetic: daylight saving by the rule in force since 2007, the NYSE's
// holidays and half days. It knows nothing of unscheduled closings, and it never asks the machine for its time zone.

/** An exchange date as `YYYYMMDD`. */
export type ExchangeDate = string;

export interface TradingDay {
  readonly date: ExchangeDate;
  /** Epoch seconds of the extended session: pre-market 04:00 to 20:00, or 17:00 on a half day. */
  readonly extendedOpen: number;
  readonly extendedClose: number;
  /** Epoch seconds of the regular session: 09:30 to 16:00, or 13:00 on a half day. */
  readonly regularOpen: number;
  readonly regularClose: number;
}

export interface NewYorkTime {
  readonly date: ExchangeDate;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const daySeconds = 86_400;

/** Epoch seconds of a New York wall-clock time. In the lost hour of spring the later reading counts. */
export function newYorkSeconds(date: ExchangeDate, hour: number, minute: number, second = 0): number {
  const local = daysSinceEpoch(date) * daySeconds + hour * 3600 + minute * 60 + second;
  const asStandard = local + 5 * 3600;
  return isDaylightSaving(asStandard - 3600) ? asStandard - 3600 : asStandard;
}

export function newYorkTime(epochSeconds: number): NewYorkTime {
  const local = epochSeconds - (isDaylightSaving(epochSeconds) ? 4 : 5) * 3600;
  const days = Math.floor(local / daySeconds);
  const rest = local - days * daySeconds;
  return {
    date: dateOfDays(days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
  };
}

/** The session of a date, or nothing on weekends and holidays. */
export function tradingDay(date: ExchangeDate): TradingDay | undefined {
  const known = tradingDays.get(date);
  if (known !== undefined) return known ?? undefined;
  const day = isTradingDate(date) ? sessionOf(date) : null;
  tradingDays.set(date, day);
  return day ?? undefined;
}

const tradingDays = new Map<ExchangeDate, TradingDay | null>();

/** The trading day `n` sessions before (negative) or after (positive) a date, which need not be one itself. */
export function tradingDayFrom(date: ExchangeDate, n: number): TradingDay {
  const step = n < 0 ? -1 : 1;
  let found = tradingDay(date);
  let left = Math.abs(n);
  for (let at = date; left > 0;) {
    at = addDays(at, step);
    found = tradingDay(at);
    if (found) left--;
  }
  if (!found) throw new Error(`Expected a trading day, found ${date}`);
  return found;
}

export function addDays(date: ExchangeDate, n: number): ExchangeDate {
  return dateOfDays(daysSinceEpoch(date) + n);
}

/** `20261118 09:25:00`, New York. */
export function newYorkText(epochSeconds: number): string {
  const { date, hour, minute, second } = newYorkTime(epochSeconds);
  return `${date} ${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

export function pad(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

// ---- Daylight saving: second Sunday of March 02:00 EST to first Sunday of November 02:00 EDT.

const daylightByYear = new Map<number, { readonly from: number; readonly to: number }>();

function isDaylightSaving(epochSeconds: number): boolean {
  const year = Number(dateOfDays(Math.floor((epochSeconds - 5 * 3600) / daySeconds)).slice(0, 4));
  let range = daylightByYear.get(year);
  if (!range) {
    const march = nthWeekday(year, 3, 0, 2);
    const november = nthWeekday(year, 11, 0, 1);
    range = {
      from: daysSinceEpoch(march) * daySeconds + 7 * 3600,
      to: daysSinceEpoch(november) * daySeconds + 6 * 3600,
    };
    daylightByYear.set(year, range);
  }
  return range.from <= epochSeconds && epochSeconds < range.to;
}

// ---- Holidays and half days.

function sessionOf(date: ExchangeDate): TradingDay {
  const half = isHalfDay(date);
  return {
    date,
    extendedOpen: newYorkSeconds(date, 4, 0),
    regularOpen: newYorkSeconds(date, 9, 30),
    regularClose: newYorkSeconds(date, half ? 13 : 16, 0),
    extendedClose: newYorkSeconds(date, half ? 17 : 20, 0),
  };
}

function isTradingDate(date: ExchangeDate): boolean {
  const day = weekday(date);
  return day !== 0 && day !== 6 && !holidays(Number(date.slice(0, 4))).has(date);
}

function isHalfDay(date: ExchangeDate): boolean {
  const year = Number(date.slice(0, 4));
  if (date === addDays(nthWeekday(year, 11, 4, 4), 1)) return true;
  if (date === `${year}1224`) return true;
  return date === `${year}0703` && weekday(`${year}0704`) !== 6;
}

const holidaysByYear = new Map<number, ReadonlySet<ExchangeDate>>();

function holidays(year: number): ReadonlySet<ExchangeDate> {
  const known = holidaysByYear.get(year);
  if (known) return known;
  const days = new Set<ExchangeDate>([
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    addDays(easterSunday(year), -2),
    lastMonday(year, 5),
    observed(`${year}0704`),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    observed(`${year}1225`),
  ]);
  if (year >= 2022) days.add(observed(`${year}0619`));
  // A New Year's Day on a Saturday is not observed: the Friday belongs to the old year's books.
  const newYear = `${year}0101`;
  if (weekday(newYear) !== 6) days.add(observed(newYear));
  holidaysByYear.set(year, days);
  return days;
}

function observed(date: ExchangeDate): ExchangeDate {
  const day = weekday(date);
  if (day === 6) return addDays(date, -1);
  return day === 0 ? addDays(date, 1) : date;
}

// The anonymous Gregorian algorithm (Meeus, Jones, Butcher).
function easterSunday(year: number): ExchangeDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  const day = (h + l - 7 * m + 33 * month + 19) % 32;
  return `${year}${pad(month)}${pad(day)}`;
}

function nthWeekday(year: number, month: number, day: number, n: number): ExchangeDate {
  const first = `${year}${pad(month)}01`;
  return addDays(first, ((day - weekday(first) + 7) % 7) + 7 * (n - 1));
}

function lastMonday(year: number, month: number): ExchangeDate {
  const last = addDays(`${year}${pad(month + 1)}01`, -1);
  return addDays(last, -((weekday(last) + 6) % 7));
}

function weekday(date: ExchangeDate): number {
  return (((daysSinceEpoch(date) + 4) % 7) + 7) % 7;
}

// ---- Civil dates and day numbers (Howard Hinnant's algorithms).

function daysSinceEpoch(date: ExchangeDate): number {
  const month = Number(date.slice(4, 6));
  const day = Number(date.slice(6, 8));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function dateOfDays(days: number): ExchangeDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}${pad(month)}${pad(day)}`;
}
