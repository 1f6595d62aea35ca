/**
 * What a session tells whoever started it: snapshots at their pace, notices, problems and the log. What needs a person is
 * written into the error log too.
 */
import type { BrokerProblem } from '../broker/port';
import type { Notice } from '../engine/events';
import { noticeMessage } from '../reports/noticeText';
import { problemMessage } from '../reports/problemText';
import type { ChangeQuestion, FromSession, SessionSnapshot, SymbolDetail } from '../shared/protocol';
import type { Engine } from '../engine/engine';
import type { ErrorsLog } from './errorsLog';

export interface TellingOptions {
  emit(message: FromSession): void;
  errors: ErrorsLog;
  snapshot(): SessionSnapshot | null;
  now(): number;
  detail(symbol: string): SymbolDetail | null;
  /** Null before there is one. */
  engine(): Pick<Engine, 'chart' | 'chartVersion' | 'sparks'> | null;
  /** Runs a step; what it throws ends the session. */
  guard(where: string, action: () => void): void;
}

/** Of which symbols charts are wanted, and whether the small lines of all are. */
export interface Pictures {
  charts: readonly string[];
  sparks: boolean;
}

const SHORTEST_MS = 50;
/** Bars change once a minute: pictures need not follow every snapshot. */
const CHART_MS = 1000;
const SPARKS_MS = 2000;

export class Telling {
  private timer: NodeJS.Timeout | null = null;
  private details: readonly string[] = [];
  private pictures: Pictures = { charts: [], sparks: false };
  /** What was told last, and when on the wall's clock. */
  private readonly told = new Map<string, { version: number; at: number }>();

  constructor(private readonly options: TellingOptions) {}

  /** Snapshots go out this often, with all details of the named symbols, and one goes out now. */
  watch(details: readonly string[], intervalMs: number, pictures: Pictures): void {
    this.details = [...details];
    this.pictures = pictures;
    for (const symbol of this.told.keys()) if (!this.isWanted(symbol)) this.told.delete(symbol);
    this.stop();
    const push = (): void => this.options.guard('snapshot', () => this.push());
    this.timer = setInterval(push, Math.max(SHORTEST_MS, intervalMs));
    push();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  notice(notice: Notice): void {
    const { level, text } = noticeMessage(notice);
    if (level === 'error') this.options.errors.write(text);
    this.options.emit({ type: 'notice', notice });
  }

  problem(problem: BrokerProblem): void {
    this.options.errors.write(this.words(problem));
    this.options.emit({ type: 'problem', problem });
  }

  /** Found, expected, what to do. */
  words(problem: BrokerProblem): string {
    return problemMessage(problem, { t: this.options.now(), positions: this.options.snapshot()?.positions ?? 0 }).text;
  }

  get snapshot(): SessionSnapshot | null {
    return this.options.snapshot();
  }

  question(question: ChangeQuestion | null, isAnswered: boolean): void {
    this.options.emit({ type: 'question', question, ...(isAnswered ? { isAnswered } : {}) });
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    this.options.emit({ type: 'log', level, text });
  }

  private push(): void {
    const snapshot = this.options.snapshot();
    if (snapshot === null) return;
    const details = this.details.flatMap(symbol => this.options.detail(symbol) ?? []);
    this.options.emit({ type: 'snapshot', snapshot, details });
    this.pushPictures(snapshot);
  }

  private pushPictures({ symbols }: SessionSnapshot): void {
    const engine = this.options.engine();
    if (engine === null) return;
    for (const symbol of this.pictures.charts) {
      if (!this.isNews(symbol, engine.chartVersion([symbol]), CHART_MS)) continue;
      const chart = engine.chart(symbol);
      if (chart !== null) this.options.emit({ type: 'chart', chart });
    }
    const all = symbols.map(each => each.symbol);
    if (this.pictures.sparks && this.isNews(ALL, engine.chartVersion(all), SPARKS_MS)) {
      this.options.emit({ type: 'sparks', sparks: engine.sparks() });
    }
  }

  private isNews(what: string, version: number, everyMs: number): boolean {
    const now = Date.now();
    const before = this.told.get(what);
    if (before !== undefined && (before.version === version || now - before.at < everyMs)) return false;
    this.told.set(what, { version, at: now });
    return true;
  }

  private isWanted(what: string): boolean {
    return what === ALL ? this.pictures.sparks : this.pictures.charts.includes(what);
  }
}

/** Stands for the sparks of all symbols; no ticker reads so. */
const ALL = '*';
