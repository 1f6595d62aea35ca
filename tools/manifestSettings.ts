/**
 * The settings for package.json, grouped and ordered: those of VS Code's side here, every number of the strategy from its own
 * table, with range, unit, default and a sentence each.
 */
import { NUMBER_SETTINGS, type SettingSpec } from '../src/strategy/settings';

const GROUPS: readonly { title: string; prefix: string }[] = [
  { title: 'Volatility (z)', prefix: 'volatility.' },
  { title: 'Sizing', prefix: 'sizing.' },
  { title: 'Layers', prefix: 'layers.' },
  { title: 'Protection', prefix: 'protection.' },
  { title: 'Conditions of Orders', prefix: 'gates.' },
  { title: 'Order Prices', prefix: 'orders.' },
  { title: 'Limits', prefix: 'limits.' },
  { title: 'Reports', prefix: 'reports.' },
  { title: 'Files', prefix: 'files.' },
  { title: 'Data', prefix: 'data.' },
];

type Property = Record<string, unknown>;

const CONNECTION: Record<string, Property> = {
  broker: {
    type: 'string',
    enum: ['simulator', 'ib'],
    enumDescriptions: [
      'The built-in gateway simulator: no broker, no money.',
      'TWS or IB Gateway at the host and port below. Paper or live is what is logged in there; live asks first.',
    ],
    default: 'simulator',
    scope: 'machine',
    markdownDescription: 'What **Start Live** connects to.',
  },
  host: {
    type: 'string',
    default: '127.0.0.1',
    scope: 'machine',
    markdownDescription:
      'Host of TWS or IB Gateway. `localhost:4002`, `http://127.0.0.1` and `[::1]:7497` work too. Not set: `IB_HOST`, else this default.',
  },
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65535,
    default: 7497,
    scope: 'machine',
    markdownDescription:
      'Port: TWS paper 7497, live 7496; IB Gateway paper 4002, live 4001. Not set: `IB_PORT`, else this default.',
  },
  clientId: {
    type: 'integer',
    minimum: 0,
    maximum: 2147483647,
    default: 21,
    scope: 'machine',
    markdownDescription:
      'Client id, one for each program at the same gateway. When it is taken, Dronebot waits and takes no other. Not set: `IB_CID`, else this default.',
  },
  resume: {
    type: 'boolean',
    default: true,
    scope: 'machine',
    markdownDescription:
      'A session on the simulator or on paper that did not end by **Stop** (a reload, a crash) goes on when the window opens. On a live account it is always asked.',
  },
  account: {
    type: 'string',
    default: '',
    scope: 'machine',
    markdownDescription: 'Account to trade when the gateway’s login has several. Empty: the only one.',
  },
};

const MONEY: Record<string, Property> = {
  targetsFile: {
    type: 'string',
    default: 'targets.txt',
    scope: 'resource',
    markdownDescription: 'The file that lists what is traded, relative to the folder or absolute.',
  },
  equity: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 150000,
    markdownDescription:
      'Live equity in USD. `@config equity=` in targets.txt wins over it. Not set: `LIVE_EQUITY`, else this default.',
  },
  riskyShare: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.6,
    markdownDescription: 'Share of the equity in use for risky symbols. `@config risky=` wins over it.',
  },
  safeShare: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.4,
    markdownDescription: 'Share of the equity in use for safe symbols. `@config safe=` wins over it.',
  },
};

const EDITOR: Record<string, Property> = {
  lineEnds: {
    type: 'boolean',
    default: true,
    markdownDescription:
      'Show last, z, layers, next buy and sell and open P&L behind each line of targets.txt while a session runs.',
  },
};

const NOTIFICATIONS: Record<string, Property> = {
  notifyFills: {
    type: 'boolean',
    default: true,
    markdownDescription:
      'Tell fills that come while the window is not in focus, many in one message. While it is in focus, fills only show in the views.',
  },
};

/** Of the machine: no folder may open a port, or say what is shown there. */
const SERVED: Record<string, Property> = {
  'dashboard.host': {
    type: 'string',
    default: '127.0.0.1',
    scope: 'machine',
    markdownDescription:
      'Address at which **Serve Dashboard over HTTP** serves. Beyond this machine (`0.0.0.0`, an address of the network) only after a question, read-only and with a token.',
  },
  'dashboard.port': {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 8765,
    scope: 'machine',
    markdownDescription: 'Port at which the dashboard is served. 0: any that is free.',
  },
  'dashboard.snapshotFile': {
    type: 'string',
    default: '',
    scope: 'machine',
    markdownDescription:
      'Absolute path of the `dashboard_snapshot.json` that is served while no session runs here. Empty: the newest one of the open folders.',
  },
};

const SIMULATOR: Record<string, Property> = {
  'simulator.seed': {
    type: 'integer',
    minimum: 0,
    maximum: 4294967295,
    default: 7,
    markdownDescription: 'The same seed gives the same day.',
  },
  'simulator.speed': {
    type: 'number',
    minimum: 0.1,
    maximum: 1000,
    default: 30,
    markdownDescription: 'Simulated seconds in a second.',
  },
  'simulator.date': {
    type: 'string',
    pattern: '^\\d{4}-\\d{2}-\\d{2}$',
    patternErrorMessage: 'A date such as 2026-11-18',
    default: '2026-11-18',
    markdownDescription: 'First simulated day, a trading day such as `2026-11-18`.',
  },
  'simulator.startTime': {
    type: 'string',
    pattern: '^([01]?\\d|2[0-3]):[0-5]\\d$',
    patternErrorMessage: 'A New York time such as 09:25',
    default: '09:25',
    markdownDescription: 'New York time at which the simulated day begins.',
  },
};

export function configuration(): unknown[] {
  const section = (title: string, properties: Record<string, Property>, order: number) => ({
    id: `dronebot.${order}`,
    title,
    order,
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, property], index) => [
        `dronebot.${key}`,
        { order: index + 1, ...withRange(property) },
      ]),
    ),
  });
  const numbers = (prefix: string) =>
    Object.fromEntries(
      Object.entries<SettingSpec>(NUMBER_SETTINGS)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, spec]) => [key, numberSetting(spec)]),
    );
  const antiShort: Record<string, Property> = {
    'protection.antiShort': {
      type: 'boolean',
      default: false,
      markdownDescription: 'Buy back a short that appears while the session runs on a symbol it trades. (§7)',
    },
  };
  const groups = GROUPS.map(({ title, prefix }) => ({
    title,
    properties: { ...numbers(prefix), ...(prefix === 'protection.' ? antiShort : {}) },
  }));
  return [
    section('Connection', CONNECTION, 1),
    section('Money', MONEY, 2),
    section('Simulator', SIMULATOR, 3),
    ...groups.map(({ title, properties }, index) => section(title, properties, index + 4)),
    section('Editor', EDITOR, groups.length + 4),
    section('Notifications', NOTIFICATIONS, groups.length + 5),
    section('Dashboard over HTTP', SERVED, groups.length + 6),
  ];
}

/** A number's description ends with what is accepted; the strategy's own numbers say it with their unit already. */
function withRange(property: Property): Property {
  const { type, minimum, maximum, exclusiveMinimum, markdownDescription } = property as {
    type: string;
    minimum?: number;
    maximum?: number;
    exclusiveMinimum?: number;
    markdownDescription: string;
  };
  if ((type !== 'number' && type !== 'integer') || markdownDescription.includes('(§')) return property;
  const range = maximum === undefined ? `Over ${exclusiveMinimum ?? 0}` : `${minimum ?? 0} to ${maximum}`;
  return { ...property, markdownDescription: `${markdownDescription} ${range}.` };
}

function numberSetting(spec: SettingSpec): Property {
  return {
    type: spec.whole === true ? 'integer' : 'number',
    minimum: spec.min,
    maximum: spec.max,
    default: spec.default,
    markdownDescription: `${spec.text} In ${spec.unit}, ${spec.min} to ${spec.max}. (${spec.section})`,
  };
}
