/**
 * Overrides of buy and sell percent from the dashboard (§9), checked against the same ranges as targets.txt.
 */
import { inRange } from '../targets/numbers';
import { FIELDS } from '../targets/schema';

/** The value, null for none, undefined for one that is out of range. */
export function acceptOverride(key: 'buy' | 'sell', value: number | null): number | null | undefined {
  return value === null || inRange(FIELDS[key], value) ? value : undefined;
}
