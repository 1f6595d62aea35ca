/** The tree of targets.txt: what is a line, a word, a field and a comment, with offsets. */
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTargets, printTargets, isSpaced, type FieldNode, type TargetsLine } from '../../../src/targets/parse';
import { SAMPLE_TARGETS } from '../../../src/targets/schema';

/** A line in one string: kind, then its words; `?` where something is missing, `~` for a field with white space in it. */
const shape = (text: string): string => parseTargets(text).lines.map(lineShape).join(' | ');

function lineShape(line: TargetsLine): string {
  const comment = line.comment === null ? [] : ['#'];
  if (line.kind === 'blank') return ['blank', ...comment].join(' ');
  const head = line.kind === 'directive' ? line.name.text : line.symbol.kind === 'word' ? line.symbol.text : '?';
  return [line.kind, head, ...line.fields.map(fieldShape), ...comment].join(' ');
}

const fieldShape = (field: FieldNode): string => {
  const key = field.key.kind === 'word' ? field.key.text : '?';
  const value = field.value.kind === 'word' ? field.value.text : '?';
  return `${isSpaced(field) ? '~' : ''}${key}${field.equals === null ? '' : '='}${value}`;
};

describe('targets: parse', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['', 'blank'],
    ['\n', 'blank | blank'],
    ['RCAT', 'symbol RCAT'],
    ['  RCAT  class=risky buy=0.60 ', 'symbol RCAT class=risky buy=0.60'],
    ['@config risky=0.6', 'directive @config risky=0.6'],
    ['# RCAT buy=1', 'blank #'],
    ['RCAT # buy=1', 'symbol RCAT #'],
    ['RCAT\t#x', 'symbol RCAT #'],
    ['RCAT#x', 'symbol RCAT#x'],
    ['RCAT buy=0.6#x', 'symbol RCAT buy=0.6#x'],
    ['RCAT buy=0.6 # one # two', 'symbol RCAT buy=0.6 #'],
    ['A\nB', 'symbol A | symbol B'],
    ['A\r\nB', 'symbol A | symbol B'],
    ['A\rB', 'symbol A | symbol B'],
    ['A\n\rB', 'symbol A | blank | symbol B'],
    ['A\n', 'symbol A | blank'],
    ['\ufeffA', 'symbol A'],
    ['A\u00a0buy=1', 'symbol A buy=1'],
    ['A\u2028buy=1', 'symbol A buy=1'],
    ['A\0 buy=1', 'symbol A\0 buy=1'],
    ['A\ud800 buy=\udc00', 'symbol A\ud800 buy=\udc00'],
    ['A buy', 'symbol A buy?'],
    ['A buy=', 'symbol A buy=?'],
    ['A =1', 'symbol A ?=1'],
    ['A =', 'symbol A ?=?'],
    ['buy=1 sell=1', 'symbol ? buy=1 sell=1'],
    ['A buy=1=2', 'symbol A buy=1=2'],
    ['A buy = 1', 'symbol A ~buy=1'],
    ['A buy =1', 'symbol A ~buy=1'],
    ['A buy= 1', 'symbol A ~buy=1'],
    ['A class= Safe', 'symbol A ~class=Safe'],
    ['A buy =', 'symbol A ~buy=?'],
    ['A buy= sell=1', 'symbol A buy=? sell=1'],
    ['A buy= sell', 'symbol A buy=? sell?'],
    ['A buy 1', 'symbol A buy? 1?'],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () => {
      equal(shape(text), expected);
      equal(printTargets(parseTargets(text)), text);
    });
  }

  it('gives offsets into the text, a byte order mark and line ends of two characters included', () => {
    const text = '\ufeffA\r\n  B  buy=0.5\t# note\r\n';
    const line = parseTargets(text).lines[1];
    if (line?.kind !== 'symbol') throw new Error('expected a symbol line');
    const [field] = line.fields;
    const part = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    equal(line.line, 1);
    equal(part(line.symbol), 'B');
    equal(field === undefined ? '' : part(field), 'buy=0.5');
    equal(field === undefined ? '' : part(field.value), '0.5');
    equal(line.comment === null ? '' : part(line.comment), '# note');
    equal(part(line), '  B  buy=0.5\t# note');
    equal(line.text, '  B  buy=0.5\t# note\r\n');
  });

  it('keeps the byte order mark out of the first line', () => {
    const doc = parseTargets('\ufeff# x');
    equal(doc.bom, '\ufeff');
    equal(doc.lines[0].start, 1);
  });

  it('puts a missing value where it was expected', () => {
    const line = parseTargets('A buy=  ').lines[0];
    if (line.kind !== 'symbol') throw new Error('expected a symbol line');
    deepEqual(line.fields[0]?.value, { kind: 'missing', start: 6, end: 6 });
  });

  it('reads a line of 200,000 fields and one of 2,000,000 characters: anything quadratic would not come back', () => {
    equal(parseTargets(`A${' buy=1'.repeat(200_000)}`).lines.length, 1);
    equal(parseTargets(`A ${'='.repeat(1_000_000)} ${'#'.repeat(1_000_000)}`).lines.length, 1);
  });

  it('has the sample file in the root of the project, to the letter', () => {
    equal(readFileSync(join(__dirname, '../../../targets.txt'), 'utf8'), SAMPLE_TARGETS);
  });
});
