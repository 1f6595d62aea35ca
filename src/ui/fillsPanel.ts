/**
 * The Fills page: P&L over time and by symbol of one fills file. It is read again with every fill of the running session
 * while it can be seen, and after a reload of the window. What it shows is reports/fillsView.ts.
 */
import * as vscode from 'vscode';
import { fillsView } from '../reports/fillsView';
import type { FillsView, FromFills, ToFills } from '../shared/fills';
import { Owner } from './emitter';
import type { FillsFiles } from './fillsFiles';
import type { SessionController } from './sessionController';
import { fillPanel } from './webviewPage';

const TYPE = 'dronebot.fillsPage';
const SHOWN = 'dronebot.fillsFile';
const AFTER_FILL_MS = 1000;
const ACTIONS: readonly string[] = ['otherFile', 'again', 'text'];

export class FillsPanel extends Owner implements vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** What the page was told last. */
  view: FillsView | null = null;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly memory: vscode.Memento,
    private readonly files: FillsFiles,
    controller: SessionController,
  ) {
    super();
    this.own(vscode.window.registerWebviewPanelSerializer(TYPE, this));
    this.own(controller.onFill(() => this.readSoon()));
  }

  async open(file?: string): Promise<void> {
    const uri = file === undefined ? await this.files.find() : vscode.Uri.file(file);
    if (uri !== undefined) await this.openUri(uri);
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

  private async openUri(uri: vscode.Uri): Promise<void> {
    await this.memory.update(SHOWN, uri.toString());
    if (this.panel === null) {
      this.adopt(vscode.window.createWebviewPanel(TYPE, 'Fills', { viewColumn: vscode.ViewColumn.Active }));
    } else this.panel.reveal(undefined, true);
    await this.send();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.webview.onDidReceiveMessage((message: unknown) => void this.hear(readIntent(message)));
    panel.onDidChangeViewState(() => void (panel.visible && this.send()));
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = null;
    });
    fillPanel(panel, this.extensionUri, { name: 'fills', title: 'Fills' });
  }

  private readSoon(): void {
    if (this.timer !== null || this.panel?.visible !== true) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.send();
    }, AFTER_FILL_MS);
  }

  private async send(): Promise<void> {
    const shown = this.memory.get<string>(SHOWN);
    if (this.panel === null || shown === undefined) return;
    const read = await this.files.read(vscode.Uri.parse(shown));
    if (read === null) return;
    this.view = fillsView(read.review, read.head);
    const message: ToFills = { type: 'view', view: this.view };
    void this.panel?.webview.postMessage(message);
  }

  private async hear(intent: FromFills | null): Promise<void> {
    if (intent === null) return;
    if (intent.type === 'ready' || intent.action === 'again') return this.send();
    if (intent.action === 'otherFile') {
      const other = await this.files.pick();
      return other === undefined ? undefined : this.openUri(other);
    }
    const shown = this.memory.get<string>(SHOWN);
    if (shown !== undefined) {
      await vscode.commands.executeCommand('dronebot.reviewFills', vscode.Uri.parse(shown).fsPath);
    }
  }
}

/** Null for anything that the page has no business asking for. */
function readIntent(message: unknown): FromFills | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, action } = message as Record<string, unknown>;
  if (type === 'ready') return { type };
  if (type === 'action' && typeof action === 'string' && ACTIONS.includes(action)) {
    return { type, action: action as Extract<FromFills, { type: 'action' }>['action'] };
  }
  return null;
}
