/**
 * Builds what a simulation runs: the product from its source, and the simulation itself for threads. Mutants are made here, by
 * replacing one piece of the built product.
 */
import { buildSync, type BuildOptions } from 'esbuild';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

const ENTRY = `
  export { Session } from './src/session/session';
  export { BrokerFailure } from './src/broker/port';
  export { emptyDurable, foldJournal } from './src/engine/durable';
`;

export const bundleProduct = (): string =>
  build({ stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' }, external: ['write-file-atomic'] });

export const bundleWorker = (): string => build({ entryPoints: [path.join(__dirname, 'worker.ts')] });

/** One change of the product's code; the text has to be there exactly once, or the mutant would test nothing. */
export interface Change {
  find: string;
  put: string;
}

export function mutate(code: string, changes: readonly Change[]): string {
  let changed = code;
  for (const { find, put } of changes) {
    const n = changed.split(find).length - 1;
    if (n !== 1) throw new Error(`expected once in the bundle, found ${n} times: ${find}`);
    changed = changed.replace(find, () => put);
  }
  return changed;
}

function build(options: BuildOptions): string {
  const built = buildSync({
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    ...options,
  });
  const [file] = built.outputFiles ?? [];
  if (file === undefined) throw new Error('nothing was built');
  return file.text;
}
