/**
 * The page of the pre-session anchors: the last view in, tables out, intents back. It formats nothing and computes nothing.
 */
import type { AnchorsView, AnchorsViewRow, FromAnchors, ToAnchors } from '../src/shared/anchors';
import { each, element, setText, setTone, show } from './dom';
import { actionButton, linkButton, rowHead, titledTable } from './reportPage';

declare function acquireVsCodeApi(): { postMessage(message: FromAnchors): void };

const host = acquireVsCodeApi();
const act = (action: Extract<FromAnchors, { type: 'action' }>['action']) =>
  host.postMessage({ type: 'action', action });

const title = element('h1', '');
const again = actionButton({ label: 'Ask for the rest', look: 'primary', onClick: () => act('again') });
const copy = actionButton({ label: 'Copy', title: 'Copy as Markdown', onClick: () => act('copy') });
const saveCsv = actionButton({ label: 'Save CSV…', onClick: () => act('saveCsv') });
const saveMarkdown = actionButton({ label: 'Save Markdown…', onClick: () => act('saveMarkdown') });
const head = element('header', 'page-head', title, element('div', 'actions', again, copy, saveCsv, saveMarkdown));
const notes = element('ul', 'notes');
const tables = element('div', '');
document.getElementById('anchors')?.append(head, element('main', '', notes, tables));

window.addEventListener('message', ({ data }: MessageEvent<ToAnchors>) => {
  if (data.type === 'view') render(data.view);
});
host.postMessage({ type: 'ready' });

function render(view: AnchorsView): void {
  setText(title, view.title);
  show(again, view.isPartial);
  show(notes, view.notes.length > 0);
  each(notes, view.notes, () => element('li', ''), setText);
  tables.replaceChildren(...view.tables.flatMap(table => tableOf(table)));
}

function tableOf({ title, columns, rows }: AnchorsView['tables'][number]): HTMLElement[] {
  const hasNotes = rows.some(row => row.note !== '');
  const names = ['Symbol', ...columns, ...(hasNotes ? ['Note'] : [])];
  const body = rows.map(row => rowOf(row, columns, hasNotes));
  return titledTable(title, names, body, classOf);
}

function rowOf(
  { symbol, cells, note, hasPrices }: AnchorsViewRow,
  columns: readonly string[],
  hasNotes: boolean,
): HTMLElement {
  const open = linkButton(symbol, `Open the line of ${symbol}`, () => host.postMessage({ type: 'openLine', symbol }));
  const data = cells.map(({ text, tone }, index) => {
    const cell = element('td', classOf(columns[index] ?? ''), text);
    setTone(cell, tone);
    return cell;
  });
  if (!hasPrices) {
    // Nothing but dashes would follow: the reason stands there instead, where it is seen without scrolling.
    const reason = element('td', 'note', note);
    reason.colSpan = columns.length - 1 + (hasNotes ? 1 : 0);
    return element('tr', '', rowHead(open), ...data.slice(0, 1), reason);
  }
  return element('tr', '', rowHead(open), ...data, ...(hasNotes ? [element('td', 'note', note)] : []));
}

/** The anchor, and where the two ladders begin. */
function classOf(column: string): string {
  if (column === 'Anchor') return 'anchor';
  if (column === 'L1' || column === 'U1') return 'rung-first';
  return column === 'L4' || column === 'U4' ? 'rung-anchor' : column === 'Note' ? 'note' : '';
}
