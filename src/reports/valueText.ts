/**
 * Hovers on a value of targets.txt and on @config: what the number does to prices and money. It uses the same ladder and
 * sizing functions as trading and holds no rule of its own.
 */
import type { SessionSnapshot, SymbolDetail } from '../shared/protocol';
import { buyAnchorPercent, RUNG_CLIPS, sellAnchorPercent } from '../strategy/ladder';
import { allowance, clipUsd, type Budget } from '../strategy/sizing';
import type { Settings } from '../strategy/settings';
import type { FieldKey } from '../targets/schema';
import type { Target } from '../targets/resolve';
import { basePercent, clock, dollars, price, rungPercent, zScore } from './format';

/** What the value of a key does on this line; null when there is no more to say than about the key. */
export function valueHover(
  key: FieldKey,
  target: Target,
  targets: readonly Target[],
  budget: Budget,
  settings: Settings,
  detail: SymbolDetail | null,
): string | null {
  switch (key) {
    case 'class':
      return classText(target, targets, budget, settings);
    case 'buy':
    case 'sell':
      return percentText(key, target, detail);
    case 'clip':
      return target.clip === null ? null : clipText(target.clip, target, targets, budget, settings, detail);
  }
}

/** The budget split while a session runs. */
export function configHover(snapshot: SessionSnapshot, budget: Budget, settings: Settings): string {
  const listed = (name: 'risky' | 'safe') =>
    snapshot.symbols.filter(symbol => symbol.class === name && symbol.line >= 0);
  const rows = (['risky', 'safe'] as const).map(name => {
    const all = listed(name).length;
    const traded = listed(name).filter(symbol => symbol.state !== 'failed').length;
    return { name, share: budget[name], allowed: snapshot.allowed[name], all, traded, held: snapshot.used[name] };
  });
  const utilization = percent(settings['sizing.utilization']);
  const head = `**Budget** from ${dollars(budget.equity)} equity · ${utilization} in use at most · ${clock(snapshot.t)} ET`;
  return budgetTable(head, rows, snapshot.used.all, snapshot.allowed.all, settings, snapshot.dayLossLimit);
}

/** The same from the file alone. */
export function idleConfigHover(budget: Budget, targets: readonly Target[], settings: Settings): string {
  const traded = { risky: countOf(targets, 'risky'), safe: countOf(targets, 'safe') };
  const allowed = allowance(budget, traded, settings);
  const rows = (['risky', 'safe'] as const).map(name => ({
    name,
    share: budget[name],
    allowed: allowed.classBudget[name],
    all: traded[name],
    traded: traded[name],
    held: null,
  }));
  const head = `**Budget** from ${dollars(budget.equity)} equity · ${percent(settings['sizing.utilization'])} in use at most · no session`;
  const limit = (budget.equity * settings['limits.dayLossPercent']) / 100;
  return budgetTable(head, rows, null, allowed.effectiveEquity, settings, limit);
}

interface BudgetRow {
  name: 'risky' | 'safe';
  share: number;
  allowed: number;
  all: number;
  traded: number;
  held: number | null;
}

function budgetTable(
  head: string,
  rows: BudgetRow[],
  held: number | null,
  allowed: number,
  settings: Settings,
  lossLimit: number,
): string {
  const of = (traded: number, all: number) => (traded === all ? String(all) : `${traded} of ${all}`);
  const shown = (value: number | null) => (value === null ? '' : dollars(value));
  const each = (row: BudgetRow) => (row.traded === 0 ? 0 : row.allowed / row.traded);
  const lines = rows.map(
    row =>
      `| ${row.name} | ${percent(row.share)} | ${dollars(row.allowed)} | ${of(row.traded, row.all)} | ${dollars(each(row))} | ${shown(row.held)} |`,
  );
  const sum = (key: 'traded' | 'all' | 'share') => rows.reduce((total, row) => total + row[key], 0);
  const factor = settings['sizing.tickerFactor'];
  const most = rows.map(row => `${dollars(each(row) * factor)} ${row.name}`).join(', ');
  return [
    head,
    [
      '| | share | budget | symbols | each | held |',
      '|:--|--:|--:|--:|--:|--:|',
      ...lines,
      `| all | ${percent(sum('share'))} | ${dollars(allowed)} | ${of(sum('traded'), sum('all'))} | | ${shown(held)} |`,
    ].join('\n'),
    `One symbol may cost at most ${factor} times its share: ${most}. Day's loss limit ${dollars(lossLimit)}.`,
  ].join('\n\n');
}

function classText(target: Target, targets: readonly Target[], budget: Budget, settings: Settings): string {
  const n = countOf(targets, target.class);
  const allowed = allowance(budget, { risky: countOf(targets, 'risky'), safe: countOf(targets, 'safe') }, settings);
  const width = target.class === 'risky' ? 5 : 3;
  return (
    `**${target.class}** Rungs ${width} times as wide as the base percent. ${dollars(allowed.classBudget[target.class])} for the class, ` +
    `${dollars(allowed.tickerBudget[target.class])} for each of its ${n} traded symbol${n === 1 ? '' : 's'}.`
  );
}

function percentText(key: 'buy' | 'sell', target: Target, detail: SymbolDetail | null): string {
  const written = target[key];
  const override = detail?.override?.[key];
  if (typeof override === 'number' && override !== written) {
    const link = (title: string, command: string, ...given: string[]) =>
      `[${title}](command:dronebot.${command}?${encodeURIComponent(JSON.stringify([target.symbol, ...given]))})`;
    const links = `${link('Drop override', 'dropOverride')} · ${link(`Write ${basePercent(override)} here`, 'writeOverride', key)}`;
    return `**${basePercent(written)}** is not in force: the dashboard override of ${basePercent(override)} hides it. ${links}`;
  }
  const anchor = key === 'buy' ? buyAnchorPercent : sellAnchorPercent;
  const atZero = `${anchor(written, target.class, 0).toFixed(2)}%`;
  const where = key === 'buy' ? 'below' : 'above';
  const head = `**${basePercent(written)}** puts the ${key} anchor ${atZero} ${where} the reference at z 0`;
  const rungs = key === 'buy' ? detail?.buys : detail?.sells;
  const [first, last] = [rungs?.[0], rungs?.[6]];
  if (detail === null || first === undefined || last === undefined || detail.reference === null) return `${head}.`;
  const now = rungPercent(anchor(written, target.class, detail.z));
  const letter = key === 'buy' ? 'L' : 'U';
  const at = (value: number) => price(value, detail.decimals);
  return `${head}, ${now} now (z ${zScore(detail.z)}). ${letter}1 ${at(first.price)} to ${letter}7 ${at(last.price)}.`;
}

function clipText(
  clip: number,
  target: Target,
  targets: readonly Target[],
  budget: Budget,
  settings: Settings,
  detail: SymbolDetail | null,
): string {
  const full = clip * RUNG_CLIPS.reduce((sum, factor) => sum + factor, 0);
  const head = `**${dollars(clip)}** fixed. Full ladder ${dollars(full)} before rounding up to whole shares.`;
  const last = detail?.last;
  if (last === null || last === undefined) return head;
  const traded = { risky: countOf(targets, 'risky'), safe: countOf(targets, 'safe') };
  const share = allowance(budget, traded, settings).tickerBudget[target.class];
  return `${head} Computed it would be ${dollars(clipUsd(share, target.class, last, null, settings))}.`;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;
const countOf = (targets: readonly Target[], name: 'risky' | 'safe'): number =>
  targets.filter(target => target.class === name).length;
