// A bare client of the TWS protocol for the gateway's tests: it sends fields and keeps the frames that come. It knows no
// message beyond the greeting, so that it shares no mistake with the gateway or with the client library.

import { connect, type Socket } from 'node:net';
import { encodeFrame, type Field } from '../../src/gateway/wire/frames';

export type Frame = readonly string[];

export class RawClient {
  readonly frames: Frame[] = [];
  isEnded = false;
  private held = Buffer.alloc(0);
  private wake: (() => void)[] = [];
  private read = 0;

  private constructor(readonly socket: Socket) {
    socket.on('data', chunk => this.received(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isEnded = true;
      this.notify();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Greets, says startApi and waits until the gateway is ready. */
  static async ready(port: number, clientId: number, versions = 'v100..193'): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.greet(versions);
    await client.next(() => true);
    client.send(71, 2, clientId, '');
    await client.next(frame => frame[0] === '9');
    return client;
  }

  greet(versions: string): void {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(versions.length);
    this.socket.write(Buffer.concat([Buffer.from('API\0'), length, Buffer.from(versions)]));
  }

  send(...fields: Field[]): void {
    this.socket.write(encodeFrame(fields));
  }

  /** The first frame not yet looked at that fits; those before it are passed over. */
  async next(fits: (frame: Frame) => boolean, withinMs = 5000): Promise<Frame> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      while (this.read < this.frames.length) {
        const frame = this.frames[this.read++];
        if (frame && fits(frame)) return frame;
      }
      if (this.isEnded) throw new Error('Expected a frame, found the end of the connection');
      if (performance.now() > deadline) throw new Error(`Expected a frame within ${withinMs} ms, found none that fits`);
      await this.more(deadline - performance.now());
    }
  }

  /** The answer to a question that ends with a frame of its own: everything up to that one. */
  async until(ends: (frame: Frame) => boolean): Promise<readonly Frame[]> {
    const from = this.read;
    await this.next(ends);
    return this.frames.slice(from, this.read);
  }

  /** What came since the last look, once the gateway has answered a question about the next order id. */
  async settled(): Promise<readonly Frame[]> {
    this.send(8, 1, 1);
    const frames = await this.until(frame => frame[0] === '9');
    return frames.slice(0, -1);
  }

  /** The lockstep client's way of letting `n` seconds pass; returns the frames of those seconds. */
  async seconds(n: number): Promise<readonly Frame[]> {
    const from = this.read;
    for (let i = 0; i < n; i++) {
      this.send(49, 1);
      await this.next(frame => frame[0] === '49', 30_000);
    }
    return this.frames.slice(from, this.read).filter(frame => frame[0] !== '49');
  }

  async ended(withinMs = 5000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.isEnded) {
      if (performance.now() > deadline) throw new Error('Expected the gateway to close the connection');
      await this.more(deadline - performance.now());
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private received(chunk: Buffer): void {
    this.held = Buffer.concat([this.held, chunk]);
    while (this.held.length >= 4) {
      const length = this.held.readUInt32BE(0);
      if (this.held.length < 4 + length) break;
      const fields = this.held.toString('utf8', 4, 4 + length).split('\0');
      if (fields.pop() !== '') throw new Error('Expected every field to be closed by NUL');
      this.frames.push(fields);
      this.held = this.held.subarray(4 + length);
    }
    this.notify();
  }

  private more(withinMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, Math.max(1, withinMs));
      this.wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private notify(): void {
    for (const wake of this.wake.splice(0)) wake();
  }
}

/** The twelve contract fields of a stock. */
export function stock(symbol: string): readonly Field[] {
  return [0, symbol, 'STK', '', 0, '', '', 'SMART', '', 'USD', '', ''];
}

export interface PlainOrder {
  readonly id: number;
  readonly symbol?: string;
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly type?: string;
  readonly limit?: number | string;
  readonly aux?: number;
  readonly tif?: string;
  readonly ref?: string;
  readonly transmit?: boolean;
  readonly outsideRth?: boolean;
}

/** placeOrder as the client library sends a plain order at 193: 118 fields, nearly all of them empty. */
export function placeOrder(order: PlainOrder): readonly Field[] {
  const fields: Field[] = new Array<Field>(118).fill('');
  const at = (index: number, value: Field): void => void (fields[index] = value);
  at(0, 3);
  at(1, order.id);
  stock(order.symbol ?? 'RCAT').forEach((value, i) => at(2 + i, value));
  at(16, order.action);
  at(17, order.quantity);
  at(18, order.type ?? 'LMT');
  at(19, order.limit ?? '');
  at(20, order.aux ?? '');
  at(21, order.tif ?? 'IOC');
  at(26, order.ref ?? '');
  at(27, order.transmit === false ? 0 : 1);
  at(33, order.outsideRth ? 1 : 0);
  return fields;
}

/** An order's frames in short: `openOrder PreSubmitted`, `status Filled 100`, `exec 100`, `commission`, `error 202`. */
export function story(frames: readonly Frame[]): readonly string[] {
  return frames.flatMap(frame => {
    switch (frame[0]) {
      case '5':
        return [`openOrder ${frame[93]}`];
      case '3':
        return [`status ${frame[2]} ${frame[3]}`];
      case '11':
        return [`exec ${frame[19]}`];
      case '59':
        return ['commission'];
      case '61':
        return [`position ${frame[14]}`];
      case '4':
        return [`error ${frame[3]}`];
      default:
        return [];
    }
  });
}
