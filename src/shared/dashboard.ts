/**
 * What the dashboard shows, as texts that are ready to show, and the messages between it and the host. Types only: numbers
 * are formatted in one place (src/reports), and the page is a function of the last view.
 */

/** Said by a sign, word or shape too; colour only repeats it. */
export type Tone = 'none' | 'up' | 'down' | 'owned' | 'protect' | 'warn' | 'dim';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
}

export interface DashboardRow {
  readonly symbol: string;
  readonly class: string;
  readonly state: { readonly mark: string; readonly text: string; readonly tone: Tone };
  /** In the order of `columns`. */
  readonly cells: readonly Cell[];
  readonly title: string;
}

export interface DashboardView {
  /** `idle`: no session; the page says how to start one. */
  readonly status: 'idle' | 'starting' | 'running';
  readonly mode: string;
  readonly account: string;
  readonly link: string;
  readonly linkTone: Tone;
  readonly hours: string;
  readonly figures: readonly Figure[];
  readonly columns: readonly string[];
  readonly rows: readonly DashboardRow[];
  /** What stands in the way of buys, or other things to know; empty when all is well. */
  readonly warnings: readonly string[];
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canRelease: boolean;
  /** The newest fill or link change, for screen readers. */
  readonly polite: string;
}

export type ToDashboard = { type: 'view'; view: DashboardView };

/** Intents, checked by the host like any stranger's input. */
export type FromDashboard =
  | { type: 'ready' }
  | { type: 'command'; command: 'start' | 'pause' | 'resume' | 'flatten' | 'kill' | 'release' | 'stop' }
  | { type: 'openLine'; symbol: string };
