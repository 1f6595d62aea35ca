/** One line a case: the text, and what it looks like afterwards. */
import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../../src/targets/edit';
import { formatTargets } from '../../../src/targets/format';
import { startTargets } from '../../../src/targets/resolve';
import { DEFAULTS, SAMPLE_TARGETS } from '../../../src/targets/schema';

const format = (text: string): string => applyEdits(text, formatTargets(text));

describe('targets: formatter', () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ['trims the ends', '  RCAT  buy=0.6  \n', 'RCAT  buy=0.6\n'],
    ['lines up columns', 'A buy=1\nABCD buy=0.60 sell=1\n', 'A     buy=1\nABCD  buy=0.60 sell=1\n'],
    ['one order of keys', 'A sell=1 class=safe buy=2', 'A  class=safe buy=2 sell=1'],
    ['keeps a key’s column free', 'A buy=1 sell=2\nB sell=3', 'A  buy=1 sell=2\nB        sell=3'],
    [
      'keeps comments, one column a block',
      'A buy=1 # x\nABC buy=10 # y\n\nA # z',
      'A    buy=1    # x\nABC  buy=10   # y\n\nA   # z',
    ],
    ['tidies @config', '@config   risky=0.6\tsafe=0.4', '@config risky=0.6 safe=0.4'],
    ['leaves a spaced equals sign alone', 'A  buy = 1', 'A  buy = 1'],
    ['leaves an unknown key alone', 'A    by=1', 'A    by=1'],
    ['leaves a key without value alone', 'A    buy=  ', 'A    buy=  '],
    ['leaves a second buy alone', 'A   buy=1   buy=2', 'A   buy=1   buy=2'],
    ['leaves an unknown directive alone', '@confg    risky=1', '@confg    risky=1'],
    ['keeps every kind of line end', ' A\r\n B\r C\n', 'A\r\nB\rC\n'],
    ['keeps an invalid value as it stands', ' A buy=12', 'A  buy=12'],
    ['keeps blank lines and comments', '\n\n  # note  \n', '\n\n# note\n'],
  ];
  for (const [name, before, after] of cases) it(name, () => equal(format(before), after));

  it('leaves the sample as it is', () => equal(format(SAMPLE_TARGETS), SAMPLE_TARGETS));

  it('touches the lines of a range only', () => {
    const text = ' A\n B\n C';
    equal(applyEdits(text, formatTargets(text, { first: 1, last: 1 })), ' A\nB\n C');
  });

  const word = fc.constantFrom(
    'A',
    'brk.b',
    'class=safe',
    'buy=0.6',
    'buy=',
    'sell=1',
    'clip=5',
    '=',
    '#',
    '# note',
    '@config',
    'risky=0.5',
    'x=1',
    'LONGTICKER12',
  );
  const gap = fc.constantFrom(' ', '   ', '\t', '\u00a0', '\n', '\r\n', '\n\n');
  const anyFile = fc.array(fc.tuple(word, gap), { maxLength: 24 }).map(parts => parts.flat().join(''));

  it('formatting twice is formatting once', () => {
    fc.assert(
      fc.property(fc.oneof(anyFile, fc.string({ unit: 'binary' })), text => equal(format(format(text)), format(text))),
    );
  });

  it('trades the same afterwards', () => {
    fc.assert(
      fc.property(fc.oneof(anyFile, fc.string({ unit: 'binary' })), text => {
        const start = (source: string) => {
          const { ok, findings, ...rest } = startTargets(source, DEFAULTS);
          const value = 'value' in rest ? { config: rest.value.config, targets: rest.value.targets } : null;
          return { ok, value, codes: findings.map(({ code, line }) => `${line} ${code}`).sort() };
        };
        deepEqual(start(format(text)), start(text));
      }),
    );
  });
});
