// The dashboard over HTTP from a snapshot file alone, without VS Code. `npm run dashboard -- --help` says everything.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SnapshotFollower } from '../src/session/snapshotFollower';
import { SnapshotPages } from '../src/ui/snapshotPages';
import { findAddress, thisMachine, withBrackets } from '../src/web/address';
import { readAssets } from '../src/web/assets';
import { WebServer } from '../src/web/server';

const help = `The dashboard over HTTP from a dashboard_snapshot.json alone: to look at, nothing can be changed.

  npm run dashboard -- [--snapshot FILE] [options]

  --snapshot FILE   what a session writes once a second     default: the newest of ./dashboard_snapshot.json
                                                            and ./.dronebot/sim/dashboard_snapshot.json
  --port N          port to serve at, 0 for any free one    default 8765
  --host ADDRESS    address to serve at                     default 127.0.0.1; beyond this machine with a token
  --help            this text

/ is the page, /snapshot.json the file as it is read, /healthz says OK while it is fresh, else what is the matter.
`;

interface Options {
  readonly files: readonly string[];
  readonly port: number;
  readonly host: string;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return void process.stdout.write(help);
  const address = await findAddress(options.host);
  const root = projectRoot();
  const follower = new SnapshotFollower(() => options.files);
  const server = new WebServer({
    address,
    port: options.port,
    token: randomBytes(32).toString('base64url'),
    source: new SnapshotPages(follower),
    adjust: null,
    assets: readAssets((folder, file) => readFileSync(path.join(root, folder, file))),
    log: text => process.stderr.write(`${text}\n`),
  });
  await server.listen();
  const shown = address.isLoopback ? server.url.replace(/\?.*$/, '') : server.url;
  process.stdout.write(`The dashboard is served at ${shown}, Ctrl-C ends it\n`);
  const stale = follower.staleBecause();
  if (stale !== null) process.stdout.write(`${stale}.\n`);
  const end = (): void => void server.close().then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      snapshot: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return null;
  const { snapshot, port = '8765', host = '127.0.0.1' } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Error(`Expected --port to be a whole number from 0 to 65535, found "${port}"`);
  }
  const found = ['dashboard_snapshot.json', '.dronebot/sim/dashboard_snapshot.json'];
  const files = (snapshot === undefined ? found : [snapshot]).map(file => path.resolve(file));
  return { files, port: Number(port), host };
}

/** The program runs from its bundle in dist/tools, or from its source. */
function projectRoot(): string {
  const root = [path.resolve(__dirname, '../..'), path.resolve(__dirname, '..')].find(folder =>
    existsSync(path.join(folder, 'dist/dashboard.js')),
  );
  if (root === undefined) throw new Error('The page is not built: npm run build');
  return root;
}

main().catch((failure: unknown) => {
  const { code, address, port } = failure as { code?: string; address?: string; port?: number };
  const text = failure instanceof Error ? failure.message : String(failure);
  const own = ['127.0.0.1', ...thisMachine().addresses].join(', ');
  const advice: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} of ${withBrackets(address ?? '')} is in use by another program: choose one with --port, 0 takes any that is free.`,
    EADDRNOTAVAIL: `${address} is no address of this machine. It has ${own}.`,
    EACCES: `The system does not allow you to serve at port ${port}: choose one from 1024 on with --port.`,
    ENOTFOUND: `The address after --host means nothing on this machine. It has ${own}.`,
  };
  process.stderr.write(`${advice[code ?? ''] ?? text}\nnpm run dashboard -- --help shows what it takes\n`);
  process.exitCode = 1;
});
