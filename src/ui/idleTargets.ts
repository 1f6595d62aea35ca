/**
 * What an idle dashboard says of targets.txt: how many symbols are ready and with how much money, or that there is no such
 * file. Read when the folders or the file change; nothing of it is traded on.
 */
import * as vscode from 'vscode';
import { count, dollars } from '../reports/format';
import { Owner } from './emitter';
import { exists, type TargetsFiles } from './targetsFiles';

export class IdleTargets extends Owner {
  private known: string | null = '';

  constructor(
    private readonly files: TargetsFiles,
    private readonly changed: () => void,
  ) {
    super();
    const look = () => void this.look();
    const watcher = this.own(vscode.workspace.createFileSystemWatcher('**/*.txt'));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.own(event(look));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(look));
    this.own(vscode.workspace.onDidChangeConfiguration(look));
    look();
  }

  /** Null when no folder has a targets file. */
  get text(): string | null {
    return this.known;
  }

  private async look(): Promise<void> {
    const before = this.known;
    this.known = await this.read();
    if (this.known !== before) this.changed();
  }

  private async read(): Promise<string | null> {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = this.files.uriOf(folder);
      if (!(await exists(uri))) continue;
      const { targets, budget } = this.files.check(await vscode.workspace.openTextDocument(uri));
      const ready = `${count(targets.length, 'symbol')} ${targets.length === 1 ? 'is' : 'are'} ready in targets.txt`;
      return `${ready} with ${dollars(budget.equity)} of equity.`;
    }
    return null;
  }
}
