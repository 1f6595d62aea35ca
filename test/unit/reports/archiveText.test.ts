import { equal } from 'node:assert/strict';
import { archiveDetail, archiveMessage, archiveQuestion, type DayFiles } from '../../../src/reports/archiveText';

const day: DayFiles = {
  date: '2026-11-18',
  firstDate: '2026-11-18',
  files: ['fills_live.csv', 'pnl_summary_live.csv', 'bot_errors.log'],
  fillsFile: '/trade/fills_live.csv',
  nFills: 23,
  nUnread: 0,
};
const archived = {
  folder: '/trade/archive/2026-11-18',
  date: '2026-11-18',
  moved: ['fills_live.csv', 'pnl_summary_live.csv'],
  copied: ['targets.txt'],
  stayed: [],
};
const of = (outcome: Parameters<typeof archiveMessage>[0]) => archiveMessage(outcome).text;

describe('the words of an archive', () => {
  for (const [found, expected] of [
    [archiveQuestion(day), 'Archive the files of 2026-11-18 into archive/2026-11-18?'],
    [
      archiveQuestion({ ...day, firstDate: '2026-11-16' }),
      'Archive the files of 2026-11-16 to 2026-11-18 into archive/2026-11-18?',
    ],
    [
      archiveDetail(day),
      'fills_live.csv, pnl_summary_live.csv and bot_errors.log: moved, nothing is written over. targets.txt and overrides: copied. The journal stays. It holds 23 fills.',
    ],
    [
      archiveDetail({ ...day, files: ['bot_errors.log'], nFills: 0, nUnread: 1 }),
      'bot_errors.log: moved, nothing is written over. targets.txt and overrides: copied. The journal stays. There were no fills. Also as they are: 1 unreadable row.',
    ],
    [
      of({ type: 'archived', archived }),
      'fills_live.csv and pnl_summary_live.csv moved to archive/2026-11-18, targets.txt copied.',
    ],
    [
      of({
        type: 'archived',
        archived: { ...archived, copied: [], stayed: [{ file: 'bot_errors.log', reason: 'open in another program' }] },
      }),
      'fills_live.csv and pnl_summary_live.csv moved to archive/2026-11-18. bot_errors.log stayed where it is: open in another program. Close it, then run End of Day again.',
    ],
    [of({ type: 'failed', reason: 'the disk is full' }), 'Nothing was archived: the disk is full.'],
  ] as const)
    it(expected, () => equal(found, expected));
});
