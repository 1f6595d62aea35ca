// One client that has said startApi: its desks, and which desk each request goes to. What a request means is decided at the
// desks; what nobody understands is logged and changes nothing.

import { AccountDesk } from './accountDesk';
import { tellContractDetails, tellHeadTimestamp, tellMarketRule, tellMatchingSymbols } from './contractDesk';
import { HistoryDesk } from './historyDesk';
import { MarketDataDesk } from './marketDataDesk';
import { OrderDesk } from './orderDesk';
import { MessagePace } from './pacing';
import * as answers from './wire/answers';
import type { ExchangeEvent } from './exchange';
import type { Floor } from './floor';
import type { Field } from './wire/frames';
import type { Request } from './wire/requests';

const readOnlyText = 'The API interface is currently in Read-Only mode.';

export interface ClientLink {
  readonly clientId: number;
  readonly version: number;
  readonly floor: Floor;
  send(fields: readonly Field[]): void;
  /** The lockstep client's question moves the clock; everybody else's is answered at once. */
  askTime(): void;
  /** Other clients hear of what this one's orders did to the market. */
  marketTouched(): void;
}

export class ClientSession {
  readonly clientId: number;
  readonly version: number;
  readonly floor: Floor;
  readonly pace = new MessagePace();
  private readonly marketData = new MarketDataDesk(this);
  private readonly history = new HistoryDesk(this);
  private readonly orders = new OrderDesk(this);
  private readonly account: AccountDesk;

  constructor(private readonly link: ClientLink) {
    this.clientId = link.clientId;
    this.version = link.version;
    this.floor = link.floor;
    this.account = new AccountDesk(this);
  }

  send(fields: readonly Field[]): void {
    this.link.send(fields);
  }

  error(id: number, code: number, text: string): void {
    this.send(answers.error(id, code, text, this.version));
  }

  /** What a gateway says first. */
  welcome(): void {
    const { exchange, account } = this.floor;
    this.send(answers.managedAccounts([account.name]));
    this.send(answers.nextValidId(exchange.nextValidId(this.clientId)));
    this.error(-1, 2104, 'Market data farm connection is OK:usfarm');
    this.error(-1, 2106, 'HMDS data farm connection is OK:ushmds');
    this.error(-1, 2158, 'Sec-def data farm connection is OK:secdefnj');
  }

  tellOrder(event: ExchangeEvent): void {
    this.orders.tell(event);
  }

  /** After a step of the market. */
  publish(): void {
    this.marketData.publish();
    this.history.publish();
    this.account.publish();
  }

  /** After an execution between two steps: quotes and prints only. */
  publishMarket(): void {
    this.marketData.publish();
  }

  /** Data lost over an outage: every line, stream and running bar is gone, without a word for each. */
  loseSubscriptions(): void {
    this.marketData.lose();
    this.history.lose();
  }

  /** A session elsewhere has taken the data. */
  tellCompetingSession(): void {
    this.marketData.tellCompetingSession();
  }

  dispose(): void {
    this.account.dispose();
  }

  private refuseReadOnly(orderId: number): void {
    this.error(orderId, 321, `Error validating request.-'bF' : cause - ${readOnlyText}`);
  }

  handle(request: Request): void {
    const { floor } = this;
    switch (request.type) {
      case 'startApi':
        return floor.settings.log(`client ${this.clientId} sent startApi a second time: ignored`);
      case 'currentTime':
        return this.link.askTime();
      case 'placeOrder':
        if (floor.faults.readOnly) return this.refuseReadOnly(request.order.orderId);
        floor.exchange.place(this.clientId, request.order);
        return this.link.marketTouched();
      case 'cancelOrder':
        if (floor.faults.readOnly) return this.refuseReadOnly(request.orderId);
        return floor.exchange.cancel(this.clientId, request.orderId);
      case 'globalCancel':
        return floor.exchange.cancelAll();
      case 'openOrders':
        return this.orders.openOrders(false);
      case 'allOpenOrders':
        return this.orders.openOrders(true);
      case 'completedOrders':
        return this.orders.completedOrders();
      case 'executions':
        return this.orders.executions(request.reqId, request.filter);
      case 'ids':
        return this.send(answers.nextValidId(floor.exchange.nextValidId(this.clientId)));
      case 'marketData':
        return this.marketData.open(request);
      case 'cancelMarketData':
        return this.marketData.close(request.reqId);
      case 'marketDataType':
        return this.marketData.setType(request.value);
      case 'tickByTick':
        return this.marketData.openStream(request);
      case 'cancelTickByTick':
        return this.marketData.closeStream(request.reqId);
      case 'realTimeBars':
        return this.marketData.openBars(request);
      case 'cancelRealTimeBars':
        return this.marketData.closeBars(request.reqId);
      case 'history':
        return this.history.open(request);
      case 'cancelHistory':
        return this.history.close(request.reqId);
      case 'historicalTicks':
        return this.error(request.reqId, 321, `Error validating request.-'bS' : cause - Historical ticks are not kept`);
      case 'contractDetails':
        return tellContractDetails(this, request.reqId, request.contract);
      case 'matchingSymbols':
        return tellMatchingSymbols(this, request.reqId, request.pattern);
      case 'marketRule':
        return tellMarketRule(this, request.ruleId);
      case 'headTimestamp':
        return tellHeadTimestamp(this, request.reqId, request.contract, request.formatDate);
      case 'managedAccounts':
        return this.send(answers.managedAccounts([floor.account.name]));
      case 'positions':
        return this.account.positions();
      case 'cancelPositions':
        return this.account.cancelPositions();
      case 'accountSummary':
        return this.account.summary(request.reqId, request.tags);
      case 'cancelAccountSummary':
        return this.account.cancelSummary(request.reqId);
      case 'accountUpdates':
        return this.account.updates(request.subscribe);
      case 'accountUpdatesMulti':
        return this.account.updatesMulti(request.reqId, request.model);
      case 'cancelAccountUpdatesMulti':
        return this.account.cancelUpdatesMulti(request.reqId);
      case 'pnl':
        return this.account.profit(request.reqId, undefined);
      case 'pnlSingle':
        return this.account.profit(request.reqId, request.conId);
      case 'cancelPnl':
      case 'cancelPnlSingle':
        return this.account.cancelProfit(request.reqId);
      case 'userInfo':
        return this.send(answers.userInfo(request.reqId));
      case 'logLevel':
      case 'autoOpenOrders':
      case 'cancelHeadTimestamp':
        return;
      case 'unknown':
        return floor.settings.log(`client ${this.clientId} sent message ${request.message}: not known, ignored`);
    }
  }
}
