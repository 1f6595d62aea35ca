/**
 * P&L over time as two lines: realized, and after fees. lightweight-charts draws them; it takes rgb alone, so the theme's
 * colours are resolved first and again when the theme changes. Its logo would break the CSP: the page names it in words.
 */
import { createChart, LineSeries, LineStyle, LineType, type Time, type UTCTimestamp } from 'lightweight-charts';
import type { FillsSeries } from '../src/shared/fills';
import { onThemeChange, themeColour } from './theme';

export interface ProfitChart {
  show(series: FillsSeries): void;
}

const dollars = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
/** As everywhere: a sign in front of the dollar, a true minus. */
const profitText = (value: number): string =>
  `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}$${dollars.format(Math.abs(value))}`;

export function profitChart(place: HTMLElement): ProfitChart {
  const chart = createChart(place, {
    autoSize: true,
    layout: { attributionLogo: false, fontSize: 11, fontFamily: getComputedStyle(document.body).fontFamily },
    localization: { priceFormatter: profitText },
    timeScale: { timeVisible: true, secondsVisible: false, borderVisible: false },
    rightPriceScale: { borderVisible: false },
    // The page scrolls; the chart is looked at.
    handleScroll: false,
    handleScale: false,
  });
  const line = { lineType: LineType.WithSteps, priceLineVisible: false, lastValueVisible: false } as const;
  const realized = chart.addSeries(LineSeries, { ...line, lineWidth: 2, lineStyle: LineStyle.Dashed });
  const after = chart.addSeries(LineSeries, { ...line, lineWidth: 2, lastValueVisible: true });

  const paint = (): void => {
    const grid = { color: themeColour('--chart-grid') };
    chart.applyOptions({
      layout: {
        background: { color: themeColour('--vscode-editor-background') },
        textColor: themeColour('--chart-text'),
      },
      grid: { vertLines: grid, horzLines: grid },
    });
    realized.applyOptions({ color: themeColour('--chart-realized') });
    after.applyOptions({ color: themeColour('--chart-after') });
  };
  paint();
  onThemeChange(paint);

  return {
    show: series => {
      const points = (values: readonly number[]): { time: Time; value: number }[] =>
        series.times.map((time, index) => ({ time: time as UTCTimestamp, value: values[index] ?? 0 }));
      realized.setData(points(series.realized));
      after.setData(points(series.after));
      chart.timeScale().fitContent();
    },
  };
}
