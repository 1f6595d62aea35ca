/**
 * The start and the end of a trader's day, each in one go: anchors, dashboard, Start Live; review, then the day's files into
 * their archive. It stops at the first step that a person ends, and does nothing that the single commands would not do.
 */
import * as vscode from 'vscode';
import { archiveDetail, archiveMessage, archiveQuestion } from '../reports/archiveText';
import { archiveDay, dayOf } from '../session/archive';
import type { Messenger } from './messenger';
import type { SessionController } from './sessionController';
import type { Starter } from './startSession';
import type { TargetsFiles } from './targetsFiles';

export interface DayRoutineParts {
  controller: SessionController;
  starter: Starter;
  files: TargetsFiles;
  messenger: Messenger;
  /** False: a person cancelled them. */
  anchors(): Promise<boolean>;
  openDashboard(): void;
  /** Without asking for symbols one after the other. */
  reviewFills(file: string): Promise<void>;
}

export class DayRoutine {
  constructor(private readonly parts: DayRoutineParts) {}

  async begin(): Promise<void> {
    if (!(await this.parts.anchors())) return;
    this.parts.openDashboard();
    await this.parts.starter.start();
  }

  async end(): Promise<void> {
    const { controller, messenger } = this.parts;
    if (controller.isRunning) {
      return messenger.tell({
        level: 'info',
        text: 'The session still writes the day’s files. Stop it, then run End of Day again.',
        buttons: [{ title: 'Stop…', command: 'dronebot.stop' }],
      });
    }
    const found = this.find();
    if (found === null) {
      return messenger.tell({
        level: 'info',
        text: 'No session has written files in this folder, so there is nothing to review and to archive.',
        buttons: [{ title: 'Review another file', command: 'dronebot.reviewFills' }],
      });
    }
    const { folder, targetsFile, day } = found;
    if (day.fillsFile !== null) await this.parts.reviewFills(day.fillsFile);
    const archive = 'Archive';
    const answer = await vscode.window.showInformationMessage(
      archiveQuestion(day),
      { modal: true, detail: archiveDetail(day) },
      archive,
    );
    if (answer !== archive) return;
    // Asked again: another window may have started meanwhile.
    messenger.tell(archiveMessage(archiveDay(folder, targetsFile, Date.now())));
  }

  /** The first folder that holds files of a day, the likeliest broker's first. */
  private find() {
    const { starter, files } = this.parts;
    const all = vscode.workspace.workspaceFolders ?? [];
    const first = starter.folder === null ? [] : [starter.folder];
    for (const workspace of [...first, ...all.filter(each => each !== starter.folder)]) {
      for (const folder of starter.stateFolders(workspace.uri)) {
        const day = dayOf(folder);
        if (day !== null) return { folder, targetsFile: files.uriOf(workspace).fsPath, day };
      }
    }
    return null;
  }
}
