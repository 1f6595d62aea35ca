/**
 * What has to be true before a session may run: targets that can be read, an account somebody agreed to, files that belong to
 * it, a journal that can be trusted. Each check says what was found and what was expected; the session ends when one fails.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { endpointText, type Endpoint } from '../broker/endpoint';
import type { BrokerConfig, Connected } from '../broker/port';
import type { SessionConfig } from '../shared/protocol';
import { isoNewYork } from '../strategy/exchangeTime';
import { readSettings, type Settings } from '../strategy/settings';
import { findingText } from '../targets/messages';
import { startTargets, type TargetsInForce } from '../targets/resolve';
import { makeFolder } from './folders';
import { JournalRefused, readJournal, type JournalRefusal, type ReadJournal } from './journal';
import { ownAccount, ownerName, type OnWatcher, type Owner, type OwnerTaken } from './owner';
import { pathsOf, reasonOf, type Paths } from './paths';
import type { SessionFacts } from './userPlace';
import { readText } from './watchFile';

/** A start that asks, or cannot go on. The text is a whole sentence. */
export class Refused extends Error {
  constructor(
    readonly code: RefusalCode,
    text: string,
    readonly data: Record<string, string | number> = {},
  ) {
    super(text);
    this.name = 'Refused';
  }
}

export type RefusalCode =
  | 'targetsMissing'
  | 'targetsConfig'
  | 'liveConsent'
  | 'equityOverNetLiquidation'
  | 'filesOfAnotherAccount'
  | 'journalRefused'
  | 'ownerTaken'
  | 'noFolder';

/** What a person set, over the defaults; a value outside its range is said and does not count. */
export function settingsOf(config: SessionConfig, say: (text: string) => void): Settings {
  const { settings, problems } = readSettings(config.settings);
  for (const { key, expected, found } of problems)
    say(`Setting ${key} must be ${expected}, found ${JSON.stringify(found)}; the default counts`);
  return settings;
}

const CONNECT_TIMEOUT_MS = 10_000;

export function brokerConfig(config: SessionConfig, endpoint: Endpoint, settings: Settings): BrokerConfig {
  const { broker, clientId, account } = config;
  return {
    ...endpoint,
    clientId,
    clock: broker === 'simulator' ? 'gateway' : 'system',
    ...(account === undefined ? {} : { account }),
    liveBarSymbols: settings['data.liveBarSymbols'],
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  };
}

export interface StartTargets {
  text: string;
  targets: TargetsInForce;
}

export function readStartTargets(config: SessionConfig): StartTargets {
  const text = readText(config.targetsFile);
  const file = path.basename(config.targetsFile);
  if (text === null) {
    throw new Refused('targetsMissing', `There is no ${file}, so nothing trades. It lists the symbols, one a line.`, {
      file: config.targetsFile,
    });
  }
  const start = startTargets(text, config.budget);
  if (start.ok) return { text, targets: start.value };
  const finding = start.findings.find(each => each.severity === 'error');
  const reason = finding === undefined ? 'it cannot be read' : findingText(finding);
  throw new Refused('targetsConfig', `${file} has an invalid @config, so Dronebot did not start: ${reason}.`, {
    file: config.targetsFile,
    line: finding?.line ?? 0,
  });
}

/** Everything about the account; what is read on the way is handed back. */
export function checkStart(
  config: SessionConfig,
  connected: Connected,
  equity: number,
  netLiquidation: string | undefined,
): { paths: Paths; state: ReadJournal } {
  checkConsent(config, connected, netLiquidation);
  checkEquity(config, connected, equity, netLiquidation);
  const paths = pathsOf(config.folder, config.stateFolder ?? config.folder, connected.account);
  const reason = folderProblem(config.folder);
  if (reason !== null && fs.existsSync(config.folder)) {
    throw new Refused('noFolder', `${config.folder} is no folder, so nothing can be written.`, {
      folder: config.folder,
    });
  }
  checkFillsOwner(paths, connected);
  return { paths, state: readState(paths, connected) };
}

export function own({ host, port }: Endpoint, connected: Connected, onWatcher: OnWatcher): Promise<Owner> {
  return ownAccount(ownerName(host, port, connected.account), isoNewYork(connected.time), undefined, onWatcher);
}

export function factsOf(config: SessionConfig, { host, port }: Endpoint, connected: Connected): SessionFacts {
  const { account, mode } = connected;
  return {
    owner: ownerName(host, port, account),
    account,
    mode,
    pid: process.pid,
    since: isoNewYork(connected.time),
    endpoint: endpointText({ host, port }),
    folder: path.resolve(config.folder),
  };
}

export function ownerRefusal({ owner }: OwnerTaken): Refused {
  const since = owner?.since ?? '';
  const pid = owner?.pid ?? 0;
  const facts = [since === '' ? '' : `since ${since}`, pid === 0 ? '' : `process ${pid}`].filter(Boolean).join(', ');
  const text = `Another session already trades this account${facts === '' ? '' : ` (${facts})`}. Stop it first.`;
  return new Refused('ownerTaken', text, { pid, since });
}

/** Live money needs a yes that names the account; what it holds is said with the question, where the broker tells. */
function checkConsent(config: SessionConfig, connected: Connected, netLiquidation?: string): void {
  if (connected.mode !== 'LIVE' || config.liveConsent === connected.account) return;
  throw new Refused('liveConsent', `${tailOf(connected.account)} is a LIVE account. Starting on it needs a yes.`, {
    account: connected.account,
    ...(netLiquidation === undefined ? {} : { netLiquidation: Number(netLiquidation) }),
  });
}

function checkEquity(config: SessionConfig, connected: Connected, equity: number, netLiquidation?: string): void {
  if (connected.mode !== 'LIVE' || config.keepEquity === true || netLiquidation === undefined) return;
  if (!(equity > Number(netLiquidation))) return;
  throw new Refused(
    'equityOverNetLiquidation',
    `Equity is set to ${equity} USD; the account has ${netLiquidation} USD. Budgets would be larger than the account.`,
    { equity, netLiquidation: Number(netLiquidation), account: connected.account },
  );
}

/** Rows of one account never follow those of another. The earlier bot's file, which names nobody, is taken as it is. */
function checkFillsOwner(paths: Paths, connected: Connected): void {
  const size = fs.statSync(paths.fills, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const owner = readOwner(paths.fillsOwner);
  if (owner === connected.account || (owner === null && connected.mode !== 'SIM')) return;
  const whose = owner === null ? 'nobody the simulator knows' : tailOf(owner);
  throw new Refused(
    'filesOfAnotherAccount',
    `fills_live.csv belongs to ${whose}, this is ${tailOf(connected.account)}. Archive the file, then start again.`,
    { file: paths.fills, account: owner ?? '' },
  );
}

export function writeFillsOwner(paths: Paths, account: string): void {
  if (readOwner(paths.fillsOwner) === account) return;
  fs.writeFileSync(paths.fillsOwner, `${JSON.stringify({ account })}\n`);
}

function readState(paths: Paths, connected: Connected): ReadJournal {
  try {
    return readJournal(paths.journal, { broker: brokerOf(connected), account: connected.account });
  } catch (error) {
    if (!(error instanceof JournalRefused)) throw error;
    throw new Refused('journalRefused', refusalText(error.refusal), { file: error.refusal.file });
  }
}

export const brokerOf = (connected: Connected): string => (connected.mode === 'SIM' ? 'simulator' : 'ib');

/** The account's number is never shown whole. */
export const tailOf = (account: string): string => `\u00b7\u00b7\u00b7${account.slice(-4)}`;

export function readOwner(file: string): string | null {
  const text = readText(file);
  if (text === null) return null;
  try {
    const { account } = JSON.parse(text) as { account?: unknown };
    return typeof account === 'string' ? account : null;
  } catch {
    return null;
  }
}

function refusalText(refusal: JournalRefusal): string {
  const file = path.basename(refusal.file);
  switch (refusal.code) {
    case 'otherAccount':
      return `The journal ${file} belongs to ${tailOf(refusal.found)}, so Dronebot did not start. Move it away, then start again.`;
    case 'otherFormat':
      return `The journal ${file} has format ${refusal.found}, which this version does not read, so Dronebot did not start.`;
    case 'broken':
      return `The journal ${file} cannot be read from line ${refusal.line} on, so Dronebot did not start: what it holds decides what may be sold. Repair or move the file, then start again.`;
    case 'unreadable':
      return `The journal ${file} cannot be read (${refusal.reason}), so Dronebot did not start.`;
  }
}

/** Makes the folder; the reason when it cannot be written. */
function folderProblem(folder: string): string | null {
  try {
    makeFolder(folder);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}
