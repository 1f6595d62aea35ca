/**
 * What the .vsix holds: the bundles, the pictures, the grammar and the papers, and nothing else; and how large the bundles
 * may grow once they are minified, as they ship. It looks at the last build in dist/.
 */
import assert from 'node:assert/strict';
import { listFiles, PackageManager } from '@vscode/vsce';
import { transform } from 'esbuild';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const pictures = ['activity.svg', 'icon.png', 'icon.svg'];
const walkthrough = ['dashboard.svg', 'day.md', 'hover.svg', 'sample.svg', 'start.svg', 'tws.md', 'tws.svg'];

/** The bundles of esbuild.mjs that are no tool and no test. */
function bundles(): string[] {
  const text = readFileSync(path.join(root, 'esbuild.mjs'), 'utf8');
  const product = text.slice(text.indexOf('const product = ['), text.indexOf('];', text.indexOf('const product = [')));
  return [...product.matchAll(/in: '[^']*\.(ts|css)', out: '(\w+)'/g)].map(
    ([, kind, name]) => `dist/${name}.${kind === 'ts' ? 'js' : 'css'}`,
  );
}

const expected = [
  ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'language-configuration.json'],
  ...['snippets/targets.json', 'syntaxes/targets.tmLanguage.json'],
  ...pictures.map(file => `media/${file}`),
  ...walkthrough.map(file => `media/walkthrough/${file}`),
  ...bundles(),
];

describe('the package', function () {
  this.timeout(60_000);
  let held: string[] = [];
  before(async () => {
    held = (await listFiles({ cwd: root, packageManager: PackageManager.None })).map(file =>
      file.replaceAll('\\', '/'),
    );
  });

  it('holds exactly what it should', () => assert.deepEqual([...held].sort(), [...expected].sort()));

  it('holds every bundle that is built, and knows more than one', () => assert.ok(bundles().length >= 5));

  it('has no script that an installation would run', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: object };
    assert.deepEqual(
      Object.keys(scripts).filter(name => /install|prepare$/.test(name)),
      [],
    );
  });

  for (const [bundle, budgetKb] of [
    ['extension.js', 170],
    ['onDemand.js', 300],
    ['session.js', 500],
    ['dashboard.js', 350],
    ['anchors.js', 350],
    ['fills.js', 350],
  ] as const)
    it(`keeps ${bundle} under ${budgetKb} KB as it ships, so that VS Code loads it in no time`, async () => {
      const { code } = await transform(readFileSync(path.join(root, 'dist', bundle), 'utf8'), { minify: true });
      assert.ok(code.length < budgetKb * 1024, `${Math.round(code.length / 1024)} KB`);
    });

  it('leaves no editor and no test code in the bundles', () => {
    for (const bundle of ['extension.js', 'onDemand.js', 'session.js', 'anchorsThread.js']) {
      const text = readFileSync(path.join(root, 'dist', bundle), 'utf8');
      assert.ok(!/require\("(mocha|playwright-core|fast-check|tsx)/.test(text), bundle);
    }
    const session = readFileSync(path.join(root, 'dist/session.js'), 'utf8');
    assert.ok(!/require\(["']vscode["']\)/.test(session), 'the session runs in a thread that has no vscode');
  });

  it('bundles need no installed package', () => {
    for (const bundle of ['extension.js', 'onDemand.js', 'session.js', 'anchorsThread.js']) {
      const text = readFileSync(path.join(root, 'dist', bundle), 'utf8');
      const asked = [...text.matchAll(/\brequire\(["']([^"'./][^"']*)["']\)/g)].map(match => match[1] ?? '');
      const missing = asked.filter(name => name !== 'vscode' && !isBuiltin(name));
      assert.deepEqual([...new Set(missing)], [], bundle);
    }
  });
});
