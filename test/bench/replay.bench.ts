/**
 * How many events a second the engine takes from a tape, and how many evaluations they make: with the events ready, with
 * lines parsed first, and with the strategy off. One core.
 */
import type { EngineEvent } from '../../src/engine/events';
import { readTapeLine } from '../../src/replay/tape';
import { bench, cpuSeconds, report, spread } from './harness';
import { Market, MemorySinks, newReplay, SYMBOLS } from './market';

const EVENTS = 1_000_000;
/** Events are made this many at a time, outside of what is measured: a million objects at once would measure the heap. */
const CHUNK = 100_000;
const ROUNDS = 3;

bench(() => {
  const rates: Record<'ready' | 'parsed' | 'off', number[]> = { ready: [], parsed: [], off: [] };
  let orders = 0;
  let evaluations = 0;
  replayed(200_000, 'ready');
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ['ready', 'parsed', 'off'] as const) {
      const run = replayed(EVENTS, kind);
      rates[kind].push(EVENTS / run.seconds);
      if (kind === 'ready') ({ orders, evaluations } = run);
    }
  }
  const median = (values: readonly number[]): number => spread(values).median;
  const row = (what: string, values: readonly number[], perEvent: number): { what: string; values: number[] } => ({
    what,
    values: [median(values), Math.min(...values), Math.max(...values), median(values) * perEvent],
  });
  const perEvent = evaluations / EVENTS;
  report({
    title: 'Replay: events a second of one core',
    how: `${EVENTS.toLocaleString('en-US')} events of ${SYMBOLS} symbols in regular hours at 1,000 a second, two in five with a new last; ${orders} orders in it; journal to memory; per second of CPU, garbage collection included; ${ROUNDS} rounds. Beside it the same tape with the strategy off.`,
    columns: ['median', 'slowest', 'fastest', 'evaluations'],
    rows: [
      row('strategy on, events ready', rates.ready, perEvent),
      row('strategy on, lines parsed', rates.parsed, perEvent),
      row('strategy off, lines parsed', rates.off, 0),
    ],
    aim: '1,000,000 events/s without parsing',
    found: `${Math.round(median(rates.ready)).toLocaleString('en-US')} events/s without parsing`,
  });
});

interface Run {
  seconds: number;
  orders: number;
  evaluations: number;
}

function replayed(count: number, kind: 'ready' | 'parsed' | 'off'): Run {
  const market = new Market();
  const replay = newReplay(new MemorySinks());
  for (const event of market.opening()) replay.event(event);
  let seconds = 0;
  let queued = 0;
  for (let done = 0; done < count; done += CHUNK) {
    const events = market.events(CHUNK);
    const lines = kind === 'ready' ? [] : events.map(event => JSON.stringify(event));
    seconds += cpuSeconds(() => {
      if (kind === 'ready') for (const event of events) replay.event(event);
      else if (kind === 'parsed') eachEvent(lines, event => replay.event(event));
      else queued += queueOnly(lines);
    });
  }
  if (kind === 'off' && queued !== count) throw new Error(`Only ${queued} of ${count} events were queued`);
  return { seconds, orders: replay.orders, evaluations: replay.evaluations };
}

function eachEvent(lines: readonly string[], use: (event: EngineEvent) => void): void {
  let previous = -Infinity;
  for (let n = 0; n < lines.length; n++) {
    const read = readTapeLine(lines[n]!, n + 1, previous);
    if (read === null || !('event' in read)) throw new Error(`A line of the bench cannot be read: ${lines[n]}`);
    previous = read.event.t;
    use(read.event);
  }
}

/** The strategy off: parsed, put into a queue, taken out again. */
function queueOnly(lines: readonly string[]): number {
  const queue: EngineEvent[] = [];
  eachEvent(lines, event => queue.push(event));
  let taken = 0;
  while (queue.length > taken) if (queue[taken]!.t > 0) taken++;
  return taken;
}
