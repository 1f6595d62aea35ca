/**
 * The fields of one line against their table: known keys once each, each with a value of its kind and range. Symbol
 * lines and @config share it; what lines mean together (tickers, class shares) their own modules judge.
 */
import type { Finding, Scope } from './findings';
import { nearestName } from './names';
import { inRange, isAccepted, meantNumber, readNumber, shiftPoint, writeNumber } from './numbers';
import { isSpaced, type FieldNode, type Span, type Word } from './parse';
import {
  CLASS_NAMES,
  CONFIG_FIELDS,
  FIELDS,
  isConfigKey,
  isFieldKey,
  type ConfigKey,
  type FieldKey,
  type FieldSpec,
  type NumberField,
  type SymbolClass,
} from './schema';

/** The values that are accepted, by key. */
export type WrittenFields = {
  class?: SymbolClass;
} & { [Key in Exclude<FieldKey, 'class'> | ConfigKey]?: number };

export type FieldContext = {
  readonly scope: Scope;
  readonly line: number;
  /** Where the word before the first field ends. */
  readonly before: number;
  /** Every key that is written where these fields count, so that no proposal writes one twice. */
  readonly names: KeyNames;
  /** The keys met so far; a later one is a duplicate. */
  readonly seen: { [Key in FieldKey | ConfigKey]?: { line: number; at: Span } };
  /** Whether the file as a whole takes this number, or with null the key left out; asked for proposals only. */
  readonly allows: (key: FieldKey | ConfigKey, value: number | null) => boolean;
  readonly found: Finding[];
};

/** How often each key is written in some lines, counted when first asked for: only a proposal needs it. */
export class KeyNames {
  private counts: Map<string, number> | null = null;

  constructor(private readonly lines: readonly (readonly FieldNode[])[]) {}

  count(name: string): number {
    if (this.counts === null) {
      this.counts = new Map();
      for (const fields of this.lines) {
        for (const { key } of fields) {
          if (key.kind === 'word') this.counts.set(key.text, (this.counts.get(key.text) ?? 0) + 1);
        }
      }
    }
    return this.counts.get(name) ?? 0;
  }

  has(name: string): boolean {
    return this.count(name) > 0;
  }
}

export const specOf = (scope: Scope, name: string): FieldSpec | null => {
  if (scope === 'symbol') return isFieldKey(name) ? FIELDS[name] : null;
  return isConfigKey(name) ? CONFIG_FIELDS[name] : null;
};

/** Adds the findings of the fields to context.found and returns the values that are accepted. */
export function checkFields(fields: readonly FieldNode[], context: FieldContext): WrittenFields {
  const { scope, line, found, seen } = context;
  const written: WrittenFields = {};
  let before = context.before;
  let index = -1;
  for (const field of fields) {
    index++;
    const wholeStart = before;
    before = field.end;
    if (field.key.kind === 'missing') {
      found.push({ code: 'field/missingKey', severity: 'error', at: spanOf(field), line, scope });
      continue;
    }
    const spec = specOf(scope, field.key.text);
    if (spec === null) {
      found.push(unknownKey(field, field.key, context));
      continue;
    }
    const { key } = spec;
    const at = spanOf(field.key);
    const whole = { start: wholeStart, end: field.end };
    const first = seen[key];
    if (first !== undefined) {
      const where = { first: first.at, firstLine: first.line, whole, removable: isApart(fields, index, wholeStart) };
      found.push({ code: 'field/duplicate', severity: 'error', at, line, scope, key, ...where });
      continue;
    }
    seen[key] = { line, at };
    const { value } = field;
    if (value.kind === 'missing') {
      // Without it a second field of that key would be the first, with whatever it says.
      const isAlone = context.names.count(key) === 1;
      const removable = isAlone && isApart(fields, index, wholeStart) && context.allows(key, null);
      const missing = { at: spanOf(field), key, whole, removable };
      found.push({ code: 'field/missingValue', severity: 'error', line, scope, ...missing });
      continue;
    }
    if (isSpaced(field)) {
      const tight = `${key}=${value.text}`;
      found.push({ code: 'field/spaces', severity: 'error', at: spanOf(field), line, scope, key, tight });
    }
    if (spec.kind === 'class') {
      const name = readClass(value, context);
      if (name !== null) written.class = name;
    } else {
      const number = readValue(spec, value, context);
      if (number !== null) written[spec.key] = number;
    }
  }
  return written;
}

export const spanOf = (node: Span): Span => ({ start: node.start, end: node.end });

/** The accepted value of a field of @config, without findings; null for anything else. */
export const acceptedNumber = (spec: NumberField, field: FieldNode): number | null =>
  field.value.kind === 'word' && isAccepted(spec, field.value.text) ? readNumber(field.value.text) : null;

/**
 * Whether the neighbours stay what they are when the field goes: a half-typed `sell=` before it would take the word after
 * it for its value, and a line without a ticker would take it for one.
 */
function isApart(fields: readonly FieldNode[], index: number, before: number): boolean {
  if (fields[index]?.start === before) return false;
  return index === fields.length - 1 || fields[index - 1]?.value.kind !== 'missing';
}

function unknownKey(field: FieldNode, key: Word, context: FieldContext): Finding {
  const { scope, line, names, allows } = context;
  const at = spanOf(key);
  if (field.equals === null) {
    const className = scope === 'symbol' && !names.has('class') ? readClassName(key.text) : null;
    const meant = className === null ? null : `class=${className}`;
    return { code: 'field/unexpected', severity: 'error', at, line, scope, found: key.text, meant };
  }
  const fits = (nearest: FieldKey | ConfigKey | null): boolean => {
    if (nearest === null || names.has(nearest) || isSpaced(field) || field.value.kind === 'missing') return false;
    const spec = specOf(scope, nearest);
    if (spec === null) return false;
    if (spec.kind === 'class') return readClassName(field.value.text) !== null;
    const value = acceptedNumber(spec, field);
    return value !== null && allows(nearest, value);
  };
  if (scope === 'symbol') {
    const nearest = nearestName(key.text, Object.keys(FIELDS) as FieldKey[]);
    return { code: 'field/unknown', severity: 'error', at, line, name: key.text, nearest, fits: fits(nearest) };
  }
  const nearest = nearestName(key.text, Object.keys(CONFIG_FIELDS) as ConfigKey[]);
  return { code: 'config/unknown', severity: 'error', at, line, name: key.text, nearest, fits: fits(nearest) };
}

const readClassName = (text: string): SymbolClass | null =>
  text.length > 5 ? null : (CLASS_NAMES.find(name => name === text.toLowerCase()) ?? null);

function readClass(value: Word, { found, line }: FieldContext): SymbolClass | null {
  const name = readClassName(value.text);
  if (name !== null) return name;
  const nearest = nearestName(value.text, CLASS_NAMES);
  const at = spanOf(value);
  found.push({ code: 'value/class', severity: 'error', at, line, key: 'class', found: value.text, nearest });
  return null;
}

function readValue(spec: NumberField, value: Word, { found, line, allows }: FieldContext): number | null {
  const { key } = spec;
  const base = { severity: 'error', at: spanOf(value), line, key, found: value.text } as const;
  const allowed = (text: string | null): string | null =>
    text !== null && isAccepted(spec, text) && allows(key, Number(text)) ? text : null;
  const number = readNumber(value.text);
  if (number === null) {
    found.push({ code: 'value/notNumber', ...base, meant: allowed(meantNumber(spec, value.text)) });
    return null;
  }
  if (inRange(spec, number)) return number;
  const { min, max } = spec;
  const nearest = number < min || max === null ? writeNumber(min) : writeNumber(max);
  // 60 is 60 percent; 1.5 is more likely a slip of another kind.
  const isPercent = spec.unit === 'share' && number >= 10 && value.text.length <= 20;
  const meant = isPercent ? shiftPoint(value.text, -2) : null;
  const range = { min, minExclusive: spec.minExclusive === true, max };
  found.push({ code: 'value/range', ...base, ...range, nearest: allowed(nearest), meant: allowed(meant) });
  return null;
}
