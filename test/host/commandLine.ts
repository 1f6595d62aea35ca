/**
 * Reads the command line that @vscode/test-electron gives to desktop VS Code, so that the browser host can stand in for it.
 * Switches about windows, sandboxes and updates mean nothing here and are passed over.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CommandLine {
  extensionDevelopmentPath: string[];
  extensionTestsPath?: string;
  folder?: string;
  workspace?: string;
  openFile?: string;
  userDataDir?: string;
  extensionsDir?: string;
  payload: [string, string][];
}

const takesValue = new Set([
  ...['extensionTestsPath', 'extensionDevelopmentPath', 'user-data-dir', 'extensions-dir', 'folder-uri', 'file-uri'],
  ...['enable-proposed-api', 'inspect-extensions', 'inspect-brk-extensions', 'locale', 'log', 'profile'],
  ...['disable-extension', 'extensionDevelopmentKind'],
]);

export function readCommandLine(argv: readonly string[]): CommandLine {
  const line: CommandLine = { extensionDevelopmentPath: [], payload: [] };
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const option = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    if (option === null) {
      addPath(line, path.resolve(word));
      continue;
    }
    const name = option[1] ?? '';
    const value = option[2] ?? (takesValue.has(name) ? words.shift() : undefined) ?? '';
    addOption(line, name, value);
  }
  return line;
}

function addOption(line: CommandLine, name: string, value: string): void {
  const file = value.startsWith('file:') ? fileURLToPath(value) : path.resolve(value);
  switch (name) {
    case 'extensionDevelopmentPath':
      line.extensionDevelopmentPath.push(file);
      break;
    case 'extensionTestsPath':
      line.extensionTestsPath = file;
      break;
    case 'folder-uri':
      line.folder = file;
      break;
    case 'user-data-dir':
      line.userDataDir = file;
      break;
    case 'extensions-dir':
      line.extensionsDir = file;
      break;
    case 'disable-extensions':
      line.payload.push(['disableExtensions', 'true']);
      break;
    case 'enable-proposed-api':
      line.payload.push(['enableProposedApi', value]);
      break;
    case 'extensionDevelopmentKind':
    case 'inspect-extensions':
    case 'inspect-brk-extensions':
      line.payload.push([name, value]);
      break;
  }
}

function addPath(line: CommandLine, file: string): void {
  if (file.endsWith('.code-workspace')) line.workspace = file;
  else if (existsSync(file) && statSync(file).isDirectory()) line.folder = file;
  else line.openFile = file;
}
