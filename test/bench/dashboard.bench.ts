/**
 * What the dashboard's built page costs in Chromium with 100 symbols and one of them open: the time to the first row, the work of
 * the main thread in each frame at ten snapshots a second, and the heap over 36,000 snapshots at full speed. It prints figures and
 * asserts nothing: a loaded machine is no bug. `npm run bench -- --only dashboard`, or to compare `node dist/bench/dashboard.bench.js`,
 * how many snapshots (0: no heap) and folders with built pages that take turns.
 */
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser';
import { servePage } from './dashboardHome';
import { quantile, traceFrames } from './frames';
import { bench, report, type Row } from './harness';

const PACED_SECONDS = 15;
const OPENED = 5;
const [count = '36000', ...folders] = process.argv.slice(2);
const SNAPSHOTS = Number(count);
const dist = path.resolve(__dirname, '../../dist');

bench(async () => {
  const pages = await Promise.all((folders.length === 0 ? [dist] : folders).map(folder => servePage(folder)));
  const browser = await launchBrowser();
  try {
    const opened = pages.map((): number[] => []);
    // The first one in a browser that has just been started is slower, whichever it is.
    for (let round = 0; round <= OPENED; round++)
      for (const [index, { address }] of pages.entries()) {
        const page = await open(browser, address);
        if (round > 0) opened[index]!.push(await page.evaluate<number>('window.firstRow'));
        await page.close();
      }
    for (const [index, { address }] of pages.entries()) {
      const first = opened[index]!;
      const page = await open(browser, address);
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Performance.enable');
      await page.evaluate('window.load().then(() => window.paced(50, 100))');
      const frames = await paced(page, cdp);
      const heap = SNAPSHOTS > 0 ? await flood(page, cdp) : null;
      await page.close();
      const { work, over } = frames;
      const [median, p99] = [quantile(work, 0.5), quantile(work, 0.99)];
      const times = [quantile(first, 0.5), quantile(first, 1)] as const;
      const grown = heap === null ? '' : `, heap ${heap.grown.toFixed(2)} % after ${SNAPSHOTS} snapshots`;
      report({
        title: `The dashboard’s page with a hundred symbols${folders.length === 0 ? '' : `: ${folders[index]}`}, ms`,
        how: 'Ten snapshots a second in which everything moves, one symbol opened, no graphics card; CPU time of the page’s main thread from one frame to the next, by Chromium’s trace. The first row is painted this long after the page began to load. Heap after forced collections, snapshots at full speed.',
        columns: ['median', 'p95', 'p99', 'worst', 'over 8 ms', 'of'],
        rows: [
          row('main thread, a frame', median, quantile(work, 0.95), p99, quantile(work, 1), over, work.length),
          row('first row painted', times[0], null, null, times[1], null, first.length),
        ],
        found: `${median.toFixed(1)} ms a frame, 99 % under ${p99.toFixed(1)}; first row ${times[0].toFixed(0)} ms${grown}`,
        aim: '8 ms a frame; first row 300 ms; heap within 5 %',
      });
    }
  } finally {
    await browser.close();
    for (const page of pages) page.close();
  }
});

const row = (what: string, ...values: readonly (number | null)[]): Row => ({ what, values });

async function open(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.on('pageerror', error => console.error(error));
  await page.goto(address);
  await page.evaluate('window.firstRow');
  return page;
}

/** Ten snapshots a second, as a panel gets them: the main thread's work in each frame, ms. */
async function paced(page: Page, cdp: CDPSession): Promise<{ work: readonly number[]; over: number }> {
  const { work, parts } = await traceFrames(cdp, 'paced', async () => {
    await page.evaluate(`performance.mark('paced'); window.paced(${PACED_SECONDS * 10}, 100)`);
  });
  const dearest = [...parts].sort(([, left], [, right]) => right - left).slice(0, 18);
  const listed = dearest.map(([name, ms]) => `${name} ${(ms / PACED_SECONDS / 10).toFixed(2)}`);
  const each = work.reduce((sum, ms) => sum + ms, 0) / (PACED_SECONDS * 10);
  console.log(`${each.toFixed(2)} ms a snapshot: ${listed.join(', ')}`);
  return { work, over: work.filter(ms => ms > 8).length };
}

/** As fast as it goes, what a day of ten hours brings: by how many percent the heap has grown from a tenth of it on. */
async function flood(page: Page, cdp: CDPSession): Promise<{ grown: number }> {
  const heaps: number[] = [];
  for (let part = 1; part <= 10; part++) {
    await page.evaluate(`window.flood(${SNAPSHOTS / 10})`);
    await cdp.send('HeapProfiler.collectGarbage');
    heaps.push((await metrics(cdp)).JSHeapUsedSize ?? NaN);
  }
  console.log(`heap, MB at each tenth: ${heaps.map(bytes => (bytes / 2 ** 20).toFixed(2)).join(' ')}`);
  return { grown: (heaps[9]! / heaps[0]! - 1) * 100 };
}

async function metrics(cdp: CDPSession): Promise<Record<string, number>> {
  const found = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(found.metrics.map(({ name, value }) => [name, value]));
}
