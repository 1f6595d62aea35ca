// Plays a recorded tape as the market: its quotes, sizes, prints, halts and past bars take the place of the day model, stock by
// stock. It reads ticks and bars and passes over what else a session wrote down; it invents no price that was not there.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { newYorkTime, tradingDay } from './calendar';
import { unitsPerDollar, type Units } from './prices';
import type { Level } from './book';
import type { MarketModel, ModelStep, Quotes } from './dayModel';
import type { Bar } from './minuteBars';

export interface TapeTick {
  readonly t: number;
  readonly fields: Readonly<Record<string, number>>;
}

export interface TapeSymbol {
  readonly ticks: TapeTick[];
  readonly bars: Bar[];
}

export interface Tape {
  /** Epoch milliseconds of its first tick. */
  readonly startsAt: number;
  readonly symbols: ReadonlyMap<string, TapeSymbol>;
}

const tickFields = ['last', 'bid', 'ask', 'bidSize', 'askSize', 'volume', 'close', 'halted'];
/** Shares of a quote or a print when the tape does not say. */
const unknownSize = 100;

export function readTapeFile(path: string): Tape {
  const bytes = readFileSync(path);
  return readTape((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8'));
}

export function readTape(text: string): Tape {
  const symbols = new Map<string, TapeSymbol>();
  let startsAt = Infinity;
  let previous = -Infinity;
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const value = parse(line);
    // A session that was cut off leaves half a line at the end.
    if (value === undefined && i === lines.length - 1) return;
    if (value === undefined) throw new Error(`Tape line ${i + 1}: expected a JSON object, found ${line.slice(0, 80)}`);
    const { t, type, symbol } = value;
    if ((type !== 'tick' && type !== 'bar') || typeof symbol !== 'string') return;
    if (typeof t !== 'number' || !(t >= previous)) {
      throw new Error(
        `Tape line ${i + 1}: expected a time not before ${previous}, found ${JSON.stringify(t) ?? 'none'}`,
      );
    }
    previous = t;
    const name = symbol.toUpperCase().replace('.', ' ');
    const found = symbols.get(name) ?? { ticks: [], bars: [] };
    symbols.set(name, found);
    if (type === 'bar') return void found.bars.push(barOf(value));
    startsAt = Math.min(startsAt, t);
    const fields = tickFields.flatMap(key => (typeof value[key] === 'number' ? [[key, value[key]] as const] : []));
    found.ticks.push({ t, fields: Object.fromEntries(fields) });
  });
  const { date } = newYorkTime(Math.floor(startsAt / 1000) || 0);
  if (startsAt === Infinity) throw new Error('Expected a tape with ticks, found none');
  if (!tradingDay(date)) throw new Error(`Expected a tape of a trading day, found ${date}`);
  return { startsAt, symbols };
}

/** One stock of a tape, moved on by the market's steps. */
export class TapeModel implements MarketModel {
  readonly seesHalts = true;
  private next = 0;
  private now: Record<string, number> = {};

  constructor(private readonly symbol: TapeSymbol) {}

  step(at: number, dt: number): ModelStep {
    const result: ModelStep = { bids: undefined, asks: undefined, print: undefined };
    const until = (at + dt / 2) * 1000;
    const before = this.now;
    const told = new Set<string>();
    for (let tick = this.symbol.ticks[this.next]; tick && tick.t <= until; tick = this.symbol.ticks[++this.next]) {
      this.now = { ...this.now, ...tick.fields };
      for (const key of Object.keys(tick.fields)) told.add(key);
    }
    if (told.size === 0) return result;
    const { now } = this;
    if (told.has('bid') || told.has('bidSize')) result.bids = this.side('bid');
    if (told.has('ask') || told.has('askSize')) result.asks = this.side('ask');
    const shares = now['volume'] === undefined ? unknownSize : now['volume'] - (before['volume'] ?? 0);
    const hasTraded = now['volume'] === undefined ? told.has('last') : shares > 0;
    const last = now['last'];
    if (hasTraded && last !== undefined && last > 0) {
      result.print = { price: unitsOf(last), shares, lastShares: Math.min(shares, unknownSize), prints: 1 };
    }
    if (told.has('close') && now['close'] !== undefined) result.previousClose = unitsOf(now['close']);
    if (told.has('halted')) result.halted = now['halted'] === 1 ? 1 : now['halted'] === 2 ? 2 : 0;
    return result;
  }

  fullQuotes(): Quotes {
    return { bids: this.side('bid'), asks: this.side('ask') };
  }

  private side(which: 'bid' | 'ask'): Level[] {
    const price = this.now[which];
    const size = this.now[`${which}Size`] ?? unknownSize;
    return price !== undefined && price > 0 && size > 0 ? [{ price: unitsOf(price), size }] : [];
  }
}

function unitsOf(dollars: number): Units {
  return Math.round(dollars * unitsPerDollar);
}

function barOf(value: Record<string, unknown>): Bar {
  const number = (key: string, otherwise: number): number => (typeof value[key] === 'number' ? value[key] : otherwise);
  const close = number('close', 0);
  const volume = number('volume', 0);
  return {
    start: Math.floor(number('start', 0) / 1000),
    open: unitsOf(number('open', close)),
    high: unitsOf(number('high', close)),
    low: unitsOf(number('low', close)),
    close: unitsOf(close),
    volume,
    turnover: unitsOf(close) * volume,
    count: 1,
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
