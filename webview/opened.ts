/**
 * The opened symbol: its head, price chart, ladders, steppers and why not. Made once and kept; another symbol only changes what
 * it says.
 */
import type { Capabilities, DashboardView } from '../src/shared/dashboard';
import type { DashboardChart, DashboardDetail } from '../src/shared/dashboardDetail';
import type { Arrangement } from './arranged';
import { PriceChart } from './chart';
import { button, iconButton, linkButton } from './controls';
import { each, element, setAttribute, setCell, setText, show } from './dom';
import type { PageHead } from './head';
import type { Answer, Intents } from './intents';
import { Ladders, makeFact, updateFact } from './ladders';
import { Stepper } from './stepper';
import type { Transport } from './transport';
import type { Job, Turns } from './turns';
import { WhyNot } from './whyNot';

export interface OpenedParts {
  readonly arrangement: Arrangement;
  readonly intents: Intents;
  readonly head: PageHead;
  readonly transport: Transport;
  readonly turns: Turns;
  close(): void;
  answered(answer: Answer): void;
}

/** A part of the symbol that is brought up to date by itself. */
interface Part {
  readonly job: Job;
  isInView: boolean;
}

/** What a frame costs with each, and the next one with the chart: see docs/performance.md. */
const TOP_MS = 0.6;
const CHART_MS = 0.4;
const CHART_AFTER_MS = 4;
const LADDERS_MS = 1.2;
const STEPPERS_MS = 0.4;
const WHY_MS = 1.2;
const CHART_EVERY_MS = 500;
/** Parts that are out of view follow once in this many details, which is about a second. */
const UNSEEN_EVERY = 10;

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
  private readonly parts = new Map<Element, Part>();
  private readonly inView = new IntersectionObserver(entries => this.cameOrWent(entries));
  private detail: DashboardDetail | null = null;
  private can: Capabilities | null = null;
  private shown: string | null = null;
  private nDetails = 0;
  private chartAt = 0;

  constructor(private readonly given: OpenedParts) {
    const { arrangement, intents, head } = given;
    const act = (action: 'pause' | 'resume') =>
      this.detail === null
        ? undefined
        : intents.act(action, true, this.detail.symbol, answer => given.answered(answer));
    this.pause = button({ label: 'Pause', onClick: () => act('pause') });
    this.resume = button({ label: 'Resume', onClick: () => act('resume') });
    this.flatten = button({
      label: 'Flatten…',
      className: 'danger',
      onClick: () =>
        this.detail === null ? undefined : head.askSymbol('flatten', this.detail.symbol, this.detail.flatten),
    });
    this.chart = new PriceChart(arrangement, given.turns);
    this.ladders = new Ladders(this.copy, this.review);
    this.buy = new Stepper('buy', intents, arrangement);
    this.sell = new Stepper('sell', intents, arrangement);
    const close = iconButton('x', 'Close', () => given.close());
    const actions = element('span', 'acts', this.line, this.pause, this.resume, this.gap, this.flatten, close);
    this.steppers.append(
      element('div', 'pt', element('h3', '', 'Base percents'), this.stepperNote),
      element('div', 'two-up', this.buy.node, this.sell.node),
    );
    const whyTitle = element('span', 'dim', 'every condition, what was found and what is needed');
    const why = element('div', 'pane', element('div', 'pt', element('h3', '', 'Why not?'), whyTitle), this.why.node);
    const top = element(
      'div',
      'oh',
      this.symbol,
      this.last,
      element('span', 'kv', this.change, ' ', this.from),
      this.facts,
      actions,
    );
    this.node = element(
      'section',
      'open',
      top,
      this.notes,
      element('div', 'o1', this.chart.node, this.ladders.node),
      element('div', 'o2', this.steppers, why),
    );
    this.node.hidden = true;
    const part = (
      node: Element,
      ms: number,
      show: (detail: DashboardDetail, can: Capabilities) => void,
      msAfter = 0,
    ) => {
      const run = () => (this.detail === null || this.can === null ? undefined : show(this.detail, this.can));
      this.parts.set(node, { job: { ms, msAfter, run }, isInView: true });
      this.inView.observe(node);
    };
    part(top, TOP_MS, (detail, can) => this.showTop(detail, can));
    part(this.chart.node, CHART_MS, detail => this.chart.show(detail), CHART_AFTER_MS);
    part(this.ladders.node, LADDERS_MS, detail => this.ladders.update(detail));
    part(this.steppers, STEPPERS_MS, (detail, can) => this.showSteppers(detail, can));
    part(why, WHY_MS, detail => this.why.update(detail));
  }

  /** At once where another symbol was: half of one beside half of the other would be wrong. */
  show(detail: DashboardDetail, { can }: DashboardView): void {
    const { turns } = this.given;
    this.detail = detail;
    this.can = can;
    if (this.shown !== detail.symbol || this.node.hidden) {
      this.shown = detail.symbol;
      show(this.node, true);
      setAttribute(this.node, 'aria-label', detail.symbol);
      return turns.now(...[...this.parts.values()].map(({ job }) => job));
    }
    const isTheirTurn = ++this.nDetails % UNSEEN_EVERY === 0;
    for (const [node, { job, isInView }] of this.parts) {
      if (node === this.chart.node && !this.isChartDue()) continue;
      if (isInView || isTheirTurn) turns.want(job, isInView);
    }
  }

  /** None is open, or no session knows it. */
  hide(): void {
    this.detail = null;
    show(this.node, false);
  }

  showChart(chart: DashboardChart): void {
    this.chart.take(chart);
    const part = this.parts.get(this.chart.node);
    if (part !== undefined && this.detail !== null) this.given.turns.want(part.job, part.isInView);
  }

  /** A picture that moves more often says no more, and is the dearest of all. */
  private isChartDue(): boolean {
    const now = performance.now();
    if (now < this.chartAt + CHART_EVERY_MS) return false;
    this.chartAt = now;
    return true;
  }

  private cameOrWent(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const part = this.parts.get(target);
      if (part === undefined) continue;
      part.isInView = isIntersecting;
      if (isIntersecting && this.detail !== null) this.given.turns.want(part.job);
    }
  }

  private showTop(detail: DashboardDetail, can: Capabilities): void {
    const { symbol } = detail;
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
    show(this.chart.node, detail.hasChart);
    show(this.copy, can.edit);
    show(this.review, can.edit);
    each(
      this.notes,
      detail.notes,
      () => element('div', 'note'),
      (node, text) => setText(node, text),
    );
  }

  private showSteppers({ symbol, stepperNote, steppers }: DashboardDetail, can: Capabilities): void {
    show(this.steppers, can.adjust);
    setText(this.stepperNote, stepperNote);
    this.buy.update(symbol, steppers.buy, can.adjust, can.edit);
    this.sell.update(symbol, steppers.sell, can.adjust, can.edit);
  }

  private command(command: 'openLine' | 'copyLadder' | 'reviewFills'): void {
    if (this.detail !== null) this.given.transport.send({ type: 'command', command, symbol: this.detail.symbol });
  }
}
