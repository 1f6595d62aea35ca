/**
 * Today's minute bars of each symbol: a download first, then IB's live bars for as many symbols as are allowed and bars built
 * from ticks for the others. Downloads stand in one row and keep IB's pacing, also over a reconnect. It keeps no bars.
 */
import { BarSizeSetting, EventName, WhatToShow } from '@stoqey/ib';
import type { EngineEvent, TickEvent } from '../../engine/events';
import { historyTrouble, meaningOf } from './codes';
import type { Contracts } from './contracts';
import type { Desk } from './desk';
import { stock } from './desk';
import { answerWithinMs, identicalAfterMs, longestWaitMs } from './historyPacing';
import { TickBars } from './tickBars';
import { gatewayTime } from './times';

/** IB answers at most 50 at once, live ones included; fewer at a time keep the first answers quick. */
const openAtOnce = 10;

/** More bars than a day has minutes are handed on in turns of so many, so that prices and orders are heard in between. */
const barsInATurn = 1000;

interface Download {
  symbol: string;
  /** Bars go on after the download. */
  live: boolean;
  state: 'waiting' | 'open' | 'finished';
  notBefore: number;
  failures: number;
  bars: number;
  id: number;
  timer: NodeJS.Timeout | undefined;
  /** What has been heard and waits for its turn, in its order. */
  rest: EngineEvent[];
}

/** When the identical request last went out, over all connections of this process: that is what the gateway counts. */
const lastAsked = new Map<string, number>();

export class History {
  private readonly downloads = new Map<string, Download>();
  private readonly byId = new Map<number, Download>();
  private readonly tickBars = new TickBars();

  constructor(
    private readonly desk: Desk,
    private readonly contracts: Contracts,
  ) {
    desk.on(
      EventName.historicalData,
      (id: number, date: string, open: number, high: number, low: number, close: number, volume: number) =>
        date.startsWith('finished') ? this.finish(id) : this.hearBar(id, { date, open, high, low, close, volume }),
    );
    desk.on(
      EventName.historicalDataUpdate,
      (id: number, date: string, open: number, high: number, low: number, close: number, volume: number) =>
        this.hearBar(id, { date, open, high, low, close, volume }),
    );
  }

  subscribe(symbol: string): void {
    if (this.downloads.has(symbol)) return;
    const nLive = [...this.downloads.values()].filter(({ live }) => live).length;
    const live = nLive < this.desk.config.liveBarSymbols;
    const asked = lastAsked.get(this.requestKey(symbol, live)) ?? -Infinity;
    // A time ahead of now is from another simulated day.
    const notBefore = asked <= this.desk.now() ? asked + identicalAfterMs : 0;
    const fresh = { failures: 0, bars: 0, id: 0, timer: undefined, rest: [] };
    this.downloads.set(symbol, { symbol, live, state: 'waiting', notBefore, ...fresh });
    this.pump();
  }

  unsubscribe(symbol: string): void {
    const download = this.downloads.get(symbol);
    if (!download) return;
    this.downloads.delete(symbol);
    this.tickBars.forget(symbol);
    this.cancel(download);
    this.pump();
  }

  /** All bars again, after IB said that data was lost. */
  renew(): void {
    for (const download of this.downloads.values()) this.again(download, 0);
    this.pump();
  }

  heard(tick: TickEvent): void {
    const download = this.downloads.get(tick.symbol);
    if (!download || download.live) return;
    if (typeof tick.last === 'number') this.tickBars.trade(tick.symbol, tick.t, tick.last);
    if (typeof tick.volume === 'number') this.tickBars.volume(tick.symbol, tick.t, tick.volume);
  }

  /** Called each second of the broker's clock. */
  second(t: number): void {
    for (const { symbol, bar } of this.tickBars.due(t)) this.desk.engine({ t, type: 'bar', symbol, ...bar });
    this.pump();
  }

  private requestKey(symbol: string, live: boolean): string {
    const { host, port } = this.desk.config;
    return `${host}:${port}|${symbol}|${live}`;
  }

  private pump(): void {
    const now = this.desk.now();
    let open = [...this.downloads.values()].filter(({ state }) => state === 'open').length;
    for (const download of this.downloads.values()) {
      if (open >= openAtOnce) return;
      if (download.state !== 'waiting' || now < download.notBefore) continue;
      this.ask(download);
      open++;
    }
  }

  private ask(download: Download): void {
    const { desk } = this;
    const { symbol, live } = download;
    const id = desk.requests.add((code, text) => this.fail(id, code, text));
    download.state = 'open';
    download.bars = 0;
    download.id = id;
    this.byId.set(id, download);
    const contract = stock(symbol, this.contracts.conIdOf(symbol));
    desk.lanes.request(() => {
      if (download.id !== id) return;
      lastAsked.set(this.requestKey(symbol, live), desk.now());
      desk.engine({ t: desk.now(), type: 'download', symbol, state: 'started' });
      download.timer = desk.later(answerWithinMs, () => this.fail(id, 0, 'no answer'));
      const { MINUTES_ONE } = BarSizeSetting;
      desk.send(api => api.reqHistoricalData(id, contract, '', '1 D', MINUTES_ONE, WhatToShow.TRADES, 0, 2, live));
    });
  }

  private cancel(download: Download): void {
    const { id, state } = download;
    clearTimeout(download.timer);
    if (id === 0) return;
    download.id = 0;
    download.rest = [];
    this.byId.delete(id);
    this.desk.requests.forget(id);
    const isOpenAtGateway = state === 'open' || (state === 'finished' && download.live);
    if (isOpenAtGateway) this.desk.lanes.request(() => this.desk.send(api => api.cancelHistoricalData(id)));
  }

  private again(download: Download, afterMs: number): void {
    this.cancel(download);
    const asked = lastAsked.get(this.requestKey(download.symbol, download.live)) ?? -Infinity;
    download.state = 'waiting';
    download.notBefore = Math.max(this.desk.now() + afterMs, asked + identicalAfterMs);
  }

  private hearBar(
    id: number,
    bar: Record<'open' | 'high' | 'low' | 'close', number> & { date: string; volume?: number },
  ): void {
    const download = this.byId.get(id);
    const start = gatewayTime(bar.date);
    if (!download || start === undefined) return;
    const { open, high, low, close } = bar;
    const isUsable = [open, high, low, close].every(price => Number.isFinite(price) && price > 0);
    if (!isUsable) return;
    // IB sends −1 for "no volume known".
    const volume = bar.volume !== undefined && bar.volume > 0 ? bar.volume : 0;
    download.bars++;
    const { symbol, live } = download;
    const minute = { start, open, high, low, close, volume };
    const t = this.desk.now();
    if (!live && start + 60_000 > t) this.tickBars.seed(symbol, minute);
    const event: EngineEvent = { t, type: 'bar', symbol, ...minute };
    const isOverTurn = download.state === 'open' && download.bars > barsInATurn;
    if (isOverTurn || download.rest.length > 0) download.rest.push(event);
    else this.desk.engine(event);
  }

  /** The next turn of what waits; `done` when nothing does any more. What was given up meanwhile has nothing left to hand on. */
  private handOn(download: Download, id: number, done: () => void): void {
    if (download.id !== id) return;
    for (const event of download.rest.splice(0, barsInATurn)) this.desk.engine({ ...event, t: this.desk.now() });
    if (download.rest.length === 0) done();
    else this.desk.later(0, () => this.handOn(download, id, done));
  }

  private finish(id: number): void {
    const download = this.byId.get(id);
    if (!download || download.state !== 'open') return;
    const done = (): void => this.close(download, download.bars > 0 ? 'finished' : 'noData');
    if (download.rest.length === 0) done();
    else this.desk.later(0, () => this.handOn(download, id, done));
  }

  private close(download: Download, state: 'finished' | 'noData', text?: string): void {
    clearTimeout(download.timer);
    download.state = 'finished';
    download.failures = 0;
    const { symbol } = download;
    const why = text === undefined ? {} : { text };
    this.desk.engine({ t: this.desk.now(), type: 'download', symbol, state, ...why });
    this.pump();
  }

  private fail(id: number, code: number, text: string): void {
    const download = this.byId.get(id);
    if (!download) return;
    if (meaningOf(code) === 'warning') return this.desk.log('warn', `${download.symbol}: ${text} (${code})`);
    const trouble = historyTrouble(text);
    if (trouble === 'noData' && download.state === 'open') {
      // IB ends the request with it, so no live bars follow either: they come from ticks from now on.
      download.live = false;
      return this.close(download, 'noData', text);
    }
    const { symbol } = download;
    download.failures++;
    if (code !== 0) download.state = 'waiting'; // the gateway has ended it: nothing to cancel there
    const afterMs = Math.min(longestWaitMs, identicalAfterMs * 2 ** (download.failures - 1));
    this.again(download, afterMs);
    this.desk.log('warn', `${symbol}: bars failed (${code}: ${text}), asked again in ${Math.round(afterMs / 1000)} s`);
    if (trouble !== 'pacing') this.desk.engine({ t: this.desk.now(), type: 'download', symbol, state: 'failed', text });
    this.pump();
  }
}
