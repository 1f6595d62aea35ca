/**
 * What the page shows before there is something to trade: how to begin, or the steps of a start.
 */
import type { DashboardView, LoadStep, PageCommand } from '../src/shared/dashboard';
import { button, linkButton } from './controls';
import { each, element, icon, setAttribute, setShape, setText, show } from './dom';

const SHAPES = { done: 'check', now: 'clock', wait: 'ring' } as const;

export class Waiting {
  readonly node: HTMLElement;
  private readonly idleTitle = element('h2', '');
  private readonly idleText = element('p', '');
  private readonly idle: HTMLElement;
  private readonly starts: HTMLElement;
  private readonly create: HTMLElement;
  private readonly links: HTMLElement;
  private readonly steps = element('ol', '');
  private readonly load = element('section', 'load', element('h2', '', 'Getting ready to trade'), this.steps);

  constructor(command: (command: PageCommand) => void) {
    const primary = (label: string, name: PageCommand) =>
      button({ label, look: 'primary', onClick: () => command(name) });
    this.starts = element(
      'div',
      'row',
      primary('Start on the simulator', 'startSimulator'),
      button({ label: 'Start on paper or live…', onClick: () => command('startIb') }),
    );
    this.create = element('div', 'row', primary('Create the sample', 'createTargets'));
    this.links = element(
      'p',
      '',
      linkButton('Review fills', () => command('reviewFills')),
      ' · ',
      linkButton('Open targets.txt', () => command('openTargets')),
    );
    this.idle = element('section', 'empty', this.idleTitle, this.idleText, this.starts, this.create, this.links);
    this.node = element('div', '', this.idle, this.load);
  }

  update({ status, steps, idleText, can }: DashboardView): void {
    const isIdle = status === 'idle' || status === 'noFile';
    show(this.idle, isIdle);
    show(this.load, status === 'starting');
    if (isIdle) {
      const hasFile = status === 'idle';
      setText(this.idleTitle, hasFile ? 'No session is running' : 'There is no targets.txt in this folder');
      setText(
        this.idleText,
        hasFile
          ? `${idleText} The simulator plays trading days over a real socket and risks nothing.`.trim()
          : 'A symbol trades only when a line of targets.txt names it. The sample holds nine drone and defense tickers in both classes, with comments that explain each value.',
      );
      show(this.starts, hasFile && can.edit);
      show(this.create, !hasFile && can.edit);
      show(this.links, hasFile && can.edit);
    }
    each(this.steps, steps, makeStep, updateStep);
  }
}

function makeStep(): HTMLLIElement {
  const meter = element('div', 'meter', element('i', ''));
  return element('li', '', icon('ring'), element('span', ''), element('span', 'dim'), meter, element('div', 'chips'));
}

function updateStep(node: HTMLLIElement, { state, text, note, percent, symbols }: LoadStep): void {
  setAttribute(node, 'class', state);
  const [drawing, words, more, meter, chips] = node.children;
  setShape(drawing!, SHAPES[state]);
  setText(words!, text);
  setText(more!, note);
  show(meter as HTMLElement, percent !== null);
  (meter!.firstElementChild as HTMLElement).style.width = `${percent ?? 0}%`;
  show(chips as HTMLElement, symbols.length > 0);
  each(
    chips!,
    symbols,
    () => element('span', '', icon('ring'), element('span', '')),
    (chip, { symbol, isDone }) => {
      setAttribute(chip, 'class', isDone ? 'ok' : '');
      setShape(chip.firstElementChild!, isDone ? 'check' : 'ring');
      setText(chip.lastElementChild!, symbol);
    },
  );
}
