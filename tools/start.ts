/**
 * npm start: builds the extension and opens VS Code with it on a sample folder, desktop VS Code where there is one, else VS
 * Code in the browser. The folder is kept between starts. It stays in the foreground and takes what it started along.
 */
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureServer, hostFolder, HostMissing, onPath, projectRoot } from '../test/host/install';
import { installPackaged } from '../test/host/packaged';
import { startServer } from '../test/host/server';

const sample = path.join(hostFolder, 'sample');
const targetsFile = path.join(sample, 'targets.txt');
const runningFile = path.join(hostFolder, 'running.json');
const next = [
  'In VS Code press F1 and run "Dronebot: Start Live": the built-in simulator trades, without a broker and without money.',
  'The Dronebot side bar shows the ladders; rest the mouse on a line of targets.txt for its 14 rungs.',
];

async function main(): Promise<void> {
  mkdirSync(sample, { recursive: true });
  // What a person has changed in the sample folder stays.
  if (!existsSync(targetsFile)) copyFileSync(path.join(projectRoot, 'targets.txt'), targetsFile);
  const desktop = process.env.VSCODE_HOST === 'web' ? undefined : await findDesktop();
  if (desktop === undefined) await startInBrowser();
  else await startDesktop(desktop);
}

async function findDesktop(): Promise<string | undefined> {
  if (process.env.VSCODE_EXECUTABLE !== undefined) return process.env.VSCODE_EXECUTABLE;
  if (process.platform === 'linux') {
    const hasScreen = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
    // Desktop VS Code refuses to run as root, and a Linux without a screen cannot show it.
    return hasScreen && process.getuid?.() !== 0 ? onPath('code') : undefined;
  }
  const found = installedDesktop();
  if (found !== undefined) return found;
  console.log('No desktop VS Code found. Downloading one into .vscode-test/, once');
  return downloadAndUnzipVSCode({ version: 'stable', timeout: 15_000 });
}

function installedDesktop(): string | undefined {
  if (process.platform === 'darwin') {
    const application = '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
    return onPath('code') ?? (existsSync(application) ? application : undefined);
  }
  const { LOCALAPPDATA = '', ProgramFiles = '' } = process.env;
  const places = [path.join(LOCALAPPDATA, 'Programs'), ProgramFiles].map(folder =>
    path.join(folder, 'Microsoft VS Code', 'Code.exe'),
  );
  return places.find(file => existsSync(file));
}

async function startDesktop(executable: string): Promise<void> {
  const built = spawnSync(process.execPath, ['esbuild.mjs', '--quiet'], { cwd: projectRoot, stdio: 'inherit' });
  if (built.status !== 0) throw new HostMissing('The build failed.');
  const args = [
    ...['--new-window', '--wait', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
    ...['--user-data-dir', path.join(hostFolder, 'desktop'), `--extensionDevelopmentPath=${projectRoot}`],
    ...[sample, '--goto', targetsFile],
  ];
  console.log(['', 'Opening desktop VS Code on .vscode-host/sample.', ...next].join('\n'));
  const child = spawn(executable, args, { stdio: 'ignore' });
  const stop = () => child.kill();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await new Promise<void>((resolve, reject) => {
    child.once('error', error => reject(new HostMissing(`${executable} does not start: ${error.message}`)));
    child.once('exit', () => resolve());
  });
}

/**
 * The extension is packaged and installed as a user would, not loaded from its folder: that would need the test driver,
 * with which VS Code swallows toasts and answers its own dialogs.
 */
async function startInBrowser(): Promise<void> {
  const running = await runningUrl();
  if (running !== undefined) {
    // Installing again would take the extension away from under the window that is open.
    console.log(['', `VS Code is open already at  ${running}`, '', 'Ctrl+C in its terminal stops it.'].join('\n'));
    return;
  }
  ensureServer();
  const home = path.join(hostFolder, 'home');
  await installPackaged(home);
  const server = await startServer({ home, hasTestDriver: false });
  const stopped = new Promise<void>(resolve => {
    const stop = () => void server.stop().then(resolve);
    process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  });
  // Short enough to be read off a terminal; targets.txt is one click away in the explorer.
  const url = `${server.origin}/?folder=${encodeURI(sample)}`;
  writeFileSync(runningFile, JSON.stringify({ pid: process.pid, url }));
  console.log(['', `VS Code is open at  ${url}`, '', ...next, 'Ctrl+C here stops it.'].join('\n'));
  await Promise.race([stopped, server.gone]);
  rmSync(runningFile, { force: true });
  await server.stop();
}

/** Where an earlier npm start that still answers has its VS Code; a file that a hard end left behind says nothing. */
async function runningUrl(): Promise<string | undefined> {
  try {
    const { pid, url } = JSON.parse(readFileSync(runningFile, 'utf8')) as { pid: number; url: string };
    process.kill(pid, 0);
    const answer = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(3000) });
    return answer.ok ? url : undefined;
  } catch {
    return undefined;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof HostMissing ? error.message : error);
  process.exitCode = 1;
});
