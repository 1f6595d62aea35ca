/**
 * Opens VS Code's settings on Dronebot's. What is set for the machine (broker, host, port, client id, account) stands in a page of
 * its own when VS Code runs elsewhere than its window, so whoever asks for those is taken there.
 */
import * as vscode from 'vscode';

/** @param about a word that the wanted settings' descriptions have; those of the connection have "gateway" */
export async function openSettings(about?: string): Promise<void> {
  const query = ['@ext:dronebot.dronebot', about ?? ''].join(' ').trim();
  const isElsewhere = vscode.env.remoteName !== undefined && about !== undefined;
  if (isElsewhere) await vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query });
  else await vscode.commands.executeCommand('workbench.action.openSettings', query);
}
