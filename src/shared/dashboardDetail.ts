/**
 * One symbol opened on the dashboard: its ladders, steppers, why not, chart, and what a draft value would do. Types only, texts
 * ready to show, as in dashboard.ts.
 */
import type { Cell, Fact, Question, RowKind, Side } from './dashboard';

// --- one symbol opened

export interface DashboardDetail {
  readonly symbol: string;
  readonly kind: RowKind;
  readonly last: string;
  /** `+2.08%` since the previous close, and `from 12.51`; empty while that is not known. */
  readonly change: Cell;
  readonly changeFrom: string;
  readonly facts: readonly Fact[];
  /** `line 4`; empty when it is not listed. */
  readonly line: string;
  readonly isPaused: boolean;
  readonly isHeld: boolean;
  readonly flatten: Question;
  readonly resume: Question;
  /** What is to be known of this symbol: why buys are paused, that rungs overlap. */
  readonly notes: readonly string[];
  /** `z +0.38 makes the buy anchor 3.285% and the sell anchor 2.829%` */
  readonly ladderNote: string;
  readonly ladder: readonly LadderRow[];
  readonly sums: readonly Fact[];
  readonly fills: readonly FillLine[];
  readonly steppers: Readonly<Record<Side, StepperView>>;
  /** `times 5 for risky` */
  readonly stepperNote: string;
  readonly why: readonly WhyGroup[];
  /** Stands in place of `why` while nothing at all can be bought or sold; else empty. */
  readonly whyNote: string;
  readonly levels: readonly Level[];
  readonly markers: readonly Marker[];
  /** Minute bars follow; a snapshot file has none. */
  readonly hasChart: boolean;
}

export interface LadderRow {
  readonly rung: number;
  readonly isAnchor: boolean;
  readonly buy: LadderSide;
  readonly sell: LadderSide;
}

export interface LadderSide {
  readonly state: 'held' | 'next' | 'touched' | 'hit' | 'untouched';
  /** `held`, `next`; what a sell rung sells: `L2, next`. */
  readonly text: string;
  readonly shares: string;
  readonly usd: string;
  readonly percent: string;
  readonly toLast: string;
  readonly price: string;
}

export interface FillLine {
  readonly time: string;
  readonly side: Side;
  readonly shares: string;
  readonly price: string;
  readonly tag: string;
  readonly realized: Cell;
}

export interface StepperView {
  readonly label: string;
  /** In force, as text and number. */
  readonly value: string;
  readonly number: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** `0.10 to 10.00` */
  readonly range: string;
  readonly isOverride: boolean;
  /** What targets.txt says, and since when what is in force. */
  readonly message: string;
  /** `line 4` when the override can be written there; empty otherwise. */
  readonly writeTo: string;
}

export interface WhyGroup {
  readonly kind: 'buy' | 'sell' | 'protection';
  readonly title: string;
  readonly note: string;
  /** The note names shares: the privacy switch hides it. */
  readonly noteIsAmount: boolean;
  readonly conditions: readonly Condition[];
}

/** `idle`: asked only at the rung, or waits by design, as a stop does. */
export interface Condition {
  readonly mark: 'met' | 'unmet' | 'idle';
  readonly label: string;
  readonly found: string;
  readonly needed: string;
  /** Of shares or USD: the privacy switch hides them. */
  readonly isAmount?: boolean;
}

// --- the price chart

export type LevelKind = 'buy' | 'sell' | 'reference' | 'average' | 'stop' | 'trail' | 'last';

export interface Level {
  readonly kind: LevelKind;
  /** `L3`, `Avg` */
  readonly name: string;
  readonly price: number;
  readonly text: string;
  /** Solid: held or hit. Dashed: next. Dotted and short: the others. */
  readonly line: 'solid' | 'dashed' | 'dotted' | 'dashDot' | 'none';
  /** Where the line begins, exchange seconds; null: at the left edge. */
  readonly from: number | null;
}

export interface Marker {
  /** Exchange seconds, see DashboardChart. */
  readonly time: number;
  readonly price: number;
  readonly side: Side;
  readonly rung: string;
  readonly text: string;
}

/**
 * Minute bars of the day and the reference as it was. Times are exchange seconds: seconds since 1970 as if the exchange's wall
 * clock were UTC, so that an axis in UTC reads as exchange time.
 */
export interface DashboardChart {
  readonly symbol: string;
  readonly decimals: number;
  readonly times: readonly number[];
  readonly opens: readonly number[];
  readonly highs: readonly number[];
  readonly lows: readonly number[];
  readonly closes: readonly number[];
  /** At the start of each bar; null before there was one. */
  readonly references: readonly (number | null)[];
  /** Index of the first bar of regular hours; the number of bars when there is none. */
  readonly regularFrom: number;
}

// --- what a draft value would do

export interface PreviewView {
  readonly symbol: string;
  readonly side: Side;
  readonly value: number;
  /** `0.60 → 0.70 would move the buys` */
  readonly title: string;
  readonly rungs: readonly {
    readonly name: string;
    readonly before: string;
    readonly after: string;
    readonly by: string;
  }[];
  /** Anchor at z 0, what would fire at once. */
  readonly text: string;
  /** Of it shares and USD, which the privacy switch hides. */
  readonly amounts: string;
}
