/**
 * A window that is reloaded while a session runs, as a user meets it: the packaged extension in VS Code in the browser, and a gateway
 * that is a program of its own, so that it and its market go on meanwhile. What the session has written in the end is compared
 * with what the exchange executed.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import type { SessionSnapshot } from '../../src/shared/protocol';
import { SAMPLE_TARGETS } from '../../src/targets/schema';
import { compareFolder, TRUTH_FILE } from '../../tools/verifyFills';
import { ensureBrowser, ensureServer, hostFolder } from '../host/install';
import { installPackaged } from '../host/packaged';
import { Workbench } from '../host/workbench';

describe('a window that is reloaded', function () {
  this.timeout(180_000);
  this.bail(true);
  const home = mkdtempSync(path.join(os.tmpdir(), 'dronebot-reload-'));
  const folder = path.join(home, 'ladders');
  // What belongs to the machine is read from here, and a window follows it.
  const settingsFile = path.join(home, 'user/Machine/settings.json');
  let gateway: Gateway;
  let workbench: Workbench;

  before(async function () {
    this.timeout(600_000);
    ensureServer();
    ensureBrowser();
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'targets.txt'), SAMPLE_TARGETS);
    gateway = await startGateway({
      seed: 7,
      speed: 40,
      date: '2026-11-18',
      startTime: '09:28',
      lockstepClientId: 21,
      whenLockstepGone: 'run',
      truthFile: path.join(folder, TRUTH_FILE),
    });
    await installPackaged(home);
    configure({});
    workbench = await Workbench.open({ folder }, { home, hasTestDriver: false });
  });
  after(async () => {
    await workbench?.close();
    await gateway?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.picture(path.join(hostFolder, 'screens', 'failed.png'));
  });

  function configure(more: Record<string, unknown>): void {
    const gatewayIs = { 'dronebot.broker': 'ib', 'dronebot.host': '127.0.0.1', 'dronebot.port': gateway.port };
    mkdirSync(path.dirname(settingsFile), { recursive: true });
    writeFileSync(settingsFile, JSON.stringify({ ...gatewayIs, ...more }));
  }
  const snapshot = (): SessionSnapshot | null => {
    try {
      return JSON.parse(readFileSync(path.join(folder, 'dashboard_snapshot.json'), 'utf8')) as SessionSnapshot;
    } catch {
      return null;
    }
  };

  async function reload(): Promise<void> {
    const loaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await workbench.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  it('its session goes on by itself, books what happened meanwhile, and trades', async () => {
    await workbench.statusBarItem('Dronebot').first().waitFor();
    await workbench.runCommand('Dronebot: Start Live');
    await until('fills and positions', () => gateway.truth.length >= 5 && (snapshot()?.positions ?? 0) >= 2);
    const before = gateway.truth.length;
    await reload();
    await until(
      'the session to trade again',
      () => snapshot()?.phase === 'trading' && gateway.truth.length >= before + 4,
    );
    assert.match(await workbench.statusBarText(/SIM/), /SIM/);
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('reloaded at once again, with an order on its way, too', async () => {
    const before = gateway.truth.length;
    await until('one more', () => gateway.truth.length > before);
    await reload();
    await reload();
    const then = gateway.truth.length;
    await until('fills after it', () => snapshot()?.phase === 'trading' && gateway.truth.length >= then + 3);
  });

  it('stopped it asks what stays behind; its files are what the exchange executed, share by share', async () => {
    await workbench.runCommand('Dronebot: Stop…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await until('the end', async () => {
      if (await dialog.isVisible()) await dialog.getByText('Stop', { exact: true }).click();
      return snapshot()?.phase === 'ended';
    });
    const comparison = compareFolder(folder);
    assert.ok(comparison.equal, comparison.equal ? '' : comparison.text);
    for (const { symbol, position } of snapshot()!.symbols) assert.equal(position, gateway.positionOf(symbol), symbol);
    const keys = new Map<string, Set<number>>();
    for (const { orderRef, permId } of gateway.truth) keys.set(orderRef, (keys.get(orderRef) ?? new Set()).add(permId));
    assert.ok(
      [...keys.values()].every(permIds => permIds.size === 1),
      'an order was sent twice',
    );
    // A key names its session.
    const sessions = new Set([...keys.keys()].map(key => key.split(':')[1]));
    assert.ok(sessions.size >= 3, `orders of ${sessions.size} sessions`);
  });

  it('with the setting off it does not go on', async () => {
    configure({ 'dronebot.resume': false });
    await workbench.runCommand('Dronebot: Start Live');
    await until('the session to trade', () => snapshot()?.phase === 'trading');
    await reload();
    await workbench.statusBarItem('Dronebot').first().waitFor();
    await until('its client to be gone', () => gateway.connectedClientIds.length === 0);
    assert.notEqual(snapshot()?.phase, 'ended');
  });
});

async function until(what: string, happened: () => boolean | Promise<boolean>, withinMs = 90_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await happened())) {
    if (Date.now() > end) throw new Error(`Waited ${withinMs / 1000} s for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
