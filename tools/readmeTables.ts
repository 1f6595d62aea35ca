/**
 * Writes the README's table of targets.txt from the schema that parser, editor and bot read, so that it cannot say anything
 * else. `npx tsx tools/readmeTables.ts` after a change; a test compares the two. It owns the lines between its marks and no other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expected } from '../src/targets/messages';
import { CONFIG_FIELDS, FIELDS, type FieldSpec } from '../src/targets/schema';

export const BEGIN = '<!-- fields: written by tools/readmeTables.ts -->';
export const END = '<!-- end of fields -->';

export function fieldsTable(): string {
  const rows = [
    ['first word', 'Ticker of a US stock', 'required', '1 to 12 letters and digits, at most one point inside'],
    ...Object.values(FIELDS).map(spec => row(`\`${spec.key}\``, spec)),
    ...Object.values(CONFIG_FIELDS).map(spec => row(`\`@config ${spec.key}=\``, spec)),
  ];
  const lines = rows.map(cells => `| ${cells.join(' | ')} |`);
  return ['| field | meaning | default | accepted |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** The README with the table between its marks; null when the marks are gone. */
export function withTable(readme: string): string | null {
  const [start, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (start < 0 || end < start) return null;
  return `${readme.slice(0, start + BEGIN.length)}\n\n${fieldsTable()}\n\n${readme.slice(end)}`;
}

function row(name: string, spec: FieldSpec): string[] {
  const fallback = spec.default === null ? 'computed' : String(spec.default);
  return [name, `${spec.label}. ${spec.doc}`, fallback, expected(spec)];
}

function main(): void {
  const file = path.resolve(__dirname, '../README.md');
  const text = withTable(readFileSync(file, 'utf8'));
  if (text === null) throw new Error(`README.md has lost the marks ${BEGIN} and ${END}`);
  writeFileSync(file, text);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) main();
