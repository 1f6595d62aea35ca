/**
 * How long the language takes for a file of 5,000 lines: parse and validate on each keystroke, a hover, completion, advice,
 * formatting.
 */
import { completionsAt } from '../../src/reports/completions';
import { idleHover } from '../../src/reports/hoverText';
import { idleLadder } from '../../src/reports/idleLadder';
import { targetsAdvice } from '../../src/reports/targetsAdvice';
import { DEFAULT_SETTINGS } from '../../src/strategy/settings';
import { nodeAt } from '../../src/targets/context';
import { formatTargets } from '../../src/targets/format';
import { parseTargets } from '../../src/targets/parse';
import { startTargets } from '../../src/targets/resolve';
import { DEFAULTS } from '../../src/targets/schema';
import { checkTargets } from '../../src/targets/validate';
import { bench, report, spread, timed } from './harness';

const LINES = 5000;
const text = Array.from(
  { length: LINES },
  (_, index) => `S${index}  class=${index % 2 === 0 ? 'risky' : 'safe '} buy=0.60 sell=0.60   # note ${index}`,
).join('\n');

bench(() => {
  const doc = parseTargets(text);
  const start = startTargets(text, DEFAULTS);
  if (!start.ok) throw new Error('The file of the bench has an invalid @config');
  const { targets, config } = start.value;
  const prices = new Map(targets.map(({ symbol }) => [symbol, { t: 0, last: 12.77, reference: 12.6 }]));
  const known = { budget: config, settings: DEFAULT_SETTINGS, prices, session: [], otherTickers: [] };
  const options = { commands: new Set<string>() };
  let line = 0;

  /** From the place of the pointer to Markdown, on what the editor has parsed already. */
  const hover = (): string => {
    line = (line + 1237) % LINES;
    const node = nodeAt(doc, doc.lines[line]?.start ?? 0);
    const target = targets.find(each => each.line === node.line.line);
    const price = target === undefined ? undefined : prices.get(target.symbol);
    if (target === undefined || price === undefined) throw new Error(`Line ${line} is not in force`);
    return idleHover(idleLadder(target, targets, price, config, DEFAULT_SETTINGS), options);
  };

  const cases: readonly (readonly [name: string, run: () => unknown])[] = [
    ['parse and validate', () => checkTargets(parseTargets(text))],
    ['hover on a ticker', hover],
    ['completion in a line', () => completionsAt(doc, (doc.lines[2500]?.end ?? 0) - 20)],
    ['advice for all lines', () => targetsAdvice(doc, targets, known)],
    ['format', () => formatTargets(text)],
  ];
  const found = cases.map(([what, run]) => ({ what, ...spread(timed(run, { rounds: 100, warmUp: 20 })) }));
  report({
    title: 'targets.txt of 5,000 lines, ms',
    how: 'On each keystroke the file is parsed and validated; a hover finds its line and makes its ladder.',
    columns: ['median', 'p99', 'worst'],
    rows: found.map(({ what, median, p99, worst }) => ({ what, values: [median, p99, worst] })),
    aim: 'parse and validate 20 ms, hover 5 ms',
    found: found
      .slice(0, 2)
      .map(({ what, median }) => `${what} ${median.toFixed(2)} ms`)
      .join(', '),
  });
});
