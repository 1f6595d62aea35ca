/**
 * Market data on its way from the simulated market to whoever has subscribed: contracts, bars and ticks, over a gateway that
 * may have lost IB or its data farm.
 */
import type { PortEvent } from '../../src/broker/port';
import type { EngineEvent } from '../../src/engine/events';
import { at, dayOf, HOURS } from './days';
import type { Gateway, Line } from './gateway';
import type { Market } from './market';
import type { Random } from './random';
import type { VirtualClock } from './virtualClock';

export class Feed {
  private readonly subscribed = new Map<Line, Set<string>>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly gateway: Gateway,
    private readonly markets: ReadonlyMap<string, Market>,
  ) {}

  drive(market: Market): void {
    const { clock } = this;
    const step = (): void => {
      const quote = market.next(clock.now);
      if (clock.now >= market.quietUntil)
        this.publish(market.symbol, { ...quote, ...market.missing, halted: market.isHalted ? 1 : 0 });
      clock.after(market.isFrozen ? 2000 : 400 + ((quote.volume * 7) % 400), step);
    };
    clock.after(500, step);
  }

  private publish(symbol: string, values: Omit<Extract<EngineEvent, { type: 'tick' }>, 't' | 'type' | 'symbol'>): void {
    const { gateway } = this;
    const { line } = gateway;
    if (line === null || !gateway.hasIb || !gateway.isFarmUp || this.subscribed.get(line)?.has(symbol) !== true) return;
    line.toClient(() => line.hear({ type: 'engine', event: { t: 0, type: 'tick', symbol, ...values } }));
  }

  subscribe(line: Line, symbol: string): void {
    const { clock, random } = this;
    const market = this.markets.get(symbol);
    if (market === undefined) return;
    const tell = (event: EngineEvent): void =>
      line.toClient(() => line.hear({ type: 'engine', event } satisfies PortEvent));
    line.toGateway(() => {
      const symbols = this.subscribed.get(line) ?? new Set();
      this.subscribed.set(line, symbols.add(symbol));
      tell({ t: 0, type: 'contract', symbol, ticks: [[0, 0.0001], [1, 0.01]], hours: HOURS }); // prettier-ignore
      tell({ t: 0, type: 'dataType', symbol, value: 1 });
      tell({ t: 0, type: 'download', symbol, state: 'started' });
      clock.after(random.between(50, 900), () => {
        const close = market.base;
        const day = dayOf(clock.now);
        for (const start of [at(9, 0, day), at(9, 1, day), at(9, 40, day), at(9, 41, day), at(9, 58, day)]) {
          if (start + 60_000 <= clock.now)
            tell({ t: 0, type: 'bar', symbol, start, open: close, high: close, low: close, close, volume: 100 });
        }
        tell({ t: 0, type: 'download', symbol, state: 'finished' });
        tell({ t: 0, type: 'tick', symbol, close });
      });
    });
  }
}
