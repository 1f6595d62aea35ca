import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  BarSizeSetting,
  EventName,
  IBApi,
  OrderAction,
  OrderType,
  SecType,
  TimeInForce,
  WhatToShow,
  type Contract,
} from '@stoqey/ib';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';

type Args = readonly unknown[];

const contract: Contract = { symbol: 'RCAT', secType: SecType.STK, exchange: 'SMART', currency: 'USD' };

/** The published client library, with every event kept by name. */
class LibraryClient {
  readonly heard: { readonly name: string; readonly args: Args }[] = [];
  private readonly api: IBApi;
  private read = 0;

  constructor(port: number, clientId: number) {
    this.api = new IBApi({ host: '127.0.0.1', port, clientId, maxReqPerSec: 5000 });
    for (const name of Object.values(EventName)) {
      if (name === EventName.all || name === EventName.received || name === EventName.sent) continue;
      this.api.on(name as EventName.connected, (...args: unknown[]) => this.heard.push({ name, args }));
    }
  }

  async connect(): Promise<void> {
    this.api.connect();
    await this.next('nextValidId');
  }

  close(): void {
    this.api.disconnect();
  }

  send(request: (api: IBApi) => unknown): void {
    request(this.api);
  }

  async next(name: string, fits: (args: Args) => boolean = () => true): Promise<Args> {
    const deadline = performance.now() + 5000;
    while (performance.now() < deadline) {
      while (this.read < this.heard.length) {
        const event = this.heard[this.read++];
        if (event?.name === name && fits(event.args)) return event.args;
      }
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    throw new Error(
      `Expected the event ${name}; heard ${this.heard
        .slice(-8)
        .map(event => event.name)
        .join()}`,
    );
  }

  of(name: string): readonly Args[] {
    return this.heard.filter(event => event.name === name).map(event => event.args);
  }

  async seconds(n: number): Promise<void> {
    for (let i = 0; i < n; i++) {
      this.send(api => api.reqCurrentTime());
      await this.next('currentTime');
    }
  }
}

describe('gateway: the published client library', () => {
  let gateway: Gateway;
  let client: LibraryClient;

  async function begin(options: GatewayOptions = {}): Promise<void> {
    gateway = await startGateway({ seed: 7, speed: 0, lockstepClientId: 21, startTime: '10:00', ...options });
    client = new LibraryClient(gateway.port, 21);
    await client.connect();
  }

  // Error 505 is the library's word for a frame that it could not read to its last field.
  afterEach(async () => {
    const unreadable = client.of('error').filter(([, code]) => code === 505);
    client.close();
    await gateway.close();
    deepEqual(unreadable, []);
  });

  it('connects, and reads details, rules, hours and searches', async () => {
    await begin();
    deepEqual(
      client.of('server').map(([version]) => version),
      [193],
    );
    client.send(api => api.reqContractDetails(1, contract));
    const [, details] = await client.next('contractDetails');
    const read = details as Record<string, string> & { contract: Contract };
    equal(read.minTick, 0.01);
    equal(read.contract.symbol, 'RCAT');
    deepEqual(read.liquidHours?.split(';').slice(0, 4), [
      '20261118:0930-20261118:1600',
      '20261119:0930-20261119:1600',
      '20261120:0930-20261120:1600',
      '20261121:CLOSED',
    ]);
    equal(read.marketRuleIds?.split(',').length, read.validExchanges?.split(',').length);
    client.send(api => api.reqContractDetails(2, { ...contract, symbol: 'ZZTOP' }));
    deepEqual((await client.next('error')).slice(1, 3), [200, 2]);
    client.send(api => api.reqMarketRule(635));
    const bands = (await client.next('marketRule'))[1];
    deepEqual(bands, [
      { lowEdge: 0, increment: 0.0001 },
      { lowEdge: 1, increment: 0.01 },
    ]);
    client.send(api => api.reqMatchingSymbols(3, 'RCA'));
    const [, found] = await client.next('symbolSamples');
    ok((found as readonly { contract: Contract }[]).some(one => one.contract.symbol === 'RCAT'));
  });

  it('shows half days and holidays in the hours', async () => {
    await begin({ date: '2026-11-25' });
    client.send(api => api.reqContractDetails(1, contract));
    const [, details] = await client.next('contractDetails');
    deepEqual((details as { tradingHours: string }).tradingHours.split(';').slice(0, 4), [
      '20261125:0400-20261125:2000',
      '20261126:CLOSED',
      '20261127:0400-20261127:1700',
      '20261128:CLOSED',
    ]);
  });

  it('streams ticks that make sense', async () => {
    await begin();
    client.send(api => api.reqMktData(1, contract, '', false, false));
    await client.seconds(120);
    const price = (type: number): readonly number[] =>
      client
        .of('tickPrice')
        .filter(([id, tick]) => id === 1 && tick === type)
        .map(([, , value]) => Number(value));
    const [bids, asks, lasts] = [price(1), price(2), price(4)];
    ok(bids.length > 5 && asks.length > 5 && lasts.length > 5);
    ok([...bids, ...asks, ...lasts].every(value => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6));
    equal(price(9).length, 1);
    equal(price(14).length, 1);
    const volumes = client
      .of('tickSize')
      .filter(([, tick]) => tick === 8)
      .map(([, , size]) => Number(size));
    ok(volumes.length > 20 && volumes.every((volume, i) => i === 0 || volume > (volumes[i - 1] ?? 0)));
    deepEqual(client.of('marketDataType'), [[1, 1]]);
    deepEqual(client.of('tickGeneric'), [[1, 49, 0]]);
  });

  it('downloads minute bars and keeps them up to date', async () => {
    await begin({ startTime: '09:31' });
    client.send(api =>
      api.reqHistoricalData(5, contract, '', '1 D', BarSizeSetting.MINUTES_ONE, WhatToShow.TRADES, 0, 2, true),
    );
    await client.next('historicalData', ([, date]) => String(date).startsWith('finished'));
    const bars = client.of('historicalData').slice(0, -1);
    const starts = bars.map(([, date]) => Number(date));
    ok(bars.length > 60 && starts.every((start, i) => start % 60 === 0 && start > (starts[i - 1] ?? 0)));
    const newest = starts.at(-1) ?? 0;
    equal(newest, gateway.settings.startsAt / 1000 - 60);
    await client.seconds(131);
    const updates = client.of('historicalDataUpdate').map(args => ({ start: Number(args[1]), values: args.slice(2) }));
    const minutes = [...new Set(updates.map(update => update.start))];
    deepEqual(minutes.slice(-3), [newest + 60, newest + 120, newest + 180]);
    const ofFirst = updates.filter(update => update.start === newest + 60);
    ok(ofFirst.length > 4, `${ofFirst.length} updates within a minute`);

    // The last word on a finished minute is what history says of it afterwards.
    client.send(api =>
      api.reqHistoricalData(6, contract, '', '1 D', BarSizeSetting.MINUTES_ONE, WhatToShow.TRADES, 0, 2, false),
    );
    await client.next('historicalData', ([id, date]) => id === 6 && String(date).startsWith('finished'));
    const bar = client.of('historicalData').find(([id, date]) => id === 6 && Number(date) === newest + 60);
    const [open, high, low, close, volume] = bar?.slice(2, 7) ?? [];
    deepEqual(ofFirst.at(-1)?.values.slice(0, 5), [open, high, low, close, volume]);
  });

  it('answers 162 where there are no bars', async () => {
    await begin({ startTime: '04:00' });
    client.send(api =>
      api.reqHistoricalData(
        5,
        contract,
        '20261118 03:00:00 US/Eastern',
        '60 S',
        BarSizeSetting.MINUTES_ONE,
        WhatToShow.TRADES,
        0,
        2,
        false,
      ),
    );
    const [failure, code] = await client.next('error');
    equal(code, 162);
    ok((failure as Error).message.includes('query returned no data'));
  });

  it('gives the bars of earlier days, the same ones every time', async () => {
    await begin();
    const days = async (id: number): Promise<readonly unknown[]> => {
      client.send(api =>
        api.reqHistoricalData(id, contract, '', '3 D', BarSizeSetting.HOURS_ONE, WhatToShow.TRADES, 1, 2, false),
      );
      await client.next('historicalData', ([own, date]) => own === id && String(date).startsWith('finished'));
      return client
        .of('historicalData')
        .filter(([own]) => own === id)
        .map(args => args.slice(1));
    };
    const first = await days(1);
    ok(first.length > 14 && first.length < 20, `${first.length} bars`);
    deepEqual(await days(2), first);
  });

  it('buys, hears of it, and finds it in positions, executions and account', async () => {
    await begin();
    client.send(api => api.reqMktData(1, contract, '', false, false));
    const [, , ask] = await client.next('tickPrice', ([, tick]) => tick === 2);
    client.send(api => api.reqPositions());
    await client.next('positionEnd');
    client.send(api =>
      api.placeOrder(1, contract, {
        action: OrderAction.BUY,
        orderType: OrderType.LMT,
        totalQuantity: 40,
        lmtPrice: Number((Number(ask) * 1.004).toFixed(2)),
        tif: TimeInForce.IOC,
        orderRef: 'key-1',
        transmit: true,
      }),
    );
    const [, , execution] = await client.next('execDetails');
    const [report] = await client.next('commissionReport');
    const [, , shares] = await client.next('position');
    const [truth] = gateway.truth;
    ok(truth);
    const told = execution as Record<string, unknown>;
    deepEqual(
      [told.execId, told.shares, told.price, told.orderRef, told.permId, shares],
      [truth.execId, 40, truth.price, 'key-1', truth.permId, 40],
    );
    deepEqual(report, { ...(report as object), execId: truth.execId, commission: truth.commission });

    client.send(api => api.reqExecutions(7, {}));
    await client.next('execDetailsEnd');
    equal(client.of('execDetails').length, 2);
    client.send(api => api.reqAccountSummary(8, 'All', 'NetLiquidation,TotalCashValue,BuyingPower'));
    await client.next('accountSummaryEnd');
    const lines = client.of('accountSummary').map(([, , tag, value]) => [String(tag), Number(value)] as const);
    const summary: Record<string, number> = Object.fromEntries(lines);
    const cash = 250_000 - 40 * truth.price - truth.commission;
    ok(Math.abs((summary.TotalCashValue ?? 0) - cash) < 0.005);
    ok((summary.NetLiquidation ?? 0) > cash && (summary.BuyingPower ?? 0) > cash);
    client.send(api => api.reqPnL(9, 'SIM00001', ''));
    await client.next('pnl');
    client.send(api => api.reqCompletedOrders(false));
    await client.next('completedOrdersEnd');
    equal(client.of('completedOrder').length, 1);
  });

  it('rests, shows and cancels a stop', async () => {
    await begin();
    client.send(api =>
      api.placeOrder(1, contract, {
        action: OrderAction.SELL,
        orderType: OrderType.STP,
        totalQuantity: 10,
        auxPrice: 9.5,
        tif: TimeInForce.GTC,
        transmit: true,
      }),
    );
    client.send(api => api.reqOpenOrders());
    await client.next('openOrderEnd');
    deepEqual((client.of('openOrder').at(-1)?.[2] as { auxPrice: number; tif: string }).auxPrice, 9.5);
    client.send(api => api.cancelOrder(1));
    deepEqual((await client.next('error')).slice(1, 3), [202, 1]);
    equal(client.of('orderStatus').at(-1)?.[1], 'Cancelled');
  });

  it('is told what it may not have: 354, 10168, or delayed ticks by their own numbers', async () => {
    await begin({ faults: { noMarketDataFor: ['AVAV'], delayedFor: ['KTOS'] } });
    client.send(api => api.reqMktData(1, { ...contract, symbol: 'AVAV' }, '', false, false));
    equal((await client.next('error'))[1], 354);
    client.send(api => api.reqMktData(2, { ...contract, symbol: 'KTOS' }, '', false, false));
    equal((await client.next('error'))[1], 10168);
    client.send(api => api.reqMarketDataType(3));
    client.send(api => api.reqMktData(3, { ...contract, symbol: 'KTOS' }, '', false, false));
    equal((await client.next('error'))[1], 10167);
    deepEqual(await client.next('marketDataType'), [3, 3]);
    await client.next('tickPrice', ([id, tick]) => id === 3 && tick === 66);
    ok(client.of('tickPrice').every(([, tick]) => Number(tick) >= 66));
  });

  it('hears system notices as info', async () => {
    await begin();
    for (const code of [1100, 1102, 2103, 2104]) gateway.sendInfo(code);
    await client.next('info', ([, code]) => code === 2103);
    const codes = client.of('info').map(([, code]) => code);
    deepEqual(codes.slice(0, 6), [2104, 2106, 2158, 1100, 1102, 2103]);
  });
});
