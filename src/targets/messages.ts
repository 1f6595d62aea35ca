/**
 * The English of findings, in one place for editor and terminal: what was expected and what was found, without a dot at
 * the end, so that a caller can build a sentence around it. Fixes are fixes.ts.
 */
import type { Finding } from './findings';
import { writeBound } from './numbers';
import { CLASS_NAMES, CONFIG_FIELDS, FIELDS, type ConfigKey, type FieldKey, type FieldSpec } from './schema';

export { findingFix, type Fix } from './fixes';

/** For a diagnostic or a notification: `buy must be 0.10 to 10.00 percent, found 12`. */
export function findingText(finding: Finding): string {
  switch (finding.code) {
    case 'symbol/invalid':
      return `${tickerRule(finding.reason)}, found ${quoted(finding.found)}${did(finding.nearest)}`;
    case 'symbol/missing':
      return 'A line starts with a ticker, found a key';
    case 'symbol/duplicate':
      return `${finding.symbol} is already on line ${finding.firstLine + 1}, which is the one that counts`;
    case 'field/unknown':
      return `A symbol line has the keys ${listed(Object.keys(FIELDS))}, found ${quoted(finding.name)}${did(finding.nearest)}`;
    case 'config/unknown':
      return `@config has the keys ${listed(Object.keys(CONFIG_FIELDS))}, found ${quoted(finding.name)}${did(finding.nearest)}`;
    case 'field/duplicate':
      return finding.line === finding.firstLine
        ? `${finding.key} is given twice on this line`
        : `${finding.key} is already given on line ${finding.firstLine + 1}`;
    case 'field/missingValue':
      return `${finding.key} needs a value, ${expected(specOf(finding.key))}`;
    case 'field/missingKey':
      return `An equals sign needs a key before it: ${listed(Object.keys(finding.scope === 'symbol' ? FIELDS : CONFIG_FIELDS))}`;
    case 'field/spaces':
      return `No white space may stand around the equals sign, expected ${quoted(finding.tight)}`;
    case 'field/unexpected':
      return `Expected key=value, found ${quoted(finding.found)}${did(finding.meant)}`;
    case 'value/notNumber':
      return `${finding.key} must be ${expected(specOf(finding.key))}, found ${quoted(finding.found)}${did(finding.meant)}`;
    case 'value/range':
      return `${finding.key} must be ${expected(specOf(finding.key))}, found ${shown(finding.found)}${did(finding.meant)}`;
    case 'value/class':
      return `class must be ${CLASS_NAMES.join(' or ')}, found ${quoted(finding.found)}${did(finding.nearest)}`;
    case 'config/sum':
      return `risky ${finding.risky} and safe ${finding.safe} add up to ${finding.sum}, at most 1 is accepted`;
    case 'directive/unknown':
      return `The only directive is @config, found ${quoted(finding.name)}`;
    case 'ladder/beyondStop':
      return `${beyondStopText(finding)}${finding.largest === null ? '' : `; up to ${finding.largest} it stays inside`}`;
  }
}

/** For a line end, which has little room: `buy=12 is over 10`. */
export function findingShort(finding: Finding): string {
  switch (finding.code) {
    case 'value/range':
      return `${finding.key}=${shown(finding.found)} is ${rangeMiss(finding)}`;
    case 'value/notNumber':
      return `${finding.key}=${shown(finding.found)} is not a number`;
    case 'value/class':
      return `class=${shown(finding.found)} is not ${CLASS_NAMES.join(' or ')}`;
    case 'symbol/duplicate':
      return `already on line ${finding.firstLine + 1}`;
    case 'field/unknown':
    case 'config/unknown':
      return `${shown(finding.name)} is no key`;
    case 'field/missingValue':
      return `${finding.key} has no value`;
    default:
      return findingText(finding);
  }
}

/** The accepted values in words: `0.10 to 10.00 percent`, `over 0 USD`, `risky or safe`. */
export function expected(spec: FieldSpec): string {
  if (spec.kind === 'class') return CLASS_NAMES.join(' or ');
  const unit = spec.unit === 'share' ? '' : ` ${spec.unit}`;
  if (spec.max === null)
    return `${spec.minExclusive === true ? 'over ' : 'at least '}${writeBound(spec, spec.min)}${unit}`;
  return `${writeBound(spec, spec.min)} to ${writeBound(spec, spec.max)}${unit}`;
}

/** The hover on a key, as Markdown: name, meaning, range, default, and what else there is to know. */
export function fieldHover(spec: FieldSpec): string {
  if (spec.kind === 'class') return `**class** ${spec.label}, default ${spec.default}. ${spec.doc}`;
  // The unit stands in the label.
  const range = expected(spec).replace(/ (?:percent|USD)$/, '');
  const fallback = spec.default === null ? '' : `, default ${writeBound(spec, spec.default)}`;
  return `**${spec.key}** ${spec.label}, ${range}${fallback}. ${spec.doc}`;
}

const specOf = (key: FieldKey | ConfigKey): FieldSpec => ({ ...FIELDS, ...CONFIG_FIELDS })[key];

function tickerRule(reason: 'characters' | 'point' | 'length'): string {
  if (reason === 'length') return 'A ticker has at most 12 letters and digits';
  if (reason === 'point') return 'A ticker has at most one point, inside it';
  return 'A ticker is 1 to 12 letters and digits';
}

function rangeMiss(finding: Extract<Finding, { code: 'value/range' }>): string {
  const { max, min } = finding;
  const value = Number(finding.found);
  if (max !== null && value > max) return `over ${max}`;
  if (value < min) return `under ${min}`;
  return finding.minExclusive && value === min ? `not over ${min}` : 'too large';
}

function beyondStopText(finding: Extract<Finding, { code: 'ladder/beyondStop' }>): string {
  const below = (finding.deepestPct - finding.firstPct).toFixed(2);
  const buy = finding.written ? `buy ${finding.buy}` : `the default buy of ${finding.buy}`;
  return `With ${buy} the lowest rung lies ${below} percent of the reference below the first, the hard stop sells at ${finding.hardStopPct} percent`;
}

const did = (meant: string | null): string => (meant === null ? '' : `; did you mean ${meant}?`);
const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const quoted = (text: string): string => `"${shown(text)}"`;

/** What was found, cut where it would fill the screen; control characters, turned
 * directions and halves of pairs would break a terminal. */
function shown(text: string): string {
  const cut = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\ufffd');
}
