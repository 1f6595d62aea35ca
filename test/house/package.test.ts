/**
 * What the .vsix holds: the bundles, the pictures, the grammar and the papers, and nothing else; and how large the bundles
 * may grow. It looks at the last build in dist/, which is larger than the one that ships (that one is minified).
 */
import assert from 'node:assert/strict';
import { listFiles, PackageManager } from '@vscode/vsce';
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const mayHold = [
  /^package\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^language-configuration\.json$/,
  /^snippets\/[\w.-]+\.(json|code-snippets)$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^media\/[\w./-]+\.(svg|png|md)$/,
  /^dist\/(extension|session|gateway|anchorsThread|dashboard|anchors)\.js$/,
  /^dist\/(dashboard|anchors)\.css$/,
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

  for (const [bundle, budgetKb] of [
    ['extension.js', 600],
    ['dashboard.js', 350],
    ['anchors.js', 350],
  ] as const)
    it(`keeps ${bundle} under ${budgetKb} KB, so that VS Code loads it in no time`, () =>
      assert.ok(statSync(path.join(root, 'dist', bundle)).size < budgetKb * 1024));

  it('leaves no editor and no test code in the bundles', () => {
    for (const bundle of ['extension.js', 'session.js', 'anchorsThread.js']) {
      const text = readFileSync(path.join(root, 'dist', bundle), 'utf8');
      assert.ok(!/require\("(mocha|playwright-core|fast-check|tsx)/.test(text), bundle);
    }
    const session = readFileSync(path.join(root, 'dist/session.js'), 'utf8');
    assert.ok(!/require\(["']vscode["']\)/.test(session), 'the session runs in a thread that has no vscode');
  });

  it('bundles need no installed package', () => {
    for (const bundle of ['extension.js', 'session.js', 'anchorsThread.js']) {
      const text = readFileSync(path.join(root, 'dist', bundle), 'utf8');
      const asked = [...text.matchAll(/\brequire\(["']([^"'./][^"']*)["']\)/g)].map(match => match[1] ?? '');
      const missing = asked.filter(name => name !== 'vscode' && !isBuiltin(name));
      assert.deepEqual([...new Set(missing)], [], bundle);
    }
  });
});
