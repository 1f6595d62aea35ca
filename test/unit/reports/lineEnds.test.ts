/** Every state of a line end, to the letter of the drawings. */
import { equal } from 'node:assert/strict';
import type { SessionSnapshot, SymbolSummary } from '../../../src/shared/protocol';
import { lineEnd } from '../../../src/reports/lineEnds';
import { parseTargets } from '../../../src/targets/parse';
import { checkTargets } from '../../../src/targets/validate';
import { at, RCAT, snapshot, summary } from './moment';

const ends = (
  line: string,
  symbols: readonly SymbolSummary[],
  change: Partial<SessionSnapshot> = {},
): string | null => {
  const { symbols: checked } = checkTargets(parseTargets(line));
  const last = checked.at(-1)!;
  const of = { symbol: last.symbol ?? '', errors: last.errors, isDuplicate: last.isDuplicate };
  return lineEnd(of, snapshot({ ...change, symbols: [...symbols] }));
};

const rung = (number: number, price: number) => ({ rung: number, price, shares: 100 });
const sells = (number: number, price: number, ...layers: number[]) => ({ ...rung(number, price), layers });

describe('line ends', () => {
  const cases: readonly (readonly [state: string, symbol: SymbolSummary, text: string])[] = [
    ['holding', RCAT, '12.77  z +0.38  2/7  buy 12.30  sell 12.79  +$175.84'],
    ['flat', summary({ symbol: 'X', last: 9.85, z: -0.14, nextBuy: rung(1, 9.76) }), '9.85  z −0.14  0/7  buy 9.76'],
    [
      'entry-ready',
      summary({
        symbol: 'X',
        state: 'entryReady',
        last: 274.77,
        z: 0.91,
        layers: 2,
        position: 6,
        openPnl: -29.19,
        nextBuy: rung(3, 275),
        nextSell: sells(2, 285.92, 2),
      }),
      '274.77  z +0.91  2/7  ▲ buy L3 now  sell 285.92  −$29.19',
    ],
    [
      'trim-ready',
      summary({
        symbol: 'X',
        state: 'trimReady',
        last: 12.23,
        z: -0.62,
        layers: 3,
        hit: 2,
        position: 709,
        openPnl: 326.86,
        nextBuy: rung(4, 11.67),
        nextSell: sells(1, 12.1, 2, 3),
      }),
      '12.23  z −0.62  3/7  buy 11.67  ▼ sell L3 L2 now  +$326.86',
    ],
    [
      'breakeven trim',
      summary({
        symbol: 'X',
        state: 'trimReady',
        last: 12.23,
        z: -0.62,
        layers: 1,
        position: 9,
        openPnl: 1,
        nextBuy: rung(2, 11.67),
        nextSell: sells(1, 13, 1),
      }),
      '12.23  z −0.62  1/7  buy 11.67  ▼ sell now  +$1.00',
    ],
    [
      'quiet',
      summary({ symbol: 'X', state: 'quiet', last: 8.22, ageMs: 23_000, layers: 1, position: 231, openPnl: -6.93 }),
      '8.22  quiet 23 s  1/7  −$6.93',
    ],
    [
      'buys paused',
      summary({
        symbol: 'X',
        state: 'buysPaused',
        last: 7.52,
        z: 0.47,
        layers: 3,
        position: 1075,
        openPnl: -254.73,
        reason: '3 rejects',
      }),
      '7.52  z +0.47  3/7  buys paused: 3 rejects  −$254.73',
    ],
    [
      'failed',
      summary({ symbol: 'X', state: 'failed', reason: 'No security definition (code 200)' }),
      'not traded: IB does not know X',
    ],
    [
      'failed otherwise',
      summary({ symbol: 'X', state: 'failed', reason: 'No permission (code 460)' }),
      'not traded: No permission (code 460)',
    ],
    ['waiting', summary({ symbol: 'X', state: 'waiting' }), 'no price yet'],
    [
      'waiting with a price',
      summary({ symbol: 'X', state: 'waiting', last: 5 }),
      '5.00  waits for the reference or the first regular price',
    ],
    [
      'exiting',
      summary({
        symbol: 'X',
        state: 'exiting',
        exit: 'live_stop',
        last: 7.36,
        layers: 3,
        position: 1075,
        openPnl: -426.8,
      }),
      '7.36  3/7  selling all: hard stop  −$426.80',
    ],
    ['halted', summary({ symbol: 'X', state: 'halted', last: 7.36 }), '7.36  halted  0/7'],
    [
      'winding down',
      summary({
        symbol: 'X',
        state: 'windDown',
        last: 7,
        layers: 1,
        position: 5,
        openPnl: 0,
        nextSell: sells(1, 7.2, 1),
      }),
      '7.00  z +0.00  1/7  winding down, no buys  sell 7.20  $0.00',
    ],
  ];
  for (const [state, symbol, text] of cases)
    it(state, () => equal(ends(`${symbol.symbol} buy=0.6 sell=0.6`, [symbol]), text));

  it('old line in force', () =>
    equal(ends('RCAT buy=12 sell=0.6', [RCAT]), 'not in force: buy=12 is over 10; running with 0.60'));
  it('a new line that is not accepted', () => equal(ends('NEW buy=12', [RCAT]), 'not in force: buy=12 is over 10'));
  it('a second line of a ticker', () => equal(ends('RCAT\nRCAT', [RCAT]), 'not in force: already on line 1'));
  it('link lost', () =>
    equal(ends('RCAT', [RCAT], { phase: 'linkLost', linkLostSince: at('11:42:03') }), 'link lost 11:42:03'));
  it('a line that the session has not heard of yet', () => equal(ends('NEW', [RCAT]), null));
});
