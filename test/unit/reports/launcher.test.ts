import assert from 'node:assert/strict';
import { conditionWords, launcherRows, type LauncherFacts, type LauncherRow } from '../../../src/reports/launcher';
import { partsOf, unmetParts } from '../../../src/reports/whenClause';
import { PALETTE_COMMANDS } from '../../../tools/manifest';

const idle: LauncherFacts = {
  context: { 'dronebot.state': 'idle', 'dronebot.mode': '', 'dronebot.paused': false, 'dronebot.killed': false },
  isTrusted: true,
  nFolders: 1,
  hasTargets: true,
  hasDayFiles: true,
  broker: 'simulator',
};
const running = { ...idle, context: { ...idle.context, 'dronebot.state': 'running', 'dronebot.mode': 'SIM' } };
const rows = (facts: LauncherFacts): LauncherRow[] => launcherRows(PALETTE_COMMANDS, facts);
const blocked = (id: string, facts: LauncherFacts): string | null | undefined => {
  const row = rows(facts).find(each => each.kind === 'command' && each.id === id);
  return row?.kind === 'command' ? row.blocked : undefined;
};
const groups = (facts: LauncherFacts): string[] =>
  rows(facts).flatMap(row => (row.kind === 'group' ? [row.label] : []));

describe('the launcher', () => {
  it('offers everything that the palette offers, once', () => {
    for (const facts of [idle, running]) {
      const offered = rows(facts).flatMap(row => (row.kind === 'command' ? [row.id] : []));
      const expected = PALETTE_COMMANDS.map(({ id }) => id).filter(id => id !== 'launcher');
      assert.deepEqual([...offered].sort(), [...expected].sort());
    }
  });

  it('begins with the start of the day while idle, with what is to be seen while running', () => {
    assert.deepEqual(groups(idle), ['Start of day', 'End of day', 'Look', 'Less risk', 'More']);
    assert.deepEqual(groups(running), ['Look', 'Less risk', 'Start of day', 'End of day', 'More']);
  });

  it('takes a command that no group names at the end', () => {
    const all = launcherRows([...PALETTE_COMMANDS, { id: 'brandNew', title: 'Brand New' }], idle);
    assert.equal((all.at(-1) as { id: string }).id, 'brandNew');
  });

  for (const [id, facts, reason] of [
    ['start', idle, null],
    ['pause', idle, 'no session is running'],
    ['stop', idle, 'no session is running'],
    ['start', running, 'a session is running'],
    ['pause', running, null],
    ['resume', running, 'entries are not paused'],
    ['pause', { ...running, context: { ...running.context, 'dronebot.paused': true } }, 'entries are paused already'],
    ['release', running, 'the kill switch is off'],
    ['kill', { ...running, context: { ...running.context, 'dronebot.killed': true } }, 'the kill switch is on already'],
    [
      'flatten',
      { ...idle, context: { ...idle.context, 'dronebot.state': 'starting' } },
      'the session is still starting',
    ],
    ['start', { ...idle, context: {} }, null],
    ['start', { ...idle, nFolders: 0 }, 'no folder on this machine is open'],
    ['startIb', { ...idle, isTrusted: false }, 'this folder is in Restricted Mode'],
    ['startOfDay', { ...idle, hasTargets: false }, 'there is no targets.txt in this folder'],
    ['endOfDay', { ...idle, hasDayFiles: false }, 'no session has written files here'],
    ['endOfDay', running, 'a session is running'],
    ['createTargets', { ...idle, nFolders: 0, isTrusted: false, hasTargets: false }, null],
    ['openDashboard', { ...idle, nFolders: 0 }, null],
  ] as const)
    it(`${id}: ${reason ?? 'can run'}`, () => assert.equal(blocked(id, facts), reason));

  it('says where Start Live connects to', () => {
    const detail = (broker: 'simulator' | 'ib') =>
      rows({ ...idle, broker }).find(row => row.kind === 'command' && row.id === 'start');
    assert.match(JSON.stringify(detail('simulator')), /On the simulator/);
    assert.match(JSON.stringify(detail('ib')), /On TWS or IB Gateway/);
  });

  it('has words for every condition of a command', () => {
    const parts = PALETTE_COMMANDS.flatMap(({ enablement }) => partsOf(enablement ?? ''));
    assert.ok(parts.length > 0);
    assert.deepEqual(
      [...new Set(parts)].filter(part => conditionWords(part, 'idle') === undefined),
      [],
    );
  });
});

describe('a condition of the manifest', () => {
  for (const [when, context, unmet] of [
    ['', {}, []],
    ['a == b', { a: 'b' }, []],
    ['a == b', { a: 'c' }, ['a == b']],
    ['a != b', {}, []],
    ['!a && b', { b: true }, []],
    ['!a && b', { a: true }, ['!a', 'b']],
    ['!a || a == idle', { a: 'idle' }, []],
    ['!a || a == idle', { a: 'running' }, ['a == idle']],
    ["a == 'x'", { a: 'x' }, []],
  ] as const)
    it(`${when || '(none)'} with ${JSON.stringify(context)}`, () => assert.deepEqual(unmetParts(when, context), unmet));
});
