/**
 * Every limit and every switch of docs/strategy.md §8 in one table: what a person is told when it is reached, how *why not* says it
 * (with both numbers where there are numbers), what does not end it, and what does.
 */
import { deepEqual, equal, match } from 'node:assert/strict';
import { noticeMessage } from '../../../src/reports/noticeText';
import { GATES_OF } from '../../../src/strategy/gateLists';
import { GATE_IDS } from '../../../src/strategy/gates';
import { Desk, UP, type DeskOptions } from './desk';

type Step = (desk: Desk) => Desk;

interface Row {
  readonly name: string;
  readonly options?: DeskOptions;
  /** Until it is reached; a rung is touched and z above 0 then, so that nothing else holds a buy back. */
  readonly reach: Step;
  /** The code of its notice, its level, its words and buttons; null: nothing is told, the surfaces show it. */
  readonly told: readonly [code: string, level: string, text: string] | null;
  /** Where it stands among the conditions of a buy. */
  readonly whyNot: string;
  readonly stays?: Readonly<Record<string, Step>>;
  readonly ends: Readonly<Record<string, Step>>;
  /** What it ends with is no buy: the symbol rests, or a short is not traded. */
  readonly thenRests?: true;
}

const ready = (desk: Desk): Desk => desk.until('09:35').wait(1).z(UP);
/** What the broker holds of the bot's, as the stream has told it. */
const held = (desk: Desk): Record<string, number> => ({ A: desk.book().position.shares });
/** A later session on the same state, at the same moment, with a rung touched. */
const restart =
  (settings: DeskOptions['settings'] = {}): Step =>
  desk => {
    const later = desk.restart({ settings, begin: '09:25' });
    later.t = desk.t;
    return touched(bars(later.connect(held(desk))));
  };
/** The next day at the same price, with the reference of before. */
const nextDay: Step = desk => {
  desk.until('+1 09:31');
  for (const symbol of desk.core.books.keys()) desk.makeReady(symbol);
  return touched(bars(desk.tick({ close: 100 }).quote(100)));
};
const bars: Step = desk => {
  const start = Math.floor(desk.t / 86_400_000) * 86_400_000 + 14 * 3_600_000;
  return desk.hear({ type: 'bar', symbol: 'A', start, open: 100, high: 100, low: 100, close: 100, volume: 1 });
};
const touched: Step = desk => desk.z(UP).quote(98);
const EACH = 'A clip=1000 buy=0.60 sell=0.60';
const rejected =
  (times: number): Step =>
  desk => {
    ready(desk).quote(98);
    for (let n = 0; n < times; n++) {
      desk.hear({
      type: 'order', orderId: desk.newest.orderId, status: 'rejected', filled: 0, remaining: 1,
      code: 201, text: 'Order size exceeds limit',
    }); // prettier-ignore
      desk.wait(2 ** n);
    }
    return desk;
  };
const ROWS: readonly Row[] = [
  {
    name: 'largest order, USD',
    options: { settings: { 'limits.orderUsd': 50 } },
    reach: desk => ready(desk).quote(98),
    told: ['limitReached', 'info', 'A does not buy L1 now: largest order $50, a share needs $98.40.'],
    whyNot: 'largest order $50, a share needs $98.40',
    stays: { time: desk => touched(desk.wait(70)) },
    ends: { 'another setting at the next start': restart() },
  },
  {
    name: 'buy orders in 60 s, all symbols',
    options: { targets: `${EACH}\nB clip=1000 buy=0.60 sell=0.60`, settings: { 'limits.buysPerMinute': 1 } },
    reach: desk => ready(desk).z(UP, 'B').quote(98, 'B').fill(0).quote(98),
    told: ['limitReached', 'info', 'A does not buy L1 now: 1 buy orders in 60 s, under 1.'],
    whyNot: '1 buy orders in 60 s, under 1',
    stays: { 'not quite a minute': desk => desk.z(0, 'B').wait(58) },
    ends: { 'a minute': desk => desk.z(0, 'B').z(0).wait(60).z(UP) },
  },
  {
    name: 'buy orders in 60 s, one symbol',
    options: { settings: { 'limits.symbolBuysPerMinute': 1 } },
    reach: desk => ready(desk).quote(98).fill(0).z(UP).wait(4),
    told: ['limitReached', 'info', 'A does not buy L1 now: 1 buy orders of the symbol in 60 s, under 1.'],
    whyNot: '1 buy orders of the symbol in 60 s, under 1',
    stays: { 'not quite a minute': desk => desk.wait(54) },
    ends: { 'a minute': desk => desk.z(0).wait(60).z(UP) },
  },
  {
    name: 'limit price from the mid',
    options: { settings: { 'limits.fromMidPercent': 0.5 } },
    reach: desk => ready(desk).tick({ bid: 97.2, ask: 98.8, last: 98 }),
    told: ['limitReached', 'info', 'A does not buy L1 now: limit 1.22% from the mid, at most 0.5%.'],
    whyNot: 'limit 1.22% from the mid, at most 0.5%',
    stays: { time: desk => desk.wait(70) },
    ends: { 'a nearer quote': desk => desk.quote(98) },
  },
  {
    name: 'effective equity',
    options: { targets: `@config equity=140 risky=1 safe=0\n${EACH}` },
    reach: desk => ready(desk).quote(98),
    told: ['limitReached', 'info', 'A does not buy L1 now: $94 left of the equity in use, a share needs $98.40.'],
    whyNot: '$94 left of the equity in use, a share needs $98.40',
    ends: { 'more equity': desk => desk.hear({ type: 'targets', text: `@config equity=1400 risky=1 safe=0\n${EACH}` }) },
  },
  {
    name: 'class budget',
    options: { targets: `@config equity=10000 risky=0.014 safe=0\n${EACH}` },
    reach: desk => ready(desk).quote(98),
    told: ['limitReached', 'info', 'A does not buy L1 now: $94 left of the class budget, a share needs $98.40.'],
    whyNot: '$94 left of the class budget, a share needs $98.40',
    ends: { 'a larger share': desk => desk.hear({ type: 'targets', text: `@config equity=10000 risky=0.5 safe=0\n${EACH}` }) },
  },
  {
    name: 'symbol’s limit',
    options: { targets: `@config equity=10000 risky=0.02 safe=0\n${EACH}\nB\nC\nD` },
    reach: desk => ready(desk).quote(98),
    told: ['limitReached', 'info', 'A does not buy L1 now: $74 left of the symbol’s limit, a share needs $98.40.'],
    whyNot: '$74 left of the symbol’s limit, a share needs $98.40',
    ends: { 'fewer symbols': desk => desk.hear({ type: 'targets', text: `@config equity=10000 risky=0.02 safe=0\n${EACH}` }) },
  },
  {
    name: 'rejects in a row',
    options: { settings: { 'layers.buyCooldownSeconds': 0 } },
    reach: rejected(3),
    told: ['buysPausedRejects', 'warning', 'A buys are paused: 3 orders in a row were rejected, last with "Order size exceeds limit" (code 201). Exits go on. [Resume A buys] [Show log]'],
    whyNot: '3 orders in a row were rejected, under 3',
    stays: { time: desk => desk.wait(90), 'a resume of all': desk => desk.control('pause').control('resume'), restart: restart(), 'a new day': nextDay },
    ends: { 'a resume of the symbol': desk => desk.control('resume', 'A') },
  },
  {
    name: 'wait after a reject',
    options: { settings: { 'layers.buyCooldownSeconds': 0 } },
    reach: desk => rejected(1)(desk).status('rejected'),
    told: null,
    whyNot: 'waits 2.0 s after a reject',
    ends: { time: desk => desk.z(0).wait(2).z(UP) },
  },
  {
    name: 'the day’s loss',
    options: { targets: `@config equity=10000\n${EACH}`, settings: { 'protection.hardStopPercent': 50 } },
    reach: desk => touched(ready(desk).quote(98).fill(undefined, 98).z(0).wait(4)).quote(79.8),
    told: ['dayLoss', 'alarm', "The day's loss is $201, limit $200. Buys stay off today until you reset it; exits go on. [Show dashboard]"],
    whyNot: 'the day’s loss is $201, under $200',
    stays: { 'the price of before': desk => touched(desk).wait(5), 'a resume': desk => desk.control('resume'), restart: restart({ 'protection.hardStopPercent': 50 }) },
    ends: { 'a person’s reset': desk => desk.control('resetLoss').wait(1), 'a new day': nextDay },
  },
  {
    name: 'the day’s loss again, after a reset',
    options: { targets: `@config equity=10000\n${EACH}`, settings: { 'protection.hardStopPercent': 50 } },
    reach: desk => ready(desk).quote(98).fill(undefined, 98).z(0).wait(4).quote(79.8).control('resetLoss').z(UP).quote(61),
    told: ['dayLoss', 'alarm', "The day's loss is $408, limit $401. Buys stay off today until you reset it; exits go on. [Show dashboard]"],
    whyNot: 'the day’s loss is $408, under $401',
    ends: { 'a person’s reset': desk => desk.control('resetLoss').wait(1) },
  },
  {
    name: 'protective exits in a day, rest and L1',
    options: { settings: { 'protection.exitsPerDay': 1 } },
    reach: desk => {
      ready(desk).quote(98).fill(undefined, 98).z(0).wait(1).quote(93).fill().wait(61).quote(100).wait(1);
      return touched(desk);
    },
    told: ['limitReached', 'info', 'A does not buy L1 now: 1 protective exits today, under 1.'],
    whyNot: '1 protective exits today, under 1',
    stays: { time: desk => desk.wait(120), 'a resume': desk => desk.control('resume', 'A'), restart: restart({ 'protection.exitsPerDay': 1 }) },
    ends: { 'a new day': nextDay },
  },
  {
    name: 'kill switch',
    reach: desk => touched(ready(desk).control('kill')),
    told: ['kill', 'info', 'The kill switch is thrown: no buys until a person releases it. Exits go on.'],
    whyNot: 'the kill switch is thrown',
    stays: { 'a resume': desk => desk.control('resume').control('resume', 'A'), restart: restart(), 'a new day': nextDay },
    ends: { release: desk => desk.control('release') },
  },
  {
    name: 'pause entries',
    reach: desk => touched(ready(desk).control('pause')),
    told: ['pause', 'info', 'Entries paused. Exits go on.'],
    whyNot: 'entries are paused',
    stays: { restart: restart(), 'a new day': nextDay, 'a resume of the symbol': desk => desk.control('resume', 'A'), release: desk => desk.control('release') },
    ends: { resume: desk => desk.control('resume') },
  },
  {
    name: 'protect only',
    reach: desk => touched(ready(desk).control('protect')),
    told: ['protect', 'info', 'Protect only: no buys. Exits go on.'],
    whyNot: 'entries are paused',
    stays: { restart: restart(), 'a new day': nextDay },
    ends: { resume: desk => desk.control('resume') },
  },
  {
    name: 'pause of a symbol',
    reach: desk => touched(ready(desk).control('pause', 'A')),
    told: ['pause', 'info', 'A buys paused. Exits go on.'],
    whyNot: 'buys of the symbol are paused by you',
    stays: { 'a resume of all': desk => desk.control('resume'), restart: restart(), 'a new day': nextDay },
    ends: { 'a resume of the symbol': desk => desk.control('resume', 'A') },
  },
  {
    name: 'shares that the journal does not explain',
    options: { positions: { A: 30 } },
    reach: desk => touched(ready(desk)),
    told: ['unexplained', 'warning', 'The broker reports 30 shares of A, the bot counts 0: 30 are not explained, and its buys are paused. Leave them alone and they are never sold; adopt them and they are protected and may be sold. [Leave alone] [Adopt…]'],
    whyNot: 'the broker reports 30 shares, 0 are explained',
    stays: { 'a resume of all': desk => desk.control('resume'), 'a resume of the symbol': desk => desk.control('resume', 'A'), 'a new day': nextDay },
    ends: { 'leave alone': desk => desk.control('leaveAlone', 'A'), adopt: desk => desk.control('adopt', 'A').quote(96), 'they are gone': desk => desk.reconcile({}) },
  },
  {
    name: 'fewer shares than the bot’s',
    reach: desk => touched(ready(desk).quote(98).fill(undefined, 98).z(0).wait(4).position(4).wait(3)),
    told: ['fewerShares', 'alarm', 'The broker reports 4 shares of A, the bot counts 11. The newest layers are shrunk to it and buys are paused. [Resume A buys] [Flatten…] [Show A]'],
    whyNot: 'the broker reported fewer shares than the bot’s, 4 now; buys wait for a person',
    stays: { time: desk => desk.wait(60), restart: restart(), 'a new day': nextDay },
    ends: { 'a resume of the symbol': desk => desk.control('resume', 'A') },
  },
  {
    name: 'a short that appeared',
    reach: desk => touched(ready(desk).position(-5).reconcile({ A: -5 }, { partial: true })),
    told: ['shortAppeared', 'alarm', 'A is short by 5 shares at the broker. Its buys are paused. Look at the broker. [Show A]'],
    whyNot: 'the broker reports −5 shares, 0 are explained',
    stays: { 'a resume of all': desk => desk.control('resume'), 'a resume of the symbol': desk => desk.control('resume', 'A') },
    ends: { 'it is covered': desk => desk.position(0) },
  },
  {
    name: 'a short that was there',
    options: { positions: { A: -5 } },
    reach: desk => touched(ready(desk)),
    told: ['shortFound', 'warning', 'A was short at the broker already (−5 shares). It is left alone and not traded. [Show A]'],
    whyNot: 'the broker reports −5 shares, 0 are explained',
    stays: { 'a new day': nextDay, 'a resume of the symbol': desk => desk.control('resume', 'A') },
    ends: { 'it is covered': desk => desk.position(0) },
  },
  {
    name: 'a journal that cannot be written',
    reach: desk => touched(ready(desk).hear({ type: 'journalState', ok: false, text: 'no space left' })),
    told: ['journalNotWritten', 'alarm', 'The journal cannot be written: no space left. Nothing is bought until it can; exits go on. [Show log]'],
    whyNot: 'the journal cannot be written',
    stays: { 'a resume': desk => desk.control('resume') },
    ends: { 'it is written': desk => desk.hear({ type: 'journalState', ok: true }) },
  },
  {
    name: 'a live account that does not tell its values',
    options: { needsAccountValues: true },
    reach: desk => touched(ready(desk)),
    told: null,
    whyNot: 'the account does not tell its values',
    ends: { 'it tells them': desk => desk.hear({ type: 'account', netLiquidation: '150000' }) },
  },
  {
    name: 'flatten',
    reach: desk => touched(ready(desk).quote(98).fill(undefined, 98).z(0).wait(4).control('flatten')),
    told: ['flatten', 'info', 'Flatten: 1 position to sell.'],
    whyNot: 'an exit is on until flat',
    stays: { 'a resume': desk => desk.control('resume'), 'nothing sold': desk => desk.wait(1).status('cancelled') },
    ends: { flat: desk => desk.wait(1).fill() },
    thenRests: true,
  },
  {
    name: 'sells that are rejected',
    reach: desk => {
      ready(desk).quote(98).fill(undefined, 98).z(0).wait(4).control('flatten').wait(1);
      for (let n = 0; n < 3; n++) desk.status('rejected').wait(2 ** n);
      return desk.status('rejected');
    },
    told: ['sellRejected', 'alarm', "4 sell orders of A in a row were rejected (flatten). It is tried again; look at the broker's words in the log. [Show log] [Show A]"],
    whyNot: 'an exit is on until flat',
    ends: { 'one that is taken': desk => desk.wait(8).fill() },
    thenRests: true,
  },
]; // prettier-ignore

describe('engine: limits and switches', () => {
  for (const row of ROWS) {
    describe(row.name, () => {
      const reach = (): Desk => row.reach(new Desk(row.options));

      it('is told, and stands in why not', () => {
        const desk = reach();
        equal(told(desk, row.told?.[0]), row.told === null ? '' : `${row.told[1]}: ${row.told[2]}`);
        deepEqual(unmet(desk).filter(text => text === row.whyNot), [row.whyNot]); // prettier-ignore
        equal(desk.engine.detail('A')!.whyNot[0]!.ready, false);
      });

      for (const [what, step] of Object.entries(row.stays ?? {}))
        it(`is not ended by: ${what}`, () => isIn(row, step(reach()), true));
      for (const [what, step] of Object.entries(row.ends))
        it(`is ended by: ${what}`, () => {
          const desk = step(reach());
          isIn(row, desk, false);
          if (row.thenRests !== true) match(desk.z(UP).wait(4).tags(), /ladder_buy/);
        });
    });
  }

  it('are all there: each condition of a buy is one of them, or one of the market and the rung', () => {
    const market = 'regularHours firstLast linked liveData notHalted noneInFlight quote notQuiet notBlind spreadBuy reference referenceBand download timeToClose notWoundDown rest aboveL1 cooldown zPositive rungLeft rungTouched'; // prettier-ignore
    const covered = ROWS.flatMap(row => {
      const why = row.reach(new Desk(row.options)).engine.detail('A')!.whyNot[0]!;
      return why.conditions.filter(each => each.text === row.whyNot).map(each => each.id);
    });
    const all = GATES_OF.buy.map(gate => GATE_IDS[gate]!);
    deepEqual(new Set([...market.split(' '), ...covered]), new Set(all));
  });
});

/** The numbers may be others by then; the words are the same. */
function isIn(row: Row, desk: Desk, expected: boolean): void {
  const words = (text: string): string => text.replace(/[−$]*[\d.,]+/g, '#');
  const found = unmet(desk);
  equal(found.some(text => words(text) === words(row.whyNot)), expected, found.join('; ')); // prettier-ignore
}

function unmet(desk: Desk): string[] {
  const buy = desk.engine.detail('A')!.whyNot.find(why => why.kind === 'buy')!;
  return buy.conditions.filter(each => each.asked && !each.met).map(each => each.text);
}

function told(desk: Desk, code: string | undefined): string {
  const notice = code === undefined ? undefined : desk.notices(code).at(-1);
  if (notice === undefined) return '';
  const { text, buttons } = noticeMessage(notice);
  return [`${notice.level}: ${text}`, ...buttons.map(button => `[${button.title}]`)].join(' ');
}
