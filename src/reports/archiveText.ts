/**
 * The words of archiving a day: what would be moved where, and what has been. It moves nothing.
 */
import { count } from './format';
import type { Message } from './message';

/** What a folder holds of a day, or of several that nobody has archived. */
export interface DayFiles {
  /** The exchange date of the newest row, and of the oldest. */
  readonly date: string;
  readonly firstDate: string;
  /** Names of the files that an archive moves. */
  readonly files: readonly string[];
  /** Absolute; null on a day without a fill. */
  readonly fillsFile: string | null;
  readonly nFills: number;
  /** Rows that the review cannot read; they are kept as they are. */
  readonly nUnread: number;
}

export interface Archived {
  /** Absolute, `…/archive/2026-11-18`. */
  readonly folder: string;
  readonly date: string;
  /** Names in the archive. */
  readonly moved: readonly string[];
  readonly copied: readonly string[];
  /** Still where they were. */
  readonly stayed: readonly { readonly file: string; readonly reason: string }[];
}

export type ArchiveOutcome =
  | { readonly type: 'archived'; readonly archived: Archived }
  /** There is nothing of a day here. */
  | { readonly type: 'nothing' }
  /** A session of some window writes these files. */
  | { readonly type: 'inUse' }
  | { readonly type: 'failed'; readonly reason: string };

export const archiveQuestion = ({ date, firstDate }: DayFiles): string =>
  `Archive the files of ${firstDate === date ? date : `${firstDate} to ${date}`} into archive/${date}?`;

export function archiveDetail({ files, nFills, nUnread }: DayFiles): string {
  const fills = nFills === 0 ? 'There were no fills.' : `It holds ${count(nFills, 'fill')}.`;
  const unread = nUnread === 0 ? '' : ` Also as they are: ${count(nUnread, 'unreadable row')}.`;
  return `${list(files)}: moved, nothing is written over. targets.txt and overrides: copied. The journal stays. ${fills}${unread}`;
}

export function archiveMessage(outcome: ArchiveOutcome): Message {
  switch (outcome.type) {
    case 'nothing':
      return message('info', 'There are no files of a day here any more, so nothing was archived.', {
        title: 'Show log',
        command: 'dronebot.showLog',
      });
    case 'inUse':
      return message(
        'warning',
        'A session of another window writes these files, so nothing was archived. Stop it there, then run End of Day again.',
        { title: 'Try again', command: 'dronebot.endOfDay' },
      );
    case 'failed':
      return message('error', `Nothing was archived: ${outcome.reason}.`, {
        title: 'Try again',
        command: 'dronebot.endOfDay',
      });
    case 'archived':
      return archived(outcome.archived);
  }
}

function archived({ folder, date, moved, copied, stayed }: Archived): Message {
  const show = { title: 'Show folder', command: 'dronebot.showFile', args: [folder] };
  const done = moved.length === 0 ? 'Nothing was moved' : `${list(moved)} moved to archive/${date}`;
  const copies = copied.length === 0 ? '' : `, ${list(copied)} copied`;
  if (stayed.length === 0) return message('info', `${done}${copies}.`, show);
  const left = stayed.map(({ file, reason }) => `${file} stayed where it is: ${reason}`).join('; ');
  return message('warning', `${done}${copies}. ${left}. Close it, then run End of Day again.`, show, {
    title: 'Try again',
    command: 'dronebot.endOfDay',
  });
}

const message = (level: Message['level'], text: string, ...buttons: Message['buttons'][number][]): Message => ({
  level,
  text,
  buttons,
});

/** `a`, `a and b`, `a, b and c`. */
function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
