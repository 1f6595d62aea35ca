// Every message the gateway sends except orders': one function a message, its fields in the order of the protocol's
// documentation, version gates where they are. Nothing is decided here.

import { priceText, moneyText, type MarketRule, type Units } from '../prices';
import { validExchanges, type Instrument } from '../instruments';
import { finestStep } from '../prices';
import type { Bar } from '../minuteBars';
import type { Field } from './frames';

export type Fields = readonly Field[];

export const unsetDouble = '1.7976931348623157E308';
export const unsetInt = '2147483647';

// ---- Session.

export const serverVersion = (version: number, newYorkTime: string): Fields => [version, `${newYorkTime} US/Eastern`];

export const managedAccounts = (accounts: readonly string[]): Fields => [15, 1, accounts.join(',')];

export const nextValidId = (orderId: number): Fields => [9, 1, orderId];

export const currentTime = (epochSeconds: number): Fields => [49, 1, epochSeconds];

export const userInfo = (reqId: number): Fields => [107, reqId, ''];

/** Errors and system notices: id −1 means the system. */
export const error = (id: number, code: number, text: string, version: number): Fields =>
  version >= 166 ? [4, 2, id, code, text, ''] : [4, 2, id, code, text];

// ---- Contracts.

export function contractDetails(
  reqId: number,
  one: Instrument,
  hours: { readonly trading: string; readonly liquid: string },
  version: number,
): Fields {
  return [
    10,
    reqId,
    one.symbol,
    'STK',
    '', // lastTradeDateOrContractMonth
    ...(version >= 182 ? [''] : []), // lastTradeDate
    '0', // strike
    '', // right
    'SMART',
    'USD',
    one.symbol, // localSymbol
    one.tradingClass, // marketName
    one.tradingClass,
    one.conId,
    priceText(finestStep(one.rule)), // minTick
    '', // multiplier
    orderTypes,
    validExchanges,
    1, // priceMagnifier
    0, // underConId
    one.longName,
    one.primaryExchange,
    '', // contractMonth
    one.industry,
    one.category,
    one.subcategory,
    'US/Eastern',
    hours.trading,
    hours.liquid,
    '', // evRule
    '', // evMultiplier
    1, // nSecIds
    'ISIN',
    one.isin,
    1, // aggGroup
    '', // underSymbol
    '', // underSecType
    validExchanges
      .split(',')
      .map(() => one.rule.id)
      .join(','), // marketRuleIds: the rule of an exchange stands at that exchange's place
    '', // realExpirationDate
    'COMMON',
    '0.0001', // minSize
    '0.0001', // sizeIncrement
    '100', // suggestedSizeIncrement
    ...(version >= 186 ? [0] : []), // nIneligible
  ];
}

const orderTypes =
  'ACTIVETIM,ADJUST,ALERT,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,GAT,GTC,GTD,GTT,HID,IOC,LMT,MKT,OCA,OPENCLOSE,RTH,STP,STPLMT,WHATIF';

export const contractDetailsEnd = (reqId: number): Fields => [52, 1, reqId];

export const matchingSymbols = (reqId: number, found: readonly Instrument[], version: number): Fields => [
  79,
  reqId,
  found.length,
  ...found.flatMap((one): Field[] => [
    one.conId,
    one.symbol,
    'STK',
    one.primaryExchange,
    'USD',
    0, // derivative types
    ...(version >= 176 ? [one.longName, ''] : []), // description, issuerId
  ]),
];

export const marketRule = (rule: MarketRule): Fields => [
  93,
  rule.id,
  rule.bands.length,
  ...rule.bands.flatMap(band => [priceText(band.from), priceText(band.step)]),
];

// ---- Market data.

export const tickReqParams = (reqId: number, one: Instrument): Fields => [
  81,
  reqId,
  priceText(finestStep(one.rule)),
  '9c0001',
  3,
];

export const marketDataType = (reqId: number, type: number): Fields => [58, 1, reqId, type];

export const tickPrice = (reqId: number, tick: number, price: string, size: number, mask: number): Fields => [
  1,
  6,
  reqId,
  tick,
  price,
  size,
  mask,
];

export const tickSize = (reqId: number, tick: number, size: number): Fields => [2, 6, reqId, tick, size];

export const tickGeneric = (reqId: number, tick: number, value: number): Fields => [45, 6, reqId, tick, value];

export const tickString = (reqId: number, tick: number, text: string): Fields => [46, 6, reqId, tick, text];

export const tickSnapshotEnd = (reqId: number): Fields => [57, 1, reqId];

/** Kind 1: Last, 2: AllLast. */
export const tickByTickTrade = (
  reqId: number,
  kind: 1 | 2,
  time: number,
  price: Units,
  size: number,
  exchange: string,
): Fields => [99, reqId, kind, time, priceText(price), size, 0, exchange, ''];

export const tickByTickQuote = (
  reqId: number,
  time: number,
  bid: Units,
  ask: Units,
  bidSize: number,
  askSize: number,
): Fields => [99, reqId, 3, time, priceText(bid), priceText(ask), bidSize, askSize, 0];

export const tickByTickMidpoint = (reqId: number, time: number, middle: Units): Fields => [
  99,
  reqId,
  4,
  time,
  priceText(middle),
];

// ---- History.

export interface WireBar {
  readonly date: string;
  readonly bar: Bar;
}

/** Up to 195 the start and the end of the answer stand before the bars. */
export const historicalData = (reqId: number, start: string, end: string, bars: readonly WireBar[]): Fields => [
  17,
  reqId,
  start,
  end,
  bars.length,
  ...bars.flatMap(({ date, bar }) => [
    date,
    priceText(bar.open),
    priceText(bar.high),
    priceText(bar.low),
    priceText(bar.close),
    bar.volume,
    averageText(bar),
    bar.count,
  ]),
];

/** Mind the order: open, close, high, low. */
export const historicalDataUpdate = (reqId: number, { date, bar }: WireBar): Fields => [
  90,
  reqId,
  bar.count,
  date,
  priceText(bar.open),
  priceText(bar.close),
  priceText(bar.high),
  priceText(bar.low),
  averageText(bar),
  bar.volume,
];

export const headTimestamp = (reqId: number, text: string): Fields => [88, reqId, text];

export interface SessionText {
  readonly start: string;
  readonly end: string;
  readonly date: string;
}

export const historicalSchedule = (reqId: number, sessions: readonly SessionText[]): Fields => [
  106,
  reqId,
  sessions[0]?.start ?? '',
  sessions[sessions.length - 1]?.end ?? '',
  'US/Eastern',
  sessions.length,
  ...sessions.flatMap(session => [session.start, session.end, session.date]),
];

export const realTimeBar = (reqId: number, bar: Bar): Fields => [
  50,
  3,
  reqId,
  bar.start,
  priceText(bar.open),
  priceText(bar.high),
  priceText(bar.low),
  priceText(bar.close),
  bar.volume,
  averageText(bar),
  bar.count,
];

function averageText(bar: Bar): string {
  return bar.volume > 0 ? String(Math.round((bar.turnover / bar.volume / 10_000) * 1e6) / 1e6) : '-1';
}

// ---- Account.

export interface PositionLine {
  readonly instrument: Instrument;
  readonly shares: number;
  /** Dollars a share, commissions included. */
  readonly averageCost: number;
}

export const position = (account: string, line: PositionLine): Fields => [
  61,
  3,
  account,
  line.instrument.conId,
  line.instrument.symbol,
  'STK',
  '', // expiry
  '0.0', // strike
  '', // right
  '', // multiplier
  line.instrument.primaryExchange,
  'USD',
  line.instrument.symbol, // localSymbol
  line.instrument.tradingClass,
  line.shares,
  costText(line.averageCost),
];

export const positionEnd = (): Fields => [62, 1];

export const accountSummary = (
  reqId: number,
  account: string,
  tag: string,
  value: string,
  currency: string,
): Fields => [63, 1, reqId, account, tag, value, currency];

export const accountSummaryEnd = (reqId: number): Fields => [64, 1, reqId];

export const accountValue = (key: string, value: string, currency: string, account: string): Fields => [
  6,
  2,
  key,
  value,
  currency,
  account,
];

export interface PortfolioLine extends PositionLine {
  readonly mark: Units;
  readonly value: Units;
  readonly unrealized: Units;
  readonly realized: Units;
}

export const portfolioValue = (account: string, line: PortfolioLine): Fields => [
  7,
  8,
  line.instrument.conId,
  line.instrument.symbol,
  'STK',
  '', // expiry
  '0.0', // strike
  '0', // right
  '', // multiplier
  line.instrument.primaryExchange,
  'USD',
  line.instrument.symbol, // localSymbol
  line.instrument.tradingClass,
  line.shares,
  priceText(line.mark),
  moneyText(line.value),
  costText(line.averageCost),
  moneyText(line.unrealized),
  moneyText(line.realized),
  account,
];

export const accountUpdateTime = (hoursAndMinutes: string): Fields => [8, 1, hoursAndMinutes];

export const accountDownloadEnd = (account: string): Fields => [54, 1, account];

export const accountUpdateMulti = (
  reqId: number,
  account: string,
  model: string,
  key: string,
  value: string,
  currency: string,
): Fields => [73, 1, reqId, account, model, key, value, currency];

export const accountUpdateMultiEnd = (reqId: number): Fields => [74, 1, reqId];

export const pnl = (reqId: number, daily: Units, unrealized: Units, realized: Units): Fields => [
  94,
  reqId,
  priceText(daily),
  priceText(unrealized),
  priceText(realized),
];

export const pnlSingle = (
  reqId: number,
  shares: number,
  daily: Units,
  unrealized: Units,
  realized: Units,
  value: Units,
): Fields => [95, reqId, shares, priceText(daily), priceText(unrealized), priceText(realized), priceText(value)];

function costText(dollars: number): string {
  return String(Math.round(dollars * 1e8) / 1e8);
}
