/**
 * One run of the pre-session anchors: asks a history port for each symbol's price grid and days, newest days of all symbols
 * first, and keeps what came when it is cancelled or the link is lost. It waits for the port's pacing and knows none itself;
 * what the bars mean is reports/anchorDays.
 */
import type { BrokerProblem, HistoryPort, HistoryPortEvent } from '../broker/port';
import { anchorsOfDay } from '../reports/anchorDays';
import type { AnchorsProgress, AnchorsRequest, HeardDay, HeardSymbol } from '../shared/anchors';
import { calendarHours } from '../strategy/calendar';
import { dayText } from '../strategy/exchangeTime';
import { bandsOf, type TickBands } from '../strategy/ticks';

export interface AnchorsOutcome {
  readonly symbols: readonly HeardSymbol[];
  /** Why it ended before all was asked. */
  readonly ended: 'cancelled' | BrokerProblem | null;
}

/** So many symbols are on their way at once; the port lets through what the broker allows. */
const SYMBOLS_AT_ONCE = 4;

interface Heard {
  readonly symbol: string;
  ticks: TickBands | null;
  readonly days: Map<number, HeardDay>;
  problem: string;
  isUnknown: boolean;
}

export interface AnchorsListener {
  progress(progress: AnchorsProgress): void;
  problem(problem: BrokerProblem): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

export class AnchorsRun {
  private readonly port: HistoryPort;
  private heard: Heard[] = [];
  private ended: AnchorsOutcome['ended'] = null;
  private done = 0;
  private stage: AnchorsProgress['stage'] = 'bars';
  private newest = '';

  constructor(
    makePort: (listener: (event: HistoryPortEvent) => void) => HistoryPort,
    private readonly listener: AnchorsListener,
  ) {
    this.port = makePort(event => this.hear(event));
  }

  /** Rejects with a BrokerFailure. The gateway's time says which dates there are. */
  connect(): ReturnType<HistoryPort['connect']> {
    return this.port.connect();
  }

  /** Resolves with what came, whatever ended it, and the connection is closed then. */
  async run({ symbols, days, known }: Omit<AnchorsRequest, 'asked'>): Promise<AnchorsOutcome> {
    const before = new Map(known.map(each => [each.symbol, each]));
    this.heard = symbols.map(symbol => ({
      symbol,
      ticks: before.get(symbol)?.ticks ?? null,
      days: new Map((before.get(symbol)?.days ?? []).map(day => [day.day, day])),
      problem: '',
      isUnknown: false,
    }));
    await this.ask('bars', days.slice(0, -1));
    await this.ask('compare', days.slice(-1));
    this.port.disconnect();
    return { symbols: this.heard.map(asPlain), ended: this.ended };
  }

  /** Lets go of everything that is still open; `run` then resolves with what came. */
  end(why: 'cancelled' | BrokerProblem): void {
    this.ended ??= why;
    this.port.disconnect();
  }

  private hear(event: HistoryPortEvent): void {
    if (event.type === 'lost') this.end(event.problem);
    else if (event.type === 'problem') this.listener.problem(event.problem);
    else if (event.type === 'waiting') this.report(event.ms);
    else this.listener.log(event.level, event.text);
  }

  private async ask(stage: AnchorsProgress['stage'], days: readonly number[]): Promise<void> {
    this.stage = stage;
    this.done = 0;
    const queue = [...this.heard];
    const next = async (): Promise<void> => {
      for (let heard = queue.shift(); heard !== undefined && this.ended === null; heard = queue.shift()) {
        await this.askSymbol(heard, days);
        if (this.ended !== null) return;
        this.done++;
        this.newest = heard.symbol;
        this.report(0);
      }
    };
    await Promise.all(Array.from({ length: SYMBOLS_AT_ONCE }, next));
  }

  private async askSymbol(heard: Heard, days: readonly number[]): Promise<void> {
    if (heard.isUnknown) return;
    const missing = days.filter(day => !heard.days.has(day));
    if (missing.length === 0) return;
    if (heard.ticks === null && !(await this.askContract(heard))) return;
    await Promise.all(missing.map(day => this.askDay(heard, day)));
  }

  private async askContract(heard: Heard): Promise<boolean> {
    const answer = await this.port.contract(heard.symbol);
    if (!answer.ok) {
      heard.isUnknown = answer.reason === 'unknown';
      if (heard.isUnknown) heard.problem = `not traded: ${answer.text}`;
      return false;
    }
    heard.ticks = bandsOf(answer.ticks, answer.minTick);
    return true;
  }

  private async askDay(heard: Heard, day: number): Promise<void> {
    const hours = calendarHours(day);
    if (hours === null) return;
    const answer = await this.port.minutes(heard.symbol, hours);
    if (answer.ok) heard.days.set(day, anchorsOfDay(day, answer.bars));
    else if (answer.reason === 'failed') heard.problem = `${dayText(day)}: ${answer.text}`;
  }

  private report(waitingMs: number): void {
    const { done, stage, newest } = this;
    this.listener.progress({ symbol: newest, done, of: this.heard.length, stage, waitingMs });
  }
}

const asPlain = ({ symbol, ticks, days, problem, isUnknown }: Heard): HeardSymbol => ({
  symbol,
  ticks,
  days: [...days.values()],
  problem,
  isUnknown,
});
