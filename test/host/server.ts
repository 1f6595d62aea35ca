/**
 * Starts VS Code in the browser (code-server) for one purpose and one folder: on loopback, on a free port, with user data
 * and extensions of its own, and gone with everything it started when stopped. It drives nothing; that is workbench.ts.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { codeServer, hostNode } from './install';

const entry = path.join(codeServer, 'out/node/entry.js');

/** A quiet workbench: nothing that phones out, pops up or steals the picture. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'window.menuBarVisibility': 'compact',
  'editor.accessibilitySupport': 'off',
};

export interface ServerOptions {
  /** Where user data, extensions and settings live; a temporary folder that goes with the server when absent. */
  home?: string;
  userDataDir?: string;
  extensionsDir?: string;
  /** Win over settings that are already there, which win over the quiet ones. */
  settings?: Readonly<Record<string, unknown>>;
  env?: NodeJS.ProcessEnv;
  port?: number;
  /**
   * A built VS Code takes an extension from a folder only with its smoke-test driver switched on. With it on, toasts are
   * not shown and modal dialogs are answered by themselves: to meet those as a user does, install a .vsix and say false.
   */
  hasTestDriver?: boolean;
  /** Ask whether a folder is trusted, as VS Code does out of the box. */
  hasWorkspaceTrust?: boolean;
}

export interface Server {
  readonly origin: string;
  readonly authority: string;
  readonly home: string;
  /** Leads the process group of everything that the server starts. */
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
  /** Resolves when the server is gone, for whatever reason. */
  readonly gone: Promise<unknown>;
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const home = options.home ?? mkdtempSync(path.join(os.tmpdir(), 'dronebot-host-'));
  const userDataDir = options.userDataDir ?? path.join(home, 'user');
  const extensionsDir = options.extensionsDir ?? path.join(home, 'extensions');
  mkdirSync(extensionsDir, { recursive: true });
  const trust = options.hasWorkspaceTrust === true ? { 'security.workspace.trust.enabled': true } : {};
  writeSettings(userDataDir, { ...trust, ...options.settings });
  const args = [
    ...[entry, ...commonArgs(home, userDataDir, extensionsDir)],
    ...['--bind-addr', `127.0.0.1:${options.port ?? 0}`, '--ignore-last-opened'],
    ...(options.hasWorkspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(options.hasTestDriver === false ? [] : ['--vscode-option', 'enable-smoke-test-driver']),
  ];
  // A process group of its own, so that stopping takes the extension hosts along.
  const child = spawn(hostNode, args, {
    env: serverEnv(home, options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  const gone = once(child, 'exit');
  const killGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has already ended.
    }
  };
  const atExit = () => killGroup('SIGKILL');
  process.on('exit', atExit);
  let stopping: Promise<void> | undefined;
  const end = async () => {
    killGroup('SIGTERM');
    await Promise.race([gone, new Promise(resolve => setTimeout(resolve, 3000).unref())]);
    killGroup('SIGKILL');
    process.off('exit', atExit);
    if (options.home === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const stop = () => (stopping ??= end());
  const port = new Promise<number>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      log += chunk.toString();
      const found = /listening on https?:\/\/[^\s:]+:(\d+)/.exec(log);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', code => reject(new Error(`VS Code's server ended with ${code} before it listened:\n${log}`)));
    setTimeout(() => reject(new Error(`VS Code's server did not listen within 60 s:\n${log}`)), 60_000).unref();
  });
  try {
    const authority = `127.0.0.1:${await port}`;
    return { origin: `http://${authority}`, authority, home, pid: child.pid ?? 0, log: () => log, stop, gone };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface WorkbenchTarget {
  folder?: string;
  workspace?: string;
  openFile?: string;
  extensionDevelopmentPath?: readonly string[];
  extensionTestsPath?: string;
  /** Further switches of the workbench, as pairs. */
  payload?: readonly (readonly [string, string])[];
}

export function workbenchUrl(server: Server, target: WorkbenchTarget): string {
  const remote = (file: string) => `vscode-remote://${server.authority}${path.resolve(file)}`;
  const payload = [
    ...(target.payload ?? []),
    ...(target.extensionDevelopmentPath ?? []).map(folder => ['extensionDevelopmentPath', remote(folder)]),
    ...(target.extensionTestsPath === undefined ? [] : [['extensionTestsPath', remote(target.extensionTestsPath)]]),
    ...(target.openFile === undefined ? [] : [['openFile', remote(target.openFile)]]),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const query = new URLSearchParams();
  if (target.workspace !== undefined) query.set('workspace', path.resolve(target.workspace));
  else if (target.folder !== undefined) query.set('folder', path.resolve(target.folder));
  else query.set('ew', 'true');
  query.set('payload', JSON.stringify(payload));
  return `${server.origin}/?${query.toString()}`;
}

/** Installs a packaged extension for a server that is started afterwards with the same home. */
export function installVsix(vsix: string, home: string): string {
  const userDataDir = path.join(home, 'user');
  mkdirSync(userDataDir, { recursive: true });
  const args = [
    ...commonArgs(home, userDataDir, path.join(home, 'extensions')),
    '--install-extension',
    vsix,
    '--force',
  ];
  return execFileSync(hostNode, [entry, ...args], { encoding: 'utf8', env: serverEnv(home), timeout: 120_000 });
}

function commonArgs(home: string, userDataDir: string, extensionsDir: string): string[] {
  const config = path.join(home, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  return ['--config', config, '--auth', 'none', '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
}

function writeSettings(userDataDir: string, settings: ServerOptions['settings']): void {
  const file = path.join(userDataDir, 'User/settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const there = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
  writeFileSync(file, JSON.stringify({ ...quietSettings, ...there, ...settings }, null, 2));
}

function serverEnv(home: string, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...extra };
  // A server that is started from a terminal inside VS Code, or by a test runner, must not take itself for part of that.
  for (const key of Object.keys(env))
    if (/^(VSCODE_.*|PORT|PASSWORD|NODE_OPTIONS|CODE_SERVER_PARENT_PID)$/.test(key)) delete env[key];
  return {
    ...env,
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    PATH: `${path.dirname(hostNode)}${path.delimiter}${process.env.PATH ?? ''}`,
  };
}
