// Kinds of days: how calm, trending, gapping, crashing and illiquid days differ from a usual one. Only numbers; the day model
// draws the same random numbers for every kind, and a usual day is left exactly as it is.

import { randomFor } from './random';
import type { ExchangeDate } from './calendar';
import type { Character, Instrument } from './instruments';

export const marketKinds = ['usual', 'calm', 'trending', 'gapping', 'crashing', 'illiquid'] as const;
export type MarketKind = (typeof marketKinds)[number];

/** What differs from a usual day, for people. */
export const marketKindTexts: Readonly<Record<MarketKind, string>> = {
  usual: 'an opening swing, calmer later',
  calm: 'a third of the swings, fewer prints',
  trending: 'up or down by 4.5 to 7.5 %, evenly over the day',
  gapping: 'opens 7 to 11 % away, up or down, and stays there',
  crashing: 'loses 15 to 24 % within ten minutes, half an hour to an hour and a half after the open',
  illiquid: 'a twentieth of the prints, thin books, spreads of 60 basis points and more',
};

/** What one day of a kind adds to the path of a stock, as natural logarithms of the price. */
export interface DayShape {
  /** Spread evenly over the day. */
  readonly trend: number;
  /** At once, with the regular open. */
  readonly gap: number;
  /** Within ten minutes, `crashAt` seconds after the open. */
  readonly crash: number;
  readonly crashAt: number;
}

export const crashSeconds = 600;
const flat: DayShape = { trend: 0, gap: 0, crash: 0, crashAt: 0 };

export function shapeOf(kind: MarketKind, seed: number, symbol: string, date: ExchangeDate): DayShape {
  if (kind !== 'trending' && kind !== 'gapping' && kind !== 'crashing') return flat;
  const random = randomFor(seed, symbol, 'shape', date);
  const sign = random.next() < 0.5 ? -1 : 1;
  const size = 0.75 + 0.5 * random.next();
  if (kind === 'trending') return { ...flat, trend: sign * 0.06 * size };
  if (kind === 'gapping') return { ...flat, gap: sign * 0.09 * size };
  return { ...flat, crash: -0.22 * size, crashAt: 1800 + Math.floor(3600 * random.next()) };
}

/** The stock as it trades on such days. */
export function instrumentOn(kind: MarketKind, instrument: Instrument): Instrument {
  if (kind !== 'calm' && kind !== 'illiquid') return instrument;
  const { character } = instrument;
  return { ...instrument, character: kind === 'calm' ? calm(character) : illiquid(character) };
}

function calm(one: Character): Character {
  return { ...one, swing: one.swing * 0.35, tradesPerSecond: one.tradesPerSecond * 0.6 };
}

function illiquid(one: Character): Character {
  return {
    ...one,
    tradesPerSecond: one.tradesPerSecond * 0.05,
    lotsAtBest: one.lotsAtBest * 0.15,
    spreadBp: Math.max(60, one.spreadBp * 6),
  };
}
