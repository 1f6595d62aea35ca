// placeOrder, read in full order up to the last field that counts here. What the exchange cannot do (algorithms, combos,
// scales) is walked over, so that the fields behind it are found; the tail after the price management flag is not read.

import { readContract, type ContractFields } from './contractFields';
import type { FieldReader } from './fieldReader';

export interface OrderRequest {
  readonly orderId: number;
  readonly contract: ContractFields;
  readonly action: string;
  readonly quantity: number | undefined;
  readonly orderType: string;
  /** Prices stay text: whether binary noise is on the tick grid is the exchange's to judge. */
  readonly limit: string;
  readonly aux: string;
  readonly tif: string;
  readonly ocaGroup: string;
  readonly account: string;
  readonly openClose: string;
  readonly orderRef: string;
  readonly transmit: boolean;
  readonly parentId: number;
  readonly outsideRth: boolean;
  readonly hidden: boolean;
  readonly goodTillDate: string;
  readonly overridePercentage: boolean;
  readonly whatIf: boolean;
}

export function readPlaceOrder(read: FieldReader, serverVersion: number): OrderRequest {
  const orderId = read.int(-1);
  const contract = readContract(read);
  read.skip(2); // secIdType, secId
  const head = {
    orderId,
    contract,
    action: read.text().toUpperCase(),
    quantity: read.number(),
    orderType: read.text().toUpperCase(),
    limit: read.text(),
    aux: read.text(),
    tif: read.text().toUpperCase(),
    ocaGroup: read.text(),
    account: read.text(),
    openClose: read.text(),
  };
  read.skip(); // origin
  const flags = { orderRef: read.text(), transmit: read.bool(), parentId: read.int() };
  read.skip(4); // blockOrder, sweepToFill, displaySize, triggerMethod
  const hours = { outsideRth: read.bool(), hidden: read.bool() };
  if (contract.secType === 'BAG') skipCombo(read);
  read.skip(3); // sharesAllocation, discretionaryAmt, goodAfterTime
  const goodTillDate = read.text();
  read.skip(3); // faGroup, faMethod, faPercentage
  if (serverVersion < 177) read.skip(); // faProfile
  read.skip(19); // modelCode to stockRangeUpper
  const overridePercentage = read.bool();
  read.skip(2); // volatility, volatilityType
  const deltaNeutralType = read.text();
  read.skip(); // deltaNeutralAuxPrice
  if (deltaNeutralType !== '') read.skip(8);
  read.skip(6); // continuousUpdate to scaleSubsLevelSize
  const scaleIncrement = read.number();
  if (scaleIncrement !== undefined && scaleIncrement > 0) read.skip(7);
  read.skip(3); // scaleTable, activeStartTime, activeStopTime
  if (read.text() !== '') read.skip(); // hedgeType, hedgeParam
  read.skip(4); // optOutSmartRouting to notHeld
  if (read.bool()) read.skip(3); // deltaNeutralContract
  if (read.text() !== '') read.skip(2 * read.count()); // algoStrategy
  read.skip(); // algoId
  return { ...head, ...flags, ...hours, goodTillDate, overridePercentage, whatIf: read.bool() };
}

function skipCombo(read: FieldReader): void {
  read.skip(8 * read.count());
  read.skip(read.count());
  read.skip(2 * read.count());
}
