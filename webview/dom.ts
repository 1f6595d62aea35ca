/**
 * The few lines that keep a page equal to its last view without rebuilding it: text is written only where it differs, so that
 * focus, selection and scroll stay where a person has them.
 */
import type { Tone } from '../src/shared/dashboard';

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

export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setTone(node: Element, tone: Tone | undefined): void {
  const value = tone ?? 'none';
  if (node.getAttribute('data-tone') !== value) node.setAttribute('data-tone', value);
}

export function show(node: HTMLElement, isShown: boolean): void {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** Makes the parent's children as many as there are items, keeps those that are there, and updates each. */
export function each<T>(
  parent: Element,
  items: readonly T[],
  make: (item: T) => Element,
  update: (node: Element, item: T) => void,
): void {
  while (parent.children.length > items.length) parent.lastElementChild?.remove();
  items.forEach((item, index) => {
    let node = parent.children[index];
    if (node === undefined) {
      node = make(item);
      parent.append(node);
    }
    update(node, item);
  });
}
