/**
 * Strangers at the dashboard's door: every request that is refused, with the status that it gets. After each of them a good
 * request is answered, and nothing has been changed.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { serve, speak, TOKEN, until, type Served } from './webClient';

describe('dashboard over HTTP: strangers', () => {
  let served: Served;
  let port = 0;
  before(async () => {
    served = await serve({ limits: { headersMs: 400, requestMs: 800, silentMs: 1500 } });
    port = served.server.port;
  });
  after(() => served.server.close());
  beforeEach(() => served.adjuster.asked.splice(0));
  afterEach(async () => {
    equal((await get('/healthz')).body, 'OK\n');
    deepEqual(served.log, []);
  });

  const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`;
  const host = () => `Host: 127.0.0.1:${port}`;
  const get = (target: string, ...headers: string[]) =>
    speak(port, lines(`GET ${target} HTTP/1.1`, host(), 'Connection: close', ...headers));
  const JSON_TYPE = 'Content-Type: application/json';
  const post = (target: string, headers: string[], body: string) =>
    speak(
      port,
      `${lines(`POST ${target} HTTP/1.1`, host(), 'Connection: close', `Content-Length: ${body.length}`, ...headers)}${body}`,
    );
  const good = '{"symbol":"RCAT","buy_pct":0.7}';
  const adjust = `/adjust?token=${TOKEN}`;

  const requests: readonly (readonly [what: string, status: number, text: () => string])[] = [
    // Names that are not ours: DNS rebinding.
    ['no Host', 400, () => lines('GET / HTTP/1.1')],
    ['an empty Host', 403, () => lines('GET / HTTP/1.1', 'Host:')],
    ['a Host of somebody else', 403, () => lines('GET / HTTP/1.1', `Host: rebound.example:${port}`)],
    ['a Host with our name in front', 403, () => lines('GET / HTTP/1.1', `Host: 127.0.0.1.example:${port}`)],
    ['our address at another port', 403, () => lines('GET / HTTP/1.1', 'Host: 127.0.0.1:1')],
    ['our address without a port', 403, () => lines('GET / HTTP/1.1', 'Host: 127.0.0.1')],
    ['a Host with a user before it', 403, () => lines('GET / HTTP/1.1', `Host: 127.0.0.1:${port}@rebound.example`)],
    ['two Hosts', 400, () => lines('GET / HTTP/1.1', host(), 'Host: rebound.example')],
    ['the target of a proxy', 400, () => lines('GET http://rebound.example/ HTTP/1.1', host())],
    // Pages of others.
    ['another origin', 403, () => lines('GET /snapshot.json HTTP/1.1', host(), 'Origin: https://rebound.example')],
    ['no origin worth the name', 403, () => lines('GET /snapshot.json HTTP/1.1', host(), 'Origin: null')],
    ['our address at another port as origin', 403, () => lines('GET / HTTP/1.1', host(), 'Origin: http://127.0.0.1:1')],
    ['two origins', 400, () => lines('GET / HTTP/1.1', host(), 'Origin: null', `Origin: http://127.0.0.1:${port}`)],
    [
      'a script of another site',
      403,
      () => lines('GET /snapshot.json HTTP/1.1', host(), 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'),
    ],
    [
      'a frame of another site',
      403,
      () =>
        lines(
          'GET / HTTP/1.1',
          host(),
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: iframe',
        ),
    ],
    ['a stream for a neighbour port', 403, () => lines('GET /events HTTP/1.1', host(), 'Sec-Fetch-Site: same-site')],
    // Paths that are not served.
    ['a path of nobody', 404, () => lines('GET /admin HTTP/1.1', host())],
    ['a file beside the bundle', 404, () => lines('GET /extension.js HTTP/1.1', host())],
    ['up and out', 404, () => lines('GET /../../etc/passwd HTTP/1.1', host())],
    ['up and out of an asset', 404, () => lines('GET /dashboard.js/../../package.json HTTP/1.1', host())],
    ['up and out, encoded', 404, () => lines('GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1', host())],
    ['up and out, encoded twice', 404, () => lines('GET /%252e%252e%252fetc/passwd HTTP/1.1', host())],
    ['up and out with backslashes', 400, () => lines('GET /..\\..\\windows\\win.ini HTTP/1.1', host())],
    ['a good path in other letters', 404, () => lines('GET /%61djust HTTP/1.1', host())],
    ['a good path in capitals', 404, () => lines('GET /Snapshot.json HTTP/1.1', host())],
    ['two slashes', 404, () => lines('GET //snapshot.json HTTP/1.1', host())],
    ['a NUL', 404, () => lines('GET /snapshot.json%00 HTTP/1.1', host())],
    ['a percent sign alone', 400, () => lines('GET /% HTTP/1.1', host())],
    ['an encoding that is none', 400, () => lines('GET /%zz HTTP/1.1', host())],
    ['an encoding that is no UTF-8', 400, () => lines('GET /%c0%ae HTTP/1.1', host())],
    ['a broken encoding in the query', 400, () => lines('GET /?token=%E0%A4%A HTTP/1.1', host())],
    ['two queries', 400, () => lines('GET /?a=1?b=2 HTTP/1.1', host())],
    ['two tokens', 400, () => lines(`GET /?token=x&token=${TOKEN} HTTP/1.1`, host())],
    ['a query of a hundred fields', 400, () => lines(`GET /?${'a=1&'.repeat(100)} HTTP/1.1`, host())],
    ['bytes that are no ASCII', 400, () => lines('GET /\u00e4 HTTP/1.1', host())],
    // Methods.
    ['TRACE', 405, () => lines('TRACE / HTTP/1.1', host())],
    ['PUT', 405, () => lines('PUT /snapshot.json HTTP/1.1', host(), 'Content-Length: 0')],
    ['DELETE', 405, () => lines('DELETE /snapshot.json HTTP/1.1', host())],
    ['OPTIONS, as a browser asks before another origin', 405, () => lines('OPTIONS /adjust HTTP/1.1', host())],
    ['POST of the page', 405, () => lines('POST / HTTP/1.1', host(), 'Content-Length: 0')],
    ['GET of a change', 405, () => lines(`GET ${adjust} HTTP/1.1`, host())],
    ['GET of an intent', 405, () => lines('GET /intent HTTP/1.1', host())],
    ['HEAD of a change', 405, () => lines(`HEAD ${adjust} HTTP/1.1`, host())],
    ['a method that nobody knows', 400, () => lines('BREW / HTTP/1.1', host())],
    // No HTTP, or too much of it.
    ['noise', 400, () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001'],
    ['HTTP/9', 400, () => lines('GET / HTTP/9.9', host())],
    ['a header without a name', 400, () => lines('GET / HTTP/1.1', host(), ': x')],
    ['a header over two lines', 400, () => lines('GET / HTTP/1.1', host(), 'X-A: b\r\n c: d\u0000')],
    ['a header of 20 kB', 431, () => lines('GET / HTTP/1.1', host(), `X: ${'x'.repeat(20_000)}`)],
    ['a path of 20 kB', 431, () => lines(`GET /${'x'.repeat(20_000)} HTTP/1.1`, host())],
    [
      'a length and chunks at once',
      400,
      () => lines(`POST ${adjust} HTTP/1.1`, host(), JSON_TYPE, 'Content-Length: 4', 'Transfer-Encoding: chunked'),
    ],
    [
      'two lengths',
      400,
      () => lines(`POST ${adjust} HTTP/1.1`, host(), JSON_TYPE, 'Content-Length: 4', 'Content-Length: 5'),
    ],
    [
      'a negative length',
      400,
      () => lines(`POST ${adjust} HTTP/1.1`, host(), JSON_TYPE, 'Content-Length: -1', 'Connection: close'),
    ],
    // Slowly, or never.
    ['half a first line', 408, () => 'GET /snap'],
    ['headers that do not end', 408, () => `GET / HTTP/1.1\r\n${host()}\r\nX-A: `],
    [
      'a body that does not come',
      408,
      () => lines(`POST ${adjust} HTTP/1.1`, host(), JSON_TYPE, 'Content-Length: 31', 'Connection: close'),
    ],
  ];
  for (const [what, status, text] of requests)
    it(`${status} for ${what}`, async () => {
      const heard = await speak(port, text());
      equal(heard.status, status, heard.raw);
      equal(heard.headers['access-control-allow-origin'], undefined);
      deepEqual(served.adjuster.asked, []);
    });

  const bodies: readonly (readonly [what: string, status: number, ask: () => ReturnType<typeof post>])[] = [
    ['no token', 401, () => post('/adjust', [JSON_TYPE], good)],
    ['an empty token', 403, () => post('/adjust?token=', [JSON_TYPE], good)],
    ['a wrong token', 403, () => post('/adjust?token=guess', [JSON_TYPE], good)],
    ['the beginning of the token', 403, () => post(`/adjust?token=${TOKEN.slice(0, -1)}`, [JSON_TYPE], good)],
    ['a wrong token beside the right one', 403, () => post(adjust, [JSON_TYPE, 'Authorization: Bearer guess'], good)],
    ['a password instead of a token', 403, () => post(adjust, [JSON_TYPE, 'Authorization: Basic eDp5'], good)],
    ['an intent as text', 415, () => post('/intent', ['Content-Type: text/plain'], '{"page":"x"}')],
    ['an intent of another origin', 403, () => post('/intent', [JSON_TYPE, 'Origin: null'], '{"page":"x"}')],
    ['an intent over 4 kB', 413, () => post('/intent', [JSON_TYPE], ' '.repeat(5000))],
    ['an intent that is no JSON', 400, () => post('/intent', [JSON_TYPE], 'open RCAT')],
    ['no content type', 415, () => post(adjust, [], good)],
    ['a form', 415, () => post(adjust, ['Content-Type: application/x-www-form-urlencoded'], 'symbol=RCAT&buy_pct=9')],
    ['text, as a form of another site may send it', 415, () => post(adjust, ['Content-Type: text/plain'], good)],
    ['another encoding of letters', 415, () => post(adjust, ['Content-Type: application/json; charset=utf-7'], good)],
    ['a packed body', 415, () => post(adjust, [JSON_TYPE, 'Content-Encoding: gzip'], good)],
    ['the right type of another origin', 403, () => post(adjust, [JSON_TYPE, 'Origin: http://rebound.example'], good)],
    ['a body over 4 kB', 413, () => post(adjust, [JSON_TYPE], `{"symbol":"${'x'.repeat(5000)}"}`)],
    ['no JSON', 400, () => post(adjust, [JSON_TYPE], '{"symbol":')],
    ['an empty body', 400, () => post(adjust, [JSON_TYPE], '')],
    ['bytes that are no UTF-8', 400, () => post(adjust, [JSON_TYPE], '{"symbol":"\u00ff\u00fe"}')],
    [
      'chunks that add up to over 4 kB',
      413,
      () =>
        speak(
          port,
          lines(`POST ${adjust} HTTP/1.1`, host(), JSON_TYPE, 'Transfer-Encoding: chunked') +
            `1000\r\n${' '.repeat(4096)}\r\n20\r\n${' '.repeat(32)}\r\n`,
        ),
    ],
    [
      'a body over 4 kB, asked for before it is sent',
      413,
      () =>
        speak(
          port,
          lines(`POST ${adjust} HTTP/1.1`, host(), JSON_TYPE, 'Content-Length: 5000', 'Expect: 100-continue'),
        ),
    ],
  ];
  for (const [what, status, ask] of bodies)
    it(`${status} for a change with ${what}`, async () => {
      const heard = await ask();
      equal(heard.status, status, heard.raw);
      deepEqual(served.adjuster.asked, []);
    });

  it('takes a change with the token, in the address or in a header, and waits for its answer', async () => {
    const first = await post(adjust, [JSON_TYPE, `Origin: http://127.0.0.1:${port}`], good);
    const second = await post(
      '/adjust',
      ['Content-Type: application/json; charset=utf-8', `Authorization: Bearer ${TOKEN}`],
      good,
    );
    deepEqual([first.status, second.status, first.body], [200, 200, '{"state":"taken"}\n']);
    deepEqual(served.adjuster.asked, [JSON.parse(good), JSON.parse(good)]);
  });

  it('a link from another site opens the page, which may not be framed', async () => {
    const heard = await get('/', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document');
    equal(heard.status, 200);
    match(heard.headers['content-security-policy'] ?? '', /^default-src 'none'; .*frame-ancestors 'none'$/);
    equal(heard.headers['x-frame-options'], 'DENY');
    equal(heard.headers['referrer-policy'], 'no-referrer');
  });

  it('tries to speak another protocol or through a tunnel end the connection', async () => {
    const upgrade = lines('GET /events HTTP/1.1', host(), 'Connection: Upgrade', 'Upgrade: websocket');
    equal((await speak(port, upgrade)).raw, '');
    equal((await speak(port, lines('CONNECT rebound.example:443 HTTP/1.1', host()))).raw, '');
  });

  it('outlives random bytes and random headers', async () => {
    const name = fc.constantFrom('Host', 'Origin', 'Content-Type', 'Content-Length', 'Expect', 'Range', 'Cookie', 'X');
    const value = fc.oneof(fc.string(), fc.constantFrom(`127.0.0.1:${port}`, 'application/json', '12', '100-continue'));
    const request = fc
      .tuple(
        fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PRI', '\u0000'),
        fc.oneof(fc.webPath(), fc.string(), fc.constantFrom('/', '/events', '/adjust')),
        fc.array(fc.tuple(name, value), { maxLength: 8 }),
      )
      .map(([method, target, headers]) =>
        lines(`${method} ${target} HTTP/1.1`, ...headers.map(([key, text]) => `${key}: ${text}`), 'Connection: close'),
      );
    const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array).toString('latin1'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: request }, bytes), { maxLength: 4 }), async pieces => {
        await throwAt(port, pieces.join(''));
        ok(served.adjuster.asked.length === 0);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('forty connections that say nothing are ended, and keep nobody out', async () => {
    let nEnded = 0;
    const idle = Array.from({ length: 40 }, () =>
      connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .on('close', () => nEnded++)
        .resume(),
    );
    equal((await get('/healthz')).status, 200);
    await until('all to be ended', () => nEnded === idle.length);
  });
});

/** Writes and leaves after a moment, whatever the answer. */
function throwAt(port: number, text: string): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.on('close', () => resolve());
    socket.write(text, 'latin1', () => setTimeout(() => socket.destroy(), 10));
  });
}
