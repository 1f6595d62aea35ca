/**
 * Every condition that an order can wait for, in one table: what it is called and how its two numbers read. An evaluation
 * writes the numbers into preallocated slots (Gates); words are made only when somebody asks why not.
 */

export type GateState = 'met' | 'unmet' | 'notAsked';

export interface GateSpec {
  readonly id: string;
  /** The condition with both numbers, for a person. */
  readonly text: (left: number, right: number, decimals: number) => string;
}

const price = (value: number, decimals: number): string => (value === value ? value.toFixed(decimals) : '–');
const whole = (value: number): string =>
  value === value ? String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',') : '–';
const fixed = (value: number, decimals: number): string => (value === value ? value.toFixed(decimals) : '–');
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
const seconds = (ms: number): string => (ms === ms ? `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s` : '–');
/** A gain is no loss. */
const loss = (value: number): string => `$${whole(Math.max(0, value))}`;
const said =
  (yes: string, no: string) =>
  (left: number): string =>
    left > 0 ? yes : no;

/** Order of the table = order in which the conditions are shown. */
const TABLE = {
  // What everything needs (§7)
  regularHours: said('regular hours', 'outside regular hours'),
  firstLast: said('the day’s first regular last is there', 'no regular last of the day yet'),
  linked: said('connected and reconciled', 'not connected and reconciled'),
  liveData: (left: number) =>
    left === 1
      ? 'live market data'
      : left === left
        ? `market data type ${left}, needs 1 (live)`
        : 'no market data type told yet, needs 1 (live)',
  notHalted: said('not halted', 'trading is halted'),
  noneInFlight: said('no order in flight', 'an order is in flight'),
  sellable: (left: number, right: number) => `${whole(left)} of ${whole(right)} own shares can be sold`,
  // Discretionary orders
  noExit: said('no exit is on', 'an exit is on until flat'),
  quote: said('two-sided quote', 'no two-sided, uncrossed live quote'),
  notQuiet: (left: number, right: number) => `last tick ${seconds(left)} ago, needs under ${seconds(right)}`,
  notBlind: said('the session hears the market', 'the session is blind'),
  spreadBuy: (left: number, right: number) => `spread ${whole(left)} bp, at most ${whole(right)} bp`,
  spreadSell: (left: number, right: number) => `spread ${whole(left)} bp, at most ${whole(right)} bp`,
  reference: said('a reference price is there', 'no reference price but the last'),
  // Ladder sell and trim
  zNegative: (left: number) => `z ${signed(left)}, needs below 0`,
  sellRungHit: (left: number, right: number, d: number) => `last ${price(left, d)}, needs ${price(right, d)} or more`,
  sellWait: (left: number) => (left > 0 ? `waits ${seconds(left)} after the last order` : 'no wait after an order'),
  trimLast: (left: number, right: number, d: number) => `last ${price(left, d)}, needs ${price(right, d + 2)} or more`,
  trimBid: (left: number, right: number, d: number) => `bid ${price(left, d)}, needs ${price(right, d + 2)} or more`,
  trimNotDone: said('breakeven trim not done yet', 'breakeven trim is done'),
  trimWait: (left: number) => (left > 0 ? `waits ${seconds(left)} after the last order` : 'no wait after an order'),
  // Ladder buy
  zPositive: (left: number) => `z ${signed(left)}, needs above 0`,
  rungTouched: (left: number, right: number, d: number) => `last ${price(left, d)}, needs ${price(right, d)} or less`,
  rungLeft: (left: number) => (left > 0 ? 'a rung is left' : 'all seven rungs are held'),
  cooldown: (left: number, right: number) =>
    `last buy order ${left < Infinity ? `${seconds(left)} ago` : 'never'}, needs ${seconds(right)}`,
  referenceBand: (left: number, right: number) =>
    `reference ${fixed(left, 1)}% from the previous close, at most ${right}%`,
  download: said('bars are downloaded', 'the download of bars has not finished'),
  timeToClose: (left: number, right: number) => `${seconds(left)} to the close, needs ${seconds(right)}`,
  notPaused: said('entries are not paused', 'entries are paused'),
  notKilled: said('kill switch is off', 'the kill switch is thrown'),
  notWoundDown: said('the line is in force', 'the symbol is wound down'),
  symbolNotPaused: said('buys of the symbol are not paused by you', 'buys of the symbol are paused by you'),
  rejects: (left: number, right: number) => `${whole(left)} orders in a row were rejected, under ${whole(right)}`,
  explained: (left: number, right: number) =>
    left === right
      ? `the broker reported fewer shares than the bot’s, ${whole(right)} now; buys wait for a person`
      : left === left
        ? `the broker reports ${whole(left).replace('-', '−')} shares, ${whole(right)} are explained`
        : 'the broker’s shares are explained',
  dayLoss: (left: number, right: number) =>
    left === left ? `the day’s loss is ${loss(left)}, under ${loss(right)}` : 'the day’s loss under its limit',
  journal: said('the journal can be written', 'the journal cannot be written'),
  account: said('account values are known', 'the account does not tell its values'),
  rest: (left: number) => (left > 0 ? `rests ${seconds(left)} more after the exit` : 'no rest after an exit'),
  aboveL1: said('last has been above L1 since the exit', 'last has not been above L1 since the exit'),
  exitsToday: (left: number, right: number) => `${whole(left)} protective exits today, under ${whole(right)}`,
  buyRate: (left: number, right: number) => `${whole(left)} buy orders in 60 s, under ${whole(right)}`,
  symbolBuyRate: (left: number, right: number) =>
    `${whole(left)} buy orders of the symbol in 60 s, under ${whole(right)}`,
  buyWait: (left: number) => (left > 0 ? `waits ${seconds(left)} after a reject` : 'no wait after a reject'),
  fromMid: (left: number, right: number) => `limit ${fixed(left, 2)}% from the mid, at most ${right}%`,
  equityRoom: (left: number, right: number) =>
    `$${whole(left)} left of the equity in use, a share needs $${fixed(right, 2)}`,
  classRoom: (left: number, right: number) =>
    `$${whole(left)} left of the class budget, a share needs $${fixed(right, 2)}`,
  symbolRoom: (left: number, right: number) =>
    `$${whole(left)} left of the symbol’s limit, a share needs $${fixed(right, 2)}`,
  orderSize: (left: number, right: number) => `largest order $${whole(left)}, a share needs $${fixed(right, 2)}`,
  // Protection
  hardStopHit: (left: number, right: number, d: number) =>
    `last ${price(left, d)}, fires at ${price(right, d + 2)} or less`,
  trailArmed: (left: number, right: number, d: number) =>
    right === right ? `mark ${price(right, d)}` : `not armed, last ${price(left, d)}`,
  trailHit: (left: number, right: number, d: number) =>
    `last ${price(left, d)}, fires at ${price(right, d + 2)} or less`,
} satisfies Record<string, (left: number, right: number, decimals: number) => string>;

export type GateId = keyof typeof TABLE;
export const GATE_IDS = Object.keys(TABLE) as GateId[];

/** Slot numbers by name, so that the evaluation writes arrays and no objects. */
export const GATE = Object.fromEntries(GATE_IDS.map((id, index) => [id, index])) as Readonly<Record<GateId, number>>;

export function gateText(id: GateId, left: number, right: number, decimals: number): string {
  return TABLE[id](left, right, decimals);
}

/** What is asked only once a rung is touched, in words without numbers: there are none yet. */
const ASKED_AT_THE_RUNG: Partial<Record<GateId, string>> = {
  fromMid: 'limit price near the mid',
  equityRoom: 'room in the equity in use',
  classRoom: 'room in the class budget',
  symbolRoom: 'room in the symbol’s limit',
  orderSize: 'largest order',
  sellRungHit: 'a sell rung is hit',
  trailHit: 'the trailing stop’s price',
};

/** The words of a condition that was not asked. */
export function unaskedText(id: GateId): string {
  return ASKED_AT_THE_RUNG[id] ?? gateText(id, NaN, NaN, 2);
}

const NOT_ASKED = 2;

/** The newest evaluation of one symbol: both numbers and the outcome of every condition. */
export class Gates {
  readonly left = new Float64Array(GATE_IDS.length).fill(NaN);
  readonly right = new Float64Array(GATE_IDS.length).fill(NaN);
  private readonly outcome = new Uint8Array(GATE_IDS.length).fill(NOT_ASKED);

  put(gate: number, met: boolean, left: number, right: number): boolean {
    this.left[gate] = left;
    this.right[gate] = right;
    this.outcome[gate] = met ? 1 : 0;
    return met;
  }

  /** A condition that is asked only once everything before it holds. */
  skip(gate: number): void {
    this.left[gate] = NaN;
    this.right[gate] = NaN;
    this.outcome[gate] = NOT_ASKED;
  }

  state(gate: number): GateState {
    const outcome = this.outcome[gate];
    return outcome === NOT_ASKED ? 'notAsked' : outcome === 1 ? 'met' : 'unmet';
  }
}
