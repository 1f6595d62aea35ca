/**
 * The entry of the activation bench inside VS Code's extension host: how long the extension takes from its file to the end of
 * `activate`, in a workspace in which nothing has started it. The figure is left in the workspace.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('dronebot.dronebot');
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!extension || !folder) throw new Error('Expected the extension and a folder, found neither or one of them');
  if (extension.isActive) throw new Error('The extension is active before anybody has asked for it');
  const start = performance.now();
  await extension.activate();
  const ms = performance.now() - start;
  fs.writeFileSync(path.join(folder.uri.fsPath, 'activation.json'), JSON.stringify({ ms, version: vscode.version }));
}
