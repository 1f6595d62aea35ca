/** Any tape gives the same bytes twice, whatever is on it, and reading a line never throws. */
import { deepEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { readTapeLine } from '../../src/replay/tape';
import { Replay } from '../../src/replay/replay';
import { DEFAULT_SETTINGS } from '../../src/strategy/settings';
import { startTargets } from '../../src/targets/resolve';
import { DEFAULTS } from '../../src/targets/schema';

const OPEN = Date.parse('2026-11-18T14:30:00Z');
const SETTINGS = { ...DEFAULT_SETTINGS, 'volatility.minimum': 2, 'layers.buyCooldownSeconds': 1 };

const price = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 9500, max: 10_500 }).map(cents => cents / 100) }, { weight: 1, arbitrary: fc.constantFrom(null, 0, -1) }); // prettier-ignore
const size = fc.oneof(fc.nat(50), fc.constant(null));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const symbol = fc.constantFrom('A', 'B');

const event = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      type: fc.constant('tick'),
      symbol,
      last: maybe(price),
      bid: maybe(price),
      ask: maybe(price),
      bidSize: maybe(size),
      askSize: maybe(size),
      volume: maybe(fc.integer({ min: 0, max: 20_000 })),
      halted: maybe(fc.constantFrom(0, 0, 0, -1, 1)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ type: fc.constant('bar'), symbol, minute: fc.nat(60), close: fc.integer({ min: 98, max: 102 }) })
      .map(({ minute, ...bar }) => ({ ...bar, start: OPEN - minute * 60_000, open: 1, high: 1, low: 1, volume: 1 })),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('control'), action: fc.constantFrom('pause', 'resume', 'flatten', 'kill', 'release') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('targets'), text: fc.constantFrom('A buy=0.2\nB', 'B buy=0.3 clip=500', '@config equity=5000\nA buy=0.2 sell=0.2') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('override'), symbol, buy: fc.constantFrom(0.1, 0.5, 20, null) }) },
); // prettier-ignore

const tape = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 250, 999, 1000, 1500, 4000, 20_000), event), { minLength: 20, maxLength: 150, size: 'max' })
  .map(events => {
    let t = OPEN - 3_700;
    return events.map(([wait, each]) => JSON.stringify({ t: (t += wait), ...each }));
  }); // prettier-ignore

let orders = 0;

function replay(lines: readonly string[], latencyMs: number): string[] {
  const start = startTargets('@config equity=50000\nA buy=0.2 sell=0.2\nB class=safe buy=0.3 sell=0.3', DEFAULTS);
  if (!start.ok) throw new Error('the targets of a test must be valid');
  const out: string[] = [];
  const made = new Replay(
    { settings: SETTINGS, targets: start.value, base: DEFAULTS, hasLink: false, recorded: false, fills: 'model', latencyMs }, // prettier-ignore
    {
      decision: line => {
        orders++;
        out.push(line);
      },
      fill: line => out.push(line),
      pnl: line => out.push(line),
      journal: line => out.push(line),
      notice: notice => out.push(JSON.stringify(notice)),
    },
  );
  let previous = -Infinity;
  lines.forEach((line, n) => {
    const read = readTapeLine(line, n + 1, previous);
    if (!read || !('event' in read)) throw new Error(`a line that cannot be read: ${line}`);
    previous = read.event.t;
    made.event(read.event);
  });
  return out;
}

describe('property: replay', function () {
  this.timeout(180_000);

  it('the same tape gives the same bytes', () => {
    fc.assert(
      fc.property(tape, fc.constantFrom(0, 0, 300, 1700), (lines, latency) => {
        deepEqual(replay(lines, latency), replay(lines, latency));
      }),
      { numRuns: 120 },
    );
    ok(orders > 5, `only ${orders} orders were made`);
  });

  it('no line makes the reader throw', () => {
    const anything = fc.oneof(fc.string(), fc.json(), fc.tuple(fc.constantFrom('tick', 'bar', 'exec', 'order', 'reconcile', 'x'), fc.json()).map(([type, rest]) => `{"t":1,"type":"${type}","symbol":"A",${rest.replace(/^\{|\}$/g, '')}}`)); // prettier-ignore
    fc.assert(fc.property(anything, line => void readTapeLine(line, 1, 0)));
  });
});
