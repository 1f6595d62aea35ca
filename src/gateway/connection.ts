// One TCP connection: bytes to requests, fields to bytes. It greets, negotiates the version, hands requests on and gathers
// what is to be sent until `flush`, so that a simulated second leaves in one write. It decides nothing about the market.

import type { Socket } from 'node:net';
import { newYorkText } from './calendar';
import * as answers from './wire/answers';
import { Shaper, type Shape } from './faults/shaper';
import { encodeFrame, FrameDecoder, type Field } from './wire/frames';
import { readRequest, type Request } from './wire/requests';
import type { FaultHooks, Settings } from './options';

export interface ConnectionParts {
  readonly settings: Settings;
  readonly faults: FaultHooks;
  now(): number;
  /** A request of a client that has greeted. */
  request(connection: Connection, request: Request): void;
  /** All requests of one read have been handled: what they caused may go out, to everybody. */
  settled(): void;
  closed(connection: Connection, wasClean: boolean): void;
}

const congestedAt = 4 << 20;

export class Connection {
  /** 0 until negotiated. */
  version = 0;
  /** Half-open: bytes go nowhere in either direction. */
  isSilent = false;
  private readonly decoder = new FrameDecoder();
  private readonly shaper = new Shaper(bytes => this.write(bytes));
  private outgoing: Buffer[] = [];
  private isClosed = false;
  private hadError = false;
  private wasCut = false;
  private readonly startTimer: NodeJS.Timeout;

  constructor(
    readonly name: string,
    private readonly socket: Socket,
    private readonly parts: ConnectionParts,
  ) {
    socket.setNoDelay(true);
    socket.on('data', chunk => this.received(chunk));
    socket.on('error', () => {
      this.hadError = true;
    });
    socket.on('close', () => this.ended());
    this.startTimer = setTimeout(() => this.cut('no startApi in time'), parts.settings.startWithinSeconds * 1000);
    this.startTimer.unref();
  }

  /** startApi has come: the connection may stay. */
  started(): void {
    clearTimeout(this.startTimer);
  }

  send(fields: readonly Field[]): void {
    if (!this.isClosed && !this.isSilent) this.outgoing.push(encodeFrame(fields));
  }

  sendRaw(bytes: Buffer): void {
    if (!this.isClosed && !this.isSilent) this.outgoing.push(bytes);
  }

  flush(): void {
    if (this.outgoing.length === 0) return;
    const bytes = this.outgoing.length === 1 ? this.outgoing[0] : Buffer.concat(this.outgoing);
    this.outgoing = [];
    if (this.isClosed || bytes === undefined) return;
    this.shaper.push(bytes);
    // The real gateway does the same.
    if (this.unread > this.parts.settings.mostUnreadBytes) this.cut('reads too slowly');
  }

  /** How bytes leave from now on; without a shape as they come. */
  shape(shape: Shape | undefined): void {
    this.shaper.set(shape);
  }

  get isCongested(): boolean {
    return !this.isClosed && this.unread > congestedAt;
  }

  /** Ends after what is still to be sent. */
  close(): void {
    this.flush();
    this.shaper.release();
    this.socket.end();
  }

  /** Ends at once, as a fault does. */
  cut(reason: string): void {
    if (this.isClosed) return;
    this.parts.settings.log(`${this.name}: cut, ${reason}`);
    this.wasCut = true;
    this.outgoing = [];
    this.socket.destroy();
  }

  /** Ends without a word of warning, but after what has been sent. */
  cutAfterSending(reason: string): void {
    if (this.isClosed || this.wasCut) return;
    this.parts.settings.log(`${this.name}: cut, ${reason}`);
    this.flush();
    this.shaper.release();
    this.wasCut = true;
    this.socket.destroySoon();
  }

  private get unread(): number {
    return this.socket.writableLength + this.shaper.heldBytes;
  }

  private write(bytes: Buffer): void {
    if (!this.isClosed && !this.wasCut && !this.isSilent) this.socket.write(bytes);
  }

  private received(chunk: Buffer): void {
    if (this.isSilent) return;
    for (const incoming of this.decoder.push(chunk)) {
      if (this.isClosed || this.wasCut || this.isSilent) return;
      if (incoming.kind === 'garbage') return this.cut(incoming.reason);
      if (incoming.kind === 'greeting') this.greet(incoming.min, incoming.max);
      else if (incoming.fields.length > 0) this.parts.request(this, readRequest(incoming.fields, this.version));
    }
    this.flush();
    this.parts.settled();
  }

  private greet(min: number, max: number): void {
    const { settings, faults } = this.parts;
    if (faults.closeInHandshake) return this.cut('a closed handshake was ordered');
    if (faults.garbageInHandshake) {
      this.sendRaw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
      return;
    }
    const version = Math.min(max, settings.maxServerVersion);
    if (version < Math.max(min, settings.minServerVersion)) {
      settings.log(`${this.name}: client speaks ${min} to ${max}, this gateway ${settings.maxServerVersion} at most`);
      return this.close();
    }
    this.version = version;
    const told = Math.floor(this.parts.now() / 1000) + (faults.clockSkewSeconds ?? 0);
    this.send(answers.serverVersion(version, newYorkText(told)));
  }

  private ended(): void {
    this.isClosed = true;
    clearTimeout(this.startTimer);
    this.outgoing = [];
    this.shaper.close();
    this.parts.closed(this, !this.hadError && !this.wasCut);
  }
}
