/**
 * The status bar item over reports/statusText.ts: at most one update a second, and at once when the session's state changes.
 */
import * as vscode from 'vscode';
import { statusText, type StatusText } from '../reports/statusText';
import { Owner } from './emitter';
import type { Interrupted } from './interrupted';
import type { SessionController } from './sessionController';

const EVERY_MS = 1000;

export class StatusBar extends Owner {
  private readonly item = this.own(
    vscode.window.createStatusBarItem('dronebot.status', vscode.StatusBarAlignment.Left, 50),
  );
  private timer: NodeJS.Timeout | null = null;
  shown: StatusText = statusText(null);

  constructor(
    private readonly controller: SessionController,
    private readonly interrupted: Pick<Interrupted, 'status' | 'onChange'>,
  ) {
    super();
    this.item.name = 'Dronebot';
    this.own(controller.onState(() => this.show()));
    this.own(interrupted.onChange(() => this.show()));
    this.own(controller.onSnapshot(() => this.showSoon()));
    this.show();
    this.item.show();
  }

  override dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    super.dispose();
  }

  private showSoon(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.show();
    }, EVERY_MS);
  }

  private show(): void {
    const { snapshot, state } = this.controller;
    const waits = state === 'idle' ? this.interrupted.status : null;
    this.shown = waits ?? statusText(snapshot ?? (state === 'idle' ? null : 'starting'));
    this.item.command = waits === null ? 'dronebot.openDashboard' : 'dronebot.resumeLast';
    if (this.controller.config?.watches !== undefined) this.shown = watched(this.shown);
    const { text, tooltip, background } = this.shown;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor =
      background === 'none' ? undefined : new vscode.ThemeColor(`statusBarItem.${background}Background`);
    this.item.accessibilityInformation = {
      label: `${text.replace(/\$\([^)]*\)\s*/g, '')}. ${tooltip}`,
      role: 'button',
    };
  }
}

/** Another window owns the session. */
const watched = ({ text, tooltip, ...rest }: StatusText): StatusText => ({
  ...rest,
  text: `$(eye) ${text}`,
  tooltip: `Another window runs this session; this one watches. ${tooltip}`,
});
