/** New York's clock against the machine's own time zone tables, and the days on which it jumps. */
import { equal } from 'node:assert/strict';
import {
  DAY_MS,
  HOUR_MS,
  civilDate,
  dateOf,
  dayNumber,
  dayText,
  exchangeDay,
  isoNewYork,
  newYorkInstant,
  newYorkOffset,
  nthWeekday,
  parseDay,
  timeOf,
  weekday,
} from '../../../src/strategy/exchangeTime';

const iso = (utc: string): string => isoNewYork(Date.parse(utc));
const instant = (day: string, hours: number): string =>
  new Date(newYorkInstant(parseDay(day)!, hours * HOUR_MS)).toISOString();

describe('strategy: exchange time', () => {
  const cases: readonly (readonly [why: string, utc: string, newYork: string])[] = [
    ['winter', '2026-01-15T14:30:00Z', '2026-01-15T09:30:00-05:00'],
    ['summer', '2026-07-15T13:30:00Z', '2026-07-15T09:30:00-04:00'],
    ['the last standard second in March', '2026-03-08T06:59:59Z', '2026-03-08T01:59:59-05:00'],
    ['the first daylight second in March', '2026-03-08T07:00:00Z', '2026-03-08T03:00:00-04:00'],
    ['the last daylight second in November', '2026-11-01T05:59:59Z', '2026-11-01T01:59:59-04:00'],
    ['the first standard second in November', '2026-11-01T06:00:00Z', '2026-11-01T01:00:00-05:00'],
    ['March that begins on a Sunday', '2026-03-08T12:00:00Z', '2026-03-08T08:00:00-04:00'],
    ['November that begins on a Sunday', '2026-11-01T12:00:00Z', '2026-11-01T07:00:00-05:00'],
    ['the evening before, in UTC the next day', '2026-11-19T04:59:59Z', '2026-11-18T23:59:59-05:00'],
    ['midnight', '2026-11-19T05:00:00Z', '2026-11-19T00:00:00-05:00'],
    ['milliseconds are cut off', '2026-11-18T14:38:45.999Z', '2026-11-18T09:38:45-05:00'],
    ['leap day', '2028-02-29T15:00:00Z', '2028-02-29T10:00:00-05:00'],
    ['before 1970', '1969-12-31T23:00:00Z', '1969-12-31T18:00:00-05:00'],
  ];
  for (const [why, utc, newYork] of cases) it(`${why}: ${utc} is ${newYork}`, () => equal(iso(utc), newYork));

  it('agrees with the time zone database at every 7th hour of 2024 to 2030', () => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'America/New_York',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    for (let t = Date.UTC(2024, 0, 1); t < Date.UTC(2031, 0, 1); t += 7 * HOUR_MS) {
      equal(`${dateOf(t)}, ${timeOf(t)}`, format.format(t));
    }
  });

  it('finds the instant of a time of day on either side of both jumps', () => {
    equal(instant('2026-03-07', 9.5), '2026-03-07T14:30:00.000Z');
    equal(instant('2026-03-08', 0), '2026-03-08T05:00:00.000Z');
    equal(instant('2026-03-08', 9.5), '2026-03-08T13:30:00.000Z');
    equal(instant('2026-03-09', 0), '2026-03-09T04:00:00.000Z');
    equal(instant('2026-11-01', 0), '2026-11-01T04:00:00.000Z');
    equal(instant('2026-11-01', 9.5), '2026-11-01T14:30:00.000Z');
    equal(instant('2026-11-02', 0), '2026-11-02T05:00:00.000Z');
    equal(instant('2026-03-08', 3), '2026-03-08T07:00:00.000Z');
  });

  it('turns every day of 400 years into its date and back', () => {
    for (let day = dayNumber(1900, 1, 1), t = Date.UTC(1900, 0, 1); day < dayNumber(2300, 1, 1); day++, t += DAY_MS) {
      const { year, month, day: date } = civilDate(day);
      equal(dayNumber(year, month, date), day);
      equal(weekday(day), new Date(t).getUTCDay());
    }
    equal(dayText(dayNumber(2026, 11, 18)), new Date(Date.UTC(2026, 10, 18)).toISOString().slice(0, 10));
  });

  it('counts the weekdays of a month from either end', () => {
    equal(dayText(nthWeekday(2026, 11, 4, 4)), '2026-11-26');
    equal(dayText(nthWeekday(2026, 3, 0, 2)), '2026-03-08');
    equal(dayText(nthWeekday(2026, 5, 1, -1)), '2026-05-25');
    equal(dayText(nthWeekday(2026, 12, 4, -1)), '2026-12-31');
    equal(dayText(nthWeekday(2027, 8, 0, 1)), '2027-08-01');
  });

  const texts: readonly (readonly [text: string, date: string | null])[] = [
    ['2026-11-18', '2026-11-18'],
    ['2026-02-29', null],
    ['2026-13-01', null],
    ['2026-11-8', null],
    [' 2026-11-18', null],
    ['today', null],
  ];
  for (const [text, date] of texts) {
    it(`reads "${text}" as ${date}`, () => equal(parseDay(text) === null ? null : dayText(parseDay(text)!), date));
  }

  it('puts an instant on its exchange day, whatever the day is in UTC', () => {
    equal(exchangeDay(Date.parse('2026-11-19T04:59:59.999Z')), dayNumber(2026, 11, 18));
    equal(exchangeDay(Date.parse('2026-07-19T04:00:00Z')), dayNumber(2026, 7, 19));
    equal(newYorkOffset(Date.parse('2026-12-31T23:59:59Z')), -5 * HOUR_MS);
  });
});
