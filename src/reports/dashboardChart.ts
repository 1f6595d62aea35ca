/**
 * What the price chart and the small price lines draw: bars in exchange seconds, the levels across them, the fills on them.
 * Lines say by their form what colour repeats: solid is held or hit, dashed is next, dotted and short are the others.
 */
import type { Spark } from '../shared/dashboard';
import type { DashboardChart, Level, Marker } from '../shared/dashboardDetail';
import type { SymbolChart, SymbolDetail, SymbolSpark } from '../shared/protocol';
import { newYorkOffset, SECOND_MS } from '../strategy/exchangeTime';
import { averageCost, clock, price, shares } from './format';

export function dashboardChart(chart: SymbolChart): DashboardChart {
  const { symbol, decimals, starts, opens, highs, lows, closes, references, regularFrom } = chart;
  const first = starts.findIndex(start => start >= regularFrom);
  return {
    symbol,
    decimals,
    times: starts.map(exchangeSeconds),
    opens,
    highs,
    lows,
    closes,
    references,
    regularFrom: first < 0 ? starts.length : first,
  };
}

/** Seconds since 1970 as if the exchange's wall clock were UTC. */
export const exchangeSeconds = (t: number): number => Math.floor((t + newYorkOffset(t)) / SECOND_MS);

export function levelsOf(detail: SymbolDetail): Level[] {
  const { buys, sells, reference, averageCost: average, hardStop, trailStop, last, decimals } = detail;
  const buysSince = detail.fills.filter(fill => fill.side === 'BUY' && fill.rung !== undefined).map(fill => fill.t);
  const heldSince = Math.min(...buys.flatMap(rung => rung.boughtAt ?? []));
  const from = Number.isFinite(heldSince) ? exchangeSeconds(heldSince) : null;
  const newest = buysSince.length > 0 ? exchangeSeconds(Math.max(...buysSince)) : from;
  const rung = (letter: 'L' | 'U', each: { rung: number; price: number; state: string }): Level[] =>
    each.price > 0
      ? [
          {
            kind: letter === 'L' ? 'buy' : 'sell',
            name: `${letter}${each.rung}`,
            price: each.price,
            text: price(each.price, decimals),
            line: each.state === 'held' || each.state === 'hit' ? 'solid' : each.state === 'next' ? 'dashed' : 'dotted',
            from: null,
          },
        ]
      : [];
  const level = (
    kind: Level['kind'],
    name: string,
    at: number | null,
    line: Level['line'],
    since: number | null,
  ): Level[] => (at === null ? [] : [{ kind, name, price: at, text: price(at, decimals), line, from: since }]);
  return [
    ...buys.flatMap(each => rung('L', each)),
    ...sells.flatMap(each => rung('U', each)),
    ...level('reference', 'Ref', reference, 'none', null),
    ...(average === null
      ? []
      : [
          {
            kind: 'average' as const,
            name: 'Avg',
            price: average,
            text: averageCost(average),
            line: 'solid' as const,
            from,
          },
        ]),
    ...level('stop', 'Stop', hardStop, 'dashDot', from),
    ...level('trail', 'Trail', trailStop, 'dashDot', newest),
    ...level('last', 'Last', last, 'none', null),
  ];
}

export function markersOf({ fills, decimals }: SymbolDetail): Marker[] {
  return fills.flatMap(({ t, side, qty, price: paid, rung }) => {
    if (rung === undefined || qty <= 0) return [];
    const isBuy = side === 'BUY';
    return [
      {
        time: exchangeSeconds(t),
        price: Number(paid),
        side: isBuy ? ('buy' as const) : ('sell' as const),
        rung: rung > 0 ? String(rung) : '',
        text: `${clock(t)} ${isBuy ? 'bought' : 'sold'} ${shares(qty)} at ${price(Number(paid), decimals)}`,
      },
    ];
  });
}

/** Shares of the height, so that the page draws without knowing prices. */
export function sparkView({ closes, reference }: SymbolSpark): Spark {
  const all = reference === null ? closes : [...closes, reference];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const height = high > low ? high - low : 1;
  const at = (value: number) => Math.round(((high - value) / height) * 1000) / 1000;
  return { closes: closes.map(at), reference: reference === null ? null : at(reference) };
}
