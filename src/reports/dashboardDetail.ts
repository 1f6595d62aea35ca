/**
 * One symbol opened on the dashboard, as texts: head, the two ladders back to back, sums, fills, steppers and why not. The
 * prices are those that trade; nothing is computed here but distances. Levels and markers of its chart are dashboardChart.ts.
 */
import type { Fact, Side } from '../shared/dashboard';
import type {
  DashboardDetail,
  FillLine,
  LadderRow,
  LadderSide,
  PreviewView,
  StepperView,
  WhyGroup,
} from '../shared/dashboardDetail';
import type { LadderPreview, SessionSnapshot, SymbolDetail, WhyNot } from '../shared/protocol';
import { writeBound } from '../targets/numbers';
import { FIELDS } from '../targets/schema';
import { conditionRows, type Limits } from './conditionText';
import { levelsOf, markersOf } from './dashboardChart';
import { flattenQuestion, nameOf } from './dashboardHead';
import { kindOf, profitTone } from './dashboardRows';
import {
  ABSENT,
  averageCost,
  basePercent,
  clock,
  count,
  distance,
  dollars,
  price,
  profit,
  rungPercent,
  shares,
  zScore,
} from './format';

const STEP = 0.05;
/** Five, the newest first; all of them are in the fill review. */
const FILLS_SHOWN = 5;

export function dashboardDetail(detail: SymbolDetail, snapshot: SessionSnapshot): DashboardDetail {
  const { symbol, last, previousClose, decimals } = detail;
  const change = last === null || previousClose === null ? null : (last / previousClose - 1) * 100;
  const { constants } = snapshot;
  return {
    symbol,
    kind: kindOf(detail.state),
    last: price(last, decimals),
    change: { text: change === null ? '' : distance(change), tone: change === null ? 'none' : profitTone(change) },
    changeFrom: previousClose === null ? '' : `from ${price(previousClose, decimals)}`,
    facts: facts(detail),
    line: detail.line < 0 ? '' : `line ${detail.line + 1}`,
    isPaused: detail.isPaused,
    isHeld: detail.position > 0,
    flatten: flattenQuestion(snapshot, symbol),
    resume: {
      title: `Resume buys of ${symbol} on ${nameOf(snapshot)}?`,
      text: detail.reason === '' ? '' : `They are paused: ${detail.reason}.`,
      no: 'Stay paused',
      yes: 'Resume',
    },
    notes: notes(detail),
    ladderNote: ladderNote(detail),
    ladder: ladder(detail),
    sums: sums(detail, constants),
    fills: fillLines(detail),
    steppers: { buy: stepper(detail, 'buy'), sell: stepper(detail, 'sell') },
    stepperNote: constants === undefined ? '' : `times ${constants.width[detail.class]} for ${detail.class}`,
    why: why(detail, limitsOf(detail, snapshot)),
    whyNote: snapshot.phase === 'linkLost' ? lostSentence(detail, snapshot.endpoint) : '',
    levels: levelsOf(detail),
    markers: markersOf(detail),
    hasChart: true,
  };
}

function facts(detail: SymbolDetail): Fact[] {
  const { decimals, bid, ask, position } = detail;
  const at = (value: number | null) => price(value, decimals);
  const held = position > 0;
  return [
    { label: 'Bid × ask', value: `${at(bid)} × ${at(ask)}` },
    {
      label: 'Position',
      value: held ? `${shares(position)} at ${averageCost(detail.averageCost)}` : 'none',
      isAmount: held,
    },
    { label: 'Open', value: profit(detail.openPnl), tone: profitTone(detail.openPnl), isAmount: true },
    { label: 'Realized', value: profit(detail.realizedToday), tone: profitTone(detail.realizedToday), isAmount: true },
    {
      label: 'Reference',
      value: at(detail.reference),
      note: SOURCES[detail.referenceSource] ?? detail.referenceSource,
    },
  ];
}

/** Where a reference comes from, in words. */
const SOURCES: Readonly<Record<string, string>> = {
  initialBalance: 'median of 09:30 to 10:00',
  preMarket: 'median before the open',
  regularHours: 'median of the day so far',
  blend: 'half first half-hour, half day so far',
  open: 'today’s open',
  previousClose: 'previous close',
  last: 'only the last price: nothing is ordered',
  none: 'not known yet',
};

function notes(detail: SymbolDetail): string[] {
  const list: string[] = [];
  if (detail.isPaused && detail.reason !== '') list.push(`Buys are paused: ${detail.reason}. Exits go on.`);
  if (detail.isOverlap) list.push(overlapSentence(detail));
  return list;
}

function overlapSentence({ buys, sells, decimals }: SymbolDetail): string {
  const [first, firstSell] = [buys[0], sells[0]];
  if (first !== undefined && firstSell !== undefined && first.price >= firstSell.price)
    return `Rungs overlap: L1 ${price(first.price, decimals)} is not below U1 ${price(firstSell.price, decimals)}.`;
  const shared = (rungs: readonly { rung: number; price: number }[], letter: string) =>
    rungs.flatMap((each, index) => {
      const before = rungs[index - 1];
      return before !== undefined && before.price === each.price
        ? [`${letter}${before.rung} and ${letter}${each.rung} at ${price(each.price, decimals)}`]
        : [];
    });
  return `Rungs overlap: ${[...shared(buys, 'L'), ...shared(sells, 'U')].join(', ')} share a price.`;
}

function ladderNote({ z, buys, sells }: SymbolDetail): string {
  const [buy, sell] = [buys.find(each => each.rung === 4), sells.find(each => each.rung === 4)];
  if (buy === undefined || sell === undefined || !(buy.price > 0))
    return 'no reference price yet, so there are no rungs';
  return `z ${zScore(z)} makes the buy anchor ${rungPercent(buy.percent)} and the sell anchor ${rungPercent(sell.percent)}`;
}

function ladder(detail: SymbolDetail): LadderRow[] {
  return detail.buys.flatMap((buy, index) => {
    const sell = detail.sells[index];
    if (sell === undefined) return [];
    return [{ rung: buy.rung, isAnchor: buy.rung === 4, buy: buySide(detail, buy), sell: sellSide(detail, sell) }];
  });
}

function buySide({ decimals }: SymbolDetail, rung: SymbolDetail['buys'][number]): LadderSide {
  const part = rung.state === 'held' && rung.held < rung.shares ? `held ${shares(rung.held)}` : rung.state;
  const isKnown = rung.price > 0;
  return {
    state: rung.state,
    text: part,
    shares: rung.shares > 0 ? shares(rung.shares) : ABSENT,
    usd: rung.usd > 0 ? dollars(rung.usd) : ABSENT,
    percent: isKnown ? rungPercent(rung.percent) : ABSENT,
    toLast: distance(rung.toLast),
    price: isKnown ? price(rung.price, decimals) : ABSENT,
  };
}

function sellSide({ decimals }: SymbolDetail, rung: SymbolDetail['sells'][number]): LadderSide {
  const sold = rung.sells.reduce((sum, each) => sum + each.shares, 0);
  const names = rung.sells.map(each => `L${each.rung}`).join(', ');
  const isKnown = rung.price > 0;
  const tail = rung.state === 'next' ? ', next' : '';
  return {
    state: rung.state,
    text: names !== '' ? `${names}${tail}` : rung.state === 'hit' ? 'hit' : ABSENT,
    shares: sold > 0 ? shares(sold) : ABSENT,
    usd: sold > 0 && isKnown ? dollars(sold * rung.price) : ABSENT,
    percent: isKnown ? rungPercent(rung.percent) : ABSENT,
    toLast: distance(rung.toLast),
    price: isKnown ? price(rung.price, decimals) : ABSENT,
  };
}

function sums(detail: SymbolDetail, c: SessionSnapshot['constants']): Fact[] {
  const { last, isClipFixed } = detail;
  const byPrice = c === undefined || last === null ? 1 : clamp(c.clipPriceReference / Math.max(1, last), 0.5, 2);
  const how =
    c === undefined
      ? ''
      : isClipFixed
        ? 'fixed by clip= in targets.txt'
        : `${c.shots} shots, ×${c.clipFactor[detail.class]}, ×${byPrice.toFixed(2)} for price`;
  return [
    { label: 'Clip', value: dollars(detail.clip), note: how, isAmount: true },
    {
      label: 'Full ladder',
      value: `${dollars(detail.fullLadderUsd)} of ${dollars(detail.ladderLimitUsd)}`,
      isAmount: true,
    },
    { label: 'Bad prints set aside', value: shares(detail.badPrints) },
  ];
}

function fillLines({ fills, decimals }: SymbolDetail): FillLine[] {
  return [...fills]
    .reverse()
    .slice(0, FILLS_SHOWN)
    .map(fill => ({
      time: clock(fill.t),
      side: fill.side === 'BUY' ? 'buy' : 'sell',
      shares: shares(fill.qty),
      price: price(Number(fill.price), decimals),
      tag: fill.tag,
      realized:
        fill.side === 'BUY'
          ? { text: ABSENT, tone: 'dim' }
          : { text: profit(Number(fill.realized)), tone: profitTone(Number(fill.realized)) },
    }));
}

function stepper(detail: SymbolDetail, side: Side): StepperView {
  const field = FIELDS[side];
  const override = detail.override?.[side] ?? null;
  const fromLine = side === 'buy' ? detail.lineBuy : detail.lineSell;
  const value = override ?? fromLine;
  const where = detail.line < 0 ? 'the last known line' : `line ${detail.line + 1} of targets.txt`;
  const since = detail.overrideSince[side];
  const isOverride = override !== null;
  return {
    label: side === 'buy' ? 'Base buy, percent below the reference' : 'Base sell, percent above the reference',
    value: basePercent(value),
    number: value,
    min: field.min,
    max: field.max ?? Infinity,
    step: STEP,
    range: `${writeBound(field, field.min)} to ${writeBound(field, field.max ?? Infinity)}`,
    isOverride,
    message: isOverride
      ? `targets.txt says ${basePercent(fromLine)}.${since === null ? '' : ` In force since ${clock(since)}.`}`
      : `From ${where}.`,
    writeTo: isOverride && detail.line >= 0 && override !== fromLine ? `line ${detail.line + 1}` : '',
  };
}

const limitsOf = (detail: SymbolDetail, { allowed, constants }: SessionSnapshot): Limits => ({
  equity: allowed.all,
  classBudget: allowed[detail.class],
  orderUsd: constants?.orderUsd ?? null,
});

function why(detail: SymbolDetail, limits: Limits): WhyGroup[] {
  const of = (kind: WhyNot['kind']) => detail.whyNot.find(each => each.kind === kind);
  return [
    buyGroup(detail, of('buy'), limits),
    sellGroup(detail, of('sell'), limits),
    protection(detail, limits, of('trim'), of('hardStop'), of('trail')),
  ];
}

/** Without a link nothing is evaluated: conditions of the last moment before it would be read as those of now. */
function lostSentence({ hardStop, trailStop, decimals }: SymbolDetail, endpoint: string): string {
  const stops = [
    ...(hardStop === null ? [] : [`stop at ${price(hardStop, decimals)}`]),
    ...(trailStop === null ? [] : [`trail at ${price(trailStop, decimals)}`]),
  ];
  const words = [
    'Buys and sells are looked for again',
    `The ${stops[0]} counts again`,
    `The ${stops.join(' and the ')} count again`,
  ][stops.length];
  return `Nothing can be bought or sold: the link to ${endpoint} is lost. ${words} once positions, open orders and executions are reconciled.`;
}

function buyGroup(detail: SymbolDetail, why: WhyNot | undefined, limits: Limits): WhyGroup {
  if (why === undefined)
    return { kind: 'buy', title: 'No buy is looked for', note: '', noteIsAmount: false, conditions: [] };
  const next = detail.nextBuy;
  const title = why.rung === 0 ? 'No buy: all seven rungs are held' : `Next buy L${why.rung} ${waits(why)}`;
  const note =
    next === null
      ? ''
      : `${shares(next.shares)} shares at ${price(next.price, detail.decimals)}, about ${dollars(next.shares * next.price)}`;
  return { kind: 'buy', title, note, noteIsAmount: true, conditions: conditionRows(why.conditions, detail, limits) };
}

function sellGroup(detail: SymbolDetail, why: WhyNot | undefined, limits: Limits): WhyGroup {
  if (why === undefined)
    return { kind: 'sell', title: 'Nothing to sell', note: 'no layer is held', noteIsAmount: false, conditions: [] };
  const next = detail.nextSell;
  const layers =
    next?.layers
      .map(layer => `L${layer}`)
      .reverse()
      .join(', ') ?? '';
  return {
    kind: 'sell',
    title: `Next sell U${why.rung} ${waits(why)}`,
    note:
      next === null
        ? ''
        : `${shares(next.shares)} shares of ${layers} at ${price(next.price, detail.decimals)}, about ${dollars(next.shares * next.price)}`,
    noteIsAmount: true,
    conditions: conditionRows(why.conditions, detail, limits),
  };
}

/** `waits for 1 of 37 conditions`; what is asked only at the rung is not waited for yet. */
function waits({ ready, conditions }: WhyNot): string {
  if (ready) return 'goes now';
  const unmet = conditions.filter(condition => condition.asked && !condition.met).length;
  return unmet === 0 ? 'waits for another order' : `waits for ${unmet} of ${count(conditions.length, 'condition')}`;
}

/** Own conditions of the trim; the rest of what it needs stands with the next sell. */
const TRIM_IDS: readonly string[] = ['trimLast', 'trimBid', 'trimNotDone', 'trimWait'];

function protection(
  detail: SymbolDetail,
  limits: Limits,
  trim: WhyNot | undefined,
  hardStop: WhyNot | undefined,
  trail: WhyNot | undefined,
): WhyGroup {
  if (hardStop === undefined || trail === undefined)
    return {
      kind: 'protection',
      title: 'Nothing to protect',
      note: 'no share is held',
      noteIsAmount: false,
      conditions: [],
    };
  const own = trail.conditions.filter(each => each.id === 'trailArmed' || each.id === 'trailHit');
  const stop = hardStop.conditions.filter(each => each.id === 'hardStopHit');
  const shared = hardStop.conditions.filter(each => each.id !== 'hardStopHit');
  const trims = trim?.conditions.filter(each => TRIM_IDS.includes(each.id)) ?? [];
  const inTheWay = shared.filter(each => each.asked && !each.met).length;
  const fired =
    detail.exit === null
      ? null
      : detail.exit === 'live_stop'
        ? 'The hard stop'
        : detail.exit === 'live_trail'
          ? 'The trailing stop'
          : 'Flatten';
  const title =
    fired !== null
      ? `${fired} is on until flat`
      : inTheWay > 0
        ? `Protection waits for ${count(inTheWay, 'condition')}`
        : 'Protection is on, nothing fires';
  return {
    kind: 'protection',
    title,
    note: `a stop would sell all ${shares(detail.position)} shares, urgent`,
    noteIsAmount: true,
    conditions: conditionRows([...own, ...stop, ...trims, ...shared], detail, limits),
  };
}

/** What a draft value would do, beside what is in force. */
export function previewView(preview: LadderPreview): PreviewView {
  const { symbol, side, value, before, rungs, anchor, fullLadderUsd, fires, decimals } = preview;
  const letter = side === 'buy' ? 'L' : 'U';
  const moves = (from: number | null, to: number | null) => {
    if (from === null || to === null) return ABSENT;
    const by = price(to - from, decimals);
    return to > from ? `+${by}` : by;
  };
  const ladder =
    side === 'buy' && fullLadderUsd.before !== fullLadderUsd.after
      ? `Full ladder ${dollars(fullLadderUsd.before)} → ${dollars(fullLadderUsd.after)}.`
      : '';
  const atOnce = fires === null ? '' : `${count(fires.shares, 'share')} at once.`;
  return {
    symbol,
    side,
    value,
    title: `${basePercent(before)} → ${basePercent(value)} would move the ${side}s`,
    rungs: rungs.map(each => ({
      name: `${letter}${each.rung}`,
      before: price(each.before, decimals),
      after: price(each.after, decimals),
      by: moves(each.before, each.after),
    })),
    text: `Anchor ${anchor.before.toFixed(2)}% → ${anchor.after.toFixed(2)}% at z 0. Fires at once: ${firesText(fires)}.`,
    amounts: `${ladder} ${atOnce}`.trim(),
  };
}

function firesText(fires: LadderPreview['fires']): string {
  if (fires === null) return 'nothing';
  if (fires.tag === 'ladder_buy') return `buy L${fires.rung}`;
  return fires.tag === 'breakeven_trim' ? 'breakeven trim' : `sell down from L${fires.rung}`;
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
