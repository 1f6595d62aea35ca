/**
 * The words of the question whether shares that the journal does not explain become the bot's: how many, and what would be ordered
 * at once for each of the two costs that protection may count from.
 */
import type { AdoptionView } from '../shared/protocol';
import { price, shares } from './format';

export interface AdoptionText {
  question: string;
  detail: string;
  /** Titles of the answers; null: that cost is not known. */
  atLast: string | null;
  atBrokerCost: string | null;
}

export function adoptionText(symbol: string, account: string, adoption: AdoptionView): AdoptionText {
  const { atLast, atBrokerCost } = adoption;
  const lines = [
    atLast === null ? '' : `From the last, ${price(atLast.price)}: ${atOnce(symbol, atLast.order)}`,
    atBrokerCost === null
      ? ''
      : `From the broker's cost, ${price(atBrokerCost.price)}: ${atOnce(symbol, atBrokerCost.order)}`,
  ];
  return {
    question: `Adopt ${shares(adoption.shares)} shares of ${symbol} on ${account}? They fill rungs from L1 on, are protected, and may be sold.`,
    detail: lines.filter(Boolean).join('\n') || `No price of ${symbol} is known yet, so they cannot be adopted now.`,
    atLast: atLast === null ? null : `Adopt at ${price(atLast.price)}`,
    atBrokerCost: atBrokerCost === null ? null : `Adopt at the broker's ${price(atBrokerCost.price)}`,
  };
}

function atOnce(symbol: string, order: NonNullable<AdoptionView['atLast']>['order']): string {
  if (order === null) return 'nothing is ordered at once.';
  return `${order.side === 'SELL' ? 'sells' : 'buys'} ${shares(order.qty)} ${symbol} at once, at ${order.limit} (${order.tag}).`;
}
