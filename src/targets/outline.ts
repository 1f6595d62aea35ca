/**
 * The shape of a targets.txt for the editor's outline and folding: symbols under their class, comment blocks and runs of
 * lines that belong together. It judges nothing: a half-typed line has its place too.
 */
import { CLASS_NAMES, FIELDS, type SymbolClass } from './schema';
import type { SymbolLine, TargetsDoc } from './parse';
import { upperTicker } from './ticker';

export type OutlineItem = {
  readonly name: string;
  /** What stands behind the name, dim: the fields as they are written. */
  readonly detail: string;
  readonly line: number;
};

export type OutlineGroup = { readonly name: 'config' | SymbolClass; readonly items: readonly OutlineItem[] };

export type FoldingBlock = {
  readonly first: number;
  readonly last: number;
  readonly kind: 'comment' | 'group';
};

/** Groups without lines are left out; the order is that of the schema, inside a group that of the file. */
export function outlineOf(doc: TargetsDoc): OutlineGroup[] {
  const items: Record<'config' | SymbolClass, OutlineItem[]> = { config: [], risky: [], safe: [] };
  for (const line of doc.lines) {
    if (line.kind === 'blank') continue;
    const words = line.kind === 'directive' ? line.name : line.symbol;
    const name = words.kind === 'missing' ? '' : words.text;
    const detail = wordsAfter(line.text, words.end - line.start, (line.comment?.start ?? line.end) - line.start);
    if (line.kind === 'directive') items.config.push({ name, detail, line: line.line });
    else items[classOf(line)].push({ name: name === '' ? 'no ticker' : upperTicker(name), detail, line: line.line });
  }
  const order = ['config', ...CLASS_NAMES] as const;
  return order.filter(name => items[name].length > 0).map(name => ({ name, items: items[name] }));
}

/** Blocks of two lines or more: comments that stand together, and lines with words between two gaps. */
export function foldingBlocks(doc: TargetsDoc): FoldingBlock[] {
  const blocks: FoldingBlock[] = [];
  let first = 0;
  const kindOf = (index: number): 'comment' | 'group' | null => {
    const line = doc.lines[index];
    if (line === undefined) return null;
    if (line.kind !== 'blank') return 'group';
    return line.comment === null ? null : 'comment';
  };
  for (let index = 1; index <= doc.lines.length; index++) {
    const kind = kindOf(first);
    if (kindOf(index) === kind) continue;
    if (kind !== null && first < index - 1) blocks.push({ first, last: index - 1, kind });
    first = index;
  }
  return blocks;
}

/** The class a line is meant to have; its default where none can be read. */
export function classOf(line: SymbolLine): SymbolClass {
  const field = line.fields.find(each => each.key.kind === 'word' && each.key.text === 'class');
  const written = field?.value.kind === 'word' ? field.value.text.toLowerCase() : '';
  return CLASS_NAMES.find(name => name === written) ?? FIELDS.class.default;
}

const wordsAfter = (text: string, from: number, to: number): string => text.slice(from, to).trim().replace(/\s+/g, ' ');
