/**
 * Which file is *the* targets file of a folder, and its text parsed and judged once per document version. Every provider
 * asks here; other people's targets.txt are not the bot's business beyond their colours.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { parseTargets, type TargetsDoc } from '../targets/parse';
import { startChecked, type Target } from '../targets/resolve';
import { checkTargets, type CheckedTargets } from '../targets/validate';
import type { Configuration } from './configuration';

export const LANGUAGE = 'dronebot-targets';

export interface Checked {
  readonly doc: TargetsDoc;
  readonly checked: CheckedTargets;
  /** What a start would trade; empty when @config refuses it. */
  readonly targets: readonly Target[];
  /** Equity and class shares in force: @config over everything else. */
  readonly budget: { equity: number; risky: number; safe: number };
}

export class TargetsFiles {
  private readonly cache = new WeakMap<vscode.TextDocument, { version: number; settings: string; value: Checked }>();

  constructor(private readonly configuration: Configuration) {}

  /** The folder that is traded: the first one that has its targets file open or on disk wins in startSession.ts. */
  uriOf(folder: vscode.WorkspaceFolder): vscode.Uri {
    const name = this.configuration.targetsFile(folder.uri);
    return path.isAbsolute(name) ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder.uri, name);
  }

  isConfigured(uri: vscode.Uri): boolean {
    return (vscode.workspace.workspaceFolders ?? []).some(folder => this.uriOf(folder).toString() === uri.toString());
  }

  check(document: vscode.TextDocument): Checked {
    const base = this.configuration.budget(document.uri);
    const hardStopPct = this.configuration.checkedSettings(document.uri)['protection.hardStopPercent'];
    const settings = JSON.stringify([base, hardStopPct]);
    const known = this.cache.get(document);
    if (known !== undefined && known.version === document.version && known.settings === settings) return known.value;
    const doc = parseTargets(document.getText());
    const checked = checkTargets(doc, base, { hardStopPct });
    const start = startChecked(checked, base);
    const value: Checked = {
      doc,
      checked,
      targets: start.ok ? start.value.targets : [],
      budget: start.ok ? start.value.config : base,
    };
    this.cache.set(document, { version: document.version, settings, value });
    return value;
  }
}

export const rangeOf = (document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    // Not there, or not readable: for the question asked that is the same.
    return false;
  }
}
