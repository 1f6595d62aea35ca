/** A tape written by hand against its decisions in a readable file, and tapes of a session replayed to the same decisions. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineEvent } from '../../../src/engine/events';
import { TapeFacts, readTapeLine } from '../../../src/replay/tape';
import { Replay, type ReplayOptions } from '../../../src/replay/replay';
import { timeOf } from '../../../src/strategy/exchangeTime';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/strategy/settings';
import { startTargets } from '../../../src/targets/resolve';
import { DEFAULTS } from '../../../src/targets/schema';

const fixture = (name: string): string => readFileSync(join(__dirname, '../../fixtures', name), 'utf8');
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, 'volatility.minimum': 3, 'protection.restSeconds': 20 };

interface Result {
  decisions: string[];
  fills: string[];
  pnl: string[];
  story: string[];
}

/** Replays lines and tells what happened in the order in which it did. */
function replay(lines: readonly string[], targets: string, changed: Partial<ReplayOptions> = {}): Result {
  const start = startTargets(targets, DEFAULTS);
  if (!start.ok) throw new Error('the targets of a test must be valid');
  const facts = new TapeFacts();
  for (const line of lines) facts.look(line);
  const result: Result = { decisions: [], fills: [], pnl: [], story: [] };
  const made = new Replay(
    {
      settings: SETTINGS,
      targets: start.value,
      base: DEFAULTS,
      hasLink: facts.hasLink,
      recorded: false,
      fills: facts.hasOrders ? 'same' : 'model',
      latencyMs: 0,
      ...changed,
    },
    {
      decision: line => {
        result.decisions.push(line);
        result.story.push(decisionText(line));
      },
      fill: line => {
        result.fills.push(line);
        result.story.push(`             ${line.trim().split(',').slice(2).join(' ')}`);
      },
      pnl: line => result.pnl.push(line),
    },
  );
  let previous = -Infinity;
  lines.forEach((line, n) => {
    const read = readTapeLine(line, n + 1, previous);
    if (read === null || !('event' in read)) return;
    previous = read.event.t;
    made.event(read.event);
  });
  return result;
}

/** `09:30:08.000 ladder_buy BUY 11 AVAV at 98.81, L1; z 6.00, reference 100, last 98.41`. */
function decisionText(line: string): string {
  const d = JSON.parse(line) as Record<string, number | string>;
  const t = Number(d['t']);
  const time = `${timeOf(t)}.${String(t % 1000).padStart(3, '0')}`;
  return `${time} ${d['tag']} ${d['side']} ${d['qty']} ${d['symbol']} at ${d['limit']}, L${d['rung']}; z ${Number(d['z']).toFixed(2)}, reference ${d['reference']}, last ${d['last']}`;
}

const TAPE = fixture('tape-opening.jsonl').split('\n');
const TARGETS = fixture('tape-opening.targets.txt');

describe('replay: the opening', () => {
  it('decides as written down', () => {
    const { story } = replay(TAPE, TARGETS);
    equal(`${story.join('\n')}\n`, fixture('tape-opening.expected.txt'));
  });

  it('twice gives the same bytes', () => deepEqual(replay(TAPE, TARGETS), replay(TAPE, TARGETS)));

  it('writes decisions with these keys in this order', () => {
    const [first = ''] = replay(TAPE, TARGETS).decisions;
    deepEqual(Object.keys(JSON.parse(first) as object), ['t', 'symbol', 'side', 'qty', 'limit', 'tag', 'rung', 'z', 'reference', 'last']); // prettier-ignore
    ok(first.endsWith('}\n'));
  });

  it('writes P&L every 5 s of regular hours', () => {
    const { pnl } = replay(TAPE, TARGETS);
    equal(pnl[0], '2026-11-18T09:30:00-05:00,AVAV,0,,100.00,0.00,0.00\n');
    deepEqual(
      pnl.slice(0, 3).map(line => line.slice(11, 19)),
      ['09:30:00', '09:30:05', '09:30:10'],
    );
    equal(pnl.length, 25);
  });

  it('fills later with latency, against the quote of then', () => {
    const { story } = replay(TAPE, TARGETS, { latencyMs: 2500 });
    const at = (n: number): string => story[n]?.slice(0, 12) ?? '';
    equal(at(0), replay(TAPE, TARGETS).story[0]?.slice(0, 12));
    // The 5 shares of before were named again in the meantime: 11 fill at once.
    ok(story[1]?.includes('BUY 11 '), story[1]);
  });

  it('fills that fall due with an event come before it', () => {
    ok(replay(TAPE, TARGETS, { latencyMs: 2300 }).story[1]?.includes('BUY 5 '));
  });

  it('a fill between two events meets the quote of its own time', () => {
    const quote = { t: 1795012206900, type: 'tick', symbol: 'AVAV', bid: 97.9, ask: 97.92, last: 97.91, volume: 30000 };
    const gap = { t: 1795012213000, type: 'tick', symbol: 'AVAV', bid: 98.1, ask: 98.12 };
    const after = { t: 1795012214000, type: 'tick', symbol: 'AVAV', volume: 30001 };
    const lines = [...TAPE.slice(0, 11), ...[quote, gap, after].map(e => JSON.stringify(e))];
    const { story, fills } = replay(lines, TARGETS, { latencyMs: 300 });
    // The order of 09:30:07 fills at 09:30:07.300, long before the quote of 09:30:13.
    deepEqual(story[0]?.slice(0, 12), '09:30:07.000', story.join('\n'));
    ok(story[1]?.includes('97.92'), story[1]);
    equal(fills[0]?.slice(11, 19), '09:30:07');
  });

  it('a tape that names links begins without one', () => {
    const down = JSON.stringify({ t: JSON.parse(TAPE[0]!).t, type: 'link', up: false }); // eslint-disable-line
    equal(replay([down, ...TAPE], TARGETS).decisions.length, 0);
    const up = down.replace('false', 'true');
    deepEqual(replay([up, ...TAPE], TARGETS).decisions, replay(TAPE, TARGETS).decisions);
  });
});

describe('replay: a recorded session', () => {
  it('is replayed to the same decisions and rows from its own orders and executions', () => {
    const live = record(TAPE, TARGETS);
    const again = replay(live.lines, TARGETS);
    ok(live.decisions.length > 5);
    deepEqual(again.decisions, live.decisions);
    deepEqual(again.fills, live.fills);
  });

  it('with its own fills in the way the model invents none', () => {
    const live = record(TAPE, TARGETS);
    const without = live.lines.filter(line => !line.includes('"exec"'));
    equal(replay(without, TARGETS).fills.length, 0);
  });
});

/** A session on the tape's market, with every message of the broker written between the market's. */
function record(tape: readonly string[], targets: string): Result & { lines: string[] } {
  const lines: string[] = [];
  const start = startTargets(targets, DEFAULTS);
  if (!start.ok) throw new Error('the targets of a test must be valid');
  const result: Result = { decisions: [], fills: [], pnl: [], story: [] };
  const live = new Replay(
    { settings: SETTINGS, targets: start.value, base: DEFAULTS, hasLink: false, recorded: false, fills: 'same', latencyMs: 0 },
    {
      decision: line => {
        result.decisions.push(line);
        const { t, symbol, side, qty, limit } = JSON.parse(line) as { t: number; symbol: string; side: 'BUY' | 'SELL'; qty: number; limit: number }; // prettier-ignore
        const orderId = result.decisions.length;
        const filled = Math.ceil(qty / 2);
        answers.push({ t, type: 'exec', execId: `r${orderId}.01`, orderId, key: '', symbol, side, qty: filled, price: String(limit) });
        answers.push({ t, type: 'order', orderId, status: 'cancelled', filled, remaining: qty - filled });
      },
      fill: line => result.fills.push(line),
      pnl: () => undefined,
    },
  ); // prettier-ignore
  const answers: EngineEvent[] = [];
  let t = 0;
  const hear = (event: EngineEvent): void => {
    t = Math.max(t, event.t);
    lines.push(JSON.stringify({ ...event, t }));
    live.event({ ...event, t });
    while (answers.length > 0) hear(answers.shift()!);
  };
  tape.forEach((line, n) => {
    const read = readTapeLine(line, n + 1, -Infinity);
    if (read && 'event' in read) hear(read.event);
  });
  return { ...result, lines };
}
