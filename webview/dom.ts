/**
 * The few lines that keep a page equal to its last view without rebuilding it: what is there is written only where it differs, so
 * that focus, selection and scroll stay where a person has them.
 */
import type { Cell, Icon, Tone } from '../src/shared/dashboard';

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
  ...children: Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function setTone(node: Element, tone: Tone | undefined): void {
  setAttribute(node, 'data-tone', tone ?? 'none');
}

export function setCell(node: Element, { text, tone }: Cell): void {
  setText(node, text);
  setTone(node, tone);
}

export function show(node: HTMLElement, isShown: boolean): void {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** Makes the parent's children as many as there are items, keeps those that are there, and updates each. */
export function each<T, N extends Element>(
  parent: Element,
  items: readonly T[],
  make: (item: T) => N,
  update: (node: N, item: T, index: number) => void,
): void {
  while (parent.children.length > items.length) parent.lastElementChild?.remove();
  items.forEach((item, index) => {
    let node = parent.children[index] as N | undefined;
    if (node === undefined) {
      node = make(item);
      parent.append(node);
    }
    update(node, item, index);
  });
}

/** Writes a text that changes often: it remembers the last one instead of asking the page. */
export function changingText(parent: Element): (text: string) => void {
  const node = document.createTextNode('');
  parent.append(node);
  let last = '';
  return text => {
    if (text === last) return;
    last = text;
    node.data = text;
  };
}

/** The same for one attribute. */
export function changingAttribute(node: Element, name: string): (value: string) => void {
  let last: string | null = null;
  return value => {
    if (value === last) return;
    last = value;
    node.setAttribute(name, value);
  };
}

const PATHS: Readonly<Record<Icon | 'bolt' | 'boltOutline' | 'eye' | 'refresh', string>> = {
  up: 'M6 2 11 10H1Z',
  down: 'M6 10 1 2H11Z',
  dot: 'M6 2.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2',
  ring: 'M6 2.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2',
  clock: 'M6 1.4a4.6 4.6 0 1 1 0 9.2a4.6 4.6 0 1 1 0-9.2M6 3.4V6l1.8 1.4',
  pause: 'M4 2v8M8 2v8',
  x: 'm2.5 2.5 7 7m0-7-7 7',
  check: 'm2 6.4 2.8 2.8L10 3.2',
  arrow: 'M2 6h8M6.8 2.8 10 6 6.8 9.2',
  bolt: 'M7 1 2.5 7H5l-.5 4L9.5 5H7Z',
  boltOutline: 'M7 1 2.5 7H5l-.5 4L9.5 5H7Z',
  eye: 'M1 6c2-4 8-4 10 0-2 4-8 4-10 0ZM6 4.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8',
  refresh: 'M10 4.5A4.4 4.4 0 1 0 10.3 7M10.4 1.6v3h-3',
  link: 'M1 6h3M8 6h3M3 3.5v5M9 3.5v5M5 8.5l2-5',
  shield: 'M6 1.2 10 2.6V6c0 2.4-1.8 4-4 4.8C3.8 10 2 8.4 2 6V2.6Z',
  halt: 'M6 1.4a4.6 4.6 0 1 1 0 9.2a4.6 4.6 0 1 1 0-9.2M2.8 2.8l6.4 6.4',
  fold: 'M2 3h8M3 6.5 6 9.5l3-3',
};
const FILLED = new Set(['up', 'down', 'dot', 'bolt']);

export type Shape = keyof typeof PATHS;

/** A small drawing beside a word; the word is what a screen reader says. */
export function icon(shape: Shape): SVGSVGElement {
  const drawing = svg('svg', { class: 'i', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('path', {}));
  setShape(drawing, shape);
  return drawing;
}

export function setShape(drawing: Element, shape: Shape): void {
  if (drawing.getAttribute('data-shape') === shape) return;
  drawing.setAttribute('data-shape', shape);
  drawing.classList.toggle('filled', FILLED.has(shape));
  drawing.firstElementChild?.setAttribute('d', PATHS[shape]);
}
