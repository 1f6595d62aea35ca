/**
 * Writes a percent that the dashboard has set into the symbol's line of targets.txt, so that file and session say the same.
 * From a link the document is changed and not saved: a person looks at it first. From the dashboard it is saved, and once
 * the session has read the line the override is dropped; a document with other unsaved changes is only shown.
 */
import * as vscode from 'vscode';
import type { Side } from '../shared/dashboard';
import { setField } from '../targets/edit';
import type { OverrideAnswer } from './asked';
import type { SessionController } from './sessionController';
import { rangeOf } from './targetsFiles';
import { reply } from './reply';

export async function writeOverride(
  { controller }: { controller: SessionController },
  symbol: string | undefined,
  key: unknown,
): Promise<void> {
  if (symbol === undefined || (key !== 'buy' && key !== 'sell')) return;
  const found = overrideOf(controller, symbol, key);
  if (found === null) {
    return reply(`No override of ${symbol} ${key} is in force any more`);
  }
  const document = await vscode.workspace.openTextDocument(found.file);
  await edit(document, symbol, key, found.value);
  await vscode.window.showTextDocument(document);
}

const READ_WITHIN_MS = 5000;

export async function writeAndDrop(controller: SessionController, symbol: string, side: Side): Promise<OverrideAnswer> {
  const found = overrideOf(controller, symbol, side);
  if (found === null) return refused(`No override of ${symbol} ${side} is in force any more`);
  const document = await vscode.workspace.openTextDocument(found.file);
  const wasDirty = document.isDirty;
  if (!(await edit(document, symbol, side, found.value))) return refused(`targets.txt has no line for ${symbol}`);
  if (wasDirty) {
    await vscode.window.showTextDocument(document);
    return refused('targets.txt has other unsaved changes: look at it and save it');
  }
  if (!(await document.save())) return refused('targets.txt cannot be saved');
  // Until the session has read the line, dropping the override would bring back the old value for a moment.
  if (!(await isRead(controller, symbol, side, found.value))) {
    return refused('The line is written; the override stays until the session has read it');
  }
  return controller.override(symbol, { [side]: null });
}

function overrideOf(controller: SessionController, symbol: string, side: Side): { value: number; file: string } | null {
  const value = controller.snapshot?.symbols.find(each => each.symbol === symbol)?.override?.[side];
  const file = controller.config?.targetsFile;
  return typeof value === 'number' && file !== undefined ? { value, file } : null;
}

/** False: there is no such line. */
async function edit(document: vscode.TextDocument, symbol: string, side: Side, value: number): Promise<boolean> {
  const text = document.getText();
  const edits = setField(text, symbol, side, value);
  const change = new vscode.WorkspaceEdit();
  for (const each of edits) change.replace(document.uri, rangeOf(document, each), each.text);
  return edits.length > 0 ? vscode.workspace.applyEdit(change) : false;
}

function isRead(controller: SessionController, symbol: string, side: Side, value: number): Promise<boolean> {
  return new Promise(resolve => {
    const done = (isSo: boolean) => {
      clearTimeout(timer);
      listener.dispose();
      resolve(isSo);
    };
    const timer = setTimeout(() => done(false), READ_WITHIN_MS);
    const listener = controller.onSnapshot(({ symbols }) => {
      const row = symbols.find(each => each.symbol === symbol);
      if ((side === 'buy' ? row?.lineBuy : row?.lineSell) === value) done(true);
    });
  });
}

const refused = (text: string): OverrideAnswer => ({ outcome: 'refused', text });
