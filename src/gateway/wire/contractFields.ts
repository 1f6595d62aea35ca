// The twelve contract fields that most requests carry, in the order in which they stand on the wire.

import type { FieldReader } from './fieldReader';

export interface ContractFields {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly expiry: string;
  readonly strike: string;
  readonly right: string;
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

export function readContract(read: FieldReader): ContractFields {
  return {
    conId: read.int(),
    symbol: read.text(),
    secType: read.text(),
    expiry: read.text(),
    strike: read.text(),
    right: read.text(),
    multiplier: read.text(),
    exchange: read.text(),
    primaryExchange: read.text(),
    currency: read.text(),
    localSymbol: read.text(),
    tradingClass: read.text(),
  };
}
