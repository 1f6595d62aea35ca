/**
 * Frames of orders, prepared: the client library encodes an order of each symbol and kind once, with marks where orders differ,
 * and from then on the marks are filled in. Its encoder asks a hundred questions about every order; the answers are the same for
 * all of ours, and an order is in a hurry. What goes out is what the library would have sent, to the byte.
 */
import type { Contract, Order } from '@stoqey/ib';
import { fieldText, framed } from './frameWriter';

/** What the library would send for an order, as fields. */
export type Encode = (orderId: number, contract: Contract, order: Order) => readonly unknown[];

/** What differs between two orders of one symbol and kind. */
type Slot = 'id' | 'action' | 'quantity' | 'price' | 'ref';

/** Nothing else in an order reads so. */
const marks = {
  id: 2_000_000_011,
  action: 'THE ACTION',
  quantity: 777_013,
  price: 777_017.25,
  ref: 'THE REF',
} as const;

interface Form {
  readonly conId: number | undefined;
  readonly orderType: Order['orderType'];
  readonly isUnchecked: boolean | undefined;
  readonly slots: readonly Slot[];
  /** The text before each slot, and what follows the last one. */
  readonly texts: readonly string[];
}

export class OrderFrames {
  /** By symbol; of each a few kinds. */
  private readonly forms = new Map<string | undefined, Form[]>();

  constructor(private readonly encode: Encode) {}

  /** Encodes ahead of the first order what its frame will need. */
  prepare(contract: Contract, order: Order): void {
    this.formOf(contract, order);
  }

  frame(orderId: number, contract: Contract, order: Order): Buffer {
    const { slots, texts } = this.formOf(contract, order);
    const price = order.lmtPrice ?? order.auxPrice ?? 0;
    let text = texts[0]!;
    for (let n = 0; n < slots.length; n++) {
      const slot = slots[n]!;
      if (slot === 'id') text += orderId;
      else if (slot === 'action') text += order.action;
      else if (slot === 'quantity') text += order.totalQuantity;
      else text += slot === 'price' ? price : order.orderRef;
      text += texts[n + 1]!;
    }
    return framed(text);
  }

  private formOf(contract: Contract, order: Order): Form {
    const { conId, symbol } = contract;
    const { orderType, overridePercentageConstraints: isUnchecked } = order;
    let forms = this.forms.get(symbol);
    if (forms === undefined) this.forms.set(symbol, (forms = []));
    for (const form of forms)
      if (form.orderType === orderType && form.isUnchecked === isUnchecked && form.conId === conId) return form;
    const form = { conId, orderType, isUnchecked, ...this.make(contract, order) };
    forms.push(form);
    return form;
  }

  private make(contract: Contract, order: Order): Pick<Form, 'slots' | 'texts'> {
    const price = order.lmtPrice === undefined ? { auxPrice: marks.price } : { lmtPrice: marks.price };
    const marked = { ...order, action: marks.action, totalQuantity: marks.quantity, orderRef: marks.ref, ...price };
    const slots: Slot[] = [];
    const texts: string[] = [''];
    for (const field of this.encode(marks.id, contract, marked as never).flat(Infinity)) {
      const slot = (Object.keys(marks) as Slot[]).find(key => marks[key] === field);
      if (slot === undefined) texts[texts.length - 1] += fieldText(field);
      else {
        slots.push(slot);
        texts.push('');
      }
      texts[texts.length - 1] += '\0';
    }
    if ([...slots].sort().join() !== (Object.keys(marks) as Slot[]).sort().join())
      throw new Error(`The client library encodes an order in an unknown way: ${slots.join()}`);
    return { slots, texts };
  }
}
