/**
 * What the main thread of a page does in each frame, out of Chromium's own trace: the thread's CPU time, so that neither other
 * threads (raster, compositor, GPU) nor other programs of the machine count. To a frame belongs all that the thread has done since the
 * one before: messages and timers as well as style, layout and painting.
 */
import type { CDPSession } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** CPU time of the thread, microseconds. */
  readonly tts?: number;
  readonly tdur?: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

export interface Frames {
  /** Of each frame that was drawn, ms, in order. */
  readonly work: readonly number[];
  readonly seconds: number;
  /** What the time went to, ms by the name of the event, without what is nested in it. */
  readonly parts: ReadonlyMap<string, number>;
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', '__metadata'];

/** @param mark that `during` leaves in the page: it tells the page's thread from all others */
export async function traceFrames(cdp: CDPSession, mark: string, during: () => Promise<void>): Promise<Frames> {
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  const ended = new Promise<void>(resolve => cdp.once('Tracing.tracingComplete', () => resolve()));
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [...CATEGORIES, 'blink.user_timing'], excludedCategories: ['*'] },
  });
  await during();
  await cdp.send('Tracing.end');
  await ended;
  return framesOf(events, mark);
}

function framesOf(events: readonly TraceEvent[], mark: string): Frames {
  const marked = events.find(({ name }) => name === mark);
  if (marked === undefined) throw new Error(`The trace has no mark ${mark}`);
  const main = events
    .filter(({ pid, tid, ph, tdur }) => pid === marked.pid && tid === marked.tid && ph === 'X' && tdur !== undefined)
    .sort((left, right) => left.ts - right.ts || (right.dur ?? 0) - (left.dur ?? 0));
  const work: number[] = [];
  const parts = new Map<string, number>();
  const open: { event: TraceEvent; inner: number }[] = [];
  let [sum, isDrawn] = [0, false];
  const close = () => {
    const { event, inner } = open.pop()!;
    const [total, name] = [event.tdur!, event.name];
    parts.set(name, (parts.get(name) ?? 0) + Math.max(0, total - inner) / 1000);
    isDrawn ||= name === 'Commit';
    const outer = open.at(-1);
    if (outer !== undefined) return (outer.inner += total);
    sum += total / 1000;
    if (!isDrawn) return;
    work.push(sum);
    [sum, isDrawn] = [0, false];
  };
  for (const event of main) {
    while (open.length > 0 && open.at(-1)!.event.ts + (open.at(-1)!.event.dur ?? 0) <= event.ts) close();
    open.push({ event, inner: 0 });
  }
  while (open.length > 0) close();
  return { work, seconds: main.length === 0 ? 0 : (main.at(-1)!.ts - main[0]!.ts) / 1e6, parts };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
