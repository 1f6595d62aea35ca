/**
 * Writes a percent that the dashboard has set into the symbol's line of targets.txt, so that file and session say the same.
 * The document is changed and not saved: a person looks at it first. The override itself stays until it is dropped.
 */
import * as vscode from 'vscode';
import { setField } from '../targets/edit';
import type { SessionController } from './sessionController';
import { rangeOf } from './targetsFiles';

export async function writeOverride(
  { controller }: { controller: SessionController },
  symbol: string | undefined,
  key: unknown,
): Promise<void> {
  const row = controller.snapshot?.symbols.find(each => each.symbol === symbol);
  const file = controller.config?.targetsFile;
  if (row === undefined || file === undefined || (key !== 'buy' && key !== 'sell')) return;
  const value = row.override?.[key];
  if (typeof value !== 'number') {
    return void vscode.window.showInformationMessage(`No override of ${row.symbol} ${key} is in force any more.`);
  }
  const document = await vscode.workspace.openTextDocument(file);
  const edit = new vscode.WorkspaceEdit();
  for (const each of setField(document.getText(), row.symbol, key, value))
    edit.replace(document.uri, rangeOf(document, each), each.text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
}
