/**
 * The built dashboard page with a home of the bench's own: a small server with its files, and in the page a script that stands in
 * for VS Code and plays fifty moments of a hundred symbols, in which everything moves that can.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { dashboardChart, sparkView } from '../../src/reports/dashboardChart';
import { dashboardDetail } from '../../src/reports/dashboardDetail';
import { dashboardView } from '../../src/reports/dashboardModel';
import type { ToDashboard } from '../../src/shared/dashboard';
import type { SymbolSummary } from '../../src/shared/protocol';
import { at, RCAT, snapshot, SYMBOLS } from '../unit/reports/moment';

const SYMBOLS_SHOWN = 100;
const MOMENTS = 50;

/** @param folder with dashboard.js and dashboard.css as they ship */
export async function servePage(folder: string): Promise<{ address: string; close: () => void }> {
  const moments = variants();
  const server: Server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    const say = (type: string, body: string) => response.writeHead(200, { 'Content-Type': type }).end(body);
    if (name === '') say('text/html', html(JSON.stringify(moments[0]).replaceAll('<', '\\u003c')));
    else if (name === 'moments.json')
      say('application/json', JSON.stringify(moments.map(each => JSON.stringify(each))));
    else if (name === 'dashboard.css') say('text/css', readFileSync(path.join(folder, name), 'utf8'));
    else if (name === 'dashboard.js') say('text/javascript', readFileSync(path.join(folder, name), 'utf8'));
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const html = (first: string): string => `<!DOCTYPE html>
<html lang="en"><head><title>bench</title><meta property="csp-nonce" content="x"><link rel="stylesheet" href="dashboard.css"></head>
<body class="vscode-dark"><div id="dashboard"></div><script>${HOME(first)}</script><script src="dashboard.js"></script></body></html>`;

/** Runs in the page. Each message is a fresh copy, as a message of VS Code is; the first one comes when the page says ready. */
const HOME = (first: string): string => `
let texts = [JSON.stringify(${first})];
let n = 0;
const say = () => {
  for (const data of JSON.parse(texts[n++ % texts.length])) window.dispatchEvent(new MessageEvent('message', { data }));
};
window.acquireVsCodeApi = () => ({
  postMessage: message => { if (message.type === 'ready') setTimeout(say); },
  getState: () => ({ opened: 'RCAT' }),
  setState: () => undefined,
});
window.firstRow = new Promise(resolve => new MutationObserver((_, observer) => {
  if (document.querySelector('tr[data-symbol] td') === null) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
}).observe(document, { childList: true, subtree: true }));
window.load = async () => { texts = await (await fetch('moments.json')).json(); };
window.paced = (count, ms) => new Promise(resolve => {
  let said = 0;
  const timer = setInterval(() => {
    say();
    if (++said === count) { clearInterval(timer); setTimeout(resolve, ms); }
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
  return Array.from({ length: MOMENTS }, (_, moment) => {
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
