/**
 * A whole trading day in the terminal: the same session, client library and socket as in VS Code, on the built-in simulator as
 * fast as it goes, or on a gateway outside in real time. Leaves the session's files and compares its fills with what the
 * simulator's exchange says it executed.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createIbPort } from '../src/broker/ib/ibPort';
import { parseEndpoint } from '../src/broker/endpoint';
import type { EngineEvent } from '../src/engine/events';
import type { FromSimulator, SimulatorOptions } from '../src/gateway/worker';
import { problemMessage } from '../src/reports/problemText';
import { reviewFills } from '../src/reports/fillReview';
import { reviewTable } from '../src/reports/fillTables';
import { reasonOf } from '../src/session/paths';
import { Session } from '../src/session/session';
import type { Ended } from '../src/session/sessionParts';
import type { FromSession, SessionConfig } from '../src/shared/protocol';
import { dateOf, newYorkInstant, parseDay } from '../src/strategy/exchangeTime';
import { DEFAULT_SETTINGS } from '../src/strategy/settings';
import { DEFAULTS } from '../src/targets/schema';
import { startTargets } from '../src/targets/resolve';
import { DemoScreen } from './demoScreen';
import { headText } from './demoText';
import { prepareFolder } from './demoFolder';
import { targetsErrors } from './targetsErrors';
import { compareFolder, FILLS_FILE, TRUTH_FILE } from './verifyFills';

const HELP = `A whole trading day in the terminal.

  npm run demo -- [options]

  --targets FILE        what to trade                       default targets.txt
  --out DIR             where the files go                  default out (out-gateway with --gateway)
  --seed N              seed of the simulated market        default 7
  --speed X             simulated seconds a second          default as fast as it goes
  --until HH:MM         New York time at which it ends      default 16:01
  --gateway HOST:PORT   a gateway outside instead of the simulator: real time, paper accounts only
  --help                this text
`;

const CLIENT_ID = 21;
const DATE = '2026-11-18';
const START = '09:00';
const UNTIL = '16:01';

interface Options {
  targets: string;
  out: string;
  seed: number;
  speed: number;
  until: string;
  gateway: { host: string; port: number } | null;
}

/** What a person did wrong, in a sentence: printed without a stack. */
class Wrong extends Error {}

function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const names = {
    targets: text,
    out: text,
    seed: text,
    speed: text,
    until: text,
    gateway: text,
    help: { type: 'boolean' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: names }));
  } catch (error) {
    throw new Wrong(
      `${error instanceof Error ? error.message : String(error)}. npm run demo -- --help shows what it takes.`,
    );
  }
  if (values.help === true) return null;
  const until = values.until ?? UNTIL;
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(until))
    throw new Wrong(`Expected --until to be a time such as 16:01, found "${until}".`);
  const gateway = values.gateway === undefined ? null : parseEndpoint(values.gateway);
  if (gateway?.ok === false)
    throw new Wrong(`Expected --gateway to be ${gateway.finding.expected}, found "${gateway.finding.found}".`);
  return {
    targets: path.resolve(values.targets ?? 'targets.txt'),
    out: values.out ?? (gateway === null ? 'out' : 'out-gateway'),
    seed: numberOf('--seed', values.seed, 7),
    speed: values.speed === 'max' ? Infinity : numberOf('--speed', values.speed, Infinity),
    until,
    gateway: gateway?.ok === true ? gateway.endpoint : null,
  };
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new Wrong(`Expected ${name} to be a number, found "${text}".`);
  return value;
}

/** ms UTC of a New York time on a date. */
function instant(date: string, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return newYorkInstant(parseDay(date) ?? 0, (hours * 60 + minutes) * 60_000);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return void process.stdout.write(HELP);
  const { targets, config } = readTargets(options.targets);
  const out = path.resolve(options.out);
  if (options.gateway === null) {
    const reason = prepareFolder(out);
    if (reason !== null) throw new Wrong(reason);
  }
  const simulator = options.gateway === null ? await startSimulator(options, out) : null;
  const { host, port } = options.gateway ?? { host: '127.0.0.1', port: simulator?.port ?? 0 };
  const date = simulator === null ? dateOf(Date.now()) : DATE;
  const until = instant(date, options.until);
  const screen = new DemoScreen(process.stdout, {
    symbols: targets.map(target => target.symbol),
    from: simulator === null ? Date.now() : instant(DATE, START),
    until,
  });
  const account = simulator === null ? 'gateway' : 'simulator SIM00001';
  screen.line(
    headText({
      where: `${account} on ${host}:${port}`,
      date,
      seed: simulator === null ? null : options.seed,
      speed: simulator === null ? null : options.speed,
      targetsFile: path.basename(options.targets),
      targets,
      equity: config.equity,
      inUse: config.equity * DEFAULT_SETTINGS['sizing.utilization'],
    }),
  );
  // A gateway outside has its own date, which a simulator's need not be today's.
  const isOver = (event: EngineEvent): boolean =>
    simulator === null && event.type === 'time' && event.t >= instant(dateOf(event.t), options.until);
  const ended = await runSession(screen, isOver, {
    broker: simulator === null ? 'ib' : 'simulator',
    host,
    port,
    clientId: CLIENT_ID,
    targetsFile: options.targets,
    folder: out,
    settings: {},
    budget: { equity: DEFAULTS.equity, risky: DEFAULTS.risky, safe: DEFAULTS.safe },
    ...(simulator === null ? {} : { until }),
  });
  await simulator?.stop();
  screen.end();
  report(ended, options, screen.accountText);
}

function readTargets(file: string) {
  if (!fs.existsSync(file)) throw new Wrong(`There is no ${file}. Name one with --targets.`);
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new Wrong(`${file} cannot be read: ${reasonOf(error)}.`);
  }
  const start = startTargets(text, DEFAULTS);
  if (!start.ok) {
    const errors = targetsErrors(start.findings).join('\n');
    throw new Wrong(`${path.basename(file)} has an invalid @config, so nothing was started.\n${errors}`);
  }
  for (const error of targetsErrors(start.findings)) console.log(`${error} It is not traded.`);
  return start.value;
}

/** In its own thread: the market is half of the work. */
async function startSimulator(options: Options, out: string): Promise<{ port: number; stop(): Promise<void> }> {
  const file = path.join(__dirname, '..', 'gateway.js');
  const workerData: SimulatorOptions = {
    seed: options.seed,
    speed: options.speed,
    date: DATE,
    startTime: START,
    lockstepClientId: CLIENT_ID,
    truthFile: path.join(out, TRUTH_FILE),
  };
  const worker = new Worker(file, { workerData });
  const gone = new Promise<void>(resolve => worker.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message: FromSimulator) => {
      if (message.type === 'listening') resolve(message.port);
      else if (message.type === 'failed') reject(new Wrong(`The simulator did not start: ${message.text}.`));
    });
  });
  return {
    port,
    stop: () => {
      worker.postMessage({ type: 'stop' });
      return gone;
    },
  };
}

async function runSession(
  screen: DemoScreen,
  isOver: (event: EngineEvent) => boolean,
  config: SessionConfig,
): Promise<Ended> {
  const session = new Session(config, {
    createPort: createIbPort,
    emit: message => tell(screen, message),
    watch: {
      placed: order => screen.placed(order),
      handled: event => {
        screen.handled(event, session);
        if (isOver(event)) void session.stop();
      },
    },
  });
  const interrupt = (): void => void session.stop();
  process.once('SIGINT', interrupt);
  session.start();
  const ended = await session.ended;
  process.removeListener('SIGINT', interrupt);
  return ended;
}

function tell(screen: DemoScreen, message: FromSession): void {
  switch (message.type) {
    case 'snapshot':
      return screen.progress(message.snapshot);
    case 'fill':
      return screen.fill(message.row);
    case 'problem': {
      // A failure of the first try is what the program ends with: it is not said twice.
      const { problem } = message;
      const goesOn = screen.accountText !== '' || problem.code === 'clientIdInUse' || problem.code === 'hostUnknown';
      if (goesOn) screen.line(problemMessage(problem, { t: Date.now(), positions: 0 }).text);
      return;
    }
    case 'notice':
      return screen.notice(message.notice);
    // Only a change on a live account is asked about, and the simulator has none; the last four answer what only views ask.
    case 'question':
    case 'log':
    case 'refused':
    case 'ended':
    case 'overrideAnswer':
    case 'preview':
    case 'chart':
    case 'sparks':
      return;
  }
}

function report(ended: Ended, options: Options, account: string): void {
  const { out } = options;
  const place = `Files are in ${out.replace(/[\\/]+$/, '')}/.`;
  const file = path.join(out, FILLS_FILE);
  if (fs.existsSync(file)) {
    console.log(`\n${reviewTable(reviewFills(fs.readFileSync(file, 'utf8')), { file: FILLS_FILE, account })}\n`);
  }
  if (ended.why === 'failed') throw new Wrong(`${ended.text} ${place}`);
  if (options.gateway !== null) return console.log(`${ended.text} ${place}`);
  const comparison = compareFolder(out);
  if (!comparison.equal) throw new Wrong(`${comparison.text} ${place}`);
  console.log(`${comparison.fills} fills, equal to the simulator's truth log share by share. ${place}`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof Wrong ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
});
