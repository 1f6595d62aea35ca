/**
 * How each planned fault is brought about. What needs an order or a message to happen to is armed and waits for one.
 */
import { dayOf } from './days';
import type { FaultKind, Faults, PlannedFault } from './faults';
import type { Simulation } from './simulation';
import { Random } from './random';
import { ACCOUNT, OTHER_ACCOUNT } from './gateway';

/** Wait for the next order or message. */
const ARMED: ReadonlySet<FaultKind> = new Set([
  'dropStatus',
  'dropExec',
  'dropCommission',
  'lateCommission',
  'noCommission',
  'delayPosition',
  'delayStatus',
  'delayExec',
  'duplicateExec',
  'duplicateStatus',
  'missingStatus',
  'statusFirst',
  'positionFirst',
  'reversedExecs',
  'keylessExec',
  'lateFill',
  'partialFill',
  'rejectOrder',
  'heldOrder',
  'lostOrder',
  'lostCancel',
  'endlessExecs',
]);

export function happen(world: Simulation, { kind, how }: PlannedFault): void {
  const { clock, faults, gateway, machine, start } = world;
  if (ARMED.has(kind)) return arm(faults, kind, how);
  const later = (seconds: number, run: () => void): void => void clock.after(seconds * 1000, run);
  const symbol = world.listed[Math.floor(how * 3)]!.symbol;
  const market = world.markets.get(symbol)!;
  const { line } = gateway;
  const random = new Random(Math.floor(how * 1e9) + start, kind);
  const isAlive = world.process?.isAlive === true && world.session !== null;
  switch (kind) {
    case 'correctPrice':
    case 'correctShares':
      if (correct(world, kind, random)) faults.count(kind);
      return;
    case 'handBuy':
      faults.count(kind);
      return gateway.exchange.tradeByHand(symbol, 1 + Math.floor(how * 40));
    case 'handSell': {
      const shares = Math.floor(gateway.exchange.position(symbol) * how);
      // Not while an order is on its way: then nobody can say whose shares were sold first.
      const isBusy = [...world.auditor.known.unfinished].some(({ order }) => order.symbol === symbol);
      if (shares < 1 || isBusy || (gateway.exchange.byHand.get(symbol) ?? 0) > 0) return;
      faults.count(kind);
      return gateway.exchange.tradeByHand(symbol, -shares);
    }
    case 'cutLink':
    case 'halfOpen':
      if (line === null || !isAlive) return;
      faults.count(kind);
      return kind === 'cutLink' ? world.hangUp(line, 5 + how * 500) : gateway.hangUp(line);
    case 'clientIdHeld':
      if (line === null || !isAlive) return;
      faults.count(kind);
      gateway.heldUntil = clock.now + 2000 + how * 15_000;
      return world.hangUp(line, 20);
    case 'linkBroken':
    case 'linkBrokenDataLost':
      if (!gateway.hasIb || line === null) return;
      faults.count(kind);
      gateway.breakIb();
      return later(1 + how * 25, () => {
        if (!gateway.hasIb) gateway.restoreIb(kind === 'linkBrokenDataLost');
      });
    case 'farmFault':
      if (!gateway.isFarmUp) return;
      faults.count(kind);
      gateway.setFarm(false);
      return later(1 + how * 25, () => gateway.setFarm(true));
    case 'quietSymbol':
      faults.count(kind);
      market.quietUntil = clock.now + 11_000 + how * 15_000;
      return;
    case 'oneSided':
      faults.count(kind);
      market.missingSide = how < 0.5 ? 'bid' : 'ask';
      return later(2 + how * 20, () => (market.missingSide = null));
    case 'halt':
      if (market.isHalted) return;
      faults.count(kind);
      market.isHalted = true;
      return later(5 + how * 40, () => (market.isHalted = false));
    case 'delayedData':
      if (line === null) return;
      faults.count(kind);
      gateway.tell({ t: 0, type: 'dataType', symbol, value: 3 });
      return later(3 + how * 20, () => gateway.tell({ t: 0, type: 'dataType', symbol, value: 1 }));
    case 'idRollback':
      world.swallowNext = () => {
        faults.count(kind);
        const { line: lost, closedUntil } = gateway;
        gateway.closedUntil = Math.max(closedUntil, clock.now + how * 8000);
        if (lost !== null) world.hangUp(lost, 30);
        if (how > 0.5) later(0.5, () => world.kill());
      };
      return;
    case 'snapshotSilent':
      faults.count(kind);
      gateway.answersSnapshots = false;
      return later(10 + how * 30, () => (gateway.answersSnapshots = true));
    case 'crash':
      if (!isAlive) return;
      faults.count(kind);
      world.downSeconds = 1 + how * 15;
      return world.kill();
    case 'crashAtDeed':
      if (!isAlive) return;
      faults.count(kind);
      world.downSeconds = 1 + how * 15;
      return world.process?.dieAfter(1 + Math.floor(how * 60));
    case 'powerCut':
      if (!isAlive) return;
      world.downSeconds = 5 + how * 20;
      return world.process?.losePower(1 + Math.floor(how * 80));
    case 'accountChange':
      if (line === null || !isAlive) return;
      faults.count(kind);
      gateway.account = OTHER_ACCOUNT;
      world.downSeconds = 12 + how * 20;
      later(10, () => (gateway.account = ACCOUNT));
      return world.hangUp(line, 20);
    case 'tornJournal':
    case 'tornCsv':
      if (!isAlive) return;
      faults.count(kind);
      world.downSeconds = 1 + how * 10;
      return world.process?.dieWriting(kind === 'tornCsv' ? 'fills_live.csv' : '.jsonl', how);
    case 'cleanRestart':
      if (!isAlive) return;
      faults.count(kind);
      world.downSeconds = how > 0.5 ? 5 + how * 60 : 2;
      void world.stopSession(how > 0.5);
      // He is not sure whether it was heard.
      if (how > 0.8) later(how - 0.8, () => void world.stopSession(true));
      return;
    case 'csvLocked':
      machine.disk.isCsvLocked = true;
      faults.arm(kind);
      return later(5 + how * 40, () => (machine.disk.isCsvLocked = false));
    case 'journalFails':
      machine.disk.isJournalFailing = true;
      faults.arm(kind);
      return later(2 + how * 15, () => (machine.disk.isJournalFailing = false));
    case 'asleep':
      if (!isAlive) return;
      faults.count(kind);
      return clock.sleep(20_000 + how * 60_000);
    case 'overNight':
      return sleepOverNight(world, how, 100);
    case 'flatten':
      if (world.person(kind)) faults.count(kind);
      return;
    case 'pause':
    case 'protect':
    case 'kill':
      if (!world.person(kind)) return;
      faults.count(kind);
      return later(5 + how * 60, () => world.person(kind === 'kill' ? 'release' : 'resume'));
    default:
      throw new Error(`nobody knows how to bring about ${kind}`);
  }
}

/** Some brokers' rejects come in a row, until somebody looks after it. */
function arm(faults: Faults, kind: FaultKind, how: number): void {
  const times = kind === 'rejectOrder' && how > 0.7 ? 4 : 1;
  for (let n = 0; n < times; n++) faults.arm(kind);
}

/** Once a day, and only when all is told: what nobody has told by midnight a gateway tells no more. */
function sleepOverNight(world: Simulation, how: number, tries: number): void {
  if (dayOf(world.clock.now) > 0 || tries === 0) return;
  if (world.process?.isAlive !== true || !world.isCalm)
    return void world.clock.after(500, () => sleepOverNight(world, how, tries - 1));
  world.faults.count('overNight');
  world.sleepOverNight(how);
}

function correct(world: Simulation, kind: FaultKind, random: Random): boolean {
  return world.gateway.exchange.correct(random, ({ qty, price }) =>
    kind === 'correctPrice'
      ? { qty, price: (Number(price) + random.pick([-0.02, -0.01, 0.01, 0.03])).toFixed(2) }
      : { qty: random.chance(0.2) ? 0 : Math.max(1, qty + random.pick([-2, -1, 1])), price },
  );
}
