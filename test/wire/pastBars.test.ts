/**
 * The pre-session anchors over the wire: what is asked of a gateway and at what pace, what becomes of its answers, and that a
 * run beside a live session changes nothing for that.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { PastBars } from '../../src/broker/ib/pastBars';
import { BrokerFailure, type HistoryPortEvent } from '../../src/broker/port';
import { createIbPort } from '../../src/broker/ib/ibPort';
import { startGateway } from '../../src/gateway/gateway';
import { daysToAsk } from '../../src/reports/anchorsReport';
import { AnchorsRun, type AnchorsOutcome } from '../../src/session/anchorsRun';
import type { AnchorsProgress } from '../../src/shared/anchors';
import { parseDay } from '../../src/strategy/exchangeTime';
import { ScriptedGateway, type Peer } from './scriptedGateway';

const DAY = parseDay('2026-11-18') ?? 0;
const DAYS = daysToAsk(DAY, 1);

/** Time that passes only when somebody waits for the pacing. */
class FastClock {
  now = 1_000_000;
  readonly clock = () => this.now;
  readonly wait = (ms: number, action: () => void) =>
    setTimeout(() => {
      this.now += ms;
      action();
    }, 0);
}

class Run {
  readonly progress: AnchorsProgress[] = [];
  readonly anchors: AnchorsRun;
  readonly time = new FastClock();
  onProgress: ((progress: AnchorsProgress) => void) | undefined;

  constructor(host: string, port: number, clientId = 921) {
    const make = (listener: (event: HistoryPortEvent) => void) =>
      new PastBars({ host, port, clientId, connectTimeoutMs: 3000 }, listener, {
        clock: this.time.clock,
        wait: this.time.wait,
      });
    this.anchors = new AnchorsRun(make, {
      progress: progress => {
        this.progress.push(progress);
        this.onProgress?.(progress);
      },
      problem: () => undefined,
      log: () => undefined,
    });
  }

  async all(symbols: readonly string[]): Promise<AnchorsOutcome> {
    await this.anchors.connect();
    return this.anchors.run({ symbols, days: DAYS, known: [] });
  }
}

describe('anchors over the wire', () => {
  let gateway: ScriptedGateway;
  beforeEach(async () => {
    gateway = await new ScriptedGateway().listen();
  });
  afterEach(() => gateway.close());

  const run = () => new Run('127.0.0.1', gateway.port);
  const bar = (iso: string, close: number) => [Date.parse(iso) / 1000, close, close, close, close, 100, close, 1];
  const onHistory = (answer: (peer: Peer, id: string, symbol: string, end: string) => void) => {
    gateway.script.on[20] = (peer, fields) => answer(peer, fields[1] ?? '', fields[3] ?? '', fields[15] ?? '');
  };
  const says = (peer: Peer, id: string, code: number, text: string) => peer.send(4, 2, id, code, text, '');

  it('asks for regular minutes of whole days that are over, newest first, and for nothing else', async () => {
    onHistory((peer, id, _symbol, end) => {
      const bars = end.startsWith('20261117')
        ? [
            bar('2026-11-17T09:30:00-05:00', 10),
            bar('2026-11-17T10:30:00-05:00', 20),
            bar('2026-11-17T15:59:00-05:00', 30),
          ]
        : [];
      peer.send(17, id, '', '', bars.length, ...bars.flat());
    });
    const { symbols, ended } = await run().all(['BRK.B']);
    equal(ended, null);
    equal(gateway.peer.clientId, 921);
    // Contract BRK B; end, bar size, duration, regular hours only, what, dates as epoch seconds, not kept up to date.
    deepEqual(
      gateway.peer.of(20).map(fields => [fields[3], ...fields.slice(15, 22)]),
      [
        ['BRK B', '20261117-21:00:00', '1 min', '1 D', '1', 'TRADES', '2', '0'],
        ['BRK B', '20261116-21:00:00', '1 min', '1 D', '1', 'TRADES', '2', '0'],
      ],
    );
    // startApi, time, contract, market rule, history: no order, no market data, no account.
    deepEqual([...new Set(gateway.peer.heard.map(([id]) => id))].sort(), ['20', '49', '71', '9', '91']);
    // AM: 09:30 10 is the first half hour; window 10 20, middle 15; (10 + 15) / 2 = 12.5
    deepEqual(symbols, [
      {
        symbol: 'BRK.B',
        ticks: [
          [0, 0.0001],
          [1, 0.01],
        ],
        days: [
          { day: DAYS[0], am: 12.5, pm: 30, lastClose: 30, bars: 3 },
          { day: DAYS[1], am: null, pm: null, lastClose: null, bars: 0 },
        ],
        problem: '',
        isUnknown: false,
      },
    ]);
  });

  it('takes “no data” as a day without trades, and says what else went wrong', async () => {
    onHistory((peer, id, symbol) => {
      const text = symbol === 'AVAV' ? 'HMDS query returned no data' : 'No market data permissions';
      says(peer, id, 162, `Historical Market Data Service error message:${text}`);
    });
    const { symbols } = await run().all(['AVAV', 'RCAT']);
    deepEqual(
      symbols.map(({ days, problem }) => [days.length, problem.replace(/^.*message:/, '')]),
      [
        [2, ''],
        [0, 'No market data permissions (162)'],
      ],
    );
  });

  it('marks a symbol that IB does not know, and asks for no bars of it', async () => {
    gateway.script.on[9] = (peer, fields) => says(peer, fields[2] ?? '', 200, 'No security definition');
    const { symbols } = await run().all(['SPAI']);
    deepEqual([symbols[0]?.isUnknown, symbols[0]?.problem], [true, 'not traded: No security definition']);
    equal(gateway.peer.of(20).length, 0);
  });

  it('keeps IB’s pacing for as many symbols as there are: counted at the gateway', async () => {
    const all = run();
    const arrived: { request: string; symbol: string; at: number }[] = [];
    onHistory((peer, id, symbol, end) => {
      arrived.push({ request: `${symbol} ${end}`, symbol, at: all.time.now });
      peer.send(17, id, '', '', 0);
    });
    const names = Array.from({ length: 30 }, (_, i) => `S${i}`);
    const { symbols, ended } = await all.all(names);
    equal(ended, null);
    equal(arrived.length, 60);
    ok(symbols.every(({ days }) => days.length === 2));
    for (const one of arrived) {
      const before = arrived.filter(other => other.at <= one.at && arrived.indexOf(other) <= arrived.indexOf(one));
      ok(before.filter(other => one.at - other.at < 600_000).length <= 60);
      ok(before.filter(other => one.at - other.at < 2000 && other.symbol === one.symbol).length < 6);
      ok(before.filter(other => one.at - other.at < 15_000 && other.request === one.request).length === 1);
    }
    // The days that the anchors need came before the first that is only compared with.
    ok(arrived.slice(0, 30).every(({ request }) => request.endsWith('20261117-21:00:00')));
    ok(all.progress.some(({ waitingMs }) => waitingMs > 500_000));
    deepEqual(
      all.progress
        .filter(({ stage, waitingMs }) => stage === 'bars' && waitingMs === 0)
        .map(({ done, of }) => [done, of]),
      names.map((_, i) => [i + 1, 30]),
    );
  });

  it('asks again after a pacing violation, not before 15 s', async () => {
    const one = run();
    const times: number[] = [];
    onHistory((peer, id, _symbol, end) => {
      if (!end.startsWith('20261117')) return peer.send(17, id, '', '', 0);
      times.push(one.time.now);
      if (times.length < 3) says(peer, id, 162, 'Historical Market Data Service error message:pacing violation');
      else peer.send(17, id, '', '', 0);
    });
    const { symbols } = await one.all(['AVAV']);
    deepEqual([times.length, symbols[0]?.days.length, symbols[0]?.problem], [3, 2, '']);
    const [first = 0, second = 0, third = 0] = times;
    ok(second - first >= 15_000 && third - second >= 30_000, times.join(' '));
  });

  it('keeps what came when it is cancelled, and calls back what is open', async () => {
    const one = run();
    onHistory((peer, id, symbol) => (symbol === 'AVAV' ? peer.send(17, id, '', '', 0) : undefined));
    one.onProgress = () => one.anchors.end('cancelled');
    const { symbols, ended } = await one.all(['AVAV', 'RCAT', 'DPRO']);
    equal(ended, 'cancelled');
    deepEqual(
      symbols.map(({ days }) => days.length),
      [1, 0, 0],
    );
    equal((await gateway.peer.until(25))[0]?.[0], '25');
  });

  it('keeps what came when the link is lost', async () => {
    const one = run();
    onHistory((peer, id, symbol) => (symbol === 'AVAV' ? peer.send(17, id, '', '', 0) : undefined));
    one.onProgress = () => gateway.peer.socket.destroy();
    const { symbols, ended } = await one.all(['AVAV', 'RCAT']);
    ok(typeof ended === 'object' && ended?.code === 'linkLost');
    deepEqual(
      symbols.map(({ days }) => days.length),
      [1, 0],
    );
  });

  it('says so when another report has the id, and does not wait for it', async () => {
    gateway.script.on[71] = peer => {
      says(peer, '-1', 326, 'Unable to connect as the client id is already in use');
      peer.socket.end();
    };
    await rejects(run().anchors.connect(), (error: unknown) => {
      ok(error instanceof BrokerFailure);
      equal(error.problem.code, 'clientIdInUse');
      return true;
    });
  });
});

describe('anchors beside a live session on the simulator', function () {
  this.timeout(30_000);

  /** What a session in lockstep hears in its first seconds, with or without a report running beside it. */
  const hears = async (withReport: boolean) => {
    const gateway = await startGateway({ speed: 0, seed: 7, startTime: '09:31', lockstepClientId: 21 });
    const heard: string[] = [];
    let second: (() => void) | undefined;
    const { host, port } = gateway;
    const config = { host, port, clientId: 21, clock: 'gateway', liveBarSymbols: 40, connectTimeoutMs: 5000 } as const;
    const session = createIbPort(config, event => {
      if (event.type === 'engine') heard.push(JSON.stringify(event.event));
      else if (event.type === 'time') second?.();
    });
    await session.connect();
    for (const symbol of ['RCAT', 'AVAV']) session.subscribe(symbol);
    const nextSecond = () =>
      new Promise<void>(done => {
        second = done;
        session.ready();
      });
    let outcome: Promise<AnchorsOutcome> | undefined;
    for (let s = 0; s < 20; s++) {
      if (withReport && s === 5) outcome = new Run(host, port).all(['RCAT', 'AVAV', 'KTOS', 'ZZZZ']);
      await nextSecond();
    }
    const report = await outcome;
    session.disconnect();
    await gateway.close();
    return { heard, report };
  };

  it('is answered while it trades, and the session hears the very same', async () => {
    const alone = await hears(false);
    const beside = await hears(true);
    ok(alone.heard.length > 100);
    deepEqual(beside.heard, alone.heard);
    deepEqual(
      beside.report?.symbols.map(({ symbol, days, isUnknown }) => [
        symbol,
        days.map(({ bars }) => bars > 300),
        isUnknown,
      ]),
      [
        ['RCAT', [true, true], false],
        ['AVAV', [true, true], false],
        ['KTOS', [true, true], false],
        ['ZZZZ', [], true],
      ],
    );
    equal(beside.report?.ended, null);
  });
});
