/**
 * New York exchange time by plain arithmetic: dates, times of day and the switch to daylight saving, for milliseconds UTC.
 * The rules are the United States' of 2007 and later; no clock is read here and no time zone database is needed.
 */

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a civil date (proleptic Gregorian). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilDate(dayNo: number): CivilDate {
  const z = dayNo + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** 0 = Sunday. */
export function weekday(dayNo: number): number {
  return (((dayNo + 4) % 7) + 7) % 7;
}

/** Day number of the n-th such weekday of a month (n from 1), or of the last one (n = -1). */
export function nthWeekday(year: number, month: number, wanted: number, n: number): number {
  if (n > 0) {
    const first = dayNumber(year, month, 1);
    return first + ((wanted - weekday(first) + 7) % 7) + (n - 1) * 7;
  }
  const last = (month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1)) - 1;
  return last - ((weekday(last) - wanted + 7) % 7);
}

const daylightByYear = new Map<number, readonly [number, number]>();

/** Daylight saving of a year as [from, to) in ms UTC: 2:00 on March's second Sunday to 2:00 on November's first. */
function daylight(year: number): readonly [number, number] {
  let span = daylightByYear.get(year);
  if (!span) {
    span = [nthWeekday(year, 3, 0, 2) * DAY_MS + 7 * HOUR_MS, nthWeekday(year, 11, 0, 1) * DAY_MS + 6 * HOUR_MS];
    daylightByYear.set(year, span);
  }
  return span;
}

/** New York's offset from UTC in ms, negative: -5 h, or -4 h with daylight saving. */
export function newYorkOffset(t: number): number {
  const [from, to] = daylight(civilDate(Math.floor(t / DAY_MS)).year);
  return from <= t && t < to ? -4 * HOUR_MS : -5 * HOUR_MS;
}

/** The exchange date of an instant, as a day number. */
export function exchangeDay(t: number): number {
  return Math.floor((t + newYorkOffset(t)) / DAY_MS);
}

/** ms UTC at which New York's clock shows `timeOfDayMs` on that day. */
export function newYorkInstant(dayNo: number, timeOfDayMs: number): number {
  const local = dayNo * DAY_MS + timeOfDayMs;
  const standard = local + 5 * HOUR_MS;
  return newYorkOffset(standard - HOUR_MS) === -4 * HOUR_MS ? standard - HOUR_MS : standard;
}

/** `2026-11-18` of an exchange day. */
export function dayText(dayNo: number): string {
  const { year, month, day } = civilDate(dayNo);
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`;
}

/** The exchange date of an instant as `2026-11-18`. */
export function dateOf(t: number): string {
  return dayText(exchangeDay(t));
}

/** Reads `2026-11-18`; null when it is no date of the calendar. */
export function parseDay(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return null;
  const dayNo = dayNumber(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return dayText(dayNo) === text ? dayNo : null;
}

/** New York time of day, `09:38:45`. */
export function timeOf(t: number): string {
  const seconds = Math.floor((((t + newYorkOffset(t)) % DAY_MS) + DAY_MS) / SECOND_MS) % 86_400;
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

/** ISO-8601 in New York time with offset, whole seconds (rounded down): `2026-11-18T09:38:45-05:00`. */
export function isoNewYork(t: number): string {
  return `${dateOf(t)}T${timeOf(t)}${newYorkOffset(t) === -4 * HOUR_MS ? '-04:00' : '-05:00'}`;
}

function pad(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
