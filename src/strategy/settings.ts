/**
 * Every number and switch that a person may set, in one table: the VS Code settings, the command-line tools and the
 * documentation all read it. It holds defaults, ranges and words; it reads no configuration itself.
 */

/** What one setting is: its range, unit and one sentence. Keys are VS Code setting names without the `dronebot.` prefix. */
export interface SettingSpec {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Only whole numbers are accepted. */
  readonly whole?: true;
  readonly unit: string;
  readonly text: string;
  /** Section of docs/strategy.md with the rule. */
  readonly section: string;
}

/** Settings of the strategy that are numbers. */
export const NUMBER_SETTINGS = {
  'volatility.bucketSeconds': whole(1, 1, 60, 's', '§3', 'Length of the buckets in which volume is counted for z.'),
  'volatility.window': whole(
    120,
    21,
    2000,
    'increments',
    '§3',
    'How many increments z looks back on, the newest included.',
  ),
  'volatility.minimum': whole(
    20,
    2,
    1000,
    'increments',
    '§3',
    'How many earlier increments z needs before it is anything but 0.',
  ),
  'volatility.silenceSeconds': whole(15, 1, 600, 's', '§3', 'After this long without an increment z is 0.'),

  'sizing.utilization': num(0.67, 0.01, 1, 'share', '§5', 'Share of the equity that may be in use.'),
  'sizing.shots': num(12, 1, 100, 'clips', '§5', 'A symbol’s budget is divided into this many base clips.'),
  'sizing.riskyClipFactor': num(1.15, 0.1, 5, 'times', '§5', 'Clip factor of risky symbols.'),
  'sizing.safeClipFactor': num(0.85, 0.1, 5, 'times', '§5', 'Clip factor of safe symbols.'),
  'sizing.clipPriceReference': num(
    50,
    1,
    10_000,
    'USD',
    '§5',
    'Price at which a clip is neither widened nor narrowed.',
  ),
  'sizing.minClip': num(100, 1, 1_000_000, 'USD', '§5', 'Smallest computed clip.'),
  'sizing.maxClip': num(6000, 1, 1_000_000, 'USD', '§5', 'Largest computed clip.'),
  'sizing.tickerFactor': num(2.2, 1, 10, 'times', '§5', 'A symbol may cost at most its budget times this.'),

  'layers.buyCooldownSeconds': num(3, 0, 3600, 's', '§6', 'Time between two buy orders of a symbol.'),
  'layers.topUpMinimum': num(200, 0, 100_000, 'USD', '§6', 'A smaller remainder of a rung is let go.'),
  'layers.trimThresholdBp': num(5, 0, 1000, 'bp', '§6', 'The breakeven trim starts this far above average cost.'),
  'layers.trimPercent': num(25, 1, 100, '%', '§6', 'Part of the position that the breakeven trim sells.'),

  'protection.hardStopPercent': num(5, 0.5, 50, '%', '§7', 'The hard stop fires this far below average cost.'),
  'protection.trailArmPercent': num(
    2.5,
    0,
    50,
    '%',
    '§7',
    'The trailing stop is armed this far above average cost; 0 arms it at once.',
  ),
  'protection.trailPercent': num(
    2.5,
    0.1,
    50,
    '%',
    '§7',
    'The trailing stop fires this far below the high-water mark.',
  ),
  'protection.restSeconds': num(
    60,
    0,
    86_400,
    's',
    '§7',
    'After an exit a symbol rests this long before it buys again.',
  ),
  'protection.exitsPerDay': whole(
    2,
    1,
    100,
    'exits',
    '§7',
    'After this many protective exits in a day a symbol buys no more that day.',
  ),
  'protection.badPrintPercent': num(1, 0.1, 50, '%', '§7', 'A last further outside the quote than this is set aside.'),

  'gates.quietSeconds': num(
    10,
    1,
    600,
    's',
    '§7',
    'A symbol without a tick for this long is quiet; a session without any is blind.',
  ),
  'gates.riskySpreadBp': num(
    180,
    1,
    5000,
    'bp',
    '§7',
    'Widest spread for buys of risky symbols; sells accept twice that.',
  ),
  'gates.safeSpreadBp': num(
    80,
    1,
    5000,
    'bp',
    '§7',
    'Widest spread for buys of safe symbols; sells accept twice that.',
  ),
  'gates.referenceBandPercent': num(25, 1, 100, '%', '§7', 'Buys need the reference this close to the previous close.'),
  'gates.minutesBeforeClose': num(0, 0, 390, 'min', '§7', 'No buys in the last minutes before the close.'),

  'orders.beyondRungPercent': num(
    0.5,
    0,
    5,
    '%',
    '§8',
    'A ladder order’s limit lies at most this far beyond its rung.',
  ),
  'limits.orderUsd': num(15_000, 1, 10_000_000, 'USD', '§8', 'Largest order.'),
  'limits.orderShares': whole(10_000, 1, 1_000_000, 'shares', '§8', 'Largest order in shares.'),
  'limits.buysPerMinute': whole(30, 1, 1000, 'orders', '§8', 'Buy orders less than 60 s old, all symbols.'),
  'limits.symbolBuysPerMinute': whole(6, 1, 1000, 'orders', '§8', 'Buy orders less than 60 s old of one symbol.'),
  'limits.fromMidPercent': num(3, 0.1, 50, '%', '§8', 'A buy’s limit price lies at most this far from the mid.'),
  'limits.rejects': whole(3, 1, 100, 'rejects', '§8', 'After this many rejects in a row a symbol’s buys are paused.'),
  'limits.dayLossPercent': num(
    2,
    0.1,
    100,
    '%',
    '§8',
    'The day’s loss, in percent of equity, at which buys stop for the day.',
  ),

  'reports.velocityBp': num(
    15,
    1,
    1000,
    'bp',
    '§10',
    'A symbol is velocity-active when its price moved this much within the time of velocitySeconds.',
  ),
  'reports.velocitySeconds': whole(10, 1, 60, 's', '§10', 'Time over which the velocity of a price is measured.'),
  'reports.lookBackDays': whole(1, 1, 5, 'days', '§10', 'Trading days that the pre-session anchors look back on.'),
  'files.pnlSeconds': whole(5, 1, 3600, 's', '§9', 'Time between two rows of pnl_summary_live.csv.'),
  'files.tapeDays': whole(30, 0, 3650, 'days', '§9', 'Days that tapes are kept; 0 writes none.'),
  'data.liveBarSymbols': whole(
    40,
    0,
    100,
    'symbols',
    '§2',
    'Symbols whose minute bars come from IB; further ones are built from ticks.',
  ),
} as const satisfies Record<string, SettingSpec>;

export type NumberSettingKey = keyof typeof NUMBER_SETTINGS;

/** The settings that the strategy and the engine run with. */
export type Settings = Readonly<Record<NumberSettingKey, number>> & {
  /** Cover a short that appears while the session runs (§7). Off by default. */
  readonly 'protection.antiShort': boolean;
};

export const DEFAULT_SETTINGS: Settings = {
  ...(Object.fromEntries(Object.entries(NUMBER_SETTINGS).map(([key, spec]) => [key, spec.default])) as Record<
    NumberSettingKey,
    number
  >),
  'protection.antiShort': false,
};

/** A setting outside its range, said with what was expected and found. */
export interface SettingProblem {
  readonly key: string;
  readonly found: unknown;
  readonly expected: string;
}

/**
 * Takes what a person set over the defaults. A value outside its range is left at the default and reported:
 * money never runs on a number that nobody meant.
 */
export function readSettings(given: Readonly<Record<string, unknown>>): {
  settings: Settings;
  problems: SettingProblem[];
} {
  const settings: Record<string, number | boolean> = { ...DEFAULT_SETTINGS };
  const problems: SettingProblem[] = [];
  for (const [key, spec] of Object.entries<SettingSpec>(NUMBER_SETTINGS)) {
    const found = given[key];
    if (found === undefined) continue;
    const fits =
      typeof found === 'number' && spec.min <= found && found <= spec.max && (!spec.whole || Number.isInteger(found));
    if (fits) settings[key] = found;
    else
      problems.push({
        key,
        found,
        expected: `${spec.whole ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`,
      });
  }
  const antiShort = given['protection.antiShort'];
  if (typeof antiShort === 'boolean') settings['protection.antiShort'] = antiShort;
  else if (antiShort !== undefined)
    problems.push({ key: 'protection.antiShort', found: antiShort, expected: 'true or false' });
  return { settings: settings as unknown as Settings, problems };
}

function num(value: number, min: number, max: number, unit: string, section: string, text: string): SettingSpec {
  return { default: value, min, max, unit, section, text };
}

function whole(value: number, min: number, max: number, unit: string, section: string, text: string): SettingSpec {
  return { default: value, min, max, whole: true, unit, section, text };
}
