/**
 * The dashboard's page as texts: head, notes, figures, a row per symbol, constants in force. Built anew from each snapshot, so
 * that the page can be a function of it. It decides nothing and holds no markup; one symbol in full is dashboardDetail.ts.
 */
import type { Capabilities, Capital, Count, DashboardView, Fact, Figures, Filter, Tone } from '../shared/dashboard';
import type { SessionSnapshot } from '../shared/protocol';
import { dashboardHead, dashboardNotes } from './dashboardHead';
import { dashboardRow, filtersOf, profitTone } from './dashboardRows';
import { loadSteps } from './dashboardSteps';
import { dollars, profit } from './format';

export interface ViewOptions {
  readonly can: Capabilities;
  /** A session is on its way but has said nothing yet. */
  readonly isStarting: boolean;
  readonly polite: string;
  /** What an idle page says of targets.txt; null when there is no such file. */
  readonly idleText?: string | null;
}

export function dashboardView(snapshot: SessionSnapshot | null, options: ViewOptions): DashboardView {
  const { can, isStarting, polite, idleText = '' } = options;
  const base = { can, polite, idleText: idleText ?? '', constants: [], notes: [], rows: [], head: null, figures: null };
  if (snapshot === null) {
    const status = isStarting ? 'starting' : idleText === null ? 'noFile' : 'idle';
    return { ...base, status, steps: isStarting ? loadSteps(null) : [] };
  }
  const isLoading = LOADING.includes(snapshot.phase);
  return {
    ...base,
    status: isLoading ? 'starting' : 'running',
    head: dashboardHead(snapshot),
    notes: dashboardNotes(snapshot),
    figures: isLoading ? null : figures(snapshot),
    rows: isLoading ? [] : snapshot.symbols.map(symbol => dashboardRow(symbol, snapshot)),
    constants: constants(snapshot),
    steps: isLoading ? loadSteps(snapshot) : [],
  };
}

const LOADING: readonly SessionSnapshot['phase'][] = ['starting', 'connecting', 'reconciling', 'bars'];

function figures(snapshot: SessionSnapshot): Figures {
  const { realizedToday, openPnl, commissionsToday } = snapshot;
  const isLost = snapshot.phase === 'linkLost';
  const count = (filter: Filter, label: string, tone: Tone, note?: string): Count => {
    const names = snapshot.symbols
      .filter(symbol => filtersOf(symbol, snapshot).includes(filter))
      .map(each => each.symbol);
    const shown = names.length > 4 ? `${names.slice(0, 3).join(', ')} +${names.length - 3}` : names.join(', ');
    // What is ready was ready when the link was lost: nobody knows what is now.
    if (isLost && filter !== 'look') return { filter, label, value: '–', note: '', tone: 'dim' };
    return { filter, label, value: String(names.length), note: note ?? shown, tone: names.length === 0 ? 'dim' : tone };
  };
  const active = snapshot.velocityActive;
  return {
    day: { text: profit(snapshot.dayPnl), tone: profitTone(snapshot.dayPnl) },
    dayNote: `realized ${profit(realizedToday)} · open ${profit(openPnl)} · fees ${profit(-commissionsToday)}`,
    capital: [capital(snapshot, 'risky'), capital(snapshot, 'safe')],
    counts: [
      count('entry', 'Entry-ready', 'buy'),
      count('trim', 'Trim-ready', 'sell'),
      {
        ...count('velocity', 'Velocity', 'none', `${snapshot.velocityPrimed} primed`),
        ...(isLost ? {} : { value: String(active) }),
      },
      count('look', 'Needs a look', 'warn'),
    ],
  };
}

function capital({ used, allowed }: SessionSnapshot, name: 'risky' | 'safe'): Capital {
  const percent = allowed[name] > 0 ? Math.min(100, Math.max(0, (used[name] / allowed[name]) * 100)) : 0;
  return {
    label: name === 'risky' ? 'Risky capital' : 'Safe capital',
    used: dollars(used[name]),
    of: `of ${dollars(allowed[name])}`,
    percent: Math.round(percent * 10) / 10,
  };
}

/** Numbers in force that no row shows. */
function constants({ constants: c, dayLossLimit }: SessionSnapshot): Fact[] {
  if (c === undefined) return [];
  return [
    { label: 'Rung width', value: `risky ×${c.width.risky}, safe ×${c.width.safe}` },
    { label: 'Clip factor', value: `risky ×${c.clipFactor.risky}, safe ×${c.clipFactor.safe}` },
    { label: 'Spread for buys', value: `${c.spreadBp.risky} bp, ${c.spreadBp.safe} bp` },
    { label: 'Hard stop', value: `${c.hardStopPercent}%` },
    {
      label: 'Trail',
      value: `${c.trailPercent}%, armed ${c.trailArmPercent === 0 ? 'at once' : `at +${c.trailArmPercent}%`}`,
    },
    { label: 'Trim', value: `${c.trimPercent}% at +${c.trimBp} bp` },
    { label: 'Utilization', value: `${Math.round(c.utilization * 1000) / 10}%` },
    { label: 'Cooldown', value: `${c.cooldownSeconds} s` },
    { label: 'Clip', value: `${dollars(c.clip.min)} to ${dollars(c.clip.max)}` },
    { label: 'Day’s loss limit', value: dollars(dayLossLimit), isAmount: true },
  ];
}
