/** The tables of docs/strategy.md come out of the code that trades, so the page cannot quietly go stale. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ladder, RUNG_STEPS } from '../../../src/strategy/ladder';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import { allowance, clipUsd, plannedShares } from '../../../src/strategy/sizing';
import { DEFAULT_BANDS, Ticks } from '../../../src/strategy/ticks';
import { startTargets } from '../../../src/targets/resolve';
import { DEFAULTS, FIELDS, SAMPLE_TARGETS } from '../../../src/targets/schema';

const page = readFileSync(join(__dirname, '../../../docs/strategy.md'), 'utf8');

/** The cells of the table rows whose first cell is one of these. */
function rows(firstCells: readonly string[]): string[][] {
  return page
    .split(/\r?\n/)
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    )
    .filter(([first]) => first !== undefined && firstCells.includes(first));
}

describe('docs: strategy.md', () => {
  it('has the sections that the code names', () => {
    const numbers = [...page.matchAll(/^## (\d+)\. /gm)].map(match => Number(match[1]));
    deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('shows the ladder of the code at z 0 and +1.5', () => {
    const ladderAt = (z: number): Ladder => {
      const ladder = new Ladder();
      ladder.update(100, z, 0.6, 0.6, 'risky', new Ticks(DEFAULT_BANDS));
      return ladder;
    };
    const computed = RUNG_STEPS.map((step, index) => {
      const cells = [0, 1.5]
        .map(ladderAt)
        .flatMap(({ buyPercent, buys, sellPercent, sells }) => [
          (buyPercent * step).toFixed(3),
          (buys[index] ?? NaN).toFixed(2),
          (sellPercent * step).toFixed(3),
          (sells[index] ?? NaN).toFixed(2),
        ]);
      return [index === 3 ? '**4**' : String(index + 1), ...cells];
    });
    deepEqual(rows(['1', '2', '3', '**4**', '5', '6', '7']), computed);
  });

  it('sizes the sample file as the code does', () => {
    const start = startTargets(SAMPLE_TARGETS, DEFAULTS);
    ok(start.ok);
    const { targets, config } = start.value;
    const traded = {
      risky: targets.filter(target => target.class === 'risky').length,
      safe: targets.filter(target => target.class === 'safe').length,
    };
    const { tickerBudget } = allowance(config, traded, DEFAULT_SETTINGS);
    const shown = rows(targets.map(target => target.symbol));
    equal(shown.length, targets.length);
    const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
    const cents = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
    for (const [index, target] of targets.entries()) {
      const row = shown[index] ?? [];
      const last = Number(row[2]);
      const clip = clipUsd(tickerBudget[target.class], target.class, last, target.clip, DEFAULT_SETTINGS);
      const planned = RUNG_STEPS.map((_, rung) => plannedShares(clip, rung + 1, last));
      const all = planned.reduce((sum, shares) => sum + shares, 0) * last;
      const most = tickerBudget[target.class] * DEFAULT_SETTINGS['sizing.tickerFactor'];
      const money = [planned.map(shares => whole.format(shares)).join(', '), whole.format(all), whole.format(most)];
      deepEqual([row[0], row[1], row[4], ...row.slice(5)], [target.symbol, target.class, cents.format(clip), ...money]);
    }
  });

  it('names ranges and defaults of the schema', () => {
    const number = (value: number): string => value.toLocaleString('en-US');
    for (const spec of [FIELDS.buy, FIELDS.sell, FIELDS.clip]) {
      const [row] = rows([`\`${spec.key}=\``]);
      equal(row?.[3], `${number(spec.min)} to ${number(spec.max ?? NaN)}`);
      if (spec.default !== null) equal(row?.[2], spec.default.toFixed(1));
    }
    deepEqual(
      rows(['`class=`']).map(row => row[2]),
      [FIELDS.class.default],
    );
  });
});
