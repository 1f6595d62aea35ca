// One client's market data: its lines, what each has been told, and the ticks that bring it up to date. A change is told
// once; nothing is told twice. Tick-by-tick streams and five-second bars live here too.

import * as answers from './wire/answers';
import { priceText, type Units } from './prices';
import type { Bar } from './minuteBars';
import type { ClientSession } from './clientSession';
import type { SymbolMarket } from './market';
import type { MarketDataRequest, RealTimeBarsRequest, TickByTickRequest } from './wire/requests';

interface Line {
  readonly reqId: number;
  readonly symbol: SymbolMarket;
  readonly ids: TickIds;
  version: number;
  bid: Units | undefined;
  bidSize: number;
  ask: Units | undefined;
  askSize: number;
  last: Units | undefined;
  lastSize: number;
  lastTime: number;
  volume: number;
  open: Units | undefined;
  high: Units | undefined;
  low: Units | undefined;
  close: Units | undefined;
  halted: number;
}

interface Stream {
  readonly reqId: number;
  readonly symbol: SymbolMarket;
  readonly kind: string;
  bid: Units | undefined;
  ask: Units | undefined;
  sizes: string;
  volume: number;
}

interface FiveSeconds {
  readonly reqId: number;
  readonly symbol: SymbolMarket;
  bar: Bar | undefined;
  volume: number;
}

/** Tick numbers of a kind of data; 0: the kind has none. */
interface TickIds {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastSize: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly close: number;
  readonly open: number;
  readonly time: number;
  readonly halted: number;
}

const liveIds: TickIds = {
  bid: 1,
  ask: 2,
  last: 4,
  bidSize: 0,
  askSize: 3,
  lastSize: 5,
  high: 6,
  low: 7,
  volume: 8,
  close: 9,
  open: 14,
  time: 45,
  halted: 49,
};
const delayedIds: TickIds = {
  bid: 66,
  ask: 67,
  last: 68,
  bidSize: 69,
  askSize: 70,
  lastSize: 71,
  high: 72,
  low: 73,
  volume: 74,
  close: 75,
  open: 76,
  time: 88,
  halted: 90,
};

export class MarketDataDesk {
  private readonly lines = new Map<number, Line>();
  private readonly streams = new Map<number, Stream>();
  private readonly bars = new Map<number, FiveSeconds>();
  private wantedType = 1;

  constructor(private readonly session: ClientSession) {}

  setType(value: number): void {
    this.wantedType = value;
  }

  open(request: MarketDataRequest): void {
    const { session } = this;
    const { faults, settings } = session.floor;
    const { reqId } = request;
    const instrument = session.floor.resolve(request.contract);
    if (!instrument) return session.error(reqId, 200, 'No security definition has been found for the request');
    if (this.lines.has(reqId)) return session.error(reqId, 102, 'Duplicate ticker ID.');
    if (this.lines.size >= settings.maxLines) {
      return session.error(reqId, 101, 'Max number of tickers has been reached.');
    }
    if (faults.noMarketDataFor?.includes(instrument.symbol)) {
      return session.error(reqId, 354, 'Requested market data is not subscribed.');
    }
    const isDelayed = faults.delayedOnly === true || (faults.delayedFor?.includes(instrument.symbol) ?? false);
    if (isDelayed && this.wantedType !== 3 && this.wantedType !== 4) {
      const text = 'Requested market data is not subscribed. Delayed market data is not enabled.';
      return session.error(reqId, 10168, text);
    }
    if (isDelayed) {
      session.error(reqId, 10167, 'Requested market data is not subscribed. Displaying delayed market data.');
    }
    const line = newLine(reqId, session.floor.marketOf(instrument), isDelayed ? delayedIds : liveIds);
    session.send(answers.tickReqParams(reqId, instrument));
    session.send(answers.marketDataType(reqId, isDelayed ? 3 : 1));
    if (!faults.frozenQuotes) this.bringUp(line);
    if (request.snapshot) session.send(answers.tickSnapshotEnd(reqId));
    else this.lines.set(reqId, line);
  }

  close(reqId: number): void {
    if (!this.lines.delete(reqId)) this.session.error(reqId, 300, `Can't find EId with tickerId:${reqId}`);
  }

  openStream(request: TickByTickRequest): void {
    const instrument = this.session.floor.resolve(request.contract);
    const { reqId, kind } = request;
    if (!instrument) return this.session.error(reqId, 200, 'No security definition has been found for the request');
    if (!['Last', 'AllLast', 'BidAsk', 'MidPoint'].includes(kind)) {
      return this.session.error(reqId, 10189, 'Failed to request tick-by-tick data:Invalid tick type');
    }
    const symbol = this.session.floor.marketOf(instrument);
    const isQuote = kind === 'BidAsk' || kind === 'MidPoint';
    const stream: Stream = { reqId, symbol, kind, bid: undefined, ask: undefined, sizes: '', volume: symbol.volume };
    this.streams.set(reqId, stream);
    if (isQuote) this.tellStream(stream);
  }

  closeStream(reqId: number): void {
    this.streams.delete(reqId);
  }

  lose(): void {
    this.lines.clear();
    this.streams.clear();
    this.bars.clear();
  }

  tellCompetingSession(): void {
    const text = 'No market data during competing live session';
    for (const reqId of [...this.lines.keys(), ...this.streams.keys()]) this.session.error(reqId, 10197, text);
  }

  openBars(request: RealTimeBarsRequest): void {
    const instrument = this.session.floor.resolve(request.contract);
    const { reqId } = request;
    if (!instrument) return this.session.error(reqId, 200, 'No security definition has been found for the request');
    const symbol = this.session.floor.marketOf(instrument);
    this.bars.set(reqId, { reqId, symbol, bar: undefined, volume: symbol.volume });
  }

  closeBars(reqId: number): void {
    this.bars.delete(reqId);
  }

  /** After each step and each execution. */
  publish(): void {
    if (this.session.floor.faults.frozenQuotes) return;
    for (const line of this.lines.values()) {
      if (line.version !== line.symbol.version) this.bringUp(line);
    }
    for (const stream of this.streams.values()) this.tellStream(stream);
    if (this.bars.size > 0) this.publishBars();
  }

  private bringUp(line: Line): void {
    const { symbol, reqId, ids } = line;
    const { session } = this;
    line.version = symbol.version;
    if (symbol.halted !== line.halted) {
      line.halted = symbol.halted;
      session.send(answers.tickGeneric(reqId, ids.halted, symbol.halted));
    }
    const bidSize = symbol.bids.size;
    if (symbol.bid !== line.bid || (symbol.bid === undefined && line.bidSize !== 0)) {
      session.send(answers.tickPrice(reqId, ids.bid, quoteText(symbol.bid), bidSize, 1));
    } else if (bidSize !== line.bidSize) {
      session.send(answers.tickSize(reqId, ids.bidSize, bidSize));
    }
    const askSize = symbol.asks.size;
    if (symbol.ask !== line.ask || (symbol.ask === undefined && line.askSize !== 0)) {
      session.send(answers.tickPrice(reqId, ids.ask, quoteText(symbol.ask), askSize, 1));
    } else if (askSize !== line.askSize) {
      session.send(answers.tickSize(reqId, ids.askSize, askSize));
    }
    line.bid = symbol.bid;
    line.bidSize = bidSize;
    line.ask = symbol.ask;
    line.askSize = askSize;
    this.bringUpTrades(line);
  }

  private bringUpTrades(line: Line): void {
    const { symbol, reqId, ids } = line;
    const { session } = this;
    if (symbol.last !== undefined && symbol.lastTime !== line.lastTime) {
      session.send(answers.tickString(reqId, ids.time, String(symbol.lastTime)));
    }
    if (symbol.last !== undefined && symbol.last !== line.last) {
      session.send(answers.tickPrice(reqId, ids.last, priceText(symbol.last), symbol.lastSize, 0));
    } else if (symbol.lastSize !== line.lastSize && symbol.last !== undefined) {
      session.send(answers.tickSize(reqId, ids.lastSize, symbol.lastSize));
    }
    if (symbol.volume !== line.volume) session.send(answers.tickSize(reqId, ids.volume, symbol.volume));
    if (symbol.high !== undefined && symbol.high !== line.high) this.sendPrice(reqId, ids.high, symbol.high);
    if (symbol.low !== undefined && symbol.low !== line.low) this.sendPrice(reqId, ids.low, symbol.low);
    if (symbol.previousClose !== line.close) this.sendPrice(reqId, ids.close, symbol.previousClose);
    if (symbol.open !== undefined && symbol.open !== line.open) this.sendPrice(reqId, ids.open, symbol.open);
    line.last = symbol.last;
    line.lastSize = symbol.lastSize;
    line.lastTime = symbol.lastTime;
    line.volume = symbol.volume;
    line.high = symbol.high;
    line.low = symbol.low;
    line.open = symbol.open;
    line.close = symbol.previousClose;
  }

  private sendPrice(reqId: number, tick: number, price: Units): void {
    this.session.send(answers.tickPrice(reqId, tick, priceText(price), 0, 0));
  }

  private tellStream(stream: Stream): void {
    const { reqId, symbol, kind } = stream;
    const time = Math.floor(this.session.floor.now() / 1000);
    if (kind === 'Last' || kind === 'AllLast') {
      if (symbol.volume > stream.volume && symbol.last !== undefined) {
        const size = symbol.volume - stream.volume;
        const number = kind === 'Last' ? 1 : 2;
        const exchange = symbol.instrument.primaryExchange;
        this.session.send(answers.tickByTickTrade(reqId, number, time, symbol.last, size, exchange));
      }
      stream.volume = symbol.volume;
      return;
    }
    const { bid, ask } = symbol;
    const sizes = kind === 'BidAsk' ? `${symbol.bids.size} ${symbol.asks.size}` : '';
    if (bid === stream.bid && ask === stream.ask && sizes === stream.sizes) return;
    stream.bid = bid;
    stream.ask = ask;
    stream.sizes = sizes;
    if (bid === undefined || ask === undefined) return;
    if (kind === 'MidPoint') this.session.send(answers.tickByTickMidpoint(reqId, time, (bid + ask) / 2));
    else this.session.send(answers.tickByTickQuote(reqId, time, bid, ask, symbol.bids.size, symbol.asks.size));
  }

  // Five seconds without a print repeat the last price with no volume, as the real service does.
  private publishBars(): void {
    const now = this.session.floor.now();
    for (const five of this.bars.values()) {
      const { symbol } = five;
      const price = symbol.last;
      if (price === undefined) continue;
      const start = Math.ceil(now / 5000) * 5 - 5;
      const traded = symbol.volume - five.volume;
      five.volume = symbol.volume;
      const bar = (five.bar ??= flatBar(start, price));
      bar.high = Math.max(bar.high, price);
      bar.low = Math.min(bar.low, price);
      bar.close = price;
      bar.volume += Math.max(0, traded);
      bar.turnover += Math.max(0, traded) * price;
      bar.count += traded > 0 ? 1 : 0;
      if (now % 5000 !== 0) continue;
      this.session.send(answers.realTimeBar(five.reqId, bar));
      five.bar = flatBar(now / 1000, price);
    }
  }
}

function newLine(reqId: number, symbol: SymbolMarket, ids: TickIds): Line {
  return {
    reqId,
    symbol,
    ids,
    version: -1,
    bid: undefined,
    bidSize: -1,
    ask: undefined,
    askSize: -1,
    last: undefined,
    lastSize: 0,
    lastTime: 0,
    volume: 0,
    open: undefined,
    high: undefined,
    low: undefined,
    close: undefined,
    halted: -1,
  };
}

function flatBar(start: number, price: Units): Bar {
  return { start, open: price, high: price, low: price, close: price, volume: 0, turnover: 0, count: 0 };
}

/** −1 with size 0: nobody quotes that side. */
function quoteText(price: Units | undefined): string {
  return price === undefined ? '-1' : priceText(price);
}
