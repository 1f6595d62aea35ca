/**
 * How numbers and times look on every surface: prices by the symbol's decimals, signed money with a true minus, exchange
 * time in 24 hours. One place, so that the same number reads the same everywhere. It knows no surface and no units of the engine.
 */
import { civilDate, dateOf, exchangeDay, timeOf } from '../strategy/exchangeTime';
import { Ticks } from '../strategy/ticks';

export const MINUS = '\u2212';
/** An absent number. */
export const ABSENT = '\u2013';
/** The account's number is never shown whole. */
export const TAIL_MARK = '\u00b7\u00b7\u00b7';

export type Maybe = number | null | undefined;

export const price = (value: Maybe, decimals = 2): string => (isNumber(value) ? grouped(value, decimals) : ABSENT);

/** Average cost has more decimals than the tick: it is no price that can be traded. */
export const averageCost = (value: Maybe): string => price(value, 4);

const THOUSANDTHS = new Ticks([[0, 0.001]]);

/** A rung's distance from the reference, as the published cells have it: `3.285%`, and 0.5625 is `0.562%`. */
export const rungPercent = (value: Maybe): string =>
  isNumber(value) ? `${grouped(THOUSANDTHS.nearest(value), 3)}%` : ABSENT;

/** A signed distance: `−3.68%`. */
export const distance = (value: Maybe): string => (isNumber(value) ? `${signed(value, 2)}%` : ABSENT);

/** A base percent as targets.txt writes it: `0.60`. */
export const basePercent = (value: number): string => grouped(value, 2);

export const basisPoints = (value: Maybe): string => (isNumber(value) ? `${grouped(value, 0)} bp` : ABSENT);

/** Always signed: `+0.38`. */
export const zScore = (value: number): string =>
  `${value < 0 && rounded(value, 2) !== 0 ? MINUS : '+'}${grouped(Math.abs(value), 2)}`;

export const dollars = (value: Maybe): string => (isNumber(value) ? money(value, 0) : ABSENT);

export const dollarsAndCents = (value: Maybe): string => (isNumber(value) ? money(value, 2) : ABSENT);

/** Profit and loss: with cents and sign; zero has none. */
export const profit = (value: Maybe): string => {
  if (!isNumber(value)) return ABSENT;
  const sign = rounded(value, 2) === 0 ? '' : value < 0 ? MINUS : '+';
  return `${sign}$${grouped(Math.abs(value), 2)}`;
};

/** The same without the dollar sign, for columns that say USD at their head. */
export const amount = (value: number, sign: 'always' | 'minus' = 'minus'): string => {
  const text = grouped(Math.abs(value), 2);
  if (rounded(value, 2) === 0) return text;
  return value < 0 ? MINUS + text : sign === 'always' ? `+${text}` : text;
};

export const shares = (value: Maybe): string => (isNumber(value) ? grouped(value, 0) : ABSENT);

/** The age of data: tenths under ten seconds. */
export const age = (milliseconds: Maybe): string => {
  if (!isNumber(milliseconds)) return ABSENT;
  const seconds = Math.max(0, milliseconds) / 1000;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
};

/** `4:17:43`, or `17:43` under an hour. */
export const duration = (milliseconds: number): string => {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
};

/** How long ago, in the two largest words: `12 s`, `3 min`, `2 h 5 min`, `4 days`. */
export const elapsed = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
};

/** `11:42:17` in exchange time. */
export const clock = (t: number): string => timeOf(t);

/** `11:42`. */
export const clockMinutes = (t: number): string => timeOf(t).slice(0, 5);

/** `2026-11-18`, the exchange date. */
export const exchangeDate = (t: number): string => dateOf(t);

/** `Nov 17, 15:59 ET`. */
export const dayAndTime = (t: number): string => {
  const { month, day } = civilDate(exchangeDay(t));
  return `${MONTHS[month - 1] ?? ''} ${day}, ${clockMinutes(t)} ET`;
};

/** Groups of three digits and a fixed number of decimals; a negative number gets the true minus. */
export function grouped(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  const nWhole = decimals > 0 ? text.length - decimals - 1 : text.length;
  // Most numbers are short, and a table of a hundred symbols has a thousand of them ten times a second.
  if (nWhole <= 3) return value < 0 && Number(text) !== 0 ? MINUS + text : text;
  const [whole = '', fraction] = text.split('.');
  const body = whole.replace(/\B(?=(?:\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return value < 0 && Number(text) !== 0 ? MINUS + body : body;
}

/** `7 positions`, `1 position`. */
export const count = (n: number, word: string): string => `${grouped(n, 0)} ${word}${n === 1 ? '' : 's'}`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const isNumber = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
const signed = (value: number, decimals: number): string =>
  rounded(value, decimals) > 0 ? `+${grouped(value, decimals)}` : grouped(value, decimals);
const money = (value: number, decimals: number): string => {
  const text = grouped(Math.abs(value), decimals);
  return value < 0 && rounded(value, decimals) !== 0 ? `${MINUS}$${text}` : `$${text}`;
};
