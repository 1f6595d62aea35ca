/**
 * The stepper of a base percent: a labelled text input with two buttons, arrow keys and no wheel. Typing only previews; Enter or
 * Apply commits, Escape takes back. The badge goes Default, Saving…, Override, Error, and says Override only when the session's
 * own numbers do; Asked, while VS Code waits for a yes.
 */
import type { Side } from '../src/shared/dashboard';
import type { PreviewView, StepperView } from '../src/shared/dashboardDetail';
import type { Arrangement } from './arranged';
import { button, linkButton } from './controls';
import { each, element, setAttribute, setText, show } from './dom';
import type { Answer, Intents } from './intents';

/** Written but not in force after this long is an error that a person should see. */
const TAKEN_WITHIN_MS = 10_000;
const BIG_STEP = 10;
const WRITTEN = 'Written; waiting for the session to take it.';
const ASKED = 'It raises the money at risk: VS Code asks first, answer there.';

interface Pending {
  /** Null: the override is being dropped. */
  readonly value: number | null;
  readonly text: string;
  /** A person has to say yes in VS Code first, and may take their time: nothing is written yet. */
  isAsked: boolean;
}

export class Stepper {
  readonly node: HTMLElement;
  private readonly label = element('label', '');
  private readonly input = element('input', '');
  private readonly box = element('div', 'box');
  private readonly badge = element('span', 'bdg');
  private readonly message = element('p', 'small');
  private readonly drop = linkButton('Drop', () => this.dropOverride());
  private readonly write = linkButton('Write', () => this.writeOverride());
  private readonly links = element('span', 'lnk', this.drop, element('span', '', ' · '), this.write);
  private readonly preview = new PreviewBox(
    () => this.commit(),
    () => this.takeBack(),
  );
  private symbol = '';
  private view: StepperView | null = null;
  private pending: Pending | null = null;
  private problem = '';
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly side: Side,
    private readonly intents: Intents,
    private readonly arrangement: Arrangement,
  ) {
    const { input } = this;
    input.id = `base-${side}`;
    this.message.id = `base-${side}-message`;
    this.label.htmlFor = input.id;
    input.type = 'text';
    input.inputMode = 'decimal';
    input.autocomplete = 'off';
    input.spellcheck = false;
    input.setAttribute('role', 'spinbutton');
    input.setAttribute('aria-describedby', this.message.id);
    input.addEventListener('input', () => this.typed(input.value));
    input.addEventListener('keydown', event => this.pressed(event));
    this.box.append(this.stepButton('−', 'Lower', -1), input, this.stepButton('+', 'Raise', 1));
    const line = element('div', 'sp', this.box, this.badge, this.links);
    this.node = element('div', '', element('div', 'step', this.label, line, this.message), this.preview.node);
  }

  update(symbol: string, view: StepperView, canAdjust: boolean, canWrite: boolean): void {
    if (symbol !== this.symbol) this.forget();
    this.symbol = symbol;
    this.view = view;
    const { pending } = this;
    // In force is what the session says, not what was sent.
    if (
      pending !== null &&
      (pending.value === null ? !view.isOverride : view.isOverride && view.number === pending.value)
    )
      this.settle('');
    this.input.readOnly = !canAdjust;
    for (const each of this.box.querySelectorAll('button')) each.disabled = !canAdjust;
    show(this.links, canAdjust && view.isOverride && this.pending === null);
    show(this.links.children[1] as HTMLElement, canWrite && view.writeTo !== '');
    show(this.write, canWrite && view.writeTo !== '');
    setText(this.write, `Write to ${view.writeTo}`);
    setText(this.label, view.label);
    this.render();
  }

  private get key(): string {
    return `${this.symbol}/${this.side}`;
  }

  private get draft(): string | null {
    return this.arrangement.now.drafts[this.key] ?? null;
  }

  private stepButton(sign: string, word: string, direction: number): HTMLButtonElement {
    const made = element('button', '', sign);
    made.type = 'button';
    made.tabIndex = -1;
    made.setAttribute('aria-label', `${word} base ${this.side}`);
    made.addEventListener('click', () => {
      this.step(direction);
      this.input.focus();
    });
    return made;
  }

  private pressed(event: KeyboardEvent): void {
    const { view } = this;
    if (view === null || this.input.readOnly) return;
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: BIG_STEP, PageDown: -BIG_STEP }[event.key];
    if (steps !== undefined) this.step(steps);
    else if (event.key === 'Home' && !event.shiftKey) this.typed(view.min.toFixed(2));
    else if (event.key === 'End' && !event.shiftKey) this.typed(view.max.toFixed(2));
    else if (event.key === 'Enter') this.commit();
    else if (event.key === 'Escape') this.takeBack();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private step(steps: number): void {
    const { view } = this;
    if (view === null) return;
    const from = readPercent(this.draft ?? view.value) ?? view.number;
    const to = Math.min(view.max, Math.max(view.min, Math.round((from + steps * view.step) * 100) / 100));
    this.typed(to.toFixed(2));
  }

  private typed(text: string): void {
    this.problem = '';
    const isInForce = readPercent(text) === this.view?.number && text === this.view.value;
    this.arrangement.setDraft(this.key, isInForce ? null : text);
    this.askPreview();
    this.render();
  }

  private askPreview(): void {
    const { symbol, view, draft } = this;
    const value = draft === null ? null : readPercent(draft);
    if (view === null || value === null || value < view.min || value > view.max || value === view.number)
      return this.preview.show(null, '');
    this.intents.preview(symbol, this.side, value, preview => {
      if (symbol === this.symbol && readPercent(this.draft ?? '') === value)
        this.preview.show(preview, this.draft ?? '');
    });
  }

  private takeBack(): void {
    this.problem = '';
    this.arrangement.setDraft(this.key, null);
    this.preview.show(null, '');
    this.render();
    this.input.focus();
    this.input.select();
  }

  private commit(): void {
    const { view, draft } = this;
    if (view === null || draft === null || this.pending !== null) return;
    const value = readPercent(draft);
    if (value === null || value < view.min || value > view.max) return this.refuse(draft);
    this.preview.show(null, '');
    this.await({ value, text: draft, isAsked: false }, done =>
      this.intents.setOverride(this.symbol, this.side, value, done),
    );
  }

  private refuse(found: string): void {
    const { view } = this;
    if (view === null) return;
    this.problem = `Base ${this.side} must be ${view.range} percent, found ${found.trim() === '' ? 'nothing' : found}. In force: ${view.value}.`;
    this.render();
  }

  private dropOverride(): void {
    this.await({ value: null, text: this.view?.value ?? '', isAsked: false }, done =>
      this.intents.dropOverride(this.symbol, this.side, done),
    );
  }

  private writeOverride(): void {
    this.await({ value: null, text: this.view?.value ?? '', isAsked: false }, done =>
      this.intents.writeOverride(this.symbol, this.side, done),
    );
  }

  private await(pending: Pending, send: (done: (answer: Answer) => void) => void): void {
    this.pending = pending;
    this.problem = '';
    this.startTimer();
    send(({ outcome, text }) => {
      if (this.pending !== pending) return;
      if (outcome === 'refused') this.settle(`${text.replace(/[.!]$/, '')}. In force: ${this.view?.value ?? ''}.`);
      else if (outcome === 'asked') {
        this.stopTimer();
        pending.isAsked = true;
        this.render();
      } else this.render();
    });
    this.render();
  }

  private settle(problem: string): void {
    const { pending } = this;
    this.stopTimer();
    this.pending = null;
    this.problem = problem;
    if (problem === '' && pending !== null) this.arrangement.setDraft(this.key, null);
    this.render();
  }

  private startTimer(): void {
    this.stopTimer();
    this.timer = setTimeout(
      () => this.settle(`The session has not taken it. In force: ${this.view?.value ?? ''}.`),
      TAKEN_WITHIN_MS,
    );
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private forget(): void {
    this.stopTimer();
    this.pending = null;
    this.problem = '';
    this.preview.show(null, '');
  }

  private render(): void {
    const { view, pending, problem, draft, input } = this;
    if (view === null) return;
    const text = pending?.text ?? draft ?? view.value;
    if (input.value !== text) input.value = text;
    const value = readPercent(text);
    setAttribute(input, 'aria-valuemin', String(view.min));
    setAttribute(input, 'aria-valuemax', String(view.max));
    setAttribute(input, 'aria-valuenow', String(value ?? view.number));
    setAttribute(input, 'aria-valuetext', `${text} percent`);
    setAttribute(
      input,
      'aria-invalid',
      String(problem !== '' || value === null || value < view.min || value > view.max),
    );
    const isDraft = pending === null && draft !== null && problem === '';
    setAttribute(this.box, 'class', problem !== '' ? 'box bad' : isDraft ? 'box draft' : 'box');
    const [name, className] =
      problem !== ''
        ? ['Error', 'er']
        : pending !== null
          ? [pending.isAsked ? 'Asked' : 'Saving…', 'sv']
          : view.isOverride
            ? ['Override', 'ov']
            : ['Default', ''];
    setText(this.badge, name);
    setAttribute(this.badge, 'class', `bdg ${className}`.trim());
    setAttribute(this.message, 'class', problem !== '' ? 'small er' : 'small');
    setText(
      this.message,
      problem !== ''
        ? problem
        : pending !== null
          ? `${pending.isAsked ? ASKED : WRITTEN} In force: ${view.value}.`
          : isDraft
            ? `Not applied yet. In force: ${view.value}. ${view.isOverride ? view.message : ''}`.trim()
            : view.message,
    );
  }
}

/** What a draft would do to the ladder, and the two ways on. */
class PreviewBox {
  readonly node = element('div', 'preview');
  private readonly title = element('h4', '');
  private readonly rows = element('tbody', '');
  private readonly text = element('p', 'small');
  private readonly amounts = element('p', 'small amt');
  private readonly apply: HTMLElement;

  constructor(apply: () => void, takeBack: () => void) {
    this.apply = button({ label: 'Apply', look: 'primary', onClick: apply });
    const back = button({ label: 'Take back', onClick: takeBack });
    const table = element('table', '', this.rows);
    this.node.append(this.title, table, this.text, this.amounts, element('div', 'row', this.apply, back));
    this.node.hidden = true;
  }

  show(preview: PreviewView | null, value: string): void {
    show(this.node, preview !== null);
    if (preview === null) return;
    setText(this.title, preview.title);
    setText(this.text, preview.text);
    setText(this.amounts, preview.amounts);
    setText(this.apply, `Apply ${value}`);
    each(this.rows, preview.rungs, makeMove, (row, { name, before, after, by }, index) => {
      setAttribute(row, 'class', index === 3 ? 'anchor' : '');
      const { cells } = row;
      setText(cells[0]!, name);
      setText(cells[1]!, before);
      setText(cells[3]!, after);
      setText(cells[4]!, by);
    });
  }
}

function makeMove(): HTMLTableRowElement {
  const name = element('th', '');
  name.scope = 'row';
  return element(
    'tr',
    '',
    name,
    element('td', 'n'),
    element('td', 'arr', '→'),
    element('td', 'n'),
    element('td', 'n dim'),
  );
}

/** Digits with an optional point, as targets.txt writes them. */
function readPercent(text: string): number | null {
  const trimmed = text.trim();
  return /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(trimmed) ? Number(trimmed) : null;
}
