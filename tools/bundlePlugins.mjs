// What the bundles leave out or take differently than the sources say; esbuild.mjs is the list of bundles.
import { readFile } from 'node:fs/promises';

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
