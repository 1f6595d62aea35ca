/**
 * The extension as a user gets it: packaged into a .vsix and installed from it into a home of VS Code in the browser.
 */
import { createVSIX } from '@vscode/vsce';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { hostFolder, projectRoot } from './install';
import { installVsix } from './server';

/** The files of the extension as it is installed in a home, relative to its folder. */
export function installedFiles(home: string): string[] {
  const extensions = path.join(home, 'extensions');
  const [folder, ...others] = readdirSync(extensions).filter(name => name.startsWith('dronebot.'));
  if (folder === undefined || others.length > 0) throw new Error(`Expected one Dronebot in ${extensions}`);
  return readdirSync(path.join(extensions, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(path.join(extensions, folder), path.join(entry.parentPath, entry.name)))
    .filter(file => file !== '.vsixmanifest')
    .sort();
}

export async function installPackaged(home: string): Promise<void> {
  mkdirSync(home, { recursive: true });
  const vsix = path.join(hostFolder, 'dronebot.vsix');
  await createVSIX({
    cwd: projectRoot,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  installVsix(vsix, home);
}
