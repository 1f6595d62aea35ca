import { deepEqual } from 'node:assert/strict';
import { DEFAULT_SETTINGS } from '../../../src/strategy/settings';
import {
  copyEnvironment,
  reportClientId,
  resolveBudget,
  resolveEndpoint,
  resolveSettings,
  type Environment,
} from '../../../src/ui/startConfig';

const user = (values: Record<string, unknown>) => (key: string) => values[key];
const endpoint = (values: Record<string, unknown>, env: Environment = {}) => {
  const found = resolveEndpoint(user(values), env);
  return found.ok ? `${found.value.host} ${found.value.port} ${found.value.clientId}` : found.text;
};

describe('what a session starts with', () => {
  const cases: readonly [string, string, string][] = [
    ['nothing set', endpoint({}), '127.0.0.1 7497 21'],
    ['the environment over the default', endpoint({}, { IB_HOST: 'tws', IB_PORT: '4002', IB_CID: '7' }), 'tws 4002 7'],
    [
      'a setting over the environment',
      endpoint({ host: 'box', port: 4001, clientId: 5 }, { IB_HOST: 'tws', IB_PORT: '4002', IB_CID: '7' }),
      'box 4001 5',
    ],
    ['a port in the host', endpoint({ host: 'localhost:4002' }), 'localhost 4002 21'],
    ['a URL', endpoint({ host: 'http://127.0.0.1' }), '127.0.0.1 7497 21'],
    ['IPv6', endpoint({ host: '[::1]:7497' }), '::1 7497 21'],
    ['client id 0 is one', endpoint({ clientId: 0 }, { IB_CID: '7' }), '127.0.0.1 7497 0'],
    ['a port that is none', endpoint({}, { IB_PORT: 'abc' }), 'The gateway\'s address is not usable: "127.0.0.1:abc".'],
    [
      'a client id that is none',
      endpoint({}, { IB_CID: '-1' }),
      'The client id must be a whole number from 0, found "-1".',
    ],
  ];
  for (const [name, found, expected] of cases) it(name, () => deepEqual(found, expected));

  it('equity: setting, LIVE_EQUITY, default', () => {
    deepEqual(resolveBudget(user({ equity: 5 }), { LIVE_EQUITY: '7' }).equity, 5);
    deepEqual(resolveBudget(user({}), { LIVE_EQUITY: '70000' }).equity, 70_000);
    deepEqual(resolveBudget(user({}), {}), { equity: 150_000, risky: 0.6, safe: 0.4 });
  });
  it('leaves out values that cannot be', () => {
    deepEqual(resolveBudget(user({ equity: -1, riskyShare: 2, safeShare: 'x' }), { LIVE_EQUITY: '1e9' }), {
      equity: 150_000,
      risky: 0.6,
      safe: 0.4,
    });
  });
  it('hands every setting on, and a wrong one too, so that the session can say so', () => {
    const settings = resolveSettings(key => (key === 'sizing.shots' ? 'many' : undefined));
    deepEqual(settings, { ...DEFAULT_SETTINGS, 'sizing.shots': 'many' });
  });
  it('gives reports an id of their own, 900 more', () => {
    deepEqual([21, 0, 2_147_483_647].map(reportClientId), [921, 900, 2_147_482_747]);
  });
  it('copies only the four variables that count', () => {
    deepEqual(copyEnvironment({ IB_HOST: 'a', LIVE_EQUITY: '', PATH: '/bin', IB_PORT: undefined }), { IB_HOST: 'a' });
  });
});
