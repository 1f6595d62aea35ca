/**
 * A Chromium without a window for the workbench in the browser, and the run of a test suite inside its extension host:
 * VS Code hands console lines and the exit code to two functions that the page offers.
 */
import { chromium, type Browser } from 'playwright-core';
import { format } from 'node:util';
import { ensureBrowser } from './install';
import { startServer, workbenchUrl, type ServerOptions, type WorkbenchTarget } from './server';

/** Timers and pictures must not slow down because nobody looks. */
const steady = ['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows'];
const silent = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const confined = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'];

export const viewport = { width: 1400, height: 900 };

/** The caller owns the signals: a browser that ends by itself on Ctrl+C leaves its server behind. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureBrowser(),
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...confined, ...silent, ...steady, '--disable-renderer-backgrounding'],
  });
}

export interface SuiteRun {
  server?: ServerOptions;
  target: WorkbenchTarget;
  /** A suite that hangs is a failure, not a hung machine. */
  timeoutMs: number;
  write: (type: string, line: string) => void;
}

/** Runs `export function run(): Promise<void>` of the target's extensionTestsPath; resolves with its exit code. */
export async function runSuite(run: SuiteRun): Promise<number> {
  const server = await startServer(run.server);
  let browser: Browser | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    browser = await launchBrowser();
    const page = await (await browser.newContext({ viewport })).newPage();
    return await new Promise<number>((resolve, reject) => {
      const seconds = run.timeoutMs / 1000;
      timer = setTimeout(
        () => reject(new Error(`The suite in VS Code did not end within ${seconds} s`)),
        run.timeoutMs,
      );
      page.on('crash', () => reject(new Error("The page with VS Code's workbench crashed")));
      const open = async () => {
        await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
          run.write(type, format(...args)),
        );
        await page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
        await page.goto(workbenchUrl(server, run.target));
      };
      open().catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await browser?.close().catch(() => undefined);
    await server.stop();
  }
}
