/**
 * `Dronebot: Pre-Session Anchors`: asks for a date, collects bars in a thread and a connection of its own beside whatever
 * session runs, and shows the report. What had come when it was cancelled is kept, and the next run asks only for the rest.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { endpointText } from '../broker/endpoint';
import type { HistoryPortConfig } from '../broker/port';
import { readAnchorDate } from '../reports/anchorDays';
import { anchorsReport, daysToAsk, knownPrices, withOverrides, type AnchorsReport } from '../reports/anchorsReport';
import { connectTrouble, endedText, progressText } from '../reports/anchorsWords';
import { problemMessage } from '../reports/problemText';
import type { AnchorsOutcome } from '../session/anchorsRun';
import type { FromAnchorsWorker, ToAnchorsWorker } from '../session/anchorsWorker';
import { readOverrides } from '../session/overridesFile';
import { makeHiddenFolder } from '../session/paths';
import { readText } from '../session/watchFile';
import type { AnchorsRequest, AskedRequest, HeardSymbol } from '../shared/anchors';
import { dateOf, newYorkInstant, parseDay } from '../strategy/exchangeTime';
import { AnchorsPanel } from './anchorsPanel';
import type { Configuration } from './configuration';
import { reply } from './reply';
import { Owner } from './emitter';
import type { AnchorsFile } from './lastReferences';
import type { Messenger } from './messenger';
import type { SessionController } from './sessionController';
import type { SimulatorHost } from './simulator';
import { reportClientId } from './startConfig';
import { anchorsFile, hiddenFolder, type Starter } from './startSession';
import { startWorker } from './threads';

const CONNECT_WITHIN_MS = 10_000;

export interface AnchorsParts {
  readonly extensionUri: vscode.Uri;
  readonly distFolder: string;
  readonly controller: SessionController;
  readonly starter: Starter;
  readonly configuration: Configuration;
  readonly simulator: SimulatorHost;
  readonly messenger: Messenger;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
}

/** Where bars come from, and what they are called there. */
interface Source {
  readonly config: HistoryPortConfig;
  readonly broker: 'simulator' | 'ib';
  readonly name: string;
  /** Its clock, as far as it is known before it is asked. */
  readonly now: number;
  release(): void;
}

type Done = Extract<FromAnchorsWorker, { type: 'done' }>;

export class Anchors extends Owner {
  private readonly panel: AnchorsPanel;
  private worker: Worker | null = null;
  private isRunning = false;
  /** What the last run asked and heard, as long as the next one is about the same gateway and date. */
  private last: { key: string; symbols: readonly HeardSymbol[]; asked: readonly AskedRequest[] } | null = null;

  constructor(private readonly parts: AnchorsParts) {
    super();
    this.panel = this.own(new AnchorsPanel(parts.extensionUri, parts.memory, date => this.run(date)));
  }

  get report(): AnchorsReport | undefined {
    return this.panel.report;
  }

  /** For today, without a question: false when a person cancelled it, and with that what was to follow. */
  runToday(): Promise<boolean> {
    return this.run(dateOf(this.now()));
  }

  /**
   * @param given a date that is not asked for
   * @returns false when a person cancelled
   */
  async run(given?: string): Promise<boolean> {
    if (this.isRunning) {
      reply('Pre-session anchors are being collected already');
      return true;
    }
    this.isRunning = true;
    try {
      return await this.collect(given);
    } finally {
      this.isRunning = false;
    }
  }

  override dispose(): void {
    void this.worker?.terminate();
    super.dispose();
  }

  private async collect(given?: string): Promise<boolean> {
    const { starter } = this.parts;
    const folder = await starter.findFolder();
    const checked = folder === null ? null : await starter.readTargets(folder);
    if (folder === null || checked === null) return true;
    const date = given ?? (await this.askForDate());
    if (date === undefined) return false;
    const read = readAnchorDate(date, this.now());
    if (!read.ok) {
      const other = 'Choose another date';
      return (await vscode.window.showErrorMessage(`${read.text}.`, other)) === other ? this.collect() : true;
    }
    const settings = this.parts.configuration.checkedSettings(folder.uri);
    const lookBack = settings['reports.lookBackDays'];
    const [stateFolder = folder.uri.fsPath] = starter.stateFolders(folder.uri);
    const overrides = readOverrides(readText(path.join(stateFolder, 'dashboard_overrides.json')) ?? '{}', {});
    const { targets } = withOverrides(checked.targets, overrides.overrides);
    const source = await this.source();
    if (source === null) return true;
    try {
      const days = daysToAsk(read.day, lookBack);
      const symbols = targets.map(({ symbol }) => symbol);
      const outcome = await this.inThread(source, symbols, days);
      if (outcome === null) return true;
      const report = anchorsReport({
        day: read.day,
        lookBack,
        targets,
        budget: checked.budget,
        settings,
        histories: outcome.symbols,
        from: source.name,
        ended: endedText(outcome.ended),
      });
      this.remember(folder, source.broker, report);
      await this.panel.show(report);
      return outcome.ended !== 'cancelled';
    } finally {
      source.release();
    }
  }

  private askForDate(): Thenable<string | undefined> {
    return vscode.window.showInputBox({
      title: 'Pre-session anchors',
      prompt: 'The session that they are for. They come from the trading day before.',
      value: dateOf(this.now()),
      validateInput: text => {
        const read = readAnchorDate(text, this.now());
        return read.ok ? undefined : read.text;
      },
    });
  }

  /** The market's clock: the running session's, else the simulated day's beginning, else this machine's. */
  private now(): number {
    const { controller, configuration } = this.parts;
    if (controller.snapshot !== null) return controller.snapshot.t;
    if (configuration.broker === 'ib') return Date.now();
    const { date, startTime } = configuration.simulator(0);
    const [hours = 0, minutes = 0] = startTime.split(':').map(Number);
    return newYorkInstant(parseDay(date) ?? 0, (hours * 60 + minutes) * 60_000);
  }

  private async source(): Promise<Source | null> {
    const { controller, configuration, simulator, messenger } = this.parts;
    const endpoint = configuration.endpoint();
    if (!endpoint.ok) {
      messenger.tell({
        level: 'error',
        text: endpoint.text,
        buttons: [{ title: 'Open settings', command: 'dronebot.openSettings' }],
      });
      return null;
    }
    const running = controller.isRunning ? controller.config : null;
    const broker = running?.broker ?? configuration.broker;
    const clientId = reportClientId(running?.clientId ?? endpoint.value.clientId);
    const at = (host: string, port: number) => ({ host, port, clientId, connectTimeoutMs: CONNECT_WITHIN_MS });
    const now = this.now();
    if (broker === 'ib') {
      const { host, port } = running ?? endpoint.value;
      return { config: at(host, port), broker, name: endpointText({ host, port }), now, release: () => undefined };
    }
    const borrowed = await simulator.borrow(configuration.simulator(endpoint.value.clientId));
    const { host, port } = borrowed.simulator;
    return { config: at(host, port), broker, name: 'simulator', now, release: () => borrowed.release() };
  }

  /** Null after saying why there is no report at all. */
  private inThread(
    source: Source,
    symbols: readonly string[],
    days: readonly number[],
  ): Thenable<AnchorsOutcome | null> {
    const key = `${endpointText(source.config)} ${dateOf(source.now)}`;
    const last = this.last?.key === key ? this.last : null;
    const request: AnchorsRequest = { symbols, days, known: last?.symbols ?? [], asked: last?.asked ?? [] };
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: 'Pre-session anchors',
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      const worker = startWorker(path.join(this.parts.distFolder, 'anchorsThread.js'), null);
      this.worker = worker;
      const post = (message: ToAnchorsWorker): void => worker.postMessage(message);
      token.onCancellationRequested(() => post({ type: 'cancel' }));
      const ended = this.listen(worker, message => progress.report({ message }));
      post({ type: 'start', config: source.config, request });
      const done = await ended;
      if (done === null) return null;
      this.last = { key, symbols: done.outcome.symbols, asked: done.asked };
      return done.outcome;
    });
  }

  private listen(worker: Worker, say: (text: string) => void): Promise<Done | null> {
    const { messenger, log } = this.parts;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromAnchorsWorker) => {
        switch (message.type) {
          case 'progress':
            return say(progressText(message.progress));
          case 'problem':
            return messenger.tell(problemMessage(message.problem, { t: Date.now(), positions: 0 }));
          case 'log':
            return log[message.level](`Anchors: ${message.text}`);
          case 'failed':
            messenger.tell(connectTrouble(message.problem, Date.now()));
            return resolve(null);
          case 'done':
            return resolve(message);
        }
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve(null));
    });
  }

  /** For hovers without a session; a folder that cannot be written to has its page all the same. */
  private remember(folder: vscode.WorkspaceFolder, broker: Source['broker'], report: AnchorsReport): void {
    const file: AnchorsFile = { anchors: knownPrices(report) };
    if (Object.keys(file.anchors).length === 0) return;
    try {
      makeHiddenFolder(hiddenFolder(folder));
      fs.writeFileSync(anchorsFile(folder, broker), `${JSON.stringify(file)}\n`);
    } catch (error) {
      this.parts.log.warn(`The anchors are not remembered: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
