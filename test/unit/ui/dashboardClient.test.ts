/** One page of the dashboard as its home sees it: what it is sent, what it may ask for, and what a stranger may not. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Capabilities, ToDashboard } from '../../../src/shared/dashboard';
import type { FromSession, SessionConfig, ToSession } from '../../../src/shared/protocol';
import { DashboardClient, needsYes } from '../../../src/ui/dashboardClient';
import { readIntent } from '../../../src/ui/dashboardIntents';
import { SessionController } from '../../../src/ui/sessionController';
import { DPRO, RCAT, snapshot } from '../reports/moment';

const CONFIG = { targetsFile: '/x/targets.txt' } as SessionConfig;
const ALL: Capabilities = { act: true, adjust: true, edit: true, asks: 'page' };
const NONE: Capabilities = { act: false, adjust: false, edit: false, asks: 'page' };

function page(can = ALL, mode: 'PAPER' | 'LIVE' = 'PAPER') {
  const posted: ToSession[] = [];
  const sent: ToDashboard[] = [];
  const asked: string[] = [];
  const commands: string[] = [];
  let say: (message: FromSession) => void = () => undefined;
  const controller = new SessionController({
    startThread: () => ({
      post: message => posted.push(message),
      onMessage: listener => (say = listener),
      onExit: () => undefined,
      terminate: () => undefined,
    }),
    log: () => undefined,
    now: () => 0,
  });
  void controller.start(CONFIG);
  const tell = (message: FromSession) => say(message);
  const trade = () => tell({ type: 'snapshot', snapshot: snapshot({ mode }), details: [RCAT, DPRO] });
  trade();
  const client = new DashboardClient({
    name: 'page',
    controller,
    intervalMs: 0,
    can: () => can,
    send: message => sent.push(message),
    ask: (action, symbol) => asked.push([action, symbol].filter(Boolean).join(' ')),
    command: (command, symbol) => commands.push([command, symbol].filter(Boolean).join(' ')),
    writeOverride: () => Promise.resolve({ outcome: 'taken', text: '' }),
    idleText: () => null,
  });
  const types = () => sent.map(message => message.type);
  const answers = () =>
    sent.flatMap(each => (each.type === 'answer' ? [`${each.id} ${each.outcome} ${each.text}`.trim()] : []));
  const controls = () => posted.flatMap(each => (each.type === 'control' ? [each.action + (each.symbol ?? '')] : []));
  /** The answers of promises that are settled already. */
  const settled = () => new Promise(resolve => setImmediate(resolve));
  return { client, controller, posted, sent, asked, commands, tell, trade, types, answers, controls, settled };
}

describe('dashboard client: what a page is sent', () => {
  it('nothing before it is ready, then everything at once', () => {
    const { client, trade, types } = page();
    trade();
    deepEqual(types(), []);
    client.hear({ type: 'ready' });
    deepEqual(types(), ['view', 'sparks']);
  });
  it('detail and chart of the symbol that is open, and of no other', () => {
    const { client, sent, posted, tell } = page();
    client.hear({ type: 'ready' });
    client.hear({ type: 'open', symbol: 'RCAT' });
    deepEqual(posted.filter(each => each.type === 'watch').at(-1), {
      type: 'watch',
      details: ['RCAT'],
      intervalMs: 0,
      charts: ['RCAT'],
      sparks: true,
    });
    deepEqual(
      sent.flatMap(each => (each.type === 'detail' ? [each.symbol] : [])),
      ['RCAT'],
    );
    for (const symbol of ['DPRO', 'RCAT'])
      tell({
        type: 'chart',
        chart: {
          symbol,
          decimals: 2,
          starts: [],
          opens: [],
          highs: [],
          lows: [],
          closes: [],
          references: [],
          regularFrom: 0,
        },
      });
    deepEqual(
      sent.flatMap(each => (each.type === 'chart' ? [each.chart.symbol] : [])),
      ['RCAT'],
    );
  });
  it('says that a symbol is gone that no session knows', () => {
    const { client, sent } = page();
    client.hear({ type: 'ready' });
    client.hear({ type: 'open', symbol: 'GONE' });
    deepEqual(sent.at(-2), { type: 'detail', symbol: 'GONE', detail: null });
  });
  it('nothing while it cannot be seen, and asks the session for nothing then', () => {
    const { client, types, trade, posted } = page();
    client.hear({ type: 'ready' });
    client.setVisible(false);
    const n = types().length;
    trade();
    equal(types().length, n);
    deepEqual(posted.filter(each => each.type === 'watch').at(-1), { type: 'watch', details: [], intervalMs: 500 });
    client.setVisible(true);
    ok(types().length > n);
  });
  it('a polite line for fills and link changes', () => {
    const { client, sent, tell } = page();
    const polite = () => sent.flatMap(each => (each.type === 'view' ? [each.view.polite] : [])).at(-1);
    client.hear({ type: 'ready' });
    tell({ type: 'fill', row: { ...RCAT.fills[0]!, qty: 97, price: '12.69' } });
    client.hear({ type: 'refresh' });
    equal(polite(), 'Filled: sold 97 RCAT at 12.69');
    tell({ type: 'snapshot', snapshot: snapshot({ phase: 'linkLost' }), details: [] });
    client.hear({ type: 'refresh' });
    equal(polite(), 'Link lost');
    tell({ type: 'snapshot', snapshot: snapshot(), details: [] });
    client.hear({ type: 'refresh' });
    equal(polite(), 'Link back, 7 positions reconciled');
  });
});

describe('dashboard client: what a page may ask for', () => {
  const act = (action: string, isConfirmed: boolean, symbol?: string) => ({
    type: 'act',
    id: 1,
    action,
    isConfirmed,
    ...(symbol === undefined ? {} : { symbol }),
  });
  const cases: readonly (readonly [
    name: string,
    mode: 'PAPER' | 'LIVE',
    intent: object,
    controls: string[],
    asked: string[],
  ])[] = [
    ['pause acts at once', 'PAPER', act('pause', false), ['pause'], []],
    ['pause acts at once on a live account', 'LIVE', act('pause', false), ['pause'], []],
    ['pause of one symbol', 'PAPER', act('pause', false, 'RCAT'), ['pauseRCAT'], []],
    ['resume acts at once on paper', 'PAPER', act('resume', false), ['resume'], []],
    ['resume is asked about on a live account', 'LIVE', act('resume', true), [], ['resume']],
    ['flatten after the page’s own question', 'PAPER', act('flatten', true, 'RCAT'), ['flattenRCAT'], []],
    ['flatten that nobody has confirmed is asked about', 'PAPER', act('flatten', false), [], ['flatten']],
    ['flatten on a live account is asked about in any case', 'LIVE', act('flatten', true), [], ['flatten']],
    ['the kill switch after the page’s own question', 'PAPER', act('kill', true), ['kill'], []],
    ['the kill switch on a live account', 'LIVE', act('kill', true), [], ['kill']],
    ['its release that nobody has confirmed', 'PAPER', act('release', false), [], ['release']],
  ];
  for (const [name, mode, intent, controls, asked] of cases)
    it(name, () => {
      const found = page(ALL, mode);
      found.client.hear({ type: 'ready' });
      found.client.hear(intent);
      deepEqual([found.controls(), found.asked], [controls, asked]);
    });
  it('asks about whatever raises the risk or cannot be undone', () =>
    deepEqual(
      (['pause', 'retry', 'resume', 'flatten', 'kill', 'release', 'resetLoss', 'stop'] as const).map(action =>
        needsYes(action, false),
      ),
      [false, false, false, true, true, true, true, true],
    ));

  it('is answered what became of an override, also when VS Code declines it', async () => {
    const { client, posted, tell, answers, settled } = page(ALL, 'LIVE');
    client.hear({ type: 'ready' });
    client.hear({ type: 'setOverride', id: 5, symbol: 'RCAT', side: 'buy', value: 0.1 });
    const request = posted.at(-1);
    ok(request?.type === 'override' && request.buy === 0.1);
    tell({ type: 'overrideAnswer', id: request.id!, outcome: 'asked', text: 'asked' });
    await settled();
    tell({ type: 'question', question: null });
    deepEqual(answers(), ['5 asked asked', '5 refused Declined in VS Code']);
  });
  it('opens a symbol that was asked for elsewhere, once, as soon as it is there to be seen', () => {
    const { client, sent } = page();
    const shown = () => sent.flatMap(each => (each.type === 'show' ? [each.symbol] : []));
    client.show('DPRO');
    client.show('RCAT');
    deepEqual(shown(), []);
    client.hear({ type: 'ready' });
    deepEqual(shown(), ['RCAT']);
    ok(sent.findIndex(each => each.type === 'show') < sent.findIndex(each => each.type === 'view'));
    client.setVisible(false);
    client.reloads();
    client.show('DPRO');
    client.setVisible(true);
    deepEqual(shown(), ['RCAT']);
    client.hear({ type: 'ready' });
    client.hear({ type: 'ready' });
    deepEqual(shown(), ['RCAT', 'DPRO']);
  });
  it('gets the preview that it asked for, or none', async () => {
    const { client, posted, sent, tell, settled } = page();
    client.hear({ type: 'ready' });
    client.hear({ type: 'preview', id: 6, symbol: 'RCAT', side: 'buy', value: 0.7 });
    const request = posted.at(-1);
    ok(request?.type === 'preview');
    tell({ type: 'preview', id: request.id, preview: null });
    await settled();
    deepEqual(sent.at(-1), { type: 'preview', id: 6, preview: null });
  });
  it('changes nothing where its home is read-only', async () => {
    const { client, posted, asked, commands, answers, settled } = page(NONE);
    client.hear({ type: 'ready' });
    const n = posted.length;
    client.hear(act('pause', true));
    client.hear(act('kill', true));
    client.hear({ type: 'setOverride', id: 2, symbol: 'RCAT', side: 'buy', value: 1 });
    client.hear({ type: 'dropOverride', id: 3, symbol: 'RCAT', side: 'buy' });
    client.hear({ type: 'writeOverride', id: 4, symbol: 'RCAT', side: 'buy' });
    client.hear({ type: 'command', command: 'start' });
    await settled();
    deepEqual([posted.length - n, asked, commands], [0, [], []]);
    equal(answers().filter(each => each.endsWith('refused This page is read-only')).length, 5);
  });
});

describe('dashboard intents: a stranger’s words', () => {
  const good: readonly object[] = [
    { type: 'ready' },
    { type: 'open', symbol: null },
    { type: 'open', symbol: 'BRK.B' },
    { type: 'act', id: 1, action: 'flatten', symbol: 'RCAT', isConfirmed: true },
    { type: 'setOverride', id: 1, symbol: 'RCAT', side: 'sell', value: 0.5 },
    { type: 'command', command: 'openLine', symbol: 'RCAT' },
  ];
  for (const message of good) it(`hears ${JSON.stringify(message)}`, () => deepEqual(readIntent(message), message));
  const bad: readonly unknown[] = [
    null,
    'ready',
    [],
    { type: 'open' },
    { type: 'open', symbol: '../x' },
    { type: 'open', symbol: 'a'.repeat(5000) },
    { type: 'act', id: 1, action: 'adopt', isConfirmed: true },
    { type: 'act', id: 1, action: 'constructor', isConfirmed: true },
    { type: 'act', id: 1, action: 'kill', isConfirmed: 'yes' },
    { type: 'act', id: 1.5, action: 'kill', isConfirmed: true },
    { type: 'act', id: 1, action: 'flatten', symbol: 7, isConfirmed: true },
    { type: 'setOverride', id: 1, symbol: 'RCAT', side: 'clip', value: 1 },
    { type: 'setOverride', id: 1, symbol: 'RCAT', side: 'buy', value: '1' },
    { type: 'setOverride', id: 1, symbol: 'RCAT', side: 'buy', value: Infinity },
    { type: 'dropOverride', symbol: 'RCAT', side: 'buy' },
    { type: 'command', command: 'workbench.action.quit' },
    { type: '__proto__' },
  ];
  for (const message of bad)
    it(`hears nothing in ${JSON.stringify(message)?.slice(0, 90)}`, () => equal(readIntent(message), null));
});
