/** Rounding to the tick grid: the nearest tick of a double's binary value, and exact prices up or down. */
import { equal } from 'node:assert/strict';
import { money } from '../../../src/strategy/exact';
import { DEFAULT_BANDS, Ticks, areBands, coarsened, type TickBands } from '../../../src/strategy/ticks';

const CENT: TickBands = [[0, 0.01]];
const HALF_CENT: TickBands = [
  [0, 0.0001],
  [1, 0.005],
];
const FIVE_CENTS: TickBands = [[0, 0.05]];

const nearest = (price: number, bands: TickBands = DEFAULT_BANDS): number => new Ticks(bands).nearest(price);
const up = (price: string, bands: TickBands = DEFAULT_BANDS): string => new Ticks(bands).up(money(price)).toString();
const down = (price: string, bands: TickBands = DEFAULT_BANDS): string =>
  new Ticks(bands).down(money(price)).toString();

describe('strategy: ticks', () => {
  const rounded: readonly (readonly [why: string, price: number, bands: TickBands, expected: number])[] = [
    ['on the grid', 27.15, CENT, 27.15],
    ['below the half', 27.1549, CENT, 27.15],
    ['above the half', 27.1551, CENT, 27.16],
    ['a tie in binary goes to the even tick, up', 0.375, CENT, 0.38],
    ['a tie in binary goes to the even tick, down', 0.625, CENT, 0.62],
    ['a tie at 100', 98.875, CENT, 98.88],
    ['a tie at 100, down', 101.125, CENT, 101.12],
    ['1.005 lies below the tie in binary', 1.005, CENT, 1],
    ['8.115 lies above the tie in binary', 8.115, CENT, 8.12],
    ['1.115 lies below the tie in binary', 1.115, CENT, 1.11],
    ['2.675 lies below the tie in binary', 2.675, CENT, 2.67],
    ['10.235 lies below the tie in binary', 10.235, CENT, 10.23],
    ['an ulp above a tie', 98.87500000000001, CENT, 98.88],
    ['an ulp below a tie', 98.87499999999999, CENT, 98.87],
    ['an ulp above a tie that would go down', 101.12500000000001, CENT, 101.13],
    ['below a dollar to 4 decimals', 0.12345, DEFAULT_BANDS, 0.1235],
    ['a tie below a dollar', 0.03125, DEFAULT_BANDS, 0.0312],
    ['from a dollar to cents', 1.2345, DEFAULT_BANDS, 1.23],
    ['just below a dollar', 0.99994, DEFAULT_BANDS, 0.9999],
    ['half cents', 10.0026, HALF_CENT, 10.005],
    ['half cents, a tie', 10.0625 + 0.0025 - 0.0025, HALF_CENT, 10.06],
    ['nickels', 12.3749, FIVE_CENTS, 12.35],
    ['nickels, a tie goes to the even tick', 0.125, FIVE_CENTS, 0.1],
    ['nickels, a tie goes to the even tick, up', 0.375, FIVE_CENTS, 0.4],
    ['a large price', 123456.785, CENT, 123456.79],
  ];
  for (const [why, price, bands, expected] of rounded) {
    it(`${why}: ${price} is ${expected}`, () => equal(nearest(price, bands), expected));
  }

  it('gives the double of the decimal text, never one beside it', () => {
    for (let cents = 1; cents < 30_000; cents += 7) {
      const text = (cents / 100).toFixed(2);
      equal(nearest(Number(text) + 0.001, CENT), Number(text));
    }
  });

  const directed: readonly (readonly [price: string, bands: TickBands, up: string, down: string])[] = [
    ['27.15', DEFAULT_BANDS, '27.15', '27.15'],
    ['27.1500001', DEFAULT_BANDS, '27.16', '27.15'],
    ['27.1599999', DEFAULT_BANDS, '27.16', '27.15'],
    ['0.12345', DEFAULT_BANDS, '0.1235', '0.1234'],
    ['0.99995', DEFAULT_BANDS, '1', '0.9999'],
    ['1.001', DEFAULT_BANDS, '1.01', '1'],
    ['10.0026', HALF_CENT, '10.005', '10'],
    ['0.00001', DEFAULT_BANDS, '0.0001', '0.0001'],
    ['0.004', CENT, '0.01', '0.01'],
    ['12.36', FIVE_CENTS, '12.4', '12.35'],
  ];
  for (const [price, bands, above, below] of directed) {
    it(`${price} rounds up to ${above} and down to ${below}`, () => {
      equal(up(price, bands), above);
      equal(down(price, bands), below);
    });
  }

  it('shows as many decimals as the band has, and never fewer than two', () => {
    const ticks = new Ticks(HALF_CENT);
    equal([0.5, 1, 20].map(price => ticks.decimalsAt(price)).join(), '4,3,3');
    equal(new Ticks([[0, 1]]).decimalsAt(50), 2);
    equal([0.5, 1, 20].map(price => ticks.tickAt(price)).join(), '0.0001,0.005,0.005');
  });

  it('takes a minimum tick only where it is coarser than the default', () => {
    equal(JSON.stringify(coarsened(0.0001)), '[[0,0.0001],[1,0.01]]');
    equal(JSON.stringify(coarsened(0.005)), '[[0,0.005],[1,0.01]]');
    equal(JSON.stringify(coarsened(0.05)), '[[0,0.05],[1,0.05]]');
  });

  it('bands in any order, the lowest below itself too', () => {
    const ticks = new Ticks([[2, 0.05], [1, 0.01]]); // prettier-ignore
    equal([ticks.tickAt(0.5), ticks.tickAt(1.99), ticks.tickAt(2)].join(' '), '0.01 0.01 0.05');
  });

  const usable: readonly (readonly [bands: TickBands, fits: boolean])[] = [
    [DEFAULT_BANDS, true],
    [[], false],
    [[[1, 0.01]], true],
    [[[0, 0]], false],
    [[[0, NaN]], false],
    [[[0, -0.01]], false],
    [[[0, 0.0001], [0, 0.01]], false], // prettier-ignore
    [[[0, 0.0001], [2, 0.01], [1, 0.05]], true], // prettier-ignore
    [[[0, 0.0001], [Infinity, 0.01]], false], // prettier-ignore
  ];
  for (const [bands, fits] of usable) {
    it(`${JSON.stringify(bands)} ${fits ? 'can' : 'cannot'} be used as bands`, () => equal(areBands(bands), fits));
  }
});
