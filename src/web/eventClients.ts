/**
 * The pages that watch: each gets whole messages, the newest of each kind, at most ten times a second, and at most one lot is on
 * its way to it. A page behind a slow line gets the newest when it is ready for it, never a queue; one that takes nothing for a
 * while is let go. Each has a name that it made up, by which its intents find it.
 */
import type { ServerResponse } from 'node:http';
import type { Watched, WebSource } from './source';

export interface EventLimits {
  readonly maxClients: number;
  readonly everyMs: number;
  /** A page that hears nothing for longer than this and a bit takes the line for dead. */
  readonly beatMs: number;
  /** How long one lot may be on its way. */
  readonly stuckMs: number;
}

export const EVENT_LIMITS: EventLimits = { maxClients: 12, everyMs: 100, beatMs: 5000, stuckMs: 20_000 };

/** More answers than this are waited for by nobody who reads. */
const MAX_ANSWERS = 100;

export interface Page {
  readonly name: string;
  readonly mayChange: boolean;
}

export class EventClients {
  private readonly clients = new Map<string, { client: Client; watched: Watched; mayChange: boolean }>();
  private beat: NodeJS.Timeout | null = null;

  constructor(
    private readonly source: WebSource,
    private readonly limits: EventLimits,
  ) {}

  get n(): number {
    return this.clients.size;
  }

  hasRoomFor(name: string): boolean {
    return this.clients.has(name) || this.clients.size < this.limits.maxClients;
  }

  /** Null: no such page watches. */
  find(name: string): { hear: (asked: unknown) => void; mayChange: boolean } | null {
    const found = this.clients.get(name);
    return found === undefined ? null : { hear: asked => found.watched.hear(asked), mayChange: found.mayChange };
  }

  /** The response has its headers and stays open. A page that comes again takes its own place. */
  add(response: ServerResponse, { name, mayChange }: Page): void {
    const before = this.clients.get(name);
    if (before !== undefined) this.remove(name, before.client);
    const client = new Client(response, this.limits);
    const watched = this.source.watch({ mayChange, send: (json, kind) => client.offer(json, kind) });
    this.clients.set(name, { client, watched, mayChange });
    response.on('close', () => this.remove(name, client));
    response.on('error', () => this.remove(name, client));
    this.beat ??= setInterval(() => this.beats(), this.limits.beatMs / 2);
  }

  close(): void {
    for (const [name, { client }] of [...this.clients]) this.remove(name, client);
  }

  private remove(name: string, client: Client): void {
    const found = this.clients.get(name);
    if (found?.client !== client) return;
    this.clients.delete(name);
    found.watched.close();
    client.close();
    if (this.clients.size > 0 || this.beat === null) return;
    clearInterval(this.beat);
    this.beat = null;
  }

  private beats(): void {
    for (const { client } of [...this.clients.values()]) client.beat();
  }
}

class Client {
  private readonly waiting = new Map<string, string>();
  private readonly sent = new Map<string, string>();
  private answers: string[] = [];
  private timer: NodeJS.Timeout | null = null;
  /** Since when a lot is on its way; null when there is none. */
  private busySince: number | null = null;
  private wroteAt = -Infinity;

  constructor(
    private readonly response: ServerResponse,
    private readonly limits: EventLimits,
  ) {}

  offer(json: string, kind: string | null): void {
    if (kind === null) this.answers.push(json);
    else if (this.sent.get(kind) === json) this.waiting.delete(kind);
    else this.waiting.set(kind, json);
    if (this.answers.length > MAX_ANSWERS) this.response.destroy();
    else this.flushSoon();
  }

  beat(): void {
    const now = performance.now();
    if (this.busySince === null) {
      if (now - this.wroteAt >= this.limits.beatMs / 2) this.write('event: beat\ndata:\n\n');
    } else if (now - this.busySince > this.limits.stuckMs) this.response.destroy();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.waiting.clear();
    this.answers = [];
    this.response.destroy();
  }

  private flushSoon(): void {
    const isNothing = this.waiting.size === 0 && this.answers.length === 0;
    if (isNothing || this.timer !== null || this.busySince !== null || this.response.destroyed) return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.flush();
      },
      Math.max(0, this.wroteAt + this.limits.everyMs - performance.now()),
    );
  }

  private flush(): void {
    const messages = [...this.answers, ...this.waiting.values()];
    for (const [kind, json] of this.waiting) this.sent.set(kind, json);
    this.answers = [];
    this.waiting.clear();
    this.write(messages.map(json => `data: ${json}\n\n`).join(''));
  }

  private write(text: string): void {
    this.busySince = this.wroteAt = performance.now();
    this.response.write(text, () => {
      this.busySince = null;
      this.flushSoon();
    });
  }
}
