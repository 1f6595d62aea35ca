/**
 * How long the extension takes to load and activate in a real VS Code, as it ships (minified, from a folder of its own), and
 * how large its bundles are. Each round is a VS Code of its own: nothing is loaded twice.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../host/install';
import { runInside } from '../host/runInside';
import { bench, report, spread, type Row, type Table } from './harness';

const ROUNDS = 3;
const SHIPPED = ['package.json', 'language-configuration.json', 'media', 'syntaxes', 'snippets'];
const BUNDLES = [
  ['extension.js', 150],
  ['session.js', 600],
  ['dashboard.js', 350],
] as const;

interface Times {
  readonly load: number;
  readonly activate: number;
  readonly around: number;
  readonly version: string;
}

bench(async () => {
  const extension = mkdtempSync(path.join(os.tmpdir(), 'dronebot-packed-'));
  try {
    for (const name of SHIPPED)
      if (existsSync(path.join(projectRoot, name)))
        cpSync(path.join(projectRoot, name), path.join(extension, name), { recursive: true });
    const dist = path.join(extension, 'dist');
    execFileSync(process.execPath, [path.join(projectRoot, 'esbuild.mjs'), '--production', '--quiet', `--out=${dist}`]);
    const all: Times[] = [];
    for (let round = 0; round < ROUNDS; round++)
      await runInside({
        extension,
        module: path.join(projectRoot, 'dist/test/vscode/activation'),
        after: workspace => {
          all.push(JSON.parse(readFileSync(path.join(workspace, 'activation.json'), 'utf8')) as Times);
        },
      });
    report(activationTable(all), sizeTable(dist));
  } finally {
    rmSync(extension, { recursive: true, force: true, maxRetries: 5 });
  }
});

function activationTable(all: readonly Times[]): Table {
  const row = (what: string, ms: (times: Times) => number): Row => {
    const { median, worst, n } = spread(all.map(ms));
    return { what, values: [median, worst, n] };
  };
  const ours = row('load and activate', ({ load, activate }) => load + activate);
  return {
    title: 'Activation in VS Code, ms',
    how: `From the file of the bundle to the return of activate, as VS Code ${all[0]?.version} counts it in its list of running extensions, a fresh one each round. Around them VS Code asks its main thread for the extension’s memories and tells it what happens: the last row, not ours.`,
    columns: ['median', 'worst', 'rounds'],
    rows: [
      ours,
      row('  load the code', ({ load }) => load),
      row('  activate', ({ activate }) => activate),
      row('VS Code around them', ({ around }) => around),
    ],
    aim: '50 ms',
    found: `${ours.values[0]?.toFixed(1)} ms`,
  };
}

function sizeTable(dist: string): Table {
  const kilobytes = (name: string): number => statSync(path.join(dist, name)).size / 1024;
  const rows = BUNDLES.map(([name, aim]): Row => ({ what: name, values: [kilobytes(name), aim] }));
  return {
    title: 'Bundles as they ship, KB',
    how: 'Host, session and webview, minified.',
    columns: ['size', 'aim'],
    rows,
    aim: BUNDLES.map(([, aim]) => aim).join(', '),
    found: BUNDLES.map(([name]) => kilobytes(name).toFixed(0)).join(', '),
  };
}
