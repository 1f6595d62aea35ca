/**
 * The price chart of the opened symbol: minute bars with lightweight-charts, which brings pan, zoom and crosshair, the reference
 * as it was, and over them rungs, average cost, stops and fills (chartLevels.ts). Colours are the theme's, as rgb, read again
 * when the theme changes; the library's notice stands under it as text, because its logo breaks the CSP.
 */
import {
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  LineSeries,
  LineStyle,
  type CandlestickData,
  type IChartApi,
  type ISeriesApi,
  type LineData,
  type Time,
  type WhitespaceData,
} from 'lightweight-charts';
import type { DashboardChart, DashboardDetail } from '../src/shared/dashboardDetail';
import type { Arrangement } from './arranged';
import { ChartLevels } from './chartLevels';
import { linkButton } from './controls';
import { element, setAttribute, setText } from './dom';
import { PriceStretch } from './priceStretch';
import { onThemeChange, themeColour } from './theme';
import type { Turns } from './turns';

const NOTICE = 'https://www.tradingview.com/';
/** The newest bars at first; the rest of the day is a drag away. */
const FIRST_BARS = 180;

export class PriceChart {
  readonly node: HTMLElement;
  private readonly place = element('div', 'chart-place');
  private readonly readout = element('span', 'dim');
  private readonly chart: IChartApi;
  private readonly bars: ISeriesApi<'Candlestick'>;
  private readonly reference: ISeriesApi<'Line'>;
  private readonly levels: ChartLevels;
  private readonly prices: PriceStretch;
  private newest: DashboardChart | null = null;
  private data: DashboardChart | null = null;
  private detail: DashboardDetail | null = null;
  private symbol: string | null = null;
  /** Bars before the open are dimmer. */
  private early = 'rgb(128, 128, 128)';
  /** A person has panned or zoomed: the view is theirs until they reset it. */
  private isByPerson = false;

  constructor(
    private readonly arrangement: Arrangement,
    turns: Turns,
  ) {
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.chart = createChart(this.place, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11 },
      leftPriceScale: { visible: false },
      rightPriceScale: { visible: false, scaleMargins: { top: 0.03, bottom: 0.03 } },
      timeScale: { timeVisible: true, secondsVisible: false, borderVisible: false, rightOffset: 4, minBarSpacing: 0.6 },
      crosshair: { mode: CrosshairMode.Normal, horzLine: { labelVisible: false } },
      kineticScroll: { touch: !isStill, mouse: false },
      // A wheel over the page scrolls the page; with Ctrl it zooms, as everywhere.
      handleScroll: { mouseWheel: false },
      handleScale: { mouseWheel: false },
    });
    this.bars = this.chart.addSeries(CandlestickSeries, { priceLineVisible: false, lastValueVisible: false });
    this.reference = this.chart.addSeries(LineSeries, {
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
      lineWidth: 1,
      lineStyle: LineStyle.Dotted,
    });
    this.levels = new ChartLevels(this.bars, turns);
    this.prices = new PriceStretch(this.chart, this.levels.labels);
    this.bars.attachPrimitive(this.levels);
    this.place.tabIndex = 0;
    this.place.setAttribute('role', 'img');
    this.place.addEventListener('keydown', event => this.pressed(event));
    this.place.addEventListener('pointerdown', () => (this.isByPerson = true));
    this.place.addEventListener('wheel', event => this.wheeled(event), { passive: false });
    const notice = element('a', 'end', 'Charts by TradingView Lightweight Charts');
    notice.href = NOTICE;
    notice.target = '_blank';
    notice.rel = 'noreferrer';
    const foot = element('div', 'cfoot', element('span', '', '▲ buy, ▼ sell, number is the rung'));
    foot.append(element('span', '', 'hollow bar up, solid bar down'), notice);
    const reset = linkButton('Reset view', () => this.reset());
    this.node = element(
      'div',
      'pane',
      element('div', 'pt', element('h3', '', 'Price and rungs'), this.readout, reset),
      element('div', 'chart', this.place, this.levels.labels),
      foot,
    );
    this.chart.subscribeCrosshairMove(({ time, seriesData }) => {
      const bar = seriesData.get(this.bars) as CandlestickData<Time> | undefined;
      this.readOut(time, bar);
    });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange(range => {
      if (range === null || !this.isByPerson || this.symbol === null) return;
      const ranges = { [this.symbol]: { from: range.from, to: range.to } };
      this.arrangement.change({ ranges });
    });
    this.useTheme();
    onThemeChange(() => this.useTheme());
  }

  /** Bars are drawn with the next detail. */
  take(data: DashboardChart): void {
    this.newest = data;
  }

  show(detail: DashboardDetail): void {
    setAttribute(
      this.place,
      'aria-label',
      `${detail.symbol}, one-minute prices with fourteen rungs, reference, average cost, stops and ${detail.markers.length} fills; left and right move it, plus and minus zoom, up and down stretch the prices`,
    );
    this.detail = detail;
    if (this.newest !== null) this.showBars(this.newest);
    this.newest = null;
    if (this.showLevels()) this.redraw();
  }

  private showBars(data: DashboardChart): void {
    const before = this.data;
    this.data = data;
    this.symbol = data.symbol;
    if (data.decimals !== before?.decimals) {
      const format = { type: 'price' as const, precision: data.decimals, minMove: 10 ** -data.decimals };
      this.bars.applyOptions({ priceFormat: format });
      this.reference.applyOptions({ priceFormat: format });
    }
    const range = this.chart.timeScale().getVisibleLogicalRange();
    const from = firstNew(before, data);
    if (from === 0) {
      this.bars.setData(data.times.map((_, i) => this.candle(data, i)));
      this.reference.setData(data.times.map((_, i) => referenceAt(data, i)));
    } else
      for (let i = from; i < data.times.length; i++) {
        this.bars.update(this.candle(data, i));
        this.reference.update(referenceAt(data, i));
      }
    const stored = this.arrangement.now.ranges[data.symbol];
    if (before?.symbol !== data.symbol) {
      this.isByPerson = stored !== undefined;
      this.prices.reset();
      this.look(stored);
    } else if (data.times.length === before.times.length) return;
    else if (!this.isByPerson) this.look();
    else if (range !== null && range.to >= before.times.length) {
      // Who has the newest bar in view keeps it there.
      const grew = data.times.length - before.times.length;
      this.look({ from: range.from + grew, to: range.to + grew });
    }
    this.readOut(undefined, undefined);
  }

  /** Levels of another symbol's bars would say nothing. */
  private showLevels(): boolean {
    const { detail, data } = this;
    if (detail === null || detail.symbol !== data?.symbol) return this.levels.show([], []);
    return this.levels.show(detail.levels, detail.markers);
  }

  /** The newest bar said again has the picture drawn once; a primitive's own request has it drawn in two frames. */
  private redraw(): void {
    const { data } = this;
    if (data !== null && data.times.length > 0) this.bars.update(this.candle(data, data.times.length - 1));
    else this.levels.redraw();
  }

  private candle(data: DashboardChart, i: number): CandlestickData<Time> {
    const dim = this.early;
    const [open, high, low, close] = [data.opens[i]!, data.highs[i]!, data.lows[i]!, data.closes[i]!];
    const bar = { time: data.times[i]! as Time, open, high, low, close };
    return i < data.regularFrom
      ? { ...bar, wickColor: dim, borderColor: dim, ...(close < open ? { color: dim } : {}) }
      : bar;
  }

  private reset(): void {
    this.isByPerson = false;
    this.arrangement.change({ ranges: {} });
    this.prices.reset();
    this.look();
  }

  /** The newest bars, unless a person wants others. */
  private look(range?: { from: number; to: number }): void {
    const nBars = this.data?.times.length ?? 0;
    this.chart
      .timeScale()
      .setVisibleLogicalRange(range ?? { from: Math.max(-1, nBars - FIRST_BARS), to: Math.max(nBars + 4, 30) });
  }

  private useTheme(): void {
    const [text, line, foreground, background, reference] = [
      '--dim',
      '--grid',
      '--fg',
      '--bg',
      '--chart-reference',
    ].map(name => themeColour(name)) as [string, string, string, string, string];
    this.early = themeColour('--chart-early');
    const font = getComputedStyle(document.body).fontFamily;
    this.chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: background }, textColor: text, fontFamily: font },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
      crosshair: { vertLine: { color: text, labelBackgroundColor: foreground }, horzLine: { color: text } },
    });
    this.bars.applyOptions({
      upColor: background,
      downColor: foreground,
      borderUpColor: foreground,
      borderDownColor: foreground,
      wickUpColor: foreground,
      wickDownColor: foreground,
    });
    this.reference.applyOptions({ color: reference });
    this.levels.useTheme();
    if (this.data !== null) {
      const range = this.chart.timeScale().getVisibleLogicalRange();
      const { data } = this;
      this.bars.setData(data.times.map((_, i) => this.candle(data, i)));
      if (range !== null) this.chart.timeScale().setVisibleLogicalRange(range);
    }
  }

  /** What the crosshair points at; without it, from when the bars are. */
  private readOut(time: Time | undefined, bar: CandlestickData<Time> | undefined): void {
    const { data } = this;
    if (data === null) return setText(this.readout, '');
    if (time === undefined || bar === undefined) {
      const first = data.times[0];
      return setText(this.readout, first === undefined ? 'no bars yet' : `1 minute, from ${clockOf(first)}`);
    }
    const at = (value: number) => value.toFixed(data.decimals);
    setText(
      this.readout,
      `${clockOf(Number(time))}  open ${at(bar.open)}  high ${at(bar.high)}  low ${at(bar.low)}  close ${at(bar.close)}`,
    );
  }

  private pressed(event: KeyboardEvent): void {
    const move = { ArrowLeft: -5, ArrowRight: 5, PageUp: -60, PageDown: 60 }[event.key];
    if (move !== undefined) {
      this.isByPerson = true;
      this.chart.timeScale().scrollToPosition(this.chart.timeScale().scrollPosition() + move, false);
    } else if (event.key === '+' || event.key === '=') this.zoom(0.8);
    else if (event.key === '-') this.zoom(1.25);
    else if (event.key === 'ArrowUp') this.prices.by(0.9);
    else if (event.key === 'ArrowDown') this.prices.by(1.1);
    else if (event.key === 'Home') this.reset();
    else return;
    event.preventDefault();
  }

  private wheeled(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY > 0 ? 1.1 : 0.9);
  }

  private zoom(factor: number): void {
    this.isByPerson = true;
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const width = (range.to - range.from) * factor;
    this.chart.timeScale().setVisibleLogicalRange({ from: range.to - width, to: range.to });
  }
}

function referenceAt({ times, references }: DashboardChart, i: number): LineData<Time> | WhitespaceData<Time> {
  const value = references[i] ?? null;
  return value === null ? { time: times[i]! as Time } : { time: times[i]! as Time, value };
}

/** Index of the first bar that is not as it was; 0: all of them are set anew. As a rule it is the newest, or the one before it. */
function firstNew(before: DashboardChart | null, data: DashboardChart): number {
  if (
    before?.symbol !== data.symbol ||
    before.regularFrom !== data.regularFrom ||
    data.times.length < before.times.length
  )
    return 0;
  const rows = (chart: DashboardChart) => [
    chart.times,
    chart.opens,
    chart.highs,
    chart.lows,
    chart.closes,
    chart.references,
  ];
  const [then, now] = [rows(before), rows(data)];
  const from = data.times.findIndex((_, i) => now.some((row, each) => row[i] !== then[each]![i]));
  const unchanged = from < 0 ? data.times.length : from;
  // The library takes changes of its newest bar and bars after it.
  return unchanged >= before.times.length - 1 && unchanged > 0 ? unchanged : 0;
}

/** Exchange seconds as they read. */
const clockOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 16);
