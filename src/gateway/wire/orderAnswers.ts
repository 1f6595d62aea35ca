// The frames that tell of orders: openOrder, orderStatus, execDetails, commissionReport, completedOrder. Each is one list,
// field by field as the protocol's documentation has it, for a plain stock order; version gates stand where they count.

import { newYorkText, newYorkTime, pad } from '../calendar';
import { priceText } from '../prices';
import { averagePrice, remaining, type Execution, type Order } from '../orders';
import { unsetDouble, unsetInt, type Fields } from './answers';
import type { Field } from './frames';

export interface Preview {
  readonly commission: string;
  readonly marginChange: string;
  readonly marginAfter: string;
  readonly equity: string;
}

/** 141 fields at 193, 135 at 178, 136 at 176. */
export function openOrder(order: Order, version: number, preview?: Preview): Fields {
  const margin = preview?.marginChange ?? unsetDouble;
  const after = preview?.marginAfter ?? unsetDouble;
  const equity = preview?.equity ?? unsetDouble;
  return [
    5,
    order.orderId,
    ...contractOf(order),
    order.action,
    order.quantity,
    order.type,
    limitOf(order),
    auxOf(order),
    order.tif,
    order.ocaGroup,
    order.account,
    order.openClose,
    0, // origin
    order.orderRef,
    order.clientId,
    order.permId,
    order.outsideRth ? 1 : 0,
    order.hidden ? 1 : 0,
    0, // discretionaryAmt
    '', // goodAfterTime
    '', // sharesAllocation, no longer used
    '', // faGroup
    '', // faMethod
    '', // faPercentage
    ...(version < 177 ? [''] : []), // faProfile
    '', // modelCode
    order.goodTillDate,
    '', // rule80A
    '', // percentOffset
    '', // settlingFirm
    0, // shortSaleSlot
    '', // designatedLocation
    -1, // exemptCode
    0, // auctionStrategy
    '', // startingPrice
    '', // stockRefPrice
    '', // delta
    '', // stockRangeLower
    '', // stockRangeUpper
    unsetInt, // displaySize
    0, // blockOrder
    0, // sweepToFill
    0, // allOrNone
    '', // minQty
    3, // ocaType
    0, // eTradeOnly
    0, // firmQuoteOnly
    '', // nbboPriceCap
    order.parentId,
    0, // triggerMethod
    '', // volatility
    0, // volatilityType
    'None', // deltaNeutralOrderType, and because it is not empty:
    '', // deltaNeutralAuxPrice
    0, // deltaNeutralConId
    '', // deltaNeutralSettlingFirm
    '', // deltaNeutralClearingAccount
    '', // deltaNeutralClearingIntent
    '?', // deltaNeutralOpenClose
    0, // deltaNeutralShortSale
    0, // deltaNeutralShortSaleSlot
    '', // deltaNeutralDesignatedLocation
    0, // continuousUpdate
    0, // referencePriceType
    '', // trailStopPrice
    '', // trailingPercent
    '', // basisPoints
    '', // basisPointsType
    '', // comboLegsDescription
    0, // nComboLegs
    0, // nOrderComboLegs
    0, // nSmartComboParams
    unsetInt, // scaleInitLevelSize
    unsetInt, // scaleSubsLevelSize
    '', // scalePriceIncrement
    '', // hedgeType
    0, // optOutSmartRouting
    '', // clearingAccount
    'IB', // clearingIntent
    0, // notHeld
    0, // deltaNeutralContract
    '', // algoStrategy
    0, // solicited
    preview ? 1 : 0, // whatIf
    order.status,
    ...(preview ? ['0', '0', equity] : [unsetDouble, unsetDouble, unsetDouble]), // initial, maintenance, equity before
    margin,
    margin,
    ...(preview ? ['0'] : [unsetDouble]), // change of equity
    after,
    after,
    equity,
    preview?.commission ?? (order.commission > 0 ? priceText(order.commission) : unsetDouble),
    '', // minCommission
    '', // maxCommission
    preview || order.commission > 0 ? 'USD' : '', // commissionCurrency
    '', // warningText
    0, // randomizeSize
    0, // randomizePrice
    0, // nConditions
    'None', // adjustedOrderType
    unsetDouble, // triggerPrice
    unsetDouble, // trailStopPrice
    unsetDouble, // lmtPriceOffset
    unsetDouble, // adjustedStopPrice
    unsetDouble, // adjustedStopLimitPrice
    unsetDouble, // adjustedTrailingAmount
    0, // adjustableTrailingUnit
    '', // softDollarTier name
    '', // softDollarTier value
    '', // softDollarTier display name
    0, // cashQty
    1, // dontUseAutoPriceForHedge
    0, // isOmsContainer
    0, // discretionaryUpToLimitPrice
    0, // usePriceMgmtAlgo
    '', // duration
    '', // postToAts
    0, // autoCancelParent
    '', // minTradeQty
    '', // minCompeteSize
    '', // competeAgainstBestOffset
    '', // midOffsetAtWhole
    '', // midOffsetAtHalf
    ...(version >= 183 ? [''] : []), // customerAccount
    ...(version >= 184 ? [0] : []), // professionalCustomer
    ...(version >= 185 ? [''] : []), // bondAccruedInterest
    ...(version >= 189 ? [0] : []), // includeOvernight
    ...(version >= 193 ? ['', unsetInt] : []), // extOperator, manualOrderIndicator
  ];
}

export const openOrderEnd = (): Fields => [53, 1];

export const orderStatus = (order: Order): Fields => [
  3,
  order.orderId,
  order.status,
  order.filled,
  remaining(order),
  averageText(averagePrice(order)),
  order.permId,
  order.parentId,
  priceText(order.lastFill),
  order.clientId,
  '', // whyHeld
  0, // mktCapPrice
];

/** reqId −1: live. */
export const execDetails = (reqId: number, execution: Execution, version: number): Fields => {
  const { order } = execution;
  return [
    11,
    reqId,
    order.orderId,
    order.instrument.conId,
    order.instrument.symbol,
    'STK',
    '', // expiry
    '0.0', // strike
    '', // right
    '', // multiplier
    order.instrument.primaryExchange,
    'USD',
    order.instrument.symbol, // localSymbol
    order.instrument.tradingClass,
    execution.execId,
    `${newYorkText(Math.floor(execution.at / 1000))} US/Eastern`,
    order.account,
    order.instrument.primaryExchange,
    order.action === 'BUY' ? 'BOT' : 'SLD',
    execution.shares,
    priceText(execution.price),
    order.permId,
    order.clientId,
    0, // liquidation
    execution.cumulative,
    averageText(execution.average),
    order.orderRef,
    '', // evRule
    '', // evMultiplier
    '', // modelCode
    2, // lastLiquidity: removed
    ...(version >= 178 ? [0] : []), // pendingPriceRevision
  ];
};

export const execDetailsEnd = (reqId: number): Fields => [55, 1, reqId];

export const commissionReport = (execution: Execution): Fields => [
  59,
  1,
  execution.execId,
  priceText(execution.commission),
  'USD',
  execution.realized === undefined ? unsetDouble : priceText(execution.realized),
  unsetDouble, // yield
  '', // yieldRedemptionDate
];

/** 102 fields at 193. It names neither order id nor client: an order of another day keeps only its permId. */
export function completedOrder(order: Order, version: number): Fields {
  return [
    101,
    ...contractOf(order),
    order.action,
    order.quantity,
    order.type,
    limitOf(order),
    auxOf(order),
    order.tif,
    order.ocaGroup,
    order.account,
    order.openClose,
    0, // origin
    order.orderRef,
    order.permId,
    order.outsideRth ? 1 : 0,
    order.hidden ? 1 : 0,
    0, // discretionaryAmt
    '', // goodAfterTime
    '', // faGroup
    '', // faMethod
    '', // faPercentage
    ...(version < 177 ? [''] : []), // faProfile
    '', // modelCode
    order.goodTillDate,
    '', // rule80A
    '', // percentOffset
    '', // settlingFirm
    0, // shortSaleSlot
    '', // designatedLocation
    -1, // exemptCode
    '', // startingPrice
    '', // stockRefPrice
    '', // delta
    '', // stockRangeLower
    '', // stockRangeUpper
    unsetInt, // displaySize
    0, // sweepToFill
    0, // allOrNone
    '', // minQty
    3, // ocaType
    0, // triggerMethod
    '', // volatility
    0, // volatilityType
    'None', // deltaNeutralOrderType, and because it is not empty:
    '', // deltaNeutralAuxPrice
    0, // deltaNeutralConId
    0, // deltaNeutralShortSale
    0, // deltaNeutralShortSaleSlot
    '', // deltaNeutralDesignatedLocation
    0, // continuousUpdate
    0, // referencePriceType
    '', // trailStopPrice
    '', // trailingPercent
    '', // comboLegsDescription
    0, // nComboLegs
    0, // nOrderComboLegs
    0, // nSmartComboParams
    unsetInt, // scaleInitLevelSize
    unsetInt, // scaleSubsLevelSize
    '', // scalePriceIncrement
    '', // hedgeType
    '', // clearingAccount
    'IB', // clearingIntent
    0, // notHeld
    0, // deltaNeutralContract
    '', // algoStrategy
    0, // solicited
    order.status,
    0, // randomizeSize
    0, // randomizePrice
    0, // nConditions
    unsetDouble, // trailStopPrice
    unsetDouble, // lmtPriceOffset
    0, // cashQty
    1, // dontUseAutoPriceForHedge
    0, // isOmsContainer
    '', // autoCancelDate
    order.filled,
    0, // refFuturesConId
    0, // autoCancelParent
    '', // shareholder
    0, // imbalanceOnly
    0, // routeMarketableToBbo
    '9223372036854775807', // parentPermId
    completedTimeText(order.completedAt),
    order.completedStatus,
    '', // minTradeQty
    '', // minCompeteSize
    '', // competeAgainstBestOffset
    '', // midOffsetAtWhole
    '', // midOffsetAtHalf
    ...(version >= 183 ? [''] : []), // customerAccount
    ...(version >= 184 ? [0] : []), // professionalCustomer
  ];
}

export const completedOrdersEnd = (): Fields => [102];

// conId, symbol, secType, expiry, strike, right, multiplier, exchange, currency, localSymbol, tradingClass.
function contractOf(order: Order): readonly Field[] {
  const one = order.instrument;
  return [one.conId, one.symbol, 'STK', '', 0, '?', '', order.exchange, 'USD', one.symbol, one.tradingClass];
}

function limitOf(order: Order): string {
  return order.limit === undefined ? '0.0' : priceText(order.limit);
}

function auxOf(order: Order): string {
  return order.aux === undefined ? '0.0' : priceText(order.aux);
}

function averageText(dollars: number): string {
  return String(Math.round(dollars * 1e8) / 1e8);
}

function completedTimeText(epochSeconds: number): string {
  const { date, hour, minute, second } = newYorkTime(epochSeconds);
  return `${date} ${pad(hour)}:${pad(minute)}:${pad(second)} US/Eastern`;
}
