/**
 * What the tests of the dashboard's server share: a source and a sink made of plain values, a server on a free port, and raw
 * requests over a socket, so that a test can say what no well-behaved client would.
 */
import { connect, type Socket } from 'node:net';
import { findAddress } from '../../src/web/address';
import { WebServer, type WebOptions } from '../../src/web/server';
import type { Answer, Watched, WatchingPage, WebSource } from '../../src/web/source';

export const TOKEN = 'a-token-that-only-tests-know';

export class PlainSource implements WebSource {
  text = '{"n":0}';
  stale: string | null = null;
  readonly pages = new Set<WatchingPage>();
  readonly heard: unknown[] = [];

  snapshot(): { text: string } | { reason: string } {
    return this.stale === null ? { text: this.text } : { reason: this.stale };
  }

  staleBecause(): string | null {
    return this.stale;
  }

  watch(page: WatchingPage): Watched {
    this.pages.add(page);
    page.send(this.message(page), 'view');
    return { hear: asked => this.heard.push(asked), close: () => this.pages.delete(page) };
  }

  change(text: string): void {
    this.text = text;
    for (const page of this.pages) page.send(this.message(page), 'view');
  }

  private message({ mayChange }: WatchingPage): string {
    return JSON.stringify({ mayChange, text: this.text });
  }
}

/** Takes changes and tells what it was asked. */
export class Adjuster {
  readonly asked: unknown[] = [];
  answer: Answer | Promise<Answer> = { status: 200, body: { state: 'taken' } };

  readonly adjust = async (asked: unknown): Promise<Answer> => {
    this.asked.push(asked);
    return this.answer;
  };
}

export interface Served {
  server: WebServer;
  source: PlainSource;
  adjuster: Adjuster;
  log: string[];
}

export async function serve(options: Partial<WebOptions> & { host?: string } = {}): Promise<Served> {
  const source = new PlainSource();
  const adjuster = new Adjuster();
  const log: string[] = [];
  const { host = '127.0.0.1', ...rest } = options;
  const server = new WebServer({
    address: await findAddress(host),
    port: 0,
    token: TOKEN,
    source,
    adjust: adjuster.adjust,
    assets: new Map([['/dashboard.js', { type: 'text/javascript; charset=utf-8', body: Buffer.from('1;\n') }]]),
    log: text => log.push(text),
    ...rest,
  });
  await server.listen();
  return { server, source, adjuster, log };
}

export interface Heard {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** As it came, for what is no answer. */
  raw: string;
}

/** Writes the bytes and reads until the server ends the connection. */
export function speak(port: number, text: string, host = '127.0.0.1'): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let raw = '';
    socket.setEncoding('latin1');
    socket.on('data', chunk => (raw += String(chunk)));
    socket.on('error', error => ((error as NodeJS.ErrnoException).code === 'ECONNRESET' ? undefined : reject(error)));
    socket.on('close', () => resolve(parse(raw)));
    socket.write(text, 'latin1');
  });
}

function parse(raw: string): Heard {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n'), raw };
}

let nNames = 0;
export const newName = (): string => `page-of-the-tests-${++nNames}`;

/** A page that watches: what it has heard, and the socket to do harm with. */
export class Watcher {
  text = '';
  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', chunk => (this.text += String(chunk)));
    socket.on('error', () => undefined);
  }

  static open(port: number, name = newName(), token = ''): Watcher {
    const socket = connect(port, '127.0.0.1');
    const query = `?page=${name}${token === '' ? '' : `&token=${token}`}`;
    socket.write(`GET /events${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    return new Watcher(socket);
  }

  get messages(): { mayChange: boolean; text: string }[] {
    const found = this.text.matchAll(/^data: (\{.*\})\r?$/gm);
    return [...found].map(([, json]) => JSON.parse(json ?? '') as { mayChange: boolean; text: string });
  }
}

export async function until(what: string, isSo: () => boolean, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`Waited ${withinMs / 1000} s for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
