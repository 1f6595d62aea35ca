/**
 * The controls of the page, all behind this one file: VS Code's webview toolkit, which is archived upstream and may have to
 * be replaced. It finds the nonce for its style elements in the page's csp-nonce meta tag. No page imports the toolkit itself.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { icon, type Shape } from './dom';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
}

export interface ButtonOptions {
  readonly label: string;
  readonly look?: 'primary' | 'secondary';
  readonly title?: string;
  readonly className?: string;
  readonly onClick: () => void;
}

export function button({ label, look = 'secondary', title, className, onClick }: ButtonOptions): HTMLElement {
  const element = document.createElement('vscode-button');
  element.setAttribute('appearance', look);
  if (title !== undefined) element.title = title;
  if (className !== undefined) element.className = className;
  element.textContent = label;
  element.addEventListener('click', () => onClick());
  return element;
}

/** A button of a drawing alone; its label is for pointer and screen reader. */
export function iconButton(shape: Shape, label: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'quiet';
  made.title = label;
  made.setAttribute('aria-label', label);
  made.append(icon(shape));
  made.addEventListener('click', onClick);
  return made;
}

/** Looks like a link and does something on this page. */
export function linkButton(label: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'link';
  made.textContent = label;
  made.addEventListener('click', onClick);
  return made;
}

/** A labelled text field that tells each change of its text. */
export function textField(label: string, value: string, onInput: (text: string) => void): HTMLElement {
  const element = document.createElement('vscode-text-field') as HTMLElement & { value: string };
  element.setAttribute('placeholder', label);
  element.setAttribute('aria-label', label);
  element.setAttribute('size', '16');
  element.value = value;
  element.addEventListener('input', () => onInput(element.value));
  return element;
}
