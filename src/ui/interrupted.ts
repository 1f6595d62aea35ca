/**
 * A session that did not end because somebody wanted it to, found when a window opens: its last snapshot says so. On the
 * simulator and on paper it goes on by itself (setting `dronebot.resume`); on a live account a person is asked, and the status
 * bar stays red until one has answered. It finds and asks; starting is startSession.ts's.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { interruptedText } from '../reports/interruptedText';
import type { StatusText } from '../reports/statusText';
import { isHeld } from '../session/owner';
import { saidToRun, userFolder } from '../session/userPlace';
import type { SessionSnapshot } from '../shared/protocol';
import type { Configuration } from './configuration';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';
import { simulatorFolder } from './simulator';
import { continuedFrom } from './simulatorState';
import { hiddenFolder, type Starter } from './startSession';

export interface InterruptedParts {
  controller: SessionController;
  configuration: Configuration;
  starter: Starter;
  memory: vscode.Memento;
  log: vscode.LogOutputChannel;
}

interface Found {
  folder: vscode.WorkspaceFolder;
  /** Where its files are. */
  files: string;
  snapshot: SessionSnapshot;
}

const NOT_NOW = 'notResumed';
const STILL_THERE_MS = 15_000;
const LOOK_AGAIN_MS = 500;

export class Interrupted extends Owner {
  private found: Found | null = null;
  private readonly changed = this.own(new vscode.EventEmitter<void>());
  readonly onChange = this.changed.event;

  constructor(private readonly parts: InterruptedParts) {
    super();
    this.own(parts.controller.onState(state => state !== 'idle' && this.set(null)));
  }

  /** Red until somebody has answered; null when nothing waits. */
  get status(): StatusText | null {
    return this.found === null ? null : interruptedText(this.found.snapshot).status;
  }

  /** When the window opens: goes on, asks, or finds nothing. */
  async look(): Promise<void> {
    if (!vscode.workspace.isTrusted || this.parts.controller.isRunning) return;
    const found = await this.findSoon();
    if (found === null || this.parts.controller.isRunning || this.parts.memory.get(NOT_NOW) === nameOf(found)) return;
    const { mode } = found.snapshot;
    this.parts.log.warn(interruptedText(found.snapshot).question);
    if (mode !== 'LIVE' && this.parts.configuration.resumes) return this.start(found, false);
    if (mode === 'SIM') return;
    this.set(found);
    await this.ask();
  }

  /** Also from the status bar, for whom the message has gone away. */
  async ask(): Promise<void> {
    const { found } = this;
    if (found === null) {
      void vscode.window.setStatusBarMessage('Dronebot: the last session ended as it should', 5000);
      return;
    }
    const [protect, resume, notNow] = ['Protect only', 'Resume', 'Not now'];
    const { question } = interruptedText(found.snapshot);
    const answer = await vscode.window.showErrorMessage(question, protect, resume, notNow);
    if (this.found !== found) return;
    if (answer === protect || answer === resume) return this.start(found, answer === protect);
    if (answer !== notNow) return;
    await this.parts.memory.update(NOT_NOW, nameOf(found));
    this.set(null);
  }

  private async start({ folder, files, snapshot }: Found, protectOnly: boolean): Promise<void> {
    this.set(null);
    const { starter, configuration } = this.parts;
    const kept = protectOnly ? { protectOnly, keepEquity: true } : {};
    if (files === simulatorFolder(hiddenFolder(folder))) {
      const continues = continuedFrom(files, snapshot, configuration.simulator(0).date);
      // Without its state the simulated account cannot be put together again: a new day is for a person to begin.
      if (continues === null) return;
      return starter.start('simulator', { folder, continues, ...kept });
    }
    const account = accountOf(files, snapshot.accountTail);
    if (account === null) return starter.start('ib', { folder, ...kept });
    // The answer names the account; paper needs none.
    const consent = snapshot.mode === 'LIVE' ? { liveConsent: account } : {};
    return starter.start('ib', { folder, account, keepTrying: true, ...consent, ...kept });
  }

  /** Over a reload the thread of before may hold its account for some moments longer; another window holds it for good. */
  private async findSoon(): Promise<Found | null> {
    const until = Date.now() + STILL_THERE_MS;
    for (;;) {
      const found = await this.find();
      if (found !== 'running') return found;
      if (Date.now() > until || this.parts.controller.isRunning) return null;
      await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** `running`: it has not ended, but somebody runs it. */
  private async find(): Promise<Found | 'running' | null> {
    let isSomewhere = false;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme !== 'file') continue;
      for (const files of [folder.uri.fsPath, simulatorFolder(hiddenFolder(folder))]) {
        const snapshot = readSnapshot(files);
        if (snapshot === null || snapshot.phase === 'ended') continue;
        if (!(await isRunning(files))) return { folder, files, snapshot };
        isSomewhere = true;
      }
    }
    return isSomewhere ? 'running' : null;
  }

  private set(found: Found | null): void {
    if (this.found === found) return;
    this.found = found;
    this.changed.fire();
  }
}

/** Another window may own it, or this one's thread of before the reload may live for a moment longer. */
async function isRunning(files: string): Promise<boolean> {
  for (const facts of saidToRun(userFolder()))
    if (facts.folder === path.resolve(files) && (await isHeld(facts.owner))) return true;
  return false;
}

function readSnapshot(files: string): SessionSnapshot | null {
  try {
    const text = fs.readFileSync(path.join(files, 'dashboard_snapshot.json'), 'utf8');
    const snapshot = JSON.parse(text) as SessionSnapshot;
    return typeof snapshot.t === 'number' && typeof snapshot.phase === 'string' ? snapshot : null;
  } catch {
    return null; // No session has ever run here.
  }
}

/** The account's whole name is that of its hidden folder; only its end is shown. */
function accountOf(files: string, tail: string): string | null {
  const end = tail.replace(/^\D*/, '');
  try {
    const names = fs.readdirSync(path.join(files, '.dronebot'), { withFileTypes: true });
    const [only, ...more] = names.filter(entry => entry.isDirectory() && entry.name.endsWith(end));
    return only !== undefined && more.length === 0 ? only.name : null;
  } catch {
    return null;
  }
}

const nameOf = ({ files, snapshot }: Found): string => `${files} ${snapshot.t}`;
