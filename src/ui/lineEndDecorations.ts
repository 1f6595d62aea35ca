/**
 * Live line ends in open editors of the traded file: at most two updates a second, none on the line being edited, off by a
 * setting. The texts are reports/lineEnds.ts.
 */
import * as vscode from 'vscode';
import { lineEnd } from '../reports/lineEnds';
import type { Configuration } from './configuration';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';
import type { TargetsFiles } from './targetsFiles';
import type { TargetsKnowledge } from './targetsKnowledge';

const SHORTEST_MS = 500;

export interface LineEnd {
  readonly line: number;
  readonly text: string;
}

export class LineEndDecorations extends Owner {
  private readonly type = this.own(
    vscode.window.createTextEditorDecorationType({
      after: { margin: '0 0 0 2ch', color: new vscode.ThemeColor('editorCodeLens.foreground') },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  );
  private readonly shownIn = new WeakMap<vscode.TextEditor, readonly LineEnd[]>();
  private timer: NodeJS.Timeout | null = null;
  private updatedAt = 0;
  /** How often the texts were laid out anew. */
  nUpdates = 0;

  constructor(
    private readonly files: TargetsFiles,
    private readonly knowledge: TargetsKnowledge,
    private readonly controller: SessionController,
    private readonly configuration: Configuration,
  ) {
    super();
    const soon = () => this.soon();
    this.own(controller.onSnapshot(soon));
    this.own(controller.onState(soon));
    this.own(vscode.window.onDidChangeVisibleTextEditors(soon));
    this.own(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document } }) => {
        if (document.isDirty) this.soon();
      }),
    );
    this.own(vscode.workspace.onDidSaveTextDocument(soon));
    this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => this.edited(document)));
    this.own(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration('dronebot')) this.soon();
      }),
    );
    this.own({ dispose: () => clearTimeout(this.timer ?? undefined) });
  }

  /** What stands behind the lines of a file, in the first editor that shows it. */
  shown(uri: vscode.Uri): readonly LineEnd[] {
    const editor = vscode.window.visibleTextEditors.find(each => each.document.uri.toString() === uri.toString());
    return editor === undefined ? [] : (this.shownIn.get(editor) ?? []);
  }

  /** The first letter typed takes the text away at once; the others wait for the next update. */
  private edited(document: vscode.TextDocument): void {
    if (!this.files.isConfigured(document.uri)) return;
    for (const editor of vscode.window.visibleTextEditors) {
      const { active } = editor.selection;
      const ends = this.shownIn.get(editor) ?? [];
      if (editor.document === document && ends.some(({ line }) => line === active.line))
        this.show(
          editor,
          ends.filter(({ line }) => line !== active.line),
        );
    }
    this.soon();
  }

  private soon(): void {
    if (this.timer !== null) return;
    const wait = Math.max(0, this.updatedAt + SHORTEST_MS - Date.now());
    this.timer = setTimeout(() => this.update(), wait);
  }

  private update(): void {
    this.timer = null;
    this.updatedAt = Date.now();
    this.nUpdates++;
    for (const editor of vscode.window.visibleTextEditors) {
      if (!this.files.isConfigured(editor.document.uri)) continue;
      const next = this.ends(editor);
      if (JSON.stringify(next) !== JSON.stringify(this.shownIn.get(editor) ?? [])) this.show(editor, next);
    }
  }

  private ends({ document }: vscode.TextEditor): LineEnd[] {
    const { snapshot } = this.controller;
    if (snapshot === null || !this.configuration.lineEnds || !this.knowledge.isAbout(document.uri)) return [];
    // A cursor that only rests on a line edits nothing; one in a split of the same file does.
    const editors = vscode.window.visibleTextEditors.filter(each => document.isDirty && each.document === document);
    const edited = new Set(editors.flatMap(({ selections }) => selections.map(({ active }) => active.line)));
    return this.files.check(document).checked.symbols.flatMap(({ line, symbol, errors, isDuplicate }) => {
      if (symbol === null || edited.has(line)) return [];
      const text = lineEnd({ symbol, errors, isDuplicate }, snapshot);
      return text === null ? [] : [{ line, text }];
    });
  }

  private show(editor: vscode.TextEditor, ends: readonly LineEnd[]): void {
    this.shownIn.set(editor, ends);
    const decorations = ends.flatMap(({ line, text }) => {
      if (line >= editor.document.lineCount) return [];
      const { end } = editor.document.lineAt(line).range;
      return [{ range: new vscode.Range(end, end), renderOptions: { after: { contentText: unbroken(text) } } }];
    });
    editor.setDecorations(this.type, decorations);
  }
}

/** Spaces in a row are drawn as one. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');
