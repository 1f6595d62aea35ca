// The simulated gateway alone, for any program that speaks the TWS protocol. `npm run gateway -- --help` says everything.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { newYorkText } from '../src/gateway/calendar';
import type { MarketKind } from '../src/gateway/marketKinds';
import type { Pacing } from '../src/gateway/options';
import { startGateway, type Gateway, type GatewayOptions } from '../src/gateway/gateway';

const help = `A simulated IB Gateway: speaks the TWS protocol (server versions 176 to 193), trades simulated stocks.

  npm run gateway -- [options]

  --port N          port to listen on, 127.0.0.1 only             default 4002, the paper port of IB Gateway
  --seed N          seed of the market: same seed, same day       default 7
  --speed X         simulated seconds a second; max = as fast     default 1, real time
                    as it goes
  --date DATE       first simulated day, 2026-11-18               default 2026-11-18, a Wednesday
  --start HH:MM     New York time at which the clock begins       default 09:25
  --until HH:MM     New York time at which the program ends       default: runs until Ctrl-C
  --account NAME    account name, begins with SIM                 default SIM00001
  --cash USD        cash of the account                           default 250000
  --ticks N         market steps a second: 1, 2, 4, 5 or 10       default 1, 4 near real time
  --lockstep ID     client id that drives the clock: each of its reqCurrentTime after the first lets one second
                    pass, so a run gives the same fills at any speed. The clock waits while it is away.
  --truth FILE      writes every execution as a JSON line before the client hears of it
  --market KIND     usual, calm, trending, gapping, crashing or illiquid days         default usual
  --tape FILE       plays a recorded tape (JSON lines, .gz too) at --speed: its stocks alone, from its first tick on
  --pacing RULES    off, ib (100 above 50 messages a second), strict (history too)    default ib at speed 1, else off
  --faults FILE     bad days by script: JSON lines such as {"at":"+90s","fault":"close"}; table in docs/gateway.md
  --unknown A,B     tickers this exchange does not list (all that begin with ZZ never are)
  --max-version N   highest server version to offer               default 193
  --quiet           says nothing but errors
  --help            this text

Point a client at it as at a paper account: host 127.0.0.1, the port above, any client id. US stocks in USD on SMART:
RCAT DPRO UMAC AVAV KTOS LPTH ONDS EH SPAI, and any other ticker gets a price of its own from its name.
Order types LMT, MKT, STP, STP LMT; DAY, GTC, IOC, FOK. What it does with each message: docs/gateway.md.
`;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(help);
    return;
  }
  const gateway = await startGateway(options);
  const began = newYorkText(Math.floor(gateway.settings.startsAt / 1000));
  process.stdout.write(`Simulated gateway on ${gateway.host}:${gateway.port}, ${began} New York, Ctrl-C ends it\n`);
  const end = (): void => void gateway.close().then(() => report(gateway));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  gateway.once('end', end);
}

function report(gateway: Gateway): void {
  const ended = newYorkText(Math.floor(gateway.now() / 1000));
  process.stdout.write(`Ended at ${ended} New York with ${gateway.truth.length} executions\n`);
  process.exit(0);
}

function readOptions(args: readonly string[]): GatewayOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      date: { type: 'string' },
      start: { type: 'string' },
      until: { type: 'string' },
      account: { type: 'string' },
      cash: { type: 'string' },
      ticks: { type: 'string' },
      lockstep: { type: 'string' },
      truth: { type: 'string' },
      unknown: { type: 'string' },
      faults: { type: 'string' },
      tape: { type: 'string' },
      market: { type: 'string' },
      pacing: { type: 'string' },
      'max-version': { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return {
    port: numberOf('--port', values.port, 4002),
    seed: numberOf('--seed', values.seed, 7),
    speed: values.speed === 'max' ? Infinity : numberOf('--speed', values.speed, 1),
    cash: numberOf('--cash', values.cash, 250_000),
    maxServerVersion: numberOf('--max-version', values['max-version'], 193),
    ...(values.ticks === undefined ? {} : { ticksPerSecond: numberOf('--ticks', values.ticks, 1) }),
    ...(values.date === undefined ? {} : { date: values.date }),
    ...(values.start === undefined ? {} : { startTime: values.start }),
    ...(values.until === undefined ? {} : { until: values.until }),
    ...(values.account === undefined ? {} : { account: values.account }),
    ...(values.truth === undefined ? {} : { truthFile: values.truth }),
    ...(values.market === undefined ? {} : { market: values.market as MarketKind }),
    ...(values.pacing === undefined ? {} : { pacing: values.pacing as Pacing }),
    ...(values.tape === undefined ? {} : { tapeFile: values.tape }),
    ...(values.faults === undefined ? {} : { faultScript: readFileSync(values.faults, 'utf8') }),
    ...(values.unknown === undefined ? {} : { symbolsUnknown: values.unknown.split(',') }),
    ...(values.lockstep === undefined ? {} : { lockstepClientId: numberOf('--lockstep', values.lockstep, 0) }),
    ...(values.quiet ? {} : { log: say, onTruth: entry => say(JSON.stringify(entry)) }),
  };
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Error(`Expected ${name} to be a number, found "${text}"`);
  return value;
}

main().catch((failure: unknown) => {
  const code = (failure as { code?: string }).code;
  const text = failure instanceof Error ? failure.message : String(failure);
  const advice = code === 'EADDRINUSE' ? 'Another program listens on that port: choose one with --port.' : text;
  process.stderr.write(`${advice}\nnpm run gateway -- --help shows what it takes\n`);
  process.exitCode = 1;
});
