/**
 * The opened symbol: its head, price chart, ladders, steppers and why not. Made once and kept; another symbol only changes what
 * it says.
 */
import type { DashboardView } from '../src/shared/dashboard';
import type { DashboardChart, DashboardDetail } from '../src/shared/dashboardDetail';
import type { Arrangement } from './arranged';
import { PriceChart } from './chart';
import { button, iconButton, linkButton } from './controls';
import { each, element, setCell, setText, show } from './dom';
import type { PageHead } from './head';
import type { Answer, Intents } from './intents';
import { Ladders, makeFact, updateFact } from './ladders';
import { Stepper } from './stepper';
import type { Transport } from './transport';
import { WhyNot } from './whyNot';

export interface OpenedParts {
  readonly arrangement: Arrangement;
  readonly intents: Intents;
  readonly head: PageHead;
  readonly transport: Transport;
  close(): void;
  answered(answer: Answer): void;
}

export class Opened {
  readonly node: HTMLElement;
  private readonly symbol = element('h2', '');
  private readonly last = element('span', 'lastbig');
  private readonly change = element('b', '');
  private readonly from = element('span', '');
  private readonly facts = element('span', 'facts');
  private readonly line = linkButton('', () => this.command('openLine'));
  private readonly pause: HTMLElement;
  private readonly resume: HTMLElement;
  private readonly flatten: HTMLElement;
  private readonly gap = element('span', 'gap');
  private readonly notes = element('div', 'notes');
  private readonly chart: PriceChart;
  private readonly ladders: Ladders;
  private readonly buy: Stepper;
  private readonly sell: Stepper;
  private readonly steppers = element('div', 'pane');
  private readonly stepperNote = element('span', 'dim');
  private readonly why = new WhyNot();
  private readonly copy = linkButton('Copy', () => this.command('copyLadder'));
  private readonly review = linkButton('Review fills', () => this.command('reviewFills'));
  private detail: DashboardDetail | null = null;

  constructor(private readonly parts: OpenedParts) {
    const { arrangement, intents, head } = parts;
    const act = (action: 'pause' | 'resume') =>
      this.detail === null
        ? undefined
        : intents.act(action, true, this.detail.symbol, answer => parts.answered(answer));
    this.pause = button({ label: 'Pause', onClick: () => act('pause') });
    this.resume = button({ label: 'Resume', onClick: () => act('resume') });
    this.flatten = button({
      label: 'Flatten…',
      className: 'danger',
      onClick: () =>
        this.detail === null ? undefined : head.askSymbol('flatten', this.detail.symbol, this.detail.flatten),
    });
    this.chart = new PriceChart(arrangement);
    this.ladders = new Ladders(this.copy, this.review);
    this.buy = new Stepper('buy', intents, arrangement);
    this.sell = new Stepper('sell', intents, arrangement);
    const close = iconButton('x', 'Close', () => parts.close());
    const actions = element('span', 'acts', this.line, this.pause, this.resume, this.gap, this.flatten, close);
    this.steppers.append(
      element('div', 'pt', element('h3', '', 'Base percents'), this.stepperNote),
      element('div', 'two-up', this.buy.node, this.sell.node),
    );
    const whyTitle = element('span', 'dim', 'every condition, what was found and what is needed');
    const why = element('div', 'pane', element('div', 'pt', element('h3', '', 'Why not?'), whyTitle), this.why.node);
    this.node = element(
      'section',
      'open',
      element(
        'div',
        'oh',
        this.symbol,
        this.last,
        element('span', 'kv', this.change, ' ', this.from),
        this.facts,
        actions,
      ),
      this.notes,
      element('div', 'o1', this.chart.node, this.ladders.node),
      element('div', 'o2', this.steppers, why),
    );
    this.node.hidden = true;
  }

  /** Null: none is open, or no session knows it. */
  show(detail: DashboardDetail | null, { can }: DashboardView): void {
    this.detail = detail;
    show(this.node, detail !== null);
    if (detail === null) return;
    const { symbol } = detail;
    if (this.node.getAttribute('aria-label') !== symbol) this.node.setAttribute('aria-label', symbol);
    setText(this.symbol, symbol);
    setText(this.last, detail.last);
    setCell(this.change, detail.change);
    setText(this.from, detail.changeFrom);
    each(this.facts, detail.facts, makeFact, updateFact);
    setText(this.line, `Open ${detail.line}`);
    show(this.line, can.edit && detail.line !== '');
    setText(this.pause, `Pause ${symbol}`);
    setText(this.resume, `Resume ${symbol}`);
    setText(this.flatten, `Flatten ${symbol}…`);
    show(this.pause, can.act && !detail.isPaused && detail.kind !== 'fail');
    show(this.resume, can.act && detail.isPaused);
    show(this.flatten, can.act && detail.isHeld);
    show(this.gap, can.act && detail.isHeld);
    show(this.copy, can.edit);
    show(this.review, can.edit);
    each(
      this.notes,
      detail.notes,
      () => element('div', 'note'),
      (node, text) => setText(node, text),
    );
    show(this.chart.node, detail.hasChart);
    this.chart.showDetail(detail);
    this.ladders.update(detail);
    show(this.steppers, can.adjust);
    setText(this.stepperNote, detail.stepperNote);
    this.buy.update(symbol, detail.steppers.buy, can.adjust, can.edit);
    this.sell.update(symbol, detail.steppers.sell, can.adjust, can.edit);
    this.why.update(detail.why);
  }

  showChart(chart: DashboardChart): void {
    this.chart.showChart(chart);
  }

  private command(command: 'openLine' | 'copyLadder' | 'reviewFills'): void {
    if (this.detail !== null) this.parts.transport.send({ type: 'command', command, symbol: this.detail.symbol });
  }
}
