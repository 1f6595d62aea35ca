/** What a trader starts and ends the day with: pre-session anchors and the review of fills, on the simulator. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, api, folder, hoverAt, openTargets, read, targetsUri, until, write } from './support';

const MINUTE_MS = 60_000;

describe('pre-session anchors on the simulator', function () {
  this.timeout(MINUTE_MS);
  const simulatorFile = (name: string) => vscode.Uri.joinPath(folder().uri, '.dronebot', 'sim', name);
  const anchorsFile = () => vscode.Uri.joinPath(folder().uri, '.dronebot', 'anchors.simulator.json');
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
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const collect = async (date: string) => {
    await vscode.commands.executeCommand('dronebot.anchors', date);
    const report = (await api()).anchorsReport();
    assert.ok(report);
    return report;
  };

  it('shows a page with both windows of every symbol, and asks nobody else’s simulator', async () => {
    await write(simulatorFile('fills_live.csv'), 'of the last session\n');
    const report = await collect('2026-11-18');
    assert.match(report.title, /^Anchors for 2026-11-18 from Tuesday, 2026-11-17 \(simulator, z taken as 0\)$/);
    assert.deepEqual(
      report.tables.map(table => table.title),
      ['AM, 09:30 to 11:00', 'PM, 14:00 to 16:00'],
    );
    const symbols = sample.match(/^[A-Z]+(?= )/gm) ?? [];
    assert.ok(symbols.length >= 9);
    for (const { rows } of report.tables) {
      assert.deepEqual(
        rows.map(row => row.symbol),
        symbols,
      );
      for (const row of rows) {
        assert.equal(row.note, '', row.symbol);
        assert.ok(row.anchor !== null && row.previous !== null && row.clip !== null, row.symbol);
        assert.deepEqual([row.buys.length, row.sells.length], [7, 7]);
      }
    }
    await until('the page', () =>
      vscode.window.tabGroups.all.some(group => group.tabs.some(tab => tab.label === 'Pre-Session Anchors')),
    );
    assert.equal(await read(simulatorFile('fills_live.csv')), 'of the last session\n');
  });

  it('gives hovers a reference, that of the afternoon', async () => {
    // Whatever an earlier session showed is newer; without it the anchors are the last word.
    await vscode.workspace.fs.delete(simulatorFile('dashboard_snapshot.json')).then(undefined, () => undefined);
    const report = await collect('2026-11-18');
    const pm = report.tables[1].rows.find(row => row.symbol === 'RCAT')?.anchor;
    const text = await hoverAt(await openTargets(), 'RCAT');
    assert.match(text, /^\*\*RCAT\*\* risky · no session · reference of Nov 17, 15:59 ET/);
    assert.ok(text.includes(`Reference **${pm?.toFixed(2)}**`), text);
    await vscode.workspace.fs.delete(anchorsFile());
    assert.match(await hoverAt(await openTargets(), 'RCAT'), /\[Pre-session anchors\]\(command:dronebot\.anchors\)/);
  });

  it('steps back over the weekend, and says so', async () => {
    const report = await collect('2026-11-16');
    assert.deepEqual(report.notes, ['Stepped back over a weekend (2026-11-14, 2026-11-15) to Friday, 2026-11-13.']);
  });

  it('says what is wrong with a date, and asks for nothing', async () => {
    const before = (await api()).anchorsReport();
    const dialogs = answering('');
    await vscode.commands.executeCommand('dronebot.anchors', '2026-11-31');
    await vscode.commands.executeCommand('dronebot.anchors', '2026-12-24');
    dialogs.restore();
    assert.deepEqual(dialogs.questions, [
      'Expected a date such as 2026-11-18, found "2026-11-31".',
      'Expected a date up to 2026-11-18, found 2026-12-24: its anchors come from a day that is not over yet.',
    ]);
    assert.deepEqual((await api()).anchorsReport(), before);
  });

  it('runs beside a live session, on an id of its own, and the session goes on trading', async () => {
    const { snapshot, state } = await api();
    await vscode.commands.executeCommand('dronebot.startSimulator');
    assert.equal(snapshot()?.phase, 'trading');
    const before = snapshot()?.t ?? 0;
    const report = await collect('2026-11-18');
    assert.equal(report.isPartial, false);
    assert.equal(state(), 'running');
    assert.equal(snapshot()?.phase, 'trading');
    await until('the session’s clock to go on', () => (snapshot()?.t ?? 0) > before);
  });
});

describe('the review of fills', function () {
  this.timeout(2 * MINUTE_MS);
  const file = () => vscode.Uri.joinPath(folder().uri, '.dronebot', 'sim', 'fills_live.csv');
  const rows = async () => ((await read(file())) ?? '').split('\n').filter(line => /,(BUY|SELL),/.test(line));
  const openTabs = () => vscode.window.tabGroups.all.flatMap(group => group.tabs.map(tab => tab.label));
  after(async () => {
    const dialogs = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    dialogs.restore();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('begins the day with anchors, dashboard and a session, in one go', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('dronebot.startOfDay');
    const { anchorsReport, snapshot } = await api();
    assert.match(anchorsReport()?.title ?? '', /^Anchors for 2026-11-18 /);
    await until('both pages', () => openTabs().includes('Pre-Session Anchors') && openTabs().includes('Dronebot'));
    await until('a session that trades', () => snapshot()?.phase === 'trading');
  });

  it('reads what the session has filled, with the commissions of its journal', async () => {
    const filled = await until(
      'fills in the file',
      async () => (await rows()).length >= 3 && (await rows()),
      MINUTE_MS,
    );
    const [, symbol = ''] = filled[0]?.split(',') ?? [];
    const { reviewText } = await api();
    await until('a review with every commission reported', async () => {
      await vscode.commands.executeCommand('dronebot.reviewFills', undefined, symbol);
      return /^Fees: all \d+ fills as the broker reported them\.$/m.test(reviewText());
    });
    const text = reviewText();
    assert.match(text, /^By day$/m);
    assert.match(text, /^ladder_buy +\d+ /m);
    assert.ok(text.includes(`\n${symbol}\n  Buys `), text);
  });

  it('shows it as a page that follows the fills', async () => {
    await vscode.commands.executeCommand('dronebot.openFills');
    const { fillsView } = await api();
    await until('the page', () => openTabs().includes('Fills'));
    const view = await until('a view of fills', () => fillsView()?.isEmpty === false && fillsView());
    assert.equal(view.series[0]?.symbol, null);
    assert.equal(view.series.length, view.symbols.rows.length + 1);
    await until(
      'what the file has now',
      async () => {
        const [, said] = / (\d+) rows?/.exec(fillsView()?.facts ?? '') ?? [];
        return Number(said) === (await rows()).length;
      },
      MINUTE_MS,
    );
  });

  it('reviews any other file, the earlier bot’s too, and lists what it could not read', async () => {
    const other = vscode.Uri.joinPath(folder().uri, 'old_fills.csv');
    await write(
      other,
      '2025-11-20 09:41:07,RCAT,BUY,120.0,9.50,ladder_buy,0.0\n2025-11-20 14:22:10,RCAT,SELL,120.0,9.75,live_trail,30.0\nbroken\n',
    );
    await vscode.commands.executeCommand('dronebot.reviewFills', other, 'RCAT');
    const { reviewText, fillsView } = await api();
    assert.match(reviewText(), /^Fills of 2025-11-20 \(old_fills\.csv, 3 rows, 2 of them read\)/);
    assert.match(reviewText(), /One row was skipped: line 3 has 1 column, expected 7\./);
    assert.match(reviewText(), /^RCAT +2025-11-20 09:41:07 +2025-11-20 14:22:10 +4:41:03 +2 +120 +\+30\.00/m);
    await vscode.commands.executeCommand('dronebot.openFills', other);
    await until('its page', () => fillsView()?.title === 'Fills of 2025-11-20');
    assert.deepEqual(fillsView()?.skipped, ['Line 3 has 1 column, expected 7']);
    await vscode.workspace.fs.delete(other);
  });
});
