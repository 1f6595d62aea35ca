/**
 * The import and lint rules of the house, each shown to bite: a small project in a temporary folder breaks one of them,
 * and the same configuration that guards this project must say so. A rule that nothing can break guards nothing.
 */
import { ESLint, type Linter } from 'eslint';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync, copyFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(__dirname, '../..');

/** A project with the given files, this project's packages and its compiler settings. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'dronebot-rules-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const name of ['tsconfig.json', 'tsconfig.webview.json', 'package.json', '.dependency-cruiser.cjs'])
    copyFileSync(path.join(root, name), path.join(folder, name));
  // A link may need rights on Windows that a junction does not.
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return folder;
}

const breaksLint: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['no-restricted-syntax', 'src/engine/now.ts', 'export const now = Date.now();'],
  ['no-restricted-syntax', 'src/engine/newDate.ts', 'export const now = new Date();'],
  ['no-restricted-syntax', 'src/engine/dateText.ts', 'export const now = Date();'],
  ['no-restricted-syntax', 'src/engine/hours.ts', 'export const hours = (at: number) => new Date(at).getHours();'],
  ['no-restricted-syntax', 'src/strategy/random.ts', 'export const chance = Math.random();'],
  ['no-restricted-globals', 'src/targets/timer.ts', 'setTimeout(() => undefined, 1);'],
  ['no-restricted-globals', 'src/replay/interval.ts', 'setInterval(() => undefined, 1);'],
  ['no-restricted-globals', 'src/reports/clock.ts', 'export const now = performance.now();'],
  ['no-restricted-globals', 'src/reports/environment.ts', 'export const home = process.env.HOME;'],
  ['no-restricted-globals', 'src/reports/load.ts', "export const fs: unknown = require('fs');"],
  ['no-restricted-syntax', 'src/session/byDefault.ts', 'const wire = 1;\nexport default wire;'],
  ['no-restricted-syntax', 'src/session/barrel.ts', "export * from './other';"],
  ['no-console', 'src/session/console.ts', "console.log('lost');"],
  ['eqeqeq', 'src/session/equal.ts', 'export const same = (a: number, b: number) => a == b;'],
  [
    '@typescript-eslint/no-floating-promises',
    'src/session/floating.ts',
    'export function go() { Promise.resolve(1); }',
  ],
  [
    '@typescript-eslint/no-misused-promises',
    'src/session/misused.ts',
    '[1].forEach(async () => { await Promise.resolve(); });',
  ],
  ['@typescript-eslint/no-explicit-any', 'src/session/anything.ts', 'export const value: any = 1;'],
  [
    '@typescript-eslint/switch-exhaustiveness-check',
    'src/session/forgotten.ts',
    "export function sign(side: 'buy' | 'sell') { switch (side) { case 'buy': return 1; } return 0; }",
  ],
];

describe('lint rules', function () {
  this.timeout(60_000);
  const good = 'src/session/good.ts';
  let folder = '';
  let results: ESLint.LintResult[] = [];

  before(async () => {
    const files = Object.fromEntries(breaksLint.map(([, file, text]) => [file, `${text}\n`]));
    const timers = 'setTimeout(() => undefined, Math.random());\nexport const at = Date.now();\n';
    folder = projectOf({ ...files, [good]: timers, 'src/session/other.ts': 'export const one = 1;\n' });
    const house = (await import(pathToFileURL(path.join(root, 'eslint.config.mjs')).href)) as {
      rulesFor(root: string): Linter.Config[];
    };
    const eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: house.rulesFor(folder) });
    results = await eslint.lintFiles(['src']);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const rulesBrokenIn = (file: string) => {
    const found = results.find(({ filePath }) => path.relative(folder, filePath) === path.normalize(file));
    assert.ok(found, `${file} was not linted`);
    return found.messages.map(({ ruleId, message }) => ruleId ?? message);
  };

  for (const [rule, file, text] of breaksLint)
    it(`${rule} in ${path.dirname(file)}: ${text.split('\n')[0]}`, () => assert.ok(rulesBrokenIn(file).includes(rule)));

  it('clocks, timers and chance are free outside the pure rooms', () => assert.deepEqual(rulesBrokenIn(good), []));
});

const breaksImports: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ['pure-no-platform', 'src/targets/editor.ts', "import type { Range } from 'vscode';\nexport type R = Range;"],
  ['pure-no-node', 'src/strategy/disk.ts', "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;"],
  ['pure-no-node', 'src/replay/disk.ts', "import path from 'path';\nexport const r = path;"],
  ['pure-packages', 'src/engine/streams.ts', "import { Subject } from 'rxjs';\nexport const s = Subject;"],
  ['pure-no-edges', 'src/engine/shell.ts', "import { one } from '../session/one';\nexport const s = one;"],
  ['pure-no-edges', 'src/reports/wire.ts', "import { one } from '../gateway/one';\nexport const s = one;"],
  ['pure-port-types-only', 'src/engine/port.ts', "import { one } from '../broker/port';\nexport const s = one;"],
  ['client-library-in-broker-ib', 'src/session/ib.ts', "import { IBApi } from '@stoqey/ib';\nexport const s = IBApi;"],
  ['client-library-in-broker-ib', 'src/gateway/ib.ts', "import { IBApi } from '@stoqey/ib';\nexport const s = IBApi;"],
  ['vscode-in-ui', 'src/session/editor.ts', "import * as vscode from 'vscode';\nexport const s = vscode;"],
  ['gateway-alone', 'src/gateway/engine.ts', "import { one } from '../engine/one';\nexport const s = one;"],
  ['gateway-alone', 'src/gateway/strategy.ts', "import { one } from '../strategy/one';\nexport const s = one;"],
  ['gateway-alone', 'src/gateway/session.ts', "import { one } from '../session/one';\nexport const s = one;"],
  ['gateway-alone', 'src/gateway/port.ts', "import type { One } from '../broker/port';\nexport type S = One;"],
  ['webview-shared-only', 'webview/engine.ts', "import type { One } from '../src/engine/one';\nexport type S = One;"],
  ['webview-types-only', 'webview/shared.ts', "import { one } from '../src/shared/one';\nexport const s = one;"],
  ['web-alone', 'src/web/session.ts', "import { one } from '../session/one';\nexport const s = one;"],
  ['web-alone', 'src/web/disk.ts', "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;"],
  ['webview-no-node', 'webview/disk.ts', "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;"],
  ['nobody-imports-the-shell', 'src/session/ui.ts', "import { one } from '../ui/one';\nexport const s = one;"],
  [
    'product-without-tests-and-tools',
    'src/session/test.ts',
    "import { one } from '../../test/one';\nexport const s = one;",
  ],
  [
    'product-without-tests-and-tools',
    'src/session/tool.ts',
    "import { one } from '../../tools/one';\nexport const s = one;",
  ],
  ['product-without-dev-packages', 'src/session/check.ts', "import fc from 'fast-check';\nexport const s = fc;"],
  ['no-unresolvable', 'src/session/gone.ts', "import { one } from './nowhere';\nexport const s = one;"],
  [
    'no-cycles-between-rooms',
    'src/engine/roundA.ts',
    "import type { B } from '../strategy/roundB';\nexport type A = B | 1;",
  ],
  ['no-cycles', 'src/session/cycleA.ts', "import { b } from './cycleB';\nexport const a = () => b;"],
];

const allowedImports: Readonly<Record<string, string>> = {
  'src/engine/good.ts':
    "import { Decimal } from 'decimal.js';\nimport type { One } from '../broker/port';\nimport { one } from '../strategy/one';\n" +
    'export const s = (x: One) => [new Decimal(1), x, one];',
  'src/broker/ib/good.ts': "import { IBApi } from '@stoqey/ib';\nexport const s = IBApi;",
  'src/session/typeA.ts': "import type { B } from './typeB';\nexport type A = B | 1;",
  'src/ui/good.ts': "import * as vscode from 'vscode';\nexport const s = vscode;",
  'webview/good.ts': "import type { One } from '../src/shared/one';\nexport type S = One;",
  'src/web/good.ts':
    "import { createServer } from 'node:http';\nimport type { One } from '../shared/one';\n" +
    'export const s = (x: One) => [createServer, x];',
  'src/gateway/good.ts':
    "import { createServer } from 'node:net';\nimport { one } from './one';\nexport const s = [createServer, one];",
};

describe('import rules', function () {
  this.timeout(60_000);
  let folder = '';
  let violations: { rule: string; from: string }[] = [];

  before(() => {
    const one = 'export const one = 1;\nexport type One = typeof one;\n';
    const neighbours = ['engine', 'strategy', 'gateway', 'session', 'ui', 'shared'].map(room => `src/${room}/one.ts`);
    folder = projectOf({
      ...Object.fromEntries(
        [...neighbours, 'src/broker/port.ts', 'test/one.ts', 'tools/one.ts'].map(file => [file, one]),
      ),
      ...Object.fromEntries(breaksImports.map(([, file, text]) => [file, `${text}\n`])),
      'src/strategy/roundB.ts': "import type { A } from '../engine/roundA';\nexport type B = A | 2;\n",
      'src/session/typeB.ts': "import type { A } from './typeA';\nexport type B = A | 2;\n",
      'src/session/cycleB.ts': "import { a } from './cycleA';\nexport const b = () => a;\n",
      ...allowedImports,
    });
    const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = ['src', 'webview', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
    const ran = spawnSync(process.execPath, [cruiser, ...args], { cwd: folder, encoding: 'utf8', timeout: 50_000 });
    interface Report {
      summary: { violations: { rule: { name: string }; from: string }[] };
    }
    const report = JSON.parse(ran.stdout) as Report;
    violations = report.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [rule, file, text] of breaksImports)
    it(`${rule}: ${file} with ${text.split('\n')[0]}`, () =>
      assert.ok(violations.some(found => found.rule === rule && found.from === file)));

  for (const file of Object.keys(allowedImports))
    it(`${file} breaks none`, () =>
      assert.deepEqual(
        violations.filter(({ from }) => from === file),
        [],
      ));

  it('every rule has a case here', async () => {
    const house = (await import(pathToFileURL(path.join(root, '.dependency-cruiser.cjs')).href)) as {
      default: { forbidden: { name: string }[] };
    };
    const names = house.default.forbidden.map(({ name }) => name);
    assert.deepEqual(
      names.filter(name => !breaksImports.some(([rule]) => rule === name)),
      [],
    );
  });
});
