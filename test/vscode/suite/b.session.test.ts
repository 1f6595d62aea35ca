/** A session as a person has it: Start Live on the simulator, tree, hover, status bar, fills in the file, review, stop. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TreeNode } from '../../../src/ui/tree';
import { answering, api, folder, hoverAt, openTargets, read, targetsUri, until, write } from './support';

const MINUTE_MS = 60_000;

describe('a session on the simulator', function () {
  this.timeout(3 * MINUTE_MS);
  const fillsFile = () => vscode.Uri.joinPath(folder().uri, '.dronebot', 'sim', 'fills_live.csv');
  const rows = async () =>
    ((await read(fillsFile())) ?? '')
      .split('\n')
      .slice(1)
      .filter(line => line !== '');
  let sample = '';

  before(async () => {
    sample = (await read(targetsUri())) ?? '';
    await api();
  });
  after(async () => {
    const dialogs = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    dialogs.restore();
    await write(targetsUri(), sample);
  });

  const labels = async (node?: TreeNode) => {
    const { tree } = await api();
    const nodes = await tree.getChildren(node);
    return nodes.map(each => {
      const { label, description, id } = tree.getTreeItem(each);
      return { node: each, label: label as string, description: description as string, id };
    });
  };

  it('starts from the palette and trades, without a question, on a simulated account', async () => {
    const { state, snapshot, statusText } = await api();
    assert.equal(statusText(), '$(circle-outline) Dronebot');
    await vscode.commands.executeCommand('dronebot.start');
    assert.equal(state(), 'running');
    assert.equal(snapshot()?.mode, 'SIM');
    assert.equal(snapshot()?.phase, 'trading');
    assert.match(statusText(), /^\$\(pulse\) SIM /);
  });

  it('says that one is running when it is started again', async () => {
    const dialogs = answering('');
    await vscode.commands.executeCommand('dronebot.startSimulator').then(undefined, () => undefined);
    dialogs.restore();
    assert.equal((await api()).state(), 'running');
  });

  it('shows symbols, ladders and rungs in the tree, with ids that stay', async () => {
    const top = await labels();
    assert.deepEqual(top.map(each => each.label).slice(0, 3), ['SIM ···0001', 'RCAT', 'DPRO']);
    const rcat = top.find(each => each.label === 'RCAT')!;
    const ladders = await labels(rcat.node);
    assert.deepEqual(
      ladders.map(each => each.label),
      ['Buy ladder', 'Sell ladder'],
    );
    const rungs = await labels(ladders[0]!.node);
    assert.equal(rungs.length, 7);
    assert.match(rungs[0]!.label, /^L1 {2}\d+\.\d\d$/);
    assert.match(rungs.find(each => each.description.startsWith('next'))?.description ?? '', /^next, [\d,]+ sh, /);
    const again = await labels();
    assert.deepEqual(
      again.map(each => each.id),
      top.map(each => each.id),
    );
    assert.equal(again[1]!.node, top[1]!.node);
  });

  it('hovers a line with its 14 rungs, stamped with mode, account and time', async () => {
    const document = await openTargets();
    const text = await until('a hover of the session', async () => {
      const found = await hoverAt(document, 'RCAT');
      return found.includes('SIM ···0001') && found;
    });
    assert.match(text, /^\*\*RCAT\*\* risky · SIM ···0001 · \d\d:\d\d:\d\d ET\n/);
    assert.match(text, /\| \*\*4\*\* \| \d+\.\d\d/);
    assert.equal(text.split('\n').filter(line => /^\| (\*\*)?\d/.test(line)).length, 7);
    assert.match(text, /\*\*Buy L\d\*\*, \d+ shares/);
  });

  it('fills at least two symbols within a minute, and writes each into the file', async () => {
    const filled = await until(
      'fills of two symbols in fills_live.csv',
      async () => {
        const symbols = new Set((await rows()).map(line => line.split(',')[1]));
        return symbols.size >= 2 && symbols;
      },
      MINUTE_MS,
    );
    const header = (await read(fillsFile()))?.split('\n')[0];
    assert.equal(header, 'ts,symbol,side,qty,price,tag,realized_pnl');
    const { snapshot } = await api();
    const held =
      snapshot()
        ?.symbols.filter(each => each.position > 0)
        .map(each => each.symbol) ?? [];
    assert.ok(held.length > 0 || filled.size >= 2, 'what was bought is shown as held');
  });

  it('reviews the fills in their own channel, equal to the file', async () => {
    await vscode.commands.executeCommand('dronebot.reviewFills', undefined, 'RCAT');
    const text = (await api()).reviewText();
    assert.match(text, /^Fills of \d{4}-\d\d-\d\d \(fills_live\.csv, \d+ rows?, SIM ···0001\)/);
    assert.match(text, /^Symbol {2}Fills {3}Bought {4}Sold {5}Net {5}Cash flow {3}Realized {4}Fees {5}After$/m);
    const [, total] = /^Total +(\d+)/m.exec(text) ?? [];
    const [, said] = /, (\d+) rows?, SIM/.exec(text) ?? [];
    assert.equal(total, said);
  });

  it('pauses at once and resumes', async () => {
    const { snapshot, statusText } = await api();
    await vscode.commands.executeCommand('dronebot.pause');
    await until('entries to be paused', () => snapshot()?.paused === true);
    await until('the status bar to say so', () => /paused/.test(statusText()));
    await vscode.commands.executeCommand('dronebot.resume');
    await until('entries to go on', () => snapshot()?.paused === false);
  });

  it('opens the dashboard', async () => {
    await vscode.commands.executeCommand('dronebot.openDashboard');
    await until('the panel', () =>
      vscode.window.tabGroups.all.some(group => group.tabs.some(tab => tab.label === 'Dronebot')),
    );
  });

  it('asks before it flattens, naming account and size, and does nothing without a yes', async () => {
    const { snapshot } = await api();
    await until('a position', () => (snapshot()?.positions ?? 0) > 0, MINUTE_MS);
    const dialogs = answering('Keep trading');
    await vscode.commands.executeCommand('dronebot.flatten');
    dialogs.restore();
    assert.match(
      dialogs.questions[0] ?? '',
      /^Flatten \d+ positions? on SIM ···0001\? All [\d,]+ shares, about \$[\d,]+, are sold/,
    );
    assert.ok((snapshot()?.symbols ?? []).every(each => each.exit === null));
  });

  it('stops after a question that counts what is left, and closes its files', async () => {
    const { state, snapshot, statusText } = await api();
    const positions = snapshot()?.positions ?? 0;
    const dialogs = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    dialogs.restore();
    if (positions > 0)
      assert.match(dialogs.questions[0] ?? '', /^Stop with \d+ positions? left, [\d,]+ shares, about \$[\d,]+\?/);
    assert.equal(state(), 'idle');
    assert.equal(statusText(), '$(circle-outline) Dronebot');
    assert.match((await rows()).at(-1) ?? '', /^\d{4}-\d\d-\d\dT.*,(BUY|SELL),\d+,/);
  });

  it('goes on where it stopped: the same simulated account, with what its fills add up to', async () => {
    const before = await rows();
    await vscode.commands.executeCommand('dronebot.start');
    const { snapshot } = await api();
    assert.equal(snapshot()?.accountTail, '···0001');
    assert.deepEqual((await rows()).slice(0, before.length), before);
    await until('positions that equal the sum of all fills', async () => {
      const held = new Map<string, number>();
      for (const line of await rows()) {
        const [, symbol = '', side, qty] = line.split(',');
        held.set(symbol, (held.get(symbol) ?? 0) + (side === 'BUY' ? 1 : -1) * Number(qty));
      }
      const shown = snapshot()?.symbols ?? [];
      return held.size > 0 && shown.every(each => each.position === (held.get(each.symbol) ?? 0));
    });
  });
});
