// Fault scripts as people write them: JSON lines or one JSON array, each entry a trigger and a fault of the table. Read whole
// and refused whole: a script with a mistake plays nothing, and every mistake is named with its place.

import { faultTable, receivedMessages, sentMessages, type FaultName, type FaultRow } from './table';

/** When a step plays: at a New York time of the first day, so long after the start, or with the n-th message of a kind. */
export type Trigger =
  | { readonly kind: 'timeOfDay'; readonly hour: number; readonly minute: number; readonly second: number }
  | { readonly kind: 'elapsed'; readonly milliseconds: number }
  | { readonly kind: 'sent'; readonly message: number; readonly n: number; readonly client: number | undefined }
  | { readonly kind: 'received'; readonly request: string; readonly n: number; readonly client: number | undefined };

export interface FaultStep {
  readonly trigger: Trigger;
  readonly fault: FaultName;
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
}

export interface Finding {
  /** `line 3, "after.n"`, or `entry 3, …` in an array. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

export interface ReadScript {
  readonly steps: readonly FaultStep[];
  readonly findings: readonly Finding[];
}

const mostSteps = 10_000;
const rowByName = new Map(faultTable.map(row => [row.name as string, row]));

export function readFaultScript(text: string): ReadScript {
  const findings: Finding[] = [];
  const steps: FaultStep[] = [];
  for (const { place, value } of entriesOf(text.replace(/^\uFEFF/, ''), findings)) {
    const step = new EntryReader(place, findings).read(value);
    if (step) steps.push(step);
  }
  if (steps.length > mostSteps) {
    findings.push({ place: 'script', expected: `at most ${mostSteps} steps`, found: String(steps.length) });
  }
  return { steps: findings.length > 0 ? [] : steps, findings };
}

/** The steps, or an error that lists every finding. */
export function requireFaultScript(text: string): readonly FaultStep[] {
  const { steps, findings } = readFaultScript(text);
  if (findings.length === 0) return steps;
  const lines = findings.map(one => `${one.place}: expected ${one.expected}, found ${one.found}`);
  const count = findings.length === 1 ? 'one mistake' : `${findings.length} mistakes`;
  throw new Error(`The fault script has ${count}\n${lines.join('\n')}`);
}

interface Entry {
  readonly place: string;
  readonly value: unknown;
}

function entriesOf(text: string, findings: Finding[]): readonly Entry[] {
  if (text.trimStart().startsWith('[')) {
    const whole = parse(text, 'script', findings);
    return Array.isArray(whole) ? whole.map((value: unknown, i) => ({ place: `entry ${i + 1}`, value })) : [];
  }
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const place = `line ${i + 1}`;
    const value = parse(line, place, findings);
    return value === undefined ? [] : [{ place, value }];
  });
}

function parse(text: string, place: string, findings: Finding[]): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    findings.push({ place, expected: 'JSON', found: reason });
    return undefined;
  }
}

class EntryReader {
  private isGood = true;

  constructor(
    private readonly place: string,
    private readonly findings: Finding[],
  ) {}

  read(value: unknown): FaultStep | undefined {
    if (!isRecord(value)) {
      this.complain('', 'an object such as {"at":"+90s","fault":"close"}', value);
      return undefined;
    }
    const row = typeof value['fault'] === 'string' ? rowByName.get(value['fault']) : undefined;
    if (!row) {
      this.complain('fault', `one of ${[...rowByName.keys()].join(', ')}`, value['fault']);
      return undefined;
    }
    const trigger = this.trigger(value, row);
    const known = new Set(['at', 'after', 'fault', ...row.parameters.map(one => one.name)]);
    for (const name of Object.keys(value)) {
      if (!known.has(name)) this.complain(name, `no such parameter of "${row.name}"`, value[name]);
    }
    const { numbers, texts } = this.parameters(value, row);
    return this.isGood && trigger ? { trigger, fault: row.name, numbers, texts } : undefined;
  }

  private trigger(value: Record<string, unknown>, row: FaultRow): Trigger | undefined {
    const { at, after } = value;
    if ((at === undefined) === (after === undefined)) {
      this.complain('', 'either "at" or "after"', at === undefined ? 'neither' : 'both');
      return undefined;
    }
    if (after !== undefined) return this.after(after, row);
    if (row.happensTo === 'message') {
      this.complain('at', `"after" with the message that "${row.name}" happens to`, at);
      return undefined;
    }
    const text = typeof at === 'string' ? at : '';
    const elapsed = /^\+(\d{1,7}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
    if (elapsed) {
      const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[elapsed[2] as 'ms' | 's' | 'm' | 'h'];
      return { kind: 'elapsed', milliseconds: Number(elapsed[1]) * unit };
    }
    const time = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
    if (time) {
      return { kind: 'timeOfDay', hour: Number(time[1]), minute: Number(time[2]), second: Number(time[3] ?? 0) };
    }
    this.complain('at', 'a New York time such as "10:31:00" or a delay such as "+90s"', at);
    return undefined;
  }

  private after(after: unknown, row: FaultRow): Trigger | undefined {
    if (!isRecord(after)) {
      this.complain('after', 'an object such as {"message":"execDetails","n":3}', after);
      return undefined;
    }
    for (const name of Object.keys(after)) {
      if (!['message', 'n', 'client'].includes(name)) this.complain(`after.${name}`, 'message, n, client', name);
    }
    const n = this.whole('after.n', after['n'] ?? 1, 1, 100_000_000);
    const client = after['client'] === undefined ? undefined : this.whole('after.client', after['client'], 0, 2 ** 31);
    const name = typeof after['message'] === 'string' ? after['message'] : '';
    const message = Object.hasOwn(sentMessages, name) ? sentMessages[name] : undefined;
    const request = Object.hasOwn(receivedMessages, name) ? receivedMessages[name] : undefined;
    const fits = messagesFor(row);
    if ((message === undefined && request === undefined) || !fits.includes(name)) {
      this.complain('after.message', `one of ${fits.join(', ')}`, after['message']);
      return undefined;
    }
    if (message !== undefined) return { kind: 'sent', message, n, client };
    return { kind: 'received', request: request ?? '', n, client };
  }

  private parameters(value: Record<string, unknown>, row: FaultRow): Pick<FaultStep, 'numbers' | 'texts'> {
    const numbers: Record<string, number> = {};
    const texts: Record<string, string> = {};
    for (const parameter of row.parameters) {
      const { name, kind, least = -Infinity, most = Infinity, otherwise } = parameter;
      const given = value[name] ?? otherwise;
      if (given === undefined) {
        if (parameter.isNeeded) this.complain(name, `a ${kind} for "${row.name}"`, undefined);
      } else if (kind === 'number') {
        const isNumber = typeof given === 'number' && least <= given && given <= most;
        if (isNumber && (!parameter.isWhole || Number.isInteger(given))) numbers[name] = given;
        else this.complain(name, `a ${parameter.isWhole ? 'whole ' : ''}number from ${least} to ${most}`, given);
      } else if (typeof given !== 'string' || given.length > 500 || (kind === 'symbol' && given.trim() === '')) {
        this.complain(name, kind === 'symbol' ? 'a symbol' : 'a text of at most 500 characters', given);
      } else {
        texts[name] = given;
      }
    }
    if (row.name === 'farm' && numbers['code'] !== undefined && ![2103, 2105, 2157].includes(numbers['code'])) {
      this.complain('code', '2103, 2105 or 2157', numbers['code']);
    }
    return { numbers, texts };
  }

  private whole(name: string, value: unknown, least: number, most: number): number {
    if (typeof value === 'number' && Number.isInteger(value) && least <= value && value <= most) return value;
    this.complain(name, `a whole number from ${least} to ${most}`, value);
    return least;
  }

  private complain(name: string, expected: string, found: unknown): void {
    this.isGood = false;
    const shown = typeof found === 'string' && name === '' ? found : (JSON.stringify(found) ?? 'nothing');
    this.findings.push({
      place: name === '' ? this.place : `${this.place}, "${name}"`,
      expected,
      found: shown.length > 80 ? `${shown.slice(0, 80)}…` : shown,
    });
  }
}

// A request cannot be sent twice or late by the gateway, and an answer cannot go unanswered.
function messagesFor(row: FaultRow): readonly string[] {
  if (row.name === 'noAnswer') return ['placeOrder'];
  if (row.name === 'correction') return ['execDetails'];
  if (row.happensTo === 'message') return Object.keys(sentMessages);
  return [...Object.keys(sentMessages), ...Object.keys(receivedMessages)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
