/**
 * What the tests inside VS Code share: the extension's API, the workspace, and waiting for what a person would see. Waiting
 * is always for an event or a state with a limit in time, never for a number of seconds.
 */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DronebotApi } from '../../../src/extension';

export async function api(): Promise<DronebotApi> {
  const extension = vscode.extensions.getExtension<DronebotApi>('dronebot.dronebot');
  assert.ok(extension, 'the extension is installed');
  return extension.activate();
}

export function folder(): vscode.WorkspaceFolder {
  const found = vscode.workspace.workspaceFolders?.[0];
  assert.ok(found, 'a folder is open');
  return found;
}

export const targetsUri = (): vscode.Uri => vscode.Uri.joinPath(folder().uri, 'targets.txt');

export async function write(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  // A document follows its file a moment later, and whoever asks VS Code for the text would get the old one until then.
  if (open?.isDirty === false) await until(`${uri.path} in the editor`, () => open.isClosed || open.getText() === text);
}

export async function read(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}

/** Looks again and again until there is something, or says what it waited for. */
export async function until<T>(
  what: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  withinMs = 20_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) assert.fail(`Waited ${withinMs / 1000} s for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

export async function openTargets(): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(targetsUri());
  await vscode.window.showTextDocument(document);
  return document;
}

/** What the hover at a word of the document says. */
export async function hoverAt(document: vscode.TextDocument, word: string, inside = 0): Promise<string> {
  const offset = document.getText().indexOf(word);
  assert.ok(offset >= 0, `${word} is in the document`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset + inside),
  );
  return hovers.flatMap(hover => hover.contents.map(part => (typeof part === 'string' ? part : part.value))).join('\n');
}

/** Answers the extension's dialogs with the button of this title (or the first that matches), and tells which were asked. */
export function answering(title: string | RegExp): { questions: string[]; restore(): void } {
  const questions: string[] = [];
  const window = vscode.window as unknown as Record<string, unknown>;
  const names = ['showWarningMessage', 'showErrorMessage', 'showInformationMessage'] as const;
  const before = names.map(name => window[name]);
  for (const name of names) {
    window[name] = (question: string, ...rest: unknown[]) => {
      questions.push(question);
      const items = rest.filter(item => typeof item === 'string' || (item as { title?: string }).title !== undefined);
      const isMeant = (text: string): boolean => (typeof title === 'string' ? text === title : title.test(text));
      return Promise.resolve(
        items.find(item => isMeant(typeof item === 'string' ? item : (item as { title: string }).title)),
      );
    };
  }
  return { questions, restore: () => names.forEach((name, index) => (window[name] = before[index])) };
}
