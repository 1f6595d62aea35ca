/**
 * The commands of the palette and of links. Each one that can cost money asks first, by a modal that names account, mode and
 * size; each one that lowers risk acts at once. Registered before anything else, so that none is ever "not found".
 */
import * as vscode from 'vscode';
import { dashboardHead, flattenQuestion, heldOf, nameOf } from '../reports/dashboardHead';
import { dollars } from '../reports/format';
import { ladderAsText } from '../reports/hoverText';
import { ladderAsMarkdown } from '../reports/ladderMarkdown';
import { SELECTED_ROW } from '../reports/treeModel';
import type { ControlAction } from '../engine/events';
import type { SessionSnapshot } from '../shared/protocol';
import { SAMPLE_TARGETS } from '../targets/schema';
import { askForAdoption, askForStop, askToStopElsewhere, confirm, confirmed } from './asking';
import type { Interrupted } from './interrupted';
import { killElsewhere } from './killElsewhere';
import { Owner } from './emitter';
import { lastReference } from './lastReferences';
import { idleLadder } from '../reports/idleLadder';
import type { Configuration } from './configuration';
import type { SessionController } from './sessionController';
import type { SimulatorHost } from './simulator';
import type { StandaloneAnswers, StandaloneSimulator } from './standaloneSimulator';
import type { Starter } from './startSession';
import { newFolder } from './newFolder';
import { openSettings } from './openSettings';
import { reply } from './reply';
import { exists, type TargetsFiles } from './targetsFiles';
import { writeOverride } from './writeOverride';
import { SessionTree } from './tree';

export interface CommandParts {
  controller: SessionController;
  starter: Starter;
  files: TargetsFiles;
  configuration: Configuration;
  simulator: SimulatorHost;
  standalone: StandaloneSimulator;
  log: vscode.LogOutputChannel;
  interrupted: Pick<Interrupted, 'ask'>;
  openDashboard(symbol?: string): void;
  readonly served: { serve(): Promise<void>; serveOnFreePort(): Promise<void>; stop(): Promise<void> };
  previewChanges(): Promise<void>;
  reviewFills(file?: string, symbol?: string): Promise<void>;
  showLauncher(): Promise<void>;
  beginDay(): Promise<void>;
  endDay(): Promise<void>;
  importPythonBot(): Promise<void>;
  selectedRow(): unknown;
  openFills(file?: string): Promise<void>;
  anchors(date?: string): Promise<unknown>;
}

export class Commands extends Owner {
  constructor(private readonly parts: CommandParts) {
    super();
    const { starter, log } = parts;
    this.add('start', () => starter.start());
    this.add('startSimulator', () => starter.start('simulator'));
    this.add('startIb', () => starter.start('ib'));
    this.add('stop', () => this.stop());
    this.add('pause', () => this.control('pause'));
    this.add('resume', () => this.resume());
    this.add('protect', () => this.control('protect'));
    this.add('flatten', argument => this.flatten(symbolOf(argument)));
    this.add('kill', () => this.kill());
    this.add('resumeLast', () => parts.interrupted.ask());
    this.add('release', () => this.release());
    this.add('resetLoss', () => this.resetLoss());
    this.add('pauseSymbol', argument => this.forSymbol(argument, symbol => this.control('pause', symbol)));
    this.add('resumeSymbol', argument => this.resumeSymbol(argument));
    this.add('adopt', argument => this.adopt(argument));
    this.add('leaveAlone', argument => this.forSymbol(argument, symbol => this.control('leaveAlone', symbol)));
    this.add('openDashboard', () => parts.openDashboard());
    this.add('serveDashboard', () => parts.served.serve());
    this.add('serveOnFreePort', () => parts.served.serveOnFreePort());
    this.add('stopServing', () => parts.served.stop());
    this.add('reviewFills', (file, symbol) => parts.reviewFills(fileOf(file), textOf(symbol)));
    this.add('openFills', file => parts.openFills(fileOf(file)));
    this.add('launcher', () => parts.showLauncher());
    this.add('startOfDay', () => parts.beginDay());
    this.add('endOfDay', () => parts.endDay());
    this.add('anchors', date => parts.anchors(textOf(date)));
    this.add('importPythonBot', () => parts.importPythonBot());
    this.add('createTargets', () => this.createTargets());
    this.add('previewChanges', () => parts.previewChanges());
    this.add('chooseFolder', () => starter.chooseFolder());
    this.add('openTargets', line => this.openTargets(typeof line === 'number' ? line : undefined));
    this.add('openLine', argument => this.forSymbol(argument, symbol => this.openLine(symbol)));
    this.add('openChart', argument => this.forSymbol(argument, symbol => Promise.resolve(parts.openDashboard(symbol))));
    this.add('why', argument => this.forSymbol(argument, symbol => this.why(symbol)));
    this.add('copyLadder', argument => this.forSymbol(argument, symbol => this.copyLadder(symbol)));
    this.add('copyLadderMarkdown', argument =>
      this.forSymbol(argument, symbol => this.copyLadder(symbol, ladderAsMarkdown)),
    );
    this.add('writeOverride', (symbol, key) => writeOverride(parts, symbolOf(symbol), key));
    this.add('dropOverride', argument => this.forSymbol(argument, symbol => this.dropOverride(symbol)));
    this.add('showFile', file => this.showFile(textOf(file)));
    this.add('newSimulatedDay', () => this.newSimulatedDay());
    this.add('openSimulator', answers => parts.standalone.start(answers as StandaloneAnswers | undefined));
    this.add('closeSimulator', () => parts.standalone.stop());
    this.add('showLog', () => log.show(true));
    this.add('openSettings', about => openSettings(textOf(about)));
    this.add('openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'dronebot.dronebot#firstFiveMinutes', false),
    );
  }

  private add(id: string, run: (...args: unknown[]) => unknown): void {
    this.own(
      vscode.commands.registerCommand(`dronebot.${id}`, async (...args: unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          this.parts.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
          const showLog = 'Show log';
          const text = `Dronebot could not do that: ${error instanceof Error ? error.message : String(error)}`;
          if ((await vscode.window.showErrorMessage(text, showLog)) === showLog) this.parts.log.show(true);
          return undefined;
        }
      }),
    );
  }

  // --- the session as a whole

  private async stop(): Promise<void> {
    const { controller } = this.parts;
    const { snapshot } = controller;
    if (!controller.isRunning) return this.noSession();
    if (controller.config?.watches !== undefined && !(await askToStopElsewhere()))
      return controller.stop({ suspended: true });
    if (snapshot !== null && snapshot.positions > 0) {
      const answer = await askForStop(snapshot);
      if (answer === null) return;
      return controller.stop({ leaveStops: answer === 'leaveStops' });
    }
    await controller.stop();
  }

  private async resume(): Promise<void> {
    const snapshot = this.snapshot();
    if (snapshot === null) return this.noSession();
    if (snapshot.mode === 'LIVE' && !(await confirmed(dashboardHead(snapshot).questions.resume))) return;
    this.control('resume');
  }

  private async flatten(symbol?: string): Promise<void> {
    const snapshot = this.snapshot();
    if (snapshot === null) return this.noSession();
    if (heldOf(snapshot.symbols, symbol).positions === 0) {
      return reply(symbol === undefined ? 'Nothing is held' : `No ${symbol} is held`);
    }
    if (await confirmed(flattenQuestion(snapshot, symbol))) this.control('flatten', symbol);
  }

  private async kill(): Promise<void> {
    const snapshot = this.snapshot();
    if (snapshot === null) return killElsewhere();
    if (await confirmed(dashboardHead(snapshot).questions.kill)) this.control('kill');
  }

  private async release(): Promise<void> {
    const snapshot = this.snapshot();
    if (snapshot === null) return this.noSession();
    if (!snapshot.killed) return reply('The kill switch is off');
    if (await confirmed(dashboardHead(snapshot).questions.release)) this.control('release');
  }

  private async resetLoss(): Promise<void> {
    const snapshot = this.snapshot();
    if (snapshot === null) return this.noSession();
    if (!snapshot.lossLimitHit) return reply('The day’s loss is under its limit');
    const question = `Allow buys again on ${nameOf(snapshot)}, although the day's loss reached its limit of ${dollars(snapshot.dayLossLimit)}?`;
    if (await confirm(question, 'Allow buys', 'Keep them off')) this.control('resetLoss');
  }

  private async newSimulatedDay(): Promise<void> {
    const { controller, simulator, starter } = this.parts;
    if (controller.isRunning) {
      if (controller.config?.broker !== 'simulator') {
        return reply('A session on IB is running: stop it first');
      }
      if (
        !(await confirm(
          'Begin a new simulated day? The simulated account starts anew; its files are put aside in .dronebot/sim-earlier.',
          'New day',
          'Go on',
        ))
      )
        return;
      await controller.stop();
    }
    simulator.dispose();
    await starter.start('simulator');
  }

  // --- one symbol

  private async resumeSymbol(argument: unknown): Promise<void> {
    await this.forSymbol(argument, async symbol => {
      const snapshot = this.snapshot();
      if (snapshot === null) return this.noSession();
      if (
        snapshot.mode === 'LIVE' &&
        !(await confirm(`Resume buys of ${symbol} on ${nameOf(snapshot)}?`, 'Resume', 'Stay paused'))
      )
        return;
      this.control('resume', symbol);
    });
  }

  private async adopt(argument: unknown): Promise<void> {
    await this.forSymbol(argument, async symbol => {
      const snapshot = this.snapshot();
      if (snapshot === null) return this.noSession();
      const adoption = (await this.parts.controller.detail(symbol))?.adoption ?? null;
      const answer = await askForAdoption(symbol, nameOf(snapshot), adoption);
      if (answer !== null)
        this.parts.controller.control('adopt', symbol, ...(answer === 'brokerCost' ? [true as const] : []));
    });
  }

  private async why(symbol: string): Promise<void> {
    const detail = await this.parts.controller.detail(symbol);
    if (detail === null) return this.noSession();
    const items = detail.whyNot.flatMap(why => [
      { label: `${why.title}${why.ready ? ': goes now' : ''}`, kind: vscode.QuickPickItemKind.Separator },
      ...[...why.conditions]
        .sort((left, right) => rank(left) - rank(right))
        .map(condition => ({
          label: `$(${!condition.asked ? 'circle-outline' : condition.met ? 'check' : 'close'}) ${condition.text}`,
          description: !condition.asked ? 'asked at the rung' : condition.met ? '' : 'not met',
        })),
    ]);
    const title = `${symbol}: why not? Every condition, unmet ones first`;
    await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  }

  private async copyLadder(symbol: string, write = ladderAsText): Promise<void> {
    const text = (await this.sessionLadder(symbol, write)) ?? (await this.idleLadder(symbol, write));
    if (text === null) return reply(`No reference price of ${symbol} is known yet, so there is no ladder to copy`);
    await vscode.env.clipboard.writeText(text);
    reply(`Ladder of ${symbol} copied`);
  }

  private async sessionLadder(symbol: string, write: typeof ladderAsText): Promise<string | null> {
    const detail = await this.parts.controller.detail(symbol);
    return detail === null || detail.buys.length === 0
      ? null
      : write(symbol, detail.buys, detail.sells, detail.decimals);
  }

  private async idleLadder(symbol: string, write: typeof ladderAsText): Promise<string | null> {
    const { files, configuration, starter } = this.parts;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = files.uriOf(folder);
      if (!(await exists(uri))) continue;
      const checked = files.check(await vscode.workspace.openTextDocument(uri));
      const target = checked.targets.find(each => each.symbol === symbol);
      const known = lastReference(starter.priceFiles(folder.uri), symbol);
      if (target === undefined || known === null) continue;
      const ladder = idleLadder(
        target,
        checked.targets,
        known,
        checked.budget,
        configuration.checkedSettings(folder.uri),
      );
      return write(symbol, ladder.buys, ladder.sells, ladder.decimals);
    }
    return null;
  }

  private async dropOverride(symbol: string): Promise<void> {
    const { outcome } = await this.parts.controller.override(symbol, { buy: null, sell: null });
    if (outcome === 'refused') this.noSession();
  }

  // --- files

  private async createTargets(): Promise<void> {
    const { files } = this.parts;
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined) return newFolder();
    const uri = files.uriOf(folder);
    // A file that is there is opened, never written over.
    if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(SAMPLE_TARGETS));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }

  private async openTargets(line?: number): Promise<void> {
    const { files, starter } = this.parts;
    const folder = starter.folder ?? vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined || !(await exists(files.uriOf(folder)))) return this.createTargets();
    const document = await vscode.workspace.openTextDocument(files.uriOf(folder));
    const selection =
      line === undefined ? {} : { selection: document.lineAt(Math.min(line, document.lineCount - 1)).range };
    await vscode.window.showTextDocument(document, selection);
  }

  private openLine(symbol: string): Promise<void> {
    const line = this.snapshot()?.symbols.find(each => each.symbol === symbol)?.line;
    return this.openTargets(line === undefined || line < 0 ? undefined : line);
  }

  private async showFile(file: string | undefined): Promise<void> {
    if (file !== undefined) await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(file));
  }

  // --- helpers

  private control(action: ControlAction, symbol?: string): void {
    if (!this.parts.controller.control(action, symbol)) this.noSession();
  }

  private snapshot(): SessionSnapshot | null {
    return this.parts.controller.snapshot;
  }

  private noSession(): void {
    const start = 'Start Live';
    void vscode.window
      .showInformationMessage('No session is running, so there is nothing to do.', start)
      .then(answer => {
        if (answer === start) void vscode.commands.executeCommand('dronebot.start');
      });
  }

  /** From a link's argument, a tree row, the line under the cursor, or a question. */
  private async forSymbol(argument: unknown, run: (symbol: string) => unknown): Promise<void> {
    const row = argument === SELECTED_ROW ? this.parts.selectedRow() : argument;
    const symbol = symbolOf(row) ?? this.symbolAtCursor() ?? (await this.askForSymbol());
    if (symbol !== undefined) await run(symbol);
  }

  private symbolAtCursor(): string | undefined {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || !this.parts.files.isConfigured(editor.document.uri)) return undefined;
    const { targets } = this.parts.files.check(editor.document);
    return targets.find(target => target.line === editor.selection.active.line)?.symbol;
  }

  private async askForSymbol(): Promise<string | undefined> {
    const symbols = this.snapshot()?.symbols.map(each => each.symbol) ?? [];
    if (symbols.length === 0) {
      this.noSession();
      return undefined;
    }
    return vscode.window.showQuickPick(symbols, { placeHolder: 'Which symbol?' });
  }
}

const rank = ({ met, asked }: { met: boolean; asked: boolean }): number => (asked && !met ? 0 : asked ? 2 : 1);
const textOf = (argument: unknown): string | undefined =>
  typeof argument === 'string' && argument !== '' ? argument : undefined;

/** A path, or a file of the explorer. */
const fileOf = (argument: unknown): string | undefined =>
  argument instanceof vscode.Uri ? argument.fsPath : textOf(argument);

function symbolOf(argument: unknown): string | undefined {
  const text = typeof argument === 'string' ? argument : SessionTree.symbolOf(argument);
  return text !== undefined && /^[A-Z0-9.]{1,13}$/.test(text) ? text : undefined;
}
