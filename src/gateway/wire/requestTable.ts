// Every message that a client may send and what the gateway answers, in words and by the ids of the answers. The table of
// docs/gateway.md, the names that fault scripts count by and the tests are made from this one list. Layouts are in requests.ts.

import type { Field } from './frames';
import type { Request } from './requests';

export interface RequestRow {
  /** The message's number. */
  readonly id: number;
  /** As the protocol's documentation calls it. */
  readonly name: string;
  readonly type: Exclude<Request['type'], 'unknown'>;
  /** One that works: the fields after the number, as a client at server version 193 sends them; request id 9, stock RCAT. */
  readonly example: readonly Field[];
  /** Numbers of messages that come at once, in this order, others between them; none: silence. */
  readonly answers: readonly number[];
  /** Numbers of messages that follow while the clock runs. */
  readonly follows?: readonly number[];
  readonly does: string;
}

const reqId = 9;
const stock: readonly Field[] = [0, 'RCAT', 'STK', '', 0, '', '', 'SMART', '', 'USD', '', ''];
const account = 'SIM00001';

/** placeOrder at 193: 118 fields, nearly all of them empty. */
function order(): readonly Field[] {
  const fields: Field[] = new Array<Field>(117).fill('');
  fields.splice(0, 13, 1, ...stock);
  fields.splice(15, 6, 'BUY', 10, 'LMT', 1, '', 'IOC');
  fields[26] = 1; // transmit
  return fields;
}

export const requestTable: readonly RequestRow[] = [
  // ---- The session.
  {
    id: 71,
    name: 'startApi',
    type: 'startApi',
    example: [2, 5, ''],
    answers: [],
    does: '15 accounts, 9 next id, notices 2104, 2106, 2158; an id in use: 326 and close; a second time: ignored',
  },
  { id: 49, name: 'reqCurrentTime', type: 'currentTime', example: [1], answers: [49], does: '49' },
  { id: 8, name: 'reqIds', type: 'ids', example: [1, 1], answers: [9], does: '9' },
  { id: 17, name: 'reqManagedAccts', type: 'managedAccounts', example: [1], answers: [15], does: '15' },
  { id: 104, name: 'reqUserInfo', type: 'userInfo', example: [reqId], answers: [107], does: '107' },
  { id: 14, name: 'setServerLogLevel', type: 'logLevel', example: [1, 5], answers: [], does: 'nothing' },

  // ---- Contracts.
  {
    id: 9,
    name: 'reqContractDetails',
    type: 'contractDetails',
    example: [8, reqId, ...stock, 0, '', '', ''],
    answers: [10, 52],
    does: '10 with six days of trading and liquid hours, then 52; unknown: 200',
  },
  {
    id: 91,
    name: 'reqMarketRule',
    type: 'marketRule',
    example: [26],
    answers: [93],
    does: '93 for 26 (cents) and 635 (0.0001 below $1, cents from there); others 321',
  },
  {
    id: 81,
    name: 'reqMatchingSymbols',
    type: 'matchingSymbols',
    example: [reqId, 'RC'],
    answers: [79],
    does: '79, up to 16',
  },

  // ---- Market data and history.
  {
    id: 1,
    name: 'reqMktData',
    type: 'marketData',
    example: [11, reqId, ...stock, 0, '', 0, 0, ''],
    answers: [81, 58],
    follows: [1, 2, 46],
    does: '81, 58, then changes only: 1 and 2 (bid, ask, last, sizes, volume, close, open, high, low), 46 time of the last print, 45 halted; −1 with size 0: no quote; snapshots end with 57; 102 id in use, 101 over `maxLines`',
  },
  { id: 2, name: 'cancelMktData', type: 'cancelMarketData', example: [2, reqId], answers: [], does: 'no more of them' },
  {
    id: 59,
    name: 'reqMarketDataType',
    type: 'marketDataType',
    example: [1, 3],
    answers: [],
    does: 'nothing at once; decides what a symbol of `delayedFor` answers',
  },
  {
    id: 97,
    name: 'reqTickByTickData',
    type: 'tickByTick',
    example: [reqId, ...stock, 'BidAsk', 0, 0],
    answers: [99],
    follows: [99],
    does: '99: Last, AllLast, BidAsk, MidPoint, at most one a step',
  },
  { id: 98, name: 'cancelTickByTickData', type: 'cancelTickByTick', example: [reqId], answers: [], does: 'no more' },
  {
    id: 50,
    name: 'reqRealTimeBars',
    type: 'realTimeBars',
    example: [3, reqId, ...stock, 5, 'TRADES', 0, ''],
    answers: [],
    follows: [50],
    does: '50 every five seconds, trades',
  },
  { id: 51, name: 'cancelRealTimeBars', type: 'cancelRealTimeBars', example: [1, reqId], answers: [], does: 'no more' },
  {
    id: 20,
    name: 'reqHistoricalData',
    type: 'history',
    example: [reqId, ...stock, 0, '', '1 min', '600 S', 0, 'TRADES', 1, 1, ''],
    answers: [17],
    follows: [90],
    does: '17 with bars of trades of 1 minute to 1 day, of any past day; kept up to date: 90 every 5 s and at each turn of the bar; nothing there: 162; other data than trades 162, shorter bars 321; `SCHEDULE`: 106',
  },
  {
    id: 25,
    name: 'cancelHistoricalData',
    type: 'cancelHistory',
    example: [1, reqId],
    answers: [],
    does: '162, cancelled',
  },
  {
    id: 87,
    name: 'reqHeadTimestamp',
    type: 'headTimestamp',
    example: [reqId, ...stock, 0, 0, 'TRADES', 1],
    answers: [88],
    does: '88, a year back',
  },
  { id: 90, name: 'cancelHeadTimestamp', type: 'cancelHeadTimestamp', example: [reqId], answers: [], does: 'nothing' },
  {
    id: 96,
    name: 'reqHistoricalTicks',
    type: 'historicalTicks',
    example: [reqId, ...stock, 0, '', '', 10, 'TRADES', 0, 0, ''],
    answers: [4],
    does: '321: not kept',
  },

  // ---- Orders.
  { id: 3, name: 'placeOrder', type: 'placeOrder', example: order(), answers: [5, 3, 3, 3], does: 'see Orders' },
  {
    id: 4,
    name: 'cancelOrder',
    type: 'cancelOrder',
    example: [77, '', '', 2_147_483_647],
    answers: [4],
    does: 'status Cancelled and 202; unknown 10147; already over 10148',
  },
  {
    id: 58,
    name: 'reqGlobalCancel',
    type: 'globalCancel',
    example: ['', 2_147_483_647],
    answers: [],
    does: 'status Cancelled and 202 for each order that works, whoever sent it',
  },
  { id: 5, name: 'reqOpenOrders', type: 'openOrders', example: [1], answers: [53], does: '5 and 3 each, then 53' },
  {
    id: 16,
    name: 'reqAllOpenOrders',
    type: 'allOpenOrders',
    example: [1],
    answers: [53],
    does: 'the same of all clients',
  },
  { id: 15, name: 'reqAutoOpenOrders', type: 'autoOpenOrders', example: [1, 1], answers: [], does: 'nothing' },
  {
    id: 99,
    name: 'reqCompletedOrders',
    type: 'completedOrders',
    example: [0],
    answers: [102],
    does: '101 each, then 102',
  },
  {
    id: 7,
    name: 'reqExecutions',
    type: 'executions',
    example: [3, reqId, 0, '', '', '', '', '', ''],
    answers: [55],
    does: '11 and 59 of today that pass the filter (client id 0: all), then 55',
  },

  // ---- Account.
  {
    id: 61,
    name: 'reqPositions',
    type: 'positions',
    example: [1],
    answers: [62],
    does: '61 each, then 62, then 61 at each change',
  },
  { id: 64, name: 'cancelPositions', type: 'cancelPositions', example: [1], answers: [], does: 'no more' },
  {
    id: 62,
    name: 'reqAccountSummary',
    type: 'accountSummary',
    example: [1, reqId, 'All', 'NetLiquidation,BuyingPower'],
    answers: [63, 63, 64],
    does: '63 of the tags asked for, 64; again every 3 minutes; two at once, a third 322',
  },
  {
    id: 63,
    name: 'cancelAccountSummary',
    type: 'cancelAccountSummary',
    example: [1, reqId],
    answers: [],
    does: 'no more',
  },
  {
    id: 6,
    name: 'reqAccountUpdates',
    type: 'accountUpdates',
    example: [2, 1, account],
    answers: [6, 8, 54],
    does: '6, 7 a position, 8, 54; 7 at each change of a position',
  },
  {
    id: 76,
    name: 'reqAccountUpdatesMulti',
    type: 'accountUpdatesMulti',
    example: [2, reqId, account, '', 0],
    answers: [73, 74],
    does: '73 each, then 74',
  },
  {
    id: 77,
    name: 'cancelAccountUpdatesMulti',
    type: 'cancelAccountUpdatesMulti',
    example: [1, reqId],
    answers: [],
    does: 'no more',
  },
  { id: 92, name: 'reqPnL', type: 'pnl', example: [reqId, account, ''], answers: [94], does: '94, at each change' },
  { id: 93, name: 'cancelPnL', type: 'cancelPnl', example: [reqId], answers: [], does: 'no more' },
  {
    id: 94,
    name: 'reqPnLSingle',
    type: 'pnlSingle',
    example: [reqId, account, '', 1],
    answers: [95],
    does: '95, at each change',
  },
  { id: 95, name: 'cancelPnLSingle', type: 'cancelPnlSingle', example: [reqId], answers: [], does: 'no more' },
];

/** The table of docs/gateway.md. */
export function requestDocumentation(): string {
  const lines = requestTable.map(row => `| \`${row.name}\` ${row.id} | ${row.does} |`);
  return ['| request | answer |', '| --- | --- |', ...lines].join('\n');
}
