/**
 * One row of the table: made once, then only what differs is written. Each cell remembers what it shows, because a hundred rows
 * change ten times a second.
 */
import type { Cell, DashboardRow, NextRung, Spark } from '../src/shared/dashboard';
import { changingAttribute, changingText, element, icon, setShape } from './dom';
import { pips, sparkLine } from './rungMarks';

export type UpdateRow = (row: DashboardRow, spark: Spark | undefined, isOpen: boolean) => void;

/** Fills an empty row with cells; what comes back keeps them up to date. */
export function fillRow(node: HTMLTableRowElement, symbol: string): UpdateRow {
  const kind = element('span', 'k');
  const stateIcon = icon('ring');
  const stateText = element('span', '');
  const velocity = element('span', 'vel', icon('bolt'));
  const lastText = element('span', '');
  const layers = element('span', '');
  const marks = pips();
  const line = sparkLine();
  const fix = element('i', '', 'fix');
  fix.title = 'fixed by clip= in targets.txt';
  const clipText = element('span', '');
  const reason = element('td', 'c-err');
  const nodes = {
    name: element('td', 'c-sym', element('b', '', symbol), kind),
    state: element('td', 'c-st', element('span', 'st', stateIcon, stateText)),
    spark: element('td', 'c-spark', line.node),
    last: element('td', 'n c-last', velocity, lastText),
    reference: element('td', 'n c-ref'),
    nextBuy: element('td', 'n c-nb'),
    nextSell: element('td', 'n c-ns'),
    z: element('td', 'n c-z'),
    layers: element('td', 'c-lad', marks.node, layers),
    position: element('td', 'n c-pos amt'),
    average: element('td', 'n c-avg'),
    open: element('td', 'n c-open amt'),
    realized: element('td', 'n c-real amt'),
    clip: element('td', 'n c-clip amt', fix, clipText),
    spread: element('td', 'n c-spr'),
    age: element('td', 'n c-age'),
  };
  const cells = [...Object.values(nodes), reason];
  // Said in words because the rows are laid out as grids, which not every browser takes for rows of a table.
  for (const each of cells) each.setAttribute('role', 'gridcell');
  node.append(...Object.values(nodes));
  const numbers = Object.values(nodes).slice(2);
  const set = {
    class: changingAttribute(node, 'class'),
    selected: changingAttribute(node, 'aria-selected'),
    kind: changingText(kind),
    state: changingText(stateText),
    title: changingAttribute(nodes.state, 'title'),
    last: changingText(lastText),
    reference: changingText(nodes.reference),
    nextBuy: nextRung(nodes.nextBuy),
    nextSell: nextRung(nodes.nextSell),
    z: changingText(nodes.z),
    layers: changingText(layers),
    position: cell(nodes.position),
    average: cell(nodes.average),
    open: cell(nodes.open),
    realized: cell(nodes.realized),
    clip: changingText(clipText),
    spread: changingText(nodes.spread),
    age: changingText(nodes.age),
    reason: changingText(reason),
  };
  let hasFailed = false;
  return (row, spark, isOpen) => {
    set.class(isOpen ? `${row.kind} sel` : row.kind);
    set.selected(String(isOpen));
    set.kind(row.class);
    setShape(stateIcon, row.icon);
    set.state(row.state);
    set.title(row.reason);
    if ((row.kind === 'fail') !== hasFailed) {
      hasFailed = !hasFailed;
      for (const each of numbers) each.remove();
      node.append(...(hasFailed ? [reason] : numbers));
    }
    if (hasFailed) return set.reason(row.reason);
    line.update(spark);
    velocity.hidden = row.velocity === 'none';
    if (!velocity.hidden) {
      setShape(velocity.firstElementChild!, row.velocity === 'active' ? 'bolt' : 'boltOutline');
      velocity.title = `${row.velocity === 'active' ? 'Velocity active' : 'Velocity primed'}: ${row.velocityText}`;
    }
    set.last(row.last);
    set.reference(row.reference);
    // Beside a price that is not there yet, if there is one: what has been reached says more.
    const [isBuyThere, isSellThere] = [row.nextBuy?.isThere === true, row.nextSell?.isThere === true];
    set.nextBuy(row.nextBuy, row.isOverlap && (!isBuyThere || isSellThere));
    set.nextSell(row.nextSell, row.isOverlap && !isSellThere);
    set.z(row.z);
    marks.update(row.held, row.touched, row.hit);
    set.layers(`${row.held} · ${row.touched} · ${row.hit}`);
    set.position(row.position);
    set.average(row.average);
    set.open(row.open);
    set.realized(row.realized);
    fix.hidden = !row.isClipFixed;
    set.clip(row.clip);
    set.spread(row.spread);
    set.age(row.age);
  };
}

function cell(node: Element): (cell: Cell) => void {
  const text = changingText(node);
  const tone = changingAttribute(node, 'data-tone');
  return value => {
    text(value.text);
    tone(value.tone ?? 'none');
  };
}

function nextRung(node: Element): (next: NextRung | null, isOverlap: boolean) => void {
  const [name, price, where] = [element('span', 'rg'), element('span', 'p'), element('span', 'd')];
  node.append(name, price, where);
  const set = { name: changingText(name), price: changingText(price), where: changingText(where) };
  const at = changingAttribute(where, 'class');
  return (next, isOverlap) => {
    set.name(next?.rung ?? '');
    set.price(next?.price ?? '');
    set.where(isOverlap ? 'overlap' : (next?.where ?? '–'));
    at(isOverlap ? 'd overlap' : next?.isThere === true ? 'd at' : 'd');
  };
}
