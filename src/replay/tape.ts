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

/** Fields that a type cannot do without; what else a line holds is taken as it is. */
const NEEDS: Readonly<Record<EngineEvent['type'], readonly string[]>> = {
  tick: ['symbol'],
  bar: ['symbol', 'start', 'close'],
  contract: ['symbol'],
  dataType: ['symbol', 'value'],
  download: ['symbol', 'state'],
  override: ['symbol'],
  position: ['symbol', 'shares'],
  targets: ['text'],
  control: ['action'],
  link: ['up'],
  farm: ['up'],
  account: [],
  reconcile: ['positions', 'orders', 'executions'],
  order: ['orderId', 'status', 'filled'],
  exec: ['execId', 'symbol', 'side', 'qty', 'price'],
  commission: ['execId', 'amount'],
  journalState: ['ok'],
  time: [],
};

const NUMBERS = new Set(['start', 'close', 'value', 'shares', 'filled', 'qty', 'orderId']);

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
  if (typeof type !== 'string' || !Object.hasOwn(NEEDS, type)) {
    return { finding: { line, expected: `a type of ${Object.keys(NEEDS).join(', ')}`, found: excerpt(type) } };
  }
  for (const name of NEEDS[type as EngineEvent['type']]) {
    const found = fields[name];
    const fits = found !== undefined && (!NUMBERS.has(name) || type === 'tick' || typeof found === 'number');
    if (!fits)
      return {
        finding: {
          line,
          expected: `${NUMBERS.has(name) ? 'a number' : 'a value'} for "${name}"`,
          found: excerpt(found),
        },
      };
  }
  const odd = oddField(fields);
  if (odd) return { finding: { line, ...odd } };
  if (type === 'exec' && typeof fields['price'] === 'number') fields['price'] = String(fields['price']);
  return { event: fields as unknown as EngineEvent };
}

/** Prices and sizes of a tick that are no numbers would be compared as texts. */
const TICK_NUMBERS = ['last', 'bid', 'ask', 'bidSize', 'askSize', 'volume', 'open', 'close', 'halted'];

function oddField(fields: Readonly<Record<string, unknown>>): { expected: string; found: string } | null {
  const { symbol } = fields;
  if (symbol !== undefined && typeof symbol !== 'string')
    return { expected: 'a text for "symbol"', found: excerpt(symbol) };
  if (fields['type'] !== 'tick') return null;
  for (const name of TICK_NUMBERS) {
    const value = fields[name];
    if (value === undefined || value === null || typeof value === 'number') continue;
    return { expected: `a number or null for "${name}"`, found: excerpt(value) };
  }
  return null;
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
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
