/**
 * What stands at an offset of the text: the word under the pointer for hover, the place under the cursor for
 * completion. It finds; what to say or propose is the editor's.
 */
import type { Scope } from './findings';
import type { DirectiveLine, FieldNode, Span, SymbolLine, TargetsDoc, TargetsLine } from './parse';

export type TargetsContext = {
  readonly line: TargetsLine;
  /** The characters it is about; empty where something is missing or between words. */
  readonly at: Span;
} & (
  | { readonly kind: 'symbol'; readonly line: SymbolLine }
  | { readonly kind: 'directive'; readonly line: DirectiveLine }
  | {
      readonly kind: 'key';
      readonly line: SymbolLine | DirectiveLine;
      readonly scope: Scope;
      readonly field: FieldNode;
    }
  | {
      readonly kind: 'value';
      readonly line: SymbolLine | DirectiveLine;
      readonly scope: Scope;
      readonly field: FieldNode;
    }
  /** Between two words or behind the last one of a line that has some. */
  | { readonly kind: 'gap'; readonly line: SymbolLine | DirectiveLine; readonly scope: Scope }
  | { readonly kind: 'comment' }
  /** Before the first word, or a line without words. */
  | { readonly kind: 'none' }
);

/** At the seam of a key and its equals sign it is the key, behind the equals sign the value, behind a word that word. */
export function nodeAt(doc: TargetsDoc, offset: number): TargetsContext {
  const line = lineAt(doc, offset);
  const nothing = { start: offset, end: offset };
  // No word ends where a comment starts: there is white space between them, or the start of the line.
  if (line.comment !== null && line.comment.start <= offset) return { kind: 'comment', line, at: line.comment };
  if (line.kind === 'blank') return { kind: 'none', line, at: nothing };

  const scope: Scope = line.kind === 'directive' ? 'config' : 'symbol';
  if (line.kind === 'directive') {
    if (touches(line.name, offset)) return { kind: 'directive', line, at: line.name };
  } else if (line.symbol.kind === 'word' && touches(line.symbol, offset)) {
    return { kind: 'symbol', line, at: line.symbol };
  }
  const field = line.fields.find(candidate => touches(candidate, offset));
  if (field !== undefined) {
    if (offset <= field.key.end) return { kind: 'key', line, scope, field, at: field.key };
    // Between a key and an equals sign that stands apart from it.
    if (field.equals !== null && offset <= field.equals) return { kind: 'gap', line, scope, at: nothing };
    return { kind: 'value', line, scope, field, at: field.value };
  }
  const first = line.kind === 'directive' ? line.name : line.symbol;
  return offset < first.start ? { kind: 'none', line, at: nothing } : { kind: 'gap', line, scope, at: nothing };
}

/** The line an offset lies in; one at a line end still belongs to the line before it. */
export function lineAt(doc: TargetsDoc, offset: number): TargetsLine {
  let low = 0;
  let high = doc.lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((doc.lines[middle]?.start ?? Infinity) <= offset) low = middle;
    else high = middle - 1;
  }
  return doc.lines[low] ?? doc.lines[0];
}

const touches = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;
