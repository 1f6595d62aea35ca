import { deepEqual, equal } from 'node:assert/strict';
import type { FillRow } from '../../../src/engine/events';
import { fillNotice } from '../../../src/reports/fillNotice';
import { FillNotices } from '../../../src/ui/fillNotices';

const at = (time: string): number => Date.parse(`2026-11-18T${time}-05:00`);
const fill = (side: 'BUY' | 'SELL', qty: number, symbol = 'RCAT', realized = '0', time = '10:04:00'): FillRow => ({
  row: 1,
  t: at(time),
  symbol,
  side,
  qty,
  price: '12.46',
  tag: side === 'BUY' ? 'ladder_buy' : 'ladder_sell',
  realized,
  execId: 'e.1.01.01',
});

describe('fills told to somebody who was away', () => {
  for (const [fills, expected] of [
    [[fill('BUY', 186)], '1 fill while you were away, at 10:04 ET: bought 186 RCAT.'],
    [
      [fill('BUY', 186), fill('BUY', 224, 'RCAT', '0', '10:09:59'), fill('SELL', 97, 'EH', '33.84')],
      '3 fills while you were away, 10:04 to 10:09 ET: bought 410 RCAT, sold 97 EH, realized +$33.84.',
    ],
    [
      [fill('SELL', 10, 'A', '-1.5'), fill('SELL', 1000, 'B'), fill('SELL', 30, 'C'), fill('SELL', 5, 'D')],
      '4 fills while you were away, at 10:04 ET: sold 1,000 B, 30 C, 10 A and 1 more symbol, realized −$1.50.',
    ],
    [
      [fill('BUY', 100), fill('BUY', -100), fill('BUY', 96)],
      '3 fills while you were away, at 10:04 ET: bought 96 RCAT.',
    ],
  ] as const)
    it(expected, () => equal(fillNotice(fills).text, expected));
});

describe('when fills are told', () => {
  let told: string[];
  let due: { ms: number; run: () => void } | null;
  let isOn: boolean;
  let notices: FillNotices;
  beforeEach(() => {
    told = [];
    due = null;
    isOn = true;
    notices = new FillNotices({
      isOn: () => isOn,
      tell: ({ text }) => told.push(text.split(' while')[0] ?? ''),
      after: (ms, run) => {
        due = { ms, run };
        return () => (due = null);
      },
    });
  });
  const fire = (): void => {
    const { run } = due!;
    due = null;
    run();
  };
  const fills = (n: number): void => {
    for (let i = 0; i < n; i++) notices.fill(fill('BUY', 1));
  };

  it('not while the window is in focus, and not with the setting off', () => {
    fills(3);
    notices.focus(false);
    isOn = false;
    fills(3);
    deepEqual([due, told], [null, []]);
  });

  it('in one batch a little after the first, then seldom', () => {
    notices.focus(false);
    fills(2);
    equal(due?.ms, 10_000);
    fills(1);
    fire();
    fills(5);
    equal(due?.ms, 300_000);
    fire();
    deepEqual(told, ['3 fills', '5 fills']);
  });

  it('the rest when the person comes back, and the next absence begins anew', () => {
    notices.focus(false);
    fills(1);
    notices.focus(true);
    deepEqual([told, due], [['1 fill'], null]);
    notices.focus(true);
    notices.focus(false);
    fills(1);
    equal(due?.ms, 10_000);
  });

  it('never after its end', () => {
    notices.focus(false);
    fills(1);
    notices.dispose();
    deepEqual([due, told], [null, []]);
  });
});
