/**
 * The editor's help for the configured targets file besides colours, findings and hovers: completion, inlay hints, outline,
 * folding, formatting. It only turns offsets into ranges; every model is in src/targets and src/reports. Other people's
 * targets.txt get none of it.
 */
import * as vscode from 'vscode';
import { anchorHints } from '../reports/anchorHints';
import { completionsAt, type Proposal } from '../reports/completions';
import { formatTargets } from '../targets/format';
import { foldingBlocks, outlineOf } from '../targets/outline';
import { Owner } from './emitter';
import { LANGUAGE, rangeOf, type TargetsFiles } from './targetsFiles';
import type { TargetsKnowledge } from './targetsKnowledge';

const SELECTOR: vscode.DocumentSelector = { language: LANGUAGE };

export class TargetsLanguage extends Owner {
  constructor(
    private readonly files: TargetsFiles,
    private readonly knowledge: TargetsKnowledge,
  ) {
    super();
    const { languages } = vscode;
    const ours =
      <T>(provide: (document: vscode.TextDocument) => T[]) =>
      (document: vscode.TextDocument): T[] =>
        files.isConfigured(document.uri) ? provide(document) : [];
    this.own(
      languages.registerCompletionItemProvider(
        SELECTOR,
        {
          provideCompletionItems: (document, position) => ours(each => this.completions(each, position))(document),
        },
        '=',
        ' ',
        '@',
      ),
    );
    this.own(
      languages.registerInlayHintsProvider(SELECTOR, {
        provideInlayHints: (document, range) => ours(each => this.hints(each, range))(document),
      }),
    );
    this.own(
      languages.registerDocumentSymbolProvider(SELECTOR, { provideDocumentSymbols: ours(each => this.symbols(each)) }),
    );
    this.own(
      languages.registerFoldingRangeProvider(SELECTOR, { provideFoldingRanges: ours(each => this.folds(each)) }),
    );
    this.own(
      languages.registerDocumentFormattingEditProvider(SELECTOR, {
        provideDocumentFormattingEdits: ours(each => edits(each, null)),
      }),
    );
    this.own(
      languages.registerDocumentRangeFormattingEditProvider(SELECTOR, {
        provideDocumentRangeFormattingEdits: (document, { start, end }) =>
          ours(each => edits(each, { first: start.line, last: end.line }))(document),
      }),
    );
  }

  private completions(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const proposals = completionsAt(
      this.files.check(document).doc,
      document.offsetAt(position),
      this.knowledge.known(document.uri),
    );
    return proposals.map((proposal, index) => completionItem(document, proposal, index));
  }

  private hints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const { doc, checked } = this.files.check(document);
    return anchorHints(doc, checked.symbols, range.start.line, range.end.line).map(({ at, text, tooltip }) => {
      const hint = new vscode.InlayHint(document.positionAt(at), text, vscode.InlayHintKind.Type);
      hint.paddingLeft = true;
      hint.tooltip = tooltip;
      return hint;
    });
  }

  private symbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return outlineOf(this.files.check(document).doc).map(({ name, items }) => {
      const children = items.map(({ name: ticker, detail, line }) => {
        const { range } = document.lineAt(line);
        const kind = name === 'config' ? vscode.SymbolKind.Property : vscode.SymbolKind.Variable;
        return new vscode.DocumentSymbol(ticker, detail, kind, range, range);
      });
      const ranges = children.map(child => child.range);
      const all = ranges.reduce((sum, each) => sum.union(each));
      const kind = name === 'config' ? vscode.SymbolKind.Namespace : vscode.SymbolKind.Class;
      const group = new vscode.DocumentSymbol(name, `${items.length}`, kind, all, ranges[0] ?? all);
      group.children = children;
      return group;
    });
  }

  private folds(document: vscode.TextDocument): vscode.FoldingRange[] {
    return foldingBlocks(this.files.check(document).doc).map(({ first, last, kind }) =>
      kind === 'comment'
        ? new vscode.FoldingRange(first, last, vscode.FoldingRangeKind.Comment)
        : new vscode.FoldingRange(first, last),
    );
  }
}

const edits = (document: vscode.TextDocument, lines: { first: number; last: number } | null): vscode.TextEdit[] =>
  formatTargets(document.getText(), lines).map(edit => vscode.TextEdit.replace(rangeOf(document, edit), edit.text));

const KINDS = {
  symbol: vscode.CompletionItemKind.Variable,
  directive: vscode.CompletionItemKind.Keyword,
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
} as const;

function completionItem(document: vscode.TextDocument, proposal: Proposal, index: number): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label: proposal.label, description: proposal.detail }, KINDS[proposal.kind]);
  item.insertText = proposal.insert;
  item.range = rangeOf(document, proposal.at);
  item.documentation = new vscode.MarkdownString(proposal.doc);
  // In the order of the model, not of the alphabet.
  item.sortText = String(index).padStart(4, '0');
  if (proposal.asksAgain) item.command = { command: 'editor.action.triggerSuggest', title: 'Values' };
  return item;
}
