/**
 * The market that `npm run bench` feeds over a socket: a hundred symbols, ten ticks a second each, and one tick in fifty at
 * which an order is due. It notes when such a tick was written and when the order for it came in, answers the order as a
 * gateway does (open order, execution, commission, end), and knows nothing of who decides at the other end.
 */
import { execDetails, commissionReport, openOrder, orderStatus } from '../../src/gateway/wire/orderAnswers';
import { position } from '../../src/gateway/wire/answers';
import type { Execution, Order } from '../../src/gateway/orders';
import type { Instrument } from '../../src/gateway/instruments';
import { createServer, type AddressInfo } from 'node:net';
import { contractDetails, frame, frameOf, ScriptedGateway, type Peer } from '../wire/scriptedGateway';

export const SYMBOLS = Array.from({ length: 100 }, (_, index) => `B${String(index).padStart(2, '0')}`);
/** Below this a last is one to order at: all seven buy rungs of every symbol lie above it. */
export const ORDER_BELOW = 99.5;
const USUAL = 100;
const DIP = 99;
/** Below the hard stop of what was bought at the dip. */
const CRASH = 96;
const BUYS_BEFORE_STOP = 7;
const TICKS_PER_SECOND = 1000;
const ROUNDS_BETWEEN = 50;
const VERSION = 193;
const BURST_PATIENCE_MS = 3000;

/** The settings with which each of the ticks below the line leads to one order: seven buys, then the stop. */
export const SETTINGS = {
  'volatility.minimum': 2,
  'protection.hardStopPercent': 2.5,
  'protection.restSeconds': 0,
  'protection.exitsPerDay': 100,
  'limits.buysPerMinute': 1000,
  'limits.symbolBuysPerMinute': 1000,
  'limits.dayLossPercent': 100,
};

interface Line {
  readonly symbol: string;
  readonly reqId: number;
  /** Orders of the present seven and one. */
  step: number;
  shares: number;
  /** Frames that go out in place of the usual ones. */
  readonly special: Buffer[];
  crossedAt: number;
  /** The day's volume, and the second in which it grew. */
  traded: number;
  second: number;
}

export class CrossingsGateway {
  readonly scripted = new ScriptedGateway();
  /** ms from each crossing to its order. */
  readonly latencies: number[] = [];
  private readonly lines = new Map<Peer, Map<string, Line>>();
  private executions = 0;
  private second = 0;
  private seconds = 0;
  private waiting: { left: number; done: (ms: number) => void; since: number } | null = null;

  constructor() {
    const { script } = this.scripted;
    const hours = hoursAround(Date.now());
    Object.assign(script.on, {
      1: (peer: Peer, fields: string[]) => this.subscribe(peer, fields),
      3: (peer: Peer, fields: string[]) => this.order(peer, fields),
      9: (peer: Peer, fields: string[]) => {
        const symbol = fields[4] ?? '';
        peer.send(...contractDetails(fields[2] ?? '', symbol, 1000 + SYMBOLS.indexOf(symbol), hours));
        peer.send(52, 1, fields[2] ?? '');
      },
      20: (peer: Peer, fields: string[]) => peer.send(...tenBars(fields[1] ?? '')),
      61: (peer: Peer) => {
        for (const line of this.lines.get(peer)?.values() ?? [])
          if (line.shares > 0) peer.send(...held(script.account, line));
        peer.send(62, 1);
      },
      62: (peer: Peer, fields: string[]) => {
        peer.send(63, 1, fields[2] ?? '', script.account, 'NetLiquidation', '100000000', 'USD');
        peer.send(64, 1, fields[2] ?? '');
      },
    });
  }

  /** A peer that says nothing but what it is told: of what comes back, the crossings count. */
  async listenForEcho(): Promise<{ port: number; peer: Promise<Peer> }> {
    let arrived: (peer: Peer) => void = () => undefined;
    const peer = new Promise<Peer>(resolve => (arrived = resolve));
    const server = createServer(socket => {
      socket.setNoDelay(true);
      const own = { clientId: 0, raw: (bytes: Buffer) => socket.write(bytes) } as unknown as Peer;
      const lines = SYMBOLS.map((symbol, index) => [symbol, newLine(symbol, index + 1)] as const);
      this.lines.set(own, new Map(lines));
      socket.on('data', bytes => this.echoed(own, bytes));
      arrived(own);
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    server.unref();
    return { port: (server.address() as AddressInfo).port, peer };
  }

  subscribed(peer: Peer): number {
    return this.lines.get(peer)?.size ?? 0;
  }

  /** The load for so many seconds, to one peer; with `crosses` false no tick of it is one to order at. */
  feed(peer: Peer, seconds: number, crosses: boolean): Promise<void> {
    const lines = SYMBOLS.map(symbol => this.lineOf(peer, symbol));
    const total = seconds * TICKS_PER_SECOND;
    const start = performance.now();
    let n = 0;
    return new Promise(done => {
      const timer = setInterval(() => {
        const due = Math.min(total, Math.floor(((performance.now() - start) * TICKS_PER_SECOND) / 1000));
        for (; n < due; n++) this.tick(peer, lines[n % lines.length]!, n % lines.length, Math.floor(n / lines.length), crosses);
        if (n < total) return;
        clearInterval(timer);
        done();
      }, 1); // prettier-ignore
    });
  }

  /** Ten symbols cross in one piece of bytes: ms until the tenth order is in; NaN when one of them does not come. */
  burst(peer: Peer, first: number): Promise<number> {
    const lines = SYMBOLS.map((_, index) => this.lineOf(peer, SYMBOLS[(first + index) % SYMBOLS.length]!))
      .filter(({ step }) => step < BUYS_BEFORE_STOP)
      .slice(0, 10);
    const bytes = Buffer.concat(lines.map(line => price(line, 4, DIP)));
    return new Promise(resolve => {
      const done = (ms: number): void => {
        clearTimeout(timer);
        this.waiting = null;
        resolve(ms);
      };
      const timer = setTimeout(() => done(NaN), BURST_PATIENCE_MS);
      this.waiting = { left: lines.length, done, since: performance.now() };
      peer.raw(bytes);
      for (const line of lines) line.special.push(...usual(line));
    });
  }

  private tick(peer: Peer, line: Line, index: number, round: number, crosses: boolean): void {
    const special = line.special.shift();
    if (special) return peer.raw(special);
    const phase = crosses ? (round + ROUNDS_BETWEEN - (index % ROUNDS_BETWEEN)) % ROUNDS_BETWEEN : NaN;
    const isStop = line.step === BUYS_BEFORE_STOP;
    if (phase === ROUNDS_BETWEEN - 2 && isStop) return peer.raw(price(line, 1, CRASH));
    if (phase === ROUNDS_BETWEEN - 1 && isStop) return peer.raw(price(line, 2, CRASH + 0.1));
    if (phase !== 0) return peer.raw(round % 5 === 4 ? this.volume(line) : usualTick(line, round));
    line.special.push(...usual(line));
    line.crossedAt = performance.now();
    peer.raw(price(line, 4, isStop ? CRASH : DIP));
  }

  private order(peer: Peer, fields: string[]): void {
    const now = performance.now();
    const line = this.lineOf(peer, fields[3] ?? '');
    this.arrived(line, now);
    peer.raw(Buffer.concat(this.answers(peer, line, fields).map(frameOf)));
  }

  private arrived(line: Line, now: number): void {
    if (this.waiting && --this.waiting.left === 0) this.waiting.done(now - this.waiting.since);
    if (!Number.isNaN(line.crossedAt)) this.latencies.push(now - line.crossedAt);
    line.crossedAt = NaN;
    line.step = (line.step + 1) % (BUYS_BEFORE_STOP + 1);
  }

  private echoed(peer: Peer, bytes: Buffer): void {
    const now = performance.now();
    for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt32BE(at)) {
      const [, , id, type, value] = bytes.toString('latin1', at + 4, at + 4 + bytes.readUInt32BE(at)).split('\0');
      if (type === '4' && Number(value) < ORDER_BELOW)
        this.arrived(this.lineOf(peer, SYMBOLS[Number(id) - 1] ?? ''), now);
    }
  }

  private answers(peer: Peer, line: Line, fields: string[]): readonly (readonly (string | number)[])[] {
    const orderId = Number(fields[1]);
    const shares = Number(fields[17]);
    line.shares += fields[16] === 'SELL' ? -shares : shares;
    const units = Math.round(Number(fields[19]) * 10_000);
    const order: Order = {
      ...{ clientId: peer.clientId, orderId, permId: 1_000_000 + ++this.executions, account: this.scripted.script.account },
      ...{ instrument: instrumentOf(fields[3] ?? ''), exchange: 'SMART', quantity: shares, type: 'LMT', limit: units },
      ...{ action: fields[16] === 'SELL' ? 'SELL' : 'BUY', aux: undefined, tif: 'IOC', outsideRth: false, hidden: false },
      ...{ ocaGroup: '', openClose: '', orderRef: fields[26] ?? '', parentId: 0, goodTillDate: '', status: 'Filled' },
      ...{ filled: shares, turnover: units * shares, lastFill: units, commission: 10_000, isHeld: false },
      ...{ isTriggered: false, completedAt: 0, completedStatus: '' },
    }; // prettier-ignore
    const execution: Execution = {
      ...{ execId: `b${peer.clientId}.${this.executions}.01.01`, order, at: Date.now(), shares, price: units },
      ...{ cumulative: shares, average: units / 10_000, commission: 10_000, realized: undefined },
    }; // prettier-ignore
    const { account } = order;
    return [
      openOrder(order, VERSION),
      execDetails(-1, execution, VERSION),
      orderStatus(order),
      commissionReport(execution),
      held(account, line),
    ];
  } // prettier-ignore

  private subscribe(peer: Peer, fields: string[]): void {
    const symbol = fields[4] ?? '';
    const reqId = Number(fields[2]);
    const line = newLine(symbol, reqId);
    const lines = this.lines.get(peer) ?? new Map<string, Line>();
    this.lines.set(peer, lines.set(symbol, line));
    peer.send(58, 1, reqId, 1);
    peer.raw(Buffer.concat([price(line, 9, USUAL), ...usual(line), this.volume(line)]));
  }

  /**
   * In each second that is fed more than in the one before, so that z is above 0 whenever a second has closed; not near a
   * second's end, where nobody could say in which of the two it is counted.
   */
  private volume(line: Line): Buffer {
    const now = Date.now();
    const second = Math.floor(now / 1000);
    if (second !== this.second) this.seconds++;
    this.second = second;
    const isClear = now - second * 1000 < 900;
    if (isClear && line.second !== second) {
      line.second = second;
      line.traded += 1000 + 50 * this.seconds;
    }
    return frame(2, 6, line.reqId, 8, line.traded);
  }

  private lineOf(peer: Peer, symbol: string): Line {
    const line = this.lines.get(peer)?.get(symbol);
    if (!line) throw new Error(`${symbol} was not subscribed`);
    return line;
  }
}

const held = (account: string, { symbol, shares }: Line) =>
  position(account, { instrument: instrumentOf(symbol), shares, averageCost: DIP });

const newLine = (symbol: string, reqId: number): Line => ({
  symbol,
  reqId,
  step: 0,
  shares: 0,
  special: [],
  crossedAt: NaN,
  traded: 1000,
  second: 0,
});

const price = ({ reqId }: Line, type: number, value: number): Buffer =>
  frame(1, 6, reqId, type, value.toFixed(2), 300, 1);

const instrumentOf = (symbol: string): Instrument =>
  ({ symbol, conId: 1000 + SYMBOLS.indexOf(symbol), primaryExchange: 'NASDAQ', tradingClass: symbol }) as Instrument;

const usual = (line: Line): Buffer[] => [
  price(line, 1, USUAL - 0.05),
  price(line, 2, USUAL + 0.05),
  price(line, 4, USUAL),
];

/** A cent up and down in turn; of five ticks two are lasts, and one is the day's volume. */
function usualTick(line: Line, round: number): Buffer {
  const cent = (Math.floor(round / 5) % 2) / 100;
  const [type, value] = [
    [1, USUAL - 0.05 - cent],
    [4, USUAL + cent],
    [2, USUAL + 0.05 + cent],
    [4, USUAL + 0.02 - cent],
  ][round % 5] as [number, number];
  return price(line, type, value);
}

/** Regular hours all day, today and tomorrow, wherever the bench runs. */
function hoursAround(now: number): string {
  const text = (t: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/New_York' }).format(t).replaceAll('-', '');
  return [now, now + 86_400_000].map(t => `${text(t)}:0000-${text(t)}:2400`).join(';');
}

function tenBars(id: string): (string | number)[] {
  const start = Math.floor(Date.now() / 60_000) * 60 - 660;
  const bars = Array.from({ length: 10 }, (_, n) => [String(start + n * 60), USUAL, USUAL, USUAL, USUAL, 500, USUAL, 5]);
  return [17, id, '', '', bars.length, ...bars.flat()];
} // prettier-ignore
