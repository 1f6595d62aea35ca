/**
 * The demo's terminal: lines as things happen and, where there is a terminal, one bar at the foot that redraws itself. It
 * watches a session and changes nothing in it.
 */
import type { EngineEvent, FillRow, Notice, OrderIntent } from '../src/engine/events';
import { noticeMessage } from '../src/reports/noticeText';
import type { Session } from '../src/session/session';
import type { SessionSnapshot } from '../src/shared/protocol';
import { emptyOrderText, fillText, ladderText, progressText } from './demoText';

export interface DemoScreenOptions {
  symbols: readonly string[];
  from: number;
  until: number;
}

export class DemoScreen {
  accountText = '';
  private bar = '';
  private fills = 0;
  private readonly began = Date.now();
  private readonly symbolWidth: number;
  private readonly withoutLadder: Set<string>;
  /** Orders without an end so far. */
  private readonly orders = new Map<number, OrderIntent>();
  private readonly orderOfExecution = new Map<string, number>();
  private readonly rungs = new Map<number, number>();
  private readonly holds = new Map<string, number>();
  private shownSecond = 0;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly options: DemoScreenOptions,
  ) {
    this.symbolWidth = Math.max(4, ...options.symbols.map(symbol => symbol.length));
    this.withoutLadder = new Set(options.symbols);
  }

  line(text: string): void {
    this.clearBar();
    this.out.write(`${text}\n`);
    this.drawBar();
  }

  placed(order: OrderIntent): void {
    this.orders.set(order.orderId, order);
    this.rungs.set(order.orderId, order.rung);
  }

  /** The ladders come when a regular price has sized them: one look a second until all have been shown. */
  handled(event: EngineEvent, session: Session): void {
    if (event.type === 'exec') this.orderOfExecution.set(event.execId, event.orderId);
    else if (event.type === 'order') this.ended(event);
    const second = Math.floor(event.t / 1000);
    if (this.withoutLadder.size === 0 || second === this.shownSecond) return;
    this.shownSecond = second;
    if (session.snapshot()?.session === 'regular')
      for (const symbol of [...this.withoutLadder]) this.ladder(symbol, session);
  }

  fill(row: FillRow): void {
    this.fills++;
    const holds = (this.holds.get(row.symbol) ?? 0) + (row.side === 'BUY' ? row.qty : -row.qty);
    this.holds.set(row.symbol, holds);
    // The row comes while its execution is handled: the order is found by what was heard before it, or as the newest one.
    const orderId = this.orderOfExecution.get(row.execId) ?? this.newestOrderOf(row.symbol);
    const rung = orderId === undefined ? 0 : (this.rungs.get(orderId) ?? 0);
    this.line(
      fillText({ ...row, price: Number(row.price), realized: Number(row.realized), rung, holds }, this.symbolWidth),
    );
  }

  notice(notice: Notice): void {
    const { level, text } = noticeMessage(notice);
    if (level !== 'log') this.line(text);
  }

  progress(snapshot: SessionSnapshot): void {
    this.accountText = `${snapshot.mode} ${snapshot.accountTail}`;
    if (!this.out.isTTY) return;
    const { from, until } = this.options;
    const done = Math.min(1, Math.max(0, (snapshot.t - from) / (until - from)));
    const elapsed = (Date.now() - this.began) / 1000;
    const secondsLeft = done < 0.01 ? null : (elapsed / done) * (1 - done);
    this.clearBar();
    this.bar = progressText({ t: snapshot.t, done, fills: this.fills, pnl: snapshot.dayPnl, secondsLeft });
    this.drawBar();
  }

  end(): void {
    this.clearBar();
    this.bar = '';
  }

  private ladder(symbol: string, session: Session): void {
    const detail = session.detail(symbol);
    if (detail === null || detail.reference === null || detail.clip === null || detail.buys.length === 0) return;
    this.withoutLadder.delete(symbol);
    this.line(`\n${ladderText(detail)}`);
    if (this.withoutLadder.size === 0) this.line('');
  }

  private ended(event: Extract<EngineEvent, { type: 'order' }>): void {
    if (event.status === 'pending' || event.status === 'working' || event.status === 'pendingCancel') return;
    const order = this.orders.get(event.orderId);
    if (order === undefined) return;
    this.orders.delete(event.orderId);
    if (event.filled > 0) return;
    const outcome = event.status === 'rejected' ? 'rejected' : 'nothing filled';
    this.line(emptyOrderText(event.t, order, this.symbolWidth, outcome));
  }

  private newestOrderOf(symbol: string): number | undefined {
    return [...this.orders.values()].filter(order => order.symbol === symbol).pop()?.orderId;
  }

  private clearBar(): void {
    if (this.bar !== '') this.out.write('\r\u001b[2K');
  }

  private drawBar(): void {
    if (this.bar === '') return;
    const columns = this.out.columns ?? 120;
    this.out.write(this.bar.slice(0, columns - 1));
  }
}
