/** The z-score: what is an increment, what is none, the window, and when z goes back to 0. */
import { equal } from 'node:assert/strict';
import { Volatility } from '../../../src/strategy/volatility';

/** Seconds with a volume each, `100` = 100 shares more; other letters are what happens in that second. */
class Feed {
  readonly volatility: Volatility;
  t = 1_000_000;
  volume = 10_000;

  constructor(window = 120, minimum = 3, silence = 15) {
    this.volatility = new Volatility({ window, minimum, silenceMs: silence * 1000 });
  }

  /** The first volume only sets the base. */
  begin(): this {
    return this.tick(0).close();
  }

  tick(shares: number): this {
    this.volatility.onTick(this.t);
    this.volume += shares;
    this.volatility.onVolume(this.volume);
    return this;
  }

  close(last = 10): this {
    this.t += 1000;
    this.volatility.closeBucket(this.t, last);
    this.volatility.onSecond(this.t);
    return this;
  }

  /** Seconds with these shares each. */
  seconds(...shares: number[]): this {
    for (const n of shares) this.tick(n).close();
    return this;
  }

  /** Seconds without a tick. */
  silent(seconds: number): this {
    for (let n = 0; n < seconds; n++) this.close();
    return this;
  }

  get z(): number {
    return Math.round(this.volatility.z * 1e6) / 1e6;
  }
}

const feed = (...shares: number[]): Feed => new Feed().begin().seconds(...shares);

describe('strategy: volatility', () => {
  it('needs the minimum of earlier increments', () => {
    equal(feed(100, 200).z, 0);
    equal(feed(100, 200, 300).z, 0);
    equal(feed(100, 200, 300, 400).z, 2);
  });

  it('measures against those before, by the sample deviation', () => {
    equal(feed(100, 200, 300, 250).z, 0.5);
    equal(feed(100, 200, 300, 100).z, -1);
    // Increments are USD: the price weighs too.
    const priced = new Feed().begin();
    priced.tick(100).close(10).tick(100).close(20).tick(100).close(30).tick(100).close(40);
    equal(priced.z, 2);
  });

  it('clamps to ±6', () => {
    equal(feed(100, 101, 102, 1_000_000).z, 6);
    equal(feed(10_000, 10_001, 10_002, 1).z, -6);
  });

  it('is 0 when all before are equal', () => equal(feed(100, 100, 100, 900).z, 0));

  it('is the plain two-pass deviation, to the bit', () => {
    const shares = [310, 120, 77, 540, 410, 333, 198];
    const last = 27.16;
    const made = new Feed().begin();
    for (const n of shares) made.tick(n).close(last);
    const xs = shares.map(n => last * n);
    const before = xs.slice(0, -1);
    let sum = 0;
    for (const x of before) sum += x;
    const mean = sum / before.length;
    let squares = 0;
    for (const x of before) squares += (x - mean) * (x - mean);
    equal(made.volatility.z, (xs[xs.length - 1]! - mean) / Math.sqrt(squares / (before.length - 1)));
  });

  it('keeps the newest increments, x included', () => {
    // A window of 4: x is measured against 3. The 5000 has left when the fifth comes.
    const made = new Feed(4, 3).begin().seconds(5000, 100, 200, 300, 400);
    equal(made.z, 2);
    const wider = new Feed(5, 3).begin().seconds(5000, 100, 200, 300, 400);
    equal(wider.z < 0, true);
  });

  it('sums what comes within one bucket', () => {
    const made = feed(100, 200, 300);
    made.tick(150).tick(250).close();
    equal(made.z, 2);
  });

  it('a bucket without more volume changes nothing', () => {
    const made = feed(100, 200, 300, 400);
    made.seconds(0, 0, 0);
    equal(made.z, 2);
    equal(made.seconds(250).z, 0);
  });

  it('is 0 from 15 s after the last increment', () => {
    const made = feed(100, 200, 300, 400).seconds(...Array<number>(14).fill(0));
    equal(made.z, 2);
    equal(made.seconds(0).z, 0);
    // The window is still there.
    equal(made.seconds(1000).z > 0, true);
  });

  it('the silence is a setting', () => {
    const made = new Feed(120, 3, 5).begin().seconds(100, 200, 300, 400, 0, 0, 0, 0);
    equal(made.z, 2);
    equal(made.seconds(0).z, 0);
  });

  it('empties at the open', () => {
    const made = feed(100, 200, 300, 400);
    made.volatility.empty();
    equal(made.z, 0);
    equal(made.seconds(100, 200, 300).z, 0);
    equal(made.seconds(400).z, 2);
  });

  describe('no increment', () => {
    /** z after three increments, what happens, and 400 more shares: 2 if those alone are counted. */
    const after = (happens: (made: Feed) => unknown, shares = 400): number => {
      const made = feed(100, 200, 300);
      happens(made);
      return made.seconds(shares).z;
    };

    it('the first volume after start', () => {
      const made = new Feed().seconds(100_000, 100, 200, 300, 400);
      equal(made.z, 2);
    });

    it('the first volume after a reconnect or a fault', () => {
      equal(
        after(made => (made.volatility.rebase(), made.seconds(77_777))),
        2,
      );
    });

    it('volume heard in the bucket of the reconnect', () => {
      equal(
        after(made => {
          made.tick(5_000);
          made.volatility.rebase();
          made.tick(5_000).close();
        }),
        2,
      );
    });

    it('the first volume after more than 15 s without a tick', () => {
      // Ticks come at the start of a second: 16 s after the last of the three.
      equal(
        after(made => made.silent(15).seconds(77_777)),
        2,
      );
    });

    it('15 s without a tick are not more than 15 s', () => {
      equal(after(made => made.silent(14).seconds(77_777)) < 2, true);
    });

    it('a tick without volume is a tick', () => {
      const made = feed(100, 200, 300).silent(10);
      made.volatility.onTick(made.t);
      equal(made.silent(10).seconds(400).z, 2);
    });

    it('a volume lower than before: the new base, and what follows counts', () => {
      equal(
        after(made => made.seconds(-9_000)),
        2,
      );
    });

    it('a lower volume inside a bucket', () => {
      const made = feed(100, 200, 300);
      made.tick(5_000).tick(-9_000).tick(400).close();
      equal(made.z, 2);
    });

    it('volume in a bucket with a bad print, before or after it', () => {
      equal(
        after(made => (made.volatility.onBadPrint(), made.seconds(5_000))),
        2,
      );
      equal(
        after(made => {
          made.tick(5_000);
          made.volatility.onBadPrint();
          made.close();
        }),
        2,
      );
    });

    it('volume before the first last', () => {
      const made = new Feed().begin().tick(5_000).close(NaN).seconds(100, 200, 300, 400);
      equal(made.z, 2);
    });
  });
});
