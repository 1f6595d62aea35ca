/**
 * The dashboard's panel: whole views at most ten a second while it can be seen, and intents from it checked like any
 * stranger's input. The page itself is webview/; what it shows is reports/dashboardModel.ts.
 */
import * as vscode from 'vscode';
import { dashboardView } from '../reports/dashboardModel';
import type { FromDashboard, ToDashboard } from '../shared/dashboard';
import { grouped } from '../reports/format';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';
import { fillPanel } from './webviewPage';

const TYPE = 'dronebot.dashboard';
const EVERY_MS = 100;

/** What the page may ask for, and the command that asks the person before it does anything. */
const COMMANDS: Readonly<Record<string, string>> = {
  start: 'dronebot.start',
  pause: 'dronebot.pause',
  resume: 'dronebot.resume',
  flatten: 'dronebot.flatten',
  kill: 'dronebot.kill',
  release: 'dronebot.release',
  stop: 'dronebot.stop',
};

export class Dashboard extends Owner implements vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | null = null;
  private isReady = false;
  private timer: NodeJS.Timeout | null = null;
  private polite = '';

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly controller: SessionController,
  ) {
    super();
    this.own(vscode.window.registerWebviewPanelSerializer(TYPE, this));
    this.own(controller.onSnapshot(() => this.sendSoon()));
    this.own(controller.onState(() => this.sendSoon()));
    this.own(
      controller.onFill(({ side, qty, symbol, price }) => {
        this.polite = `Filled: ${side === 'BUY' ? 'bought' : 'sold'} ${grouped(qty, 0)} ${symbol} at ${price}`;
      }),
    );
  }

  open(): void {
    if (this.panel !== null) return this.panel.reveal(undefined, true);
    const panel = vscode.window.createWebviewPanel(TYPE, 'Dronebot', {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: false,
    });
    this.adopt(panel);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    this.adopt(panel);
  }

  override dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.panel?.dispose();
    super.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.isReady = false;
    panel.webview.onDidReceiveMessage((message: unknown) => this.hear(message));
    panel.onDidChangeViewState(() => this.wantByVisibility());
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = null;
      this.controller.want('dashboard', []);
    });
    fillPanel(panel, this.extensionUri, { name: 'dashboard', title: 'Dronebot' });
    this.wantByVisibility();
  }

  private wantByVisibility(): void {
    this.controller.want('dashboard', [], this.panel?.visible === true ? EVERY_MS : undefined);
    this.sendSoon();
  }

  private hear(message: unknown): void {
    const intent = readIntent(message);
    if (intent === null) return;
    if (intent.type === 'ready') {
      this.isReady = true;
      return this.sendSoon();
    }
    if (intent.type === 'openLine') void vscode.commands.executeCommand('dronebot.openLine', intent.symbol);
    else void vscode.commands.executeCommand(COMMANDS[intent.command] ?? '');
  }

  private sendSoon(): void {
    if (this.timer !== null || this.panel === null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.send();
    }, EVERY_MS);
  }

  private send(): void {
    if (this.panel === null || !this.panel.visible || !this.isReady) return;
    const { snapshot, state } = this.controller;
    const message: ToDashboard = { type: 'view', view: dashboardView(snapshot, state !== 'idle', this.polite) };
    void this.panel.webview.postMessage(message);
  }
}

/** Null for anything that the page has no business asking for. */
function readIntent(message: unknown): FromDashboard | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, command, symbol } = message as Record<string, unknown>;
  if (type === 'ready') return { type };
  if (type === 'command' && typeof command === 'string' && Object.hasOwn(COMMANDS, command)) {
    return { type, command: command as Extract<FromDashboard, { type: 'command' }>['command'] };
  }
  if (type === 'openLine' && typeof symbol === 'string' && /^[A-Z0-9.]{1,13}$/.test(symbol)) return { type, symbol };
  return null;
}
