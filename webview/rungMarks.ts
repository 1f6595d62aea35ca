/**
 * Two small drawings of a row: the rungs of both ladders around the reference, and the day's price line. Shapes say what colour
 * repeats: filled is held or hit, outlined is touched.
 */
import type { Spark } from '../src/shared/dashboard';
import { setAttribute, svg } from './dom';

const RUNGS = 7;
const STEP = 6.6;

export interface Pips {
  readonly node: SVGElement;
  update(held: number, touched: number, hit: number): void;
}

/** Seven buy rungs leftwards from the reference, seven sell rungs rightwards. */
export function pips(): Pips {
  const buys: SVGElement[] = [];
  const sells: SVGElement[] = [];
  for (let i = 0; i < RUNGS; i++) {
    buys.push(svg('rect', { x: (40.6 - STEP * i).toFixed(1), width: 4.4, rx: 1 }));
    sells.push(svg('rect', { x: (52.6 + STEP * i).toFixed(1), width: 4.4, rx: 1 }));
  }
  const node = svg('svg', { class: 'pips', viewBox: '0 0 100 12', role: 'img' }, ...buys, ...sells);
  node.append(svg('path', { class: 'pm', d: 'M49.6 0V12' }));
  let last = '';
  return {
    node,
    update(held, touched, hit) {
      const now = `${held} of 7 held, ${touched} touched, ${hit} sell rungs hit`;
      if (now === last) return;
      last = now;
      node.setAttribute('aria-label', now);
      buys.forEach((rect, i) => mark(rect, 'pb', i < held ? 'held' : i < touched ? 'tch' : ''));
      sells.forEach((rect, i) => mark(rect, 'ps', i < hit ? 'hit' : ''));
    },
  };
}

function mark(rect: SVGElement, side: string, state: string): void {
  setAttribute(rect, 'class', state === '' ? side : `${side} ${state}`);
  setAttribute(rect, 'y', state === '' ? '4' : '2');
  setAttribute(rect, 'height', state === '' ? '4' : '8');
}

export interface SparkLine {
  readonly node: SVGElement;
  update(spark: Spark | undefined): void;
}

const WIDTH = 80;
const [TOP, HEIGHT] = [3, 16];

export function sparkLine(): SparkLine {
  const reference = svg('path', { class: 'sr' });
  const line = svg('polyline', {});
  const node = svg('svg', { class: 'spark', viewBox: '0 0 80 22', 'aria-hidden': 'true' }, reference, line);
  const y = (share: number) => (TOP + share * HEIGHT).toFixed(1);
  let last: Spark | undefined;
  return {
    node,
    update(spark) {
      if (spark === last) return;
      last = spark;
      const closes = spark?.closes ?? [];
      const step = closes.length > 1 ? (WIDTH - 2) / (closes.length - 1) : 0;
      setAttribute(line, 'points', closes.map((close, i) => `${(1 + i * step).toFixed(1)},${y(close)}`).join(' '));
      const at = spark?.reference ?? null;
      setAttribute(reference, 'd', at === null ? '' : `M0 ${y(at)}H${WIDTH}`);
    },
  };
}
