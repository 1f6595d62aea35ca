/** Outline and folding of small files. */
import { deepEqual } from 'node:assert/strict';
import { foldingBlocks, outlineOf } from '../../../src/targets/outline';
import { parseTargets } from '../../../src/targets/parse';
import { SAMPLE_TARGETS } from '../../../src/targets/schema';

const outline = (text: string): string[] =>
  outlineOf(parseTargets(text)).map(
    ({ name, items }) => `${name}: ${items.map(item => `${item.name}@${item.line}`).join(' ')}`,
  );
const folds = (text: string): string[] =>
  foldingBlocks(parseTargets(text)).map(({ first, last, kind }) => `${first}-${last} ${kind}`);

describe('targets: outline', () => {
  for (const [text, ...groups] of [
    [''],
    ['# only a comment'],
    ['A class=safe\nB\n@config risky=1', 'config: @config@2', 'risky: B@1', 'safe: A@0'],
    ['A class=Safe', 'safe: A@0'],
    ['a class=sfe', 'risky: A@0'],
    ['buy=1', 'risky: no ticker@0'],
  ] as const)
    it(JSON.stringify(text), () => deepEqual(outline(text), groups));

  it('says what stands on the line, without its comment', () =>
    deepEqual(outlineOf(parseTargets('A  class=safe   buy=1 # x'))[0]?.items[0]?.detail, 'class=safe buy=1'));
});

describe('targets: folding', () => {
  for (const [text, ...blocks] of [
    ['A'],
    ['A\nB\n', '0-1 group'],
    ['# a\n# b\nA\nB', '0-1 comment', '2-3 group'],
    ['A\n\nB'],
    ['\n\n\n'],
  ] as const)
    it(JSON.stringify(text), () => deepEqual(folds(text), blocks));

  it('finds the blocks of the sample', () => deepEqual(folds(SAMPLE_TARGETS), ['3-11 group', '13-20 comment']));
});
