/** A session that nobody ended, found when the window opens; and the stop that leaves stops at the broker. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, api, folder, until, write } from './support';

describe('a session that did not end', function () {
  this.timeout(180_000);
  const file = (): vscode.Uri => vscode.Uri.joinPath(folder().uri, 'dashboard_snapshot.json');
  const snapshot = { t: Date.parse('2026-11-18T15:42:17Z'), mode: 'LIVE', accountTail: '···9034', positions: 3 };
  after(() => vscode.workspace.fs.delete(file()).then(undefined, () => undefined));

  it('on a live account is asked about, and stays red until one has answered', async () => {
    const { lookForInterrupted, statusText, state } = await api();
    assert.equal(state(), 'idle');
    await write(file(), JSON.stringify({ ...snapshot, phase: 'trading' }));
    const dismissed = answering('');
    await lookForInterrupted();
    dismissed.restore();
    assert.deepEqual(dismissed.questions, [
      '3 positions unprotected since 10:42 on LIVE ···9034: the last session did not end cleanly.',
    ]);
    assert.equal(statusText(), '$(warning) LIVE 3 unprotected');
    const notNow = answering('Not now');
    await vscode.commands.executeCommand('dronebot.resumeLast');
    notNow.restore();
    assert.equal(notNow.questions.length, 1);
    assert.equal(statusText(), '$(circle-outline) Dronebot');
    const again = answering('');
    await lookForInterrupted();
    again.restore();
    assert.deepEqual(again.questions, []);
    assert.equal(state(), 'idle');
  });

  it('one that was stopped is not', async () => {
    const { lookForInterrupted, statusText } = await api();
    await write(file(), JSON.stringify({ ...snapshot, t: snapshot.t + 1000, phase: 'ended' }));
    const dialogs = answering('');
    await lookForInterrupted();
    dialogs.restore();
    assert.deepEqual(dialogs.questions, []);
    assert.equal(statusText(), '$(circle-outline) Dronebot');
  });

  it('stopped with positions it asks, and can leave stops at the broker that the next start takes back', async () => {
    const { state, snapshot: now } = await api();
    await vscode.commands.executeCommand('dronebot.startSimulator');
    await until('a position', () => (now()?.positions ?? 0) > 0, 90_000);
    const leave = answering('Stop, leave stops at the simulator');
    await vscode.commands.executeCommand('dronebot.stop');
    leave.restore();
    assert.match(
      leave.questions[0] ?? '',
      /^Stop with \d+ positions? left, [\d,]+ shares, about \$[\d,]+\? Nothing watches them afterwards\. One GTC stop a position can stay at the simulator, at the hard stop's price\.$/,
    );
    assert.equal(leave.questions.length, 1, leave.questions.join('\n'));
    assert.equal(state(), 'idle');
    await vscode.commands.executeCommand('dronebot.startSimulator');
    await until('the session to trade again', () => now()?.phase === 'trading');
    const stop = answering('Stop');
    await vscode.commands.executeCommand('dronebot.stop');
    stop.restore();
    assert.equal(state(), 'idle');
  });
});
