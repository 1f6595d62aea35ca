/**
 * Which of the gateway's accounts is traded, and with what kind of money. The port number proves nothing; the account's name
 * does. Anything that is not surely simulated or paper is live.
 */
import type { BrokerConfig, BrokerProblem, Connected } from '../port';

export function modeOf(account: string): Connected['mode'] {
  if (account.startsWith('SIM')) return 'SIM';
  return /^D[UFI]/.test(account) ? 'PAPER' : 'LIVE';
}

export type Choice = { ok: true; account: string } | { ok: false; problem: BrokerProblem };

export function chooseAccount(accounts: readonly string[], config: Pick<BrokerConfig, 'account' | 'clock'>): Choice {
  const wanted = config.account;
  const [first] = accounts;
  if (wanted !== undefined && wanted !== '') return wants(accounts.includes(wanted), wanted, accounts, config);
  if (accounts.length > 1) return { ok: false, problem: { code: 'severalAccounts', accounts } };
  return wants(first !== undefined, first ?? '', accounts, config);
}

function wants(
  isThere: boolean,
  account: string,
  accounts: readonly string[],
  { clock }: Pick<BrokerConfig, 'clock'>,
): Choice {
  const found = accounts.join(', ');
  if (!isThere) return { ok: false, problem: { code: 'wrongAccount', expected: account, found } };
  // Lockstep with a real gateway would trade on a clock that stands still.
  if (clock === 'gateway' && modeOf(account) !== 'SIM')
    return { ok: false, problem: { code: 'wrongAccount', expected: 'SIM…', found } };
  return { ok: true, account };
}
