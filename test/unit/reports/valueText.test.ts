import { equal } from 'node:assert/strict';
import { configHover, idleConfigHover, valueHover } from '../../../src/reports/valueText';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import type { SymbolDetail } from '../../../src/shared/protocol';
import type { FieldKey } from '../../../src/targets/schema';
import type { Target } from '../../../src/targets/resolve';
import { RCAT, snapshot, summary } from './moment';

const line = (symbol: string, symbolClass: 'risky' | 'safe', at: number, clip: number | null = null): Target => ({
  symbol,
  class: symbolClass,
  buy: 0.6,
  sell: 0.65,
  clip,
  line: at,
});
const RISKY = ['RCAT', 'DPRO', 'UMAC', 'AVAV', 'ONDS'].map((symbol, at) => line(symbol, 'risky', at));
const SAFE = ['KTOS', 'LPTH', 'EH'].map((symbol, at) => line(symbol, 'safe', at + 5, symbol === 'KTOS' ? 750 : null));
const TARGETS = [...RISKY, ...SAFE];
const BUDGET = { equity: 150_000, risky: 0.6, safe: 0.4 };
const said = (key: FieldKey, target: Target, detail: SymbolDetail | null) =>
  valueHover(key, target, TARGETS, BUDGET, DEFAULT_SETTINGS, detail);

describe('hover on a value', () => {
  const [rcat] = RISKY;
  const [ktos, lpth] = SAFE;
  it('class', () =>
    equal(
      said('class', rcat!, null),
      '**risky** Rungs 5 times as wide as the base percent. $60,300 for the class, $12,060 for each of its 5 traded symbols.',
    ));
  it('buy while a session runs', () =>
    equal(
      said('buy', rcat!, RCAT),
      '**0.60** puts the buy anchor 3.00% below the reference at z 0, 3.285% now (z +0.38). L1 12.44 to L7 12.08.',
    ));
  it('sell hidden by an override', () =>
    equal(
      said('sell', rcat!, RCAT),
      '**0.65** is not in force: the dashboard override of 0.60 hides it. [Drop override](command:dronebot.dropOverride?%5B%22RCAT%22%5D) · [Write 0.60 here](command:dronebot.writeOverride?%5B%22RCAT%22%2C%22sell%22%5D)',
    ));
  it('sell without a session', () =>
    equal(said('sell', rcat!, null), '**0.65** puts the sell anchor 3.25% above the reference at z 0.'));
  it('clip', () =>
    equal(
      said('clip', ktos!, { ...RCAT, last: 76.05 }),
      '**$750** fixed. Full ladder $8,475 before rounding up to whole shares. Computed it would be $624.',
    ));
  it('no clip has nothing to say', () => equal(said('clip', lpth!, null), null));
});

describe('hover on @config', () => {
  it('while a session runs, as drawn', () => {
    const symbols = [
      ...RISKY.map(({ symbol, line: at }) => summary({ symbol, line: at })),
      summary({ symbol: 'SPAI', state: 'failed', line: 9 }),
      ...SAFE.map(({ symbol, line: at }) => summary({ symbol, line: at, class: 'safe' })),
    ];
    equal(
      configHover(snapshot({ symbols }), BUDGET, DEFAULT_SETTINGS),
      `**Budget** from $150,000 equity · 67% in use at most · 11:42:17 ET

| | share | budget | symbols | each | held |
|:--|--:|--:|--:|--:|--:|
| risky | 60% | $60,300 | 5 of 6 | $12,060 | $23,421 |
| safe | 40% | $40,200 | 3 | $13,400 | $6,525 |
| all | 100% | $100,500 | 8 of 9 | | $29,946 |

One symbol may cost at most 2.2 times its share: $26,532 risky, $29,480 safe. Day's loss limit $3,000.`,
    );
  });
  it('from the file alone, where nothing is held', () => {
    const text = idleConfigHover(BUDGET, TARGETS, DEFAULT_SETTINGS);
    equal(text.includes('| risky | 60% | $60,300 | 5 | $12,060 |  |'), true, text);
    equal(text.endsWith("Day's loss limit $3,000."), true, text);
  });
  it('a class without symbols has no share to give', () =>
    equal(idleConfigHover(BUDGET, RISKY, DEFAULT_SETTINGS).includes('| safe | 40% | $40,200 | 0 | $0 |  |'), true));
});
