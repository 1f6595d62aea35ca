/**
 * Cuts the byte stream of a gateway into frames: a length in four bytes, then as many bytes. It stands in for the client
 * library's own cutter, which copies the whole buffer for each piece, glues a frame without its closing NUL to the next one,
 * and loops for ever on a length of −4. It does not know what is in a frame.
 */
import { isUtf8 } from 'node:buffer';

/** What the library and IB's own clients accept at most. */
const maxFrameBytes = 0xffffff;
/** The first frame holds a version and a time. A longer one is the text of some other server, read as a length. */
const maxGreetingBytes = 1000;

export class FrameReader {
  private limit = maxGreetingBytes;
  private pieces: Buffer[] = [];
  private held = 0;
  private wanted = 4;

  /** Hands each complete frame to `onFrame` until that says false. False when the bytes cannot be a gateway's. */
  push(piece: Buffer, onFrame: (frame: Buffer) => boolean): boolean {
    this.pieces.push(piece);
    this.held += piece.length;
    if (this.held < this.wanted) return true;
    const buffer = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces, this.held);
    let at = 0;
    this.wanted = 4;
    while (buffer.length - at >= 4) {
      const length = buffer.readUInt32BE(at);
      if (length === 0 || length > this.limit) return false;
      if (buffer.length - at - 4 < length) {
        this.wanted = 4 + length;
        break;
      }
      if (!onFrame(buffer.subarray(at + 4, at + 4 + length))) return true;
      this.limit = maxFrameBytes;
      at += 4 + length;
    }
    this.pieces = at < buffer.length ? [buffer.subarray(at)] : [];
    this.held = buffer.length - at;
    return true;
  }
}

/** The text of a frame, closed by NUL as the library needs it. TWS on Windows can send Latin-1. */
export function textOf(frame: Buffer): string {
  const text = frame.toString(isUtf8(frame) ? 'utf8' : 'latin1');
  return text.endsWith('\0') ? text : text + '\0';
}

/** The first bytes of something that is no gateway, for a person to read. */
export function excerpt(bytes: Buffer): string {
  const text = bytes.subarray(0, 60).toString('latin1');
  const readable = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return readable.length >= 4 ? readable : bytes.subarray(0, 16).toString('hex');
}
