/** The ladder: all published cells, what z and the class do to it, and how many rungs a price reaches. */
import { deepEqual, equal } from 'node:assert/strict';
import { LADDER_EXAMPLES, LADDER_REFERENCE } from '../../fixtures/ladderExamples';
import { Ladder, RUNG_STEPS, buyAnchorPercent, sellAnchorPercent } from '../../../src/strategy/ladder';
import { Ticks } from '../../../src/strategy/ticks';

const CENTS = new Ticks();
const THOUSANDTHS = new Ticks([[0, 0.001]]);

function ladder(z = 0, buy = 0.6, sell = 0.6, symbolClass: 'risky' | 'safe' = 'risky', reference = 100): Ladder {
  const made = new Ladder();
  made.update(reference, z, buy, sell, symbolClass, CENTS);
  return made;
}

const percent = (value: number): string => THOUSANDTHS.nearest(value).toFixed(3);
const buys = (made: Ladder): string => [...made.buys].map(price => price.toFixed(2)).join(' ');
const sells = (made: Ladder): string => [...made.sells].map(price => price.toFixed(2)).join(' ');

describe('strategy: ladder', () => {
  let cells = 0;
  for (const example of LADDER_EXAMPLES) {
    const made = ladder(example.z, example.buy, example.sell, example.class, LADDER_REFERENCE);
    const lines = example.rows.trim().split('\n');
    RUNG_STEPS.forEach((step, i) => {
      const { buyPercent, sellPercent } = made;
      const row = [
        String(i + 1),
        percent(buyPercent * step),
        made.buys[i]!.toFixed(2),
        percent(sellPercent * step),
        made.sells[i]!.toFixed(2),
      ];
      cells += row.length - 1;
      it(`${example.name}, rung ${i + 1}: ${lines[i]!.trim()}`, () => deepEqual(row, lines[i]!.trim().split(' ')));
    });
  }
  it('has shown all 84 published cells', () => equal(cells, 84));

  const anchors: readonly (readonly [
    why: string,
    base: number,
    of: 'risky' | 'safe',
    z: number,
    buy: number,
    sell: number,
  ])[] = [
    ['neutral', 2, 'risky', 0, 10, 10],
    ['neutral, safe', 2, 'safe', 0, 6, 6],
    ['z above 2 counts as 2', 2, 'risky', 6, 15, 7],
    ['z = 2', 2, 'risky', 2, 15, 7],
    ['z below −2 counts as −2', 2, 'risky', -6, 5, 13],
    ['z = −2', 2, 'risky', -2, 5, 13],
    ['z = −1', 2, 'risky', -1, 7.5, 11.5],
    ['a base below 0.1 counts as 0.1', 0.01, 'safe', 0, 0.30000000000000004, 0.30000000000000004],
  ];
  for (const [why, base, of, z, buy, sell] of anchors) {
    it(`anchors, ${why}: ${buy} % and ${sell} %`, () => {
      equal(buyAnchorPercent(base, of, z), buy);
      equal(sellAnchorPercent(base, of, z), sell);
    });
  }

  const reached: readonly (readonly [last: number, touched: number, hit: number])[] = [
    [100, 0, 0],
    [98.89, 0, 0],
    [98.88, 1, 0],
    [98.44, 2, 0],
    [97.01, 3, 0],
    [97, 4, 0],
    [96.25, 7, 0],
    [1, 7, 0],
    [101.11, 0, 0],
    [101.12, 0, 1],
    [103, 0, 4],
    [103.75, 0, 7],
    [500, 0, 7],
  ];
  for (const [last, touched, hit] of reached) {
    it(`at ${last} ${touched} buy rungs are touched and ${hit} sell rungs hit`, () => {
      equal(ladder().touched(last), touched);
      equal(ladder().hit(last), hit);
    });
  }

  it('follows every change of what it depends on, and clears without a reference', () => {
    const made = ladder();
    const neutral = buys(made);
    made.update(101, 0, 0.6, 0.6, 'risky', CENTS);
    equal(made.buys[3], 97.97);
    made.update(100, 1.5, 0.6, 0.6, 'risky', CENTS);
    equal(made.buys[3], 95.88);
    made.update(100, 0, 1, 0.6, 'risky', CENTS);
    equal(made.buys[3], 95);
    made.update(100, 0, 0.6, 1, 'risky', CENTS);
    equal(String(made.buys[3]), '97');
    equal(String(made.sells[3]), '105');
    made.update(100, 0, 0.6, 0.6, 'safe', CENTS);
    equal(made.buys[3], 98.2);
    made.update(100, 0, 0.6, 0.6, 'risky', new Ticks([[0, 0.05]]));
    equal(made.buys[0], 98.9);
    made.update(100, 0, 0.6, 0.6, 'risky', CENTS);
    equal(buys(made), neutral);
    made.update(NaN, 0, 0.6, 0.6, 'risky', CENTS);
    equal(`${made.touched(1)} ${made.hit(1e9)}`, '0 0');
    equal(sells(made), Array(7).fill('NaN').join(' '));
  });

  it('uses the tick of each price below and above a dollar', () => {
    const made = ladder(0, 0.6, 0.6, 'risky', 1);
    deepEqual([...made.buys].slice(0, 3), [0.9888, 0.9844, 0.9784]);
    deepEqual([...made.sells].slice(0, 3), [1.01, 1.02, 1.02]);
  });
});
