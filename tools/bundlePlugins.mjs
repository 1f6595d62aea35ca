// What the bundles leave out or take differently than the sources say; esbuild.mjs is the list of bundles.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const loads = (name, filter, load) => ({ name, setup: plugin => plugin.onLoad({ filter }, load) });

// The client library looks for .env and for config/*.json above its own folder, which in a bundle means the folders above
// dist/. A session gets its settings by message only, so in a bundle the library's configuration is empty.
const noConfigFiles = loads('no-config-files', /@stoqey[\\/]ib[\\/]dist[\\/]common[\\/]configuration\.js$/, () => ({
  contents: 'exports.__esModule = true; exports.default = {}; exports.get = () => exports.default;',
}));

// The library's other face, on rxjs, is a third of it, and nobody here calls it.
const noRxjs = loads('no-rxjs', /@stoqey[\\/]ib[\\/]dist[\\/]api-next[\\/]index\.js$/, () => ({ contents: '' }));

// `import * as fs` of what is no ES module makes a copy of it, name by name, in each of the files: of vscode's hundreds of
// names in forty files that is a noticeable part of the start.
const copied = /^import \* as (\w+) from ('(?:vscode|node:.*)');/gm;
const noCopies = loads('no-copies', /[\\/]src[\\/].*\.ts$/, async ({ path }) => ({
  contents: (await readFile(path, 'utf8')).replace(copied, 'import $1 = require($2);'),
  loader: 'ts',
}));

// Most people never serve the dashboard: its server is a bundle of its own, loaded when the command runs.
const serverOnDemand = {
  name: 'server',
  setup: plugin =>
    plugin.onResolve({ filter: /\/web\/server$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './webServer.js', external: true } : undefined,
    ),
};

export const plugins = [noConfigFiles, noRxjs, noCopies, serverOnDemand];

/**
 * The modules that `list` names become stubs in the bundle: each of their functions and constructors loads the bundle of the
 * list, which lies beside this one, when it is first called. Plain values are written into the stub; what is neither (a map, say)
 * cannot be on the list. An instance is one of the real class, so `instanceof` the stub is never true.
 */
export const onDemand = (list, bundle) => ({
  name: 'on-demand',
  setup: async plugin => {
    const exported = await evaluated(list);
    const modules = [...readFileSync(list, 'utf8').matchAll(/^export \* as (\w+) from '(.*)';$/gm)];
    const parts = new Map(modules.map(([, name, module]) => [resolve(dirname(list), `${module}.ts`), name]));
    plugin.onResolve({ filter: /onDemand\.js$/ }, () => ({ path: bundle, external: true }));
    plugin.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const part = parts.get(path);
      if (part === undefined) return undefined;
      const stubs = Object.entries(exported[part]).map(
        ([name, value]) => `export const ${name} = ${stub(name, value)};`,
      );
      return { contents: `const part = () => require('${bundle}').${part};\n${stubs.join('\n')}\n`, loader: 'js' };
    });
  },
});

async function evaluated(list) {
  const options = {
    entryPoints: [list],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
  };
  const module = { exports: {} };
  const code = (await build(options)).outputFiles[0].text;
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

function stub(name, value) {
  if (typeof value === 'function' && /^class\b/.test(String(value)))
    return `class { constructor(...args) { return Reflect.construct(part().${name}, args); } }`;
  if (typeof value === 'function') return `(...args) => part().${name}(...args)`;
  if (isDeepStrictEqual(value, JSON.parse(JSON.stringify(value) ?? 'null'))) return JSON.stringify(value);
  throw new Error(`${name} is neither a function nor a plain value, so its module cannot be loaded on demand`);
}
