/**
 * The controls of the page, all behind this one file: VS Code's webview toolkit, which is archived upstream and may have to
 * be replaced. It finds the nonce for its style elements in the page's csp-nonce meta tag. No page imports the toolkit itself.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeTextField } from '@vscode/webview-ui-toolkit';

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

/** A labelled text field that tells each change of its text. */
export function textField(label: string, value: string, onInput: (text: string) => void): HTMLElement {
  const element = document.createElement('vscode-text-field') as HTMLElement & { value: string };
  element.setAttribute('placeholder', label);
  element.setAttribute('aria-label', label);
  element.setAttribute('size', '18');
  element.value = value;
  element.addEventListener('input', () => onInput(element.value));
  return element;
}
