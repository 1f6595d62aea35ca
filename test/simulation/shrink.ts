/**
 * Takes faults away from a run that fails for as long as it goes on breaking the same promise: what is left is what it takes.
 */
import { bundleWorker } from './bundle';
import type { PlannedFault } from './faults';
import type { Outcome } from './simulation';
import { Thread } from './thread';

export interface Shrunk {
  plan: readonly PlannedFault[];
  outcome: Outcome;
}

export async function shrink(failed: Outcome, code: string): Promise<Shrunk> {
  const thread = new Thread(bundleWorker(), code);
  const { rounds } = failed.course;
  let { plan } = failed.course;
  let outcome = failed;
  try {
    // From the end: what comes after the failure goes first.
    for (let size = Math.ceil(plan.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let end = plan.length; end > 0; end -= size) {
        const fewer = plan.filter((_, index) => index < end - size || index >= end);
        if (fewer.length === plan.length) continue;
        const tried = await thread.run(failed.seed, { plan: fewer, rounds });
        if (tried.failure?.rule !== failed.failure?.rule) continue;
        plan = fewer;
        outcome = tried;
      }
    }
  } finally {
    await thread.close();
  }
  return { plan, outcome };
}

export const shrunkText = ({ plan, outcome: { seed, failure } }: Shrunk): string =>
  [
    `seed ${seed}: ${failure?.rule ?? 'nothing'}`,
    `  ${failure?.text ?? ''}`,
    `  at ${failure?.at ?? 0} s, with ${plan.length === 0 ? 'no fault at all' : 'these faults:'}`,
    ...plan.map(({ at, kind, how }) => `  ${String(at).padStart(5)} s  ${kind} (${how.toFixed(3)})`),
  ].join('\n');
