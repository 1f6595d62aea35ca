/**
 * The dashboard over HTTP as it runs in VS Code, without VS Code: a session in its thread on the simulated gateway, the pages of
 * it, the server, and a Chromium to look with. What a page complains about (policy, scripts, console) is kept for the test to ask.
 */
import type { Browser, Page } from 'playwright-core';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import { SnapshotFollower } from '../../src/session/snapshotFollower';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { adjust } from '../../src/ui/adjust';
import { SessionController } from '../../src/ui/sessionController';
import { SnapshotPages } from '../../src/ui/snapshotPages';
import { sessionThread } from '../../src/ui/threads';
import { WebPages } from '../../src/ui/webPages';
import { findAddress } from '../../src/web/address';
import { readAssets } from '../../src/web/assets';
import { WebServer } from '../../src/web/server';

const root = path.resolve(__dirname, '../..');
const dist = path.join(root, 'dist');
export const TOKEN = 'a-token-that-only-tests-know';
const CLIENT_ID = 21;

export class Scene {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-web-'));
  readonly asked: string[] = [];
  readonly log: string[] = [];
  readonly controller = new SessionController({
    startThread: () => sessionThread(dist),
    log: (level, text) => this.log.push(`${level} ${text}`),
    now: () => Date.now(),
  });
  private readonly pages = new WebPages({
    controller: this.controller,
    file: new SnapshotPages(new SnapshotFollower(() => [path.join(this.folder, 'dashboard_snapshot.json')])),
    ask: (action, symbol) => this.asked.push(`${action} ${symbol ?? ''}`.trim()),
    now: () => Date.now(),
  });
  private gateway: Gateway | null = null;
  server: WebServer | null = null;
  port = 0;

  async startSession(): Promise<void> {
    this.gateway = await startGateway({ seed: 7, speed: 10, startTime: '10:00', lockstepClientId: CLIENT_ID });
    const targetsFile = path.join(this.folder, 'targets.txt');
    fs.writeFileSync(targetsFile, SAMPLE_TARGETS);
    const outcome = await this.controller.start({
      broker: 'simulator',
      host: '127.0.0.1',
      port: this.gateway.port,
      clientId: CLIENT_ID,
      targetsFile,
      folder: this.folder,
      settings: {},
      budget: { equity: 150_000, risky: 0.6, safe: 0.4 },
    });
    if (outcome.type !== 'trading') throw new Error(`Expected a session, found ${JSON.stringify(outcome)}`);
  }

  async stopSession(): Promise<void> {
    await this.controller.stop();
    await this.gateway?.close();
    this.gateway = null;
  }

  /** The same port again after a stop. */
  async serve(token = TOKEN): Promise<void> {
    this.server = new WebServer({
      address: await findAddress('127.0.0.1'),
      port: this.port,
      token,
      source: this.pages,
      adjust: asked => adjust(this.controller, asked),
      assets: readAssets((folder, file) => fs.readFileSync(path.join(root, folder, file))),
      log: text => this.log.push(text),
    });
    await this.server.listen();
    this.port = this.server.port;
  }

  async stopServing(): Promise<void> {
    await this.server?.close();
    this.server = null;
  }

  url(query: Readonly<Record<string, string>> = { token: TOKEN }): string {
    return `http://127.0.0.1:${this.port}/?${new URLSearchParams(query).toString()}`;
  }

  async end(): Promise<void> {
    await this.stopServing();
    await this.stopSession();
    this.controller.dispose();
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface Look {
  readonly page: Page;
  /** What went wrong in the page: scripts, policy, console. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface LookOptions {
  readonly width?: number;
  readonly height?: number;
  readonly isPhone?: boolean;
}

export async function look(browser: Browser, url: string, options: LookOptions = {}): Promise<Look> {
  const { width = 1280, height = 900, isPhone = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: 'reduce',
    ...(isPhone ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(`script: ${error.message}`));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.exposeFunction('complain', (text: string) => complaints.push(`policy: ${text}`));
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', event => complain(event.violatedDirective + ' ' + event.blockedURI));`,
  );
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}
