/**
 * The context keys that menus and welcome views ask for (`when` in package.json). Set here and nowhere else; a test holds the
 * manifest against this list.
 */
import * as vscode from 'vscode';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';
import type { StandaloneSimulator } from './standaloneSimulator';

export const CONTEXT_KEYS = [
  'dronebot.state',
  'dronebot.mode',
  'dronebot.paused',
  'dronebot.killed',
  'dronebot.simulatorRuns',
] as const;
export type ContextKey = (typeof CONTEXT_KEYS)[number];

export class ContextKeys extends Owner {
  private readonly values = new Map<ContextKey, unknown>();

  constructor(controller: SessionController, standalone: StandaloneSimulator) {
    super();
    const update = () => {
      const { snapshot, state } = controller;
      this.set('dronebot.state', state);
      this.set('dronebot.mode', snapshot?.mode ?? '');
      this.set('dronebot.paused', snapshot?.paused === true || snapshot?.protectOnly === true);
      this.set('dronebot.killed', snapshot?.killed === true);
    };
    this.own(standalone.onChange(isRunning => this.set('dronebot.simulatorRuns', isRunning)));
    this.own(controller.onState(update));
    this.own(controller.onSnapshot(update));
    update();
  }

  private set(key: ContextKey, value: unknown): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
