/** Runs the suite of test/vscode in a real VS Code (runInside.ts says in which). */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { HostMissing, projectRoot } from './install';
import { runInside } from './runInside';

runInside({
  extension: projectRoot,
  module: path.join(projectRoot, 'dist/test/vscode/index'),
  prepare: workspace => copyFileSync(path.join(projectRoot, 'targets.txt'), path.join(workspace, 'targets.txt')),
}).catch((error: unknown) => {
  console.error(error instanceof HostMissing ? error.message : error);
  process.exitCode = 1;
});
