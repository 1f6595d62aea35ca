/**
 * The extension as a user gets it: packaged into a .vsix and installed from it into a home of VS Code in the browser.
 */
import { createVSIX } from '@vscode/vsce';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { hostFolder, projectRoot } from './install';
import { installVsix } from './server';

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
