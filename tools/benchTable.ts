/**
 * `npx tsx tools/benchTable.ts [FILE…]`: writes what `npm run bench` has left in bench.json into docs/performance.md, between its
 * marks: what was found beside what is aimed at, then each table. Of several files the later one's tables count.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { numberText, type Table } from '../test/bench/harness';

const BEGIN = '<!-- figures: written by tools/benchTable.ts -->';
const END = '<!-- end of figures -->';

export interface Figures {
  readonly when: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly load: number;
  readonly results: readonly { readonly tables: readonly Table[] }[];
}

/** The page with the figures between its marks; null when it has lost them. */
export function withFigures(page: string, files: readonly Figures[]): string | null {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  const last = files.at(-1);
  if (from < 0 || to < from || last === undefined) return null;
  const tables = new Map<string, Table>();
  for (const { results } of files) for (const each of results) for (const table of each.tables) tables.set(table.title, table);
  const { when, node, platform, cpu, cores, memoryGiB, load } = last;
  const machine = `${cores} cores (${cpu}), ${memoryGiB} GiB, ${platform}, Node ${node}, ${when.slice(0, 10)}; load at the end ${load.toFixed(1)}.`;
  const all = [...tables.values()];
  const short = markdown(['figure', 'found', 'aim'], all.map(({ title, found, aim }) => [title, found, aim]));
  const text = [machine, short, ...all.map(details)].join('\n\n');
  return `${page.slice(0, from + BEGIN.length)}\n\n${text}\n\n${page.slice(to)}`;
} // prettier-ignore

function details({ title, columns, rows }: Table): string {
  const cells = rows.map(({ what, values }) => [what.trim(), ...values.map(numberText)]);
  return markdown([`**${title}**`, ...columns], cells);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 || rows.some(row => /[a-z]/i.test(row[column] ?? '')) ? '---' : '--:'));
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
} // prettier-ignore

function main(): void {
  const files = process.argv.slice(2);
  const read = (file: string): Figures => JSON.parse(readFileSync(file, 'utf8')) as Figures;
  const page = path.resolve(__dirname, '../docs/performance.md');
  const text = withFigures(readFileSync(page, 'utf8'), (files.length > 0 ? files : ['bench.json']).map(read));
  if (text === null) throw new Error(`docs/performance.md has lost its marks ${BEGIN} and ${END}`);
  writeFileSync(page, text);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) main();
