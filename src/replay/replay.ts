/**
 * A tape through the engine (§12): the same engine, the same rows, and `decisions.jsonl` beside them. Pure: events come in,
 * text goes to sinks in the order in which a live session would write it.
 */
import { Engine } from '../engine/engine';
import type { DurableState } from '../engine/durable';
import type { Effect, EngineEvent, Notice, OrderIntent } from '../engine/events';
import { fillRowText, pnlRowText } from '../reports/rows';
import { SECOND_MS } from '../strategy/exchangeTime';
import type { Settings } from '../strategy/settings';
import type { TargetsInForce } from '../targets/resolve';
import { FillModel } from './fillModel';

export interface ReplayOptions {
  readonly settings: Settings;
  readonly targets: TargetsInForce;
  readonly base: { readonly equity: number; readonly risky: number; readonly safe: number };
  /** The tape names links itself; without them it counts as connected from its first line. */
  readonly hasLink: boolean;
  /** A recorded session: reconciliation, data types and downloads are on the tape too. */
  readonly recorded: boolean;
  /** `same`: the tape's order and exec events; `model`: the fill model. */
  readonly fills: 'same' | 'model';
  /** Time from an order to its fill, ms. */
  readonly latencyMs: number;
  readonly sessionId?: string;
  readonly durable?: DurableState | null;
}

export interface ReplaySinks {
  decision(line: string): void;
  fill(line: string): void;
  pnl(line: string): void;
  notice?(notice: Notice): void;
  journal?(line: string): void;
}

export class Replay {
  private readonly engine: Engine;
  private readonly model: FillModel | null;
  private readonly pending: { due: number; order: OrderIntent }[] = [];
  private previous: number | null = null;
  /** Without a tick nothing has a price and no P&L row is due. */
  private hasTicks = false;
  orders = 0;
  fills = 0;
  events = 0;

  constructor(
    private readonly options: ReplayOptions,
    private readonly sinks: ReplaySinks,
  ) {
    this.model = options.fills === 'model' ? new FillModel(symbol => this.engine.quote(symbol)) : null;
    this.engine = new Engine({
      settings: options.settings,
      targets: options.targets,
      base: options.base,
      sessionId: options.sessionId ?? 'replay',
      durable: options.durable ?? null,
      ...(options.recorded ? {} : { assumeReady: { linked: !options.hasLink } }),
      fill: order => this.onIntent(order),
    });
  }

  get evaluations(): number {
    return this.engine.evaluations;
  }

  /** One event of the tape, in time order. */
  event(e: EngineEvent): void {
    this.events++;
    this.writePnl(e.t);
    if (e.type === 'tick') this.hasTicks = true;
    // Seconds first, then what the tape names: an order of an earlier second fills against the quote before this event.
    this.advanceTo(e.t);
    if (e.type === 'tick') this.model?.onTick(e);
    if (this.model === null || (e.type !== 'order' && e.type !== 'exec')) this.run(this.engine.handle(e));
  }

  private onIntent(order: OrderIntent): readonly EngineEvent[] {
    if (this.model === null) return [];
    if (this.options.latencyMs === 0) return this.model.fill(order, order.t);
    this.pending.push({ due: order.t + this.options.latencyMs, order });
    return [];
  }

  /** Seconds and fills up to `t`, each in its own time: a second may bring an order whose fill comes before the next one. */
  private advanceTo(t: number): void {
    if (this.options.latencyMs === 0) return this.run(this.engine.advance(t));
    let now = Number.isNaN(this.engine.t) ? t : this.engine.t;
    do {
      const second = Math.floor(now / SECOND_MS) * SECOND_MS + SECOND_MS;
      now = Math.min(t, second, this.pending[0]?.due ?? Infinity);
      this.run(this.engine.advance(now));
      while (this.pending.length > 0 && this.pending[0]!.due <= now) {
        for (const event of this.model!.fill(this.pending.shift()!.order, now)) this.run(this.engine.handle(event));
      }
    } while (now < t);
  }

  private run(effects: readonly Effect[]): void {
    if (effects.length === 0) return;
    for (const effect of effects) {
      switch (effect.type) {
        case 'place':
          this.orders++;
          this.sinks.decision(decisionText(effect.order));
          break;
        case 'row':
          this.fills++;
          this.sinks.fill(fillRowText(effect.row));
          break;
        case 'notice':
          this.sinks.notice?.(effect.notice);
          break;
        case 'journal':
          this.sinks.journal?.(`${JSON.stringify(effect.entry)}\n`);
          break;
        case 'cancel':
        case 'reconcile':
        case 'symbols':
          // Requests to a broker: on a tape nobody answers but the tape itself.
          break;
      }
    }
  }

  /** Every row that falls due up to `t`, each as of its own second, before the event itself. */
  private writePnl(t: number): void {
    const step = this.options.settings['files.pnlSeconds'] * 1000;
    const from = this.previous;
    this.previous = t;
    if (from === null || !this.hasTicks) return;
    for (let due = Math.floor(from / step) * step + step; due <= t; due += step) {
      this.advanceTo(due);
      for (const row of this.engine.pnlRows()) this.sinks.pnl(pnlRowText(row));
    }
  }
}

/** An order intent as decisions.jsonl has it: these keys in this order, numbers as JSON writes them. */
export function decisionText(order: OrderIntent): string {
  const { t, symbol, side, qty, limit, tag, rung, z, reference, last } = order;
  return `${JSON.stringify({ t, symbol, side, qty, limit: Number(limit), tag, rung, z, reference, last })}\n`;
}
