/** From TCP connect to ready, and every way in which that fails, against a gateway that does what each test says. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { intent, Harness } from './brokerHarness';
import { frame, ScriptedGateway } from './scriptedGateway';

describe('broker: connecting', () => {
  let gateway: ScriptedGateway;
  let h: Harness;

  beforeEach(async () => {
    gateway = await new ScriptedGateway().listen();
    h = await Harness.on(gateway);
  });
  afterEach(() => h.end());

  it('is ready with account, mode and next order id', async () => {
    const { account, mode, nextOrderId, serverVersion } = await h.connect();
    deepEqual(
      { account, mode, nextOrderId, serverVersion },
      { account: 'DU1234567', mode: 'PAPER', nextOrderId: 100, serverVersion: 193 },
    );
    deepEqual(h.peer.of(71), [['71', '2', '21', '']]);
  });

  it('is not ready before both the accounts and the next order id are known', async () => {
    gateway.script.on[71] = peer => peer.send(9, 1, 100);
    const arrival = gateway.nextPeer();
    let isReady = false;
    const connecting = h.connect().then(() => (isReady = true));
    const peer = await arrival;
    await peer.until(71);
    await new Promise(done => setTimeout(done, 50));
    equal(isReady, false);
    deepEqual(
      peer.heard.map(([id]) => id),
      ['71'],
      'nothing may be asked before',
    );
    peer.send(15, 1, 'DU1234567');
    await connecting;
  });

  it('turns 326, which the library tells as mere information, into "client id in use"', async () => {
    gateway.script.on[71] = peer => {
      peer.send(
        4,
        2,
        -1,
        326,
        'Unable to connect as the client id is already in use. Retry with a unique client id.',
        '',
      );
      peer.socket.end();
    };
    deepEqual(await h.failure(), { code: 'clientIdInUse', host: '127.0.0.1', port: gateway.port, clientId: 21 });
  });

  it('says that nothing listens', async () => {
    const { port } = gateway;
    await gateway.close();
    deepEqual(await h.failure(), { code: 'nothingListens', host: '127.0.0.1', port });
  });

  it('says that the gateway closed in the handshake', async () => {
    gateway.script.greet = peer => peer.socket.end();
    equal((await h.failure()).code, 'closedInHandshake');
  });

  it('says that the gateway closed after its version', async () => {
    gateway.script.on[71] = peer => peer.socket.destroy();
    equal((await h.failure()).code, 'closedInHandshake');
  });

  it('names what answers when it is no gateway', async () => {
    gateway.script.greet = peer => peer.raw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const problem = await h.failure();
    deepEqual(problem, {
      code: 'notAGateway',
      host: '127.0.0.1',
      port: gateway.port,
      found: 'HTTP/1.1 400 Bad Request',
    });
  });

  it('survives a frame length that sends the library into an endless loop', async () => {
    gateway.script.greet = peer => peer.raw(Buffer.from([0xff, 0xff, 0xff, 0xfc, 1, 2, 3, 4]));
    equal((await h.failure()).code, 'notAGateway');
  });

  it('takes a well-formed frame with another content for no gateway', async () => {
    gateway.script.greet = peer => peer.send('hello', 'world');
    const problem = await h.failure();
    ok(problem.code === 'notAGateway' && problem.found.includes('hello'));
  });

  it('does not take a version whose layouts it does not know', async () => {
    gateway.script.greet = peer => peer.send(222, '20261123 10:00:00 US/Eastern');
    const problem = await h.failure();
    ok(problem.code === 'notAGateway' && problem.found === 'server version 222');
  });

  it('waits only so long for the rest of half a frame', async () => {
    const quick = await Harness.on(gateway, { connectTimeoutMs: 300 });
    gateway.script.greet = peer => peer.raw(frame(193, '20261123 10:00:00 US/Eastern').subarray(0, 9));
    deepEqual(await quick.failure(), { code: 'noAnswer', host: '127.0.0.1', port: gateway.port, seconds: 0 });
  });

  it('puts a greeting that comes byte by byte together', async () => {
    gateway.script.greet = peer => {
      const bytes = frame(193, '20261123 10:00:00 US/Eastern');
      peer.socket.setNoDelay(true);
      for (const [i] of bytes.entries()) setTimeout(() => peer.raw(bytes.subarray(i, i + 1)), i);
    };
    equal((await h.connect()).serverVersion, 193);
  });

  it('says when the machine clock and the gateway clock are apart, once', async () => {
    gateway.script.on[49] = peer => peer.send(49, 1, Math.floor(Date.now() / 1000) - 7);
    await h.connect();
    deepEqual(await h.problem('clockApart'), { code: 'clockApart', seconds: 7 });
  });

  it('uses 127.0.0.1 for a name that does not resolve, and says so', async () => {
    const named = await Harness.on(gateway, { host: 'no-such-host.invalid' });
    await named.connect();
    deepEqual(named.problems, [{ code: 'hostUnknown', host: 'no-such-host.invalid', fallback: '127.0.0.1' }]);
    named.port.disconnect();
  });

  describe('accounts', () => {
    const failureWith = async (accounts: string, change: object): Promise<unknown> => {
      gateway.script.account = accounts;
      return (await Harness.on(gateway, change)).failure();
    };
    it('asks which of several', async () => {
      deepEqual(await failureWith('DU1,DU2,', {}), { code: 'severalAccounts', accounts: ['DU1', 'DU2'] });
    });
    it('takes the wanted one of several', async () => {
      gateway.script.account = 'DU1,U2';
      const named = await Harness.on(gateway, { account: 'U2' });
      const { account, accounts, mode } = await named.connect();
      deepEqual({ account, accounts, mode }, { account: 'U2', accounts: ['DU1', 'U2'], mode: 'LIVE' });
      named.port.disconnect();
    });
    it('does not take another than the wanted one', async () => {
      deepEqual(await failureWith('DU1', { account: 'DU9' }), { code: 'wrongAccount', expected: 'DU9', found: 'DU1' });
    });
    it('does not run a real account on a simulated clock', async () => {
      deepEqual(await failureWith('DU1', { clock: 'gateway' }), {
        code: 'wrongAccount',
        expected: 'SIM…',
        found: 'DU1',
      });
    });
  });

  it('switches Nagle off, which would hold back a burst of orders for 40 ms', async () => {
    const calls: boolean[] = [];
    const setNoDelay = Object.getOwnPropertyDescriptor(Socket.prototype, 'setNoDelay')?.value as (
      on?: boolean,
    ) => Socket;
    Socket.prototype.setNoDelay = function (this: Socket, noDelay?: boolean) {
      if (this.connecting) calls.push(noDelay ?? true); // the test's own gateway has sockets too
      return setNoDelay.call(this, noDelay);
    };
    try {
      await h.connect();
    } finally {
      Socket.prototype.setNoDelay = setNoDelay;
    }
    deepEqual(calls, [true]);
  });

  it('delivers nothing after disconnect, and refuses orders', async () => {
    await h.connect();
    h.port.subscribe('AVAV');
    h.port.disconnect();
    const n = h.events.length;
    h.peer.send(4, 2, -1, 1100, 'Connectivity between IB and the TWS has been lost.', '');
    h.port.disconnect();
    await new Promise(done => setTimeout(done, 50));
    equal(h.events.length, n);
    throwsSent(() => h.port.placeOrder(intent(h.port)));
    await rejects(h.port.snapshot());
  });

  it('rejects a connect that is cut short', async () => {
    gateway.script.greet = () => undefined;
    const failure = h.failure();
    h.port.disconnect();
    equal((await failure).code, 'linkLost');
  });

  it('leaves the environment alone where a .env file lies', async function () {
    this.timeout(20_000);
    const folder = mkdtempSync(join(tmpdir(), 'dronebot-env-'));
    writeFileSync(join(folder, '.env'), 'IB_HOST=203.0.113.1\nIB_PORT=9\nDRONEBOT_TEST_LEAK=yes\n');
    const root = resolve(__dirname, '../..');
    const program = join(root, 'test/wire/connectOnce.ts');
    const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), program, String(gateway.port)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 15_000,
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    await new Promise(done => child.on('close', done));
    rmSync(folder, { recursive: true, force: true });
    equal(output.trim().split('\n').at(-1), 'connected DU1234567, leak undefined, host undefined');
  });
});

function throwsSent(action: () => void): void {
  let threw = false;
  try {
    action();
  } catch {
    threw = true;
  }
  ok(threw);
}
