/**
 * Between a changed override and the engine, as targetsGate.ts is for targets.txt: on a live account a base percent that raises
 * the money at risk is held back until a person has said yes (docs/strategy.md section 8), whether a view has set it or
 * somebody has written the file. Until then what was in force stays so.
 */
import { changeQuestion, knownOf, previewChange, previewHead, previewText } from '../reports/changePreview';
import type { Mode, SessionSnapshot } from '../shared/protocol';
import type { Settings } from '../strategy/settings';
import type { TargetsInForce } from '../targets/resolve';
import type { OverrideChange } from './overridesFile';
import type { Questions } from './questions';

export interface OverridesGateOptions {
  targets(): TargetsInForce;
  settings: Settings;
  mode: Mode;
  /** `LIVE ···9034`. */
  account: string;
  snapshot(): SessionSnapshot | null;
  questions: Questions;
  log(text: string): void;
}

export class OverridesGate {
  private held: { id: number; symbol: string } | null = null;

  constructor(private readonly options: OverridesGateOptions) {}

  /** True: it counts at once. Otherwise `accept` is called when a person says yes. */
  allows(change: OverrideChange, before: OverrideChange, accept: () => void): boolean {
    const { options } = this;
    const { symbol } = change;
    if (this.held?.symbol === symbol) this.withdraw(this.held.id);
    if (options.mode !== 'LIVE') return true;
    const snapshot = options.snapshot();
    const known = knownOf(snapshot);
    const row = known.get(symbol);
    if (row === undefined) return true;
    const targets = options.targets();
    const at = (override: OverrideChange) => new Map(known).set(symbol, { ...row, override });
    const preview = previewChange(targets, targets, at(before), options.settings, at(change));
    if (!preview.raisesRisk) return true;
    const difference = previewText(preview, previewHead(snapshot));
    options.log(`${difference}\nHeld back until a person says yes: it raises the money at risk on a live account.`);
    const id = options.questions.ask({
      text: changeQuestion(preview, options.account),
      difference,
      answered: yes => {
        options.log(`The override of ${symbol} ${yes ? 'counts: a person said yes.' : 'was declined.'}`);
        if (!yes) return this.withdraw(id);
        this.held = null;
        accept();
      },
      replaced: () => {
        this.held = null;
        options.log(`The override of ${symbol} is dropped: another question came before it was answered.`);
      },
    });
    this.held = { id, symbol };
    return false;
  }

  private withdraw(id: number): void {
    this.held = null;
    this.options.questions.withdraw(id);
  }
}
