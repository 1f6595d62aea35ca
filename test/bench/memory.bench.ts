/**
 * Whether a replay's memory stays flat over ten million events: what is left on the heap after each of them, garbage collected.
 * Orders, executions and rows of a day are kept on purpose; nothing else may add up.
 */
import { bench, report, type Row } from './harness';
import { Market, MemorySinks, newReplay } from './market';

const MILLIONS = 10;
const CHUNK = 50_000;

bench(() => {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Expected node --expose-gc');
  const market = new Market();
  const replay = newReplay(new MemorySinks());
  for (const event of market.opening()) replay.event(event);
  const rows: Row[] = [];
  const heaps: number[] = [];
  for (let million = 1; million <= MILLIONS; million++) {
    for (let done = 0; done < 1_000_000; done += CHUNK) for (const event of market.events(CHUNK)) replay.event(event);
    gc();
    const { heapUsed, rss } = process.memoryUsage();
    heaps.push(heapUsed);
    if (million === 1 || million % 3 === 1)
      rows.push({ what: `after ${million} million`, values: [heapUsed / 2 ** 20, rss / 2 ** 20, replay.orders] });
  }
  const grown = ((heaps.at(-1) ?? NaN) - (heaps[0] ?? NaN)) / 2 ** 20;
  report({
    title: 'Memory over ten million replayed events, MB',
    how: 'The tape of the replay figure, ten thousand seconds long. The heap is read after a garbage collection.',
    columns: ['heap', 'resident', 'orders'],
    rows,
    aim: 'flat after the first million',
    found: `${grown.toFixed(1)} MB more after the tenth million than after the first, with ${replay.orders} orders and their fills kept`,
  });
});
