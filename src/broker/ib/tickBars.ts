/**
 * Minute bars of the symbols for which the broker streams none: built from their lasts and day volumes, given out two seconds
 * after the minute, when late prints of it have come. Pure; a minute without a trade has no bar.
 */
export interface MinuteBar {
  start: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

const minuteMs = 60_000;
const graceMs = 2000;

export class TickBars {
  private readonly building = new Map<string, MinuteBar[]>();
  private readonly volumes = new Map<string, number>();

  /** A downloaded bar of a minute that still runs: what happened in it before the first tick. */
  seed(symbol: string, bar: MinuteBar): void {
    const bars = this.barsOf(symbol);
    const built = bars.find(({ start }) => start === bar.start);
    if (!built) {
      bars.push({ ...bar });
      bars.sort((a, b) => a.start - b.start);
      return;
    }
    built.open = bar.open;
    built.high = Math.max(built.high, bar.high);
    built.low = Math.min(built.low, bar.low);
    built.volume += bar.volume;
  }

  trade(symbol: string, t: number, last: number): void {
    const bar = this.barAt(symbol, t);
    if (!bar) return;
    if (bar.open === 0) bar.open = bar.high = bar.low = last;
    bar.high = Math.max(bar.high, last);
    bar.low = Math.min(bar.low, last);
    bar.close = last;
  }

  /** `volume` is the day's so far. The first one heard, and a lower one, only count from there. */
  volume(symbol: string, t: number, volume: number): void {
    const before = this.volumes.get(symbol);
    this.volumes.set(symbol, volume);
    const bar = before !== undefined && volume > before ? this.barAt(symbol, t) : undefined;
    if (bar && before !== undefined) bar.volume += volume - before;
  }

  /** Complete bars by now, oldest first. */
  due(t: number): { symbol: string; bar: MinuteBar }[] {
    const done: { symbol: string; bar: MinuteBar }[] = [];
    for (const [symbol, bars] of this.building)
      for (let bar = bars[0]; bar && bar.start + minuteMs + graceMs <= t; bar = bars[0]) {
        bars.shift();
        if (bar.open > 0) done.push({ symbol, bar });
      }
    return done;
  }

  forget(symbol: string): void {
    this.building.delete(symbol);
    this.volumes.delete(symbol);
  }

  private barsOf(symbol: string): MinuteBar[] {
    const bars = this.building.get(symbol) ?? [];
    this.building.set(symbol, bars);
    return bars;
  }

  private barAt(symbol: string, t: number): MinuteBar {
    const bars = this.barsOf(symbol);
    const start = Math.floor(t / minuteMs) * minuteMs;
    const known = bars.find(bar => bar.start === start);
    if (known) return known;
    const bar = { start, open: 0, high: 0, low: 0, close: 0, volume: 0 };
    bars.push(bar);
    return bar;
  }
}
