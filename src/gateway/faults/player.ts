// Plays a fault script: watches the simulated clock and every message, and does at its time or place what a step orders. What
// a fault does to the gateway it does through the stage; it holds no sockets and no market.

import { newYorkSeconds, type ExchangeDate } from '../calendar';
import { Outlet, type Frame, type FrameFault } from './outlet';
import type { FaultHooks, RestartOptions } from '../options';
import type { FaultStep } from './script';
import type { Shape } from './shaper';
import type { FaultName } from './table';

/** What a script can do to the gateway. */
export interface Stage {
  readonly hooks: FaultHooks;
  readonly date: ExchangeDate;
  readonly startsAt: number;
  now(): number;
  log(line: string): void;
  notice(code: number, text?: string): void;
  /** After what has been sent so far. All clients when none is named; unclean: their ids stay in use for a while. */
  cut(clientId: number | undefined): void;
  silence(isLasting: boolean): void;
  endSilence(): void;
  shape(shape: Shape | undefined): void;
  restart(options: RestartOptions): void;
  loseSubscriptions(): void;
  competingSession(): void;
  correct(execId: string, priceChange: number): void;
  fillResting(): void;
  handTrade(symbol: string, shares: number, averageCost: number | undefined): void;
  halt(symbol: string, value: 0 | 1 | 2): void;
  quote(symbol: string, how: 'locked' | 'crossed'): void;
  badPrint(symbol: string, price: number): void;
}

interface Counted {
  readonly step: FaultStep;
  seen: number;
}

/** After a message these end the talk at once, in the middle of a burst. */
const ending: ReadonlySet<FaultName> = new Set(['close', 'silence', 'restart', 'fillDuringDisconnect']);

export class FaultPlayer {
  private timed: { readonly due: number; readonly run: () => void }[] = [];
  private readonly counted: Counted[] = [];
  private readonly outlets = new Set<Outlet>();
  private waiting: FaultStep[] = [];
  private isOffline = false;
  private isExecutionFirst = false;

  constructor(
    steps: readonly FaultStep[],
    private readonly stage: Stage,
  ) {
    for (const step of steps) {
      const { trigger } = step;
      if (trigger.kind === 'timeOfDay') {
        const at = newYorkSeconds(stage.date, trigger.hour, trigger.minute, trigger.second) * 1000;
        this.plan(at, () => this.play(step));
      } else if (trigger.kind === 'elapsed') {
        this.plan(stage.startsAt + trigger.milliseconds, () => this.play(step));
      } else {
        this.counted.push({ step, seen: 0 });
      }
    }
  }

  /** Begins at the first simulated moment, before any client has come. */
  begin(): void {
    this.step(this.stage.startsAt);
  }

  open(clientId: number, write: (frame: Frame) => void): Outlet {
    const outlet = new Outlet(clientId, write);
    outlet.isOffline = this.isOffline;
    outlet.isExecutionFirst = this.isExecutionFirst;
    this.outlets.add(outlet);
    return outlet;
  }

  close(outlet: Outlet): void {
    this.outlets.delete(outlet);
  }

  /** A frame on its way to a client. */
  send(outlet: Outlet, frame: Frame): void {
    const faults: FrameFault[] = [];
    const ends: FaultStep[] = [];
    for (const counted of this.counted) {
      const { trigger, fault, numbers } = counted.step;
      if (trigger.kind !== 'sent' || trigger.message !== frame[0]) continue;
      if (trigger.client !== undefined && trigger.client !== outlet.clientId) continue;
      counted.seen++;
      if (fault === 'drop' || fault === 'duplicate' || fault === 'swap' || fault === 'late') {
        if (counted.seen < trigger.n || counted.seen >= trigger.n + (numbers['count'] ?? 1)) continue;
        this.tell(counted.step);
        const lateUntil = this.stage.now() + (numbers['seconds'] ?? 0) * 1000;
        faults.push(fault === 'late' ? { lateUntil } : fault);
      } else if (counted.seen === trigger.n && fault === 'correction') {
        this.tell(counted.step);
        this.planCorrection(String(frame[14]), numbers);
      } else if (counted.seen === trigger.n) {
        ends.push(counted.step);
      }
    }
    outlet.send(frame, faults);
    for (const step of ends) this.playSoon(step);
  }

  /** A request has come. 'lost': it never reaches the gateway. */
  received(outlet: Outlet, request: string, orderId: number | undefined): 'handle' | 'lost' {
    let isLost = this.isOffline && ['placeOrder', 'cancelOrder', 'globalCancel'].includes(request);
    for (const counted of this.counted) {
      const { trigger, fault, numbers } = counted.step;
      if (trigger.kind !== 'received' || trigger.request !== request) continue;
      if (trigger.client !== undefined && trigger.client !== outlet.clientId) continue;
      if (++counted.seen !== trigger.n) continue;
      if (fault !== 'noAnswer') {
        this.playSoon(counted.step);
        continue;
      }
      this.tell(counted.step);
      if (numbers['reaches'] === 1 && orderId !== undefined) outlet.silenceOrder(orderId);
      else isLost = true;
    }
    return isLost ? 'lost' : 'handle';
  }

  step(now: number): void {
    for (;;) {
      const next = this.timed[0];
      if (!next || next.due > now) break;
      this.timed.shift();
      next.run();
    }
    for (const outlet of this.outlets) outlet.step(now);
  }

  /** A request or a step is over: what a message has set off plays now, outside of the exchange's own sentences. */
  settle(): void {
    for (const outlet of this.outlets) outlet.settle();
    while (this.waiting.length > 0) {
      const steps = this.waiting;
      this.waiting = [];
      for (const step of steps) this.play(step);
    }
  }

  private plan(due: number, run: () => void): void {
    const at = this.timed.findIndex(one => one.due > due);
    this.timed.splice(at === -1 ? this.timed.length : at, 0, { due, run });
  }

  private planCorrection(execId: string, numbers: FaultStep['numbers']): void {
    const due = this.stage.now() + (numbers['seconds'] ?? 0) * 1000;
    this.plan(due, () => this.stage.correct(execId, numbers['priceChange'] ?? 0));
  }

  /** Undone after the step's `forSeconds`; without it the fault lasts. */
  private lift(step: FaultStep, undo: () => void): void {
    const { forSeconds } = step.numbers;
    if (forSeconds !== undefined) this.plan(this.stage.now() + forSeconds * 1000, undo);
  }

  private playSoon(step: FaultStep): void {
    this.waiting.push(step);
    if (!ending.has(step.fault)) return;
    const { client } = step.numbers;
    for (const outlet of this.outlets) if (client === undefined || client === outlet.clientId) outlet.isMute = true;
  }

  private tell(step: FaultStep): void {
    this.stage.log(`fault: ${step.fault}`);
  }

  private play(step: FaultStep): void {
    this.tell(step);
    this.plays[step.fault](step);
  }

  private hook<K extends keyof FaultHooks>(step: FaultStep, name: K, value: FaultHooks[K]): void {
    const { hooks } = this.stage;
    hooks[name] = value;
    this.lift(step, () => {
      delete hooks[name];
    });
  }

  private offline(step: FaultStep, restored: number): void {
    const { stage } = this;
    this.isOffline = true;
    stage.hooks.frozenQuotes = true;
    for (const outlet of this.outlets) outlet.isOffline = true;
    this.lift(step, () => {
      this.isOffline = false;
      delete stage.hooks.frozenQuotes;
      if (restored === 1101) stage.loseSubscriptions();
      stage.notice(restored);
      for (const outlet of this.outlets) outlet.release();
    });
  }

  private readonly happensToMessage = (): void => undefined;

  private readonly plays: Readonly<Record<FaultName, (step: FaultStep) => void>> = {
    close: ({ numbers }) => this.stage.cut(numbers['client']),
    silence: step => {
      this.stage.silence(step.numbers['forSeconds'] !== undefined);
      this.lift(step, () => this.stage.endSilence());
    },
    drip: step => {
      this.stage.shape({
        kind: 'pieces',
        bytes: step.numbers['bytes'] ?? 1,
        everyMs: step.numbers['everyMs'] ?? 5,
      });
      this.lift(step, () => this.stage.shape(undefined));
    },
    split: step => {
      this.stage.shape({ kind: 'torn' });
      this.lift(step, () => this.stage.shape(undefined));
    },
    merge: step => {
      this.stage.shape({ kind: 'gathered', everyMs: step.numbers['everyMs'] ?? 50 });
      this.lift(step, () => this.stage.shape(undefined));
    },
    portReset: ({ numbers }) => {
      const words = 'TWS socket port has been reset and this connection is being dropped.';
      this.stage.notice(1300, `${words} Please reconnect on the new port - ${numbers['port']}`);
      this.stage.cut(undefined);
    },
    restart: ({ numbers }) =>
      this.stage.restart({
        downMs: numbers['downMs'] ?? 1000,
        rollBackIds: numbers['rollBackIds'] ?? 0,
        idHeldMs: numbers['idHeldMs'] ?? 0,
      }),
    connectivity: step => {
      this.stage.notice(1100);
      this.offline(step, step.numbers['restored'] ?? 1102);
    },
    nightlyReset: step => {
      for (const code of [1100, 2103, 2105, 2157, 1100]) this.stage.notice(code);
      this.hook(step, 'historyRefusal', 'HMDS connection is broken');
      this.offline(step, 1102);
      this.lift(step, () => [2104, 2106, 2158].forEach(code => this.stage.notice(code)));
    },
    farm: step => {
      const code = step.numbers['code'] ?? 2103;
      this.stage.notice(code);
      if (code === 2103) this.hook(step, 'frozenQuotes', true);
      if (code === 2105) this.hook(step, 'historyRefusal', 'HMDS connection is broken');
      this.lift(step, () => this.stage.notice(code + 1));
    },
    notice: ({ numbers, texts }) => this.stage.notice(numbers['code'] ?? 0, texts['text']),
    competingSession: step => {
      this.stage.competingSession();
      this.hook(step, 'frozenQuotes', true);
    },
    delayedOnly: step => this.hook(step, 'delayedOnly', true),
    clockSkew: step => this.hook(step, 'clockSkewSeconds', step.numbers['seconds'] ?? 0),
    pacingHistory: step => this.hook(step, 'historyRefusal', 'Historical data request pacing violation'),
    pacingMessages: ({ numbers }) => {
      this.stage.notice(100);
      if (numbers['disconnect'] === 1) this.stage.cut(undefined);
    },
    readOnly: step => this.hook(step, 'readOnly', true),
    presetDay: step => this.hook(step, 'presetDay', true),
    reject: step => {
      const { symbol, text } = step.texts;
      const refusal = { code: step.numbers['code'] ?? 201, text: text ?? 'Order rejected - Reason: by script' };
      this.hook(step, 'orderReject', symbol === undefined ? refusal : { ...refusal, symbol });
    },
    iocWithout202: step => this.hook(step, 'iocWithout202', true),
    withoutExecutionsEnd: step => this.hook(step, 'withoutEmptyExecutionsEnd', true),
    drop: this.happensToMessage,
    duplicate: this.happensToMessage,
    swap: this.happensToMessage,
    late: this.happensToMessage,
    correction: this.happensToMessage,
    noAnswer: this.happensToMessage,
    executionFirst: step => {
      this.isExecutionFirst = true;
      for (const outlet of this.outlets) outlet.isExecutionFirst = true;
      this.lift(step, () => {
        this.isExecutionFirst = false;
        for (const outlet of this.outlets) outlet.isExecutionFirst = false;
      });
    },
    fillDuringDisconnect: () => {
      this.stage.cut(undefined);
      this.stage.fillResting();
    },
    handTrade: ({ texts, numbers }) =>
      this.stage.handTrade(texts['symbol'] ?? '', numbers['shares'] ?? 0, numbers['averageCost']),
    halt: step => {
      const symbol = step.texts['symbol'] ?? '';
      this.stage.halt(symbol, step.numbers['value'] === 2 ? 2 : 1);
      this.lift(step, () => this.stage.halt(symbol, 0));
    },
    locked: ({ texts }) => this.stage.quote(texts['symbol'] ?? '', 'locked'),
    crossed: ({ texts }) => this.stage.quote(texts['symbol'] ?? '', 'crossed'),
    badPrint: ({ texts, numbers }) => this.stage.badPrint(texts['symbol'] ?? '', numbers['price'] ?? 0),
  };
}
