/** Quick settings of a simulated session, some of them by chance, so that much happens in ten minutes. */
import { DEFAULT_SETTINGS, type Settings } from '../../src/strategy/settings';
import type { Random } from './random';

export function settingsOf(random: Random): Settings {
  return {
    ...DEFAULT_SETTINGS,
    'volatility.minimum': 3,
    'volatility.window': 21,
    'protection.restSeconds': random.whole(1, 20),
    'protection.exitsPerDay': 100,
    'protection.hardStopPercent': random.pick([2, 3, 5]),
    'protection.trailArmPercent': random.pick([0, 0.5, 1, 2.5]),
    'protection.trailPercent': random.pick([0.5, 1, 2.5]),
    'limits.dayLossPercent': random.pick([0.5, 2, 2]),
    'limits.orderUsd': random.pick([2500, 15_000]),
    'sizing.maxClip': random.pick([1500, 6000]),
  };
}
