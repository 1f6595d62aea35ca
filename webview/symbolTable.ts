/**
 * The table of symbols: sorted, filtered, and holding still. Rows change places only while neither the pointer nor the focus is
 * among them, so that nothing moves under a finger; rows out of view are brought up to date in turn.
 */
import type { DashboardRow, DashboardView, Filter, SortKey, Spark } from '../src/shared/dashboard';
import type { Arrangement, Sort } from './arranged';
import { textField } from './controls';
import { element, icon, setAttribute, setShape, setText, svg } from './dom';
import { fillRow, type UpdateRow } from './symbolRow';
import type { Job, Turns } from './turns';

interface Column {
  readonly key: SortKey | null;
  readonly label: string;
  readonly className: string;
  /** The larger number first when a person clicks for the first time. */
  readonly isDown?: boolean;
}

const COLUMNS: readonly Column[] = [
  { key: 'symbol', label: 'Symbol', className: 'c-sym' },
  { key: 'state', label: 'State', className: 'c-st' },
  { key: null, label: 'Today', className: 'c-spark' },
  { key: 'last', label: 'Last', className: 'n c-last', isDown: true },
  { key: 'reference', label: 'Reference', className: 'n c-ref', isDown: true },
  { key: 'nextBuy', label: 'Next buy', className: 'n c-nb' },
  { key: 'nextSell', label: 'Next sell', className: 'n c-ns' },
  { key: 'z', label: 'z', className: 'n c-z', isDown: true },
  { key: 'layers', label: 'Held · touched · hit', className: 'c-lad', isDown: true },
  { key: 'position', label: 'Shares', className: 'n c-pos', isDown: true },
  { key: 'average', label: 'Average', className: 'n c-avg', isDown: true },
  { key: 'open', label: 'Open P&L', className: 'n c-open', isDown: true },
  { key: 'realized', label: 'Realized', className: 'n c-real', isDown: true },
  { key: 'clip', label: 'Clip', className: 'n c-clip', isDown: true },
  { key: 'spread', label: 'Spread', className: 'n c-spr', isDown: true },
  { key: 'age', label: 'Age', className: 'n c-age', isDown: true },
];

interface Row {
  readonly node: HTMLTableRowElement;
  readonly job: Job;
  /** Null until it has cells. */
  update: UpdateRow | null;
  isInView: boolean;
}

/** Of one row, and of one out of view, which is written and not drawn. */
const ROW_MS = 0.3;
/** Rows out of view that are brought up to date with each view, beside those in view. */
const IN_TURN = 8;
const ROW_PX = 30;
/** As many as a table shows: these are filled before anything is drawn; later the browser says which are in view. */
const FIRST_ROWS = 20;

export class SymbolTable {
  readonly node: HTMLElement;
  readonly search: HTMLElement;
  private readonly headRow = element('tr', '');
  private readonly body = element('tbody', '');
  private readonly wrap: HTMLElement;
  private readonly heads = new Map<SortKey, HTMLTableCellElement>();
  private readonly sorts = element('select', 'narrow');
  private readonly none = element('p', 'nomatch');
  private readonly rows = new Map<string, Row>();
  private readonly dirty = new Set<string>();
  private readonly inView = new IntersectionObserver(entries => this.cameOrWent(entries));
  private view: DashboardView | null = null;
  private readonly newest = new Map<string, DashboardRow>();
  private sparks: Readonly<Record<string, Spark>> = {};
  private order: string[] = [];
  private isHeld = false;
  private focused: string | null = null;

  constructor(
    private readonly arrangement: Arrangement,
    private readonly turns: Turns,
    private readonly open: (symbol: string, isByKey: boolean) => void,
  ) {
    this.search = textField('Filter symbols', arrangement.now.search, search => {
      arrangement.change({ search });
      this.place(true);
    });
    const table = element('table', 'syms', element('thead', '', this.headRow), this.body);
    table.setAttribute('role', 'grid');
    for (const part of table.children) part.setAttribute('role', 'rowgroup');
    this.headRow.setAttribute('role', 'row');
    table.setAttribute('aria-label', 'Symbols');
    this.wrap = element('div', 'wrap', table);
    this.fillHead();
    this.makeSorts();
    this.node = element('section', '', this.makeHint(), this.wrap, this.none);
    this.node.setAttribute('aria-label', 'Symbols');
    this.holdStill();
    this.body.addEventListener('click', event => this.clicked(event));
    this.body.addEventListener('keydown', event => this.pressed(event));
    this.body.addEventListener('focusin', event => this.focusOn(symbolOf(event.target)));
    this.wrap.addEventListener('scroll', () =>
      arrangement.change({ scroll: { ...arrangement.now.scroll, table: this.wrap.scrollTop } }),
    );
  }

  update(view: DashboardView): void {
    const isFirst = this.view === null;
    this.view = view;
    this.place(isFirst);
    this.newest.clear();
    for (const row of view.rows) {
      this.newest.set(row.symbol, row);
      this.dirty.add(row.symbol);
    }
    if (isFirst) this.fillFirst();
    this.spread();
  }

  showSparks(sparks: Readonly<Record<string, Spark>>): void {
    this.sparks = sparks;
  }

  /** Rows that look different now, at once. */
  showAgain(...symbols: readonly (string | null)[]): void {
    for (const symbol of symbols)
      if (symbol !== null && this.newest.has(symbol)) this.turns.now(this.rowOf(symbol).job);
  }

  setFilter(filter: Filter | null): void {
    this.arrangement.change({ filter });
    this.place(true);
  }

  private fillHead(): void {
    this.headRow.append(
      ...COLUMNS.map(column => {
        const { key, label } = column;
        const head = element('th', column.className);
        head.scope = 'col';
        if (key === null) head.append(label);
        else {
          const sort = element('button', '', label, icon('up'));
          sort.type = 'button';
          sort.addEventListener('click', () => this.sortBy(next(this.arrangement.now.sort, column)));
          head.append(sort);
          this.heads.set(key, head);
        }
        return head;
      }),
    );
  }

  /** Cards have no heads to click: there a list says what they are sorted by. */
  private makeSorts(): void {
    this.sorts.setAttribute('aria-label', 'Sort by');
    this.sorts.append(new Option('Order of targets.txt', ''));
    for (const { key, label } of COLUMNS) if (key !== null) this.sorts.append(new Option(label, key));
    this.sorts.addEventListener('change', () => {
      const column = COLUMNS.find(each => each.key === this.sorts.value);
      this.sortBy(column === undefined ? null : next(null, column));
    });
  }

  private makeHint(): HTMLElement {
    const pip = (className: string) =>
      svg(
        'svg',
        { class: 'pips', viewBox: '0 0 8 12', 'aria-hidden': 'true' },
        svg('rect', { class: className, x: 1, y: 2, width: 4.4, height: 8, rx: 1 }),
      );
    return element(
      'div',
      'hint',
      element('span', 'leg', pip('pb held'), 'held'),
      element('span', 'leg', pip('pb tch'), 'touched, not held'),
      element('span', 'leg', pip('ps hit'), 'sell rung hit'),
      element('span', 'leg', icon('bolt'), ' velocity: filled active, outlined primed'),
      this.sorts,
      this.search,
    );
  }

  private sortBy(sort: Sort | null): void {
    this.arrangement.change({ sort });
    this.place(true);
  }

  /** Puts the rows in their places; while they are held still, only new and vanished ones change anything. */
  private place(isByPerson: boolean): void {
    const { view, arrangement } = this;
    if (view === null) return;
    const { sort, filter } = arrangement.now;
    const search = arrangement.now.search.trim().toUpperCase();
    const shown = view.rows.filter(
      row => row.symbol.includes(search) && (filter === null || row.filters.includes(filter)),
    );
    const sorted = sort === null ? shown : sortRows(shown, sort);
    const wanted = sorted.map(row => row.symbol);
    const before = this.order;
    this.order = this.isHeld && !isByPerson ? heldOrder(before, wanted) : wanted;
    if (this.order.length !== before.length || this.order.some((symbol, index) => symbol !== before[index]))
      this.arrangeRows();
    const listed = new Set(view.rows.map(row => row.symbol));
    for (const [symbol, { node, job }] of this.rows)
      if (!listed.has(symbol)) {
        this.turns.drop(job);
        this.inView.unobserve(node);
        this.dirty.delete(symbol);
        this.rows.delete(symbol);
      }
    if (this.focused === null || !this.order.includes(this.focused)) this.focusable(this.order[0] ?? null);
    this.none.hidden = this.order.length > 0 || view.rows.length === 0;
    setText(this.none, 'No symbol matches.');
    this.showSort(sort);
  }

  private arrangeRows(): void {
    this.order.forEach((symbol, index) => {
      const { node } = this.rowOf(symbol);
      if (this.body.children[index] !== node) this.body.insertBefore(node, this.body.children[index] ?? null);
    });
    while (this.body.children.length > this.order.length) this.body.lastElementChild?.remove();
  }

  private showSort(sort: Sort | null): void {
    for (const [key, head] of this.heads) {
      const isBy = sort?.key === key;
      setAttribute(head, 'aria-sort', isBy ? (sort.isDown ? 'descending' : 'ascending') : 'none');
      const arrow = head.querySelector('svg');
      if (isBy && arrow !== null) setShape(arrow, sort.isDown ? 'down' : 'up');
    }
    if (this.sorts.value !== (sort?.key ?? '')) this.sorts.value = sort?.key ?? '';
  }

  private rowOf(symbol: string): Row {
    let row = this.rows.get(symbol);
    if (row === undefined) {
      const node = element('tr', '');
      node.setAttribute('role', 'row');
      node.dataset.symbol = symbol;
      node.tabIndex = -1;
      const job: Job = { ms: ROW_MS, run: () => this.bringUp(symbol) };
      row = { node, job, update: null, isInView: false };
      this.inView.observe(node);
      this.rows.set(symbol, row);
      this.dirty.add(symbol);
    }
    return row;
  }

  /** What is seen first is there before anything is drawn; where nobody has scrolled nothing is measured. */
  private fillFirst(): void {
    const top = this.arrangement.now.scroll.table;
    const first = Math.floor(top / ROW_PX);
    for (const symbol of this.order.slice(first, first + FIRST_ROWS)) this.turns.now(this.rowOf(symbol).job);
    if (top > 0 && this.order.length > 0) this.wrap.scrollTop = top;
  }

  /** In view in the order in which they are read, then some of the others, those without cells all. */
  private spread(): void {
    for (const symbol of this.order) {
      const row = this.rowOf(symbol);
      if (row.isInView) this.turns.want(row.job);
    }
    let n = 0;
    for (const symbol of this.dirty) {
      const row = this.rowOf(symbol);
      if (!row.isInView && (row.update === null || n++ < IN_TURN)) this.turns.want(row.job, false);
    }
  }

  private cameOrWent(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const symbol = symbolOf(target);
      const row = symbol === null ? undefined : this.rows.get(symbol);
      if (symbol === null || row === undefined) continue;
      row.isInView = isIntersecting;
      if (isIntersecting && this.dirty.has(symbol)) this.turns.want(row.job);
    }
  }

  private bringUp(symbol: string): void {
    const [row, newest] = [this.rows.get(symbol), this.newest.get(symbol)];
    this.dirty.delete(symbol);
    if (row === undefined || newest === undefined) return;
    row.update ??= fillRow(row.node, symbol);
    row.update(newest, this.sparks[symbol], symbol === this.arrangement.now.opened);
  }

  private holdStill(): void {
    let [isOver, isIn] = [false, false];
    const hold = (over: boolean, inside: boolean) => {
      [isOver, isIn] = [over, inside];
      const wasHeld = this.isHeld;
      this.isHeld = isOver || isIn;
      if (wasHeld && !this.isHeld) this.place(false);
    };
    const isWithin = (event: FocusEvent) => this.wrap.contains(event.relatedTarget as Node | null);
    this.wrap.addEventListener('pointerenter', () => hold(true, isIn));
    this.wrap.addEventListener('pointerleave', () => hold(false, isIn));
    this.wrap.addEventListener('focusin', () => hold(isOver, true));
    this.wrap.addEventListener('focusout', event => hold(isOver, isWithin(event)));
  }

  private clicked(event: MouseEvent): void {
    const symbol = symbolOf(event.target);
    if (symbol !== null) this.open(symbol, false);
  }

  private pressed(event: KeyboardEvent): void {
    const symbol = symbolOf(event.target);
    if (symbol === null) return;
    const at = this.order.indexOf(symbol);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: this.order.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }[event.key];
    if (to !== undefined) {
      const there = this.order[Math.max(0, Math.min(this.order.length - 1, to))];
      if (there !== undefined) this.rowOf(there).node.focus();
    } else if (event.key === 'Enter' || event.key === ' ') this.open(symbol, true);
    else return;
    event.preventDefault();
  }

  private focusOn(symbol: string | null): void {
    if (symbol !== null) this.focusable(symbol);
  }

  /** One row is on the way of the Tab key; arrows reach the others. */
  private focusable(symbol: string | null): void {
    if (this.focused !== null) {
      const before = this.rows.get(this.focused);
      if (before !== undefined) before.node.tabIndex = -1;
    }
    this.focused = symbol;
    if (symbol !== null) this.rowOf(symbol).node.tabIndex = 0;
  }
}

const symbolOf = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest<HTMLElement>('tr[data-symbol]')?.dataset.symbol ?? null) : null;

/** First as the column likes it, then the other way, then as targets.txt has it. */
function next(sort: Sort | null, { key, isDown = false }: Column): Sort | null {
  if (key === null) return sort;
  if (sort?.key !== key) return { key, isDown };
  return sort.isDown === isDown ? { key, isDown: !isDown } : null;
}

/** What is unknown comes last, whichever way. */
function sortRows(rows: readonly DashboardRow[], { key, isDown }: Sort): DashboardRow[] {
  const sign = isDown ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [left.sort[key], right.sort[key]];
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    return a < b ? -sign : a > b ? sign : 0;
  });
}

function heldOrder(before: readonly string[], wanted: readonly string[]): string[] {
  const there = new Set(wanted);
  const kept = before.filter(symbol => there.has(symbol));
  const known = new Set(kept);
  return [...kept, ...wanted.filter(symbol => !known.has(symbol))];
}

const isMissing = (value: number | string | null | undefined): value is null | undefined =>
  value === null || value === undefined;
