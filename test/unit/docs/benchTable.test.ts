/** The figures of `npm run bench` on the page about speed. */
import { equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withFigures, type Figures } from '../../../tools/benchTable';

const page = readFileSync(path.resolve(__dirname, '../../../docs/performance.md'), 'utf8').replaceAll('\r\n', '\n');

function figures(found: string, ms: number | null): Figures {
  const table = { title: 'Order, ms', how: '', columns: ['median', 'worst'], rows: [{ what: 'Dronebot', values: [ms, 1234.5] }], aim: '5 ms', found }; // prettier-ignore
  return { when: '2026-11-28T09:00:00Z', node: 'v20.1.0', platform: 'linux x64', cpu: 'A', cores: 2, memoryGiB: 24, load: 0.42, results: [{ tables: [table] }] }; // prettier-ignore
}

describe('the page about speed', () => {
  it('takes the figures between its marks, whatever stood there, and keeps the rest', () => {
    const once = withFigures(page, [figures('4.0 ms', 4)]) ?? '';
    ok(once.includes('| Order, ms | 4.0 ms | 5 ms |'));
    ok(once.includes('| **Order, ms** | median | worst |\n| --- | --: | --: |\n| Dronebot | 4.00 | 1,235 |'));
    ok(once.includes('2 cores (A), 24 GiB, linux x64, Node v20.1.0, 2026-11-28; load at the end 0.4.'));
    const twice = withFigures(once, [figures('4.0 ms', 4), figures('3.0 ms', null)]) ?? '';
    ok(twice.includes('| Order, ms | 3.0 ms | 5 ms |'));
    ok(!twice.includes('4.0 ms'), 'the later file counts');
    equal(twice.slice(0, 300), page.slice(0, 300));
    equal(twice.slice(twice.indexOf('<!-- end of figures -->')), page.slice(page.indexOf('<!-- end of figures -->')));
  });

  it('says so when the marks are gone', () => equal(withFigures('# Speed', [figures('1', 1)]), null));
});
