/**
 * Between a saved targets.txt and the engine: writes every change into the log as a difference in trading terms, and on a
 * live account holds back a text that raises the money at risk until a person has said yes (docs/strategy.md section 8).
 * While nobody answers the old version stays in force. It judges with reports/changePreview.ts and trades nothing.
 */
import { changeQuestion, knownOf, previewChange, previewHead, previewText } from '../reports/changePreview';
import type { Mode, SessionSnapshot } from '../shared/protocol';
import type { Budget } from '../strategy/sizing';
import type { Settings } from '../strategy/settings';
import { updateTargets, type TargetsInForce } from '../targets/resolve';
import type { Questions } from './questions';

export interface TargetsGateOptions {
  start: TargetsInForce;
  base: Budget;
  settings: Settings;
  mode: Mode;
  /** `LIVE ···9034`. */
  account: string;
  snapshot(): SessionSnapshot | null;
  /** Lets a text count. */
  pass(text: string): void;
  questions: Questions;
  log(text: string): void;
}

export class TargetsGate {
  private inForce: TargetsInForce;
  private held: number | null = null;

  constructor(private readonly options: TargetsGateOptions) {
    this.inForce = options.start;
  }

  /** What counts now. */
  get targets(): TargetsInForce {
    return this.inForce;
  }

  /** A new text stands in the file. */
  offer(text: string): void {
    const { options } = this;
    const next = updateTargets(this.inForce, text, options.base).value;
    const snapshot = options.snapshot();
    const preview = previewChange(this.inForce, next, knownOf(snapshot), options.settings);
    const difference = previewText(preview, previewHead(snapshot));
    options.log(difference);
    // The file as it stands now is what a person means: a question about an older text is void.
    if (this.held !== null) options.questions.withdraw(this.held);
    this.held = null;
    if (options.mode !== 'LIVE' || !preview.raisesRisk) return this.pass(text);
    options.log('Held back until a person says yes: it raises the money at risk on a live account.');
    this.held = options.questions.ask({
      text: changeQuestion(preview, options.account),
      difference,
      answered: yes => this.answered(text, yes),
      // The file still says so: saving it again asks again.
      replaced: () => (this.held = null),
    });
  }

  /** A no leaves the old version in force. */
  private answered(text: string, yes: boolean): void {
    this.options.log(
      yes ? 'The change of targets.txt counts: a person said yes.' : 'The change of targets.txt was declined.',
    );
    if (!yes) return;
    this.held = null;
    this.pass(text);
  }

  private pass(text: string): void {
    this.inForce = updateTargets(this.inForce, text, this.options.base).value;
    this.options.pass(text);
  }
}
