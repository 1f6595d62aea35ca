/**
 * What is allowed in targets.txt and still deserves a second look: ladders that cost more than there is, clips under one
 * share, rungs that cross, tickers the broker does not know, overrides that hide a line. Advice never keeps a line from being
 * traded. It computes with the strategy's own functions, on the last known prices, and says nothing where none is known.
 */
import { Ladder, RUNG_CLIPS, RUNGS } from '../strategy/ladder';
import type { Settings } from '../strategy/settings';
import { allowance, clipUsd, plannedShares, type Allowance, type Budget } from '../strategy/sizing';
import { DEFAULT_BANDS, Ticks } from '../strategy/ticks';
import type { Fix } from '../targets/messages';
import { nearestName } from '../targets/names';
import { writeNumber } from '../targets/numbers';
import type { Span, SymbolLine, TargetsDoc } from '../targets/parse';
import type { Target } from '../targets/resolve';
import { DEFAULTS, FIELDS } from '../targets/schema';
import { upperTicker } from '../targets/ticker';
import type { SymbolSummary } from '../shared/protocol';
import { basePercent, dollars, dollarsAndCents, price, shares } from './format';

export const ADVICE_CODES = [
  'money/overEquity',
  'money/overClass',
  'money/overSymbol',
  'money/overOrder',
  'clip/underShare',
  'ladder/overlap',
  'symbol/unknownToIb',
  'symbol/heldUnlisted',
  'override/hides',
] as const;
export type AdviceCode = (typeof ADVICE_CODES)[number];

export interface Advice {
  readonly code: AdviceCode;
  readonly at: Span;
  readonly line: number;
  /** What was expected and found, without a dot at the end. */
  readonly text: string;
  readonly fixes: readonly Fix[];
  /** A way on that is no edit: a command with this symbol. */
  readonly command?: { readonly title: string; readonly id: string; readonly symbol: string };
}

export interface AdviceKnown {
  readonly budget: Budget;
  readonly settings: Settings;
  /** Last and reference by ticker, of the session or of the last one. */
  readonly prices: ReadonlyMap<string, { readonly last: number; readonly reference: number }>;
  /** Rows of the running session; empty without one. */
  readonly session: readonly SymbolSummary[];
  /** Tickers that are surely right: traded by a session before, or in the sample. */
  readonly otherTickers: readonly string[];
}

/** @param targets the lines in force, which share the budgets */
export function targetsAdvice(doc: TargetsDoc, targets: readonly Target[], known: AdviceKnown): Advice[] {
  const failed = new Set(known.session.filter(each => each.state === 'failed').map(each => each.symbol));
  const traded = targets.filter(target => !failed.has(target.symbol));
  const count = (name: 'risky' | 'safe') => traded.filter(target => target.class === name).length;
  const allowed = allowance(known.budget, { risky: count('risky'), safe: count('safe') }, known.settings);
  const rows = new Map(known.session.map(row => [row.symbol, row]));
  const found: Advice[] = [];
  for (const target of targets) {
    const line = doc.lines[target.line];
    if (line?.kind !== 'symbol' || line.symbol.kind === 'missing') continue;
    if (failed.has(target.symbol)) {
      found.push(unknownToIb(line, target.symbol, targets, known));
      continue;
    }
    found.push(...moneyAdvice(line, target, allowed, known), ...overlapAdvice(line, target, known));
    const row = rows.get(target.symbol);
    if (row !== undefined) found.push(...overrideAdvice(line, target, row));
  }
  found.push(...heldAdvice(doc, known.session));
  return found.sort((left, right) => left.at.start - right.at.start || left.at.end - right.at.end);
}

// --- money

/** USD of seven rungs, each rounded up to whole shares once a price is known. */
export function ladderCost(target: Target, tickerBudget: number, known: AdviceKnown): number | null {
  const at = known.prices.get(target.symbol);
  if (at === undefined) return target.clip === null ? null : target.clip * CLIPS;
  const clip = clipUsd(tickerBudget, target.class, at.last, target.clip, known.settings);
  const prices = rungsOf(target, at.reference, 0).buys;
  let total = 0;
  for (let rung = 1; rung <= RUNGS; rung++) total += plannedShares(clip, rung, at.last) * (prices[rung - 1] ?? 0);
  return total;
}

const CLIPS = RUNG_CLIPS.reduce((sum, factor) => sum + factor, 0);
const TICKS = new Ticks(DEFAULT_BANDS);

function rungsOf(target: Target, reference: number, z: number): Ladder {
  const ladder = new Ladder();
  ladder.update(reference, z, target.buy, target.sell, target.class, TICKS);
  return ladder;
}

type Money = { code: AdviceCode; isOver: (target: Target) => boolean; text: (target: Target) => string };

function moneyAdvice(line: SymbolLine, target: Target, allowed: Allowance, known: AdviceKnown): Advice[] {
  const tickerBudget = allowed.tickerBudget[target.class];
  const cost = (of: Target): number => ladderCost(of, tickerBudget, known) ?? 0;
  const over = (code: AdviceCode, limit: number, what: string): Money => ({
    code,
    isOver: of => cost(of) > limit,
    text: of => `The full ladder of ${of.symbol} needs ${dollars(cost(of))}, ${what} ${dollars(limit)}`,
  });
  const most = tickerBudget * known.settings['sizing.tickerFactor'];
  // The widest limit that is passed says it all.
  const limits = [
    over('money/overEquity', allowed.effectiveEquity, 'all of the equity that may be in use is'),
    over('money/overClass', allowed.classBudget[target.class], `the budget of the class ${target.class} is`),
    over('money/overSymbol', most, 'one symbol may cost at most'),
  ];
  const widest = limits.find(each => each.isOver(target));
  const checks = [
    ...(widest === undefined ? [] : [widest]),
    orderLimit(tickerBudget, known),
    underShare(tickerBudget, known),
  ];
  const at = valueSpan(line, 'clip');
  const isQuiet = (of: Target): boolean => ![...limits, ...checks].some(each => each.isOver(of));
  return checks
    .filter(each => each.isOver(target))
    .map(({ code, text }) => ({
      code,
      at: at ?? line.symbol,
      line: target.line,
      text: text(target),
      fixes: at === null || target.clip === null ? [] : clipFixes(at, target, isQuiet, code === 'clip/underShare'),
    }));
}

/** The deepest rung is the largest order. */
function orderLimit(tickerBudget: number, known: AdviceKnown): Money {
  const largest = (of: Target): { usd: number; shares: number | null } | null => {
    const at = known.prices.get(of.symbol);
    const factor = RUNG_CLIPS[RUNGS - 1] ?? 1;
    if (at === undefined) return of.clip === null ? null : { usd: of.clip * factor, shares: null };
    const clip = clipUsd(tickerBudget, of.class, at.last, of.clip, known.settings);
    const planned = plannedShares(clip, RUNGS, at.last);
    return { usd: planned * (rungsOf(of, at.reference, 0).buys[RUNGS - 1] ?? 0), shares: planned };
  };
  const maxUsd = known.settings['limits.orderUsd'];
  const maxShares = known.settings['limits.orderShares'];
  return {
    code: 'money/overOrder',
    isOver: of => {
      const order = largest(of);
      return order !== null && (order.usd > maxUsd || (order.shares ?? 0) > maxShares);
    },
    text: of => {
      const order = largest(of);
      const isUsd = (order?.usd ?? 0) > maxUsd;
      const sum = isUsd ? dollars(order?.usd) : `${shares(order?.shares)} shares`;
      const limit = isUsd ? dollars(maxUsd) : `${shares(maxShares)} shares`;
      return `Rung 7 of ${of.symbol} is an order of ${sum}, the largest order is ${limit}, so it is cut`;
    },
  };
}

function underShare(tickerBudget: number, known: AdviceKnown): Money {
  const sums = (of: Target): { clip: number; last: number } | null => {
    const at = known.prices.get(of.symbol);
    if (at === undefined) return null;
    return { clip: clipUsd(tickerBudget, of.class, at.last, of.clip, known.settings), last: at.last };
  };
  return {
    code: 'clip/underShare',
    isOver: of => {
      const found = sums(of);
      return found !== null && found.clip < found.last;
    },
    text: of => {
      const found = sums(of);
      return `A clip of ${dollarsAndCents(found?.clip)} buys less than a share of ${of.symbol} at the last price of ${price(found?.last)}; rung 1 buys one share all the same`;
    },
  };
}

/** Another clip that is quiet in every respect, when there is one; and none at all, when the computed one is. */
function clipFixes(at: Span, target: Target, isQuiet: (of: Target) => boolean, isTooSmall: boolean): Fix[] {
  const fixes: Fix[] = [];
  const clip = target.clip ?? 0;
  const isGood = (value: number): boolean => isQuiet({ ...target, clip: value });
  const other = isTooSmall ? smallestUp(clip, isGood) : largestDown(clip, isGood);
  if (other !== null) {
    const text = writeNumber(other);
    fixes.push({ title: `Replace by ${text}`, edits: [{ start: at.start, end: at.end, text }], isSafe: false });
  }
  if (isQuiet({ ...target, clip: null })) {
    const edit = { start: at.start - ' clip='.length, end: at.end, text: '' };
    fixes.push({ title: 'Remove clip, so that it is computed', edits: [edit], isSafe: false });
  }
  return fixes;
}

/** What a clip costs grows with it, so halving finds the whole dollars in twenty steps. */
function largestDown(from: number, isGood: (value: number) => boolean): number | null {
  const min = FIELDS.clip.min;
  let [low, high] = [min, Math.ceil(from)];
  if (!isGood(low)) return null;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (isGood(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function smallestUp(from: number, isGood: (value: number) => boolean): number | null {
  let value = Math.max(FIELDS.clip.min, Math.ceil(from));
  for (let step = 0; step < 40 && value <= (FIELDS.clip.max ?? value); step++, value = Math.ceil(value * 1.25)) {
    if (!isGood(value)) continue;
    let [bad, good] = [Math.floor(from), value];
    while (bad + 1 < good) {
      const middle = Math.floor((bad + good) / 2);
      if (isGood(middle)) good = middle;
      else bad = middle;
    }
    return good;
  }
  return null;
}

// --- rungs that cross

function overlapAdvice(line: SymbolLine, target: Target, known: AdviceKnown): Advice[] {
  const at = known.prices.get(target.symbol);
  if (at === undefined) return [];
  // z moves the buys in and the sells out or the other way round: its two ends and the middle are all there is.
  for (const z of [0, 2, -2]) {
    const ladder = rungsOf(target, at.reference, z);
    const [buy, sell] = [ladder.buys[0] ?? NaN, ladder.sells[0] ?? NaN];
    if (buy < sell) continue;
    const place = valueSpan(line, 'buy') ?? valueSpan(line, 'sell') ?? line.symbol;
    const text = `With a reference of ${price(at.reference)} the first buy rung ${price(buy)} and the first sell rung ${price(sell)} overlap at z ${z}: what is bought is sold again at the same price`;
    return [{ code: 'ladder/overlap', at: spanOf(place), line: target.line, text, fixes: [] }];
  }
  return [];
}

// --- what the session knows

function unknownToIb(line: SymbolLine, symbol: string, targets: readonly Target[], known: AdviceKnown): Advice {
  const row = known.session.find(each => each.symbol === symbol);
  const isUnknown = row === undefined || row.reason === '' || row.reason.endsWith('(code 200)');
  const listed = new Set(targets.map(target => target.symbol));
  const good = known.session.filter(each => each.state !== 'failed').map(each => each.symbol);
  const near = nearTickers(symbol, [...new Set([...good, ...known.otherTickers])]);
  const at = { start: line.symbol.start, end: line.symbol.end };
  const said = isUnknown
    ? `IB does not know ${symbol} as a US stock (code 200)`
    : `${symbol} is refused: ${row.reason}`;
  const nearest = near.length === 0 ? 'none' : near.join(', ');
  return {
    code: 'symbol/unknownToIb',
    at,
    line: line.line,
    text: `${said}, so the line is not traded; nearest known: ${nearest}`,
    fixes: [
      ...near
        .filter(ticker => !listed.has(ticker))
        .map(ticker => ({ title: `Replace by ${ticker}`, edits: [{ ...at, text: ticker }], isSafe: false })),
      {
        title: 'Comment out this line',
        edits: [{ start: line.start, end: line.start, text: '# ' }],
        isSafe: false,
      },
    ],
  };
}

/** Up to three, the nearest first. */
function nearTickers(symbol: string, candidates: readonly string[]): string[] {
  let left = candidates.filter(ticker => ticker !== symbol).map(ticker => ticker.toLowerCase());
  const near: string[] = [];
  while (near.length < 3) {
    const next = nearestName(symbol, left);
    if (next === null) break;
    near.push(upperTicker(next));
    left = left.filter(ticker => ticker !== next);
  }
  return near;
}

function overrideAdvice(line: SymbolLine, target: Target, row: SymbolSummary): Advice[] {
  const found: Advice[] = [];
  for (const key of ['buy', 'sell'] as const) {
    const override = row.override?.[key];
    if (typeof override !== 'number' || override === target[key]) continue;
    const at = valueSpan(line, key);
    const written = writeNumber(override);
    const insert = { start: line.symbol.end, end: line.symbol.end, text: ` ${key}=${written}` };
    found.push({
      code: 'override/hides',
      at: at ?? spanOf(line.symbol),
      line: target.line,
      text: `${key} ${basePercent(target[key])} is not in force: the dashboard override of ${basePercent(override)} hides it`,
      fixes: [
        { title: `Write ${written} here`, edits: [at === null ? insert : { ...at, text: written }], isSafe: false },
      ],
      command: { title: 'Drop the override', id: 'dronebot.dropOverride', symbol: target.symbol },
    });
  }
  return found;
}

function heldAdvice(doc: TargetsDoc, session: readonly SymbolSummary[]): Advice[] {
  const held = session.filter(row => row.position > 0);
  if (held.length === 0) return [];
  const listed = new Set<string>();
  for (const line of doc.lines) {
    if (line.kind === 'symbol' && line.symbol.kind === 'word') listed.add(upperTicker(line.symbol.text));
  }
  const last = doc.lines.at(-1) ?? doc.lines[0];
  const isEmptyEnd = last.start === last.end;
  const shown = doc.lines[Math.max(0, last.line - (isEmptyEnd ? 1 : 0))] ?? last;
  return held
    .filter(row => !listed.has(row.symbol))
    .map(row => {
      const fields = `class=${row.class} buy=${percentOf(row.buyPercent, DEFAULTS.buy)} sell=${percentOf(row.sellPercent, DEFAULTS.sell)}`;
      const text = `${isEmptyEnd ? '' : '\n'}${row.symbol}  ${fields}\n`;
      return {
        code: 'symbol/heldUnlisted' as const,
        at: { start: shown.start, end: shown.end },
        line: shown.line,
        text: `${row.symbol} is held (${shares(row.position)} shares) and not listed: it is wound down, exits go on and nothing is bought`,
        fixes: [
          { title: `List ${row.symbol} again`, edits: [{ start: doc.length, end: doc.length, text }], isSafe: false },
        ],
      };
    });
}

const percentOf = (value: number, fallback: number): string =>
  writeNumber(Number.isFinite(value) && value > 0 ? value : fallback);

// --- places

function valueSpan(line: SymbolLine, key: string): Span | null {
  const field = line.fields.find(each => each.key.kind === 'word' && each.key.text === key);
  return field === undefined ? null : spanOf(field.value);
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
