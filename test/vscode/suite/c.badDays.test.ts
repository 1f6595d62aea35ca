/** Gateways that are not there, refuse, close or talk nonsense: one clear message each, no session left behind, then a good start. */
import * as assert from 'node:assert/strict';
import { createServer } from 'node:net';
import * as vscode from 'vscode';
import { startGateway, type GatewayOptions } from '../../../src/gateway/gateway';
import { answering, api, folder, read, until } from './support';

describe('bad days at the gateway', function () {
  this.timeout(120_000);
  const settings = () => vscode.workspace.getConfiguration('dronebot');
  const pointAt = async (port: number | undefined) =>
    settings().update('port', port, vscode.ConfigurationTarget.Global);
  before(async () => {
    const dialogs = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    dialogs.restore();
    assert.equal((await api()).state(), 'idle');
  });
  after(() => pointAt(undefined));

  const startAndHear = async (port: number, said: RegExp) => {
    await pointAt(port);
    const dialogs = answering('');
    try {
      await vscode.commands.executeCommand('dronebot.startIb');
      const question = await until('the message', () => dialogs.questions[0]);
      assert.match(question, said);
      assert.equal((await api()).state(), 'idle');
    } finally {
      dialogs.restore();
    }
  };

  it('nobody listens', async () => {
    const server = createServer();
    const port = await new Promise<number>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    await new Promise(resolve => server.close(resolve));
    await startAndHear(
      port,
      new RegExp(
        `^Nothing listens on 127\\.0\\.0\\.1:${port}\\. Is TWS running with "Enable ActiveX and Socket Clients" on\\?`,
      ),
    );
  });

  const bad: readonly [string, GatewayOptions['faults'], RegExp][] = [
    ['it closes in the handshake', { closeInHandshake: true }, /closed the connection in the handshake/],
    [
      'it answers with something else',
      { garbageInHandshake: true },
      /answered, but not as TWS or IB Gateway does\. Expected a server version, found .+\. Check the port\./,
    ],
  ];
  for (const [name, faults, said] of bad) {
    it(name, async () => {
      const gateway = await startGateway({ speed: 1, ...(faults === undefined ? {} : { faults }) });
      try {
        await startAndHear(gateway.port, said);
      } finally {
        await gateway.close();
      }
    });
  }

  it('the client id is taken: it says so and waits, until it is stopped', async () => {
    const gateway = await startGateway({ speed: 1, faults: { refuseClientIds: [21] } });
    const dialogs = answering('');
    try {
      await pointAt(gateway.port);
      const start = vscode.commands.executeCommand('dronebot.startIb');
      assert.match(
        await until('the message', () => dialogs.questions[0]),
        new RegExp(
          `^Client id 21 is already in use at 127\\.0\\.0\\.1:${gateway.port} \\(code 326\\)\\. Dronebot waits until it is free\\.`,
        ),
      );
      assert.equal((await api()).state(), 'starting');
      await vscode.commands.executeCommand('dronebot.stop');
      await start;
      assert.equal((await api()).state(), 'idle');
    } finally {
      dialogs.restore();
      await gateway.close();
    }
  });

  it('a symbol that the exchange does not know is shown as not traded; the others trade', async () => {
    const uri = vscode.Uri.joinPath(folder().uri, 'targets.txt');
    const sample = (await read(uri)) ?? '';
    await vscode.workspace.fs.writeFile(
      uri,
      new TextEncoder().encode('RCAT buy=0.6 sell=0.6\nZZTOP buy=0.6 sell=0.6\n'),
    );
    const dialogs = answering('');
    try {
      await vscode.commands.executeCommand('dronebot.startSimulator');
      const { snapshot, tree } = await api();
      await until(
        'the symbol to fail',
        () => snapshot()?.symbols.find(each => each.symbol === 'ZZTOP')?.state === 'failed',
      );
      const rows = await tree.getChildren();
      const item = tree.getTreeItem(rows.find(row => row.id === 'ZZTOP')!);
      assert.equal(item.description, 'not traded');
      assert.equal(item.tooltip, 'IB does not know ZZTOP as a US stock (code 200).');
      assert.notEqual(snapshot()?.symbols.find(each => each.symbol === 'RCAT')?.state, 'failed');
      assert.ok(
        dialogs.questions.some(
          question =>
            question === 'IB does not know ZZTOP as a US stock (code 200). The line is not traded; the others are.',
        ),
        dialogs.questions.join('\n'),
      );
    } finally {
      dialogs.restore();
      const stop = answering('Stop');
      await vscode.commands.executeCommand('dronebot.stop');
      stop.restore();
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(sample));
    }
  });
});
