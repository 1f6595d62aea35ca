// Builds everything the extension, its tools and its suite in VS Code run from: a list of targets and nothing more.
// Types are not checked here (npm run types does that). Flags: --production (what ships, minified, no maps), --watch, --quiet,
// --out=FOLDER in place of dist.
import { build, context } from 'esbuild';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onDemand, plugins } from './tools/bundlePlugins.mjs';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const flag = name => process.argv.includes(`--${name}`);
const outdir = process.argv.find(word => word.startsWith('--out='))?.slice('--out='.length) ?? 'dist';
const suite = readdirSync('test/vscode', { recursive: true }).filter(file => file.endsWith('.ts'));
const benches = readdirSync('test/bench').filter(file => file.endsWith('.bench.ts'));
const tools = ['demo', 'replay', 'gateway', 'fills', 'anchors', 'dashboard', 'bench'];

// What went wrong has been printed by then.
const fail = () => process.exit(1);

// require() instead of import(): that is what VS Code's host is made for.
const host = {
  external: ['vscode'],
  supported: { 'dynamic-import': false },
  plugins,
};
const node = { platform: 'node', format: 'cjs', target: 'node20', ...host };
// A page is small in the workshop too: how large it may grow is tested there.
const page = { platform: 'browser', format: 'iife', target: 'es2022', minify: true };
const late = onDemand('src/ui/onDemand.ts', './onDemand.js');
const product = [
  { in: 'src/extension.ts', out: 'extension', ...node, plugins: [late, ...plugins] },
  { in: 'src/ui/onDemand.ts', out: 'onDemand', ...node },
  { in: 'src/session/worker.ts', out: 'session', ...node },
  { in: 'src/session/anchorsWorker.ts', out: 'anchorsThread', ...node },
  { in: 'src/gateway/worker.ts', out: 'gateway', ...node },
  { in: 'src/web/server.ts', out: 'webServer', ...node },
  { in: 'webview/dashboard.ts', out: 'dashboard', ...page },
  { in: 'webview/dashboard.css', out: 'dashboard', ...page },
  { in: 'webview/anchors.ts', out: 'anchors', ...page },
  { in: 'webview/anchors.css', out: 'anchors', ...page },
  { in: 'webview/themes.css', out: 'themes', ...page },
  { in: 'webview/fills.ts', out: 'fills', ...page },
  { in: 'webview/fills.css', out: 'fills', ...page },
];
const unshipped = { ...node, packages: 'external' };
const workshop = [
  ...tools.map(name => ({ in: `tools/${name}.ts`, out: `tools/${name}`, ...unshipped })),
  ...benches.map(file => ({ in: `test/bench/${file}`, out: `bench/${file.slice(0, -3)}`, ...unshipped })),
  ...suite.map(file => ({ in: `test/vscode/${file}`, out: `test/vscode/${file.slice(0, -3)}`, ...unshipped })),
];

for (const { in: entry, out, ...options } of flag('production') ? product : [...product, ...workshop]) {
  const files = { entryPoints: [{ in: entry, out }], outdir, bundle: true, metafile: true };
  const shape = { sourcemap: !flag('production'), minify: flag('production'), legalComments: 'eof' };
  const all = { ...files, ...shape, ...options, logLevel: flag('watch') ? 'info' : 'warning' };
  if (flag('watch')) await (await context(all)).watch();
  else
    for (const [file, { bytes }] of Object.entries((await build(all).catch(fail)).metafile.outputs))
      if (!flag('quiet') && !file.endsWith('.map')) console.log(`${(bytes / 1024).toFixed(0).padStart(5)} KB  ${file}`);
}
