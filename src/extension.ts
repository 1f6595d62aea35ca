/**
 * Builds the parts, registers them, returns. Activation opens no socket and places no order, unless a session that nobody ended
 * goes on (interrupted.ts). Ending it suspends what runs; what a hard end leaves behind, the next start recovers.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { Anchors } from './ui/anchors';
import { ChangePreviews } from './ui/changePreviews';
import { Commands } from './ui/commands';
import { Configuration } from './ui/configuration';
import { ContextKeys } from './ui/contextKeys';
import { Dashboard } from './ui/dashboardPanel';
import { DayRoutine } from './ui/dayRoutine';
import { Diagnostics } from './ui/diagnostics';
import { FillsFiles } from './ui/fillsFiles';
import { FillsOutput } from './ui/fillsOutput';
import { FillsPanel } from './ui/fillsPanel';
import { TargetsHover } from './ui/hoverProvider';
import { IdleTargets } from './ui/idleTargets';
import { PythonBotImport } from './ui/importPythonBot';
import { Launcher } from './ui/launcher';
import { Interrupted } from './ui/interrupted';
import { LineEndDecorations, type LineEnd } from './ui/lineEndDecorations';
import { Messenger } from './ui/messenger';
import { serving } from './ui/serving';
import { SessionController } from './ui/sessionController';
import { SessionNotices } from './ui/sessionNotices';
import { SimulatorHost } from './ui/simulator';
import { copyEnvironment } from './ui/startConfig';
import { StandaloneSimulator } from './ui/standaloneSimulator';
import { Starter } from './ui/startSession';
import { StatusBar } from './ui/statusBar';
import { LANGUAGE, TargetsFiles } from './ui/targetsFiles';
import { TargetsKnowledge } from './ui/targetsKnowledge';
import { TargetsLanguage } from './ui/targetsLanguage';
import { sessionThread } from './ui/threads';
import { SessionTree } from './ui/tree';
import { watchThread } from './ui/watchThread';
import { writeAndDrop } from './ui/writeOverride';

/** For tests, and for whoever wants to read along: what the views see, nothing that can place an order. */
export interface DronebotApi {
  readonly state: () => SessionController['state'];
  readonly snapshot: () => SessionController['snapshot'];
  readonly onSnapshot: SessionController['onSnapshot'];
  readonly onState: SessionController['onState'];
  readonly tree: Pick<SessionTree, 'getChildren' | 'getTreeItem'>;
  readonly statusText: () => string;
  readonly reviewText: () => string;
  readonly lineEnds: (uri: vscode.Uri) => readonly LineEnd[];
  readonly previewText: () => string;
  readonly importText: () => string;
  /** What happens when a window opens on a session that has not ended. */
  readonly lookForInterrupted: () => Promise<void>;
  readonly anchorsReport: () => Anchors['report'];
  /** With its token; null while the dashboard is not served. */
  readonly servedUrl: () => string | null;
  readonly fillsView: () => FillsPanel['view'];
}

let running: SessionController | null = null;

export function activate(context: vscode.ExtensionContext): DronebotApi {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const environment = copyEnvironment(process.env);
  const dist = path.join(context.extensionPath, 'dist');
  const log = own(vscode.window.createOutputChannel('Dronebot', { log: true }));
  const simulator = own(new SimulatorHost(dist, text => log.debug(`Simulator: ${text}`)));
  const controller = own(
    new SessionController({
      startThread: ({ watches }) => (watches === undefined ? sessionThread(dist) : watchThread(watches)),
      log: (level, text) => log[level](text),
      now: () => Date.now(),
    }),
  );
  running = controller;
  const configuration = new Configuration(environment);
  const files = new TargetsFiles(configuration);
  const messenger = new Messenger(log);
  const memory = context.workspaceState;
  const standalone = own(new StandaloneSimulator(dist, configuration, context.globalState));
  const starter = new Starter({ controller, configuration, files, simulator, messenger, log, memory });
  const interrupted = own(new Interrupted({ controller, configuration, starter, memory, log }));
  const anchors = own(
    new Anchors({
      extensionUri: context.extensionUri,
      distFolder: dist,
      controller,
      starter,
      configuration,
      simulator,
      messenger,
      log,
      memory,
    }),
  );
  const served = own(serving({ context, controller, configuration, starter, messenger, log }));
  const fillsFiles = new FillsFiles(
    () => {
      const folder = starter.folder ?? vscode.workspace.workspaceFolders?.[0];
      return folder === undefined ? [] : starter.stateFolders(folder.uri);
    },
    () => (controller.snapshot === null ? '' : `${controller.snapshot.mode} ${controller.snapshot.accountTail}`),
  );
  const fillsPanel = own(new FillsPanel(context.extensionUri, memory, fillsFiles, controller));
  const fills = own(new FillsOutput(fillsFiles, file => fillsPanel.open(file)));
  const openDashboard = (symbol?: string) => dashboard.open(symbol);
  const previewChanges = () => previews.preview();
  own(
    new Commands({
      previewChanges,
      controller,
      starter,
      interrupted,
      files,
      configuration,
      simulator,
      standalone,
      log,
      openDashboard,
      served,
      reviewFills: (file, symbol) => fills.review(file, symbol),
      openFills: file => fillsPanel.open(file),
      showLauncher: () => launcher.show(),
      beginDay: () => day.begin(),
      endDay: () => day.end(),
      importPythonBot: () => pythonBot.run(),
      selectedRow: () => tree.selected,
      anchors: date => anchors.run(date),
    }),
  );
  const dashboard = own(
    new Dashboard({
      extensionUri: context.extensionUri,
      controller,
      writeOverride: (symbol, side) => writeAndDrop(controller, symbol, side),
      idleText: () => idleTargets.text,
    }),
  );
  const idleTargets = own(new IdleTargets(files, () => dashboard.idleChanged()));
  const keys = own(new ContextKeys(controller, standalone, files, served));
  const manifest: unknown = context.extension.packageJSON;
  const launcher = new Launcher({ manifest, context: () => keys.context, files, starter, configuration });
  const review = (file: string) => fills.review(file, null);
  const morning = () => anchors.runToday();
  const day = new DayRoutine({
    controller,
    starter,
    files,
    messenger,
    anchors: morning,
    openDashboard,
    reviewFills: review,
  });
  const pythonBot = own(new PythonBotImport(process.env, messenger));
  own(new SessionNotices(controller, messenger, log, configuration));
  const statusBar = own(new StatusBar(controller, interrupted));
  const tree = own(new SessionTree(controller));
  const priceFiles = (uri: vscode.Uri) => starter.priceFiles(uri);
  const knowledge = own(new TargetsKnowledge(controller, configuration, files, memory, priceFiles));
  const previews = own(new ChangePreviews(files, knowledge, configuration, controller));
  own(new Diagnostics(files, knowledge));
  own(new TargetsLanguage(files, knowledge));
  const lineEnds = own(new LineEndDecorations(files, knowledge, controller, configuration));
  const hover = new TargetsHover(files, configuration, controller, priceFiles, () => keys.hovered());
  own(vscode.languages.registerHoverProvider({ language: LANGUAGE }, hover));
  log.info('Ready.');
  interrupted.look().catch((error: unknown) => log.error(String(error)));
  return {
    state: () => controller.state,
    snapshot: () => controller.snapshot,
    onSnapshot: controller.onSnapshot,
    onState: controller.onState,
    tree,
    statusText: () => statusBar.shown.text,
    reviewText: () => fills.text,
    lineEnds: uri => lineEnds.shown(uri),
    previewText: () => previews.text,
    importText: () => pythonBot.text,
    lookForInterrupted: () => interrupted.look(),
    anchorsReport: () => anchors.report,
    servedUrl: () => served.url,
    fillsView: () => fillsPanel.view,
  };
}

/** VS Code waits about five seconds for this and may not wait at all. */
export function deactivate(): Promise<void> | undefined {
  return running?.stop({ suspended: true });
}
