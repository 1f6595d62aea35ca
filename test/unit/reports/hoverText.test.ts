import { equal } from 'node:assert/strict';
import { idleHover, ladderAsText, sessionHover, unknownHover, type HoverOptions } from '../../../src/reports/hoverText';
import { idleLadder, withoutReference } from '../../../src/reports/idleLadder';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import type { SymbolDetail } from '../../../src/shared/protocol';
import { at, DPRO, RCAT, snapshot } from './moment';

const ALL = new Set(
  ['start', 'openDashboard', 'openChart', 'why', 'dropOverride', 'copyLadder', 'anchors'].map(id => `dronebot.${id}`),
);

/** Arguments of links and the blanks of a hard line break are nothing that a person sees. */
const seen = (text: string) => text.replace(/\?%5B[^)]*/g, '').replace(/ {2}\n/g, '\n');

const target = (symbol: string, symbolClass: 'risky' | 'safe', line: number) => ({
  symbol,
  class: symbolClass,
  buy: 0.6,
  sell: 0.6,
  clip: null,
  line,
});
const NINE = [
  ...['RCAT', 'DPRO', 'UMAC', 'AVAV', 'ONDS', 'SPAI'].map((symbol, line) => target(symbol, 'risky', line)),
  ...['KTOS', 'LPTH', 'EH'].map((symbol, line) => target(symbol, 'safe', line + 6)),
];
const BUDGET = { equity: 150_000, risky: 0.6, safe: 0.4 };

describe('hover on a symbol line', () => {
  it('no session: rungs of the last known reference', () => {
    const known = { t: Date.parse('2026-11-17T15:59:00-05:00'), reference: 12.6, last: 12.77 };
    const ladder = idleLadder(NINE[0]!, NINE, known, BUDGET, DEFAULT_SETTINGS);
    equal(
      seen(idleHover(ladder, { commands: ALL })),
      `**RCAT** risky · no session · reference of Nov 17, 15:59 ET

Reference **12.60**, last 12.77, z taken as 0 · clip $1,926.25 · full ladder $20,907 of $22,110

| | Buy | below | shares | USD | total | to last | Sell | above | sells |
|:-:|--:|--:|--:|--:|--:|--:|--:|--:|:--|
| 1 | 12.46 | 1.125% | 151 | $1,881 | $1,881 | −2.43% | 12.74 | 1.125% |  |
| 2 | 12.40 | 1.560% | 182 | $2,257 | $4,138 | −2.90% | 12.80 | 1.560% |  |
| 3 | 12.33 | 2.163% | 212 | $2,614 | $6,752 | −3.45% | 12.87 | 2.163% |  |
| **4** | 12.22 | 3.000% | 242 | $2,957 | $9,709 | −4.31% | 12.98 | 3.000% |  |
| 5 | 12.19 | 3.231% | 272 | $3,316 | $13,025 | −4.54% | 13.01 | 3.231% |  |
| 6 | 12.16 | 3.480% | 302 | $3,672 | $16,697 | −4.78% | 13.04 | 3.480% |  |
| 7 | 12.13 | 3.750% | 347 | $4,209 | $20,907 | −5.01% | 13.07 | 3.750% |  |

$(info) Prices move with the day's reference and z once a session runs. Shares use the last known price.

[Start](command:dronebot.start) · [Dashboard](command:dronebot.openDashboard) · [Copy](command:dronebot.copyLadder)`,
    );
  });

  it('no reference: one sentence with the two anchors', () => {
    equal(
      seen(unknownHover(withoutReference(NINE[0]!), { commands: ALL })),
      `**RCAT** risky · no session

$(info) No reference price is known yet, so there are no rung prices. Start a session, or run Pre-Session Anchors, to get one. At z 0 the buy anchor is 3.00% below it and the sell anchor 3.00% above.

[Start](command:dronebot.start) · [Pre-session anchors](command:dronebot.anchors)`,
    );
  });

  it('flat', () => {
    equal(
      seen(sessionHover(DPRO, snapshot(), { commands: ALL, trailPercent: 2.5 })),
      `**DPRO** risky · PAPER ···4417 · 11:42:17 ET

Last **9.85**, reference 9.87 (median of the day so far), z −0.14 · clip $2,311.50 · full ladder $25,478 of $26,532

| | Buy | below | shares | USD | total | to last | Sell | above | sells |
|:-:|--:|--:|--:|--:|--:|--:|--:|--:|:--|
| 1 | 9.76 $(arrow-right) | 1.086% | 235 | $2,294 | $2,294 | −0.91% | 9.98 | 1.149% |  |
| 2 | 9.72 | 1.505% | 282 | $2,741 | $5,035 | −1.32% | 10.03 | 1.593% |  |
| 3 | 9.66 | 2.087% | 329 | $3,178 | $8,213 | −1.93% | 10.09 | 2.208% |  |
| **4** | 9.58 | 2.895% | 376 | $3,602 | $11,815 | −2.74% | 10.17 | 3.063% |  |
| 5 | 9.56 | 3.118% | 423 | $4,044 | $15,859 | −2.94% | 10.20 | 3.299% |  |
| 6 | 9.54 | 3.358% | 470 | $4,484 | $20,343 | −3.15% | 10.22 | 3.553% |  |
| 7 | 9.51 | 3.619% | 540 | $5,135 | $25,478 | −3.45% | 10.25 | 3.829% |  |

$(arrow-right) **Buy L1**, 235 shares: last 9.85, needs 9.76 or less; z −0.14, needs above 0
$(circle-slash) **Sell**: nothing held

[Dashboard](command:dronebot.openDashboard) · [Chart](command:dronebot.openChart) · [Why not](command:dronebot.why) · [Copy](command:dronebot.copyLadder)`,
    );
  });

  it('holding', () => {
    equal(
      seen(sessionHover(RCAT, snapshot(), { commands: ALL, trailPercent: 2.5, lineSell: 0.65 })),
      `**RCAT** risky · PAPER ···4417 · 11:42:17 ET

Last **12.77**, reference 12.60 (median of the day so far), z +0.38 · clip $2,311.50 · full ladder $25,155 of $26,532
Holds **410** at 12.3411 · open **+$175.84** · realized +$65.76 · sell 0.60 by override, this line says 0.65

| | Buy | below | shares | USD | total | to last | Sell | above | sells |
|:-:|--:|--:|--:|--:|--:|--:|--:|--:|:--|
| 1 | 12.44 $(circle-filled) | 1.232% | 186 | $2,318 | $2,318 | −2.58% | 12.73 | 1.061% | sold $(check) |
| 2 | 12.38 $(circle-filled) | 1.708% | 224 | $2,780 | $5,097 | −3.05% | 12.79 | 1.471% | 224 of L2 $(arrow-right) |
| 3 | 12.30 $(arrow-right) | 2.368% | 254 | $3,124 | $8,222 | −3.68% | 12.86 | 2.040% | 186 of L1 |
| **4** | 12.19 | 3.285% | 290 | $3,535 | $11,757 | −4.54% | 12.96 | 2.829% |  |
| 5 | 12.15 | 3.538% | 326 | $3,961 | $15,718 | −4.86% | 12.98 | 3.047% |  |
| 6 | 12.12 | 3.811% | 363 | $4,400 | $20,117 | −5.09% | 13.01 | 3.282% |  |
| 7 | 12.08 | 4.106% | 417 | $5,037 | $25,155 | −5.40% | 13.05 | 3.536% |  |

$(arrow-right) **Buy L3**, 254 shares: last 12.77, needs 12.30 or less
$(arrow-right) **Sell L2 at U2**, 224 shares: last 12.77, needs 12.79 or more; z +0.38, needs below 0
$(shield) **Trail** 12.58 (2.5% under 12.90) · **hard stop** 11.72 · breakeven trim done at 10:40

[Dashboard](command:dronebot.openDashboard) · [Chart](command:dronebot.openChart) · [Why not](command:dronebot.why) · [Drop override](command:dronebot.dropOverride) · [Copy](command:dronebot.copyLadder)`,
    );
  });

  it('links only what can run', () => {
    const text = sessionHover(RCAT, snapshot(), { commands: new Set(['dronebot.openDashboard']) });
    equal(text.split('\n').pop(), '[Dashboard](command:dronebot.openDashboard)');
    equal(unknownHover(withoutReference(NINE[0]!), { commands: new Set() }).includes('Anchors'), false);
  });

  it('says when the next order goes now', () => {
    const buy = { ...RCAT.whyNot[0]!, ready: true };
    const text = sessionHover({ ...RCAT, whyNot: [buy] }, snapshot({ t: at('11:42:18') }), { commands: ALL });
    equal(text.includes('$(triangle-up) **Buy L3**, 254 shares: all conditions are met, goes now'), true, text);
  });

  it('a symbol that is not traded has its reason and no table', () => {
    const failed = (reason: string) =>
      sessionHover({ ...DPRO, state: 'failed', reason }, snapshot(), { commands: new Set() });
    equal(
      failed('No security definition has been found for the request (code 200)'),
      '**DPRO** IB does not know this US stock (code 200), so the line is not traded. Its budget is shared by the other risky symbols.',
    );
    equal(
      failed('Not allowed (code 321)'),
      '**DPRO** risky · PAPER ···4417 · 11:42:17 ET\n\n$(error) Not allowed (code 321)',
    );
  });

  const budgetOf = (detail: SymbolDetail, options: Partial<HoverOptions> = {}): string | undefined =>
    seen(sessionHover(detail, snapshot(), { commands: ALL, settings: DEFAULT_SETTINGS, ...options }))
      .split('\n')
      .find(line => line.startsWith('The clip'));
  const used = 'risky uses $23,421 of $60,300';
  const budgets: readonly [string, string | undefined, string][] = [
    ['12060 / 12 × 1.15 × 2 is 2,311.50', budgetOf(DPRO), `The clip is $12,060 / 12 × 1.15 for risky × 2.00 for the price · ${used}`],
    ['dear shares', budgetOf({ ...DPRO, last: 80 }), `The clip is $12,060 / 12 × 1.15 for risky × 0.63 for the price · ${used}`],
    ['the upper limit', budgetOf({ ...DPRO, tickerBudgetUsd: 60_000 }), `The clip is $60,000 / 12 × 1.15 for risky × 2.00 for the price, at most $6,000 · ${used}`],
    ['the lower limit', budgetOf({ ...DPRO, tickerBudgetUsd: 500 }), `The clip is $500 / 12 × 1.15 for risky × 2.00 for the price, at least $100 · ${used}`],
    ['fixed', budgetOf(DPRO, { lineClip: 750 }), `The clip is fixed by the line, computed it would be $2,312 · ${used}`],
  ]; // prettier-ignore
  for (const [name, found, expected] of budgets)
    it(`says how the clip was computed: ${name}`, () => equal(found, expected));

  it('goes to the clipboard as plain columns', () => {
    const text = ladderAsText('RCAT', RCAT.buys.slice(0, 2), RCAT.sells.slice(0, 2), 2);
    equal(
      text,
      [
        'RCAT',
        'Rung    Buy   below  shares     USD   Sell   above',
        '   1  12.44  1.232%     186  $2,318  12.73  1.061%',
        '   2  12.38  1.708%     224  $2,780  12.79  1.471%',
      ].join('\n'),
    );
  });
});
