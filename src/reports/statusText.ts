/**
 * The status bar item as text, tooltip and background: which account, is it alive, how is the day. It also finds the
 * words for a session's phase that progress and log share. It shows nothing itself.
 */
import type { Phase, SessionSnapshot } from '../shared/protocol';
import { ABSENT, clock, clockMinutes, count, dollars, duration, profit } from './format';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly background: 'none' | 'warning' | 'error';
}

/** `starting` stands for a session that has not sent its first snapshot. */
export function statusText(snapshot: SessionSnapshot | 'starting' | null): StatusText {
  if (snapshot === null) return plain('$(circle-outline) Dronebot', 'No session. Nothing trades.');
  if (snapshot === 'starting')
    return plain('$(sync~spin) Dronebot starting', 'The session is starting. No orders yet.');
  const mode = snapshot.mode;
  if (snapshot.phase === 'ended') return plain('$(circle-outline) Dronebot', 'The session has ended. Nothing trades.');
  if (snapshot.phase === 'stopping')
    return plain(`$(sync~spin) ${mode} stopping`, 'No new orders. The files are being closed.');
  if (snapshot.phase === 'linkLost') {
    const next = snapshot.nextTryAt;
    const again =
      typeof next === 'number' ? ` Next try in ${Math.max(0, Math.ceil((next - snapshot.t) / 1000))} s.` : '';
    const lost = snapshot.linkLostSince === null ? 'The link is lost.' : `Lost at ${clock(snapshot.linkLostSince)}.`;
    return {
      text: `$(debug-disconnect) ${mode} link lost`,
      tooltip: `${lost}${unprotected(snapshot)}${again}`,
      background: 'error',
    };
  }
  if (snapshot.killed) {
    const thrown = typeof snapshot.killedSince === 'number' ? `Thrown at ${clock(snapshot.killedSince)}. ` : '';
    return {
      text: `$(stop-circle) ${mode} kill switch`,
      tooltip: `${thrown}No buys until a person releases it. Exits go on.`,
      background: 'error',
    };
  }
  if (snapshot.phase !== 'trading') {
    const words = snapshot.phaseText === '' ? phaseWord(snapshot.phase) : snapshot.phaseText;
    return plain(`$(sync~spin) ${mode} ${words}`, phaseSentence(snapshot.phase, snapshot.phaseText));
  }
  return trading(snapshot);
}

/** A word or two for a phase, when the session says nothing more exact. */
export function phaseWord(phase: Phase): string {
  switch (phase) {
    case 'starting':
      return 'starting';
    case 'connecting':
      return 'connecting';
    case 'reconciling':
      return 'reconciling';
    case 'bars':
      return 'bars';
    case 'trading':
      return 'trading';
    case 'linkLost':
      return 'link lost';
    case 'stopping':
      return 'stopping';
    case 'ended':
      return 'ended';
  }
}

/** What a phase means, and that nothing is ordered yet: progress, tooltip and log say the same. */
export function phaseSentence(phase: Phase, phaseText: string): string {
  switch (phase) {
    case 'starting':
      return 'Reading the journal. No orders yet.';
    case 'connecting':
      return 'Connecting to the gateway. No orders yet.';
    case 'reconciling':
      return 'Comparing positions, open orders and executions. No orders before they agree.';
    case 'bars': {
      const [, done, all] = /(\d+)\/(\d+)/.exec(phaseText) ?? [];
      const progress =
        done === undefined || all === undefined ? 'Minute bars.' : `Minute bars, ${done} of ${all} symbols.`;
      return `${progress} No orders before they are complete.`;
    }
    case 'trading':
      return 'Trading.';
    case 'linkLost':
      return 'The link is lost. Nothing is sent.';
    case 'stopping':
      return 'Stopping. No new orders.';
    case 'ended':
      return 'The session has ended. Nothing trades.';
  }
}

/** `Regular hours, close in 4:17:43.` */
export function hoursSentence(snapshot: SessionSnapshot): string {
  const names = { preMarket: 'Before the open', regular: 'Regular hours', afterHours: 'After hours', closed: 'Closed' };
  const name = names[snapshot.session];
  if (snapshot.nextChange === null) return `${name}.`;
  const what = snapshot.session === 'regular' ? 'close' : 'open';
  return `${name}, ${what} in ${duration(snapshot.nextChange - snapshot.t)}.`;
}

function trading(snapshot: SessionSnapshot): StatusText {
  const { mode } = snapshot;
  const day = profit(snapshot.dayPnl);
  const background = mode === 'LIVE' ? 'warning' : 'none';
  const money = moneySentence(snapshot);
  if (snapshot.blind) {
    return {
      text: `$(eye-closed) ${mode} blind ${day}`,
      tooltip: `No live prices of any symbol. Ladder orders wait for them; a stop fires on the next price that reaches it. ${money}`,
      background: 'error',
    };
  }
  if (!snapshot.journalOk) {
    return {
      text: `$(error) ${mode} no buys ${day}`,
      tooltip: `The journal cannot be written, so nothing is bought. Exits go on. ${money}`,
      background: 'error',
    };
  }
  if (snapshot.lossLimitHit) {
    return {
      text: `$(debug-pause) ${mode} loss limit ${day}`,
      tooltip: `The day’s loss reached its limit of ${dollars(snapshot.dayLossLimit)}. Buys stay off today until you reset it. Exits go on.`,
      background: 'warning',
    };
  }
  if (snapshot.paused || snapshot.protectOnly) {
    const since = typeof snapshot.pausedSince === 'number' ? ` at ${clockMinutes(snapshot.pausedSince)}` : '';
    const text = snapshot.protectOnly ? 'protect only' : 'paused';
    const tooltip = snapshot.protectOnly
      ? 'Protect only: no buys. Exits go on.'
      : `Entries paused by you${since}. Exits go on.`;
    return { text: `$(debug-pause) ${mode} ${text} ${day}`, tooltip, background };
  }
  return {
    text: `$(pulse) ${mode} ${day}`,
    tooltip: `Account ${snapshot.accountTail}, connected to ${snapshot.endpoint}. ${money}`,
    background,
  };
}

function moneySentence(snapshot: SessionSnapshot): string {
  const { realizedToday, openPnl, commissionsToday, positions, used } = snapshot;
  const held = positions === 0 ? 'No positions.' : `${count(positions, 'position')}, ${dollars(used.all)}.`;
  return `Realized ${profit(realizedToday)}, open ${profit(openPnl)}, fees ${profit(-commissionsToday)}. ${held}`;
}

function unprotected({ positions }: SessionSnapshot): string {
  if (positions === 0) return '';
  return positions === 1 ? ' 1 position is without its stop.' : ` ${positions} positions are without their stops.`;
}

const plain = (text: string, tooltip: string): StatusText => ({
  text: text.replace(ABSENT, '').trimEnd(),
  tooltip,
  background: 'none',
});
