/**
 * What the dashboard's built page costs in Chromium with 100 symbols and one of them open: the time to the first row, the work of
 * the main thread in each frame at ten snapshots a second, and the heap over 36,000 snapshots at full speed. It prints figures and
 * asserts nothing: a loaded machine is no bug. `node esbuild.mjs --production && npx tsx test/bench/dashboard.bench.ts`, then
 * how many snapshots (0: no heap) and, to compare, folders with built pages that take turns.
 */
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser';
import { servePage } from './dashboardHome';
import { quantile, traceFrames } from './frames';

const PACED_SECONDS = 15;
const OPENED = 5;
const [count = '36000', ...folders] = process.argv.slice(2);
const SNAPSHOTS = Number(count);
const dist = path.resolve(__dirname, '../../dist');

async function main(): Promise<void> {
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
      if (folders.length > 0) console.log(folders[index]);
      const times = opened[index]!.map(ms => ms.toFixed(0)).join(', ');
      console.log(`first row            ${times} ms after the page began to load (wanted: under 300)`);
      const page = await open(browser, address);
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Performance.enable');
      await page.evaluate('window.load().then(() => window.paced(50, 100))');
      await paced(page, cdp);
      if (SNAPSHOTS > 0) await flood(page, cdp);
      await page.close();
    }
  } finally {
    await browser.close();
    for (const page of pages) page.close();
  }
}

async function open(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.on('pageerror', error => console.error(error));
  await page.goto(address);
  await page.evaluate('window.firstRow');
  return page;
}

/** Ten snapshots a second, as a panel gets them. */
async function paced(page: Page, cdp: CDPSession): Promise<void> {
  const { work, seconds, parts } = await traceFrames(cdp, 'paced', async () => {
    await page.evaluate(`performance.mark('paced'); window.paced(${PACED_SECONDS * 10}, 100)`);
  });
  const [median, p95, p99, most] = [0.5, 0.95, 0.99, 1].map(share => quantile(work, share).toFixed(2));
  const over = work.filter(ms => ms > 8).length;
  const each = work.reduce((sum, ms) => sum + ms, 0) / (PACED_SECONDS * 10);
  console.log(
    `main thread          median ${median}, 95 % ${p95}, 99 % ${p99}, most ${most} ms a frame (wanted: under 8); over it ${over} of ${work.length} in ${seconds.toFixed(0)} s`,
  );
  const most10 = [...parts].sort(([, left], [, right]) => right - left).slice(0, 18);
  const listed = most10.map(([name, ms]) => `${name} ${(ms / PACED_SECONDS / 10).toFixed(2)}`);
  console.log(`                     ${each.toFixed(2)} ms a snapshot: ${listed.join(', ')}`);
}

/** As fast as it goes: what a day of ten hours brings. */
async function flood(page: Page, cdp: CDPSession): Promise<void> {
  const heaps: number[] = [];
  const start = performance.now();
  for (let part = 1; part <= 10; part++) {
    await page.evaluate(`window.flood(${SNAPSHOTS / 10})`);
    await cdp.send('HeapProfiler.collectGarbage');
    heaps.push((await metrics(cdp)).JSHeapUsedSize ?? NaN);
  }
  const seconds = (performance.now() - start) / 1000;
  const mega = heaps.map(bytes => (bytes / 2 ** 20).toFixed(2));
  const grown = ((heaps[9]! / heaps[0]! - 1) * 100).toFixed(2);
  console.log(`heap after collection, MB at 10 % to 100 % of ${SNAPSHOTS} snapshots: ${mega.join(' ')}`);
  console.log(`heap at 100 % against 10 %: ${grown} % (wanted: within 5), ${seconds.toFixed(0)} s`);
}

async function metrics(cdp: CDPSession): Promise<Record<string, number>> {
  const found = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(found.metrics.map(({ name, value }) => [name, value]));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
