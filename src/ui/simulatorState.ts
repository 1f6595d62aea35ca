/**
 * What a new simulator has to know to take a simulated account over from one that ended with its window: the moment, what is
 * held, and the cash. It comes from the session's own journal; the market follows from seed and date.
 */
import * as path from 'node:path';
import { readJournal } from '../session/journal';
import { clock, exchangeDate } from '../reports/format';
import type { SessionSnapshot } from '../shared/protocol';

export interface Continued {
  startTime: string;
  cash: number;
  positions: { symbol: string; shares: number; averageCost: number }[];
  /** Execution ids of before must not come again. */
  firstExecution: number;
}

const ACCOUNT = 'SIM00001';
const CASH = 250_000;

/** Null: it cannot be continued (no journal, or another simulated day than the one that is set). */
export function continuedFrom(folder: string, snapshot: SessionSnapshot, date: string): Continued | null {
  let state;
  try {
    const journal = path.join(folder, '.dronebot', ACCOUNT, 'journal');
    ({ state } = readJournal(journal, { broker: 'simulator', account: ACCOUNT }));
  } catch {
    return null; // A start by hand says what is wrong with it.
  }
  if (state === null || exchangeDate(snapshot.t) !== date) return null;
  const times = [snapshot.t, ...state.rows.map(row => row.t), ...Object.values(state.orders).map(order => order.t)];
  const positions: Continued['positions'] = [];
  let cash = CASH;
  for (const [symbol, { position, realizedTotal }] of Object.entries(state.symbols)) {
    const shares = position.layers.reduce((sum, layer) => sum + layer.held, 0);
    const averageCost = Number(position.average ?? 0);
    cash += Number(realizedTotal) - shares * averageCost;
    if (shares > 0) positions.push({ symbol, shares, averageCost });
  }
  const startTime = clock(Math.max(...times) + 1000);
  return { startTime, cash: Math.max(0, Math.round(cash)), positions, firstExecution: state.session.rows + 1000 };
}
