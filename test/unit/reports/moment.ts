/**
 * The moment that every drawn surface shows: 2026-11-18, 11:42:17 ET, a paper account. Numbers are written by hand from
 * the drawings; nothing here is computed by the code under test.
 */
import type {
  BuyRungView,
  SellRungView,
  SessionSnapshot,
  SymbolDetail,
  SymbolSummary,
} from '../../../src/shared/protocol';

export const at = (time: string): number => Date.parse(`2026-11-18T${time}-05:00`);
export const NOW = at('11:42:17');

export const summary = (given: Partial<SymbolSummary> & { symbol: string }): SymbolSummary => ({
  class: 'risky',
  state: 'flat',
  line: 0,
  decimals: 2,
  last: null,
  bid: null,
  ask: null,
  spreadBp: null,
  reference: null,
  referenceSource: '',
  z: 0,
  ageMs: 400,
  layers: 0,
  touched: 0,
  hit: 0,
  position: 0,
  averageCost: null,
  openPnl: 0,
  realizedToday: 0,
  clip: null,
  nextBuy: null,
  nextSell: null,
  hardStop: null,
  trailMark: null,
  trailStop: null,
  exit: null,
  trimDone: false,
  buyPercent: 0.6,
  sellPercent: 0.6,
  override: null,
  overrideSince: { buy: null, sell: null },
  lineBuy: 0.6,
  lineSell: 0.6,
  isClipFixed: false,
  isPaused: false,
  isOverlap: false,
  previousClose: null,
  dataType: 1,
  hasBars: true,
  velocity: 'none',
  velocityBp: 0,
  reason: '',
  ...given,
});

type BuyCells = [price: number, percent: number, shares: number, usd: number, total: number, toLast: number];
type SellCells = [price: number, percent: number];

const buyRungs = (cells: BuyCells[], held: number): BuyRungView[] =>
  cells.map(([price, percent, shares, usd, total, toLast], index) => ({
    rung: index + 1,
    price,
    percent,
    shares,
    usd,
    total,
    toLast,
    state: index < held ? 'held' : index === held ? 'next' : 'untouched',
    held: index < held ? shares : 0,
  }));

const sellRungs = (cells: SellCells[]): SellRungView[] =>
  cells.map(([price, percent], index) => ({
    rung: index + 1,
    price,
    percent,
    sells: [],
    state: 'untouched',
    toLast: null,
  }));

const rcatSells = sellRungs([
  [12.73, 1.061],
  [12.79, 1.471],
  [12.86, 2.04],
  [12.96, 2.829],
  [12.98, 3.047],
  [13.01, 3.282],
  [13.05, 3.536],
]);
Object.assign(rcatSells[0]!, { state: 'hit', toLast: -0.31 });
Object.assign(rcatSells[1]!, { state: 'next', sells: [{ rung: 2, shares: 224 }], toLast: 0.16 });
Object.assign(rcatSells[2]!, { sells: [{ rung: 1, shares: 186 }], toLast: 0.7 });

const rcatBuys = buyRungs(
  [
    [12.44, 1.232, 186, 2317.56, 2317.56, -2.584],
    [12.38, 1.708, 224, 2779.84, 5097.4, -3.054],
    [12.3, 2.368, 254, 3124.2, 8221.6, -3.681],
    [12.19, 3.285, 290, 3535.1, 11756.7, -4.542],
    [12.15, 3.538, 326, 3960.9, 15717.6, -4.855],
    [12.12, 3.811, 363, 4399.56, 20117.16, -5.09],
    [12.08, 4.106, 417, 5037.36, 25154.52, -5.403],
  ],
  2,
);
Object.assign(rcatBuys[0]!, { boughtPrice: 12.46, boughtAt: at('09:38:45') });
Object.assign(rcatBuys[1]!, { boughtPrice: 12.41, boughtAt: at('09:39:30') });

const met = (id: string) => ({ id, text: `${id} met`, met: true, asked: true });

export const RCAT: SymbolDetail = {
  ...summary({
    symbol: 'RCAT',
    state: 'holding',
    line: 3,
    last: 12.77,
    reference: 12.6,
    referenceSource: 'median of the day so far',
    z: 0.38,
    layers: 2,
    touched: 0,
    hit: 1,
    position: 410,
    averageCost: 12.34112,
    openPnl: 175.84,
    realizedToday: 65.76,
    clip: 2311.5,
    nextBuy: { rung: 3, price: 12.3, shares: 254 },
    nextSell: { rung: 2, price: 12.79, shares: 224, layers: [2] },
    hardStop: 11.72,
    trailMark: 12.9,
    trailStop: 12.58,
    trimDone: true,
    bid: 12.76,
    ask: 12.78,
    spreadBp: 15.66,
    previousClose: 12.51,
    lineSell: 0.65,
    override: { buy: null, sell: 0.6 },
    overrideSince: { buy: null, sell: at('09:58:12') },
  }),
  buys: rcatBuys,
  sells: rcatSells,
  fullLadderUsd: 25154.52,
  ladderLimitUsd: 26532,
  tickerBudgetUsd: 12060,
  baseClipUsd: 1005,
  badPrints: 2,
  trimPrice: 12.3473,
  whyNot: [
    {
      kind: 'buy',
      title: 'Buy L3',
      rung: 3,
      shares: 254,
      ready: false,
      conditions: [
        { id: 'touched', text: 'last 12.77, needs 12.30 or less', met: false, asked: true },
        ...Array.from({ length: 12 }, (_, index) => met(`condition ${index}`)),
        { id: 'fromMid', text: 'limit 0.5% from the mid, at most 3%', met: false, asked: false },
      ],
    },
    {
      kind: 'sell',
      title: 'Sell L2 at U2',
      rung: 2,
      shares: 224,
      ready: false,
      conditions: [
        { id: 'hit', text: 'last 12.77, needs 12.79 or more', met: false, asked: true },
        { id: 'z', text: 'z +0.38, needs below 0', met: false, asked: true },
        met('spread'),
      ],
    },
  ],
  fills: [
    {
      row: 4,
      t: at('10:40:00'),
      symbol: 'RCAT',
      side: 'SELL',
      qty: 169,
      price: '12.53',
      tag: 'breakeven_trim',
      realized: '31.92',
      execId: 'x',
    },
  ],
};

export const DPRO: SymbolDetail = {
  ...summary({
    symbol: 'DPRO',
    line: 4,
    last: 9.85,
    reference: 9.87,
    referenceSource: 'regularHours',
    z: -0.14,
    clip: 2311.5,
    nextBuy: { rung: 1, price: 9.76, shares: 235 },
  }),
  buys: buyRungs(
    [
      [9.76, 1.086, 235, 2293.6, 2293.6, -0.914],
      [9.72, 1.505, 282, 2741.04, 5034.64, -1.32],
      [9.66, 2.087, 329, 3178.14, 8212.78, -1.929],
      [9.58, 2.895, 376, 3602.08, 11814.86, -2.741],
      [9.56, 3.118, 423, 4043.88, 15858.74, -2.944],
      [9.54, 3.358, 470, 4483.8, 20342.54, -3.147],
      [9.51, 3.619, 540, 5135.4, 25477.94, -3.452],
    ],
    0,
  ),
  sells: sellRungs([
    [9.98, 1.149],
    [10.03, 1.593],
    [10.09, 2.208],
    [10.17, 3.063],
    [10.2, 3.299],
    [10.22, 3.553],
    [10.25, 3.829],
  ]),
  fullLadderUsd: 25477.94,
  ladderLimitUsd: 26532,
  tickerBudgetUsd: 12060,
  baseClipUsd: 1005,
  badPrints: 0,
  trimPrice: null,
  whyNot: [
    {
      kind: 'buy',
      title: 'Buy L1',
      rung: 1,
      shares: 235,
      ready: false,
      conditions: [
        { id: 'touched', text: 'last 9.85, needs 9.76 or less', met: false, asked: true },
        { id: 'z', text: 'z −0.14, needs above 0', met: false, asked: true },
        met('spread'),
      ],
    },
  ],
  fills: [],
};

export const SYMBOLS: SymbolSummary[] = [
  RCAT,
  DPRO,
  summary({
    symbol: 'UMAC',
    state: 'trimReady',
    last: 12.23,
    z: -0.62,
    layers: 3,
    hit: 2,
    position: 709,
    nextSell: { rung: 2, price: 12.2, shares: 500, layers: [3, 2] },
  }),
  summary({
    symbol: 'AVAV',
    state: 'entryReady',
    last: 274.77,
    z: 0.91,
    layers: 2,
    touched: 3,
    position: 6,
    nextBuy: { rung: 3, price: 275.65, shares: 3 },
  }),
  summary({ symbol: 'LPTH', state: 'quiet', last: 8.22, ageMs: 23_000, layers: 1, position: 231 }),
  summary({
    symbol: 'ONDS',
    state: 'buysPaused',
    last: 7.52,
    layers: 3,
    position: 1075,
    reason: '3 rejects',
    isPaused: true,
    pause: {
      by: 'rejects',
      lastReject: { code: 201, text: 'Order size exceeds limit' },
      reported: 1075,
      explained: 1075,
    },
  }),
  summary({ symbol: 'SPAI', state: 'failed', reason: 'IB does not know SPAI as a US stock (code 200)' }),
];

export const snapshot = (given: Partial<SessionSnapshot> = {}): SessionSnapshot => ({
  t: NOW,
  mode: 'PAPER',
  accountTail: '···4417',
  phase: 'trading',
  phaseText: '',
  endpoint: '127.0.0.1:7497',
  connectedSince: at('09:24:51'),
  linkLostSince: null,
  session: 'regular',
  nextChange: at('16:00:00'),
  realizedToday: 98.46,
  openPnl: 251.61,
  commissionsToday: 26.55,
  dayPnl: 323.52,
  dayLossLimit: 3000,
  used: { all: 29946, risky: 23421, safe: 6525 },
  allowed: { all: 100500, risky: 60300, safe: 40200 },
  positions: 7,
  entryReady: 1,
  trimReady: 1,
  velocityActive: 1,
  velocityPrimed: 2,
  paused: false,
  protectOnly: false,
  killed: false,
  lossLimitHit: false,
  blind: false,
  journalOk: true,
  rowsWaiting: 0,
  symbols: SYMBOLS,
  notInForce: [],
  ...given,
});
