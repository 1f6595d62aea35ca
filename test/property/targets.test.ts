/**
 * What must hold for every text: nothing throws, the tree prints back, spans lie in the text, a fix takes its finding
 * away and adds no error, an edit changes one line. Texts are any string, mutated samples, and lines of likely words.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { nodeAt } from '../../src/targets/context';
import { applyEdits, setField } from '../../src/targets/edit';
import type { Finding } from '../../src/targets/findings';
import { findingFix, findingShort, findingText } from '../../src/targets/messages';
import { parseTargets, printTargets } from '../../src/targets/parse';
import { startTargets, updateTargets } from '../../src/targets/resolve';
import { DEFAULTS, FIELDS, SAMPLE_TARGETS, type FieldKey } from '../../src/targets/schema';
import { upperTicker } from '../../src/targets/ticker';
import { validateTargets } from '../../src/targets/validate';

const anyText = fc.string({ unit: 'binary', maxLength: 80 });
const lonely = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)),
  maxLength: 40,
});

const mutated = fc
  .array(
    fc.tuple(
      fc.nat(SAMPLE_TARGETS.length),
      fc.nat(6),
      fc.oneof(anyText, fc.constantFrom('', '\n', '=', '#', ' ', '@')),
    ),
    {
      maxLength: 4,
    },
  )
  .map(cuts =>
    cuts.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), SAMPLE_TARGETS),
  );

const ticker = fc.constantFrom('A', 'B', 'a', 'BRK.B', 'brk-b', '$A', 'A,', 'ABCDEFGHIJKLM', '.A', 'class=safe', '=');
const key = fc.constantFrom(
  'class',
  'buy',
  'sell',
  'clip',
  'risky',
  'safe',
  'equity',
  'Buy',
  'by',
  'sel',
  'saf',
  'x',
  '',
);
const value = fc.constantFrom(
  ...[
    '',
    '0',
    '1',
    '0.1',
    '.5',
    '5.',
    '0.6',
    '0.7',
    '2',
    '12',
    '60',
    '60%',
    '0,6',
    '1,500',
    '$5',
    '-1',
    '1e5',
    'risky',
  ],
  ...['Safe', 'sfe', '9'.repeat(400), '0.3333333333333333', '100000000', '0.6#x', '=', '0.9999999999999999'],
);
const equals = fc.constantFrom('=', '=', '=', '=', ' = ', '= ', ' =', '');
const field = fc.tuple(key, equals, value).map(parts => parts.join(''));
const head = fc.oneof(
  { arbitrary: ticker, weight: 3 },
  fc.constantFrom('@config', '@config', '@confg', '@x', '@', '#', ''),
);
const comment = fc.constantFrom('', '', ' # note', '\t#', ' ');
const line = fc
  .tuple(
    fc.constantFrom('', ' ', '\t'),
    head,
    fc.array(field, { maxLength: 4 }),
    fc.constantFrom(' ', '  ', '\t'),
    comment,
  )
  .map(([lead, first, fields, gap, note]) => lead + [first, ...fields].join(gap) + note);
const likely = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(line, { maxLength: 6 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.boolean(),
  )
  .map(([bom, lines, end, last]) => bom + lines.join(end) + (last ? end : ''));

const text = fc.oneof(anyText, lonely, mutated, { arbitrary: likely, weight: 4 });
const RUNS = { numRuns: Number(process.env['DRONEBOT_PROPERTY_RUNS'] ?? 600) };

const keyOf = ({ code, line: at, severity }: Finding): string => `${severity} ${code} ${at}`;
/** The findings of `now` that `before` did not have, counted. */
function added(before: readonly Finding[], now: readonly Finding[]): Finding[] {
  const left = new Map<string, number>();
  for (const finding of before) left.set(finding.code, (left.get(finding.code) ?? 0) + 1);
  return now.filter(finding => {
    const count = left.get(finding.code) ?? 0;
    left.set(finding.code, count - 1);
    return count <= 0;
  });
}

describe('targets, for every text', () => {
  it('prints the tree back to the text, and its lines, words and gaps tile it', () => {
    fc.assert(
      fc.property(text, source => {
        const doc = parseTargets(source);
        equal(printTargets(doc), source);
        let end = doc.bom.length;
        for (const one of doc.lines) {
          equal(one.start, end);
          equal(source.slice(one.start, one.fullEnd), one.text);
          end = one.fullEnd;
          if (one.kind === 'blank') continue;
          let at = one.start;
          const first = one.kind === 'directive' ? one.name : one.symbol;
          for (const word of [first, ...one.fields.flatMap(node => [node.key, node.value])]) {
            ok(at <= word.start && word.start <= word.end && word.end <= one.end);
            ok(/^[\s=\u200b]*$/u.test(source.slice(at, word.start)), 'only white space and equals signs between words');
            if (word.kind === 'word') equal(source.slice(word.start, word.end), word.text);
            at = word.end;
          }
          const rest = source.slice(at, one.comment?.start ?? one.end);
          ok(/^[\s=\u200b]*$/u.test(rest), 'nothing else behind the last word');
        }
        equal(end, source.length);
      }),
      RUNS,
    );
  });

  it('finds only places in the text, on the line it names, in order, with words for each', () => {
    fc.assert(
      fc.property(text, source => {
        const doc = parseTargets(source);
        let before = 0;
        for (const finding of validateTargets(doc)) {
          const { at } = finding;
          const on = doc.lines[finding.line];
          ok(on !== undefined && on.start <= at.start && at.end <= on.end);
          ok(at.start < at.end, 'something to underline');
          ok(before <= at.start);
          before = at.start;
          ok(findingText(finding).length > 10);
          // A number may end in its own point.
          ok(finding.code === 'value/range' || !findingText(finding).endsWith('.'));
          ok(findingShort(finding).length <= findingText(finding).length);
        }
      }),
      RUNS,
    );
  });

  it('has fixes that take their finding away and add no error', () => {
    let nFixes = 0;
    fc.assert(
      fc.property(text, source => {
        const findings = validateTargets(parseTargets(source));
        for (const finding of findings) {
          for (const fix of findingFix(finding)) {
            nFixes++;
            const after = applyEdits(source, fix.edits);
            const now = validateTargets(parseTargets(after));
            const same = (list: readonly Finding[]): number => list.filter(one => one.code === finding.code).length;
            ok(same(now) < same(findings), `${fix.title} leaves ${finding.code} in ${JSON.stringify(after)}`);
            const worse = added(findings, now).filter(one => one.severity === 'error');
            deepEqual(worse.map(keyOf), [], `${fix.title} of ${keyOf(finding)}: ${JSON.stringify(after)}`);
          }
        }
      }),
      RUNS,
    );
    ok(nFixes > 300, `only ${nFixes} fixes were tried`);
  });

  it('trades exactly the lines without an error', () => {
    fc.assert(
      fc.property(text, source => {
        const doc = parseTargets(source);
        const findings = validateTargets(doc);
        const result = startTargets(source, DEFAULTS);
        const wrong = new Set(findings.filter(one => one.severity === 'error').map(one => one.line));
        const isConfigWrong = doc.lines.some(one => one.kind === 'directive' && wrong.has(one.line));
        equal(result.ok, !isConfigWrong);
        if (!result.ok) return;
        const good = doc.lines.filter(one => one.kind === 'symbol' && !wrong.has(one.line)).map(one => one.line);
        deepEqual(
          result.value.targets.map(target => target.line),
          good,
        );
        deepEqual(result.value.notInForce.map(entry => entry.line).sort(), [...wrong].sort());
      }),
      RUNS,
    );
  });

  it('keeps every ticker either in force or winding down, once, whatever is saved', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), sources => {
        const first = startTargets(SAMPLE_TARGETS, DEFAULTS);
        ok(first.ok);
        let value = first.value;
        const known = new Set(value.targets.map(target => target.symbol));
        for (const source of sources) {
          const update = updateTargets(value, source, DEFAULTS);
          const { targets, removed, config } = update.value;
          for (const target of targets) {
            known.add(target.symbol);
            const written = parseTargets(source).lines[target.line];
            ok(written?.kind === 'symbol' && written.symbol.kind === 'word');
            equal(upperTicker(written.symbol.text), target.symbol);
          }
          const all = [...targets, ...removed].map(target => target.symbol);
          deepEqual([...all].sort(), [...known].sort());
          ok(config.risky + config.safe <= 1 && config.equity > 0);
          deepEqual(updateTargets(update.value, source, DEFAULTS).changes, [], 'the same text again changes nothing');
          value = update.value;
        }
      }),
      RUNS,
    );
  });

  it('answers at every offset with a place in that line', () => {
    fc.assert(
      fc.property(text, fc.nat(400), (source, offset) => {
        const { line: on, at } = nodeAt(parseTargets(source), offset);
        ok(at.start === at.end || (on.start <= at.start && at.end <= on.end));
      }),
      RUNS,
    );
  });

  it('sets a field on its own line and nowhere else', () => {
    const choice: fc.Arbitrary<[FieldKey, string | number | null]> = fc.oneof(
      fc.tuple(fc.constant('buy' as const), fc.oneof(fc.constant(null), fc.double({ min: 0.1, max: 10, noNaN: true }))),
      fc.tuple(
        fc.constant('sell' as const),
        fc.oneof(fc.constant(null), fc.double({ min: 0.1, max: 50, noNaN: true })),
      ),
      fc.tuple(fc.constant('clip' as const), fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 1_000_000 }))),
      fc.tuple(fc.constant('class' as const), fc.constantFrom(null, 'risky', 'safe')),
    );
    let nEdits = 0;
    fc.assert(
      fc.property(
        fc.oneof(mutated, likely),
        fc.constantFrom('A', 'b', 'RCAT', 'KTOS'),
        choice,
        (source, symbol, [name, put]) => {
          const edits = setField(source, symbol, name, put);
          if (edits.length > 0) nEdits++;
          const before = parseTargets(source).lines;
          const after = parseTargets(applyEdits(source, edits)).lines;
          const isIt = (one: (typeof before)[number]): boolean =>
            one.kind === 'symbol' && one.symbol.kind === 'word' && upperTicker(one.symbol.text) === upperTicker(symbol);
          const index = before.findIndex(isIt);
          const others = (lines: readonly (typeof before)[number][]): string[] =>
            lines.filter((_, at) => at !== index).map(one => one.text);
          deepEqual(others(after), others(before));
          if (index < 0) return;
          const [was, now] = [before[index], after[index]];
          ok(was?.kind === 'symbol' && now?.kind === 'symbol');
          const named = now.fields.filter(node => node.key.kind === 'word' && node.key.text === name);
          equal(named.length, put === null ? 0 : 1);
          const [only] = named;
          if (only !== undefined) {
            ok(only.value.kind === 'word');
            if (name === 'class') equal(only.value.text, put);
            else equal(Number(only.value.text), put);
            equal(
              validateTargets(
                parseTargets(`Q ${now.text.slice(only.start - now.start, only.end - now.start)}`),
                DEFAULTS,
                { hardStopPct: null },
              ).length,
              0,
            );
          }
          // Around a half-typed field the words may pair up anew.
          const isWhole = was.fields.every(node => node.key.kind === 'word' && node.value.kind === 'word');
          const rest = (fields: typeof was.fields): string[] =>
            fields
              .filter(node => node.key.kind !== 'word' || node.key.text !== name)
              .map(
                node =>
                  `${node.key.kind === 'word' ? node.key.text : ''}=${node.value.kind === 'word' ? node.value.text : ''}`,
              );
          if (isWhole) deepEqual(rest(now.fields), rest(was.fields));
          const note = (one: typeof was): string =>
            one.comment === null ? '' : one.text.slice(one.comment.start - one.start);
          equal(note(now), note(was));
        },
      ),
      RUNS,
    );
    ok(nEdits > 60, `only ${nEdits} edits were tried`);
    ok(Object.keys(FIELDS).length === 4, 'a new key belongs into the choice above');
  });

  it('reads and judges 100,000 lines: anything quadratic would not come back', function () {
    this.timeout(60_000);
    const long = Array.from({ length: 100_000 }, (_, at) => `S${at}  class=risky buy=0.60 sell=0.60   # note`).join(
      '\n',
    );
    equal(validateTargets(parseTargets(long)).length, 0);
  });
});
