/**
 * Shows what needs the person, one at a time, each with a way on, and logs everything. The same sentence is not shown again
 * within half a minute: a gateway that is down would otherwise fill the screen. Words come from src/reports.
 */
import * as vscode from 'vscode';
import type { Message } from '../reports/message';

const AGAIN_AFTER_MS = 30_000;

export class Messenger {
  private readonly shownAt = new Map<string, number>();
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly log: vscode.LogOutputChannel) {}

  tell(message: Message): void {
    const { text, level, buttons } = message;
    if (level === 'error') this.log.error(text);
    else if (level === 'warning') this.log.warn(text);
    else this.log.info(text);
    if (level === 'log' || this.wasShown(text)) return;
    // One after the other: a toast that waits for its answer does not keep the next one from being logged.
    this.queue = this.queue.then(() =>
      this.show(
        message,
        buttons.map(button => button.title),
      ),
    );
  }

  private async show({ text, level, buttons }: Message, titles: string[]): Promise<void> {
    const show =
      level === 'error'
        ? vscode.window.showErrorMessage
        : level === 'warning'
          ? vscode.window.showWarningMessage
          : vscode.window.showInformationMessage;
    const answer = show(text, ...titles).then(async title => {
      const button = buttons.find(each => each.title === title);
      if (button !== undefined) await vscode.commands.executeCommand(button.command, ...(button.args ?? []));
    });
    answer.then(undefined, (error: unknown) => this.log.error(String(error)));
    // A toast that nobody answers hides after a while without ever resolving: the next one must not wait for it.
    await Promise.race([answer, new Promise<void>(resolve => setTimeout(resolve, 3000))]);
  }

  private wasShown(text: string): boolean {
    const now = Date.now();
    const before = this.shownAt.get(text);
    for (const [each, at] of this.shownAt) if (now - at > AGAIN_AFTER_MS) this.shownAt.delete(each);
    if (before !== undefined && now - before < AGAIN_AFTER_MS) return true;
    this.shownAt.set(text, now);
    return false;
  }
}
