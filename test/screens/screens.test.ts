/**
 * Every view as a user meets it: the packaged extension, installed into VS Code in the browser, from an idle side bar to a
 * session that trades on the simulator. Beside each picture stands what must be readable on it. `npm run screens` writes
 * the pictures into docs/screens, npm test into .vscode-host/screens, so that a test run changes no file of the project.
 */
import assert from 'node:assert/strict';
import { listFiles, PackageManager } from '@vscode/vsce';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from '../host/eventually';
import { ensureBrowser, ensureServer, hostFolder, projectRoot } from '../host/install';
import { viewport } from '../host/browser';
import { installedFiles, installPackaged } from '../host/packaged';
import { socketsOfExtensionHosts } from '../host/sockets';
import { Workbench } from '../host/workbench';
import axe, { type AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';

const pictures =
  process.env.npm_lifecycle_event === 'screens'
    ? path.join(projectRoot, 'docs/screens')
    : path.join(hostFolder, 'screens');

/** The class that VS Code gives a webview's body in each theme. */
const BODY = {
  'Light Modern': 'vscode-light',
  'Default High Contrast': 'vscode-high-contrast',
  'Default High Contrast Light': 'vscode-high-contrast-light',
  'Dark Modern': 'vscode-dark',
} as const;

describe('screens', function () {
  this.timeout(120_000);
  // What comes later shows the session that an earlier view has started.
  this.bail(true);
  // The browser draws when it likes: what was asked at a bad moment is asked once more.
  this.retries(1);

  const home = mkdtempSync(path.join(os.tmpdir(), 'dronebot-screens-'));
  const workspace = path.join(home, 'ladders');
  const targets = path.join(workspace, 'targets.txt');
  const sim = path.join(workspace, '.dronebot/sim');
  const snapshotFile = path.join(sim, 'dashboard_snapshot.json');
  const sample = readFileSync(path.join(projectRoot, 'targets.txt'), 'utf8');
  const overrides = path.join(workspace, '.dronebot', 'sim', 'dashboard_overrides.json');
  /** What a page was not allowed to do, as the browser says it. */
  const violations: string[] = [];
  let workbench: Workbench;

  before(async function () {
    this.timeout(600_000);
    ensureServer();
    ensureBrowser();
    mkdirSync(workspace);
    copyFileSync(path.join(projectRoot, 'targets.txt'), targets);
    await installPackaged(home);
    workbench = await Workbench.open({ folder: workspace }, { home, hasTestDriver: false });
    workbench.page.on('console', message => {
      const isWebview = message.location().url.includes('webview') || message.location().url.includes('dashboard');
      if (isWebview && /Content Security Policy/.test(message.text())) violations.push(message.text());
    });
  });
  after(async () => {
    await workbench?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.picture(path.join(hostFolder, 'screens', 'failed.png'));
  });

  const picture = (name: string) => workbench.picture(path.join(pictures, `${name}.png`));

  it('idle: what Dronebot is waiting for', async () => {
    await workbench.openSideBar('Dronebot');
    const words = await workbench.welcomeText();
    await workbench.statusBarItem('Dronebot').first().waitFor();
    await picture('idle');
    assert.match(words, /No session is running/);
    assert.match(words, /simulator/);
  });

  it('package: what is installed is what the .vsix is to hold, and nothing is loaded from this folder', async () => {
    const expected = await listFiles({ cwd: projectRoot, packageManager: PackageManager.None });
    const names: Record<string, string> = {
      'README.md': 'readme.md',
      'CHANGELOG.md': 'changelog.md',
      LICENSE: 'LICENSE.txt',
    };
    assert.deepEqual(installedFiles(home), expected.map(file => names[file] ?? file).sort());
    assert.ok(!workbench.page.url().includes('extensionDevelopmentPath'));
  });

  it('walkthrough: six steps, each with its picture', async () => {
    await workbench.runCommand('Dronebot: Open Walkthrough');
    const steps = workbench.page.locator('.getting-started-step');
    await steps.filter({ hasText: 'Connect TWS' }).click();
    const media = await workbench.webview('img[src*="tws.svg"], table');
    const words = await media.locator('body').innerText();
    await picture('walkthrough');
    assert.equal(await steps.count(), 6);
    for (const field of ['Enable ActiveX and Socket Clients', 'Read-Only API', 'Socket port', 'Trusted IPs'])
      assert.ok(words.includes(field), `${field} is not in ${words}`);
    await workbench.runCommand('View: Close All Editors');
  });

  it('palette: every command under its name', async () => {
    await workbench.paletteTitles('Dronebot: ');
    await picture('palette');
    await workbench.escape();
    // The list shows as many rows as have room: each command is looked for by its name.
    for (const command of ['Start Live', 'Start on the Simulator', 'Open Dashboard', 'Review Fills']) {
      const titles = await workbench.paletteTitles(`Dronebot: ${command}`);
      await workbench.escape();
      assert.ok(titles.includes(`Dronebot: ${command}`), `${command} is not among ${titles.join(' · ')}`);
    }
  });

  it('diagnostics: what is wrong with a line, on the exact words', async () => {
    const wrong = 'RCAT class=risky buy=12 sell=0.60\nKTOS clas=safe\nRCAT\n';
    writeFileSync(targets, wrong);
    await workbench.openFile('targets.txt');
    const problems = await workbench.problems(/0\.10? to 10/);
    await workbench.squiggles().nth(2).waitFor();
    await picture('diagnostics');
    writeFileSync(targets, sample);
    assert.ok(
      problems.some(text => /12/.test(text) && /Ln 1, Col 22/.test(text)),
      problems.join('\n'),
    );
    assert.ok(
      problems.some(text => /clas/.test(text) && /Ln 2/.test(text)),
      problems.join('\n'),
    );
    assert.ok(
      problems.some(text => /RCAT/.test(text) && /Ln 3/.test(text)),
      problems.join('\n'),
    );
    await workbench.squiggles().first().waitFor({ state: 'detached' });
    await workbench.runCommand('View: Hide Panel');
  });

  /** A text in the file and in the editor, with the cursor in it: after the last place where `before` stands. */
  const edit = async (text: string, before: string) => {
    writeFileSync(targets, text);
    await workbench.openFile('targets.txt');
    await workbench.page.locator('.editor-instance:visible .view-line', { hasText: before.trim() }).first().waitFor();
    const lines = text.slice(0, text.lastIndexOf(before) + before.length).split('\n');
    await workbench.page.keyboard.press('Control+Home');
    for (let line = 1; line < lines.length; line++) await workbench.page.keyboard.press('ArrowDown');
    for (let column = 0; column < (lines.at(-1) ?? '').length; column++)
      await workbench.page.keyboard.press('ArrowRight');
  };
  /** The editor's answer to a key; a key that came while the window was busy with another theme is pressed again. */
  const asked = async (key: string, answer: Locator) => {
    for (let attempt = 1; ; attempt++) {
      await workbench.openFile('targets.txt');
      await workbench.page.keyboard.press(key);
      try {
        return await answer.waitFor({ timeout: attempt < 4 ? 4000 : 20_000 });
      } catch (error) {
        if (attempt === 4) throw error;
        await workbench.escape();
      }
    }
  };
  const inBothThemes = async (name: string) => {
    await picture(name);
    await inTheOtherTheme(name, () => Promise.resolve());
  };
  const toggle = () => workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
  /** What hides when the theme changes is shown again before the picture, and put away after it. */
  const inTheOtherTheme = async (name: string, showAgain: () => Promise<void>) => {
    await toggle();
    await workbench.page.waitForTimeout(500);
    await showAgain();
    await picture(`${name}-other-theme`);
    await workbench.escape();
    await toggle();
  };

  it('completion: values with what they do', async () => {
    await edit('RCAT  class=risky buy=\nDPRO  class=risky buy=0.70 sell=0.60\n', 'RCAT  class=risky buy=');
    const rows = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
    await asked('Control+Space', rows.filter({ hasText: '0.60' }).first());
    await picture('completion');
    const words = (await rows.allInnerTexts()).join(' ');
    await workbench.escape();
    await inTheOtherTheme('completion', () => asked('Control+Space', rows.filter({ hasText: '0.60' }).first()));
    assert.match(words, /0\.60\s+anchor 3\.00% below/);
    assert.match(words, /0\.70/);
  });

  it('hints: the anchors beside buy and sell, in both themes', async () => {
    await edit(sample, 'RCAT');
    await workbench.page.locator('.editor-instance:visible .view-line', { hasText: '−3.00%' }).first().waitFor();
    await inBothThemes('hints');
    const lines = await workbench.editorLines();
    assert.ok(
      lines.some(line => /RCAT.*buy=0\.60\s*−3\.00%\s*sell=0\.60\s*\+3\.00%/.test(line)),
      lines.join('\n'),
    );
  });

  it('quick fix: a clip that costs too much', async () => {
    await edit('KTOS  class=safe buy=0.40 sell=0.50 clip=60000\n', 'clip=600');
    await workbench.page.locator('.editor-instance:visible .squiggly-warning').first().waitFor();
    const menu = workbench.page.locator('.action-widget:visible');
    await asked('Control+.', menu.getByText('Remove clip').first());
    await picture('quick-fix');
    const words = await menu.innerText();
    await workbench.escape();
    await inTheOtherTheme('quick-fix', () => asked('Control+.', menu.getByText('Remove clip').first()));
    assert.equal(words.match(/Replace by \d+/g)?.length, 1, words);
  });

  it('preview: an unsaved change as a difference of ladders and clips', async () => {
    await edit('KTOS  class=safe buy=0.40 sell=0.50 clip=750\n', 'clip=750');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.type('9');
    await workbench.runCommand('Dronebot: Preview Changes');
    const line = workbench.page.locator('.view-line', { hasText: 'full ladder' }).first();
    await line.waitFor();
    await inBothThemes('preview');
    const words = (await line.innerText()).replace(/\s+/g, ' ');
    assert.match(words, /KTOS clip \$750 to \$759, full ladder \$8,475 to \$8,577/);
    // The editor has kept the focus: it is the file that is reverted.
    await workbench.runCommand('File: Revert File');
    await workbench.runCommand('View: Close All Editors');
    writeFileSync(targets, sample);
  });

  it('start: the session comes up on the simulator', async () => {
    await workbench.runCommand('Dronebot: Start Live');
    const status = await workbench.statusBarText(/SIM [+−]/);
    await workbench.treeRow('RCAT').first().waitFor();
    await picture('running');
    assert.match(status, /^SIM [+−]\$\d/);
    const rows = await workbench.treeRows();
    assert.match(rows[0]?.label ?? '', /^SIM ···/);
    for (const symbol of ['RCAT', 'DPRO', 'UMAC', 'AVAV', 'KTOS', 'LPTH', 'ONDS', 'EH', 'SPAI'])
      assert.ok(
        rows.some(({ label }) => label === symbol),
        `${symbol} is not in the tree`,
      );
  });

  it('tree: a symbol with its rungs, once something is held', async () => {
    const holding = workbench.treeRow(/\d sh/).first();
    await holding.waitFor({ timeout: 100_000 });
    const symbol = (await holding.locator('.label-name').innerText()).trim();
    await workbench.expandTreeRow(symbol);
    await workbench.expandTreeRow('Buy ladder');
    await workbench.treeRow(/^L7/).first().waitFor();
    await picture('tree');
    const rows = await workbench.treeRows();
    const rungs = rows.filter(({ label }) => /^L[1-7] /.test(label));
    assert.deepEqual(
      rungs.map(({ label }) => label.slice(0, 2)),
      ['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7'],
    );
    assert.match(rungs[0]?.description ?? '', /^(held|next|sold)/);
  });

  it('line ends: prices behind the lines', async () => {
    await workbench.openFile('targets.txt');
    // A decoration's text is no text of the page: it stands in a style.
    const shown =
      "[...document.querySelectorAll('.view-lines span')].some(e => /z\\s[+\u2212]/.test(getComputedStyle(e, '::after').content))";
    await workbench.page.waitForFunction(shown);
    await inBothThemes('line-ends');
  });

  it('hover: fourteen rungs, the prices that trade', async () => {
    await workbench.openFile('targets.txt');
    await workbench.resize(1500);
    const words = await workbench.hoverOver('AVAV');
    await picture('hover');
    await workbench.leaveHover();
    await inTheOtherTheme('hover', async () => void (await workbench.hoverOver('AVAV')));
    await workbench.leaveHover();
    await workbench.resize(viewport.height);
    assert.match(words, /AVAV risky · SIM/);
    assert.match(words, /below shares USD total to last Sell above sells/);
    // Each row: its number, a buy price, a percentage, and on the same row the sell price with its percentage.
    const rungs = words.match(/\d+\.\d{3}%/g) ?? [];
    assert.equal(rungs.length, 14, words);
  });

  let page: Frame;
  const row = (symbol: string) => page.locator(`tr[data-symbol="${symbol}"]`);
  const symbols = () => page.locator('tr[data-symbol] .c-sym b').allInnerTexts();
  const words = async (wanted: string) => (await page.locator(wanted).innerText()).replace(/\s+/g, ' ');
  const badge = (side: 'buy' | 'sell', text: string) =>
    page.locator('.step', { has: page.locator(`#base-${side}`) }).locator('.bdg', { hasText: text });
  /** By the folder's settings, which the window follows at once. */
  const inTheme = (name: string) => {
    mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
    writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': name }));
  };
  /** What axe-core finds wrong, as it says it. */
  const findings = async (of = page) => {
    await of.evaluate(axe.source);
    const found = await of.evaluate<AxeResults>('axe.run()');
    return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`));
  };

  it('dashboard: opens beside nothing else, with a row for every symbol and its rungs drawn', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Dronebot: Open Dashboard');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 1640, height: 1560 });
    page = await workbench.webview('#dashboard table.syms');
    await row('RCAT').waitFor();
    assert.equal(await page.locator('tr[data-symbol]').count(), 9);
    const said = await words('#dashboard');
    for (const text of ['SIM', 'Day P&L', 'Next buy', 'Entry-ready', 'In force', 'Why not?'])
      assert.ok(said.includes(text), `${text} is not in ${said}`);
  });

  it('dashboard: sorts by a column, back to the file’s order, and opens a symbol by keyboard', async () => {
    const inFile = await symbols();
    const byName = page.locator('th.c-sym button');
    await byName.click();
    await page.locator('th.c-sym[aria-sort="ascending"]').waitFor();
    assert.deepEqual(await symbols(), [...inFile].sort());
    await byName.click();
    await byName.click();
    await page.locator('th.c-sym[aria-sort="none"]').waitFor();
    assert.deepEqual(await symbols(), inFile);
    await row(inFile[0]!).focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await page.locator('.oh h2', { hasText: inFile[1]! }).waitFor();
    assert.equal(await page.locator('.lad tbody tr').count(), 7);
    await row('RCAT').click();
    await page.locator('.oh h2', { hasText: 'RCAT' }).waitFor();
    await page.locator('.chart-labels .label.sell').nth(6).waitFor({ state: 'attached' });
    assert.equal(await page.locator('.chart-labels .label.buy').count(), 7);
  });

  it('dashboard: adjusts a base percent by keyboard alone: preview, Saving…, Override, and back', async () => {
    const { keyboard } = workbench.page;
    await page.locator('#base-buy').focus();
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    await page.locator('.preview h4', { hasText: '0.60 → 0.70 would move the buys' }).waitFor();
    assert.equal(await page.locator('.preview tbody tr:visible').count(), 7);
    await picture('dashboard');
    await keyboard.press('Escape');
    await badge('buy', 'Default').waitFor();
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await badge('buy', 'Override').waitFor();
    assert.equal(await page.locator('#base-buy').inputValue(), '0.65');
    assert.deepEqual(JSON.parse(readFileSync(overrides, 'utf8')), { RCAT: { buy: 0.65 } });
  });

  it('dashboard: says what is wrong with a percent and what stays in force', async () => {
    await page.locator('#base-sell').fill('120');
    await workbench.page.keyboard.press('Enter');
    await badge('sell', 'Error').waitFor();
    const said = await words('#base-sell-message');
    assert.equal(said, 'Base sell must be 0.10 to 50.00 percent, found 120. In force: 0.60.');
    await workbench.page.keyboard.press('Escape');
    await badge('sell', 'Default').waitFor();
  });

  it('dashboard: drops an override, and writes another into targets.txt with its comments', async () => {
    await page.getByRole('button', { name: 'Drop' }).click();
    await badge('buy', 'Default').waitFor();
    await page.locator('#base-buy').fill('0.75');
    await workbench.page.keyboard.press('Enter');
    await badge('buy', 'Override').waitFor();
    const before = readFileSync(targets, 'utf8');
    await page.getByRole('button', { name: /^Write to line/ }).click();
    await badge('buy', 'Default').waitFor();
    const after = readFileSync(targets, 'utf8');
    assert.equal(after, before.replace('RCAT  class=risky buy=0.60', 'RCAT  class=risky buy=0.75'));
    writeFileSync(targets, before);
  });

  it('dashboard: asks in a strip whose safe answer has the focus, and Escape closes it', async () => {
    await page.locator('vscode-button:visible', { hasText: 'Kill switch…' }).click();
    const strip = page.getByRole('alertdialog');
    await strip.waitFor();
    assert.match(await strip.innerText(), /Throw the kill switch on SIM ···\d+\?/);
    assert.equal(await strip.locator('vscode-button:focus-within').innerText(), 'Keep trading');
    await workbench.page.keyboard.press('Escape');
    await strip.waitFor({ state: 'hidden' });
  });

  it('dashboard: opens the symbol whose chart is asked for at its line, also when it was hidden', async () => {
    await workbench.openFile('targets.txt');
    await workbench.hoverOver('AVAV');
    await workbench
      .hover()
      .locator('a', { hasText: /^Chart$/ })
      .click();
    page = await workbench.webview('#dashboard table.syms');
    await page.locator('.oh h2', { hasText: 'AVAV' }).waitFor();
    assert.equal(await row('AVAV').getAttribute('aria-selected'), 'true');
    await row('RCAT').click();
    await page.locator('.oh h2', { hasText: 'RCAT' }).waitFor();
  });

  it('dashboard: keeps what was arranged while it is hidden', async () => {
    await page.locator('vscode-text-field input').fill('A');
    if (!(await page.locator('main.hide').isVisible()))
      await page.getByRole('button', { name: 'Hide amounts' }).click();
    await workbench.openFile('targets.txt');
    await workbench.page.locator('.tab', { hasText: 'Dronebot' }).click();
    page = await workbench.webview('#dashboard table.syms');
    await page.locator('main.hide').waitFor();
    assert.equal(await page.locator('vscode-text-field input').inputValue(), 'A');
    assert.ok((await symbols()).every(symbol => symbol.includes('A')));
    await page.getByRole('button', { name: 'Hide amounts' }).click();
    await page.locator('vscode-text-field input').fill('');
  });

  /** What a person has arranged, as it looks. */
  const arranged = async () => ({
    opened: await words('.oh h2'),
    search: await page.locator('vscode-text-field input').inputValue(),
    sort: await page.locator('th.c-last').getAttribute('aria-sort'),
    filter: await page.locator('button[data-filter="look"]').getAttribute('aria-pressed'),
    isPrivate: await page.locator('main.hide').isVisible(),
    draft: await page.locator('#base-sell').inputValue(),
    isScrolled: await page.evaluate<boolean>('scrollY > 100'),
  });
  const BY_A_PERSON = {
    opened: 'KTOS',
    search: 'K',
    sort: 'descending',
    filter: 'true',
    isPrivate: true,
    draft: '0.85',
    isScrolled: true,
  };
  const hideAmounts = async (isPrivate: boolean) => {
    if ((await page.locator('main.hide').isVisible()) !== isPrivate)
      await page.getByRole('button', { name: 'Hide amounts' }).click();
  };
  /** The page that is shown now looks as it was arranged, once it has everything. */
  const isAsArranged = async () => {
    page = await workbench.webview('#dashboard table.syms');
    await page.locator('.oh h2', { hasText: 'KTOS' }).waitFor();
    await eventually(async () => assert.deepEqual(await arranged(), BY_A_PERSON));
  };

  it('dashboard: keeps what was arranged in other editor groups', async () => {
    await workbench.page.setViewportSize({ width: 1640, height: 700 });
    await workbench.openFile('targets.txt');
    await workbench.page.locator('.tab', { hasText: 'Dronebot' }).click();
    page = await workbench.webview('#dashboard table.syms');
    await row('KTOS').click();
    await page.locator('.oh h2', { hasText: 'KTOS' }).waitFor();
    await page.locator('th.c-last button').click();
    await page.locator('vscode-text-field input').fill('K');
    await page.locator('button[data-filter="look"][aria-pressed="false"]').click();
    await hideAmounts(true);
    await page.locator('#base-sell').fill('0.85');
    await page.locator('.why').last().scrollIntoViewIfNeeded();
    await isAsArranged();
    await workbench.runCommand('View: Move Editor into Right Group');
    await workbench.page.locator('.editor-group-container').nth(1).waitFor();
    await isAsArranged();
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    assert.equal(isWide, false, 'nothing sticks out of the half window');
    await workbench.runCommand('View: Move Editor into Left Group');
    await workbench.page.locator('.editor-group-container').nth(1).waitFor({ state: 'detached' });
    await isAsArranged();
  });

  it('dashboard: comes back with all of it after a reload of the window, and so does the session', async function () {
    this.timeout(180_000);
    const before = JSON.parse(readFileSync(snapshotFile, 'utf8')) as { t: number };
    await workbench.reload();
    await isAsArranged();
    await workbench.statusBarText(/SIM [+−]/);
    await eventually(() => {
      const { t, phase } = JSON.parse(readFileSync(snapshotFile, 'utf8')) as { t: number; phase: string };
      assert.equal(phase, 'trading');
      assert.ok(t > before.t, 'the session goes on where it was');
    });
    await hideAmounts(false);
    await page.locator('#base-sell').press('Escape');
    await page.locator('button[data-filter="look"]').click();
    await page.locator('vscode-text-field input').fill('');
    await page.locator('th.c-last button').click();
    await page.locator('th.c-last button').click();
    await row('RCAT').click();
    await workbench.page.setViewportSize({ width: 1640, height: 1560 });
  });

  for (const [theme, name] of [
    ['Light Modern', 'dashboard-light'],
    ['Default High Contrast', 'dashboard-hc'],
    ['Default High Contrast Light', 'dashboard-hc-light'],
    ['Dark Modern', 'dashboard-dark'],
  ] as const)
    it(`dashboard: ${theme}, axe-core finds nothing`, async () => {
      inTheme(theme);
      await page.locator(`body.${BODY[theme]}`).waitFor();
      await picture(name);
      assert.deepEqual(await findings(), []);
    });

  it('dashboard: is cards of three lines where it is narrow', async () => {
    await workbench.page.setViewportSize({ width: 520, height: 1000 });
    await page.locator('.syms thead').waitFor({ state: 'hidden' });
    await picture('dashboard-narrow');
    assert.deepEqual(await findings(), []);
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    assert.equal(isWide, false, 'nothing sticks out to the right');
    await workbench.resize(viewport.height);
  });

  it('dashboard: has broken no rule of its content security policy', async () => {
    assert.deepEqual(violations, []);
    inTheme('Dark Modern');
    await workbench.resize(viewport.height);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  });

  it('sockets: the gateway’s, and no other', function () {
    const sockets = socketsOfExtensionHosts(workbench.server.pid);
    if (sockets === null) return this.skip();
    const [, gateway] = /"endpoint":"127\.0\.0\.1:(\d+)"/.exec(readFileSync(snapshotFile, 'utf8')) ?? [];
    const own = Number(new URL(workbench.server.origin).port);
    const others = sockets.filter(({ localPort, remotePort }) => ![localPort, remotePort].includes(own));
    assert.ok(
      others.some(({ remotePort }) => remotePort === Number(gateway)),
      'the session is connected',
    );
    assert.deepEqual(
      others.filter(
        ({ kind, localPort, remotePort }) => kind !== 'tcp' || ![localPort, remotePort].includes(Number(gateway)),
      ),
      [],
    );
  });

  it('launcher: everything, with what cannot run now and why', async () => {
    await workbench.runCommandThatAsks('Dronebot: Launcher', 'What to do now');
    await picture('launcher');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await workbench.page.keyboard.type('Start Live');
    await rows.filter({ hasText: 'not now: a session is running' }).first().waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-title', { hasText: 'cannot run now: a session is running' }).waitFor();
    await workbench.escape();
  });

  it('review: the fills so far in their own output', async () => {
    await workbench.runCommandThatAsks('Dronebot: Review Fills', 'A symbol for its own table');
    await workbench.escape();
    await workbench.runCommand('View: Toggle Maximized Panel');
    // What lies behind the totals may be longer than the panel, which shows its end.
    await workbench.page.locator('.output-view .view-lines').first().click();
    await workbench.page.keyboard.press('Control+Home');
    const lines = await workbench.outputLines(/^Fills\sof/);
    await picture('review');
    assert.ok(
      lines.some(line => /^Fills of \d{4}-\d\d-\d\d \(fills_live\.csv/.test(line)),
      lines.join('\n'),
    );
    assert.ok(
      lines.some(line => /^Symbol +Fills +Bought +Sold/.test(line)),
      lines.join('\n'),
    );
    await workbench.runCommand('View: Hide Panel');
  });

  const clipboard = () => workbench.page.evaluate<string>('navigator.clipboard.readText()');

  it('anchors: copied as Markdown, saved as CSV and Markdown where a person says', async () => {
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.runCommandThatWants('Dronebot: Pre-Session Anchors', 'Pre-session anchors');
    await workbench.page.keyboard.press('Enter');
    const anchors = await workbench.webview('#anchors table');
    await anchors.getByRole('button', { name: 'Copy', exact: true }).click();
    await eventually(async () => assert.match(await clipboard(), /^#* ?.*Anchors for 2026-11-18 [\s\S]*\| RCAT \|/));
    for (const [button, name, first] of [
      ['Save CSV…', 'anchors-2026-11-18.csv', /^[^\n]*symbol,/],
      ['Save Markdown…', 'anchors-2026-11-18.md', /Anchors for 2026-11-18/],
    ] as const) {
      await anchors.getByRole('button', { name: button }).click();
      const where = workbench.page.locator('.quick-input-widget:visible .quick-input-box input');
      await eventually(async () => assert.equal(path.basename(await where.inputValue()), name));
      await where.press('Enter');
      await eventually(() => assert.match(readFileSync(path.join(workspace, name), 'utf8'), first));
    }
    assert.deepEqual(await findings(anchors), []);
    await workbench.runCommand('View: Close All Editors');
  });

  it('fills: refreshed, shown as text, and another file asked for, by its buttons', async () => {
    await workbench.runCommand('Dronebot: Open Fills Page');
    let fills = await workbench.webview('#fills table');
    await fills.getByRole('button', { name: 'Refresh' }).click();
    await fills.getByRole('button', { name: 'As text' }).click();
    // Beside the tables it offers one for a symbol.
    await workbench.page.locator('.quick-input-widget:visible input[placeholder^="A symbol for its own"]').waitFor();
    await workbench.escape();
    await workbench.runCommand('Output: Focus on Output View');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.outputLines(/^Fills\sof/);
    await workbench.runCommand('View: Hide Panel');
    // A panel that fills the window has hidden the page: it has been loaded anew.
    fills = await workbench.webview('#fills table');
    await fills.getByRole('button', { name: 'Another file…' }).click();
    await workbench.page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
    await workbench.escape();
    assert.deepEqual(await findings(fills), []);
    assert.deepEqual(violations, []);
    await workbench.runCommand('View: Close All Editors');
  });

  it('stop: says what stays behind, and the side bar is idle again', async () => {
    await workbench.runCommand('Dronebot: Stop…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const words = await dialog.innerText();
    await picture('stop');
    assert.match(words, /Stop with \d+ positions? left/);
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await workbench.page.locator('.part.sidebar .welcome-view-content:visible').first().waitFor();
  });

  it('end of day: the review, then the day’s files in their archive', async () => {
    const fills = readFileSync(path.join(sim, 'fills_live.csv'), 'utf8');
    assert.ok(fills.split('\n').length > 2, fills);
    await workbench.runCommand('Dronebot: End of Day…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const words = await dialog.innerText();
    await picture('end-of-day');
    assert.match(words, /Archive the files of 2026-11-18 into archive\/2026-11-18\?/);
    await dialog.getByRole('button', { name: 'Archive', exact: true }).click();
    const toast = workbench.page.locator('.notification-toast', { hasText: 'moved to archive/2026-11-18' });
    await toast.waitFor();
    assert.equal(readFileSync(path.join(sim, 'archive/2026-11-18/fills_live.csv'), 'utf8'), fills);
    assert.ok(!existsSync(path.join(sim, 'fills_live.csv')));
  });
});
