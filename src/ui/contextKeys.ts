/**
 * The context keys that menus and welcome views ask for (`when` in package.json). Set here and nowhere else; a test holds the
 * manifest against this list.
 */
import * as vscode from 'vscode';
import { Owner } from './emitter';
import type { Context } from '../reports/whenClause';
import type { ServedDashboard } from './serveDashboard';
import type { SessionController } from './sessionController';
import type { StandaloneSimulator } from './standaloneSimulator';
import { exists, type TargetsFiles } from './targetsFiles';

export const CONTEXT_KEYS = [
  'dronebot.state',
  'dronebot.mode',
  'dronebot.paused',
  'dronebot.killed',
  'dronebot.simulatorRuns',
  'dronebot.targets',
  'dronebot.hasHovered',
  'dronebot.serving',
] as const;
export type ContextKey = (typeof CONTEXT_KEYS)[number];

export class ContextKeys extends Owner {
  private readonly values = new Map<ContextKey, string | boolean>();

  constructor(
    controller: SessionController,
    standalone: StandaloneSimulator,
    files: TargetsFiles,
    served: ServedDashboard,
  ) {
    super();
    const update = () => {
      const { snapshot, state } = controller;
      this.set('dronebot.state', state);
      this.set('dronebot.mode', snapshot?.mode ?? '');
      this.set('dronebot.paused', snapshot?.paused === true || snapshot?.protectOnly === true);
      this.set('dronebot.killed', snapshot?.killed === true);
    };
    this.own(standalone.onChange(isRunning => this.set('dronebot.simulatorRuns', isRunning)));
    this.own(served.onChange(isServing => this.set('dronebot.serving', isServing)));
    this.own(controller.onState(update));
    this.own(controller.onSnapshot(update));
    update();
    this.watchTargets(files);
  }

  /** As the launcher judges the conditions of the manifest. */
  get context(): Context {
    return Object.fromEntries(this.values);
  }

  /** A person has seen what a line of targets.txt says: the walkthrough goes on. */
  hovered(): void {
    this.set('dronebot.hasHovered', true);
  }

  private watchTargets(files: TargetsFiles): void {
    const look = async () => {
      const folders = vscode.workspace.workspaceFolders ?? [];
      const found = await Promise.all(folders.map(folder => exists(files.uriOf(folder))));
      this.set('dronebot.targets', found.includes(true) ? 'there' : 'none');
    };
    const watcher = this.own(vscode.workspace.createFileSystemWatcher('**/*.txt', false, true, false));
    this.own(watcher.onDidCreate(look));
    this.own(watcher.onDidDelete(look));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(look));
    this.own(vscode.workspace.onDidChangeConfiguration(e => (e.affectsConfiguration('dronebot') ? look() : undefined)));
    void look();
  }

  private set(key: ContextKey, value: string | boolean): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
