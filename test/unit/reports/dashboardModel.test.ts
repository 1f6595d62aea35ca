/** The dashboard's page as texts, beside what the drawings say of the same moment. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { dashboardView } from '../../../src/reports/dashboardModel';
import type { Capabilities, DashboardView, NextRung } from '../../../src/shared/dashboard';
import { at, snapshot, summary, SYMBOLS } from './moment';

const can: Capabilities = { act: true, adjust: true, edit: true, asks: 'page' };
const options = { can, isStarting: false, polite: '' };
const view = (given?: Parameters<typeof snapshot>[0]): DashboardView => dashboardView(snapshot(given), options);
const row = (symbol: string, given?: Parameters<typeof snapshot>[0]) =>
  view(given).rows.find(each => each.symbol === symbol)!;
const rung = (next: NextRung | null) => (next === null ? '–' : `${next.rung} ${next.price} ${next.where}`);
const texts = (symbol: string) => {
  const r = row(symbol);
  return [
    r.state,
    r.last,
    r.reference,
    rung(r.nextBuy),
    rung(r.nextSell),
    r.z,
    `${r.held} · ${r.touched} · ${r.hit}`,
  ].concat([r.position.text, r.average.text, r.open.text, r.realized.text, r.clip, r.spread, r.age]);
};

describe('dashboard: the page as texts', () => {
  it('has a row a symbol with the numbers as drawn', () => {
    deepEqual(texts('RCAT'), [
      'Holding',
      '12.77',
      '12.60',
      'L3 12.30 −3.68%',
      'U2 12.79 +0.16%',
      '+0.38',
      '2 · 0 · 1',
      '410',
      '12.34',
      '+$175.84',
      '+$65.76',
      '$2,312',
      '16 bp',
      '0.4 s',
    ]);
  });
  it('says in words and shapes what colour says', () => {
    deepEqual(
      view().rows.map(each => `${each.icon} ${each.state}`),
      [
        'dot Holding',
        'ring Watching',
        'down Trim-ready U2',
        'up Entry-ready L3',
        'clock Quiet 23 s',
        'pause Buys paused',
        'x Failed',
      ],
    );
  });
  it('replaces a distance that has reached zero by a word', () => {
    equal(rung(row('AVAV').nextBuy), 'L3 275.65 touched');
    equal(rung(row('UMAC').nextSell), 'U2 12.20 hit');
  });
  it('says why a symbol is not traded, and which others share its budget', () =>
    equal(
      row('SPAI').reason,
      'IB does not know SPAI as a US stock (code 200). Not traded; the other risky symbols share its budget.',
    ));
  it('has the figures of the day', () => {
    const { figures } = view();
    deepEqual(figures?.day, { text: '+$323.52', tone: 'up' });
    equal(figures?.dayNote, 'realized +$98.46 · open +$251.61 · fees −$26.55');
    deepEqual(
      figures?.capital.map(({ label, used, of, percent }) => [label, used, of, percent]),
      [
        ['Risky capital', '$23,421', 'of $60,300', 38.8],
        ['Safe capital', '$6,525', 'of $40,200', 16.2],
      ],
    );
    deepEqual(
      figures?.counts.map(({ label, value, note }) => [label, value, note]),
      [
        ['Entry-ready', '1', 'AVAV'],
        ['Trim-ready', '1', 'UMAC'],
        ['Velocity', '1', '2 primed'],
        ['Needs a look', '2', 'ONDS, SPAI'],
      ],
    );
  });
  it('names account, link, data and hours', () => {
    const { head } = view();
    deepEqual(
      [head?.mode, head?.account, head?.link, head?.linkNote, head?.clock, head?.hours],
      ['PAPER', '···4417', 'Connected', '127.0.0.1:7497, live data', '11:42:17 ET', 'regular hours, closes in 4:17:43'],
    );
  });
  it('says how many symbols have no live data', () =>
    equal(
      view({ symbols: SYMBOLS.map((each, index) => ({ ...each, dataType: index === 0 ? 3 : 1 })) }).head?.linkNote,
      '127.0.0.1:7497, 1 symbol without live data',
    ));
  it('asks before a kill switch with account and size', () => {
    const { kill } = view().head!.questions;
    equal(kill.title, 'Throw the kill switch on PAPER ···4417?');
    match(kill.text, /^No more buys in any symbol; .*Exits for \d positions \([\d,]+ shares, \$[\d,]+\) go on\./);
  });
  it('says what stands in the way of buys, and lines that are not in force', () => {
    deepEqual(
      view({
        paused: true,
        pausedSince: at('11:40:02'),
        notInForce: [{ line: 3, symbol: 'RCAT', text: 'buy must be 0.10 to 10.00 percent, found 12' }],
      }).notes.map(({ title, text, buttons }) => [title, text, ...buttons]),
      [
        ['Entries are paused since 11:40:02.', 'Exits go on.', 'resume'],
        ['targets.txt line 4 is not in force:', 'buy must be 0.10 to 10.00 percent, found 12.'],
      ],
    );
  });
  it('says once that a session has ended', () => {
    const { notes } = dashboardView(snapshot({ phase: 'ended' }), options);
    deepEqual(
      notes.map(({ title, text }) => `${title} ${text}`).filter(each => each.includes('ended')),
      ['The session has ended. Nothing trades.'],
    );
  });
  it('looks lost when the link is: no state of before is shown as one of now', () => {
    const lost = { phase: 'linkLost' as const, linkLostSince: at('11:42:03'), nextTryAt: at('11:42:21') };
    deepEqual(
      [row('AVAV', lost).state, row('AVAV', lost).kind, row('SPAI', lost).state],
      ['Link lost', 'quiet', 'Failed'],
    );
    deepEqual(
      view(lost).figures?.counts.map(each => each.value),
      ['–', '–', '–', '2'],
    );
    const [note] = view(lost).notes;
    equal(note?.title, 'Link to 127.0.0.1:7497 lost at 11:42:03.');
    match(note?.text ?? '', /^7 positions are without their stops .* Next try in 4 s\./);
  });
  it('is idle, without a file, or starting when there is no snapshot', () => {
    const status = (given: Partial<Parameters<typeof dashboardView>[1]>) =>
      dashboardView(null, { ...options, ...given }).status;
    deepEqual([status({}), status({ idleText: null }), status({ isStarting: true })], ['idle', 'noFile', 'starting']);
  });
  it('lists the steps of a start until orders can go', () => {
    const starting = view({
      phase: 'bars',
      symbols: SYMBOLS.map((each, index) => ({ ...each, hasBars: index < 4 })),
    });
    equal(starting.status, 'starting');
    deepEqual(
      starting.steps.map(({ state, text }) => `${state} ${text}`),
      [
        'done Connected to 127.0.0.1:7497',
        'done Account ···4417, paper',
        'done Positions agree with the journal',
        'now Minute bars, 4 of 6 symbols',
        'wait First price of each symbol',
      ],
    );
    equal(starting.steps[3]?.percent, 67);
  });
  it('a row whose reference is not known yet has dashes, not zeros', () => {
    const [only] = view({ symbols: [summary({ symbol: 'A', state: 'waiting', ageMs: null })] }).rows;
    deepEqual(
      [only?.last, only?.reference, only?.nextBuy, only?.nextSell, only?.z, only?.age],
      ['–', '–', null, null, '–', '–'],
    );
  });
});
