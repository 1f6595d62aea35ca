/**
 * Pages over dashboard_snapshot.json alone: where no session runs here, they show what the file says, how old it is, and that
 * nothing can be changed. For VS Code and for the terminal; it imports no VS Code.
 */
import { dashboardView } from '../reports/dashboardModel';
import { dashboardDetail } from '../reports/dashboardDetail';
import { clock, elapsed } from '../reports/format';
import { FRESH_MS, type Followed, type FollowedSnapshot, type SnapshotFollower } from '../session/snapshotFollower';
import type { Capabilities, DashboardView, Note, ToDashboard } from '../shared/dashboard';
import type { DashboardDetail } from '../shared/dashboardDetail';
import type { SessionSnapshot } from '../shared/protocol';
import type { Watched, WatchingPage, WebSource } from '../web/source';
import { readIntent } from './dashboardIntents';

export const LOOK_ONLY: Capabilities = { act: false, adjust: false, edit: false, asks: 'home' };
const EVERY_MS = 1000;

export class SnapshotPages implements WebSource {
  constructor(
    private readonly follower: SnapshotFollower,
    private readonly now: () => number = Date.now,
  ) {}

  snapshot(): { text: string } | { reason: string } {
    const followed = this.follower.look();
    return followed.ok ? { text: JSON.stringify(followed.found.snapshot) } : { reason: followed.reason };
  }

  staleBecause(): string | null {
    return this.follower.staleBecause();
  }

  watch(page: WatchingPage): Watched {
    const send = (message: ToDashboard, kind: string | null) => page.send(JSON.stringify(message), kind);
    let open: string | null = null;
    const show = () => {
      const [followed, now] = [this.follower.look(), this.now()];
      send({ type: 'view', view: fileView(followed, now) }, 'view');
      if (open !== null) send({ type: 'detail', symbol: open, detail: fileDetail(followed, open, now) }, 'detail');
    };
    const timer = setInterval(show, EVERY_MS);
    show();
    return {
      hear: asked => {
        const intent = readIntent(asked);
        if (intent?.type === 'open') {
          open = intent.symbol;
          show();
        } else if (intent?.type === 'preview') send({ type: 'preview', id: intent.id, preview: null }, null);
        else if (intent !== null && 'id' in intent) {
          const text = 'No session runs here, so nothing can be changed';
          send({ type: 'answer', id: intent.id, outcome: 'refused', text }, null);
        }
      },
      close: () => clearInterval(timer),
    };
  }
}

export function fileView(followed: Followed, now: number): DashboardView {
  if (!followed.ok) {
    const options = { can: LOOK_ONLY, isStarting: false, polite: '', idleText: `${followed.reason}.` };
    return dashboardView(null, options);
  }
  const { found } = followed;
  const ageMs = Math.max(0, now - found.savedAt);
  const isNow = ageMs <= FRESH_MS && found.snapshot.phase !== 'ended';
  const shown = isNow ? found.snapshot : asItWas(found.snapshot, ageMs);
  const view = dashboardView(shown, { can: LOOK_ONLY, isStarting: false, polite: '' });
  const head =
    isNow || view.head === null
      ? view.head
      : { ...view.head, isLinked: false, link: 'Not live', linkNote: `${elapsed(ageMs)} old`, hours: 'as it was then' };
  return { ...view, head, notes: [fileNote(found, ageMs, isNow), ...view.notes] };
}

/** Ladders and why not as they were when the session took them; null when the file does not have them. */
export function fileDetail(followed: Followed, symbol: string, now: number): DashboardDetail | null {
  const saved = followed.ok ? followed.found.details.find(each => each.detail.symbol === symbol) : undefined;
  if (!followed.ok || saved === undefined) return null;
  const { snapshot, savedAt } = followed.found;
  const view = dashboardDetail(saved.detail, snapshot);
  // How long before the snapshot, by the session's own clock, and how old that is by this machine's.
  const ageMs = Math.max(0, now - savedAt + snapshot.t - saved.t);
  const asOf = `As it was at ${clock(saved.t)} ET, ${elapsed(ageMs)} ago. The price chart needs a session.`;
  return { ...view, hasChart: false, notes: [asOf, ...view.notes] };
}

function fileNote({ snapshot }: FollowedSnapshot, ageMs: number, isNow: boolean): Note {
  const from = 'From dashboard_snapshot.json';
  if (isNow) {
    return {
      level: 'warning',
      title: 'Only to look at.',
      text: `${from}, which a session in another window or program writes.`,
      buttons: [],
    };
  }
  const what = snapshot.phase === 'ended' ? '' : ' No session writes it any more.';
  return { level: 'warning', title: `${elapsed(ageMs)} old.`, text: `${from}.${what}`, buttons: [] };
}

/** What was ready then is not ready now, and every price is as old as the file. */
function asItWas(snapshot: SessionSnapshot, ageMs: number): SessionSnapshot {
  return {
    ...snapshot,
    phase: LOADING.includes(snapshot.phase) ? 'trading' : snapshot.phase,
    entryReady: 0,
    trimReady: 0,
    velocityActive: 0,
    velocityPrimed: 0,
    symbols: snapshot.symbols.map(symbol => ({
      ...symbol,
      state: PASSING.includes(symbol.state) ? 'quiet' : symbol.state,
      velocity: 'none',
      ageMs: symbol.ageMs === null ? null : symbol.ageMs + ageMs,
    })),
  };
}

const LOADING: readonly string[] = ['starting', 'connecting', 'reconciling', 'bars'];
const PASSING: readonly string[] = ['flat', 'holding', 'entryReady', 'trimReady', 'waiting'];
