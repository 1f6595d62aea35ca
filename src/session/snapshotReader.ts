/**
 * Reads dashboard_snapshot.json back: the text of a stranger, until every field has been looked at, because what shows it asks no
 * more questions. What is wrong is said with the place, what was expected and what was found.
 */
import type {
  BuyRungView,
  ConditionView,
  Constants,
  SellRungView,
  SessionSnapshot,
  SymbolDetail,
  SymbolSummary,
  WhyNot,
} from '../shared/protocol';

export interface SavedSnapshot {
  readonly snapshot: SessionSnapshot;
  /** When it was written, this machine's clock; null when the file does not say. */
  readonly savedAt: number | null;
  /** What can be opened. */
  readonly details: readonly SavedDetail[];
}

/** A symbol in full, as it was at this session time: not all are taken with each write. */
export interface SavedDetail {
  readonly t: number;
  readonly detail: SymbolDetail;
}

export type SnapshotRead = { ok: true; saved: SavedSnapshot } | { ok: false; reason: string };

export function readSnapshot(text: string): SnapshotRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, reason: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const wrong = snapshotShape(value, '');
  if (wrong !== null) return { ok: false, reason: wrong };
  const { savedAt, details, ...snapshot } = value as SessionSnapshot & Saved;
  const saved = (details ?? []).map(({ t, ...detail }): SavedDetail => ({ t, detail }));
  return { ok: true, saved: { snapshot, savedAt: savedAt ?? null, details: saved } };
}

/** What the file has besides the snapshot. */
interface Saved {
  savedAt?: number;
  details?: (SymbolDetail & { t: number })[];
}

/** Null when the value is as it should be, else where it is not. */
type Shape = (value: unknown, where: string) => string | null;

const shape =
  (expected: string, holds: (value: unknown) => boolean): Shape =>
  (value, where) =>
    holds(value) ? null : `${where === '' ? 'expected' : `${where}: expected`} ${expected}, found ${shown(value)}`;

/** One that can be shown: what is larger is no price, no share and no dollar. */
const isNumber = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= 1e15;
const number = shape('a number', isNumber);
const whole = shape('a whole number', Number.isSafeInteger);
const count = shape('a whole number from 0', value => Number.isSafeInteger(value) && (value as number) >= 0);
/** So many decimals can be written. */
const decimals = shape('a whole number from 0 to 8', value => [0, 1, 2, 3, 4, 5, 6, 7, 8].includes(value as number));
/** What a calendar can show. */
const time = shape('milliseconds UTC', value => isNumber(value) && Math.abs(value) <= 8.64e15);
const text = shape('a text', value => typeof value === 'string');
const flag = shape('true or false', value => typeof value === 'boolean');
const oneOf = (...words: readonly (string | null)[]) =>
  shape(`one of ${words.join(', ')}`, value => words.includes(value as string | null));

const orNull =
  (inner: Shape): Shape =>
  (value, where) =>
    value === null ? null : inner(value, where);
const orAbsent =
  (inner: Shape): Shape =>
  (value, where) =>
    value === undefined ? null : inner(value, where);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function record(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, where) => {
    if (!isRecord(value)) return shape('an object', () => false)(value, where);
    for (const [name, field] of Object.entries(fields)) {
      const wrong = field(value[name], where === '' ? name : `${where}.${name}`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

function list(item: Shape, most: number): Shape {
  return (value, where) => {
    if (!Array.isArray(value)) return shape('a list', () => false)(value, where);
    if (value.length > most) return `${where}: expected at most ${most}, found ${value.length}`;
    for (const [index, each] of value.entries()) {
      const wrong = item(each, `${where}[${index}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

const MOST_SYMBOLS = 1000;
const MOST_CONDITIONS = 200;
const rungOrder = { rung: whole, price: number, shares: number };

// A field that is added to the protocol is missing here until somebody says what it must be: the types see to that.
const symbolFields = {
  symbol: shape('a ticker', value => typeof value === 'string' && /^[A-Z0-9.]{1,13}$/.test(value)),
  class: oneOf('risky', 'safe'),
  state: oneOf(
    'waiting',
    'flat',
    'holding',
    'entryReady',
    'trimReady',
    'exiting',
    'quiet',
    'halted',
    'buysPaused',
    'windDown',
    'failed',
  ),
  line: whole,
  decimals,
  last: orNull(number),
  bid: orNull(number),
  ask: orNull(number),
  spreadBp: orNull(number),
  reference: orNull(number),
  referenceSource: text,
  z: number,
  ageMs: orNull(number),
  layers: count,
  touched: count,
  hit: count,
  position: number,
  averageCost: orNull(number),
  openPnl: number,
  realizedToday: number,
  clip: orNull(number),
  nextBuy: orNull(record(rungOrder)),
  nextSell: orNull(record({ ...rungOrder, layers: list(whole, 7) })),
  hardStop: orNull(number),
  trailMark: orNull(number),
  trailStop: orNull(number),
  exit: orNull(text),
  trimDone: flag,
  buyPercent: number,
  sellPercent: number,
  override: orNull(record({ buy: orNull(number), sell: orNull(number) })),
  overrideSince: record({ buy: orNull(time), sell: orNull(time) }),
  lineBuy: number,
  lineSell: number,
  isClipFixed: flag,
  isPaused: flag,
  isOverlap: flag,
  previousClose: orNull(number),
  dataType: orNull(number),
  hasBars: flag,
  velocity: oneOf('none', 'primed', 'active'),
  velocityBp: number,
  reason: text,
  pause: orAbsent(
    orNull(
      record({
        by: oneOf('you', 'rejects', 'difference', 'unexplained', 'short'),
        lastReject: orNull(record({ code: orNull(number), text })),
        reported: orNull(number),
        explained: number,
      }),
    ),
  ),
} satisfies Record<keyof SymbolSummary, Shape>;

/** Money and prices of fills are texts, exact. */
const decimalText = shape('a number as text', value => typeof value === 'string' && isNumber(Number(value)));
const rungFields = { rung: whole, price: number, percent: number, toLast: orNull(number) };
const sharesOfRung = record({ rung: whole, shares: number });

const buyRung = record({
  ...rungFields,
  shares: number,
  usd: number,
  total: number,
  state: oneOf('held', 'next', 'touched', 'untouched'),
  held: number,
  boughtPrice: orAbsent(number),
  boughtAt: orAbsent(time),
} satisfies Record<keyof BuyRungView, Shape>);

const sellRung = record({
  ...rungFields,
  sells: list(sharesOfRung, 7),
  state: oneOf('hit', 'next', 'untouched'),
} satisfies Record<keyof SellRungView, Shape>);

const condition = record({
  id: text,
  text,
  met: flag,
  asked: flag,
  left: orAbsent(orNull(number)),
  right: orAbsent(orNull(number)),
} satisfies Record<keyof ConditionView, Shape>);

const whyNot = record({
  kind: oneOf('buy', 'sell', 'trim', 'hardStop', 'trail'),
  title: text,
  rung: whole,
  shares: number,
  ready: flag,
  conditions: list(condition, MOST_CONDITIONS),
} satisfies Record<keyof WhyNot, Shape>);

const fill = record({
  row: whole,
  t: time,
  symbol: text,
  side: oneOf('BUY', 'SELL'),
  qty: number,
  price: decimalText,
  tag: text,
  realized: decimalText,
  execId: text,
  rung: orAbsent(whole),
} satisfies Record<keyof SymbolDetail['fills'][number], Shape>);

const detailShape = record({
  ...symbolFields,
  t: time,
  buys: list(buyRung, 7),
  sells: list(sellRung, 7),
  fullLadderUsd: number,
  ladderLimitUsd: number,
  tickerBudgetUsd: number,
  baseClipUsd: number,
  badPrints: count,
  trimPrice: orNull(number),
  whyNot: list(whyNot, 10),
  fills: list(fill, 1000),
  // A question for a person who can answer: not of a file.
  adoption: orAbsent(orNull(shape('nothing', () => false))),
} satisfies Record<keyof SymbolDetail | 't', Shape>);

const perClass = record({ all: number, risky: number, safe: number });

const pair = record({ risky: number, safe: number });

const constantsShape = record({
  width: pair,
  clipFactor: pair,
  spreadBp: pair,
  hardStopPercent: number,
  trailPercent: number,
  trailArmPercent: number,
  trimPercent: number,
  trimBp: number,
  utilization: number,
  shots: number,
  tickerFactor: number,
  clipPriceReference: number,
  cooldownSeconds: number,
  clip: record({ min: number, max: number }),
  orderUsd: number,
  velocityBp: number,
  velocitySeconds: orAbsent(number),
} satisfies Record<keyof Constants, Shape>);

const snapshotShape = record({
  t: time,
  mode: oneOf('SIM', 'PAPER', 'LIVE'),
  accountTail: text,
  phase: oneOf('starting', 'connecting', 'reconciling', 'bars', 'trading', 'linkLost', 'stopping', 'ended'),
  phaseText: text,
  endpoint: text,
  connectedSince: orNull(time),
  linkLostSince: orNull(time),
  session: oneOf('preMarket', 'regular', 'afterHours', 'closed'),
  nextChange: orNull(time),
  realizedToday: number,
  openPnl: number,
  commissionsToday: number,
  dayPnl: number,
  dayLossLimit: number,
  used: perClass,
  allowed: perClass,
  positions: count,
  entryReady: count,
  trimReady: count,
  velocityActive: count,
  velocityPrimed: count,
  paused: flag,
  protectOnly: flag,
  killed: flag,
  lossLimitHit: flag,
  pausedSince: orAbsent(orNull(time)),
  killedSince: orAbsent(orNull(time)),
  nextTryAt: orAbsent(orNull(time)),
  blind: flag,
  journalOk: flag,
  rowsWaiting: count,
  constants: orAbsent(constantsShape),
  symbols: list(record(symbolFields), MOST_SYMBOLS),
  notInForce: list(record({ line: whole, symbol: orNull(text), text }), MOST_SYMBOLS),
  savedAt: orAbsent(time),
  details: orAbsent(list(detailShape, MOST_SYMBOLS)),
} satisfies Record<keyof SessionSnapshot | keyof Saved, Shape>);

function shown(value: unknown): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 59)}…` : json;
}
