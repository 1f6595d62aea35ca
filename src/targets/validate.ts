/**
 * Judges a tree against the schema: every line's findings, the values of the lines that have none, and what @config
 * says. One evaluation serves the editor and the bot, so nothing is traded that the editor would underline. It keeps no
 * memory: what a running session does with an invalid line is resolve.ts.
 */
import { checkConfig, type BaseBudget, type CheckedConfig } from './checkConfig';
import { checkFields, KeyNames, type FieldContext } from './checkFields';
import type { Finding } from './findings';
import { beyondStop, DEFAULT_HARD_STOP_PCT } from './ladderWarning';
import type { Span, SymbolLine, TargetsDoc } from './parse';
import { DEFAULTS, FIELDS, type SymbolClass } from './schema';
import { nearestTicker, tickerProblem, upperTicker } from './ticker';

export type { BaseBudget } from './checkConfig';

export type CheckOptions = {
  /** The hard stop in percent, for the warning of ladders that reach beyond it; null for no such warning. */
  readonly hardStopPct?: number | null;
};

export type SymbolValues = {
  readonly class: SymbolClass;
  readonly buy: number;
  readonly sell: number;
  readonly clip: number | null;
};

export type CheckedSymbol = {
  readonly line: number;
  /** Upper-cased; null where the first word is no ticker. */
  readonly symbol: string | null;
  /** An earlier line has the same ticker and counts. */
  readonly isDuplicate: boolean;
  /** null for a line that is not accepted. */
  readonly values: SymbolValues | null;
  readonly errors: readonly Finding[];
};

export type CheckedTargets = {
  /** All of the file, in the order of their places. */
  readonly findings: readonly Finding[];
  readonly symbols: readonly CheckedSymbol[];
  readonly config: CheckedConfig;
};

export const validateTargets = (doc: TargetsDoc, base?: BaseBudget, options?: CheckOptions): readonly Finding[] =>
  checkTargets(doc, base, options).findings;

export function checkTargets(doc: TargetsDoc, base: BaseBudget = DEFAULTS, options: CheckOptions = {}): CheckedTargets {
  const hardStopPct = options.hardStopPct === undefined ? DEFAULT_HARD_STOP_PCT : options.hardStopPct;
  const config = checkConfig(doc, base);
  const findings: Finding[] = [...config.findings];
  const symbols: CheckedSymbol[] = [];
  const firstBy = new Map<string, { line: number; at: Span }>();
  const isListed = listedTickers(doc);
  for (const line of doc.lines) {
    if (line.kind !== 'symbol') continue;
    const found: Finding[] = [];
    symbols.push(checkSymbol(line, { found, firstBy, isListed, hardStopPct }));
    // Not with a spread: a line can hold more fields than a call takes arguments.
    for (const finding of found) findings.push(finding);
  }
  findings.sort((left, right) => left.at.start - right.at.start || left.at.end - right.at.end);
  return { findings, symbols, config };
}

const NONE: readonly Finding[] = [];

const anything = (): boolean => true;

type SymbolContext = {
  readonly found: Finding[];
  readonly firstBy: Map<string, { line: number; at: Span }>;
  readonly isListed: (ticker: string) => boolean;
  readonly hardStopPct: number | null;
};

function checkSymbol(line: SymbolLine, context: SymbolContext): CheckedSymbol {
  const { found } = context;
  const head = line.symbol.kind === 'word' ? line.symbol : (line.fields[0] ?? line);
  const at: Span = { start: head.start, end: head.end };
  const symbol = checkTicker(line, at, context);
  const first = symbol === null ? undefined : context.firstBy.get(symbol);
  if (symbol !== null) {
    if (first === undefined) {
      context.firstBy.set(symbol, { line: line.line, at });
    } else {
      const whole = { start: line.start, end: line.fullEnd };
      const where = { first: first.at, firstLine: first.line, whole };
      found.push({ code: 'symbol/duplicate', severity: 'error', at, line: line.line, symbol, ...where });
    }
  }

  const fieldContext: FieldContext = {
    scope: 'symbol',
    line: line.line,
    before: line.symbol.end,
    names: new KeyNames([line.fields]),
    seen: {},
    allows: anything,
    found,
  };
  const written = checkFields(line.fields, fieldContext);
  const isDuplicate = first !== undefined;
  const errors = found.length > 0 ? found.slice() : NONE;
  if (context.hardStopPct !== null && !isDuplicate) {
    const warning = beyondStop(line, at, written, context.hardStopPct);
    if (warning !== null) found.push(warning);
  }
  const values: SymbolValues | null =
    errors.length > 0
      ? null
      : {
          class: written.class ?? FIELDS.class.default,
          buy: written.buy ?? DEFAULTS.buy,
          sell: written.sell ?? DEFAULTS.sell,
          clip: written.clip ?? DEFAULTS.clip,
        };
  return { line: line.line, symbol, isDuplicate, values, errors };
}

function checkTicker(line: SymbolLine, at: Span, { found, isListed }: SymbolContext): string | null {
  const base = { severity: 'error', at, line: line.line } as const;
  if (line.symbol.kind === 'missing') {
    found.push({ code: 'symbol/missing', ...base });
    return null;
  }
  const ticker = upperTicker(line.symbol.text);
  const reason = tickerProblem(ticker);
  if (reason === null) return ticker;
  const nearest = nearestTicker(line.symbol.text);
  const isFree = nearest !== null && !isListed(nearest);
  found.push({ code: 'symbol/invalid', ...base, found: line.symbol.text, reason, nearest: isFree ? nearest : null });
  return null;
}

/** Built when it is first asked for: most files have no invalid ticker. */
function listedTickers(doc: TargetsDoc): (ticker: string) => boolean {
  let listed: Set<string> | null = null;
  return ticker => {
    if (listed === null) {
      listed = new Set();
      for (const line of doc.lines) {
        if (line.kind === 'symbol' && line.symbol.kind === 'word') listed.add(upperTicker(line.symbol.text));
      }
    }
    return listed.has(ticker);
  };
}
