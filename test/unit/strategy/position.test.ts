/** The stack of layers: what fills do to shares, cost, average, peak and trim. */
import { equal, throws } from 'node:assert/strict';
import { money } from '../../../src/strategy/exact';
import { Position } from '../../../src/strategy/position';

/** `B1 100 10 25` buys 10 of rung 1 at 100 with 25 planned; `S 3 110` sells 3. */
function position(...fills: string[]): Position {
  const made = new Position();
  for (const fill of fills) {
    const [what = '', a = '', b = '', c = b] = fill.split(' ');
    if (what.startsWith('B')) made.buy(Number(what.slice(1)), Number(b), money(a), Number(c));
    else realized.push(made.sell(Number(a), money(b)).toString());
  }
  return made;
}
let realized: string[] = [];

/** Held shares by rung, oldest first. */
const layers = (made: Position): string => made.layers.map(layer => `L${layer.rung}:${layer.held}`).join(' ');
const text = (made: Position): string =>
  `${layers(made)} | ${made.shares} at ${made.average?.toString() ?? '-'} = ${made.cost.toString()} | peak ${made.peak}`;

describe('strategy: position', () => {
  beforeEach(() => (realized = []));

  const cases: readonly (readonly [why: string, fills: string[], expected: string])[] = [
    ['a first buy', ['B1 100 10'], 'L1:10 | 10 at 100 = 1000 | peak 1'],
    ['a second rung', ['B1 100 10', 'B2 98 12'], 'L1:10 L2:12 | 22 at 98.90909090909090909090909091 = 2176 | peak 2'],
    ['a rung in two fills is one layer', ['B1 100 4 10', 'B1 101 6 10'], 'L1:10 | 10 at 100.6 = 1006 | peak 1'],
    ['a sell keeps the average', ['B1 100 10', 'B2 98 10', 'S 5 105'], 'L1:10 L2:5 | 15 at 99 = 1485 | peak 2'],
    ['a sell takes the newest first', ['B1 100 10', 'B2 98 10', 'S 12 105'], 'L1:8 | 8 at 99 = 792 | peak 2'],
    ['the peak follows the newest buy', ['B1 100 10', 'B2 98 10', 'S 10 105', 'B2 98 1'], 'L1:10 L2:1 | 11 at 98.90909090909090909090909091 = 1088 | peak 2'], // prettier-ignore
    ['the peak comes down with a buy', ['B1 100 1', 'B2 98 1', 'B3 97 1', 'S 2 99', 'B2 98 1'], 'L1:1 L2:1 | 2 at 98.16666666666666666666666666 = 196.33333333333333333333333333 | peak 2'], // prettier-ignore
    ['flat resets everything', ['B1 100 10', 'S 10 105'], ' | 0 at - = 0 | peak 0'],
    ['and the next buy starts afresh', ['B1 100 10', 'S 10 105', 'B1 90 1'], 'L1:1 | 1 at 90 = 90 | peak 1'],
  ];
  for (const [why, fills, expected] of cases) it(why, () => equal(text(position(...fills)), expected));

  it('realizes against the average, exactly', () => {
    position('B1 100 10', 'B2 98 12', 'S 12 101.11', 'S 10 97');
    equal(realized[0], money('101.11').minus('98.90909090909090909090909091').times(12).toString());
    equal(realized[1], money(97).minus('98.90909090909090909090909091').times(10).toString());
  });

  it('rounds the average to 28 digits, half to even', () => {
    equal(position('B1 1 1', 'B1 0 2').average?.toString(), '0.3333333333333333333333333333');
    equal(position('B1 2 1', 'B1 0 2').average?.toString(), '0.6666666666666666666666666667');
    equal(position('B1 1.000000000000000000000000001 1', 'B1 1 1').average?.toString(), '1');
    equal(
      position('B1 1.000000000000000000000000003 1', 'B1 1 1').average?.toString(),
      '1.000000000000000000000000002',
    );
  });

  it('refuses to sell what is not there', () => {
    throws(() => position('S 1 100'), RangeError);
    throws(() => position('B1 100 10', 'S 11 100'), RangeError);
  });

  it('remembers what was planned and bought; sells lower neither', () => {
    const made = position('B1 100 4 10', 'S 2 101');
    equal(JSON.stringify(made.layers), '[{"rung":1,"planned":10,"bought":4,"held":2,"letGo":false}]');
  });

  it('a new rung arms the trim again, more of the same does not', () => {
    const made = position('B1 100 4 10');
    made.trimDone = true;
    made.buy(1, 6, money(100), 10);
    equal(made.trimDone, true);
    made.buy(2, 6, money(100), 10);
    equal(made.trimDone, false);
  });

  it('counts the shares above the oldest layers', () => {
    const made = position('B1 100 10', 'B2 99 12', 'B3 98 14');
    equal([0, 1, 2, 3, 4].map(keep => made.sharesAbove(keep)).join(), '36,26,14,0,0');
  });

  describe('adoption', () => {
    const PLANNED = [10, 12, 14, 16, 18, 20, 23];
    const adopted = (shares: number, ...before: string[]): string => {
      const made = position(...before);
      made.adopt(shares, money(50), PLANNED);
      return text(made);
    };
    it('fills rung 1 first', () => equal(adopted(7), 'L1:7 | 7 at 50 = 350 | peak 1'));
    it('planned shares each', () => equal(adopted(25), 'L1:10 L2:12 L3:3 | 25 at 50 = 1250 | peak 3'));
    it('the rest goes into rung 7', () =>
      equal(adopted(200), 'L1:10 L2:12 L3:14 L4:16 L5:18 L6:20 L7:110 | 200 at 50 = 10000 | peak 7'));
    it('on top of what is held', () => equal(adopted(12, 'B1 100 10'), 'L1:10 L2:12 | 22 at 72.72727272727272727272727273 = 1600 | peak 2')); // prettier-ignore
    it('on top of seven layers', () => {
      const seven = [1, 2, 3, 4, 5, 6, 7].map(rung => `B${rung} 50 1`);
      equal(adopted(5, ...seven), 'L1:1 L2:1 L3:1 L4:1 L5:1 L6:1 L7:6 | 12 at 50 = 600 | peak 7');
    });
    it('is never topped up', () => {
      const made = new Position();
      made.adopt(7, money(50), PLANNED);
      equal(made.newest?.letGo, true);
    });
  });

  it('goes to plain state and back, to the last digit', () => {
    const before = position('B1 100 10', 'B2 98 12 20', 'S 5 101');
    before.trimDone = true;
    const after = Position.from(JSON.parse(JSON.stringify(before.toState())) as ReturnType<Position['toState']>);
    equal(text(after), text(before));
    equal(JSON.stringify(after.toState()), JSON.stringify(before.toState()));
    // What comes later is the same too: the next average depends on the exact cost.
    const third = position('B1 1 1', 'B1 0 2');
    const again = Position.from(third.toState());
    for (const made of [third, again]) made.buy(2, 4, money('0.7'), 4);
    equal(again.average?.toString(), third.average?.toString());
    equal(again.cost.toString(), third.cost.toString());
  });

  describe('corrections', () => {
    /** After fills, `buy RUNG MORE MONEY` or `sell RUNG MORE AVERAGE`. */
    const corrected = (fills: string[], correction: string): string => {
      const made = position(...fills);
      const [side, rung, more, amount = '0'] = correction.split(' ');
      if (side === 'buy') made.correctBuy(Number(rung), Number(more), money(amount));
      else made.correctSell(Number(rung), Number(more), money(amount));
      return text(made);
    };
    const cases: readonly (readonly [why: string, fills: string[], correction: string, expected: string])[] = [
      ['a dearer buy', ['B1 100 10'], 'buy 1 0 5', 'L1:10 | 10 at 100.5 = 1005 | peak 1'],
      ['more bought', ['B1 100 10', 'B2 90 5'], 'buy 1 2 200', 'L1:12 L2:5 | 17 at 97.05882352941176470588235294 = 1650 | peak 2'],
      ['fewer bought leave their own layer', ['B1 100 10', 'B2 90 5'], 'buy 1 -2 -200', 'L1:8 L2:5 | 13 at 96.15384615384615384615384615 = 1250 | peak 2'],
      ['fewer than are left in it leave the newest too', ['B1 100 10', 'B2 90 5', 'S 7 110'], 'buy 1 -9 -900', ' | 0 at - = 0 | peak 0'],
      ['not bought at all', ['B1 100 10'], 'buy 1 -10 -1000', ' | 0 at - = 0 | peak 0'],
      ['bought after all', [], 'buy 1 10 1000', 'L1:10 | 10 at 100 = 1000 | peak 1'],
      ['more sold', ['B1 100 10', 'S 4 110'], 'sell 1 2', 'L1:4 | 4 at 100 = 400 | peak 1'],
      ['fewer sold come back to the newest', ['B1 100 10', 'B2 100 5', 'S 2 110'], 'sell 2 -1 100', 'L1:10 L2:4 | 14 at 100 = 1400 | peak 2'],
      ['fewer sold than all', ['B1 100 10', 'S 10 110'], 'sell 1 -3 100', 'L1:3 | 3 at 100 = 300 | peak 1'],
    ]; // prettier-ignore
    for (const [why, fills, correction, expected] of cases)
      it(why, () => equal(corrected(fills, correction), expected));

    it('hand back the money that no share bears any more', () => {
      const made = position('B1 100 10', 'S 10 110');
      equal(made.correctBuy(1, 0, money(5)).toString(), '5');
      equal(position('B1 100 10').correctBuy(1, 0, money(5)).toString(), '0');
      equal(position('B1 100 10').correctBuy(1, -10, money(-1000)).toString(), '0');
    });
  });

  it('keeps its state apart from what it gave away', () => {
    const made = position('B1 100 10');
    const state = made.toState();
    made.buy(1, 5, money(100), 15);
    equal(state.layers[0]?.held, 10);
  });
});
