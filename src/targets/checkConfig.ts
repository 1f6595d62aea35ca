/**
 * What all @config lines of a file say together, over what holds below them: keys once in the file, shares that leave
 * each other room. An unknown directive is judged here too, since a mistyped @config must not pass for none.
 */
import { acceptedNumber, checkFields, KeyNames, spanOf, specOf, type FieldContext } from './checkFields';
import type { Finding } from './findings';
import { nearestName } from './names';
import { writeNumber } from './numbers';
import { isSpaced, type DirectiveLine, type FieldNode, type TargetsDoc } from './parse';
import { DIRECTIVES, isConfigKey, type ConfigKey } from './schema';

/** Equity and class shares in force where the file says nothing: a setting, the environment or the default. */
export type BaseBudget = { readonly equity: number; readonly risky: number; readonly safe: number };

export type CheckedConfig = {
  readonly findings: readonly Finding[];
  /** What the file itself gives, as far as it is accepted. */
  readonly written: Partial<BaseBudget>;
  /** Where the first directive that is not accepted stands; 0 when the shares below the file do not fit each other. */
  readonly line: number;
  readonly isValid: boolean;
};

type Share = 'risky' | 'safe';
type Placed = { readonly field: FieldNode; readonly line: number; readonly value: number | null };

export function checkConfig(doc: TargetsDoc, base: BaseBudget): CheckedConfig {
  const directives = doc.lines.filter(line => line.kind === 'directive');
  const lines = directives.filter(isConfig);
  const names = new KeyNames(lines.map(line => line.fields));
  const placed = placeFirst(lines);
  const inForce = (key: ConfigKey): number => placed[key]?.value ?? base[key];
  const allows: FieldContext['allows'] = (key, value) => {
    if (key !== 'risky' && key !== 'safe') return true;
    return (value ?? base[key]) + inForce(key === 'risky' ? 'safe' : 'risky') <= 1;
  };

  const findings: Finding[] = [];
  const written: Partial<Record<ConfigKey, number>> = {};
  const seen: FieldContext['seen'] = {};
  for (const line of directives) {
    if (!isConfig(line)) {
      findings.push(unknownDirective(line, names, placed, base));
      continue;
    }
    const context = { scope: 'config', line: line.line, before: line.name.end, names, seen, allows } as const;
    const fields = checkFields(line.fields, { ...context, found: findings });
    for (const key of ['risky', 'safe', 'equity'] as const) {
      const value = fields[key];
      if (value !== undefined) written[key] = value;
    }
  }
  const isReadable = (key: Share): boolean => placed[key] === undefined || placed[key].value !== null;
  if (isReadable('risky') && isReadable('safe') && inForce('risky') + inForce('safe') > 1) {
    findings.push(sumFinding(inForce('risky'), inForce('safe'), placed));
  }
  return { findings, written, line: findings[0]?.line ?? 0, isValid: findings.length === 0 };
}

const isConfig = (line: DirectiveLine): boolean => line.name.text === '@config';

/** The first field of each key: later ones are duplicates and count for nothing. */
function placeFirst(lines: readonly DirectiveLine[]): { [Key in ConfigKey]?: Placed } {
  const placed: { [Key in ConfigKey]?: Placed } = {};
  for (const line of lines) {
    for (const field of line.fields) {
      if (field.key.kind !== 'word' || !isConfigKey(field.key.text)) continue;
      const spec = specOf('config', field.key.text);
      if (spec?.kind === 'number')
        placed[field.key.text] ??= { field, line: line.line, value: acceptedNumber(spec, field) };
    }
  }
  return placed;
}

function sumFinding(risky: number, safe: number, placed: { [Key in Share]?: Placed }): Finding {
  const base = { code: 'config/sum', severity: 'error', risky, safe, sum: plainSum(risky, safe) } as const;
  const [earlier, later] = inOrder(placed);
  if (later === null) return { ...base, at: { start: 0, end: 0 }, line: 0, fix: null };
  const isOneLine = earlier !== null && earlier.line === later.line;
  const at = { start: (isOneLine ? earlier : later).field.start, end: later.field.end };
  const key: Share = later === placed.risky ? 'risky' : 'safe';
  const text = rest(key === 'risky' ? safe : risky);
  const fix = text === null ? null : { key, at: spanOf(later.field.value), text };
  return { ...base, at, line: later.line, fix };
}

function inOrder({ risky, safe }: { [Key in Share]?: Placed }): [earlier: Placed | null, later: Placed | null] {
  if (risky === undefined || safe === undefined) return [null, risky ?? safe ?? null];
  return risky.field.start < safe.field.start ? [risky, safe] : [safe, risky];
}

/** The sum as a person adds, 0.7 + 0.6 = 1.3, unless that would hide that it is over 1. */
function plainSum(risky: number, safe: number): number {
  const short = Number((risky + safe).toPrecision(12));
  return short > 1 ? short : risky + safe;
}

/** What one share leaves the other, written short where that still fits. */
function rest(share: number): string | null {
  if (1 < share) return null;
  const short = Number((1 - share).toPrecision(12));
  return writeNumber(short + share <= 1 ? short : 1 - share);
}

function unknownDirective(
  line: DirectiveLine,
  names: KeyNames,
  placed: { [Key in ConfigKey]?: Placed },
  base: BaseBudget,
): Finding {
  const name = line.name.text;
  const nearest = nearestName(name, DIRECTIVES);
  const fits = nearest !== null && fitsAsConfig(line, names, placed, base);
  return { code: 'directive/unknown', severity: 'error', at: spanOf(line.name), line: line.line, name, nearest, fits };
}

function fitsAsConfig(
  line: DirectiveLine,
  names: KeyNames,
  placed: { [Key in ConfigKey]?: Placed },
  base: BaseBudget,
): boolean {
  const own: { [Key in ConfigKey]?: number } = {};
  for (const field of line.fields) {
    const name = field.key.kind === 'word' ? field.key.text : '';
    const spec = specOf('config', name);
    if (spec?.kind !== 'number' || !isConfigKey(name) || names.has(name) || isSpaced(field)) return false;
    const value = acceptedNumber(spec, field);
    if (value === null || own[name] !== undefined) return false;
    own[name] = value;
  }
  const inForce = (key: Share): number => own[key] ?? placed[key]?.value ?? base[key];
  return inForce('risky') + inForce('safe') <= 1;
}
