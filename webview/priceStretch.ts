/**
 * Stretching and squeezing the chart's prices: by dragging the column of labels, which stands where other charts have their price
 * scale, or by key. From then on dragging the picture moves it up and down too; a double click gives the heights back to the
 * library, which fits them to rungs and bars.
 */
import type { IChartApi, IPriceScaleApi } from 'lightweight-charts';

/** Dragging over the whole height stretches by this much. */
const OVER_HEIGHT = 6;

export class PriceStretch {
  constructor(
    private readonly chart: IChartApi,
    column: SVGElement,
  ) {
    let dragged: { y: number; range: Range } | null = null;
    column.addEventListener('pointerdown', event => {
      const range = this.scale.getVisibleRange();
      if (event.button !== 0 || range === null) return;
      dragged = { y: event.clientY, range };
      column.setPointerCapture(event.pointerId);
    });
    column.addEventListener('pointermove', event => {
      if (dragged === null) return;
      const share = (event.clientY - dragged.y) / Math.max(1, column.clientHeight);
      this.stretch(dragged.range, OVER_HEIGHT ** share);
    });
    for (const end of ['pointerup', 'pointercancel']) column.addEventListener(end, () => (dragged = null));
    column.addEventListener('dblclick', () => this.reset());
  }

  /** More than 1 squeezes: more prices fit into the picture. */
  by(factor: number): void {
    const range = this.scale.getVisibleRange();
    if (range !== null) this.stretch(range, factor);
  }

  reset(): void {
    this.scale.setAutoScale(true);
  }

  private get scale(): IPriceScaleApi {
    return this.chart.priceScale('right');
  }

  private stretch({ from, to }: Range, factor: number): void {
    const [middle, half] = [(from + to) / 2, ((to - from) / 2) * factor];
    this.scale.setVisibleRange({ from: middle - half, to: middle + half });
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}
