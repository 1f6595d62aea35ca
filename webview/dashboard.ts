/**
 * The dashboard's page: the newest messages in, DOM out, intents back. It formats nothing and decides nothing; what a person has
 * arranged is all that it keeps. The same bundle runs in a VS Code panel and over HTTP.
 */
import type { DashboardView, Fact, ToDashboard } from '../src/shared/dashboard';
import type { DashboardChart, DashboardDetail } from '../src/shared/dashboardDetail';
import { Arrangement } from './arranged';
import { registerControls } from './controls';
import { each, element, setAttribute, setText, show } from './dom';
import { FigureBar } from './figures';
import { PageHead } from './head';
import { httpTransport } from './httpTransport';
import { Intents, type Answer } from './intents';
import { Opened } from './opened';
import { followOwnTheme } from './ownTheme';
import { SymbolTable } from './symbolTable';
import { vsCodeTransport, type Transport } from './transport';
import { Turns, type Job } from './turns';
import { Waiting } from './waiting';

class Page {
  private readonly arrangement: Arrangement;
  private readonly intents: Intents;
  private readonly turns = new Turns(then => requestAnimationFrame(then));
  private readonly main = element('main', '');
  private readonly head: PageHead;
  private readonly figures: FigureBar;
  private readonly table: SymbolTable;
  private readonly top: Job = { ms: TOP_MS, run: () => this.showTop() };
  private readonly open: Job = { ms: OPEN_MS, run: () => this.showOpened() };
  /** Null until a symbol is shown: it is much to make, and what is read first is the table. */
  private opened: Opened | null = null;
  private readonly waiting: Waiting;
  private readonly constants = element('footer', 'foot');
  private readonly cut = element('div', 'note err');
  /** What came of the last action, when it is anything but done. */
  private readonly said = element('div', 'note err');
  private saidTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly polite = element('div', 'vh');
  private view: DashboardView | null = null;
  private detail: DashboardDetail | null = null;
  private chart: DashboardChart | null = null;
  private asked: string | null = null;
  private isPlaced = false;

  constructor(
    root: HTMLElement,
    private readonly transport: Transport,
  ) {
    this.arrangement = new Arrangement(transport);
    this.intents = new Intents(message => transport.send(message));
    const { arrangement, intents, main } = this;
    this.head = new PageHead(
      {
        act: (action, isConfirmed, symbol) => intents.act(action, isConfirmed, symbol, answer => this.say(answer)),
        command: command => transport.send({ type: 'command', command }),
        refresh: () => transport.send({ type: 'refresh' }),
        setPrivate: isPrivate => {
          arrangement.change({ isPrivate });
          main.classList.toggle('hide', isPrivate);
        },
      },
      arrangement.now.isPrivate,
    );
    this.figures = new FigureBar(filter => {
      this.table.setFilter(filter);
      if (this.view !== null) this.figures.update(this.view, filter);
    });
    this.table = new SymbolTable(arrangement, this.turns, (symbol, isByKey) => this.openSymbol(symbol, isByKey));
    this.waiting = new Waiting(command => transport.send({ type: 'command', command }));
    this.polite.setAttribute('role', 'status');
    this.polite.setAttribute('aria-live', 'polite');
    this.cut.setAttribute('role', 'status');
    this.cut.hidden = true;
    this.said.setAttribute('role', 'alert');
    this.said.hidden = true;
    this.constants.setAttribute('aria-label', 'Constants in force');
    main.append(
      element('h1', 'vh', 'Dronebot dashboard'),
      this.cut,
      this.said,
      this.head.node,
      this.head.strip.node,
      this.head.notes,
      this.figures.node,
      this.waiting.node,
      this.table.node,
      this.constants,
      this.polite,
    );
    root.append(main);
    transport.listen(message => this.hear(message));
    window.addEventListener('scroll', () => {
      if (this.isPlaced) arrangement.change({ scroll: { ...arrangement.now.scroll, page: scrollY } });
    });
    transport.send({ type: 'ready' });
  }

  private hear(message: ToDashboard): void {
    switch (message.type) {
      case 'view':
        return this.showView(message.view);
      case 'detail':
        if (message.symbol !== this.arrangement.now.opened) return;
        return this.hearDetail(message.detail);
      case 'chart':
        this.chart = message.chart;
        if (message.chart.symbol === this.arrangement.now.opened) this.opened?.showChart(message.chart);
        return;
      case 'sparks':
        return this.table.showSparks(message.sparks);
      case 'show':
        return this.openSymbol(message.symbol, true);
      case 'answer':
      case 'preview':
        return this.intents.hear(message);
      case 'connection':
        show(this.cut, message.state !== 'up');
        if (message.state !== 'up') setText(this.cut, CUT[message.state]);
        this.main.classList.toggle('cut', message.state !== 'up');
        return;
    }
  }

  private say({ outcome, text }: Answer): void {
    clearTimeout(this.saidTimer);
    show(this.said, outcome !== 'taken');
    if (outcome === 'taken') return;
    setText(this.said, outcome === 'asked' ? 'VS Code asks first: answer there.' : `Not done. ${text}.`);
    this.saidTimer = setTimeout(() => show(this.said, false), SAID_MS);
  }

  private showView(view: DashboardView): void {
    const before = this.view;
    this.view = view;
    this.turns.owe(MESSAGE_MS);
    const isRunning = view.status === 'running';
    const { main } = this;
    main.classList.toggle('lost', view.head?.isLinked === false);
    setAttribute(main, 'data-mode', view.head?.mode ?? '');
    // Another kind of page is shown whole; numbers that move wait for their turn.
    if (view.status !== before?.status || !isRunning) this.turns.now(this.top);
    else this.turns.want(this.top);
    this.waiting.update(view);
    show(this.table.node, isRunning);
    if (isRunning) this.table.update(view);
    show(this.constants, isRunning && view.constants.length > 0);
    each(this.constants, [IN_FORCE, ...view.constants], makeConstant, updateConstant);
    setText(this.polite, view.polite);
    this.follow(view);
    if (isRunning && this.arrangement.now.opened === null) this.placeOnce();
  }

  private showTop(): void {
    if (this.view === null) return;
    this.head.update(this.view);
    this.figures.update(this.view, this.arrangement.now.filter);
  }

  /** Tells the home which symbol is open; the first one is, as long as nobody has opened or closed any. */
  private follow(view: DashboardView): void {
    if (view.status !== 'running') {
      this.asked = null;
      this.detail = null;
      return this.opened?.hide();
    }
    const { now } = this.arrangement;
    const first = view.rows.find(row => row.kind !== 'fail')?.symbol;
    if (now.opened === undefined && first !== undefined) now.opened = first;
    const opened = now.opened ?? null;
    if (opened !== this.asked) {
      this.asked = opened;
      this.transport.send({ type: 'open', symbol: opened });
    }
  }

  private openSymbol(symbol: string | null, isByKey = false): void {
    const before = this.arrangement.now.opened ?? null;
    this.arrangement.change({ opened: symbol });
    if (this.detail?.symbol !== symbol) this.detail = null;
    if (this.view === null) return;
    this.follow(this.view);
    this.table.showAgain(before, symbol);
    this.showOpened();
    if (isByKey) this.opened?.node.scrollIntoView({ block: 'nearest' });
  }

  private hearDetail(detail: DashboardDetail | null): void {
    this.detail = detail;
    if (this.view === null) return;
    if (this.opened === null && detail !== null) this.turns.want(this.open);
    else this.showOpened();
  }

  private showOpened(): void {
    const { view, detail, arrangement, intents, transport, turns, head } = this;
    if (view === null) return;
    if (detail === null) return this.opened?.hide();
    if (this.opened === null) {
      const close = () => this.openSymbol(null);
      const answered = (answer: Answer) => this.say(answer);
      this.opened = new Opened({ arrangement, intents, transport, turns, head, close, answered });
      this.constants.before(this.opened.node);
      if (this.chart?.symbol === detail.symbol) this.opened.showChart(this.chart);
    }
    this.opened.show(detail, view);
    this.placeOnce();
  }

  /** Where the person had scrolled to, once everything stands that was there then. */
  private placeOnce(): void {
    if (this.isPlaced) return;
    this.isPlaced = true;
    const { page } = this.arrangement.now.scroll;
    requestAnimationFrame(() => scrollTo(0, page));
  }
}

const CUT = {
  reconnecting: 'Reconnecting: what is shown may be old.',
  expired:
    'This link has expired: nothing here is live any more. In VS Code, Dronebot: Serve Dashboard over HTTP gives the new one.',
} as const;

/** What a frame costs with it: see docs/performance.md. */
const MESSAGE_MS = 1;
const TOP_MS = 1;
const OPEN_MS = 50;

/** Long enough to be read twice. */
const SAID_MS = 15_000;

const IN_FORCE: Fact = { label: 'In force', value: '' };

function makeConstant(): HTMLElement {
  return element('span', '', element('span', ''), ' ', element('b', ''));
}

function updateConstant(node: Element, { label, value, isAmount }: Fact): void {
  setText(node.firstElementChild!, label);
  setText(node.lastElementChild!, value);
  setAttribute(node.lastElementChild!, 'class', isAmount === true ? 'amt' : '');
}

function overHttp(): Transport {
  followOwnTheme();
  return httpTransport();
}

registerControls();
const root = document.getElementById('dashboard');
if (root !== null) new Page(root, vsCodeTransport() ?? overHttp());
