/**
 * Which fills file is reviewed, and its review: the folder's own, or one that a person names or picks. Commissions come from
 * the journals beside it. It shows nothing but the question for a file.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { reviewFills, type FillReview } from '../reports/fillReview';
import type { ReviewHead } from '../reports/fillTables';
import { journalsBeside } from '../session/journalsBeside';
import { exists } from './targetsFiles';

export interface ReadReview {
  readonly uri: vscode.Uri;
  readonly head: ReviewHead;
  readonly review: FillReview;
}

export class FillsFiles {
  /**
   * @param folders where a fills file may lie, the likeliest first
   * @param account whose the folder's own file is, as far as a running session tells
   */
  constructor(
    private readonly folders: () => readonly string[],
    private readonly account: () => string,
  ) {}

  /** The folder's own file, else one that is picked; undefined when a person wants none. */
  async find(): Promise<vscode.Uri | undefined> {
    for (const folder of this.folders()) {
      const uri = vscode.Uri.file(path.join(folder, 'fills_live.csv'));
      if (await exists(uri)) return uri;
    }
    const choose = 'Choose a file…';
    const answer = await vscode.window.showInformationMessage(
      'There is no fills_live.csv in this folder yet. It is written with the first fill.',
      choose,
    );
    return answer === choose ? this.pick() : undefined;
  }

  async pick(): Promise<vscode.Uri | undefined> {
    const files = await vscode.window.showOpenDialog({ canSelectMany: false, filters: { 'Fills (CSV)': ['csv'] } });
    return files?.[0];
  }

  /** Null after saying why it cannot be read. */
  async read(uri: vscode.Uri): Promise<ReadReview | null> {
    const name = path.basename(uri.path);
    try {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      const folder = path.dirname(uri.fsPath);
      const isOwn = this.folders().includes(folder) && name === 'fills_live.csv';
      const review = reviewFills(text, uri.scheme === 'file' ? journalsBeside(folder) : []);
      return { uri, head: { file: name, account: isOwn ? this.account() : '' }, review };
    } catch (error) {
      const again = 'Try again';
      const text = `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      return (await vscode.window.showErrorMessage(text, again)) === again ? this.read(uri) : null;
    }
  }
}
