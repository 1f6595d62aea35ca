/**
 * The entry of the activation bench inside VS Code's extension host: how long the extension's file takes to load and `activate`
 * to run, the two times that VS Code's own list of running extensions shows, and how long VS Code takes around them, in a
 * workspace in which nothing has started the extension. The figures are left in the workspace.
 */
import * as fs from 'node:fs';
import Module from 'node:module';
import * as path from 'node:path';
import * as vscode from 'vscode';

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('dronebot.dronebot');
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!extension || !folder) throw new Error('Expected the extension and a folder, found neither or one of them');
  if (extension.isActive) throw new Error('The extension is active before anybody has asked for it');
  const times = { load: NaN, activate: NaN };
  const entry = path.join(extension.extensionPath, 'dist', 'extension');
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = function (request, ...rest) {
    if (path.normalize(request).replace(/\.js$/, '') !== entry) return load.call(this, request, ...rest);
    const start = performance.now();
    const loaded = load.call(this, request, ...rest) as { activate(context: unknown): unknown };
    times.load = performance.now() - start;
    const activate = (context: unknown): unknown => {
      const before = performance.now();
      const api = loaded.activate(context);
      times.activate = performance.now() - before;
      return api;
    };
    return { ...loaded, activate };
  };
  const start = performance.now();
  await extension.activate();
  const whole = performance.now() - start;
  loader._load = load;
  const late = Object.keys(require.cache).find(file => path.basename(file) === 'onDemand.js');
  if (late !== undefined) throw new Error(`The start itself has loaded what is for later: ${late}`);
  const figures = { ...times, around: whole - times.load - times.activate, version: vscode.version };
  fs.writeFileSync(path.join(folder.uri.fsPath, 'activation.json'), JSON.stringify(figures));
}
