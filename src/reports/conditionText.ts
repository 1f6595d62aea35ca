/**
 * "Why not?" as rows of two numbers: what was found and what is needed, for every condition that the evaluation has asked.
 * Conditions without numbers that hold are joined in rows, so that what is in the way is seen; a condition that does not hold
 * always has a row of its own. It evaluates nothing: the numbers come from the slots of the evaluation that trades.
 */
import type { Condition } from '../shared/dashboardDetail';
import type { ConditionView, SymbolDetail } from '../shared/protocol';
import type { GateId } from '../strategy/gates';
import { ABSENT, age, basisPoints, dollars, dollarsAndCents, grouped, price, shares, zScore } from './format';

interface Words {
  readonly label: string;
  readonly found: (left: number | null, right: number | null) => string;
  readonly needed: (left: number | null, right: number | null) => string;
  /** It waits by design, as a stop does: not met is the calm state. */
  readonly isCalm?: boolean;
  /** Shares or USD. */
  readonly isAmount?: boolean;
}

/** What may be spent, USD: on view also while nobody asks, because no rung is touched. */
export interface Limits {
  readonly equity: number | null;
  readonly classBudget: number | null;
  readonly orderUsd: number | null;
}

/** Joined in one row while all of them hold. */
const JOINED: readonly { readonly label: string; readonly value: string; readonly ids: readonly GateId[] }[] = [
  { label: 'Open, first price, not halted', value: 'open', ids: ['regularHours', 'firstLast', 'notHalted'] },
  { label: 'Reconciled, hears live data', value: 'yes', ids: ['linked', 'liveData', 'notBlind'] },
  { label: 'No order in flight, no exit on', value: 'none', ids: ['noneInFlight', 'noExit'] },
  {
    label: 'Pause, kill switch, loss limit',
    value: 'none',
    ids: ['notPaused', 'notKilled', 'symbolNotPaused', 'rejects', 'explained', 'dayLoss'],
  },
  { label: 'Line, journal, account', value: 'in order', ids: ['notWoundDown', 'journal', 'account'] },
  { label: 'Rest after an exit, waits', value: 'none', ids: ['rest', 'aboveL1', 'buyWait', 'sellWait', 'trimWait'] },
];

/** Unmet first, then what is asked later, then what holds. */
export function conditionRows(conditions: readonly ConditionView[], detail: SymbolDetail, limits: Limits): Condition[] {
  const words: Readonly<Record<string, Words | undefined>> = wordsFor(detail, limits);
  const rows: Condition[] = [];
  const done = new Set<string>();
  for (const condition of conditions) {
    if (done.has(condition.id)) continue;
    const group = JOINED.find(({ ids }) => ids.includes(condition.id as GateId));
    const members = conditions.filter(each => group?.ids.includes(each.id as GateId) === true);
    if (group !== undefined && members.length > 1 && members.every(each => each.asked && each.met)) {
      for (const each of members) done.add(each.id);
      rows.push({ mark: 'met', label: group.label, found: group.value, needed: group.value });
    } else rows.push(rowOf(condition, words[condition.id]));
  }
  return rows.sort((left, right) => RANK[left.mark] - RANK[right.mark]);
}

const RANK = { unmet: 0, idle: 1, met: 2 } as const;

function rowOf({ asked, met, text, left = null, right = null }: ConditionView, words: Words | undefined): Condition {
  // A snapshot file of another version may name what this one does not know.
  if (words === undefined) return { mark: !asked ? 'idle' : met ? 'met' : 'unmet', label: text, found: '', needed: '' };
  const isCalm = words.isCalm === true && asked && !met;
  return {
    mark: !asked || isCalm ? 'idle' : met ? 'met' : 'unmet',
    label: words.label,
    found: asked ? words.found(left, right) : words.isCalm === true ? ABSENT : 'asked at the rung',
    needed: words.needed(left, right),
    ...(words.isAmount === true ? { isAmount: true } : {}),
  };
}

function wordsFor(detail: SymbolDetail, limits: Limits): Record<GateId, Words> {
  const { decimals, symbol, bid, ask } = detail;
  const at = (value: number | null) => price(value, decimals);
  const needs = (text: string) => () => text;
  const most = (say: (value: number | null) => string) => (_: number | null, right: number | null) =>
    right === null ? ABSENT : `≤ ${say(right)}`;
  const flag = (label: string, yes: string, no: string): Words => ({
    label,
    found: left => ((left ?? 0) > 0 ? yes : no),
    needed: needs(yes),
  });
  const wait = (label: string): Words => ({
    label,
    found: left => ((left ?? 0) > 0 ? `${span(left)} more` : 'none'),
    needed: needs('none'),
  });
  const spread: Words = { label: 'Spread', found: left => basisPoints(left), needed: most(basisPoints) };
  const percent = (value: number | null) => (value === null ? ABSENT : `${grouped(value, value < 10 ? 2 : 0)}%`);
  const limit = (value: number | null) => (value === null ? ABSENT : `${value}%`);
  const room = (label: string, limitUsd: number | null): Words => ({
    label,
    found: left => `${dollars(left)} left`,
    needed: (_, right) =>
      right === null ? (limitUsd === null ? ABSENT : `≤ ${dollars(limitUsd)}`) : `≥ ${dollarsAndCents(right)}`,
    isAmount: true,
  });
  const buyRung = detail.nextBuy?.rung;
  const sellRung = detail.nextSell?.rung;
  return {
    regularHours: flag('Regular hours', 'open', 'closed'),
    firstLast: flag('First regular price of the day', 'yes', 'not yet'),
    linked: flag('Reconciled since connect', 'yes', 'no'),
    liveData: {
      label: 'Live market data',
      found: left => (left === null ? 'not told yet' : `type ${left}`),
      needed: needs('type 1'),
    },
    notHalted: flag('Not halted', 'trading', 'halted'),
    noneInFlight: { label: 'No order in flight', found: left => ((left ?? 0) > 0 ? '0' : '1'), needed: needs('0') },
    sellable: {
      label: 'Own shares that can be sold',
      found: left => shares(left),
      needed: needs('≥ 1'),
      isAmount: true,
    },
    noExit: flag('No exit is on', 'none', 'until flat'),
    quote: {
      label: 'Quote two-sided, uncrossed',
      found: () => `${at(bid)} × ${at(ask)}`,
      needed: needs('bid ≤ ask'),
    },
    notQuiet: { label: 'Last tick', found: left => age(left), needed: (_, right) => `< ${span(right)}` },
    notBlind: flag('The market is heard', 'yes', 'no'),
    spreadBuy: spread,
    spreadSell: spread,
    reference: flag('Reference price', 'yes', 'only a last'),
    zNegative: { label: 'z', found: left => zScore(left ?? 0), needed: needs('< 0') },
    sellRungHit: {
      label: `Last at or above ${sellRung === undefined ? 'the rung' : `U${sellRung}`}`,
      found: left => at(left),
      needed: (_, right) => `≥ ${at(right)}`,
    },
    sellWait: wait('Wait after the last sell'),
    trimLast: {
      label: 'Breakeven trim, last',
      found: left => at(left),
      needed: (_, right) => `≥ ${at(right)}`,
      isCalm: true,
    },
    trimBid: {
      label: 'Breakeven trim, bid',
      found: left => at(left),
      needed: (_, right) => `≥ ${at(right)}`,
      isCalm: true,
    },
    trimNotDone: {
      label: 'Breakeven trim, once a rung',
      found: left => ((left ?? 0) > 0 ? 'not done' : 'done'),
      needed: needs('not done'),
      isCalm: true,
    },
    trimWait: wait('Wait after the last trim'),
    zPositive: { label: 'z', found: left => zScore(left ?? 0), needed: needs('> 0') },
    rungTouched: {
      label: `Last at or below ${buyRung === undefined ? 'the rung' : `L${buyRung}`}`,
      found: left => at(left),
      needed: (_, right) => `≤ ${at(right)}`,
    },
    rungLeft: {
      label: 'A rung is left',
      found: left => ((left ?? 0) > 0 ? `L${left}` : 'all held'),
      needed: needs('L1 to L7'),
    },
    cooldown: {
      label: 'Since the last buy order',
      // Infinity, which no JSON has: there was none.
      found: left => (left === null ? 'no buy yet' : span(left)),
      needed: (_, right) => `≥ ${span(right)}`,
    },
    referenceBand: { label: 'Reference from previous close', found: left => percent(left), needed: most(limit) },
    download: flag('Minute bars since connect', 'complete', 'loading'),
    timeToClose: { label: 'Time to the close', found: left => span(left), needed: (_, right) => `≥ ${span(right)}` },
    notPaused: flag('Entries', 'not paused', 'paused'),
    notKilled: flag('Kill switch', 'off', 'on'),
    notWoundDown: flag('Line in force', 'yes', 'no'),
    symbolNotPaused: flag(`Buys of ${symbol}`, 'not paused', 'paused'),
    rejects: {
      label: 'Orders rejected in a row',
      found: left => shares(left),
      needed: (_, right) => `< ${shares(right)}`,
    },
    explained: {
      label: 'Shares at the broker',
      found: left => (left === null ? 'explained' : shares(left)),
      needed: (left, right) =>
        left === null ? 'explained' : left === right ? 'a person’s word' : `${shares(right)} explained`,
      isAmount: true,
    },
    dayLoss: {
      label: 'The day’s loss',
      found: left => (left === null ? ABSENT : dollars(Math.max(0, left))),
      needed: (_, right) => (right === null ? 'under its limit' : `< ${dollars(right)}`),
      isAmount: true,
    },
    journal: flag('Journal can be written', 'yes', 'no'),
    account: flag('Account values', 'known', 'not told'),
    rest: wait('Rest after an exit'),
    aboveL1: flag('Last above L1 since the exit', 'yes', 'not yet'),
    exitsToday: {
      label: 'Protective exits today',
      found: left => shares(left),
      needed: (_, right) => `< ${shares(right)}`,
    },
    buyRate: {
      label: 'Buy orders in 60 s, all',
      found: left => shares(left),
      needed: (_, right) => `< ${shares(right)}`,
    },
    symbolBuyRate: {
      label: 'Buy orders in 60 s, here',
      found: left => shares(left),
      needed: (_, right) => `< ${shares(right)}`,
    },
    buyWait: wait('Wait after a reject'),
    fromMid: { label: 'Limit price from mid', found: left => percent(left), needed: most(limit) },
    equityRoom: room('Equity in use with it', limits.equity),
    classRoom: room(`${detail.class === 'risky' ? 'Risky' : 'Safe'} cost with it`, limits.classBudget),
    symbolRoom: room('Symbol cost with it', detail.ladderLimitUsd),
    orderSize: room('Order size', limits.orderUsd),
    hardStopHit: {
      label: `Hard stop${gap(detail.last, detail.hardStop)}`,
      found: left => at(left),
      needed: (_, right) => `≤ ${at(right)}`,
      isCalm: true,
    },
    trailArmed: {
      label: 'Trailing stop armed',
      found: (_, right) => (right === null ? 'not yet' : `mark ${at(right)}`),
      needed: needs('a mark'),
      isCalm: true,
    },
    trailHit: {
      label: `Trailing stop${gap(detail.last, detail.trailStop)}`,
      found: left => at(left),
      needed: (_, right) => (right === null ? ABSENT : `≤ ${at(right)}`),
      isCalm: true,
    },
  };
}

/** `, 1.51% away`; nothing while one of the two is not there. */
function gap(last: number | null, stop: number | null): string {
  return last === null || stop === null || last <= 0
    ? ''
    : `, ${grouped(Math.abs((last - stop) / last) * 100, 2)}% away`;
}

/** `0.4 s`, `23 s`, `5 min`, `1 h 41 min`. */
export function span(ms: number | null): string {
  if (ms === null) return ABSENT;
  if (ms < 60_000) return Number.isInteger(ms / 1000) ? `${ms / 1000} s` : age(ms);
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
