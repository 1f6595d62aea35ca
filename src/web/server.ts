/**
 * The dashboard over HTTP: a handful of named paths, each request judged before anything looks at it (guard.ts), everything
 * bounded: headers, bodies, time, connections, watching pages. Files are held in memory under their names, so that no path of a
 * request ever reaches a disk. Beyond this machine it only shows, whatever it is handed.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { authoritiesOf, thisMachine, urlOf, withBrackets, type Address, type Machine } from './address';
import { EVENT_LIMITS, EventClients, type EventLimits } from './eventClients';
import { judge, MAX_BODY_BYTES, type Admitted, type House, type Refusal, type Route } from './guard';
import { page } from './page';
import { SERVER_NAME, type Adjust, type Answer, type Asset, type WebSource } from './source';

export interface WebLimits extends EventLimits {
  readonly maxConnections: number;
  /** For the headers of a request. */
  readonly headersMs: number;
  /** For the whole of it. */
  readonly requestMs: number;
  /** A connection on which nothing moves. */
  readonly silentMs: number;
  readonly maxTaking: number;
}

export const WEB_LIMITS: WebLimits = {
  ...EVENT_LIMITS,
  maxConnections: 64,
  headersMs: 5000,
  requestMs: 10_000,
  silentMs: 30_000,
  maxTaking: 8,
};

export interface WebOptions {
  readonly address: Address;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: string;
  readonly source: WebSource;
  /** Null: read-only. */
  readonly adjust: Adjust | null;
  /** By path, such as `/dashboard.js`. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly limits?: Partial<WebLimits>;
  readonly machine?: Machine;
  readonly log: (text: string) => void;
}

const HEADERS: Readonly<Record<string, string>> = {
  Server: SERVER_NAME,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
};

export class WebServer {
  private readonly server: Server;
  private readonly limits: WebLimits;
  private readonly clients: EventClients;
  private readonly machine: Machine;
  private readonly authorities = new Set<string>();
  private readonly house: House;
  private nTaking = 0;

  constructor(private readonly options: WebOptions) {
    this.limits = { ...WEB_LIMITS, ...options.limits };
    this.machine = options.machine ?? thisMachine();
    this.clients = new EventClients(options.source, this.limits);
    const routes = (kind: Route['kind'], paths: Iterable<string>) => [...paths].map(path => [path, { kind }] as const);
    this.house = {
      authorities: this.authorities,
      token: options.token,
      needsTokenToRead: !options.address.isLoopback,
      mayChange: options.adjust !== null && options.address.isLoopback,
      routes: new Map([
        ...routes('asset', options.assets.keys()),
        ...routes('read', ['/', '/snapshot.json', '/healthz', '/events']),
        ...routes('intent', ['/intent']),
        ...routes('change', ['/adjust']),
      ]),
    };
    this.server = createServer({
      maxHeaderSize: 8192,
      headersTimeout: this.limits.headersMs,
      requestTimeout: this.limits.requestMs,
      connectionsCheckingInterval: Math.min(1000, this.limits.headersMs / 2),
      keepAliveTimeout: 5000,
      insecureHTTPParser: false,
    });
    this.server.maxConnections = this.limits.maxConnections;
    this.server.setTimeout(this.limits.silentMs, socket => socket.destroy());
    this.server.on('request', (request, response) => this.hear(request, response));
    // The body is asked for only after the headers have been judged.
    this.server.on('checkContinue', (request, response) => this.hear(request, response));
    this.server.on('clientError', refuseNoise);
    this.server.on('upgrade', (_request, socket) => socket.destroy());
    this.server.on('connect', (_request, socket) => socket.destroy());
  }

  get mayChange(): boolean {
    return this.house.mayChange;
  }

  /** Pages that watch right now. */
  get nWatching(): number {
    return this.clients.n;
  }

  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? this.options.port;
  }

  /** With the token: for the person who may change things, or who may look from elsewhere. */
  get url(): string {
    return `${urlOf(this.options.address, this.port, this.machine)}?token=${this.options.token}`;
  }

  /** Rejects with the code of the operating system, such as EADDRINUSE. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host: this.options.address.address, port: this.options.port }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.server.on('error', error => this.options.log(`The dashboard's server: ${error.message}`));
    for (const each of authoritiesOf(this.options.address, this.port, this.machine)) this.authorities.add(each);
  }

  /** Also asked for under this name: VS Code forwards a port under another one. */
  admit(authority: string): void {
    this.authorities.add(authority.toLowerCase());
  }

  async close(): Promise<void> {
    this.clients.close();
    const closed = new Promise<void>(resolve => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private hear(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    const { method = '', url: target = '', headers, rawHeaders, socket } = request;
    // Where every address is served, an address that the machine got since then is one of its own too; a name never is.
    const { localAddress } = socket;
    if (this.options.address.isEvery && localAddress !== undefined)
      this.admit(`${withBrackets(localAddress.replace(/^::ffff:(?=\d+\.)/, ''))}:${this.port}`);
    const judged = judge({ method, target, headers, rawHeaders }, this.house);
    if ('refusal' in judged) return refuse(response, judged.refusal, method);
    try {
      this.answer(judged.admitted, request, response);
    } catch (error) {
      this.broke(error, response, method);
    }
  }

  private answer({ path, query, hasToken }: Admitted, request: IncomingMessage, response: ServerResponse): void {
    const method = request.method ?? '';
    switch (path) {
      case '/':
        return sendPage(response, method);
      case '/healthz': {
        const reason = this.options.source.staleBecause();
        return send(response, method, reason === null ? 200 : 503, 'text/plain; charset=utf-8', `${reason ?? 'OK'}\n`);
      }
      case '/snapshot.json': {
        const found = this.options.source.snapshot();
        if ('text' in found) return send(response, method, 200, 'application/json', found.text);
        return refuse(response, { status: 503, reason: found.reason }, method);
      }
      case '/events':
        return this.stream(response, method, query.get('page') ?? randomBytes(16).toString('hex'), hasToken);
      case '/intent':
        return void this.take(request, response, asked => this.intent(asked, hasToken));
      case '/adjust':
        return void this.take(request, response, this.options.adjust ?? READ_ONLY);
      default: {
        const asset = this.options.assets.get(path);
        if (asset !== undefined) return send(response, method, 200, asset.type, asset.body);
        return refuse(response, { status: 404, reason: 'Nothing is served under this path' }, method);
      }
    }
  }

  private stream(response: ServerResponse, method: string, name: string, hasToken: boolean): void {
    if (!PAGE_NAME.test(name)) {
      return refuse(response, { status: 400, reason: 'Expected a name for the page that watches' }, method);
    }
    if (!this.clients.hasRoomFor(name)) {
      const headers = { 'Retry-After': '5' };
      return refuse(response, { status: 503, reason: 'As many pages watch as can be served', headers }, method);
    }
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream', Connection: 'close' });
    if (method === 'HEAD') return void response.end();
    response.flushHeaders();
    this.clients.add(response, { name, mayChange: hasToken && this.mayChange });
  }

  /** What comes of it is told where the page watches. */
  private async intent(asked: unknown, hasToken: boolean): Promise<Answer> {
    const { page: name, intent } = (asked ?? {}) as Record<string, unknown>;
    const found = typeof name === 'string' ? this.clients.find(name) : null;
    if (found === null) return { status: 409, body: { error: 'No page of this name watches' } };
    if (found.mayChange && !hasToken) return { status: 401, body: { error: 'Expected the token' } };
    found.hear(intent);
    return { status: 202, body: {} };
  }

  private async take(request: IncomingMessage, response: ServerResponse, take: Adjust): Promise<void> {
    if (this.nTaking >= this.limits.maxTaking) {
      const headers = { 'Retry-After': '1' };
      return refuse(response, { status: 503, reason: 'Too many requests wait for their answer', headers }, 'POST');
    }
    this.nTaking++;
    try {
      const read = await readBody(request, response);
      if ('refusal' in read) return refuse(response, read.refusal, 'POST');
      sendAnswer(response, await take(read.value));
    } catch (error) {
      this.broke(error, response, 'POST');
    } finally {
      this.nTaking--;
    }
  }

  private broke(error: unknown, response: ServerResponse, method: string): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.options.log(`The dashboard's server: ${text}`);
    if (response.headersSent) response.destroy();
    else refuse(response, { status: 500, reason: 'Something went wrong here; the log says what' }, method);
  }
}

/** Made up by the page, long enough that no other one guesses it. Who only reads along needs none. */
const PAGE_NAME = /^[\w-]{16,64}$/;

const READ_ONLY: Adjust = () => Promise.resolve({ status: 403, body: { error: 'This dashboard is read-only' } });

function sendPage(response: ServerResponse, method: string): void {
  const { csp, html } = page(randomBytes(16).toString('base64'));
  response.setHeader('Content-Security-Policy', csp);
  send(response, method, 200, 'text/html; charset=utf-8', html);
}

function send(response: ServerResponse, method: string, status: number, type: string, body: string | Buffer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const headers = { ...HEADERS, ...response.getHeaders(), 'Content-Type': type, 'Content-Length': bytes.length };
  response.writeHead(status, headers);
  response.end(method === 'HEAD' ? undefined : bytes);
}

function sendAnswer(response: ServerResponse, { status, body }: Answer): void {
  if (!response.destroyed) send(response, 'POST', status, 'application/json', `${JSON.stringify(body)}\n`);
}

/** The connection ends with it: whatever else a refused request had to say is not read. */
function refuse(response: ServerResponse, { status, reason, headers }: Refusal, method: string): void {
  if (response.destroyed || response.headersSent) return;
  for (const [name, value] of Object.entries({ ...headers, Connection: 'close' })) response.setHeader(name, value);
  send(response, method, status, 'text/plain; charset=utf-8', `${reason}\n`);
}

/** What is no HTTP at all, came too slowly or is too long for headers. */
function refuseNoise(error: NodeJS.ErrnoException, socket: Duplex): void {
  const status = {
    HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
    ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  }[error.code ?? ''];
  if (!socket.writable || (socket as Socket).bytesWritten > 0) return void socket.destroy();
  socket.end(`HTTP/1.1 ${status ?? '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<{ value: unknown } | { refusal: Refusal }> {
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        return { refusal: { status: 413, reason: `Expected at most ${MAX_BODY_BYTES} bytes` } };
      }
      chunks.push(chunk);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { refusal: { status: 400, reason: 'Expected a body of JSON' } };
  }
}
