/**
 * The dashboard's page at moments that a session does not show on demand: a lost link, quiet symbols, a hundred of them, answers
 * that are late or refuse. The built bundle in a plain Chromium; the home is a script (test/host/page.ts).
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { dashboardChart } from '../../src/reports/dashboardChart';
import { dashboardDetail, previewView } from '../../src/reports/dashboardDetail';
import { dashboardView } from '../../src/reports/dashboardModel';
import type { Capabilities, ToDashboard } from '../../src/shared/dashboard';
import type { SessionSnapshot, SymbolDetail } from '../../src/shared/protocol';
import { launchBrowser } from '../host/browser';
import { DashboardPage } from '../host/page';
import { at, RCAT, snapshot, SYMBOLS } from '../unit/reports/moment';

const ALL: Capabilities = { act: true, adjust: true, edit: true, asks: 'page' };

const view = (given: Partial<SessionSnapshot> = {}, can = ALL): ToDashboard => ({
  type: 'view',
  view: dashboardView(snapshot(given), { can, isStarting: false, polite: '' }),
});
const detail = (given: Partial<SymbolDetail> = {}, moment: Partial<SessionSnapshot> = {}): ToDashboard => ({
  type: 'detail',
  symbol: 'RCAT',
  detail: dashboardDetail({ ...RCAT, ...given }, snapshot(moment)),
});
const ofPrices = (by: number, count = SYMBOLS.length) =>
  Array.from({ length: count }, (_, index) => {
    const base = SYMBOLS[index % 5]!;
    return { ...base, symbol: index < 5 ? base.symbol : `S${index}`, openPnl: Math.sin(index * by) * 100 };
  });

describe('dashboard page', function () {
  this.timeout(60_000);
  let browser: Browser;
  let shown: DashboardPage;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  afterEach(async () => {
    deepEqual(shown.complaints, []);
    await shown.close();
  });
  const open = async (options?: Parameters<typeof DashboardPage.open>[1]) => {
    shown = await DashboardPage.open(browser, options);
    return shown.page;
  };
  const words = async (wanted: string) => (await shown.page.locator(wanted).first().innerText()).replace(/\s+/g, ' ');
  const order = () => shown.page.locator('tr[data-symbol] .c-sym b').allInnerTexts();

  it('asks for everything once, and for the first symbol as long as nobody has opened one', async () => {
    await open();
    await shown.say(view());
    deepEqual(
      [await shown.asked('ready'), await shown.asked('open')],
      [[{ type: 'ready' }], [{ type: 'open', symbol: 'RCAT' }]],
    );
  });

  it('what is stale looks stale: a quiet symbol, and every one of them when the link is lost', async () => {
    const page = await open();
    await shown.say(view(), detail());
    match(await words('tr[data-symbol="LPTH"]'), /Quiet 23 s/);
    const style = await page.evaluate(
      `getComputedStyle(document.querySelector('tr[data-symbol="LPTH"] .c-last')).fontStyle`,
    );
    equal(style, 'italic');
    const lost = { phase: 'linkLost' as const, linkLostSince: at('11:42:03'), nextTryAt: at('11:42:21') };
    await shown.say(view(lost), detail({}, lost));
    match(
      await words('.notes .note'),
      /Link to 127\.0\.0\.1:7497 lost at 11:42:03\. 7 positions are without their stops/,
    );
    equal(await page.locator('tr[data-symbol]', { hasText: 'Link lost' }).count(), 6);
    match(
      await words('.o2 p:visible >> text=lost'),
      /^Nothing can be bought or sold: the link to 127\.0\.0\.1:7497 is lost/,
    );
    equal(await page.locator('.why:visible').count(), 0);
    await page.locator('vscode-button', { hasText: 'Try now' }).click();
    deepEqual(
      (await shown.asked('act')).map(each => each.action),
      ['retry'],
    );
    await shown.say(view(), detail());
    equal(await page.locator('.notes .note:visible').count(), 0);
    equal(await page.locator('.why:visible').count(), 3);
  });

  it('says when its own home cannot be heard', async () => {
    const page = await open();
    await shown.say(view(), { type: 'connection', state: 'reconnecting' });
    ok(await page.getByText('Reconnecting').isVisible());
    await shown.say({ type: 'connection', state: 'up' });
    ok(await page.getByText('Reconnecting').isHidden());
  });

  it('holds still under the pointer, and sorts when it has left', async () => {
    const page = await open({ arranged: { sort: { key: 'open', isDown: true } } });
    await shown.say(view({ symbols: ofPrices(1) }));
    const before = await order();
    await page.locator('tr[data-symbol]').first().hover();
    await shown.say(view({ symbols: ofPrices(2) }));
    deepEqual(await order(), before);
    await page.mouse.move(5, 5);
    const after = await order();
    ok(after.join() !== before.join(), 'sorted anew');
    equal(await page.locator('th.c-open').getAttribute('aria-sort'), 'descending');
  });

  it('shows a hundred symbols, each with its newest numbers once it comes into view', async () => {
    const page = await open();
    await shown.say(view({ symbols: ofPrices(1, 100) }));
    equal(await page.locator('tr[data-symbol]').count(), 100);
    const last = view({ symbols: ofPrices(2, 100) });
    await shown.say(last);
    await page.evaluate(`document.querySelector('.wrap').scrollTop = 1e6`);
    const wanted = last.type === 'view' ? last.view.rows[99]?.open.text : '';
    await page.locator('tr[data-symbol="S99"] .c-open', { hasText: wanted ?? '' }).waitFor();
    await page.locator('vscode-text-field input').fill('S9');
    equal((await order()).length, 11);
  });

  it('filters by what a figure counts', async () => {
    const page = await open();
    await shown.say(view());
    await page.locator('button.f4', { hasText: 'Needs a look' }).click();
    deepEqual(await order(), ['ONDS', 'SPAI']);
    await page.locator('button.f4', { hasText: 'Needs a look' }).click();
    equal((await order()).length, 7);
  });

  it('stretches prices by a drag at the labels, by key too, and fits them again at a double click', async () => {
    const page = await open({ width: 1600 });
    const bars = { starts: [at('11:40:00'), at('11:41:00')], closes: [12.5, 12.7] };
    const chart = { ...bars, opens: bars.closes, highs: bars.closes, lows: bars.closes, references: [12.6, 12.6] };
    const given = { ...chart, symbol: 'RCAT', decimals: 2, regularFrom: at('09:30:00') };
    await shown.say(view(), { type: 'chart', chart: dashboardChart(given) }, detail());
    const outside = () => page.locator('.chart-labels .label', { hasText: /[LU]\d [↑↓]/ }).count();
    const shows = async (wanted: (n: number) => boolean) => {
      while (!wanted(await outside())) await shown.say();
    };
    equal(await outside(), 0);
    await page.locator('.chart-labels').scrollIntoViewIfNeeded();
    const box = (await page.locator('.chart-labels').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - box.height / 3, { steps: 3 });
    await page.mouse.up();
    await shows(n => n > 0);
    await page.mouse.dblclick(x, y);
    await shows(n => n === 0);
    await page.locator('.chart-place').focus();
    for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowUp');
    await shows(n => n > 0);
    await page.keyboard.press('Home');
    await shows(n => n === 0);
  });

  it('goes from Default over Saving… to Override only when the session says so', async () => {
    const page = await open();
    await shown.say(view(), detail());
    const badge = page.locator('.step', { has: page.locator('#base-buy') }).locator('.bdg');
    const input = page.locator('#base-buy');
    equal(await badge.innerText(), 'Default');
    await input.focus();
    await page.keyboard.press('PageUp');
    equal(await input.inputValue(), '1.10');
    equal((await shown.asked('preview')).at(-1)?.value, 1.1);
    await page.keyboard.press('Enter');
    equal(await badge.innerText(), 'Saving…');
    const [sent] = await shown.asked('setOverride');
    deepEqual({ ...sent, id: 0 }, { type: 'setOverride', id: 0, symbol: 'RCAT', side: 'buy', value: 1.1 });
    await shown.say({ type: 'answer', id: sent!.id, outcome: 'taken', text: '' }, detail());
    equal(await badge.innerText(), 'Saving…');
    await shown.say(detail({ override: { buy: 1.1, sell: 0.6 }, buyPercent: 1.1 }));
    equal(await badge.innerText(), 'Override');
  });

  it('says why an override was refused, and goes back with Escape', async () => {
    const page = await open();
    await shown.say(view(), detail());
    await page.locator('#base-buy').fill('0.7');
    await page.keyboard.press('Enter');
    const [sent] = await shown.asked('setOverride');
    await shown.say({ type: 'answer', id: sent!.id, outcome: 'asked', text: '' });
    equal(
      await words('#base-buy-message'),
      'It raises the money at risk: VS Code asks first, answer there. In force: 0.60.',
    );
    equal(await words('.step .bdg'), 'Asked');
    await shown.say(detail());
    equal(await words('.step .bdg'), 'Asked', 'as long as nobody has answered');
    await shown.say({ type: 'answer', id: sent!.id, outcome: 'refused', text: 'Declined in VS Code' });
    equal(await words('#base-buy-message'), 'Declined in VS Code. In force: 0.60.');
    await page.locator('#base-buy').press('Escape');
    equal(await page.locator('#base-buy').inputValue(), '0.60');
  });

  it('goes back to where it was scrolled, once the opened symbol stands', async () => {
    const page = await open({ width: 900, arranged: { opened: 'RCAT', scroll: { page: 400, table: 0 } } });
    await shown.say(view({ phase: 'bars' }));
    await shown.say(view());
    await shown.say(view(), detail());
    await page.locator('.why').first().waitFor();
    for (let n = 0; (await page.evaluate<number>('scrollY')) !== 400; n++) {
      ok(n < 100, 'it is where it was');
      await page.waitForTimeout(50);
    }
  });

  it('a wheel over a stepper changes nothing', async () => {
    const page = await open();
    await shown.say(view(), detail());
    await page.locator('#base-buy').focus();
    await page.locator('#base-buy').hover();
    await page.mouse.wheel(0, 300);
    equal(await page.locator('#base-buy').inputValue(), '0.60');
    deepEqual(await shown.asked('preview'), []);
  });

  it('confirms flatten only after half a second, and names what it sells', async () => {
    const page = await open();
    await shown.say(view(), detail());
    await page.locator('vscode-button', { hasText: 'Flatten RCAT…' }).click();
    const strip = page.getByRole('alertdialog');
    match(await strip.innerText(), /Flatten RCAT on PAPER ···4417\?\s+All 410 shares, about \$5,236/);
    const yes = strip.locator('vscode-button', { hasText: 'Flatten RCAT' });
    // At once and again and again: what counts is the first click that comes late enough.
    await page.evaluate(`document.querySelector('.ask .do').click()`);
    deepEqual(await shown.asked('act'), []);
    while (await strip.isVisible()) await yes.click({ timeout: 1000 }).catch(() => undefined);
    deepEqual(
      (await shown.asked('act')).map(({ action, symbol, isConfirmed }) => [action, symbol, isConfirmed]),
      [['flatten', 'RCAT', true]],
    );
  });

  it('leaves every question of a live account to its home', async () => {
    const page = await open();
    await shown.say(view({ mode: 'LIVE' }, { ...ALL, asks: 'home' }), detail());
    await page.locator('vscode-button:visible', { hasText: 'Kill switch…' }).click();
    equal(await page.getByRole('alertdialog').count(), 0);
    deepEqual(
      (await shown.asked('act')).map(({ action, isConfirmed }) => [action, isConfirmed]),
      [['kill', false]],
    );
  });

  it('hides every amount, and no price', async () => {
    const page = await open({ arranged: { isPrivate: true } });
    const fires = { tag: 'ladder_buy' as const, rung: 3, shares: 254 };
    const preview = previewView({
      ...{ symbol: 'RCAT', side: 'buy', value: 0.7, before: 0.6, decimals: 2, rungs: [], fires },
      anchor: { before: 3, after: 3.5 },
      fullLadderUsd: { before: 25_155, after: 25_036 },
    });
    await shown.say(view(), detail());
    await page.locator('#base-buy').fill('0.7');
    const [asked] = await shown.asked('preview');
    await shown.say({ type: 'preview', id: asked!.id, preview });
    await page.getByText('Full ladder $25,155').waitFor();
    /** Texts that can be read, outside of the constants that are everybody's. */
    const readable = await page.evaluate<string[]>(`[...document.querySelectorAll('#dashboard *')]
      .filter(each => each.children.length === 0 && each.checkVisibility() && !each.closest('.vh, footer.foot > :not(:last-child)'))
      .filter(each => getComputedStyle(each).color !== 'rgba(0, 0, 0, 0)')
      .map(each => each.textContent)`);
    deepEqual(
      readable.filter(text => /\$\d|\d shares?\b/.test(text)),
      [],
    );
    ok(readable.includes('12.77'), 'the last price is no amount');
  });

  it('says in the row of a symbol that its rungs overlap, also where one of them is reached', async () => {
    const page = await open();
    const [first, ...others] = SYMBOLS;
    const lies = { ...first!, isOverlap: true };
    const rung = { rung: 3, price: 12.3, shares: 254 };
    for (const [change, buy, sell] of [
      [{ touched: 0, hit: 0 }, 'overlap', 'overlap'],
      [{ touched: 7, hit: 0 }, 'touched', 'overlap'],
      [{ touched: 7, hit: 0, nextSell: null }, 'touched', 'overlap'],
      [{ touched: 0, hit: 7 }, 'overlap', 'hit'],
      [{ touched: 7, hit: 7 }, 'overlap', 'hit'],
    ] as const) {
      const sells = { ...rung, rung: 1, price: 12.79, layers: [2] };
      const row = { ...lies, layers: 2, nextBuy: rung, nextSell: sells, ...change };
      await shown.say(view({ symbols: [row, ...others] }));
      const said = async (cell: string) => page.locator(`tr[data-symbol="${row.symbol}"] ${cell} .d`).innerText();
      deepEqual([await said('.c-nb'), await said('.c-ns')], [buy, sell], JSON.stringify(change));
    }
  });

  it('fits from 400 px to a wall: nothing sticks out, and no text of a button is cut', async () => {
    const page = await open();
    await shown.say(view({ symbols: ofPrices(1, 40) }), detail());
    for (const width of [400, 520, 640, 800, 980, 1120, 1340, 1500, 1920, 2560, 3840]) {
      await page.setViewportSize({ width, height: 1000 });
      const wide = await page.evaluate<string[]>(`document.documentElement.scrollWidth > innerWidth
        ? [...document.querySelectorAll('#dashboard *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.wrap')).map(each => each.className)
        : []`);
      deepEqual(wide, [], `${width} px`);
      const cut = await page.evaluate<string[]>(`[...document.querySelectorAll('vscode-button, button')]
        .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow === 'hidden')
        .map(each => each.textContent)`);
      deepEqual(cut, [], `${width} px`);
    }
  });

  it('has no buttons, no steppers and no links where it is read-only', async () => {
    const page = await open();
    await shown.say(view({}, { act: false, adjust: false, edit: false, asks: 'page' }), detail());
    ok(await page.getByText('read-only').isVisible());
    equal(await page.locator('vscode-button:visible').count(), 0);
    equal(await page.evaluate(`document.querySelector('#base-buy').readOnly`), true);
    equal(await page.getByText('Open line 4').isVisible(), false);
  });

  for (const theme of ['vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light'])
    it(`axe-core finds nothing, also while the link is lost, ${theme}`, async () => {
      const page = await open({ theme, width: 1280 });
      await page.evaluate(axe.source);
      const lost = view({ phase: 'linkLost', linkLostSince: at('11:42:03') });
      for (const moment of [view(), lost]) {
        await shown.say(moment, detail());
        const found = await page.evaluate<AxeResults>('axe.run()');
        deepEqual(
          found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 140)}`)),
          [],
        );
      }
    });
});
