/**
 * The sample for a window without a folder: in the place that the person chooses a folder gets a targets.txt and is opened.
 * An empty folder, or one that has the file, is taken as it is; any other gets a folder of its own, for a session writes
 * beside the file and must not fill somebody's home.
 */
import * as vscode from 'vscode';
import { SAMPLE_TARGETS } from '../targets/schema';
import { exists } from './targetsFiles';

export async function newFolder(): Promise<void> {
  const [place] =
    (await vscode.window.showOpenDialog({
      title: 'Where to make the folder dronebot, with targets.txt and all that a session writes',
      openLabel: 'Make it here',
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
    })) ?? [];
  if (place === undefined) return;
  const isFit = (await vscode.workspace.fs.readDirectory(place)).length === 0 || (await hasTargets(place));
  const folder = isFit ? place : vscode.Uri.joinPath(place, 'dronebot');
  await vscode.workspace.fs.createDirectory(folder);
  const uri = vscode.Uri.joinPath(folder, 'targets.txt');
  if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(SAMPLE_TARGETS));
  await vscode.commands.executeCommand('vscode.openFolder', folder);
}

const hasTargets = (folder: vscode.Uri): Promise<boolean> => exists(vscode.Uri.joinPath(folder, 'targets.txt'));
