/**
 * The quick fixes of a finding, as edits, by its code. The first one is the likeliest. A fix is offered only where it
 * takes its finding away and breaks nothing else; what was only hidden behind a mistake may come to light.
 */
import type { TextEdit } from './edit';
import type { Finding } from './findings';
import type { Span } from './parse';
import { CLASS_NAMES } from './schema';

export type Fix = {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Sure enough to be made without looking, as part of a "fix all". */
  readonly isSafe: boolean;
};

export function findingFix(finding: Finding): readonly Fix[] {
  const { at } = finding;
  switch (finding.code) {
    case 'symbol/invalid':
      return finding.nearest === null ? [] : [replace(at, finding.nearest)];
    case 'symbol/duplicate':
      return [
        {
          title: `Comment out this line, ${finding.symbol} stays`,
          edits: [insert(finding.whole.start, '# ')],
          isSafe: true,
        },
        remove(finding.whole, `Remove this line, ${finding.symbol} stays`),
      ];
    case 'field/unknown':
    case 'config/unknown':
    case 'directive/unknown':
      return finding.nearest !== null && finding.fits ? [replace(at, finding.nearest)] : [];
    case 'field/duplicate':
      return finding.removable ? [remove(finding.whole, `Remove the second ${finding.key}`)] : [];
    case 'field/missingValue': {
      const complete = finding.key === 'class' ? CLASS_NAMES.map(name => replace(at, `class=${name}`)) : [];
      const drop = remove(finding.whole, `Remove ${finding.key}, so that its default holds`);
      return finding.removable ? [...complete, drop] : complete;
    }
    case 'field/spaces':
      return [{ ...replace(at, finding.tight), title: 'Remove the white space', isSafe: true }];
    case 'field/unexpected':
      return finding.meant === null ? [] : [replace(at, finding.meant)];
    case 'value/notNumber':
      return finding.meant === null ? [] : [replace(at, finding.meant)];
    case 'value/range':
      return [
        ...(finding.meant === null ? [] : [replace(at, finding.meant)]),
        ...(finding.nearest === null ? [] : [replace(at, finding.nearest)]),
      ];
    case 'value/class':
      return finding.nearest === null ? [] : [{ ...replace(at, finding.nearest), isSafe: true }];
    case 'config/sum': {
      if (finding.fix === null) return [];
      const { key, text } = finding.fix;
      return [{ ...replace(finding.fix.at, text), title: `Lower ${key} to ${text}` }];
    }
    case 'ladder/beyondStop':
      if (finding.largest === null) return [];
      return finding.written
        ? [replace(at, finding.largest)]
        : [{ title: `Add buy=${finding.largest}`, edits: [insert(at.end, ` buy=${finding.largest}`)], isSafe: false }];
    case 'symbol/missing':
    case 'field/missingKey':
      return [];
  }
}

const replace = (at: Span, text: string): Fix => ({
  title: `Replace by ${text}`,
  edits: [{ start: at.start, end: at.end, text }],
  isSafe: false,
});
const insert = (at: number, text: string): TextEdit => ({ start: at, end: at, text });
const remove = (at: Span, title: string): Fix => ({
  title,
  edits: [{ start: at.start, end: at.end, text: '' }],
  isSafe: false,
});
