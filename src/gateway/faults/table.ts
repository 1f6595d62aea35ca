// Every bad day that a fault script can order: its name, its parameters with their bounds, what the gateway then does, and an
// example that works. The validator, the player, the table in docs/gateway.md and the tests are made from this one list.

import { requestTable } from '../wire/requestTable';

export type ParameterKind = 'number' | 'text' | 'symbol';

export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly least?: number;
  readonly most?: number;
  readonly isWhole?: boolean;
  /** Absent: the parameter may be left out and then means what `does` says. */
  readonly otherwise?: number | string;
  readonly isNeeded?: boolean;
}

export interface FaultRow {
  readonly name: FaultName;
  /** `message`: happens to the message that `after` names, so `at` makes no sense. */
  readonly happensTo: 'gateway' | 'message';
  readonly parameters: readonly Parameter[];
  readonly does: string;
  /** One line of a script. */
  readonly example: string;
}

const seconds: Parameter = { name: 'forSeconds', kind: 'number', least: 0, most: 86_400 };
const client: Parameter = { name: 'client', kind: 'number', least: 0, most: 2_147_483_647, isWhole: true };
const count: Parameter = { name: 'count', kind: 'number', least: 1, most: 1_000_000, isWhole: true, otherwise: 1 };
const symbol: Parameter = { name: 'symbol', kind: 'symbol', isNeeded: true };
const code: Parameter = { name: 'code', kind: 'number', least: 1, most: 99_999, isWhole: true, isNeeded: true };

function inRange(name: string, least: number, most: number, otherwise: number): Parameter {
  return { name, kind: 'number', least, most, isWhole: true, otherwise };
}

const rows = [
  // ---- The connection.
  {
    name: 'close',
    happensTo: 'gateway',
    parameters: [client],
    does: 'cuts every connection, or that of `client`; after a message: once that message is out',
    example: '{"after":{"message":"orderStatus","n":2},"fault":"close"}',
  },
  {
    name: 'silence',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'half-open: present connections neither read nor write any more; for `forSeconds` new ones too, then new ones work',
    example: '{"at":"+5s","fault":"silence","forSeconds":60}',
  },
  {
    name: 'drip',
    happensTo: 'gateway',
    parameters: [inRange('bytes', 1, 65_536, 1), inRange('everyMs', 1, 10_000, 5), seconds],
    does: 'what is sent leaves `bytes` (1) at a time, `everyMs` (5) wall milliseconds apart',
    example: '{"at":"+5s","fault":"drip","bytes":3,"everyMs":1,"forSeconds":10}',
  },
  {
    name: 'split',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'every write is torn in the middle: the second half follows 5 wall milliseconds later',
    example: '{"at":"+5s","fault":"split"}',
  },
  {
    name: 'merge',
    happensTo: 'gateway',
    parameters: [inRange('everyMs', 1, 10_000, 50), seconds],
    does: 'all frames of `everyMs` (50) wall milliseconds leave in one write',
    example: '{"at":"+5s","fault":"merge","everyMs":100}',
  },
  {
    name: 'portReset',
    happensTo: 'gateway',
    parameters: [inRange('port', 1, 65_535, 4002)],
    does: '1300 names the new `port` (4002), then every connection is closed; the gateway goes on listening on the old one',
    example: '{"at":"+5s","fault":"portReset","port":4003}',
  },
  {
    name: 'restart',
    happensTo: 'gateway',
    parameters: [
      inRange('downMs', 0, 600_000, 1000),
      inRange('rollBackIds', 0, 1_000_000, 0),
      inRange('idHeldMs', 0, 600_000, 0),
    ],
    does: 'daily restart: connections close, the port is deaf for `downMs` (1000) wall milliseconds, nextValidId goes back by `rollBackIds`; for further `idHeldMs` (0) the ids of the clients that were connected are in use (326)',
    example: '{"at":"+5s","fault":"restart","downMs":100,"rollBackIds":4}',
  },
  // ---- The way to the servers.
  {
    name: 'connectivity',
    happensTo: 'gateway',
    parameters: [{ ...seconds, otherwise: 15 }, inRange('restored', 1101, 1102, 1102)],
    does: '1100; no data, orders sent are lost, what happens to working orders is held back; after `forSeconds` (15) 1101 (data lines are gone) or 1102, then the late messages',
    example: '{"at":"+5s","fault":"connectivity","forSeconds":20,"restored":1101}',
  },
  {
    name: 'nightlyReset',
    happensTo: 'gateway',
    parameters: [{ ...seconds, otherwise: 15 }],
    does: '1100, 2103, 2105, 2157 and 1100 again, as `connectivity` in between; after `forSeconds` (15) 1102, 2104, 2106, 2158',
    example: '{"at":"+5s","fault":"nightlyReset","forSeconds":15}',
  },
  {
    name: 'farm',
    happensTo: 'gateway',
    parameters: [{ ...inRange('code', 2103, 2157, 2103) }, { ...seconds, otherwise: 30 }],
    does: '`code` 2103 (quotes freeze), 2105 (history is refused with 162) or 2157; after `forSeconds` (30) 2104, 2106 or 2158',
    example: '{"at":"+5s","fault":"farm","code":2105,"forSeconds":30}',
  },
  {
    name: 'notice',
    happensTo: 'gateway',
    parameters: [code, { name: 'text', kind: 'text' }],
    does: 'a system notice with id -1 and nothing behind it: 2103 to 2110, 2157, 2158, 1100 and others',
    example: '{"at":"+5s","fault":"notice","code":2110}',
  },
  {
    name: 'competingSession',
    happensTo: 'gateway',
    parameters: [seconds],
    does: '10197 for every market data line; quotes freeze without another word until `forSeconds` have passed',
    example: '{"at":"+5s","fault":"competingSession","forSeconds":30}',
  },
  {
    name: 'delayedOnly',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'market data asked for from now on is delayed: 10168, or 10167 and delayed ticks for clients that allow them',
    example: '{"at":"+0s","fault":"delayedOnly"}',
  },
  {
    name: 'clockSkew',
    happensTo: 'gateway',
    parameters: [{ name: 'seconds', kind: 'number', least: -86_400, most: 86_400, isNeeded: true }, seconds],
    does: 'the time that the gateway tells is off by `seconds`; the exchange keeps its own',
    example: '{"at":"+0s","fault":"clockSkew","seconds":-90}',
  },
  // ---- Limits and permissions.
  {
    name: 'pacingHistory',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'history is refused with 162, pacing violation',
    example: '{"at":"+0s","fault":"pacingHistory","forSeconds":15}',
  },
  {
    name: 'pacingMessages',
    happensTo: 'gateway',
    parameters: [inRange('disconnect', 0, 1, 0)],
    does: '100 to every client; with `disconnect` 1 the connections are closed after it',
    example: '{"after":{"message":"placeOrder","n":1},"fault":"pacingMessages","disconnect":1}',
  },
  {
    name: 'readOnly',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'orders and cancels are refused with 321, Read-Only mode',
    example: '{"at":"+0s","fault":"readOnly"}',
  },
  {
    name: 'presetDay',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'an IOC is taken as DAY and rests, told by 10349',
    example: '{"at":"+0s","fault":"presetDay"}',
  },
  {
    name: 'reject',
    happensTo: 'gateway',
    parameters: [code, { name: 'text', kind: 'text' }, { name: 'symbol', kind: 'symbol' }, seconds],
    does: 'orders, or those of `symbol`, are refused with `code` and `text`',
    example: '{"at":"+0s","fault":"reject","code":201,"text":"Order rejected - Reason: margin","forSeconds":60}',
  },
  {
    name: 'iocWithout202',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'the rest of an IOC ends without its 202',
    example: '{"at":"+0s","fault":"iocWithout202"}',
  },
  {
    name: 'withoutExecutionsEnd',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'no execDetailsEnd when there are no executions',
    example: '{"at":"+0s","fault":"withoutExecutionsEnd"}',
  },
  // ---- Single messages.
  {
    name: 'drop',
    happensTo: 'message',
    parameters: [count],
    does: 'that message, and the `count` (1) of its kind from there, is never sent: a missing openOrder, status, commission',
    example: '{"after":{"message":"commissionReport","n":1},"fault":"drop"}',
  },
  {
    name: 'duplicate',
    happensTo: 'message',
    parameters: [count],
    does: 'that message is sent twice',
    example: '{"after":{"message":"execDetails","n":1},"fault":"duplicate"}',
  },
  {
    name: 'swap',
    happensTo: 'message',
    parameters: [count],
    does: 'that message changes places with the next one to the same client',
    example: '{"after":{"message":"execDetails","n":1},"fault":"swap"}',
  },
  {
    name: 'late',
    happensTo: 'message',
    parameters: [{ name: 'seconds', kind: 'number', least: 0.1, most: 86_400, isNeeded: true }, count],
    does: 'that message is sent `seconds` later',
    example: '{"after":{"message":"commissionReport","n":1},"fault":"late","seconds":30}',
  },
  {
    name: 'correction',
    happensTo: 'message',
    parameters: [
      { name: 'priceChange', kind: 'number', least: -1000, most: 1000, isNeeded: true },
      { name: 'seconds', kind: 'number', least: 0, most: 86_400, otherwise: 1 },
    ],
    does: 'that execution is corrected `seconds` (1) later: execDetails and commissionReport again, execId one higher after its last dot, price moved by `priceChange` dollars, the account with it',
    example: '{"after":{"message":"execDetails","n":1},"fault":"correction","priceChange":0.01,"seconds":5}',
  },
  {
    name: 'executionFirst',
    happensTo: 'gateway',
    parameters: [seconds],
    does: 'execDetails comes before the openOrder and orderStatus that belong before it',
    example: '{"at":"+0s","fault":"executionFirst"}',
  },
  // ---- Orders and the account.
  {
    name: 'noAnswer',
    happensTo: 'message',
    parameters: [inRange('reaches', 0, 1, 0)],
    does: 'that placeOrder is never answered: lost on the way, or with `reaches` 1 worked by the exchange in silence (executions are told on request)',
    example: '{"after":{"message":"placeOrder","n":1},"fault":"noAnswer","reaches":1}',
  },
  {
    name: 'fillDuringDisconnect',
    happensTo: 'gateway',
    parameters: [],
    does: 'every connection is cut, then resting limit orders fill at their limit; after a placeOrder: that order is worked first and its client hears nothing of it',
    example: '{"after":{"message":"placeOrder","n":1},"fault":"fillDuringDisconnect"}',
  },
  {
    name: 'handTrade',
    happensTo: 'gateway',
    parameters: [
      symbol,
      { name: 'shares', kind: 'number', least: -10_000_000, most: 10_000_000, isWhole: true, isNeeded: true },
      { name: 'averageCost', kind: 'number', least: 0, most: 1_000_000 },
    ],
    does: 'traded by hand elsewhere: the position is `shares` from then on',
    example: '{"at":"+5s","fault":"handTrade","symbol":"RCAT","shares":150}',
  },
  // ---- The market.
  {
    name: 'halt',
    happensTo: 'gateway',
    parameters: [symbol, inRange('value', 1, 2, 1), seconds],
    does: 'trading in `symbol` stops, tick 49 says `value` (1 halted, 2 volatility); after `forSeconds` it goes on',
    example: '{"at":"+5s","fault":"halt","symbol":"RCAT","forSeconds":30}',
  },
  {
    name: 'locked',
    happensTo: 'gateway',
    parameters: [symbol],
    does: 'the ask falls to the bid, until the market quotes that side anew',
    example: '{"at":"+5s","fault":"locked","symbol":"RCAT"}',
  },
  {
    name: 'crossed',
    happensTo: 'gateway',
    parameters: [symbol],
    does: 'the ask falls below the bid, until the market quotes that side anew',
    example: '{"at":"+5s","fault":"crossed","symbol":"RCAT"}',
  },
  {
    name: 'badPrint',
    happensTo: 'gateway',
    parameters: [symbol, { name: 'price', kind: 'number', least: 0.0001, most: 1_000_000, isNeeded: true }],
    does: 'one print of 100 shares at `price`, wherever the quotes are',
    example: '{"at":"+5s","fault":"badPrint","symbol":"RCAT","price":1.5}',
  },
] as const satisfies readonly (Omit<FaultRow, 'name'> & { readonly name: string })[];

export type FaultName = (typeof rows)[number]['name'];

export const faultTable: readonly FaultRow[] = rows;

/** Messages that a script can count. Sent ones by message id, requests by what the gateway calls them. */
export const sentMessages: Readonly<Record<string, number>> = {
  tickPrice: 1,
  tickSize: 2,
  orderStatus: 3,
  error: 4,
  openOrder: 5,
  accountValue: 6,
  nextValidId: 9,
  contractDetails: 10,
  execDetails: 11,
  managedAccounts: 15,
  historicalData: 17,
  currentTime: 49,
  openOrderEnd: 53,
  execDetailsEnd: 55,
  commissionReport: 59,
  position: 61,
  positionEnd: 62,
  accountSummary: 63,
  historicalDataUpdate: 90,
  pnl: 94,
  pnlSingle: 95,
  completedOrder: 101,
};

export const receivedMessages: Readonly<Record<string, string>> = Object.fromEntries(
  requestTable.map(({ name, type }) => [name, type]),
);

/** The table of docs/gateway.md. */
export function faultDocumentation(): string {
  const lines = faultTable.map(row => {
    const parameters = row.parameters.map(one => `\`${one.name}\`${one.isNeeded ? ' (needed)' : ''}`).join(', ');
    return `| \`${row.name}\` | ${parameters || 'none'} | ${row.does} | \`${row.example}\` |`;
  });
  return ['| fault | parameters | what the gateway does | example |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
