/** Fix all: only what is sure, nothing twice. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../../src/targets/edit';
import { safeEdits } from '../../../src/targets/fixAll';
import { parseTargets } from '../../../src/targets/parse';
import { validateTargets } from '../../../src/targets/validate';

const findings = (text: string) => validateTargets(parseTargets(text), undefined, { hardStopPct: null });
const fixed = (text: string): string => applyEdits(text, safeEdits(findings(text)));

describe('targets: fix all', () => {
  for (const [before, after] of [
    ['A buy=1', 'A buy=1'],
    ['A buy = 1\nB sell= 2', 'A buy=1\nB sell=2'],
    ['A class=sfe', 'A class=safe'],
    ['A\nA buy=1', 'A\n# A buy=1'],
    ['A buy=12', 'A buy=12'],
    ['A by=1', 'A by=1'],
  ] as const)
    it(JSON.stringify(before), () => equal(fixed(before), after));

  it('takes findings away and adds none, for any lines', () => {
    const word = fc.constantFrom(
      'A',
      'B',
      'class=sfe',
      'class = safe',
      'buy = 1',
      'buy=1',
      'sell= 2',
      'clip =5',
      'x',
      '@config',
      'risky=0.5',
      '#',
    );
    const text = fc
      .array(fc.tuple(word, fc.constantFrom(' ', ' ', '\n')), { maxLength: 16 })
      .map(parts => parts.flat().join(''));
    fc.assert(
      fc.property(text, source => {
        const before = findings(source);
        const after = findings(fixed(source));
        ok(after.length <= before.length);
        if (safeEdits(before).length === 0) deepEqual(after, before);
      }),
    );
  });
});
