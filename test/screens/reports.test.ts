/**
 * The pages of the pre-session anchors and of the fills in a plain Chromium: readable in every theme, and each button asks its
 * home for what it says. What the home does with it is shown in VS Code (screens.test.ts).
 */
import { deepEqual, equal } from 'node:assert/strict';
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { anchorsReport } from '../../src/reports/anchorsReport';
import { anchorsView } from '../../src/reports/anchorsView';
import { reviewFills } from '../../src/reports/fillReview';
import { fillsView } from '../../src/reports/fillsView';
import type { ToAnchors } from '../../src/shared/anchors';
import type { ToFills } from '../../src/shared/fills';
import { parseDay } from '../../src/strategy/exchangeTime';
import { DEFAULT_SETTINGS } from '../../src/strategy/settings';
import { startTargets } from '../../src/targets/resolve';
import { launchBrowser } from '../host/browser';
import { DashboardPage } from '../host/page';

const BUDGET = { equity: 150_000, risky: 0.6, safe: 0.4 };
const FILLS = `ts,symbol,side,qty,price,tag,realized_pnl
2026-11-17T09:31:00-05:00,RCAT,BUY,100,10.00,ladder_buy,0.00
2026-11-17T10:01:00-05:00,RCAT,SELL,100,10.10,ladder_sell,10.00
2026-11-18T09:35:00-05:00,KTOS,BUY,30,70.00,ladder_buy,0.00
2026-11-18T09:45:30-05:00,KTOS,SELL,30,66.00,live_stop,-120.00
torn
`;

/** One symbol with all prices, one that the broker has not told yet. */
function anchors(): ToAnchors {
  const start = startTargets('AVAV class=risky buy=0.60 sell=0.60\nKTOS class=safe buy=0.40 sell=0.50\n', BUDGET);
  const day = (text: string) => parseDay(text) ?? NaN;
  const report = anchorsReport({
    day: day('2026-11-18'),
    lookBack: 1,
    targets: start.ok ? start.value.targets : [],
    budget: BUDGET,
    settings: DEFAULT_SETTINGS,
    histories: [
      {
        symbol: 'AVAV',
        ticks: null,
        days: [
          { day: day('2026-11-17'), am: 40, pm: 41, lastClose: 42, bars: 390 },
          { day: day('2026-11-16'), am: 37, pm: 43, lastClose: 39, bars: 390 },
        ],
        problem: '',
        isUnknown: false,
      },
    ],
    from: 'simulator',
    ended: 'The simulator was gone',
  });
  return { type: 'view', view: anchorsView(report) };
}

const fills = (): ToFills => ({
  type: 'view',
  view: fillsView(reviewFills(FILLS), { file: 'fills_live.csv', account: 'SIM ···0001' }),
});

const PAGES = {
  anchors: {
    says: anchors,
    buttons: [
      ['Ask for the rest', { type: 'action', action: 'again' }],
      ['Copy', { type: 'action', action: 'copy' }],
      ['Save CSV…', { type: 'action', action: 'saveCsv' }],
      ['Save Markdown…', { type: 'action', action: 'saveMarkdown' }],
      ['AVAV', { type: 'openLine', symbol: 'AVAV' }],
    ],
  },
  fills: {
    says: fills,
    buttons: [
      ['Refresh', { type: 'action', action: 'again' }],
      ['As text', { type: 'action', action: 'text' }],
      ['Another file…', { type: 'action', action: 'otherFile' }],
    ],
  },
} as const;

describe('report pages', function () {
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
  const open = async (bundle: keyof typeof PAGES, theme = 'vscode-dark', width = 1280) => {
    shown = await DashboardPage.open(browser, { bundle, theme, width });
    await shown.say(PAGES[bundle].says());
    await shown.page.locator('th[scope=row]').first().waitFor();
    return shown.page;
  };

  for (const bundle of ['anchors', 'fills'] as const) {
    it(`${bundle}: each button asks for what it says, by mouse and by keyboard`, async () => {
      const page = await open(bundle);
      for (const [name, wanted] of PAGES[bundle].buttons) {
        const button = page.getByRole('button', { name, exact: true }).first();
        await button.click();
        await button.press('Enter');
        deepEqual((await shown.everything()).slice(-2), [wanted, wanted], name);
      }
    });

    it(`${bundle}: is as wide as its page at 400 px, tables scroll in themselves`, async () => {
      const page = await open(bundle, 'vscode-dark', 400);
      equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false);
    });

    for (const theme of ['vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light'])
      it(`${bundle}: axe-core finds nothing, ${theme}`, async () => {
        const page = await open(bundle, theme);
        await page.evaluate(axe.source);
        const found = await page.evaluate<AxeResults>('axe.run()');
        deepEqual(
          found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 140)}`)),
          [],
        );
      });
  }

  it('fills: a symbol chooses what the chart shows, and all symbols come back', async () => {
    const page = await open('fills');
    await page.getByRole('button', { name: 'KTOS', exact: true }).click();
    await page.getByRole('heading', { name: 'P&L over time, KTOS' }).waitFor();
    await page.getByRole('button', { name: 'All symbols' }).click();
    await page.getByRole('heading', { name: 'P&L over time, all symbols' }).waitFor();
  });
});
