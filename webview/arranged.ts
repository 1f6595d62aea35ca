/**
 * What a person has arranged on the page, and nothing else: it outlives hiding, moving and reloading. What comes back from the
 * home's store may be of an earlier version, so each part is looked at before it counts.
 */
import type { Filter, SortKey } from '../src/shared/dashboard';
import type { Transport } from './transport';

export interface Sort {
  readonly key: SortKey;
  readonly isDown: boolean;
}

export interface Arranged {
  search: string;
  filter: Filter | null;
  /** Null: in the order of targets.txt. */
  sort: Sort | null;
  /** Undefined: nobody has opened or closed one yet. */
  opened: string | null | undefined;
  isPrivate: boolean;
  /** What is typed into steppers and not applied, by `AVAV/buy`. */
  drafts: Record<string, string>;
  /** Scroll positions of page and table. */
  scroll: { page: number; table: number };
  /** First and last bar on view, by symbol; absent: all that fit. */
  ranges: Record<string, { from: number; to: number }>;
}

export class Arrangement {
  readonly now: Arranged;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly transport: Pick<Transport, 'load' | 'save'>) {
    this.now = read(transport.load());
  }

  change(part: Partial<Arranged>): void {
    Object.assign(this.now, part);
    this.saveSoon();
  }

  setDraft(key: string, text: string | null): void {
    const { [key]: _, ...drafts } = this.now.drafts;
    this.change({ drafts: text === null ? drafts : { ...drafts, [key]: text } });
  }

  /** Scrolling and panning come in dozens a second. */
  private saveSoon(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.transport.save(this.now);
    }, 50);
  }
}

const FILTERS: readonly unknown[] = ['entry', 'trim', 'velocity', 'look'];

function read(stored: unknown): Arranged {
  const given = (isRecord(stored) ? stored : {}) as Partial<Record<keyof Arranged, unknown>>;
  const { search, filter, sort, opened, isPrivate, drafts, scroll, ranges } = given;
  return {
    search: typeof search === 'string' ? search : '',
    filter: FILTERS.includes(filter) ? (filter as Filter) : null,
    sort:
      isRecord(sort) && typeof sort.key === 'string'
        ? { key: sort.key as SortKey, isDown: sort.isDown === true }
        : null,
    opened: typeof opened === 'string' || opened === null ? opened : undefined,
    isPrivate: isPrivate === true,
    drafts: isRecord(drafts) ? (drafts as Record<string, string>) : {},
    scroll: isRecord(scroll)
      ? { page: Number(scroll.page) || 0, table: Number(scroll.table) || 0 }
      : { page: 0, table: 0 },
    ranges: isRecord(ranges) ? (ranges as Arranged['ranges']) : {},
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
