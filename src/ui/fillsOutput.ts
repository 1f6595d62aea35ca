/**
 * `Dronebot: Review Fills`: writes the tables of reports/fillTables.ts into an output channel of their own, and offers the
 * symbols one after the other. It never takes the focus from where the person types.
 */
import * as vscode from 'vscode';
import type { FillReview } from '../reports/fillReview';
import { reviewDetails, reviewTable, symbolDetails, symbolTable } from '../reports/fillTables';
import { count } from '../reports/format';
import type { FillsFiles } from './fillsFiles';

const PAGE = '$(graph-line) Fills page';
const OTHER = '$(folder-opened) Another file…';

export class FillsOutput implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('Dronebot: Review Fills');
  /** What the channel shows; VS Code gives no way to read it back. */
  text = '';

  constructor(
    private readonly files: FillsFiles,
    private readonly openPage: (file: string) => unknown,
  ) {}

  /**
   * @param file a path that somebody names
   * @param symbol one symbol's table besides; `undefined` asks for it, `null` does not
   */
  async review(file?: string, symbol?: string | null): Promise<void> {
    const found = file === undefined ? await this.files.find() : vscode.Uri.file(file);
    if (found !== undefined) await this.reviewFile(found, symbol);
  }

  dispose(): void {
    this.channel.dispose();
  }

  private async reviewFile(uri: vscode.Uri, symbol?: string | null): Promise<void> {
    const read = await this.files.read(uri);
    if (read === null) return;
    const { review, head } = read;
    this.show([reviewTable(review, head), reviewDetails(review)].filter(Boolean).join('\n\n'));
    if (symbol === null) return;
    if (symbol !== undefined) this.append(review, symbol);
    else void this.askForSymbols(review, uri);
  }

  private show(text: string): void {
    this.text = text;
    this.channel.replace(`${text}\n`);
    this.channel.show(true);
  }

  private append(review: FillReview, symbol: string): void {
    const found = review.symbols.find(each => each.symbol === symbol.toUpperCase());
    const text =
      found === undefined
        ? `${symbol}: no fills in this file`
        : [symbolTable(found), symbolDetails(found)].filter(Boolean).join('\n\n');
    this.text += `\n\n${text}`;
    this.channel.append(`\n${text}\n`);
    this.channel.show(true);
  }

  /** One symbol after the other until the person has seen enough. */
  private async askForSymbols(review: FillReview, uri: vscode.Uri): Promise<void> {
    const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
    const symbols = review.symbols.map(each => ({ label: each.symbol, description: count(each.fills, 'fill') }));
    for (;;) {
      const picked = await vscode.window.showQuickPick([...symbols, separator, { label: PAGE }, { label: OTHER }], {
        placeHolder: 'A symbol for its own table, Escape when you have seen enough',
      });
      if (picked === undefined) return;
      if (picked.label === PAGE) return void this.openPage(uri.fsPath);
      if (picked.label === OTHER) {
        const other = await this.files.pick();
        return other === undefined ? undefined : this.reviewFile(other);
      }
      this.append(review, picked.label);
    }
  }
}
