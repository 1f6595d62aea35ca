/** One line a case: the text with the advised characters in brackets, and the code. Sums are computed by hand. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { findingHelp } from '../../../src/reports/findingHelp';
import { ADVICE_CODES, targetsAdvice, type Advice, type AdviceKnown } from '../../../src/reports/targetsAdvice';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import { applyEdits } from '../../../src/targets/edit';
import { parseTargets } from '../../../src/targets/parse';
import { startTargets } from '../../../src/targets/resolve';
import { DEFAULTS } from '../../../src/targets/schema';
import type { SymbolSummary } from '../../../src/shared/protocol';
import { summary } from './moment';

type Given = { prices?: Record<string, number>; session?: readonly SymbolSummary[]; settings?: Record<string, number> };

function advise(text: string, { prices = {}, session = [], settings = {} }: Given = {}): Advice[] {
  const start = startTargets(text, DEFAULTS);
  ok(start.ok);
  const known: AdviceKnown = {
    budget: start.value.config,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    prices: new Map(Object.entries(prices).map(([symbol, last]) => [symbol, { last, reference: last }])),
    session,
    otherTickers: ['SPY', 'ONDS'],
  };
  return targetsAdvice(parseTargets(text), start.value.targets, known);
}

const marked = (source: string, given?: Given): string[] => {
  const text = source.replace(/[«»]/g, '');
  return advise(text, given).map(({ code, at }) => `${code} ${text.slice(at.start, at.end)}`);
};

describe('advice: findings', () => {
  const cases: readonly (readonly [name: string, text: string, given: Given, ...found: string[]])[] = [
    ['nothing to say', 'A buy=0.6 sell=0.6\nB', { prices: { A: 50 } }],
    ['nothing known, nothing said', 'A', {}],
    // Alone in its class: 60,300 / 12 × 1.15 × 11.3 is more than the class has.
    ['a computed ladder over the class', 'A buy=0.6 sell=0.6', { prices: { A: 50 } }, 'money/overClass A'],
    // 10,000 × 11.3 = 113,000 over 100,500; rung 7 is 23,000 over 15,000.
    ['over the equity', 'A clip=10000', {}, 'money/overEquity 10000', 'money/overOrder 10000'],
    // 6,000 × 11.3 = 67,800 over 60,300, under 100,500.
    ['over the class', 'A clip=6000', {}, 'money/overClass 6000'],
    // Ten risky symbols get 6,030 each, 13,266 at most; 1,200 × 11.3 = 13,560.
    [
      'over the symbol',
      `A clip=1200\n${'BCDEFGHIJ'
        .split('')
        .map(name => `${name} clip=1`)
        .join('\n')}`,
      {},
      'money/overSymbol 1200',
    ],
    ['one order too large', 'A clip=6', { settings: { 'limits.orderUsd': 10 } }, 'money/overOrder 6'],
    ['too many shares', 'A clip=5000 buy=0.6 sell=0.6', { prices: { A: 0.5 } }, 'money/overOrder 5000'],
    ['a clip under a share', 'A clip=100 buy=0.6 sell=0.6', { prices: { A: 274.77 } }, 'clip/underShare 100'],
    [
      'a computed clip under a share',
      '@config equity=100\nA buy=0.6 sell=0.6',
      { prices: { A: 274.77 }, settings: { 'sizing.tickerFactor': 10 } },
      'money/overEquity A',
      'clip/underShare A',
    ],
    ['rungs that cross', 'A class=safe buy=0.1 sell=0.1\nB class=safe', { prices: { A: 2 } }, 'ladder/overlap 0.1'],
    ['rungs that do not', 'A class=safe buy=0.4 sell=0.5\nB class=safe', { prices: { A: 12 } }],
    [
      'a ticker that IB does not know',
      'SPAI',
      { session: [summary({ symbol: 'SPAI', state: 'failed', reason: 'No security definition (code 200)' })] },
      'symbol/unknownToIb SPAI',
    ],
    [
      'held and not listed',
      'A buy=0.6\n',
      { session: [summary({ symbol: 'RCAT', position: 410, line: -1 })] },
      'symbol/heldUnlisted A buy=0.6',
    ],
    [
      'hidden by an override',
      'A buy=0.6 sell=0.65',
      { session: [summary({ symbol: 'A', override: { buy: null, sell: 0.6 } })] },
      'override/hides 0.65',
    ],
    [
      'an override that says the same',
      'A buy=0.6 sell=0.60',
      { session: [summary({ symbol: 'A', override: { buy: 0.6, sell: 0.6 } })] },
    ],
    [
      'a default hidden by an override',
      'A sell=0.6',
      { session: [summary({ symbol: 'A', override: { buy: 0.6, sell: null } })] },
      'override/hides A',
    ],
  ];
  for (const [name, text, given, ...found] of cases) it(name, () => deepEqual(marked(text, given), found));
});

describe('advice: words', () => {
  const text = (source: string, given?: Given): string => advise(source, given)[0]?.text ?? '';
  it('names the sums', () =>
    equal(text('A clip=6000'), 'The full ladder of A needs $67,800, the budget of the class risky is $60,300'));
  it('names the nearest known ticker', () =>
    equal(
      text('SPX', {
        session: [summary({ symbol: 'SPX', state: 'failed', reason: 'No security definition (code 200)' })],
      }),
      'IB does not know SPX as a US stock (code 200), so the line is not traded; nearest known: SPY',
    ));
  it('has a help text for every code', () => {
    for (const code of ADVICE_CODES) ok(findingHelp(code).length > 20, code);
  });
});

describe('advice: fixes', () => {
  /** The text after the first fix of the first advice. */
  const fixed = (source: string, given?: Given, index = 0): string => {
    const fix = advise(source, given)[0]?.fixes[index];
    return fix === undefined ? 'no fix' : applyEdits(source, fix.edits);
  };
  const unknown = { session: [summary({ symbol: 'SPX', state: 'failed', reason: 'x (code 200)' })] };
  const cases: readonly (readonly [name: string, before: string, after: string, given?: Given, index?: number])[] = [
    // 60,300 / 11.3 = 5,336.28
    ['the largest clip that fits', 'A clip=6000', 'A clip=5336'],
    ['the computed clip', 'A clip=6000', 'A', {}, 1],
    ['the smallest clip that buys a share', 'A clip=100 buy=0.6', 'A clip=275 buy=0.6', { prices: { A: 274.77 } }],
    ['the nearest ticker', 'SPX buy=0.6', 'SPY buy=0.6', unknown],
    ['no line at all', 'SPX buy=0.6', '# SPX buy=0.6', unknown, 1],
    ['not a ticker that is listed', 'SPX buy=0.6\nSPY buy=0.6', '# SPX buy=0.6\nSPY buy=0.6', unknown],
    [
      'the line again',
      'A buy=0.6',
      'A buy=0.6\nRCAT  class=risky buy=0.6 sell=0.6\n',
      { session: [summary({ symbol: 'RCAT', position: 1, line: -1 })] },
    ],
    [
      'the override’s number',
      'A sell=0.65',
      'A sell=0.6',
      { session: [summary({ symbol: 'A', override: { buy: null, sell: 0.6 } })] },
    ],
    [
      'the override’s number where none is written',
      'A buy=0.6',
      'A sell=0.6 buy=0.6',
      { session: [summary({ symbol: 'A', override: { buy: null, sell: 0.6 } })] },
    ],
  ];
  for (const [name, before, after, given, index] of cases) it(name, () => equal(fixed(before, given, index), after));

  it('takes its finding away and adds none', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map(value => value.toFixed(2));
    const line = fc
      .tuple(
        fc.constantFrom('A', 'B', 'C'),
        fc.constantFrom('risky', 'safe'),
        number(0.1, 10),
        number(0.1, 50),
        fc.integer({ min: 1, max: 40_000 }),
      )
      .map(([symbol, name, buy, sell, clip]) => `${symbol} class=${name} buy=${buy} sell=${sell} clip=${clip}`);
    const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: text => text[0] });
    const last = fc.double({ min: 0.5, max: 3000, noNaN: true });
    fc.assert(
      fc.property(lines, fc.record({ A: last, B: last, C: last }), (all, prices) => {
        const text = all.join('\n');
        const before = advise(text, { prices });
        for (const { code, line: at, fixes } of before) {
          for (const fix of fixes) {
            const after = advise(applyEdits(text, fix.edits), { prices });
            ok(!after.some(each => each.code === code && each.line === at), `${code} stays after ${fix.title}`);
            const known = new Set(before.map(each => `${each.line} ${each.code}`));
            deepEqual(
              after.filter(each => !known.has(`${each.line} ${each.code}`)).map(each => each.code),
              [],
              fix.title,
            );
          }
        }
      }),
    );
  });
});
