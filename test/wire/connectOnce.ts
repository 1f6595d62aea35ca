/** Run in a process of its own by brokerConnect.test.ts: connects once and tells what that did to the environment. */
import { createIbPort } from '../../src/broker/ib/ibPort';

const config = { host: '127.0.0.1', clientId: 21, clock: 'system', liveBarSymbols: 0, connectTimeoutMs: 5000 } as const;
const port = createIbPort({ ...config, port: Number(process.argv[2]) }, () => undefined);
void port.connect().then(({ account }) => {
  console.log(`connected ${account}, leak ${process.env['DRONEBOT_TEST_LEAK']}, host ${process.env['IB_HOST']}`);
  port.disconnect();
});
