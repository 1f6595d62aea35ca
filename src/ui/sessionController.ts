/**
 * The host's side of a session: starts the thread, keeps the last snapshot and details, asks for as much as views need, and
 * says at once when the thread has ended. It holds no rules and shows nothing; without VS Code it can be tested with a fake
 * thread. A thread that dies is replaced, because starting is recovering.
 */
import type { BrokerProblem } from '../broker/port';
import type { ControlAction, FillRow, Notice } from '../engine/events';
import type {
  ChangeQuestion,
  FromSession,
  LadderPreview,
  SessionConfig,
  SessionSnapshot,
  SymbolChart,
  SymbolDetail,
  SymbolSpark,
  ToSession,
} from '../shared/protocol';
import { Asked, type OverrideAnswer } from './asked';
import { Emitter, type Disposable } from './emitter';

/** A worker thread, or a fake one. */
export interface SessionThread {
  post(message: ToSession): void;
  onMessage(listener: (message: FromSession) => void): void;
  /** Once, when the thread is gone; the text says why when nobody asked it to end. */
  onExit(listener: (why: string) => void): void;
  terminate(): void;
}

export type SessionState = 'idle' | 'starting' | 'running' | 'stopping';

export type StartOutcome =
  | { type: 'trading' }
  | { type: 'refused'; code: string; text: string; data: Record<string, string | number> }
  | { type: 'problem'; problem: BrokerProblem }
  | { type: 'failed'; text: string }
  | { type: 'cancelled' };

/** What one view has open, and how often it wants to hear. */
interface Want {
  readonly symbols: readonly string[];
  readonly intervalMs: number;
  /** With charts of its symbols and the sparks of all. */
  readonly hasPictures: boolean;
}

export interface ControllerOptions {
  startThread(config: SessionConfig): SessionThread;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
  now(): number;
  /** A stop that takes longer than this is ended the hard way. */
  stopWithinMs?: number;
}

/** Problems at start that waiting does not solve: the person has to do something, so the start ends with them. */
const ENDS_START: readonly BrokerProblem['code'][] = [
  'nothingListens',
  'notAGateway',
  'closedInHandshake',
  'noAnswer',
  'severalAccounts',
  'wrongAccount',
  'readOnly',
];

/** More deaths than this within ten minutes, and a person has to look first. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 600_000;
const DETAIL_KEPT_MS = 30_000;
const DETAIL_WITHIN_MS = 1500;
const IDLE_INTERVAL_MS = 500;
const LEAVE_STOPS_MS = 4000;

export class SessionController implements Disposable {
  state: SessionState = 'idle';
  snapshot: SessionSnapshot | null = null;
  /** When the session began to connect; null while idle. */
  config: SessionConfig | null = null;
  readonly details = new Map<string, SymbolDetail>();
  /** The newest charts of symbols that views have open, and the sparks of all. */
  readonly charts = new Map<string, SymbolChart>();
  sparks: Readonly<Record<string, SymbolSpark>> = {};
  /** A replaced thread is on its way back to trading: it keeps trying, whatever stands in the way. */
  isRecovering = false;
  /** A change of targets.txt that waits for a yes. */
  question: ChangeQuestion | null = null;

  private readonly stateEmitter = this.emitter<SessionState>();
  private readonly snapshotEmitter = this.emitter<SessionSnapshot>();
  private readonly noticeEmitter = this.emitter<Notice>();
  private readonly problemEmitter = this.emitter<BrokerProblem>();
  private readonly fillEmitter = this.emitter<FillRow>();
  private readonly chartEmitter = this.emitter<SymbolChart>();
  private readonly sparksEmitter = this.emitter<Readonly<Record<string, SymbolSpark>>>();
  private readonly questionEmitter = this.emitter<ChangeQuestion | null>();
  private readonly diedEmitter = this.emitter<{ text: string; restarts: boolean }>();
  readonly onState = this.stateEmitter.event;
  readonly onSnapshot = this.snapshotEmitter.event;
  readonly onNotice = this.noticeEmitter.event;
  readonly onProblem = this.problemEmitter.event;
  readonly onFill = this.fillEmitter.event;
  readonly onChart = this.chartEmitter.event;
  readonly onSparks = this.sparksEmitter.event;
  readonly onQuestion = this.questionEmitter.event;
  /** The thread has ended without being asked to. */
  readonly onDied = this.diedEmitter.event;

  private thread: SessionThread | null = null;
  private settleStart: ((outcome: StartOutcome) => void) | null = null;
  private settleStop: (() => void) | null = null;
  private readonly deaths: number[] = [];
  /** What each view wants in full, and how often. */
  private readonly wants = new Map<string, Want>();
  private readonly asked = new Asked();
  private readonly askedAt = new Map<string, number>();
  private readonly waiting = new Map<string, ((detail: SymbolDetail | null) => void)[]>();
  private watched = '';

  constructor(private readonly options: ControllerOptions) {}

  get isRunning(): boolean {
    return this.state !== 'idle';
  }

  /** Resolves when the session trades, or with what kept it from it. */
  start(config: SessionConfig): Promise<StartOutcome> {
    if (this.state !== 'idle') return Promise.resolve({ type: 'failed', text: 'A session is already running.' });
    this.deaths.length = 0;
    this.isRecovering = false;
    return this.begin(config);
  }

  /** Ends the session; resolves when its files are closed. With `leaveStops` a stop a position is left at the broker. */
  stop({ leaveStops = false, suspended = false } = {}): Promise<void> {
    const { thread } = this;
    if (thread === null) return Promise.resolve();
    this.setState('stopping');
    this.settle({ type: 'cancelled' });
    return new Promise(resolve => {
      const timer = setTimeout(
        () => {
          this.options.log('warn', 'The session did not stop in time; its thread is ended. The next start recovers.');
          thread.terminate();
          this.over();
        },
        (this.options.stopWithinMs ?? 5000) + (leaveStops ? LEAVE_STOPS_MS : 0),
      );
      const before = this.settleStop;
      this.settleStop = () => {
        clearTimeout(timer);
        before?.();
        resolve();
      };
      thread.post({ type: 'stop', ...(leaveStops ? { leaveStops } : {}), ...(suspended ? { suspended } : {}) });
    });
  }

  control(action: ControlAction, symbol?: string, fromBrokerCost?: true): boolean {
    const about = symbol === undefined ? {} : { symbol };
    return this.post({ type: 'control', action, ...about, ...(fromBrokerCost && { fromBrokerCost }) });
  }

  /** Resolves with what became of it; refused when no session runs. */
  override(symbol: string, change: { buy?: number | null; sell?: number | null }): Promise<OverrideAnswer> {
    const nobody: OverrideAnswer = { outcome: 'refused', text: 'No session answers' };
    return this.asked.ask(id => this.post({ type: 'override', symbol, ...change, id }), nobody);
  }

  /** The ladder that a base percent would give; null when no session can say. */
  preview(symbol: string, side: 'buy' | 'sell', value: number): Promise<LadderPreview | null> {
    return this.asked.ask<LadderPreview | null>(id => this.post({ type: 'preview', id, symbol, side, value }), null);
  }

  /** Tries to connect at once while the link is lost. */
  retry(): boolean {
    return this.post({ type: 'retry' });
  }

  /** Snapshots anew, at once. */
  refresh(): void {
    this.watched = '';
    this.watch();
  }

  /** Only the newest question can be answered. A no keeps it: the person may come back to it. */
  answer(id: number, yes: boolean): boolean {
    if (this.question?.id !== id) return false;
    if (yes) this.question = null;
    return this.post({ type: 'answer', id, yes });
  }

  /** What a view has open; an empty list takes it back. */
  want(view: string, symbols: readonly string[], intervalMs = IDLE_INTERVAL_MS, hasPictures = false): void {
    if (symbols.length === 0 && intervalMs >= IDLE_INTERVAL_MS) this.wants.delete(view);
    else this.wants.set(view, { symbols, intervalMs, hasPictures });
    this.watch();
  }

  /** One symbol in full, newest first heard; null when no session knows it. */
  detail(symbol: string): Promise<SymbolDetail | null> {
    if (this.thread === null || !this.knows(symbol)) return Promise.resolve(null);
    const isWatched = this.askedAt.has(symbol) || [...this.wants.values()].some(want => want.symbols.includes(symbol));
    this.askedAt.set(symbol, this.options.now());
    const known = this.details.get(symbol);
    if (isWatched && known !== undefined) return Promise.resolve(known);
    return new Promise(resolve => {
      const timer = setTimeout(() => done(known ?? null), DETAIL_WITHIN_MS);
      const done = (detail: SymbolDetail | null) => {
        clearTimeout(timer);
        resolve(detail);
      };
      this.waiting.set(symbol, [...(this.waiting.get(symbol) ?? []), done]);
      this.watch();
    });
  }

  dispose(): void {
    this.thread?.terminate();
    this.thread = null;
  }

  private begin(config: SessionConfig): Promise<StartOutcome> {
    this.config = config;
    this.snapshot = null;
    this.question = null;
    this.details.clear();
    this.setState('starting');
    const thread = this.options.startThread(config);
    this.thread = thread;
    thread.onMessage(message => {
      if (this.thread === thread) this.hear(message);
    });
    thread.onExit(why => {
      if (this.thread === thread) this.exited(why);
    });
    return new Promise(resolve => {
      this.settleStart = resolve;
      thread.post({ type: 'start', config });
      this.watched = '';
      this.watch();
    });
  }

  private hear(message: FromSession): void {
    switch (message.type) {
      case 'snapshot':
        return this.hearSnapshot(message.snapshot, message.details);
      case 'notice':
        return this.noticeEmitter.fire(message.notice);
      case 'problem':
        this.problemEmitter.fire(message.problem);
        if (this.settleStart !== null && ENDS_START.includes(message.problem.code)) {
          this.settle({ type: 'problem', problem: message.problem });
        }
        return;
      case 'fill':
        return this.fillEmitter.fire(message.row);
      case 'question':
        this.question = message.question;
        return message.isAnswered === true ? undefined : this.questionEmitter.fire(message.question);
      case 'overrideAnswer':
        return this.asked.answered(message.id, { outcome: message.outcome, text: message.text });
      case 'preview':
        return this.asked.answered(message.id, message.preview);
      case 'chart':
        this.charts.set(message.chart.symbol, message.chart);
        return this.chartEmitter.fire(message.chart);
      case 'sparks':
        this.sparks = message.sparks;
        return this.sparksEmitter.fire(message.sparks);
      case 'log':
        return this.options.log(message.level, message.text);
      case 'refused':
        if (this.isRecovering) this.diedEmitter.fire({ text: message.text, restarts: false });
        return this.settle({ type: 'refused', code: message.code, text: message.text, data: message.data });
      case 'ended':
        return this.ended(message.why, message.text, message.crash === true);
    }
  }

  private hearSnapshot(snapshot: SessionSnapshot, details: readonly SymbolDetail[]): void {
    this.snapshot = snapshot;
    for (const detail of details) {
      this.details.set(detail.symbol, detail);
      for (const done of this.waiting.get(detail.symbol) ?? []) done(detail);
      this.waiting.delete(detail.symbol);
    }
    if ((snapshot.phase === 'trading' || this.config?.watches !== undefined) && this.state === 'starting') {
      this.isRecovering = false;
      this.setState('running');
      this.settle({ type: 'trading' });
    }
    this.forgetOldQuestions();
    this.snapshotEmitter.fire(snapshot);
  }

  private ended(why: 'stopped' | 'dayOver' | 'failed', text: string, isCrash: boolean): void {
    this.options.log(why === 'failed' ? 'error' : 'info', `Session ended: ${text}`);
    if (isCrash) return this.died(text);
    const wasRunning = this.state === 'running';
    this.settle({ type: 'failed', text });
    this.over();
    if (why === 'failed' && wasRunning) this.diedEmitter.fire({ text, restarts: false });
  }

  private exited(why: string): void {
    if (this.state === 'stopping') return this.over();
    this.died(why === '' ? 'The session’s thread ended without a word.' : why);
  }

  /** Shown at once; then started again, unless it keeps dying or never got to trade. */
  private died(text: string): void {
    const { config } = this;
    const now = this.options.now();
    this.deaths.push(now);
    const recent = this.deaths.filter(at => now - at < RESTART_WINDOW_MS).length;
    const restarts =
      config?.watches === undefined &&
      config !== null &&
      this.settleStart === null &&
      this.state !== 'stopping' &&
      recent <= MAX_RESTARTS;
    this.settle({ type: 'failed', text });
    this.over();
    this.diedEmitter.fire({ text, restarts });
    if (!restarts || config === null) return;
    this.isRecovering = true;
    void this.begin(config);
    // Nobody waits for this start: positions are unprotected, so it goes on trying where a person's start would give up.
    this.settleStart = null;
  }

  private over(): void {
    this.thread = null;
    this.isRecovering = false;
    this.config = null;
    this.snapshot = null;
    this.question = null;
    this.details.clear();
    this.charts.clear();
    this.sparks = {};
    this.asked.clear();
    this.askedAt.clear();
    for (const waiting of this.waiting.values()) for (const done of waiting) done(null);
    this.waiting.clear();
    this.setState('idle');
    this.settleStop?.();
    this.settleStop = null;
  }

  private settle(outcome: StartOutcome): void {
    const settle = this.settleStart;
    this.settleStart = null;
    settle?.(outcome);
  }

  private setState(state: SessionState): void {
    if (this.state === state) return;
    this.state = state;
    this.stateEmitter.fire(state);
  }

  private knows(symbol: string): boolean {
    return this.snapshot?.symbols.some(each => each.symbol === symbol) === true;
  }

  private forgetOldQuestions(): void {
    const now = this.options.now();
    for (const [symbol, at] of this.askedAt) if (now - at > DETAIL_KEPT_MS) this.askedAt.delete(symbol);
    this.watch();
  }

  private watch(): void {
    if (this.thread === null) return;
    const wants = [...this.wants.values()];
    const details = [...new Set([...wants.flatMap(want => want.symbols), ...this.askedAt.keys()])].sort();
    const intervalMs = Math.min(IDLE_INTERVAL_MS, ...wants.map(want => want.intervalMs));
    const pictured = wants.filter(want => want.hasPictures);
    const charts = [...new Set(pictured.flatMap(want => want.symbols))].sort();
    const pictures = pictured.length === 0 ? {} : { charts, sparks: true };
    const message: ToSession = { type: 'watch', details, intervalMs, ...pictures };
    const text = JSON.stringify(message);
    if (text === this.watched) return;
    this.watched = text;
    for (const symbol of this.charts.keys()) if (!charts.includes(symbol)) this.charts.delete(symbol);
    this.post(message);
  }

  private post(message: ToSession): boolean {
    this.thread?.post(message);
    return this.thread !== null;
  }

  private emitter<T>(): Emitter<T> {
    return new Emitter<T>(error =>
      this.options.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  }
}
