// What a gateway can be told, with the defaults, and the seam for its bad days. Checked once, at the start: a value that makes
// no sense is refused with what was expected and what was found.

import { newYorkSeconds, newYorkTime, pad, type ExchangeDate } from './calendar';
import { requireFaultScript, type FaultStep } from './faults/script';
import { marketKinds, type MarketKind } from './marketKinds';
import { readTapeFile, type Tape } from './tape';
import type { TruthEntry } from './truthLog';

/** Bad days that a test or a script can order. Symbols as the client writes them (`RCAT`, `BRK B`). */
export interface FaultHooks {
  /** Answered with 326 and closed, as if another program used these ids. */
  refuseClientIds?: readonly number[];
  /** Close as soon as the client has greeted. */
  closeInHandshake?: boolean;
  /** Answer the greeting with bytes that are no frame. */
  garbageInHandshake?: boolean;
  /** Answer startApi with the first half of a frame and nothing more. */
  halfFrame?: boolean;
  /** No market data subscription: error 354. */
  noMarketDataFor?: readonly string[];
  /** Delayed data only: 10168, or 10167 and delayed ticks when the client allows them (reqMarketDataType 3). */
  delayedFor?: readonly string[];
  /** Connections of that moment go half-open after so many simulated seconds: nothing is read or written any more. */
  silentAfter?: number;
  /** All connections are cut after so many simulated seconds. */
  dropAfter?: number;
  /** Order refused at the door. The symbol is optional: without it every order is refused. */
  orderReject?: { readonly symbol?: string; readonly code: number; readonly text: string };
  /** The rest of an IOC ends without its 202, as some gateways do it. */
  iocWithout202?: boolean;
  /** Frame 55 is left out when there is nothing to tell. */
  withoutEmptyExecutionsEnd?: boolean;
  /** Orders and cancels: error 321, Read-Only mode. */
  readOnly?: boolean;
  /** An IOC is taken as DAY, with 10349. */
  presetDay?: boolean;
  /** Every symbol as in `delayedFor`, for subscriptions from now on. */
  delayedOnly?: boolean;
  /** Data lines say nothing more; they catch up when it ends. */
  frozenQuotes?: boolean;
  /** History is refused with 162 and this cause. */
  historyRefusal?: string;
  /** The time that clients are told is off by so much. */
  clockSkewSeconds?: number;
}

/** The daily restart. Wall milliseconds: the port is deaf, and the ids of the clients that were connected stay in use (326). */
export interface RestartOptions {
  readonly downMs?: number;
  readonly idHeldMs?: number;
  /** nextValidId goes back by so many. */
  readonly rollBackIds?: number;
}

export type Pacing = 'off' | 'ib' | 'strict';

export interface GatewayOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly seed?: number;
  /** Simulated seconds a second. 1 is real time, 0 or Infinity as fast as it goes. */
  readonly speed?: number;
  /** First simulated day, `2026-11-18` or `20261118`. */
  readonly date?: string;
  /** New York time at which the clock begins, `09:25` or `09:25:30`. */
  readonly startTime?: string;
  /** New York time of the first day at which the clock stops for good; without it the days go on. */
  readonly until?: string;
  readonly account?: string;
  readonly cash?: number;
  readonly positions?: readonly { readonly symbol: string; readonly shares: number; readonly averageCost: number }[];
  /** Number of the first execution: a gateway that takes an account over must not give an id out twice. Default 1. */
  readonly firstExecution?: number;
  /** The clock waits for this client's reqCurrentTime before every second. */
  readonly lockstepClientId?: number;
  /** What the clock does once that client has left. Default wait. */
  readonly whenLockstepGone?: 'wait' | 'run';
  readonly truthFile?: string;
  readonly onTruth?: (entry: TruthEntry) => void;
  readonly minServerVersion?: number;
  readonly maxServerVersion?: number;
  /** Tickers this exchange does not list, besides all that begin with ZZ. */
  readonly symbolsUnknown?: readonly string[];
  /** Market steps a simulated second: 1, 2, 4, 5 or 10. Default 1; 4 when the clock runs free near real time. */
  readonly ticksPerSecond?: number;
  /** Wall seconds for which a client id stays in use after an unclean close. */
  readonly idHeldSeconds?: number;
  /** Market data lines of one client. */
  readonly maxLines?: number;
  /** Wall seconds within which a connection must have said startApi. Default 30. */
  readonly startWithinSeconds?: number;
  /** A client that has left more than this unread is cut off. Default 64 MiB. */
  readonly mostUnreadBytes?: number;
  /** Limit prices further than this from the market on the paying side are refused with 109; a fraction. */
  readonly percentageLimit?: number;
  /** What the days are like. Default usual. */
  readonly market?: MarketKind;
  /** A recorded tape, JSON lines or the same compressed: its stocks alone are listed and the clock begins with it. */
  readonly tapeFile?: string;
  /** `ib`: 100 for more than 50 messages a second. `strict`: bars of a minute and more are paced too. Default `ib` on a free clock in real time, else `off`. */
  readonly pacing?: Pacing;
  readonly faults?: FaultHooks;
  /** Text of a fault script, JSON lines or one JSON array; docs/gateway.md has the table. */
  readonly faultScript?: string;
  readonly log?: (line: string) => void;
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  readonly speed: number;
  readonly date: ExchangeDate;
  /** Epoch milliseconds. */
  readonly startsAt: number;
  readonly until: number | undefined;
  readonly account: string;
  readonly cash: number;
  readonly positions: readonly { readonly symbol: string; readonly shares: number; readonly averageCost: number }[];
  readonly firstExecution: number;
  readonly lockstepClientId: number | undefined;
  readonly whenLockstepGone: 'wait' | 'run';
  readonly truthFile: string | undefined;
  readonly onTruth: (entry: TruthEntry) => void;
  readonly minServerVersion: number;
  readonly maxServerVersion: number;
  readonly symbolsUnknown: readonly string[];
  readonly ticksPerSecond: number;
  readonly idHeldSeconds: number;
  readonly maxLines: number;
  readonly startWithinSeconds: number;
  readonly mostUnreadBytes: number;
  readonly percentageLimit: number;
  readonly market: MarketKind;
  readonly tape: Tape | undefined;
  readonly pacing: Pacing;
  readonly faultScript: readonly FaultStep[];
  readonly log: (line: string) => void;
}

export const defaultDate = '2026-11-18';
export const defaultStart = '09:25';

export function settingsOf(options: GatewayOptions): Settings {
  const tape = options.tapeFile === undefined ? undefined : readTapeFile(options.tapeFile);
  const taped = tape && newYorkTime(Math.floor(tape.startsAt / 1000));
  const date = taped?.date ?? readDate(options.date ?? defaultDate);
  const start = taped ? `${taped.hour}:${pad(taped.minute)}:${pad(taped.second)}` : defaultStart;
  const startsAt = readTime('startTime', date, options.startTime ?? start);
  const until = options.until === undefined ? undefined : readTime('until', date, options.until);
  if (until !== undefined && until <= startsAt) {
    throw new Error(`Expected until to lie after the start, found ${options.until}`);
  }
  const account = options.account ?? 'SIM00001';
  if (!/^SIM[A-Za-z0-9]{1,16}$/.test(account)) {
    throw new Error(`Expected an account that begins with SIM, such as SIM00001, found "${account}"`);
  }
  const speed = options.speed ?? 1;
  // Near real time a person sees the seconds: four steps spread in each look like a market, one looks like a clock.
  const isRealTime = options.lockstepClientId === undefined && speed === 1;
  const isWatched = options.lockstepClientId === undefined && speed > 0 && speed <= 5;
  return {
    host: options.host ?? '127.0.0.1',
    port: number('port', options.port ?? 0, 0, 65_535, true),
    seed: number('seed', options.seed ?? 7, 0, Number.MAX_SAFE_INTEGER, true),
    speed: speed === Infinity ? Infinity : number('speed', speed, 0, 1_000_000, false) || Infinity,
    date,
    startsAt,
    until,
    account,
    cash: number('cash', options.cash ?? 250_000, 0, 1e11, false),
    positions: options.positions ?? [],
    firstExecution: number('firstExecution', options.firstExecution ?? 1, 1, 0x7fff_ffff, true),
    lockstepClientId: options.lockstepClientId,
    whenLockstepGone: options.whenLockstepGone ?? 'wait',
    truthFile: options.truthFile,
    onTruth: options.onTruth ?? (() => undefined),
    minServerVersion: number('minServerVersion', options.minServerVersion ?? 176, 176, 193, true),
    maxServerVersion: number('maxServerVersion', options.maxServerVersion ?? 193, 176, 193, true),
    symbolsUnknown: options.symbolsUnknown ?? [],
    ticksPerSecond: steps(options.ticksPerSecond ?? (isWatched ? 4 : 1)),
    idHeldSeconds: number('idHeldSeconds', options.idHeldSeconds ?? 2, 0, 3600, false),
    maxLines: number('maxLines', options.maxLines ?? 100, 0, 100_000, true),
    startWithinSeconds: number('startWithinSeconds', options.startWithinSeconds ?? 30, 0.01, 3600, false),
    mostUnreadBytes: number('mostUnreadBytes', options.mostUnreadBytes ?? 64 << 20, 1 << 16, 1 << 30, true),
    percentageLimit: number('percentageLimit', options.percentageLimit ?? 0.1, 0, 1000, false),
    tape,
    market: choice('market', options.market ?? 'usual', marketKinds),
    pacing: choice('pacing', options.pacing ?? (isRealTime ? 'ib' : 'off'), ['off', 'ib', 'strict']),
    faultScript: options.faultScript === undefined ? [] : requireFaultScript(options.faultScript),
    log: options.log ?? (() => undefined),
  };
}

function number(name: string, value: number, low: number, high: number, isWhole: boolean): number {
  if (!(low <= value && value <= high) || (isWhole && !Number.isInteger(value))) {
    throw new Error(`Expected ${name} to be a ${isWhole ? 'whole ' : ''}number from ${low} to ${high}, found ${value}`);
  }
  return value;
}

function choice<T extends string>(name: string, value: T, all: readonly T[]): T {
  if (!all.includes(value)) throw new Error(`Expected ${name} to be one of ${all.join(', ')}, found "${value}"`);
  return value;
}

// Steps are whole milliseconds, so that a second is a whole number of them.
function steps(value: number): number {
  if (![1, 2, 4, 5, 10].includes(value)) throw new Error(`Expected ticksPerSecond of 1, 2, 4, 5 or 10, found ${value}`);
  return value;
}

function readDate(text: string): ExchangeDate {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  const date = match ? `${match[1]}${match[2]}${match[3]}` : '';
  const isReal = match && !Number.isNaN(Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`));
  if (!isReal || Number(match[1]) < 2008) throw new Error(`Expected a date such as 2026-11-18, found "${text}"`);
  return date;
}

function readTime(name: string, date: ExchangeDate, text: string): number {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  const [hour, minute, second] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  if (!match || hour > 23 || minute > 59 || second > 59) {
    throw new Error(`Expected ${name} to be a New York time such as 09:25, found "${text}"`);
  }
  return newYorkSeconds(date, hour, minute, second) * 1000;
}
