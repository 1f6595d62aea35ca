/**
 * Writes what the extension contributes into package.json: commands, menus, views, language; the settings are
 * manifestSettings.ts, what a newcomer meets is manifestWelcome.ts. `npx tsx tools/manifest.ts` after a change; a test compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { configuration } from './manifestSettings';
import { keybindings, walkthrough, welcome } from './manifestWelcome';
import {
  CAN_START,
  IDLE,
  IS_FILLS,
  IS_TARGETS,
  PAUSABLE_ROW,
  RESUMABLE_ROW,
  RUNNING,
  SESSION_ROW,
  SYMBOL_ROW,
  UNEXPLAINED_ROW,
} from './manifestWhen';

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
  { id: 'pause', title: 'Pause Entries', icon: '$(debug-pause)', enablement: `${RUNNING} && !dronebot.paused` },
  { id: 'resume', title: 'Resume Entries', icon: '$(debug-continue)', enablement: `${RUNNING} && dronebot.paused` },
  { id: 'protect', title: 'Protect Only', icon: '$(shield)', enablement: RUNNING },
  { id: 'flatten', title: 'Flatten…', icon: '$(flame)', enablement: RUNNING },
  { id: 'kill', title: 'Kill Switch…', icon: '$(stop-circle)', enablement: '!dronebot.killed' },
  { id: 'resumeLast', title: 'Resume the Last Session…', icon: '$(debug-continue)', enablement: CAN_START },
  { id: 'release', title: 'Release Kill Switch…', icon: '$(unlock)', enablement: `${RUNNING} && dronebot.killed` },
  { id: 'resetLoss', title: 'Reset the Day’s Loss Limit…', icon: '$(history)', enablement: RUNNING },
  { id: 'openDashboard', title: 'Open Dashboard', icon: '$(dashboard)' },
  { id: 'serveDashboard', title: 'Serve Dashboard over HTTP', icon: '$(broadcast)' },
  { id: 'stopServing', title: 'Stop Serving the Dashboard', icon: '$(circle-slash)', enablement: 'dronebot.serving' },
  { id: 'serveOnFreePort', title: 'Serve Dashboard on a Free Port', icon: '$(broadcast)', inPalette: false },
  { id: 'reviewFills', title: 'Review Fills', icon: '$(list-ordered)' },
  { id: 'endOfDay', title: 'End of Day…', icon: '$(archive)', enablement: CAN_START },
  { id: 'openFills', title: 'Open Fills Page', icon: '$(graph-line)' },
  { id: 'anchors', title: 'Pre-Session Anchors', icon: '$(target)' },
  { id: 'importPythonBot', title: 'Import Python Bot…', icon: '$(cloud-download)', enablement: CAN_START },
  { id: 'createTargets', title: 'New targets.txt', icon: '$(new-file)' },
  { id: 'previewChanges', title: 'Preview Changes', icon: '$(diff)' },
  { id: 'chooseFolder', title: 'Choose the Traded Folder…', icon: '$(folder-opened)' },
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
  { id: 'openChart', title: 'Open Chart', icon: '$(graph-line)', enablement: RUNNING },
  { id: 'copyLadder', title: 'Copy Ladder', icon: '$(copy)' },
  { id: 'copyLadderMarkdown', title: 'Copy Ladder as Markdown', icon: '$(markdown)' },
  { id: 'dropOverride', title: 'Drop Override', icon: '$(discard)', enablement: RUNNING },
  { id: 'pauseSymbol', title: 'Pause Buys of a Symbol', icon: '$(debug-pause)', enablement: RUNNING },
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
      'onWebviewPanel:dronebot.fillsPage',
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
      item('openFills', ours, '1_reports@1'),
      item('startOfDay', `${ours} && ${IDLE}`, '1_reports@2'),
      item('endOfDay', `${ours} && ${IDLE}`, '1_reports@3'),
      item('anchors', ours, '1_reports@2'),
      item('serveDashboard', ours, '1_reports@4'),
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
      item('openChart', SYMBOL_ROW, '1_symbol@0'),
      item('copyLadder', SYMBOL_ROW, '1_symbol@1'),
      item('copyLadderMarkdown', SYMBOL_ROW, '1_symbol@1'),
      item('dropOverride', SYMBOL_ROW, '1_symbol@2'),
      item('leaveAlone', UNEXPLAINED_ROW, '1_symbol@3'),
      item('adopt', UNEXPLAINED_ROW, '1_symbol@4'),
      item('pauseSymbol', PAUSABLE_ROW, '2_risk@0'),
      item('resumeSymbol', RESUMABLE_ROW, '2_risk@0'),
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
    'explorer/context': [item('reviewFills', IS_FILLS, '7_dronebot@1'), item('openFills', IS_FILLS, '7_dronebot@2')],
    'editor/title': [
      item('start', `${IS_TARGETS} && ${IDLE}`, 'navigation@1'),
      item('pause', `${IS_TARGETS} && ${RUNNING} && !dronebot.paused`, 'navigation@1'),
      item('resume', `${IS_TARGETS} && ${RUNNING} && dronebot.paused`, 'navigation@1'),
      item('openDashboard', IS_TARGETS, 'navigation@2'),
      item('previewChanges', IS_TARGETS, 'navigation@3'),
    ],
  };
}

async function main(): Promise<void> {
  const file = path.resolve(__dirname, '../package.json');
  const current = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const text = JSON.stringify({ ...current, ...manifest() });
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) void main();
