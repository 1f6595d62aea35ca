/**
 * The Fills page: the last view in, figures, chart and tables out, intents back. Which symbol the chart shows is all that it
 * keeps; it formats and adds up nothing.
 */
import type { Cell } from '../src/shared/dashboard';
import type { FillsFigure, FillsTable, FillsView, FromFills, ToFills } from '../src/shared/fills';
import { each, element, setText, setTone, show } from './dom';
import { profitChart } from './profitChart';
import { actionButton, linkButton, rowHead, titledTable } from './reportPage';

interface Kept {
  readonly symbol: string | null;
}
declare function acquireVsCodeApi(): {
  postMessage(message: FromFills): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const host = acquireVsCodeApi();
const act = (action: Extract<FromFills, { type: 'action' }>['action']) => host.postMessage({ type: 'action', action });
let symbol = host.getState()?.symbol ?? null;
let view: FillsView | null = null;

const title = element('h1', '');
const facts = element('span', 'facts');
const actions = element(
  'div',
  'actions',
  actionButton({ label: 'Refresh', onClick: () => act('again') }),
  actionButton({
    label: 'As text',
    title: 'The tables in the output Dronebot: Review Fills',
    onClick: () => act('text'),
  }),
  actionButton({ label: 'Another file…', onClick: () => act('otherFile') }),
);
const figures = element('dl', 'figures');
const notes = element('ul', 'notes');
const chartTitle = element('h2', '');
const all = actionButton({ label: 'All symbols', onClick: () => choose(null) });
const legend = element(
  'span',
  'legend',
  element('span', 'realized', 'realized'),
  element('span', 'after', 'after fees'),
);
const place = element('div', 'chart');
place.setAttribute('role', 'img');
const notice = element('a', '', 'Charts by TradingView Lightweight Charts');
notice.href = 'https://www.tradingview.com/';
const tables = element('div', '');
const skippedTitle = element('h2', '', 'Rows that were not read');
const skipped = element('ul', 'notes');
const empty = element('p', 'empty', 'No fills yet. They appear here as the session writes them.');
const body = element(
  'div',
  '',
  figures,
  element('div', 'chart-head', chartTitle, legend, all),
  place,
  element('div', 'notice', notice),
  tables,
);
const main = element('main', '', notes, empty, body, skippedTitle, skipped);
document.getElementById('fills')?.append(element('header', 'page-head', title, facts, actions), main);
const chart = profitChart(place);

window.addEventListener('message', ({ data }: MessageEvent<ToFills>) => {
  if (data.type !== 'view') return;
  view = data.view;
  render(view);
});
host.postMessage({ type: 'ready' });

function choose(wanted: string | null): void {
  symbol = wanted;
  host.setState({ symbol });
  if (view !== null) render(view);
}

function render(view: FillsView): void {
  setText(title, view.isEmpty ? 'Fills' : view.title);
  setText(facts, view.facts);
  show(empty, view.isEmpty);
  show(body, !view.isEmpty);
  show(notes, !view.isEmpty);
  each(notes, view.notes, () => element('li', ''), setText);
  show(skippedTitle, view.skipped.length > 0);
  show(skipped, view.skipped.length > 0);
  each(skipped, view.skipped, () => element('li', ''), setText);
  if (view.isEmpty) return;
  each(figures, view.figures, makeFigure, updateFigure);
  const shown = view.series.find(series => series.symbol === symbol) ?? view.series[0];
  setText(chartTitle, `P&L over time, ${shown?.symbol ?? 'all symbols'}`);
  show(all, (shown?.symbol ?? null) !== null);
  if (shown !== undefined) {
    chart.show(shown);
    const last = view.figures[0];
    place.setAttribute('aria-label', `${chartTitle.textContent}; ${last?.label}: ${last?.value}`);
  }
  const bySymbol = tableOf(view.symbols, view.bars, shown?.symbol ?? null);
  tables.replaceChildren(...bySymbol, ...view.tables.flatMap(table => tableOf(table)));
}

function makeFigure(): Element {
  return element('div', 'figure', element('dt', ''), element('dd', 'value'), element('dd', 'note'));
}

function updateFigure(node: Element, figure: FillsFigure): void {
  const [label, value, note] = node.children;
  if (label === undefined || value === undefined || note === undefined) return;
  setText(label, figure.label);
  setText(value, figure.value);
  setTone(value, figure.tone);
  setText(note, figure.note);
}

/** With bars, the first column chooses what the chart shows. */
function tableOf(
  { title, columns, rows }: FillsTable,
  bars?: readonly number[],
  chosen?: string | null,
): HTMLElement[] {
  const names = bars === undefined ? columns : [...columns, 'After fees, as a bar'];
  const made = rows.map((row, index) => {
    const line = element('tr', '', ...row.map((cell, column) => cellOf(cell, column, bars !== undefined)));
    if (bars === undefined) return line;
    line.append(element('td', 'bar-cell', barOf(bars[index] ?? 0)));
    line.setAttribute('aria-selected', String(row[0]?.text === chosen));
    return line;
  });
  return titledTable(title, names, made);
}

function cellOf({ text, tone }: Cell, column: number, isChoice: boolean): HTMLElement {
  if (column > 0) {
    const cell = element('td', '', text);
    setTone(cell, tone);
    return cell;
  }
  return rowHead(isChoice ? linkButton(text, `Show ${text} in the chart`, () => choose(text)) : text);
}

/** From the middle to the right for a profit, to the left and hatched for a loss. */
function barOf(share: number): HTMLElement {
  const fill = element('i', '');
  const width = Math.abs(share) * 50;
  fill.style.width = `${width}%`;
  fill.style.left = share < 0 ? `${50 - width}%` : '50%';
  setTone(fill, share < 0 ? 'down' : 'up');
  const bar = element('div', 'bar', fill);
  bar.setAttribute('aria-hidden', 'true');
  return bar;
}
