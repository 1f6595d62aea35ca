/** One line a case: the text with the cursor as «|», and what is offered. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { completionsAt, type KnownSymbols } from '../../../src/reports/completions';
import { applyEdits } from '../../../src/targets/edit';
import { parseTargets } from '../../../src/targets/parse';
import { SAMPLE_TARGETS } from '../../../src/targets/schema';

const KNOWN: KnownSymbols = { held: new Map([['ONDS', 1075]]), recent: ['EH', 'RCAT'] };
const at = (source: string) => {
  const offset = source.indexOf('|');
  return completionsAt(parseTargets(source.replace('|', '')), offset, KNOWN);
};
const labels = (source: string): string =>
  at(source)
    .map(each => each.label)
    .join(' ');

describe('completion', () => {
  const cases: readonly (readonly [source: string, offered: string])[] = [
    ['|', 'ONDS EH RCAT @config'],
    ['RCAT\n|', 'ONDS EH RCAT @config'],
    ['ON|', 'ONDS EH RCAT @config'],
    ['ONDS\nEH\nRCAT\nDPRO|', 'ONDS EH RCAT @config'],
    ['@c|', '@config'],
    ['A |', 'class buy sell clip'],
    ['A b|', 'class buy sell clip'],
    ['A buy=1 |', 'class sell clip'],
    ['A buy=1 class=safe se|', 'sell clip'],
    ['A | buy=1', 'class sell clip'],
    ['A class=|', 'risky safe'],
    ['A class=s|', 'risky safe'],
    ['A class=| buy=1', 'risky safe'],
    ['A buy=|', '0.60 2.00'],
    ['A class=safe buy=|', '0.40 2.00'],
    ['A class=safe sell=|', '0.50 1.50'],
    ['A buy=|\nB buy=0.7\nC buy=0.7\nD buy=0.8', '0.60 0.7 0.8 2.00'],
    ['A clip=|', '500 750 1000 1500'],
    ['@config |', 'risky safe equity'],
    ['@config risky=0.7 |', 'safe equity'],
    ['@config risky=0.7 safe=|', '0.3'],
    ['@config risky=0.5 safe=|', '0.5 0.4'],
    ['@config equity=|', '150000'],
    ['A buy=1 # |', ''],
    ['A colour=|', ''],
    [' | A', ''],
  ];
  for (const [source, offered] of cases) it(source.replaceAll('\n', '⏎'), () => equal(labels(source), offered));

  it('says where a listed ticker stands already', () =>
    equal(at('EH\n|').find(each => each.label === 'EH')?.detail, 'already on line 1'));
  it('puts the key and its equals sign in the place of a bare word, and asks for the value', () => {
    const [, buy] = at('A b|');
    deepEqual([buy?.insert, buy?.at, buy?.asksAgain], ['buy=', { start: 2, end: 3 }, true]);
  });
  it('keeps the value of a mistyped key', () => {
    const buy = at('A b|y=1').find(each => each.label === 'buy');
    deepEqual([buy?.insert, buy?.at], ['buy', { start: 2, end: 4 }]);
  });
  it('says what a percent does', () => equal(at('A buy=|')[0]?.detail, 'anchor 3.00% below'));
  it('says what a clip costs', () => equal(at('A clip=|')[1]?.detail, 'full ladder $8,475'));

  it('never throws, and what it inserts stays on the line', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(SAMPLE_TARGETS));
    fc.assert(
      fc.property(texts, fc.nat(), (text, place) => {
        const offset = place % (text.length + 1);
        const doc = parseTargets(text);
        for (const { at: span, insert } of completionsAt(doc, offset, KNOWN)) {
          ok(span.start <= span.end && span.end <= text.length);
          equal(parseTargets(applyEdits(text, [{ ...span, text: insert }])).lines.length, doc.lines.length);
        }
      }),
    );
  });
});
