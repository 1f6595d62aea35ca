/**
 * Chance for the simulation: small, fast, and the same on every machine. Streams of one seed are independent of each other, so
 * that taking a fault away leaves the market and everything else as it was.
 */
export class Random {
  private state: number;

  constructor(seed: number, stream = '') {
    let hash = 2166136261 ^ seed;
    for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 16777619);
    this.state = Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
    for (let i = 0; i < 4; i++) this.next();
  }

  /** 0 or more, under 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  }

  /** About normal, mean 0 and deviation 1: good enough for prices. */
  bell(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * 1.732;
  }
}
