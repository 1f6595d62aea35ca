/**
 * Findings of the configured targets file as diagnostics with exact ranges, and their quick fixes by code. The configured
 * file is judged when a folder opens, not only when somebody looks at it. Words and fixes come from src/targets.
 */
import * as vscode from 'vscode';
import { findingFix, findingText } from '../targets/messages';
import type { Finding } from '../targets/findings';
import { Owner } from './emitter';
import { exists, LANGUAGE, rangeOf, type TargetsFiles } from './targetsFiles';

const AFTER_TYPING_MS = 120;
const SOURCE = 'dronebot';

export class Diagnostics extends Owner implements vscode.CodeActionProvider {
  private readonly collection = this.own(vscode.languages.createDiagnosticCollection(SOURCE));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly files: TargetsFiles) {
    super();
    this.own(vscode.workspace.onDidOpenTextDocument(document => this.judge(document)));
    this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => this.judgeSoon(document)));
    this.own(vscode.workspace.onDidDeleteFiles(({ files: gone }) => gone.forEach(uri => this.collection.delete(uri))));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.open()));
    this.own(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration('dronebot')) void this.open();
      }),
    );
    this.own(
      vscode.languages.registerCodeActionsProvider({ language: LANGUAGE }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
    void this.open();
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    if (!this.files.isConfigured(document.uri)) return [];
    return this.files
      .check(document)
      .checked.findings.filter(finding => rangeOf(document, finding.at).intersection(range) !== undefined)
      .flatMap(finding => this.fixesOf(document, finding));
  }

  override dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    super.dispose();
  }

  /** All configured files of the open folders, and every document that is open already. */
  private async open(): Promise<void> {
    this.collection.clear();
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = this.files.uriOf(folder);
      if (await exists(uri)) await vscode.workspace.openTextDocument(uri);
    }
    for (const document of vscode.workspace.textDocuments) this.judge(document);
  }

  private judgeSoon(document: vscode.TextDocument): void {
    if (!this.files.isConfigured(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.judge(document), AFTER_TYPING_MS),
    );
  }

  private judge(document: vscode.TextDocument): void {
    if (document.isClosed || !this.files.isConfigured(document.uri)) return;
    // A configured file may have any name; the language comes with the role.
    if (document.languageId !== LANGUAGE) void vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
    const { findings } = this.files.check(document).checked;
    this.collection.set(
      document.uri,
      findings.map(finding => this.diagnostic(document, finding)),
    );
  }

  private diagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
    const severity = finding.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
    const diagnostic = new vscode.Diagnostic(rangeOf(document, finding.at), findingText(finding), severity);
    diagnostic.source = SOURCE;
    diagnostic.code = finding.code;
    return diagnostic;
  }

  private fixesOf(document: vscode.TextDocument, finding: Finding): vscode.CodeAction[] {
    return findingFix(finding).map((fix, index) => {
      const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      for (const edit of fix.edits) action.edit.replace(document.uri, rangeOf(document, edit), edit.text);
      action.diagnostics = [this.diagnostic(document, finding)];
      action.isPreferred = index === 0 && fix.isSafe;
      return action;
    });
  }
}
