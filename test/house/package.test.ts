/**
 * What the .vsix holds: the bundles, the pictures, the grammar and the papers, and nothing else. Sizes are those of the
 * production build, made here into a folder of its own so that no other test's bundles change under it.
 */
import assert from 'node:assert/strict';
import { listFiles, PackageManager } from '@vscode/vsce';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const mayHold = [
  /^package\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^language-configuration\.json$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^media\/[\w./-]+\.(svg|png|md)$/,
  /^dist\/(extension|session|gateway|dashboard)\.js$/,
  /^dist\/dashboard\.css$/,
];
const mustHold = ['package.json', 'LICENSE', 'CHANGELOG.md', 'README.md', 'dist/extension.js', 'dist/session.js'];

describe('the package', function () {
  this.timeout(60_000);
  let held: string[] = [];
  before(async () => {
    held = (await listFiles({ cwd: root, packageManager: PackageManager.None })).map(file =>
      file.replaceAll('\\', '/'),
    );
  });

  it('holds nothing that it need not', () =>
    assert.deepEqual(
      held.filter(file => !mayHold.some(pattern => pattern.test(file))),
      [],
    ));

  it('holds what it needs', () =>
    assert.deepEqual(
      mustHold.filter(file => !held.includes(file)),
      [],
    ));

  it('holds every bundle that the manifest and the extension start from', () =>
    assert.ok(existsSync(path.join(root, 'dist/extension.js')) && held.includes('dist/extension.js')));
});
