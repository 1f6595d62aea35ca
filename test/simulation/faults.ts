/**
 * What goes wrong in a run and when: a plan made from the seed, of which any part can be left out to find the part that
 * matters. A fault counts once it has really happened to something.
 */
import { Random } from './random';

/** Each with what it does, for the histogram and the report of a failure. */
export const FAULTS = {
  dropStatus: 'a status never arrives',
  dropExec: 'a live execution never arrives',
  dropCommission: 'a commission report never arrives',
  lateCommission: 'a commission report arrives a minute late',
  noCommission: 'a commission is never told, however often it is asked for',
  delayPosition: 'a position arrives late',
  delayStatus: 'a status arrives seconds late',
  delayExec: 'an execution arrives seconds late',
  duplicateExec: 'an execution arrives twice',
  duplicateStatus: 'a status arrives twice',
  missingStatus: 'no status but the last one',
  statusFirst: 'the final status comes before the executions',
  positionFirst: 'a position arrives before its execution',
  reversedExecs: 'executions arrive in reverse order',
  keylessExec: 'an execution without orderRef',
  lateFill: 'executions after a cancelled without fills',
  partialFill: 'an order filled in part',
  rejectOrder: 'an order rejected',
  heldOrder: 'an order held without a word',
  lostOrder: 'an order lost on its way to the exchange',
  lostCancel: 'an order held, and the cancel of it lost',
  correctPrice: 'an execution corrected in price',
  correctShares: 'an execution corrected in shares',
  handBuy: 'the owner buys elsewhere',
  handSell: 'the owner sells elsewhere',
  cutLink: 'the connection is cut',
  halfOpen: 'the connection is dead and nobody says so',
  clientIdHeld: 'the client id is still in use',
  linkBroken: 'the gateway loses IB, data maintained',
  linkBrokenDataLost: 'the gateway loses IB, data lost',
  farmFault: 'a market data farm breaks',
  quietSymbol: 'a symbol falls silent',
  oneSided: 'one side of the quote is gone',
  halt: 'trading is halted',
  delayedData: 'prices are delayed ones',
  idRollback: 'orders lost before a restart of the gateway: ids roll back',
  endlessExecs: 'the end of the executions never comes',
  snapshotSilent: 'the broker does not answer what it holds',
  crash: 'the process is killed',
  crashAtDeed: 'the process is killed between two of its deeds',
  tornJournal: 'the process is killed while it writes the journal',
  tornCsv: 'the process is killed while it writes the fills',
  powerCut: 'the power fails: what was not synced is gone',
  accountChange: 'another account answers',
  cleanRestart: 'the session is stopped and started',
  csvLocked: 'the fills file is open elsewhere',
  journalFails: 'the disk is full',
  asleep: 'the computer sleeps',
  overNight: 'the computer sleeps from one day to the next',
  // No faults, but everything has to hold while a person does them.
  pause: 'a person pauses entries for a while',
  protect: 'a person wants exits only for a while',
  kill: 'a person throws the kill switch for a while',
  flatten: 'a person sells everything',
} as const;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

export interface PlannedFault {
  /** Seconds after the start. */
  at: number;
  kind: FaultKind;
  /** 0 to 1: how long, which one. */
  how: number;
}

const RESTARTS: readonly FaultKind[] = ['crash', 'crashAtDeed', 'crashAtDeed', 'powerCut', 'tornJournal', 'tornCsv'];

/** Each lasts for 5 s or more. */
const SWITCHES: ReadonlySet<FaultKind> = new Set(['pause', 'protect', 'kill']);

export function planFaults(seed: number, seconds: number): PlannedFault[] {
  const random = new Random(seed, 'faults');
  const plan: PlannedFault[] = [];
  const add = (kind: FaultKind): void => {
    plan.push({ at: Math.round(random.between(20, seconds * 0.85)), kind, how: random.next() });
  };
  add(random.pick(RESTARTS));
  const n = random.whole(8, 18);
  for (let i = 0; i < n; i++) add(random.pick(FAULT_KINDS));
  // What a person has switched has to be as he left it in the next session.
  const followed = new Random(seed, 'followed');
  for (const { kind, at } of [...plan]) {
    if (SWITCHES.has(kind) && followed.chance(0.5))
      plan.push({ at: at + followed.whole(1, 4), kind: 'crash', how: followed.next() });
  }
  return plan.sort((a, b) => a.at - b.at);
}

/** What is armed and waits for something to happen to, and what has happened. */
export class Faults {
  readonly happened = new Map<FaultKind, number>();
  private readonly armed = new Map<FaultKind, number>();
  /** Nothing goes wrong any more. */
  isOver = false;

  arm(kind: FaultKind): void {
    this.armed.set(kind, (this.armed.get(kind) ?? 0) + 1);
  }

  /** True when one of this kind waits; it has happened then. */
  take(kind: FaultKind): boolean {
    const n = this.armed.get(kind) ?? 0;
    if (n === 0 || this.isOver) return false;
    this.armed.set(kind, n - 1);
    this.count(kind);
    return true;
  }

  count(kind: FaultKind): void {
    this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
  }

  get total(): number {
    let total = 0;
    for (const n of this.happened.values()) total += n;
    return total;
  }
}
