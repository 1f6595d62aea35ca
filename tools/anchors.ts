/**
 * `npm run anchors -- --date YYYY-MM-DD --targets FILE --gateway HOST:PORT`: the pre-session anchors in the terminal, through
 * the client that VS Code uses, on a client id of its own. Changes nothing.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PastBars } from '../src/broker/ib/pastBars';
import { endpointText, parseEndpoint } from '../src/broker/endpoint';
import { BrokerFailure } from '../src/broker/port';
import { readAnchorDate } from '../src/reports/anchorDays';
import { anchorsReport, daysToAsk, withOverrides } from '../src/reports/anchorsReport';
import { anchorsCsv, anchorsMarkdown, anchorsText } from '../src/reports/anchorsText';
import { connectTrouble, endedText, progressText } from '../src/reports/anchorsWords';
import { problemMessage } from '../src/reports/problemText';
import { AnchorsRun } from '../src/session/anchorsRun';
import { readOverrides } from '../src/session/overridesFile';
import { readText } from '../src/session/watchFile';
import { dateOf } from '../src/strategy/exchangeTime';
import { DEFAULT_SETTINGS, NUMBER_SETTINGS, readSettings } from '../src/strategy/settings';
import { findingText } from '../src/targets/messages';
import { startTargets } from '../src/targets/resolve';
import { copyEnvironment, reportClientId, resolveBudget, resolveEndpoint } from '../src/ui/startConfig';

const HELP = `The pre-session anchors of every symbol: AM and PM, 14 rungs, clip.

  npm run anchors -- [options]

  --date YYYY-MM-DD     the session they are for               default today, by the gateway's clock
  --targets FILE        what to trade                          default targets.txt
  --gateway HOST:PORT   TWS, IB Gateway or the simulator       default IB_HOST, IB_PORT, else 127.0.0.1:7497
  --client-id N         the session's id; 900 is added         default IB_CID, else 21
  --look-back N         trading days, weighted N … 1           default ${NUMBER_SETTINGS['reports.lookBackDays'].default}
  --csv                 as CSV
  --markdown            as Markdown
  --help                this text

Beside the targets file dashboard_overrides.json counts, as it does in a session. Ctrl-C keeps what has come.
Start a simulator with: npm run gateway -- --port 4002
`;

class Wrong extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      date: { type: 'string' },
      targets: { type: 'string', default: 'targets.txt' },
      gateway: { type: 'string' },
      'client-id': { type: 'string' },
      'look-back': { type: 'string' },
      csv: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.csv && values.markdown) throw new Wrong('Expected --csv or --markdown, found both.');
  const settings = settingsOf(values['look-back']);
  const { targets, budget } = readTargets(values.targets);
  const { host, port, clientId } = gatewayOf(values.gateway, values['client-id']);
  // Before anything is asked, as far as this machine's clock knows; the gateway's decides.
  const given = values.date;
  if (given !== undefined && !readAnchorDate(given, Infinity).ok) throw new Wrong(dateTrouble(given, Infinity));

  const config = { host, port, clientId: reportClientId(clientId), connectTimeoutMs: 10_000 };
  const run = new AnchorsRun(listener => new PastBars(config, listener), {
    progress: progress => say(progressText(progress)),
    problem: problem => say(problemMessage(problem, { t: Date.now(), positions: 0 }).text),
    log: () => undefined,
  });
  const interrupt = (): void => run.end('cancelled');
  process.once('SIGINT', interrupt);
  const { time, accounts } = await run.connect();
  const date = given ?? dateOf(time);
  const read = readAnchorDate(date, time);
  if (!read.ok) {
    run.end('cancelled');
    throw new Wrong(`${read.text}.`);
  }
  const lookBack = settings['reports.lookBackDays'];
  const days = daysToAsk(read.day, lookBack);
  const outcome = await run.run({ symbols: targets.map(({ symbol }) => symbol), days, known: [] });
  process.off('SIGINT', interrupt);
  say('');
  const where = endpointText({ host, port });
  const report = anchorsReport({
    day: read.day,
    lookBack,
    targets,
    budget,
    settings,
    histories: outcome.symbols,
    from: accounts.some(account => account.startsWith('SIM')) ? `simulator at ${where}` : where,
    ended: endedText(outcome.ended),
  });
  const text = values.csv ? anchorsCsv(report) : values.markdown ? anchorsMarkdown(report) : `${anchorsText(report)}\n`;
  process.stdout.write(text);
  if (report.isPartial) process.exitCode = 1;
}

/** One line that rewrites itself; without a terminal it is left out. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

const dateTrouble = (text: string, now: number): string => {
  const read = readAnchorDate(text, now);
  return read.ok ? '' : `${read.text}.`;
};

function settingsOf(lookBack: string | undefined): typeof DEFAULT_SETTINGS {
  const given = lookBack === undefined ? {} : { 'reports.lookBackDays': Number(lookBack) };
  const { settings, problems } = readSettings(given);
  const [problem] = problems;
  if (problem) throw new Wrong(`Expected ${problem.expected} after --look-back, found "${lookBack}".`);
  return { ...DEFAULT_SETTINGS, ...settings };
}

function readTargets(file: string): ReturnType<typeof withOverrides> & { budget: ReturnType<typeof resolveBudget> } {
  const text = readText(file);
  if (text === null) throw new Wrong(`There is no ${file}. Name a targets file with --targets.`);
  const base = resolveBudget(() => undefined, copyEnvironment(process.env));
  const start = startTargets(text, base);
  if (!start.ok) throw new Wrong(`${file} has an invalid @config: ${start.findings.map(findingText).join('; ')}.`);
  const { config, targets, notInForce } = start.value;
  for (const { line, reasons } of notInForce)
    process.stderr.write(`${file} line ${line + 1} is left out: ${reasons.map(findingText).join('; ')}.\n`);
  if (targets.length === 0) throw new Wrong(`${file} lists no symbol that is accepted.`);
  const overridesFile = path.join(path.dirname(file), 'dashboard_overrides.json');
  const { overrides, problems } = readOverrides(readText(overridesFile) ?? '{}', {});
  for (const problem of problems) process.stderr.write(`${overridesFile}: ${problem}.\n`);
  return { ...withOverrides(targets, overrides), budget: config };
}

function gatewayOf(
  gateway: string | undefined,
  id: string | undefined,
): { host: string; port: number; clientId: number } {
  const user = (key: string): unknown => (key === 'host' ? gateway : key === 'clientId' ? id : undefined);
  const env = copyEnvironment(process.env);
  if (gateway !== undefined) {
    const parsed = parseEndpoint(gateway);
    if (!parsed.ok) throw new Wrong(`Expected ${parsed.finding.expected} after --gateway, found "${gateway}".`);
  }
  const { IB_PORT: _, ...withoutPort } = env;
  const resolved = resolveEndpoint(user, gateway === undefined ? env : withoutPort);
  if (!resolved.ok) throw new Wrong(resolved.text);
  return resolved.value;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const text =
    error instanceof BrokerFailure
      ? connectTrouble(error.problem, Date.now()).text
      : error instanceof Error
        ? error.message
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = error instanceof Wrong ? 2 : 1;
});
