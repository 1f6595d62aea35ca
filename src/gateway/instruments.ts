// Which stocks the simulated exchange lists, and what each is like: price, how far it swings, how much it trades. The nine
// default symbols are described by hand; any other believable ticker gets a character from its name alone.

import { hashText, randomFor } from './random';
import { marketRule, type MarketRule } from './prices';

export interface Instrument {
  /** As the client library writes it: class shares with a space (`BRK B`). */
  readonly symbol: string;
  readonly conId: number;
  readonly longName: string;
  readonly primaryExchange: string;
  readonly tradingClass: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  readonly isin: string;
  readonly rule: MarketRule;
  readonly character: Character;
}

/** What the market model needs to know of a stock. */
export interface Character {
  /** Dollars at 04:00 of the gateway's first day. */
  readonly price: number;
  /** Standard deviation of the swings around the drifting level in the opening hour, as a fraction. */
  readonly swing: number;
  /** Prints a second just after the open; a burst multiplies it. */
  readonly tradesPerSecond: number;
  /** Shares of a typical print. */
  readonly typicalTrade: number;
  /** Round lots that typically stand at the best price. */
  readonly lotsAtBest: number;
  /** Spread of the regular session in basis points; never less than one tick. */
  readonly spreadBp: number;
}

export const validExchanges =
  'SMART,AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,DRCTEDGE,BEX,BATS,EDGEA,BYX,IEX,EDGX,PEARL,NYSENAT,LTSE,MEMX,IBEOS,OVERNIGHT,PSX,T24X';

type Known = Character & { readonly name: string; readonly exchange: string };

const known: Readonly<Record<string, Known>> = {
  RCAT: stock('RED CAT HOLDINGS INC', 'NASDAQ', 12.6, 0.0101, 1.3, 170, 6, 9),
  DPRO: stock('DRAGANFLY INC', 'NASDAQ', 9.9, 0.011, 0.8, 150, 5, 14),
  UMAC: stock('UNUSUAL MACHINES INC', 'AMEX', 11.8, 0.0097, 0.9, 150, 5, 12),
  AVAV: stock('AEROVIRONMENT INC', 'NASDAQ', 275, 0.0097, 0.9, 40, 1.5, 7),
  KTOS: stock('KRATOS DEFENSE & SECURITY', 'NASDAQ', 75, 0.0048, 1.2, 80, 2.5, 4),
  LPTH: stock('LIGHTPATH TECHNOLOGIES INC', 'NASDAQ', 8.2, 0.0057, 0.6, 140, 4, 16),
  ONDS: stock('ONDAS HOLDINGS INC', 'NASDAQ', 7.6, 0.011, 1.8, 260, 14, 12),
  EH: stock('EHANG HOLDINGS LTD-SPS ADR', 'NASDAQ', 14.9, 0.0051, 0.7, 120, 4, 10),
  SPAI: stock('SAFE PRO GROUP INC', 'NASDAQ', 6.4, 0.0101, 0.5, 130, 3.5, 24),
};

function stock(
  name: string,
  exchange: string,
  price: number,
  swing: number,
  tradesPerSecond: number,
  typicalTrade: number,
  lotsAtBest: number,
  spreadBp: number,
): Known {
  return { name, exchange, price, swing, tradesPerSecond, typicalTrade, lotsAtBest, spreadBp };
}

export class Listing {
  private readonly bySymbol = new Map<string, Instrument>();
  private readonly byConId = new Map<number, Instrument>();

  constructor(private readonly isUnknown: (symbol: string) => boolean) {
    for (const symbol of Object.keys(known)) this.find(symbol);
  }

  /** The stock of that ticker, or nothing when this exchange does not list it. */
  find(symbol: string): Instrument | undefined {
    const ticker = symbol.trim().toUpperCase().replace('.', ' ');
    const listed = this.bySymbol.get(ticker);
    if (listed) return listed;
    if (!/^[A-Z][A-Z0-9]{0,11}( [A-Z0-9]{1,3})?$/.test(ticker) || this.isUnknown(ticker)) return undefined;
    const instrument = describe(ticker);
    this.bySymbol.set(ticker, instrument);
    this.byConId.set(instrument.conId, instrument);
    return instrument;
  }

  findConId(conId: number): Instrument | undefined {
    return this.byConId.get(conId);
  }

  /** Symbols whose ticker or name begins like the pattern, as the search box of a trading program shows them. */
  matching(pattern: string): readonly Instrument[] {
    const wanted = pattern.trim().toUpperCase();
    if (wanted === '') return [];
    this.find(wanted);
    return [...this.bySymbol.values()]
      .filter(one => one.symbol.startsWith(wanted) || one.longName.includes(wanted))
      .sort((a, b) => a.symbol.length - b.symbol.length || (a.symbol < b.symbol ? -1 : 1))
      .slice(0, 16);
  }
}

function describe(symbol: string): Instrument {
  const byHand = known[symbol];
  const random = randomFor('instrument', symbol);
  const exchange = byHand?.exchange ?? (random.next() < 0.6 ? 'NASDAQ' : 'NYSE');
  const character = byHand ?? invented(random);
  const rule = marketRule(character.price < 5 ? 635 : 26);
  if (!rule) throw new Error('Expected the market rules 26 and 635 to exist');
  return {
    symbol,
    conId: 10_000_000 + (hashText(`conId ${symbol}`) % 690_000_000),
    longName: byHand?.name ?? `${symbol} CORP`,
    primaryExchange: exchange,
    tradingClass: exchange === 'NASDAQ' ? 'NMS' : symbol,
    industry: byHand ? 'Industrial' : 'Technology',
    category: byHand ? 'Aerospace/Defense' : 'Software',
    subcategory: byHand ? 'Aerospace/Defense-Equip' : 'Applications Software',
    isin: `US${String(hashText(`isin ${symbol}`)).padStart(10, '0')}`,
    rule,
    character,
  };
}

function invented(random: { next(): number }): Character {
  const price = Math.round(Math.exp(Math.log(4) + random.next() * Math.log(75)) * 100) / 100;
  const tradesPerSecond = 0.4 + random.next() * 1.2;
  return {
    price,
    swing: 0.006 + random.next() * 0.008,
    tradesPerSecond,
    typicalTrade: Math.round(30 + 1500 / (price + 5)),
    lotsAtBest: 1.5 + 40 / (price + 8),
    spreadBp: 4 + random.next() * 12,
  };
}
