/**
 * `npm run fills -- [FILE|DIR] [SYMBOL]`: the review of a fills file in the terminal, a table of all symbols or one of them in
 * full. Reads the earlier Python bot's files too; changes nothing.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { reviewFills, reviewTable, symbolTable } from '../src/reports/fillReview';

const FILE = 'fills_live.csv';

function main([place = '.', symbol]: readonly string[]): void {
  if (place === '--help') return console.log('npm run fills -- [FILE or DIR] [SYMBOL]');
  const isFolder = fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? path.join(place, FILE) : place;
  if (!fs.existsSync(file)) return fail(`There is no ${file}. Name a fills file, or a folder that holds one.`);
  const review = reviewFills(fs.readFileSync(file, 'utf8'));
  if (symbol === undefined) return console.log(reviewTable(review, { file: path.basename(file), account: '' }));
  const found = review.symbols.find(each => each.symbol === symbol.toUpperCase());
  if (found !== undefined) return console.log(symbolTable(found));
  const all = review.symbols.map(each => each.symbol).join(', ');
  fail(`${file} has no fills of ${symbol.toUpperCase()}; it has ${all === '' ? 'none at all' : all}.`);
}

function fail(text: string): void {
  console.error(text);
  process.exitCode = 1;
}

main(process.argv.slice(2));
