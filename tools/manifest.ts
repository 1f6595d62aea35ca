/**
 * Writes what the extension contributes into package.json: commands, menus, views, language and the settings, of which every
 * number comes from the strategy's own table. `npx tsx tools/manifest.ts` after a change; a test compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { NUMBER_SETTINGS, type SettingSpec } from '../src/strategy/settings';
import { keybindings, walkthrough, welcome } from './manifestWelcome';
import { CAN_START, IDLE, IS_TARGETS, RUNNING, SESSION_ROW, SYMBOL_ROW } from './manifestWhen';

interface Command {
  id: string;
  title: string;
  icon?: string;
  /** When it can run at all; shown grey otherwise. */
  enablement?: string;
  /** False: only for links, rows and buttons. */
  inPalette?: false;
}

const COMMANDS: readonly Command[] = [
  { id: 'launcher', title: 'Launcher', icon: '$(rocket)' },
  { id: 'startOfDay', title: 'Start of Day', icon: '$(coffee)', enablement: CAN_START },
  { id: 'start', title: 'Start Live', icon: '$(play)', enablement: CAN_START },
  { id: 'startSimulator', title: 'Start on the Simulator', icon: '$(beaker)', enablement: CAN_START },
  { id: 'startIb', title: 'Start on Paper or Live…', icon: '$(plug)', enablement: CAN_START },
  { id: 'stop', title: 'Stop…', icon: '$(debug-stop)', enablement: 'dronebot.state && dronebot.state != idle' },
  { id: 'pause', title: 'Pause Entries', icon: '$(debug-pause)', enablement: RUNNING },
  { id: 'resume', title: 'Resume Entries', icon: '$(debug-continue)', enablement: RUNNING },
  { id: 'protect', title: 'Protect Only', icon: '$(shield)', enablement: RUNNING },
  { id: 'flatten', title: 'Flatten…', icon: '$(flame)', enablement: RUNNING },
  { id: 'kill', title: 'Kill Switch…', icon: '$(stop-circle)', enablement: `${RUNNING} && !dronebot.killed` },
  { id: 'release', title: 'Release Kill Switch…', icon: '$(unlock)', enablement: `${RUNNING} && dronebot.killed` },
  { id: 'resetLoss', title: 'Reset the Day’s Loss Limit…', icon: '$(history)', enablement: RUNNING },
  { id: 'openDashboard', title: 'Open Dashboard', icon: '$(dashboard)' },
  { id: 'reviewFills', title: 'Review Fills', icon: '$(list-ordered)' },
  { id: 'endOfDay', title: 'End of Day…', icon: '$(archive)', enablement: CAN_START },
  { id: 'anchors', title: 'Pre-Session Anchors', icon: '$(target)' },
  { id: 'importPythonBot', title: 'Import Python Bot…', icon: '$(cloud-download)', enablement: CAN_START },
  { id: 'createTargets', title: 'New targets.txt', icon: '$(new-file)' },
  { id: 'previewChanges', title: 'Preview Changes', icon: '$(diff)' },
  { id: 'openTargets', title: 'Open targets.txt', icon: '$(go-to-file)' },
  { id: 'newSimulatedDay', title: 'New Simulated Day…', icon: '$(refresh)' },
  { id: 'openSimulator', title: 'Start Simulator…', icon: '$(server-process)', enablement: '!dronebot.simulatorRuns' },
  {
    id: 'closeSimulator',
    title: 'Stop Simulator',
    icon: '$(debug-disconnect)',
    enablement: 'dronebot.simulatorRuns',
  },
  { id: 'openWalkthrough', title: 'Open Walkthrough', icon: '$(mortar-board)' },
  { id: 'showLog', title: 'Show Log', icon: '$(output)' },
  { id: 'openSettings', title: 'Open Settings', icon: '$(gear)' },
  { id: 'why', title: 'Why Not?', icon: '$(question)', enablement: RUNNING },
  { id: 'copyLadder', title: 'Copy Ladder', icon: '$(copy)' },
  { id: 'copyLadderMarkdown', title: 'Copy Ladder as Markdown', icon: '$(markdown)' },
  { id: 'dropOverride', title: 'Drop Override', icon: '$(discard)', enablement: RUNNING },
  { id: 'resumeSymbol', title: 'Resume Buys of a Symbol', icon: '$(debug-continue)', enablement: RUNNING },
  { id: 'adopt', title: 'Adopt Shares…', icon: '$(person-add)', enablement: RUNNING, inPalette: false },
  { id: 'leaveAlone', title: 'Leave Shares Alone', icon: '$(circle-slash)', enablement: RUNNING, inPalette: false },
  {
    id: 'writeOverride',
    title: 'Write Override into targets.txt',
    icon: '$(edit)',
    enablement: RUNNING,
    inPalette: false,
  },
  { id: 'openLine', title: 'Open Line in targets.txt', icon: '$(go-to-file)', inPalette: false },
  { id: 'showFile', title: 'Show File', icon: '$(file)', inPalette: false },
];

/** What the palette offers; the launcher shows the same. */
export const PALETTE_COMMANDS = COMMANDS.filter(({ inPalette }) => inPalette !== false);

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
  account: {
    type: 'string',
    default: '',
    scope: 'machine',
    markdownDescription: 'Account to trade when the login has several. Empty: the only one.',
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

/** Everything of package.json that this file owns. */
export function manifest(): Record<string, unknown> {
  return {
    categories: ['Other', 'Programming Languages', 'Visualization'],
    keywords: ['trading', 'interactive brokers', 'TWS', 'ladder', 'bot'],
    icon: 'media/icon.png',
    galleryBanner: { color: '#14213d', theme: 'dark' },
    extensionKind: ['workspace'],
    activationEvents: [
      'workspaceContains:targets.txt',
      'onWebviewPanel:dronebot.dashboard',
      'onWebviewPanel:dronebot.anchorsPage',
    ],
    capabilities: {
      untrustedWorkspaces: {
        supported: 'limited',
        description: 'targets.txt is checked and explained; nothing trades.',
        restrictedConfigurations: [
          'dronebot.targetsFile',
          'dronebot.equity',
          'dronebot.riskyShare',
          'dronebot.safeShare',
        ],
      },
      virtualWorkspaces: { supported: 'limited', description: 'targets.txt is checked and explained; nothing trades.' },
    },
    contributes: {
      commands: COMMANDS.map(({ id, title, icon, enablement }) => ({
        command: `dronebot.${id}`,
        title,
        category: 'Dronebot',
        ...(icon === undefined ? {} : { icon }),
        ...(enablement === undefined ? {} : { enablement }),
      })),
      menus: menus(),
      viewsContainers: { activitybar: [{ id: 'dronebot', title: 'Dronebot', icon: 'media/activity.svg' }] },
      views: {
        dronebot: [
          { id: 'dronebot.session', name: 'Session', contextualTitle: 'Dronebot', icon: 'media/activity.svg' },
        ],
      },
      viewsWelcome: welcome(),
      walkthroughs: [walkthrough()],
      keybindings: keybindings(),
      languages: [
        {
          id: 'dronebot-targets',
          aliases: ['Dronebot targets'],
          filenames: ['targets.txt'],
          configuration: './language-configuration.json',
          icon: { light: './media/activity.svg', dark: './media/activity.svg' },
        },
      ],
      grammars: [
        {
          language: 'dronebot-targets',
          scopeName: 'source.dronebot-targets',
          path: './syntaxes/targets.tmLanguage.json',
        },
      ],
      snippets: [{ language: 'dronebot-targets', path: './snippets/targets.json' }],
      configurationDefaults: {
        '[dronebot-targets]': { 'editor.quickSuggestions': { other: 'on', comments: 'off', strings: 'off' } },
      },
      configuration: configuration(),
    },
  };
}

function menus(): Record<string, unknown> {
  const palette = COMMANDS.filter(command => command.inPalette === false);
  const item = (id: string, when: string, group: string) => ({ command: `dronebot.${id}`, when, group });
  const ours = 'view == dronebot.session';
  return {
    commandPalette: palette.map(({ id }) => ({ command: `dronebot.${id}`, when: 'false' })),
    'view/title': [
      item('start', `${ours} && ${IDLE}`, 'navigation@1'),
      item('pause', `${ours} && ${RUNNING} && !dronebot.paused`, 'navigation@1'),
      item('resume', `${ours} && ${RUNNING} && dronebot.paused`, 'navigation@1'),
      item('openDashboard', ours, 'navigation@2'),
      item('launcher', ours, 'navigation@4'),
      item('stop', `${ours} && dronebot.state != idle`, 'navigation@3'),
      item('reviewFills', ours, '1_reports@1'),
      item('startOfDay', `${ours} && ${IDLE}`, '1_reports@2'),
      item('endOfDay', `${ours} && ${IDLE}`, '1_reports@3'),
      item('anchors', ours, '1_reports@2'),
      item('protect', `${ours} && ${RUNNING}`, '2_risk@1'),
      item('flatten', `${ours} && ${RUNNING}`, '2_risk@2'),
      item('kill', `${ours} && ${RUNNING} && !dronebot.killed`, '2_risk@3'),
      item('release', `${ours} && ${RUNNING} && dronebot.killed`, '2_risk@4'),
      item('newSimulatedDay', `${ours} && dronebot.mode != LIVE && dronebot.mode != PAPER`, '3_more@1'),
      item('openSettings', ours, '3_more@2'),
      item('openWalkthrough', ours, '3_more@4'),
      item('showLog', ours, '3_more@3'),
    ],
    'view/item/context': [
      item('why', SYMBOL_ROW, 'inline@1'),
      item('openLine', SYMBOL_ROW, 'inline@2'),
      item('copyLadder', SYMBOL_ROW, '1_symbol@1'),
      item('copyLadderMarkdown', SYMBOL_ROW, '1_symbol@1'),
      item('dropOverride', SYMBOL_ROW, '1_symbol@2'),
      item('resumeSymbol', `${ours} && viewItem == symbol.buysPaused`, '1_symbol@3'),
      item('flatten', SYMBOL_ROW, '2_risk@1'),
      item('pause', `${SESSION_ROW} && !dronebot.paused`, 'inline@1'),
      item('resume', `${SESSION_ROW} && dronebot.paused`, 'inline@1'),
      item('openDashboard', SESSION_ROW, '1_session@1'),
      item('protect', SESSION_ROW, '2_risk@1'),
      item('flatten', SESSION_ROW, '2_risk@2'),
      item('kill', `${SESSION_ROW} && !dronebot.killed`, '2_risk@3'),
      item('release', `${SESSION_ROW} && dronebot.killed`, '2_risk@4'),
      item('stop', SESSION_ROW, '3_stop@1'),
    ],
    'editor/title': [
      item('start', `${IS_TARGETS} && ${IDLE}`, 'navigation@1'),
      item('pause', `${IS_TARGETS} && ${RUNNING} && !dronebot.paused`, 'navigation@1'),
      item('resume', `${IS_TARGETS} && ${RUNNING} && dronebot.paused`, 'navigation@1'),
      item('openDashboard', IS_TARGETS, 'navigation@2'),
      item('previewChanges', IS_TARGETS, 'navigation@3'),
    ],
  };
}

function configuration(): unknown[] {
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
  ];
}

/** A number's description ends with what is accepted; the strategy's own numbers say it with their unit already. */
function withRange(property: Property): Property {
  const { type, minimum, maximum, exclusiveMinimum, markdownDescription } = property;
  if ((type !== 'number' && type !== 'integer') || /\(§/.test(String(markdownDescription))) return property;
  const range = maximum === undefined ? `Over ${String(exclusiveMinimum)}` : `${String(minimum)} to ${String(maximum)}`;
  return { ...property, markdownDescription: `${String(markdownDescription)} ${range}.` };
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

async function main(): Promise<void> {
  const file = path.resolve(__dirname, '../package.json');
  const current = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const text = JSON.stringify({ ...current, ...manifest() });
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) void main();
