/** Which bars count when, the medians over them, and which of them is the reference at what time. */
import { equal } from 'node:assert/strict';
import { parseDay } from '../../../src/strategy/exchangeTime';
import {
  BarBook,
  canTradeOn,
  dayTimes,
  dayTimesAt,
  median,
  referenceAt,
  type Reference,
} from '../../../src/strategy/reference';

const DAY = dayTimes(parseDay('2026-11-18')!);
/** `09:30` or `09:30:15.250` of the day. */
const at = (time: string): number => {
  const [hours = '0', minutes = '0', seconds = '0'] = time.split(':');
  return DAY.midnight + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000);
};

/** Bars as `08:00=100 09:30=101`. */
function book(bars: string): BarBook {
  const made = new BarBook(DAY);
  for (const bar of bars.split(' ').filter(text => text !== '')) {
    const [start = '', close] = bar.split('=');
    made.add(at(start), Number(close));
  }
  return made;
}

/** Pre-market, initial balance and regular hours as the rules see them at a time. */
function features(bars: string, time: string): string {
  const { preMarket, initialBalance, regularHours } = book(bars).at(at(time));
  return [preMarket, initialBalance, regularHours].map(value => (value > 0 ? value : '-')).join(' ');
}

interface Fallback {
  open?: number;
  previousClose?: number;
  last?: number;
}

function reference(bars: string, time: string, { open = NaN, previousClose = NaN, last = NaN }: Fallback = {}): string {
  const found: Reference = { price: 1, source: 'blend' };
  const t = at(time);
  referenceAt(t, DAY, book(bars).at(t), { open, previousClose, last }, found);
  return found.price > 0 ? `${found.source} ${found.price}` : found.source;
}

describe('strategy: reference', () => {
  describe('bars', () => {
    const cases: readonly (readonly [why: string, bars: string, time: string, expected: string])[] = [
      ['none', '', '09:30', '- - -'],
      ['one that is still forming does not count', '08:00=100', '08:00:59.999', '- - -'],
      ['it counts once its minute is over', '08:00=100', '08:01', '100 - -'],
      ['the last of the pre-market', '09:29=100', '09:30', '100 - -'],
      ['the first of regular hours', '09:30=101', '09:31', '- 101 101'],
      ['the last of the initial balance', '09:59=102', '10:00', '- 102 102'],
      ['the first behind it', '10:00=103', '10:01', '- - 103'],
      ['the last of regular hours', '15:59=104', '16:00', '- - 104'],
      ['after hours count nowhere', '16:00=105', '16:30', '- - -'],
      ['just after midnight', '00:00=99', '00:01', '99 - -'],
      ['an odd count', '08:00=3 08:01=1 08:02=2', '09:00', '2 - -'],
      ['an even count: the mean of the middle two', '08:00=4 08:01=1 08:02=2 08:03=9', '09:00', '3 - -'],
      ['in any order of arrival', '08:03=9 08:01=1 08:00=4 08:02=2', '09:00', '3 - -'],
      ['one that forms does not hide those before', '08:00=1 08:01=2 08:02=50', '08:02:30', '1.5 - -'],
      ['a close of 0 is no close', '08:00=0 08:01=7', '09:00', '7 - -'],
    ];
    for (const [why, bars, time, expected] of cases) it(`${why}`, () => equal(features(bars, time), expected));

    it('a bar of the same start replaces the one before, also after it counted', () => {
      const bars = book('08:00=100');
      equal(bars.at(at('08:05')).preMarket, 100);
      bars.add(at('08:00'), 101);
      equal(bars.at(at('08:05')).preMarket, 101);
      equal(bars.size, 1);
    });

    it('bars that arrive late count at the next question', () => {
      const bars = book('08:00=100');
      equal(bars.at(at('08:05')).preMarket, 100);
      bars.add(at('08:01'), 104);
      equal(bars.at(at('08:05')).preMarket, 102);
      bars.add(at('08:05'), 200);
      equal(bars.at(at('08:05:30')).preMarket, 102);
      equal(bars.at(at('08:06')).preMarket, 104);
    });

    it('bars of other days are not of this one', () => {
      const bars = new BarBook(DAY);
      bars.add(DAY.midnight - 60_000, 100);
      bars.add(DAY.nextMidnight, 100);
      equal(bars.size, 0);
    });

    it('knows the times of a day that ends an hour earlier or later', () => {
      const hours = (day: string): number => {
        const { midnight, nextMidnight } = dayTimes(parseDay(day)!);
        return (nextMidnight - midnight) / 3_600_000;
      };
      equal([hours('2026-03-08'), hours('2026-11-01'), hours('2026-11-18')].join(), '23,25,24');
      equal(dayTimesAt(DAY.nextMidnight - 1).t0930, DAY.t0930);
    });
  });

  describe('which counts when', () => {
    const PRE = '08:00=100';
    const IB = '09:40=102';
    const RTH = '10:10=106';
    const cases: readonly (readonly [time: string, bars: string, expected: string])[] = [
      ['08:30', PRE, 'preMarket 100'],
      ['09:45', `${PRE} ${IB}`, 'initialBalance 102'],
      ['09:59:59.999', `${PRE} ${IB}`, 'initialBalance 102'],
      ['09:45', PRE, 'preMarket 100'],
      ['10:00', `${PRE} ${IB}`, 'blend 102'],
      ['10:30', `${PRE} ${IB} ${RTH}`, 'blend 103'],
      ['10:59:59.999', `${PRE} ${IB} ${RTH}`, 'blend 103'],
      ['10:30', `${PRE} ${RTH}`, 'regularHours 106'],
      ['11:00', `${PRE} ${IB} ${RTH}`, 'regularHours 104'],
      ['11:00', `${PRE} ${IB}`, 'regularHours 102'],
      ['11:00', PRE, 'preMarket 100'],
      ['15:00', `${PRE} ${RTH}`, 'regularHours 106'],
    ];
    for (const [time, bars, expected] of cases) {
      it(`${time} with ${bars}: ${expected}`, () => equal(reference(bars, time), expected));
    }

    const all = { open: 97, previousClose: 96, last: 95 };
    const fallbacks: readonly (readonly [why: string, time: string, prices: Fallback, expected: string])[] = [
      ['the open before 09:30 is not today’s', '09:29:59.999', all, 'previousClose 96'],
      ['the open from 09:30', '09:30', all, 'open 97'],
      ['the open until 10:00', '09:59:59.999', all, 'open 97'],
      ['then the previous close', '10:00', all, 'previousClose 96'],
      ['without an open', '09:45', { previousClose: 96, last: 95 }, 'previousClose 96'],
      ['in the second hour', '10:30', all, 'previousClose 96'],
      ['from 11:00', '11:00', all, 'previousClose 96'],
      ['the last price', '09:45', { last: 95 }, 'last 95'],
      ['the last price from 11:00', '12:00', { last: 95 }, 'last 95'],
      ['nothing', '09:45', {}, 'none'],
    ];
    for (const [why, time, prices, expected] of fallbacks) {
      it(`fallback, ${why}: ${expected}`, () => equal(reference('', time, prices), expected));
    }

    it('pre-market bars are no reference between 10:00 and 11:00', () => {
      equal(reference(PRE, '10:30', all), 'previousClose 96');
    });

    it('places no ladder order on a last price or on nothing', () => {
      const sources = ['initialBalance', 'preMarket', 'regularHours', 'blend', 'open', 'previousClose', 'last', 'none'];
      equal(sources.filter(source => !canTradeOn(source as Reference['source'])).join(), 'last,none');
    });
  });

  it('median', () => {
    equal(median([5]), 5);
    equal(median([1, 2]), 1.5);
    equal(median([10, 9, 100]), 10);
    equal(median([]), NaN);
  });
});
