/**
 * `Dronebot: Preview Changes` and the question before a riskier targets.txt counts on a live account. The difference is a
 * read-only document; nothing changes by looking at it, and a dismissed question leaves the old version in force.
 */
import * as vscode from 'vscode';
import { knownOf, previewChange, previewHead, previewText } from '../reports/changePreview';
import type { ChangeQuestion } from '../shared/protocol';
import { startTargets, updateTargets } from '../targets/resolve';
import type { Configuration } from './configuration';
import { Owner } from './emitter';
import { reply } from './reply';
import type { SessionController } from './sessionController';
import type { TargetsFiles } from './targetsFiles';
import type { TargetsKnowledge } from './targetsKnowledge';

const SCHEME = 'dronebot-preview';
const PREVIEW = vscode.Uri.parse(`${SCHEME}:Changes of targets.txt`);
const APPLY = 'Apply';
const SHOW = 'Show difference';

export class ChangePreviews extends Owner implements vscode.TextDocumentContentProvider {
  private readonly changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  /** What the preview shows. */
  text = '';

  constructor(
    private readonly files: TargetsFiles,
    private readonly knowledge: TargetsKnowledge,
    private readonly configuration: Configuration,
    private readonly controller: SessionController,
  ) {
    super();
    this.own(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    // A window that watches asks too, but gets in nobody's way.
    const isOwn = (): boolean => controller.config?.watches === undefined;
    this.own(controller.onQuestion(question => (question === null ? undefined : void this.ask(question, isOwn()))));
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  /** Of the file in the editor, or the first one of the open folders, as it would be if it were saved now. */
  async preview(): Promise<void> {
    const { question } = this.controller;
    const document = await this.document();
    if (document === null) {
      return reply('There is no targets file to preview: open a folder that has one');
    }
    if (question === null || document.isDirty) return this.show(await this.difference(document));
    // A held change waits for as long as the session runs; looking at it is the moment to answer.
    await this.show(question.difference);
    await this.ask(question, false);
  }

  private async difference(document: vscode.TextDocument): Promise<string> {
    const base = this.configuration.budget(document.uri);
    const settings = this.configuration.checkedSettings(document.uri);
    const snapshot = this.knowledge.isAbout(document.uri) ? this.controller.snapshot : null;
    const head = previewHead(snapshot);
    const saved = startTargets(await savedText(document.uri), base);
    if (!saved.ok) return `${head}\n\nThe saved file has an invalid @config, so there is nothing to compare with.`;
    const after = updateTargets(saved.value, document.getText(), base).value;
    const text = previewText(previewChange(saved.value, after, knownOf(snapshot), settings), head);
    const waiting = this.controller.question === null ? '' : '\n\nThe saved file itself still waits for a yes.';
    return text + waiting;
  }

  private async ask(question: ChangeQuestion, modal: boolean): Promise<void> {
    const answer = await vscode.window.showWarningMessage(question.text, { modal }, SHOW, APPLY);
    if (answer === SHOW) {
      await this.show(question.difference);
      return this.ask(question, false);
    }
    const isHeard = this.controller.answer(question.id, answer === APPLY);
    if (answer === APPLY && !isHeard) {
      reply('The file has changed since the question, so nothing was applied');
    }
  }

  private async show(text: string): Promise<void> {
    this.text = text;
    this.changed.fire(PREVIEW);
    const document = await vscode.workspace.openTextDocument(PREVIEW);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  private async document(): Promise<vscode.TextDocument | null> {
    const active = vscode.window.activeTextEditor?.document;
    if (active !== undefined && this.files.isConfigured(active.uri)) return active;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = this.files.uriOf(folder);
      try {
        return await vscode.workspace.openTextDocument(uri);
      } catch {
        // This folder has none; the next may.
      }
    }
    return null;
  }
}

/** Empty where nothing is saved yet. */
async function savedText(uri: vscode.Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // Not there, or not readable: then everything in the editor is new.
    return '';
  }
}
