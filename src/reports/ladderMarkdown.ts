/** The 14 rungs as a Markdown table, for a chat or a diary; the same cells as the text for the clipboard in hoverText.ts. */
import type { BuyRungView, SellRungView } from '../shared/protocol';
import { dollars, price, rungPercent, shares } from './format';

export function ladderAsMarkdown(
  symbol: string,
  buys: readonly BuyRungView[],
  sells: readonly SellRungView[],
  decimals: number,
): string {
  const rows = buys.map((buy, index) => {
    const sell = sells[index];
    const cells = [
      String(buy.rung),
      price(buy.price, decimals),
      rungPercent(buy.percent),
      shares(buy.shares),
      dollars(buy.usd),
      dollars(buy.total),
      price(sell?.price, decimals),
      rungPercent(sell?.percent),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head =
    '| Rung | Buy | below | shares | USD | total | Sell | above |\n| :-: | --: | --: | --: | --: | --: | --: | --: |';
  return [`**${symbol}**`, '', head, ...rows].join('\n');
}
