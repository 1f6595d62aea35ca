// A simulated IB Gateway: listens, keeps who is connected under which client id, drives the clock and lets tests and scripts
// make its days bad. The way in to this room; it stands on node:net alone.

import { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ClientSession } from './clientSession';
import { Clock } from './clock';
import { Connection } from './connection';
import { FaultPlayer, type Stage } from './faults/player';
import { Floor } from './floor';
import { settingsOf, type FaultHooks, type GatewayOptions, type RestartOptions, type Settings } from './options';
import * as answers from './wire/answers';
import { noticeText } from './wire/notices';
import type { Outlet } from './faults/outlet';
import type { Shape } from './faults/shaper';
import type { Halt, SymbolMarket } from './market';
import type { TruthEntry } from './truthLog';
import type { Request } from './wire/requests';

export type { FaultHooks, GatewayOptions } from './options';
export type { TruthEntry } from './truthLog';

interface GatewayEvents {
  /** The clock has reached `until`. */
  end: [];
  /** A client has said startApi, or has gone. */
  client: [clientId: number, isConnected: boolean];
}

/** Listens, or rejects with the system's error (EADDRINUSE and its kin). */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const gateway = new Gateway(settingsOf(options), { ...options.faults });
  await gateway.listen();
  return gateway;
}

export class Gateway extends EventEmitter<GatewayEvents> {
  port = 0;
  private readonly floor: Floor;
  private readonly clock: Clock;
  private readonly connections = new Map<Connection, ClientSession | undefined>();
  private readonly clients = new Map<number, Connection>();
  /** Client ids that stay in use after an unclean close, with the wall time at which they are free. */
  private readonly heldIds = new Map<number, number>();
  private server: Server | undefined;
  private isSilent = false;
  private hasAskedTime = new WeakSet<Connection>();
  private connectionCount = 0;
  private isClosed = false;
  private readonly player: FaultPlayer | undefined;
  private readonly outlets = new Map<Connection, Outlet>();
  private shape: Shape | undefined;

  constructor(
    readonly settings: Settings,
    /** Bad days; may be changed while the gateway runs. */
    readonly faults: FaultHooks,
  ) {
    super();
    const { startsAt, until, speed, ticksPerSecond } = settings;
    const clock: Clock = new Clock({
      startsAt,
      until,
      speed,
      stepMs: 1000 / ticksPerSecond,
      step: now => this.step(now),
      flush: () => this.flush(),
      ended: () => this.emit('end'),
      isCongested: () => [...this.connections.keys()].some(one => one.isCongested),
    });
    this.clock = clock;
    this.floor = new Floor(
      settings,
      faults,
      () => clock.now,
      (clientId, event) => {
        const owner = this.clients.get(clientId);
        if (owner) this.connections.get(owner)?.tellOrder(event);
      },
    );
    if (settings.faultScript.length > 0) {
      this.player = new FaultPlayer(settings.faultScript, this.stage());
      this.player.begin();
    }
  }

  get host(): string {
    return this.settings.host;
  }

  /** What the exchange has executed so far. */
  get truth(): readonly TruthEntry[] {
    return this.floor.truth.entries;
  }

  /** Simulated time, epoch milliseconds. */
  now(): number {
    return this.clock.now;
  }

  get connectedClientIds(): readonly number[] {
    return [...this.clients.keys()];
  }

  async listen(): Promise<void> {
    const server = createServer(socket => this.accept(socket));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port || this.settings.port, this.settings.host, () => {
        server.off('error', reject);
        server.on('error', failure => this.settings.log(`listening socket: ${failure.message}`));
        resolve();
      });
    });
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    if (this.settings.lockstepClientId === undefined) this.clock.run();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.clock.close();
    await this.stopListening();
    this.floor.truth.close();
  }

  // ---- Bad days, by hand.

  /** Cuts every connection; clients may come back at once, each under its own id after the hold. */
  dropConnections(): void {
    for (const connection of [...this.connections.keys()]) connection.cut('dropped on request');
  }

  /** Half-open: nothing is read or written any more, on present and on new connections, until switched off. */
  goSilent(isSilent = true): void {
    this.isSilent = isSilent;
    if (isSilent) this.silencePresent();
  }

  /** A system notice to every client, such as 1100 or 2103. */
  sendInfo(code: number, text = noticeText(code)): void {
    for (const session of this.sessions()) session.error(-1, code, text);
    this.flush();
  }

  /** A hand trade elsewhere: the account's position is `shares` from now on. */
  setPosition(symbol: string, shares: number, averageCost?: number): void {
    const instrument = this.floor.listing.find(symbol);
    if (!instrument) throw new Error(`Expected a listed symbol, found "${symbol}"`);
    const cost = averageCost === undefined ? undefined : Math.round(averageCost * 10_000);
    this.floor.account.setPosition(instrument, shares, cost);
    this.flush();
  }

  /** The account's shares of a symbol, as the exchange has them. */
  positionOf(symbol: string): number {
    const instrument = this.floor.listing.find(symbol);
    return instrument ? this.floor.account.sharesOf(instrument) : 0;
  }

  /** 0 or false: trading again, 1 or true: halted, 2: volatility halt. */
  halt(symbol: string, halt: Halt | boolean = true): void {
    const instrument = this.floor.listing.find(symbol);
    if (!instrument) throw new Error(`Expected a listed symbol, found "${symbol}"`);
    this.floor.marketOf(instrument).setHalt(typeof halt === 'boolean' ? (halt ? 1 : 0) : halt);
    this.publishMarket();
    this.flush();
  }

  /** The daily restart: connections close, the port is deaf for a while, order ids may roll back, client ids may stay in use. */
  async restart(options: RestartOptions = {}): Promise<void> {
    const clientIds = this.connectedClientIds;
    await this.stopListening();
    this.floor.exchange.rollBackIds(options.rollBackIds ?? 0);
    await new Promise(resolve => setTimeout(resolve, options.downMs ?? 0));
    this.heldIds.clear();
    for (const id of clientIds) this.heldIds.set(id, performance.now() + (options.idHeldMs ?? 0));
    if (!this.isClosed) await this.listen();
  }

  // ---- Connections.

  private accept(socket: Socket): void {
    const name = `connection ${++this.connectionCount}`;
    const connection = new Connection(name, socket, {
      settings: this.settings,
      faults: this.faults,
      now: () => this.clock.now,
      request: (from, request) => this.request(from, request),
      settled: () => this.flush(),
      closed: (from, wasClean) => this.closed(from, wasClean),
    });
    connection.isSilent = this.isSilent;
    connection.shape(this.shape);
    this.connections.set(connection, undefined);
  }

  private request(connection: Connection, request: Request): void {
    const session = this.connections.get(connection);
    if (session) return this.handle(connection, session, request);
    if (request.type === 'startApi') return this.start(connection, request.clientId);
    this.settings.log(`${connection.name}: ${request.type} before startApi, ignored`);
  }

  private start(connection: Connection, clientId: number): void {
    if (this.isInUse(clientId)) {
      const text = 'Unable to connect as the client id is already in use. Retry with a unique client id.';
      connection.send(answers.error(-1, 326, text, connection.version));
      return connection.close();
    }
    connection.started();
    if (this.faults.halfFrame) {
      connection.sendRaw(Buffer.from([0, 0, 0, 14, 0x31, 0x35, 0, 0x31, 0, 0x53, 0x49]));
      return;
    }
    const session = new ClientSession({
      clientId,
      version: connection.version,
      floor: this.floor,
      send: this.senderFor(connection, clientId),
      askTime: () => this.askTime(connection, clientId),
      marketTouched: () => this.publishMarket(),
    });
    this.connections.set(connection, session);
    this.clients.set(clientId, connection);
    this.settings.log(`client ${clientId} connected, server version ${connection.version}`);
    if (this.isLockstep(clientId)) this.clock.halt();
    session.welcome();
    this.player?.settle();
    this.emit('client', clientId, true);
  }

  private handle(connection: Connection, session: ClientSession, request: Request): void {
    const verdict = this.settings.pacing === 'off' ? 'fine' : session.pace.count(performance.now());
    if (verdict !== 'fine') session.error(-1, 100, noticeText(100));
    if (verdict === 'close') return connection.cutAfterSending('more than 50 messages a second');
    const outlet = this.outlets.get(connection);
    if (!outlet || !this.player) return session.handle(request);
    const orderId = request.type === 'placeOrder' ? request.order.orderId : undefined;
    const fate = this.player.received(outlet, request.type, orderId);
    if (fate === 'handle') session.handle(request);
    else this.settings.log(`client ${session.clientId}: ${request.type} lost by script`);
    this.player.settle();
  }

  private senderFor(connection: Connection, clientId: number): (fields: answers.Fields) => void {
    const { player } = this;
    if (!player) return fields => connection.send(fields);
    const outlet = player.open(clientId, fields => connection.send(fields));
    this.outlets.set(connection, outlet);
    return fields => player.send(outlet, fields);
  }

  private isInUse(clientId: number): boolean {
    if (this.clients.has(clientId) || this.faults.refuseClientIds?.includes(clientId)) return true;
    return (this.heldIds.get(clientId) ?? 0) > performance.now();
  }

  private closed(connection: Connection, wasClean: boolean): void {
    const session = this.connections.get(connection);
    this.connections.delete(connection);
    const outlet = this.outlets.get(connection);
    if (outlet) this.player?.close(outlet);
    this.outlets.delete(connection);
    if (!session) return;
    const { clientId } = session;
    session.dispose();
    this.clients.delete(clientId);
    if (!wasClean) this.heldIds.set(clientId, performance.now() + this.settings.idHeldSeconds * 1000);
    this.settings.log(`client ${clientId} disconnected`);
    if (this.isLockstep(clientId)) {
      this.clock.forget();
      if (this.settings.whenLockstepGone === 'run' && !this.isClosed) this.clock.run();
    }
    this.emit('client', clientId, false);
  }

  private async stopListening(): Promise<void> {
    const { server } = this;
    for (const connection of [...this.connections.keys()]) connection.cut('the gateway closes');
    if (server) await new Promise(resolve => server.close(resolve));
    this.server = undefined;
  }

  // ---- Time.

  private isLockstep(clientId: number): boolean {
    return clientId === this.settings.lockstepClientId;
  }

  // The first question of a connection only tells the time: the clock stands still until the client has set itself up.
  private askTime(connection: Connection, clientId: number): void {
    const answer = (): void => {
      const fields = answers.currentTime(this.clock.seconds + (this.faults.clockSkewSeconds ?? 0));
      const outlet = this.outlets.get(connection);
      if (outlet) this.player?.send(outlet, fields);
      else connection.send(fields);
    };
    if (!this.isLockstep(clientId)) return answer();
    if (this.hasAskedTime.has(connection)) return this.clock.advanceFor(answer);
    this.hasAskedTime.add(connection);
    answer();
  }

  private step(now: number): void {
    this.playTimedFaults(now);
    this.player?.step(now);
    this.floor.step(now);
    for (const session of this.sessions()) session.publish();
    this.player?.settle();
  }

  private playTimedFaults(now: number): void {
    const elapsed = (now - this.settings.startsAt) / 1000;
    if (this.faults.dropAfter !== undefined && elapsed >= this.faults.dropAfter) {
      delete this.faults.dropAfter;
      this.dropConnections();
    }
    if (this.faults.silentAfter !== undefined && elapsed >= this.faults.silentAfter) {
      delete this.faults.silentAfter;
      this.silencePresent();
    }
  }

  private silencePresent(): void {
    for (const connection of this.connections.keys()) connection.isSilent = true;
  }

  private publishMarket(): void {
    for (const session of this.sessions()) session.publishMarket();
  }

  private flush(): void {
    for (const connection of this.connections.keys()) connection.flush();
  }

  private stage(): Stage {
    const { settings, floor } = this;
    const marketOf = (symbol: string): SymbolMarket | undefined => {
      const instrument = floor.listing.find(symbol);
      if (!instrument) settings.log(`fault: no stock ${symbol} is listed here`);
      return instrument && floor.marketOf(instrument);
    };
    return {
      hooks: this.faults,
      date: settings.date,
      startsAt: settings.startsAt,
      now: () => this.clock.now,
      log: line => settings.log(line),
      notice: (code, text) => this.sendInfo(code, text),
      cut: clientId => {
        for (const [connection, session] of [...this.connections]) {
          if (clientId === undefined || session?.clientId === clientId) connection.cutAfterSending('ordered by script');
        }
      },
      silence: isLasting => {
        this.flush();
        if (isLasting) this.goSilent();
        else this.silencePresent();
      },
      endSilence: () => this.goSilent(false),
      shape: shape => {
        this.shape = shape;
        for (const connection of this.connections.keys()) connection.shape(shape);
      },
      restart: options => {
        this.flush();
        const failed = (failure: unknown): void => settings.log(`restart: ${String(failure)}`);
        this.restart(options).catch(failed);
      },
      loseSubscriptions: () => [...this.sessions()].forEach(session => session.loseSubscriptions()),
      competingSession: () => [...this.sessions()].forEach(session => session.tellCompetingSession()),
      correct: (execId, change) => floor.exchange.correct(execId, Math.round(change * 10_000)),
      fillResting: () => floor.exchange.fillResting(),
      handTrade: (symbol, shares, cost) => void (marketOf(symbol) && this.setPosition(symbol, shares, cost)),
      halt: (symbol, value) => void (marketOf(symbol) && this.halt(symbol, value)),
      quote: (symbol, how) => marketOf(symbol)?.disturb(how),
      badPrint: (symbol, price) =>
        marketOf(symbol)?.print(this.clock.now / 1000 - 0.001, Math.round(price * 10_000), 100, 100, 1),
    };
  }

  private *sessions(): Iterable<ClientSession> {
    for (const session of this.connections.values()) if (session) yield session;
  }
}
