/**
 * An account with real money, end to end: the packaged extension in VS Code, a session on a live account, its dashboard in the
 * panel and over HTTP. What raises the money at risk is asked in VS Code first, whoever wants it; until then it does not count.
 */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import type { SessionSnapshot } from '../../src/shared/protocol';
import { eventually } from '../host/eventually';
import { ensureBrowser, ensureServer, hostFolder, projectRoot } from '../host/install';
import { LIVE_ACCOUNT, startLiveGateway, type LiveGateway } from '../host/liveAccount';
import { installPackaged } from '../host/packaged';
import { Workbench } from '../host/workbench';

describe('a live account', function () {
  this.timeout(120_000);
  this.bail(true);

  const home = mkdtempSync(path.join(os.tmpdir(), 'dronebot-live-'));
  const folder = path.join(home, 'money');
  const overrides = path.join(folder, 'dashboard_overrides.json');
  let gateway: LiveGateway;
  let workbench: Workbench;
  /** The panel, and what is shown over HTTP. */
  let panel: Frame;
  let url = '';
  /** The symbol whose price lies deepest under its reference: narrow rungs would be reached at once. */
  let symbol = '';

  before(async function () {
    this.timeout(600_000);
    ensureServer();
    ensureBrowser();
    mkdirSync(folder);
    copyFileSync(path.join(projectRoot, 'targets.txt'), path.join(folder, 'targets.txt'));
    gateway = await startLiveGateway({ seed: 7, startTime: '11:00', speed: 1 });
    await installPackaged(home);
    // Where orders go is a matter of the machine: that is where VS Code looks for these settings.
    const settings = {
      'dronebot.broker': 'ib',
      'dronebot.host': '127.0.0.1',
      'dronebot.port': gateway.port,
      'dronebot.dashboard.port': 0,
    };
    mkdirSync(path.join(home, 'user/Machine'), { recursive: true });
    writeFileSync(path.join(home, 'user/Machine/settings.json'), JSON.stringify(settings));
    workbench = await Workbench.open({ folder }, { home, hasTestDriver: false });
    await workbench.statusBarItem('Dronebot').first().waitFor();
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  after(async () => {
    await workbench?.close();
    await gateway?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.picture(path.join(hostFolder, 'screens', 'failed.png'));
  });

  const snapshot = () =>
    JSON.parse(readFileSync(path.join(folder, 'dashboard_snapshot.json'), 'utf8')) as SessionSnapshot;
  const inForce = () => snapshot().symbols.find(each => each.symbol === symbol)?.override?.buy ?? null;
  const written = () => (existsSync(overrides) ? (JSON.parse(readFileSync(overrides, 'utf8')) as unknown) : {});
  /** A snapshot that was written after now says the same. */
  const nothingCounts = async () => {
    const { t } = snapshot();
    await eventually(() => assert.ok(snapshot().t > t));
    assert.deepEqual([inForce(), written()], [null, {}]);
  };
  const dialog = () => workbench.page.locator('.monaco-dialog-box');
  const asked = async () => {
    await dialog().waitFor();
    const words = (await dialog().innerText()).replace(/\s+/g, ' ');
    assert.ok(
      words.includes(`This change raises the money at risk on LIVE ···9034: ${symbol} buy 0.60 to 0.10`),
      words,
    );
  };
  const answer = async (button: 'Cancel' | 'Apply') => {
    await dialog().getByRole('button', { name: button, exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
  };
  const badge = (page: Frame | Page, text: string) =>
    page.locator('.step', { has: page.locator('#base-buy') }).locator('.bdg', { hasText: text });
  const message = async (page: Frame | Page) => (await page.locator('#base-buy-message').innerText()).trim();
  const commit = async (page: Frame | Page) => {
    await page.locator('#base-buy').fill('0.10');
    await page.locator('#base-buy').press('Enter');
  };
  const drop = async (page: Frame | Page) => {
    await page.getByRole('button', { name: 'Drop' }).first().click();
    await badge(page, 'Default').waitFor();
    await eventually(() => assert.deepEqual([inForce(), written()], [null, {}]));
  };

  it('is started only after its name was typed; the question says what it holds', async () => {
    await workbench.runCommandThatWants('Dronebot: Start Live', 'Start on LIVE account ···9034?');
    const prompt = workbench.page.locator('.quick-input-widget:visible .quick-input-message');
    await workbench.picture(path.join(hostFolder, 'screens', 'live-start.png'));
    assert.match(
      await prompt.innerText(),
      /^9 symbols, up to \$100,500\. Net liquidation is \$250,000\. Type the account to go on\./,
    );
    await workbench.page.keyboard.type('U9999035');
    await prompt.filter({ hasText: `Type ${LIVE_ACCOUNT} in full` }).waitFor();
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.type('4');
    await workbench.page.keyboard.press('Enter');
    await workbench.statusBarText(/LIVE \$/);
    await eventually(() => assert.equal(snapshot().mode, 'LIVE'));
  });

  it('an override in the panel that raises the risk is asked about, and a no leaves it', async () => {
    await eventually(() =>
      assert.ok(snapshot().symbols.every(({ last, reference }) => last !== null && reference !== null)),
    );
    const below = ({ last, reference }: SessionSnapshot['symbols'][number]) => (last ?? 0) / (reference ?? 1);
    symbol = [...snapshot().symbols].sort((left, right) => below(left) - below(right))[0]!.symbol;
    await workbench.runCommand('Dronebot: Open Dashboard');
    panel = await workbench.webview('#dashboard table.syms');
    await panel.locator(`tr[data-symbol="${symbol}"]`).click();
    await panel.locator('.oh h2', { hasText: symbol }).waitFor();
    await commit(panel);
    await asked();
    await badge(panel, 'Asked').waitFor();
    await workbench.picture(path.join(hostFolder, 'screens', 'live-asked.png'));
    assert.equal(
      await message(panel),
      'It raises the money at risk: VS Code asks first, answer there. In force: 0.60.',
    );
    await nothingCounts();
    await answer('Cancel');
    await badge(panel, 'Error').waitFor();
    assert.equal(await message(panel), 'Declined in VS Code. In force: 0.60.');
    await nothingCounts();
    await panel.locator('#base-buy').press('Escape');
  });

  it('after a yes it counts, and dropping it needs none', async () => {
    await commit(panel);
    await asked();
    await answer('Apply');
    await badge(panel, 'Override').waitFor();
    await eventually(() => assert.deepEqual([inForce(), written()], [0.1, { [symbol]: { buy: 0.1 } }]));
    await drop(panel);
  });

  it('of a program over HTTP it is asked about too: 202, a no leaves it, a yes applies it', async () => {
    await workbench.runCommand('Dronebot: Serve Dashboard over HTTP');
    await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Copy URL' }).click();
    await eventually(async () => {
      url = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
    });
    const adjust = async () => {
      const response = await fetch(url.replace('/?', '/adjust?'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ symbol, buy_pct: 0.1 }),
      });
      return { status: response.status, body: await response.json() };
    };
    const isAsked = { status: 202, body: { state: 'asked', text: 'A person is asked in VS Code first.' } };
    assert.deepEqual(await adjust(), isAsked);
    await asked();
    await nothingCounts();
    await answer('Cancel');
    await nothingCounts();
    assert.deepEqual(await adjust(), isAsked);
    await asked();
    await answer('Apply');
    await eventually(() => assert.deepEqual([inForce(), written()], [0.1, { [symbol]: { buy: 0.1 } }]));
    await drop(panel);
  });

  it('of a page over HTTP it is asked about in VS Code, and so is the kill switch', async () => {
    const page = await workbench.page.context().newPage();
    await page.goto(url);
    await page.locator(`tr[data-symbol="${symbol}"]`).click();
    await page.locator('.oh h2', { hasText: symbol }).waitFor();
    await commit(page);
    await asked();
    await badge(page, 'Asked').waitFor();
    await nothingCounts();
    await answer('Apply');
    await badge(page, 'Override').waitFor();
    await drop(page);
    await page.locator('vscode-button:visible', { hasText: 'Kill switch…' }).click();
    await page.getByText('VS Code asks first: answer there.').waitFor();
    await dialog().filter({ hasText: 'Throw the kill switch on LIVE ···9034?' }).waitFor();
    await dialog().getByRole('button', { name: 'Keep trading', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
    assert.equal(snapshot().killed, false);
    await page.close();
  });
});
