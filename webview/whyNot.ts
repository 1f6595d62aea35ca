/**
 * "Why not?": every condition of the next buy, the next sell and the protection, with what was found and what is needed. Three
 * marks: met, not met, and an open ring for what is asked later or waits by design.
 */
import type { Condition, DashboardDetail, WhyGroup } from '../src/shared/dashboardDetail';
import { each, element, icon, setAttribute, setShape, setText, show } from './dom';

const MARKS = {
  met: { className: 'ok', shape: 'check', words: 'met' },
  unmet: { className: 'no', shape: 'x', words: 'not met' },
  idle: { className: 'idle', shape: 'ring', words: 'not asked yet' },
} as const;

export class WhyNot {
  private readonly groups = element('div', 'whys');
  private readonly note = element('p', '');
  readonly node = element('div', '', this.note, this.groups);

  update({ why, whyNote }: Pick<DashboardDetail, 'why' | 'whyNote'>): void {
    setText(this.note, whyNote);
    show(this.note, whyNote !== '');
    show(this.groups, whyNote === '');
    each(this.groups, why, makeGroup, updateGroup);
  }
}

function makeGroup(): HTMLElement {
  const rows = element('tbody', '');
  return element('section', 'why', element('h4', ''), element('p', 'sub'), element('table', '', rows));
}

function updateGroup(node: HTMLElement, { kind, title, note, noteIsAmount, conditions }: WhyGroup): void {
  setAttribute(node, 'class', `why why-${kind}`);
  const [head, sub, table] = node.children;
  setText(head!, title);
  setText(sub!, note);
  setAttribute(sub!, 'class', noteIsAmount ? 'sub amt' : 'sub');
  setAttribute(table!, 'aria-label', title);
  each(table!.firstElementChild!, conditions, makeCondition, (row, condition) =>
    updateCondition(row, condition, kind === 'protection'),
  );
}

function makeCondition(): HTMLTableRowElement {
  const label = element('th', '');
  label.scope = 'row';
  return element(
    'tr',
    '',
    element('td', 'm', icon('check'), element('span', 'vh')),
    label,
    element('td', 'n'),
    element('td', 'n w'),
  );
}

function updateCondition(
  row: HTMLTableRowElement,
  { mark, label, found, needed, isAmount }: Condition,
  isProtection: boolean,
): void {
  const { className, shape, words } = MARKS[mark];
  setAttribute(row, 'class', className);
  const { cells } = row;
  setShape(cells[0]!.firstElementChild!, shape);
  setText(cells[0]!.lastElementChild!, mark === 'idle' && isProtection ? 'armed' : words);
  setText(cells[1]!, label);
  setText(cells[2]!, found);
  setText(cells[3]!, needed);
  setAttribute(cells[2]!, 'class', isAmount === true ? 'n amt' : 'n');
  setAttribute(cells[3]!, 'class', isAmount === true ? 'n w amt' : 'n w');
}
