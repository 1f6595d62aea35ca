/**
 * The dashboard's panel: whole views at most ten a second while it can be seen, and intents from it
 * checked like any stranger's input (dashboardClient.ts). The page itself is webview/; what it shows is reports/.
 */
import * as vscode from 'vscode';
import type { Action, PageCommand, Side } from '../shared/dashboard';
import type { OverrideAnswer } from './asked';
import { DashboardClient } from './dashboardClient';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';
import { fillPanel } from './webviewPage';

const TYPE = 'dronebot.dashboard';
const EVERY_MS = 100;

/** The command that asks the person before it does anything. */
const ASKS: Readonly<Record<Action, string>> = {
  pause: 'dronebot.pause',
  resume: 'dronebot.resume',
  flatten: 'dronebot.flatten',
  kill: 'dronebot.kill',
  release: 'dronebot.release',
  resetLoss: 'dronebot.resetLoss',
  stop: 'dronebot.stop',
  retry: 'dronebot.showLog',
};

export interface DashboardParts {
  readonly extensionUri: vscode.Uri;
  readonly controller: SessionController;
  readonly writeOverride: (symbol: string, side: Side) => Promise<OverrideAnswer>;
  readonly idleText: () => string | null;
}

export class Dashboard extends Owner implements vscode.WebviewPanelSerializer {
  private shown: { panel: vscode.WebviewPanel; client: DashboardClient } | null = null;

  constructor(private readonly parts: DashboardParts) {
    super();
    this.own(vscode.window.registerWebviewPanelSerializer(TYPE, this));
  }

  /** @param symbol to be opened in it; without one what was open stays */
  open(symbol?: string): void {
    if (this.shown === null) this.create();
    else this.shown.panel.reveal(undefined, false);
    if (symbol !== undefined) this.shown?.client.show(symbol);
  }

  private create(): void {
    const panel = vscode.window.createWebviewPanel(TYPE, 'Dronebot', {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: false,
    });
    this.adopt(panel);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.shown?.panel.dispose();
    this.adopt(panel);
  }

  /** What lies in targets.txt has changed. */
  idleChanged(): void {
    this.shown?.client.idleChanged();
  }

  override dispose(): void {
    this.shown?.panel.dispose();
    super.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    const { extensionUri, controller, writeOverride, idleText } = this.parts;
    const client = new DashboardClient({
      name: 'dashboard',
      controller,
      intervalMs: EVERY_MS,
      can: () => ({
        act: true,
        adjust: true,
        edit: true,
        asks: controller.snapshot?.mode === 'LIVE' ? 'home' : 'page',
      }),
      send: message => void panel.webview.postMessage(message),
      ask: askInVsCode,
      command: (command, symbol) => void this.command(command, symbol),
      writeOverride,
      idleText,
    });
    this.shown = { panel, client };
    panel.webview.onDidReceiveMessage((message: unknown) => client.hear(message));
    panel.onDidChangeViewState(() => {
      // Hiding takes the page away: it is loaded anew when it is shown again.
      if (!panel.visible) client.reloads();
      client.setVisible(panel.visible);
    });
    panel.onDidDispose(() => {
      client.dispose();
      if (this.shown?.panel === panel) this.shown = null;
    });
    fillPanel(panel, extensionUri, { name: 'dashboard', title: 'Dronebot' });
    client.setVisible(panel.visible);
  }

  private async command(command: PageCommand, symbol: string | undefined): Promise<void> {
    if (command === 'reviewFills') await run('dronebot.reviewFills', undefined, symbol);
    else await run(`dronebot.${command}`, symbol);
  }
}

/** The command that the action belongs to asks, whichever page wants it. */
export const askInVsCode = (action: Action, symbol?: string): void =>
  void run(action === 'resume' && symbol !== undefined ? 'dronebot.resumeSymbol' : ASKS[action], symbol);

async function run(command: string, ...args: unknown[]): Promise<void> {
  await vscode.commands.executeCommand(command, ...args);
}
