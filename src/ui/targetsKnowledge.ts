/**
 * What the editor knows around a targets file besides its text: the running session's rows, the last known prices, tickers
 * that were used before. It gathers and remembers; advice and completion are computed from it in src/reports.
 */
import * as vscode from 'vscode';
import type { KnownSymbols } from '../reports/completions';
import { targetsAdvice, type Advice } from '../reports/targetsAdvice';
import { startTargets } from '../targets/resolve';
import { SAMPLE_TARGETS } from '../targets/schema';
import type { Configuration } from './configuration';
import { Emitter, Owner } from './emitter';
import { lastReferences } from './lastReferences';
import type { SessionController } from './sessionController';
import type { Checked, TargetsFiles } from './targetsFiles';

const RECENT = 'recentSymbols';
const MOST_RECENT = 60;

export class TargetsKnowledge extends Owner {
  private readonly changed = this.own(new Emitter<void>());
  /** Something that advice depends on is another than before; prices alone are not, or the editor would flicker. */
  readonly onChange = this.changed.event;
  private signature = '';
  private readonly advised = new WeakMap<Checked, { signature: string; advice: Advice[] }>();

  constructor(
    private readonly controller: SessionController,
    private readonly configuration: Configuration,
    private readonly files: TargetsFiles,
    private readonly memory: vscode.Memento,
    private readonly priceFiles: (uri: vscode.Uri) => readonly string[],
  ) {
    super();
    this.own(controller.onSnapshot(() => this.look()));
    this.own(controller.onState(() => this.look()));
    this.own(
      vscode.workspace.onDidSaveTextDocument(document => {
        if (files.isConfigured(document.uri)) this.remember(files.check(document).targets.map(each => each.symbol));
      }),
    );
  }

  /** The same for the same text as long as nothing has changed that it depends on. */
  advice(document: vscode.TextDocument, checked: Checked): readonly Advice[] {
    const before = this.advised.get(checked);
    if (before?.signature === this.signature) return before.advice;
    const advice = targetsAdvice(checked.doc, checked.targets, {
      budget: checked.budget,
      settings: this.configuration.checkedSettings(document.uri),
      prices: this.prices(document.uri),
      session: this.isAbout(document.uri) ? (this.controller.snapshot?.symbols ?? []) : [],
      otherTickers: [...this.recent(), ...sampleTickers()],
    });
    this.advised.set(checked, { signature: this.signature, advice });
    return advice;
  }

  known(uri: vscode.Uri): KnownSymbols {
    const rows = this.isAbout(uri) ? (this.controller.snapshot?.symbols ?? []) : [];
    return {
      held: new Map(rows.filter(row => row.position > 0).map(row => [row.symbol, row.position])),
      recent: [...new Set([...this.recent(), ...sampleTickers()])],
    };
  }

  /** The running session trades this file. */
  isAbout(uri: vscode.Uri): boolean {
    return this.controller.config?.targetsFile === uri.fsPath;
  }

  private prices(uri: vscode.Uri): ReadonlyMap<string, { last: number; reference: number }> {
    const prices = new Map<string, { last: number; reference: number }>(lastReferences(this.priceFiles(uri)));
    for (const { symbol, last, reference } of this.isAbout(uri) ? (this.controller.snapshot?.symbols ?? []) : []) {
      if (last !== null && reference !== null) prices.set(symbol, { last, reference });
    }
    return prices;
  }

  private look(): void {
    const rows = this.controller.snapshot?.symbols ?? [];
    const signature = JSON.stringify(
      rows.map(({ symbol, line, state, position, override, reference }) => [
        symbol,
        line < 0 && position > 0,
        state === 'failed',
        override,
        reference === null,
      ]),
    );
    if (signature === this.signature) return;
    this.signature = signature;
    this.remember(rows.filter(row => row.state !== 'failed').map(row => row.symbol));
    this.changed.fire();
  }

  private recent(): readonly string[] {
    return this.memory.get<readonly string[]>(RECENT, []);
  }

  private remember(symbols: readonly string[]): void {
    const before = this.recent();
    const next = [...new Set([...symbols, ...before])].slice(0, MOST_RECENT);
    if (next.join() !== before.join()) void this.memory.update(RECENT, next);
  }
}

function sampleTickers(): readonly string[] {
  const start = startTargets(SAMPLE_TARGETS, { equity: 1, risky: 0, safe: 0 });
  // The sample's last line shows what a ticker looks like that the broker refuses.
  return start.ok ? start.value.targets.map(target => target.symbol).filter(symbol => symbol !== 'SPAI') : [];
}
