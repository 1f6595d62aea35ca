/**
 * Many seeds on two threads, and what they add up to.
 */
import { bundleWorker } from './bundle';
import { FAULT_KINDS, FAULTS, type FaultKind } from './faults';
import { meetsFloor, type Done } from './floor';
import type { Outcome } from './simulation';
import { Thread } from './thread';

const THREADS = 2;

export interface Totals {
  seeds: number;
  events: number;
  fills: number;
  restarts: number;
  faults: Record<FaultKind, number>;
  /** In the order of their seeds. */
  failures: Outcome[];
  /** Runs that were too tame to mean anything: too few events, faults, restarts or fills. */
  tame: Outcome[];
  /** Of the run that had least of it. */
  least: Done;
  /** Runs that went on beyond their time. */
  prolonged: number;
  cpuSeconds: number;
}

export interface FleetOptions {
  from: number;
  seeds: number;
  /** The built product. */
  code: string;
  /** Goes on after a failure. */
  isThorough?: boolean;
  seen?: (outcome: Outcome, done: number) => void;
}

export async function simulateMany({ from, seeds, code, isThorough = false, seen }: FleetOptions): Promise<Totals> {
  const none = Object.fromEntries(FAULT_KINDS.map(kind => [kind, 0])) as Record<FaultKind, number>;
  const sums = { seeds: 0, events: 0, fills: 0, restarts: 0, prolonged: 0, cpuSeconds: 0 };
  const least: Done = { events: Infinity, faults: Infinity, restarts: Infinity, fills: Infinity };
  const totals: Totals = { ...sums, faults: none, failures: [], tame: [], least };
  const before = process.cpuUsage();
  const source = bundleWorker();
  let next = from;
  const work = async (): Promise<void> => {
    const thread = new Thread(source, code);
    try {
      while (next < from + seeds && (isThorough || totals.failures.length === 0)) {
        const outcome = await thread.run(next++);
        add(totals, outcome);
        seen?.(outcome, totals.seeds);
      }
    } finally {
      await thread.close();
    }
  };
  await Promise.all(Array.from({ length: THREADS }, work));
  totals.failures.sort((a, b) => a.seed - b.seed);
  const { user, system } = process.cpuUsage(before);
  totals.cpuSeconds = (user + system) / 1e6;
  return totals;
}

function add(totals: Totals, outcome: Outcome): void {
  totals.seeds++;
  totals.events += outcome.events;
  totals.fills += outcome.fills;
  totals.restarts += outcome.restarts;
  for (const [kind, n] of Object.entries(outcome.faults)) totals.faults[kind as FaultKind] += n;
  if (outcome.course.rounds > 0) totals.prolonged++;
  // A run that ends with a broken promise ends early.
  if (outcome.failure !== null) return void totals.failures.push(outcome);
  const done = doneBy(outcome);
  for (const key of Object.keys(done) as (keyof Done)[]) totals.least[key] = Math.min(totals.least[key], done[key]);
  if (!meetsFloor(done)) totals.tame.push(outcome);
}

export const doneBy = ({ events, restarts, fills, faults }: Outcome): Done => ({
  events,
  restarts,
  fills,
  faults: Object.values(faults).reduce((sum, n) => sum + n, 0),
});

/** What happened how often, and what it cost. */
export function totalsText({ seeds, events, fills, restarts, faults, cpuSeconds, least, prolonged }: Totals): string {
  const most = Math.max(...Object.values(faults), 1);
  const bars = FAULT_KINDS.map(kind => {
    const n = faults[kind];
    const bar = '█'.repeat(Math.ceil((n / most) * 24));
    return `${kind.padEnd(18)} ${String(n).padStart(7)} ${bar.padEnd(24)} ${FAULTS[kind]}`;
  });
  const each = seeds === 0 ? 0 : (cpuSeconds * 1000) / seeds;
  const sums = [`${seeds} seeds`, `${events} events`, `${fills} fills`, `${restarts} restarts`];
  const ofEach = Object.entries(least).map(([key, n]) => `${n} ${key}`);
  return [
    ...bars,
    '',
    `${sums.join(', ')}; ${cpuSeconds.toFixed(0)} s of CPU, ${each.toFixed(0)} ms a seed`,
    `least of a seed: ${ofEach.join(', ')}; ${prolonged} went on beyond their time for it`,
  ].join('\n');
}

export function failureText({ seed, failure }: Outcome): string {
  return failure === null ? `seed ${seed}: ok` : `seed ${seed} at ${failure.at} s: ${failure.rule}: ${failure.text}`;
}
