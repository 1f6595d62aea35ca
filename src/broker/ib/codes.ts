/**
 * IB's error and system codes as our own words. This table is the only place that reads the numbers; it says what a code
 * means, not what is done about it. Source: IB's message codes and the cases recorded by users of other clients.
 */
export type Meaning =
  | 'linkBroken' // between gateway and IB
  | 'linkRestoredDataLost'
  | 'linkRestored'
  | 'marketFarmBroken'
  | 'marketFarmOk'
  | 'historyFarmBroken'
  | 'historyFarmOk'
  | 'securityFarmBroken'
  | 'securityFarmOk'
  | 'idle' // farms that wait for demand, and other news without consequence
  | 'clientIdInUse'
  | 'portMoved'
  | 'tooManyMessages'
  | 'noContract' // also a rejected order when the id is an order's
  | 'noLiveData'
  | 'delayedData'
  | 'partlySubscribed'
  | 'tooManyLines'
  | 'competingSession'
  | 'history' // the text tells which trouble
  | 'invalidRequest' // rejected when the id is an order's; the text may say read-only
  | 'orderRejected'
  | 'duplicateOrderId' // rejected, and our row of ids is behind the gateway's
  | 'orderCancelled'
  | 'orderHeld' // alive, but not working now
  | 'orderNotFound' // on a cancel
  | 'orderAlreadyDone' // on a cancel
  | 'orderWarning' // the order lives
  | 'iocNotHonoured'
  | 'noConnection'
  | 'decoding'
  | 'warning'
  | 'unknown';

const table: Readonly<Record<Exclude<Meaning, 'unknown'>, readonly number[]>> = {
  linkBroken: [1100, 2110],
  linkRestoredDataLost: [1101],
  linkRestored: [1102],
  marketFarmBroken: [2103],
  marketFarmOk: [2104],
  historyFarmBroken: [2105],
  historyFarmOk: [2106],
  securityFarmBroken: [2157],
  securityFarmOk: [2158],
  idle: [2107, 2108, 2119, 2100, 2101],
  clientIdInUse: [326],
  portMoved: [1300],
  tooManyMessages: [100],
  noContract: [200],
  noLiveData: [354, 10168, 10186],
  delayedData: [10089, 10167],
  partlySubscribed: [10090, 10091],
  tooManyLines: [101, 309],
  competingSession: [10197],
  history: [162, 165, 366, 420, 10225],
  invalidRequest: [320, 321, 322],
  // 102, 386, 434 and 10149 are bugs of ours; whatever they name was not done, which is what counts.
  orderRejected: [
    106, 107, 109, 110, 111, 163, 164, 201, 203, 351, 355, 382, 383, 386, 388, 411, 434, 435, 460, 461, 10149, 10243,
    10247, 10249, 10250, 10286,
  ],
  duplicateOrderId: [103],
  orderCancelled: [202],
  orderHeld: [399, 404],
  orderNotFound: [135, 136, 161, 10147],
  orderAlreadyDone: [104, 10148],
  orderWarning: [105, 329, 481, 2102, 2109, 2137, 300],
  iocNotHonoured: [10349],
  noConnection: [502, 503, 504],
  decoding: [505],
  warning: [2148, 2176, 2187, 492, 102],
};

const meanings = new Map<number, Meaning>();
for (const [meaning, codes] of Object.entries(table)) for (const code of codes) meanings.set(code, meaning as Meaning);

export function meaningOf(code: number): Meaning {
  // IB uses 2100 to 2199 for warnings; a new one of them is a warning until someone has read what it means.
  return meanings.get(code) ?? (2100 <= code && code < 2200 ? 'warning' : 'unknown');
}

/** The farm's name behind `Market data farm connection is broken:usfarm`; the whole class when there is none. */
export const farmOf = (text: string): string => /:\s*([\w.-]+)\s*$/.exec(text)?.[1] ?? '';

export type HistoryTrouble = 'noData' | 'pacing' | 'cancelled' | 'failed';

/** IB tells what is wrong with a history request in words only, in changing ones. */
export function historyTrouble(text: string): HistoryTrouble {
  if (/no data|returned no/i.test(text)) return 'noData';
  if (/pacing|max(imum)? (number|rate)|too many/i.test(text)) return 'pacing';
  if (/cancel/i.test(text)) return 'cancelled';
  return 'failed';
}

export const saysReadOnly = (text: string): boolean => /read.?only/i.test(text);
