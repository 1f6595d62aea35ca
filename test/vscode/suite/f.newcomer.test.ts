/** What a newcomer and somebody who had the Python bot meet: every command is there, the import, the end of a day. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { SAMPLE_TARGETS } from '../../../src/targets/schema';
import { answering, api, folder, read, targetsUri, until, write } from './support';

const inFolder = (...names: string[]): vscode.Uri => vscode.Uri.joinPath(folder().uri, ...names);

describe('commands', () => {
  it('are all there, as the manifest declares them', async () => {
    await api();
    const extension = vscode.extensions.getExtension('dronebot.dronebot');
    const { contributes } = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter(command => !registered.includes(command)),
      [],
    );
  });
});

describe('import from the Python bot', () => {
  let old = '';
  let sample = '';
  before(async () => {
    sample = (await read(targetsUri())) ?? '';
    await write(targetsUri(), SAMPLE_TARGETS);
    old = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-python-'));
    fs.writeFileSync(path.join(old, 'targets.txt'), 'RCAT class=risky buy=0.60 sell=0.60\n');
    fs.writeFileSync(path.join(old, 'dashboard_overrides.json'), '{"RCAT":{"buy":0.7}}');
    fs.writeFileSync(path.join(old, 'run.bat'), 'set HARD_STOP_PCT=0.06\r\nset LOOP_SLEEP_SEC=1\r\npython bot.py\r\n');
  });
  after(async () => {
    fs.rmSync(old, { recursive: true, force: true });
    await write(targetsUri(), sample);
    await set('protection.hardStopPercent', undefined);
    for (const name of ['dashboard_overrides.json', 'archive'])
      await vscode.workspace.fs.delete(inFolder(name), { recursive: true }).then(undefined, () => undefined);
  });
  const setting = (key: string): unknown => vscode.workspace.getConfiguration('dronebot', folder().uri).get(key);
  const set = (key: string, value: unknown) =>
    vscode.workspace
      .getConfiguration('dronebot', folder().uri)
      .update(key, value, vscode.ConfigurationTarget.Workspace);
  /** Picks "Another folder…" and the old bot's. */
  const choosing = () => {
    const window = vscode.window as unknown as Record<string, unknown>;
    const before = { showQuickPick: window.showQuickPick, showOpenDialog: window.showOpenDialog };
    window.showQuickPick = (items: { label: string }[]) =>
      Promise.resolve(items.find(({ label }) => label.startsWith('Another')));
    window.showOpenDialog = () => Promise.resolve([vscode.Uri.file(old)]);
    return () => Object.assign(window, before);
  };
  const run = async (answer: string) => {
    const restore = choosing();
    const dialogs = answering(answer);
    try {
      await vscode.commands.executeCommand('dronebot.importPythonBot');
    } finally {
      restore();
      dialogs.restore();
    }
    return dialogs.questions;
  };

  it('shows a page and changes nothing without a yes', async () => {
    const before = await read(targetsUri());
    const questions = await run('Not now');
    assert.match(questions[0] ?? '', /^Take over 3 things as the page shows\?/);
    assert.equal(setting('protection.hardStopPercent'), 5);
    assert.equal(await read(inFolder('dashboard_overrides.json')), null);
    assert.equal(await read(targetsUri()), before);
    const page = (await api()).importText();
    assert.match(
      page,
      /`HARD_STOP_PCT=0\.06` \| run\.bat, line 1 \| `dronebot\.protection\.hardStopPercent` \| 5 \| \*\*6 %\*\*/,
    );
    assert.match(page, /`LOOP_SLEEP_SEC=1` \| run\.bat, line 2 \| Dronebot evaluates/);
  });

  it('after a yes copies and sets, and leaves the old folder as it was', async () => {
    const before = fs.readdirSync(old).map(name => fs.readFileSync(path.join(old, name), 'utf8'));
    await run('Take over');
    await until('the setting', () => setting('protection.hardStopPercent') === 6);
    assert.equal(await read(inFolder('dashboard_overrides.json')), '{"RCAT":{"buy":0.7}}');
    // The untouched sample makes room; a file that somebody has changed would not.
    assert.equal(await read(targetsUri()), 'RCAT class=risky buy=0.60 sell=0.60\n');
    assert.deepEqual(
      fs.readdirSync(old).map(name => fs.readFileSync(path.join(old, name), 'utf8')),
      before,
    );
  });
});

describe('the start of a day', function () {
  this.timeout(120_000);
  after(async () => {
    const dialogs = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    dialogs.restore();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('collects the anchors, opens the dashboard and starts, in one go', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('dronebot.startOfDay');
    const { state, anchorsReport } = await api();
    assert.equal(state(), 'running');
    assert.ok(anchorsReport() !== null);
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs).map(({ label }) => label);
    assert.ok(
      tabs.some(label => label === 'Dronebot'),
      tabs.join(', '),
    );
  });
});

describe('the end of a day', () => {
  it('reviews what the sessions before have left, and archives it after a yes', async () => {
    const fills =
      'ts,symbol,side,qty,price,tag,realized_pnl\n2026-11-18T09:38:45-05:00,RCAT,BUY,5,12.46,ladder_buy,0.00\n';
    await write(inFolder('.dronebot', 'sim', 'fills_live.csv'), fills);
    assert.equal((await api()).state(), 'idle');
    const dialogs = answering('Archive');
    await vscode.commands.executeCommand('dronebot.endOfDay');
    dialogs.restore();
    assert.equal(dialogs.questions[0], 'Archive the files of 2026-11-18 into archive/2026-11-18?');
    const date = '2026-11-18';
    assert.equal(await read(inFolder('.dronebot', 'sim', 'archive', date, 'fills_live.csv')), fills);
    assert.equal(await read(inFolder('.dronebot', 'sim', 'fills_live.csv')), null);
    assert.match((await api()).reviewText(), /^Fills of /);
  });
});
