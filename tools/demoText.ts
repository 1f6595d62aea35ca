/**
 * The words and columns of the demo's terminal. Text in, text out; what happens and when is demo.ts's.
 */
import type { OrderIntent, Side } from '../src/engine/events';
import {
  clock,
  clockMinutes,
  count,
  dollars,
  dollarsAndCents,
  grouped,
  price,
  profit,
  zScore,
} from '../src/reports/format';
import type { SymbolDetail } from '../src/shared/protocol';

/** Names at the left edge of the two head lines. */
const NAME_WIDTH = 16;
const BAR_WIDTH = 48;

export interface DemoHead {
  /** `simulator SIM00001 on 127.0.0.1:40123` */
  where: string;
  date: string;
  seed: number | null;
  /** Simulated seconds a second; null in real time. */
  speed: number | null;
  targetsFile: string;
  targets: readonly { class: 'risky' | 'safe' }[];
  equity: number;
  inUse: number;
}

export function headText(head: DemoHead): string {
  const { targets, equity, inUse } = head;
  const pace =
    head.speed === null ? 'real time' : Number.isFinite(head.speed) ? `${head.speed}\u00d7` : 'as fast as it goes';
  const seed = head.seed === null ? [] : [`seed ${head.seed}`];
  const nRisky = targets.filter(target => target.class === 'risky').length;
  const facts = [
    count(targets.length, 'symbol'),
    `${nRisky} risky`,
    `${targets.length - nRisky} safe`,
    `${dollars(equity)} equity`,
    `${dollars(inUse)} in use at most`,
  ];
  return [
    'Dronebot demo'.padEnd(NAME_WIDTH) + [head.where, head.date, ...seed, pace].join('   '),
    `${head.targetsFile.padEnd(NAME_WIDTH - 1)} ${facts.join(', ')}`,
  ].join('\n');
}

/** Three lines: the reference, the buy rungs, the sell rungs; the anchor stands in brackets. */
export function ladderText(detail: SymbolDetail): string {
  const { symbol, decimals, reference, z, clip, buys, sells } = detail;
  const head = [`${symbol} ${detail.class}`, `reference ${price(reference, decimals)}`, `z ${zScore(z)}`];
  if (clip !== null) head.push(`clip ${dollarsAndCents(clip)}`);
  const width = Math.max(...[...buys, ...sells].map(rung => price(rung.price, decimals).length));
  const row = (name: string, rungs: readonly { rung: number; price: number }[]): string => {
    const cells = rungs.map(({ rung, price: at }) => {
      const text = price(at, decimals).padStart(width);
      return rung === 4 ? `[${text}]` : ` ${text} `;
    });
    return `  ${name.padEnd(4)}  ${cells.join(' ')}`.trimEnd();
  };
  return [head.join('   '), row('buy', buys), row('sell', sells)].join('\n');
}

export interface FillLine {
  t: number;
  symbol: string;
  side: Side;
  qty: number;
  price: number;
  rung: number;
  tag: string;
  holds: number;
  realized: number;
}

/** `09:38:45  RCAT  ▲ buy   186 at   12.46   L1   ladder_buy        holds 186` */
export function fillText(fill: FillLine, symbolWidth: number): string {
  const realized = fill.side === 'SELL' ? `   ${profit(fill.realized)}` : '';
  return `${orderPart(fill, symbolWidth)}holds ${grouped(fill.holds, 0)}${realized}`;
}

/** An order that came back without a share. */
export function emptyOrderText(t: number, order: OrderIntent, symbolWidth: number, outcome: string): string {
  return orderPart({ ...order, t, price: Number(order.limit) }, symbolWidth) + outcome;
}

function orderPart(order: Omit<FillLine, 'holds' | 'realized'>, symbolWidth: number): string {
  const side = order.side === 'BUY' ? '\u25b2 buy ' : '\u25bc sell';
  const decimals = order.price < 1 ? 4 : 2;
  return (
    `${clock(order.t)}  ${order.symbol.padEnd(symbolWidth)}  ${side}${grouped(order.qty, 0).padStart(5)} at ` +
    `${price(order.price, decimals).padStart(7)}   ${`L${order.rung}`.padEnd(2)}   ${order.tag.padEnd(18)}`
  );
}

export interface Progress {
  t: number;
  /** 0 to 1. */
  done: number;
  fills: number;
  pnl: number;
  secondsLeft: number | null;
}

export function progressText({ t, done, fills, pnl, secondsLeft }: Progress): string {
  const whole = done * BAR_WIDTH;
  const full = Math.floor(whole);
  const bar = '\u2501'.repeat(full) + (whole > full && full < BAR_WIDTH ? '\u2578' : '');
  const left = secondsLeft === null ? '' : `   ${grouped(Math.ceil(secondsLeft), 0)} s left`;
  const percent = `${Math.floor(done * 100)}%`.padStart(3);
  return ` ${clockMinutes(t)} ET ${bar.padEnd(BAR_WIDTH)} ${percent}   ${count(fills, 'fill')}   P&L ${profit(pnl)}${left}`;
}
