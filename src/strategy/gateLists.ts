/**
 * Which conditions each kind of order waits for, in the order in which they are shown: the lists that "why not?" walks
 * through. They ask nothing themselves; the evaluation (judge.ts) fills the slots.
 */
import { GATE, type Gates } from './gates';

/** Asked once the rung is touched and everything else holds: the limit price and what budgets leave room for. */
export const ROOM_GATES = [GATE.fromMid, GATE.equityRoom, GATE.classRoom, GATE.symbolRoom, GATE.orderSize];

/** Limits that hold a touched buy back and end by themselves; the others have a notice, a button or a person's word of their own. */
export const LIMIT_GATES: readonly number[] = [...ROOM_GATES, GATE.exitsToday, GATE.buyRate, GATE.symbolBuyRate];

const BUY_GATES = [
  GATE.regularHours,
  GATE.firstLast,
  GATE.linked,
  GATE.liveData,
  GATE.notHalted,
  GATE.noneInFlight,
  GATE.noExit,
  GATE.quote,
  GATE.notQuiet,
  GATE.notBlind,
  GATE.spreadBuy,
  GATE.reference,
  GATE.referenceBand,
  GATE.download,
  GATE.timeToClose,
  GATE.notPaused,
  GATE.notKilled,
  GATE.notWoundDown,
  GATE.symbolNotPaused,
  GATE.rejects,
  GATE.explained,
  GATE.dayLoss,
  GATE.journal,
  GATE.account,
  GATE.rest,
  GATE.aboveL1,
  GATE.exitsToday,
  GATE.cooldown,
  GATE.buyWait,
  GATE.buyRate,
  GATE.symbolBuyRate,
];

/** Which slots each kind of order waits for, in the order in which they are shown. */
export const GATES_OF = {
  buy: [...BUY_GATES, GATE.zPositive, GATE.rungLeft, GATE.rungTouched, ...ROOM_GATES],
  sell: [
    ...BUY_GATES.slice(0, BUY_GATES.indexOf(GATE.spreadBuy)),
    GATE.spreadSell,
    GATE.reference,
    GATE.zNegative,
    GATE.sellable,
    GATE.sellWait,
    GATE.sellRungHit,
  ],
  trim: [
    ...BUY_GATES.slice(0, BUY_GATES.indexOf(GATE.spreadBuy)),
    GATE.spreadSell,
    GATE.zNegative,
    GATE.sellable,
    GATE.trimNotDone,
    GATE.trimWait,
    GATE.trimLast,
    GATE.trimBid,
  ],
  hardStop: [...BUY_GATES.slice(0, BUY_GATES.indexOf(GATE.noExit)), GATE.sellable, GATE.hardStopHit],
  trail: [...BUY_GATES.slice(0, BUY_GATES.indexOf(GATE.noExit)), GATE.sellable, GATE.trailArmed, GATE.trailHit],
} as const;

/** The slot of the first condition in the way of a buy, apart from z and the rung itself; −1 when there is none. */
export function firstUnmetForBuy(gates: Gates): number {
  return BUY_GATES.find(gate => gates.state(gate) === 'unmet') ?? -1;
}
