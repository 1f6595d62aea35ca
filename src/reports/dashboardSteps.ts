/**
 * The steps of a start as the dashboard lists them: what is done, what is under way and how far, what waits. No order goes out
 * before the last of them.
 */
import type { LoadStep } from '../shared/dashboard';
import type { Phase, SessionSnapshot } from '../shared/protocol';
import { count } from './format';

const ORDER: readonly Phase[] = ['starting', 'connecting', 'reconciling', 'bars'];

/** Null: nothing has been heard of the session yet. */
export function loadSteps(snapshot: SessionSnapshot | null): LoadStep[] {
  const at = snapshot === null ? 1 : ORDER.indexOf(snapshot.phase);
  const state = (step: number): LoadStep['state'] => (at > step ? 'done' : at === step ? 'now' : 'wait');
  const plain = (step: number, text: string, note = ''): LoadStep => ({
    state: state(step),
    text,
    note,
    percent: null,
    symbols: [],
  });
  const traded = snapshot?.symbols.filter(symbol => symbol.state !== 'failed') ?? [];
  const nBars = traded.filter(symbol => symbol.hasBars).length;
  const nPriced = traded.filter(symbol => symbol.last !== null).length;
  return [
    plain(1, snapshot === null ? 'Connecting to the gateway' : `Connected to ${snapshot.endpoint}`),
    plain(1, snapshot === null ? 'Account' : `Account ${snapshot.accountTail}, ${MODES[snapshot.mode]}`),
    plain(2, at > 2 ? 'Positions agree with the journal' : 'Positions, open orders and executions'),
    {
      ...plain(3, at > 2 ? `Minute bars, ${nBars} of ${count(traded.length, 'symbol')}` : 'Minute bars'),
      percent: at > 2 && traded.length > 0 ? Math.round((nBars / traded.length) * 100) : null,
      symbols: at > 2 ? traded.map(({ symbol, hasBars }) => ({ symbol, isDone: hasBars })) : [],
    },
    {
      ...plain(4, 'First price of each symbol', nPriced > 0 ? `${nPriced} of ${traded.length}` : ''),
      state: 'wait',
    },
  ];
}

const MODES = { SIM: 'simulated', PAPER: 'paper', LIVE: 'live' } as const;
