import { equal } from 'node:assert/strict';
import { adoptionText } from '../../../src/reports/adoptionText';

describe('adoption: the question', () => {
  it('says how many and what would be ordered at once', () => {
    const order = { tag: 'live_stop', side: 'SELL', qty: 30, limit: '82.32' } as const;
    const text = adoptionText('RCAT', 'PAPER account ···4417', {
      shares: 30,
      atLast: { price: 84, order: null },
      atBrokerCost: { price: 90, order },
    });
    equal(
      text.question,
      'Adopt 30 shares of RCAT on PAPER account ···4417? They fill rungs from L1 on, are protected, and may be sold.',
    );
    equal(
      text.detail,
      "From the last, 84.00: nothing is ordered at once.\nFrom the broker's cost, 90.00: sells 30 RCAT at once, at 82.32 (live_stop).",
    );
    equal(`${text.atLast} / ${text.atBrokerCost}`, "Adopt at 84.00 / Adopt at the broker's 90.00");
  });

  it('says that no price is known', () => {
    const text = adoptionText('RCAT', 'x', { shares: 1, atLast: null, atBrokerCost: null });
    equal(text.detail, 'No price of RCAT is known yet, so they cannot be adopted now.');
    equal(text.atLast, null);
  });
});
