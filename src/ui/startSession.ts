/**
 * `Dronebot: Start Live` from the first check to the first trade: folder, trust, targets file, gateway, then the session with
 * its progress, and a question where money asks for one. What stands in the way is said with the next step. It starts; what
 * is traded is the session's.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { endpointText } from '../broker/endpoint';
import { archiveMessage } from '../reports/archiveText';
import { count, dollars } from '../reports/format';
import type { Button, Message } from '../reports/message';
import { liveQuestion } from '../reports/liveQuestion';
import { problemMessage } from '../reports/problemText';
import { phaseSentence } from '../reports/statusText';
import { archiveDay } from '../session/archive';
import { userFolder } from '../session/userPlace';
import type { SessionConfig } from '../shared/protocol';
import { findingText } from '../targets/messages';
import type { Configuration } from './configuration';
import type { Messenger } from './messenger';
import { reply } from './reply';
import type { SessionController, StartOutcome } from './sessionController';
import { sessionsElsewhere } from './otherWindows';
import { simulatorFolder, type SimulatorHost } from './simulator';
import type { Continued } from './simulatorState';
import { exists, type Checked, type TargetsFiles } from './targetsFiles';

export type BrokerKind = 'simulator' | 'ib';

type Refused = Extract<StartOutcome, { type: 'refused' }>;
/** What to start with after an answer; null ends the start. */
type Kept = Promise<SessionConfig | null>;

/** What a session that goes on brings with it. */
export interface Resumed extends Pick<
  SessionConfig,
  'account' | 'liveConsent' | 'keepEquity' | 'protectOnly' | 'keepTrying'
> {
  folder: vscode.WorkspaceFolder;
  /** The simulated account as it was. */
  continues?: Continued;
}

export class Starter {
  /** The folder of the session that runs or ran last. */
  folder: vscode.WorkspaceFolder | null = null;

  constructor(
    private readonly parts: {
      controller: SessionController;
      configuration: Configuration;
      files: TargetsFiles;
      simulator: SimulatorHost;
      messenger: Messenger;
      log: vscode.LogOutputChannel;
      memory: vscode.Memento;
    },
  ) {}

  async start(broker: BrokerKind = this.parts.configuration.broker, resumed?: Resumed): Promise<void> {
    const { controller } = this.parts;
    if (controller.isRunning) {
      return this.tell('info', 'A session is already running.', ['Show dashboard', 'dronebot.openDashboard']);
    }
    const folder = resumed?.folder ?? (await this.findFolder());
    if (folder === null) return;
    const checked = await this.readTargets(folder);
    if (checked === null) return;
    this.folder = folder;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Dronebot', cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => void controller.stop());
        const listener = controller.onSnapshot(({ phase, phaseText }) =>
          progress.report({ message: phaseSentence(phase, phaseText) }),
        );
        try {
          await this.run(folder, checked, { broker, resumed }, progress, token);
        } finally {
          listener.dispose();
        }
      },
    );
  }

  /** Where fills and snapshots of a folder may lie, the simulator's first while it is the broker. */
  stateFolders(uri: vscode.Uri): string[] {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder?.uri.scheme !== 'file') return [];
    const folders = [simulatorFolder(hiddenFolder(folder)), folder.uri.fsPath];
    return this.parts.configuration.broker === 'simulator' ? folders : folders.reverse();
  }

  /**
   * Files with the last known prices of the broker that is set: what its last session showed, what the anchors said. Another
   * broker's do not count: the simulator's prices are made up.
   */
  priceFiles(uri: vscode.Uri): string[] {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    const [own] = this.stateFolders(uri);
    if (folder === undefined || own === undefined) return [];
    return [path.join(own, 'dashboard_snapshot.json'), anchorsFile(folder, this.parts.configuration.broker)];
  }

  private async run(
    folder: vscode.WorkspaceFolder,
    checked: Checked,
    { broker, resumed }: { broker: BrokerKind; resumed: Resumed | undefined },
    progress: vscode.Progress<{ message: string }>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { controller, log } = this.parts;
    let config = await this.config(folder, { broker, resumed }, progress);
    while (config !== null && !token.isCancellationRequested) {
      progress.report({ message: `Connecting to ${endpointText(config)}` });
      log.info(
        `Starting on ${broker === 'simulator' ? 'the simulator' : 'IB'} at ${endpointText(config)}, client id ${config.clientId}`,
      );
      const outcome = await controller.start(config);
      if (outcome.type === 'trading' || outcome.type === 'cancelled') return;
      const goesOn = outcome.type === 'problem' && config.keepTrying === true;
      // A session that could not start must not go on trying behind the message that says so; one that resumes has to.
      if (!goesOn) await controller.stop();
      config = await this.resolve(outcome, config, checked);
    }
  }

  private async config(
    folder: vscode.WorkspaceFolder,
    { broker, resumed }: { broker: BrokerKind; resumed: Resumed | undefined },
    progress: vscode.Progress<{ message: string }>,
  ): Promise<SessionConfig | null> {
    const { folder: _folder, continues, ...kept } = resumed ?? {};
    const { configuration, simulator, files } = this.parts;
    const endpoint = configuration.endpoint();
    if (!endpoint.ok) {
      this.tell('error', endpoint.text, ['Open settings', 'dronebot.openSettings']);
      return null;
    }
    const { account } = configuration;
    const base = {
      broker,
      clientId: endpoint.value.clientId,
      targetsFile: files.uriOf(folder).fsPath,
      settings: configuration.settings(folder.uri),
      budget: configuration.budget(folder.uri),
      userFolder: userFolder(),
    };
    const hidden = hiddenFolder(folder);
    const state = broker === 'ib' ? folder.uri.fsPath : simulatorFolder(hidden);
    const at = endpointText(endpoint.value);
    const [other] = await sessionsElsewhere(
      facts => facts.folder === path.resolve(state) || (broker === 'ib' && facts.endpoint === at),
    );
    if (other !== undefined) {
      this.tell(
        'info',
        `Another window runs a session on ${other.mode} ···${other.account.slice(-4)}. This window watches it; what you do here is done there.`,
        ['Show dashboard', 'dronebot.openDashboard'],
      );
      return { ...base, ...endpoint.value, folder: other.folder, watches: other.owner };
    }
    if (broker === 'ib') {
      const chosen = account === '' ? {} : { account };
      return { ...base, ...endpoint.value, ...chosen, folder: folder.uri.fsPath, ...kept };
    }
    progress.report({ message: 'Starting the simulator' });
    try {
      const settings = configuration.simulator(endpoint.value.clientId);
      const { host, port } = await (continues === undefined
        ? simulator.ensure(settings, hidden)
        : simulator.continue(settings, hidden, continues));
      return { ...base, host, port, folder: simulatorFolder(hidden), ...kept };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.tell(
        'error',
        `The simulator did not start: ${text}.`,
        ['Open settings', 'dronebot.openSettings'],
        ['Show log', 'dronebot.showLog'],
      );
      return null;
    }
  }

  /** What to start with after a person has answered; null ends the start. */
  private async resolve(outcome: StartOutcome, config: SessionConfig, checked: Checked): Kept {
    switch (outcome.type) {
      case 'problem':
        this.parts.messenger.tell(problemMessage(outcome.problem, { t: Date.now(), positions: 0 }));
        return null;
      case 'refused':
        return this.answer(outcome, config, checked);
      case 'failed':
        this.tell(
          'error',
          `Dronebot did not start: ${outcome.text}`,
          ['Show log', 'dronebot.showLog'],
          ['Try again', 'dronebot.start'],
        );
        return null;
      default:
        return null;
    }
  }

  private async answer({ code, text, data }: Refused, config: SessionConfig, checked: Checked): Kept {
    switch (code) {
      case 'liveConsent':
        return this.askForLive(data, config, checked);
      case 'equityOverNetLiquidation':
        return this.askForEquity(Number(data.equity), Number(data.netLiquidation), config, checked);
      case 'filesOfAnotherAccount': {
        const archive = 'Archive it and start';
        if ((await vscode.window.showWarningMessage(text, { modal: true }, archive)) !== archive) return null;
        const outcome = archiveDay(config.folder, config.targetsFile, Date.now());
        this.parts.messenger.tell(archiveMessage(outcome));
        const isThere = fs.existsSync(path.join(config.folder, 'fills_live.csv'));
        if (isThere) return null;
        return config;
      }
      case 'targetsConfig':
        this.tell('error', text, [`Open line ${Number(data.line) + 1}`, 'dronebot.openTargets', Number(data.line)]);
        return null;
      default:
        this.tell('error', text, ['Show log', 'dronebot.showLog']);
        return null;
    }
  }

  private async askForLive(data: Refused['data'], config: SessionConfig, { targets, budget }: Checked): Kept {
    const { netLiquidation } = data;
    const account = String(data.account);
    const typed = await vscode.window.showInputBox({
      ...liveQuestion({
        account,
        nSymbols: targets.length,
        most: budget.equity * this.parts.configuration.checkedSettings()['sizing.utilization'],
        netLiquidation: typeof netLiquidation === 'number' ? netLiquidation : null,
      }),
      ignoreFocusOut: true,
      validateInput: value => (value.trim() === account ? undefined : `Type ${account} in full, or press Escape`),
    });
    return typed?.trim() === account ? { ...config, liveConsent: account } : null;
  }

  private async askForEquity(equity: number, netLiquidation: number, config: SessionConfig, checked: Checked): Kept {
    const more = Math.round((equity / netLiquidation - 1) * 100);
    const keep = `Keep ${dollars(equity)}`;
    const isInFile = checked.checked.config.written.equity !== undefined;
    const use = isInFile ? 'Open targets.txt' : `Use ${dollars(netLiquidation)}`;
    const answer = await vscode.window.showWarningMessage(
      `Equity is set to ${dollars(equity)}; LIVE account ···${(config.liveConsent ?? '').slice(-4)} has ${dollars(netLiquidation)}. ` +
        `Budgets would be ${more}% larger than the account.`,
      { modal: true },
      use,
      keep,
    );
    if (answer === keep) return { ...config, keepEquity: true };
    if (answer === use && !isInFile) return { ...config, budget: { ...config.budget, equity: netLiquidation } };
    if (answer === use) void vscode.commands.executeCommand('dronebot.openTargets', 0);
    return null;
  }

  /** The folder that is traded; null after saying why there is none. */
  async findFolder(): Promise<vscode.WorkspaceFolder | null> {
    const { memory } = this.parts;
    if (!vscode.workspace.isTrusted) {
      this.tell('warning', 'This folder is in Restricted Mode. targets.txt is checked and explained; nothing trades.', [
        'Manage trust',
        'workbench.trust.manage',
      ]);
      return null;
    }
    const all = vscode.workspace.workspaceFolders ?? [];
    const onDisk = all.filter(folder => folder.uri.scheme === 'file');
    if (onDisk.length === 0) {
      if (all.length > 0) {
        this.tell(
          'error',
          'This folder is not on a disk that Dronebot can write to, so it cannot keep its journal and nothing trades. Open a local folder.',
          ['Open folder', 'vscode.openFolder'],
        );
      } else {
        this.tell(
          'error',
          'No folder is open. Dronebot keeps its files beside targets.txt: open a folder with one, or make one.',
          ['Open folder', 'vscode.openFolder'],
          ['Create the sample', 'dronebot.createTargets'],
        );
      }
      return null;
    }
    const withFile = await this.withTargets(onDisk);
    if (withFile.length <= 1) return withFile[0] ?? onDisk[0] ?? null;
    const remembered = memory.get<string>('dronebot.folder');
    return withFile.find(folder => folder.uri.toString() === remembered) ?? this.askForFolder(withFile);
  }

  /** Which of several folders is traded is asked once and remembered; this asks again. */
  async chooseFolder(): Promise<void> {
    if (this.parts.controller.isRunning) return reply('A session is running: stop it, then choose another folder');
    const withFile = await this.withTargets(vscode.workspace.workspaceFolders ?? []);
    if (withFile.length <= 1) return reply('Only one open folder has a targets file, so there is nothing to choose');
    const folder = await this.askForFolder(withFile);
    if (folder !== null) reply(`${folder.name} is traded from now on`);
  }

  private async withTargets(folders: readonly vscode.WorkspaceFolder[]): Promise<vscode.WorkspaceFolder[]> {
    const { files } = this.parts;
    const found = await Promise.all(folders.map(folder => exists(files.uriOf(folder))));
    return folders.filter(({ uri }, index) => uri.scheme === 'file' && found[index] === true);
  }

  private async askForFolder(folders: readonly vscode.WorkspaceFolder[]): Promise<vscode.WorkspaceFolder | null> {
    const { files, memory } = this.parts;
    const picked = await vscode.window.showQuickPick(
      folders.map(folder => ({ label: folder.name, description: files.uriOf(folder).fsPath, folder })),
      { placeHolder: 'Several folders have a targets file. Which one is traded?' },
    );
    if (picked === undefined) return null;
    await memory.update('dronebot.folder', picked.folder.uri.toString());
    return picked.folder;
  }

  /** Its targets, judged; null after saying what is wrong. */
  async readTargets(folder: vscode.WorkspaceFolder): Promise<Checked | null> {
    const uri = this.parts.files.uriOf(folder);
    const name = path.basename(uri.fsPath);
    if (!(await exists(uri))) {
      this.tell(
        'error',
        `There is no ${name} in ${folder.name}, so nothing trades. It lists the symbols, one a line.`,
        ['Create the sample', 'dronebot.createTargets'],
        ['Open settings', 'dronebot.openSettings'],
      );
      return null;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.isDirty) await document.save();
    const checked = this.parts.files.check(document);
    const { config, symbols } = checked.checked;
    const [bad] = config.findings;
    if (!config.isValid && bad !== undefined) {
      this.tell('error', `${name} has an invalid @config, so Dronebot did not start: ${findingText(bad)}.`, [
        `Open line ${bad.line + 1}`,
        'dronebot.openTargets',
        bad.line,
      ]);
      return null;
    }
    if (checked.targets.length === 0) {
      const text =
        symbols.length === 0
          ? `${name} lists no symbols, so nothing would trade. Add one a line, such as RCAT class=risky buy=0.60 sell=0.60.`
          : `No line of ${name} is accepted, so nothing would trade. The Problems view says why.`;
      this.tell('error', text, [`Open ${name}`, 'dronebot.openTargets', 0]);
      return null;
    }
    const skipped = symbols.filter(symbol => symbol.values === null).length;
    if (skipped > 0) {
      this.tell(
        'warning',
        `${count(skipped, 'line')} of ${name} ${skipped === 1 ? 'is' : 'are'} not accepted and not traded; the others are.`,
        ['Show problems', 'workbench.actions.view.problems'],
      );
    }
    return checked;
  }

  private tell(
    level: Message['level'],
    text: string,
    ...buttons: [title: string, command: string, arg?: number][]
  ): void {
    this.parts.messenger.tell({
      level,
      text,
      buttons: buttons.map(([title, command, arg]): Button => ({
        title,
        command,
        ...(arg === undefined ? {} : { args: [arg] }),
      })),
    });
  }
}

/** Where the newest anchors of a broker are kept: reports have no account, so they lie beside the accounts' folders. */
export const anchorsFile = (folder: vscode.WorkspaceFolder, broker: BrokerKind): string =>
  path.join(hiddenFolder(folder), `anchors.${broker}.json`);

export const hiddenFolder = (folder: vscode.WorkspaceFolder): string => path.join(folder.uri.fsPath, '.dronebot');
