/** Lanes, heartbeat, clocks and tick bars, each on a clock of the test's own. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { GatewayClock, SystemClock } from '../../../src/broker/ib/clock';
import { Heartbeat } from '../../../src/broker/ib/heartbeat';
import { Lanes } from '../../../src/broker/ib/lanes';
import { TickBars } from '../../../src/broker/ib/tickBars';

describe('lanes', () => {
  const make = (isLockstep = false) => {
    const timers: { at: number; action(): void }[] = [];
    const world = { now: 0, sent: [] as string[], run: (_to: number): void => undefined };
    const lanes = new Lanes({
      clock: () => world.now,
      later: (ms, action) => void timers.push({ at: world.now + ms, action }),
      isLockstep,
    });
    world.run = to => {
      for (;;) {
        const next = timers.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.splice(timers.indexOf(next), 1);
        world.now = Math.max(world.now, next.at);
        next.action();
      }
      world.now = to;
    };
    const order = (name: string): boolean =>
      lanes.order(
        () => world.sent.push(name),
        () => world.sent.push(`${name} expired`),
      );
    const request = (name: string): void => lanes.request(() => world.sent.push(name));
    return { lanes, world, order, request };
  };

  it('let an order pass everything that waits', () => {
    const { world, order, request } = make();
    for (let i = 0; i < 40; i++) request(`r${i}`);
    ok(order('order'));
    equal(world.sent.indexOf('order'), 30, 'thirty requests went at once, the rest waits');
    world.run(1000);
    equal(world.sent.length, 41);
  });

  it('never send more than 50 messages in any second', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ after: fc.nat(400), n: fc.integer({ min: 1, max: 60 }), isOrder: fc.boolean() }), {
          maxLength: 12,
        }),
        steps => {
          const { lanes, world } = make();
          const times: number[] = [];
          for (const { after, n, isOrder } of steps) {
            world.run(world.now + after);
            for (let i = 0; i < n; i++)
              if (isOrder)
                lanes.order(
                  () => times.push(world.now),
                  () => undefined,
                );
              else lanes.request(() => times.push(world.now));
          }
          world.run(world.now + 60_000);
          for (const [i, t] of times.entries()) {
            const inSecond = times.filter((other, j) => j >= i && other < t + 1000).length;
            ok(inSecond <= 50, `${inSecond} in a second`);
          }
        },
      ),
    );
  });

  it('let an order wait for two seconds at most, and say that it was not sent', () => {
    const { world, order } = make();
    for (let i = 0; i < 200; i++) order(`o${i}`);
    world.run(10_000);
    equal(
      world.sent.filter(name => name.endsWith('expired')).length,
      200 - world.sent.filter(name => !name.endsWith('expired')).length,
    );
    ok(world.sent.some(name => name.endsWith('expired')));
    equal(world.sent.slice(0, 45).join(), Array.from({ length: 45 }, (_, i) => `o${i}`).join());
  });

  it('drop what waits with the connection', () => {
    const { lanes, world, order } = make();
    for (let i = 0; i < 100; i++) order(`o${i}`);
    lanes.drop();
    world.run(10_000);
    equal(world.sent.length, 45);
  });

  it('let no order wait for a simulated second that waits for the order', () => {
    const { world, order } = make(true);
    for (let i = 0; i < 100; i++) ok(order(`o${i}`));
    equal(world.sent.length, 100);
  });

  it('are quiet for a second after the gateway has complained, but for orders', () => {
    const { lanes, world, order, request } = make();
    lanes.backOff();
    request('r');
    order('o');
    deepEqual(world.sent, ['o']);
    world.run(1100);
    deepEqual(world.sent, ['o', 'r']);
  });
});

describe('heartbeat', () => {
  const make = () => {
    const world = { now: 0, asks: 0, dead: 0, lastFrameAt: 0 };
    const heartbeat = new Heartbeat({
      ask: () => world.asks++,
      lastFrameAt: () => world.lastFrameAt,
      dead: () => world.dead++,
      now: () => world.now,
    });
    heartbeat.stop(); // the test ticks
    const tick = (from: number, to: number): void => {
      for (let s = from; s <= to && world.dead === 0; s++) {
        world.now = s * 1000;
        heartbeat.tick();
      }
    };
    return { world, tick };
  };

  it('finds a silent connection within 15 seconds', () => {
    const { world, tick } = make();
    tick(1, 14);
    deepEqual([world.asks, world.dead], [1, 1]);
  });
  it('finds a gateway that streams and does not answer', () => {
    const { world, tick } = make();
    for (let s = 1; s < 34; s++) {
      world.lastFrameAt = s * 1000;
      tick(s, s);
    }
    equal(world.dead, 0);
    tick(34, 35);
    equal(world.dead, 1);
  });
  it('does not blame the gateway for a process that slept', () => {
    const { world, tick } = make();
    tick(1, 5);
    tick(3600, 3600);
    equal(world.dead, 0);
    tick(3601, 3606);
    equal(world.dead, 0, 'what came meanwhile is read first');
    tick(3607, 3620);
    equal(world.dead, 1);
  });
});

describe('clocks', () => {
  const options = () => {
    const heard: string[] = [];
    const waits: (() => void)[] = [];
    return {
      heard,
      waits,
      parts: {
        ask: () => void heard.push('ask'),
        later: (_ms: number, action: () => void) => void waits.push(action),
        second: (t: number) => void heard.push(`second ${t}`),
        apart: (seconds: number) => void heard.push(`apart ${seconds}`),
      },
    };
  };

  it('of the gateway: one question a second, however often the session is ready', () => {
    const { heard, parts } = options();
    const clock = new GatewayClock(parts);
    clock.ready();
    clock.answer(100);
    clock.start();
    clock.ready();
    clock.ready();
    clock.answer(101);
    clock.answer(102);
    deepEqual(heard, ['ask', 'ask', 'second 101000']);
    equal(clock.now(), 101_000);
  });
  it('of the gateway: the same second again is asked again, not told, and never falls', () => {
    const { heard, waits, parts } = options();
    const clock = new GatewayClock(parts);
    clock.ready();
    clock.answer(100);
    clock.start();
    clock.ready();
    clock.answer(100);
    clock.answer(99);
    waits.shift()?.();
    clock.answer(101);
    deepEqual(heard, ['ask', 'ask', 'ask', 'second 101000']);
  });
  it('of the system: over two seconds apart is said once, until both agree again', () => {
    const { heard, parts } = options();
    const clock = new SystemClock(parts);
    const answer = (offset: number): void => {
      clock.ask();
      clock.answer(Math.floor(Date.now() / 1000) - offset);
    };
    for (const offset of [0, 1, 5, 5, 0, -4]) answer(offset);
    deepEqual(
      heard.filter(text => text !== 'ask').map(text => Math.abs(Number(text.split(' ')[1])) >= 3),
      [true, true],
    );
  });
});

describe('tick bars', () => {
  it('have no bar for a minute without a trade, and forget a volume that falls', () => {
    const bars = new TickBars();
    bars.volume('A', 0, 500);
    bars.trade('A', 1000, 10);
    bars.volume('A', 2000, 100);
    bars.volume('A', 3000, 150);
    bars.volume('A', 61_000, 160);
    bars.trade('A', 125_000, 11);
    deepEqual(bars.due(61_999), []);
    deepEqual(bars.due(62_000), [
      { symbol: 'A', bar: { start: 0, open: 10, high: 10, low: 10, close: 10, volume: 50 } },
    ]);
    deepEqual(bars.due(1e6), [
      { symbol: 'A', bar: { start: 120_000, open: 11, high: 11, low: 11, close: 11, volume: 0 } },
    ]);
  });
  it('go on from the downloaded part of the minute', () => {
    const bars = new TickBars();
    bars.trade('A', 30_000, 10);
    bars.seed('A', { start: 0, open: 9, high: 12, low: 8, close: 9.5, volume: 70 });
    bars.trade('A', 40_000, 13);
    deepEqual(bars.due(62_000)[0]?.bar, { start: 0, open: 9, high: 13, low: 8, close: 13, volume: 70 });
  });
  it('hold every price between low and high', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1 }), prices => {
        const bars = new TickBars();
        prices.forEach((price, i) => bars.trade('A', i, price / 100));
        const bar = bars.due(62_000)[0]?.bar;
        deepEqual(
          bar && [bar.open, bar.high, bar.low, bar.close],
          [prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1)].map(price => (price ?? 0) / 100),
        );
      }),
    );
  });
});
