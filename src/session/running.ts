/**
 * What exists once the account is known: engine, queue, files and questions, put together on the durable state that was found.
 * Only wiring; each part has its own module.
 */
import type { BrokerPort, Connected } from '../broker/port';
import { Engine } from '../engine/engine';
import type { EngineEvent, FillRow } from '../engine/events';
import type { SessionConfig } from '../shared/protocol';
import type { Settings } from '../strategy/settings';
import { ASLEEP_MS } from './connection';
import { SessionFiles } from './files';
import { Inquiry } from './inquiry';
import type { OrdersOut } from './ordersOut';
import { OverridesGate } from './overridesGate';
import { Questions } from './questions';
import { Runner } from './runner';
import { checkStart, tailOf, type StartTargets } from './startup';
import type { Subscriptions } from './subscriptions';
import { TargetsGate } from './targetsGate';
import type { Telling } from './telling';

export interface Running {
  readonly connected: Connected;
  readonly engine: Engine;
  readonly runner: Runner;
  readonly files: SessionFiles;
  readonly inquiry: Inquiry;
  readonly questions: Questions;
}

export interface RunningOptions {
  config: SessionConfig;
  settings: Settings;
  connected: Connected;
  start: StartTargets;
  netLiquidation: string | undefined;
  telling: Telling;
  orders: OrdersOut;
  subscriptions: Subscriptions;
  readonly port: () => BrokerPort | null;
  readonly now: () => number;
  /** Runs a step; what it throws ends the session. */
  readonly guard: (where: string, action: () => void) => void;
  readonly filled: (row: FillRow) => void;
  readonly handled: (event: EngineEvent) => void;
  readonly idle: () => void;
  readonly reconciled: (isPartial: boolean) => void;
  /** The broker does not answer what it holds. */
  readonly gaveUp: (seconds: number) => void;
  goneMs?: number | undefined;
}

/** Throws Refused when the account's files or settings do not allow a start. */
export function assemble(options: RunningOptions): Running {
  const { config, settings, connected, start, telling, guard } = options;
  const { paths, state } = checkStart(config, connected, start.targets.config.equity, options.netLiquidation);
  if (state.torn) telling.log('warn', 'The last line of the journal was torn by a crash and is cut');
  // Time and count name a session once and for all: its order keys must never be used again.
  const sessionId = `${connected.time.toString(36)}${state.sessions === 0 ? '' : `.${state.sessions}`}`;
  const engine = new Engine({
    settings,
    targets: start.targets,
    base: config.budget,
    sessionId,
    durable: state.state,
    needsAccountValues: connected.mode === 'LIVE',
  });
  const questions = new Questions((question, isAnswered) => telling.question(question, isAnswered));
  const gate = new TargetsGate({
    start: start.targets,
    base: config.budget,
    settings,
    mode: connected.mode,
    account: `${connected.mode} ${tailOf(connected.account)}`,
    snapshot: () => telling.snapshot,
    pass: text => runner.post({ t: 0, type: 'targets', text }),
    questions,
    log: text => telling.log('info', text),
  });
  const overridesGate = new OverridesGate({
    targets: () => gate.targets,
    settings,
    mode: connected.mode,
    account: `${connected.mode} ${tailOf(connected.account)}`,
    snapshot: () => telling.snapshot,
    questions,
    log: text => telling.log('info', text),
  });
  const files = new SessionFiles({
    config,
    paths,
    connected,
    settings,
    sessionId,
    state,
    targetsText: start.text,
    durable: () => engine.durable(),
    post: event => guard('files', () => runner.post(event)),
    overrideAllowed: (change, before, accept) => overridesGate.allows(change, before, accept),
    targetsChanged: text => guard('targets', () => gate.offer(text)),
    now: options.now,
    notice: (level, code, data) => telling.notice({ t: options.now(), level, code, data }),
    log: (level, line) => telling.log(level, line),
    ...(options.goneMs === undefined ? {} : { goneMs: options.goneMs }),
  });
  const inquiry = new Inquiry({
    port: options.port,
    now: options.now,
    account: connected.account,
    post: event => guard('reconcile', () => runner.post(event)),
    done: isPartial => guard('reconcile', () => options.reconciled(isPartial)),
    idle: () => guard('reconcile', () => options.idle()),
    gaveUp: seconds => options.gaveUp(seconds),
    log: (level, line) => telling.log(level, line),
  });
  const runner: Runner = new Runner({
    engine,
    now: options.now,
    record: event => files.record(event),
    journal: entry => files.journal(entry),
    place: order => options.orders.place(order),
    cancel: orderId => options.orders.cancel(orderId),
    row: row => {
      files.row(row);
      options.filled(row);
    },
    notice: notice => telling.notice(notice),
    reconcile: (partial, why) => inquiry.ask(partial, why),
    symbols: ({ targets, windDown }) =>
      options.subscriptions.add([...targets, ...windDown].map(target => target.symbol)),
    pnl: () => files.pnl(engine.pnlRows()),
    pnlEveryMs: settings['files.pnlSeconds'] * 1000,
    handled: options.handled,
    idle: options.idle,
    ...(connected.mode === 'SIM' ? {} : { longestGapMs: ASLEEP_MS, slept: () => options.gaveUp(ASLEEP_MS / 1000) }),
  });
  return { connected, engine, runner, files, inquiry, questions };
}
