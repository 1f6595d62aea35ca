/**
 * When a day begins, the engine forgets orders, executions and rows that no broker repeats any more: they would be carried from
 * day to day for ever. What is forgotten is never booked again: keys are numbered, and the newest forgotten number is kept.
 * Folding the journal forgets the same (durable.ts).
 */
import type { Core } from './core';
import { isOldExec, isOldOrder, isOldRow, KEEP_MS, sequenceOf, type ExecRecord } from './durable';
import type { ExecEvent } from './events';

export function forgetOld(core: Core): void {
  const { t, books, orders, ordersById, execs, fillRows } = core;
  const isHeld = ({ symbol, rung }: ExecRecord): boolean =>
    books.get(symbol)?.position.layers.some(layer => layer.rung === rung && layer.held > 0) === true;
  for (const [key, order] of orders) {
    if (!isOldOrder(order, t, books.get(order.symbol)?.inFlight?.key === key)) continue;
    orders.delete(key);
    if (ordersById.get(order.orderId) === order) ordersById.delete(order.orderId);
    core.forgotten = Math.max(core.forgotten, sequenceOf(key));
  }
  for (const [base, exec] of execs) if (isOldExec(exec, t, isHeld(exec))) execs.delete(base);
  const nOld = fillRows.findIndex(row => !isOldRow(row, t));
  if (nOld !== 0) fillRows.splice(0, fillRows.length, ...fillRows.filter(row => !isOldRow(row, t)));
}

/** An execution of an order that is forgotten, and no new one: it was booked in its time. */
export function isForgotten(core: Core, { key, executedAt }: Pick<ExecEvent, 'key' | 'executedAt'>): boolean {
  const isNew = executedAt !== undefined && core.t - executedAt <= KEEP_MS;
  return sequenceOf(key) <= core.forgotten && !isNew;
}
