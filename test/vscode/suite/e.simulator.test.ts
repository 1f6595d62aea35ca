/** The simulator alone, for other programs: it listens where it was told to, shows its log, and ends when it is told to. */
import * as assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import * as vscode from 'vscode';
import { answering, api, until } from './support';

describe('simulator for other programs', function () {
  this.timeout(60_000);
  before(() => api());
  afterEach(() => vscode.commands.executeCommand('dronebot.closeSimulator'));

  async function freePort(): Promise<number> {
    const server = createServer();
    const port = await new Promise<number>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    await new Promise(resolve => server.close(resolve));
    return port;
  }

  /** What the first frame of a server says to the greeting of a TWS client. */
  async function greet(port: number): Promise<{ text: string; socket: Socket }> {
    const socket = connect(port, '127.0.0.1');
    const versions = 'v100..193';
    socket.write(Buffer.concat([Buffer.from('API\0'), Buffer.from([0, 0, 0, versions.length]), Buffer.from(versions)]));
    const bytes = await new Promise<Buffer>((resolve, reject) => socket.once('data', resolve).once('error', reject));
    return { text: bytes.subarray(4).toString(), socket };
  }

  it('answers a TWS client, without a session, until it is stopped', async () => {
    const port = await freePort();
    await vscode.commands.executeCommand('dronebot.openSimulator', { port, market: 'calm', speed: 1 });
    const { text, socket } = await greet(port);
    assert.match(text, /^193\0\d{8} \d\d:\d\d:\d\d US\/Eastern\0$/);
    assert.equal((await api()).state(), 'idle');
    const ended = new Promise(resolve => socket.once('close', resolve));
    await vscode.commands.executeCommand('dronebot.closeSimulator');
    await ended;
    await assert.rejects(greet(port), /ECONNREFUSED/);
  });

  it('says so when another program has the port', async () => {
    const server = createServer();
    const port = await new Promise<number>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const dialogs = answering('');
    try {
      await vscode.commands.executeCommand('dronebot.openSimulator', { port, market: 'usual', speed: 1 });
      const said = await until('the message', () => dialogs.questions[0]);
      assert.equal(said, `Another program listens on 127.0.0.1:${port}. Stop it, or choose another port.`);
    } finally {
      dialogs.restore();
      await new Promise(resolve => server.close(resolve));
    }
  });
});
