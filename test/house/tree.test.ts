/**
 * What must not be in any file of the project: addresses of package registries, paths of one person's machine, download
 * addresses in the lock file; and what a module must not grow to.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What git has or would take: build output and installed packages are no part of the project. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => file !== '' && existsSync(path.join(root, file)));
const texts = files.filter(file => !/\.(png|gz|ico|woff2?)$/.test(file));

describe('files of the project', () => {
  it('are many enough for the following to mean something', () => assert.ok(files.length > 50));

  it('name no package registry, neither the public ones nor the one that this machine uses', () => {
    // Put together here, so that this file does not find itself.
    const hosts = [['registry', 'npmjs'].join('.'), ['registry', 'yarnpkg'].join('.'), ['_auth', 'Token'].join('')];
    const own = process.env.npm_config_registry;
    if (own !== undefined) hosts.push(new URL(own).host);
    assert.deepEqual(
      texts.filter(file => hosts.some(host => read(file).includes(host))),
      [],
    );
  });

  it('name no path of one machine', () => {
    const machine = new RegExp(
      `(^|[\\s"'\`(=:])(/${'root'}/|/${'home'}/\\w|/${'Users'}/\\w|/${'work'}/\\w|[A-Z]:\\\\${'Users'})`,
      'm',
    );
    assert.deepEqual(
      texts.filter(file => machine.test(read(file))),
      [],
    );
  });

  it('lock packages by name, version and checksum, not by address', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version?: string; resolved?: string }>;
    };
    assert.deepEqual(
      Object.keys(lock.packages).filter(name => lock.packages[name]?.resolved !== undefined),
      [],
    );
    assert.ok(Object.keys(lock.packages).length > 100);
  });

  it('ask for exact versions', () => {
    const manifest = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  it('hold no module over 400 lines', () => {
    const modules = files.filter(file => /^(src|webview)\/.*\.(ts|css)$/.test(file));
    const nLines = (file: string) => read(file).split('\n').length - 1;
    assert.deepEqual(
      modules.filter(file => nLines(file) > 400).map(file => `${file}: ${nLines(file)}`),
      [],
    );
  });

  it('open every module with what it is for', () => {
    const modules = files.filter(file => /^(src|webview|tools)\/.*\.ts$/.test(file));
    assert.deepEqual(
      modules.filter(file => !/^(#!.*\n)?\/(\*\*|\/ )/.test(read(file))),
      [],
    );
  });

  it('are named in camelCase', () => {
    const modules = files.filter(file => /^(src|webview|tools|test)\/.*\.ts$/.test(file));
    assert.deepEqual(
      modules.filter(file => !/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*\.ts$/.test(path.basename(file))),
      [],
    );
  });
});
