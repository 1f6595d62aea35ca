/**
 * The hover on a symbol line as Markdown: who and when, money, the 14 rungs, why not, links, in that order. Only commands
 * that the caller names as available are linked. It computes no prices: a session's snapshot or reports/idleLadder brings them.
 */
import type { BuyRungView, SellRungView, SessionSnapshot, SymbolDetail, WhyNot } from '../shared/protocol';
import { classClipFactor, clipUsd, priceClipFactor } from '../strategy/sizing';
import type { Settings } from '../strategy/settings';
import type { IdleLadder } from './idleLadder';
import {
  averageCost,
  basePercent,
  clock,
  clockMinutes,
  dayAndTime,
  distance,
  dollars,
  dollarsAndCents,
  price,
  profit,
  rungPercent,
  shares,
  zScore,
} from './format';

export interface HoverOptions {
  /** Command ids that may be linked. */
  readonly commands: ReadonlySet<string>;
  /** The trailing stop's percent in force. */
  readonly trailPercent?: number;
  /** The settings in force: with them the hover says how the clip was computed and what the class has in use. */
  readonly settings?: Settings;
  /** `clip=` of the line; null when it is computed. */
  readonly lineClip?: number | null;
  /** Base sell and buy of the line in targets.txt, when the file says something else than is in force. */
  readonly lineBuy?: number;
  readonly lineSell?: number;
}

/** With a session: flat or holding. */
export function sessionHover(detail: SymbolDetail, snapshot: SessionSnapshot, options: HoverOptions): string {
  const head = `**${detail.symbol}** ${detail.class} · ${snapshot.mode} ${snapshot.accountTail} · ${clock(snapshot.t)} ET`;
  if (detail.state === 'failed') return failedHover(detail, head);
  const money = [
    moneyLine(detail),
    budgetLine(detail, snapshot, options),
    detail.position > 0 ? holdingLine(detail, options) : '',
  ]
    .filter(Boolean)
    .join('  \n');
  const table = detail.buys.length === 0 ? noReference(detail) : ladderTable(detail.buys, detail.sells, detail);
  const why = [
    ...detail.whyNot.filter(each => each.kind === 'buy' || each.kind === 'sell').map(each => whyLine(each, detail)),
  ];
  if (detail.position === 0) why.push('$(circle-slash) **Sell**: nothing held');
  else why.push(protectionLine(detail, options));
  return [head, money, table, why.filter(Boolean).join('  \n'), links(detail, options)].filter(Boolean).join('\n\n');
}

/** Without a session, from the last reference that any session heard. */
export function idleHover(ladder: IdleLadder, options: HoverOptions): string {
  const head = `**${ladder.symbol}** ${ladder.class} · no session · reference of ${dayAndTime(ladder.t)}`;
  const money =
    `Reference **${price(ladder.reference, ladder.decimals)}**, last ${price(ladder.last, ladder.decimals)}, z taken as 0` +
    ` · clip ${dollarsAndCents(ladder.clip)} · full ladder ${dollars(ladder.fullLadderUsd)} of ${dollars(ladder.ladderLimitUsd)}`;
  const note =
    "$(info) Prices move with the day's reference and z once a session runs. Shares use the last known price.";
  return [head, money, ladderTable(ladder.buys, ladder.sells, ladder), note, idleLinks(options, ladder.symbol)].join(
    '\n\n',
  );
}

export interface UnknownReference {
  readonly symbol: string;
  readonly class: 'risky' | 'safe';
  /** Percent of the two anchors at z 0. */
  readonly buyAnchor: number;
  readonly sellAnchor: number;
}

export function unknownHover(line: UnknownReference, options: HoverOptions): string {
  const how = options.commands.has('dronebot.anchors')
    ? 'Start a session, or run Pre-Session Anchors, to get one.'
    : 'Start a session to get one.';
  const text =
    `$(info) No reference price is known yet, so there are no rung prices. ${how} At z 0 the buy anchor is ` +
    `${line.buyAnchor.toFixed(2)}% below it and the sell anchor ${line.sellAnchor.toFixed(2)}% above.`;
  return [`**${line.symbol}** ${line.class} · no session`, text, idleLinks(options, null)].filter(Boolean).join('\n\n');
}

/** The 14 rungs as plain text with tabs' width kept, for the clipboard. */
export function ladderAsText(
  symbol: string,
  buys: readonly BuyRungView[],
  sells: readonly SellRungView[],
  decimals: number,
): string {
  const rows = buys.map((buy, index) => {
    const sell = sells[index];
    return [
      String(buy.rung),
      price(buy.price, decimals),
      rungPercent(buy.percent),
      shares(buy.shares),
      dollars(buy.usd),
      price(sell?.price, decimals),
      rungPercent(sell?.percent),
    ];
  });
  const all = [['Rung', 'Buy', 'below', 'shares', 'USD', 'Sell', 'above'], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map(row => (row[column] ?? '').length)));
  const lines = all.map(row => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
  return [symbol, ...lines].join('\n');
}

function failedHover(detail: SymbolDetail, head: string): string {
  if (!detail.reason.endsWith('(code 200)')) return `${head}\n\n$(error) ${detail.reason}`;
  return (
    `**${detail.symbol}** IB does not know this US stock (code 200), so the line is not traded. ` +
    `Its budget is shared by the other ${detail.class} symbols.`
  );
}

function moneyLine(detail: SymbolDetail): string {
  const words = REFERENCE_WORDS[detail.referenceSource] ?? detail.referenceSource;
  const source = words === '' || detail.reference === null ? '' : ` (${words})`;
  const { decimals } = detail;
  return (
    `Last **${price(detail.last, decimals)}**, reference ${price(detail.reference, decimals)}${source}, z ${zScore(detail.z)}` +
    ` · clip ${dollarsAndCents(detail.clip)} · full ladder ${dollars(detail.fullLadderUsd)} of ${dollars(detail.ladderLimitUsd)}`
  );
}

/** How the clip came about, and what the class has in use of its budget. */
function budgetLine(detail: SymbolDetail, { used, allowed }: SessionSnapshot, options: HoverOptions): string {
  if (options.settings === undefined) return '';
  const name = detail.class;
  const parts = [
    clipWords(detail, options.settings, options.lineClip ?? null),
    `${name} uses ${dollars(used[name])} of ${dollars(allowed[name])}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function clipWords(detail: SymbolDetail, settings: Settings, lineClip: number | null): string {
  const { last, clip } = detail;
  if (last === null || clip === null) return '';
  const computed = clipUsd(detail.tickerBudgetUsd, detail.class, last, null, settings);
  if (lineClip !== null) return `The clip is fixed by the line, computed it would be ${dollars(computed)}`;
  const factors = [classClipFactor(detail.class, settings), priceClipFactor(last, settings)] as const;
  const free = (detail.tickerBudgetUsd / settings['sizing.shots']) * factors[0] * factors[1];
  const bound =
    free > settings['sizing.maxClip']
      ? `, at most ${dollars(settings['sizing.maxClip'])}`
      : free < settings['sizing.minClip']
        ? `, at least ${dollars(settings['sizing.minClip'])}`
        : '';
  return (
    `The clip is ${dollars(detail.tickerBudgetUsd)} / ${settings['sizing.shots']} × ${factors[0]} for ${detail.class} ` +
    `× ${factors[1].toFixed(2)} for the price${bound}`
  );
}

function holdingLine(detail: SymbolDetail, options: HoverOptions): string {
  const parts = [
    `Holds **${shares(detail.position)}** at ${averageCost(detail.averageCost)}`,
    `open **${profit(detail.openPnl)}**`,
    `realized ${profit(detail.realizedToday)}`,
    ...overrideParts(detail, options),
  ];
  return parts.join(' · ');
}

function overrideParts(detail: SymbolDetail, options: HoverOptions): string[] {
  const parts: string[] = [];
  const say = (key: 'buy' | 'sell', override: number | null | undefined, line: number | undefined) => {
    if (typeof override !== 'number') return;
    const hides = line === undefined || line === override ? '' : `, this line says ${basePercent(line)}`;
    parts.push(`${key} ${basePercent(override)} by override${hides}`);
  };
  say('buy', detail.override?.buy, options.lineBuy);
  say('sell', detail.override?.sell, options.lineSell);
  return parts;
}

/** Where a reference comes from, by the names of the rules; other words are shown as they are. */
const REFERENCE_WORDS: Readonly<Record<string, string>> = {
  preMarket: 'median before the open',
  initialBalance: 'median of the first half hour',
  regularHours: 'median of the day so far',
  blend: 'first half hour and day so far, half each',
  open: 'today’s open',
  previousClose: 'previous close',
  last: 'only the last price, no ladder orders',
  none: '',
};

const HEADER =
  '| | Buy | below | shares | USD | total | to last | Sell | above | sells |\n|:-:|--:|--:|--:|--:|--:|--:|--:|--:|:--|';

function ladderTable(
  buys: readonly BuyRungView[],
  sells: readonly SellRungView[],
  { decimals }: { decimals: number },
): string {
  const rows = buys.map((buy, index) => {
    const sell = sells[index];
    const mark = buy.state === 'held' ? ' $(circle-filled)' : buy.state === 'next' ? ' $(arrow-right)' : '';
    const cells = [
      buy.rung === 4 ? '**4**' : String(buy.rung),
      `${price(buy.price, decimals)}${mark}`,
      rungPercent(buy.percent),
      shares(buy.shares),
      dollars(buy.usd),
      dollars(buy.total),
      distance(buy.toLast),
      price(sell?.price, decimals),
      rungPercent(sell?.percent),
      sell === undefined ? '' : sellsCell(sell, sells.slice(index + 1)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [HEADER, ...rows].join('\n');
}

/** A rung that sells nothing while a higher one does has sold its layer already. */
function sellsCell(sell: SellRungView, above: readonly SellRungView[]): string {
  if (sell.sells.length === 0) return above.some(rung => rung.sells.length > 0) ? 'sold $(check)' : '';
  const text = sell.sells.map(part => `${shares(part.shares)} of L${part.rung}`).join(', ');
  return sell.state === 'next' ? `${text} $(arrow-right)` : sell.state === 'hit' ? `${text} $(triangle-down)` : text;
}

function noReference(detail: SymbolDetail): string {
  return detail.reason === ''
    ? '$(info) No reference price yet, so there are no rung prices.'
    : `$(info) ${detail.reason}`;
}

function whyLine(why: WhyNot, detail: SymbolDetail): string {
  if (why.kind === 'sell' && detail.position === 0) return '';
  const head = `**${why.title}**, ${shares(why.shares)} shares`;
  if (why.ready)
    return `$(${why.kind === 'buy' ? 'triangle-up' : 'triangle-down'}) ${head}: all conditions are met, goes now`;
  const unmet = why.conditions.filter(condition => condition.asked && !condition.met).map(condition => condition.text);
  return `$(arrow-right) ${head}: ${unmet.length === 0 ? 'waits for the next price' : unmet.join('; ')}`;
}

function protectionLine(detail: SymbolDetail, options: HoverOptions): string {
  const { decimals } = detail;
  const parts: string[] = [];
  if (detail.trailStop !== null) {
    const how =
      detail.trailMark === null
        ? ''
        : ` (${options.trailPercent === undefined ? '' : `${options.trailPercent}% `}under ${price(detail.trailMark, decimals)})`;
    parts.push(`**Trail** ${price(detail.trailStop, decimals)}${how}`);
  }
  if (detail.hardStop !== null)
    parts.push(`**${detail.trailStop === null ? 'Hard' : 'hard'} stop** ${price(detail.hardStop, decimals)}`);
  if (detail.trimDone) {
    const trims = detail.fills.filter(fill => fill.tag === 'breakeven_trim');
    const when = trims[trims.length - 1]?.t;
    parts.push(`breakeven trim done${when === undefined ? '' : ` at ${clockMinutes(when)}`}`);
  }
  return parts.length === 0 ? '' : `$(shield) ${parts.join(' · ')}`;
}

function links(detail: SymbolDetail, options: HoverOptions): string {
  const given = [detail.symbol];
  const overridden = typeof detail.override?.buy === 'number' || typeof detail.override?.sell === 'number';
  return joined(options, [
    ['Dashboard', 'dronebot.openDashboard', []],
    ['Chart', 'dronebot.openChart', given],
    ['Why not', 'dronebot.why', given],
    ...(overridden ? [['Drop override', 'dronebot.dropOverride', given] as const] : []),
    ['Copy', 'dronebot.copyLadder', given],
    ['Copy as Markdown', 'dronebot.copyLadderMarkdown', given],
  ]);
}

/** @param symbol whose ladder is shown; null without one */
function idleLinks(options: HoverOptions, symbol: string | null): string {
  return joined(
    options,
    symbol !== null
      ? [
          ['Start', 'dronebot.start', []],
          ['Dashboard', 'dronebot.openDashboard', []],
          ['Copy', 'dronebot.copyLadder', [symbol]],
          ['Copy as Markdown', 'dronebot.copyLadderMarkdown', [symbol]],
        ]
      : [
          ['Start', 'dronebot.start', []],
          ['Pre-session anchors', 'dronebot.anchors', []],
        ],
  );
}

type Link = readonly [title: string, command: string, args: readonly string[]];

function joined(options: HoverOptions, wanted: readonly Link[]): string {
  return wanted
    .filter(([, command]) => options.commands.has(command))
    .map(
      ([title, command, args]) =>
        `[${title}](command:${command}${args.length === 0 ? '' : `?${encodeURIComponent(JSON.stringify(args))}`})`,
    )
    .join(' · ');
}
