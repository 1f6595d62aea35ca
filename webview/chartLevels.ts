/**
 * Levels and fills on the price chart: rungs, average cost, stop and trail as lines whose form says what they are, fills as
 * triangles with the number of their rung, and beside the chart their names and prices, pushed apart so that none covers
 * another. What lies outside the picture is pinned to its edge with an arrow.
 */
import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { Level, LevelKind, Marker } from '../src/shared/dashboardDetail';
import { setAttribute, setText, svg } from './dom';
import { themeColour } from './theme';
import type { Job, Turns } from './turns';

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

const LABEL_GAP = 14;
const LABELS_WIDTH = 112;
/** What a frame costs in which they move: docs/performance.md. */
const LABELS_MS = 2;
/** Rungs that are neither held nor next: short, at the right. */
const SHORT_PX = 170;
const DASHES: Readonly<Record<Level['line'], readonly number[]>> = {
  solid: [],
  dashed: [6, 3],
  dotted: [1, 3],
  dashDot: [8, 3, 2, 3],
  none: [],
};
const COLOURS: Readonly<Record<LevelKind, string>> = {
  buy: '--buy',
  sell: '--sell',
  reference: '--chart-reference',
  average: '--own',
  stop: '--chart-guard',
  trail: '--chart-guard',
  last: '--fg',
};

export class ChartLevels implements ISeriesPrimitive<Time> {
  readonly labels = svg('svg', { class: 'chart-labels', 'aria-hidden': 'true' });
  private attachedTo: SeriesAttachedParameter<Time> | null = null;
  private levels: readonly Level[] = [];
  private markers: readonly Marker[] = [];
  private colours = new Map<string, string>();
  private font = '600 11px sans-serif';
  private shown = '';
  private readonly views: readonly IPrimitivePaneView[];

  private height = 0;
  /** A frame after the picture: both in one frame take too long. */
  private readonly placing: Job = { ms: LABELS_MS, run: () => this.placeLabels(this.height) };

  constructor(
    private readonly series: ISeriesApi<'Candlestick'>,
    private readonly turns: Turns,
  ) {
    this.views = [
      {
        zOrder: () => 'top',
        renderer: () => ({ draw: (target: Target) => this.draw(target) }),
      },
    ];
  }

  attached(parameters: SeriesAttachedParameter<Time>): void {
    this.attachedTo = parameters;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.views;
  }

  /** The rungs are in the picture, whatever the bars are; a stop far below is not. */
  autoscaleInfo(): AutoscaleInfo | null {
    const rungs = this.levels.filter(({ kind }) => kind === 'buy' || kind === 'sell').map(({ price }) => price);
    if (rungs.length === 0) return null;
    return { priceRange: { minValue: Math.min(...rungs), maxValue: Math.max(...rungs) } };
  }

  /** Says whether anything has changed: whoever asked has it drawn. */
  show(levels: readonly Level[], markers: readonly Marker[]): boolean {
    const text = JSON.stringify([levels, markers]);
    if (text === this.shown) return false;
    this.shown = text;
    this.levels = levels;
    this.markers = markers;
    return true;
  }

  redraw(): void {
    this.attachedTo?.requestUpdate();
  }

  useTheme(): void {
    const names = [...Object.values(COLOURS), '--bg', '--buy-t', '--sell-t'];
    this.colours = new Map(names.map(name => [name, themeColour(name)]));
    this.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
    this.redraw();
  }

  private colour(name: string): string {
    return this.colours.get(name) ?? 'rgb(128, 128, 128)';
  }

  private draw(target: Target): void {
    target.useMediaCoordinateSpace(({ context, mediaSize: { width, height } }) => {
      for (const level of this.levels) this.drawLine(context, level, width);
      for (const marker of this.markers) this.drawMarker(context, marker);
      this.height = height;
      this.turns.want(this.placing);
    });
  }

  private drawLine(context: CanvasRenderingContext2D, level: Level, width: number): void {
    const y = this.series.priceToCoordinate(level.price);
    if (y === null || level.line === 'none') return;
    const isQuiet = level.line === 'dotted';
    const from = isQuiet ? Math.max(0, width - Math.min(SHORT_PX, width * 0.3)) : this.xOf(level.from);
    context.save();
    context.globalAlpha = isQuiet ? 0.6 : 1;
    context.strokeStyle = this.colour(COLOURS[level.kind]);
    context.lineWidth = level.line === 'solid' && level.kind !== 'average' ? 1 : isQuiet ? 1 : 1.5;
    context.setLineDash([...DASHES[level.line]]);
    context.beginPath();
    context.moveTo(Math.max(0, from), y);
    context.lineTo(width, y);
    context.stroke();
    context.restore();
  }

  /** Of the bar that a time falls into; the left edge for what was before the bars. */
  private xOf(seconds: number | null): number {
    if (seconds === null || this.attachedTo === null) return 0;
    return this.attachedTo.chart.timeScale().timeToCoordinate((seconds - (seconds % 60)) as Time) ?? 0;
  }

  private drawMarker(context: CanvasRenderingContext2D, { time, price, side, rung }: Marker): void {
    const at = this.attachedTo?.chart.timeScale().timeToCoordinate((time - (time % 60)) as Time) ?? null;
    const y = this.series.priceToCoordinate(price);
    if (at === null || y === null) return;
    const down = side === 'buy' ? 1 : -1;
    context.save();
    context.fillStyle = this.colour(side === 'buy' ? '--buy' : '--sell');
    context.strokeStyle = this.colour('--bg');
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(at, y + down * 3);
    context.lineTo(at + 5.5, y + down * 12);
    context.lineTo(at - 5.5, y + down * 12);
    context.closePath();
    context.fill();
    context.stroke();
    context.font = this.font;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineWidth = 3;
    context.fillStyle = this.colour(side === 'buy' ? '--buy-t' : '--sell-t');
    context.strokeText(rung, at, y + down * 19);
    context.fillText(rung, at, y + down * 19);
    context.restore();
  }

  /** Names and prices beside the picture, each at its height as far as there is room. */
  private placeLabels(height: number): void {
    const wanted = this.levels
      .map(level => ({ level, y: this.series.priceToCoordinate(level.price) ?? NaN }))
      .filter(({ y }) => !Number.isNaN(y))
      .sort((left, right) => left.y - right.y || left.level.price - right.level.price);
    const at = spread(
      wanted.map(({ y }) => Math.min(height - 8, Math.max(8, y))),
      8,
      height - 8,
    );
    while (this.labels.children.length > wanted.length) this.labels.lastElementChild?.remove();
    wanted.forEach(({ level, y }, index) => {
      let node = this.labels.children[index];
      if (node === undefined) this.labels.append((node = makeLabel()));
      const arrow = y > height ? ' ↓' : y < 0 ? ' ↑' : '';
      updateLabel(node, level, arrow, Math.min(height, Math.max(0, y)), at[index]!);
    });
  }
}

/** As near to where they want to be as the gap between them allows, in the same order. */
export function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  const gap = Math.min(LABEL_GAP, wanted.length > 1 ? (bottom - top) / (wanted.length - 1) : LABEL_GAP);
  // Groups that touch share their middle: each grows until it touches no other.
  const groups: { first: number; n: number; at: number }[] = [];
  wanted.forEach((y, index) => {
    groups.push({ first: index, n: 1, at: y });
    for (;;) {
      const [before, last] = [groups[groups.length - 2], groups[groups.length - 1]!];
      if (before === undefined || last.at - (before.at + (before.n - 1) * gap) >= gap) break;
      const n = before.n + last.n;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += wanted[before.first + i]! - i * gap;
      groups.splice(groups.length - 2, 2, {
        first: before.first,
        n,
        at: Math.min(bottom - (n - 1) * gap, Math.max(top, sum / n)),
      });
    }
  });
  return groups.flatMap(({ n, at }) => Array.from({ length: n }, (_, i) => at + i * gap));
}

function makeLabel(): SVGGElement {
  return svg(
    'g',
    {},
    svg('rect', { x: 14, y: -7, width: LABELS_WIDTH - 16, height: 14, rx: 2 }),
    svg('path', { class: 'lead' }),
    svg('text', { x: 20, y: 4 }),
    svg('text', { x: LABELS_WIDTH - 6, y: 4, 'text-anchor': 'end' }),
  );
}

function updateLabel(node: Element, { kind, name, text, line }: Level, arrow: string, y: number, at: number): void {
  const isStrong = line !== 'dotted' && line !== 'none';
  setAttribute(node, 'class', `label ${kind}${isStrong ? ' b' : ''}`);
  // Moved as a whole: texts that only move are not laid out again.
  setAttribute(node, 'transform', `translate(0 ${at.toFixed(1)})`);
  const [, lead, left, right] = node.children;
  setAttribute(lead!, 'd', `M0 ${(y - at).toFixed(1)}L14 0`);
  setText(left!, `${name}${arrow}`);
  setText(right!, text);
}
