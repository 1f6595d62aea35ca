/**
 * A folder that nobody trusts yet: the packaged extension explains its targets.txt, and whatever is asked for, nothing starts,
 * nothing is written and no setting of the folder counts.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBrowser, ensureServer } from '../host/install';
import { installPackaged } from '../host/packaged';
import { Workbench } from '../host/workbench';

describe('Restricted Mode', function () {
  this.timeout(120_000);
  const home = mkdtempSync(path.join(os.tmpdir(), 'dronebot-restricted-'));
  const folder = path.join(home, 'strange');
  let workbench: Workbench;

  before(async function () {
    this.timeout(600_000);
    ensureServer();
    ensureBrowser();
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    writeFileSync(path.join(folder, 'targets.txt'), 'KTOS class=safe buy=12 sell=0.50\n');
    writeFileSync(path.join(folder, '.vscode/settings.json'), '{"dronebot.broker":"ib","dronebot.host":"203.0.113.7"}');
    await installPackaged(home);
    workbench = await Workbench.open({ folder }, { home, hasTestDriver: false, hasWorkspaceTrust: true });
    await workbench.statusBarItem('Restricted Mode').first().waitFor();
  });
  after(async () => {
    await workbench?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it('says so where the ladders would be, with the one way on', async () => {
    await workbench.openSideBar('Dronebot');
    const words = await workbench.welcomeText();
    assert.match(words, /This folder is in Restricted Mode.*nothing trades\. Manage trust/);
  });

  it('explains targets.txt', async () => {
    await workbench.openFile('targets.txt');
    await workbench.squiggles().first().waitFor();
  });

  it('starts nothing, on the simulator or on IB, and writes nothing', async () => {
    for (const command of ['Start Live', 'Start on the Simulator', 'Start on Paper or Live…']) {
      await workbench.runCommand(`Dronebot: ${command}`);
      await workbench.page.locator('.notification-toast', { hasText: 'Restricted Mode' }).first().waitFor();
    }
    assert.ok(!existsSync(path.join(folder, '.dronebot')));
  });
});
