/** One line a case: the text with the found characters in brackets, and the findings on them. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Finding, FindingCode } from '../../../src/targets/findings';
import { expected, fieldHover, findingShort, findingText } from '../../../src/targets/messages';
import { readNumber, writeNumber } from '../../../src/targets/numbers';
import { parseTargets } from '../../../src/targets/parse';
import { CONFIG_FIELDS, DEFAULTS, FIELDS, SAMPLE_TARGETS } from '../../../src/targets/schema';
import { ibSymbol, tickerProblem } from '../../../src/targets/ticker';
import { validateTargets, type BaseBudget, type CheckOptions } from '../../../src/targets/validate';

// The ladder warning has its own table: without it every `A` would carry one.
const QUIET: CheckOptions = { hardStopPct: null };
const check = (text: string, base?: BaseBudget, options = QUIET): readonly Finding[] =>
  validateTargets(parseTargets(text), base, options);
const codes = (text: string): string =>
  check(text)
    .map(finding => finding.code)
    .join(' ');

/** The places that are marked with « and » in the text. */
function marked(source: string): { text: string; spans: { start: number; end: number }[] } {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  for (const character of source) {
    if (character === '«') spans.push({ start: text.length, end: text.length });
    else if (character === '»') {
      const open = spans.findLast(span => span.start === span.end);
      if (open !== undefined) open.end = text.length;
    } else text += character;
  }
  return { text, spans };
}

describe('targets: findings', () => {
  const cases: readonly (readonly [source: string, ...codes: FindingCode[]])[] = [
    ['RCAT'],
    ['rcat class=SAFE buy=0.1 sell=50 clip=1'],
    ['BRK.B buy=10 sell=0.1 clip=1000000'],
    ['@config risky=1 safe=0 equity=0.01'],
    ['@config\n@config risky=0.5\n@config safe=0.5'],
    ['A buy=5 sell=.5 clip=5.'],
    ['ABCDEFGHIJKL'],
    ['ABCDEF.GHIJKL'],
    ['«ABCDEFGHIJKLM»', 'symbol/invalid'],
    ['«.A»', 'symbol/invalid'],
    ['«A.»', 'symbol/invalid'],
    ['«A.B.C»', 'symbol/invalid'],
    ['«.»', 'symbol/invalid'],
    ['«A-B» buy=1', 'symbol/invalid'],
    ['«É»', 'symbol/invalid'],
    ['«ß»', 'symbol/invalid'],
    ['«ı»', 'symbol/invalid'],
    ['«RCAT#x»', 'symbol/invalid'],
    ['«RCAT,» buy=1', 'symbol/invalid'],
    ['«buy=1» sell=1', 'symbol/missing'],
    ['«=»', 'symbol/missing', 'field/missingKey'],
    ['A\n«A»', 'symbol/duplicate'],
    ['A\n  «a» buy=1\n«A»', 'symbol/duplicate', 'symbol/duplicate'],
    ['A buy=«x»\n«A» buy=1', 'value/notNumber', 'symbol/duplicate'],
    ['A «by»=1', 'field/unknown'],
    ['A «Buy»=1', 'field/unknown'],
    ['A «equity»=1', 'field/unknown'],
    ['A «toString»=1', 'field/unknown'],
    ['A «__proto__»=1', 'field/unknown'],
    ['A buy=1 «buy»=2', 'field/duplicate'],
    ['A buy=1 «buy»=x', 'field/duplicate'],
    ['A «buy=»', 'field/missingValue'],
    ['A «buy=» sell=1', 'field/missingValue'],
    ['A «buy»', 'field/missingValue'],
    ['A «class =»', 'field/missingValue'],
    ['A «=1»', 'field/missingKey'],
    ['A «buy = 1»', 'field/spaces'],
    ['A «buy =1»', 'field/spaces'],
    ['A «class= safe»', 'field/spaces'],
    ['A «buy = «60»»', 'field/spaces', 'value/range'],
    ['A «risky»', 'field/unexpected'],
    ['A «0.6» «0.6»', 'field/unexpected', 'field/unexpected'],
    ['A «@config»', 'field/unexpected'],
    ['A buy=«0,6»', 'value/notNumber'],
    ['A buy=«60%»', 'value/notNumber'],
    ['A buy=«+1»', 'value/notNumber'],
    ['A buy=«-1»', 'value/notNumber'],
    ['A buy=«1e0»', 'value/notNumber'],
    ['A buy=«0x1»', 'value/notNumber'],
    ['A buy=«.»', 'value/notNumber'],
    ['A buy=«1..2»', 'value/notNumber'],
    ['A buy=«1.2.3»', 'value/notNumber'],
    ['A buy=«NaN»', 'value/notNumber'],
    ['A buy=«Infinity»', 'value/notNumber'],
    ['A buy=«１»', 'value/notNumber'],
    ['A buy=«0.6#x»', 'value/notNumber'],
    ['A buy=«=1»', 'value/notNumber'],
    ['A buy=«1=»', 'value/notNumber'],
    ['A buy=«0.09»', 'value/range'],
    ['A buy=«10.01»', 'value/range'],
    ['A sell=«0»', 'value/range'],
    ['A sell=«50.1»', 'value/range'],
    ['A clip=«0.99»', 'value/range'],
    ['A clip=«1000000.01»', 'value/range'],
    [`A clip=«${'9'.repeat(400)}»`, 'value/range'],
    ['A class=«sfe»', 'value/class'],
    ['A class=«1»', 'value/class'],
    ['@config equity=«0»', 'value/range'],
    ['@config equity=«0.000»', 'value/range'],
    [`@config equity=«${'9'.repeat(400)}»`, 'value/range'],
    ['@config risky=«1.1» safe=0', 'value/range'],
    ['@config risky=«60» safe=«40»', 'value/range', 'value/range'],
    ['@config «buy»=1', 'config/unknown'],
    ['@config «Equity»=1', 'config/unknown'],
    ['@config «equity=»', 'field/missingValue'],
    ['@config risky=0.1 «risky»=0.2', 'field/duplicate'],
    ['@config risky=0.1\n@config safe=0.1 «risky»=0.2', 'field/duplicate'],
    ['@config «risky=0.7 safe=0.4»', 'config/sum'],
    ['@config «safe=0.4 equity=1 risky=0.7»', 'config/sum'],
    ['@config safe=0.4\n@config «risky=0.7»', 'config/sum'],
    ['@config «risky=0.7»', 'config/sum'],
    ['@config «safe=0.5»', 'config/sum'],
    ['@config risky=0.7 safe=«x»', 'value/notNumber'],
    ['«@confg» risky=0.1', 'directive/unknown'],
    ['«@Config»', 'directive/unknown'],
    ['«@»', 'directive/unknown'],
    ['«@config=1»', 'directive/unknown'],
  ];
  for (const [source, ...found] of cases) {
    const short = source.length > 60 ? `${source.slice(0, 60)}…` : source;
    it(`${JSON.stringify(short)} ${found.join(' ') || 'has none'}`, () => {
      const { text, spans } = marked(source);
      const findings = check(text);
      deepEqual(
        findings.map(finding => finding.code),
        found,
      );
      // Two findings on the same characters share their marks.
      const places = found.length > spans.length ? [...spans, ...spans] : spans;
      deepEqual(
        findings.map(finding => finding.at),
        places,
      );
      for (const finding of findings) {
        equal(finding.line, text.slice(0, finding.at.start).split('\n').length - 1);
        equal(finding.severity, 'error');
      }
    });
  }

  it('finds nothing in the sample file, the ladder warning included', () => {
    deepEqual(check(SAMPLE_TARGETS, DEFAULTS, {}), []);
  });

  it('adds the shares to what holds below the file', () => {
    const base = { equity: 1, risky: 0.3, safe: 0.2 };
    deepEqual(check('@config risky=0.8', base), []);
    deepEqual(check('@config risky=0.81', base).map(findingText), [
      'risky 0.81 and safe 0.2 add up to 1.01, at most 1 is accepted',
    ]);
    const [finding] = check('A', { equity: 1, risky: 0.8, safe: 0.4 });
    deepEqual([finding?.code, finding?.at], ['config/sum', { start: 0, end: 0 }]);
  });

  it('takes every pair of hundredths that makes a whole', () => {
    for (let risky = 0; risky <= 100; risky++) {
      const safe = 100 - risky;
      equal(codes(`@config risky=${risky / 100} safe=${safe / 100}`), '');
      equal(codes(`@config risky=${risky / 100} safe=${(safe + 1) / 100}`), risky === 0 ? 'value/range' : 'config/sum');
    }
  });
});

describe('targets: warning of ladders beyond the hard stop', () => {
  const warned = (text: string, hardStopPct: number | null): string =>
    check(text, DEFAULTS, { hardStopPct })
      .map(finding => `${finding.code} ${text.slice(finding.at.start, finding.at.end)}`)
      .join();
  const cases: readonly (readonly [text: string, hardStopPct: number | null, expected: string])[] = [
    ['A', 5, 'ladder/beyondStop A'],
    ['A class=safe', 5, 'ladder/beyondStop A'],
    ['A class=safe', 5.25, ''],
    ['A', 8.75, ''],
    ['A', 8.74, 'ladder/beyondStop A'],
    ['A', null, ''],
    ['A buy=1.14', 5, ''],
    ['A buy=1.15', 5, 'ladder/beyondStop 1.15'],
    ['A class=safe buy=1.90', 5, ''],
    ['A class=safe buy=1.91', 5, 'ladder/beyondStop 1.91'],
    ['A buy=0.6\nA buy=9', 5, 'symbol/duplicate A'],
  ];
  for (const [text, hardStopPct, expectedFound] of cases) {
    it(`${JSON.stringify(text)} at ${hardStopPct} %: ${expectedFound || 'none'}`, () => {
      equal(warned(text, hardStopPct), expectedFound);
    });
  }

  it('counts for no error: the line trades', () => {
    const [finding] = check('A buy=2', DEFAULTS, {});
    equal(finding?.severity, 'warning');
    equal(
      finding === undefined ? '' : findingText(finding),
      'With buy 2 the lowest rung lies 8.75 percent of the reference below the first, the hard stop sells at 5 percent; up to 1.14 it stays inside',
    );
  });
});

describe('targets: words', () => {
  const cases: readonly (readonly [text: string, long: string, short?: string])[] = [
    ['A buy=12', 'buy must be 0.10 to 10.00 percent, found 12', 'buy=12 is over 10'],
    ['A buy=0', 'buy must be 0.10 to 10.00 percent, found 0', 'buy=0 is under 0.1'],
    ['A clip=0', 'clip must be 1 to 1,000,000 USD, found 0', 'clip=0 is under 1'],
    ['@config equity=0', 'equity must be over 0 USD, found 0', 'equity=0 is not over 0'],
    ['@config risky=60 safe=0', 'risky must be 0 to 1, found 60; did you mean 0.6?', 'risky=60 is over 1'],
    ['A buy=0,6', 'buy must be 0.10 to 10.00 percent, found "0,6"; did you mean 0.6?', 'buy=0,6 is not a number'],
    ['A class=sfe', 'class must be risky or safe, found "sfe"; did you mean safe?', 'class=sfe is not risky or safe'],
    ['A\nA', 'A is already on line 1, which is the one that counts', 'already on line 1'],
    ['A by=1', 'A symbol line has the keys class, buy, sell and clip, found "by"; did you mean buy?', 'by is no key'],
    ['@config x=1', '@config has the keys risky, safe and equity, found "x"', 'x is no key'],
    ['A buy=1 buy=2', 'buy is given twice on this line'],
    ['@config risky=0.1\n@config risky=0.2', 'risky is already given on line 1'],
    ['A buy=', 'buy needs a value, 0.10 to 10.00 percent', 'buy has no value'],
    ['A class=', 'class needs a value, risky or safe', 'class has no value'],
    ['A =1', 'An equals sign needs a key before it: class, buy, sell and clip'],
    ['A buy = 1', 'No white space may stand around the equals sign, expected "buy=1"'],
    ['A safe', 'Expected key=value, found "safe"; did you mean class=safe?'],
    ['buy=1', 'A line starts with a ticker, found a key'],
    ['$RCAT', 'A ticker is 1 to 12 letters and digits, found "$RCAT"; did you mean RCAT?'],
    ['ABCDEFGHIJKLM', 'A ticker has at most 12 letters and digits, found "ABCDEFGHIJKLM"'],
    ['.A', 'A ticker has at most one point, inside it, found ".A"; did you mean A?'],
    ['@confg', 'The only directive is @config, found "@confg"'],
    ['@config risky=0.7 safe=0.6', 'risky 0.7 and safe 0.6 add up to 1.3, at most 1 is accepted'],
    [
      'A buy=\u202e\ud800\0',
      'buy must be 0.10 to 10.00 percent, found "\ufffd\ufffd\ufffd"',
      'buy=\ufffd\ufffd\ufffd is not a number',
    ],
  ];
  for (const [text, long, short] of cases) {
    it(long, () => {
      const [finding] = check(text);
      ok(finding);
      equal(findingText(finding), long);
      equal(findingShort(finding), short ?? long);
    });
  }

  it('cuts what would fill the screen', () => {
    const [finding] = check(`A buy=${'x'.repeat(500)}`);
    ok(finding);
    equal(findingText(finding).length, 'buy must be 0.10 to 10.00 percent, found ""'.length + 40);
  });

  it('says ranges and the hovers of keys', () => {
    equal(expected(FIELDS.class), 'risky or safe');
    equal(expected(CONFIG_FIELDS.equity), 'over 0 USD');
    equal(
      fieldHover(FIELDS.buy),
      '**buy** Base percent below the reference, 0.10 to 10.00, default 2.00. The anchor rung lies 5 times as far for risky and 3 times for safe, wider when z is above 0.',
    );
    equal(
      fieldHover(FIELDS.clip),
      '**clip** Fixed first-rung size in USD, 1 to 1,000,000. Deeper rungs use 1.2 to 2.3 times as much. Without it the clip follows class, budget and price.',
    );
    ok(fieldHover(FIELDS.class).startsWith('**class** `risky` or `safe`, default risky. Sets the rung width'));
    equal(
      fieldHover(CONFIG_FIELDS.risky),
      '**risky** Share of the effective equity for all risky symbols together, 0 to 1, default 0.6. With safe it may add up to 1 at most.',
    );
  });
});

describe('targets: numbers and tickers', () => {
  it('reads digits with an optional point and nothing else', () => {
    const read = (texts: string): (number | null)[] => texts.split(' ').map(readNumber);
    deepEqual(read('5 0.5 .5 5. 007 0.60'), [5, 0.5, 0.5, 5, 7, 0.6]);
    deepEqual(new Set(read('. +1 -1 1e1 1,0 1_0 0x1 ١ 1.2.3 Infinity')), new Set([null]));
    equal(readNumber(''), null);
    equal(readNumber('1\n'), null);
  });

  it('writes numbers without an exponent', () => {
    deepEqual([0.6, 5, 1e21, 1.5e-7, 1234567.89].map(writeNumber), [
      '0.6',
      '5',
      '1000000000000000000000',
      '0.00000015',
      '1234567.89',
    ]);
  });

  it('has defaults that are the table’s', () => {
    for (const spec of [...Object.values(FIELDS), ...Object.values(CONFIG_FIELDS)])
      equal(DEFAULTS[spec.key], spec.default);
  });

  it('writes share classes as IB does', () => {
    equal(ibSymbol('BRK.B'), 'BRK B');
    equal(ibSymbol('RCAT'), 'RCAT');
    equal(tickerProblem('rcat'), 'characters');
  });
});
