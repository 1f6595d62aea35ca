/**
 * A gateway for tests of single frames: it does as IB's does at the start of a connection, and what a test tells it for each
 * message after that. Unlike the project's simulator it has no market, and can say anything, broken things too.
 */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

export type Field = string | number;

/** One frame, with its closing NUL. */
export const frame = (...fields: Field[]): Buffer => frameOf(fields);

export function frameOf(fields: readonly Field[]): Buffer {
  const text = Buffer.from(fields.map(field => `${field}\0`).join(''));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
}

export class Peer {
  /** Every frame received after the handshake, in order. */
  readonly heard: string[][] = [];
  clientId = -1;
  isOpen = true;
  private rest = Buffer.alloc(0);
  private isGreeted = false;
  private readonly waiters: { id: number; n: number; done(frames: string[][]): void }[] = [];

  constructor(
    private readonly gateway: ScriptedGateway,
    readonly socket: Socket,
  ) {
    socket.on('data', data => this.receive(data));
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => (this.isOpen = false));
  }

  send(...fields: Field[]): void {
    this.raw(frame(...fields));
  }

  raw(bytes: Buffer): void {
    if (this.isOpen) this.socket.write(bytes);
  }

  of(id: number): string[][] {
    return this.heard.filter(fields => fields[0] === String(id));
  }

  /** Resolves once n messages of this number have come. */
  until(id: number, n = 1): Promise<string[][]> {
    return new Promise(done => {
      this.waiters.push({ id, n, done });
      this.wake();
    });
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) {
      const frames = this.of(waiter.id);
      if (frames.length < waiter.n) continue;
      this.waiters.splice(this.waiters.indexOf(waiter), 1);
      waiter.done(frames);
    }
  }

  private receive(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    if (!this.isGreeted) {
      if (this.rest.length < 8) return;
      const length = this.rest.readUInt32BE(4);
      if (this.rest.length < 8 + length) return;
      this.rest = this.rest.subarray(8 + length);
      this.isGreeted = true;
      this.gateway.script.greet(this);
    }
    while (this.rest.length >= 4 && this.rest.length >= 4 + this.rest.readUInt32BE(0)) {
      const length = this.rest.readUInt32BE(0);
      const fields = this.rest
        .toString('utf8', 4, 4 + length)
        .split('\0')
        .slice(0, -1);
      this.rest = this.rest.subarray(4 + length);
      this.heard.push(fields);
      this.gateway.script.on[Number(fields[0])]?.(this, fields);
      this.wake();
    }
  }
}

type Answer = (peer: Peer, fields: string[]) => void;

export interface Script {
  account: string;
  nextOrderId: number;
  greet(peer: Peer): void;
  on: Record<number, Answer | undefined>;
}

export const contractDetails = (
  id: string,
  symbol: string,
  conId: number,
  hours = '20261123:0930-20261123:1600;20261122:CLOSED',
): Field[] =>
  [
    10,
    id,
    symbol,
    'STK',
    '',
    '',
    0,
    '',
    'SMART',
    'USD',
    symbol,
    'NMS',
    'NMS',
    conId,
    0.01,
    '',
    'LMT',
    'NYSE,SMART',
    1,
    0,
  ]
    .concat(['A Company', 'NYSE', '', '', '', '', 'US/Eastern', '', hours, '', ''])
    .concat([0, 1, '', '', '32,26', '', 'COMMON', 0.0001, 0.0001, 100, 0]);

export class ScriptedGateway {
  readonly peers: Peer[] = [];
  readonly script: Script = {
    account: 'DU1234567',
    nextOrderId: 100,
    greet: peer => peer.send(193, '20261123 10:00:00 US/Eastern'),
    on: {
      71: (peer, fields) => {
        peer.clientId = Number(fields[2]);
        peer.send(15, 1, this.script.account);
        peer.send(9, 1, this.script.nextOrderId);
      },
      49: peer => peer.send(49, 1, Math.floor(Date.now() / 1000)),
      17: peer => peer.send(15, 1, this.script.account),
      61: peer => peer.send(62, 1),
      16: peer => peer.send(53, 1),
      7: (peer, fields) => peer.send(55, 1, fields[2] ?? ''),
      9: (peer, fields) => {
        peer.send(...contractDetails(fields[2] ?? '', fields[4] ?? '', 1000 + (fields[4] ?? '').length));
        peer.send(52, 1, fields[2] ?? '');
      },
      91: (peer, fields) => peer.send(93, fields[1] ?? '', 2, 0, 0.0001, 1, 0.01),
      1: (peer, fields) => peer.send(58, 1, fields[2] ?? '', 1),
      20: (peer, fields) => peer.send(17, fields[1] ?? '', '', '', 0),
    },
  };
  port = 0;
  private readonly server = createServer(socket => {
    const peer = new Peer(this, socket);
    this.peers.push(peer);
    this.arrivals.splice(0).forEach(done => done(peer));
  });
  private readonly arrivals: ((peer: Peer) => void)[] = [];

  async listen(): Promise<this> {
    await new Promise<void>(done => this.server.listen(0, '127.0.0.1', done));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  nextPeer(): Promise<Peer> {
    return new Promise(done => this.arrivals.push(done));
  }

  get peer(): Peer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error('Nobody has connected');
    return peer;
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise<void>(done => this.server.close(() => done()));
  }
}
