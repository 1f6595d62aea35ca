/**
 * What the dashboard shows, as texts that are ready to show, and the messages between the page and its home. Types only:
 * numbers are formatted in one place (src/reports), and the page is a function of the newest of each kind of message. The same
 * page runs in a VS Code panel and over HTTP; `can` says what its home allows.
 */

import type { DashboardChart, DashboardDetail, PreviewView } from './dashboardDetail';

/** Said by a sign, word or shape too; colour only repeats it. */
export type Tone = 'none' | 'buy' | 'sell' | 'up' | 'down' | 'owned' | 'protect' | 'warn' | 'error' | 'dim';

/** The shapes that the page can draw. */
export type Icon =
  'up' | 'down' | 'dot' | 'ring' | 'clock' | 'pause' | 'x' | 'check' | 'arrow' | 'shield' | 'halt' | 'fold' | 'link';

export type Side = 'buy' | 'sell';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

/** A label and what it says; `isAmount` is hidden by the privacy switch. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone?: Tone;
  readonly note?: string;
  readonly isAmount?: boolean;
}

// --- what the page's home allows

export interface Capabilities {
  /** Pause, resume, flatten, kill, release and stop. */
  readonly act: boolean;
  /** Overrides of buy and sell percent. */
  readonly adjust: boolean;
  /** Write an override into targets.txt, open its lines, the log, the fill review: only where there is an editor. */
  readonly edit: boolean;
  /**
   * Who asks before flatten, kill, release and stop: the page with its own strip, or its home (VS Code's modal, which alone
   * decides on a live account). The home checks in any case.
   */
  readonly asks: 'page' | 'home';
}

// --- the page as a whole

export interface DashboardView {
  /** `idle`: no session. `noFile`: there is no targets.txt either. `starting`: before the first orders can go. */
  readonly status: 'idle' | 'noFile' | 'starting' | 'running';
  readonly can: Capabilities;
  /** Null while nothing is known of a session. */
  readonly head: Head | null;
  /** What stands in the way, or is to be known; empty when all is well. */
  readonly notes: readonly Note[];
  readonly figures: Figures | null;
  readonly rows: readonly DashboardRow[];
  readonly constants: readonly Fact[];
  /** The steps of a start, while `starting`. */
  readonly steps: readonly LoadStep[];
  /** What waits in targets.txt, while `idle`. */
  readonly idleText: string;
  /** The newest fill or link change, for screen readers. */
  readonly polite: string;
}

export interface Head {
  readonly mode: 'SIM' | 'PAPER' | 'LIVE';
  /** `···4417` */
  readonly account: string;
  readonly isLinked: boolean;
  /** `Connected` */
  readonly link: string;
  /** `127.0.0.1:7497, live data` */
  readonly linkNote: string;
  /** `11:42:17 ET` */
  readonly clock: string;
  /** `regular hours, closes in 4:17:43` */
  readonly hours: string;
  /** No buys because a person paused them or wants protection only. */
  readonly isPaused: boolean;
  readonly isKilled: boolean;
  /** What each question of the danger strip says, in words that name account and size. */
  readonly questions: Readonly<Record<'flatten' | 'kill' | 'release' | 'resume' | 'stop', Question>>;
}

export interface Question {
  readonly title: string;
  readonly text: string;
  /** The safe answer, and the one that does it. */
  readonly no: string;
  readonly yes: string;
}

export interface Note {
  readonly level: 'warning' | 'error';
  readonly title: string;
  readonly text: string;
  /** Buttons: `log` shows the log, `release`, `resume` and `resetLoss` act, `retry` tries to connect at once. */
  readonly buttons: readonly NoteButton[];
}

export type NoteButton = 'log' | 'release' | 'resume' | 'resetLoss' | 'retry';

export interface Figures {
  readonly day: Cell;
  /** `realized +$98.46 · open +$251.61 · fees −$26.55` */
  readonly dayNote: string;
  readonly capital: readonly Capital[];
  /** Each is a filter of the table. */
  readonly counts: readonly Count[];
}

export interface Capital {
  readonly label: string;
  readonly used: string;
  readonly of: string;
  /** 0 to 100. */
  readonly percent: number;
}

export type Filter = 'entry' | 'trim' | 'velocity' | 'look';

export interface Count {
  readonly filter: Filter;
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
}

// --- a row a symbol

export type SortKey =
  | 'symbol'
  | 'state'
  | 'last'
  | 'reference'
  | 'nextBuy'
  | 'nextSell'
  | 'z'
  | 'layers'
  | 'position'
  | 'average'
  | 'open'
  | 'realized'
  | 'clip'
  | 'spread'
  | 'age';

export type RowKind =
  'hold' | 'flat' | 'entry' | 'trim' | 'quiet' | 'pause' | 'fail' | 'exit' | 'halt' | 'wind' | 'wait';

export interface NextRung {
  /** `L3` */
  readonly rung: string;
  readonly price: string;
  /** `−3.68%`, or `touched` and `hit` once it is there. */
  readonly where: string;
  readonly isThere: boolean;
}

export interface DashboardRow {
  readonly symbol: string;
  readonly class: 'risky' | 'safe';
  readonly kind: RowKind;
  readonly icon: Icon;
  readonly state: string;
  /** Why, in words; the whole row of a symbol that is not traded. */
  readonly reason: string;
  /** `line 12` of targets.txt; empty when it is not listed. */
  readonly line: string;
  readonly last: string;
  readonly velocity: 'none' | 'primed' | 'active';
  /** `+9 bp in 10 s` */
  readonly velocityText: string;
  readonly reference: string;
  readonly nextBuy: NextRung | null;
  readonly nextSell: NextRung | null;
  /** Buy and sell rungs cross, or two rungs share a price. */
  readonly isOverlap: boolean;
  readonly z: string;
  readonly held: number;
  readonly touched: number;
  readonly hit: number;
  readonly position: Cell;
  readonly average: Cell;
  readonly open: Cell;
  readonly realized: Cell;
  readonly clip: string;
  readonly isClipFixed: boolean;
  readonly spread: string;
  readonly age: string;
  /** Numbers that the columns are sorted by, in the order of SORT_KEYS of the model; null sorts last. */
  readonly sort: Readonly<Record<SortKey, number | string | null>>;
  readonly filters: readonly Filter[];
}

/** Of one symbol: closes since 09:30, at most 80 of them, and the reference, each as a share (0 top, 1 bottom) of the height. */
export interface Spark {
  readonly closes: readonly number[];
  readonly reference: number | null;
}

export interface LoadStep {
  readonly state: 'done' | 'now' | 'wait';
  readonly text: string;
  readonly note: string;
  /** 0 to 100 while it can be counted. */
  readonly percent: number | null;
  readonly symbols: readonly { readonly symbol: string; readonly isDone: boolean }[];
}

// --- messages

export type ToDashboard =
  | { type: 'view'; view: DashboardView }
  /** Of the symbol that is open; null when no session knows it. */
  | { type: 'detail'; symbol: string; detail: DashboardDetail | null }
  | { type: 'chart'; chart: DashboardChart }
  | { type: 'sparks'; sparks: Readonly<Record<string, Spark>> }
  /** Somebody asked for this symbol elsewhere: it is opened as if its row had been chosen. */
  | { type: 'show'; symbol: string }
  | { type: 'preview'; id: number; preview: PreviewView | null }
  /**
   * To an intent with this id. `taken`: done, or written and on its way into the engine (the badge waits for the detail that
   * has it). `asked`: a person is asked in VS Code first. `refused`: with the reason.
   */
  | { type: 'answer'; id: number; outcome: 'taken' | 'asked' | 'refused'; text: string }
  /** Said by the page's own transport when its home cannot be heard; `expired`: it answers, and not to this page's token. */
  | { type: 'connection'; state: 'up' | 'reconnecting' | 'expired' };

export type Action = 'pause' | 'resume' | 'flatten' | 'kill' | 'release' | 'resetLoss' | 'stop' | 'retry';

/** Commands of VS Code that change nothing by themselves; only where `can.edit`. */
export type PageCommand =
  | 'start'
  | 'startSimulator'
  | 'startIb'
  | 'createTargets'
  | 'openTargets'
  | 'openLine'
  | 'showLog'
  | 'reviewFills'
  | 'copyLadder';

/** Intents, checked by the home like any stranger's input. */
export type FromDashboard =
  /** Everything is sent anew. */
  | { type: 'ready' }
  | { type: 'refresh' }
  /** This symbol is open and wants detail and chart; null: none is. */
  | { type: 'open'; symbol: string | null }
  /** `isConfirmed`: the person has said yes to the page's own question. */
  | { type: 'act'; id: number; action: Action; symbol?: string; isConfirmed: boolean }
  | { type: 'setOverride'; id: number; symbol: string; side: Side; value: number }
  | { type: 'dropOverride'; id: number; symbol: string; side: Side }
  | { type: 'writeOverride'; id: number; symbol: string; side: Side }
  | { type: 'preview'; id: number; symbol: string; side: Side; value: number }
  | { type: 'command'; command: PageCommand; symbol?: string };
