/**
 * Runs a module inside a real VS Code on a workspace of its own: desktop where it can be had, VS Code in the browser where
 * not. VSCODE_EXECUTABLE names a desktop VS Code, VSCODE_HOST=web asks for the browser.
 */
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBrowser, ensureServer, projectRoot } from './install';

export interface Inside {
  /** The extension's folder. */
  extension: string;
  /** A module that exports `run`. */
  module: string;
  /** Fills the workspace before VS Code opens it. */
  prepare?: (workspace: string) => void;
  /** Reads what was left in it. */
  after?: (workspace: string) => void;
}

export async function runInside({ extension, module, prepare, after }: Inside): Promise<void> {
  // A short path: VS Code puts a socket in the user data folder, and macOS takes no socket path over 103 characters.
  const home = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'db-'));
  const workspace = path.join(home, 'workspace');
  mkdirSync(workspace);
  prepare?.(workspace);
  try {
    await runTests({
      vscodeExecutablePath: await executable(),
      extensionDevelopmentPath: extension,
      extensionTestsPath: module,
      launchArgs: [workspace, '--disable-extensions', '--user-data-dir', path.join(home, 'user')],
    });
    after?.(workspace);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function executable(): Promise<string> {
  if (process.env.VSCODE_EXECUTABLE !== undefined) return process.env.VSCODE_EXECUTABLE;
  const isLinux = process.platform === 'linux';
  const hasScreen = !isLinux || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  if (process.env.VSCODE_HOST === 'web' || !hasScreen) return standIn();
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', timeout: 15_000 });
  } catch (error) {
    if (!isLinux) throw error;
    console.log(`Desktop VS Code cannot be downloaded (${String(error)}), so VS Code in the browser stands in for it`);
    return standIn();
  }
}

function standIn(): string {
  ensureServer();
  ensureBrowser();
  return path.join(projectRoot, 'test/host/standIn.cjs');
}
