/**
 * The computer on which sessions run one after the other: its processes die at any instruction and leave what the operating
 * system already had. It starts nothing by itself.
 */
import { Disk, type Writer } from './disk';
import { Endpoints } from './endpoints';
import type { Host } from './product';
import type { Planned, VirtualClock } from './virtualClock';

/** Thrown through the product's code where its process has died. */
export class Died extends Error {
  constructor() {
    super('the process is dead');
    this.name = 'Died';
  }
}

/** Runs something of the product's; its death in it is no error. */
export function survive(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  }
}

export class Process implements Writer {
  isAlive = true;
  readonly timers = new Set<Planned>();
  /** Deeds until death; Infinity = lives on. */
  private deedsLeft = Infinity;
  private losesPower = false;
  private deadlyFile: string | null = null;
  private keeps = 0;

  constructor(private readonly machine: Machine) {}

  /** Dies after so many further deeds (writes, messages sent). */
  dieAfter(deeds: number): void {
    this.deedsLeft = deeds;
  }

  /** Dies after so many further deeds, and the computer with it. */
  losePower(deeds: number): void {
    this.deedsLeft = deeds;
    this.losesPower = true;
  }

  /** Dies in the middle of the next write to a file whose name ends like this; `part` of it (0 to 1) is kept. */
  dieWriting(file: string, part: number): void {
    this.deadlyFile = file;
    this.keeps = part;
  }

  die(isPowerCut = false): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const timer of this.timers) timer.isCancelled = true;
    this.timers.clear();
    this.machine.endpoints.release(this);
    this.machine.onDeath(this, isPowerCut);
  }

  demandLife(): void {
    if (!this.isAlive) throw new Died();
  }

  /** Something that others see: false when the process dies before it. */
  deed(): boolean {
    this.demandLife();
    if (--this.deedsLeft > 0) return true;
    this.die(this.losesPower);
    return false;
  }

  bytesBeforeDeath(file: string, bytes: number): number {
    if (this.deadlyFile !== null && file.endsWith(this.deadlyFile)) {
      this.die();
      return Math.min(bytes - 1, Math.floor(bytes * this.keeps));
    }
    return this.deed() ? bytes : 0;
  }
}

export class Machine {
  readonly disk: Disk;
  readonly endpoints = new Endpoints();
  current: Process | null = null;
  onDeath: (process: Process, isPowerCut: boolean) => void = () => undefined;

  constructor(readonly clock: VirtualClock) {
    this.disk = new Disk({ now: () => clock.now, later: (ms, run) => void clock.after(ms, () => survive(run)) });
  }

  start(): Process {
    const process = new Process(this);
    this.current = process;
    this.disk.writer = process;
    this.endpoints.owner = process;
    return process;
  }

  clearTimer(timer: unknown): void {
    const { planned } = (timer ?? {}) as { planned?: Planned };
    if (planned === undefined) return;
    planned.isCancelled = true;
    this.current?.timers.delete(planned);
  }

  setTimer(run: () => void, ms: number, isRepeated: boolean): object {
    const { clock, current: process } = this;
    const timer = { planned: null as Planned | null, unref: () => timer, ref: () => timer };
    const plan = (): void => {
      const planned = clock.after(Math.max(1, ms), () => {
        process?.timers.delete(planned);
        // Before the run, which may clear it.
        if (isRepeated) plan();
        survive(run);
        if (!isRepeated) clock.hasPromises = true;
      });
      timer.planned = planned;
      process?.timers.add(planned);
    };
    if (process === null || !process.isAlive) return timer;
    plan();
    return timer;
  }
}

/** Code is loaded once, machines come and go: what stands on the stage is what the loaded code runs on. */
export class Stage {
  private standing: Machine | null = null;

  get machine(): Machine {
    if (this.standing === null) throw new Error('no machine is on');
    return this.standing;
  }

  use(machine: Machine): void {
    this.standing = machine;
  }

  /** What the product's code finds in place of Node. */
  host(): Host {
    const sample = new Disk({ now: () => 0, later: () => undefined });
    const { net } = new Endpoints();
    return {
      now: () => this.machine.clock.now,
      setTimer: (run, ms, isRepeated) => this.machine.setTimer(run, ms, isRepeated),
      clearTimer: timer => this.machine.clearTimer(timer),
      modules: {
        'node:fs': forwarding(sample.fs, () => this.machine.disk.fs),
        'node:net': forwarding(net, () => this.machine.endpoints.net),
        'write-file-atomic': {
          __esModule: true,
          default: (file: string, text: string) => this.machine.disk.writeAtomic(file, text),
        },
      },
    };
  }
}

/** The same functions, asked for anew at each call. */
function forwarding(sample: object, current: () => object): Record<string, unknown> {
  const forwarded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(sample)) {
    forwarded[name] =
      typeof value === 'function'
        ? (...given: unknown[]) => (current() as Record<string, (...given: unknown[]) => unknown>)[name]!(...given)
        : value;
  }
  return forwarded;
}
