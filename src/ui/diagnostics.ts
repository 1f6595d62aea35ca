/**
 * Findings and advice of the configured targets file as diagnostics with exact ranges, with their help on hover, quick fixes
 * by code and a fix-all of the sure ones. The configured file is judged when a folder opens, not only when somebody looks at
 * it. Words and fixes come from src/targets and src/reports.
 */
import * as vscode from 'vscode';
import { findingHelp } from '../reports/findingHelp';
import type { Advice } from '../reports/targetsAdvice';
import { safeEdits } from '../targets/fixAll';
import { findingFix, findingText, type Fix } from '../targets/messages';
import type { Finding } from '../targets/findings';
import { Owner } from './emitter';
import { exists, LANGUAGE, rangeOf, type TargetsFiles } from './targetsFiles';
import type { TargetsKnowledge } from './targetsKnowledge';

const AFTER_TYPING_MS = 120;
const SOURCE = 'dronebot';
const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('dronebot');

export class Diagnostics extends Owner implements vscode.CodeActionProvider, vscode.HoverProvider {
  private readonly collection = this.own(vscode.languages.createDiagnosticCollection(SOURCE));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly files: TargetsFiles,
    private readonly knowledge: TargetsKnowledge,
  ) {
    super();
    this.own(knowledge.onChange(() => vscode.workspace.textDocuments.forEach(document => this.judge(document))));
    this.own(vscode.languages.registerHoverProvider({ language: LANGUAGE }, this));
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
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
      }),
    );
    void this.open();
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { only }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (!this.files.isConfigured(document.uri)) return [];
    const checked = this.files.check(document);
    const { findings } = checked.checked;
    // Only where it is asked for: on save, or by Source Action.
    if (only !== undefined && only.intersects(vscode.CodeActionKind.Source)) return this.fixAll(document, findings);
    const isHere = ({ at }: { at: { start: number; end: number } }) =>
      rangeOf(document, at).intersection(range) !== undefined;
    return onceEach([
      ...findings
        .filter(isHere)
        .flatMap(finding => this.fixesOf(document, findingFix(finding), this.diagnostic(document, finding))),
      ...this.knowledge
        .advice(document, checked)
        .filter(isHere)
        .flatMap(advice => this.adviceActions(document, advice)),
    ]);
  }

  /** The help of what is underlined here; VS Code shows the message itself above it. */
  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!this.files.isConfigured(document.uri)) return undefined;
    const offset = document.offsetAt(position);
    const checked = this.files.check(document);
    const all = [...checked.checked.findings, ...this.knowledge.advice(document, checked)];
    const found = all.find(({ at }) => at.start <= offset && offset <= at.end);
    if (found === undefined) return undefined;
    return new vscode.Hover(new vscode.MarkdownString(findingHelp(found.code)), rangeOf(document, found.at));
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
    const checked = this.files.check(document);
    this.collection.set(document.uri, [
      ...checked.checked.findings.map(finding => this.diagnostic(document, finding)),
      ...this.knowledge.advice(document, checked).map(advice => this.adviceDiagnostic(document, advice)),
    ]);
  }

  private diagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
    const severity = finding.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
    const diagnostic = new vscode.Diagnostic(rangeOf(document, finding.at), findingText(finding), severity);
    diagnostic.source = SOURCE;
    diagnostic.code = finding.code;
    return diagnostic;
  }

  private adviceDiagnostic(document: vscode.TextDocument, advice: Advice): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(
      rangeOf(document, advice.at),
      advice.text,
      advice.code === 'override/hides' ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning,
    );
    diagnostic.source = SOURCE;
    diagnostic.code = advice.code;
    return diagnostic;
  }

  private adviceActions(document: vscode.TextDocument, advice: Advice): vscode.CodeAction[] {
    const diagnostic = this.adviceDiagnostic(document, advice);
    const fixes = this.fixesOf(document, advice.fixes, diagnostic);
    if (advice.command === undefined) return fixes;
    const { title, id, symbol } = advice.command;
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.command = { title, command: id, arguments: [symbol] };
    action.diagnostics = [diagnostic];
    return [...fixes, action];
  }

  private fixesOf(
    document: vscode.TextDocument,
    fixes: readonly Fix[],
    diagnostic: vscode.Diagnostic,
  ): vscode.CodeAction[] {
    return fixes.map((fix, index) => {
      const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
      action.edit = editOf(document, fix.edits);
      action.diagnostics = [diagnostic];
      action.isPreferred = index === 0 && fix.isSafe;
      return action;
    });
  }

  private fixAll(document: vscode.TextDocument, findings: readonly Finding[]): vscode.CodeAction[] {
    const edits = safeEdits(findings);
    if (edits.length === 0) return [];
    const action = new vscode.CodeAction('Fix all that is sure', FIX_ALL);
    action.edit = editOf(document, edits);
    return [action];
  }
}

/** Two advices about one clip have the same fix: it is offered once, for both. */
function onceEach(actions: readonly vscode.CodeAction[]): vscode.CodeAction[] {
  const byTitle = new Map<string, vscode.CodeAction>();
  for (const action of actions) {
    const place = action.edit?.entries().map(([, edits]) => edits.map(({ range }) => range));
    const key = JSON.stringify([action.title, place]);
    const first = byTitle.get(key);
    if (first === undefined) byTitle.set(key, action);
    else first.diagnostics = [...(first.diagnostics ?? []), ...(action.diagnostics ?? [])];
  }
  return [...byTitle.values()];
}

function editOf(document: vscode.TextDocument, edits: Fix['edits']): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const each of edits) edit.replace(document.uri, rangeOf(document, each), each.text);
  return edit;
}
