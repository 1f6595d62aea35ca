/**
 * Drives VS Code's workbench in the browser the way a person does: by palette, mouse and keyboard; and reads back what a
 * person would read. Every wait is for something visible and bounded in time; nothing sleeps for a guess. It knows
 * nothing of Dronebot, only of VS Code.
 */
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser, viewport } from './browser';
import { startServer, workbenchUrl, type Server, type ServerOptions, type WorkbenchTarget } from './server';

export interface TreeRow {
  level: number;
  label: string;
  description: string;
}

const patienceMs = 20_000;

export class Workbench {
  private constructor(
    readonly page: Page,
    readonly server: Server,
    private readonly browser: Browser,
    private readonly hasTestDriver: boolean,
  ) {}

  static async open(target: WorkbenchTarget, options: ServerOptions = {}): Promise<Workbench> {
    const server = await startServer(options);
    try {
      const browser = await launchBrowser();
      const context = await browser.newContext({ viewport, locale: 'en-US', timezoneId: 'America/New_York' });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      await page.goto(workbenchUrl(server, target));
      const workbench = new Workbench(page, server, browser, options.hasTestDriver !== false);
      await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
      await page.evaluate('window.driver?.whenWorkbenchRestored?.()');
      return workbench;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close().catch(() => undefined);
    await this.server.stop();
  }

  /** As a person reloads the window: what VS Code restores is restored when it resolves. */
  /** As a person does, by its command: VS Code keeps what is open only then. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded', { timeout: 60_000 });
    await this.openPaletteOn('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  async picture(file: string): Promise<void> {
    mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  }

  /** Opens the palette with a filter and returns the titles it offers, as shown. */
  async paletteTitles(filter: string): Promise<string[]> {
    await this.openQuickInput('F1', `>${filter}`);
    await this.quickRow(filter).waitFor();
    return texts(this.page.locator('.quick-input-list .monaco-list-row .label-name'));
  }

  async runCommand(title: string): Promise<void> {
    await this.openPaletteOn(title);
    await this.closesQuickInput();
  }

  /** Runs a command that asks something in the quick input, and leaves that question open. */
  async runCommandThatAsks(title: string, question: string): Promise<void> {
    await this.openPaletteOn(title);
    await this.page.locator(`.quick-input-widget:visible input[placeholder*="${question}"]`).waitFor();
  }

  /** Runs a command that wants something typed under this title, and leaves it open. */
  async runCommandThatWants(title: string, wanted: string): Promise<void> {
    await this.openPaletteOn(title);
    await this.page.locator('.quick-input-widget:visible .quick-input-title', { hasText: wanted }).waitFor();
  }

  async pick(text: string): Promise<void> {
    const input = this.quickInput();
    await input.fill(text);
    await this.quickRow(text).waitFor();
    await input.press('Enter');
    await this.closesQuickInput();
  }

  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  /** Some things are shown in proportion to the window: a hover takes a quarter of the editor's height. */
  async resize(height: number): Promise<void> {
    await this.page.setViewportSize({ width: viewport.width, height });
  }

  async openFile(name: string): Promise<void> {
    const tab = this.page.locator('.tab.active', { hasText: name });
    for (let attempt = 1; ; attempt++) {
      const input = await this.openQuickInput('Control+P', name);
      try {
        await this.quickRow(name).waitFor({ timeout: attempt < 4 ? 3000 : patienceMs });
        await input.press('Enter', { timeout: 3000 });
        await tab.waitFor({ timeout: attempt < 4 ? 3000 : patienceMs });
        break;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.escape();
      }
    }
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** The view container of the side bar whose name begins so. */
  async openSideBar(name: string): Promise<void> {
    const entry = this.page.locator(`.activitybar .action-item [aria-label^="${name}"]`).first();
    await entry.waitFor();
    // A click on the entry of an open side bar closes it, and while the window comes up it may open by itself: the title tells.
    const title = this.page.locator('.part.sidebar .composite.title:visible', { hasText: new RegExp(name, 'i') });
    for (let attempt = 1; ; attempt++) {
      try {
        return await title.waitFor({ timeout: attempt === 1 ? 1000 : 4000 });
      } catch (error) {
        if (attempt === 4) throw error;
        await entry.click();
      }
    }
  }

  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row', { hasText: text });
  }

  async expandTreeRow(text: string | RegExp): Promise<void> {
    const row = this.treeRow(text).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  }

  async treeRows(): Promise<TreeRow[]> {
    const rows = await this.page.locator('.part.sidebar .monaco-list-row').all();
    return Promise.all(
      rows.map(async row => ({
        level: Number(await row.getAttribute('aria-level')),
        label: (await texts(row.locator('.label-name'))).join(''),
        description: (await texts(row.locator('.label-description'))).join(''),
      })),
    );
  }

  /** The words of a view that has nothing to list. */
  async welcomeText(): Promise<string> {
    return tidy(await this.page.locator('.part.sidebar .welcome-view-content:visible').first().innerText());
  }

  /** Rests the mouse on the first occurrence of a word in the editor and returns what the hover says. */
  async hoverOver(word: string): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const box = await this.boxOfWord(word);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      // Two moves: the first leaves whatever was under the mouse, the second is the one that rests.
      await this.page.mouse.move(x - 3, y);
      await this.page.mouse.move(x, y);
      try {
        return tidy(await this.hover().innerText({ timeout: 5000 }));
      } catch (error) {
        // A window that has just been resized may still move the word from under the mouse.
        if (attempt === 4) throw error;
        await this.page.mouse.move(viewport.width / 2, 2);
      }
    }
  }

  /** The hover of the editor, once it is there and has stopped loading. */
  hover(): Locator {
    return this.page
      .locator('.monaco-hover:visible .hover-contents, .monaco-resizable-hover:visible .hover-contents')
      .first();
  }

  async leaveHover(): Promise<void> {
    await this.page.mouse.move(viewport.width / 2, 2);
    await this.hover().waitFor({ state: 'hidden' });
  }

  /** The Problems view, one text a row, files and findings. */
  async problems(expected: string | RegExp): Promise<string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.filter({ hasText: expected }).first().waitFor();
    return texts(rows);
  }

  /** The wavy lines under what an extension finds wrong. */
  squiggles(): Locator {
    return this.page.locator('.editor-instance:visible .squiggly-error');
  }

  async showOutput(channel: string): Promise<void> {
    await this.runCommandThatAsks('Output: Show Output Channels...', 'Select output channel');
    await this.pick(channel);
  }

  /** The visible lines of the output panel, once one of them has the expected text. */
  async outputLines(expected: string | RegExp): Promise<string[]> {
    const lines = this.page.locator('.output-view .view-line');
    await lines.filter({ hasText: expected }).first().waitFor();
    return (await visualLines(lines)).map(line => line.trimEnd());
  }

  async editorLines(): Promise<string[]> {
    return visualLines(this.page.locator('.editor-instance:visible .view-line'));
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text });
  }

  async statusBarText(text: string | RegExp): Promise<string> {
    const item = this.statusBarItem(text).first();
    await item.waitFor();
    return tidy(await item.innerText());
  }

  /** The messages that are waiting; the smoke-test driver shows no toasts, so the notification centre is opened. */
  async notifications(): Promise<string[]> {
    if (!this.hasTestDriver) return texts(this.page.locator('.notification-toast .notification-list-item-message'));
    await this.runCommand('Notifications: Show Notifications');
    const center = this.page.locator('.notifications-center.visible');
    await center.waitFor();
    const messages = await texts(center.locator('.notification-list-item-message'));
    await this.escape();
    return messages;
  }

  /**
   * The document of a webview that holds the wanted element. VS Code puts it two frames deep: a frame of its own, and in
   * it the frame with the extension's page.
   */
  async webview(wanted: string): Promise<Frame> {
    const end = Date.now() + patienceMs;
    for (;;) {
      for (const frame of this.page.frames()) {
        const isContent = frame.parentFrame()?.parentFrame() === this.page.mainFrame();
        const nFound = isContent
          ? await frame
              .locator(wanted)
              .count()
              .catch(() => 0)
          : 0;
        if (nFound > 0) return frame;
      }
      if (Date.now() > end) throw new Error(`No webview with ${wanted} within ${patienceMs / 1000} s`);
      await this.page.waitForTimeout(100);
    }
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input');
  }

  private quickRow(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  private async openPaletteOn(title: string): Promise<void> {
    const input = await this.openQuickInput('F1', `>${title}`);
    await this.quickRow(title).waitFor();
    await input.press('Enter');
  }

  /** What takes the focus while it opens, a page that has just been loaded, closes it again: then once more. */
  private async openQuickInput(key: string, text: string): Promise<Locator> {
    const input = this.quickInput();
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await input.fill(text, { timeout: attempt < 4 ? 3000 : patienceMs });
        return input;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.escape();
      }
    }
  }

  private async closesQuickInput(): Promise<void> {
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  private async boxOfWord(word: string): Promise<Box> {
    const line = this.page.locator('.editor-instance:visible .view-line', { hasText: word }).first();
    await line.waitFor();
    const box = await line.evaluate(boxInPage, word);
    if (box === undefined) throw new Error(`"${word}" is in a line of the editor and has no box`);
    return box;
  }
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface TextNode {
  textContent: string;
}

/** The little of the page's own world that boxInPage uses; the rest of this project's tests must not see a DOM. */
declare const document: {
  createTreeWalker(root: unknown, whatToShow: number): { nextNode(): TextNode | null };
  createRange(): {
    setStart(node: TextNode, offset: number): void;
    setEnd(node: TextNode, offset: number): void;
    getBoundingClientRect(): Box;
  };
};

/**
 * Runs in the page, so it may name nothing outside itself: colouring splits a line into spans, so the word is looked for
 * in the text of the whole line and measured as a range over them.
 */
function boxInPage(line: { textContent: string | null }, word: string): Box | undefined {
  const textNodesOnly = 4;
  const at = (line.textContent ?? '').indexOf(word);
  const walker = document.createTreeWalker(line, textNodesOnly);
  const range = document.createRange();
  let before = 0;
  let isOpen = false;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent.length;
    if (!isOpen && at < before + length) {
      range.setStart(node, at - before);
      isOpen = true;
    }
    if (isOpen && at + word.length <= before + length) {
      range.setEnd(node, at + word.length - before);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y, width, height };
    }
    before += length;
  }
  return undefined;
}

async function texts(rows: Locator): Promise<string[]> {
  return (await rows.allInnerTexts()).map(tidy);
}

/** The editor keeps its lines in the order in which they were drawn; a person reads them from the top. */
async function visualLines(lines: Locator): Promise<string[]> {
  const all = await lines.all();
  const placed = await Promise.all(
    all.map(async line => ({ top: (await line.boundingBox())?.y ?? 0, text: (await line.textContent()) ?? '' })),
  );
  return placed.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
}

const tidy = (text: string) => text.replace(/[\s\u00a0]+/g, ' ').trim();
