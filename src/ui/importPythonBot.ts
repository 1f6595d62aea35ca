/**
 * `Dronebot: Import Python Bot`: asks where the old bot lies, shows reports/pythonBotImport.ts as a page, and after a yes copies
 * the files and writes the settings. Host, port and client id go into the user's settings, the others into the workspace's.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { count } from '../reports/format';
import { changesOf, importPage, isEmptyPlan, planImport, type ImportPlan } from '../reports/pythonBotImport';
import { VARIABLES, type Assignment, type ImportedSetting, type VariableName } from '../reports/pythonBotVariables';
import { readOverrides } from '../session/overridesFile';
import { reasonOf } from '../session/paths';
import { lookAtOldFolder, takeOver, type OldFolder } from '../session/takeOver';
import { Owner } from './emitter';
import type { Messenger } from './messenger';

const SCHEME = 'dronebot-import';
const PAGE = vscode.Uri.parse(`${SCHEME}:Import from the Python bot.md`);
const OF_THE_MACHINE: readonly ImportedSetting[] = ['host', 'port', 'clientId'];
const OTHER = 'Another folder…';

export class PythonBotImport extends Owner implements vscode.TextDocumentContentProvider {
  private readonly changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  /** What the page shows. */
  text = '';
  private readonly ofEnvironment: readonly Assignment[];

  /** @param environment of VS Code, as it was at activation */
  constructor(
    environment: Readonly<Record<string, string | undefined>>,
    private readonly messenger: Messenger,
  ) {
    super();
    this.ofEnvironment = (Object.keys(VARIABLES) as VariableName[]).flatMap(name => {
      const value = environment[name]?.trim() ?? '';
      return value === '' ? [] : [{ name, value, file: '', line: 0 }];
    });
    this.own(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  async run(): Promise<void> {
    const folder = this.folder();
    if (folder === null) return;
    const to = folder.uri.fsPath;
    const from = await this.askFrom(to);
    if (from === undefined) return;
    const plan = this.plan(from, to, folder);
    if (plan === null) return;
    if (isEmptyPlan(plan)) {
      return this.messenger.tell({
        level: 'info',
        text: `There is nothing of the Python bot in ${from}: no targets.txt, no file that it wrote, no launcher with its variables.`,
        buttons: [{ title: 'Choose another folder', command: 'dronebot.importPythonBot' }],
      });
    }
    await this.show(importPage(plan, from, to));
    if (!(await this.confirmed(plan))) return;
    await this.apply(plan, from, folder);
  }

  private folder(): vscode.WorkspaceFolder | null {
    const [folder] = (vscode.workspace.workspaceFolders ?? []).filter(each => each.uri.scheme === 'file');
    if (folder !== undefined && vscode.workspace.isTrusted) return folder;
    if (folder === undefined) {
      this.messenger.tell({
        level: 'error',
        text: 'No folder is open. Open the folder that Dronebot is to use, the old one or a new one, then import.',
        buttons: [{ title: 'Open folder', command: 'vscode.openFolder' }],
      });
    } else {
      this.messenger.tell({
        level: 'warning',
        text: 'This folder is in Restricted Mode, so nothing is imported into it.',
        buttons: [{ title: 'Manage trust', command: 'workbench.trust.manage' }],
      });
    }
    return null;
  }

  private async askFrom(to: string): Promise<string | undefined> {
    const here = {
      label: path.basename(to),
      description: to,
      detail: 'The open folder: its files are used where they are',
    };
    const other = { label: OTHER, detail: 'Its files are copied; they stay as they are' };
    const picked = await vscode.window.showQuickPick([here, other], { placeHolder: 'Where does the Python bot lie?' });
    if (picked === undefined) return undefined;
    if (picked.label !== OTHER) return to;
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: 'The Python bot’s folder, with its targets.txt and launcher',
        openLabel: 'Look here',
        canSelectFiles: false,
        canSelectFolders: true,
      })) ?? [];
    return chosen?.fsPath;
  }

  private plan(from: string, to: string, folder: vscode.WorkspaceFolder): ImportPlan | null {
    let old: OldFolder;
    try {
      old = lookAtOldFolder(from, to);
    } catch (error) {
      this.messenger.tell({
        level: 'error',
        text: `${from} cannot be read: ${reasonOf(error)}.`,
        buttons: [{ title: 'Choose another folder', command: 'dronebot.importPythonBot' }],
      });
      return null;
    }
    const json = old.files.find(({ name }) => name === 'dashboard_overrides.json')?.text;
    const { overrides, problems } = json === undefined ? { overrides: {}, problems: [] } : readOverrides(json, {});
    const settings = vscode.workspace.getConfiguration('dronebot', folder.uri);
    return planImport({
      files: old.files,
      assignments: [...old.assignments, ...this.ofEnvironment],
      overrides: { symbols: Object.keys(overrides), problems },
      current: setting => settings.get<number | string>(setting) ?? '',
    });
  }

  private async show(text: string): Promise<void> {
    this.text = text;
    this.changed.fire(PAGE);
    await vscode.commands.executeCommand('markdown.showPreview', PAGE);
  }

  private async confirmed(plan: ImportPlan): Promise<boolean> {
    const n = changesOf(plan);
    if (n === 0) {
      this.messenger.tell({
        level: 'info',
        text: 'Everything of the Python bot is here already, so there is nothing to take over.',
        buttons: [{ title: 'Open targets.txt', command: 'dronebot.openTargets' }],
      });
      return false;
    }
    const yes = 'Take over';
    const text = `Take over ${count(n, 'thing')} as the page shows? The old files stay as they are.`;
    return (await vscode.window.showInformationMessage(text, yes, 'Not now')) === yes;
  }

  private async apply(plan: ImportPlan, from: string, folder: vscode.WorkspaceFolder): Promise<void> {
    const { copied, failed } = takeOver(plan.files, from, folder.uri.fsPath);
    const refused = [...failed.map(({ file, reason }) => `${file} was not copied: ${reason}`)];
    const settings = vscode.workspace.getConfiguration('dronebot', folder.uri);
    let nSettings = 0;
    for (const { setting, value } of plan.settings) {
      const target = OF_THE_MACHINE.includes(setting)
        ? vscode.ConfigurationTarget.Global
        : vscode.ConfigurationTarget.Workspace;
      try {
        await settings.update(setting, value, target);
        nSettings++;
      } catch (error) {
        refused.push(`dronebot.${setting} was not set: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    const done = `Taken over: ${count(copied.length, 'file')}, ${count(nSettings, 'setting')}.`;
    this.messenger.tell({
      level: refused.length === 0 ? 'info' : 'warning',
      text: [done, ...refused].join(' '),
      buttons: [
        { title: 'Open targets.txt', command: 'dronebot.openTargets' },
        { title: 'Start on the simulator', command: 'dronebot.startSimulator' },
      ],
    });
  }
}
