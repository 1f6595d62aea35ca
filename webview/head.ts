/**
 * The head of the page: whose account, is it alive, what can be done; under it the danger strip that asks before anything
 * dangerous, and the notes of what stands in the way. On a live account VS Code asks, not this page.
 */
import type { Action, DashboardView, Head, Note, NoteButton, PageCommand, Question } from '../src/shared/dashboard';
import { button, iconButton } from './controls';
import { each, element, icon, setAttribute, setShape, setText, show } from './dom';

export interface HeadParts {
  /** Does it; the page or its home has asked where that is needed. */
  act(action: Action, isConfirmed: boolean, symbol?: string): void;
  command(command: PageCommand): void;
  refresh(): void;
  setPrivate(isPrivate: boolean): void;
}

export class PageHead {
  readonly node: HTMLElement;
  readonly strip: DangerStrip;
  readonly notes = element('div', 'notes');
  private readonly mode = element('span', 'mode');
  private readonly account = element('span', 'acct');
  private readonly linkIcon = icon('dot');
  private readonly link = element('span', '');
  private readonly linkNote = element('span', 'dim opt');
  private readonly linkSegment = element('span', 'seg good', this.linkIcon, this.link, this.linkNote);
  private readonly clock = element('b', '');
  private readonly hours = element('span', 'dim');
  private readonly clockSegment = element('span', 'seg clock', this.clock, this.hours);
  private readonly privacy: HTMLButtonElement;
  private readonly pause: HTMLElement;
  private readonly resume: HTMLElement;
  private readonly stop: HTMLElement;
  private readonly flatten: HTMLElement;
  private readonly kill: HTMLElement;
  private readonly release: HTMLElement;
  private readonly gap = element('span', 'gap');
  private readonly readOnly = element('span', 'seg warn', 'read-only');
  private head: Head | null = null;
  private asksHome = false;

  constructor(
    private readonly parts: HeadParts,
    isPrivate: boolean,
  ) {
    this.strip = new DangerStrip((action, symbol) => parts.act(action, true, symbol));
    this.privacy = iconButton('eye', 'Hide amounts', () => this.setPrivate(!this.isPrivate));
    const danger = (label: string, action: 'flatten' | 'kill' | 'release') =>
      button({ label, className: 'danger', onClick: () => this.ask(action) });
    this.pause = button({ label: 'Pause entries', onClick: () => parts.act('pause', false) });
    this.resume = button({ label: 'Resume entries', onClick: () => this.resumeEntries() });
    this.stop = button({ label: 'Stop…', onClick: () => this.ask('stop') });
    this.flatten = danger('Flatten all…', 'flatten');
    this.kill = danger('Kill switch…', 'kill');
    this.release = danger('Release kill switch…', 'release');
    const actions = element(
      'span',
      'acts',
      this.privacy,
      iconButton('refresh', 'Refresh', () => parts.refresh()),
      this.pause,
      this.resume,
      this.stop,
      this.gap,
      this.flatten,
      this.kill,
      this.release,
    );
    this.node = element(
      'header',
      'head',
      this.mode,
      this.account,
      this.linkSegment,
      this.clockSegment,
      this.readOnly,
      actions,
    );
    this.notes.setAttribute('aria-label', 'To know');
    this.notes.setAttribute('role', 'region');
    this.setPrivate(isPrivate);
  }

  update({ head, can, notes, status }: DashboardView): void {
    this.head = head;
    this.asksHome = can.asks === 'home';
    setText(this.mode, head?.mode ?? 'NO SESSION');
    setText(this.account, head?.account ?? '');
    show(this.account, head !== null);
    show(this.linkSegment, head !== null);
    show(this.clockSegment, head !== null);
    show(this.readOnly, !can.act && head !== null);
    if (head !== null) {
      setShape(this.linkIcon, head.isLinked ? 'dot' : 'link');
      setAttribute(this.linkSegment, 'class', head.isLinked ? 'seg good' : 'seg warn');
      setText(this.link, head.link);
      setText(this.linkNote, head.linkNote);
      setText(this.clock, head.clock);
      setText(this.hours, head.hours);
    }
    const canAct = can.act && head !== null && status !== 'idle';
    show(this.pause, canAct && head?.isPaused === false);
    show(this.resume, canAct && head?.isPaused === true);
    for (const each of [this.stop, this.gap, this.flatten]) show(each, canAct);
    show(this.kill, canAct && head?.isKilled === false);
    show(this.release, canAct && head?.isKilled === true);
    each(
      this.notes,
      notes,
      () =>
        noteNode(
          this.parts,
          () => this.ask('release'),
          () => this.resumeEntries(),
        ),
      updateNote(can.act, can.edit),
    );
    this.strip.update(head, canAct);
  }

  /** Opens the strip, or leaves the question to VS Code. */
  ask(action: 'flatten' | 'kill' | 'release' | 'stop'): void {
    const question = this.head?.questions[action];
    if (question === undefined) return;
    if (this.asksHome) return this.parts.act(action, false);
    this.strip.ask({ action, question: head => head.questions[action] }, question);
  }

  /** Of one symbol; its words come with the symbol. */
  askSymbol(action: 'flatten' | 'resume', symbol: string, question: Question): void {
    if (this.asksHome) return this.parts.act(action, false, symbol);
    this.strip.ask({ action, symbol, question: () => question }, question);
  }

  private resumeEntries(): void {
    this.parts.act('resume', !this.asksHome);
  }

  private get isPrivate(): boolean {
    return this.privacy.getAttribute('aria-pressed') === 'true';
  }

  private setPrivate(isPrivate: boolean): void {
    this.privacy.setAttribute('aria-pressed', String(isPrivate));
    this.parts.setPrivate(isPrivate);
  }
}

interface Asked {
  readonly action: Action;
  readonly symbol?: string;
  /** From the newest head, so that its numbers are those of the moment. */
  question(head: Head): Question;
}

/** The red button counts only after this: a second click that was meant for what opened the strip does nothing. */
const ARMED_AFTER_MS = 500;

export class DangerStrip {
  readonly node: HTMLElement;
  private readonly title = element('b', '');
  private readonly text = element('span', '');
  private readonly no: HTMLElement;
  private readonly yes: HTMLElement;
  private asked: Asked | null = null;
  private opener: Element | null = null;
  private openedAt = 0;

  constructor(confirm: (action: Action, symbol?: string) => void) {
    this.no = button({ label: 'Keep trading', onClick: () => this.close() });
    this.yes = button({
      label: '',
      className: 'do',
      onClick: () => {
        const { asked } = this;
        if (asked === null || performance.now() - this.openedAt < ARMED_AFTER_MS) return;
        this.close();
        confirm(asked.action, asked.symbol);
      },
    });
    this.title.id = 'ask-title';
    this.text.id = 'ask-text';
    const words = element('p', '', this.title, element('br', ''), this.text);
    this.node = element('section', 'ask', words, element('span', 'two', this.no, this.yes));
    this.node.setAttribute('role', 'alertdialog');
    this.node.setAttribute('aria-labelledby', 'ask-title');
    this.node.setAttribute('aria-describedby', 'ask-text');
    this.node.hidden = true;
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.close();
    });
  }

  ask(asked: Asked, question: Question): void {
    this.asked = asked;
    this.opener = document.activeElement;
    this.openedAt = performance.now();
    this.say(question);
    this.node.hidden = false;
    this.no.focus();
    this.node.scrollIntoView({ block: 'nearest' });
  }

  update(head: Head | null, canAct: boolean): void {
    if (this.asked === null) return;
    if (head === null || !canAct) return this.close();
    this.say(this.asked.question(head));
  }

  private say({ title, text, no, yes }: Question): void {
    setText(this.title, title);
    setText(this.text, text);
    setText(this.no, no);
    setText(this.yes, yes);
  }

  private close(): void {
    this.asked = null;
    this.node.hidden = true;
    if (this.opener instanceof HTMLElement) this.opener.focus();
  }
}

const NOTE_BUTTONS: Readonly<Record<NoteButton, string>> = {
  retry: 'Try now',
  release: 'Release…',
  resume: 'Resume',
  resetLoss: 'Reset…',
  log: 'Show log',
};

function noteNode(parts: HeadParts, release: () => void, resume: () => void): HTMLElement {
  const run: Readonly<Record<NoteButton, () => void>> = {
    log: () => parts.command('showLog'),
    release,
    resume,
    resetLoss: () => parts.act('resetLoss', false),
    retry: () => parts.act('retry', false),
  };
  const words = element('span', '', element('b', ''), ' ', element('span', ''));
  const note = element('div', 'note', icon('link'), words);
  for (const name of Object.keys(NOTE_BUTTONS) as NoteButton[]) {
    const made = button({ label: NOTE_BUTTONS[name], onClick: run[name] });
    made.dataset.name = name;
    note.append(made);
  }
  return note;
}

const updateNote =
  (canAct: boolean, canEdit: boolean) =>
  (node: HTMLElement, { level, title, text, buttons }: Note): void => {
    setAttribute(node, 'class', level === 'error' ? 'note err' : 'note');
    const drawing = node.querySelector('svg');
    if (drawing !== null) setShape(drawing, level === 'error' ? 'halt' : 'pause');
    const [bold, rest] = node.querySelector('span')?.children ?? [];
    if (bold !== undefined) setText(bold, title);
    if (rest !== undefined) setText(rest, text);
    for (const each of node.querySelectorAll<HTMLElement>('[data-name]')) {
      const name = each.dataset.name as NoteButton;
      show(each, buttons.includes(name) && (name === 'log' ? canEdit : canAct));
    }
  };
