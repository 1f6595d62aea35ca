/**
 * Runs the suite of test/vscode in a real VS Code: desktop where it can be had, VS Code in the browser where not.
 * VSCODE_EXECUTABLE names a desktop VS Code, VSCODE_HOST=web asks for the browser.
 */
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBrowser, ensureServer, HostMissing, projectRoot } from './install';

async function main(): Promise<void> {
  // A short path: VS Code puts a socket in the user data folder, and macOS takes no socket path over 103 characters.
  const home = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'db-'));
  const workspace = path.join(home, 'workspace');
  mkdirSync(workspace);
  copyFileSync(path.join(projectRoot, 'targets.txt'), path.join(workspace, 'targets.txt'));
  try {
    await runTests({
      vscodeExecutablePath: await executable(),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: path.join(projectRoot, 'dist/test/vscode/index'),
      launchArgs: [workspace, '--disable-extensions', '--user-data-dir', path.join(home, 'user')],
    });
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

main().catch((error: unknown) => {
  console.error(error instanceof HostMissing ? error.message : error);
  process.exitCode = 1;
});
