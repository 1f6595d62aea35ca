/**
 * What a newcomer meets, for package.json: welcome views, the walkthrough, and the few keys. Its pictures and pages are in
 * media/walkthrough; the commands and settings are in manifest.ts.
 */
import { SELECTED_ROW } from '../src/reports/treeModel';
import { IS_TARGETS, RUNNING } from './manifestWhen';

/** One button each, and what else there is to do as a link in the sentence. */
export function welcome(): unknown[] {
  const view = 'dronebot.session';
  const folder = 'workspaceFolderCount != 0';
  const trusted = `${folder} && isWorkspaceTrusted && !virtualWorkspace`;
  const notStarting = 'dronebot.state != starting';
  return [
    {
      view,
      when: 'workspaceFolderCount == 0',
      contents:
        'No folder is open. Dronebot keeps its files beside targets.txt.\n[Make a folder with the sample](command:dronebot.createTargets)\nOr [open a folder](command:vscode.openFolder) that has a targets.txt.',
    },
    {
      view,
      when: `${folder} && !isWorkspaceTrusted`,
      contents:
        'This folder is in Restricted Mode. targets.txt is checked and explained; nothing trades.\n[Manage trust](command:workbench.trust.manage)',
    },
    {
      view,
      when: `${folder} && isWorkspaceTrusted && virtualWorkspace`,
      contents:
        'This folder is not on a disk that Dronebot can write to, so it cannot keep its journal and nothing trades. targets.txt is checked and explained.\n[Open a folder](command:vscode.openFolder)',
    },
    {
      view,
      when: `${trusted} && dronebot.targets == none && ${notStarting}`,
      contents:
        'There is no targets.txt in this folder. It lists what is traded, one symbol a line.\n[Create the sample](command:dronebot.createTargets)\nComing from the Python bot? [Import its files](command:dronebot.importPythonBot).',
    },
    {
      view,
      when: `${trusted} && dronebot.targets != none && ${notStarting}`,
      contents:
        'No session is running. Start on the simulator to see the ladder move, without a broker and without money.\n[Start on the simulator](command:dronebot.startSimulator)\nOr start on [paper or live](command:dronebot.startIb), or see [everything there is](command:dronebot.launcher).',
    },
    {
      view,
      when: 'dronebot.state == starting',
      contents: 'The session is starting. The ladders appear with the first prices.\n[Stop](command:dronebot.stop)',
    },
  ];
}

/** Nothing that trades, sells or changes anything has a key; each needs the focus where it makes sense. */
export function keybindings(): unknown[] {
  const inTree = 'focusedView == dronebot.session && listFocus && !inputFocus';
  return [
    { command: 'dronebot.openLine', key: 'alt+enter', when: inTree, args: SELECTED_ROW },
    { command: 'dronebot.why', key: 'alt+w', when: `${inTree} && ${RUNNING}`, args: SELECTED_ROW },
    { command: 'dronebot.previewChanges', key: 'alt+d', when: `editorTextFocus && ${IS_TARGETS}` },
  ];
}

export function walkthrough(): unknown {
  const step = (
    id: string,
    title: string,
    description: string,
    media: Record<string, string>,
    completionEvents: readonly string[],
  ) => ({ id, title, description, media, completionEvents });
  const svg = (name: string, altText: string) => ({ svg: `media/walkthrough/${name}.svg`, altText });
  return {
    id: 'firstFiveMinutes',
    title: 'Dronebot: the First Five Minutes',
    description: 'A moving ladder without a broker; then TWS with a paper account.',
    icon: 'media/icon.png',
    steps: [
      step(
        'sample',
        'Open the sample',
        'targets.txt lists what is traded, one symbol a line. The sample holds nine of them.\n[Create the sample](command:dronebot.createTargets)\nA file that is there is opened, never written over.',
        svg('sample', 'A line of targets.txt, word by word: ticker, class, buy, sell, clip'),
        ['onContext:dronebot.targets == there'],
      ),
      step(
        'hover',
        'Point at a line',
        'The hover shows the fourteen rungs, the money that they need and, while a session runs, why nothing is ordered right now. What is wrong in a line is underlined.\n[Open targets.txt](command:dronebot.openTargets)',
        svg('hover', 'Seven buy rungs below the reference price, seven sell rungs above it'),
        ['onContext:dronebot.hasHovered'],
      ),
      step(
        'start',
        'Start on the simulator',
        'A gateway on this machine that speaks IB’s protocol over a real socket. The day runs thirty times as fast as a real one; nothing leaves this machine.\n[Start on the simulator](command:dronebot.startSimulator)',
        svg('start', 'Dronebot talks to the simulator on this machine, or to TWS or IB Gateway'),
        ['onContext:dronebot.state == running'],
      ),
      step(
        'dashboard',
        'Watch the dashboard',
        'A row for each symbol: its price, its next rungs, what is held and what that is worth. The side bar shows the same as a tree.\n[Open the dashboard](command:dronebot.openDashboard)',
        svg('dashboard', 'The dashboard’s figures and columns, explained'),
        ['onCommand:dronebot.openDashboard'],
      ),
      step(
        'tws',
        'Connect TWS, paper first',
        'Four settings of TWS matter; the page beside explains every field. Log in to TWS with the paper account first: the account’s name decides what is paper, and it is shown at all times.\n[Open the connection settings](command:dronebot.openSettings?%5B%22gateway%22%5D)\nThen [start on paper](command:dronebot.startIb).',
        { markdown: 'media/walkthrough/tws.md' },
        ['onContext:dronebot.mode == PAPER'],
      ),
      step(
        'day',
        'A trader’s day',
        'The launcher has everything in one list, with what cannot run now and why. In the morning it runs anchors, dashboard and Start Live in one go; in the evening it reviews the fills and archives the day’s files.\n[Open the launcher](command:dronebot.launcher)\nYou had the Python bot? [Import its files and settings](command:dronebot.importPythonBot).',
        { markdown: 'media/walkthrough/day.md' },
        ['onCommand:dronebot.launcher'],
      ),
    ],
  };
}
