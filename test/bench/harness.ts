/**
 * What the benches share: rounds with a warm-up, medians and tails, and the table that one of them hands to `npm run bench`
 * (or prints, when it runs alone). It asserts no time: a loaded machine is no bug.
 */
import { performance } from 'node:perf_hooks';

export interface Row {
  readonly what: string;
  /** In the order of the table's columns; null where a column says nothing about this row. */
  readonly values: readonly (number | null)[];
}

export interface Table {
  readonly title: string;
  /** What was done and what it is held against, in a sentence or two. */
  readonly how: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly aim: string;
  /** The aim's own number, as measured: `1.1 × the bare client`. */
  readonly found: string;
}

export interface Spread {
  readonly n: number;
  readonly median: number;
  readonly p99: number;
  readonly worst: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { n: sorted.length, median: at(0.5), p99: at(0.99), worst: sorted.at(-1) ?? NaN };
}

/** Milliseconds that each of `rounds` runs took, after some that do not count. */
export function timed(run: () => unknown, { rounds = 40, warmUp = 10 } = {}): number[] {
  for (let n = 0; n < warmUp; n++) run();
  return Array.from({ length: rounds }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
}

/** CPU seconds that this process spends in `run`, all threads: on a shared machine steadier than the clock on the wall. */
export function cpuSeconds(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Numbers as they are read: four figures and no more. */
export function numberText(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size === 0 ? 0 : 3);
}

export function tableText({ title, how, columns, rows, aim, found }: Table): string {
  const name = Math.max(28, ...rows.map(({ what }) => what.length));
  const line = (first: string, rest: readonly string[]): string =>
    `  ${first.padEnd(name)}${rest.map(text => text.padStart(12)).join('')}`.trimEnd();
  return [
    title,
    ...wrapped(how).map(text => `  ${text}`),
    line('', columns),
    ...rows.map(({ what, values }) => line(what, values.map(numberText))),
    `  found: ${found}`,
    `  aim:   ${aim}`,
  ].join('\n');
}

/** Hands the tables to the runner, or prints them. */
export function report(...tables: readonly Table[]): void {
  if (process.send) process.send({ tables });
  else console.log(`\n${tables.map(tableText).join('\n\n')}`);
}

/** Runs a bench; what goes wrong ends the process with it. */
export function bench(main: () => Promise<void> | void): void {
  Promise.resolve()
    .then(main)
    .then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
}

function wrapped(text: string, width = 112): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
