/**
 * What a session keeps in the user's own storage, outside of any folder: that it runs, so that other windows and `npm run kill`
 * find it, and the kill switch as a file, an account each. Whoever creates that file throws the switch; it stays until a person
 * releases it in VS Code. Nothing here decides what a thrown switch means.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { reasonOf } from './paths';

/** A running session, as it says itself. */
export interface SessionFacts {
  /** Its endpoint's name: see owner.ts. */
  owner: string;
  account: string;
  mode: 'SIM' | 'PAPER' | 'LIVE';
  pid: number;
  /** ISO-8601. */
  since: string;
  /** `127.0.0.1:7497` */
  endpoint: string;
  /** The folder of its files. */
  folder: string;
}

/** How often the kill switch is looked for. */
const LOOK_MS = 250;

/** The same for every window and terminal of this person. */
export const userFolder = (): string => path.join(os.homedir(), '.dronebot');

/** Simulated accounts have the same name everywhere: theirs is told apart by the folder of the files. */
export function killFileOf(inFolder: string, account: string, filesFolder: string): string {
  const isSimulated = account.startsWith('SIM');
  const more = isSimulated
    ? `-${createHash('sha256').update(path.resolve(filesFolder)).digest('hex').slice(0, 8)}`
    : '';
  return path.join(inFolder, 'kill', account.replace(/[^A-Za-z0-9_-]/g, '_') + more);
}

/** Throws when it cannot be written: then the switch is not thrown. */
export function throwKillSwitch(file: string, who: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${new Date().toISOString()} ${who}\n`);
}

/** Sessions that say that they run; one that crashed may be among them. */
export function saidToRun(inFolder: string): SessionFacts[] {
  const folder = path.join(inFolder, 'sessions');
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch {
    return []; // Nobody has ever started one.
  }
  return names.filter(name => name.endsWith('.json')).flatMap(name => readFacts(path.join(folder, name)) ?? []);
}

export interface UserPlaceOptions {
  /** Null: nothing is kept. */
  folder: string | null;
  facts: SessionFacts;
  /** The switch was thrown by its file. */
  onKill(): void;
  log(level: 'warn', text: string): void;
}

export class UserPlace {
  private readonly killFile: string | null;
  private readonly factsFile: string | null;
  private timer: NodeJS.Timeout | null = null;
  private isThrown = false;

  constructor(private readonly options: UserPlaceOptions) {
    const { folder, facts } = options;
    this.killFile = folder === null ? null : killFileOf(folder, facts.account, facts.folder);
    this.factsFile = folder === null ? null : path.join(folder, 'sessions', `${facts.owner}.json`);
  }

  /** A switch that was thrown while nobody ran counts before anything else. */
  begin(): void {
    const { factsFile, options } = this;
    if (factsFile === null) return;
    try {
      fs.mkdirSync(path.dirname(factsFile), { recursive: true });
      fs.writeFileSync(factsFile, `${JSON.stringify(options.facts)}\n`);
    } catch (error) {
      options.log(
        'warn',
        `${factsFile} cannot be written (${reasonOf(error)}): other windows do not find this session`,
      );
    }
    this.look();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** Thrown by a command: the file makes that stand even if the journal were lost. */
  thrown(): void {
    const { killFile, options } = this;
    this.isThrown = true;
    if (killFile === null || fs.existsSync(killFile)) return;
    try {
      throwKillSwitch(killFile, `process ${options.facts.pid}`);
    } catch (error) {
      options.log('warn', `${killFile} cannot be written (${reasonOf(error)}); the journal has the kill switch`);
    }
  }

  /** Null, or why the switch cannot be released: its file would throw it again. */
  release(): string | null {
    try {
      if (this.killFile !== null) fs.rmSync(this.killFile, { force: true });
    } catch (error) {
      return `${this.killFile} cannot be removed: ${reasonOf(error)}`;
    }
    this.isThrown = false;
    return null;
  }

  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    if (this.factsFile !== null) fs.rmSync(this.factsFile, { force: true });
  }

  private look(): void {
    if (this.isThrown || this.killFile === null || !fs.existsSync(this.killFile)) return;
    this.isThrown = true;
    this.options.onKill();
  }
}

function readFacts(file: string): SessionFacts | null {
  try {
    const facts = JSON.parse(fs.readFileSync(file, 'utf8')) as SessionFacts;
    return typeof facts.account === 'string' && typeof facts.folder === 'string' ? facts : null;
  } catch {
    return null; // Being written just now, or torn by a crash.
  }
}
