/**
 * Reads VS Code's settings and tells what a person has set from what is a default. It reads nothing of the environment and
 * checks no ranges: that is startConfig.ts and the session.
 */
import * as vscode from 'vscode';
import { DEFAULT_SETTINGS, readSettings, type Settings } from '../strategy/settings';
import type { Budget } from '../strategy/sizing';
import {
  resolveBudget,
  resolveEndpoint,
  resolveSettings,
  type Endpoint,
  type Environment,
  type Resolved,
} from './startConfig';
import type { SimulatorSettings } from './simulator';

export class Configuration {
  constructor(private readonly environment: Environment) {}

  get broker(): 'simulator' | 'ib' {
    return this.section().get<string>('broker') === 'ib' ? 'ib' : 'simulator';
  }

  get account(): string {
    return (this.section().get<string>('account') ?? '').trim();
  }

  endpoint(): Resolved<Endpoint> {
    return resolveEndpoint(key => this.userValue(key), this.environment);
  }

  budget(scope?: vscode.ConfigurationScope): Budget {
    return resolveBudget(key => this.userValue(key, scope), this.environment);
  }

  /** As the session gets them: with what is out of range, so that it can say so. */
  settings(scope?: vscode.ConfigurationScope): Record<string, unknown> {
    const section = this.section(scope);
    return resolveSettings(key => section.get(key));
  }

  /** As the editor's own sums use them. */
  checkedSettings(scope?: vscode.ConfigurationScope): Settings {
    return { ...DEFAULT_SETTINGS, ...readSettings(this.settings(scope)).settings };
  }

  simulator(clientId: number): SimulatorSettings {
    const section = this.section();
    return {
      seed: section.get<number>('simulator.seed', 7),
      speed: section.get<number>('simulator.speed', 30),
      date: section.get<string>('simulator.date', '2026-11-18'),
      startTime: section.get<string>('simulator.startTime', '09:25'),
      clientId,
    };
  }

  /** Fills that come while the window is not in focus. */
  get notifyFills(): boolean {
    return this.section().get<boolean>('notifyFills', true);
  }

  /** Where the dashboard is served over HTTP, and from which file while no session runs; empty: found by itself. */
  get dashboard(): { readonly host: string; readonly port: number; readonly snapshotFile: string } {
    const section = this.section();
    return {
      host: section.get<string>('dashboard.host', '').trim() || '127.0.0.1',
      port: section.get<number>('dashboard.port', 8765),
      snapshotFile: section.get<string>('dashboard.snapshotFile', '').trim(),
    };
  }

  /** A session on the simulator or on paper that did not end goes on when the window opens. */
  get resumes(): boolean {
    return this.section().get<boolean>('resume', true);
  }

  /** Live line ends in targets.txt. */
  get lineEnds(): boolean {
    return this.section().get<boolean>('lineEnds', true);
  }

  targetsFile(scope: vscode.ConfigurationScope): string {
    const name = this.section(scope).get<string>('targetsFile', '').trim();
    return name === '' ? 'targets.txt' : name;
  }

  private userValue(key: string, scope?: vscode.ConfigurationScope): unknown {
    const found = this.section(scope).inspect(key);
    return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
  }

  private section(scope?: vscode.ConfigurationScope): vscode.WorkspaceConfiguration {
    return vscode.workspace.getConfiguration('dronebot', scope ?? null);
  }
}
