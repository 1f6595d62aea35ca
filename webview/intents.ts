/**
 * The page's questions to its home, each with a number, and what was answered. It knows no DOM.
 */
import type { Action, FromDashboard, Side, ToDashboard } from '../src/shared/dashboard';
import type { PreviewView } from '../src/shared/dashboardDetail';

export type Answer = Extract<ToDashboard, { type: 'answer' }>;

export class Intents {
  private nAsked = 0;
  private readonly answers = new Map<number, (answer: Answer) => void>();
  private readonly previews = new Map<number, (preview: PreviewView | null) => void>();

  constructor(private readonly send: (message: FromDashboard) => void) {}

  act(action: Action, isConfirmed: boolean, symbol: string | undefined, done: (answer: Answer) => void): void {
    const id = this.expect(done);
    this.send({ type: 'act', id, action, isConfirmed, ...(symbol === undefined ? {} : { symbol }) });
  }

  setOverride(symbol: string, side: Side, value: number, done: (answer: Answer) => void): void {
    this.send({ type: 'setOverride', id: this.expect(done), symbol, side, value });
  }

  dropOverride(symbol: string, side: Side, done: (answer: Answer) => void): void {
    this.send({ type: 'dropOverride', id: this.expect(done), symbol, side });
  }

  writeOverride(symbol: string, side: Side, done: (answer: Answer) => void): void {
    this.send({ type: 'writeOverride', id: this.expect(done), symbol, side });
  }

  preview(symbol: string, side: Side, value: number, done: (preview: PreviewView | null) => void): void {
    const id = ++this.nAsked;
    // Only the newest counts: an older one would show what nobody types any more.
    this.previews.clear();
    this.previews.set(id, done);
    this.send({ type: 'preview', id, symbol, side, value });
  }

  hear(message: Extract<ToDashboard, { type: 'answer' | 'preview' }>): void {
    if (message.type === 'preview') {
      const done = this.previews.get(message.id);
      this.previews.delete(message.id);
      return done?.(message.preview);
    }
    const done = this.answers.get(message.id);
    // Whoever was asked in VS Code may still say no: that is a second answer to the same question.
    if (message.outcome !== 'asked') this.answers.delete(message.id);
    done?.(message);
  }

  private expect(done: (answer: Answer) => void): number {
    this.answers.set(++this.nAsked, done);
    return this.nAsked;
  }
}
