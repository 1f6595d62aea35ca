/** What the side bar's rows can do: a symbol's buys paused and resumed, and shares that nobody has explained adopted or left alone. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startGateway, type Gateway } from '../../../src/gateway/gateway';
import { answering, api, folder, until } from './support';

describe('rows of the side bar', function () {
  this.timeout(120_000);
  const settings = () => vscode.workspace.getConfiguration('dronebot');
  let gateway: Gateway;
  let said: string[];

  before(async () => {
    assert.equal((await api()).state(), 'idle');
    gateway = await startGateway({
      speed: 1,
      startTime: '09:10',
      account: 'SIM00777',
      positions: [
        { symbol: 'RCAT', shares: 100, averageCost: 12 },
        { symbol: 'KTOS', shares: 50, averageCost: 70 },
      ],
    });
    await settings().update('port', gateway.port, vscode.ConfigurationTarget.Global);
    const dialogs = answering('');
    await vscode.commands.executeCommand('dronebot.startIb');
    const { snapshot } = await api();
    await until('prices of both', () =>
      ['RCAT', 'KTOS'].every(symbol => (snapshot()?.symbols.find(each => each.symbol === symbol)?.last ?? 0) > 0),
    );
    dialogs.restore();
    said = dialogs.questions;
  });
  after(async () => {
    const dialogs = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    dialogs.restore();
    await gateway.close();
    await settings().update('port', undefined, vscode.ConfigurationTarget.Global);
    for (const name of ['.dronebot/SIM00777', 'dashboard_snapshot.json', 'fills_live.csv'])
      await vscode.workspace.fs
        .delete(vscode.Uri.joinPath(folder().uri, name), { recursive: true })
        .then(undefined, () => undefined);
  });

  /** The row as the side bar has it now. */
  async function row(symbol: string) {
    const { tree } = await api();
    const node = (await tree.getChildren()).find(({ id }) => id === symbol);
    assert.ok(node, `${symbol} has a row`);
    return { node, item: tree.getTreeItem(node) };
  }
  const context = (symbol: string, expected: RegExp) =>
    until(`the row of ${symbol} to be ${String(expected)}`, async () =>
      expected.test((await row(symbol)).item.contextValue ?? ''),
    );
  const run = async (command: string, symbol: string) =>
    vscode.commands.executeCommand(`dronebot.${command}`, (await row(symbol)).node);

  it('pauses the buys of a symbol, and resumes them', async () => {
    await context('AVAV', /\.canPause$/);
    await run('pauseSymbol', 'AVAV');
    await context('AVAV', /\.canResume$/);
    const { item } = await row('AVAV');
    assert.match(String(item.description), /buys paused$/);
    assert.equal(item.tooltip, 'Paused by you. Exits go on.');
    await run('resumeSymbol', 'AVAV');
    await context('AVAV', /\.canPause$/);
  });

  it('leaves unexplained shares alone', async () => {
    assert.ok(
      said.some(text =>
        text.startsWith('The broker reports 100 shares of RCAT, the bot counts 0: 100 are not explained'),
      ),
      said.join('\n'),
    );
    await context('RCAT', /\.unexplained$/);
    assert.equal(
      (await row('RCAT')).item.tooltip,
      'The broker reports 100 shares of RCAT, 0 are explained. Adopt the others, or leave them alone. Exits go on.',
    );
    await run('leaveAlone', 'RCAT');
    await context('RCAT', /\.canPause$/);
    assert.equal((await api()).snapshot()?.symbols.find(each => each.symbol === 'RCAT')?.position, 0);
  });

  it('adopts them after a question that says what would be ordered at once', async () => {
    await context('KTOS', /\.unexplained$/);
    const dialogs = answering(/^Adopt at [\d.]+$/);
    await run('adopt', 'KTOS');
    dialogs.restore();
    assert.match(dialogs.questions[0] ?? '', /^Adopt 50 shares of KTOS on SIM ···0777\?/);
    await context('KTOS', /\.canPause$/);
    assert.equal((await api()).snapshot()?.symbols.find(each => each.symbol === 'KTOS')?.position, 50);
  });
});
