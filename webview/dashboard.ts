/**
 * The dashboard's page: the last view in, DOM out, intents back. It formats nothing and decides nothing; what a person has
 * arranged (the filter) is all that it keeps.
 */
import type { Cell, DashboardRow, DashboardView, NextRung } from '../src/shared/dashboard';
import { button, registerControls, textField } from './controls';
import { each, element, setText, setTone, show } from './dom';
import { httpTransport } from './httpTransport';
import { followOwnTheme } from './ownTheme';
import { vsCodeTransport, type Transport } from './transport';

registerControls();
const home = vsCodeTransport() ?? overHttp();
const arranged = home.load() as { filter?: string } | undefined;
let filter = arranged?.filter ?? '';
let view: DashboardView | null = null;
let nIntents = 0;

const act = (action: 'pause' | 'resume' | 'flatten' | 'kill' | 'release' | 'stop') =>
  home.send({ type: 'act', id: ++nIntents, action, isConfirmed: false });

const mode = element('span', 'mode');
const account = element('span', 'account');
const link = element('span', 'link');
const hours = element('span', 'hours');
const pause = button({ label: 'Pause entries', onClick: () => act('pause') });
const resume = button({ label: 'Resume entries', onClick: () => act('resume') });
const release = button({ label: 'Release kill switch…', onClick: () => act('release') });
const stop = button({ label: 'Stop…', onClick: () => act('stop') });
// The dangerous ones stand alone behind a gap; the host asks before it does anything.
const flatten = button({ label: 'Flatten all…', className: 'danger apart', onClick: () => act('flatten') });
const kill = button({ label: 'Kill switch…', className: 'danger', onClick: () => act('kill') });
const actions = element('div', 'actions', pause, resume, stop, flatten, kill, release);
const head = element('header', 'head', mode, account, link, hours, actions);

const figures = element('dl', 'figures');
const warnings = element('ul', 'warnings');
warnings.setAttribute('aria-label', 'To know');
const search = textField('Filter symbols', filter, text => {
  filter = text;
  home.save({ filter });
  render();
});
const caption = element('caption', 'hidden-text', 'A row for each symbol');
const columns = element('tr', '');
const rows = element('tbody', '');
const table = element('table', '', caption, element('thead', '', columns), rows);
const scroller = element('div', 'scroller', table);
scroller.tabIndex = 0;
scroller.setAttribute('role', 'region');
scroller.setAttribute('aria-label', 'Symbols');
const title = element('h1', 'hidden-text', 'Dronebot dashboard');
const running = element('main', 'running', title, figures, warnings, element('div', 'tools', search), scroller);

const start = button({
  label: 'Start Live',
  look: 'primary',
  onClick: () => home.send({ type: 'command', command: 'start' }),
});
const idleText = element('p', '');
const idle = element('main', 'idle', element('h1', '', 'Dronebot'), idleText, start);
const polite = element('div', 'hidden-text');
polite.setAttribute('role', 'status');
polite.setAttribute('aria-live', 'polite');

document.getElementById('dashboard')?.append(head, running, idle, polite);

home.listen(message => {
  if (message.type !== 'view') return;
  view = message.view;
  render();
});
home.send({ type: 'ready' });

const COLUMNS = [
  'Last',
  'Reference',
  'Next buy',
  'Next sell',
  'z',
  'Held · touched · hit',
  'Shares',
  'Average',
  'Open P&L',
  'Realized',
  'Clip',
  'Spread',
  'Age',
];

function render(): void {
  if (view === null) return;
  const current = view.head;
  const isRunning = view.status === 'running' && current !== null;
  show(head, isRunning);
  show(running, isRunning);
  show(idle, !isRunning);
  show(start, view.status === 'idle');
  setText(
    idleText,
    view.status === 'starting'
      ? 'The session is starting. The ladders appear with the first prices.'
      : `No session is running. Nothing trades. ${view.idleText}`,
  );
  setText(polite, view.polite);
  if (current === null || !isRunning) return;
  setText(mode, current.mode);
  mode.setAttribute('data-mode', current.mode);
  setText(account, current.account);
  setText(link, current.link);
  setText(hours, `${current.clock} · ${current.hours}`);
  show(pause, !current.isPaused);
  show(resume, current.isPaused);
  show(release, current.isKilled);
  show(kill, !current.isKilled);
  each(figures, figureTexts(view), makeFigure, updateFigure);
  show(warnings, view.notes.length > 0);
  each(
    warnings,
    view.notes,
    () => element('li', ''),
    (node, note) => setText(node, `${note.title} ${note.text}`),
  );
  each(columns, ['Symbol', 'State', ...COLUMNS], makeHead, setText);
  const wanted = filter.trim().toUpperCase();
  const shown = view.rows.filter(row => row.symbol.includes(wanted));
  each(rows, shown, () => element('tr', ''), updateRow);
}

type FigureTexts = readonly [label: string, value: Cell, note: string];

function figureTexts({ figures }: DashboardView): FigureTexts[] {
  if (figures === null) return [];
  return [
    ['Day P&L after fees', figures.day, figures.dayNote],
    ...figures.capital.map(each => [each.label, { text: each.used }, each.of] as const),
    ...figures.counts.map(each => [each.label, { text: each.value, tone: each.tone }, each.note] as const),
  ];
}

function makeHead(): Element {
  const head = element('th', '');
  head.scope = 'col';
  return head;
}

function makeFigure(): Element {
  return element('div', 'figure', element('dt', ''), element('dd', 'value'), element('dd', 'note'));
}

function updateFigure(node: Element, figure: FigureTexts): void {
  const [label, value, note] = node.children;
  if (label === undefined || value === undefined || note === undefined) return;
  setText(label, figure[0]);
  setText(value, figure[1].text);
  setTone(value, figure[1].tone);
  setText(note, figure[2]);
}

const rung = (next: NextRung | null) => (next === null ? '–' : `${next.rung} ${next.price} ${next.where}`);

function cells(row: DashboardRow): Cell[] {
  return [
    { text: row.last },
    { text: row.reference, tone: 'dim' },
    { text: rung(row.nextBuy) },
    { text: rung(row.nextSell) },
    { text: row.z },
    { text: `${row.held} · ${row.touched} · ${row.hit}` },
    row.position,
    row.average,
    row.open,
    row.realized,
    { text: row.clip },
    { text: row.spread },
    { text: row.age },
  ];
}

function updateRow(node: Element, row: DashboardRow): void {
  if (node.children.length === 0) node.append(makeSymbol(), makeState());
  const [symbol, state] = node.children;
  const open = symbol?.querySelector('button');
  if (symbol === undefined || state === undefined || open === null || open === undefined) return;
  setText(open, row.symbol);
  open.title = `Open the line of ${row.symbol}`;
  const name = symbol.querySelector('.class');
  if (name !== null) setText(name, row.class);
  const [mark, text] = state.children;
  if (mark !== undefined) setText(mark, '');
  if (text !== undefined) setText(text, row.state);
  (state as HTMLElement).title = row.reason;
  cells(row).forEach((cell, index) => {
    let data = node.children[index + 2];
    if (data === undefined) {
      data = element('td', 'number');
      node.append(data);
    }
    setText(data, cell.text);
    setTone(data, cell.tone);
  });
}

/** The symbol heads its row, and opens its line in targets.txt. */
function makeSymbol(): Element {
  const open = element('button', 'symbol');
  open.addEventListener('click', () =>
    home.send({ type: 'command', command: 'openLine', symbol: open.textContent ?? '' }),
  );
  const head = element('th', 'name', open, ' ', element('span', 'class'));
  head.scope = 'row';
  return head;
}

function makeState(): Element {
  const mark = element('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  return element('td', 'state', mark, element('span', ''));
}

function overHttp(): Transport {
  followOwnTheme();
  return httpTransport();
}
