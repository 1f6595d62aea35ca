/**
 * Asks the broker for positions, open orders and executions, one question at a time, and feeds the answer to the engine. An
 * answer that does not come is asked for again, and after the third time the connection is given up as dead.
 */
import type { BrokerPort, BrokerSnapshot } from '../broker/port';
import type { EngineEvent } from '../engine/events';

export interface InquiryOptions {
  port(): BrokerPort | null;
  /** ms UTC on the broker's clock. */
  now(): number;
  account: string;
  post(event: EngineEvent): void;
  /** The answer has been handled. */
  done(isPartial: boolean): void;
  /** No question is on its way any more, or the next one is. */
  idle(): void;
  gaveUp(seconds: number): void;
  log(level: 'debug' | 'warn', text: string): void;
}

const TRIES = 3;
const AGAIN_MS = 1000;

export class Inquiry {
  private asking: { isPartial: boolean } | null = null;
  /** Asked while a question was on its way: its answer may be older than what made somebody ask. */
  private next: { isPartial: boolean; why: string } | null = null;

  constructor(private readonly options: InquiryOptions) {}

  get isAsking(): boolean {
    return this.asking !== null;
  }

  ask(isPartial: boolean, why: string): void {
    if (this.asking !== null) {
      this.next = { isPartial: isPartial && (this.next?.isPartial ?? true), why };
      return;
    }
    const port = this.options.port();
    if (port === null) return;
    const own = { isPartial };
    this.asking = own;
    void this.run(port, own, why);
  }

  /** The connection is gone: whatever was asked on it is asked on the next one. */
  forget(): void {
    this.asking = null;
    this.next = null;
  }

  private async run(port: BrokerPort, own: { isPartial: boolean }, why: string): Promise<void> {
    const answer = await this.answerOf(port, own);
    if (answer === null) return;
    const { options } = this;
    const { positions, orders, executions, askedAt } = answer;
    options.log('debug', `Reconciling (${why}): ${positions.length} positions, ${orders.length} open orders`);
    // While a further full question waits, this answer only helps: trading starts with the newest.
    const isPartial = own.isPartial || this.next?.isPartial === false;
    options.post({
      t: 0,
      type: 'reconcile',
      account: options.account,
      positions,
      orders,
      executions,
      askedAt,
      ...(isPartial ? { partial: true } : {}),
    });
    options.done(isPartial);
    // Until here nobody may think that all is answered: what follows from the answer is asked for first.
    if (this.asking !== own) return;
    const { next } = this;
    this.forget();
    if (next !== null) this.ask(next.isPartial, next.why);
    options.idle();
  }

  /** Null: nobody waits for it any more. */
  private async answerOf(
    port: BrokerPort,
    own: { isPartial: boolean },
  ): Promise<(BrokerSnapshot & { askedAt: number }) | null> {
    const from = Date.now();
    for (let n = 1; this.asking === own; n++) {
      try {
        const askedAt = this.options.now();
        const answer = await port.snapshot();
        return this.asking === own ? { ...answer, askedAt } : null;
      } catch (error) {
        if (this.asking !== own) return null;
        const text = error instanceof Error ? error.message : String(error);
        this.options.log('warn', `The broker did not answer what it holds (${text}), try ${n} of ${TRIES}`);
        if (n === TRIES) {
          this.forget();
          this.options.gaveUp(Math.round((Date.now() - from) / 1000));
          return null;
        }
        await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
      }
    }
    return null;
  }
}
