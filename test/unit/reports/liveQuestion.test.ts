/** What is asked before a session starts on a live account. */
import { equal } from 'node:assert/strict';
import { liveQuestion } from '../../../src/reports/liveQuestion';

describe('the question before a live start', () => {
  const ask = (netLiquidation: number | null, nSymbols = 9) =>
    liveQuestion({ account: 'U9999034', nSymbols, most: 100_500, netLiquidation });
  const cases: readonly (readonly [what: string, found: string, wanted: string])[] = [
    ['names the end of the account alone', ask(null).title, 'Start on LIVE account ···9034?'],
    [
      'says what the account holds',
      ask(212_406).prompt,
      '9 symbols, up to $100,500. Net liquidation is $212,406. Type the account to go on.',
    ],
    [
      'says when that is not known, and what it means',
      ask(null, 1).prompt,
      '1 symbol, up to $100,500. The broker has not told the net liquidation; nothing is bought before it does. Type the account to go on.',
    ],
  ];
  for (const [what, found, wanted] of cases) it(what, () => equal(found, wanted));
});
