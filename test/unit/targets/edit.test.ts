/** Span edits, quick fixes and what stands under the cursor: one line a case. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { nodeAt } from '../../../src/targets/context';
import { applyEdits, setField } from '../../../src/targets/edit';
import { findingFix } from '../../../src/targets/messages';
import { parseTargets } from '../../../src/targets/parse';
import type { FieldKey } from '../../../src/targets/schema';
import { validateTargets } from '../../../src/targets/validate';

describe('targets: setField', () => {
  const cases: readonly (readonly [
    text: string,
    symbol: string,
    key: FieldKey,
    value: string | number | null,
    expected: string,
  ])[] = [
    ['A buy=0.60 sell=0.60 # x', 'A', 'buy', 0.7, 'A buy=0.7  sell=0.60 # x'],
    ['A buy=0.60   sell=0.60', 'A', 'buy', '0.625', 'A buy=0.625  sell=0.60'],
    ['A buy=0.60 sell=0.60', 'A', 'buy', '0.625', 'A buy=0.625 sell=0.60'],
    ['A buy=0.60   # x', 'A', 'buy', '0.625', 'A buy=0.625  # x'],
    ['A buy=0.60\t# x', 'A', 'buy', '0.625', 'A buy=0.625\t# x'],
    ['A buy=0.60  \nB', 'A', 'buy', '0.625', 'A buy=0.625  \nB'],
    ['A buy=0.60', 'a', 'sell', '0.5', 'A buy=0.60 sell=0.5'],
    ['A  class=safe buy=1 clip=5 # x', 'A', 'sell', '0.5', 'A  class=safe buy=1 sell=0.5 clip=5 # x'],
    ['A # x', 'A', 'buy', '1', 'A buy=1 # x'],
    ['A sell=1', 'A', 'buy', '2', 'A buy=2 sell=1'],
    ['A buy=', 'A', 'buy', '2', 'A buy=2'],
    ['A buy', 'A', 'buy', '2', 'A buy=2'],
    ['A buy = 1 sell=2', 'A', 'buy', '3', 'A buy=3   sell=2'],
    ['A class=risky', 'A', 'class', 'SAFE', 'A class=safe'],
    ['A buy=1  clip=750 # x', 'A', 'clip', null, 'A buy=1 # x'],
    ['A clip=750', 'A', 'clip', null, 'A'],
    ['A', 'A', 'clip', null, 'A'],
    ['A buy=1 buy=2 buy=3', 'A', 'buy', '4', 'A buy=4'],
    ['A buy=1 sell=1 buy=3', 'A', 'buy', null, 'A sell=1'],
    ['# x\r\n\tA buy=1\r\nA buy=2\r\n', 'A', 'buy', '4', '# x\r\n\tA buy=4\r\nA buy=2\r\n'],
    ['\ufeffA buy=1', 'A', 'buy', '4', '\ufeffA buy=4'],
    // Nothing to write, or nothing that may be written.
    ['A buy=1', 'A', 'buy', '1', 'A buy=1'],
    ['A buy=1', 'B', 'buy', '2', 'A buy=1'],
    ['A buy=1', 'A', 'buy', '11', 'A buy=1'],
    ['A buy=1', 'A', 'buy', Number.NaN, 'A buy=1'],
    ['A buy=1', 'A', 'buy', '2 sell=3', 'A buy=1'],
    ['A buy=1', 'A', 'class', 'wild', 'A buy=1'],
    ['$A buy=1', '$A', 'buy', '2', '$A buy=1'],
  ];
  for (const [text, symbol, key, value, expected] of cases) {
    it(`${JSON.stringify(text)} ${key}=${value} is ${JSON.stringify(expected)}`, () => {
      equal(applyEdits(text, setField(text, symbol, key, value)), expected);
    });
  }

  it('applies edits in any order', () => {
    const edits = [
      { start: 3, end: 3, text: 'X' },
      { start: 0, end: 1, text: '' },
    ];
    equal(applyEdits('abcd', edits), 'bcXd');
    equal(applyEdits('abcd', [...edits].reverse()), 'bcXd');
    equal(applyEdits('abcd', []), 'abcd');
  });
});

describe('targets: quick fixes', () => {
  /** The text after each fix of its first finding. */
  const fixed = (text: string): string[] => {
    const [finding] = validateTargets(parseTargets(text), undefined, { hardStopPct: text.includes('!') ? 5 : null });
    ok(finding);
    return findingFix(finding).map(fix => applyEdits(text, fix.edits));
  };
  const cases: readonly (readonly [text: string, ...expected: string[]])[] = [
    ['$RCAT, buy=1', 'RCAT buy=1'],
    ['brk-b', 'BRK.B'],
    ['$RCAT\nrcat'],
    ['A,B'],
    ['A\nA buy=1\nB', 'A\n# A buy=1\nB', 'A\nB'],
    ['A by=1', 'A buy=1'],
    ['A Buy=1', 'A buy=1'],
    ['A sel=1', 'A sell=1'],
    ['A clas=safe', 'A class=safe'],
    ['A by=1 buy=1'],
    ['A by=99'],
    ['A zzz=1'],
    ['A cl=5'],
    ['A boey=1'],
    ['A buy=1  buy=2 sell=1', 'A buy=1 sell=1'],
    ['A buy= sell=1', 'A sell=1'],
    ['A class=', 'A class=risky', 'A class=safe', 'A'],
    ['A buy = 1 # x', 'A buy=1 # x'],
    ['A safe buy=1', 'A class=safe buy=1'],
    ['A safe class=safe'],
    ['A buy=0,6', 'A buy=0.6'],
    ['A buy=,6', 'A buy=.6'],
    ['A buy=0.6%', 'A buy=0.6'],
    ['A buy=+0.6', 'A buy=0.6'],
    ['A buy=0.6,', 'A buy=0.6'],
    ['A buy=-0.6'],
    ['A buy=60,5'],
    ['A clip=1,500', 'A clip=1500'],
    ['A clip=$1,500.50', 'A clip=1500.50'],
    ['A clip=750,5', 'A clip=750.5'],
    ["A clip=1'500", 'A clip=1500'],
    ['A clip=750USD', 'A clip=750'],
    ['A clip=60%'],
    ['A buy=0,600', 'A buy=0.600'],
    ['A buy=12', 'A buy=10'],
    ['A buy=0', 'A buy=0.1'],
    ['A clip=9999999', 'A clip=1000000'],
    ['A class=Sfe', 'A class=safe'],
    ['A class=high'],
    ['@config equity=0'],
    ['@config equity=150,000', '@config equity=150000'],
    ['@config risky=60% safe=0', '@config risky=0.6 safe=0'],
    ['@config risky=60 safe=0', '@config risky=0.6 safe=0', '@config risky=1 safe=0'],
    ['@config risky=70'],
    ['@config risky=1.5'],
    ['@config riskyy=0.5', '@config risky=0.5'],
    ['@config riskyy=0.7'],
    ['@config equity', '@config'],
    ['@config risky=0.7 safe=0.4', '@config risky=0.7 safe=0.3'],
    ['@config risky=0.1190689912092339 safe=0.9', '@config risky=0.1190689912092339 safe=0.8809310087907661'],
    ['@config safe=0.4 risky=0.7', '@config safe=0.4 risky=0.6'],
    ['@config risky=0.7', '@config risky=0.6'],
    ['@confg risky=0.5', '@config risky=0.5'],
    ['@confg risky=5'],
    ['@confg equity=1 equity=2'],
    ['@confg risky=0.7'],
    ['@config equity=1\n@Config equity=2\n'],
    ['@other'],
    ['A buy=2 # !', 'A buy=1.14 # !'],
    ['A class=safe # !', 'A buy=1.90 class=safe # !'],
  ];
  for (const [text, ...expected] of cases) {
    it(`${JSON.stringify(text)} ${expected.length === 0 ? 'has none' : `gives ${JSON.stringify(expected)}`}`, () => {
      deepEqual(fixed(text), expected);
    });
  }
});

describe('targets: fixes that would pair words anew', () => {
  const offered = (text: string): string[] =>
    validateTargets(parseTargets(text), undefined, { hardStopPct: null }).flatMap(finding =>
      findingFix(finding).map(fix => `${finding.code}: ${applyEdits(text, fix.edits)}`),
    );
  it('are not offered', () => {
    // Without the second field, `class` would take what stands behind it for its value.
    deepEqual(
      offered('A class class= =1').filter(fix => fix.startsWith('field/duplicate')),
      [],
    );
    deepEqual(
      offered('A sell buy= =1').filter(fix => fix.endsWith('A sell =1')),
      [],
    );
    // Without the key, the line would have B for its ticker.
    deepEqual(offered('buy= B\nB'), []);
  });
  it('are offered where nothing can pair up', () => {
    deepEqual(offered('A sell=1 sell='), ['field/duplicate: A sell=1']);
    deepEqual(offered('A sell buy='), ['field/missingValue: A buy=', 'field/missingValue: A sell']);
  });
});

describe('targets: what stands at an offset', () => {
  /** The cursor is the bar. */
  const at = (source: string): string => {
    const offset = source.indexOf('|');
    const text = source.replace('|', '');
    const found = nodeAt(parseTargets(text), offset);
    const scope = 'scope' in found ? ` ${found.scope}` : '';
    return `${found.kind}${scope} ${JSON.stringify(text.slice(found.at.start, found.at.end))}`;
  };
  const cases: readonly (readonly [source: string, expected: string])[] = [
    ['|', 'none ""'],
    ['|A', 'symbol "A"'],
    ['A|V buy=1', 'symbol "AV"'],
    ['AV| buy=1', 'symbol "AV"'],
    ['AV | buy=1', 'gap symbol ""'],
    ['AV buy=1 |', 'gap symbol ""'],
    [' | A', 'none ""'],
    ['AV b|uy=1', 'key symbol "buy"'],
    ['AV buy|=1', 'key symbol "buy"'],
    ['AV buy=|1', 'value symbol "1"'],
    ['AV buy=1|', 'value symbol "1"'],
    ['AV buy=|', 'value symbol ""'],
    ['AV b|', 'key symbol "b"'],
    ['AV buy | = 1', 'gap symbol ""'],
    ['AV buy = |1', 'value symbol "1"'],
    ['AV =|1', 'value symbol "1"'],
    ['b|uy=1', 'key symbol "buy"'],
    ['@con|fig risky=1', 'directive "@config"'],
    ['@config r|', 'key config "r"'],
    ['@config risky=0|.5', 'value config "0.5"'],
    ['@config |', 'gap config ""'],
    ['A # n|ote', 'comment "# note"'],
    ['A |# note', 'comment "# note"'],
    ['A # note|\nB', 'comment "# note"'],
    ['A\n|B', 'symbol "B"'],
    ['A|\nB', 'symbol "A"'],
    ['A\r\nB c|', 'key symbol "c"'],
    ['A\n\n|\nB', 'none ""'],
  ];
  for (const [source, expected] of cases) {
    it(`${JSON.stringify(source)} is ${expected}`, () => {
      equal(at(source), expected);
    });
  }

  it('answers outside the text too', () => {
    equal(nodeAt(parseTargets('A\nB'), 99).line.line, 1);
    equal(nodeAt(parseTargets('A\nB'), -1).line.line, 0);
  });
});
