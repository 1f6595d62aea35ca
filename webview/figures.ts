/**
 * The figures of the day: profit and loss, capital of each class, and the counts, which are filters of the table.
 */
import type { DashboardView, Filter } from '../src/shared/dashboard';
import { each, element, setAttribute, setCell, setText, show } from './dom';

export class FigureBar {
  readonly node = element('section', 'figs');
  private readonly day = element('span', 'v amt');
  private readonly dayNote = element('span', 'x amt');
  private readonly capital = element('div', 'caps');
  private readonly counts = element('div', 'counts');

  constructor(private readonly setFilter: (filter: Filter | null) => void) {
    this.node.setAttribute('aria-label', 'Figures of the day');
    const day = element('div', 'fig f1', element('span', 't', 'Day P&L after fees'), this.day, this.dayNote);
    this.node.append(day, this.capital, this.counts);
  }

  update({ figures }: DashboardView, filter: Filter | null): void {
    show(this.node, figures !== null);
    if (figures === null) return;
    setCell(this.day, figures.day);
    setText(this.dayNote, figures.dayNote);
    each(this.capital, figures.capital, makeCapital, (node, { label, used, of, percent }) => {
      const [title, value, meter] = node.children;
      setText(title!, label);
      setText(value!.firstElementChild!, used);
      setText(value!.lastElementChild!, of);
      setAttribute(meter!, 'aria-label', `${percent} percent used`);
      const bar = meter!.firstElementChild as HTMLElement;
      const width = `${percent}%`;
      if (bar.style.width !== width) bar.style.width = width;
    });
    each(
      this.counts,
      figures.counts,
      () => this.makeCount(),
      (node, count) => {
        node.dataset.filter = count.filter;
        setAttribute(node, 'aria-pressed', String(count.filter === filter));
        const [title, value, note] = node.children;
        setText(title!, count.label);
        setCell(value!, { text: count.value, tone: count.tone });
        setText(note!, count.note === '' ? '\u00a0' : count.note);
      },
    );
  }

  private makeCount(): HTMLButtonElement {
    const made = element('button', 'fig f4', element('span', 't'), element('span', 'v'), element('span', 'x'));
    made.type = 'button';
    made.addEventListener('click', () => {
      const isOn = made.getAttribute('aria-pressed') === 'true';
      this.setFilter(isOn ? null : (made.dataset.filter as Filter));
    });
    return made;
  }
}

function makeCapital(): HTMLElement {
  const value = element('span', 'v amt', element('span', ''), ' ', element('small', ''));
  const meter = element('div', 'meter', element('i', ''));
  meter.setAttribute('role', 'img');
  return element('div', 'fig f2', element('span', 't'), value, meter);
}
