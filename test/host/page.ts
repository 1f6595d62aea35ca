/**
 * A built page, the dashboard unless another is named, in a plain Chromium, with a home that does what a test says: it keeps what the page asks for and says
 * what the test wants said. For what a real session would not show at a wanted moment: a lost link, a hundred symbols, an answer
 * that never comes. The page has the CSP of the panel and the theme variables of the HTTP home.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { ToAnchors } from '../../src/shared/anchors';
import type { FromDashboard, ToDashboard } from '../../src/shared/dashboard';
import type { ToFills } from '../../src/shared/fills';
import { projectRoot } from './install';

const ADDRESS = 'http://dashboard.test/';
const CSP = "default-src 'none'; style-src 'self' 'nonce-n'; script-src 'nonce-n'; font-src 'self'";
/** More than a snapshot of a hundred symbols takes. */
const FRAMES = 20;

export class DashboardPage {
  /** What the browser would not let the page do, and what went wrong in it. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', error => this.complaints.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    options: { theme?: string; width?: number; arranged?: unknown; bundle?: 'dashboard' | 'anchors' | 'fills' } = {},
  ) {
    const { theme = 'vscode-dark', width = 1600, arranged, bundle = 'dashboard' } = options;
    const context = await browser.newContext({ viewport: { width, height: 1000 } });
    const opened = new DashboardPage(await context.newPage());
    await opened.page.route(`${ADDRESS}**`, route => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === '') return route.fulfill({ contentType: 'text/html', body: html(bundle, theme, arranged) });
      const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
      return route.fulfill({ contentType: type, body: readFileSync(path.join(projectRoot, 'dist', name), 'utf8') });
    });
    await opened.page.goto(ADDRESS);
    return opened;
  }

  /** The page spreads what changes over a few frames: it is shown when this comes back. */
  async say(...messages: readonly (ToDashboard | ToAnchors | ToFills)[]): Promise<void> {
    const text = JSON.stringify(messages);
    await this.page.evaluate(`(async () => {
      for (const data of ${text}) window.dispatchEvent(new MessageEvent('message', { data }));
      for (let n = 0; n < ${FRAMES}; n++) await new Promise(requestAnimationFrame);
    })()`);
  }

  /** What the page has asked for, of one type, oldest first. */
  async asked<Type extends FromDashboard['type']>(type: Type): Promise<Extract<FromDashboard, { type: Type }>[]> {
    const all = await this.page.evaluate<FromDashboard[]>('window.asked');
    return all.filter(message => message.type === type) as Extract<FromDashboard, { type: Type }>[];
  }

  /** All that the page has asked for. */
  everything(): Promise<unknown[]> {
    return this.page.evaluate<unknown[]>('window.asked');
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** The home's script has a nonce of the page's own: it stands in for what VS Code puts there. */
function html(bundle: string, theme: string, arranged: unknown): string {
  const home = `
window.asked = [];
window.acquireVsCodeApi = () => ({
  postMessage: message => window.asked.push(message),
  getState: () => (${JSON.stringify(arranged) ?? 'undefined'}),
  setState: state => { window.arranged = state; },
});`;
  return `<!DOCTYPE html><html lang="en" class="${theme}"><head><title>Dronebot</title>
<meta http-equiv="Content-Security-Policy" content="${CSP}"><meta property="csp-nonce" content="n">
<link rel="stylesheet" href="themes.css"><link rel="stylesheet" href="${bundle}.css"></head>
<body class="${theme}"><div id="${bundle}"></div>
<script nonce="n">${home}</script><script nonce="n" src="${bundle}.js"></script></body></html>`;
}
