/**
 * The entry of the suite inside VS Code's extension host: loads every *.test.ts of suite/ (from its bundle in dist/)
 * into mocha. It holds no test itself.
 */
import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../..');

export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.env.NO_COLOR === undefined,
    timeout: 60_000,
    slow: 5000,
    forbidOnly: true,
    reporter: path.join(root, 'test/reporter.cjs'),
  });
  // The sources say which tests there are: a bundle whose source is gone would run for ever.
  const sources = readdirSync(path.join(root, 'test/vscode/suite')).filter(file => file.endsWith('.test.ts'));
  for (const file of sources.sort()) mocha.addFile(path.join(__dirname, 'suite', file.replace(/\.ts$/, '.js')));
  const nFailures = await new Promise<number>(resolve => mocha.run(resolve));
  if (nFailures > 0) throw new Error(`${nFailures} failed`);
}
