/**
 * Finds out what a symbol is: its contract, price grid and trading hours, and tells the engine. A symbol that the gateway
 * does not know, or knows twice, is told as failed and not traded.
 */
import type { ContractDetails, PriceIncrement } from '@stoqey/ib';
import { EventName } from '@stoqey/ib';
import { meaningOf } from './codes';
import type { Desk } from './desk';
import { ibSymbol, isUsStock, stock } from './desk';
import { hoursOf } from './times';

type Ticks = readonly (readonly [number, number])[];

/** How long a market rule may take before the contract's own tick has to do. */
const ruleTimeoutMs = 5000;
const detailsTimeoutMs = 30_000;
/** After a failure that is not about the symbol. */
const retryMs = 5000;

/** A report has no account and no live data, so its desk is a smaller one. */
export type ContractsDesk = Pick<Desk, 'engine' | 'later' | 'lanes' | 'log' | 'now' | 'on' | 'requests' | 'send'>;

export class Contracts {
  private readonly asked = new Map<number, { symbol: string; found: ContractDetails[]; timer: NodeJS.Timeout }>();
  private readonly rules = new Map<number, Ticks>();
  private readonly waiting = new Map<number, ((ticks: Ticks | undefined) => void)[]>();
  private readonly conIds = new Map<string, number>();

  constructor(
    private readonly desk: ContractsDesk,
    private readonly known: (symbol: string) => void,
  ) {
    desk.on(EventName.contractDetails, (id: number, details: ContractDetails) =>
      this.asked.get(id)?.found.push(details),
    );
    desk.on(EventName.contractDetailsEnd, (id: number) => this.finish(id));
    desk.on(EventName.marketRule, (rule: number, steps: PriceIncrement[]) => this.hearRule(rule, steps));
  }

  conIdOf(symbol: string): number | undefined {
    return this.conIds.get(symbol);
  }

  ask(symbol: string): void {
    const { desk } = this;
    const id = desk.requests.add((code, text) => this.fail(id, code, text));
    const timer = desk.later(detailsTimeoutMs, () => this.retry(id));
    this.asked.set(id, { symbol, found: [], timer });
    desk.lanes.request(() => desk.send(api => api.reqContractDetails(id, stock(symbol))));
  }

  forget(symbol: string): void {
    for (const [id, asked] of this.asked) if (asked.symbol === symbol) this.close(id);
  }

  private retry(id: number): void {
    const asked = this.close(id);
    if (!asked) return;
    this.desk.log('warn', `${asked.symbol}: no answer to the contract request, asked again`);
    this.ask(asked.symbol);
  }

  private close(id: number): { symbol: string; found: ContractDetails[] } | undefined {
    const asked = this.asked.get(id);
    clearTimeout(asked?.timer);
    this.asked.delete(id);
    this.desk.requests.forget(id);
    return asked;
  }

  private fail(id: number, code: number, text: string): void {
    const asked = this.asked.get(id);
    if (!asked) return;
    const meaning = meaningOf(code);
    if (meaning === 'noContract' || meaning === 'invalidRequest') {
      this.close(id);
      return this.tellFailed(asked.symbol, code, text);
    }
    // Not the symbol's fault: a broken farm, too many messages.
    this.desk.log('warn', `${asked.symbol}: ${text} (${code})`);
    clearTimeout(asked.timer);
    asked.timer = this.desk.later(retryMs, () => this.retry(id));
  }

  private tellFailed(symbol: string, code: number, text: string): void {
    this.desk.engine({ t: this.desk.now(), type: 'contract', symbol, failed: { code, text } });
  }

  private finish(id: number): void {
    const asked = this.close(id);
    if (!asked) return;
    const { symbol } = asked;
    const fitting = asked.found.filter(({ contract }) => isUsStock(contract) && contract.symbol === ibSymbol(symbol));
    const details = fitting[0];
    const numbers = new Set(fitting.map(({ contract }) => contract.conId));
    if (!details) return this.tellFailed(symbol, 200, 'No US stock of this name');
    if (numbers.size > 1) {
      const places = fitting.map(({ contract }) => contract.primaryExch ?? '').join(', ');
      return this.tellFailed(symbol, 200, `Several US stocks of this name: ${places}`);
    }
    const rule = smartRule(details);
    if (rule === undefined) return this.tell(symbol, details, undefined);
    this.withRule(rule, ticks => this.tell(symbol, details, ticks));
  }

  private tell(symbol: string, details: ContractDetails, ticks: Ticks | undefined): void {
    const { conId } = details.contract;
    const { minTick } = details;
    if (conId !== undefined && conId > 0) this.conIds.set(symbol, conId);
    const hours = hoursOf(details.liquidHours ?? '', details.timeZoneId);
    this.desk.engine({
      t: this.desk.now(),
      type: 'contract',
      symbol,
      ...(ticks ? { ticks } : {}),
      ...(minTick !== undefined && minTick > 0 ? { minTick } : {}),
      ...(hours.length > 0 ? { hours } : {}),
      ...(conId !== undefined && conId > 0 ? { conId } : {}),
    });
    this.known(symbol);
  }

  /** One question for each rule of a connection, however many symbols share it. */
  private withRule(rule: number, use: (ticks: Ticks | undefined) => void): void {
    const ticks = this.rules.get(rule);
    if (ticks) return use(ticks);
    const waiting = this.waiting.get(rule);
    if (waiting) return void waiting.push(use);
    this.waiting.set(rule, [use]);
    this.desk.lanes.request(() => this.desk.send(api => api.reqMarketRule(rule)));
    this.desk.later(ruleTimeoutMs, () => this.answer(rule, undefined));
  }

  private hearRule(rule: number, steps: readonly PriceIncrement[]): void {
    const ticks: [number, number][] = [];
    for (const { lowEdge, increment } of steps)
      if (lowEdge !== undefined && increment !== undefined && lowEdge >= 0 && increment > 0)
        ticks.push([lowEdge, increment]);
    ticks.sort((a, b) => a[0] - b[0]);
    if (ticks.length > 0) this.rules.set(rule, ticks);
    this.answer(rule, ticks.length > 0 ? ticks : undefined);
  }

  private answer(rule: number, ticks: Ticks | undefined): void {
    const waiting = this.waiting.get(rule);
    this.waiting.delete(rule);
    waiting?.forEach(use => use(ticks));
  }
}

/** The market rule for SMART stands at SMART's place in the list of exchanges. */
function smartRule(details: ContractDetails): number | undefined {
  const exchanges = (details.validExchanges ?? '').split(',');
  const rules = (details.marketRuleIds ?? '').split(',');
  const rule = rules[Math.max(0, exchanges.indexOf('SMART'))];
  return rule !== undefined && /^\d+$/.test(rule) ? Number(rule) : undefined;
}
