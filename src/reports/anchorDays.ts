/**
 * The days and the two windows of the pre-session anchors (§10): which trading days a date looks back on, and what one day's
 * minute bars say of it. The reference's own formula is used, on bars of that window alone; nothing here asks a broker.
 */
import { calendarHours, previousTradingDay, type Hours } from '../strategy/calendar';
import {
  dayNumber,
  dayText,
  exchangeDay,
  HOUR_MS,
  MINUTE_MS,
  newYorkInstant,
  parseDay,
  weekday,
} from '../strategy/exchangeTime';
import { BarBook, dayTimes, referenceAt, type Reference } from '../strategy/reference';
import type { HeardDay } from '../shared/anchors';
import { clockMinutes } from './format';

export interface MinuteBar {
  /** ms UTC. */
  readonly start: number;
  readonly close: number;
}

export type AnchorWindow = 'AM' | 'PM';

/** What one trading day's regular bars say; null where a window has none. */
export type DayAnchors = HeardDay;

/** Older bars follow other rules of daylight saving than the exchange calendar here knows. */
const OLDEST_DAY = dayNumber(2008, 1, 2);
const LAST_HOURS = 2 * HOUR_MS;

/** [from, to) of a window on a trading day, ms UTC. */
export function windowOf(window: AnchorWindow, day: number): Hours {
  const [open, close] = regularHours(day);
  return window === 'AM' ? [open, newYorkInstant(day, 11 * HOUR_MS)] : [close - LAST_HOURS, close];
}

/** `09:30 to 11:00`. */
export function windowText(window: AnchorWindow, day: number): string {
  const [from, to] = windowOf(window, day);
  return `${clockMinutes(from)} to ${clockMinutes(to)}`;
}

export function anchorsOfDay(day: number, bars: readonly MinuteBar[]): DayAnchors {
  const [open, close] = regularHours(day);
  const regular = bars.filter(({ start }) => open <= start && start < close).sort((a, b) => a.start - b.start);
  return {
    day,
    am: anchorOf('AM', day, regular),
    pm: anchorOf('PM', day, regular),
    lastClose: regular.at(-1)?.close ?? null,
    bars: regular.length,
  };
}

function anchorOf(window: AnchorWindow, day: number, bars: readonly MinuteBar[]): number | null {
  const times = dayTimes(day);
  const [from, to] = windowOf(window, day);
  const book = new BarBook(times);
  for (const { start, close } of bars) if (from <= start && start < to) book.add(start, close);
  const reference: Reference = { price: NaN, source: 'none' };
  // AM by the formula that counts from 10:00, PM by the one that counts from 11:00; no price from outside the window.
  const asOf = window === 'AM' ? times.t1000 : times.t1100;
  const nothing = { open: NaN, previousClose: NaN, last: NaN };
  referenceAt(asOf, times, book.at(times.nextMidnight), nothing, reference);
  return reference.price > 0 ? reference.price : null;
}

/** The newest `n` trading days before a date, newest first. */
export function daysBefore(day: number, n: number): number[] {
  const days: number[] = [];
  for (let at = day; days.length < n;) {
    at = previousTradingDay(at);
    days.push(at);
  }
  return days;
}

/**
 * The mean of days, newest first, weighted n … 1. A day without a value leaves its weight out: the others keep theirs.
 * Null when no day has one.
 */
export function weightedAnchor(newestFirst: readonly (number | null)[]): number | null {
  const n = newestFirst.length;
  let sum = 0;
  let weights = 0;
  newestFirst.forEach((value, index) => {
    if (value === null) return;
    sum += (n - index) * value;
    weights += n - index;
  });
  return weights === 0 ? null : sum / weights;
}

export type AnchorDate =
  { readonly ok: true; readonly day: number; readonly source: number } | { readonly ok: false; readonly text: string };

/** Reads the date that the anchors are wanted for; its newest day of bars must be over at `now` (ms UTC). */
export function readAnchorDate(text: string, now: number): AnchorDate {
  const day = parseDay(text.trim());
  if (day === null) return { ok: false, text: `Expected a date such as 2026-11-18, found "${text.trim()}"` };
  if (day < OLDEST_DAY)
    return { ok: false, text: `Expected a date from ${dayText(OLDEST_DAY)}, found ${dayText(day)}` };
  const newest = newestAnchorDay(now);
  if (day > newest) {
    return {
      ok: false,
      text: `Expected a date up to ${dayText(newest)}, found ${dayText(day)}: its anchors come from a day that is not over yet`,
    };
  }
  return { ok: true, day, source: previousTradingDay(day) };
}

/** Today, or the days up to the next session once today's has closed. */
function newestAnchorDay(now: number): number {
  const today = exchangeDay(now);
  const hours = calendarHours(today);
  if (hours !== null && now < hours[1]) return today;
  let day = today + 1;
  while (calendarHours(day) === null) day++;
  return day;
}

/** What a person has to know about the days, in whole sentences: what was stepped over, which day was short. */
export function dayNotes(day: number, source: number, days: readonly number[]): string[] {
  const notes: string[] = [];
  const closed: number[] = [];
  for (let at = source + 1; at <= day; at++) if (calendarHours(at) === null) closed.push(at);
  if (closed.length > 0) {
    const kinds = [
      ...(closed.some(isWeekend) ? ['a weekend'] : []),
      ...(closed.some(at => !isWeekend(at)) ? ['a holiday'] : []),
    ].join(' and ');
    notes.push(`Stepped back over ${kinds} (${closed.map(dayText).join(', ')}) to ${dayName(source)}.`);
  }
  for (const at of days) {
    const [open, close] = regularHours(at);
    if (close - open < 6 * HOUR_MS) {
      notes.push(`${dayText(at)} closed at ${clockMinutes(close)}: its PM window is ${windowText('PM', at)}.`);
    }
  }
  return notes;
}

const NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `Tuesday, 2026-11-17`. */
export const dayName = (day: number): string => `${NAMES[weekday(day)] ?? ''}, ${dayText(day)}`;

const isWeekend = (day: number): boolean => weekday(day) === 0 || weekday(day) === 6;

function regularHours(day: number): Hours {
  const hours = calendarHours(day);
  if (hours !== null) return hours;
  return [newYorkInstant(day, 9 * HOUR_MS + 30 * MINUTE_MS), newYorkInstant(day, 16 * HOUR_MS)];
}
