/** What is in force after a start and after each saved change. */
import { deepEqual, equal } from 'node:assert/strict';
import {
  startTargets,
  updateTargets,
  type Target,
  type TargetsInForce,
  type TargetsUpdate,
} from '../../../src/targets/resolve';
import { DEFAULTS, SAMPLE_TARGETS } from '../../../src/targets/schema';

const BASE = { equity: 100_000, risky: 0.5, safe: 0.3 };

function start(text: string, base = BASE): TargetsInForce {
  const result = startTargets(text, base);
  if (!result.ok) throw new Error(`expected a start, found ${result.findings.map(finding => finding.code).join()}`);
  return result.value;
}

/** A start followed by saved changes, the last of which is returned. */
function after(first: string, ...texts: string[]): TargetsUpdate {
  let result: TargetsUpdate = { value: start(first), findings: [], changes: [] };
  for (const text of texts) result = updateTargets(result.value, text, BASE);
  return result;
}

const one = (target: Target): string =>
  `${target.symbol}@${target.line} ${target.class} ${target.buy}/${target.sell}${target.clip === null ? '' : ` ${target.clip}`}`;
const inForce = (value: TargetsInForce): string => value.targets.map(one).join(' | ');
const removed = (value: TargetsInForce): string => value.removed.map(one).join(' | ');
const refused = (value: TargetsInForce): string =>
  value.notInForce
    .map(entry => `${entry.symbol ?? entry.kind}@${entry.line} ${entry.reasons.map(reason => reason.code).join()}`)
    .join(' | ');
const changes = (update: TargetsUpdate): string =>
  update.changes
    .map(change => {
      if (change.type === 'config') return `config ${change.after.equity} ${change.after.risky} ${change.after.safe}`;
      if (change.type === 'changed') return `${one(change.before)} to ${one(change.after)}`;
      return `${change.type} ${change.target.symbol}`;
    })
    .join(' | ');

describe('targets: at start', () => {
  it('trades the sample file', () => {
    const value = start(SAMPLE_TARGETS, DEFAULTS);
    deepEqual(value.config, { equity: 150_000, risky: 0.6, safe: 0.4 });
    equal(value.targets.map(target => target.symbol).join(' '), 'RCAT DPRO UMAC AVAV KTOS LPTH ONDS EH SPAI');
    equal(
      value.targets
        .filter(target => target.class === 'safe')
        .map(one)
        .join(' | '),
      ['KTOS@7 safe 0.4/0.5 750', 'LPTH@8 safe 0.4/0.5', 'EH@10 safe 0.4/0.5'].join(' | '),
    );
    equal(
      new Set(value.targets.filter(target => target.class === 'risky').map(({ buy, sell }) => `${buy}/${sell}`)).size,
      1,
    );
  });

  it('fills in the defaults, upper-cases tickers, keeps the order of the file', () => {
    equal(inForce(start('zz\nbrk.b clip=5 class=SAFE\n')), 'ZZ@0 risky 2/1.5 | BRK.B@1 safe 2/1.5 5');
  });

  it('trades nothing of an empty file', () => {
    equal(inForce(start('')), '');
    equal(inForce(start('\ufeff# nothing\r\n')), '');
  });

  it('does not trade an invalid line and says so', () => {
    const value = start('A buy=12\nB\n$C\n');
    equal(inForce(value), 'B@1 risky 2/1.5');
    equal(refused(value), 'A@0 value/range | symbol@2 symbol/invalid');
    deepEqual(
      value.notInForce.map(entry => entry.running),
      [null, null],
    );
  });

  it('counts the first line of a ticker, also when that one is invalid', () => {
    equal(inForce(start('A buy=1\nA buy=2')), 'A@0 risky 1/1.5');
    const value = start('A buy=12\na buy=2');
    equal(inForce(value), '');
    equal(refused(value), 'A@0 value/range | A@1 symbol/duplicate');
  });

  it('names the first line as what runs instead of a duplicate', () => {
    equal(start('A buy=1\nA buy=2').notInForce[0]?.running?.buy, 1);
  });

  it('refuses an invalid @config, a directive that is none, and shares below the file over 1', () => {
    for (const text of [
      '@config risky=2',
      '@config equity',
      '@confg equity=1',
      '@config risky=0.8',
      '@config risky=.1 risky=.1',
    ]) {
      equal(startTargets(`A\n${text}`, BASE).ok, false, text);
    }
    equal(startTargets('A', { ...BASE, risky: 0.8 }).ok, false);
    equal(startTargets('A buy=99', BASE).ok, true);
  });

  it('puts @config over what holds below it, key by key and line by line', () => {
    const value = start('@config equity=7\nA\n@config safe=0.5');
    deepEqual(value.config, { equity: 7, risky: 0.5, safe: 0.5 });
    deepEqual(value.configFound, { equity: 7, safe: 0.5 });
  });
});

describe('targets: a saved change in a running session', () => {
  it('counts', () => {
    const update = after('A\nB', 'A buy=1\nB');
    equal(inForce(update.value), 'A@0 risky 1/1.5 | B@1 risky 2/1.5');
    equal(changes(update), 'A@0 risky 2/1.5 to A@0 risky 1/1.5');
  });

  it('is told for each thing that can change', () => {
    equal(changes(after('A', 'A class=safe')), 'A@0 risky 2/1.5 to A@0 safe 2/1.5');
    equal(changes(after('A', 'A sell=1')), 'A@0 risky 2/1.5 to A@0 risky 2/1');
    equal(changes(after('A', 'A clip=5')), 'A@0 risky 2/1.5 to A@0 risky 2/1.5 5');
    equal(changes(after('A', 'A\n@config safe=0.1')), 'config 100000 0.5 0.1');
    equal(changes(after('A', 'A\n@config risky=0.1')), 'config 100000 0.1 0.3');
  });

  it('names @config first among what is not in force', () => {
    equal(refused(after('A', 'A buy=x\n@config risky=2').value), 'config@1 value/range | A@0 value/notNumber');
  });

  it('is none when a line only moves', () => {
    const update = after('A\nB', '# note\nB\nA # x');
    equal(inForce(update.value), 'B@1 risky 2/1.5 | A@2 risky 2/1.5');
    equal(changes(update), '');
  });

  it('leaves the last good version of an invalid line in force, at the place where it stands', () => {
    const update = after('A buy=1\nB', 'B\n\nA buy=12', 'B\n\n\nA buy=13');
    equal(inForce(update.value), 'B@0 risky 2/1.5 | A@3 risky 1/1.5');
    equal(refused(update.value), 'A@3 value/range');
    equal(update.value.notInForce[0]?.running?.buy, 1);
    equal(changes(update), '');
  });

  it('takes a line that is good again', () => {
    const update = after('A buy=1', 'A buy=x', 'A buy=3');
    equal(inForce(update.value), 'A@0 risky 3/1.5');
    equal(refused(update.value), '');
    equal(changes(update), 'A@0 risky 1/1.5 to A@0 risky 3/1.5');
  });

  it('does not trade a new line that is invalid', () => {
    const update = after('A', 'A\nB buy=x');
    equal(inForce(update.value), 'A@0 risky 2/1.5');
    equal(refused(update.value), 'B@1 value/notNumber');
  });

  it('never gives a later duplicate the place of the first line', () => {
    const update = after('A buy=1', 'A buy=x\nA buy=3');
    equal(inForce(update.value), 'A@0 risky 1/1.5');
    equal(refused(update.value), 'A@0 value/notNumber | A@1 symbol/duplicate');
    deepEqual(
      update.value.notInForce.map(entry => entry.running?.buy),
      [1, 1],
    );
  });

  it('winds down what is no longer listed, with its last good line, until it is listed again', () => {
    const gone = after('A buy=1\nB', 'A buy=x\nB', 'B', 'B # later');
    equal(inForce(gone.value), 'B@0 risky 2/1.5');
    equal(removed(gone.value), 'A@0 risky 1/1.5');
    equal(changes(gone), '');
    equal(changes(after('A\nB', 'B')), 'removed A');
    const back = updateTargets(gone.value, 'B\nA buy=4', BASE);
    equal(inForce(back.value), 'B@0 risky 2/1.5 | A@1 risky 4/1.5');
    equal(removed(back.value), '');
    equal(changes(back), 'added A');
  });

  it('goes on winding down a symbol that is listed again on an invalid line', () => {
    const update = after('A buy=1', '', 'A buy=x');
    equal(inForce(update.value), '');
    equal(removed(update.value), 'A@0 risky 1/1.5');
    equal(refused(update.value), 'A@0 value/notNumber');
  });

  it('winds all down on an emptied file and takes all back', () => {
    const update = after('A\nB', '', 'A\nB');
    equal(removed(after('A\nB', '').value), 'A@0 risky 2/1.5 | B@1 risky 2/1.5');
    equal(inForce(update.value), 'A@0 risky 2/1.5 | B@1 risky 2/1.5');
    equal(removed(update.value), '');
  });

  it('leaves the last good @config in force and still takes the symbols', () => {
    const update = after('@config equity=7\nA', '@config equity=8 risky=2\nA buy=1');
    deepEqual(update.value.config, { equity: 7, risky: 0.5, safe: 0.3 });
    deepEqual(update.value.configFound, { equity: 7 });
    equal(inForce(update.value), 'A@1 risky 1/1.5');
    equal(refused(update.value), 'config@0 value/range');
  });

  it('goes back to what holds below the file when @config goes', () => {
    const update = after('@config equity=7\nA', 'A');
    deepEqual(update.value.config, BASE);
    equal(changes(update), 'config 100000 0.5 0.3');
  });

  it('takes a change of what holds below the file', () => {
    const update = updateTargets(start('@config risky=0.4'), '@config risky=0.4', { equity: 5, risky: 0.9, safe: 0.6 });
    deepEqual(update.value.config, { equity: 5, risky: 0.4, safe: 0.6 });
  });

  it('leaves what was in force before untouched', () => {
    const before = start('A buy=1\nB');
    const copy = structuredClone(before);
    updateTargets(before, 'A buy=x\n@config equity=1', BASE);
    deepEqual(before, copy);
  });
});
