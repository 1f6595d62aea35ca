/**
 * A change of targets.txt in trading terms, before it counts: clips, ladders, rung prices, money at risk by class, and what
 * would fire at once. It also says whether the change raises the money at risk, which on a live account needs a yes
 * (docs/strategy.md section 8). It computes with the strategy's own functions and decides about no order.
 */
import { Ladder, RUNG_CLIPS, RUNGS } from '../strategy/ladder';
import type { Settings } from '../strategy/settings';
import { allowance, clipUsd, type Allowance, type Budget } from '../strategy/sizing';
import { DEFAULT_BANDS, Ticks } from '../strategy/ticks';
import type { Target } from '../targets/resolve';
import type { SessionSnapshot } from '../shared/protocol';
import { basePercent, clock, dollars, price } from './format';

/** One version of the file, as far as it counts. */
export interface Version {
  readonly targets: readonly Target[];
  readonly config: Budget;
}

/** What is known of a symbol besides its line. */
export interface KnownSymbol {
  readonly last: number | null;
  readonly reference: number | null;
  readonly z: number;
  readonly layers: number;
  readonly override: { readonly buy: number | null; readonly sell: number | null } | null;
  /** The broker refuses it, so it takes no share of the budget. */
  readonly isFailed: boolean;
}

export interface SymbolChange {
  readonly symbol: string;
  /** `budget`: its line is the same, its share of the money is not. */
  readonly kind: 'added' | 'removed' | 'changed' | 'budget';
  /** `clip $750 to $1,500`, `buy 0.60 to 0.40`. */
  readonly words: readonly string[];
  /** USD; 0 where there is no line. */
  readonly clip: { readonly before: number; readonly after: number };
  /** All seven rungs before rounding up to whole shares, USD. */
  readonly ladder: { readonly before: number; readonly after: number };
  /** Rung prices where a reference is known and they differ. */
  readonly rungs: readonly RungChange[];
}

export interface RungChange {
  /** `L1` to `L7`, `U1` to `U7`. */
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
}

export interface ChangePreview {
  readonly symbols: readonly SymbolChange[];
  /** The most that can be bought, USD; `all` is capped by the effective equity. */
  readonly atRisk: readonly {
    readonly name: 'risky' | 'safe' | 'all';
    readonly before: number;
    readonly after: number;
  }[];
  /** Orders that would go at once and would not by the version before. */
  readonly fires: readonly string[];
  readonly raisesRisk: boolean;
}

export const knownOf = (snapshot: SessionSnapshot | null): ReadonlyMap<string, KnownSymbol> =>
  new Map(
    (snapshot?.symbols ?? []).map(({ symbol, last, reference, z, layers, override, state }) => [
      symbol,
      { last, reference, z, layers, override, isFailed: state === 'failed' },
    ]),
  );

export function previewChange(
  before: Version,
  after: Version,
  known: ReadonlyMap<string, KnownSymbol>,
  settings: Settings,
  /** What is known afterwards, where an override changes. */
  knownAfter = known,
): ChangePreview {
  const old = new Side(before, known, settings);
  const next = new Side(after, knownAfter, settings);
  const names = [...new Set([...after.targets, ...before.targets].map(({ symbol }) => symbol))];
  const symbols = names.flatMap(symbol => symbolChange(symbol, old, next) ?? []);
  const atRisk = (['risky', 'safe', 'all'] as const).map(name => ({
    name,
    before: old.atRisk(name),
    after: next.atRisk(name),
  }));
  const firing = new Set(old.fires());
  const fires = next.fires().filter(each => !firing.has(each));
  const raisesRisk =
    atRisk.some(each => isMore(each.before, each.after)) ||
    isMore(old.allowed.effectiveEquity, next.allowed.effectiveEquity) ||
    CLASSES.some(name => isMore(old.allowed.classBudget[name], next.allowed.classBudget[name])) ||
    symbols.some(
      each =>
        each.kind !== 'budget' &&
        (isMore(each.clip.before, each.clip.after) || isMore(each.ladder.before, each.ladder.after)),
    ) ||
    fires.some(each => each.startsWith('buy')) ||
    symbols.some(each => next.touched(each.symbol) > Math.max(old.touched(each.symbol), next.layers(each.symbol)));
  return { symbols, atRisk, fires, raisesRisk };
}

/** Message 13 of the drawings: the modal question on a live account. */
export function changeQuestion(preview: ChangePreview, account: string): string {
  const named = preview.symbols.filter(each => each.kind !== 'budget' && each.words.length > 0);
  const budgets = preview.atRisk.filter(each => each.name !== 'all' && isMore(each.before, each.after));
  const parts =
    named.length > 0
      ? named.slice(0, 3).map(each => `${each.symbol} ${each.words.join(', ')}`)
      : budgets.map(each => `${each.name} ${dollars(each.before)} to ${dollars(each.after)}`);
  const more = named.length > 3 ? ` and ${named.length - 3} more` : '';
  const what = parts.length === 0 ? 'the budgets grow' : `${parts.join('; ')}${more}`;
  return `This change raises the money at risk on ${account}: ${what}. ${firesSentence(preview)}`;
}

/** The whole difference for the log and the preview, in lines. */
export function previewText(preview: ChangePreview, head: string): string {
  if (preview.symbols.length === 0 && !preview.atRisk.some(each => differs(each.before, each.after))) {
    return `${head}\n\nNothing that is traded changes.`;
  }
  const changed = preview.symbols.filter(each => each.kind !== 'budget').flatMap(symbolLines);
  const budget = preview.symbols.filter(each => each.kind === 'budget').flatMap(symbolLines);
  const risk = preview.atRisk.map(
    each => `  ${each.name.padEnd(6)}${dollars(each.before).padStart(12)}${dollars(each.after).padStart(12)}`,
  );
  return [
    head,
    '',
    ...changed,
    ...(budget.length === 0 ? [] : ['By the budget, their lines are the same:', ...budget]),
    '',
    `Money at risk ${'before'.padStart(6)}${'after'.padStart(12)}`,
    ...risk,
    '',
    `${firesSentence(preview)}${preview.raisesRisk ? ' The money at risk rises.' : ''}`,
  ].join('\n');
}

/** What the difference is measured against, and when. */
export const previewHead = (snapshot: SessionSnapshot | null): string =>
  snapshot === null
    ? 'Changes of targets.txt against the saved file, no session'
    : `Changes of targets.txt against what is in force · ${snapshot.mode} ${snapshot.accountTail} · ${clock(snapshot.t)} ET`;

const CLASSES = ['risky', 'safe'] as const;
const CLIPS = RUNG_CLIPS.reduce((sum, factor) => sum + factor, 0);
const TICKS = new Ticks(DEFAULT_BANDS);
/** Less than a dollar is rounding. */
const isMore = (before: number, after: number): boolean => after > before + 1;
const differs = (before: number, after: number): boolean => Math.abs(after - before) > 1;

/** One version with its sums. */
class Side {
  readonly allowed: Allowance;
  private readonly bySymbol: ReadonlyMap<string, Target>;

  constructor(
    private readonly version: Version,
    private readonly known: ReadonlyMap<string, KnownSymbol>,
    private readonly settings: Settings,
  ) {
    this.bySymbol = new Map(version.targets.map(target => [target.symbol, target]));
    const count = (name: 'risky' | 'safe') => this.traded.filter(target => target.class === name).length;
    this.allowed = allowance(version.config, { risky: count('risky'), safe: count('safe') }, settings);
  }

  target(symbol: string): Target | undefined {
    return this.bySymbol.get(symbol);
  }

  /** USD of rung 1; by the price at which a clip is neither widened nor narrowed while none is known. */
  clip(symbol: string): number {
    const target = this.bySymbol.get(symbol);
    if (target === undefined || this.known.get(symbol)?.isFailed === true) return 0;
    const last = this.known.get(symbol)?.last ?? this.settings['sizing.clipPriceReference'];
    return clipUsd(this.allowed.tickerBudget[target.class], target.class, last, target.clip, this.settings);
  }

  /** In force: an override hides what the line says. */
  percent(symbol: string, side: 'buy' | 'sell'): number {
    return this.known.get(symbol)?.override?.[side] ?? this.bySymbol.get(symbol)?.[side] ?? NaN;
  }

  ladderUsd(symbol: string): number {
    return this.clip(symbol) * CLIPS;
  }

  atRisk(name: 'risky' | 'safe' | 'all'): number {
    if (name === 'all') return Math.min(this.allowed.effectiveEquity, this.atRisk('risky') + this.atRisk('safe'));
    const most = this.allowed.tickerBudget[name] * this.settings['sizing.tickerFactor'];
    const sum = this.traded
      .filter(target => target.class === name)
      .reduce((total, { symbol }) => total + Math.min(most, this.ladderUsd(symbol)), 0);
    return Math.min(this.allowed.classBudget[name], sum);
  }

  /** Null while no reference is known. */
  ladder(symbol: string): Ladder | null {
    const target = this.bySymbol.get(symbol);
    const known = this.known.get(symbol);
    if (target === undefined || known === undefined || known.reference === null) return null;
    const ladder = new Ladder();
    const [buy, sell] = [this.percent(symbol, 'buy'), this.percent(symbol, 'sell')];
    ladder.update(known.reference, known.z, buy, sell, target.class, TICKS);
    return ladder;
  }

  /** Buy rungs that last has reached: bought as soon as z is above 0. */
  touched(symbol: string): number {
    const last = this.known.get(symbol)?.last ?? null;
    return last === null ? 0 : (this.ladder(symbol)?.touched(last) ?? 0);
  }

  layers(symbol: string): number {
    return this.known.get(symbol)?.layers ?? 0;
  }

  /** What the rung prices and z alone would let go now; the other conditions of an order are not asked. */
  fires(): string[] {
    return this.traded.flatMap(({ symbol }) => {
      const ladder = this.ladder(symbol);
      const known = this.known.get(symbol);
      if (ladder === null || known === undefined || known.last === null) return [];
      const { last, z, layers } = known;
      if (z > 0 && ladder.touched(last) > layers) return [`buy L${layers + 1} of ${symbol}`];
      if (z < 0 && layers > 0 && ladder.hit(last) > 0) return [`sell of ${symbol}`];
      return [];
    });
  }

  private get traded(): readonly Target[] {
    return this.version.targets.filter(({ symbol }) => this.known.get(symbol)?.isFailed !== true);
  }
}

function symbolChange(symbol: string, old: Side, next: Side): SymbolChange | null {
  const [before, after] = [old.target(symbol), next.target(symbol)];
  const clip = { before: old.clip(symbol), after: next.clip(symbol) };
  const ladder = { before: old.ladderUsd(symbol), after: next.ladderUsd(symbol) };
  const rungs = rungChanges(old.ladder(symbol), next.ladder(symbol));
  const money = [
    ...(differs(clip.before, clip.after) ? [`clip ${dollars(clip.before)} to ${dollars(clip.after)}`] : []),
    ...(differs(ladder.before, ladder.after)
      ? [`full ladder ${dollars(ladder.before)} to ${dollars(ladder.after)}`]
      : []),
  ];
  const base = { symbol, clip, ladder, rungs };
  if (before === undefined) {
    return {
      ...base,
      kind: 'added',
      words: [`is new, clip ${dollars(clip.after)}, full ladder ${dollars(ladder.after)}`],
    };
  }
  if (after === undefined) {
    return { ...base, kind: 'removed', words: ['is no longer listed: no buys, exits go on until it is flat'] };
  }
  const [oldBuy, newBuy] = [old.percent(symbol, 'buy'), next.percent(symbol, 'buy')];
  const [oldSell, newSell] = [old.percent(symbol, 'sell'), next.percent(symbol, 'sell')];
  const fields = [
    ...(before.class === after.class ? [] : [`class ${before.class} to ${after.class}`]),
    ...(oldBuy === newBuy ? [] : [`buy ${basePercent(oldBuy)} to ${basePercent(newBuy)}`]),
    ...(oldSell === newSell ? [] : [`sell ${basePercent(oldSell)} to ${basePercent(newSell)}`]),
  ];
  const isChanged = fields.length > 0 || before.clip !== after.clip;
  if (!isChanged && money.length === 0) return null;
  return { ...base, kind: isChanged ? 'changed' : 'budget', words: [...fields, ...money] };
}

function rungChanges(before: Ladder | null, after: Ladder | null): RungChange[] {
  const changes: RungChange[] = [];
  for (const side of ['buys', 'sells'] as const) {
    for (let rung = 0; rung < RUNGS; rung++) {
      const [old, next] = [before?.[side][rung] ?? null, after?.[side][rung] ?? null];
      if (old !== next) changes.push({ name: `${side === 'buys' ? 'L' : 'U'}${rung + 1}`, before: old, after: next });
    }
  }
  return changes;
}

function symbolLines({ symbol, words, rungs, kind }: SymbolChange): string[] {
  const lines = [`${symbol}  ${words.join(', ')}`];
  if (kind === 'removed' || rungs.length === 0) return lines;
  const row = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(6)}${cells.map(cell => cell.padStart(10)).join('')}`;
  for (const letter of ['L', 'U']) {
    const side = rungs.filter(each => each.name.startsWith(letter));
    if (side.length === 0) continue;
    lines.push(
      row(
        '',
        side.map(each => each.name),
      ),
    );
    if (kind !== 'added')
      lines.push(
        row(
          'before',
          side.map(each => price(each.before)),
        ),
      );
    lines.push(
      row(
        'after',
        side.map(each => price(each.after)),
      ),
    );
  }
  return lines;
}

function firesSentence({ fires }: ChangePreview): string {
  return fires.length === 0 ? 'Nothing would fire at once.' : `Would fire at once: ${fires.join(', ')}.`;
}
