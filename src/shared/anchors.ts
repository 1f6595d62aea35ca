/**
 * What the thread that collects bars for the pre-session anchors is told and tells, and what their page shows. Plain data
 * and types only.
 */

/** One trading day of a symbol: the two anchors and the last regular close, null where there was no trade. */
export interface HeardDay {
  readonly day: number;
  readonly am: number | null;
  readonly pm: number | null;
  readonly lastClose: number | null;
  /** Minute bars of the regular hours. */
  readonly bars: number;
}

export interface HeardSymbol {
  readonly symbol: string;
  /** Null: not told, so the default bands count. */
  readonly ticks: readonly (readonly [number, number])[] | null;
  readonly days: readonly HeardDay[];
  /** Why something is missing, as a sentence without a dot; empty when nothing is. */
  readonly problem: string;
  /** The broker does not know the symbol: it is not traded, and the others share its budget. */
  readonly isUnknown: boolean;
}

/** A request that went out, for the pacing of the next run. */
export interface AskedRequest {
  readonly request: string;
  readonly series: string;
  readonly at: number;
}

export interface AnchorsRequest {
  readonly symbols: readonly string[];
  /** Day numbers, newest first; the last one is only compared with and asked for when all others are there. */
  readonly days: readonly number[];
  /** What an earlier run has heard already: not asked again. */
  readonly known: readonly HeardSymbol[];
  readonly asked: readonly AskedRequest[];
}

export interface AnchorsProgress {
  /** The symbol whose bars came last. */
  readonly symbol: string;
  readonly done: number;
  readonly of: number;
  /** `bars`: the days that the anchors need; `compare`: the day before. */
  readonly stage: 'bars' | 'compare';
  /** Over 0: IB's pacing lets nothing through for so long. */
  readonly waitingMs: number;
}

/** Messages between the page and its host. */
export interface AnchorsCell {
  readonly text: string;
  readonly tone?: 'up' | 'down' | 'dim' | 'warn';
}

export interface AnchorsViewRow {
  readonly symbol: string;
  readonly cells: readonly AnchorsCell[];
  /** False: nothing is known of it, and the note says why. */
  readonly hasPrices: boolean;
  readonly note: string;
}

export interface AnchorsView {
  readonly title: string;
  readonly notes: readonly string[];
  readonly isPartial: boolean;
  readonly tables: readonly {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly AnchorsViewRow[];
  }[];
}

export type ToAnchors = { type: 'view'; view: AnchorsView };

/** Intents, checked by the host like any stranger's input. */
export type FromAnchors =
  | { type: 'ready' }
  | { type: 'action'; action: 'copy' | 'saveCsv' | 'saveMarkdown' | 'again' }
  | { type: 'openLine'; symbol: string };
