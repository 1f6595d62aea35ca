/**
 * Executions into the books, each exactly once (§8): by execution id, corrections replacing what they correct. Rows of
 * fills_live.csv, realized profit and commissions follow from here and from nowhere else.
 */
import type { SymbolBook } from '../strategy/book';
import { Average, Exact, ZERO, money, type Money } from '../strategy/exact';
import { newYorkInstant } from '../strategy/exchangeTime';
import type { Core } from './core';
import { isLadderBuy, type ExecRecord, type FeeRecord, type OrderRecord } from './durable';
import type { ExecEvent, FillRow, Tag } from './events';
import { isForgotten } from './forget';
import { hear } from './orderLife';
import { settle } from './orders';
import { heardOfLeft } from './restingStops';

const LEAST_FEE = new Exact(1);
const FEE_PER_SHARE = new Exact('0.005');
const TAGS: readonly Tag[] = [
  'ladder_buy',
  'ladder_sell',
  'breakeven_trim',
  'live_stop',
  'live_trail',
  'flatten',
  'anti_short_cover',
];

/** Books an execution of ours; one that is known already, or not ours, changes nothing. */
export function onExec(core: Core, e: Omit<ExecEvent, 'type' | 't'>): void {
  const order = orderOf(core, e);
  if (!order) return;
  const { base, suffix } = splitExecId(e.execId);
  const known = core.execs.get(base);
  if (known && splitExecId(known.execId).suffix >= suffix) return;
  const book = core.books.get(order.symbol);
  if (!book) return;
  heardOfLeft(core, order);
  const working = book.inFlight?.key === order.key ? book.inFlight : null;
  // First, so that no share counts both as held and as in flight, and the journal has it as the books do.
  if (working) working.booked += e.qty - (known?.qty ?? 0);
  if (working) hear(working, 'execution');
  book.changedAt = book.filledAt = core.t;
  takeBack(book, order, known, e.qty);
  if (known) correct(core, book, order, known, e);
  else bookExec(core, book, order, e);
  if (working) settle(core, book, working);
}

/** A commission report; reports are repeated with every request for executions. */
export function onCommission(core: Core, execId: string, amount: string): void {
  const { base } = splitExecId(execId);
  const exec = core.execs.get(base);
  const fee = exec && core.fees.get(exec.key);
  if (!fee || fee.reported[base] === amount || !Number.isFinite(Number(amount))) return;
  changeFee(core, fee, () => (fee.reported[base] = amount));
  core.journal('commission', { fee: copyOf(fee) });
}

/** Commission of the day, USD: reported, else the greater of $1 and $0.005 a share, an order each (§8). */
export function commissions(core: Core, symbol?: string): Money {
  if (symbol === undefined) return (core.feeTotal ??= totalOf(core.fees.values()));
  return totalOf([...core.fees.values()].filter(fee => fee.symbol === symbol));
}

function totalOf(fees: Iterable<FeeRecord>): Money {
  let total = ZERO;
  for (const fee of fees) total = total.plus(feeOf(fee));
  return total;
}

/** The sum follows by the difference: it is asked for at every evaluation, and a day may have thousands of orders. */
function changeFee(core: Core, fee: FeeRecord, change: () => void): void {
  const others = commissions(core).minus(core.fees.has(fee.key) ? feeOf(fee) : ZERO);
  change();
  core.feeTotal = others.plus(feeOf(fee));
}

function feeOf(fee: FeeRecord): Money {
  if (fee.execs.every(base => base in fee.reported)) return sumOf(Object.values(fee.reported));
  return Exact.max(LEAST_FEE, FEE_PER_SHARE.times(fee.shares));
}

function bookExec(core: Core, book: SymbolBook, order: OrderRecord, e: Omit<ExecEvent, 'type' | 't'>): void {
  const earlier = earlierDay(core, e);
  const realized = applyShares(core, book, order, e.qty, money(e.price), earlier !== null);
  const row = newRow(core, book, order, e.qty, e.price, realized, order.tag, e.execId, earlier ?? core.t);
  const exec = record(order, e, realized, row);
  core.execs.set(exec.base, exec);
  const fee = earlier === null ? { fee: addFee(core, order, exec.base, e.qty) } : {};
  core.journal('fill', { books: [book], session: true, exec, rows: [row], ...fee });
  core.effects.push({ type: 'row', row });
}

/** When it was executed, of an execution of an earlier exchange day that is told only now: it belongs to that day's profit. */
function earlierDay(core: Core, { executedAt }: Pick<ExecEvent, 'executedAt'>): number | null {
  return executedAt !== undefined && executedAt < newYorkInstant(core.session.day, 0) ? executedAt : null;
}

/**
 * Shares that the broker did not have any more were taken off the books, and here is what became of them: they come back
 * first, or they would be gone twice.
 */
function takeBack(book: SymbolBook, order: OrderRecord, known: ExecRecord | undefined, qty: number): void {
  const { writtenOff } = book;
  const more = qty - (known?.qty ?? 0);
  const fewer = order.side === 'SELL' ? more : -more;
  if (writtenOff === null || !(fewer > 0) || (known ?? order).t >= writtenOff.t) return;
  const back = Math.min(fewer, writtenOff.shares);
  const average = money(new Average(writtenOff.cost.toString()).div(writtenOff.shares));
  book.position.correctSell(order.rung, -back, average);
  book.useAverage();
  writtenOff.shares -= back;
  writtenOff.cost = writtenOff.cost.minus(average.times(back));
  if (writtenOff.shares === 0) book.writtenOff = null;
}

/** Shares and money of one execution into the position. Returns the realized profit (0 for a buy). */
function applyShares(
  core: Core,
  book: SymbolBook,
  order: OrderRecord,
  qty: number,
  price: Money,
  isOfEarlierDay: boolean,
): Money {
  if (order.tag === 'anti_short_cover' || qty === 0) return ZERO;
  if (order.side === 'BUY') {
    book.position.buy(order.rung, qty, price, Math.max(order.planned, qty));
    book.useAverage();
    if (isOfEarlierDay) holdOvernight(book, qty, price);
    book.disarm();
    if (core.settings['protection.trailArmPercent'] === 0 && book.regularLast > 0) book.raiseMark(book.regularLast);
    core.useCost(book);
    return ZERO;
  }
  const own = Math.min(qty, book.position.shares);
  if (own < qty) core.notice('alarm', 'soldMoreThanOwned', book.symbol, { sold: qty, owned: own });
  if (own === 0) return ZERO;
  const realized = book.position.sell(own, price);
  if (isOfEarlierDay) book.overnightShares = Math.max(0, book.overnightShares - own);
  else book.realizedToday = book.realizedToday.plus(realized);
  book.realizedTotal = book.realizedTotal.plus(realized);
  if (book.position.shares === 0) afterFlat(core, book);
  else if (order.tag === 'breakeven_trim') book.position.trimDone = true;
  core.useCost(book);
  return realized;
}

/** Shares that were there when the day began, and are known only now. */
function holdOvernight(book: SymbolBook, qty: number, price: Money): void {
  const cost = book.overnightAverage.times(book.overnightShares).plus(price.times(qty));
  book.overnightShares += qty;
  book.overnightAverage = money(new Average(cost.toString()).div(book.overnightShares));
}

/** Flat ends an exit; the symbol then rests and waits for a last above L1 (§7), whatever sold the last share. */
export function afterFlat(core: Core, book: SymbolBook): void {
  book.useAverage();
  if (book.exit !== null) core.notice('info', 'exitDone', book.symbol, { tag: book.exit });
  book.exit = null;
  book.restUntil = core.t + core.rules.restMs;
  book.waitsForL1 = true;
}

/**
 * A correction replaces what was booked: the difference goes into the position and two rows into the file, the old one
 * with negative shares and then the new one (§9).
 */
function correct(
  core: Core,
  book: SymbolBook,
  order: OrderRecord,
  old: ExecRecord,
  e: Omit<ExecEvent, 'type' | 't'>,
): void {
  const oldPrice = money(old.price);
  const newPrice = money(e.price);
  const realized = correctPosition(core, book, order, old, e.qty, oldPrice, newPrice);
  const tag = `${order.tag}_corr`;
  const undo = newRow(core, book, order, -old.qty, old.price, money(old.realized).neg(), tag, old.execId);
  const redo = newRow(core, book, order, e.qty, e.price, realized, tag, e.execId);
  const exec = record(order, e, realized, redo);
  core.execs.set(exec.base, exec);
  const fee = addFee(core, order, exec.base, e.qty - old.qty);
  core.notice('warning', 'execCorrected', book.symbol, {
    execId: e.execId,
    from: `${old.qty} at ${old.price}`,
    to: `${e.qty} at ${e.price}`,
  });
  core.journal('correction', { books: [book], session: true, exec, rows: [undo, redo], fee });
  core.effects.push({ type: 'row', row: undo }, { type: 'row', row: redo });
}

/**
 * Returns the realized profit of the corrected execution: for a buy what its shares that are sold already cost more or less
 * than was booked, once no share is left to bear it.
 */
function correctPosition(
  core: Core,
  book: SymbolBook,
  order: OrderRecord,
  old: ExecRecord,
  qty: number,
  oldPrice: Money,
  newPrice: Money,
): Money {
  const more = qty - old.qty;
  const wasFlat = book.position.shares === 0;
  let realized: Money;
  if (order.side === 'BUY') {
    const sold = book.position.correctBuy(order.rung, more, newPrice.times(qty).minus(oldPrice.times(old.qty)));
    realized = money(old.realized).minus(sold);
  } else {
    // Average cost did not move with the sell, so it is what the old profit was measured against.
    const average =
      old.qty === 0 ? (book.position.average ?? newPrice) : oldPrice.minus(money(old.realized).div(old.qty));
    // Shares that an exit had counted as sold are still there: it has not ended.
    if (wasFlat && more < 0 && isExit(order.tag)) book.exit = order.tag;
    const cost = book.position.cost;
    book.position.correctSell(order.rung, more, money(new Average(average.toString())));
    // Further shares go at today's average, others come back at that of then: what they cost is no profit, in either case.
    const got = newPrice.times(qty).minus(oldPrice.times(old.qty));
    realized = got.plus(old.realized).plus(book.position.cost).minus(cost);
  }
  const change = realized.minus(old.realized);
  book.realizedToday = book.realizedToday.plus(change);
  book.realizedTotal = book.realizedTotal.plus(change);
  book.useAverage();
  if (!wasFlat && book.position.shares === 0) afterFlat(core, book);
  core.useCost(book);
  return realized;
}

function isExit(tag: Tag): boolean {
  return tag === 'live_stop' || tag === 'live_trail' || tag === 'flatten';
}

function newRow(
  core: Core,
  book: SymbolBook,
  order: OrderRecord,
  qty: number,
  price: string,
  realized: Money,
  tag: string,
  execId: string,
  t = core.t,
): FillRow {
  const row: FillRow = {
    row: ++core.rows,
    t,
    symbol: book.symbol,
    side: order.side,
    qty,
    price,
    tag,
    realized: realized.toString(),
    execId,
  };
  core.fillRows.push(row);
  return row;
}

function record(order: OrderRecord, e: Omit<ExecEvent, 'type' | 't'>, realized: Money, row: FillRow): ExecRecord {
  const { key, orderId, symbol, side, tag, rung } = order;
  return {
    base: splitExecId(e.execId).base,
    execId: e.execId,
    key,
    orderId,
    symbol,
    side,
    tag,
    rung,
    qty: e.qty,
    price: e.price,
    realized: realized.toString(),
    row: row.row,
    t: row.t,
  };
}

function addFee(core: Core, order: OrderRecord, base: string, shares: number): FeeRecord {
  const fee = core.fees.get(order.key) ?? { key: order.key, symbol: order.symbol, shares: 0, execs: [], reported: {} };
  changeFee(core, fee, () => {
    fee.shares += shares;
    // A list that is pushed to has room for sixteen more, and each order of a day has one.
    if (!fee.execs.includes(base)) fee.execs = fee.execs.concat(base);
  });
  core.fees.set(order.key, fee);
  return copyOf(fee);
}

/** What goes into the journal must not change with the books afterwards. */
function copyOf(fee: FeeRecord): FeeRecord {
  return { ...fee, execs: [...fee.execs], reported: { ...fee.reported } };
}

/**
 * The order an execution belongs to: by key, else by order id of this session. A key of ours that the journal lost (a power
 * cut) still names tag and rung; anything else is not ours.
 */
function orderOf(core: Core, e: Omit<ExecEvent, 'type' | 't'>): OrderRecord | null {
  const byKey = core.orders.get(e.key);
  if (byKey) return byKey;
  if (e.key === '') {
    const byId = core.ordersById.get(e.orderId);
    return byId?.symbol === e.symbol && byId.side === e.side ? byId : null;
  }
  const parts = /^dronebot:([^:]+):(\d+):([a-z_]+):(\d)$/.exec(e.key);
  const tag = TAGS.find(known => known === parts?.[3]);
  if (!parts || !tag) return null;
  if (isForgotten(core, e)) {
    core.notice('info', 'oldExecution', e.symbol, { execId: e.execId });
    return null;
  }
  core.windDownUnknown(e.symbol);
  const { key, orderId, symbol, side, qty, price } = e;
  const found = { key, orderId, symbol, side, tag, rung: Number(parts[4]), planned: qty, qty, limit: price, t: core.t };
  core.orders.set(key, found);
  if (isLadderBuy(found)) core.session.addBuy(found);
  core.journal('orderRestored', { order: found });
  return found;
}

/** `a.b.01.02` → base `a.b.01`, suffix 2. Ids of another form have no corrections. */
function splitExecId(execId: string): { base: string; suffix: number } {
  const parts = /^(.*)\.(\d+)$/.exec(execId);
  return parts ? { base: parts[1]!, suffix: Number(parts[2]) } : { base: execId, suffix: 0 };
}

function sumOf(amounts: readonly string[]): Money {
  return amounts.reduce((total, amount) => total.plus(amount), ZERO);
}
