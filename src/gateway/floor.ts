// What every client's desk works with: the market, the exchange, the account, the clock, and the questions that need several
// of them. One floor a gateway. It holds no sockets.

import { Account } from './account';
import { newYorkTime } from './calendar';
import { Exchange, type ExchangeEvent } from './exchange';
import { Listing, type Instrument } from './instruments';
import { Market, type SymbolMarket } from './market';
import { unitsPerDollar } from './prices';
import { TruthLog } from './truthLog';
import type { FaultHooks, Settings } from './options';
import type { ContractFields } from './wire/contractFields';

export class Floor {
  readonly listing: Listing;
  readonly market: Market;
  readonly account: Account;
  readonly exchange: Exchange;
  readonly truth: TruthLog;
  private date: string;

  constructor(
    readonly settings: Settings,
    readonly faults: FaultHooks,
    readonly now: () => number,
    tell: (clientId: number, event: ExchangeEvent) => void,
  ) {
    const unknown = new Set(settings.symbolsUnknown.map(symbol => symbol.toUpperCase().replace('.', ' ')));
    const isOffTape = (symbol: string): boolean => settings.tape !== undefined && !settings.tape.symbols.has(symbol);
    this.listing = new Listing(symbol => symbol.startsWith('ZZ') || unknown.has(symbol) || isOffTape(symbol));
    this.market = new Market(settings);
    this.account = new Account(settings.account, settings.cash, instrument => this.marketOf(instrument).mark);
    this.truth = new TruthLog(settings.truthFile, settings.onTruth);
    this.exchange = new Exchange({
      settings,
      market: this.market,
      account: this.account,
      truth: this.truth,
      faults,
      now,
      find: request => this.resolve(request.contract),
      tell,
    });
    this.date = newYorkTime(Math.floor(now() / 1000)).date;
    for (const held of settings.positions) {
      const instrument = this.listing.find(held.symbol);
      if (!instrument) throw new Error(`Expected positions in listed stocks, found ${held.symbol}`);
      const cost = Math.round(held.averageCost * unitsPerDollar);
      this.account.cash += held.shares * cost;
      this.account.setPosition(instrument, held.shares, cost);
    }
    if (settings.positions.length > 0) this.account.startDay();
  }

  marketOf(instrument: Instrument): SymbolMarket {
    return this.market.of(instrument, this.now());
  }

  /** The stock that a client means: a listed US stock in dollars, by its id or by its ticker. */
  resolve(contract: ContractFields): Instrument | undefined {
    if (contract.secType !== '' && contract.secType !== 'STK') return undefined;
    if (contract.currency !== '' && contract.currency !== 'USD') return undefined;
    const ticker = contract.symbol === '' ? contract.localSymbol : contract.symbol;
    const named = ticker === '' ? undefined : this.listing.find(ticker);
    if (contract.conId <= 0) return named;
    const byId = this.listing.findConId(contract.conId);
    return ticker === '' || byId?.symbol === named?.symbol ? byId : undefined;
  }

  /** One step of the market, then what rests at the exchange. */
  step(now: number): void {
    const date = newYorkTime(Math.floor(now / 1000)).date;
    if (date !== this.date) {
      this.date = date;
      this.account.startDay();
    }
    this.market.advance(now);
    this.exchange.work();
  }
}
