/**
 * The one table of what targets.txt may say: keys, units, ranges, defaults and the words for each. Parser, findings,
 * completion, hover, steppers and docs all read it, so a range exists once. It checks nothing itself.
 * The rules are docs/strategy.md section 1.
 */

export const CLASS_NAMES = ['risky', 'safe'] as const;
export type SymbolClass = (typeof CLASS_NAMES)[number];

export type ClassField = {
  readonly key: 'class';
  readonly kind: 'class';
  readonly unit: 'class';
  readonly min: null;
  readonly max: null;
  readonly default: SymbolClass;
  readonly label: string;
  readonly doc: string;
};

export type NumberField = {
  readonly key: 'buy' | 'sell' | 'clip' | 'risky' | 'safe' | 'equity';
  readonly kind: 'number';
  readonly unit: 'percent' | 'USD' | 'share';
  /** The smallest accepted number; with minExclusive the number itself is not accepted. */
  readonly min: number;
  readonly minExclusive?: boolean;
  /** The largest accepted number; null where any finite one is accepted. */
  readonly max: number | null;
  /** null where there is no fixed default: without clip= the clip is computed. */
  readonly default: number | null;
  /** How many decimals a bound or the default is written with. */
  readonly decimals: number;
  readonly label: string;
  readonly doc: string;
};

export type FieldSpec = ClassField | NumberField;

const CLASS: ClassField = {
  key: 'class',
  kind: 'class',
  unit: 'class',
  min: null,
  max: null,
  default: 'risky',
  label: '`risky` or `safe`',
  doc: 'Sets the rung width (5 or 3 times the base percent), the widest spread (180 or 80 bp), the clip factor (1.15 or 0.85) and which share of the equity the symbol draws on.',
};

const BUY: NumberField = {
  key: 'buy',
  kind: 'number',
  unit: 'percent',
  min: 0.1,
  max: 10,
  default: 2,
  decimals: 2,
  label: 'Base percent below the reference',
  doc: 'The anchor rung lies 5 times as far for risky and 3 times for safe, wider when z is above 0.',
};

const SELL: NumberField = {
  key: 'sell',
  kind: 'number',
  unit: 'percent',
  min: 0.1,
  max: 50,
  default: 1.5,
  decimals: 2,
  label: 'Base percent above the reference',
  doc: 'Narrower when z is above 0.',
};

const CLIP: NumberField = {
  key: 'clip',
  kind: 'number',
  unit: 'USD',
  min: 1,
  max: 1_000_000,
  default: null,
  decimals: 0,
  label: 'Fixed first-rung size in USD',
  doc: 'Deeper rungs use 1.2 to 2.3 times as much. Without it the clip follows class, budget and price.',
};

const RISKY: NumberField = {
  key: 'risky',
  kind: 'number',
  unit: 'share',
  min: 0,
  max: 1,
  default: 0.6,
  decimals: 1,
  label: 'Share of the effective equity for all risky symbols together',
  doc: 'With safe it may add up to 1 at most.',
};

const SAFE: NumberField = {
  key: 'safe',
  kind: 'number',
  unit: 'share',
  min: 0,
  max: 1,
  default: 0.4,
  decimals: 1,
  label: 'Share of the effective equity for all safe symbols together',
  doc: 'With risky it may add up to 1 at most.',
};

const EQUITY: NumberField = {
  key: 'equity',
  kind: 'number',
  unit: 'USD',
  min: 0,
  minExclusive: true,
  max: null,
  default: 150_000,
  decimals: 0,
  label: 'Live equity in USD',
  doc: 'Budgets and the day\u2019s loss limit are computed from it; it wins over the setting and over LIVE_EQUITY.',
};

/** The keys of a symbol line, in the order in which they are written. */
export const FIELDS = { class: CLASS, buy: BUY, sell: SELL, clip: CLIP } as const;
export type FieldKey = keyof typeof FIELDS;

/** The keys of `@config`, in the order in which they are written. */
export const CONFIG_FIELDS = { risky: RISKY, safe: SAFE, equity: EQUITY } as const;
export type ConfigKey = keyof typeof CONFIG_FIELDS;

export const DIRECTIVES = ['@config'] as const;

/** What holds for a key that nobody has written. */
export const DEFAULTS = {
  class: CLASS.default,
  buy: 2,
  sell: 1.5,
  clip: null,
  risky: 0.6,
  safe: 0.4,
  equity: 150_000,
} as const satisfies Record<FieldKey | ConfigKey, SymbolClass | number | null>;

export const isFieldKey = (name: string): name is FieldKey => Object.hasOwn(FIELDS, name);
export const isConfigKey = (name: string): name is ConfigKey => Object.hasOwn(CONFIG_FIELDS, name);

/** The file that is offered when a folder has none; the one in the project's root is the same text. */
export const SAMPLE_TARGETS = `# What Dronebot trades: one symbol a line. Point at any word to see what it does.
@config risky=0.6 safe=0.4 equity=150000   # 60 % of the money in use for risky symbols, 40 % for safe ones

RCAT  class=risky buy=0.60 sell=0.60
DPRO  class=risky buy=0.60 sell=0.60
UMAC  class=risky buy=0.60 sell=0.60
AVAV  class=risky buy=0.60 sell=0.60
KTOS  class=safe  buy=0.40 sell=0.50 clip=750   # rung 1 always buys for 750 USD
LPTH  class=safe  buy=0.40 sell=0.50
ONDS  class=risky buy=0.60 sell=0.60
EH    class=safe  buy=0.40 sell=0.50
SPAI  class=risky buy=0.60 sell=0.60

# The first word is the ticker of a US stock. What follows is key=value without spaces, in any order:
#   class   risky or safe: how wide the rungs lie and which share of the money the symbol draws on
#   buy     base percent below the reference price, 0.1 to 10; the anchor rung lies 5 times as deep (safe: 3 times)
#   sell    base percent above it, 0.1 to 50
#   clip    fixed size of rung 1 in USD, 1 to 1000000; without it the size follows budget, class and price
# Left out, class is risky, buy is 2.0 and sell is 1.5. That is wide: the deeper rungs then lie beyond the hard stop.
# Numbers are digits with an optional point: 0.6, not 0,6 and not 60%.
# A hash at the start of a line or after a space starts a comment. A saved change counts at once, also while trading.
`;
