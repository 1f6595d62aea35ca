/**
 * What pages over HTTP are told and may do, without a server: of the session while one runs, of its file while none does; changes
 * of programs; and that a page without the token only looks.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { SnapshotFollower } from '../../../src/session/snapshotFollower';
import type { DashboardView, ToDashboard } from '../../../src/shared/dashboard';
import type { FromSession, SessionConfig, SessionSnapshot, ToSession } from '../../../src/shared/protocol';
import { adjust, readAdjust } from '../../../src/ui/adjust';
import { SessionController } from '../../../src/ui/sessionController';
import { SnapshotPages } from '../../../src/ui/snapshotPages';
import { WebPages } from '../../../src/ui/webPages';
import type { Watched } from '../../../src/web/source';
import { RCAT, snapshot } from '../reports/moment';

const START = 1_700_000_000_000;

class Scene {
  now = START;
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-pages-'));
  readonly posted: ToSession[] = [];
  readonly asked: string[] = [];
  private readonly watched: Watched[] = [];
  say: (message: FromSession) => void = () => undefined;
  /** What the session makes of an override. */
  answer: (message: Extract<ToSession, { type: 'override' }>) => void = () => undefined;
  readonly controller = new SessionController({
    startThread: () => ({
      post: message => {
        this.posted.push(message);
        if (message.type === 'override') this.answer(message);
        if (message.type === 'stop') this.say({ type: 'ended', why: 'stopped', text: 'Stopped.' });
      },
      onMessage: listener => (this.say = listener),
      onExit: () => undefined,
      terminate: () => undefined,
    }),
    log: () => undefined,
    now: () => this.now,
  });
  readonly file = new SnapshotPages(
    new SnapshotFollower(
      () => [this.path],
      () => this.now,
    ),
    () => this.now,
  );
  readonly pages = new WebPages({
    controller: this.controller,
    file: this.file,
    ask: (action, symbol) => this.asked.push(`${action} ${symbol ?? ''}`.trim()),
    now: () => this.now,
  });

  get path(): string {
    return path.join(this.folder, 'dashboard_snapshot.json');
  }

  async run(given: Partial<SessionSnapshot> = {}): Promise<void> {
    const started = this.controller.start({ targetsFile: '/x/targets.txt', folder: '/x' } as SessionConfig);
    this.say({ type: 'snapshot', snapshot: snapshot(given), details: [{ ...RCAT, whyNot: [] }] });
    await started;
  }

  write(given: Partial<SessionSnapshot> = {}, savedAt = this.now, details: readonly object[] = []): void {
    fs.writeFileSync(this.path, JSON.stringify({ ...snapshot(given), savedAt, details }));
  }

  watch(mayChange: boolean) {
    const messages: ToDashboard[] = [];
    const kinds: (string | null)[] = [];
    const watched = this.pages.watch({
      mayChange,
      send: (json, kind) => {
        messages.push(JSON.parse(json) as ToDashboard);
        kinds.push(kind);
      },
    });
    this.watched.push(watched);
    const last = <T extends ToDashboard['type']>(type: T) =>
      messages.filter((message): message is Extract<ToDashboard, { type: T }> => message.type === type).at(-1);
    const view = (): DashboardView => {
      const found = last('view');
      ok(found);
      return found.view;
    };
    return { hear: (asked: unknown) => watched.hear(asked), last, view, messages, kinds };
  }

  end(): void {
    for (const each of this.watched) each.close();
    this.pages.dispose();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

let scene: Scene;
beforeEach(() => (scene = new Scene()));
afterEach(() => scene.end());
/** A page is told at its own pace. */
const until = async (isSo: () => boolean) => {
  for (const end = Date.now() + 10_000; !isSo();) {
    ok(Date.now() < end, 'waited ten seconds');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
};
const settled = () => new Promise(resolve => setImmediate(resolve));

describe('pages over HTTP', () => {
  it('without a session and a file say so', () => {
    const { view } = scene.watch(true);
    equal(view().status, 'idle');
    match(view().idleText, /^There is no dashboard_snapshot\.json at .+, and no session runs here\.$/);
    match(scene.pages.staleBecause() ?? '', /^There is no dashboard_snapshot\.json/);
    ok('reason' in scene.pages.snapshot());
  });

  it('of a running session are as in the panel, with what the token allows', async () => {
    await scene.run();
    deepEqual(scene.watch(true).view().can, { act: true, adjust: true, edit: false, asks: 'page' });
    deepEqual(scene.watch(false).view().can, { act: false, adjust: false, edit: false, asks: 'home' });
    equal(scene.pages.staleBecause(), null);
    const found = scene.pages.snapshot();
    deepEqual('text' in found && JSON.parse(found.text), JSON.parse(JSON.stringify(snapshot())));
  });

  it('on a live account leave the questions to VS Code', async () => {
    await scene.run({ mode: 'LIVE' });
    const page = scene.watch(true);
    equal(page.view().can.asks, 'home');
    page.hear({ type: 'act', id: 1, action: 'flatten', isConfirmed: true });
    await settled();
    equal(page.last('answer')?.outcome, 'asked');
    deepEqual(scene.asked, ['flatten']);
    deepEqual(
      scene.posted.filter(({ type }) => type === 'control'),
      [],
    );
  });

  it('send detail of the symbol that is open, and only the newest of each kind', async () => {
    await scene.run();
    const page = scene.watch(false);
    page.hear({ type: 'open', symbol: 'RCAT' });
    await settled();
    equal(page.last('detail')?.detail?.symbol, 'RCAT');
    deepEqual([...new Set(page.kinds)].sort(), ['detail', 'sparks', 'view']);
    const watch = scene.posted.filter(message => message.type === 'watch').at(-1);
    deepEqual(watch?.type === 'watch' && [watch.details, watch.intervalMs], [['RCAT'], 100]);
  });

  it('without the token change nothing, whatever they say', async () => {
    await scene.run();
    const page = scene.watch(false);
    const before = scene.posted.length;
    for (const intent of [
      { type: 'setOverride', id: 1, symbol: 'RCAT', side: 'buy', value: 0.7 },
      { type: 'dropOverride', id: 2, symbol: 'RCAT', side: 'buy' },
      { type: 'writeOverride', id: 3, symbol: 'RCAT', side: 'buy' },
      { type: 'act', id: 4, action: 'flatten', isConfirmed: true },
      { type: 'act', id: 5, action: 'stop', isConfirmed: true },
      { type: 'command', command: 'start' },
      { type: 'command', command: 'openTargets' },
      { type: 'eval', code: '1' },
      null,
      'flatten',
    ]) {
      page.hear(intent);
      await settled();
    }
    deepEqual(
      scene.posted.slice(before).map(({ type }) => type),
      [],
    );
    deepEqual(
      page.messages.flatMap(each => (each.type === 'answer' ? [[each.id, each.outcome]] : [])),
      [1, 2, 3, 4, 5].map(id => [id, 'refused']),
    );
    deepEqual(scene.asked, []);
  });

  it('say when the session has not been heard for too long', async () => {
    await scene.run();
    scene.now += 5000;
    equal(scene.pages.staleBecause(), null);
    scene.now += 2000;
    equal(scene.pages.staleBecause(), 'The session has not been heard for 7 s');
  });

  it('that stay open over start and stop go from the file to the session and back, with what they have open', async () => {
    scene.write({ phase: 'ended' }, START - 3_600_000);
    const page = scene.watch(true);
    page.hear({ type: 'open', symbol: 'RCAT' });
    equal(page.last('detail')?.detail, null);
    equal(page.view().notes[0]?.title, '1 h old.');
    await scene.run();
    await until(() => page.view().head?.link === 'Connected' && page.last('detail')?.detail?.symbol === 'RCAT');
    await scene.controller.stop();
    equal(page.view().head?.link, 'Not live');
    equal(page.last('detail')?.detail, null);
    deepEqual(page.view().can, { act: false, adjust: false, edit: false, asks: 'home' });
  });
});

describe('pages of a snapshot file', () => {
  it('of a session elsewhere show its rows, only to look at', () => {
    scene.write();
    const { view } = scene.watch(true);
    equal(view().rows.length, snapshot().symbols.length);
    equal(view().head?.link, 'Connected');
    equal(view().notes[0]?.title, 'Only to look at.');
    equal(scene.pages.staleBecause(), null);
  });

  it('that are old say how old; what was ready then is not ready now', () => {
    const { symbols } = snapshot();
    ok(symbols.some(({ state }) => state === 'entryReady') && snapshot().entryReady > 0);
    scene.write({}, START - 180_000);
    const { view } = scene.watch(true);
    equal(view().notes[0]?.title, '3 min old.');
    deepEqual([view().head?.link, view().head?.isLinked, view().head?.linkNote], ['Not live', false, '3 min old']);
    deepEqual(
      view().rows.filter(({ kind }) => kind === 'entry' || kind === 'trim'),
      [],
    );
    deepEqual(
      view()
        .figures?.counts.slice(0, 3)
        .map(({ value }) => value),
      ['0', '0', '0'],
    );
    equal(scene.pages.staleBecause(), 'The snapshot is 3 min old, expected at most 5 s');
  });

  it('open a symbol as it was, say from when that is, and let nothing of it be changed', () => {
    const { t } = snapshot();
    scene.write({}, START - 180_000, [{ t: t - 10_000, ...RCAT }]);
    const page = scene.watch(true);
    page.hear({ type: 'open', symbol: 'RCAT' });
    const detail = page.last('detail')?.detail;
    ok(detail);
    equal(detail.notes[0], 'As it was at 11:42:07 ET, 3 min ago. The price chart needs a session.');
    deepEqual([detail.ladder.length, detail.ladder[2]?.buy.price, detail.hasChart], [7, '12.30', false]);
    equal(detail.why[0]?.title, 'Next buy L3 waits for 1 of 14 conditions');
    deepEqual(page.view().can, { act: false, adjust: false, edit: false, asks: 'home' });
    page.hear({ type: 'open', symbol: 'DPRO' });
    deepEqual(page.last('detail'), { type: 'detail', symbol: 'DPRO', detail: null });
  });

  it('that are broken say how', () => {
    fs.writeFileSync(scene.path, '{"t":1,"mode":"REAL"}');
    const { view } = scene.watch(true);
    equal(view().status, 'idle');
    equal(
      view().idleText,
      'dashboard_snapshot.json cannot be used: mode: expected one of SIM, PAPER, LIVE, found "REAL".',
    );
  });

  it('refuse every change', () => {
    scene.write();
    const page = scene.watch(true);
    page.hear({ type: 'setOverride', id: 7, symbol: 'RCAT', side: 'buy', value: 0.7 });
    deepEqual(page.last('answer'), {
      type: 'answer',
      id: 7,
      outcome: 'refused',
      text: 'No session runs here, so nothing can be changed',
    });
  });
});

describe('a change of a program', () => {
  for (const [asked, expected] of [
    [
      { symbol: 'RCAT', buy_pct: 0.7, sell_pct: 0.5 },
      { symbol: 'RCAT', sides: { buy: 0.7, sell: 0.5 } },
    ],
    [
      { symbol: 'rcat', sell_pct: 1 },
      { symbol: 'RCAT', sides: { sell: 1 } },
    ],
    [
      { symbol: 'RCAT', buy_pct: null },
      { symbol: 'RCAT', sides: { buy: null } },
    ],
    [null, /^Expected an object/],
    [[], /^Expected an object/],
    ['RCAT', /^Expected an object/],
    [{}, /^Expected buy_pct, sell_pct or both$/],
    [{ symbol: 'RCAT' }, /^Expected buy_pct, sell_pct or both$/],
    [{ buy_pct: 0.7 }, /^Expected a ticker .+, found nothing and 0\.7$/],
    [{ symbol: 7, buy_pct: 0.7 }, /found 7 and 0\.7$/],
    [{ symbol: '../x', buy_pct: 0.7 }, /found "\.\.\/x" and 0\.7$/],
    [
      { symbol: 'RCAT', buy_pct: '0.7' },
      /^Expected a ticker and for buy_pct a number or null, found "RCAT" and "0\.7"$/,
    ],
    [{ symbol: 'RCAT', buy_pct: true }, /found "RCAT" and true$/],
    [{ symbol: 'RCAT', buy_pct: {} }, /found "RCAT" and \{\}$/],
    [{ symbol: 'RCAT', buy: 0.7 }, /^Expected symbol, buy_pct or sell_pct, found "buy"$/],
    [{ symbol: 'RCAT', constructor: 1 }, /found "constructor"$/],
    [JSON.parse('{"symbol":"RCAT","__proto__":1}'), /found "__proto__"$/],
  ] as const)
    it(JSON.stringify(asked), () => {
      const read = readAdjust(asked);
      if (expected instanceof RegExp) match('error' in read ? read.error : 'read', expected);
      else deepEqual(read, expected);
    });

  it('needs a session that knows the symbol', async () => {
    equal((await adjust(scene.controller, { symbol: 'RCAT', buy_pct: 0.7 })).status, 503);
    await scene.run();
    deepEqual(await adjust(scene.controller, { symbol: 'NOPE', buy_pct: 0.7 }), {
      status: 422,
      body: { error: 'The session knows no NOPE' },
    });
  });

  const answering = (outcome: 'taken' | 'asked' | 'refused', text: string) => {
    scene.answer = ({ id = 0 }) => scene.say({ type: 'overrideAnswer', id, outcome, text });
  };

  it('is answered when the session says that it is in force', async () => {
    await scene.run();
    answering('taken', '');
    let isAnswered = false;
    const answer = adjust(scene.controller, { symbol: 'RCAT', buy_pct: 0.7 }).finally(() => (isAnswered = true));
    await settled();
    scene.say({ type: 'snapshot', snapshot: snapshot(), details: [] });
    await settled();
    equal(isAnswered, false);
    const symbols = snapshot().symbols.map(each =>
      each.symbol === 'RCAT' ? { ...each, buyPercent: 0.7, override: { buy: 0.7, sell: null } } : each,
    );
    scene.say({ type: 'snapshot', snapshot: snapshot({ symbols }), details: [] });
    deepEqual(await answer, {
      status: 200,
      body: { state: 'taken', symbol: 'RCAT', buy_pct: 0.7, sell_pct: RCAT.sellPercent },
    });
  });

  it('that is out of range is refused in the words of the session', async () => {
    await scene.run();
    answering('refused', 'RCAT: buy must be 0.10 to 10.00 percent, found 12');
    deepEqual(await adjust(scene.controller, { symbol: 'RCAT', buy_pct: 12 }), {
      status: 422,
      body: { error: 'RCAT: buy must be 0.10 to 10.00 percent, found 12' },
    });
  });

  it('that a person is asked about first says so', async () => {
    await scene.run({ mode: 'LIVE' });
    answering('asked', 'A person is asked in VS Code first.');
    equal((await adjust(scene.controller, { symbol: 'RCAT', buy_pct: 0.3 })).status, 202);
  });
});
