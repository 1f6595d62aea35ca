/**
 * The page of the pre-session anchors: shows the last report, and copies or saves it when asked. It asks no broker; the
 * report comes from anchors.ts, and after a reload of the window from where it was remembered.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { AnchorsReport } from '../reports/anchorsReport';
import { anchorsCsv, anchorsMarkdown } from '../reports/anchorsText';
import { anchorsView } from '../reports/anchorsView';
import type { FromAnchors, ToAnchors } from '../shared/anchors';
import { dayText } from '../strategy/exchangeTime';
import { Owner } from './emitter';
import { fillPanel } from './webviewPage';

const TYPE = 'dronebot.anchorsPage';
const REMEMBERED = 'dronebot.anchorsReport';
const ACTIONS: readonly string[] = ['copy', 'saveCsv', 'saveMarkdown', 'again'];

export class AnchorsPanel extends Owner implements vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | null = null;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly memory: vscode.Memento,
    private readonly again: (date: string) => unknown,
  ) {
    super();
    this.own(vscode.window.registerWebviewPanelSerializer(TYPE, this));
  }

  get report(): AnchorsReport | undefined {
    return this.memory.get<AnchorsReport>(REMEMBERED);
  }

  async show(report: AnchorsReport): Promise<void> {
    await this.memory.update(REMEMBERED, report);
    if (this.panel === null) {
      const column = { viewColumn: vscode.ViewColumn.Active, preserveFocus: false };
      this.adopt(vscode.window.createWebviewPanel(TYPE, 'Pre-Session Anchors', column));
    } else {
      this.panel.reveal(undefined, true);
      this.send();
    }
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    this.adopt(panel);
  }

  override dispose(): void {
    this.panel?.dispose();
    super.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.webview.onDidReceiveMessage((message: unknown) => this.hear(readIntent(message)));
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = null;
    });
    fillPanel(panel, this.extensionUri, { name: 'anchors', title: 'Pre-Session Anchors' });
  }

  private send(): void {
    const { panel, report } = this;
    if (panel === null || report === undefined) return;
    const message: ToAnchors = { type: 'view', view: anchorsView(report) };
    void panel.webview.postMessage(message);
  }

  private hear(intent: FromAnchors | null): void {
    if (intent === null) return;
    if (intent.type === 'ready') this.send();
    else if (intent.type === 'openLine') void vscode.commands.executeCommand('dronebot.openLine', intent.symbol);
    else void this.act(intent.action);
  }

  private async act(action: Extract<FromAnchors, { type: 'action' }>['action']): Promise<void> {
    const { report } = this;
    if (report === undefined) return;
    switch (action) {
      case 'copy':
        await vscode.env.clipboard.writeText(anchorsMarkdown(report));
        return void vscode.window.setStatusBarMessage('Anchors copied as Markdown', 3000);
      case 'saveCsv':
        return this.save(report, 'csv', 'CSV', anchorsCsv(report));
      case 'saveMarkdown':
        return this.save(report, 'md', 'Markdown', anchorsMarkdown(report));
      case 'again':
        return void this.again(dayText(report.day));
    }
  }

  private async save(report: AnchorsReport, ending: string, kind: string, text: string): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const name = `anchors-${dayText(report.day)}.${ending}`;
    const uri = await vscode.window.showSaveDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
      filters: { [kind]: [ending] },
    });
    if (uri === undefined) return;
    try {
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      void vscode.window.setStatusBarMessage(`Saved ${path.basename(uri.path)}`, 3000);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const elsewhere = 'Save elsewhere…';
      const sentence = `${path.basename(uri.path)} cannot be written: ${reason}`;
      if ((await vscode.window.showErrorMessage(sentence, elsewhere)) === elsewhere)
        await this.save(report, ending, kind, text);
    }
  }
}

/** Null for anything that the page has no business asking for. */
function readIntent(message: unknown): FromAnchors | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, action, symbol } = message as Record<string, unknown>;
  if (type === 'ready') return { type };
  if (type === 'action' && typeof action === 'string' && ACTIONS.includes(action)) {
    return { type, action: action as Extract<FromAnchors, { type: 'action' }>['action'] };
  }
  if (type === 'openLine' && typeof symbol === 'string' && /^[A-Z0-9.]{1,13}$/.test(symbol)) return { type, symbol };
  return null;
}
