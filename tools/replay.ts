/**
 * `npm run replay -- --targets FILE --tape FILE --out DIR`: a tape through the engine, leaving the files of a live session
 * and decisions.jsonl in a folder of its own. The same input gives the same bytes.
 */
import { createReadStream, createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { parseArgs } from 'node:util';
import { createGunzip, constants } from 'node:zlib';
import { Replay } from '../src/replay/replay';
import { TapeFacts, readTapeLine, type TapeFinding, type TapeHeader } from '../src/replay/tape';
import { FILLS_HEADER, PNL_HEADER } from '../src/reports/rows';
import { makeFolder } from '../src/session/folders';
import { reasonOf } from '../src/session/paths';
import { readSettings } from '../src/strategy/settings';
import { startTargets } from '../src/targets/resolve';
import { DEFAULTS } from '../src/targets/schema';
import { targetsErrors } from './targetsErrors';

const HELP = `Replays a tape of market events through the strategy.

  npm run replay -- --targets FILE --tape FILE --out DIR [options]

  --targets FILE    targets.txt; a recorded tape brings its own, this one replaces it
  --tape FILE       JSON lines, .jsonl or .jsonl.gz
  --out DIR         gets decisions.jsonl, fills_live.csv, pnl_summary_live.csv
  --fills MODE      same: the tape's own order and exec events; model: fill against the tape's quotes
                    (default: same when the tape has such events, else model)
  --latency MS      time from an order to its fill in the model, default 0
  --settings FILE   JSON with settings by name, {"protection.hardStopPercent": 4}
  --quiet           print nothing but errors
`;

class UsageError extends Error {}

/** Lines of a tape, compressed or not; a torn end of a .gz is the end. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }) : raw;
  let failure: Error | undefined;
  if (input !== raw) pipeline(raw, input as NodeJS.WritableStream, error => (failure = error ?? undefined));
  else raw.on('error', error => (failure = error));
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (error) {
    failure ??= error as Error;
  }
  if (failure) throw new UsageError(`The tape ${file} cannot be read: ${reasonOf(failure)}.`);
}

/** Runs it; what fails is said in a sentence, without a stack. */
function attempt<Result>(what: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw new UsageError(`${what}: ${reasonOf(error)}.`);
  }
}

function textOf(file: string): string {
  return attempt(`The file ${file} cannot be read`, () => readFileSync(file, 'utf8'));
}

function settingsOf(file: string): Record<string, unknown> {
  const text = textOf(file);
  return attempt(`The settings ${file} are not JSON`, () => JSON.parse(text) as Record<string, unknown>);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      targets: { type: 'string' },
      tape: { type: 'string' },
      out: { type: 'string' },
      fills: { type: 'string' },
      latency: { type: 'string', default: '0' },
      settings: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { tape, out } = values;
  if (!tape || !out) throw new UsageError('Expected --tape FILE and --out DIR. See --help.');
  const latencyMs = Number(values.latency);
  if (!Number.isInteger(latencyMs) || latencyMs < 0)
    throw new UsageError(`Expected whole milliseconds after --latency, found "${values.latency}".`);
  if (values.fills !== undefined && values.fills !== 'same' && values.fills !== 'model') {
    throw new UsageError(`Expected "same" or "model" after --fills, found "${values.fills}".`);
  }

  const facts = new TapeFacts();
  let header: TapeHeader | null = null;
  for await (const line of linesOf(tape)) {
    facts.look(line);
    if (header === null && facts.recorded) {
      const read = readTapeLine(line, 1, -Infinity);
      if (read && 'header' in read) header = read.header;
    }
  }
  const given = values.settings === undefined ? (header?.settings ?? {}) : settingsOf(values.settings);
  const { settings, problems } = readSettings(given);
  if (problems[0])
    throw new UsageError(
      `Setting ${problems[0].key}: expected ${problems[0].expected}, found ${JSON.stringify(problems[0].found)}.`,
    );
  const base = header?.base ?? { equity: DEFAULTS.equity, risky: DEFAULTS.risky, safe: DEFAULTS.safe };
  const targetsText = values.targets === undefined ? header?.targets : textOf(values.targets);
  if (targetsText === undefined)
    throw new UsageError('Expected --targets FILE: this tape brings no targets of its own.');
  const start = startTargets(targetsText, base);
  const errors = targetsErrors(start.findings).join('\n');
  if (!start.ok) throw new UsageError(`targets.txt has an invalid @config, so nothing was replayed.\n${errors}`);
  if (errors !== '') process.stderr.write(`Of targets.txt these lines are not traded.\n${errors}\n`);

  attempt(`The folder ${out} cannot be made`, () => makeFolder(out));
  let unwritten: string | null = null;
  const files: WriteStream[] = [];
  const sink = (name: string, head = ''): ((text: string) => void) => {
    const file = createWriteStream(join(out, name));
    file.on('error', error => (unwritten ??= `The file ${join(out, name)} cannot be written: ${reasonOf(error)}.`));
    files.push(file);
    let buffered = head;
    const write = (text: string): void => {
      buffered += text;
      if (buffered.length > 1 << 16) {
        file.write(buffered);
        buffered = '';
      }
    };
    flushes.push(() => file.end(buffered));
    return write;
  };
  const flushes: (() => void)[] = [];
  const replay = new Replay(
    {
      settings,
      targets: start.value,
      base,
      hasLink: facts.hasLink,
      recorded: facts.recorded,
      fills: values.fills ?? (facts.hasOrders ? 'same' : 'model'),
      latencyMs,
      ...(header ? { sessionId: header.sessionId, durable: header.durable } : {}),
    },
    {
      decision: sink('decisions.jsonl'),
      fill: sink('fills_live.csv', FILLS_HEADER),
      pnl: sink('pnl_summary_live.csv', PNL_HEADER),
    },
  );

  const findings: TapeFinding[] = [];
  let number = 0;
  let previous = -Infinity;
  for await (const line of linesOf(tape)) {
    const read = readTapeLine(line, ++number, previous);
    if (read === null || 'header' in read) continue;
    if ('finding' in read) {
      findings.push(read.finding);
      continue;
    }
    previous = read.event.t;
    replay.event(read.event);
  }
  for (const flush of flushes) flush();
  for (const file of files) if (!file.closed) await new Promise<void>(resolve => file.once('close', () => resolve()));
  if (unwritten !== null) throw new UsageError(unwritten);
  for (const { line, expected, found } of findings.slice(0, 20))
    process.stderr.write(`Line ${line} was skipped: expected ${expected}, found ${found}.\n`);
  if (findings.length > 20) process.stderr.write(`${findings.length - 20} more lines were skipped.\n`);
  if (!values.quiet)
    process.stdout.write(
      `${replay.events} events, ${replay.orders} orders, ${replay.fills} fills. Files are in ${out}.\n`,
    );
  return 0;
}

main().then(
  code => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
