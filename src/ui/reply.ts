/**
 * The answer to a command that found nothing to do: a line in the status bar for a moment. A notification would ask for
 * attention and offer nothing to do.
 */
import * as vscode from 'vscode';

const FOR_MS = 6000;

export const reply = (text: string): void => void vscode.window.setStatusBarMessage(`$(info) ${text}`, FOR_MS);
