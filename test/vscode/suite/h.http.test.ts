/** The dashboard over HTTP from the palette: served, changed through, beyond this machine only after a yes, a port in use, stopped. */
import * as assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { SessionSnapshot } from '../../../src/shared/protocol';
import { answering, api, read, targetsUri, until, write } from './support';

describe('the dashboard over HTTP', function () {
  this.timeout(120_000);
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('dronebot').update(key, value, vscode.ConfigurationTarget.Global);
  const run = (command: string) => vscode.commands.executeCommand(`dronebot.${command}`);
  let sample = '';

  before(async () => {
    await api();
    sample = (await read(targetsUri())) ?? '';
    const dialogs = answering('Stop');
    await run('stop');
    dialogs.restore();
    await set('dashboard.port', 0);
  });
  after(async () => {
    await run('stopServing');
    const dialogs = answering('Stop');
    await run('stop');
    dialogs.restore();
    for (const key of ['dashboard.host', 'dashboard.port']) await set(key, undefined);
    await write(targetsUri(), sample);
  });

  /** Runs the command, answers what it asks, and returns what was said and the URL that is served. */
  const serve = async (answer = '') => {
    const dialogs = answering(answer);
    try {
      await run('serveDashboard');
      // The session, which has a file of overrides to complain of, may speak too.
      const ofServing = (said: string): boolean => !said.startsWith('dashboard_overrides.json');
      const question = await until('something to be said', () => dialogs.questions.find(ofServing));
      return { question, url: (await api()).servedUrl() };
    } finally {
      dialogs.restore();
    }
  };
  const ask = async (url: string, path: string, init: RequestInit = {}) => {
    const { origin, search } = new URL(url);
    const response = await fetch(`${origin}${path}${search}`, init);
    return { status: response.status, body: await response.text() };
  };
  const change = (url: string, body: unknown) =>
    ask(url, '/adjust', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('is served at the loopback address, and says so', async () => {
    const { question, url } = await serve();
    assert.match(question, /^The dashboard is served at http:\/\/127\.0\.0\.1:\d+\/\.$/);
    assert.match(url ?? '', /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    const page = await ask(url ?? '', '/');
    assert.equal(page.status, 200);
    assert.match(page.body, /<script nonce="[^"]+" src="dashboard\.js"><\/script>/);
    assert.equal((await ask(url ?? '', '/dashboard.js')).status, 200);
  });

  it('takes a change of a running session, and only with the token', async () => {
    await run('start');
    const { servedUrl, snapshot } = await api();
    const url = servedUrl() ?? '';
    await until('a fresh snapshot', async () => (await ask(url, '/healthz')).body === 'OK\n');
    const without = url.replace(/\?.*/, '');
    assert.equal((await change(without, { symbol: 'RCAT', buy_pct: 0.8 })).status, 401);
    const far = await change(url, { symbol: 'RCAT', buy_pct: 12 });
    assert.equal(far.status, 422);
    assert.match(far.body, /buy must be 0\.10 to 10\.00 percent, found 12/);
    const taken = await change(url, { symbol: 'RCAT', buy_pct: 0.8 });
    assert.equal(taken.status, 200, taken.body);
    const row = () => snapshot()?.symbols.find(({ symbol }) => symbol === 'RCAT');
    assert.deepEqual([row()?.override?.buy, row()?.buyPercent], [0.8, 0.8]);
    assert.equal((await change(url, { symbol: 'RCAT', buy_pct: null })).status, 200);
    assert.equal(row()?.override, null);
    assert.equal((JSON.parse((await ask(url, '/snapshot.json')).body) as SessionSnapshot).mode, 'SIM');
  });

  it('shows what the file says when the session has stopped', async () => {
    const { servedUrl } = await api();
    const dialogs = answering('Stop');
    await run('stop');
    dialogs.restore();
    const health = await ask(servedUrl() ?? '', '/healthz');
    assert.equal(health.status, 503);
    assert.match(health.body, /^The session has ended; its last snapshot is \d+ s old\n$/);
    assert.equal((JSON.parse((await ask(servedUrl() ?? '', '/snapshot.json')).body) as SessionSnapshot).phase, 'ended');
  });

  it('stops, and is served again at the same token', async () => {
    const before = new URL((await api()).servedUrl() ?? '');
    await run('stopServing');
    assert.equal((await api()).servedUrl(), null);
    await assert.rejects(fetch(before.origin));
    const { url } = await serve();
    assert.equal(new URL(url ?? '').search, before.search);
    await run('stopServing');
  });

  it('beyond this machine asks first, and names the address', async () => {
    await set('dashboard.host', '0.0.0.0');
    const { question, url } = await serve();
    assert.match(
      question,
      /^Serve the dashboard at 0\.0\.0\.0, which is every address of this machine \(.*\)\? Other machines reach it there\./,
    );
    assert.equal(url, null);
  });

  it('after a yes it only shows, and only with the token', async () => {
    const { url } = await serve('Serve at 0.0.0.0');
    assert.match(url ?? '', /^http:\/\/.+\/\?token=/);
    const here = `http://127.0.0.1:${new URL(url ?? '').port}/`;
    assert.equal((await ask(here, '/snapshot.json')).status, 401);
    const withToken = `${here}${new URL(url ?? '').search}`;
    assert.equal((await ask(withToken, '/')).status, 200);
    assert.equal((await change(withToken, { symbol: 'RCAT', buy_pct: 0.8 })).status, 403);
    await run('stopServing');
    await set('dashboard.host', undefined);
  });

  it('a name that means nothing is said', async () => {
    await set('dashboard.host', 'nobody.invalid');
    const { question, url } = await serve();
    assert.match(
      question,
      /^"nobody\.invalid" means nothing on this machine\. Expected an address such as 127\.0\.0\.1/,
    );
    assert.equal(url, null);
    await set('dashboard.host', undefined);
  });

  for (const [who, server, said] of [
    ['another program', 'nginx', /^Port \d+ of 127\.0\.0\.1 is in use by another program\.$/],
    ['another window', 'Dronebot', /^Another window serves the dashboard at http:\/\/127\.0\.0\.1:\d+\/ already\.$/],
  ] as const)
    it(`a port that ${who} has is said, and a free one serves`, async () => {
      const taken: Server = createServer((_request, response) => response.setHeader('Server', server).end());
      await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
      try {
        await set('dashboard.port', (taken.address() as AddressInfo).port);
        const { question, url } = await serve();
        assert.match(question, said);
        assert.equal(url, null);
        const dialogs = answering('');
        await run('serveOnFreePort');
        dialogs.restore();
        assert.equal((await ask((await api()).servedUrl() ?? '', '/')).status, 200);
        await run('stopServing');
      } finally {
        await new Promise(resolve => taken.close(resolve));
        await set('dashboard.port', 0);
      }
    });
});
