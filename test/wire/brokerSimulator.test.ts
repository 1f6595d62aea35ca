/** The broker port on the project's own simulated gateway: a bought share from quote to position, and the bad days at the door. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { createIbPort } from '../../src/broker/ib/ibPort';
import type { BrokerPort, BrokerProblem, PortEvent } from '../../src/broker/port';
import { BrokerFailure } from '../../src/broker/port';
import type { EngineEvent } from '../../src/engine/events';
import type { FaultHooks, Gateway, GatewayOptions, TruthEntry } from '../../src/gateway/gateway';
import { startGateway } from '../../src/gateway/gateway';
import { intent } from './brokerHarness';

class Day {
  readonly heard: EngineEvent[] = [];
  readonly problems: BrokerProblem[] = [];
  lost: BrokerProblem | undefined;
  readonly truth: TruthEntry[];
  private seconds: (() => void) | undefined;

  private constructor(
    readonly gateway: Gateway,
    truth: TruthEntry[],
    connectTimeoutMs: number,
  ) {
    this.truth = truth;
    const config = {
      host: gateway.host,
      port: gateway.port,
      clientId: 21,
      clock: 'gateway',
      liveBarSymbols: 40,
    } as const;
    this.port = createIbPort({ ...config, connectTimeoutMs }, event => this.hear(event));
  }

  readonly port: BrokerPort;

  static async with(options: GatewayOptions = {}, connectTimeoutMs = 3000): Promise<Day> {
    const truth: TruthEntry[] = [];
    const onTruth = (entry: TruthEntry): void => void truth.push(entry);
    const gateway = await startGateway({
      speed: 0,
      seed: 7,
      startTime: '09:31',
      lockstepClientId: 21,
      onTruth,
      ...options,
    });
    return new Day(gateway, truth, connectTimeoutMs);
  }

  async second(): Promise<void> {
    await new Promise<void>(done => {
      this.seconds = done;
      this.port.ready();
    });
  }

  async until<T extends EngineEvent['type']>(
    type: T,
    fits: (event: Extract<EngineEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<EngineEvent, { type: T }>> {
    for (let s = 0; s < 60; s++) {
      const found = this.heard.find(event => event.type === type && fits(event as Extract<EngineEvent, { type: T }>));
      if (found) return found as Extract<EngineEvent, { type: T }>;
      await this.second();
    }
    throw new Error(`No ${type} within a simulated minute`);
  }

  async end(): Promise<void> {
    this.port.disconnect();
    await this.gateway.close();
  }

  private hear(event: PortEvent): void {
    if (event.type === 'engine') this.heard.push(event.event);
    else if (event.type === 'problem') this.problems.push(event.problem);
    else if (event.type === 'lost') this.lost = event.problem;
    else if (event.type === 'time') this.seconds?.();
  }
}

describe('broker on the simulated gateway', () => {
  for (const version of [178, 193])
    it(`buys at server version ${version}: quote, order, execution, commission, position, snapshot`, async () => {
      const day = await Day.with({ maxServerVersion: version });
      const { mode, serverVersion, nextOrderId } = await day.port.connect();
      deepEqual([mode, serverVersion], ['SIM', version]);
      const before = await day.port.snapshot();
      deepEqual(before, { positions: [], orders: [], executions: [] });
      day.port.subscribe('AVAV');
      const { hours = [], ticks } = await day.until('contract');
      ok(
        hours.some(([open, close]) => open <= day.port.now() && day.port.now() < close),
        'today is a trading day',
      );
      ok(ticks && ticks.length > 0);
      equal((await day.until('download', ({ state }) => state !== 'started')).state, 'finished');
      equal((await day.until('dataType')).value, 1);
      const { ask } = await day.until('tick', tick => typeof tick.ask === 'number');
      const limit = ((ask ?? 0) * 1.02).toFixed(2);
      day.port.placeOrder(intent(day.port, { orderId: nextOrderId, symbol: 'AVAV', qty: 5, limit }));
      const last = await day.until('order', ({ status }) => status === 'filled' || status === 'cancelled');
      await day.until('commission');
      const executions = day.heard.filter(event => event.type === 'exec');
      equal(
        executions.reduce((sum, { qty }) => sum + qty, 0),
        last.filled,
      );
      ok(last.filled > 0, 'the market was there');
      ok(
        executions.every(
          ({ key, side, symbol }) => key === 'dronebot:s1:1:ladder_buy:1' && side === 'BUY' && symbol === 'AVAV',
        ),
      );
      equal((await day.until('position', ({ shares }) => shares === last.filled)).symbol, 'AVAV');
      const after = await day.port.snapshot();
      deepEqual(
        after.positions.map(({ symbol, shares }) => [symbol, shares]),
        [['AVAV', last.filled]],
      );
      deepEqual(after.executions.map(({ execId }) => execId).sort(), executions.map(({ execId }) => execId).sort());
      equal(day.truth.filter(entry => JSON.stringify(entry).includes(executions[0]?.execId ?? '?')).length, 1);
      deepEqual([day.problems, day.lost], [[], undefined]);
      await day.end();
    });

  it('is deterministic: the same seed says the same, word for word', async () => {
    const run = async (): Promise<string> => {
      const day = await Day.with();
      const { nextOrderId } = await day.port.connect();
      for (const symbol of ['AVAV', 'KTOS', 'ONDS']) day.port.subscribe(symbol);
      for (let s = 0; s < 90; s++) {
        const orderId = nextOrderId + s;
        if (s % 30 === 20) day.port.placeOrder(intent(day.port, { orderId, key: `k${s}`, limit: '250.00', qty: 1 }));
        await day.second();
      }
      const heard = JSON.stringify(day.heard);
      await day.end();
      return heard;
    };
    const [first, again] = [await run(), await run()];
    ok(first.length > 10_000);
    equal(first, again);
  });

  it('tells what cannot be traded, and trades the rest', async () => {
    const day = await Day.with({ faults: { noMarketDataFor: ['RCAT'], delayedFor: ['EH'] } });
    await day.port.connect();
    for (const symbol of ['ZZTOP', 'RCAT', 'EH', 'KTOS']) day.port.subscribe(symbol);
    equal((await day.until('contract', ({ symbol }) => symbol === 'ZZTOP')).failed?.code, 200);
    equal((await day.until('dataType', ({ symbol }) => symbol === 'RCAT')).code, 354);
    equal((await day.until('dataType', ({ symbol }) => symbol === 'EH')).code, 10168);
    equal((await day.until('dataType', ({ symbol }) => symbol === 'KTOS')).value, 1);
    await day.until('tick', ({ symbol }) => symbol === 'KTOS');
    deepEqual([...new Set(day.heard.flatMap(event => (event.type === 'tick' ? [event.symbol] : [])))], ['KTOS']);
    await day.end();
  });

  for (const [name, faults, code] of [
    ['refuses the client id', { refuseClientIds: [21] }, 'clientIdInUse'],
    ['closes in the handshake', { closeInHandshake: true }, 'closedInHandshake'],
    ['sends garbage', { garbageInHandshake: true }, 'notAGateway'],
    ['sends half a frame', { halfFrame: true }, 'noAnswer'],
  ] as const satisfies readonly (readonly [string, FaultHooks, BrokerProblem['code']])[])
    it(`says ${code} when the gateway ${name}`, async () => {
      const day = await Day.with({ faults }, 500);
      let found = '';
      await day.port
        .connect()
        .catch((error: unknown) => (found = error instanceof BrokerFailure ? error.problem.code : String(error)));
      equal(found, code);
      await day.end();
    });

  it('loses the link when the gateway cuts it', async () => {
    const day = await Day.with({ faults: { dropAfter: 3 } });
    await day.port.connect();
    for (let s = 0; s < 5 && !day.lost; s++)
      await Promise.race([day.second(), new Promise(done => setTimeout(done, 200))]);
    equal(day.lost?.code, 'linkLost');
    await day.end();
  });
});
