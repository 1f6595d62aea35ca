/**
 * What a run has to have been through to mean anything. A run that is not there when its faults are over goes on: a person sets
 * right what keeps it idle, the market goes its way through the rungs, and what is missing is brought about. Most never come here.
 */
import { isOpen } from './days';
import type { PlannedFault } from './faults';
import type { Simulation } from './simulation';

export interface Done {
  events: number;
  faults: number;
  restarts: number;
  fills: number;
}

export const FLOOR: Readonly<Done> = { events: 2000, faults: 3, restarts: 1, fills: 1 };

export const meetsFloor = (done: Done): boolean =>
  (Object.keys(FLOOR) as (keyof Done)[]).every(key => done[key] >= FLOOR[key]);

/** A run that is no further after all of these says so: see `Totals.tame`. */
export const ROUND_SECONDS = 30;
export const MOST_ROUNDS = 40;

/** Nobody lets a session stand that cannot buy. */
export function wake(world: Simulation): void {
  world.person('release');
  world.person('resume');
}

/** What has to go wrong in the next round, at this moment. */
export function missing(world: Simulation, { restarts, faults }: Done): Omit<PlannedFault, 'at'>[] {
  const wanted: Omit<PlannedFault, 'at'>[] = [];
  if (restarts < FLOOR.restarts) wanted.push({ kind: 'crash', how: 0.3 });
  else if (faults < FLOOR.faults) wanted.push({ kind: 'cutLink', how: 0.5 });
  // Nothing is bought in the evening.
  if (!isOpen(world.clock.now)) wanted.push({ kind: 'overNight', how: 0.5 });
  return wanted;
}
