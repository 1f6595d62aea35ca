/**
 * dashboard_overrides.json: base percents that count instead of those of targets.txt, a symbol each. Read when it changes,
 * written atomically when a view sets one. A broken file or value is reported and the last good one stays in force.
 */
import writeFileAtomic from 'write-file-atomic';
import type { OverrideOutcome } from '../shared/protocol';
import { FIELDS } from '../targets/schema';
import { inRange, writeBound } from '../targets/numbers';
import { readText, WatchFile } from './watchFile';

export interface Override {
  buy?: number;
  sell?: number;
}
export type Overrides = Record<string, Override>;

/** What is wrong, as a sentence without a dot. */
export interface OverridesRead {
  overrides: Overrides;
  problems: string[];
}

/** Takes what is good; for a value that is not, what was in force before. */
export function readOverrides(text: string, before: Overrides): OverridesRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return {
      overrides: before,
      problems: [`it is no JSON: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
  if (!isRecord(value)) return { overrides: before, problems: ['expected an object with a ticker each'] };
  const overrides: Overrides = {};
  const problems: string[] = [];
  for (const [name, given] of Object.entries(value)) {
    const symbol = name.toUpperCase();
    if (!isRecord(given)) {
      problems.push(`${symbol}: expected an object with buy and sell, found ${JSON.stringify(given)}`);
      if (before[symbol] !== undefined) overrides[symbol] = before[symbol];
      continue;
    }
    const override: Override = {};
    for (const key of ['buy', 'sell'] as const) {
      const number = given[key];
      if (number === undefined || number === null) continue;
      if (isPercent(key, number)) override[key] = number;
      else {
        problems.push(`${symbol}: ${key} must be ${rangeText(key)} percent, found ${JSON.stringify(number)}`);
        const earlier = before[symbol]?.[key];
        if (earlier !== undefined) override[key] = earlier;
      }
    }
    for (const key of Object.keys(given)) {
      if (key !== 'buy' && key !== 'sell') problems.push(`${symbol}: expected buy or sell, found "${key}"`);
    }
    if (override.buy !== undefined || override.sell !== undefined) overrides[symbol] = override;
  }
  return { overrides, problems };
}

/** A percent that may be in force: views and files are strangers alike. */
export function isPercent(key: 'buy' | 'sell', value: unknown): value is number {
  return typeof value === 'number' && inRange(FIELDS[key], value);
}

export function rangeText(key: 'buy' | 'sell'): string {
  const field = FIELDS[key];
  return `${writeBound(field, field.min)} to ${writeBound(field, field.max ?? Infinity)}`;
}

/** A change as the engine hears it; null takes an override away. */
export interface OverrideChange {
  symbol: string;
  buy: number | null;
  sell: number | null;
}

export function changedOverrides(before: Overrides, after: Overrides): OverrideChange[] {
  const changes: OverrideChange[] = [];
  for (const symbol of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const buy = after[symbol]?.buy ?? null;
    const sell = after[symbol]?.sell ?? null;
    if (buy !== (before[symbol]?.buy ?? null) || sell !== (before[symbol]?.sell ?? null))
      changes.push({ symbol, buy, sell });
  }
  return changes;
}

export interface OverridesFileOptions {
  file: string;
  /**
   * Whether a change may count at once. When not, the gate keeps `accept` and calls it if a person says yes; until then what
   * was in force stays so.
   */
  allows?(change: OverrideChange, before: OverrideChange, accept: () => void): boolean;
  onChange(change: OverrideChange): void;
  onProblem(text: string): void;
}

export class OverridesFile {
  private inForce: Overrides = {};
  private readonly watch: WatchFile;

  constructor(private readonly options: OverridesFileOptions) {
    this.watch = new WatchFile({ file: options.file, known: null, onText: text => this.heard(text) });
  }

  /** Reads the file once, so that the overrides of the last session are in force before the first order. */
  start(): void {
    const text = readText(this.options.file);
    this.watch.remember(text);
    if (text !== null) this.heard(text);
    this.watch.start();
  }

  stop(): void {
    this.watch.stop();
  }

  /** One look now. */
  look(): void {
    this.watch.look();
  }

  /**
   * A view sets, changes or (null) drops an override; undefined leaves a side as it is. What a person has to be asked about is
   * written when the answer is yes.
   */
  set(
    symbol: string,
    change: { buy?: number | null | undefined; sell?: number | null | undefined },
  ): { outcome: OverrideOutcome; text: string } {
    const name = symbol.toUpperCase();
    const override: Override = { ...this.inForce[name] };
    for (const key of ['buy', 'sell'] as const) {
      const value = change[key];
      if (value === undefined) continue;
      if (value === null) delete override[key];
      else if (isPercent(key, value)) override[key] = value;
      else {
        const text = `${name}: ${key} must be ${rangeText(key)} percent, found ${JSON.stringify(value)}`;
        this.options.onProblem(text);
        return { outcome: 'refused', text };
      }
    }
    if (this.mayCount(name, override, () => void this.write(name, override))) return this.write(name, override);
    return { outcome: 'asked', text: 'A person is asked in VS Code first.' };
  }

  private write(name: string, override: Override): { outcome: OverrideOutcome; text: string } {
    const after = withOverride(this.inForce, name, override);
    const text = `${JSON.stringify(after, null, 2)}\n`;
    let problem = '';
    try {
      writeFileAtomic.sync(this.options.file, text);
      this.watch.remember(text);
    } catch (error) {
      problem = `it cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      this.options.onProblem(problem);
    }
    this.apply(after);
    return { outcome: 'taken', text: problem };
  }

  private mayCount(name: string, override: Override, accept: () => void): boolean {
    const [before, after] = [changeTo(name, this.inForce[name]), changeTo(name, override)];
    return this.options.allows?.(after, before, accept) ?? true;
  }

  private heard(text: string | null): void {
    // A file that is taken away takes its overrides along: that is how a person drops them all.
    if (text === null || text.trim() === '') return this.apply({});
    const { overrides, problems } = readOverrides(text, this.inForce);
    for (const problem of problems) this.options.onProblem(problem);
    const before = this.inForce;
    let allowed = overrides;
    for (const { symbol } of changedOverrides(before, overrides)) {
      const wanted = overrides[symbol] ?? {};
      const accept = (): void => this.apply(withOverride(this.inForce, symbol, wanted));
      if (!this.mayCount(symbol, wanted, accept)) allowed = withOverride(allowed, symbol, before[symbol] ?? {});
    }
    this.apply(allowed);
  }

  private apply(after: Overrides): void {
    const changes = changedOverrides(this.inForce, after);
    this.inForce = after;
    for (const change of changes) this.options.onChange(change);
  }
}

function withOverride(overrides: Overrides, symbol: string, override: Override): Overrides {
  const { [symbol]: _, ...others } = overrides;
  const isEmpty = override.buy === undefined && override.sell === undefined;
  return isEmpty ? others : { ...others, [symbol]: override };
}

const changeTo = (symbol: string, override: Override | undefined): OverrideChange => ({
  symbol,
  buy: override?.buy ?? null,
  sell: override?.sell ?? null,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
