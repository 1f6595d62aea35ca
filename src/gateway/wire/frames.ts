// Frames of the TWS protocol, server side: bytes in, handshake and field lists out; field lists in, bytes out. It accepts
// any split of the bytes and any length a stranger may claim, and never holds more than one frame's worth of a lie.

/** What a client may send in one frame: real requests stay far below. */
const longestFrame = 1 << 20;
const longestGreeting = 512;

export type Incoming =
  | { readonly kind: 'greeting'; readonly min: number; readonly max: number }
  | { readonly kind: 'frame'; readonly fields: readonly string[] }
  | { readonly kind: 'garbage'; readonly reason: string };

/** Incremental: `push` takes what the socket brought and returns what is complete. After garbage it is silent. */
export class FrameDecoder {
  private chunks: Buffer[] = [];
  private held = 0;
  private hasGreeted = false;
  private isBroken = false;
  /** Bytes that must be there before it is worth looking again: a slow drip is not gathered byte by byte. */
  private needed = 0;

  push(chunk: Buffer): readonly Incoming[] {
    const found: Incoming[] = [];
    if (this.isBroken) return found;
    this.chunks.push(chunk);
    this.held += chunk.length;
    for (let next = this.next(); next; next = this.next()) {
      found.push(next);
      if (next.kind === 'garbage') {
        this.isBroken = true;
        this.chunks = [];
        this.held = 0;
        break;
      }
    }
    return found;
  }

  private next(): Incoming | undefined {
    if (this.held < this.needed || this.held === 0) return undefined;
    return this.hasGreeted ? this.nextFrame() : this.nextGreeting();
  }

  // `API\0`, a length, and the versions as bare text: the only piece of the protocol without a closing NUL.
  private nextGreeting(): Incoming | undefined {
    const start = this.peek(Math.min(this.held, 4));
    if (start.toString('latin1') !== 'API\0'.slice(0, start.length)) {
      return { kind: 'garbage', reason: 'expected "API" and NUL at the start of the connection' };
    }
    if (this.held < 8) return undefined;
    const length = this.peek(8).readUInt32BE(4);
    if (length > longestGreeting) {
      return { kind: 'garbage', reason: `expected a greeting of at most ${longestGreeting} bytes, found ${length}` };
    }
    if (this.held < 8 + length) return this.wait(8 + length);
    const text = this.take(8 + length).toString('latin1', 8);
    const versions = /^v(\d{1,6})(?:\.\.(\d{1,6}))?(?:[\s\0]|$)/.exec(text);
    if (!versions) return { kind: 'garbage', reason: 'expected client versions such as v100..193' };
    this.hasGreeted = true;
    return { kind: 'greeting', min: Number(versions[1]), max: Number(versions[2] ?? versions[1]) };
  }

  private nextFrame(): Incoming | undefined {
    if (this.held < 4) return undefined;
    const length = this.peek(4).readUInt32BE(0);
    if (length > longestFrame) {
      return { kind: 'garbage', reason: `expected a frame of at most ${longestFrame} bytes, found ${length}` };
    }
    if (this.held < 4 + length) return this.wait(4 + length);
    const payload = this.take(4 + length).toString('utf8', 4);
    // Every field is closed by NUL, so splitting leaves one empty piece at the end; a client that forgets the last NUL is
    // understood all the same.
    const fields = payload.split('\0');
    if (fields[fields.length - 1] === '') fields.pop();
    return { kind: 'frame', fields };
  }

  private wait(needed: number): undefined {
    this.needed = needed;
    return undefined;
  }

  private peek(length: number): Buffer {
    this.gather();
    return (this.chunks[0] ?? Buffer.alloc(0)).subarray(0, length);
  }

  private take(length: number): Buffer {
    this.gather();
    const all = this.chunks[0] ?? Buffer.alloc(0);
    this.chunks = length < all.length ? [all.subarray(length)] : [];
    this.held -= length;
    this.needed = 0;
    return all.subarray(0, length);
  }

  private gather(): void {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
  }
}

export type Field = string | number;

/** One frame: big-endian length, then the fields, each closed by NUL, the last too. */
export function encodeFrame(fields: readonly Field[]): Buffer {
  const payload = fields.join('\0') + '\0';
  const length = Buffer.byteLength(payload);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length, 0);
  frame.write(payload, 4);
  return frame;
}
