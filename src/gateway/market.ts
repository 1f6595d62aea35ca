// The market: every stock that somebody has asked for, with its quote, its last print, its day's numbers and its bars. It
// steps the models second by second and tells the exchange and the data lines who moved. It executes nothing.

import { addDays, newYorkTime, tradingDay, tradingDayFrom, type ExchangeDate, type TradingDay } from './calendar';
import { BookSide } from './book';
import { DayModel, type DayPath, type MarketModel } from './dayModel';
import { MinuteBars, type Bar } from './minuteBars';
import { instrumentOn, shapeOf, type DayShape, type MarketKind } from './marketKinds';
import { randomFor } from './random';
import { stepAt, type Units } from './prices';
import { TapeModel, type Tape, type TapeSymbol } from './tape';
import type { Instrument } from './instruments';

export interface MarketOptions {
  readonly seed: number;
  /** The first simulated day: each stock has its listed price at 04:00 of it. */
  readonly date: ExchangeDate;
  /** Epoch milliseconds at which the gateway begins; what lies before is history and is made in whole seconds. */
  readonly startsAt: number;
  readonly ticksPerSecond: number;
  /** What the first day and those after it are like. */
  readonly market: MarketKind;
  /** Played in place of the day model. */
  readonly tape?: Tape | undefined;
}

/** Seconds of a step on days before the first: nobody sees their ticks, and a hundred stocks have to be there at once. */
const pastStep = 5;

export type Halt = 0 | 1 | 2;

/** One stock as the market shows it now. Undefined: not known today (no print yet, no quote). */
export class SymbolMarket {
  readonly bids = new BookSide(false);
  readonly asks = new BookSide(true);
  last: Units | undefined;
  lastSize = 0;
  lastTime = 0;
  volume = 0;
  open: Units | undefined;
  high: Units | undefined;
  low: Units | undefined;
  previousClose: Units;
  halted: Halt = 0;
  /** Grows with every change: data lines compare it before they look closer. */
  version = 0;

  private date: ExchangeDate | undefined;
  private day: TradingDay | undefined;
  private model: MarketModel | undefined;
  private bars = new MinuteBars();
  private reached: number;
  private regularClose: Units | undefined;

  constructor(
    readonly instrument: Instrument,
    private readonly history: History,
    private readonly options: MarketOptions,
    now: number,
  ) {
    this.reached = tradingDayStart(options.startsAt);
    this.previousClose = history.closeBefore(newYorkTime(this.reached / 1000).date);
    this.advance(Math.min(now, options.startsAt), 1000);
    this.advance(now, 1000 / options.ticksPerSecond);
  }

  get bid(): Units | undefined {
    return this.bids.price;
  }

  get ask(): Units | undefined {
    return this.asks.price;
  }

  /** The price that a position is valued at. */
  get mark(): Units {
    return this.last ?? this.previousClose;
  }

  get todaysBars(): readonly Bar[] {
    return this.bars.bars;
  }

  /** Moves to `to` (epoch ms) in steps of `stepMs`. */
  advance(to: number, stepMs: number): void {
    while (this.reached + stepMs <= to) {
      this.reached += stepMs;
      this.step(this.reached / 1000, stepMs / 1000);
    }
  }

  /** A print: of the model, or of an order that the exchange executed. */
  print(at: number, price: Units, shares: number, lastShares: number, prints: number): void {
    this.bars.add(at, price, shares, prints);
    this.last = price;
    this.lastSize = lastShares;
    this.lastTime = Math.floor(at);
    this.volume += shares;
    if (this.day && this.day.regularOpen <= at && at < this.day.regularClose) {
      this.open ??= price;
      this.high = Math.max(this.high ?? price, price);
      this.low = Math.min(this.low ?? price, price);
      this.regularClose = price;
    }
    this.version++;
  }

  /** A halted stock neither trades nor moves; its last quote is gone until it trades again. */
  setHalt(halt: Halt): void {
    this.halted = halt;
    if (halt !== 0) {
      this.bids.clear();
      this.asks.clear();
    } else if (this.model) {
      const quotes = this.model.fullQuotes();
      this.bids.quote(quotes.bids);
      this.asks.quote(quotes.asks);
    }
    this.version++;
  }

  /** The ask meets the bid, or goes below it, until the market quotes that side anew. */
  disturb(how: 'locked' | 'crossed'): void {
    const { bid } = this;
    if (bid === undefined) return;
    const step = stepAt(this.instrument.rule, bid);
    this.asks.moveBest(how === 'locked' ? bid : Math.max(step, bid - 2 * step));
    this.version++;
  }

  /** Shares have been taken from the book: the displayed sizes changed. */
  touched(): void {
    this.version++;
  }

  // The step that ends at `at` belongs to the time before it: a print made in it is stamped just inside it, so that its
  // minute's bar is complete when the next minute begins.
  private step(at: number, dt: number): void {
    const inside = at - dt / 2;
    if (this.day === undefined || inside >= this.day.extendedClose || this.date === undefined) this.enterDay(inside);
    const day = this.day;
    const isStill = this.halted !== 0 && !this.model?.seesHalts;
    if (!day || !this.model || inside < day.extendedOpen || inside >= day.extendedClose || isStill) {
      if (this.bids.price !== undefined && this.halted === 0) this.closeBook();
      return;
    }
    const made = this.model.step(inside, dt);
    if (made.previousClose !== undefined) this.previousClose = made.previousClose;
    if (made.halted !== undefined && made.halted !== this.halted) this.setHalt(made.halted);
    if (this.halted !== 0) return;
    if (made.bids) this.bids.quote(made.bids);
    if (made.asks) this.asks.quote(made.asks);
    if (made.bids || made.asks) this.version++;
    if (made.print) this.print(inside, made.print.price, made.print.shares, made.print.lastShares, made.print.prints);
  }

  private closeBook(): void {
    this.bids.clear();
    this.asks.clear();
    this.version++;
  }

  private enterDay(at: number): void {
    const date = newYorkTime(at).date;
    if (date === this.date) return;
    this.date = date;
    this.day = tradingDay(date);
    if (!this.day) return;
    if (this.regularClose !== undefined) this.previousClose = this.regularClose;
    this.regularClose = undefined;
    if (this.model) this.history.keep(this.bars);
    this.model = this.history.modelOf(this.day);
    this.bars = new MinuteBars();
    this.open = this.high = this.low = this.last = undefined;
    this.lastSize = this.lastTime = this.volume = 0;
    this.version++;
  }
}

/** The past of one stock: days before the gateway's first one, made when somebody asks. */
class History {
  private readonly made = new Map<ExchangeDate, readonly Bar[]>();
  private readonly tapeModel: TapeModel | undefined;

  constructor(
    private readonly instrument: Instrument,
    private readonly seed: number,
    private readonly anchor: ExchangeDate,
    private readonly kind: MarketKind,
    private readonly tape: TapeSymbol | undefined,
  ) {
    if (!tape) return;
    this.tapeModel = new TapeModel(tape);
    for (const bar of tape.bars) {
      const { date } = newYorkTime(bar.start);
      if (date < anchor) this.made.set(date, [...(this.made.get(date) ?? []), bar]);
    }
  }

  modelOf(day: TradingDay): MarketModel {
    if (this.tapeModel) return this.tapeModel;
    const { symbol } = this.instrument;
    const kind = day.date < this.anchor ? 'usual' : this.kind;
    return new DayModel(
      instrumentOn(kind, this.instrument),
      day,
      this.pathOf(day.date),
      randomFor(this.seed, symbol, day.date),
    );
  }

  keep(bars: MinuteBars): void {
    const first = bars.bars[0];
    if (first) this.made.set(newYorkTime(first.start).date, bars.bars);
  }

  barsOf(date: ExchangeDate): readonly Bar[] {
    const known = this.made.get(date);
    if (known) return known;
    if (this.tapeModel) return [];
    const day = tradingDay(date);
    const bars = new MinuteBars();
    if (day) {
      const model = this.modelOf(day);
      for (let at = day.extendedOpen; at < day.extendedClose; at += pastStep) {
        const { print } = model.step(at + pastStep / 2, pastStep);
        if (print) bars.add(at, print.price, print.shares, print.prints);
      }
    }
    this.made.set(date, bars.bars);
    return bars.bars;
  }

  closeBefore(date: ExchangeDate): Units {
    const day = tradingDayFrom(date, -1);
    const regular = this.barsOf(day.date).filter(bar => day.regularOpen <= bar.start && bar.start < day.regularClose);
    const last = regular[regular.length - 1];
    if (!last && this.tape) return this.firstOfTape(this.tape);
    if (!last)
      throw new Error(`Expected a regular session of ${this.instrument.symbol} on ${day.date}, found no print`);
    return last.close;
  }

  // Day returns are drawn from the date's own stream, so the level of any date is a plain sum, counted from the first
  // simulated day in both directions. A day ends where the next one begins, less the overnight gap.
  private pathOf(date: ExchangeDate): DayPath {
    const startLog = this.startLog(date);
    const next = tradingDayFrom(date, 1).date;
    const endLog = this.startLog(next) - this.draw('gap', next) * this.instrument.character.swing * 0.5;
    return { startLog, endLog, shape: this.shapeOf(date) };
  }

  private startLog(date: ExchangeDate): number {
    let log = Math.log(this.instrument.character.price);
    for (let at = date; at < this.anchor; at = addDays(at, 1)) log -= this.dayReturn(at);
    for (let at = this.anchor; at < date; at = addDays(at, 1)) log += this.dayReturn(at);
    return log;
  }

  private dayReturn(date: ExchangeDate): number {
    if (!tradingDay(date)) return 0;
    const { trend, gap, crash } = this.shapeOf(date);
    return this.draw('return', date) * this.instrument.character.swing + (trend + gap + crash);
  }

  private firstOfTape({ ticks }: TapeSymbol): Units {
    const fields = ticks.map(tick => tick.fields);
    const close = fields.find(one => one['close'] !== undefined)?.['close'];
    return Math.round((close ?? fields.find(one => one['last'] !== undefined)?.['last'] ?? 0) * 10_000);
  }

  private shapeOf(date: ExchangeDate): DayShape {
    return shapeOf(date < this.anchor ? 'usual' : this.kind, this.seed, this.instrument.symbol, date);
  }

  private draw(what: string, date: ExchangeDate): number {
    return randomFor(this.seed, this.instrument.symbol, what, date).normal();
  }
}

export class Market {
  private readonly symbols = new Map<string, SymbolMarket>();
  private readonly histories = new Map<string, History>();

  constructor(private readonly options: MarketOptions) {}

  /** The stock, followed from now on. */
  of(instrument: Instrument, now: number): SymbolMarket {
    let found = this.symbols.get(instrument.symbol);
    if (!found) {
      found = new SymbolMarket(instrument, this.historyOf(instrument), this.options, now);
      this.symbols.set(instrument.symbol, found);
    }
    return found;
  }

  followed(): Iterable<SymbolMarket> {
    return this.symbols.values();
  }

  advance(to: number): void {
    const stepMs = 1000 / this.options.ticksPerSecond;
    for (const symbol of this.symbols.values()) symbol.advance(to, stepMs);
  }

  /** Minute bars of a whole exchange date; of today, as far as it has come. */
  barsOf(instrument: Instrument, date: ExchangeDate, now: number): readonly Bar[] {
    const today = newYorkTime(now / 1000).date;
    if (date > today) return [];
    if (date === today) return this.of(instrument, now).todaysBars.filter(bar => newYorkTime(bar.start).date === date);
    return this.historyOf(instrument).barsOf(date);
  }

  private historyOf(instrument: Instrument): History {
    let found = this.histories.get(instrument.symbol);
    if (!found) {
      const { seed, date, market, tape } = this.options;
      found = new History(instrument, seed, date, market, tape?.symbols.get(instrument.symbol));
      this.histories.set(instrument.symbol, found);
    }
    return found;
  }
}

// 04:00 of the day in New York, or midnight when that is not a trading day, so that the first step enters the day.
function tradingDayStart(atMs: number): number {
  const { date, hour, minute, second } = newYorkTime(Math.floor(atMs / 1000));
  const day = tradingDay(date);
  const midnight = Math.floor(atMs / 1000) - hour * 3600 - minute * 60 - second;
  return Math.min(day ? day.extendedOpen : midnight, Math.floor(atMs / 1000)) * 1000;
}
