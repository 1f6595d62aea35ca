/**
 * A made-up market for replays: a hundred symbols in regular hours, a thousand ticks a second, two ticks in five with a new
 * last, prices that wander around their reference so that rungs are touched and sold. The same number gives the same events.
 */
import { Engine } from '../../src/engine/engine';
import type { EngineEvent } from '../../src/engine/events';
import { Replay, type ReplaySinks } from '../../src/replay/replay';
import { DEFAULT_SETTINGS, type Settings } from '../../src/strategy/settings';
import { startTargets, type TargetsInForce } from '../../src/targets/resolve';

export const SYMBOLS = 100;
const TICKS_PER_SECOND = 10;
const OPEN = Date.parse('2026-11-18T14:30:00Z');
const CLOSE = Date.parse('2026-11-18T21:00:00Z');
const BASE = { equity: 10_000_000, risky: 0.6, safe: 0.4 };
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, 'limits.buysPerMinute': 60 };

interface Stock {
  readonly symbol: string;
  /** In ticks of a cent. */
  readonly middle: number;
  price: number;
  half: number;
  volume: number;
}

/** One after the other, as many as asked for each time. A day has 23.4 million; then the next one begins. */
export class Market {
  private readonly stocks: Stock[];
  private state: number;
  private n = 0;

  constructor(seed = 7) {
    this.state = seed;
    this.stocks = Array.from({ length: SYMBOLS }, (_, index) => {
      const middle = 1000 + Math.floor(this.random() * 19_000);
      return { symbol: nameOf(index), middle, price: middle, half: halfOf(middle), volume: 10_000 };
    });
  }

  /** What a session hears before the market opens. */
  opening(): EngineEvent[] {
    return this.stocks.flatMap(({ symbol, middle, half, volume }) => {
      const t = OPEN - 120_000;
      const price = middle / 100;
      const bars = Array.from({ length: 20 }, (_, minute): EngineEvent => {
        const start = OPEN - (30 - minute) * 60_000;
        return { t, type: 'bar', symbol, start, open: price, high: price, low: price, close: price, volume: 500 };
      });
      const bid = (middle - half) / 100;
      const ask = (middle + half) / 100;
      return [
        { t, type: 'contract', symbol, ticks: [[0, 0.0001], [1, 0.01]], hours: [[OPEN, CLOSE]] }, // prettier-ignore
        ...bars,
        { t, type: 'tick', symbol, last: price, bid, ask, volume, close: price },
      ];
    });
  }

  events(count: number): EngineEvent[] {
    return Array.from({ length: count }, () => this.next());
  }

  private next(): EngineEvent {
    const n = this.n++;
    const t = OPEN + 1000 + Math.floor((n * 1000) / (SYMBOLS * TICKS_PER_SECOND));
    const stock = this.stocks[n % SYMBOLS]!;
    const { symbol } = stock;
    const chance = this.random();
    if (chance < 0.4) {
      this.wander(stock);
      return { t, type: 'tick', symbol, last: stock.price / 100, lastSize: 100 };
    }
    if (chance < 0.6) return { t, type: 'tick', symbol, bid: (stock.price - stock.half) / 100, bidSize: 300 };
    if (chance < 0.8) return { t, type: 'tick', symbol, ask: (stock.price + stock.half) / 100, askSize: 300 };
    stock.volume += 50 + Math.floor(this.random() * 400);
    return { t, type: 'tick', symbol, volume: stock.volume };
  }

  /** A step always changes the price; the further from the middle, the likelier it is to turn back. */
  private wander(stock: Stock): void {
    const reach = stock.middle * 0.02;
    const pull = (stock.middle - stock.price) / reach;
    const up = this.random() < 0.5 + 0.2 * pull;
    const step = 1 + Math.floor(this.random() * Math.max(1, stock.middle / 2000));
    stock.price += up ? step : -step;
  }

  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let z = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** An engine as a live session has it, ready to trade from the first event. */
export function newEngine(): Engine {
  const targets = targetsInForce();
  const assumeReady = { linked: true };
  return new Engine({ settings: SETTINGS, targets, base: BASE, sessionId: 'bench', durable: null, assumeReady });
}

export function newReplay(sinks: ReplaySinks): Replay {
  const targets = targetsInForce();
  const tape = { hasLink: false, recorded: false, fills: 'model', latencyMs: 0 } as const;
  return new Replay({ settings: SETTINGS, targets, base: BASE, ...tape }, sinks);
}

/** Journal, rows and decisions to memory: counted, and let go. */
export class MemorySinks implements ReplaySinks {
  lines = 0;
  bytes = 0;
  readonly decision = (line: string): void => this.count(line);
  readonly fill = (line: string): void => this.count(line);
  readonly pnl = (line: string): void => this.count(line);
  readonly journal = (line: string): void => this.count(line);

  private count(line: string): void {
    this.lines++;
    this.bytes += line.length;
  }
}

function targetsInForce(): TargetsInForce {
  const line = (index: number): string =>
    `${nameOf(index)} class=${index % 2 === 0 ? 'risky buy=0.15 sell=0.2' : 'safe buy=0.25 sell=0.3'}`;
  const start = startTargets(Array.from({ length: SYMBOLS }, (_, index) => line(index)).join('\n'), BASE);
  if (!start.ok) throw new Error('The targets of the bench are invalid');
  return start.value;
}

function nameOf(index: number): string {
  return `S${String(index).padStart(2, '0')}`;
}

function halfOf(middle: number): number {
  return Math.max(1, Math.round(middle / 4000));
}
