import { deepEqual, equal } from 'node:assert/strict';
import * as fc from 'fast-check';
import { endpointText, parseEndpoint } from '../../../src/broker/endpoint';

const read = (host: string, port?: string | number): string => {
  const result = parseEndpoint(host, port);
  return result.ok ? endpointText(result.endpoint) : `${result.finding.code} ${result.finding.found}`;
};

describe('endpoint', () => {
  for (const [host, port, expected] of [
    ['localhost:4002', undefined, 'localhost:4002'],
    ['http://127.0.0.1', undefined, '127.0.0.1:7497'],
    ['http://127.0.0.1:4001/', undefined, '127.0.0.1:4001'],
    ['127.0.0.1', undefined, '127.0.0.1:7497'],
    ['127.0.0.1', '4002', '127.0.0.1:4002'],
    ['127.0.0.1', 4002, '127.0.0.1:4002'],
    ['[::1]:7497', undefined, '[::1]:7497'],
    ['::1', '4002', '[::1]:4002'],
    ['[::1]', undefined, '[::1]:7497'],
    ['trading-box', undefined, 'trading-box:7497'],
    ['tws.home.arpa', ' 7496 ', 'tws.home.arpa:7496'],
    ['', undefined, '127.0.0.1:7497'],
    [':4002', undefined, '127.0.0.1:4002'],
    ['  localhost  ', '', 'localhost:7497'],
    ['localhost:4002', '7497', 'localhost:4002'],
    ['localhost:', undefined, 'localhost:7497'],
    ['localhost:abc', undefined, 'port/invalid abc'],
    ['localhost:0', undefined, 'port/invalid 0'],
    ['localhost:65536', undefined, 'port/invalid 65536'],
    ['127.0.0.1', '74 97', 'port/invalid 74 97'],
    ['two words', undefined, 'host/invalid two words'],
    ['256.1.1.1', undefined, 'host/invalid 256.1.1.1'],
    ['1.2.3', undefined, 'host/invalid 1.2.3'],
    ['[nonsense]:1', undefined, 'host/invalid [nonsense]:1'],
    ['-x', undefined, 'host/invalid -x'],
    ['a..b', undefined, 'host/invalid a..b'],
  ] as const)
    it(`reads "${host}"${port === undefined ? '' : ` and ${port}`} as ${expected}`, () =>
      equal(read(host, port), expected));

  it('says what was expected', () => {
    const result = parseEndpoint('localhost', 'x');
    deepEqual(result.ok ? '' : result.finding.expected, 'a whole number from 1 to 65535');
  });

  it('never throws, and what it writes it reads again', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (host, port) => {
        const result = parseEndpoint(host, port);
        if (result.ok) deepEqual(parseEndpoint(endpointText(result.endpoint)), result);
      }),
    );
  });
});
