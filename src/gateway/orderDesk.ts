// One client's orders: its requests go to the exchange, and what the exchange says of its orders becomes frames. Executions
// are told live and again on request.

import { newYorkSeconds, newYorkTime } from './calendar';
import { marginNeeded } from './orderChecks';
import { priceText, moneyText } from './prices';
import * as answers from './wire/orderAnswers';
import type { ClientSession } from './clientSession';
import type { ExchangeEvent } from './exchange';
import type { Execution, Order } from './orders';
import type { ExecutionFilter } from './wire/requests';

export class OrderDesk {
  constructor(private readonly session: ClientSession) {}

  /** What happened to an order of this client. */
  tell(event: ExchangeEvent): void {
    const { session } = this;
    switch (event.type) {
      case 'openOrder':
        return session.send(answers.openOrder(event.order, session.version));
      case 'status':
        return session.send(answers.orderStatus(event.order));
      case 'execution':
        return session.send(answers.execDetails(-1, event.execution, session.version));
      case 'commission':
        return session.send(answers.commissionReport(event.execution));
      case 'preview':
        return session.send(answers.openOrder(event.order, session.version, this.preview(event.order)));
      case 'error':
        return session.error(event.id, event.code, event.text);
    }
  }

  /** Own orders only, or with `all` those of every client. */
  openOrders(all: boolean): void {
    const { session } = this;
    for (const order of session.floor.exchange.workingOrders(all ? undefined : session.clientId)) {
      session.send(answers.openOrder(order, session.version));
      session.send(answers.orderStatus(order));
    }
    session.send(answers.openOrderEnd());
  }

  completedOrders(): void {
    const { session } = this;
    for (const order of session.floor.exchange.completedOrders()) {
      session.send(answers.completedOrder(order, session.version));
    }
    session.send(answers.completedOrdersEnd());
  }

  /** Since midnight, as the real gateway keeps them. */
  executions(reqId: number, filter: ExecutionFilter): void {
    const { session } = this;
    const { date } = newYorkTime(Math.floor(session.floor.now() / 1000));
    const midnight = newYorkSeconds(date, 0, 0) * 1000;
    const from = Math.max(midnight, timeOf(filter.time) ?? midnight);
    const found = session.floor.exchange.executions.filter(one => one.at >= from && matches(one, filter));
    for (const execution of found) {
      session.send(answers.execDetails(reqId, execution, session.version));
      session.send(answers.commissionReport(execution));
    }
    if (found.length === 0 && session.floor.faults.withoutEmptyExecutionsEnd) return;
    session.send(answers.execDetailsEnd(reqId));
  }

  private preview(order: Order): answers.Preview {
    const { account } = this.session.floor;
    const price = order.limit ?? order.aux ?? this.session.floor.marketOf(order.instrument).mark;
    const needed = marginNeeded(order, price, account);
    return {
      commission: priceText(Math.max(10_000, order.quantity * 50)),
      marginChange: moneyText(needed),
      marginAfter: moneyText(account.marginRequirement + needed),
      equity: moneyText(account.equity),
    };
  }
}

function matches({ order }: Execution, filter: ExecutionFilter): boolean {
  const side = order.action === 'BUY' ? ['BUY', 'BOT'] : ['SELL', 'SLD'];
  return (
    (filter.clientId === 0 || filter.clientId === order.clientId) &&
    (filter.account === '' || filter.account === order.account) &&
    (filter.symbol === '' || filter.symbol === order.instrument.symbol) &&
    (filter.secType === '' || filter.secType === 'STK') &&
    (filter.side === '' || side.includes(filter.side.toUpperCase()))
  );
}

/** `20261118 09:30:00` or `20261118-14:30:00` (UTC); anything else does not narrow the answer. */
function timeOf(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})([ -])\s*(\d{2}):(\d{2}):(\d{2})/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 5, 6, 7].map(i => Number(match[i]));
  if (match[4] === '-') return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return newYorkSeconds(text.slice(0, 8), hour ?? 0, minute ?? 0, second) * 1000;
}
