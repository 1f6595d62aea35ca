/**
 * Lines of a tape into engine events (§12). A line that cannot be used is a finding with its number, what was expected and
 * what was found; it stops nothing by itself. Recorded tapes begin with a `session` line that says how they were made.
 */
import type { DurableState } from '../engine/durable';
import type { EngineEvent } from '../engine/events';

/** The first line of a recorded tape. */
export interface TapeHeader {
  t: number;
  type: 'session';
  recorded: true;
  sessionId: string;
  settings: Record<string, unknown>;
  base: { equity: number; risky: number; safe: number };
  targets: string;
  durable: DurableState | null;
}

export interface TapeFinding {
  line: number;
  expected: string;
  found: string;
}

export type TapeLine = { event: EngineEvent } | { header: TapeHeader } | { finding: TapeFinding } | null;

/** What a field has to be: what is said when it is not, and the test. */
interface Kind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(isNumber);
const kind = (expected: string, fits: (value: unknown) => boolean): Kind => ({ expected, fits });
const oneOf = (...words: string[]): Kind => kind(words.join(', '), value => words.includes(value as string));
const optional = ({ expected, fits }: Kind): Kind => kind(expected, value => value === undefined || fits(value));

const TEXT = kind('a text', value => typeof value === 'string');
const NUMBER = kind('a number', isNumber);
const FLAG = kind('true or false', value => typeof value === 'boolean');
const LIST = kind('a list', Array.isArray);
const NUMBER_OR_NULL = kind('a number or null', value => value === undefined || value === null || isNumber(value));
const AMOUNT = kind('a number', value => isNumber(value) || (typeof value === 'string' && isNumber(Number(value))));
const PAIRS = kind('a list of pairs of numbers', value => Array.isArray(value) && value.every(isPair));

/** Fields that a type cannot do without or that would break what reads them; what else a line holds is taken as it is. */
const FIELDS: Readonly<Record<EngineEvent['type'], Readonly<Record<string, Kind>>>> = {
  tick: {
    symbol: TEXT,
    last: NUMBER_OR_NULL,
    bid: NUMBER_OR_NULL,
    ask: NUMBER_OR_NULL,
    bidSize: NUMBER_OR_NULL,
    askSize: NUMBER_OR_NULL,
    volume: NUMBER_OR_NULL,
    open: NUMBER_OR_NULL,
    close: NUMBER_OR_NULL,
    halted: NUMBER_OR_NULL,
  },
  bar: { symbol: TEXT, start: NUMBER, close: NUMBER },
  contract: { symbol: TEXT, ticks: optional(PAIRS), minTick: optional(NUMBER), hours: optional(PAIRS) },
  dataType: { symbol: TEXT, value: NUMBER },
  download: { symbol: TEXT, state: oneOf('started', 'finished', 'noData', 'failed') },
  override: { symbol: TEXT, buy: NUMBER_OR_NULL, sell: NUMBER_OR_NULL },
  position: { symbol: TEXT, shares: NUMBER },
  targets: { text: TEXT },
  control: {
    action: oneOf(
      'pause',
      'resume',
      'protect',
      'flatten',
      'kill',
      'release',
      'resetLoss',
      'leaveStops',
      'adopt',
      'leaveAlone',
    ),
    symbol: optional(TEXT),
  },
  link: { up: FLAG },
  farm: { up: FLAG },
  account: {},
  reconcile: { positions: LIST, orders: LIST, executions: LIST },
  order: { orderId: NUMBER, status: TEXT, filled: NUMBER },
  exec: { execId: TEXT, symbol: TEXT, side: oneOf('BUY', 'SELL'), qty: NUMBER, price: AMOUNT },
  commission: { execId: TEXT, amount: AMOUNT },
  journalState: { ok: FLAG },
  time: {},
};

const CHECKS = new Map(Object.entries(FIELDS).map(([type, fields]) => [type, Object.entries(fields)]));

/** Reads one line; null for an empty one. `previous` is the time of the line before. */
export function readTapeLine(text: string, line: number, previous: number): TapeLine {
  if (text.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { finding: { line, expected: 'a JSON object', found: excerpt(text) } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { finding: { line, expected: 'a JSON object', found: excerpt(text) } };
  }
  const fields = value as Record<string, unknown>;
  const { t, type } = fields;
  if (typeof t !== 'number' || !Number.isFinite(t))
    return { finding: { line, expected: 't in milliseconds UTC', found: excerpt(t) } };
  if (t < previous)
    return { finding: { line, expected: `t of at least ${previous}, the line before`, found: String(t) } };
  if (type === 'session') return { header: fields as unknown as TapeHeader };
  const checks = CHECKS.get(type as string);
  if (!checks)
    return { finding: { line, expected: `a type of ${[...CHECKS.keys()].join(', ')}`, found: excerpt(type) } };
  for (const [name, { expected, fits }] of checks) {
    const found = fields[name];
    if (!fits(found)) return { finding: { line, expected: `${expected} for "${name}"`, found: excerpt(found) } };
  }
  if (type === 'exec') {
    if (typeof fields['price'] === 'number') fields['price'] = String(fields['price']);
    // Without a key the order id says whose it is.
    fields['key'] ??= '';
  }
  return { event: fields as unknown as EngineEvent };
}

/** What has to be known of a tape before its first event: one cheap look at every line. */
export class TapeFacts {
  hasLink = false;
  hasOrders = false;
  recorded = false;

  look(text: string): void {
    if (!this.hasLink && text.includes('"link"') && /"type"\s*:\s*"link"/.test(text)) this.hasLink = true;
    if (
      !this.hasOrders &&
      (text.includes('"order"') || text.includes('"exec"')) &&
      /"type"\s*:\s*"(order|exec)"/.test(text)
    ) {
      this.hasOrders = true;
    }
    if (!this.recorded && text.includes('"recorded"') && /"type"\s*:\s*"session"/.test(text)) this.recorded = true;
  }
}

function excerpt(value: unknown): string {
  const text =
    typeof value === 'string' || typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
