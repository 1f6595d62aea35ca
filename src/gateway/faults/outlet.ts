// What one client is sent while a script plays: frames are passed on, kept back, doubled, dropped or reordered here, between
// the desks that made them and the connection that writes them. Which of it happens to which frame is the player's to say.

import type { Field } from '../wire/frames';

export type Frame = readonly Field[];
export type FrameFault = 'drop' | 'duplicate' | 'swap' | { readonly lateUntil: number };

const openOrder = 5;
const orderStatus = 3;
const execDetails = 11;
const commissionReport = 59;
/** Told late after an outage: orders, executions, commissions, positions. Everything else of an outage is lost. */
const keptOffline: ReadonlySet<Field | undefined> = new Set([
  openOrder,
  orderStatus,
  execDetails,
  commissionReport,
  61,
  7,
]);
const lostOffline: ReadonlySet<Field | undefined> = new Set([1, 2, 45, 46, 50, 90, 99]);

export class Outlet {
  /** Nothing more is said on this connection: it is about to end, or its order stays unanswered. */
  isMute = false;
  isOffline = false;
  isExecutionFirst = false;
  private swapped: Frame | undefined;
  private late: { readonly due: number; readonly frame: Frame }[] = [];
  private offline: Frame[] = [];
  private beforeExecution: Frame[] = [];
  private executed = new Set<Field | undefined>();
  private readonly silentOrders = new Set<number>();
  private readonly silentExecutions = new Set<Field | undefined>();

  constructor(
    readonly clientId: number,
    private readonly write: (frame: Frame) => void,
  ) {}

  /** That order's own messages are never sent. Answers to questions about it are. */
  silenceOrder(orderId: number): void {
    this.silentOrders.add(orderId);
  }

  send(frame: Frame, faults: readonly FrameFault[]): void {
    if (this.isMute || this.isSilenced(frame)) return;
    if (this.isOffline && lostOffline.has(frame[0])) return;
    if (this.isOffline && keptOffline.has(frame[0])) {
      this.offline.push(frame);
      return;
    }
    if (faults.includes('drop')) return;
    for (const fault of faults) {
      if (typeof fault === 'object') {
        this.late.push({ due: fault.lateUntil, frame });
        return;
      }
    }
    if (faults.includes('swap') && this.swapped === undefined) {
      this.swapped = frame;
      return;
    }
    this.order(frame);
    if (faults.includes('duplicate')) this.order(frame);
    const { swapped } = this;
    this.swapped = undefined;
    if (swapped) this.order(swapped);
  }

  /** A step has passed: what is due is sent. */
  step(now: number): void {
    const due = this.late.filter(one => one.due <= now);
    if (due.length === 0) return;
    this.late = this.late.filter(one => one.due > now);
    for (const { frame } of due) this.pass(frame);
  }

  /** A request or a step is over: no execution will come any more for what waits for one. */
  settle(): void {
    const waiting = this.beforeExecution;
    this.beforeExecution = [];
    this.executed = new Set();
    for (const frame of waiting) this.pass(frame);
  }

  /** The outage is over. */
  release(): void {
    this.isOffline = false;
    const held = this.offline;
    this.offline = [];
    for (const frame of held) this.pass(frame);
  }

  private isSilenced(frame: Frame): boolean {
    if (this.silentOrders.size === 0) return false;
    if (frame[0] === openOrder || frame[0] === orderStatus || frame[0] === 4) {
      return this.silentOrders.has(Number(frame[frame[0] === 4 ? 2 : 1]));
    }
    if (frame[0] === execDetails && this.silentOrders.has(Number(frame[2]))) {
      // Asked for, it comes with its commission; live, neither does.
      if (frame[1] === -1) this.silentExecutions.add(frame[14]);
      else this.silentExecutions.delete(frame[14]);
      return frame[1] === -1;
    }
    return frame[0] === commissionReport && this.silentExecutions.has(frame[2]);
  }

  private order(frame: Frame): void {
    if (!this.isExecutionFirst) return this.pass(frame);
    if (frame[0] === execDetails) {
      this.executed.add(frame[2]);
      this.pass(frame);
      return this.releaseOrder(frame[2]);
    }
    // An error about the order, a 202 above all, ends what is told of it: nothing waits beyond it.
    if (frame[0] === 4) this.releaseOrder(frame[2]);
    const isOfOrder = frame[0] === openOrder || frame[0] === orderStatus;
    if (isOfOrder && !this.executed.has(frame[1])) this.beforeExecution.push(frame);
    else this.pass(frame);
  }

  private releaseOrder(orderId: Field | undefined): void {
    const waiting = this.beforeExecution;
    this.beforeExecution = waiting.filter(one => one[1] !== orderId);
    for (const one of waiting) if (one[1] === orderId) this.pass(one);
  }

  private pass(frame: Frame): void {
    if (!this.isMute) this.write(frame);
  }
}
