/**
 * One page of the dashboard as its home sees it, in a panel or over HTTP: keeps it fed with whole views at its pace while it
 * can be seen, and does what it may ask for. Nothing is sent that the page has not asked to see: detail and chart only of the
 * symbol that is open. It imports no VS Code; questions to a person are the home's.
 */
import { dashboardChart, sparkView } from '../reports/dashboardChart';
import { dashboardDetail, previewView } from '../reports/dashboardDetail';
import { dashboardView } from '../reports/dashboardModel';
import { grouped } from '../reports/format';
import type { Action, Capabilities, FromDashboard, PageCommand, Side, ToDashboard } from '../shared/dashboard';
import type { SymbolChart } from '../shared/protocol';
import type { OverrideAnswer } from './asked';
import { readIntent } from './dashboardIntents';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';

export interface ClientParts {
  /** Names this page among the views of the session. */
  readonly name: string;
  readonly controller: SessionController;
  readonly intervalMs: number;
  readonly can: () => Capabilities;
  readonly send: (message: ToDashboard) => void;
  /** Asks the person in VS Code, and does it after a yes. */
  readonly ask: (action: Action, symbol?: string) => void;
  /** Only where `can.edit`. */
  readonly command?: (command: PageCommand, symbol?: string) => void;
  readonly writeOverride?: (symbol: string, side: Side) => Promise<OverrideAnswer>;
  /** What an idle page says of targets.txt; null when there is none. */
  readonly idleText: () => string | null;
}

export class DashboardClient extends Owner {
  private isReady = false;
  private isVisible = true;
  private symbol: string | null = null;
  /** Asked for elsewhere before the page was ready. */
  private toShow: string | null = null;
  private polite = '';
  private timer: NodeJS.Timeout | null = null;
  private sentAt = 0;
  private wasLost = false;
  /** Overrides that wait for a yes in VS Code. */
  private asked: number[] = [];

  constructor(private readonly parts: ClientParts) {
    super();
    const { controller } = parts;
    this.own(controller.onSnapshot(({ phase, positions }) => this.onSnapshot(phase === 'linkLost', positions)));
    this.own(controller.onState(() => this.sendSoon()));
    this.own(controller.onChart(chart => this.sendChart(chart)));
    this.own(controller.onSparks(() => this.sendSparks()));
    this.own(controller.onQuestion(question => (question === null ? this.declined() : undefined)));
    this.own(
      controller.onFill(({ side, qty, symbol, price }) => {
        this.polite = `Filled: ${side === 'BUY' ? 'bought' : 'sold'} ${grouped(qty, 0)} ${symbol} at ${price}`;
      }),
    );
    this.want();
  }

  /** Whatever the page has said. */
  hear(message: unknown): void {
    const intent = readIntent(message);
    if (intent !== null) void this.obey(intent);
  }

  setVisible(isVisible: boolean): void {
    if (this.isVisible === isVisible) return;
    this.isVisible = isVisible;
    this.want();
    if (!isVisible) return;
    this.sendShow();
    this.sendAll();
  }

  /** Opens the symbol in the page, now or as soon as there is one. */
  show(symbol: string): void {
    this.toShow = symbol;
    this.sendShow();
  }

  /** A page that is loaded anew says `ready` again before it is sent anything. */
  reloads(): void {
    this.isReady = false;
  }

  /** What lies in targets.txt has changed. */
  idleChanged(): void {
    if (this.parts.controller.state === 'idle') this.sendSoon();
  }

  override dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.isVisible = false;
    this.parts.controller.want(this.parts.name, []);
    super.dispose();
  }

  private async obey(intent: FromDashboard): Promise<void> {
    const { controller } = this.parts;
    const { adjust, edit } = this.parts.can();
    switch (intent.type) {
      case 'ready':
        this.isReady = true;
        this.sendShow();
        return this.sendAll();
      case 'refresh':
        controller.refresh();
        return this.sendAll();
      case 'open':
        this.symbol = intent.symbol;
        this.want();
        return this.sendAll();
      case 'preview': {
        const preview = await controller.preview(intent.symbol, intent.side, intent.value);
        return this.send({ type: 'preview', id: intent.id, preview: preview === null ? null : previewView(preview) });
      }
      case 'act':
        return this.answer(intent.id, this.act(intent.action, intent.symbol, intent.isConfirmed));
      case 'setOverride':
      case 'dropOverride': {
        const value = intent.type === 'setOverride' ? intent.value : null;
        if (!adjust) return this.answer(intent.id, READ_ONLY);
        const answer = await controller.override(intent.symbol, { [intent.side]: value });
        if (answer.outcome === 'asked') this.asked.push(intent.id);
        return this.answer(intent.id, answer);
      }
      case 'writeOverride': {
        const write = edit && adjust ? this.parts.writeOverride : undefined;
        return this.answer(intent.id, (await write?.(intent.symbol, intent.side)) ?? READ_ONLY);
      }
      case 'command':
        if (edit) this.parts.command?.(intent.command, intent.symbol);
        return;
    }
  }

  /** A live account is always asked about in VS Code; elsewhere the page's own question is enough. */
  private act(action: Action, symbol: string | undefined, isConfirmed: boolean): OverrideAnswer {
    const { controller, can, ask } = this.parts;
    const mode = controller.snapshot?.mode;
    if (!can().act) return READ_ONLY;
    if (mode === undefined) return { outcome: 'refused', text: 'No session is running' };
    if (needsYes(action, mode === 'LIVE') && (mode === 'LIVE' || !isConfirmed)) {
      ask(action, symbol);
      return { outcome: 'asked', text: 'VS Code asks' };
    }
    if (action === 'stop') void controller.stop();
    else if (action === 'retry') controller.retry();
    else controller.control(action, symbol);
    return { outcome: 'taken', text: '' };
  }

  private answer(id: number, { outcome, text }: OverrideAnswer): void {
    this.send({ type: 'answer', id, outcome, text });
  }

  /** No question is open any more and what was asked about has not come. */
  private declined(): void {
    for (const id of this.asked.splice(0)) this.answer(id, { outcome: 'refused', text: 'Declined in VS Code' });
  }

  private want(): void {
    const { controller, name, intervalMs } = this.parts;
    if (this.isVisible) controller.want(name, this.symbol === null ? [] : [this.symbol], intervalMs, true);
    else controller.want(name, []);
  }

  private onSnapshot(isLost: boolean, positions: number): void {
    if (isLost !== this.wasLost) {
      const held = positions === 0 ? '' : `, ${positions} position${positions === 1 ? '' : 's'} reconciled`;
      this.polite = isLost ? 'Link lost' : `Link back${held}`;
      this.wasLost = isLost;
    }
    this.sendSoon();
  }

  private sendAll(): void {
    this.sendView();
    this.sendSparks();
    const chart = this.symbol === null ? undefined : this.parts.controller.charts.get(this.symbol);
    if (chart !== undefined) this.sendChart(chart);
  }

  /** At once when the last one is long enough ago: a page that waits for its pace is never more than that behind. */
  private sendSoon(): void {
    if (this.timer !== null || !this.isVisible || !this.isReady) return;
    const wait = this.sentAt + this.parts.intervalMs * 0.8 - Date.now();
    if (wait <= 0) return this.sendView();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.sendView();
    }, wait);
  }

  private sendView(): void {
    const { controller } = this.parts;
    const { snapshot, state } = controller;
    this.sentAt = Date.now();
    const options = {
      can: this.parts.can(),
      isStarting: state !== 'idle',
      polite: this.polite,
      idleText: snapshot === null && state === 'idle' ? this.parts.idleText() : '',
    };
    this.send({ type: 'view', view: dashboardView(snapshot, options) });
    if (this.symbol === null || snapshot === null) return;
    const detail = controller.details.get(this.symbol);
    const isKnown = snapshot.symbols.some(each => each.symbol === this.symbol);
    if (detail !== undefined || !isKnown) {
      this.send({
        type: 'detail',
        symbol: this.symbol,
        detail: detail === undefined ? null : dashboardDetail(detail, snapshot),
      });
    }
  }

  private sendShow(): void {
    if (this.toShow === null || !this.isReady || !this.isVisible) return;
    this.send({ type: 'show', symbol: this.toShow });
    this.toShow = null;
  }

  private sendChart(chart: SymbolChart): void {
    if (chart.symbol === this.symbol) this.send({ type: 'chart', chart: dashboardChart(chart) });
  }

  private sendSparks(): void {
    const { sparks } = this.parts.controller;
    this.send({
      type: 'sparks',
      sparks: Object.fromEntries(Object.entries(sparks).map(([symbol, spark]) => [symbol, sparkView(spark)])),
    });
  }

  private send(message: ToDashboard): void {
    if (this.isReady && this.isVisible) this.parts.send(message);
  }
}

/** What lowers the risk acts at once; on a live account resuming is asked about too. */
export function needsYes(action: Action, isLive: boolean): boolean {
  if (action === 'pause' || action === 'retry') return false;
  return action !== 'resume' || isLive;
}

const READ_ONLY: OverrideAnswer = { outcome: 'refused', text: 'This page is read-only' };
