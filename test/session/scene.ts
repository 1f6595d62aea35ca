/**
 * A session on the scripted broker in a folder of its own, and the shortest market that makes it buy: a median of 100, a price
 * below the first rungs, and volume that jumps. Nothing here asserts anything.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { FromSession, SessionConfig } from '../../src/shared/protocol';
import { Session } from '../../src/session/session';
import type { SessionParts } from '../../src/session/sessionParts';
import { at, FakeBroker } from './fakeBroker';

export const TARGETS = '@config risky=0.6 safe=0.4 equity=150000\nAVAV class=risky buy=0.60 sell=0.60\n';

/** Of a session on a simulated gateway on this machine, in a folder with its targets.txt. */
export const simulatorConfig = (folder: string, port: number, clientId: number): SessionConfig => ({
  broker: 'simulator',
  host: '127.0.0.1',
  port,
  clientId,
  targetsFile: path.join(folder, 'targets.txt'),
  folder,
  settings: {},
  budget: { equity: 150_000, risky: 0.6, safe: 0.4 },
});

let n = 0;

export class Scene {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-session-'));
  readonly targetsFile = path.join(this.folder, 'targets.txt');
  readonly broker = new FakeBroker();
  readonly heard: FromSession[] = [];
  session: Session;
  /** The parts and the config of the next session. */
  parts: Partial<SessionParts> = {};
  // Tests of one run must not meet each other at the owner's endpoint.
  config: Partial<SessionConfig> = { port: 20_000 + (process.pid % 20_000) + ++n };

  constructor(targets = TARGETS) {
    fs.writeFileSync(this.targetsFile, targets);
    this.session = this.make();
  }

  make(): Session {
    const config: SessionConfig = {
      ...simulatorConfig(this.folder, 4002, 21),
      settings: { 'volatility.minimum': 2 },
      ...this.config,
    };
    const { createPort } = this.broker;
    this.session = new Session(config, { createPort, emit: m => this.heard.push(m), pause: () => 1, ...this.parts });
    return this.session;
  }

  /** Started, reconciled and subscribed. */
  async begin(): Promise<void> {
    this.session.start();
    await this.when(() => this.broker.log.includes('subscribe AVAV') || this.endText !== null);
  }

  /** A later session on the same files, as after a crash. */
  async restart(): Promise<void> {
    this.make();
    this.broker.log.length = 0;
    this.heard.length = 0;
    await this.begin();
  }

  /** Contract, data type, download and enough of the market for a buy of rung 1. */
  makeReady(symbol = 'AVAV'): void {
    const { broker } = this;
    broker.hear({ t: 0, type: 'contract', symbol, ticks: [[0, 0.0001], [1, 0.01]], hours: [[at('09:30'), at('16:00')]] }); // prettier-ignore
    broker.hear({ t: 0, type: 'dataType', symbol, value: 1 });
    broker.hear({ t: 0, type: 'download', symbol, state: 'started' });
    for (let minute = 0; minute < 10; minute++) {
      const start = at('09:10') + minute * 60_000;
      broker.hear({ t: 0, type: 'bar', symbol, start, open: 100, high: 100, low: 100, close: 100, volume: 10 });
    }
    broker.hear({ t: 0, type: 'download', symbol, state: 'finished' });
  }

  /** From 09:30: seconds of small volume, then a jump at a price below the first rung. */
  makeBuy(symbol = 'AVAV', price = 98.5): void {
    const { broker } = this;
    broker.until(Math.max(broker.t, at('09:30')) + 1000);
    let volume = 1000;
    for (let second = 0; second < 8; second++) {
      volume += 100 + (second % 2) * 20;
      broker.tick(symbol, { bid: 99.99, ask: 100.01, last: 100, volume });
      broker.until(broker.t + 1000);
    }
    broker.tick(symbol, { bid: price - 0.01, ask: price + 0.01, last: price, volume: volume + 5000 });
    broker.until(broker.t + 2000);
  }

  get endText(): string | null {
    const ended = this.heard.find(message => message.type === 'ended');
    return ended?.type === 'ended' ? ended.text : null;
  }

  notices(code: string): number {
    return this.heard.filter(message => message.type === 'notice' && message.notice.code === code).length;
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), 'utf8');
  }

  /** Rows in fills_live.csv: they follow once the disk has their journal entry. */
  nRows(): number {
    const file = path.join(this.folder, 'fills_live.csv');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').length - 1 : 0;
  }

  journalFile(): string {
    const folder = path.join(this.folder, '.dronebot', this.broker.account, 'journal');
    const [file] = fs.readdirSync(folder);
    return path.join(folder, file!);
  }

  journal(): Record<string, unknown>[] {
    const lines = fs.readFileSync(this.journalFile(), 'utf8').trim().split('\n');
    return lines.map(line => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits for something that a promise or a short timer brings about; no fixed sleeps. */
  async when(happened: () => boolean, withinMs = 5000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!happened()) {
      if (Date.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${happened.toString()}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    await this.session.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
