// Builds everything the extension, its tools and its suite in VS Code run from: a list of targets and nothing more.
// Types are not checked here (npm run types does that). Flags: --production (minified, no maps), --watch, --quiet.
import { build, context } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const flag = name => process.argv.includes(`--${name}`);
const suite = readdirSync('test/vscode', { recursive: true }).filter(file => file.endsWith('.ts'));
const tools = ['demo', 'replay', 'gateway', 'fills', 'bench', 'kill'];

// The client library looks for .env and for config/*.json above its own folder, which in a bundle means the folders above
// dist/. A session gets its settings by message only, so in a bundle the library's configuration is empty.
const noConfigFiles = {
  name: 'no-config-files',
  setup: plugin =>
    plugin.onLoad({ filter: /@stoqey[\\/]ib[\\/]dist[\\/]common[\\/]configuration\.js$/ }, () => ({
      contents: 'exports.__esModule = true; exports.default = {}; exports.get = () => exports.default;',
    })),
};

const node = { platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], plugins: [noConfigFiles] };
const page = { platform: 'browser', format: 'iife', target: 'es2022' };
const targets = [
  { in: 'src/extension.ts', out: 'extension', ...node },
  { in: 'src/session/worker.ts', out: 'session', ...node },
  { in: 'src/gateway/worker.ts', out: 'gateway', ...node },
  { in: 'webview/dashboard.ts', out: 'dashboard', ...page },
  { in: 'webview/dashboard.css', out: 'dashboard', ...page },
  ...tools.map(name => ({ in: `tools/${name}.ts`, out: `tools/${name}`, ...node, packages: 'external' })),
  ...suite.map(file => ({
    in: `test/vscode/${file}`,
    out: `test/vscode/${file.slice(0, -3)}`,
    ...node,
    packages: 'external',
  })),
];

for (const { in: entry, out, ...options } of targets) {
  if (!existsSync(entry)) {
    if (!flag('quiet')) console.log(`skipped  ${entry} (not there)`);
    continue;
  }
  const all = {
    ...options,
    entryPoints: [{ in: entry, out }],
    outdir: 'dist',
    bundle: true,
    metafile: true,
    logLevel: 'warning',
  };
  const shape = { sourcemap: !flag('production'), minify: flag('production'), legalComments: 'none' };
  if (flag('watch')) await (await context({ ...all, ...shape, logLevel: 'info' })).watch();
  else
    for (const [file, { bytes }] of Object.entries((await build({ ...all, ...shape })).metafile.outputs))
      if (!flag('quiet') && !file.endsWith('.map')) console.log(`${(bytes / 1024).toFixed(0).padStart(5)} KB  ${file}`);
}
