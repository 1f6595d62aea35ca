/**
 * Quotes and trades of the subscribed symbols: one tick event for each received frame, and whether the data is live. Prices
 * that say "none" become null; delayed prices are never delivered. It judges no price.
 */
import { EventName } from '@stoqey/ib';
import type { TickEvent } from '../../engine/events';
import type { Meaning } from './codes';
import { meaningOf } from './codes';
import type { Contracts } from './contracts';
import type { Desk } from './desk';
import { stock } from './desk';

type Field = Exclude<keyof TickEvent, 't' | 'type' | 'symbol'>;

/** IB's tick types, as far as a US stock needs them. */
const prices: Readonly<Record<number, Field>> = {
  1: 'bid',
  2: 'ask',
  4: 'last',
  6: 'high',
  7: 'low',
  9: 'close',
  14: 'open',
};
const sizes: Readonly<Record<number, Field>> = { 0: 'bidSize', 3: 'askSize', 5: 'lastSize', 8: 'volume' };
const haltedType = 49;
const isDelayed = (tickType: number): boolean =>
  (66 <= tickType && tickType <= 76) || tickType === 88 || tickType === 90;

/** What frame 58 says when prices are live; everything else must not be traded on. */
const live = 1;
const delayed = 3;
const none = 0;

type Values = Partial<Record<Field, number | null>>;

interface Line {
  symbol: string;
  /** Undefined until frame 58. */
  dataType: number | undefined;
  /** What came before frame 58: it counts once that says live. The previous close, for one, comes only once. */
  early: Values;
  /** Monotonic ms of the last value. */
  heardAt: number;
}

export class MarketData {
  private readonly lines = new Map<number, Line>();
  private readonly ids = new Map<string, number>();
  /** The tick of the frame that is being read. */
  private pending: { id: number; tick: TickEvent } | undefined;

  constructor(
    private readonly desk: Desk,
    private readonly contracts: Pick<Contracts, 'conIdOf'>,
    private readonly heard: (tick: TickEvent) => void,
  ) {
    desk.on(EventName.marketDataType, (id: number, value: number) => this.tellType(id, value));
    desk.on(EventName.tickPrice, (id: number, type: number, price: number | undefined) => this.price(id, type, price));
    desk.on(EventName.tickSize, (id: number, type: number, size: number | undefined) => this.size(id, type, size));
    desk.on(EventName.tickGeneric, (id: number, type: number, value: number) => {
      if (type === haltedType) this.set(id, 'halted', value);
    });
  }

  subscribe(symbol: string): void {
    if (this.ids.has(symbol)) return;
    const { desk } = this;
    const id = desk.requests.add((code, text) => this.fail(id, code, text));
    this.ids.set(symbol, id);
    this.lines.set(id, { symbol, dataType: undefined, early: {}, heardAt: 0 });
    const contract = stock(symbol, this.contracts.conIdOf(symbol));
    desk.lanes.request(() => {
      if (this.lines.has(id)) desk.send(api => api.reqMktData(id, contract, '', false, false));
    });
  }

  unsubscribe(symbol: string): void {
    const id = this.ids.get(symbol);
    if (id === undefined) return;
    this.ids.delete(symbol);
    this.lines.delete(id);
    this.desk.requests.forget(id);
    this.desk.lanes.request(() => this.desk.send(api => api.cancelMktData(id)));
  }

  /** Asks again for every symbol of which nothing came since then. */
  renew(silentSince: number): void {
    for (const [symbol, id] of [...this.ids]) {
      if ((this.lines.get(id)?.heardAt ?? 0) >= silentSince) continue;
      this.unsubscribe(symbol);
      this.subscribe(symbol);
    }
  }

  /** A price and the size that came with it are one fact: they are told together once their frame is read. */
  frameDone(): void {
    const tick = this.pending?.tick;
    this.pending = undefined;
    if (!tick) return;
    this.heard(tick);
    this.desk.engine(tick);
  }

  private price(id: number, type: number, price: number | undefined): void {
    if (isDelayed(type)) return this.hearDelayed(id);
    const field = prices[type];
    if (field) this.set(id, field, price !== undefined && Number.isFinite(price) && price > 0 ? price : null);
  }

  private size(id: number, type: number, size: number | undefined): void {
    if (isDelayed(type)) return this.hearDelayed(id);
    const field = sizes[type];
    if (!field) return;
    const isSaid = size !== undefined && Number.isFinite(size) && size >= 0;
    // The size that comes with "no price" is no size either.
    const side = field === 'bidSize' ? 'bid' : field === 'askSize' ? 'ask' : undefined;
    const hasNoPrice = side !== undefined && this.pending?.id === id && this.pending.tick[side] === null;
    this.set(id, field, isSaid && !hasNoPrice ? size : null);
  }

  private set(id: number, field: Field, value: number | null): void {
    const line = this.lines.get(id);
    if (line) line.heardAt = performance.now();
    // Frozen prices come with the numbers of live ones; only frame 58 tells them apart.
    if (line?.dataType === undefined && line) line.early[field] = value;
    if (line?.dataType !== live) return;
    if (this.pending?.id !== id) {
      this.frameDone();
      this.pending = { id, tick: { t: this.desk.now(), type: 'tick', symbol: line.symbol } };
    }
    this.pending.tick[field] = value;
  }

  private hearDelayed(id: number): void {
    if (this.lines.get(id)?.dataType !== delayed) this.tellType(id, delayed);
  }

  private tellType(id: number, value: number, code?: number, text?: string): void {
    const line = this.lines.get(id);
    if (!line) return;
    const { symbol, early } = line;
    line.dataType = value;
    line.early = {};
    const why = code === undefined ? {} : { code, text: text ?? '' };
    this.desk.engine({ t: this.desk.now(), type: 'dataType', symbol, value, ...why });
    for (const field of Object.keys(early) as Field[]) if (value === live) this.set(id, field, early[field] ?? null);
  }

  private fail(id: number, code: number, text: string): void {
    const symbol = this.lines.get(id)?.symbol;
    if (symbol === undefined) return;
    const meaning: Meaning = meaningOf(code);
    if (meaning === 'noContract') {
      this.desk.engine({ t: this.desk.now(), type: 'contract', symbol, failed: { code, text } });
      return;
    }
    if (meaning === 'partlySubscribed' || meaning === 'warning') {
      this.desk.log('warn', `${symbol}: ${text} (${code})`);
      return;
    }
    this.tellType(id, meaning === 'delayedData' ? delayed : none, code, text);
    if (meaning === 'competingSession') this.desk.problem({ code: 'competingSession', text });
    else this.desk.problem({ code: 'brokerSays', brokerCode: code, text, symbol });
  }
}
