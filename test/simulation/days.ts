/** The two exchange days of the simulation, a Wednesday and a Thursday; New York is 5 hours behind. */
const MIDNIGHT = Date.parse('2026-11-18T00:00:00-05:00');
const DAY_MS = 86_400_000;

export const at = (hours: number, minutes: number, day = 0): number =>
  MIDNIGHT + day * DAY_MS + (hours * 60 + minutes) * 60_000;

/** Regular hours, ms UTC. */
export const HOURS = [0, 1].map(day => [at(9, 30, day), at(16, 0, day)] as const);

export const isOpen = (t: number): boolean => HOURS.some(([open, close]) => open <= t && t < close);

/** 0 or 1. */
export const dayOf = (t: number): number => Math.floor((t - MIDNIGHT) / DAY_MS);

export const midnight = (t: number): number => at(0, 0, dayOf(t));
