/**
 * Frames of orders, prepared: the client library encodes an order of each symbol and kind once, with marks where orders differ,
 * and from then on the marks are filled in. Its encoder asks a hundred questions about every order; the answers are the same for
 * all of ours, and an order is in a hurry. What goes out is what the library would have sent, to the byte.
 */
import type { Contract, Order } from '@stoqey/ib';
import { fieldText } from './frameWriter';

/** What the library would send for an order, as fields. */
export type Encode = (orderId: number, contract: Contract, order: Order) => readonly unknown[];

/** What differs between two orders of one symbol and kind. */
export interface OrderSlots {
  readonly id: number;
  readonly action: string;
  /** Shares. */
  readonly quantity: number;
  /** USD: the limit, or the stop's price. */
  readonly price: number;
  /** Printable ASCII. */
  readonly ref: string;
}

/** Nothing else in an order reads so. */
const marks: OrderSlots = {
  id: 2_000_000_011,
  action: 'THE ACTION',
  quantity: 777_013,
  price: 777_017.25,
  ref: 'THE REF',
};

const slotNames = Object.keys(marks) as (keyof OrderSlots)[];

/** The frame of all orders of one symbol and kind. */
export interface PreparedOrder {
  /** In the order of the frame. */
  readonly slots: readonly (keyof OrderSlots)[];
  /** The bytes before each slot, and what follows the last one. */
  readonly pieces: readonly Uint8Array[];
  readonly nBytes: number;
}

export class OrderFrames {
  constructor(private readonly encode: Encode) {}

  /** Of the order, only what is no slot counts. */
  prepare(contract: Contract, order: Order): PreparedOrder {
    const price = order.lmtPrice === undefined ? { auxPrice: marks.price } : { lmtPrice: marks.price };
    const marked = { ...order, action: marks.action, totalQuantity: marks.quantity, orderRef: marks.ref, ...price };
    const slots: (keyof OrderSlots)[] = [];
    const texts: string[] = [''];
    for (const field of this.encode(marks.id, contract, marked as never).flat(Infinity)) {
      const slot = slotNames.find(name => marks[name] === field);
      if (slot === undefined) texts[texts.length - 1] += fieldText(field);
      else {
        slots.push(slot);
        texts.push('');
      }
      texts[texts.length - 1] += '\0';
    }
    if ([...slots].sort().join() !== [...slotNames].sort().join())
      throw new Error(`The client library encodes an order in an unknown way: ${slots.join()}`);
    const pieces = texts.map(text => new Uint8Array(Buffer.from(text)));
    return { slots, pieces, nBytes: pieces.reduce((sum, piece) => sum + piece.length, 0) };
  }
}

/** Bytes are put together here, without a call out of JavaScript: a real order is rare, and each such call is a cold one. */
export function orderFrame({ slots, pieces, nBytes }: PreparedOrder, values: OrderSlots): Buffer {
  let length = nBytes;
  const texts = slots.map(slot => String(values[slot]));
  for (const text of texts) length += text.length;
  const frame = Buffer.allocUnsafe(4 + length);
  frame[0] = length >>> 24;
  frame[1] = length >>> 16;
  frame[2] = length >>> 8;
  frame[3] = length;
  let at = 4;
  for (let n = 0; n < pieces.length; n++) {
    const piece = pieces[n]!;
    frame.set(piece, at);
    at += piece.length;
    const text = texts[n];
    if (text === undefined) break;
    for (let i = 0; i < text.length; i++) frame[at++] = text.charCodeAt(i);
  }
  return frame;
}
