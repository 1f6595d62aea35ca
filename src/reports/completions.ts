/**
 * What can be typed at a place of targets.txt: tickers, keys, values and @config keys, each with what it means there. Works
 * in half-typed lines, because the tree keeps a place for what is missing. It reads the schema and proposes; it checks
 * nothing, and what editors do with a proposal is src/ui's.
 */
import { buyAnchorPercent, RUNG_CLIPS, sellAnchorPercent } from '../strategy/ladder';
import { nodeAt, type TargetsContext } from '../targets/context';
import type { Scope } from '../targets/findings';
import { fieldHover } from '../targets/messages';
import { writeNumber } from '../targets/numbers';
import { classOf } from '../targets/outline';
import type { DirectiveLine, FieldNode, Span, SymbolLine, TargetsDoc } from '../targets/parse';
import {
  CLASS_NAMES,
  CONFIG_FIELDS,
  FIELDS,
  isConfigKey,
  isFieldKey,
  type ConfigKey,
  type FieldKey,
} from '../targets/schema';
import { upperTicker } from '../targets/ticker';
import { dollars } from './format';

export interface Proposal {
  readonly kind: 'symbol' | 'directive' | 'key' | 'value';
  readonly label: string;
  /** What goes in the place of `at`. */
  readonly insert: string;
  readonly at: Span;
  /** One line beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly doc: string;
  /** A value comes next: the editor asks again at once. */
  readonly asksAgain: boolean;
}

/** Tickers that somebody has to do with, beyond those that the file lists. */
export interface KnownSymbols {
  /** With how many shares. */
  readonly held: ReadonlyMap<string, number>;
  /** Newest first. */
  readonly recent: readonly string[];
}

const NOTHING_KNOWN: KnownSymbols = { held: new Map(), recent: [] };

/** In the order in which they should be offered. */
export function completionsAt(doc: TargetsDoc, offset: number, known: KnownSymbols = NOTHING_KNOWN): Proposal[] {
  const node = nodeAt(doc, offset);
  switch (node.kind) {
    case 'comment':
      return [];
    case 'none':
      // Before the first word of a line that has some there is nothing to add.
      return node.line.kind === 'blank' ? [...symbols(doc, node, known), directive(node.at)] : [];
    case 'symbol':
      return [...symbols(doc, node, known), directive(node.at)];
    case 'directive':
      return [directive(node.at)];
    case 'gap':
      return keys(node.line, node.scope, node.at, null);
    case 'key':
      return keys(node.line, node.scope, keySpan(node.field), node.field);
    case 'value':
      return values(doc, node);
  }
}

/** A bare word becomes key and equals sign, of `by=1` only the key is replaced. */
const keySpan = (field: FieldNode): Span => ({ start: field.key.start, end: field.key.end });

function symbols(doc: TargetsDoc, node: TargetsContext, known: KnownSymbols): Proposal[] {
  const listed = new Map<string, number>();
  for (const line of doc.lines) {
    if (line === node.line || line.kind !== 'symbol' || line.symbol.kind === 'missing') continue;
    const ticker = upperTicker(line.symbol.text);
    if (!listed.has(ticker)) listed.set(ticker, line.line);
  }
  const found = new Map<string, Proposal>();
  const add = (ticker: string, detail: string, doc: string): void => {
    if (found.has(ticker)) return;
    found.set(ticker, {
      kind: 'symbol',
      label: ticker,
      insert: ticker,
      at: node.at,
      detail,
      doc,
      asksAgain: false,
    });
  };
  for (const [ticker, shares] of known.held) {
    if (!listed.has(ticker))
      add(ticker, `held, ${shares} shares`, `**${ticker}** is held and not listed, so it is wound down: no buys.`);
  }
  for (const ticker of known.recent) {
    if (!listed.has(ticker)) add(ticker, 'used before', `**${ticker}** was listed before or traded in a session.`);
  }
  for (const [ticker, line] of listed) {
    add(ticker, `already on line ${line + 1}`, `**${ticker}** is on line ${line + 1}; of two lines the first counts.`);
  }
  return [...found.values()];
}

const directive = (at: Span): Proposal => ({
  kind: 'directive',
  label: '@config',
  insert: '@config',
  at,
  detail: 'budget of the whole file',
  doc: '**@config** Equity and the share of each class: `@config risky=0.6 safe=0.4 equity=150000`.',
  asksAgain: false,
});

/** Keys that the line (for @config: the line too) does not have yet. */
function keys(line: SymbolLine | DirectiveLine, scope: Scope, at: Span, field: FieldNode | null): Proposal[] {
  const written = new Set(
    line.fields.filter(each => each !== field).flatMap(({ key }) => (key.kind === 'word' ? [key.text] : [])),
  );
  const specs = scope === 'symbol' ? Object.values(FIELDS) : Object.values(CONFIG_FIELDS);
  const hasEquals = field !== null && field.equals !== null;
  return specs
    .filter(({ key }) => !written.has(key))
    .map(spec => ({
      kind: 'key' as const,
      label: spec.key,
      insert: hasEquals ? spec.key : `${spec.key}=`,
      at,
      detail: spec.label.replaceAll('`', ''),
      doc: fieldHover(spec),
      asksAgain: !hasEquals,
    }));
}

type Value = { readonly text: string; readonly detail: string; readonly doc?: string };

function values(doc: TargetsDoc, node: Extract<TargetsContext, { kind: 'value' }>): Proposal[] {
  const { field, line, scope } = node;
  const key = field.key.kind === 'word' ? field.key.text : '';
  const at = { start: field.value.start, end: field.value.end };
  const spec =
    scope === 'symbol' ? (isFieldKey(key) ? FIELDS[key] : null) : isConfigKey(key) ? CONFIG_FIELDS[key] : null;
  if (spec === null) return [];
  const found =
    line.kind === 'directive' ? configValues(doc, key as ConfigKey) : symbolValues(doc, key as FieldKey, line);
  const unique = found.filter(({ text }, index) => found.findIndex(each => each.text === text) === index);
  return unique.map(({ text, detail, doc: own }) => ({
    kind: 'value',
    label: text,
    insert: text,
    at,
    detail,
    doc: own ?? fieldHover(spec),
    asksAgain: false,
  }));
}

const CLASS_DOCS = {
  risky: 'Rungs 5 times as wide as the base percent, spreads up to 180 bp, clips 1.15 times the base clip.',
  safe: 'Rungs 3 times as wide as the base percent, spreads up to 80 bp, clips 0.85 times the base clip.',
} as const;

function symbolValues(doc: TargetsDoc, key: FieldKey, line: SymbolLine): Value[] {
  const symbolClass = classOf(line);
  switch (key) {
    case 'class':
      return CLASS_NAMES.map(name => ({
        text: name,
        detail: name === FIELDS.class.default ? 'wider rungs, the default' : 'narrower rungs',
        doc: `**${name}** ${CLASS_DOCS[name]}`,
      }));
    case 'buy':
    case 'sell': {
      const anchor = key === 'buy' ? buyAnchorPercent : sellAnchorPercent;
      const side = key === 'buy' ? 'below' : 'above';
      const usual = symbolClass === 'risky' ? ['0.60'] : key === 'buy' ? ['0.40'] : ['0.50'];
      const fallback = (FIELDS[key].default ?? 0).toFixed(2);
      return [...usual, ...usedValues(doc, key, line), fallback].map(text => ({
        text,
        detail: `anchor ${anchor(Number(text), symbolClass, 0).toFixed(2)}% ${side}${text === fallback ? ', the default' : ''}`,
      }));
    }
    case 'clip': {
      const sum = RUNG_CLIPS.reduce((total, factor) => total + factor, 0);
      return [...usedValues(doc, 'clip', line), '500', '750', '1000', '1500'].map(text => ({
        text,
        detail: `full ladder ${dollars(Number(text) * sum)}`,
      }));
    }
  }
}

function configValues(doc: TargetsDoc, key: ConfigKey): Value[] {
  if (key === 'equity') return [{ text: writeNumber(CONFIG_FIELDS.equity.default ?? 0), detail: 'USD, the default' }];
  const other = key === 'risky' ? 'safe' : 'risky';
  const written = doc.lines
    .flatMap(line => (line.kind === 'directive' ? line.fields : []))
    .find(field => field.key.kind === 'word' && field.key.text === other)?.value;
  const share = written?.kind === 'word' ? Number(written.text) : NaN;
  const rest = 0 <= share && share <= 1 ? writeNumber(Number((1 - share).toPrecision(12))) : null;
  const fallback = { text: writeNumber(CONFIG_FIELDS[key].default ?? 0), detail: 'the default' };
  if (rest === null) return [fallback];
  const left = { text: rest, detail: `all that ${other} leaves` };
  return Number(fallback.text) <= Number(rest) && fallback.text !== rest ? [left, fallback] : [left];
}

/** Good values of this key on other lines, the most used first. */
function usedValues(doc: TargetsDoc, key: FieldKey, own: SymbolLine): string[] {
  const counts = new Map<string, number>();
  for (const line of doc.lines) {
    if (line === own || line.kind !== 'symbol') continue;
    for (const { key: name, value } of line.fields) {
      if (name.kind !== 'word' || name.text !== key || value.kind !== 'word' || !/^\d+(?:\.\d+)?$/.test(value.text))
        continue;
      counts.set(value.text, (counts.get(value.text) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .slice(0, 5)
    .map(([text]) => text);
}
