/**
 * Makes the client library's decoder linear. As published it takes each field off the front of an array and copies the array
 * for each message: 10,000 bars block the process for six seconds. Here one message is one array with a reading position.
 * Also, the size that comes with a bid is not lost, and an error whose extra JSON is broken is still decoded. Applied to one decoder object, never to the library.
 */
import { version as libraryVersion } from '@stoqey/ib/package.json';

/** The library version whose decoder was read when this was written. */
export const patchedVersion = '1.6.10';

interface Emitted {
  name: string;
  args: unknown[];
}

/** The private parts of the library's Decoder that the patch reads or replaces. */
export interface LibraryDecoder {
  callback: {
    emitEvent(name: string, ...args: unknown[]): void;
    emitError(text: string, code: number, id?: number, extra?: unknown): void;
    emitInfo(text: string, code: number): void;
  };
  dataQueue: unknown[];
  emitQueue: Emitted[];
  serverVersion: number;
  enqueueMessage(tokens: string[]): void;
  readStr(): string;
  readInt(): number;
  readDouble(): number | undefined;
  readDecimal(): number | undefined;
  readBool(): boolean;
  drainQueue(): void;
  process(): void;
  processMsg(id: number): void;
  decodeUnicodeEscapedString(text: string): string;
  decodeMsg_TICK_PRICE(): void;
  decodeMsg_ERR_MSG(): void;
}

const methods = [
  'enqueueMessage',
  'readStr',
  'readInt',
  'readDouble',
  'readDecimal',
  'readBool',
  'drainQueue',
  'process',
  'processMsg',
  'decodeUnicodeEscapedString',
  'decodeMsg_TICK_PRICE',
  'decodeMsg_ERR_MSG',
] as const;

/** The type of the size that a price frame carries beside a bid, ask or last. */
const sizeTypes = new Map([
  [1, 0],
  [2, 3],
  [4, 5],
  [66, 69],
  [67, 70],
  [68, 71],
]);

/** The library's own code for a message that it could not decode. */
const decodingTrouble = 505;

/** False, and the decoder left as it is, when the library is not the one this was written for. */
export function patchDecoder(decoder: object, version: string = libraryVersion): decoder is LibraryDecoder {
  if (version !== patchedVersion || !hasExpectedShape(decoder)) return false;
  let tokens: string[] = [];
  let head = 0;

  decoder.enqueueMessage = message => {
    tokens = message;
    head = 0;
  };
  decoder.readStr = () => {
    const token = tokens[head];
    if (token === undefined) throw new Underrun();
    head++;
    return token;
  };
  decoder.drainQueue = () => {
    head = tokens.length;
  };
  decoder.process = () => {
    if (head >= tokens.length) return;
    decoder.emitQueue = [];
    let id = -1;
    try {
      id = decoder.readInt();
      decoder.processMsg(id);
      const left = tokens.length - head;
      if (left > 0) decoder.callback.emitError(`Message ${id} has ${left} fields too many`, decodingTrouble);
    } catch (error) {
      if (!(error instanceof Underrun)) throw error;
      decoder.callback.emitError(`Message ${id} is too short: ${tokens.length} fields`, decodingTrouble);
    }
    decoder.drainQueue();
    const events = decoder.emitQueue;
    decoder.emitQueue = [];
    for (const event of events) decoder.callback.emitEvent(event.name, ...event.args);
  };
  // The library asks `if (sizeType)`, and the type of a bid's size is 0.
  decoder.decodeMsg_TICK_PRICE = () => {
    const version = decoder.readInt();
    const id = decoder.readInt();
    const type = decoder.readInt();
    const price = decoder.readDouble();
    const size = version >= 2 ? decoder.readDecimal() : undefined;
    const canAutoExecute = version >= 3 ? decoder.readBool() : undefined;
    decoder.emitQueue.push({ name: 'tickPrice', args: [id, type, price, canAutoExecute] });
    const sizeType = sizeTypes.get(type);
    if (version >= 2 && sizeType !== undefined)
      decoder.emitQueue.push({ name: 'tickSize', args: [id, sizeType, size] });
  };
  const decodeError = decoder.decodeMsg_ERR_MSG.bind(decoder);
  decoder.decodeMsg_ERR_MSG = () => {
    const start = head;
    try {
      decodeError();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // The reject itself counts, not the JSON beside it: read id, code and text again, without it.
      head = start;
      decoder.readInt();
      const about = decoder.readInt();
      const code = decoder.readInt();
      const text = decoder.decodeUnicodeEscapedString(decoder.readStr());
      decoder.drainQueue();
      if (about === -1) decoder.callback.emitInfo(text, code);
      else decoder.callback.emitError(text, code, about);
    }
  };
  return true;
}

class Underrun extends Error {
  override name = 'UnderrunError';
}

function hasExpectedShape(decoder: object): decoder is LibraryDecoder {
  const parts = decoder as Partial<Record<string, unknown>>;
  return (
    Array.isArray(parts['dataQueue']) &&
    Array.isArray(parts['emitQueue']) &&
    typeof parts['callback'] === 'object' &&
    methods.every(name => typeof parts[name] === 'function')
  );
}
