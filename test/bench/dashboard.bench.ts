/**
 * What the dashboard's built page costs in Chromium with 100 symbols and one of them open: main-thread work for each of ten
 * snapshots a second, the heap over 36,000 snapshots at full speed, and the time to the first row. It prints figures and asserts
 * nothing: a loaded machine is no bug. `node esbuild.mjs --production && npx tsx test/bench/dashboard.bench.ts`
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { dashboardChart, sparkView } from '../../src/reports/dashboardChart';
import { dashboardDetail } from '../../src/reports/dashboardDetail';
import { dashboardView } from '../../src/reports/dashboardModel';
import type { ToDashboard } from '../../src/shared/dashboard';
import type { SymbolSummary } from '../../src/shared/protocol';
import { launchBrowser } from '../host/browser';
import { at, RCAT, snapshot, SYMBOLS } from '../unit/reports/moment';

const SYMBOLS_SHOWN = 100;
const VARIANTS = 50;
const PACED_SECONDS = 20;
const SNAPSHOTS = Number(process.argv[2] ?? 36_000);
const dist = path.resolve(__dirname, '../../dist');

async function main(): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.on('pageerror', error => console.error(error));
    await open(page);
    const cdp = await page.context().newCDPSession(page);
    // The thread's own time: what other programs of the machine take is no work of the page.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const first = await page.evaluate<number>('window.firstRow');
    console.log(`first row            ${first.toFixed(0)} ms after the page began to load (wanted: under 300)`);
    await paced(page, cdp);
    await flood(page, cdp);
  } finally {
    await browser.close();
  }
}

/** Ten snapshots a second, as a panel gets them. */
async function paced(page: Page, cdp: CDPSession): Promise<void> {
  const before = await metrics(cdp);
  const times = await page.evaluate<number[]>(`window.paced(${PACED_SECONDS * 10}, 100)`);
  const after = await metrics(cdp);
  const per = (name: string) => ((((after[name] ?? 0) - (before[name] ?? 0)) * 1000) / times.length).toFixed(2);
  times.sort((left, right) => left - right);
  const share = (part: number) => (times[Math.floor((times.length - 1) * part)] ?? NaN).toFixed(2);
  console.log(
    `script, style, layout  median ${share(0.5)} ms, 95 % ${share(0.95)} ms, slowest ${share(1)} ms a snapshot`,
  );
  console.log(
    `main thread, all of it ${per('TaskDuration')} ms a snapshot: script ${per('ScriptDuration')}, style ${per('RecalcStyleDuration')}, layout ${per('LayoutDuration')} (wanted: under 8)`,
  );
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

/** The built page with a home of its own: a script that stands in for VS Code and holds all messages. */
async function open(page: Page): Promise<void> {
  const messages = JSON.stringify(variants()).replaceAll('<', '\\u003c');
  await page.route('http://dashboard.test/**', route => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '')
      return route.fulfill({
        contentType: 'text/html',
        body: `<!DOCTYPE html><html lang="en"><head><title>bench</title><meta property="csp-nonce" content="x"><link rel="stylesheet" href="dashboard.css"></head><body class="vscode-dark"><div id="dashboard"></div><script>${HOME(messages)}</script><script src="dashboard.js"></script></body></html>`,
      });
    const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return route.fulfill({ contentType: type, body: readFileSync(path.join(dist, name), 'utf8') });
  });
  await page.goto('http://dashboard.test/');
  await page.waitForFunction('window.firstRow !== undefined');
}

/** Runs in the page. Each message is a fresh copy, as a message of VS Code is. */
const HOME = (messages: string): string => `
const all = ${messages};
const texts = all.map(list => JSON.stringify(list));
let n = 0;
const say = () => {
  for (const data of JSON.parse(texts[n++ % texts.length])) window.dispatchEvent(new MessageEvent('message', { data }));
};
window.acquireVsCodeApi = () => ({
  postMessage: message => { if (message.type === 'ready') setTimeout(say); },
  getState: () => ({ opened: 'RCAT' }),
  setState: () => undefined,
});
new MutationObserver((_, observer) => {
  if (document.querySelector('tr[data-symbol]') === null) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstRow = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
window.paced = (count, ms) => new Promise(resolve => {
  const times = [];
  const timer = setInterval(() => {
    const start = performance.now();
    say();
    document.body.offsetHeight;
    times.push(performance.now() - start);
    if (times.length === count) { clearInterval(timer); resolve(times); }
  }, ms);
});
window.flood = async count => {
  for (let i = 0; i < count; i++) {
    say();
    if (i % 50 === 0) await new Promise(resolve => requestAnimationFrame(resolve));
  }
};`;

/** Fifty moments of a market that moves everywhere: nothing is the same in two of them that can differ. */
function variants(): ToDashboard[][] {
  const can = { act: true, adjust: true, edit: true, asks: 'page' as const };
  return Array.from({ length: VARIANTS }, (_, moment) => {
    const wave = (index: number) => Math.sin(moment / 4 + index) * 0.02;
    const rows = Array.from({ length: SYMBOLS_SHOWN }, (_, index): SymbolSummary => {
      const base = SYMBOLS[index % 5]!;
      const last = Math.round((base.last ?? 10) * (1 + wave(index)) * 100) / 100;
      return {
        ...base,
        symbol: index === 0 ? 'RCAT' : `S${index}`,
        last,
        bid: last - 0.01,
        ask: last + 0.01,
        spreadBp: 16 + (moment % 5),
        reference: (base.last ?? 10) * 1.001,
        z: wave(index) * 50,
        ageMs: 100 * ((moment + index) % 40),
        openPnl: wave(index) * 5000,
        position: 100 + index,
        averageCost: (base.last ?? 10) * 0.99,
        clip: 2312,
        nextBuy: { rung: 3, price: last * 0.98, shares: 100 },
        nextSell: { rung: 2, price: last * 1.01, shares: 100, layers: [2] },
      };
    });
    const shown = snapshot({
      t: at('11:42:17') + moment * 100,
      symbols: rows,
      openPnl: wave(1) * 9000,
      dayPnl: wave(2) * 9000,
    });
    const detail = { ...RCAT, ...rows[0]!, buys: RCAT.buys, sells: RCAT.sells, whyNot: RCAT.whyNot, fills: RCAT.fills };
    const messages: ToDashboard[] = [
      { type: 'view', view: dashboardView(shown, { can, isStarting: false, polite: '' }) },
      { type: 'detail', symbol: 'RCAT', detail: dashboardDetail(detail, shown) },
    ];
    if (moment % 10 === 0) messages.push({ type: 'chart', chart: dashboardChart(chart(moment)) });
    if (moment % 20 === 0)
      messages.push({
        type: 'sparks',
        sparks: Object.fromEntries(
          rows.map(({ symbol }, index) => [
            symbol,
            sparkView({
              closes: Array.from({ length: 80 }, (_, i) => 10 + Math.sin(i / 9 + index + moment)),
              reference: 10,
            }),
          ]),
        ),
      });
    return messages;
  });
}

function chart(moment: number) {
  const minutes = Array.from({ length: 390 }, (_, i) => 12.6 + Math.sin((i + moment) / 30) * 0.3);
  return {
    symbol: 'RCAT',
    decimals: 2,
    starts: minutes.map((_, i) => at('09:30:00') + i * 60_000),
    opens: minutes.map(price => price - 0.01),
    highs: minutes.map(price => price + 0.03),
    lows: minutes.map(price => price - 0.03),
    closes: minutes,
    references: minutes.map(() => 12.6),
    regularFrom: at('09:30:00'),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
