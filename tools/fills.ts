/**
 * `npm run fills -- [FILE|DIR] [--summary] [--symbol XYZ] [--interactive]`: the review of a fills file in the terminal: all
 * symbols with totals and what lies behind them, or one symbol, or one after the other until an empty line. Reads the earlier
 * Python bot's files too; changes nothing.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { reviewFills, type FillReview } from '../src/reports/fillReview';
import { reviewDetails, reviewTable, symbolDetails, symbolTable } from '../src/reports/fillTables';
import { journalsBeside } from '../src/session/journalsBeside';

const HELP = `The review of a fills file: symbols, totals, fees, days, tags, holding times, round trips.

  npm run fills -- [FILE or DIR] [options]

  FILE or DIR       default fills_live.csv here, else the simulator's in .dronebot/sim
  --summary         the table of all symbols and nothing more
  --symbol XYZ      one symbol
  --interactive     asks for symbols one after the other, until an empty line
  --help            this text
`;
const PLACES = ['fills_live.csv', path.join('.dronebot', 'sim', 'fills_live.csv')];

class Wrong extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      summary: { type: 'boolean', default: false },
      symbol: { type: 'string' },
      interactive: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (positionals.length > 1) throw new Wrong(`Expected one file, found ${positionals.join(', ')}.`);
  const file = fileOf(positionals[0]);
  const review = reviewFills(fs.readFileSync(file, 'utf8'), journalsBeside(path.dirname(file)));
  if (values.symbol !== undefined) return console.log(symbolText(review, values.symbol, file));
  const table = reviewTable(review, { file: path.basename(file), account: '' });
  console.log(values.summary ? table : [table, reviewDetails(review)].filter(Boolean).join('\n\n'));
  if (values.interactive) await ask(review, file);
}

function fileOf(place = '.'): string {
  const isFolder = fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const candidates = isFolder ? PLACES.map(each => path.join(place, each)) : [place];
  const found = candidates.find(each => fs.existsSync(each));
  if (found === undefined)
    throw new Wrong(`There is no ${candidates[0]}. Name a fills file, or a folder that holds one.`);
  return found;
}

async function ask(review: FillReview, file: string): Promise<void> {
  const prompt = '\nSymbol (empty to end): ';
  const input = createInterface({ input: process.stdin, crlfDelay: Infinity });
  process.stdout.write(prompt);
  for await (const line of input) {
    if (line.trim() === '') break;
    try {
      console.log(`\n${symbolText(review, line.trim(), file)}`);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      console.log(error.message);
    }
    process.stdout.write(prompt);
  }
  input.close();
  process.stdout.write('\n');
}

function symbolText(review: FillReview, symbol: string, file: string): string {
  const found = review.symbols.find(each => each.symbol === symbol.toUpperCase());
  if (found !== undefined) return [symbolTable(found), symbolDetails(found)].filter(Boolean).join('\n\n');
  const all = review.symbols.map(each => each.symbol).join(', ');
  throw new Wrong(`${file} has no fills of ${symbol.toUpperCase()}; it has ${all === '' ? 'none at all' : all}.`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Wrong ? 2 : 1;
});
