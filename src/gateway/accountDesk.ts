// One client's view of the account: positions as they change, the summary, the account values, profit and loss. It reads the
// account; it books nothing.

import * as answers from './wire/answers';
import { newYorkTime, pad } from './calendar';
import { moneyText, unitsPerDollar } from './prices';
import type { Account, Holding } from './account';
import type { ClientSession } from './clientSession';

interface Value {
  readonly key: string;
  readonly text: string;
  readonly currency: string;
}

interface Summary {
  readonly tags: readonly string[];
  nextAt: number;
}

interface Profit {
  /** Undefined: of the whole account. */
  readonly conId: number | undefined;
  told: string;
}

const summaryEveryMs = 180_000;
const mostSummaries = 2;

export class AccountDesk {
  private isFollowingPositions = false;
  private isFollowingValues = false;
  private nextValuesAt = 0;
  private readonly summaries = new Map<number, Summary>();
  private readonly profits = new Map<number, Profit>();
  private readonly multis = new Set<number>();
  private readonly stop: () => void;

  constructor(private readonly session: ClientSession) {
    this.stop = this.account.onPosition(holding => this.positionChanged(holding));
  }

  dispose(): void {
    this.stop();
  }

  positions(): void {
    this.isFollowingPositions = true;
    for (const holding of this.account.holdings.values()) {
      if (holding.shares !== 0) this.sendPosition(holding);
    }
    this.session.send(answers.positionEnd());
  }

  cancelPositions(): void {
    this.isFollowingPositions = false;
  }

  summary(reqId: number, tags: string): void {
    if (this.summaries.size >= mostSummaries && !this.summaries.has(reqId)) {
      const text = 'Maximum number of account summary requests exceeded.';
      return this.session.error(reqId, 322, `Error processing request.-'bP' : cause - ${text}`);
    }
    const wanted = tags.split(',').map(tag => tag.trim());
    const summary = { tags: wanted, nextAt: this.session.floor.now() + summaryEveryMs };
    this.summaries.set(reqId, summary);
    this.sendSummary(reqId, summary);
    this.session.send(answers.accountSummaryEnd(reqId));
  }

  cancelSummary(reqId: number): void {
    this.summaries.delete(reqId);
  }

  updates(subscribe: boolean): void {
    this.isFollowingValues = subscribe;
    if (!subscribe) return;
    this.sendValues();
    this.session.send(answers.accountDownloadEnd(this.account.name));
  }

  updatesMulti(reqId: number, model: string): void {
    this.multis.add(reqId);
    for (const { key, text, currency } of values(this.account)) {
      this.session.send(answers.accountUpdateMulti(reqId, this.account.name, model, key, text, currency));
    }
    this.session.send(answers.accountUpdateMultiEnd(reqId));
  }

  cancelUpdatesMulti(reqId: number): void {
    this.multis.delete(reqId);
  }

  profit(reqId: number, conId: number | undefined): void {
    const profit: Profit = { conId, told: '' };
    this.profits.set(reqId, profit);
    this.sendProfit(reqId, profit);
  }

  cancelProfit(reqId: number): void {
    this.profits.delete(reqId);
  }

  /** After each step: what has its own pace. */
  publish(): void {
    const now = this.session.floor.now();
    for (const [reqId, profit] of this.profits) this.sendProfit(reqId, profit);
    for (const [reqId, summary] of this.summaries) {
      if (now < summary.nextAt) continue;
      summary.nextAt = now + summaryEveryMs;
      this.sendSummary(reqId, summary);
    }
    if (this.isFollowingValues && now >= this.nextValuesAt) this.sendValues();
  }

  private get account(): Account {
    return this.session.floor.account;
  }

  private positionChanged(holding: Holding): void {
    if (this.isFollowingPositions) this.sendPosition(holding);
    if (this.isFollowingValues) this.sendPortfolio(holding);
  }

  private sendPosition(holding: Holding): void {
    this.session.send(answers.position(this.account.name, lineOf(holding)));
  }

  private sendPortfolio(holding: Holding): void {
    const mark = this.session.floor.marketOf(holding.instrument).mark;
    const line = {
      ...lineOf(holding),
      mark,
      value: holding.shares * mark,
      unrealized: this.account.unrealizedOf(holding),
      realized: holding.realized,
    };
    this.session.send(answers.portfolioValue(this.account.name, line));
  }

  private sendValues(): void {
    const now = this.session.floor.now();
    this.nextValuesAt = now + summaryEveryMs;
    for (const { key, text, currency } of values(this.account)) {
      this.session.send(answers.accountValue(key, text, currency, this.account.name));
    }
    for (const holding of this.account.holdings.values()) this.sendPortfolio(holding);
    const { hour, minute } = newYorkTime(Math.floor(now / 1000));
    this.session.send(answers.accountUpdateTime(`${pad(hour)}:${pad(minute)}`));
  }

  private sendSummary(reqId: number, summary: Summary): void {
    const isAll = summary.tags.some(tag => tag === 'All' || tag === '');
    for (const { key, text, currency } of values(this.account)) {
      if (!isAll && !summary.tags.includes(key)) continue;
      this.session.send(answers.accountSummary(reqId, this.account.name, key, text, currency));
    }
  }

  private sendProfit(reqId: number, profit: Profit): void {
    const { account } = this;
    const holding = [...account.holdings.values()].find(one => one.instrument.conId === profit.conId);
    let fields: answers.Fields;
    if (profit.conId === undefined) {
      fields = answers.pnl(reqId, account.daily, account.unrealized, account.realized);
    } else {
      const value = holding ? holding.shares * this.session.floor.marketOf(holding.instrument).mark : 0;
      const unrealized = holding ? account.unrealizedOf(holding) : 0;
      const realized = holding?.realized ?? 0;
      const shares = holding?.shares ?? 0;
      fields = answers.pnlSingle(reqId, shares, unrealized + realized, unrealized, realized, value);
    }
    const text = fields.join('|');
    if (text === profit.told) return;
    profit.told = text;
    this.session.send(fields);
  }
}

function lineOf(holding: Holding): answers.PositionLine {
  const averageCost = holding.shares === 0 ? 0 : holding.cost / holding.shares / unitsPerDollar;
  return { instrument: holding.instrument, shares: holding.shares, averageCost };
}

function values(account: Account): readonly Value[] {
  const usd = (key: string, units: number): Value => ({ key, text: moneyText(units), currency: 'USD' });
  const margin = account.marginRequirement;
  const equity = account.equity;
  return [
    { key: 'AccountCode', text: account.name, currency: '' },
    { key: 'AccountType', text: 'INDIVIDUAL', currency: '' },
    { key: 'AccountReady', text: 'true', currency: '' },
    { key: 'Cushion', text: equity > 0 ? String(account.availableFunds / equity) : '0', currency: '' },
    usd('NetLiquidation', equity),
    usd('TotalCashValue', account.cash),
    usd('SettledCash', account.cash),
    usd('CashBalance', account.cash),
    usd('BuyingPower', account.buyingPower),
    usd('EquityWithLoanValue', equity),
    usd('GrossPositionValue', account.grossPositions),
    usd('InitMarginReq', margin),
    usd('MaintMarginReq', margin),
    usd('AvailableFunds', account.availableFunds),
    usd('ExcessLiquidity', account.availableFunds),
    usd('FullInitMarginReq', margin),
    usd('FullMaintMarginReq', margin),
    usd('FullAvailableFunds', account.availableFunds),
    usd('FullExcessLiquidity', account.availableFunds),
    usd('RealizedPnL', account.realized),
    usd('UnrealizedPnL', account.unrealized),
    { key: 'DayTradesRemaining', text: '-1', currency: '' },
    { key: 'Leverage', text: equity > 0 ? (account.grossPositions / equity).toFixed(2) : '0.00', currency: '' },
  ];
}
