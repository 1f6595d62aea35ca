/** A change, one line a case: what it says, what it raises, what would fire. Sums by hand: 11.3 clips make a full ladder. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import {
  changeQuestion,
  knownOf,
  previewChange,
  previewHead,
  previewText,
  type ChangePreview,
  type KnownSymbol,
} from '../../../src/reports/changePreview';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import { startTargets, updateTargets } from '../../../src/targets/resolve';
import { DEFAULTS } from '../../../src/targets/schema';
import { snapshot } from './moment';

const UNKNOWN: KnownSymbol = { last: null, reference: null, z: 0, layers: 0, override: null, isFailed: false };

function preview(before: string, after: string, known: Record<string, Partial<KnownSymbol>> = {}): ChangePreview {
  const start = startTargets(before, DEFAULTS);
  ok(start.ok);
  const next = updateTargets(start.value, after, DEFAULTS).value;
  const rows = new Map(Object.entries(known).map(([symbol, given]) => [symbol, { ...UNKNOWN, ...given }]));
  return previewChange(start.value, next, rows, DEFAULT_SETTINGS);
}
const words = (found: ChangePreview): string[] => found.symbols.map(each => `${each.symbol} ${each.words.join(', ')}`);

const KTOS = 'KTOS class=safe buy=0.4 sell=0.5';

describe('change preview: words and risk', () => {
  const cases: readonly (readonly [name: string, before: string, after: string, raises: boolean, ...said: string[]])[] =
    [
      ['nothing', `${KTOS} clip=750`, `# note\n${KTOS} clip=750`, false],
      [
        'a larger clip',
        `${KTOS} clip=750`,
        `${KTOS} clip=1500`,
        true,
        'KTOS clip $750 to $1,500, full ladder $8,475 to $16,950',
      ],
      [
        'a smaller clip',
        `${KTOS} clip=1500`,
        `${KTOS} clip=750`,
        false,
        'KTOS clip $1,500 to $750, full ladder $16,950 to $8,475',
      ],
      ['another percent', `${KTOS} clip=750`, `${KTOS.replace('0.4', '0.6')} clip=750`, false, 'KTOS buy 0.40 to 0.60'],
      ['a new symbol', 'A clip=10', 'A clip=10\nB clip=10', true, 'B is new, clip $10, full ladder $113'],
      [
        'a symbol less',
        'A clip=10\nB clip=10',
        'A clip=10',
        false,
        'B is no longer listed: no buys, exits go on until it is flat',
      ],
      ['more equity', '@config equity=1000\nA clip=10', '@config equity=2000\nA clip=10', true],
      ['less equity', '@config equity=2000\nA clip=10', '@config equity=1000\nA clip=10', false],
      ['another share', '@config risky=0.5\nA clip=10', '@config risky=0.6\nA clip=10', true],
      ['an invalid line', `${KTOS} clip=750`, `${KTOS} clip=0`, false],
      ['an invalid @config', 'A clip=10', '@config risky=2\nA clip=10', false],
    ];
  for (const [name, before, after, raises, ...said] of cases)
    it(name, () => {
      const found = preview(before, after);
      deepEqual(words(found), said);
      equal(found.raisesRisk, raises);
    });

  it('shares a class’s budget anew when a symbol goes: the clips grow, the class’s money does not', () => {
    const found = preview('A\nB', 'A');
    deepEqual(
      found.symbols.map(({ symbol, kind }) => `${symbol} ${kind}`),
      ['A budget', 'B removed'],
    );
    equal(found.raisesRisk, false);
  });

  it('counts no symbol that the broker refuses', () => {
    const found = preview('A clip=10\nB clip=10', 'A clip=10\nB clip=100', { B: { isFailed: true } });
    equal(found.raisesRisk, false);
  });
});

describe('change preview: what would fire', () => {
  // Reference 100, z 0.5: at buy 2 the first rung is 95.78, at buy 0.5 it is 98.95.
  const near = { last: 98.9, reference: 100, z: 0.5 };
  it('a buy whose rung comes up to the price', () => {
    const found = preview('A buy=2 clip=10', 'A buy=0.5 clip=10', { A: near });
    deepEqual([found.fires, found.raisesRisk], [['buy L1 of A'], true]);
  });
  it('no buy that would go by the old line too', () =>
    deepEqual(preview('A buy=0.5 clip=10', 'A buy=0.4 clip=10', { A: near }).fires, []));
  it('no buy under an override', () =>
    deepEqual(
      preview('A buy=2 clip=10', 'A buy=0.5 clip=10', { A: { ...near, override: { buy: 2, sell: null } } }).fires,
      [],
    ));
  it('no buy while z is not above 0', () =>
    deepEqual(preview('A buy=2 clip=10', 'A buy=0.5 clip=10', { A: { ...near, z: 0 } }).fires, []));
  it('a sell whose rung comes down to the price', () => {
    const held = { last: 101.2, reference: 100, z: -0.5, layers: 2 };
    const found = preview('A sell=2 clip=10', 'A sell=0.5 clip=10', { A: held });
    deepEqual([found.fires, found.raisesRisk], [['sell of A'], false]);
  });
});

describe('change preview: texts', () => {
  it('asks as drawn', () =>
    equal(
      changeQuestion(preview(`${KTOS} clip=750`, `${KTOS} clip=1500`), 'LIVE ···9034'),
      'This change raises the money at risk on LIVE ···9034: KTOS clip $750 to $1,500, full ladder $8,475 to $16,950. Nothing would fire at once.',
    ));
  it('names the budgets where no line changes', () =>
    match(
      changeQuestion(preview('@config equity=10000\nA\nB', '@config equity=20000\nA\nB'), 'LIVE ···9034'),
      /: risky \$4,020 to \$8,040\. Nothing/,
    ));
  it('shows rung prices before and after, and the money by class', () => {
    const found = preview('A buy=2 clip=10', 'A buy=1 clip=10', { A: { last: 99.9, reference: 100, z: 0 } });
    const text = previewText(found, previewHead(null));
    equal(text.split('\n')[0], 'Changes of targets.txt against the saved file, no session');
    match(text, /before {5}96\.25 {5}94\.80/);
    match(text, /after {6}98\.12 {5}97\.40/);
    match(text, /risky {9}\$113 {8}\$113/);
  });
  it('says when nothing changes', () =>
    equal(previewText(preview('A', 'A'), 'Head'), 'Head\n\nNothing that is traded changes.'));
  it('takes what it knows from a snapshot', () => {
    const known = knownOf(snapshot());
    equal(known.get('RCAT')?.layers, 2);
    equal(known.get('SPAI')?.isFailed, true);
  });
});
