/** The README says what schema and manifest say, and links only to what is there. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_FIELDS, FIELDS } from '../../../src/targets/schema';
import { manifest, PALETTE_COMMANDS } from '../../../tools/manifest';
import { commandsTable, fieldsTable, settingsTable, TABLES, withTables } from '../../../tools/readmeTables';

const root = path.resolve(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');

describe('the README', () => {
  const readme = read('README.md');

  it('has the tables that schema and manifest give (npx tsx tools/readmeTables.ts writes them)', () =>
    deepEqual(withTables(readme), { text: readme }));
  it('names a table whose marks are gone', () => {
    for (const { name } of TABLES) deepEqual(withTables(readme.replace(`<!-- end of ${name} -->`, '')), { lost: name });
  });
  it('names every field', () => {
    for (const key of Object.keys(FIELDS)) ok(fieldsTable().includes(`| \`${key}\` |`), key);
    for (const key of Object.keys(CONFIG_FIELDS)) ok(fieldsTable().includes(`| \`@config ${key}=\` |`), key);
  });
  it('names every setting and every command of the palette', () => {
    const { configuration } = manifest().contributes as { configuration: { properties: Record<string, unknown> }[] };
    const keys = configuration.flatMap(({ properties }) => Object.keys(properties));
    ok(keys.length > 40);
    for (const key of keys) equal(settingsTable().split(`| \`${key}\` |`).length, 2, key);
    for (const { title } of PALETTE_COMMANDS) ok(commandsTable().includes(`| ${title} | `), title);
  });
});

describe('the papers', () => {
  const papers = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'];
  const docs = ['architecture', 'development', 'gateway', 'strategy'].map(name => `docs/${name}.md`);
  const walkthrough = ['tws', 'day'].map(name => `media/walkthrough/${name}.md`);

  for (const file of [...papers, ...docs, ...walkthrough])
    it(`${file} links only to what is there`, () => {
      const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
      const broken = links.filter(link => {
        if (/^(https?:|mailto:)/.test(link)) return false;
        const [target = '', anchor] = link.split('#');
        const place = target === '' ? file : path.join(path.dirname(file), target);
        if (!existsSync(path.join(root, place))) return true;
        return anchor !== undefined && place.endsWith('.md') && !anchorsOf(read(place)).includes(anchor);
      });
      deepEqual(broken, []);
    });

  it('name only commands and npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const titles = (manifest().contributes as { commands: { title: string }[] }).commands.map(({ title }) =>
      title.replace('…', ''),
    );
    for (const file of [...papers.slice(0, 1), ...walkthrough]) {
      const named = [...read(file).matchAll(/Dronebot: ([A-Z][\w’. -]*?)…?\*/g)].map(([, title]) => title ?? '');
      deepEqual(
        named.filter(title => !titles.includes(title)),
        [],
        file,
      );
    }
    // The contract may name what is still to come.
    for (const file of [...papers, ...docs.filter(name => !name.includes('strategy'))]) {
      const named = [...read(file).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
      deepEqual(
        named.filter(name => scripts[name] === undefined),
        [],
        file,
      );
    }
  });
});

/** As GitHub makes them from headings. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
