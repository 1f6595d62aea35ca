/**
 * The product as it is simulated: the session with everything below it, built from source (bundle.ts) and loaded with a clock,
 * timers, a disk and local endpoints of the simulation in place of Node's. No line of the product is written for this.
 */
import type { BrokerFailure } from '../../src/broker/port';
import type { emptyDurable, foldJournal } from '../../src/engine/durable';
import type { Session } from '../../src/session/session';

export interface Product {
  Session: typeof Session;
  BrokerFailure: typeof BrokerFailure;
  foldJournal: typeof foldJournal;
  emptyDurable: typeof emptyDurable;
}

/** What the product finds in place of the world. */
export interface Host {
  now(): number;
  setTimer(run: () => void, ms: number, isRepeated: boolean): object;
  clearTimer(timer: unknown): void;
  /** Modules of Node and packages that touch the world. */
  modules: Readonly<Record<string, unknown>>;
}

/** `demand` gives the modules that need no substitute. */
export function load(code: string, host: Host, demand: (name: string) => unknown): Product {
  const RealDate = Date;
  class SimulatedDate extends RealDate {
    constructor(...given: [] | [number | string]) {
      super(given.length === 0 ? host.now() : given[0]);
    }
    static override now(): number {
      return host.now();
    }
  }
  const globals: Record<string, unknown> = {
    Date: SimulatedDate,
    setTimeout: (run: () => void, ms = 0) => host.setTimer(run, ms, false),
    setInterval: (run: () => void, ms = 0) => host.setTimer(run, ms, true),
    clearTimeout: (timer: unknown) => host.clearTimer(timer),
    clearInterval: (timer: unknown) => host.clearTimer(timer),
    performance: { now: () => host.now() },
    process: { platform: 'linux', pid: 1, getuid: () => 1, env: {}, hrtime: { bigint: () => BigInt(host.now()) } },
  };
  const module: { exports: unknown } = { exports: {} };
  const load = (name: string): unknown => host.modules[name] ?? demand(name);
  // As Node's own loader does it, with other names in scope.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('require', 'module', 'exports', ...Object.keys(globals), code) as (
    ...given: unknown[]
  ) => void;
  run(load, module, module.exports, ...Object.values(globals));
  return module.exports as Product;
}
