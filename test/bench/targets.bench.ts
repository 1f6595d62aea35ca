/**
 * How long the language takes for a file of 5,000 lines: parse and validate on each keystroke, a hover, completion, advice,
 * formatting. It prints times and asserts nothing: a loaded machine is no bug. Bundled as the product is, because tsx
 * wraps every function: `npx esbuild test/bench/targets.bench.ts --bundle --platform=node | node`
 */
import { performance } from 'node:perf_hooks';
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

const LINES = 5000;
const text = Array.from(
  { length: LINES },
  (_, index) => `S${index}  class=${index % 2 === 0 ? 'risky' : 'safe '} buy=0.60 sell=0.60   # note ${index}`,
).join('\n');

const doc = parseTargets(text);
const start = startTargets(text, DEFAULTS);
if (!start.ok) throw new Error('The file of the bench has an invalid @config');
const { targets, config } = start.value;
const prices = new Map(targets.map(({ symbol }) => [symbol, { t: 0, last: 12.77, reference: 12.6 }]));
const known = { budget: config, settings: DEFAULT_SETTINGS, prices, session: [], otherTickers: [] };
const options = { commands: new Set<string>() };

const cases: readonly (readonly [name: string, target: string, run: () => unknown])[] = [
  ['parse and validate', 'under 20 ms', () => checkTargets(parseTargets(text))],
  ['hover on a ticker', 'under 5 ms', () => hoverAt(Math.floor(Math.random() * LINES))],
  ['completion in a line', '', () => completionsAt(doc, (doc.lines[2500]?.end ?? 0) - 20)],
  ['advice for all lines', '', () => targetsAdvice(doc, targets, known)],
  ['format', '', () => formatTargets(text)],
];

for (const [name, wanted, run] of cases) {
  const times = Array.from({ length: 40 }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  }).sort((left, right) => left - right);
  const shown = (name: string, at: number) => `${name} ${(times[at] ?? NaN).toFixed(2).padStart(7)} ms`;
  console.log([name.padEnd(22), shown('fastest', 0), shown('median', 20), shown('slowest', 39), wanted].join('   '));
}

/** From the place of the pointer to Markdown, on what the editor has parsed already. */
function hoverAt(index: number): string {
  const node = nodeAt(doc, doc.lines[index]?.start ?? 0);
  const target = targets.find(each => each.line === node.line.line);
  const price = target === undefined ? undefined : prices.get(target.symbol);
  if (target === undefined || price === undefined) throw new Error(`Line ${index} is not in force`);
  return idleHover(idleLadder(target, targets, price, config, DEFAULT_SETTINGS), options);
}
