/**
 * The words of what a session reports: each engine notice becomes one message, found first, then expected, then what to do, with
 * the buttons that help. It decides what deserves a person's attention and what is only logged; showing it is src/ui's.
 */
import type { Notice } from '../engine/events';
import { GATE_IDS, gateText } from '../strategy/gates';
import { averageCost, clock, count, dollars, grouped, price, profit, shares } from './format';
import { DASHBOARD, LOG, error, line, log, sentence, show, warning, type Message } from './message';

/** A changed line that is not accepted, while the session runs. @param goesOn the symbol is traded by its last good line */
export function notInForceMessage(
  given: { line: number; symbol: string | null; text: string },
  goesOn: boolean,
): Message {
  const { line: at, symbol, text } = given;
  const then =
    symbol === null
      ? 'The last good version counts.'
      : goesOn
        ? `${symbol} goes on with its last good line.`
        : `${symbol} is not traded.`;
  return warning(`targets.txt line ${at + 1} is not in force: ${text}. ${then}`, {
    title: `Open line ${at + 1}`,
    command: 'dronebot.openTargets',
    args: [at],
  });
}

/** One message for a notice. Codes that this version does not know are logged with all their data: nothing is swallowed. */
export function noticeMessage(notice: Notice): Message {
  const make = NOTICES[notice.code];
  return make === undefined ? unknown(notice) : make(new Data(notice));
}

/** For a test that holds this table against what the rooms report. */
export const knownNotices = (): string[] => Object.keys(NOTICES);

/** A notice's values with the forms that sentences need. */
class Data {
  readonly symbol: string;
  constructor(readonly notice: Notice) {
    this.symbol = notice.symbol ?? '';
  }
  text(key: string): string {
    const value = this.notice.data[key];
    return value === null || value === undefined ? '' : String(value);
  }
  number(key: string): number {
    return Number(this.notice.data[key] ?? NaN);
  }
  shares(key: string): string {
    return shares(this.number(key));
  }
  get isAlarm(): boolean {
    return this.notice.level === 'alarm' || this.notice.level === 'error';
  }
}

const NOTICES: Readonly<Record<string, (d: Data) => Message>> = {
  // Protection
  exitFired: d => warning(exitFired(d), show(d.symbol)),
  exitHeldBack: d =>
    error(
      `The ${exitName(d.text('tag'))} in ${d.symbol} wants to sell ${d.shares('shares')} shares and cannot: ${gateWords(d.text('gate'), d.symbol)}. It is sent with the first live price.`,
      show(d.symbol),
    ),
  exitDone: d => log(`${d.symbol} is flat after the ${exitName(d.text('tag'))}.`),
  sellRejected: d =>
    error(
      `${d.text('rejects')} sell orders of ${d.symbol} in a row were rejected (${d.text('tag')}). It is tried again; look at the broker's words in the log.`,
      LOG,
      show(d.symbol),
    ),
  dayLoss: d =>
    error(
      `The day's loss is ${dollars(d.number('loss'))}, limit ${dollars(d.number('limit'))}. Buys stay off today until you reset it; exits go on.`,
      DASHBOARD,
    ),

  limitReached: d => log(`${d.symbol} does not buy L${d.text('rung')} now: ${limitWords(d)}.`),

  // Orders
  orderRejected: d =>
    log(`An order of ${d.symbol} was rejected: ${sentence(d.text('text') || 'no reason given')}${code(d)}`),
  orderUnanswered: d =>
    log(
      `Order ${d.text('orderId')} of ${d.symbol} had no end after ${d.text('seconds')} s. It is cancelled and reconciled.`,
    ),
  buysPausedRejects: d =>
    warning(
      `${d.symbol} buys are paused: ${d.text('rejects')} orders in a row were rejected${lastWords(d)}. Exits go on.`,
      { title: `Resume ${d.symbol} buys`, command: 'dronebot.resumeSymbol', args: [d.symbol] },
      LOG,
    ),
  execCorrected: d => log(`The broker corrected a fill of ${d.symbol}: ${d.text('from')} is now ${d.text('to')}.`),
  oldExecution: d =>
    log(
      `An execution of ${d.symbol} (${d.text('execId')}) belongs to an order of over a week ago; it was booked in its time.`,
    ),
  badExecution: d =>
    error(
      `An execution of ${d.symbol} makes no sense (${d.text('qty')} at ${d.text('price')}) and was not booked. Compare the position with the broker's.`,
      LOG,
    ),
  soldMoreThanOwned: d =>
    error(
      `${d.shares('sold')} shares of ${d.symbol} were sold, ${d.shares('owned')} were the bot's. Compare the position with the broker's.`,
      LOG,
    ),

  // Market data
  symbolFailed: d =>
    d.number('code') === 200
      ? warning(
          `IB does not know ${d.symbol} as a US stock (code 200). The line is not traded; the others are.`,
          line(d.symbol),
        )
      : warning(`${d.symbol} is not traded: ${sentence(d.text('text'))}${code(d)} The others are.`, line(d.symbol)),
  notLive: d =>
    warning(
      `No live market data for ${d.symbol}${d.text('code') === '' ? '' : ` (code ${d.text('code')})`}: ${dataReason(d)}. ` +
        'Delayed prices are shown and never traded. Its stops cannot fire.',
      line(d.symbol),
    ),
  downloadFailed: d =>
    log(
      `The minute bars of ${d.symbol} could not be downloaded: ${sentence(d.text('text'))} It buys nothing without them.`,
    ),
  farmDown: d =>
    warning(`Market data is interrupted: ${sentence(d.text('text'))}${code(d)} Ladder orders wait.`, DASHBOARD),
  farmUp: () => log('Market data is back.'),

  // Files
  journalNotWritten: d =>
    error(
      `The journal cannot be written: ${sentence(d.text('text') || d.text('reason'))} Nothing is bought until it can; exits go on.`,
      LOG,
    ),
  journalWritten: () => log('The journal is written again.'),
  targetsGone: d =>
    d.isAlarm
      ? error(
          `targets.txt is gone since ${clock(d.notice.t)}. The session goes on with the last good version. Restore the file, or stop.`,
          { title: 'Create the sample', command: 'dronebot.createTargets' },
          { title: 'Stop…', command: 'dronebot.stop' },
        )
      : log('targets.txt is not there at the moment. The last good version counts.'),
  targetsBack: () => log('targets.txt is back.'),
  fillsNotWritten: d =>
    warning(
      `fills_live.csv cannot be written: ${d.text('reason') || 'another program has it open (often Excel)'}. ` +
        `${count(d.number('rows') || 0, 'row')} wait in memory and in the journal; trading goes on. Close the file.`,
      { title: 'Show file', command: 'dronebot.showFile', args: [d.text('file')] },
    ),
  fillsWritten: () => log('fills_live.csv is written again; no row was lost.'),
  fileNotWritten: d =>
    warning(`${d.text('file')} cannot be written: ${sentence(d.text('reason'))} Trading goes on.`, LOG),
  overridesFile: d =>
    warning(`dashboard_overrides.json is not in force: ${sentence(d.text('text'))} The last good version counts.`, LOG),
  targetsChanged: () => log('targets.txt has changed; it counts from now on.'),
  overrideRefused: d => log(`An override of ${d.symbol} is out of range and does not count.`),

  // Reconciliation
  reconciled: d => log(`Reconciled: ${count(d.number('positions') || 0, 'position')}.`),
  shortAppeared: d =>
    error(
      `${d.symbol} is short by ${grouped(Math.abs(d.number('shares')), 0)} shares at the broker. Its buys are paused. Look at the broker.`,
      show(d.symbol),
    ),
  shortFound: d =>
    warning(
      `${d.symbol} was short at the broker already (${d.shares('shares')} shares). It is left alone and not traded.`,
      show(d.symbol),
    ),
  fewerShares: d =>
    error(
      `The broker reports ${d.shares('reported')} shares of ${d.symbol}, the bot counts ${d.shares('own')}${leftAloneWords(d)}${leftStopWords(d)}. The newest layers are shrunk to it and buys are paused.`,
      { title: `Resume ${d.symbol} buys`, command: 'dronebot.resumeSymbol', args: [d.symbol] },
      { title: 'Flatten…', command: 'dronebot.flatten', args: [d.symbol] },
      show(d.symbol),
    ),
  unexplained: d =>
    warning(
      `The broker reports ${d.shares('reported')} shares of ${d.symbol}, the bot counts ${d.shares('own')}: ${d.shares('extra')} are not explained, and its buys are paused. ` +
        'Leave them alone and they are never sold; adopt them and they are protected and may be sold.',
      { title: 'Leave alone', command: 'dronebot.leaveAlone', args: [d.symbol] },
      { title: 'Adopt…', command: 'dronebot.adopt', args: [d.symbol] },
      ...(d.number('own') > 0 ? [{ title: 'Flatten…', command: 'dronebot.flatten', args: [d.symbol] }] : []),
    ),
  notOurs: d =>
    log(`${d.shares('shares')} shares of ${d.symbol} at the broker belong to no line; they are left alone.`),
  adopted: d => log(`${d.shares('shares')} shares of ${d.symbol} are the bot's from now on.`),
  leftAlone: d => log(`${d.shares('shares')} shares of ${d.symbol} are left alone.`),
  cannotAdopt: d =>
    warning(
      d.number('shares') >= 1
        ? `The shares of ${d.symbol} cannot be adopted yet: no price is known. Try again when it has one.`
        : `No whole share of ${d.symbol} waits to be adopted.`,
      show(d.symbol),
    ),
  orderEndedByReconciliation: d =>
    log(`Order ${d.text('orderId')} of ${d.symbol} ended with ${d.text('filled')} of ${d.text('qty')} shares.`),
  strayOrder: d =>
    log(
      d.text('isStop') === 'true'
        ? `The stop of ${d.shares('qty')} ${d.symbol} that was left at the broker is cancelled; the session protects them now.`
        : `Order ${d.text('orderId')} of ${d.symbol} from an earlier session is still open; it is cancelled.`,
    ),
  strayStays: d =>
    error(
      `An order of an earlier session for ${d.symbol} (number ${d.text('orderId')}, client id ${d.text('clientId')}) is still at the broker` +
        `${d.text('isForeign') === 'true' ? '; another client id sent it, so it cannot be cancelled from here' : ' and was not cancelled'}. ` +
        `Nothing is sent for ${d.symbol} until it is gone: cancel it in TWS.`,
      show(d.symbol),
    ),
  stopLeft: d => log(`A stop of ${d.shares('shares')} ${d.symbol} at ${d.text('price')} stays at the broker.`),
  stopNotLeft: d =>
    error(
      `No stop of ${d.symbol} could be left at the broker: ${sentence(d.text('why'))} ${d.shares('shares')} shares are unprotected once the session has stopped.`,
      { title: 'Start Live', command: 'dronebot.start' },
      LOG,
    ),

  // What a person did
  unknownSymbol: d => log(`${d.symbol} is not traded by this session.`),
  pause: d => log(d.symbol === '' ? 'Entries paused. Exits go on.' : `${d.symbol} buys paused. Exits go on.`),
  resume: d => log(d.symbol === '' ? 'Entries go on.' : `${d.symbol} buys go on.`),
  protect: () => log('Protect only: no buys. Exits go on.'),
  kill: () => log('The kill switch is thrown: no buys until a person releases it. Exits go on.'),
  release: () => log('The kill switch is released.'),
  notReleased: d =>
    error(`The kill switch stays on: ${sentence(d.text('text'))} Remove the file, then release it.`, LOG),
  resetLoss: () => log('The day’s loss limit was reset; buys are allowed again.'),
  flatten: d => log(`Flatten: ${count(d.number('positions') || 0, 'position')} to sell.`),
};

function exitFired(d: Data): string {
  const last = price(d.number('last'));
  const count = d.number('shares');
  const what = count === 1 ? 'the one share' : `all ${d.shares('shares')} shares`;
  const rest = `${d.text('restSeconds')} s`;
  const all = `Selling ${what}. It buys again at the earliest in ${rest} and once last has been above L1.`;
  if (d.text('tag') === 'live_stop') {
    return `Hard stop in ${d.symbol}: last ${last} is ${d.text('percent')}% or more under the average cost of ${averageCost(d.number('average'))}. ${all}`;
  }
  return `Trailing stop in ${d.symbol}: last ${last} is ${d.text('percent')}% or more under the high of ${price(d.number('mark'))}. ${all}`;
}

/** Shares that are somebody else's explain a difference too. */
const leftAloneWords = (d: Data): string =>
  d.number('leftAlone') > 0 ? ` and ${d.shares('leftAlone')} that are left alone` : '';

/** A stop that was left at the broker and is gone with the shares, without an execution that anybody told. */
const leftStopWords = (d: Data): string =>
  d.text('stopShares') === ''
    ? ''
    : `: the stop of ${d.shares('stopShares')} at ${d.text('stopPrice')} that was left at the broker has most likely sold them. ` +
      `The broker tells executions of one day only, so the price and the profit are unknown (about ${profit(d.number('stopAbout'))} at the stop's price) ` +
      'and fills_live.csv has no row of it; see the account statement';

const exitName = (tag: string): string =>
  tag === 'live_stop' ? 'hard stop' : tag === 'live_trail' ? 'trailing stop' : tag === 'flatten' ? 'flatten' : 'exit';

function gateWords(gate: string, symbol: string): string {
  switch (gate) {
    case 'notHalted':
      return `trading in ${symbol} is halted`;
    case 'liveData':
      return 'its market data is not live';
    case 'linked':
      return 'the link is not reconciled';
    case 'noneInFlight':
      return 'an order is on its way';
    case 'regularHours':
      return 'it is outside regular hours';
    case 'firstLast':
      return 'the day has no regular price yet';
    default:
      return gate === '' ? 'the broker takes no order now' : `it waits for ${gate}`;
  }
}

/** The condition as why not says it, with both numbers. */
function limitWords(d: Data): string {
  const gate = GATE_IDS.find(id => id === d.text('gate'));
  return gate === undefined ? d.text('gate') : gateText(gate, d.number('left'), d.number('right'), 2);
}

function dataReason(d: Data): string {
  const known = d.number('code');
  if (known === 354 || known === 10168 || known === 10167 || known === 10089)
    return 'the account has no subscription for it';
  if (known === 10197) return 'another login uses it';
  return d.text('text').replace(/\.$/, '') || `the gateway sends type ${d.text('dataType')}`;
}

const lastWords = (d: Data): string =>
  d.text('text') === ''
    ? ''
    : `, last with "${d.text('text')}"${d.text('code') === '' ? '' : ` (code ${d.text('code')})`}`;
const code = (d: Data): string => (d.text('code') === '' ? '' : ` (code ${d.text('code')})`);

function unknown(notice: Notice): Message {
  const data = Object.entries(notice.data).map(([key, value]) => `${key} ${String(value)}`);
  const text = [notice.symbol, notice.code, data.join(', ')].filter(Boolean).join(': ');
  const level = notice.level === 'alarm' || notice.level === 'error' ? 'error' : 'log';
  return { text, level, buttons: level === 'error' ? [LOG] : [] };
}
