/** Rounding and comparisons against a slow, obviously exact way; ladders that keep their order; positions that add up. */
import { equal, ok } from 'node:assert/strict';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { compare, compareScaled, money, spreadAtMost, threshold, withinPercent } from '../../src/strategy/exact';
import { Ladder } from '../../src/strategy/ladder';
import { Position } from '../../src/strategy/position';
import { BarBook, dayTimes, median } from '../../src/strategy/reference';
import { Ticks, type TickBands } from '../../src/strategy/ticks';

// Enough digits for every double, exactly.
const Wide = Decimal.clone({ precision: 1200, toExpNeg: -2000, toExpPos: 2000 });

/** The exact value of the bits of a double: digits are taken off one after the other, in whole numbers. */
function bits(value: number): Decimal {
  let exponent = 0;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    exponent++;
  }
  return new Wide(BigInt(whole).toString()).div(new Wide(2).pow(exponent));
}

const BANDS: readonly TickBands[] = [
  [[0, 0.01]],
  [[0, 0.0001], [1, 0.01]],
  [[0, 0.005]],
  [[0, 0.05]],
  [[0, 0.0001], [1, 0.005], [10, 0.025]],
]; // prettier-ignore
const price = fc.oneof(
  fc.double({ min: 0.01, max: 5000, noNaN: true }),
  fc.integer({ min: 1, max: 5_000_000 }).map(n => n / 1000),
  fc.integer({ min: 1, max: 5_000_000 }).map(n => (n / 1000) * 1.0000000000000002),
  fc.integer({ min: 1, max: 100_000 }).map(n => n / 64),
);
const cents = fc.integer({ min: 1, max: 1_000_000 }).map(n => n / 100);

describe('property: strategy', () => {
  it('nearest is the nearest tick of the binary value, ties to even', () => {
    fc.assert(
      fc.property(price, fc.constantFrom(...BANDS), (value, bands) => {
        const tick = new Wide(String([...bands].reverse().find(([from]) => value >= from)![1]));
        const ticks = bits(value).div(tick);
        const below = ticks.floor();
        const beyond = ticks.minus(below);
        const up = beyond.gt(0.5) || (beyond.eq(0.5) && !below.mod(2).isZero());
        equal(
          new Ticks(bands).nearest(value),
          below
            .plus(up ? 1 : 0)
            .times(tick)
            .toNumber(),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('up and down enclose the price within a tick, on the grid', () => {
    fc.assert(
      fc.property(price, fc.constantFrom(...BANDS), (value, bands) => {
        const ticks = new Ticks(bands);
        const exact = money(value);
        const [down, up] = [ticks.down(exact), ticks.up(exact)];
        const tick = money(ticks.tickAt(value));
        ok(up.gte(exact) && up.minus(exact).lt(tick), up.toString());
        ok((down.lte(exact) && exact.minus(down).lt(tick)) || down.eq(tick), down.toString());
        ok(down.mod(tick).isZero() && up.mod(tick).isZero());
      }),
    );
  });

  const sign = (n: number): number => Math.sign(n);
  it('comparisons are those of the decimal texts', () => {
    const factor = fc.integer({ min: -500, max: 500 }).map(n => money(1).plus(money(n).div(10_000)));
    fc.assert(
      fc.property(cents, cents, factor, fc.boolean(), (value, other, by, near) => {
        const base = near ? Number(money(value).div(by).toFixed(2)) || other : other;
        const limit = money(base).times(by);
        equal(sign(compare(value, threshold(limit))), money(value).cmp(limit));
        equal(sign(compareScaled(value, base, threshold(by))), money(value).cmp(limit));
      }),
      { numRuns: 1000 },
    );
  });

  it('spreads and bands are decided exactly', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 400 }), (bid, wide, bp) => {
        const ask = Number(money(bid).plus(money(wide).div(100)));
        const [a, b] = [money(ask), money(bid)];
        equal(spreadAtMost(bid, ask, bp), a.minus(b).times(20_000).lte(a.plus(b).times(bp)));
        equal(
          withinPercent(ask, bid, bp / 8),
          a
            .minus(b)
            .abs()
            .times(100)
            .lte(b.times(bp / 8)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('rungs go down and up in order, and touched and hit count them', () => {
    const percent = fc.integer({ min: 1, max: 100 }).map(n => n / 10);
    const z = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(cents, z, percent, percent, fc.constantFrom('risky' as const, 'safe' as const), cents, (reference, at, buy, sell, of, last) => {
        const ladder = new Ladder();
        ladder.update(reference, at, buy, sell, of, new Ticks());
        const [buys, sells] = [[...ladder.buys], [...ladder.sells]];
        for (let n = 1; n < 7; n++) ok(buys[n]! <= buys[n - 1]! && sells[n]! >= sells[n - 1]!);
        equal(ladder.touched(last), buys.filter(rung => rung >= last).length);
        equal(ladder.hit(last), sells.filter(rung => rung <= last).length);
      }),
    ); // prettier-ignore
  });

  it('a position is the sum of its fills, its money too', () => {
    const fill = fc.record({ buy: fc.boolean(), shares: fc.integer({ min: 1, max: 40 }), price: cents });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 40 }), fills => {
        const position = new Position();
        let shares = 0;
        let paid = money(0);
        let realized = money(0);
        for (const { buy, shares: n, price: at } of fills) {
          const rung = position.layers.length + 1;
          const sold = Math.min(n, shares);
          if (buy && rung <= 7) {
            position.buy(rung, n, money(at), n);
            shares += n;
            paid = paid.plus(money(at).times(n));
          } else if (sold > 0) {
            realized = realized.plus(position.sell(sold, money(at)));
            shares -= sold;
            paid = paid.minus(money(at).times(sold));
          }
          equal(position.shares, shares);
          equal(position.layers.reduce((sum, layer) => sum + layer.held, 0), shares); // prettier-ignore
          ok(position.peak >= position.layers.length);
          // What was paid is what is held plus what was made or lost; the average is rounded in the 28th digit.
          ok(
            position.cost.minus(realized).minus(paid).abs().lt('1e-18'),
            position.cost.minus(realized).minus(paid).toString(),
          );
        }
      }),
    );
  });

  it('medians do not care for the order in which bars arrive, nor for asking in between', () => {
    const day = dayTimes(20_775);
    const bar = fc.record({ minute: fc.integer({ min: 0, max: 700 }), close: cents });
    fc.assert(
      fc.property(fc.array(bar, { maxLength: 30 }), fc.integer({ min: 0, max: 760 }), (bars, minute) => {
        const start = day.t0930 - 300 * 60_000;
        const t = start + minute * 60_000 + 30_000;
        const [asked, plain] = [new BarBook(day), new BarBook(day)];
        for (const each of bars) {
          asked.add(start + each.minute * 60_000, each.close);
          asked.at(t - 60_000);
        }
        const newest = new Map(bars.map(each => [each.minute, each.close]));
        for (const [at, close] of [...newest].reverse()) plain.add(start + at * 60_000, close);
        equal(JSON.stringify(asked.at(t)), JSON.stringify(plain.at(t)));
        const pre = [...newest].filter(([at]) => at < 300 && at + 1 <= minute + 0.5).map(([, close]) => close);
        equal(asked.at(t).preMarket, median(pre));
      }),
    );
  });
});
