/**
 * The mistakes that lose money around a disconnect or a restart, each as a small change of the built product. The seeded run
 * alone has to find every one of them.
 */
import type { Change } from '../bundle';

export interface Mutant {
  name: string;
  changes: readonly Change[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'executions are not deduplicated',
    changes: [
      {
        find: 'const { base, suffix } = splitExecId(e.execId);\n  const known = core.execs.get(base);',
        put: 'const { base, suffix } = splitExecId(e.execId);\n  const known = void 0;',
      },
    ],
  },
  {
    name: 'an order is sent before it is journaled',
    changes: [
      {
        find: 'for (const effect of effects) {\n      switch (effect.type) {\n        case "journal":',
        put:
          'for (const effect of [...effects].sort((a, b) => Number(b.type === "place") - Number(a.type === "place"))) {\n' +
          '      switch (effect.type) {\n        case "journal":',
      },
    ],
  },
  {
    name: 'reconciliation is skipped',
    changes: [
      {
        find: 'for (const exec of e.executions) onExec(core, exec);',
        put: 'core.session.reconciled = true;\n  if (true) return;',
      },
    ],
  },
  {
    name: 'a correction is added instead of replacing',
    changes: [{ find: 'if (known) correct(core,', put: 'if (false) correct(core,' }],
  },
  {
    name: 'the local order id is not persisted',
    changes: [{ find: 'this.nextOrderId = this.highestOrderId + 1;', put: 'this.nextOrderId = 1;' }],
  },
  {
    name: 'a late fill after a cancel is dropped',
    changes: [
      {
        find: 'if (working) working.booked += e.qty',
        put: 'if (!working) return;\n  if (working) working.booked += e.qty',
      },
    ],
  },
  {
    name: 'the trailing mark is reset by a restart',
    changes: [{ find: 'if (saved.mark !== null && book.position.shares > 0) book.raiseMark(saved.mark);', put: '' }],
  },
  {
    name: 'what is in flight is cleared by a disconnect',
    changes: [{ find: 'book.reported = NaN;\n', put: 'book.reported = NaN;\n      book.inFlight = null;\n' }],
  },
  {
    name: 'the kill switch is not latched',
    changes: [{ find: 'session.killed = durable.session.killed;', put: 'session.killed = false;' }],
  },
  {
    name: 'a partial fill is counted whole',
    changes: [
      {
        find: 'e.qty, money(e.price), earlier !== null);',
        put: 'core.orders.get(e.key)?.qty ?? e.qty, money(e.price), earlier !== null);',
      },
    ],
  },
  {
    name: 'a row of the fills does not wait for its journal entry',
    changes: [{ find: 'this.held.push({ row, after: this.journalFile.nWritten });', put: 'this.fills.append(row);' }],
  },
];
