/**
 * `Dronebot: Launcher`: every command of the palette in one list, in the order of a trader's day, with what cannot run now
 * and why. The commands and their conditions are the manifest's; here are the groups, one sentence for each and the words
 * of a condition that does not hold.
 */
import { unmetParts, type Context } from './whenClause';

/** A command as the manifest declares it. */
export interface DeclaredCommand {
  /** Without `dronebot.`. */
  readonly id: string;
  readonly title: string;
  readonly icon?: string;
  readonly enablement?: string;
}

export interface LauncherFacts {
  readonly context: Context;
  readonly isTrusted: boolean;
  /** Folders on a disk that Dronebot can write to. */
  readonly nFolders: number;
  readonly hasTargets: boolean;
  /** Files of a day that an archive could take. */
  readonly hasDayFiles: boolean;
  readonly broker: 'simulator' | 'ib';
}

export type LauncherRow =
  | { readonly kind: 'group'; readonly label: string }
  | {
      readonly kind: 'command';
      readonly id: string;
      readonly label: string;
      readonly description: string;
      readonly detail: string;
      /** Why it cannot run now; null when it can. */
      readonly blocked: string | null;
    };

type Need = 'folder' | 'trust' | 'targets' | 'dayFiles';
interface Entry {
  readonly id: string;
  readonly detail: string | ((facts: LauncherFacts) => string);
  readonly needs?: readonly Need[];
}
interface Group {
  readonly label: string;
  readonly entries: readonly Entry[];
}

const TO_START: readonly Need[] = ['folder', 'trust', 'targets'];

const startsOn = ({ broker }: LauncherFacts): string =>
  broker === 'ib' ? 'TWS or IB Gateway, as dronebot.broker says' : 'the simulator, as dronebot.broker says';

const MORNING: Group = {
  label: 'Start of day',
  entries: [
    {
      id: 'startOfDay',
      detail: f => `Anchors, then the dashboard, then Start Live on ${startsOn(f)}`,
      needs: TO_START,
    },
    { id: 'start', detail: f => `On ${startsOn(f)}`, needs: TO_START },
    { id: 'startSimulator', detail: 'A simulated day over a real socket: no broker, no money', needs: TO_START },
    { id: 'startIb', detail: 'TWS or IB Gateway; a live account asks for its name', needs: TO_START },
    { id: 'anchors', detail: 'The 14 rungs of each symbol from the previous day’s windows', needs: TO_START },
    { id: 'createTargets', detail: 'The file that lists what is traded, with an example', needs: [] },
  ],
};
const LOOK: Group = {
  label: 'Look',
  entries: [
    { id: 'openDashboard', detail: 'All symbols, their ladders, and why nothing is ordered now' },
    { id: 'why', detail: 'Every condition of a symbol’s next orders, unmet ones first' },
    { id: 'openChart', detail: 'The dashboard with a symbol opened: its price, the 14 rungs, the fills' },
    { id: 'serveDashboard', detail: 'The same page in a browser, for a second screen or a phone' },
    { id: 'stopServing', detail: 'Ends the page in the browser' },
    { id: 'openTargets', detail: 'Point at a line for its rungs', needs: ['folder'] },
    { id: 'previewChanges', detail: 'What the file in the editor would change', needs: ['folder', 'targets'] },
    { id: 'copyLadder', detail: 'The 14 rungs of a symbol as text', needs: ['folder', 'targets'] },
    { id: 'copyLadderMarkdown', detail: 'The 14 rungs of a symbol as a table', needs: ['folder', 'targets'] },
  ],
};
const RISK: Group = {
  label: 'Less risk',
  entries: [
    { id: 'pause', detail: 'No buys until you resume; exits go on' },
    { id: 'resume', detail: 'Buys go on' },
    { id: 'protect', detail: 'Exits only' },
    { id: 'flatten', detail: 'Sells everything the bot owns; asks first' },
    { id: 'kill', detail: 'Stops every buy, over restarts, until a person releases it; asks first' },
    { id: 'release', detail: 'Buys are possible again; asks first' },
    { id: 'resetLoss', detail: 'Allows buys again on a day whose loss reached the limit; asks first' },
    { id: 'pauseSymbol', detail: 'No buys of one symbol until you resume it; its exits go on' },
    {
      id: 'resumeSymbol',
      detail: 'Allows a symbol’s buys again: after your pause, rejects, or fewer shares than the bot’s',
    },
    { id: 'dropOverride', detail: 'The line of targets.txt counts again' },
    { id: 'stop', detail: 'Ends the session and says what stays behind' },
  ],
};
const EVENING: Group = {
  label: 'End of day',
  entries: [
    {
      id: 'endOfDay',
      detail: 'Reviews the fills, then archives the day’s files by date',
      needs: ['folder', 'dayFiles'],
    },
    { id: 'reviewFills', detail: 'What was bought and sold, and what it brought' },
    { id: 'openFills', detail: 'Profit and loss over time and by symbol, as a page' },
    { id: 'importPythonBot', detail: 'Takes over files and settings of the earlier bot', needs: ['folder', 'trust'] },
  ],
};
const MORE = 'More';
const MORE_ENTRIES: readonly Entry[] = [
  { id: 'newSimulatedDay', detail: 'The simulated account starts anew', needs: TO_START },
  { id: 'chooseFolder', detail: 'When several open folders have a targets file', needs: ['folder', 'trust'] },
  { id: 'openSimulator', detail: 'The simulated gateway alone, for any TWS client' },
  { id: 'closeSimulator', detail: 'Ends the one that was started by itself' },
  { id: 'openWalkthrough', detail: 'The first five minutes, step by step' },
  { id: 'openSettings', detail: 'Connection, money, limits' },
  { id: 'showLog', detail: 'What the session has said so far' },
];

/** What a command does, in a sentence; empty for one that no group names. */
export function commandDetail(id: string, facts: LauncherFacts): string {
  const groups = [MORNING, LOOK, RISK, EVENING].flatMap(group => group.entries);
  if (id === 'launcher') return 'Everything below in one list, with what cannot run now and why';
  const detail = [...groups, ...MORE_ENTRIES].find(entry => entry.id === id)?.detail ?? '';
  return typeof detail === 'string' ? detail : detail(facts);
}

/** @param commands those of the palette, in the manifest's order; one that no group names comes last */
export function launcherRows(commands: readonly DeclaredCommand[], facts: LauncherFacts): LauncherRow[] {
  const isIdle = (facts.context['dronebot.state'] ?? 'idle') === 'idle';
  const groups = isIdle ? [MORNING, EVENING, LOOK, RISK] : [LOOK, RISK, MORNING, EVENING];
  const named = new Set([...groups.flatMap(group => group.entries), ...MORE_ENTRIES].map(({ id }) => id));
  const others = commands.filter(({ id }) => id !== 'launcher' && !named.has(id)).map(({ id }) => ({ id, detail: '' }));
  return [...groups, { label: MORE, entries: [...MORE_ENTRIES, ...others] }].flatMap(({ label, entries }) => {
    const rows = entries.flatMap(entry => {
      const command = commands.find(({ id }) => id === entry.id);
      return command === undefined ? [] : [rowOf(command, entry, facts)];
    });
    return rows.length === 0 ? [] : [{ kind: 'group' as const, label }, ...rows];
  });
}

function rowOf({ id, title, icon, enablement }: DeclaredCommand, entry: Entry, facts: LauncherFacts): LauncherRow {
  const blocked = lacking(entry.needs ?? [], facts) ?? blockedBy(enablement ?? '', facts.context);
  const sign = blocked === null ? (icon ?? '$(blank)') : '$(circle-slash)';
  return {
    kind: 'command',
    id,
    label: `${sign} ${title}`,
    description: blocked === null ? '' : `not now: ${blocked}`,
    detail: typeof entry.detail === 'string' ? entry.detail : entry.detail(facts),
    blocked,
  };
}

function lacking(needs: readonly Need[], facts: LauncherFacts): string | null {
  if (needs.includes('folder') && facts.nFolders === 0) return 'no folder on this machine is open';
  if (needs.includes('trust') && !facts.isTrusted) return 'this folder is in Restricted Mode';
  if (needs.includes('targets') && !facts.hasTargets) return 'there is no targets.txt in this folder';
  if (needs.includes('dayFiles') && !facts.hasDayFiles) return 'no session has written files here';
  return null;
}

function blockedBy(enablement: string, context: Context): string | null {
  const [part] = unmetParts(enablement, context);
  if (part === undefined) return null;
  return conditionWords(part, String(context['dronebot.state'] ?? 'idle')) ?? `it needs ${part}`;
}

/** Why a part of a condition does not hold; undefined for one that has no words. */
export function conditionWords(part: string, state: string): string | undefined {
  const words: Readonly<Record<string, string>> = {
    'dronebot.state == running':
      state === 'starting'
        ? 'the session is still starting'
        : state === 'stopping'
          ? 'the session is stopping'
          : 'no session is running',
    'dronebot.state == idle': state === 'stopping' ? 'the session is stopping' : 'a session is running',
    'dronebot.state != idle': 'no session is running',
    '!dronebot.state': 'a session is running',
    'dronebot.state': 'no session is running',
    'dronebot.killed': 'the kill switch is off',
    '!dronebot.killed': 'the kill switch is on already',
    'dronebot.serving': 'the dashboard is not served',
    'dronebot.simulatorRuns': 'no simulator was started by itself',
    '!dronebot.simulatorRuns': 'a simulator runs already',
    'dronebot.paused': 'entries are not paused',
    '!dronebot.paused': 'entries are paused already',
  };
  return words[part];
}
