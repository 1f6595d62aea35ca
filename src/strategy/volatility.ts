/**
 * The volume-weighted volatility z-score of §3: increments of last × volume per bucket, and how far the newest lies from
 * those before it. Fed with ticks and bucket closes in time order; it reads no clock.
 */

/** After more than this without any tick of the symbol, what follows is a new base (§3). */
const TICK_GAP_MS = 15_000;

export interface VolatilitySettings {
  readonly window: number;
  readonly minimum: number;
  readonly silenceMs: number;
}

export class Volatility {
  /** −6 to +6; 0 while there is too little to tell. */
  z = 0;
  private readonly increments: number[] = [];
  /** Volume that has been counted; only what comes on top makes an increment. */
  private base = NaN;
  private volume = NaN;
  private needsBase = true;
  private lastTickAt = NaN;
  private lastIncrementAt = NaN;
  private badPrintInBucket = false;

  constructor(private readonly settings: VolatilitySettings) {}

  /** Any tick of the symbol, before its volume. */
  onTick(t: number): void {
    if (t - this.lastTickAt > TICK_GAP_MS) this.rebase();
    this.lastTickAt = t;
  }

  /** Cumulative day volume in shares. */
  onVolume(volume: number): void {
    if (this.needsBase || !(volume >= this.volume)) this.base = volume;
    this.needsBase = false;
    this.volume = volume;
  }

  onBadPrint(): void {
    this.badPrintInBucket = true;
  }

  /** After a (re)connect or a farm fault: the next volume heard only sets the base. */
  rebase(): void {
    this.needsBase = true;
  }

  /** A bucket ends at `t` with this last accepted price (NaN before the first). */
  closeBucket(t: number, last: number): void {
    const volume = this.volume - this.base;
    if (volume > 0 && !this.badPrintInBucket && last > 0) this.add(last * volume, t);
    this.base = this.volume;
    this.badPrintInBucket = false;
  }

  /** At every whole second, after the buckets. */
  onSecond(t: number): void {
    if (this.z !== 0 && t - this.lastIncrementAt >= this.settings.silenceMs) this.z = 0;
  }

  /** The regular open, after the bucket that ends there. */
  empty(): void {
    this.increments.length = 0;
    this.z = 0;
  }

  private add(x: number, t: number): void {
    const window = this.increments;
    this.lastIncrementAt = t;
    // The window holds the newest, x included: what x is measured against is one fewer.
    while (window.length >= this.settings.window) window.shift();
    this.z = window.length >= this.settings.minimum ? score(x, window) : 0;
    window.push(x);
  }
}

/** (x − mean)/sample deviation, clamped to ±6; plain sums, oldest first, two passes. */
function score(x: number, window: readonly number[]): number {
  const n = window.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += window[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = window[i]! - mean;
    squares += d * d;
  }
  const deviation = Math.sqrt(squares / (n - 1));
  return deviation > 1e-9 ? Math.min(6, Math.max(-6, (x - mean) / deviation)) : 0;
}
