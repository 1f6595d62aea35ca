// The simulated gateway in a thread of its own, for the extension host: options by workerData, its port back by message,
// 'stop' ends it. Nothing is decided here.

import { parentPort, workerData } from 'node:worker_threads';
import { startGateway, type GatewayOptions } from './gateway';

if (parentPort === null) throw new Error('The simulator runs in a worker thread.');
const host = parentPort;

/** Functions and faults do not cross threads; everything else is the gateway's own options. */
export type SimulatorOptions = Omit<GatewayOptions, 'log' | 'onTruth' | 'faults'>;

export type FromSimulator =
  { type: 'listening'; port: number } | { type: 'log'; text: string } | { type: 'failed'; text: string };

const say = (message: FromSimulator): void => host.postMessage(message);

async function main(): Promise<void> {
  const options = workerData as SimulatorOptions;
  const gateway = await startGateway({
    ...options,
    log: text => say({ type: 'log', text }),
    onTruth: ({ side, shares, symbol, price, clientId, orderId }) =>
      say({
        type: 'log',
        text: `executed ${side} ${shares} ${symbol} at ${price} for client ${clientId}, order ${orderId}`,
      }),
  });
  host.on('message', (message: { type: 'stop' }) => {
    if (message.type === 'stop') void gateway.close().finally(() => host.close());
  });
  say({ type: 'listening', port: gateway.port });
}

main().catch((error: unknown) => {
  say({ type: 'failed', text: error instanceof Error ? error.message : String(error) });
  host.close();
});
