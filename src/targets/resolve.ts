/**
 * From a text to what the bot trades: at start, and again at each change while a session runs. It remembers what was
 * in force, so that a line with a mistake goes on with its last good version and a removed symbol is known for winding
 * down. It knows nothing of positions: who holds what, and until when to wind down, is the caller's.
 */
import { parseTargets } from './parse';
import type { Finding } from './findings';
import type { SymbolClass } from './schema';
import { checkTargets, type BaseBudget, type CheckedSymbol, type CheckedTargets, type CheckOptions } from './validate';

export type Target = {
  symbol: string;
  class: SymbolClass;
  buy: number;
  sell: number;
  /** Fixed clip of rung 1 in USD; null: computed. */
  clip: number | null;
  /** Counted from 0, of the text in force; for an invalid line that of the line that stands there now. */
  line: number;
};

export type NotInForce = {
  kind: 'symbol' | 'config';
  /** null for @config and where the first word is no ticker. */
  symbol: string | null;
  line: number;
  reasons: Finding[];
  /** What is in force for that ticker instead: the last good version, for a duplicate the first line's. */
  running: Target | null;
};

export type TargetsInForce = {
  config: { equity: number; risky: number; safe: number };
  /** The part of config that the file itself gives. */
  configFound: { equity?: number; risky?: number; safe?: number };
  /** In the order of the file, which is the order of evaluation. */
  targets: Target[];
  notInForce: NotInForce[];
  /** No longer listed, with the last known line, until listed again; the caller winds them down. */
  removed: Target[];
};

export type TargetsChange =
  /** Newly listed, or listed again after its removal. */
  | { type: 'added'; target: Target }
  | { type: 'changed'; before: Target; after: Target }
  | { type: 'removed'; target: Target }
  | { type: 'config'; before: TargetsInForce['config']; after: TargetsInForce['config'] };

export type TargetsStart =
  { ok: true; value: TargetsInForce; findings: readonly Finding[] } | { ok: false; findings: readonly Finding[] };

export type TargetsUpdate = { value: TargetsInForce; findings: readonly Finding[]; changes: TargetsChange[] };

/** An invalid @config refuses the start; an invalid symbol line is not traded. */
export const startTargets = (text: string, base: BaseBudget, options?: CheckOptions): TargetsStart =>
  startChecked(checkTargets(parseTargets(text), base, options), base);

/** The same from what has been judged already. */
export function startChecked({ findings, symbols, config }: CheckedTargets, base: BaseBudget): TargetsStart {
  if (!config.isValid) return { ok: false, findings };
  const value = resolveSymbols(symbols, NOTHING_BEFORE);
  return {
    ok: true,
    findings,
    value: { config: merge(base, config.written), configFound: { ...config.written }, ...value, removed: [] },
  };
}

/**
 * What a changed text means for a running session. What is not accepted leaves its last good version in force: a
 * symbol's by its ticker, at the place where the invalid line stands; @config as a whole. A ticker that is listed again
 * after its removal, but on an invalid line, stays removed: winding down is the safer of the two.
 */
export function updateTargets(
  previous: TargetsInForce,
  text: string,
  base: BaseBudget,
  options?: CheckOptions,
): TargetsUpdate {
  const { findings, symbols, config: checked } = checkTargets(parseTargets(text), base, options);
  const before = new Map(previous.targets.map(target => [target.symbol, target]));
  const { targets, notInForce } = resolveSymbols(symbols, before);
  if (!checked.isValid) {
    const reasons = [...checked.findings];
    notInForce.unshift({ kind: 'config', symbol: null, line: checked.line, reasons, running: null });
  }
  const config = checked.isValid ? merge(base, checked.written) : { ...previous.config };
  const configFound = checked.isValid ? { ...checked.written } : { ...previous.configFound };

  const now = new Set(targets.map(target => target.symbol));
  const gone = previous.targets.filter(target => !now.has(target.symbol));
  const removed = [...previous.removed.filter(target => !now.has(target.symbol)), ...gone];

  const changes: TargetsChange[] = [];
  if (!isSameConfig(previous.config, config)) changes.push({ type: 'config', before: previous.config, after: config });
  for (const after of targets) {
    const earlier = before.get(after.symbol);
    if (earlier === undefined) changes.push({ type: 'added', target: after });
    else if (!isSameTarget(earlier, after)) changes.push({ type: 'changed', before: earlier, after });
  }
  for (const target of gone) changes.push({ type: 'removed', target });
  return { value: { config, configFound, targets, notInForce, removed }, findings, changes };
}

const NOTHING_BEFORE: ReadonlyMap<string, Target> = new Map();

function resolveSymbols(
  symbols: readonly CheckedSymbol[],
  before: ReadonlyMap<string, Target>,
): Pick<TargetsInForce, 'targets' | 'notInForce'> {
  const targets: Target[] = [];
  const notInForce: NotInForce[] = [];
  const running = new Map<string, Target>();
  for (const { line, symbol, isDuplicate, values, errors } of symbols) {
    // The first line of a ticker counts, be it valid or not: a later one never takes its place.
    if (symbol !== null && !isDuplicate) {
      const last = before.get(symbol);
      const target = values !== null ? { symbol, ...values, line } : last === undefined ? null : { ...last, line };
      if (target !== null) {
        targets.push(target);
        running.set(symbol, target);
      }
    }
    if (values === null) {
      const instead = symbol === null ? null : (running.get(symbol) ?? null);
      notInForce.push({ kind: 'symbol', symbol, line, reasons: [...errors], running: instead });
    }
  }
  return { targets, notInForce };
}

const merge = (base: BaseBudget, written: Partial<BaseBudget>): TargetsInForce['config'] => ({
  equity: written.equity ?? base.equity,
  risky: written.risky ?? base.risky,
  safe: written.safe ?? base.safe,
});

const isSameConfig = (left: TargetsInForce['config'], right: TargetsInForce['config']): boolean =>
  left.equity === right.equity && left.risky === right.risky && left.safe === right.safe;

/** A line that only moved is the same target. */
const isSameTarget = (left: Target, right: Target): boolean =>
  left.class === right.class && left.buy === right.buy && left.sell === right.sell && left.clip === right.clip;
