/**
 * `Dronebot: Launcher` as a quick pick over reports/launcher.ts. A command that cannot run now stays in the list with its
 * reason, and choosing it says the reason again instead of closing.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { launcherRows, type DeclaredCommand, type LauncherFacts } from '../reports/launcher';
import type { Context } from '../reports/whenClause';
import type { Configuration } from './configuration';
import type { Starter } from './startSession';
import { exists, type TargetsFiles } from './targetsFiles';

interface Item extends vscode.QuickPickItem {
  readonly id?: string;
  readonly blocked?: string | null;
}

export interface LauncherParts {
  /** The extension's package.json. */
  manifest: unknown;
  context(): Context;
  files: TargetsFiles;
  starter: Starter;
  configuration: Configuration;
}

const TITLE = 'Dronebot: everything, in the order of the day';

export class Launcher {
  private readonly commands: readonly DeclaredCommand[];

  constructor(private readonly parts: LauncherParts) {
    this.commands = paletteCommands(parts.manifest);
  }

  async show(): Promise<void> {
    const items = launcherRows(this.commands, await this.facts()).map((row): Item =>
      row.kind === 'group'
        ? { label: row.label, kind: vscode.QuickPickItemKind.Separator }
        : { label: row.label, description: row.description, detail: row.detail, id: row.id, blocked: row.blocked },
    );
    const picked = await this.pick(items);
    if (picked !== undefined) await vscode.commands.executeCommand(`dronebot.${picked}`);
  }

  private pick(items: readonly Item[]): Promise<string | undefined> {
    const quickPick = vscode.window.createQuickPick<Item>();
    quickPick.title = TITLE;
    quickPick.placeholder = 'What to do now';
    quickPick.matchOnDescription = true;
    quickPick.matchOnDetail = true;
    quickPick.items = items;
    const [first] = items.filter(({ blocked }) => blocked === null);
    if (first !== undefined) quickPick.activeItems = [first];
    return new Promise(resolve => {
      let picked: string | undefined;
      quickPick.onDidAccept(() => {
        const [item] = quickPick.selectedItems;
        if (item === undefined) return;
        if (item.blocked !== null && item.blocked !== undefined) {
          quickPick.title = `${item.label.replace(/^\$\([^)]*\)\s*/, '')} cannot run now: ${item.blocked}`;
          return;
        }
        picked = item.id;
        quickPick.hide();
      });
      quickPick.onDidHide(() => {
        quickPick.dispose();
        resolve(picked);
      });
      quickPick.show();
    });
  }

  private async facts(): Promise<LauncherFacts> {
    const { files, starter, configuration } = this.parts;
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(folder => folder.uri.scheme === 'file');
    const found = await Promise.all(folders.map(folder => exists(files.uriOf(folder))));
    const states = folders.flatMap(folder => starter.stateFolders(folder.uri));
    const has = (...names: string[]) =>
      states.some(folder => names.some(name => fs.existsSync(path.join(folder, name))));
    return {
      context: this.parts.context(),
      isTrusted: vscode.workspace.isTrusted,
      nFolders: folders.length,
      hasTargets: found.includes(true),
      hasDayFiles: has('fills_live.csv', 'pnl_summary_live.csv', 'bot_errors.log'),
      broker: configuration.broker,
    };
  }
}

function paletteCommands(manifest: unknown): DeclaredCommand[] {
  const { contributes } = manifest as {
    contributes: {
      commands: { command: string; title: string; icon?: string; enablement?: string }[];
      menus: { commandPalette: { command: string; when: string }[] };
    };
  };
  const hidden = new Set(contributes.menus.commandPalette.map(({ command }) => command));
  return contributes.commands
    .filter(({ command }) => !hidden.has(command))
    .map(({ command, ...rest }) => ({ id: command.replace('dronebot.', ''), ...rest }));
}
