/**
 * One connection to a gateway: from TCP connect through the handshake to its end, over a client library whose sharp edges
 * end here. Nothing is queued for another connection, no exception leaves it unseen, and each received frame is bracketed.
 * It knows when the gateway is ready, and nothing of market data or orders.
 */
import type { Contract, IBApi, Order } from '@stoqey/ib';
import { EventName } from '@stoqey/ib';
import type { BrokerProblem } from '../port';
import { excerpt, FrameReader, textOf } from './frameReader';
import { meaningOf } from './codes';
import type { Library } from './libraryParts';
import { orderFrame, type OrderSlots, type PreparedOrder } from './orderFrames';
import { createLibrary } from './libraryParts';

export interface Greeting {
  accounts: string[];
  nextOrderId: number;
  serverVersion: number;
}

export interface LinkHandlers {
  /** Next order id and accounts are known: requests may be sent. */
  ready(greeting: Greeting): void;
  /** Called once, whatever ended the connection. */
  ended(problem: BrokerProblem): void;
  /** Errors and news of the gateway, which the library gives out on two different events; -1 is about no request. */
  message(about: number, code: number, text: string): void;
  frameDone(): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

type Handler = (...args: never[]) => void;

/** The versions whose text layouts the library knows; a newer gateway negotiates down to the newest of them. */
const oldestVersion = 100;
const newestVersion = 193;
/** How long a gateway may take to close its side. */
const closeWithinMs = 500;

export class Link {
  private readonly library: Library;
  private readonly frames = new FrameReader();
  private state: 'connecting' | 'shaking' | 'ready' | 'ended' = 'connecting';
  private accounts: string[] | undefined;
  private nextOrderId: number | undefined;
  private socketError: NodeJS.ErrnoException | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** The first bytes that came, to tell a person what it is that is no gateway. */
  private opening: Buffer = Buffer.alloc(0);
  /** ms of the monotonic clock when the last whole frame came. */
  lastFrameAt = performance.now();

  constructor(
    private readonly where: { host: string; port: number; clientId: number; connectTimeoutMs: number },
    private readonly handlers: LinkHandlers,
  ) {
    this.library = createLibrary(where.host, where.port, where.clientId);
    if (!this.library.decoderPatched)
      handlers.log('warn', 'The client library has another decoder than expected: long downloads will be slow');
    this.on(EventName.nextValidId, (id: number) => {
      this.nextOrderId ??= id;
      this.becomeReady();
    });
    this.on(EventName.managedAccounts, (list: string) => {
      this.accounts ??= list.split(',').filter(name => name !== '');
      this.becomeReady();
    });
    this.on(EventName.info, (text: string, code: number) => this.hear(-1, code, text));
    this.on(EventName.error, (error: Error, code: number, about: number) => this.hear(about, code, error.message));
    this.on(EventName.disconnected, () => this.end(this.endProblem()));
  }

  connect(): void {
    const { socket, api } = this.library;
    socket.onData = data => this.guard(() => this.receive(data));
    this.timer = setTimeout(() => this.end(this.silence()), this.where.connectTimeoutMs);
    api.connect();
    // Without this a burst of orders waits some 40 ms for the acknowledgement of the first one.
    socket.client?.setNoDelay(true);
    socket.client?.setKeepAlive(true, 10_000);
    socket.client?.on('error', error => (this.socketError = error));
    socket.client?.on('connect', () => {
      if (this.state === 'connecting') this.state = 'shaking';
    });
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }

  /** Listens to the library; an exception in a handler would leave the library in a state nobody knows. */
  on(event: EventName, handler: Handler): void {
    const emitter = this.library.api as unknown as { on(name: string, listener: Handler): void };
    emitter.on(event, (...args) => this.guard(() => handler(...args)));
  }

  /** Sends a request within this call, or throws and ends the connection. */
  send(request: (api: IBApi) => void): void {
    this.orEnd(() => {
      const before = this.library.written();
      request(this.library.api);
      if (this.library.written() <= before) throw new Error('The client library did not send a request');
    });
  }

  /** Sends an order, or throws and ends the connection. */
  sendOrder(prepared: PreparedOrder, values: OrderSlots): void {
    this.orEnd(() => this.library.write(orderFrame(prepared, values)));
  }

  /** Asks the library what it would send; a library that cannot say is one that nobody knows the state of. */
  prepareOrder(contract: Contract, order: Order): PreparedOrder {
    return this.orEnd(() => this.library.orderFrames.prepare(contract, order));
  }

  private orEnd<Result>(action: () => Result): Result {
    if (!this.isReady) throw new Error('There is no connection to the gateway');
    try {
      return action();
    } catch (error) {
      this.end(this.fault(error));
      throw error;
    }
  }

  /** Ends the connection without telling anyone. */
  close(): void {
    const wasConnected = this.state === 'ready' || this.state === 'shaking';
    this.state = 'ended';
    clearTimeout(this.timer);
    this.library.socket.onData = () => undefined;
    this.library.api.removeAllListeners();
    const { client } = this.library.socket;
    if (!client || !wasConnected) return void client?.destroy();
    // Destroyed at once, with something unread, the socket would be reset, and the gateway would lose the cancels that
    // were sent last. (The library's own disconnect does that.)
    const timer = setTimeout(() => client.destroy(), closeWithinMs);
    timer.unref();
    client.once('close', () => clearTimeout(timer));
    client.end();
  }

  end(problem: BrokerProblem): void {
    if (this.state === 'ended') return;
    this.close();
    this.handlers.ended(problem);
  }

  private receive(data: Buffer): void {
    if (this.opening.length < 64) this.opening = Buffer.concat([this.opening, data.subarray(0, 64)]);
    const isGateway = this.frames.push(data, frame => {
      const text = textOf(frame);
      if (this.library.api.serverVersion === 0 && !this.isGreeting(text)) return false;
      this.lastFrameAt = performance.now();
      this.library.hear(text);
      if (!this.hasEnded()) this.handlers.frameDone();
      return !this.hasEnded();
    });
    if (!isGateway) this.end(this.garbage(excerpt(this.opening)));
  }

  private isGreeting(text: string): boolean {
    const version = /^(\d{1,9})\0/.exec(text)?.[1];
    if (version !== undefined && oldestVersion <= Number(version) && Number(version) <= newestVersion) return true;
    this.end(this.garbage(version === undefined ? excerpt(this.opening) : `server version ${version}`));
    return false;
  }

  private becomeReady(): void {
    if (this.state === 'ready' || this.accounts === undefined || this.nextOrderId === undefined) return;
    clearTimeout(this.timer);
    this.state = 'ready';
    const { accounts, nextOrderId } = this;
    // The library lets requests through only after its own listeners of nextValidId have run.
    queueMicrotask(() =>
      this.guard(() =>
        this.handlers.ready({ accounts, nextOrderId, serverVersion: this.library.api.serverVersion ?? 0 }),
      ),
    );
  }

  private hear(about: number, code: number, text: string): void {
    const { host, port, clientId } = this.where;
    if (meaningOf(code) === 'clientIdInUse') return this.end({ code: 'clientIdInUse', host, port, clientId });
    // Of its own codes for a broken socket the library follows up with `disconnected`, which tells more.
    if (meaningOf(code) !== 'noConnection') this.handlers.message(about, code, text);
  }

  /** Runs what could throw; after a throw nobody knows the library's state, so the connection ends. */
  guard(action: () => void): void {
    if (this.state === 'ended') return;
    try {
      action();
    } catch (error) {
      this.handlers.log('error', `While handling a message of the gateway: ${stackOf(error)}`);
      this.end(this.fault(error));
    }
  }

  private endProblem(): BrokerProblem {
    const { host, port } = this.where;
    if (this.state === 'ready')
      return { code: 'linkLost', host, port, text: this.socketError?.message ?? 'connection closed' };
    if (this.state === 'shaking') return { code: 'closedInHandshake', host, port };
    return this.socketError?.code === 'ETIMEDOUT' ? this.silence() : { code: 'nothingListens', host, port };
  }

  private silence(): BrokerProblem {
    const { host, port, connectTimeoutMs } = this.where;
    return { code: 'noAnswer', host, port, seconds: Math.round(connectTimeoutMs / 1000) };
  }

  private garbage(found: string): BrokerProblem {
    const { host, port } = this.where;
    if (this.state === 'ready') return { code: 'linkLost', host, port, text: `unreadable data: ${found}` };
    return { code: 'notAGateway', host, port, found };
  }

  private fault(error: unknown): BrokerProblem {
    const { host, port } = this.where;
    return { code: 'linkLost', host, port, text: error instanceof Error ? error.message : String(error) };
  }

  private hasEnded(): boolean {
    return this.state === 'ended';
  }
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
