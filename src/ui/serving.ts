/**
 * Puts together what serving the dashboard over HTTP needs from the rest of the extension: pages of the session and of the
 * snapshot file, changes, the files of the page. Only wiring; the command is serveDashboard.ts.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { SnapshotFollower } from '../session/snapshotFollower';
import { readAssets } from '../web/assets';
import { adjust } from './adjust';
import type { Configuration } from './configuration';
import { askInVsCode } from './dashboardPanel';
import type { Messenger } from './messenger';
import { ServedDashboard } from './serveDashboard';
import type { SessionController } from './sessionController';
import { SnapshotPages } from './snapshotPages';
import type { Starter } from './startSession';
import { WebPages } from './webPages';

export interface ServingParts {
  readonly context: vscode.ExtensionContext;
  readonly controller: SessionController;
  readonly configuration: Configuration;
  readonly starter: Starter;
  readonly messenger: Messenger;
  readonly log: vscode.LogOutputChannel;
}

export function serving(parts: ServingParts): ServedDashboard {
  const { context, controller, configuration, messenger, log } = parts;
  const file = new SnapshotPages(new SnapshotFollower(() => snapshotFiles(parts)));
  const pages = new WebPages({ controller, file, ask: askInVsCode, now: () => Date.now() });
  context.subscriptions.push(pages);
  return new ServedDashboard({
    configuration,
    messenger,
    secrets: context.secrets,
    source: pages,
    adjust: asked => adjust(controller, asked),
    assets: () => readAssets((folder, name) => fs.readFileSync(path.join(context.extensionPath, folder, name))),
    log: text => log.info(text),
  });
}

/** The one that is set, else those of the open folders, the session's own first. */
function snapshotFiles({ configuration, starter }: ServingParts): string[] {
  const { snapshotFile } = configuration.dashboard;
  if (snapshotFile !== '') return [snapshotFile];
  const folders = [starter.folder, ...(vscode.workspace.workspaceFolders ?? [])].filter(folder => folder !== null);
  const states = new Set(folders.flatMap(folder => starter.stateFolders(folder.uri)));
  return [...states].map(state => path.join(state, 'dashboard_snapshot.json'));
}
