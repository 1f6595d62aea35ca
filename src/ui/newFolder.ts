/**
 * The sample for a window without a folder: a folder that the person chooses gets a targets.txt, unless it has one, and is
 * opened. Everything else a session writes lies beside it, so no folder is chosen for anybody.
 */
import * as vscode from 'vscode';
import { SAMPLE_TARGETS } from '../targets/schema';
import { exists } from './targetsFiles';

export async function newFolder(): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'A folder for Dronebot: targets.txt and all that a session writes lie in it',
      openLabel: 'Use this folder',
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
    })) ?? [];
  if (folder === undefined) return;
  const uri = vscode.Uri.joinPath(folder, 'targets.txt');
  if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(SAMPLE_TARGETS));
  await vscode.commands.executeCommand('vscode.openFolder', folder);
}
