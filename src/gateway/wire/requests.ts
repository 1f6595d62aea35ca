// What clients ask, read from the fields of a frame: one case a message, in the order of the protocol's documentation. The
// version fields inside requests differ from client to client and are skipped. Orders have a reader of their own.

import { readContract, type ContractFields } from './contractFields';
import { FieldReader } from './fieldReader';
import { readPlaceOrder, type OrderRequest } from './orderRequest';

export interface ExecutionFilter {
  readonly clientId: number;
  readonly account: string;
  readonly time: string;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  readonly side: string;
}

export interface HistoryRequest {
  readonly type: 'history';
  readonly reqId: number;
  readonly contract: ContractFields;
  readonly end: string;
  readonly barSize: string;
  readonly duration: string;
  readonly regularHoursOnly: boolean;
  readonly what: string;
  readonly formatDate: number;
  readonly keepUpToDate: boolean;
}

export interface MarketDataRequest {
  readonly type: 'marketData';
  readonly reqId: number;
  readonly contract: ContractFields;
  readonly genericTicks: string;
  readonly snapshot: boolean;
}

export interface TickByTickRequest {
  readonly type: 'tickByTick';
  readonly reqId: number;
  readonly contract: ContractFields;
  readonly kind: string;
  readonly ignoreSize: boolean;
}

export interface RealTimeBarsRequest {
  readonly type: 'realTimeBars';
  readonly reqId: number;
  readonly contract: ContractFields;
  readonly what: string;
  readonly regularHoursOnly: boolean;
}

export interface HistoricalTicksRequest {
  readonly type: 'historicalTicks';
  readonly reqId: number;
  readonly contract: ContractFields;
}

type Addressed<T extends string> = { readonly type: T; readonly reqId: number };
type OfAccount<T extends string> = Addressed<T> & { readonly account: string; readonly model: string };

export type Request =
  | { readonly type: 'startApi'; readonly clientId: number }
  | MarketDataRequest
  | Addressed<'cancelMarketData'>
  | { readonly type: 'placeOrder'; readonly order: OrderRequest }
  | { readonly type: 'cancelOrder'; readonly orderId: number }
  | { readonly type: 'openOrders' }
  | { readonly type: 'accountUpdates'; readonly subscribe: boolean; readonly account: string }
  | (Addressed<'executions'> & { readonly filter: ExecutionFilter })
  | { readonly type: 'ids' }
  | (Addressed<'contractDetails'> & { readonly contract: ContractFields })
  | { readonly type: 'logLevel' }
  | { readonly type: 'autoOpenOrders' }
  | { readonly type: 'allOpenOrders' }
  | { readonly type: 'managedAccounts' }
  | HistoryRequest
  | Addressed<'cancelHistory'>
  | { readonly type: 'currentTime' }
  | RealTimeBarsRequest
  | Addressed<'cancelRealTimeBars'>
  | { readonly type: 'globalCancel' }
  | { readonly type: 'marketDataType'; readonly value: number }
  | { readonly type: 'positions' }
  | { readonly type: 'cancelPositions' }
  | (Addressed<'accountSummary'> & { readonly group: string; readonly tags: string })
  | Addressed<'cancelAccountSummary'>
  | OfAccount<'accountUpdatesMulti'>
  | Addressed<'cancelAccountUpdatesMulti'>
  | (Addressed<'matchingSymbols'> & { readonly pattern: string })
  | (Addressed<'headTimestamp'> & { readonly contract: ContractFields; readonly formatDate: number })
  | Addressed<'cancelHeadTimestamp'>
  | { readonly type: 'marketRule'; readonly ruleId: number }
  | OfAccount<'pnl'>
  | Addressed<'cancelPnl'>
  | (OfAccount<'pnlSingle'> & { readonly conId: number })
  | Addressed<'cancelPnlSingle'>
  | HistoricalTicksRequest
  | TickByTickRequest
  | Addressed<'cancelTickByTick'>
  | { readonly type: 'completedOrders'; readonly apiOnly: boolean }
  | Addressed<'userInfo'>
  | { readonly type: 'unknown'; readonly message: string };

/** Never throws: whatever is not understood is an `unknown` request, for the log. */
export function readRequest(fields: readonly string[], serverVersion: number): Request {
  const read = new FieldReader(fields);
  const message = read.text();
  const addressed = <T extends string>(type: T): Addressed<T> => ({ type, reqId: read.int(-1) });
  const versioned = <T extends string>(type: T): Addressed<T> => {
    read.skip();
    return addressed(type);
  };
  const ofAccount = <T extends string>(type: T): OfAccount<T> => ({
    ...addressed(type),
    account: read.text(),
    model: read.text(),
  });

  switch (message) {
    case '1': {
      const request = { ...versioned('marketData'), contract: readContract(read) };
      if (request.contract.secType === 'BAG') read.skip(4 * read.count());
      if (read.bool()) read.skip(3);
      return { ...request, genericTicks: read.text(), snapshot: read.bool() };
    }
    case '2':
      return versioned('cancelMarketData');
    case '3':
      return { type: 'placeOrder', order: readPlaceOrder(read, serverVersion) };
    case '4':
      if (serverVersion < 192) read.skip();
      return { type: 'cancelOrder', orderId: read.int(-1) };
    case '5':
      return { type: 'openOrders' };
    case '6':
      read.skip();
      return { type: 'accountUpdates', subscribe: read.bool(), account: read.text() };
    case '7':
      return {
        ...versioned('executions'),
        filter: {
          clientId: read.int(),
          account: read.text(),
          time: read.text(),
          symbol: read.text(),
          secType: read.text(),
          exchange: read.text(),
          side: read.text(),
        },
      };
    case '8':
      return { type: 'ids' };
    case '9':
      return { ...versioned('contractDetails'), contract: readContract(read) };
    case '14':
      return { type: 'logLevel' };
    case '15':
      return { type: 'autoOpenOrders' };
    case '16':
      return { type: 'allOpenOrders' };
    case '17':
      return { type: 'managedAccounts' };
    case '20': {
      const request = { ...addressed('history'), contract: readContract(read) };
      read.skip();
      const asked = {
        ...request,
        end: read.text(),
        barSize: read.text(),
        duration: read.text(),
        regularHoursOnly: read.bool(),
        what: read.text(),
        formatDate: read.int(1),
      };
      if (asked.contract.secType === 'BAG') read.skip(4 * read.count());
      return { ...asked, keepUpToDate: read.bool() };
    }
    case '25':
      return versioned('cancelHistory');
    case '49':
      return { type: 'currentTime' };
    case '50': {
      const request = { ...versioned('realTimeBars'), contract: readContract(read) };
      read.skip();
      return { ...request, what: read.text(), regularHoursOnly: read.bool() };
    }
    case '51':
      return versioned('cancelRealTimeBars');
    case '58':
      return { type: 'globalCancel' };
    case '59':
      read.skip();
      return { type: 'marketDataType', value: read.int(1) };
    case '61':
      return { type: 'positions' };
    case '62':
      return { ...versioned('accountSummary'), group: read.text(), tags: read.text() };
    case '63':
      return versioned('cancelAccountSummary');
    case '64':
      return { type: 'cancelPositions' };
    case '71':
      read.skip();
      return { type: 'startApi', clientId: read.int(0) };
    case '76':
      read.skip();
      return ofAccount('accountUpdatesMulti');
    case '77':
      return versioned('cancelAccountUpdatesMulti');
    case '81':
      return { ...addressed('matchingSymbols'), pattern: read.text() };
    case '87': {
      const request = { ...addressed('headTimestamp'), contract: readContract(read) };
      read.skip(3);
      return { ...request, formatDate: read.int(1) };
    }
    case '90':
      return addressed('cancelHeadTimestamp');
    case '91':
      return { type: 'marketRule', ruleId: read.int(-1) };
    case '92':
      return ofAccount('pnl');
    case '93':
      return addressed('cancelPnl');
    case '94':
      return { ...ofAccount('pnlSingle'), conId: read.int() };
    case '95':
      return addressed('cancelPnlSingle');
    case '96':
      return { ...addressed('historicalTicks'), contract: readContract(read) };
    case '97': {
      const request = { ...addressed('tickByTick'), contract: readContract(read), kind: read.text() };
      read.skip();
      return { ...request, ignoreSize: read.bool() };
    }
    case '98':
      return addressed('cancelTickByTick');
    case '99':
      return { type: 'completedOrders', apiOnly: read.bool() };
    case '104':
      return addressed('userInfo');
    default:
      return { type: 'unknown', message: message.slice(0, 40) };
  }
}
