/**
 * What a session tells whoever started it: snapshots at their pace, notices, problems and the log. What needs a person is
 * written into the error log too.
 */
import type { BrokerProblem } from '../broker/port';
import type { Notice } from '../engine/events';
import { noticeMessage, problemMessage } from '../reports/noticeText';
import type { ChangeQuestion, FromSession, SessionSnapshot, SymbolDetail } from '../shared/protocol';
import type { ErrorsLog } from './errorsLog';

export interface TellingOptions {
  emit(message: FromSession): void;
  errors: ErrorsLog;
  snapshot(): SessionSnapshot | null;
  now(): number;
  detail(symbol: string): SymbolDetail | null;
  /** Runs a step; what it throws ends the session. */
  guard(where: string, action: () => void): void;
}

const SHORTEST_MS = 50;

export class Telling {
  private timer: NodeJS.Timeout | null = null;
  private details: readonly string[] = [];

  constructor(private readonly options: TellingOptions) {}

  /** Snapshots go out this often, with all details of the named symbols, and one goes out now. */
  watch(details: readonly string[], intervalMs: number): void {
    this.details = [...details];
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

  question(question: ChangeQuestion | null): void {
    this.options.emit({ type: 'question', question });
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    this.options.emit({ type: 'log', level, text });
  }

  private push(): void {
    const snapshot = this.options.snapshot();
    if (snapshot === null) return;
    const details = this.details.flatMap(symbol => this.options.detail(symbol) ?? []);
    this.options.emit({ type: 'snapshot', snapshot, details });
  }
}
