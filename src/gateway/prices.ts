// Prices as whole numbers of a ten-thousandth of a dollar, the finest step a US stock is quoted in: sums, comparisons and
// commissions are then exact. Text goes in and out here and nowhere else.

/** A price or an amount of money in 1/10000 USD. */
export type Units = number;

export const unitsPerDollar = 10_000;

/** From each lower edge on, the step that prices move in; both in units, edges ascending. */
export interface TickBand {
  readonly from: Units;
  readonly step: Units;
}

export interface MarketRule {
  readonly id: number;
  readonly bands: readonly TickBand[];
}

export const marketRules: readonly MarketRule[] = [
  { id: 26, bands: [{ from: 0, step: 100 }] },
  {
    id: 635,
    bands: [
      { from: 0, step: 1 },
      { from: unitsPerDollar, step: 100 },
    ],
  },
];

export function marketRule(id: number): MarketRule | undefined {
  return marketRules.find(rule => rule.id === id);
}

export function stepAt(rule: MarketRule, price: Units): Units {
  let step = rule.bands[0]?.step ?? 100;
  for (const band of rule.bands) {
    if (price >= band.from) step = band.step;
  }
  return step;
}

/** The finest step of a rule: what contract details call minTick. */
export function finestStep(rule: MarketRule): Units {
  return Math.min(...rule.bands.map(band => band.step));
}

/** Plain decimal text, as short as it goes: 12.6, not 12.6000. */
export function priceText(units: Units): string {
  return String(units / unitsPerDollar);
}

/** Two decimals, as account values are sent. */
export function moneyText(units: Units): string {
  return (units / unitsPerDollar).toFixed(2);
}

export type PriceReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'offGrid'; readonly price: number }
  | { readonly kind: 'price'; readonly units: Units };

/** A price as a client wrote it. Binary noise such as 0.30000000000000004 is off the grid, as it is at the exchange. */
export function readPrice(text: string, rule: MarketRule): PriceReading {
  if (text === '' || text === '1.7976931348623157E308') return { kind: 'absent' };
  const match = /^(\d{1,9})(?:\.(\d{0,30}))?(?:[eE][+-]?0+)?$/.exec(text);
  if (!match) return { kind: 'invalid' };
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > 4) return { kind: 'offGrid', price: Number(text) };
  const units = Number(match[1]) * unitsPerDollar + Number(fraction.padEnd(4, '0'));
  if (units === 0) return { kind: 'absent' };
  if (units % stepAt(rule, units) !== 0) return { kind: 'offGrid', price: Number(text) };
  return { kind: 'price', units };
}
