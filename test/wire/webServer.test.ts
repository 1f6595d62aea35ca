/**
 * The dashboard's server with good guests: what each path answers, pages that watch (each gets the newest, never a queue), what
 * changes beyond this machine, and a port that is taken.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { isIPv4 } from 'node:net';
import { authoritiesOf, findAddress, isLoopback, thisMachine, urlOf } from '../../src/web/address';
import { newName, serve, speak, TOKEN, until, Watcher, type Served } from './webClient';

describe('dashboard over HTTP: the server', () => {
  const open: Served[] = [];
  const start = async (options?: Parameters<typeof serve>[0]) => {
    const served = await serve(options);
    open.push(served);
    return served;
  };
  afterEach(async () => {
    for (const { server } of open.splice(0)) await server.close();
  });
  const get = ({ server }: Served, target: string, method = 'GET') =>
    speak(server.port, `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`);
  const change = ({ server }: Served, path: string, body: string) =>
    speak(
      server.port,
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );

  it('answers /healthz with OK while the snapshot is fresh, else with the reason', async () => {
    const served = await start();
    const good = await get(served, '/healthz');
    deepEqual([good.status, good.body], [200, 'OK\n']);
    served.source.stale = 'The snapshot is 12 s old, expected at most 5 s';
    const stale = await get(served, '/healthz');
    deepEqual([stale.status, stale.body], [503, 'The snapshot is 12 s old, expected at most 5 s\n']);
  });

  it('serves the newest snapshot as JSON, or says why there is none', async () => {
    const served = await start();
    const good = await get(served, '/snapshot.json');
    deepEqual([good.status, good.headers['content-type'], good.body], [200, 'application/json', '{"n":0}']);
    served.source.stale = 'No session runs';
    const none = await get(served, '/snapshot.json');
    deepEqual([none.status, none.body], [503, 'No session runs\n']);
  });

  it('answers HEAD with the headers of GET and nothing else', async () => {
    const served = await start();
    for (const path of ['/', '/healthz', '/snapshot.json', '/dashboard.js']) {
      const [head, full] = [await get(served, path, 'HEAD'), await get(served, path)];
      equal(head.body, '', path);
      equal(head.headers['content-length'], full.headers['content-length'], path);
      equal(head.status, full.status, path);
    }
    equal((await get(served, `/events?page=${newName()}`, 'HEAD')).body, '');
    equal(served.server.nWatching, 0);
  });

  it('serves the page with a nonce that is another one each time', async () => {
    const served = await start();
    const nonce = /script-src 'nonce-([^']+)'/;
    const [first, second] = [await get(served, '/'), await get(served, '/')];
    const nonces = [first, second].map(({ headers }) => nonce.exec(headers['content-security-policy'] ?? '')?.[1]);
    ok(nonces[0] !== nonces[1]);
    ok(first.body.includes(`<script nonce="${nonces[0]}" src="dashboard.js"></script>`));
  });

  describe('pages that watch', () => {
    it('get what is there at once, and each change', async () => {
      const served = await start();
      const watcher = Watcher.open(served.server.port);
      await until('the first message', () => watcher.messages.length === 1);
      match(watcher.text, /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Content-Type: text\/event-stream\r\n/i);
      deepEqual(watcher.messages[0], { mayChange: false, text: '{"n":0}' });
      served.source.change('{"n":1}');
      await until('the second', () => watcher.messages.length === 2);
      equal(watcher.messages[1]?.text, '{"n":1}');
      watcher.socket.destroy();
    });

    it('get no more than one in a while, and the last one always', async () => {
      const served = await start({ limits: { everyMs: 50 } });
      const watcher = Watcher.open(served.server.port);
      await until('the first message', () => watcher.messages.length === 1);
      for (let n = 1; n <= 500; n++) served.source.change(`{"n":${n}}`);
      await until('the newest', () => watcher.messages.at(-1)?.text === '{"n":500}');
      ok(watcher.messages.length <= 4, String(watcher.messages.length));
      watcher.socket.destroy();
    });

    it('need no name to read along', async () => {
      const served = await start();
      equal((await get(served, '/events', 'HEAD')).status, 200);
    });

    it('nothing is sent twice in a row', async () => {
      const served = await start({ limits: { everyMs: 1 } });
      const watcher = Watcher.open(served.server.port);
      for (let n = 0; n < 5; n++) {
        served.source.change('{"n":0}');
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      served.source.change('{"n":1}');
      await until('the change', () => watcher.messages.length > 1);
      deepEqual(
        watcher.messages.map(({ text }) => text),
        ['{"n":0}', '{"n":1}'],
      );
      watcher.socket.destroy();
    });

    it('behind a line that takes nothing, get the newest when it opens again, and no queue', async () => {
      const served = await start({ limits: { everyMs: 1 } });
      const slow = Watcher.open(served.server.port);
      const quick = Watcher.open(served.server.port);
      await until('the first messages', () => slow.messages.length === 1 && quick.messages.length === 1);
      slow.socket.pause();
      const size = 1_000_000;
      const nSent = 40;
      for (let n = 1; n <= nSent; n++) {
        served.source.change(`${n} ${'x'.repeat(size)}`);
        await until('the quick one to have it', () => quick.messages.at(-1)?.text.startsWith(`${n} `) === true);
        quick.text = '';
      }
      slow.socket.resume();
      await until('the newest', () => slow.messages.at(-1)?.text.startsWith(`${nSent} `) === true);
      // What the operating system holds for a line is not ours; all else was left out.
      ok(slow.messages.length < nSent / 2, `${slow.messages.length} of ${nSent}`);
      slow.socket.destroy();
      quick.socket.destroy();
    });

    it('and take nothing for too long are let go', async () => {
      const served = await start({ limits: { everyMs: 1, beatMs: 50, stuckMs: 200 } });
      const stuck = Watcher.open(served.server.port);
      await until('the first message', () => stuck.messages.length === 1);
      stuck.socket.pause();
      let n = 0;
      await until('it to be let go', () => {
        served.source.change(`${n++} ${'x'.repeat(1_000_000)}`);
        return served.server.nWatching === 0;
      });
      equal(served.source.pages.size, 0);
    });

    it('hear a beat while nothing changes, so that silence means a dead line', async () => {
      const served = await start({ limits: { beatMs: 20 } });
      const watcher = Watcher.open(served.server.port);
      await until('two beats', () => watcher.text.split('event: beat\ndata:').length > 2);
      watcher.socket.destroy();
    });

    it('are bounded: one more is refused, until one leaves', async () => {
      const served = await start({ limits: { maxClients: 2 } });
      const watchers = [Watcher.open(served.server.port), Watcher.open(served.server.port)];
      await until('both', () => served.server.nWatching === 2);
      const refused = await get(served, `/events?page=${newName()}`);
      deepEqual([refused.status, refused.headers['retry-after']], [503, '5']);
      watchers[0]?.socket.destroy();
      await until('one to be gone', () => served.server.nWatching === 1);
      const third = Watcher.open(served.server.port);
      await until('the third', () => third.messages.length === 1);
      for (const { socket } of [...watchers, third]) socket.destroy();
    });

    it('get only the newest of each kind, and every kind', async () => {
      const served = await start({ limits: { everyMs: 50 } });
      const watcher = Watcher.open(served.server.port);
      await until('the first message', () => watcher.messages.length === 1);
      const [page] = served.source.pages;
      for (const [kind, text] of [
        ['view', 'a'],
        ['chart', 'b'],
        ['view', 'c'],
        ['chart', 'd'],
      ] as const)
        page?.send(JSON.stringify({ text }), kind);
      await until('both', () => watcher.messages.length === 3);
      deepEqual(
        watcher.messages.slice(1).map(({ text }) => text),
        ['c', 'd'],
      );
      watcher.socket.destroy();
    });

    it('may change things where the address has the token', async () => {
      const served = await start();
      const watcher = Watcher.open(served.server.port, newName(), TOKEN);
      await until('the first message', () => watcher.messages.length === 1);
      equal(watcher.messages[0]?.mayChange, true);
      watcher.socket.destroy();
    });

    it('are forgotten when they leave', async () => {
      const served = await start();
      const watchers = [Watcher.open(served.server.port), Watcher.open(served.server.port)];
      await until('both', () => served.source.pages.size === 2);
      watchers[0]?.socket.destroy();
      await until('one to be gone', () => served.source.pages.size === 1);
      watchers[1]?.socket.destroy();
      await until('both to be gone', () => served.source.pages.size === 0);
    });

    it('are let go when serving ends, and the port is free again', async () => {
      const served = await start();
      const { port } = served.server;
      const watcher = Watcher.open(port);
      await until('the first message', () => watcher.messages.length === 1);
      let isClosed = false;
      watcher.socket.on('close', () => (isClosed = true));
      await served.server.close();
      await until('the page to be let go', () => isClosed);
      open.length = 0;
      const again = await start({ port });
      equal((await get(again, '/healthz')).status, 200);
    });
  });

  describe('what pages say', () => {
    const say = (served: Served, page: string, intent: unknown, token = '') =>
      change(served, `/intent${token === '' ? '' : `?token=${token}`}`, JSON.stringify({ page, intent }));

    it('is heard where they watch, and what is answered comes there', async () => {
      const served = await start();
      const name = newName();
      const watcher = Watcher.open(served.server.port, name);
      await until('the first message', () => watcher.messages.length === 1);
      equal((await say(served, name, { type: 'open', symbol: 'RCAT' })).status, 202);
      deepEqual(served.source.heard, [{ type: 'open', symbol: 'RCAT' }]);
      for (const page of served.source.pages)
        for (const text of ['a', 'b', 'b']) page.send(JSON.stringify({ text }), null);
      await until('each answer', () => watcher.messages.length === 4);
      watcher.socket.destroy();
    });

    it('needs the token where the page came with it', async () => {
      const served = await start();
      const name = newName();
      const watcher = Watcher.open(served.server.port, name, TOKEN);
      await until('the first message', () => watcher.messages.length === 1);
      equal((await say(served, name, { type: 'refresh' })).status, 401);
      equal((await say(served, name, { type: 'refresh' }, 'guess')).status, 403);
      deepEqual(served.source.heard, []);
      equal((await say(served, name, { type: 'refresh' }, TOKEN)).status, 202);
      watcher.socket.destroy();
    });

    it('of a page that nobody knows is not heard', async () => {
      const served = await start();
      equal((await say(served, newName(), {})).status, 409);
      for (const body of ['null', '7', '[]', '{"page":7}'])
        equal((await change(served, '/intent', body)).status, 409, body);
    });

    it('a page that comes again takes its own place', async () => {
      const served = await start({ limits: { maxClients: 1 } });
      const name = newName();
      const first = Watcher.open(served.server.port, name);
      await until('the first message', () => first.messages.length === 1);
      const again = Watcher.open(served.server.port, name);
      await until('the first message again', () => again.messages.length === 1);
      equal(served.server.nWatching, 1);
      equal(served.source.pages.size, 1);
      again.socket.destroy();
    });

    it('a page without a name worth it is refused', async () => {
      const served = await start();
      for (const query of ['?page=', '?page=short', `?page=${'x'.repeat(65)}`, '?page=%3Cb%3E12345678901234567890'])
        equal((await get(served, `/events${query}`)).status, 400, query);
    });
  });

  describe('changes', () => {
    it('answer with what came of them', async () => {
      const served = await start();
      served.adjuster.answer = { status: 422, body: { error: 'base buy must be 0.10 to 10.00 percent, found 12' } };
      const heard = await change(served, `/adjust?token=${TOKEN}`, '{"symbol":"RCAT","buy_pct":12}');
      deepEqual([heard.status, heard.headers['content-type']], [422, 'application/json']);
      match(heard.body, /^\{"error":"base buy must be/);
    });

    it('are bounded while they wait', async () => {
      const served = await start({ limits: { maxTaking: 1 } });
      let answer: (value: { status: number; body: unknown }) => void = () => undefined;
      served.adjuster.answer = new Promise(resolve => (answer = resolve));
      const first = change(served, `/adjust?token=${TOKEN}`, '{}');
      await until('the first to be asked', () => served.adjuster.asked.length === 1);
      equal((await change(served, `/adjust?token=${TOKEN}`, '{}')).status, 503);
      answer({ status: 200, body: {} });
      equal((await first).status, 200);
      equal((await change(served, `/adjust?token=${TOKEN}`, '{}')).status, 200);
    });

    it('that go wrong here say so, and the log says what', async () => {
      const served = await start();
      const broken = Promise.reject<never>(new Error('the sink is broken'));
      broken.catch(() => undefined);
      served.adjuster.answer = broken;
      const heard = await change(served, `/adjust?token=${TOKEN}`, '{}');
      equal(heard.status, 500);
      ok(!heard.body.includes('broken'));
      match(served.log.join('\n'), /the sink is broken/);
    });

    it('are not taken where there is nobody to take them', async () => {
      const served = await start({ adjust: null });
      const heard = await change(served, `/adjust?token=${TOKEN}`, '{}');
      deepEqual([heard.status, heard.body], [403, 'This dashboard is read-only\n']);
    });
  });

  describe('beyond this machine', () => {
    // Listens on loopback all the same: what counts is what it is told about its address.
    const beyond = { host: '127.0.0.1', address: '127.0.0.1', isLoopback: false, isEvery: false };

    it('nothing of a session is shown without the token', async () => {
      const served = await start({ address: beyond });
      for (const path of ['/', '/snapshot.json', '/healthz', '/events']) {
        equal((await get(served, path)).status, 401, path);
        equal((await get(served, `${path}?token=guess`)).status, 403, path);
      }
      for (const path of ['/', '/snapshot.json', '/healthz'])
        equal((await get(served, `${path}?token=${TOKEN}`)).status, 200, path);
      // Code and colours are the same for everybody.
      equal((await get(served, '/dashboard.js')).status, 200);
    });

    it('nothing can be changed, token or not, whatever the server was handed', async () => {
      const served = await start({ address: beyond });
      equal((await change(served, `/adjust?token=${TOKEN}`, '{}')).status, 403);
      equal((await change(served, '/intent', '{}')).status, 401);
      deepEqual(served.adjuster.asked, []);
      const watcher = Watcher.open(served.server.port, newName(), TOKEN);
      await until('the first message', () => watcher.messages.length === 1);
      equal(watcher.messages[0]?.mayChange, false);
      watcher.socket.destroy();
    });
  });

  it('at every address, one that the machine got since then is its own; a name is not', async () => {
    const own = thisMachine().addresses.find(address => isIPv4(address)) ?? '127.0.0.1';
    const every = { host: '0.0.0.0', address: '0.0.0.0', isLoopback: false, isEvery: true };
    const { server } = await start({ address: every, machine: { name: 'desk', addresses: [] } });
    const ask = (host: string) =>
      speak(server.port, `GET / HTTP/1.1\r\nHost: ${host}:${server.port}\r\nConnection: close\r\n\r\n`, own);
    equal((await ask(own)).status, 401);
    equal((await ask('rebound.example')).status, 403);
    equal((await ask('192.0.2.77')).status, 403);
  });

  it('a port that is taken rejects with the code of the system', async () => {
    const { server } = await start();
    await rejects(serve({ port: server.port }), { code: 'EADDRINUSE' });
  });

  it('a name that VS Code forwards the port under is admitted', async () => {
    const { server } = await start();
    const ask = () => speak(server.port, 'GET /healthz HTTP/1.1\r\nHost: localhost:9999\r\nConnection: close\r\n\r\n');
    equal((await ask()).status, 403);
    server.admit('LocalHost:9999');
    equal((await ask()).status, 200);
  });
});

describe('dashboard over HTTP: addresses', () => {
  const machine = { name: 'Desk', addresses: ['192.168.1.5', 'fd00::5'] };
  for (const [host, address, isLocal, isEvery] of [
    ['127.0.0.1', '127.0.0.1', true, false],
    [' 127.9.9.9 ', '127.9.9.9', true, false],
    ['::1', '::1', true, false],
    ['[::1]', '::1', true, false],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true, false],
    ['0.0.0.0', '0.0.0.0', false, true],
    ['::', '::', false, true],
    ['192.168.1.5', '192.168.1.5', false, false],
    ['::ffff:192.168.1.5', '::ffff:192.168.1.5', false, false],
    ['128.0.0.1', '128.0.0.1', false, false],
  ] as const)
    it(`${host}: ${isLocal ? 'this machine alone' : isEvery ? 'every address' : 'beyond this machine'}`, async () => {
      const found = await findAddress(host);
      deepEqual([found.address, found.isLoopback, found.isEvery], [address, isLocal, isEvery]);
    });

  it('localhost is this machine alone, by whatever address', async () => {
    ok((await findAddress('localhost')).isLoopback);
    ok(!isLoopback('localhost'), 'a name is no address');
  });

  it('a name that means nothing rejects', () => rejects(findAddress('nobody.invalid')));

  const names = async (host: string, port = 8765) => authoritiesOf(await findAddress(host), port, machine);
  it('on loopback only loopback names are known', async () => {
    deepEqual(await names('127.0.0.1'), ['127.0.0.1:8765', 'localhost:8765', '[::1]:8765']);
  });
  it('elsewhere the address and the names of this machine', async () => {
    deepEqual(await names('192.168.1.5'), ['192.168.1.5:8765', 'desk:8765', 'desk.local:8765']);
    ok((await names('0.0.0.0')).includes('[fd00::5]:8765'));
  });
  it('port 80 may be left away', async () => ok((await names('127.0.0.1', 80)).includes('localhost')));
  it('the address to open is one that others can reach', async () => {
    equal(urlOf(await findAddress('0.0.0.0'), 8765, machine), 'http://192.168.1.5:8765/');
    equal(urlOf(await findAddress('::1'), 8765, machine), 'http://[::1]:8765/');
  });
});
