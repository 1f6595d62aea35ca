// Seeded random numbers for the market model: one independent stream for each name, so that a symbol's path depends on
// the seed and on itself alone. Not for anything that must be unpredictable.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal. */
  normal(): number;
  /** Whole number in [low, high]. */
  between(low: number, high: number): number;
}

/** A stream named by its parts: the same parts give the same numbers on every machine. */
export function randomFor(...parts: readonly (string | number)[]): Random {
  const hash = hashText(parts.join('\u0001'));
  return new Xoshiro(hash);
}

/** 32-bit FNV-1a over UTF-16 code units, mixed once more so that near names lie far apart. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

// xoshiro128**, seeded by splitmix32. Only 32-bit integer operations, +, ×, and the elementary functions of `normal`.
class Xoshiro implements Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spare: number | undefined;

  constructor(seed: number) {
    let state = seed >>> 0;
    const splitmix = (): number => {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    this.a = splitmix();
    this.b = splitmix();
    this.c = splitmix();
    this.d = splitmix() | 1;
  }

  next(): number {
    const times5 = Math.imul(this.b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result / 4294967296;
  }

  // Marsaglia's polar method: two normals a round, the second kept. Math.log and Math.sqrt are the same to the bit on one
  // engine; prices are rounded to ticks afterwards, which hides the last bit between engines.
  normal(): number {
    if (this.spare !== undefined) {
      const kept = this.spare;
      this.spare = undefined;
      return kept;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.spare = v * scale;
        return u * scale;
      }
    }
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }
}
