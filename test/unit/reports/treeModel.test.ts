import { deepEqual } from 'node:assert/strict';
import { buyRungRows, ladderRows, sellRungRows, topRows, type TreeRow } from '../../../src/reports/treeModel';
import { RCAT, snapshot, summary } from './moment';

const words = (row: TreeRow) => [row.icon, row.label, row.description, row.tooltip];
const row = (rows: TreeRow[], id: string) => {
  const found = rows.find(each => each.id === id);
  return found === undefined ? [] : words(found);
};

describe('tree: rows as drawn', () => {
  const top = topRows(snapshot());
  const cases: readonly [string, string[]][] = [
    ['session', ['account', 'PAPER ···4417', '+$323.52', 'Connected since 09:24:51. Regular hours, close in 4:17:43.']],
    [
      'RCAT',
      [
        'circle-filled',
        'RCAT',
        '12.77  410 sh  +$175.84',
        'Holds layers L1 and L2. Next buy L3 12.30, next sell U2 12.79.',
      ],
    ],
    ['DPRO', ['circle-outline', 'DPRO', '9.85  next buy 9.76', 'Flat. Last must fall 0.91% to L1.']],
    ['AVAV', ['triangle-up', 'AVAV', '274.77  buys L3', '3 buy rungs touched, 2 held, z +0.91.']],
    ['UMAC', ['triangle-down', 'UMAC', '12.23  sells L3, L2', '2 sell rungs hit, 3 layers held, z −0.62.']],
    [
      'LPTH',
      [
        'watch',
        'LPTH',
        '8.22  quiet 23 s',
        'No tick for 23 s. Ladder orders wait for one. A stop fires on the next price that reaches it.',
      ],
    ],
    [
      'ONDS',
      [
        'debug-pause',
        'ONDS',
        '7.52  buys paused',
        '3 orders in a row were rejected. Last: "Order size exceeds limit" (201). Exits go on.',
      ],
    ],
    ['SPAI', ['error', 'SPAI', 'not traded', 'IB does not know SPAI as a US stock (code 200).']],
  ];
  for (const [id, expected] of cases) it(id, () => deepEqual(row(top, id), expected));

  it('groups say how many rungs are held', () => {
    deepEqual(
      ladderRows(RCAT).map(each => [each.label, each.description]),
      [
        ['Buy ladder', '2 of 7 held'],
        ['Sell ladder', '1 of 7 hit'],
      ],
    );
  });
  it('a held rung', () =>
    deepEqual(row(buyRungRows(RCAT), 'RCAT/L1'), [
      'circle-filled',
      'L1  12.44',
      'held 186',
      'Bought at 12.46, 09:38:45.',
    ]));
  it('the next rung', () =>
    deepEqual(row(buyRungRows(RCAT), 'RCAT/L3'), [
      'arrow-right',
      'L3  12.30',
      'next, 254 sh, −3.68%',
      'About $3,124. Waits for 1 of 14 conditions: last 12.77, needs 12.30 or less.',
    ]));
  it('an untouched rung', () =>
    deepEqual(row(buyRungRows(RCAT), 'RCAT/L4'), [
      'circle-outline',
      'L4  12.19',
      '290 sh, −4.54%',
      'The anchor, 3.285% below the reference.',
    ]));
  it('the next sell rung', () =>
    deepEqual(row(sellRungRows(RCAT), 'RCAT/U2'), [
      'arrow-right',
      'U2  12.79',
      'next, 224 of L2, +0.16%',
      '1.471% above the reference.',
    ]));
  it('a rung of which a part was sold', () => {
    const part = { ...RCAT, buys: RCAT.buys.map(rung => (rung.rung === 1 ? { ...rung, held: 100 } : rung)) };
    deepEqual(row(buyRungRows(part), 'RCAT/L1')[2], 'held 100 of 186');
  });
  it('what pauses a symbol is said with its numbers, and what its menu may offer follows', () => {
    const paused = (by: 'you' | 'difference' | 'unexplained' | 'short', reported: number, explained: number) => {
      const reason = by === 'you' ? 'paused by you' : 'for some reason';
      const pause = { by, reported, explained, lastReject: null };
      const [, found] = topRows(
        snapshot({ symbols: [summary({ symbol: 'A', state: 'buysPaused', isPaused: true, reason, pause })] }),
      );
      return [found!.tooltip, found!.context];
    };
    deepEqual(paused('you', 5, 5), ['Paused by you. Exits go on.', 'symbol.buysPaused.canResume']);
    deepEqual(paused('difference', 4, 4), [
      'The broker reported fewer shares of A than the bot’s, 4 now. Compare, then resume its buys. Exits go on.',
      'symbol.buysPaused.canResume',
    ]);
    deepEqual(paused('unexplained', 1230, 30), [
      'The broker reports 1,230 shares of A, 30 are explained. Adopt the others, or leave them alone. Exits go on.',
      'symbol.buysPaused.unexplained',
    ]);
    deepEqual(paused('short', -5, 0), [
      'A is short at the broker (−5 shares). It is not traded until that is gone. Exits go on.',
      'symbol.buysPaused.short',
    ]);
    deepEqual(topRows(snapshot())[1]!.context, 'symbol.holding.canPause');
    deepEqual(topRows(snapshot()).at(-1)!.context, 'symbol.failed');
  });
  it('each state has words of its own', () => {
    const said = (given: Parameters<typeof summary>[0]) =>
      row(topRows(snapshot({ symbols: [summary(given)] })), given.symbol)[2];
    deepEqual(said({ symbol: 'A', state: 'waiting' }), 'waits for a price');
    deepEqual(said({ symbol: 'A', state: 'exiting', last: 5, position: 12, exit: 'live_stop' }), '5.00  selling 12 sh');
    deepEqual(said({ symbol: 'A', state: 'halted', last: 5 }), '5.00  halted');
    deepEqual(
      said({ symbol: 'A', state: 'windDown', last: 0.4213, decimals: 4, position: 12 }),
      '0.4213  winds down 12 sh',
    );
  });
});
