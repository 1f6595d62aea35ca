/**
 * Holds what a session has in memory, in its journal and in its files against each other and against the truth: a little after
 * every event, all of it now and then and at the end. The first difference is the verdict.
 */
import type { DurableState } from '../../src/engine/durable';
import { compareBooks, compareDurable, compareFees, compareFills, compareMemory, type Memory } from './books';
import type { Simulation } from './simulation';

/** The session as its tests see it from inside: what it would rebuild from its journal has to be what it has. */
export interface Inside {
  running: { engine: { durable(): DurableState; core: Memory } } | null;
}

export class Judgement {
  private comparedVersion = '';

  constructor(
    private readonly world: Simulation,
    private readonly fillsFile: string,
  ) {}

  private get running(): Inside['running'] {
    const { session } = this.world;
    return session === null ? null : (session as unknown as Inside).running;
  }

  compareMemory(): void {
    const { running, world } = this;
    if (running === null || world.journalHasRefused || world.failure !== null) return;
    const difference = compareMemory(world.journal.folded, running.engine.core);
    if (difference !== null) world.broken('the journal gives back what is in memory', difference);
  }

  compareWithJournal(): void {
    const { running, world } = this;
    if (running === null || world.process?.isAlive !== true || world.journalHasRefused || world.failure !== null)
      return;
    const difference = compareDurable(world.journal.folded, running.engine.durable());
    if (difference !== null) world.broken('the journal gives back what is in memory', difference);
  }

  /** Whenever everything that was told has been heard and nothing was lost since the last answer. */
  compareShares(): void {
    const { running, world } = this;
    const { gateway, failure } = world;
    // Whoever has not changed since they were equal is equal still.
    const version = `${world.journal.nEntries} ${gateway.exchange.nMoves}`;
    if (version === this.comparedVersion) return;
    if (running === null || world.process?.isAlive !== true || failure !== null || !world.isCalm) return;
    this.comparedVersion = version;
    const { symbols } = running.engine.durable();
    for (const { symbol } of world.listed) {
      if (gateway.exchange.isMuddled(symbol)) continue;
      const shares = symbols[symbol]?.position.layers.reduce((sum, layer) => sum + layer.held, 0) ?? 0;
      const truth = gateway.exchange.own(symbol);
      if (shares !== truth)
        world.broken(
          'books equal the truth',
          `${symbol}: nothing is on its way, the books have ${shares}, the truth is ${truth}`,
        );
    }
  }

  compareAll(): void {
    const { running, world } = this;
    if (running === null) return world.broken('the session finds its way back', 'no session at the end');
    this.compareWithJournal();
    const durable = running.engine.durable();
    const { gateway, auditor, listed, machine } = world;
    const symbols = listed.map(each => each.symbol);
    const books = compareBooks(symbols, durable, gateway.exchange, auditor);
    if (books !== null) world.broken('books equal the truth', books);
    const left = [...gateway.exchange.live.keys()];
    if (left.length > 0) world.broken('no order is left behind', left.join(', '));
    const fees = compareFees(durable, gateway);
    if (fees !== null) world.broken('commissions equal the truth', fees);
    const fills = compareFills(machine.disk.text(this.fillsFile), [...gateway.exchange.executions.values()]);
    if (fills !== null) world.broken('every execution once in the file', fills);
    const unprotected = auditor.unprotected();
    if (unprotected.length > 0) world.broken('no position is left without its stop', unprotected.join(', '));
    const exits = auditor.exitsOn();
    if (exits.length > 0) world.broken('a fired exit stays until flat', `still holds: ${exits.join(', ')}`);
  }
}
