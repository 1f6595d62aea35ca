/**
 * What the report pages build alike: plain buttons in VS Code's colours and tables that scroll sideways in a region of their
 * own. Without the toolkit, which would be most of such a page's size.
 */
import { element } from './dom';

export interface ActionOptions {
  readonly label: string;
  readonly look?: 'primary' | 'secondary';
  readonly title?: string;
  readonly onClick: () => void;
}

export function actionButton({ label, look = 'secondary', title, onClick }: ActionOptions): HTMLButtonElement {
  const made = element('button', `action ${look}`, label);
  if (title !== undefined) made.title = title;
  made.addEventListener('click', () => onClick());
  return made;
}

/** A symbol's name that does something. */
export function linkButton(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', 'link', text);
  made.title = title;
  made.addEventListener('click', () => onClick());
  return made;
}

/** Heading and table; each column's class comes from its name. */
export function titledTable(
  title: string,
  columns: readonly string[],
  rows: readonly HTMLElement[],
  classOf: (column: string) => string = () => '',
): HTMLElement[] {
  const heads = columns.map(name => {
    const cell = element('th', classOf(name), name);
    cell.scope = 'col';
    return cell;
  });
  const table = element('table', '', element('thead', '', element('tr', '', ...heads)), element('tbody', '', ...rows));
  const scroller = element('div', 'scroller', table);
  scroller.tabIndex = 0;
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', title);
  return [element('h2', '', title), scroller];
}

export function rowHead(content: Node | string): HTMLElement {
  const head = element('th', '', content);
  head.scope = 'row';
  return head;
}
