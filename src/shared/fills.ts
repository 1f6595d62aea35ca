/**
 * What the Fills page shows, as texts that are ready to show and series that are ready to draw, and the messages between it and
 * its host. Types only.
 */
import type { Cell, Tone } from './dashboard';

export interface FillsFigure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
}

export interface FillsTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** P&L over time; `null` is all symbols together. */
export interface FillsSeries {
  readonly symbol: string | null;
  /** Exchange time as if it were UTC, in seconds, rising: what the chart's axis shows. */
  readonly times: readonly number[];
  /** USD to the cent. */
  readonly realized: readonly number[];
  readonly after: readonly number[];
}

export interface FillsView {
  readonly title: string;
  readonly facts: string;
  /** Nothing to show: the page says how there will be. */
  readonly isEmpty: boolean;
  readonly figures: readonly FillsFigure[];
  /** Whole sentences: fees, holding times. */
  readonly notes: readonly string[];
  readonly series: readonly FillsSeries[];
  readonly symbols: FillsTable;
  /** The P&L after fees of each symbol, −1 to 1, the largest in size being 1: the bars beside the symbols. */
  readonly bars: readonly number[];
  readonly tables: readonly FillsTable[];
  /** Rows that were not read, by number and reason. */
  readonly skipped: readonly string[];
}

export type ToFills = { type: 'view'; view: FillsView };

/** Intents, checked by the host like any stranger's input. */
export type FromFills = { type: 'ready' } | { type: 'action'; action: 'otherFile' | 'again' | 'text' };
