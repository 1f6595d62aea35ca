// Answers about stocks themselves: details with the hours of the coming days, market rules, searches. The same for every
// client; nothing is remembered.

import * as answers from './wire/answers';
import { addDays, newYorkSeconds, newYorkText, newYorkTime, pad, tradingDay, tradingDayFrom } from './calendar';
import { marketRule } from './prices';
import type { ClientSession } from './clientSession';
import type { ContractFields } from './wire/contractFields';

const unknownContract = 'No security definition has been found for the request';

export function tellContractDetails(session: ClientSession, reqId: number, contract: ContractFields): void {
  const instrument = session.floor.resolve(contract);
  if (!instrument) return session.error(reqId, 200, unknownContract);
  const { date } = newYorkTime(Math.floor(session.floor.now() / 1000));
  session.send(answers.contractDetails(reqId, instrument, hoursFrom(date), session.version));
  session.send(answers.contractDetailsEnd(reqId));
}

export function tellMarketRule(session: ClientSession, ruleId: number): void {
  const rule = marketRule(ruleId);
  if (rule) session.send(answers.marketRule(rule));
  else session.error(-1, 321, `Error validating request.-'cm' : cause - Market rule ${ruleId} is not known`);
}

export function tellMatchingSymbols(session: ClientSession, reqId: number, pattern: string): void {
  session.send(answers.matchingSymbols(reqId, session.floor.listing.matching(pattern), session.version));
}

// Prices of this market go back as far as anybody asks; a year is what it promises.
export function tellHeadTimestamp(
  session: ClientSession,
  reqId: number,
  contract: ContractFields,
  formatDate: number,
): void {
  if (!session.floor.resolve(contract)) return session.error(reqId, 200, unknownContract);
  const { date } = newYorkTime(Math.floor(session.floor.now() / 1000));
  const first = tradingDayFrom(date, -252).extendedOpen;
  session.send(answers.headTimestamp(reqId, formatDate === 2 ? String(first) : newYorkText(first).replace(' ', '-')));
}

/** Six days from `date` on, closed ones named, as contract details carry them. */
function hoursFrom(date: string): { readonly trading: string; readonly liquid: string } {
  const trading: string[] = [];
  const liquid: string[] = [];
  for (let i = 0; i < 6; i++) {
    const at = addDays(date, i);
    const day = tradingDay(at);
    trading.push(day ? span(at, day.extendedOpen, day.extendedClose) : `${at}:CLOSED`);
    liquid.push(day ? span(at, day.regularOpen, day.regularClose) : `${at}:CLOSED`);
  }
  return { trading: trading.join(';'), liquid: liquid.join(';') };
}

function span(date: string, open: number, close: number): string {
  const midnight = newYorkSeconds(date, 0, 0);
  const text = (at: number): string => {
    const { hour, minute } = newYorkTime(at);
    return `${date}:${pad(hour)}${pad(minute)}`;
  };
  return open > midnight ? `${text(open)}-${text(close)}` : `${date}:CLOSED`;
}
