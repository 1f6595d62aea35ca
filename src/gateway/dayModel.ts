// One believable trading day of one stock: thin pre-market prints, an opening swing, swings around a slowly drifting level
// that grow calmer towards noon, volume in bursts that come with the moves, spreads by liquidity and hour. It makes quotes
// and prints; it knows no orders.

import { crashSeconds, type DayShape } from './marketKinds';
import { stepAt, unitsPerDollar, type Units } from './prices';
import type { TradingDay } from './calendar';
import type { Instrument } from './instruments';
import type { Level } from './book';
import type { Random } from './random';

export interface DayPath {
  /** Natural logarithm of the price in dollars at 04:00 and, up to the swings, at the regular close. */
  readonly startLog: number;
  readonly endLog: number;
  /** What the kind of day does at its hours; its sum is part of `endLog`. */
  readonly shape: DayShape;
}

export interface ModelPrint {
  readonly price: Units;
  /** Shares of all prints of this step, and of the last one. */
  readonly shares: number;
  readonly lastShares: number;
  readonly prints: number;
}

export interface Quotes {
  bids: Level[];
  asks: Level[];
}

/** What a step brought: new levels for a side that was quoted anew, and the prints. */
export interface ModelStep {
  bids: Level[] | undefined;
  asks: Level[] | undefined;
  print: ModelPrint | undefined;
  /** A tape's word on yesterday's close, and on trading halts. */
  previousClose?: Units;
  halted?: 0 | 1 | 2;
}

/** Where quotes and prints come from. */
export interface MarketModel {
  /** It goes on during a halt, because it says itself when the halt ends. */
  readonly seesHalts: boolean;
  step(at: number, dt: number): ModelStep;
  fullQuotes(): Quotes;
}

const depth = 5;
const swingSeconds = 1000;
const followSeconds = 25;

export class DayModel implements MarketModel {
  readonly seesHalts = false;
  private level: number;
  private swing = 0;
  private deviation = 0;
  private noise = 0;
  private burst = 0;
  private mood: Mood = quiet;
  private moodMinute = -1;
  private hasOpened = false;
  private bid: Units = 0;
  private spread = 1;
  private readonly levelNoise: number;
  /** The part of the shape that is still to come: the level is not pulled there before its hour. */
  private ahead: number;

  constructor(
    private readonly instrument: Instrument,
    private readonly day: TradingDay,
    private readonly path: DayPath,
    private readonly random: Random,
  ) {
    this.level = path.startLog;
    this.ahead = path.shape.gap + path.shape.crash;
    this.levelNoise = instrument.character.swing * 0.0016;
  }

  /** Moves the stock `dt` seconds on, up to `at` (epoch seconds, with fraction). */
  step(at: number, dt: number): ModelStep {
    const random = this.random;
    const character = this.instrument.character;
    const minute = Math.floor(at / 60);
    if (minute !== this.moodMinute) {
      this.moodMinute = minute;
      this.mood = moodAt(at, this.day);
    }
    const mood = this.mood;
    if (!this.hasOpened && at >= this.day.regularOpen) {
      this.hasOpened = true;
      // The opening cross: a jump one way or the other, with volume, that the swings then take back.
      this.swing += (random.next() < 0.5 ? -1 : 1) * (0.7 + random.next()) * character.swing;
      this.burst = 6;
      this.level += this.path.shape.gap;
      this.ahead -= this.path.shape.gap;
    }
    if (this.ahead !== 0) this.crash(at, dt);

    const remaining = Math.max(1800, this.day.regularClose - at);
    this.level +=
      ((this.path.endLog - this.ahead - this.level) * dt) / remaining +
      this.levelNoise * Math.sqrt(dt) * random.normal();
    const sigma = character.swing * mood.swing;
    this.swing += (-this.swing * dt) / swingSeconds + sigma * Math.sqrt((2 * dt) / swingSeconds) * random.normal();
    if (random.next() < mood.burstsPerSecond * dt) {
      const size = 0.5 + random.next();
      this.swing += (random.next() < 0.5 ? -size : size) * sigma * 0.8;
      this.burst = Math.max(this.burst, 2 + 6 * random.next());
    }
    const pull = this.swing - this.deviation;
    this.deviation += pull * Math.min(1, dt / followSeconds);
    this.noise += -this.noise * Math.min(1, dt / 4) + sigma * 0.014 * Math.sqrt(dt) * random.normal();
    this.burst *= Math.exp(-dt / 22);

    const fair = Math.exp(this.level + this.deviation + this.noise) * unitsPerDollar;
    const result: ModelStep = { bids: undefined, asks: undefined, print: undefined };
    this.requote(fair, dt, result);
    const rush = 1 + this.burst + (2.5 * Math.abs(pull)) / character.swing;
    const expected = character.tradesPerSecond * mood.activity * rush * dt;
    const prints = poisson(random, expected);
    if (prints > 0) result.print = this.print(prints, rush, pull / character.swing);
    return result;
  }

  private crash(at: number, dt: number): void {
    const { crash, crashAt } = this.path.shape;
    const since = at - this.day.regularOpen - crashAt;
    if (crash === 0 || since < 0) return;
    const part = since + dt >= crashSeconds ? this.ahead : (crash * dt) / crashSeconds;
    if (part === 0) return;
    this.level += part;
    this.ahead -= part;
    this.burst = Math.max(this.burst, 5);
  }

  /** The whole book as it would be quoted now, for a side that has been emptied or thawed. */
  fullQuotes(): Quotes {
    const step = stepAt(this.instrument.rule, this.bid);
    return { bids: this.levels(this.bid, -step), asks: this.levels(this.bid + this.spread * step, step) };
  }

  private requote(fair: number, dt: number, result: ModelStep): void {
    const random = this.random;
    const character = this.instrument.character;
    const step = stepAt(this.instrument.rule, fair);
    let hasMoved = false;
    if (this.bid === 0 || random.next() < 0.12 * dt) {
      const wanted = (character.spreadBp * this.mood.spread * (0.7 + 0.6 * random.next()) * fair) / 10_000 / step;
      const spread = Math.max(1, Math.round(wanted));
      hasMoved = spread !== this.spread || this.bid === 0;
      this.spread = spread;
    }
    // The quote follows once the fair price has left its middle by more than half a step: real quotes do not flicker.
    const middle = this.bid + (this.spread * step) / 2;
    if (hasMoved || Math.abs(fair - middle) > 0.65 * step || this.bid % step !== 0) {
      this.bid = Math.max(step, Math.round((fair - (this.spread * step) / 2) / step) * step);
      hasMoved = true;
    }
    const ask = this.bid + this.spread * step;
    if (hasMoved || random.next() < 0.2 * dt) result.bids = this.levels(this.bid, -step);
    if (hasMoved || random.next() < 0.2 * dt) result.asks = this.levels(ask, step);
  }

  private levels(best: Units, step: Units): Level[] {
    const random = this.random;
    const levels: Level[] = [];
    let price = best;
    for (let i = 0; i < depth && price > 0; i++) {
      const lots =
        1 + Math.floor(this.instrument.character.lotsAtBest * (0.6 + 0.3 * i) * -Math.log(1 - random.next()));
      levels.push({ price, size: lots * 100 });
      price += step * (random.next() < 0.7 ? 1 : 2);
    }
    return levels;
  }

  private print(prints: number, rush: number, pull: number): ModelPrint {
    const random = this.random;
    const typical = this.instrument.character.typicalTrade * (1 + rush / 5);
    let shares = 0;
    let lastShares = 0;
    for (let i = 0; i < Math.min(prints, 6); i++) {
      const size = Math.max(1, Math.round(typical * Math.exp(0.8 * random.normal() - 0.32)));
      lastShares = random.next() < 0.5 ? Math.max(100, Math.round(size / 100) * 100) : size;
      shares += lastShares;
    }
    if (prints > 6) shares = Math.round((shares * prints) / 6);
    const step = stepAt(this.instrument.rule, this.bid);
    const isBuy = random.next() < Math.min(0.9, Math.max(0.1, 0.5 + pull));
    const inside = this.spread > 1 && random.next() < 0.2 ? random.between(1, this.spread - 1) : 0;
    const price = isBuy ? this.bid + (this.spread - inside) * step : this.bid + inside * step;
    return { price, shares, lastShares, prints };
  }
}

// ---- The hours of the day.

interface Mood {
  /** Prints, relative to just after the open. */
  readonly activity: number;
  /** Swings, relative to the opening hour. */
  readonly swing: number;
  readonly spread: number;
  readonly burstsPerSecond: number;
}

const quiet: Mood = { activity: 0, swing: 0, spread: 8, burstsPerSecond: 0 };

function moodAt(at: number, day: TradingDay): Mood {
  if (at < day.extendedOpen || at >= day.extendedClose) return quiet;
  if (at < day.regularOpen) {
    const waited = (at - day.extendedOpen) / (day.regularOpen - day.extendedOpen);
    return { activity: 0.008 + 0.05 * waited ** 3, swing: 0.35, spread: 5 - 2 * waited, burstsPerSecond: 1 / 1800 };
  }
  if (at >= day.regularClose) return { activity: 0.015, swing: 0.2, spread: 5, burstsPerSecond: 1 / 3600 };
  const sinceOpen = (at - day.regularOpen) / 60;
  const toClose = (day.regularClose - at) / 60;
  const opening = Math.exp(-sinceOpen / 45);
  const closing = Math.exp(-toClose / 25);
  return {
    activity: 0.28 + 0.72 * opening + 0.5 * closing,
    swing: 0.52 + 0.58 * opening + 0.1 * closing,
    spread: 1 + 1.2 * Math.exp(-sinceOpen / 12),
    burstsPerSecond: 1 / 420 + opening / 240,
  };
}

function poisson(random: Random, expected: number): number {
  if (expected <= 0) return 0;
  if (expected > 30) return Math.max(0, Math.round(expected + Math.sqrt(expected) * random.normal()));
  const floor = Math.exp(-expected);
  let n = 0;
  for (let product = random.next(); product > floor; product *= random.next()) n++;
  return n;
}
