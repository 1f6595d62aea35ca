/**
 * What can be wrong with a targets.txt, as data: a stable code, the exact characters, and the numbers and names that
 * words and fixes need. No English here (messages.ts has it) and no judging (validate.ts does that).
 */
import type { Span } from './parse';
import type { ConfigKey, FieldKey } from './schema';

export type Severity = 'error' | 'warning';

/** Which table of keys a field belongs to: that of a symbol line or that of @config. */
export type Scope = 'symbol' | 'config';

type Base = {
  /** The exact characters, as offsets into the text; never empty while the line has characters. */
  readonly at: Span;
  /** Counted from 0. */
  readonly line: number;
  readonly severity: Severity;
};

type KeyOf = FieldKey | ConfigKey;

export type Finding =
  /** The first word is no ticker. */
  | (Base & {
      readonly code: 'symbol/invalid';
      readonly found: string;
      readonly reason: 'characters' | 'point' | 'length';
      /** What it was probably meant to be, when that is a ticker that no line lists. */
      readonly nearest: string | null;
    })
  /** The line starts with a key. */
  | (Base & { readonly code: 'symbol/missing' })
  | (Base & {
      readonly code: 'symbol/duplicate';
      readonly symbol: string;
      readonly first: Span;
      readonly firstLine: number;
      /** The whole later line with its line end. */
      readonly whole: Span;
    })
  /** A key that symbol lines do not have. */
  | (Base & {
      readonly code: 'field/unknown';
      readonly name: string;
      readonly nearest: FieldKey | null;
      /** Putting the nearest key there makes a good field. */
      readonly fits: boolean;
    })
  /** A key that @config does not have. */
  | (Base & {
      readonly code: 'config/unknown';
      readonly name: string;
      readonly nearest: ConfigKey | null;
      readonly fits: boolean;
    })
  | (Base & {
      readonly code: 'field/duplicate';
      readonly scope: Scope;
      readonly key: KeyOf;
      readonly first: Span;
      readonly firstLine: number;
      /** The later field with the white space before it. */
      readonly whole: Span;
      /** The rest of the line reads the same without it. */
      readonly removable: boolean;
    })
  | (Base & {
      readonly code: 'field/missingValue';
      readonly scope: Scope;
      readonly key: KeyOf;
      /** The field with the white space before it. */
      readonly whole: Span;
      /** The file is no worse without the field. */
      readonly removable: boolean;
    })
  /** An equals sign with no key before it. */
  | (Base & { readonly code: 'field/missingKey'; readonly scope: Scope })
  /** White space around the equals sign; `tight` is the field as it has to stand there. */
  | (Base & { readonly code: 'field/spaces'; readonly scope: Scope; readonly key: KeyOf; readonly tight: string })
  /** A word that is neither key nor key=value. */
  | (Base & {
      readonly code: 'field/unexpected';
      readonly scope: Scope;
      readonly found: string;
      /** The field it was probably meant to be: `risky` is `class=risky`. */
      readonly meant: string | null;
    })
  | (Base & {
      readonly code: 'value/notNumber';
      readonly key: KeyOf;
      readonly found: string;
      /** The accepted number that was meant, when that is plain: `0,6` is 0.6. */
      readonly meant: string | null;
    })
  | (Base & {
      readonly code: 'value/range';
      readonly key: KeyOf;
      readonly found: string;
      readonly min: number;
      readonly minExclusive: boolean;
      readonly max: number | null;
      /** The accepted number next to it, when there is one that makes the file no worse elsewhere. */
      readonly nearest: string | null;
      /** 60 where a share of 0.6 was meant. */
      readonly meant: string | null;
    })
  | (Base & {
      readonly code: 'value/class';
      readonly key: 'class';
      readonly found: string;
      readonly nearest: 'risky' | 'safe' | null;
    })
  /** The class shares in force add up to more than the whole. `at` is empty when no line gives either of them. */
  | (Base & {
      readonly code: 'config/sum';
      readonly risky: number;
      readonly safe: number;
      readonly sum: number;
      /** The share to lower and what to, when the file gives one. */
      readonly fix: { readonly key: 'risky' | 'safe'; readonly at: Span; readonly text: string } | null;
    })
  | (Base & {
      readonly code: 'directive/unknown';
      readonly name: string;
      readonly nearest: '@config' | null;
      readonly fits: boolean;
    })
  /** A warning: with this base percent the lowest rung lies further below the first than the hard stop allows. */
  | (Base & {
      readonly code: 'ladder/beyondStop';
      readonly buy: number;
      readonly class: 'risky' | 'safe';
      readonly firstPct: number;
      readonly deepestPct: number;
      readonly hardStopPct: number;
      /** The largest base percent with two decimals that keeps the ladder inside, if there is one. */
      readonly largest: string | null;
      /** False when the line leaves buy out, so that its default counts; `at` is then the ticker. */
      readonly written: boolean;
    });

export type FindingCode = Finding['code'];
