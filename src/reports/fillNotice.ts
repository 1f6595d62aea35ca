/**
 * One sentence for the fills that came while nobody looked: how many, what was bought and sold, and what it brought. When it
 * is told is src/ui/fillNotices.ts.
 */
import type { FillRow } from '../engine/events';
import { clockMinutes, count, grouped, profit } from './format';
import type { Message } from './message';

type Fill = Pick<FillRow, 't' | 'symbol' | 'side' | 'qty' | 'realized'>;

const MAX_NAMED = 3;

export function fillNotice(fills: readonly Fill[]): Message {
  const sides = (['BUY', 'SELL'] as const).flatMap(side => {
    const words = sharesOf(fills.filter(fill => fill.side === side));
    return words === '' ? [] : [`${side === 'BUY' ? 'bought' : 'sold'} ${words}`];
  });
  const realized = fills.reduce((sum, fill) => sum + Number(fill.realized), 0);
  const brought = fills.some(fill => fill.side === 'SELL') ? `, realized ${profit(realized)}` : '';
  const times = fills.map(({ t }) => t);
  const [from, to] = [clockMinutes(Math.min(...times)), clockMinutes(Math.max(...times))];
  const when = from === to ? `at ${from}` : `${from} to ${to}`;
  return {
    level: 'info',
    text: `${count(fills.length, 'fill')} while you were away, ${when} ET: ${sides.join(', ')}${brought}.`,
    buttons: [
      { title: 'Show dashboard', command: 'dronebot.openDashboard' },
      { title: 'Review fills', command: 'dronebot.reviewFills' },
    ],
  };
}

/** `410 RCAT, 36 KTOS and 3 more symbols`. A correction's rows take each other's shares away. */
function sharesOf(fills: readonly Fill[]): string {
  const shares = new Map<string, number>();
  for (const { symbol, qty } of fills) shares.set(symbol, (shares.get(symbol) ?? 0) + qty);
  const all = [...shares].filter(([, qty]) => qty !== 0).sort(([, left], [, right]) => right - left);
  const named = all.slice(0, MAX_NAMED).map(([symbol, qty]) => `${grouped(qty, 0)} ${symbol}`);
  const more = all.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${count(more, 'more symbol')}` : '');
}
