/**
 * Comparisons with the truth: the books of the session, what its journal gives back, and its file of fills. Each returns what
 * differs, in words, or null.
 */
import type { DurableState, DurableSymbol, JournalEntry } from '../../src/engine/durable';
import type { SymbolBook } from '../../src/strategy/book';
import type { SessionBook } from '../../src/strategy/sessionBook';
import type { Auditor } from './auditor';
import { baseOf, commissionOf, type Exchange, type Execution } from './exchange';
import type { Gateway } from './gateway';
import type { Product } from './product';

export function compareBooks(
  symbols: readonly string[],
  durable: DurableState,
  exchange: Exchange,
  auditor: Auditor,
): string | null {
  for (const symbol of symbols) {
    const book = durable.symbols[symbol];
    const shares = book?.position.layers.reduce((sum, layer) => sum + layer.held, 0) ?? 0;
    const known = auditor.known.shares(symbol);
    const isMuddled = exchange.isMuddled(symbol);
    if (shares !== known && !isMuddled)
      return `${symbol}: the books have ${shares} shares, by executions they are ${known}`;
    const truth = exchange.position(symbol) - auditor.leftAloneOf(symbol);
    const unexplained = truth - shares;
    // Sold twice, by hand and by the bot, or taken back by the exchange after it was sold: a short that nobody ordered.
    if (unexplained < 0 && !(shares === 0 && isMuddled))
      return `${symbol}: the books have ${shares} shares, the broker ${truth}`;
    if (unexplained > 0 && book?.paused !== 'unexplained')
      return `${symbol}: ${unexplained} shares more at the broker than in the books, and nobody is asked`;
    const money = isMuddled || book === undefined ? null : compareMoney(symbol, book, exchange);
    if (money !== null) return money;
    if (book?.inFlight) return `${symbol}: order ${book.inFlight.key} is still in flight`;
  }
  return null;
}

/** Whatever was sold, less whatever was paid, is profit once what is still held counts at its cost. */
function compareMoney(symbol: string, book: DurableSymbol, exchange: Exchange): string | null {
  let cash = 0;
  for (const execution of exchange.executions.values()) {
    if (execution.symbol !== symbol) continue;
    cash += (execution.side === 'SELL' ? 1 : -1) * execution.qty * Number(execution.price);
  }
  const truth = cash + Number(book.position.cost ?? 0);
  return Math.abs(truth - Number(book.realizedTotal)) < 0.005
    ? null
    : `${symbol}: realized ${book.realizedTotal} in the books, ${truth.toFixed(4)} by cash and cost`;
}

/** Every commission of the day once, as last reported. */
export function compareFees(durable: DurableState, { exchange, freeOfCharge }: Gateway): string | null {
  for (const { execId, key, qty } of exchange.executionsToday()) {
    const base = baseOf(execId);
    const reported = durable.fees[key]?.reported[base];
    const truth = freeOfCharge.has(base) ? undefined : commissionOf(qty);
    if (reported !== truth) return `${execId}: commission ${reported ?? 'unknown'}, told was ${truth}`;
  }
  return null;
}

/** Reads along as the journal is written, and knows at any time what the next start would read. */
export class JournalReader {
  folded: DurableState;
  /** Keys of orders whose intent is written. */
  readonly intents = new Set<string>();
  nEntries = 0;

  constructor(private readonly product: Product) {
    this.folded = product.emptyDurable('');
  }

  read(bytes: Buffer): void {
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line === '') continue;
      const entry = JSON.parse(line) as JournalEntry;
      this.nEntries++;
      this.folded = this.product.foldJournal(this.folded, entry);
      for (const order of [entry.order, entry.intent]) if (order !== undefined) this.intents.add(order.key);
    }
  }
}

export function compareDurable(folded: DurableState, memory: DurableState): string | null {
  const one = comparable(memory);
  const other = comparable(folded);
  for (const [symbol, { mark }] of Object.entries(memory.symbols)) {
    // Journaled when the stop moves by a tick.
    const kept = folded.symbols[symbol]?.mark ?? null;
    if (mark !== null && kept !== null && Math.abs(mark - kept) > 0.03)
      return `${symbol}: mark ${mark}, the journal ${kept}`;
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const left = JSON.stringify(one[key]);
    const right = JSON.stringify(other[key]);
    if (left !== right) return `${key}: memory has ${left}, the journal ${right}`;
  }
  return null;
}

/** What the session has in memory, as far as it is looked at after every single event. */
export interface Memory {
  books: ReadonlyMap<string, SymbolBook>;
  session: SessionBook;
  sequence: number;
  rows: number;
  highestOrderId: number;
}

/** The same comparison, of what matters most and costs next to nothing. */
export function compareMemory({ session, symbols }: DurableState, memory: Memory): string | null {
  const differs = (what: string, inMemory: unknown, inJournal: unknown): string | null =>
    inMemory === inJournal ? null : `${what}: memory has ${String(inMemory)}, the journal ${String(inJournal)}`;
  const ofSession =
    differs('sequence', memory.sequence, session.sequence) ??
    differs('rows', memory.rows, session.rows) ??
    differs('highest order id', memory.highestOrderId, session.highestOrderId) ??
    differs('paused', memory.session.paused, session.paused) ??
    differs('protect only', memory.session.protectOnly, session.protectOnly) ??
    differs('killed', memory.session.killed, session.killed) ??
    differs('loss', finite(memory.session.lossDay), session.lossDay);
  if (ofSession !== null) return ofSession;
  for (const [symbol, book] of memory.books) {
    const saved = symbols[symbol];
    if (saved === undefined) {
      if (book.position.shares > 0 || book.inFlight !== null) return `${symbol}: the journal does not know it`;
      continue;
    }
    let held = 0;
    for (const layer of saved.position.layers) held += layer.held;
    const found =
      differs('shares', book.position.shares, held) ??
      differs('exit', book.exit, saved.exit) ??
      differs('in flight', book.inFlight?.key ?? null, saved.inFlight?.key ?? null) ??
      differs('booked', book.inFlight?.booked ?? 0, saved.inFlight?.booked ?? 0) ??
      differs('paused', book.paused, saved.paused) ??
      differs('left alone', book.leftAlone, saved.leftAlone) ??
      differs('rest', finite(book.restUntil), saved.restUntil) ??
      differs('above L1', book.waitsForL1, saved.waitsForL1) ??
      differs('exits today', book.exitsToday, saved.exitsToday) ??
      differs('rejects', book.rejects, saved.rejects) ??
      differs('last buy', finite(book.lastBuyAt), saved.lastBuyAt) ??
      differs('armed', book.mark > 0, saved.mark !== null);
    if (found !== null) return `${symbol} ${found}`;
  }
  return null;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Without what is only news: symbols that nothing was ever decided about, orders older than a minute. */
function comparable(state: DurableState): Record<string, unknown> {
  const { session, symbols, orders, execs, rows, fees } = state;
  const parts: Record<string, unknown> = {
    session,
    orders: Object.keys(orders),
    execs: Object.values(execs).map(({ execId, qty, price, row }) => [execId, qty, price, row]),
    rows: rows.map(({ row, qty, price, tag, realized }) => [row, qty, price, tag, realized]),
    fees: Object.values(fees),
  };
  for (const [symbol, book] of Object.entries(symbols)) parts[symbol] = comparableBook(book);
  return parts;
}

function comparableBook(book: DurableSymbol): unknown {
  const {
    position,
    exit,
    restUntil,
    waitsForL1,
    exitsToday,
    rejects,
    waits,
    paused,
    leftAlone,
    lastBuyAt,
    inFlight,
    mark,
  } = book;
  const { realizedToday, realizedTotal, overnightShares, overnightAverage } = book;
  return {
    position,
    exit,
    restUntil,
    waitsForL1,
    exitsToday,
    rejects,
    waits,
    paused,
    leftAlone,
    lastBuyAt,
    realizedToday,
    realizedTotal,
    overnightShares,
    overnightAverage,
    isArmed: mark !== null,
    inFlight: inFlight?.key ?? null,
  };
}

/** Rows of the file after corrections against the executions as they stand, as two bags. */
export function compareFills(text: string, executions: readonly Execution[]): string | null {
  const bag = new Map<string, number>();
  const put = (line: string, n: number): void => void bag.set(line, (bag.get(line) ?? 0) + n);
  for (const line of text.split('\n').slice(1)) {
    if (line === '') continue;
    const cells = line.split(',');
    if (cells.length !== 7) return `a line that is no row: ${line}`;
    const [, symbol, side, qty, price] = cells;
    const shares = Number(qty);
    if (shares !== 0) put(`${symbol} ${side} ${Math.abs(shares)} ${Number(price)}`, Math.sign(shares));
  }
  for (const { symbol, side, qty, price } of executions) {
    if (qty !== 0) put(`${symbol} ${side} ${qty} ${Number(price)}`, -1);
  }
  for (const [line, n] of bag) if (n !== 0) return n > 0 ? `${n} times too often: ${line}` : `missing: ${line}`;
  return null;
}
