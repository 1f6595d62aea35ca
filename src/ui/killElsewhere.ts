/**
 * The kill switch from a window that runs no session: for the sessions of this person's other windows, by the file in the
 * user's own storage. Releasing it is for the window that runs the session.
 */
import * as vscode from 'vscode';
import { killFileOf, throwKillSwitch, userFolder, type SessionFacts } from '../session/userPlace';
import { confirm } from './asking';
import { sessionsElsewhere } from './otherWindows';

export async function killElsewhere(): Promise<void> {
  const home = userFolder();
  const chosen = await choose(await sessionsElsewhere(() => true));
  if (chosen === undefined) return;
  const name = `${chosen.mode} account ···${chosen.account.slice(-4)}`;
  const question =
    `Throw the kill switch on ${name}? Another window runs its session. No more buys in any symbol; working buys are cancelled. ` +
    'Exits go on. It stays on over restarts.';
  if (!(await confirm(question, 'Throw the kill switch', 'Keep trading'))) return;
  throwKillSwitch(killFileOf(home, chosen.account, chosen.folder), 'another window');
  void vscode.window.setStatusBarMessage(`Dronebot: kill switch thrown on ${name}`, 5000);
}

async function choose(running: readonly SessionFacts[]): Promise<SessionFacts | undefined> {
  const [first] = running;
  if (first === undefined) {
    void vscode.window.setStatusBarMessage('Dronebot: no session runs in any window of yours', 5000);
    return undefined;
  }
  if (running.length === 1) return first;
  const items = running.map(facts => ({
    label: `${facts.mode} ···${facts.account.slice(-4)}`,
    description: `${facts.endpoint}, ${facts.folder}`,
    facts,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which session?' }))?.facts;
}
