/** The clipboard's Markdown table. */
import { equal } from 'node:assert/strict';
import { ladderAsMarkdown } from '../../../src/reports/ladderMarkdown';
import { RCAT } from './moment';

describe('a ladder as Markdown', () => {
  const lines = ladderAsMarkdown('RCAT', RCAT.buys, RCAT.sells, 2).split('\n');

  it('has a head and seven rows', () => equal(lines.length, 4 + 7));
  it('has both sides of a rung, with the running total', () =>
    equal(lines[6], '| 3 | 12.30 | 2.368% | 254 | $3,124 | $8,222 | 12.86 | 2.040% |'));
});
