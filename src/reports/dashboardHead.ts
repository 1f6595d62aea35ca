/**
 * The dashboard's head and the strips under it as texts: whose account, is it alive, what stands in the way, and what each
 * dangerous button asks before it does anything. Questions name account and size (docs/strategy.md section 8).
 */
import type { Head, Note, NoteButton, Question } from '../shared/dashboard';
import type { SessionSnapshot, SymbolSummary } from '../shared/protocol';
import { clock, count, dollars, duration, shares } from './format';
import { phaseSentence } from './statusText';

export function dashboardHead(snapshot: SessionSnapshot): Head {
  const isLinked = snapshot.phase !== 'linkLost' && snapshot.phase !== 'connecting' && snapshot.phase !== 'starting';
  return {
    mode: snapshot.mode,
    account: snapshot.accountTail,
    isLinked,
    link: linkText(snapshot),
    linkNote: isLinked ? `${snapshot.endpoint}, ${dataText(snapshot)}` : snapshot.endpoint,
    clock: `${clock(snapshot.t)} ET`,
    hours: hoursText(snapshot),
    isPaused: snapshot.paused || snapshot.protectOnly,
    isKilled: snapshot.killed,
    questions: {
      flatten: flattenQuestion(snapshot),
      kill: killQuestion(snapshot),
      release: {
        title: `Release the kill switch on ${nameOf(snapshot)}?`,
        text: `It buys again, up to ${dollars(snapshot.allowed.all)}.`,
        no: 'Leave it on',
        yes: 'Release the kill switch',
      },
      resume: {
        title: `Resume entries on ${nameOf(snapshot)}?`,
        text: `It buys again, up to ${dollars(snapshot.allowed.all)} in ${count(snapshot.symbols.length, 'symbol')}.`,
        no: 'Stay paused',
        yes: 'Resume entries',
      },
      stop: stopQuestion(snapshot),
    },
  };
}

export const nameOf = ({ mode, accountTail }: SessionSnapshot): string => `${mode} ${accountTail}`;

export function flattenQuestion(snapshot: SessionSnapshot, symbol?: string): Question {
  const held = heldOf(snapshot.symbols, symbol);
  const late =
    snapshot.session === 'regular' ? '' : ' It is outside regular hours: they are sold when the market opens.';
  return {
    title: `Flatten ${symbol ?? count(held.positions, 'position')} on ${nameOf(snapshot)}?`,
    text: `All ${shares(held.shares)} shares, about ${dollars(held.usd)}, are sold at the market’s price.${late} Buys wait until it is flat.`,
    no: 'Keep trading',
    yes: symbol === undefined ? 'Flatten all' : `Flatten ${symbol}`,
  };
}

function killQuestion(snapshot: SessionSnapshot): Question {
  const held = heldOf(snapshot.symbols);
  const exits =
    held.positions === 0
      ? ''
      : ` Exits for ${count(held.positions, 'position')} (${shares(held.shares)} shares, ${dollars(held.usd)}) go on.`;
  return {
    title: `Throw the kill switch on ${nameOf(snapshot)}?`,
    text: `No more buys in any symbol; working buys are cancelled.${exits} It stays on over restarts until a person releases it.`,
    no: 'Keep trading',
    yes: 'Throw the kill switch',
  };
}

function stopQuestion(snapshot: SessionSnapshot): Question {
  const held = heldOf(snapshot.symbols);
  return {
    title: `Stop the session on ${nameOf(snapshot)}?`,
    text:
      held.positions === 0
        ? 'Nothing is held.'
        : `${count(held.positions, 'position')} left, ${shares(held.shares)} shares, about ${dollars(held.usd)}. Nothing watches them afterwards.`,
    no: 'Keep trading',
    yes: 'Stop',
  };
}

export function heldOf(
  symbols: readonly SymbolSummary[],
  only?: string,
): { positions: number; shares: number; usd: number } {
  const held = symbols.filter(each => each.position > 0 && (only === undefined || each.symbol === only));
  return {
    positions: held.length,
    shares: held.reduce((sum, each) => sum + each.position, 0),
    usd: held.reduce((sum, each) => sum + each.position * (each.last ?? each.averageCost ?? 0), 0),
  };
}

function linkText(snapshot: SessionSnapshot): string {
  switch (snapshot.phase) {
    case 'trading':
      return 'Connected';
    case 'linkLost':
      return 'Link lost';
    case 'starting':
    case 'connecting':
      return 'Connecting';
    case 'reconciling':
      return 'Reconciling';
    case 'bars':
      return 'Loading bars';
    case 'stopping':
      return 'Stopping';
    case 'ended':
      return 'Ended';
  }
}

/** Delayed data is never traded: it is said as soon as one symbol has it. */
function dataText({ symbols }: SessionSnapshot): string {
  const traded = symbols.filter(symbol => symbol.state !== 'failed');
  const told = traded.filter(symbol => symbol.dataType !== null);
  if (told.length === 0) return 'no data yet';
  const notLive = told.filter(symbol => symbol.dataType !== 1).length;
  return notLive === 0 ? 'live data' : `${count(notLive, 'symbol')} without live data`;
}

function hoursText(snapshot: SessionSnapshot): string {
  const names = { preMarket: 'before the open', regular: 'regular hours', afterHours: 'after hours', closed: 'closed' };
  const name = names[snapshot.session];
  if (snapshot.nextChange === null) return name;
  const what = snapshot.session === 'regular' ? 'closes' : 'opens';
  return `${name}, ${what} in ${duration(snapshot.nextChange - snapshot.t)}`;
}

export function dashboardNotes(snapshot: SessionSnapshot): Note[] {
  const notes: Note[] = [];
  const add = (level: Note['level'], title: string, text: string, ...buttons: NoteButton[]) =>
    notes.push({ level, title, text, buttons });
  if (snapshot.phase === 'linkLost') addLost(snapshot, add);
  if (snapshot.phase === 'stopping' || snapshot.phase === 'ended')
    add(
      'warning',
      snapshot.phase === 'ended' ? 'The session has ended.' : 'Stopping.',
      snapshot.phase === 'ended' ? 'Nothing trades.' : phaseSentence(snapshot.phase, ''),
    );
  if (snapshot.killed)
    add(
      'error',
      `The kill switch is on${since(snapshot.killedSince)}.`,
      'No buys until a person releases it. Exits go on.',
      'release',
    );
  if (snapshot.protectOnly) add('warning', 'Protect only.', 'No buys. Exits go on.', 'resume');
  else if (snapshot.paused)
    add('warning', `Entries are paused${since(snapshot.pausedSince)}.`, 'Exits go on.', 'resume');
  if (snapshot.lossLimitHit)
    add(
      'error',
      `The day’s loss reached its limit of ${dollars(snapshot.dayLossLimit)}.`,
      'Buys stay off today. Exits go on.',
      'resetLoss',
    );
  if (snapshot.blind && snapshot.session === 'regular' && snapshot.phase === 'trading')
    add(
      'error',
      'No live prices of any symbol.',
      'Ladder orders wait for them. A stop fires on the next price that reaches it.',
      'log',
    );
  if (!snapshot.journalOk) add('error', 'The journal cannot be written.', 'Nothing is bought. Exits go on.', 'log');
  if (snapshot.rowsWaiting > 0)
    add(
      'warning',
      'fills_live.csv cannot be written.',
      `Another program has it open, often Excel. ${count(snapshot.rowsWaiting, 'row')} wait in memory and in the journal; trading goes on. Close the file.`,
    );
  for (const each of snapshot.notInForce)
    add('warning', `targets.txt line ${each.line + 1} is not in force:`, `${each.text}.`);
  return notes;
}

function addLost(
  snapshot: SessionSnapshot,
  add: (level: Note['level'], title: string, text: string, ...buttons: NoteButton[]) => void,
): void {
  const { positions, nextTryAt, linkLostSince, endpoint } = snapshot;
  const held =
    positions === 0
      ? ''
      : `${count(positions, 'position')} ${positions === 1 ? 'is without its stop' : 'are without their stops'} until it is back. `;
  const again =
    typeof nextTryAt === 'number' ? ` Next try in ${Math.max(0, Math.ceil((nextTryAt - snapshot.t) / 1000))} s.` : '';
  add(
    'error',
    `Link to ${endpoint} lost${linkLostSince === null ? '' : ` at ${clock(linkLostSince)}`}.`,
    `${held}Nothing is sent meanwhile.${again} Check that TWS is running and logged in.`,
    'retry',
    'log',
  );
}

const since = (t: number | null | undefined): string => (typeof t === 'number' ? ` since ${clock(t)}` : '');
