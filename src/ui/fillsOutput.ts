/**
 * `Dronebot: Review Fills`: finds the fills file, writes the tables of reports/fillReview.ts into an output channel of their
 * own, and offers the symbols one after the other. It never takes the focus from where the person types.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { reviewFills, reviewTable, symbolTable, type FillReview } from '../reports/fillReview';
import { count } from '../reports/format';
import { exists } from './targetsFiles';

export class FillsOutput implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('Dronebot: Review Fills');
  /** What the channel shows; VS Code gives no way to read it back. */
  text = '';

  /**
   * @param folders where a fills file may lie, the likeliest first
   * @param file a path that somebody names instead
   * @param symbol one symbol's table besides; `undefined` asks for it, `null` does not
   */
  async review(folders: readonly string[], account: string, file?: string, symbol?: string | null): Promise<void> {
    const found = file === undefined ? await this.find(folders) : vscode.Uri.file(file);
    if (found === undefined) return;
    const text = await this.read(found);
    if (text === null) return;
    const review = reviewFills(text);
    this.show(reviewTable(review, { file: path.basename(found.fsPath), account }));
    if (symbol === null) return;
    if (symbol !== undefined) this.append(review, symbol);
    else if (review.symbols.length > 0) void this.askForSymbols(review);
  }

  dispose(): void {
    this.channel.dispose();
  }

  private async find(folders: readonly string[]): Promise<vscode.Uri | undefined> {
    for (const folder of folders) {
      const uri = vscode.Uri.file(path.join(folder, 'fills_live.csv'));
      if (await exists(uri)) return uri;
    }
    const choose = 'Choose a file…';
    const answer = await vscode.window.showInformationMessage(
      'There is no fills_live.csv in this folder yet. It is written with the first fill.',
      choose,
    );
    if (answer !== choose) return undefined;
    const files = await vscode.window.showOpenDialog({ canSelectMany: false, filters: { 'Fills (CSV)': ['csv'] } });
    return files?.[0];
  }

  private async read(uri: vscode.Uri): Promise<string | null> {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch (error) {
      const again = 'Try again';
      const text = `${path.basename(uri.fsPath)} cannot be read: ${String(error)}`;
      return (await vscode.window.showErrorMessage(text, again)) === again ? this.read(uri) : null;
    }
  }

  private show(text: string): void {
    this.text = text;
    this.channel.replace(`${text}\n`);
    this.channel.show(true);
  }

  private append(review: FillReview, symbol: string): void {
    const found = review.symbols.find(each => each.symbol === symbol.toUpperCase());
    const text = found === undefined ? `${symbol}: no fills in this file` : symbolTable(found);
    this.text += `\n\n${text}`;
    this.channel.append(`\n${text}\n`);
    this.channel.show(true);
  }

  /** One symbol after the other until the person has seen enough. */
  private async askForSymbols(review: FillReview): Promise<void> {
    for (;;) {
      const items = review.symbols.map(each => ({ label: each.symbol, description: count(each.fills, 'fill') }));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: 'A symbol for its own table, Escape when you have seen enough',
      });
      if (picked === undefined) return;
      this.append(review, picked.label);
    }
  }
}
