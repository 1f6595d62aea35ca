/**
 * Writes the README's tables from what they are about: the fields of targets.txt from the schema that parser, editor and bot
 * read, the settings and commands from the manifest. `npx tsx tools/readmeTables.ts` after a change; a test compares them. It owns
 * the lines between its marks and no other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandDetail } from '../src/reports/launcher';
import { expected } from '../src/targets/messages';
import { CONFIG_FIELDS, FIELDS, type FieldSpec } from '../src/targets/schema';
import { manifest, PALETTE_COMMANDS } from './manifest';

interface Table {
  /** As in its marks, `<!-- fields: written by … -->` to `<!-- end of fields -->`. */
  readonly name: string;
  readonly text: () => string;
}

export const TABLES: readonly Table[] = [
  { name: 'fields', text: fieldsTable },
  { name: 'commands', text: commandsTable },
  { name: 'settings', text: settingsTable },
];

const begin = (name: string): string => `<!-- ${name}: written by tools/readmeTables.ts -->`;
const end = (name: string): string => `<!-- end of ${name} -->`;

export function fieldsTable(): string {
  return table(
    ['field', 'meaning', 'default', 'accepted'],
    [
      ['first word', 'Ticker of a US stock', 'required', '1 to 12 letters and digits, at most one point inside'],
      ...Object.values(FIELDS).map(spec => row(`\`${spec.key}\``, spec)),
      ...Object.values(CONFIG_FIELDS).map(spec => row(`\`@config ${spec.key}=\``, spec)),
    ],
  );
}

/** In the palette's own order, with what the launcher says of each while nothing runs. */
export function commandsTable(): string {
  const facts = {
    context: {},
    isTrusted: true,
    nFolders: 1,
    hasTargets: true,
    hasDayFiles: true,
    broker: 'simulator',
  } as const;
  const rows = PALETTE_COMMANDS.map(({ id, title }) => [title, commandDetail(id, facts)]);
  return table(['command', 'what it does'], rows);
}

export function settingsTable(): string {
  const { configuration } = manifest().contributes as { configuration: readonly Section[] };
  return configuration
    .filter(({ properties }) => Object.keys(properties).length > 0)
    .map(({ title, properties }) =>
      [`**${title}**`, '', table(['setting', 'default', 'meaning'], Object.entries(properties).map(settingRow))].join(
        '\n',
      ),
    )
    .join('\n\n');
}

/** The README with the tables between their marks; the name of one whose marks are gone instead. */
export function withTables(readme: string): { text: string } | { lost: string } {
  let text = readme;
  for (const { name, text: body } of TABLES) {
    const [from, to] = [text.indexOf(begin(name)), text.indexOf(end(name))];
    if (from < 0 || to < from) return { lost: name };
    text = `${text.slice(0, from + begin(name).length)}\n\n${body()}\n\n${text.slice(to)}`;
  }
  return { text };
}

interface Section {
  readonly title: string;
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function settingRow([key, { default: standard, scope, markdownDescription, enum: values }]: [
  string,
  Readonly<Record<string, unknown>>,
]): string[] {
  const choices = Array.isArray(values) ? ` One of ${values.map(value => `\`${String(value)}\``).join(', ')}.` : '';
  const machine = scope === 'machine' ? ' Set for the machine, not by a folder.' : '';
  const shown = standard === '' ? 'empty' : `\`${String(standard)}\``;
  return [`\`${key}\``, shown, `${String(markdownDescription)}${choices}${machine}`];
}

function row(name: string, spec: FieldSpec): string[] {
  const fallback = spec.default === null ? 'computed' : String(spec.default);
  return [name, `${spec.label}. ${spec.doc}`, fallback, expected(spec)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function main(): void {
  const file = path.resolve(__dirname, '../README.md');
  const found = withTables(readFileSync(file, 'utf8'));
  if ('lost' in found) throw new Error(`README.md has lost its marks ${begin(found.lost)} and ${end(found.lost)}`);
  writeFileSync(file, found.text);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) main();
