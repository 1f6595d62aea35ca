/**
 * Questions that money asks: modal, naming account, mode and size, with the safe answer on Escape. They only ask; what follows
 * is the command's.
 */
import * as vscode from 'vscode';
import { count, dollars, shares } from '../reports/format';
import { adoptionText } from '../reports/adoptionText';
import { heldOf } from '../reports/dashboardHead';
import type { Question } from '../shared/dashboard';
import type { AdoptionView, SessionSnapshot } from '../shared/protocol';

/** The safe answer is the one that Escape gives. */
export async function confirm(question: string, yes: string, no: string): Promise<boolean> {
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true },
    { title: yes },
    { title: no, isCloseAffordance: true },
  );
  return answer?.title === yes;
}

/** In the words that a page asks in. */
export const confirmed = ({ title, text, no, yes }: Question): Promise<boolean> =>
  confirm(`${title} ${text}`.trim(), yes, no);

/** Null: no. */
export async function askForStop(snapshot: SessionSnapshot): Promise<'stop' | 'leaveStops' | null> {
  const broker = snapshot.mode === 'SIM' ? 'the simulator' : 'IB';
  const leave = `Stop, leave stops at ${broker}`;
  const answer = await vscode.window.showWarningMessage(
    `${stopQuestion(heldOf(snapshot.symbols))} One GTC stop a position can stay at ${broker}, at the hard stop's price.`,
    { modal: true },
    { title: leave },
    { title: 'Stop' },
    { title: 'Cancel', isCloseAffordance: true },
  );
  if (answer?.title === leave) return 'leaveStops';
  return answer?.title === 'Stop' ? 'stop' : null;
}

const stopQuestion = (held: { positions: number; shares: number; usd: number }): string =>
  `Stop with ${count(held.positions, 'position')} left, ${shares(held.shares)} shares, about ${dollars(held.usd)}? Nothing watches them afterwards.`;

/** True: the session of the other window itself; false: only to look no longer. Escape looks no longer either: it harms nobody. */
export const askToStopElsewhere = (): Promise<boolean> =>
  confirm('Another window runs this session. Stop it there?', 'Stop the session…', 'Stop watching');

/** Which cost protection counts from; null: they are left as they are. */
export async function askForAdoption(
  symbol: string,
  account: string,
  adoption: AdoptionView | null,
): Promise<'last' | 'brokerCost' | null> {
  if (adoption === null) {
    void vscode.window.setStatusBarMessage(`Dronebot: no shares of ${symbol} wait to be adopted`, 5000);
    return null;
  }
  const { question, detail, atLast, atBrokerCost } = adoptionText(symbol, account, adoption);
  const titles = [atLast, atBrokerCost].filter(title => title !== null);
  const notNow: vscode.MessageItem = { title: 'Not now', isCloseAffordance: true };
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail },
    ...titles.map((title): vscode.MessageItem => ({ title })),
    notNow,
  );
  if (answer === undefined) return null;
  return answer.title === atLast ? 'last' : answer.title === atBrokerCost ? 'brokerCost' : null;
}
