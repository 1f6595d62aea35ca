/**
 * The history port over IB's gateway: a connection of its own that asks for contracts and for minute bars of finished days, one
 * request after the other at IB's pace, and nothing else. It touches no live data and no order, so it can run beside a
 * session of another client id. What a day's bars mean is the reports' business.
 */
import type { IBApi } from '@stoqey/ib';
import { BarSizeSetting, EventName, WhatToShow } from '@stoqey/ib';
import type { EngineEvent } from '../../engine/events';
import type {
  BrokerProblem,
  ContractAnswer,
  HistoryPort,
  HistoryPortConfig,
  HistoryPortEvent,
  MinutesAnswer,
} from '../port';
import { BrokerFailure } from '../port';
import { historyTrouble, meaningOf } from './codes';
import { Contracts } from './contracts';
import { stock } from './desk';
import { answerWithinMs, HistoryPacing, identicalAfterMs, longestWaitMs, type AskedBefore } from './historyPacing';
import { Lanes } from './lanes';
import type { Greeting } from './link';
import { Link } from './link';
import { Requests } from './requests';
import { resolvableHost } from './resolveHost';
import { gatewayTime } from './times';

/** IB answers up to 50 at once; few at a time leave its history service to the live session. */
const openAtOnce = 3;
/** A symbol's price grid is worth this much waiting; without it the default bands count. */
const contractWithinMs = 40_000;
/** How long the gateway's own time is waited for. */
const timeWithinMs = 2000;
/** A question that was not answered is asked once more. */
const mostTries = 2;

interface Job {
  readonly symbol: string;
  readonly hours: readonly [number, number];
  readonly request: string;
  readonly bars: { start: number; close: number }[];
  answer(answer: MinutesAnswer): void;
  id: number;
  notBefore: number;
  tries: number;
  /** Refusals for pacing, which cost no try. */
  refusals: number;
  timer: NodeJS.Timeout | undefined;
}

export interface PastBarsOptions {
  /** What earlier connections of this process asked this gateway. */
  readonly before?: readonly AskedBefore[];
  /** ms; the clock of `before`. */
  readonly clock?: () => number;
  /** Waits for the pacing; a test lets the time pass at once. */
  readonly wait?: (ms: number, action: () => void) => NodeJS.Timeout;
}

export class PastBars implements HistoryPort {
  private link: Link | undefined;
  private lanes: Lanes | undefined;
  private contracts: Contracts | undefined;
  private readonly requests = new Requests(() => false);
  private readonly pacing: HistoryPacing;
  private readonly clock: () => number;
  private readonly wait: NonNullable<PastBarsOptions['wait']>;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly waiting: Job[] = [];
  private readonly open = new Map<number, Job>();
  private readonly askedContracts = new Map<string, (answer: ContractAnswer) => void>();
  private pumpTimer: NodeJS.Timeout | undefined;
  private firstTime: ((time: number) => void) | undefined;
  private rejectConnect: ((failure: BrokerFailure) => void) | undefined;
  private isOver = false;

  constructor(
    private readonly config: HistoryPortConfig,
    private readonly listener: (event: HistoryPortEvent) => void,
    { before = [], clock = Date.now, wait = (ms, action) => setTimeout(action, ms) }: PastBarsOptions = {},
  ) {
    this.clock = clock;
    this.wait = wait;
    this.pacing = new HistoryPacing(before);
  }

  /** For the next connection's `before`. */
  get asked(): readonly AskedBefore[] {
    return this.pacing.recent;
  }

  async connect(): Promise<{ time: number; accounts: readonly string[] }> {
    if (this.link || this.isOver) throw new Error('A port is used for one connection only');
    const { host, port, clientId, connectTimeoutMs } = this.config;
    const address = await resolvableHost(host, {
      later: (ms, action) => void this.later(ms, action),
      fellBack: (from, fallback) => this.problem({ code: 'hostUnknown', host: from, fallback }),
    });
    if (this.isOver) throw new BrokerFailure(this.gone('disconnected'));
    return new Promise((resolve, reject) => {
      this.rejectConnect = reject;
      this.link = new Link(
        { host: address, port, clientId, connectTimeoutMs },
        {
          ready: greeting => this.greet(greeting, resolve),
          ended: problem => this.finish(problem),
          message: (about, code, text) => this.hear(about, code, text),
          frameDone: () => undefined,
          log: (level, text) => this.listener({ type: 'log', level, text }),
        },
      );
      this.link.connect();
    });
  }

  disconnect(): void {
    if (this.isOver) return;
    for (const id of this.open.keys()) if (this.link?.isReady) this.link.send(api => api.cancelHistoricalData(id));
    this.finish(this.gone('disconnected'), true);
  }

  contract(symbol: string): Promise<ContractAnswer> {
    const { contracts } = this;
    if (!contracts || this.isOver) return Promise.resolve({ ok: false, reason: 'ended', text: 'no connection' });
    return new Promise(resolve => {
      this.askedContracts.set(symbol, resolve);
      contracts.ask(symbol);
      this.later(contractWithinMs, () => {
        contracts.forget(symbol);
        this.answerContract(symbol, { ok: true });
      });
    });
  }

  minutes(symbol: string, hours: readonly [number, number]): Promise<MinutesAnswer> {
    if (!this.lanes || this.isOver) return Promise.resolve({ ok: false, reason: 'ended', text: 'no connection' });
    return new Promise(answer => {
      const request = `${symbol}|${endText(hours[1])}|1 D`;
      const rest = { id: 0, notBefore: 0, tries: 0, refusals: 0, timer: undefined, bars: [] };
      this.waiting.push({ symbol, hours, request, answer, ...rest });
      this.pump();
    });
  }

  private greet(greeting: Greeting, resolve: (connected: { time: number; accounts: readonly string[] }) => void): void {
    const { link } = this;
    if (!link) return;
    const send = (request: (api: IBApi) => unknown): void => link.send(request);
    const later = (ms: number, action: () => void): NodeJS.Timeout => this.later(ms, action);
    this.lanes = new Lanes({
      clock: () => performance.now(),
      later: (ms, action) => void later(ms, action),
      isLockstep: false,
    });
    this.contracts = new Contracts(
      {
        lanes: this.lanes,
        requests: this.requests,
        later,
        send,
        now: () => this.clock(),
        on: (event, handler) => link.on(event, handler),
        engine: event => this.hearContract(event),
        log: (level, text) => this.listener({ type: 'log', level, text }),
      },
      () => undefined,
    );
    link.on(
      EventName.historicalData,
      (id: number, date: string, _open: number, _high: number, _low: number, close: number) =>
        this.hearBar(id, date, close),
    );
    link.on(EventName.currentTime, (seconds: number) => this.firstTime?.(seconds * 1000));
    this.firstTime = time => {
      this.firstTime = undefined;
      this.rejectConnect = undefined;
      if (!this.isOver) resolve({ time, accounts: greeting.accounts });
    };
    this.lanes.count();
    link.send(api => api.reqCurrentTime());
    this.later(timeWithinMs, () => this.firstTime?.(this.clock()));
  }

  // ---- Bars.

  private pump(): void {
    clearTimeout(this.pumpTimer);
    if (this.isOver) return;
    const now = this.clock();
    let shortest = Infinity;
    for (const job of [...this.waiting]) {
      if (this.open.size >= openAtOnce) return;
      const wait = Math.max(job.notBefore - now, this.pacing.waitMs(job.request, job.symbol, now));
      if (wait <= 0) this.ask(job, now);
      else shortest = Math.min(shortest, wait);
    }
    if (shortest === Infinity) return;
    if (shortest > 1000) this.listener({ type: 'waiting', ms: shortest });
    this.pumpTimer = this.wait(shortest, () => this.link?.guard(() => this.pump()));
  }

  private ask(job: Job, now: number): void {
    this.waiting.splice(this.waiting.indexOf(job), 1);
    this.pacing.note(job.request, job.symbol, now);
    const id = this.requests.add((code, text) => this.fail(id, code, text));
    job.id = id;
    job.bars.length = 0;
    this.open.set(id, job);
    const { MINUTES_ONE } = BarSizeSetting;
    const end = endText(job.hours[1]);
    this.lanes?.request(() => {
      if (this.open.get(id) !== job) return;
      job.timer = this.later(answerWithinMs, () => this.giveUp(job));
      this.link?.send(api =>
        api.reqHistoricalData(id, stock(job.symbol), end, '1 D', MINUTES_ONE, WhatToShow.TRADES, 1, 2, false),
      );
    });
  }

  private hearBar(id: number, date: string, close: number): void {
    const job = this.open.get(id);
    if (!job) return;
    if (date.startsWith('finished')) return this.close(job, { ok: true, bars: job.bars });
    const start = gatewayTime(date);
    if (start === undefined || !(close > 0) || !Number.isFinite(close)) return;
    if (job.hours[0] <= start && start < job.hours[1]) job.bars.push({ start, close });
  }

  private fail(id: number, code: number, text: string): void {
    const job = this.open.get(id);
    if (!job) return;
    if (meaningOf(code) === 'warning')
      return this.listener({ type: 'log', level: 'warn', text: `${job.symbol}: ${text} (${code})` });
    const trouble = historyTrouble(text);
    if (trouble === 'noData') return this.close(job, { ok: true, bars: [] });
    if (trouble === 'pacing') {
      // The gateway has counted more than we have, another program's requests perhaps: it is asked again, later each time.
      const after = Math.min(longestWaitMs, identicalAfterMs * 2 ** job.refusals++);
      return this.again(job, after);
    }
    this.close(job, { ok: false, reason: 'failed', text: `${text} (${code})` });
  }

  private giveUp(job: Job): void {
    const { id } = job;
    this.link?.send(api => api.cancelHistoricalData(id));
    if (++job.tries < mostTries) return this.again(job, 0);
    this.close(job, { ok: false, reason: 'failed', text: `no answer within ${answerWithinMs / 1000} s` });
  }

  private again(job: Job, afterMs: number): void {
    this.forget(job);
    job.notBefore = this.clock() + afterMs;
    this.waiting.push(job);
    this.pump();
  }

  private close(job: Job, answer: MinutesAnswer): void {
    this.forget(job);
    job.answer(answer);
    this.pump();
  }

  private forget(job: Job): void {
    clearTimeout(job.timer);
    this.open.delete(job.id);
    this.requests.forget(job.id);
  }

  // ---- Contracts and errors.

  private hearContract(event: EngineEvent): void {
    if (event.type !== 'contract') return;
    const { symbol, failed, ticks, minTick } = event;
    if (failed) return this.answerContract(symbol, { ok: false, reason: 'unknown', text: failed.text });
    this.answerContract(symbol, {
      ok: true,
      ...(ticks ? { ticks } : {}),
      ...(minTick === undefined ? {} : { minTick }),
    });
  }

  private answerContract(symbol: string, answer: ContractAnswer): void {
    const resolve = this.askedContracts.get(symbol);
    this.askedContracts.delete(symbol);
    resolve?.(answer);
  }

  private hear(about: number, code: number, text: string): void {
    if (this.requests.fail(about, code, text)) return;
    if (meaningOf(code) === 'tooManyMessages') this.lanes?.backOff();
    if (meaningOf(code) === 'portMoved') return this.link?.end(this.gone(text));
    this.listener({ type: 'log', level: 'info', text: `${text} (${code})` });
  }

  // ---- The end.

  private finish(problem: BrokerProblem, isWanted = false): void {
    if (this.isOver) return;
    this.isOver = true;
    const wasConnected = this.lanes !== undefined && this.rejectConnect === undefined;
    this.link?.close();
    this.lanes?.drop();
    clearTimeout(this.pumpTimer);
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.rejectConnect?.(new BrokerFailure(problem));
    if (wasConnected && !isWanted) this.listener({ type: 'lost', problem });
    const ended = { ok: false, reason: 'ended', text: 'not asked' } as const;
    for (const symbol of [...this.askedContracts.keys()]) this.answerContract(symbol, ended);
    for (const job of [...this.open.values(), ...this.waiting.splice(0)]) job.answer(ended);
    this.open.clear();
  }

  private gone(text: string): BrokerProblem {
    return { code: 'linkLost', host: this.config.host, port: this.config.port, text };
  }

  private problem(problem: BrokerProblem): void {
    this.listener({ type: 'problem', problem });
  }

  private later(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.link) this.link.guard(action);
      else action();
    }, ms);
    this.timers.add(timer);
    return timer;
  }
}

/** `20261117-21:00:00`, UTC: no time zone of the gateway's can misread it. */
function endText(t: number): string {
  return new Date(t).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
}
