/** Days on which the exchange is closed or closes early, by the calendar alone. */
import { equal } from 'node:assert/strict';
import { calendarHours, previousTradingDay } from '../../../src/strategy/calendar';
import { dayText, parseDay, timeOf } from '../../../src/strategy/exchangeTime';

const hours = (date: string): string => {
  const found = calendarHours(parseDay(date)!);
  return found ? found.map(t => timeOf(t).slice(0, 5)).join(' to ') : 'closed';
};
const FULL = '09:30 to 16:00';
const HALF = '09:30 to 13:00';

describe('strategy: calendar', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    closed: [
      ...['2026-11-21', '2026-11-22'], // a weekend
      ...['2026-01-01', '2023-01-02', '2029-01-01'], // New Year's Day, once on a Sunday
      ...['2026-01-19', '2026-02-16', '2026-04-03', '2025-04-18', '2026-05-25'],
      ...['2026-06-19', '2022-06-20', '2027-06-18'], // Juneteenth: Friday, Sunday, Saturday
      ...['2026-07-03', '2025-07-04', '2027-07-05'], // Independence Day: Saturday, Friday, Sunday
      ...['2026-09-07', '2026-11-26', '2026-12-25', '2027-12-24', '2022-12-26'],
      ...['2018-12-05', '2025-01-09'], // days of mourning
    ],
    [HALF]: ['2026-11-27', '2026-12-24', '2025-07-03', '2024-07-03', '2024-12-24', '2023-11-24'],
    [FULL]: [
      ...['2026-11-18', '2026-07-02', '2026-12-31', '2026-10-12', '2026-11-11', '2026-03-09', '2026-11-02'],
      '2021-06-18', // Juneteenth was not yet a holiday
      '2021-12-31', // New Year's Day on a Saturday is not made up for
      '2026-06-18',
      '2027-07-06',
      '2025-12-26',
    ],
  };
  for (const [expected, dates] of Object.entries(cases)) {
    for (const date of dates) it(`${date}: ${expected}`, () => equal(hours(date), expected));
  }

  it('steps back over weekends and holidays to the previous trading day', () => {
    const previous = (date: string): string => dayText(previousTradingDay(parseDay(date)!));
    equal(previous('2026-11-18'), '2026-11-17');
    equal(previous('2026-11-23'), '2026-11-20');
    equal(previous('2026-11-27'), '2026-11-25');
    equal(previous('2026-01-02'), '2025-12-31');
    equal(previous('2026-07-06'), '2026-07-02');
  });
});
