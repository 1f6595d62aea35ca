/**
 * The question before a session starts on a live account: which account, how much may be bought, and what the account holds
 * (message 8 of the drawings). Only words; who asks it is startSession.ts.
 */
import { count, dollars } from './format';

export interface LiveStart {
  readonly account: string;
  readonly nSymbols: number;
  /** USD that positions may cost at most. */
  readonly most: number;
  /** Null: the broker has not told within its time. */
  readonly netLiquidation: number | null;
}

export function liveQuestion({ account, nSymbols, most, netLiquidation }: LiveStart): {
  readonly title: string;
  readonly prompt: string;
} {
  const holds =
    netLiquidation === null
      ? 'The broker has not told the net liquidation; nothing is bought before it does.'
      : `Net liquidation is ${dollars(netLiquidation)}.`;
  return {
    title: `Start on LIVE account ···${account.slice(-4)}?`,
    prompt: `${count(nSymbols, 'symbol')}, up to ${dollars(most)}. ${holds} Type the account to go on.`,
  };
}
