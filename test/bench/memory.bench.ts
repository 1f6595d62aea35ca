/**
 * Whether a replay's memory stays flat over ten million events: what is left on the heap after each of them, garbage collected.
 * Orders, executions and rows of the last days are kept on purpose, so they are counted by themselves; nothing else may add up.
 */
import type { Core } from '../../src/engine/core';
import type { Replay } from '../../src/replay/replay';
import { bench, report, type Row } from './harness';
import { Market, MemorySinks, newReplay } from './market';

const MILLIONS = 10;
const CHUNK = 50_000;
const MB = 2 ** 20;

bench(() => {
  const first = replayed(1);
  const last = replayed(MILLIONS);
  const rows: Row[] = last.rows.filter((_, index) => index % 3 === 0);
  const rest = (last.restMb - first.restMb).toFixed(1);
  const each = ((last.keptMb * 1024) / last.orders).toFixed(2);
  report({
    title: 'Memory over ten million replayed events, MB',
    how: 'The tape of the replay figure, ten thousand seconds long. The heap is read after a garbage collection; then once more, after orders, executions, fees and rows of the day, which are kept on purpose for as long as a broker may repeat them, were let go.',
    columns: ['heap', 'resident', 'orders', 'without them'],
    rows: rows.map(({ what, values }, index) => ({
      what,
      values: [...values, index === 0 ? first.restMb : index === rows.length - 1 ? last.restMb : null],
    })),
    aim: 'flat after the first million',
    found: `${rest} MB more after the tenth million than after the first, besides ${last.orders} orders and their fills, which are kept: ${each} KB each, ${last.keptMb.toFixed(1)} MB`,
  });
});

interface Run {
  readonly rows: Row[];
  readonly orders: number;
  /** What the orders take, and what is left on the heap without them. */
  readonly keptMb: number;
  readonly restMb: number;
}

function replayed(millions: number): Run {
  const market = new Market();
  const replay = newReplay(new MemorySinks());
  for (const event of market.opening()) replay.event(event);
  const rows: Row[] = [];
  for (let million = 1; million <= millions; million++) {
    for (let done = 0; done < 1_000_000; done += CHUNK) for (const event of market.events(CHUNK)) replay.event(event);
    rows.push({ what: `after ${million} million`, values: [heapMb(), process.memoryUsage().rss / MB, replay.orders] });
  }
  const { orders } = replay;
  const before = heapMb();
  letGo(replay);
  const restMb = heapMb();
  // Alive until here: what is measured is a replay that could go on.
  if (replay.events === 0) throw new Error('Nothing was replayed');
  return { rows, orders, keptMb: before - restMb, restMb };
}

function letGo(replay: Replay): void {
  const { core } = (replay as unknown as { engine: { core: Core } }).engine;
  for (const kept of [core.orders, core.ordersById, core.execs, core.fees]) kept.clear();
  core.fillRows.length = 0;
}

function heapMb(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Expected node --expose-gc');
  gc();
  return process.memoryUsage().heapUsed / MB;
}
