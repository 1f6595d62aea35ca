import { deepEqual, equal, ok } from 'node:assert/strict';
import { newYorkSeconds, tradingDay } from '../../../src/gateway/calendar';
import { Listing } from '../../../src/gateway/instruments';
import { Market, type SymbolMarket } from '../../../src/gateway/market';
import { stepAt } from '../../../src/gateway/prices';

const date = '20261118';
const at = (hour: number, minute: number): number => newYorkSeconds(date, hour, minute) * 1000;
const listing = new Listing(symbol => symbol.startsWith('ZZ'));

function open(seed: number, symbol: string, others: readonly string[] = []): SymbolMarket {
  const market = new Market({ seed, date, startsAt: at(9, 25), ticksPerSecond: 1, market: 'usual' });
  const find = (name: string): SymbolMarket => {
    const instrument = listing.find(name);
    if (!instrument) throw new Error(`Expected ${name} to be listed`);
    return market.of(instrument, at(9, 25));
  };
  for (const other of others) find(other);
  return find(symbol);
}

/** The swing of the hour after the open and of the hours from 11 to 15, high to low in percent. */
function ranges(symbol: SymbolMarket): { readonly opening: number; readonly later: number } {
  const range = (from: number, to: number): number => {
    const bars = symbol.todaysBars.filter(bar => from <= bar.start * 1000 && bar.start * 1000 < to);
    const high = Math.max(...bars.map(bar => bar.high));
    return (high / Math.min(...bars.map(bar => bar.low)) - 1) * 100;
  };
  return { opening: range(at(9, 30), at(10, 30)), later: range(at(11, 0), at(15, 0)) };
}

describe('gateway: market model', () => {
  it('quotes on the tick grid, never crossed, never empty, in round lots', () => {
    for (const name of ['RCAT', 'AVAV', 'PENNY']) {
      const symbol = open(7, name);
      for (let t = at(9, 25); t <= at(10, 30); t += 1000) {
        symbol.advance(t, 1000);
        const { bid, ask, last } = symbol;
        ok(bid !== undefined && ask !== undefined && bid < ask, `${name} ${bid} ${ask}`);
        for (const price of [bid, ask, last ?? bid]) equal(price % stepAt(symbol.instrument.rule, price), 0);
        ok(symbol.bids.size >= 100 && symbol.bids.size % 100 === 0);
        ok(symbol.asks.size >= 100 && symbol.asks.size % 100 === 0);
      }
    }
  });

  it('prints inside or at the quote that stands', () => {
    const symbol = open(3, 'KTOS');
    let volume = symbol.volume;
    let prints = 0;
    for (let t = at(9, 30); t <= at(10, 0); t += 1000) {
      symbol.advance(t, 1000);
      if (symbol.volume === volume) continue;
      volume = symbol.volume;
      prints++;
      const { bid, ask, last } = symbol;
      ok(bid !== undefined && ask !== undefined && last !== undefined && bid <= last && last <= ask);
    }
    ok(prints > 500, `${prints} seconds with prints`);
  });

  it('swings one to nine percent in the first hour and less after eleven, for most stocks and seeds', () => {
    const openings: number[] = [];
    const laters: number[] = [];
    for (const seed of [1, 2, 3, 7]) {
      for (const name of ['RCAT', 'UMAC', 'AVAV']) {
        const symbol = open(seed, name);
        symbol.advance(at(15, 0), 1000);
        const { opening, later } = ranges(symbol);
        openings.push(opening);
        laters.push(later);
      }
    }
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
    ok(2 <= middle(openings) && middle(openings) <= 9, `opening ${middle(openings)}`);
    ok(1.4 <= middle(laters) && middle(laters) <= 8, `later ${middle(laters)}`);
    ok(Math.min(...openings) >= 1, `calmest opening ${Math.min(...openings)}`);
  });

  it('trades thinly before the open and most just after it', () => {
    const symbol = open(7, 'ONDS');
    symbol.advance(at(13, 0), 1000);
    const volume = (from: number, to: number): number =>
      symbol.todaysBars
        .filter(bar => from <= bar.start * 1000 && bar.start * 1000 < to)
        .reduce((s, b) => s + b.volume, 0);
    const before = volume(at(8, 0), at(9, 0));
    const opening = volume(at(9, 30), at(10, 30));
    const noon = volume(at(12, 0), at(13, 0));
    ok(before * 10 < opening, `${before} before, ${opening} after the open`);
    ok(noon < opening && before < noon, `${noon} at noon`);
  });

  const path = (symbol: SymbolMarket): unknown => {
    symbol.advance(at(9, 45), 1000);
    return [symbol.todaysBars, symbol.previousClose];
  };

  it('gives the same path for the same seed and another for another', () => {
    deepEqual(path(open(5, 'EH')), path(open(5, 'EH')));
    ok(JSON.stringify(path(open(5, 'EH'))) !== JSON.stringify(path(open(6, 'EH'))));
  });

  it('gives a stock the same path whatever else is listed beside it', () => {
    deepEqual(path(open(5, 'EH')), path(open(5, 'EH', ['RCAT', 'MSFT', 'QQQX'])));
  });

  it('makes ticks and minute bars from the same prints', () => {
    const symbol = open(9, 'RCAT');
    const start = symbol.volume;
    symbol.advance(at(9, 50), 1000);
    const fresh = symbol.todaysBars.filter(bar => bar.start * 1000 >= at(9, 25));
    equal(
      fresh.reduce((sum, bar) => sum + bar.volume, 0),
      symbol.volume - start,
    );
    equal(symbol.todaysBars.at(-1)?.close, symbol.last);
  });

  it('knows the day: previous close, open, high and low of the regular session only', () => {
    const symbol = open(7, 'AVAV');
    equal(symbol.open, undefined);
    symbol.advance(at(10, 0), 1000);
    const regular = symbol.todaysBars.filter(bar => bar.start * 1000 >= at(9, 30));
    equal(symbol.open, regular[0]?.open);
    equal(symbol.high, Math.max(...regular.map(bar => bar.high)));
    equal(symbol.low, Math.min(...regular.map(bar => bar.low)));
    ok(Math.abs(symbol.previousClose / (symbol.open ?? 1) - 1) < 0.1);
  });

  it('carries the close into the next trading day and begins its volume anew', () => {
    const symbol = open(7, 'SPAI');
    const day = tradingDay(date);
    symbol.advance(at(20, 30), 1000);
    equal(symbol.bid, undefined);
    const close = symbol.todaysBars.filter(bar => bar.start < (day?.regularClose ?? 0)).at(-1)?.close;
    symbol.advance(newYorkSeconds('20261119', 4, 30) * 1000, 1000);
    equal(symbol.previousClose, close);
    ok(symbol.bid !== undefined);
    ok(symbol.todaysBars.every(bar => bar.start >= newYorkSeconds('20261119', 4, 0)));
  });

  it('does not list what begins with ZZ, and prices any other ticker by its name', () => {
    equal(listing.find('ZZTOP'), undefined);
    equal(listing.find('no such'), undefined);
    equal(listing.find('brk.b')?.symbol, 'BRK B');
    equal(listing.find('MSFT'), listing.find(' msft '));
  });
});
