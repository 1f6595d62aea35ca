/** The dashboard over HTTP in a plain Chromium, as a person on a second screen or a phone has it. */
import axe from 'axe-core';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser';
import { look, Scene, TOKEN, type Look, type LookOptions } from './scene';

interface Dom {
  document: { activeElement: unknown };
}

const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'] as const;

describe('the dashboard over HTTP in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let scene: Scene;
  const looks: Look[] = [];

  before(async () => {
    browser = await launchBrowser();
    scene = new Scene();
    await scene.startSession();
    await scene.serve();
  });
  after(async () => {
    await browser?.close();
    await scene?.end();
  });
  afterEach(async () => {
    for (const each of looks.splice(0)) await each.close();
  });

  /** The page with its rows, and no complaint so far. */
  const open = async (query?: Record<string, string>, options?: LookOptions): Promise<Look> => {
    const found = await look(browser, scene.url(query), options);
    looks.push(found);
    await found.page.locator('tr[data-symbol=RCAT]').waitFor();
    return found;
  };
  /** New views come: the clock is another one. */
  const goesOn = async (page: Page) => {
    const before = /\d\d:\d\d:\d\d ET/.exec(await page.locator('body').innerText())?.[0] ?? '';
    ok(before !== '');
    await until(async () => !(await page.locator('body').innerText()).includes(before));
  };
  /** The policy of the page lets no test run a text as code in it, so the looking is done from here. */
  const until = async (isSo: () => Promise<boolean>) => {
    for (const end = Date.now() + 30_000; !(await isSo());) {
      ok(Date.now() < end, 'waited 30 s');
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };
  const overrides = () => {
    try {
      return JSON.parse(fs.readFileSync(path.join(scene.folder, 'dashboard_overrides.json'), 'utf8')) as unknown;
    } catch {
      return null;
    }
  };
  const post = (page: Page, url: string, body: unknown) =>
    page.evaluate(
      async ([to, text]) => {
        const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text };
        return (await fetch(to, init)).status;
      },
      [url, JSON.stringify(body)] as const,
    );

  it('shows a row for each symbol, live, and breaks no policy', async () => {
    const { page, complaints } = await open();
    equal(await page.locator('tr[data-symbol]').count(), 9);
    await goesOn(page);
    deepEqual(complaints, []);
  });

  it('keyboard alone: from the top of the page to an override in force, and back', async () => {
    const { page, complaints } = await open();
    await page.locator('#base-buy').waitFor();
    const inFocus = () => page.evaluate<string>(`document.activeElement?.id ?? ''`);
    for (let n = 0; (await inFocus()) !== 'base-buy'; n++) {
      ok(n < 200, 'Tab never gets to the stepper');
      await page.keyboard.press('Tab');
    }
    const stepper = page.locator('#base-buy');
    const before = Number(await stepper.inputValue());
    await page.keyboard.press('ArrowUp');
    equal(Number(await stepper.inputValue()), Math.round((before + 0.05) * 100) / 100);
    deepEqual(overrides(), null, 'typing only previews');
    await page.keyboard.press('Escape');
    equal(Number(await stepper.inputValue()), before);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const wanted = Math.round((before + 0.1) * 100) / 100;
    await page
      .locator('.bdg', { hasText: /^Override$/ })
      .first()
      .waitFor();
    deepEqual(overrides(), { RCAT: { buy: wanted } });
    equal(scene.controller.snapshot?.symbols[0]?.buyPercent, wanted);
    const drop = page.getByRole('button', { name: 'Drop' }).first();
    for (
      let n = 0;
      !(await drop.evaluate<boolean, unknown>(node => (globalThis as unknown as Dom).document.activeElement === node));
      n++
    ) {
      ok(n < 10, 'Tab does not get to Drop');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await until(async () => JSON.stringify(overrides()) === '{}');
    await page.locator('.bdg', { hasText: /^Override$/ }).waitFor({ state: 'hidden' });
    deepEqual(complaints, []);
  });

  it('a value out of range is refused in words, and nothing is written', async () => {
    const { page } = await open();
    const before = overrides();
    await page.locator('#base-buy').fill('12');
    await page.keyboard.press('Enter');
    await page.getByText(/0\.10 to 10\.00 percent, found 12/).waitFor();
    deepEqual(overrides(), before);
    await page.keyboard.press('Escape');
  });

  it('says that it reconnects when the server is gone, and goes on quietly when it is back', async () => {
    const { page, complaints } = await open();
    const note = page.getByText(/^Reconnecting/);
    equal(await note.isVisible(), false);
    await scene.stopServing();
    await note.waitFor();
    equal(await page.locator('tr[data-symbol]').count(), 9, 'what was shown stays');
    equal(await page.getByText('Connected').filter({ visible: true }).count(), 0, 'the link is not known');
    await page.getByRole('button', { name: 'Pause entries' }).click();
    await page.getByText(/^Not done\. There is no line to Dronebot/).waitFor();
    await scene.serve();
    await note.waitFor({ state: 'hidden' });
    await goesOn(page);
    deepEqual(
      complaints.filter(text => !/net::ERR_CONNECTION_REFUSED|net::ERR_EMPTY_RESPONSE|net::ERR_INCOMPLETE/.test(text)),
      [],
    );
  });

  it('says that its link has expired when the server comes back under another token, and takes nothing', async () => {
    const { page } = await open();
    await scene.stopServing();
    await page.getByText(/^Reconnecting/).waitFor();
    await scene.serve('another-token-of-the-same-server');
    await page
      .getByText(/^This link has expired: nothing here is live any more\. In VS Code, Dronebot: Serve/)
      .waitFor();
    equal(await page.getByText(/^Reconnecting/).isVisible(), false);
    await page.getByRole('button', { name: 'Pause entries' }).click();
    await page.getByText(/^Not done\. There is no line to Dronebot/).waitFor();
    await page.reload();
    match(await page.locator('body').innerText(), /^This link has expired: its token is not the one of this server\./);
    await scene.stopServing();
    await scene.serve();
  });

  it('without the token only shows: no steppers, no actions, and the server takes nothing', async () => {
    const { page, complaints } = await open({});
    for (const name of [/Pause/, /Flatten/, /Kill/, /Stop/])
      equal(await page.getByRole('button', { name }).filter({ visible: true }).count(), 0, String(name));
    equal(await page.getByRole('spinbutton').filter({ visible: true }).count(), 0);
    deepEqual(complaints, []);
    equal(await post(page, 'adjust', { symbol: 'RCAT', buy_pct: 0.7 }), 401);
    equal(await post(page, `adjust?token=${TOKEN}x`, { symbol: 'RCAT', buy_pct: 0.7 }), 403);
  });

  for (const theme of THEMES)
    it(`axe finds nothing in ${theme}, nor does the policy`, async () => {
      const { page, complaints } = await open({ token: TOKEN, theme });
      await page.locator('#base-buy').waitFor();
      await page.evaluate(axe.source);
      const found = await page.evaluate(
        `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(node => node.target + ' ' + node.failureSummary).join('; ')))`,
      );
      deepEqual(found, []);
      deepEqual(complaints, []);
    });

  it('fits a phone', async () => {
    const { page } = await open({ token: TOKEN }, { width: 400, height: 800, isPhone: true });
    await page.locator('#base-buy').waitFor();
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    ok(width <= 400, `${width} px wide`);
  });

  it('from the snapshot file alone says how old it is, opens symbols as they were, and says that it is broken', async () => {
    await scene.stopSession();
    const file = path.join(scene.folder, 'dashboard_snapshot.json');
    const saved = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify({ ...saved, phase: 'trading', savedAt: Date.now() - 200_000 }));
    const { page, complaints } = await open();
    await page
      .getByText(/^3 min old/)
      .first()
      .waitFor();
    await page.locator('tr[data-symbol=KTOS]').click();
    await page.locator('.oh h2', { hasText: 'KTOS' }).waitFor();
    await page.getByText(/^As it was at \d\d:\d\d:\d\d ET, 3 min ago\. The price chart needs a session\.$/).waitFor();
    equal(await page.locator('.lad tbody tr').count(), 7);
    match(await page.locator('.lad tbody tr').first().innerText(), /\d+\.\d\d/);
    ok((await page.locator('.why').first().innerText()).includes('Next buy L1'));
    ok(await page.locator('main.lost').isVisible(), 'it looks stale');
    equal(await page.getByRole('spinbutton').filter({ visible: true }).count(), 0);
    await page.evaluate(axe.source);
    const found = await page.evaluate(
      `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(node => node.target).join('; ')))`,
    );
    deepEqual(found, []);
    match(await page.evaluate(async () => (await fetch('healthz')).text()), /^The snapshot is 3 min old/);
    fs.writeFileSync(file, '{"t":1');
    await page.getByText(/cannot be used: it is no JSON/).waitFor();
    deepEqual(
      complaints.filter(text => !text.includes('503')),
      [],
    );
  });
});
