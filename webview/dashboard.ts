/**
 * The dashboard's page: the last view in, DOM out, intents back. It formats nothing and decides nothing; what a person has
 * arranged (the filter) is all that it keeps.
 */
import type { DashboardRow, DashboardView, Figure, FromDashboard, ToDashboard } from '../src/shared/dashboard';
import { button, registerControls, textField } from './controls';
import { each, element, setText, setTone, show } from './dom';

declare function acquireVsCodeApi(): {
  postMessage(message: FromDashboard): void;
  getState(): { filter?: string } | undefined;
  setState(state: { filter: string }): void;
};

registerControls();
const host = acquireVsCodeApi();
let filter = host.getState()?.filter ?? '';
let view: DashboardView | null = null;

const send = (command: Extract<FromDashboard, { type: 'command' }>['command']) =>
  host.postMessage({ type: 'command', command });

const mode = element('span', 'mode');
const account = element('span', 'account');
const link = element('span', 'link');
const hours = element('span', 'hours');
const pause = button({ label: 'Pause entries', onClick: () => send('pause') });
const resume = button({ label: 'Resume entries', onClick: () => send('resume') });
const release = button({ label: 'Release kill switch…', onClick: () => send('release') });
const stop = button({ label: 'Stop…', onClick: () => send('stop') });
// The dangerous ones stand alone behind a gap; the host asks before it does anything.
const flatten = button({ label: 'Flatten all…', className: 'danger apart', onClick: () => send('flatten') });
const kill = button({ label: 'Kill switch…', className: 'danger', onClick: () => send('kill') });
const actions = element('div', 'actions', pause, resume, stop, flatten, kill, release);
const head = element('header', 'head', mode, account, link, hours, actions);

const figures = element('dl', 'figures');
const warnings = element('ul', 'warnings');
warnings.setAttribute('aria-label', 'To know');
const search = textField('Filter symbols', filter, text => {
  filter = text;
  host.setState({ filter });
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

const start = button({ label: 'Start Live', look: 'primary', onClick: () => send('start') });
const idleText = element('p', '');
const idle = element('main', 'idle', element('h1', '', 'Dronebot'), idleText, start);
const polite = element('div', 'hidden-text');
polite.setAttribute('role', 'status');
polite.setAttribute('aria-live', 'polite');

document.getElementById('dashboard')?.append(head, running, idle, polite);

window.addEventListener('message', ({ data }: MessageEvent<ToDashboard>) => {
  if (data.type !== 'view') return;
  view = data.view;
  render();
});
host.postMessage({ type: 'ready' });

function render(): void {
  if (view === null) return;
  const isRunning = view.status === 'running';
  show(head, isRunning);
  show(running, isRunning);
  show(idle, !isRunning);
  show(start, view.status === 'idle');
  setText(
    idleText,
    view.status === 'starting'
      ? 'The session is starting. The ladders appear with the first prices.'
      : 'No session is running. Nothing trades.',
  );
  setText(polite, view.polite);
  if (!isRunning) return;
  setText(mode, view.mode);
  mode.setAttribute('data-mode', view.mode);
  setText(account, view.account);
  setText(link, view.link);
  setTone(link, view.linkTone);
  setText(hours, view.hours);
  show(pause, view.canPause);
  show(resume, view.canResume);
  show(release, view.canRelease);
  show(kill, !view.canRelease);
  each(figures, view.figures, makeFigure, updateFigure);
  show(warnings, view.warnings.length > 0);
  each(warnings, view.warnings, () => element('li', ''), setText);
  const heads = ['Symbol', 'State', ...view.columns];
  each(columns, heads, makeHead, setText);
  const wanted = filter.trim().toUpperCase();
  const shown = view.rows.filter(row => row.symbol.includes(wanted));
  each(rows, shown, () => element('tr', ''), updateRow);
}

function makeHead(): Element {
  const head = element('th', '');
  head.scope = 'col';
  return head;
}

function makeFigure(): Element {
  return element('div', 'figure', element('dt', ''), element('dd', 'value'), element('dd', 'note'));
}

function updateFigure(node: Element, figure: Figure): void {
  const [label, value, note] = node.children;
  if (label === undefined || value === undefined || note === undefined) return;
  setText(label, figure.label);
  setText(value, figure.value);
  setTone(value, figure.tone);
  setText(note, figure.note);
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
  if (mark !== undefined) setText(mark, row.state.mark);
  if (text !== undefined) setText(text, row.state.text);
  setTone(state, row.state.tone);
  (state as HTMLElement).title = row.title;
  row.cells.forEach((cell, index) => {
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
  open.addEventListener('click', () => host.postMessage({ type: 'openLine', symbol: open.textContent ?? '' }));
  const head = element('th', 'name', open, ' ', element('span', 'class'));
  head.scope = 'row';
  return head;
}

function makeState(): Element {
  const mark = element('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  return element('td', 'state', mark, element('span', ''));
}
