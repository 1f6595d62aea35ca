/**
 * Compares fills_live.csv with the simulator's truth log, share by share: `npx tsx tools/verifyFills.ts DIR`. On its own on
 * purpose: it shares no code with what wrote either file, so that no mistake can hide in both.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Names that the demo gives to the two files in its folder. */
export const FILLS_FILE = 'fills_live.csv';
export const TRUTH_FILE = 'truth_log.jsonl';

interface Share {
  symbol: string;
  side: string;
  qty: number;
  /** In ten-thousandths of a dollar: both files have 4 decimals at most. */
  price: number;
}

export type Comparison = { equal: true; fills: number } | { equal: false; text: string };

/** The n-th fill of a symbol in one file is the n-th in the other. */
export function compareFills(csv: string, truth: string): Comparison {
  const wanted = readTruth(truth);
  const found = readFills(csv);
  const left = new Map<string, Share[]>();
  for (const fill of found) left.set(fill.symbol, [...(left.get(fill.symbol) ?? []), fill]);
  for (const [index, fill] of wanted.entries()) {
    const [own, ...rest] = left.get(fill.symbol) ?? [];
    left.set(fill.symbol, rest);
    const difference = differenceOf(fill, own);
    if (difference === null) continue;
    return {
      equal: false,
      text: `Fill ${index + 1} differs from the truth log: the simulator ${words(fill)}, the file has ${difference}.`,
    };
  }
  const [extra] = [...left.values()].flat();
  if (extra === undefined) return { equal: true, fills: wanted.length };
  return {
    equal: false,
    text: `The file has a fill that the truth log has not: ${words(extra)}. The simulator executed ${wanted.length}, the file has ${found.length}.`,
  };
}

function differenceOf(wanted: Share, own: Share | undefined): string | null {
  if (own === undefined) return 'none';
  const { side, qty, price } = own;
  if (side === wanted.side && price === wanted.price) return qty === wanted.qty ? null : String(qty);
  return words(own);
}

const words = ({ side, qty, symbol, price }: Share): string =>
  `${side === 'BUY' ? 'bought' : 'sold'} ${qty} ${symbol} at ${dollars(price)}`;

function dollars(price: number): string {
  const text = (price / 10_000).toFixed(4);
  return text.replace(/0{1,2}$/, '');
}

function readTruth(text: string): Share[] {
  return lines(text).map(line => {
    const { symbol, side, shares, price } = JSON.parse(line) as {
      symbol: string;
      side: string;
      shares: number;
      price: number;
    };
    return { symbol: symbol.replace(' ', '.'), side, qty: shares, price: Math.round(price * 10_000) };
  });
}

/** Rows as they stand; the first row of a correction takes the fill away that it repeats. */
function readFills(text: string): Share[] {
  const fills: Share[] = [];
  for (const [index, line] of lines(text).entries()) {
    if (index === 0 && line.startsWith('ts,')) continue;
    const cells = line.split(',');
    const [, symbol = '', side = '', qty = '', price = ''] = cells;
    const fill = { symbol, side, qty: Number(qty), price: Math.round(Number(price) * 10_000) };
    if (cells.length !== 7 || !Number.isInteger(fill.qty) || !Number.isFinite(fill.price)) {
      throw new Error(`Line ${index + 1} of the fills file cannot be read: ${line}`);
    }
    if (fill.qty > 0) {
      fills.push(fill);
      continue;
    }
    const taken = fills.findLastIndex(
      other => other.symbol === symbol && other.side === side && other.qty === -fill.qty && other.price === fill.price,
    );
    if (taken < 0) throw new Error(`Line ${index + 1} of the fills file takes back a fill that is not there: ${line}`);
    fills.splice(taken, 1);
  }
  return fills;
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter(line => line.trim() !== '');

/** A session without a fill leaves no file. */
export function compareFolder(folder: string): Comparison {
  const read = (name: string): string => {
    const file = path.join(folder, name);
    return name === FILLS_FILE && !fs.existsSync(file) ? '' : fs.readFileSync(file, 'utf8');
  };
  return compareFills(read(FILLS_FILE), read(TRUTH_FILE));
}

function main(folder: string): void {
  const comparison = compareFolder(folder);
  if (comparison.equal) {
    console.log(`${comparison.fills} fills, equal to the simulator's truth log share by share.`);
    return;
  }
  console.log(comparison.text);
  process.exitCode = 1;
}

if (/verifyFills\.[tj]s$/.test(process.argv[1] ?? '')) main(process.argv[2] ?? 'out');
