/**
 * The built-in gateway simulator, kept running between sessions: a stopped and started bot finds its account, positions and
 * day again, as it would with TWS. A simulator with other settings is a new account, and the old one's files are put aside.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { SimulatorOptions } from '../gateway/worker';
import { makeFolder } from '../session/folders';
import type { Disposable } from './emitter';
import type { Continued } from './simulatorState';
import { launchGateway, type GatewayThread } from './gatewayThread';

export interface Simulator {
  readonly host: string;
  readonly port: number;
}

export interface SimulatorSettings {
  readonly seed: number;
  readonly speed: number;
  readonly date: string;
  readonly startTime: string;
  readonly clientId: number;
}

const HOST = '127.0.0.1';
const IN_USE_MS = 5000;
const SIM_FOLDER = 'sim';
const EARLIER_FOLDER = 'sim-earlier';

export class SimulatorHost implements Disposable {
  private running: { worker: Worker; key: string; simulator: Simulator } | null = null;

  constructor(
    private readonly distFolder: string,
    private readonly log: (text: string) => void,
  ) {}

  /** The one that runs, or a new one with its files' folder emptied for it. */
  async ensure(settings: SimulatorSettings, hiddenFolder: string): Promise<Simulator> {
    const key = JSON.stringify([settings, hiddenFolder]);
    if (this.running?.key === key) return this.running.simulator;
    this.dispose();
    refuseIfInUse(hiddenFolder);
    putAside(hiddenFolder);
    fs.writeFileSync(ownerFile(hiddenFolder), `${process.pid}\n`);
    return this.keep(key, await this.launch(settings));
  }

  private keep(key: string, { worker, port }: GatewayThread): Simulator {
    const simulator = { host: HOST, port };
    this.running = { worker, key, simulator };
    worker.on('exit', () => {
      if (this.running?.worker === worker) this.running = null;
    });
    return simulator;
  }

  /** Takes the account of a simulator that ended with its window over: its files stay where they are. */
  async continue(settings: SimulatorSettings, hiddenFolder: string, continued: Continued): Promise<Simulator> {
    const key = JSON.stringify([settings, hiddenFolder]);
    if (this.running?.key === key) return this.running.simulator;
    this.dispose();
    refuseIfInUse(hiddenFolder);
    fs.writeFileSync(ownerFile(hiddenFolder), `${process.pid}\n`);
    return this.keep(key, await this.launch(settings, continued));
  }

  /**
   * For a report: the one that runs, else one for as long as it is borrowed. That has the same market and touches no files,
   * so that a look at yesterday does not put a session's files aside.
   */
  async borrow(settings: SimulatorSettings): Promise<{ simulator: Simulator; release(): void }> {
    if (this.running !== null) return { simulator: this.running.simulator, release: () => undefined };
    const { worker, port } = await this.launch(settings);
    return { simulator: { host: HOST, port }, release: () => void worker.terminate() };
  }

  dispose(): void {
    void this.running?.worker.terminate();
    this.running = null;
  }

  private launch({ clientId, ...settings }: SimulatorSettings, continued?: Continued): Promise<GatewayThread> {
    const options: SimulatorOptions = { ...settings, host: HOST, port: 0, lockstepClientId: clientId, ...continued };
    return launchGateway(this.distFolder, options, this.log);
  }
}

/** Where the simulator's sessions write. */
export const simulatorFolder = (hiddenFolder: string): string => path.join(hiddenFolder, SIM_FOLDER);

const ownerFile = (hiddenFolder: string): string => path.join(simulatorFolder(hiddenFolder), 'window.pid');

/** Another window's running session writes its snapshot every second: its files must not be moved away under it. */
function refuseIfInUse(hiddenFolder: string): void {
  const owner = Number(readIfThere(ownerFile(hiddenFolder)));
  if (!(owner > 0) || owner === process.pid || !isAlive(owner)) return;
  const snapshot = fs.statSync(path.join(simulatorFolder(hiddenFolder), 'dashboard_snapshot.json'), {
    throwIfNoEntry: false,
  });
  if (snapshot === undefined || Date.now() - snapshot.mtimeMs > IN_USE_MS) return;
  throw new Error(`another window runs it on this folder (process ${owner}); stop the session there first`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A new simulator knows nothing of what the last one's account held, so its files must not be read as this one's. */
function putAside(hiddenFolder: string): void {
  makeFolder(hiddenFolder);
  const ignore = path.join(hiddenFolder, '.gitignore');
  if (!fs.existsSync(ignore)) fs.writeFileSync(ignore, '*\n');
  const current = simulatorFolder(hiddenFolder);
  if (fs.existsSync(current)) {
    const earlier = path.join(hiddenFolder, EARLIER_FOLDER);
    makeFolder(earlier);
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    fs.renameSync(current, path.join(earlier, stamp));
  }
  makeFolder(current);
}
