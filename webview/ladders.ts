/**
 * The two ladders of a symbol back to back, a row a rung, with what they add up to and the newest fills.
 */
import type { Fact } from '../src/shared/dashboard';
import type { DashboardDetail, FillLine, LadderRow, LadderSide } from '../src/shared/dashboardDetail';
import type { Shape } from './dom';
import { each, element, icon, setAttribute, setCell, setShape, setText, setTone } from './dom';

const HEADS: readonly (readonly [text: string, className: string])[] = [
  ['Layer', 's'],
  ['Shares', 'n sh'],
  ['USD', 'n u'],
  ['Below ref', 'n pc'],
  ['To last', 'n ds'],
  ['Price', 'n px'],
  ['Rung', 'rn'],
  ['Price', 'px'],
  ['To last', 'ds'],
  ['Above ref', 'n pc'],
  ['USD', 'n u'],
  ['Shares', 'n sh'],
  ['Sells layer', 'sl'],
];

export class Ladders {
  readonly node: HTMLElement;
  readonly note = element('span', 'dim');
  private readonly rows = element('tbody', '');
  private readonly sums = element('div', 'sum');
  private readonly fills = element('tbody', '');
  private readonly noFills = element('p', 'small', 'None yet.');

  constructor(copy: HTMLElement, review: HTMLElement) {
    const heads = HEADS.map(([text, className]) => {
      const head = element('th', className, text);
      head.scope = 'col';
      return head;
    });
    const ladder = element('table', 'lad', element('thead', '', element('tr', '', ...heads)), this.rows);
    ladder.setAttribute('aria-label', 'Buy and sell ladder');
    const fills = element('table', 'fills', this.fills);
    fills.setAttribute('aria-label', 'Fills today');
    this.node = element(
      'div',
      'pane',
      element('div', 'pt', element('h3', '', 'Ladders'), this.note, copy),
      ladder,
      this.sums,
      element('div', 'pt fills-head', element('h3', '', 'Fills today'), review),
      fills,
      this.noFills,
    );
  }

  update(detail: DashboardDetail): void {
    setText(this.note, detail.ladderNote);
    each(this.rows, detail.ladder, makeRow, updateRow);
    each(this.sums, detail.sums, makeFact, updateFact);
    each(this.fills, detail.fills, makeFill, updateFill);
    this.noFills.hidden = detail.fills.length > 0;
  }
}

/** A label, what it says, and a word about it. */
export function makeFact(): HTMLElement {
  return element('span', 'kv', element('span', ''), element('b', ''), element('span', 'note-text'));
}

export function updateFact(node: Element, { label, value, tone, note, isAmount }: Fact): void {
  const [name, text, more] = node.children;
  setText(name!, label);
  setText(text!, value);
  setTone(text!, tone);
  setAttribute(text!, 'class', isAmount === true ? 'amt' : '');
  setText(more!, note ?? '');
}

function makeRow(): HTMLTableRowElement {
  const cells = HEADS.map(([, className], index) => {
    if (index === 6) {
      const rung = element('th', '');
      rung.scope = 'row';
      return rung;
    }
    return element('td', className);
  });
  cells[0]!.append(icon('dot'), element('span', ''));
  cells[12]!.append(icon('dot'), element('span', ''));
  return element('tr', '', ...cells);
}

function updateRow(node: HTMLTableRowElement, { rung, isAnchor, buy, sell }: LadderRow): void {
  setAttribute(node, 'class', isAnchor ? 'anchor' : '');
  const { cells } = node;
  setState(cells[0]!, 's', buy);
  setText(cells[1]!, buy.shares);
  setText(cells[2]!, buy.usd);
  setText(cells[3]!, buy.percent);
  setText(cells[4]!, buy.toLast);
  setText(cells[5]!, buy.price);
  setText(cells[6]!, String(rung));
  setText(cells[7]!, sell.price);
  setText(cells[8]!, sell.toLast);
  setText(cells[9]!, sell.percent);
  setText(cells[10]!, sell.usd);
  setText(cells[11]!, sell.shares);
  setState(cells[12]!, 's sl', sell);
  for (const at of [1, 2, 10, 11]) cells[at]!.classList.add('amt');
  cells[5]!.className = 'pr n buy';
  cells[7]!.className = 'pr n l sell';
  cells[8]!.className = 'n l ds';
}

const SHAPES: Readonly<Record<LadderSide['state'], Shape | null>> = {
  held: 'dot',
  next: 'arrow',
  touched: 'ring',
  hit: 'check',
  untouched: null,
};

function setState(node: Element, className: string, side: LadderSide): void {
  setAttribute(node, 'class', `${className} ${side.state}`);
  const [drawing, text] = node.children;
  const shape = SHAPES[side.state];
  (drawing as SVGElement).style.display = shape === null ? 'none' : '';
  if (shape !== null) setShape(drawing!, shape);
  setText(text!, side.text);
}

function makeFill(): HTMLTableRowElement {
  return element(
    'tr',
    '',
    element('td', ''),
    element('td', '', icon('up'), element('span', '')),
    element('td', 'n amt'),
    element('td', 'n'),
    element('td', 'tg'),
    element('td', 'n amt'),
  );
}

function updateFill(node: HTMLTableRowElement, fill: FillLine): void {
  const { cells } = node;
  setText(cells[0]!, fill.time);
  setAttribute(cells[1]!, 'class', fill.side);
  setShape(cells[1]!.firstElementChild!, fill.side === 'buy' ? 'up' : 'down');
  setText(cells[1]!.lastElementChild!, fill.side === 'buy' ? 'Buy' : 'Sell');
  setText(cells[2]!, fill.shares);
  setText(cells[3]!, fill.price);
  setText(cells[4]!, fill.tag);
  setCell(cells[5]!, fill.realized);
}
