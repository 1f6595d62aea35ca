import { equal } from 'node:assert/strict';
import * as fc from 'fast-check';
import { newYorkSeconds, newYorkText, newYorkTime, tradingDay, tradingDayFrom } from '../../../src/gateway/calendar';

const utc = (date: string, hour: number, minute = 0): string =>
  new Date(newYorkSeconds(date, hour, minute) * 1000).toISOString().slice(0, 16);

describe('gateway: New York time', () => {
  for (const [date, hour, expected] of [
    ['20261118', 9, '2026-11-18T14:00'],
    ['20260701', 9, '2026-07-01T13:00'],
    ['20260308', 1, '2026-03-08T06:00'],
    ['20260308', 3, '2026-03-08T07:00'],
    ['20261101', 0, '2026-11-01T04:00'],
    ['20261101', 3, '2026-11-01T08:00'],
  ] as const)
    it(`${date} ${hour}:00 is ${expected} UTC`, () => equal(utc(date, hour), expected));

  const intl = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'America/New_York',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

  it('agrees with the time zone database at any second from 2008 to 2037', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_199_145_600, max: 2_145_916_800 }), at => {
        const parts = Object.fromEntries(intl.formatToParts(at * 1000).map(part => [part.type, part.value]));
        const expected = `${parts['year']}${parts['month']}${parts['day']} ${parts['hour']}:${parts['minute']}:${parts['second']}`;
        equal(newYorkText(at), expected);
      }),
    );
  });

  it('goes there and back for every hour that exists once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_199_145_600, max: 2_145_916_800 }), at => {
        const { date, hour, minute, second } = newYorkTime(at);
        const isRepeatedHour = date.slice(4, 6) === '11' && hour === 1;
        if (!isRepeatedHour) equal(newYorkSeconds(date, hour, minute, second), at);
      }),
    );
  });
});

describe('gateway: exchange days', () => {
  for (const [date, why] of [
    ['20260101', "New Year's Day"],
    ['20260119', 'Martin Luther King Day'],
    ['20260216', "Washington's Birthday"],
    ['20260403', 'Good Friday'],
    ['20260525', 'Memorial Day'],
    ['20260619', 'Juneteenth'],
    ['20260703', 'Independence Day, observed on the Friday before'],
    ['20260907', 'Labor Day'],
    ['20261126', 'Thanksgiving'],
    ['20261225', 'Christmas'],
    ['20270705', 'Independence Day, observed on the Monday after'],
    ['20230102', "New Year's Day, observed on the Monday after"],
    ['20240329', 'Good Friday 2024'],
    ['20250418', 'Good Friday 2025'],
    ['20261121', 'a Saturday'],
    ['20261122', 'a Sunday'],
  ] as const)
    it(`${date} is closed: ${why}`, () => equal(tradingDay(date), undefined));

  const hours = (date: string): string => {
    const day = tradingDay(date);
    if (!day) return 'closed';
    const text = (at: number): string => newYorkText(at).slice(9, 14);
    return [day.extendedOpen, day.regularOpen, day.regularClose, day.extendedClose].map(text).join(' ');
  };

  for (const [date, expected] of [
    ['20261118', '04:00 09:30 16:00 20:00'],
    ['20261127', '04:00 09:30 13:00 17:00'],
    ['20261224', '04:00 09:30 13:00 17:00'],
    ['20250703', '04:00 09:30 13:00 17:00'],
    ['20270702', '04:00 09:30 16:00 20:00'],
    ['20211231', '04:00 09:30 16:00 20:00'],
    ['20211224', 'closed'],
  ] as const)
    it(`${date} has the hours ${expected}`, () => equal(hours(date), expected));

  it('steps over weekends and holidays', () => {
    equal(tradingDayFrom('20261125', 1).date, '20261127');
    equal(tradingDayFrom('20261128', -1).date, '20261127');
    equal(tradingDayFrom('20261130', -2).date, '20261125');
  });
});
