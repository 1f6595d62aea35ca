/**
 * A simulated gateway whose account looks like one with real money: between it and whoever connects, the account's name is
 * exchanged for another of the same length, in both directions. The simulator itself knows simulated accounts only, and the
 * product takes no other on its clock: so a session on this one is live in everything, the wall's clock too.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { pipeline, Transform } from 'node:stream';
import { startGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway';

const SIMULATED = 'SIM00001';
export const LIVE_ACCOUNT = 'U9999034';

export interface LiveGateway {
  readonly port: number;
  readonly gateway: Gateway;
  close(): Promise<void>;
}

export async function startLiveGateway(options: GatewayOptions = {}): Promise<LiveGateway> {
  const gateway = await startGateway({ ...options, account: SIMULATED });
  const server = createServer(client => {
    const inner = connect(gateway.port, gateway.host);
    // Whichever side ends takes the other along; there is nothing to say about it.
    pipeline(client, exchanging(LIVE_ACCOUNT, SIMULATED), inner, () => client.destroy());
    pipeline(inner, exchanging(SIMULATED, LIVE_ACCOUNT), client, () => inner.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    gateway,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await gateway.close();
      await closed;
    },
  };
}

/** Fields end with a NUL, so that nothing but a torn name is ever held back. */
function exchanging(from: string, to: string): Transform {
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = (rest + chunk.toString('latin1')).replaceAll(from, to);
      let torn = Math.min(from.length - 1, text.length);
      while (torn > 0 && !from.startsWith(text.slice(-torn))) torn--;
      rest = text.slice(text.length - torn);
      done(null, Buffer.from(text.slice(0, text.length - torn), 'latin1'));
    },
    flush(done) {
      done(null, Buffer.from(rest, 'latin1'));
    },
  });
}
