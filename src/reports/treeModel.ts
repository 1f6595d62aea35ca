/**
 * The side bar's tree as plain rows: session, symbols, their two ladders and the rungs. Ids are stable, so that an open
 * branch stays open while its numbers move. It knows no VS Code; ui/tree.ts turns rows into tree items.
 */
import type {
  BuyRungView,
  SellRungView,
  SessionSnapshot,
  SymbolDetail,
  SymbolState,
  SymbolSummary,
} from '../shared/protocol';
import { age, clock, count, distance, dollars, price, profit, rungPercent, shares, zScore } from './format';
import { hoursSentence } from './statusText';

/** The argument by which a key of the tree asks for the selected row: VS Code hands a key no row. */
export const SELECTED_ROW = 'selectedRow';

export interface TreeRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** A codicon's name, and the theme colour that repeats what the icon's shape says. */
  readonly icon: string;
  readonly color?: string;
  readonly kind: 'session' | 'symbol' | 'buyLadder' | 'sellLadder' | 'rung';
  readonly symbol?: string;
  readonly state?: SymbolState;
  /** What menus ask for: the kind, of a symbol its state and what can be done with it. */
  readonly context: string;
  readonly expandable: boolean;
}

/** The top level: the session, then the symbols in the order of targets.txt. */
export function topRows(snapshot: SessionSnapshot): TreeRow[] {
  return [sessionRow(snapshot), ...snapshot.symbols.map(symbolRow)];
}

export function ladderRows(symbol: SymbolSummary): TreeRow[] {
  const { symbol: name, layers, hit } = symbol;
  return [
    {
      kind: 'buyLadder',
      context: 'ladder',
      symbol: name,
      expandable: true,
      tooltip: '',
      id: `${name}/buy`,
      label: 'Buy ladder',
      description: `${layers} of 7 held`,
      icon: 'arrow-down',
    },
    {
      kind: 'sellLadder',
      context: 'ladder',
      symbol: name,
      expandable: true,
      tooltip: '',
      id: `${name}/sell`,
      label: 'Sell ladder',
      description: `${hit} of 7 hit`,
      icon: 'arrow-up',
    },
  ];
}

export const buyRungRows = (detail: SymbolDetail): TreeRow[] => detail.buys.map(rung => buyRungRow(detail, rung));

/** The highest sell rung first, as a price scale has it. */
export const sellRungRows = (detail: SymbolDetail): TreeRow[] => detail.sells.map(rung => sellRungRow(detail, rung));

function sessionRow(snapshot: SessionSnapshot): TreeRow {
  const connected =
    snapshot.connectedSince === null ? 'Not connected.' : `Connected since ${clock(snapshot.connectedSince)}.`;
  return {
    id: 'session',
    label: `${snapshot.mode} ${snapshot.accountTail}`.trim(),
    description: profit(snapshot.dayPnl),
    tooltip: `${connected} ${hoursSentence(snapshot)}`,
    icon: snapshot.phase === 'linkLost' ? 'debug-disconnect' : 'account',
    kind: 'session',
    context: 'session',
    expandable: false,
  };
}

function symbolRow(symbol: SymbolSummary): TreeRow {
  const { text, tooltip } = wordsOf(symbol);
  const { icon, color } = ICONS[symbol.state];
  return {
    id: symbol.symbol,
    label: symbol.symbol,
    description: text,
    tooltip,
    icon,
    ...(color === undefined ? {} : { color }),
    kind: 'symbol',
    context: contextOf(symbol),
    symbol: symbol.symbol,
    state: symbol.state,
    expandable: symbol.state !== 'failed',
  };
}

const ICONS: Readonly<Record<SymbolState, { icon: string; color?: string }>> = {
  waiting: { icon: 'clock' },
  flat: { icon: 'circle-outline' },
  holding: { icon: 'circle-filled', color: 'charts.blue' },
  entryReady: { icon: 'triangle-up', color: 'charts.green' },
  trimReady: { icon: 'triangle-down', color: 'charts.red' },
  exiting: { icon: 'shield', color: 'charts.orange' },
  quiet: { icon: 'watch' },
  halted: { icon: 'circle-slash', color: 'charts.yellow' },
  buysPaused: { icon: 'debug-pause', color: 'charts.yellow' },
  windDown: { icon: 'fold-down', color: 'charts.yellow' },
  failed: { icon: 'error', color: 'charts.red' },
};

/** Menus of the manifest ask for these words (tools/manifestWhen.ts). */
function contextOf({ state, pause, isPaused }: SymbolSummary): string {
  if (state === 'failed') return 'symbol.failed';
  const by = pause?.by ?? (isPaused ? 'you' : null);
  if (by === null) return `symbol.${state}.canPause`;
  // Shares that nobody has explained have ways out of their own, and a short has none here.
  const can = by === 'unexplained' ? 'unexplained' : by === 'short' ? 'short' : 'canResume';
  return `symbol.${state}.${can}`;
}

function wordsOf(symbol: SymbolSummary): { text: string; tooltip: string } {
  const last = price(symbol.last, symbol.decimals);
  const at = (value: number) => price(value, symbol.decimals);
  const z = zScore(symbol.z);
  switch (symbol.state) {
    case 'holding':
      return { text: `${last}  ${shares(symbol.position)} sh  ${profit(symbol.openPnl)}`, tooltip: holds(symbol) };
    case 'flat': {
      const buy = symbol.nextBuy;
      if (buy === null || symbol.last === null) return { text: last, tooltip: 'Flat.' };
      const way = ((buy.price - symbol.last) / symbol.last) * 100;
      const tooltip =
        way < 0
          ? `Flat. Last must fall ${Math.abs(way).toFixed(2)}% to L${buy.rung}.`
          : `Flat. Last has reached L${buy.rung}, z ${z}.`;
      return { text: `${last}  next buy ${at(buy.price)}`, tooltip };
    }
    case 'entryReady':
      return {
        text: `${last}  buys L${symbol.nextBuy?.rung ?? symbol.layers + 1}`,
        tooltip: `${count(symbol.touched, 'buy rung')} touched, ${symbol.layers} held, z ${z}.`,
      };
    case 'trimReady': {
      const sold = (symbol.nextSell?.layers ?? []).map(layer => `L${layer}`).join(', ');
      return {
        text: sold === '' ? `${last}  trims now` : `${last}  sells ${sold}`,
        tooltip: `${count(symbol.hit, 'sell rung')} hit, ${count(symbol.layers, 'layer')} held, z ${z}.`,
      };
    }
    case 'quiet':
      return {
        text: `${last}  quiet ${age(symbol.ageMs)}`,
        tooltip: `No tick for ${age(symbol.ageMs)}. Ladder orders wait for one. A stop fires on the next price that reaches it.`,
      };
    case 'exiting':
      return {
        text: `${last}  selling ${shares(symbol.position)} sh`,
        tooltip: `${exitName(symbol)} has fired: everything is sold, nothing bought until flat.`,
      };
    case 'halted':
      return {
        text: `${last}  halted`,
        tooltip: `Trading in ${symbol.symbol} is halted. Nothing is sent until it resumes.`,
      };
    case 'buysPaused':
      return {
        text: `${last}  buys paused`,
        tooltip: `${capital(sentence(pausedReason(symbol)))} Exits go on.`.trimStart(),
      };
    case 'windDown':
      return {
        text: `${last}  winds down ${shares(symbol.position)} sh`,
        tooltip: 'Not listed any more: no buys, exits go on until flat.',
      };
    case 'failed':
      return { text: 'not traded', tooltip: sentence(failedReason(symbol)) };
    case 'waiting':
      return { text: symbol.last === null ? 'waits for a price' : `${last}  waits`, tooltip: waits(symbol) };
  }
}

/** The broker's own words, except where it only means to say that it has no such stock. */
export function failedReason({ symbol, reason }: { symbol: string; reason: string }): string {
  return reason.endsWith('(code 200)') ? `IB does not know ${symbol} as a US stock (code 200)` : reason;
}

/** What pauses the buys, with the numbers and the ways out. */
function pausedReason({ symbol, reason, pause }: SymbolSummary): string {
  const reported = shares(pause?.reported ?? null);
  switch (pause?.by) {
    case 'rejects': {
      const [, rejects = 'Some'] = /^(\d+) rejects$/.exec(reason) ?? [];
      const { lastReject: last } = pause;
      const words = last === null ? '' : `. Last: "${last.text}"${last.code === null ? '' : ` (${last.code})`}`;
      return `${rejects} orders in a row were rejected${words}`;
    }
    case 'unexplained':
      return `The broker reports ${reported} shares of ${symbol}, ${shares(pause.explained)} are explained. Adopt the others, or leave them alone`;
    case 'difference':
      return `The broker reported fewer shares of ${symbol} than the bot’s, ${reported} now. Compare, then resume its buys`;
    case 'short':
      return `${symbol} is short at the broker (${reported} shares). It is not traded until that is gone`;
    default:
      return reason;
  }
}

function waits(symbol: SymbolSummary): string {
  if (symbol.reason !== '') return sentence(symbol.reason);
  if (symbol.reference === null) return 'No reference price yet, so there are no rungs.';
  return 'No price of today’s regular hours yet. Nothing is ordered before it.';
}

function holds(symbol: SymbolSummary): string {
  const at = (value: number) => price(value, symbol.decimals);
  const next = [
    symbol.nextBuy === null ? '' : `next buy L${symbol.nextBuy.rung} ${at(symbol.nextBuy.price)}`,
    symbol.nextSell === null ? '' : `next sell U${symbol.nextSell.rung} ${at(symbol.nextSell.price)}`,
  ].filter(part => part !== '');
  const tail = next.length === 0 ? '' : ` ${sentence(capital(next.join(', ')))}`;
  return `Holds ${layersHeld(symbol.layers)}.${tail}`;
}

function layersHeld(layers: number): string {
  if (layers === 1) return 'layer L1';
  if (layers === 2) return 'layers L1 and L2';
  return `layers L1 to L${layers}`;
}

function buyRungRow(detail: SymbolDetail, rung: BuyRungView): TreeRow {
  const way = distance(rung.toLast);
  const where = `${rung.rung === 4 ? 'The anchor, ' : ''}${rungPercent(rung.percent)} below the reference.`;
  const base = rungBase(detail, rung, 'L');
  switch (rung.state) {
    case 'held': {
      const part =
        rung.held < rung.shares ? `held ${shares(rung.held)} of ${shares(rung.shares)}` : `held ${shares(rung.held)}`;
      return {
        ...base,
        description: part,
        tooltip: boughtAt(detail, rung),
        icon: 'circle-filled',
        color: 'charts.blue',
      };
    }
    case 'next':
      return {
        ...base,
        description: `next, ${shares(rung.shares)} sh, ${way}`,
        tooltip: `About ${dollars(rung.usd)}. ${waitsFor(detail, rung)}`,
        icon: 'arrow-right',
        color: 'charts.green',
      };
    case 'touched':
      return { ...base, description: `touched, ${shares(rung.shares)} sh`, tooltip: where, icon: 'circle-outline' };
    case 'untouched':
      return { ...base, description: `${shares(rung.shares)} sh, ${way}`, tooltip: where, icon: 'circle-outline' };
  }
}

function sellRungRow(detail: SymbolDetail, rung: SellRungView): TreeRow {
  const sells = rung.sells.map(part => `${shares(part.shares)} of L${part.rung}`).join(', ');
  const where = `${rung.rung === 4 ? 'The anchor, ' : ''}${rungPercent(rung.percent)} above the reference.`;
  const base = { ...rungBase(detail, rung, 'U'), tooltip: where };
  const way = distance(rung.toLast);
  switch (rung.state) {
    case 'hit':
      return {
        ...base,
        description: sells === '' ? 'hit' : `hit, sells ${sells}`,
        icon: 'circle-filled',
        color: 'charts.red',
      };
    case 'next':
      return {
        ...base,
        description: `next, ${sells}${sells === '' ? '' : ', '}${way}`,
        icon: 'arrow-right',
        color: 'charts.red',
      };
    case 'untouched':
      return { ...base, description: sells === '' ? way : `${sells}, ${way}`, icon: 'circle-outline' };
  }
}

function rungBase(detail: SymbolDetail, rung: { rung: number; price: number }, letter: 'L' | 'U') {
  return {
    id: `${detail.symbol}/${letter}${rung.rung}`,
    label: `${letter}${rung.rung}  ${price(rung.price, detail.decimals)}`,
    kind: 'rung' as const,
    context: 'rung',
    symbol: detail.symbol,
    expandable: false,
  };
}

function boughtAt(detail: SymbolDetail, rung: BuyRungView): string {
  const paid = rung.boughtPrice ?? (rung.shares > 0 ? rung.usd / rung.shares : null);
  const when = rung.boughtAt === undefined ? '' : `, ${clock(rung.boughtAt)}`;
  return `Bought at ${price(paid, detail.decimals)}${when}.`;
}

/** `Waits for 1 of 14 conditions: last 12.77, needs 12.30 or less.` */
function waitsFor(detail: SymbolDetail, rung: BuyRungView): string {
  const why = detail.whyNot.find(each => each.kind === 'buy' && each.rung === rung.rung);
  if (why === undefined) return `${rungPercent(rung.percent)} below the reference.`;
  const unmet = why.conditions.filter(condition => condition.asked && !condition.met);
  if (unmet.length === 0) return 'All conditions are met.';
  return `Waits for ${unmet.length} of ${count(why.conditions.length, 'condition')}: ${unmet.map(each => each.text).join('; ')}.`;
}

const exitName = (symbol: SymbolSummary): string =>
  symbol.exit === 'live_stop' ? 'The hard stop' : symbol.exit === 'live_trail' ? 'The trailing stop' : 'Flatten';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);
