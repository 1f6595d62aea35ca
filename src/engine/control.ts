/**
 * What a person commands (§8): pause, resume, protect, flatten, kill switch and release, the day's loss reset, and what to do
 * with shares that the journal does not explain. Commands change state at once; orders follow at the next evaluation.
 */
import { Exact } from '../strategy/exact';
import type { SymbolBook } from '../strategy/book';
import { adopt, leaveAlone, tellUnexplained } from './adoption';
import type { Core } from './core';
import { dayPnl } from './day';
import type { ControlEvent } from './events';
import { cancelBuys } from './orders';
import { leaveStops } from './restingStops';

export function onControl(core: Core, e: ControlEvent): void {
  const book = e.symbol === undefined ? null : (core.books.get(e.symbol) ?? null);
  if (e.symbol !== undefined && !book) {
    core.notice('warning', 'unknownSymbol', e.symbol, { action: e.action });
    return;
  }
  switch (e.action) {
    case 'pause':
      return book ? pauseSymbol(core, book) : set(core, 'pause', () => pauseEntries(core, 'paused'));
    case 'resume':
      return book ? resumeSymbol(core, book) : set(core, 'resume', () => resumeEntries(core));
    case 'protect':
      return set(core, 'protect', () => pauseEntries(core, 'protectOnly'));
    case 'kill':
      set(core, 'kill', () => throwKillSwitch(core));
      return cancelBuys(core, 'kill');
    case 'release':
      return set(core, 'release', () => releaseKillSwitch(core));
    case 'resetLoss':
      return set(core, 'resetLoss', () => resetLoss(core));
    case 'flatten':
      return flatten(core, book ? [book] : core.order);
    case 'leaveStops':
      return leaveStops(core);
    case 'adopt':
      return book ? adopt(core, book, e.fromBrokerCost === true) : undefined;
    case 'leaveAlone':
      return book ? leaveAlone(core, book) : undefined;
  }
}

/** Switches that survive a restart. */
function set(core: Core, why: string, change: () => unknown): void {
  change();
  core.journal(why, { session: true });
  core.notice('info', why, null);
}

function pauseEntries(core: Core, how: 'paused' | 'protectOnly'): void {
  core.session[how] = true;
  core.session.pausedSince = core.t;
}

function resumeEntries(core: Core): void {
  core.session.paused = false;
  core.session.protectOnly = false;
  core.session.pausedSince = NaN;
}

function throwKillSwitch(core: Core): void {
  // Thrown again, as by its file at a start, it is on since the first time.
  if (!core.session.killed) core.session.killedSince = core.t;
  core.session.killed = true;
}

function releaseKillSwitch(core: Core): void {
  core.session.killed = false;
  core.session.killedSince = NaN;
}

/** The limit is measured afresh from here on: otherwise the next evaluation would hit it again. */
function resetLoss(core: Core): void {
  core.session.lossDay = NaN;
  core.session.lossForgiven = Exact.min(0, dayPnl(core));
}

function flatten(core: Core, books: readonly SymbolBook[]): void {
  const changed = books.filter(book => ownsOrBuys(book) && book.exit === null);
  for (const book of changed) book.exit = 'flatten';
  core.journal('flatten', { books: changed });
  core.notice('info', 'flatten', null, { positions: changed.length });
}

/** A buy that is on its way may still fill: what it brings is to be sold too. */
function ownsOrBuys({ position, inFlight }: SymbolBook): boolean {
  return position.shares > 0 || inFlight?.tag === 'ladder_buy';
}

/** Exits go on; a resume of the whole session does not end it. */
function pauseSymbol(core: Core, book: SymbolBook): void {
  book.isPausedByPerson = true;
  core.journal('pause', { books: [book] });
  core.notice('info', 'pause', book.symbol);
}

/** What the broker holds and nobody has explained stays in the way: it has ways out of its own, and they are said again. */
function resumeSymbol(core: Core, book: SymbolBook): void {
  book.pausedBefore = null;
  if (book.paused === 'unexplained' || book.paused === 'short') tellUnexplained(core, book);
  else book.paused = null;
  book.isPausedByPerson = false;
  book.rejects = 0;
  book.waits.delete('ladder_buy');
  core.journal('resume', { books: [book] });
  core.notice('info', 'resume', book.symbol);
}
