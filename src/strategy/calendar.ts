/**
 * The exchange's calendar: which days are closed and which end at 13:00, for when the contract's own liquid hours are not
 * known. Rules of the New York Stock Exchange; closings announced for one day stand in a small table.
 */
import { HOUR_MS, MINUTE_MS, civilDate, dayNumber, newYorkInstant, nthWeekday, weekday } from './exchangeTime';

/** Regular hours [open, close) in ms UTC. */
export type Hours = readonly [number, number];

const OPEN_MS = 9 * HOUR_MS + 30 * MINUTE_MS;
const CLOSE_MS = 16 * HOUR_MS;
const EARLY_CLOSE_MS = 13 * HOUR_MS;

/** Days of mourning, closed by announcement. */
const ANNOUNCED = new Set([dayNumber(2018, 12, 5), dayNumber(2025, 1, 9)]);

/** Regular hours of a day by the calendar, or null when the exchange is closed. */
export function calendarHours(dayNo: number): Hours | null {
  const day = weekday(dayNo);
  if (day === 0 || day === 6 || isHoliday(dayNo)) return null;
  return [newYorkInstant(dayNo, OPEN_MS), newYorkInstant(dayNo, isHalfDay(dayNo) ? EARLY_CLOSE_MS : CLOSE_MS)];
}

/** The newest trading day strictly before a day. */
export function previousTradingDay(dayNo: number): number {
  let day = dayNo - 1;
  while (!calendarHours(day)) day--;
  return day;
}

function isHoliday(dayNo: number): boolean {
  const { year } = civilDate(dayNo);
  return (
    dayNo === observed(dayNumber(year, 1, 1), false) ||
    dayNo === nthWeekday(year, 1, 1, 3) ||
    dayNo === nthWeekday(year, 2, 1, 3) ||
    dayNo === easter(year) - 2 ||
    dayNo === nthWeekday(year, 5, 1, -1) ||
    (year >= 2022 && dayNo === observed(dayNumber(year, 6, 19), true)) ||
    dayNo === observed(dayNumber(year, 7, 4), true) ||
    dayNo === nthWeekday(year, 9, 1, 1) ||
    dayNo === nthWeekday(year, 11, 4, 4) ||
    dayNo === observed(dayNumber(year, 12, 25), true) ||
    ANNOUNCED.has(dayNo)
  );
}

function isHalfDay(dayNo: number): boolean {
  const { year, month, day } = civilDate(dayNo);
  if (month === 11) return dayNo === nthWeekday(year, 11, 4, 4) + 1;
  // The eve of a holiday that falls on a Tuesday to Friday; a Monday's eve is a Sunday, closed anyway.
  return (month === 7 && day === 3) || (month === 12 && day === 24);
}

/** A Sunday's holiday moves to Monday, a Saturday's to Friday; New Year's on a Saturday is not made up for. */
function observed(dayNo: number, saturdayMovesBack: boolean): number {
  if (weekday(dayNo) === 0) return dayNo + 1;
  return weekday(dayNo) === 6 && saturdayMovesBack ? dayNo - 1 : dayNo;
}

/** Easter Sunday by the anonymous Gregorian algorithm. */
function easter(year: number): number {
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
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return dayNumber(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}
