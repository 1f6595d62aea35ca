/**
 * Questions that a person has to answer before a change counts: one at a time, the newest. A question whose subject has gone
 * is void. It knows nothing of what is asked.
 */
import type { ChangeQuestion } from '../shared/protocol';

export interface Asked {
  readonly text: string;
  readonly difference: string;
  answered(yes: boolean): void;
  /** Another question has taken its place, unanswered. */
  replaced(): void;
}

export class Questions {
  private open: { id: number; asked: Asked } | null = null;
  private nAsked = 0;

  /** @param tell null: the question that was asked has become void, or somebody has said yes to it */
  constructor(private readonly tell: (question: ChangeQuestion | null, isAnswered: boolean) => void) {}

  get current(): ChangeQuestion | null {
    if (this.open === null) return null;
    const { id, asked } = this.open;
    return { id, text: asked.text, difference: asked.difference };
  }

  ask(asked: Asked): number {
    const before = this.open;
    this.open = { id: ++this.nAsked, asked };
    before?.asked.replaced();
    this.tell(this.current, false);
    return this.open.id;
  }

  /** Takes a question back; one that is not open any more is let be. */
  withdraw(id: number): void {
    if (this.open?.id !== id) return;
    this.open = null;
    this.tell(null, false);
  }

  /** A yes closes it; after a no the person may come back to it. */
  answer(id: number, yes: boolean): void {
    if (this.open?.id !== id) return;
    const { asked } = this.open;
    if (yes) this.open = null;
    asked.answered(yes);
    // Whoever else shows it need not ask any more.
    if (yes && this.open === null) this.tell(null, true);
  }
}
