import { deepEqual, equal } from 'node:assert/strict';
import { COLUMNS, dashboardView } from '../../../src/reports/dashboardModel';
import { snapshot, summary } from './moment';

const view = (given?: Parameters<typeof snapshot>[0]) => dashboardView(snapshot(given), false, '');
const row = (symbol: string) => view().rows.find(each => each.symbol === symbol)!;
const texts = (symbol: string) => [row(symbol).state.text, ...row(symbol).cells.map(cell => cell.text)];

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
      '–',
      '0.4 s',
    ]);
    equal(row('RCAT').cells.length, COLUMNS.length);
  });
  it('says in words what colour says', () => {
    deepEqual(
      view().rows.map(each => `${each.state.mark} ${each.state.text}`),
      ['● Holding', '○ Watching', '▼ Trim-ready U2', '▲ Entry-ready L3', '◷ Quiet 23 s', '‖ Buys paused', '✕ Failed'],
    );
  });
  it('replaces a distance that has reached zero by a word', () => {
    equal(texts('AVAV')[3], 'L3 275.65 touched');
    equal(texts('UMAC')[4], 'U2 12.20 hit');
  });
  it('shows no numbers of a symbol that is not traded', () =>
    equal(
      row('SPAI').cells.every(cell => cell.text === '–'),
      true,
    ));
  it('has the figures of the day', () => {
    deepEqual(
      view().figures.map(({ label, value, note }) => [label, value, note]),
      [
        ['Day P&L after fees', '+$323.52', 'realized +$98.46 · open +$251.61 · fees −$26.55'],
        ['Risky capital', '$23,421', 'of $60,300'],
        ['Safe capital', '$6,525', 'of $40,200'],
        ['Entry-ready', '1', 'AVAV'],
        ['Trim-ready', '1', 'UMAC'],
        ['Velocity', '1', '2 primed'],
      ],
    );
  });
  it('names account, link and hours', () => {
    const { mode, account, link, hours } = view();
    deepEqual(
      [mode, account, link, hours],
      ['PAPER', '···4417', 'Connected to 127.0.0.1:7497', '11:42:17 ET · Regular hours, close in 4:17:43'],
    );
  });
  it('offers the button that fits the state', () => {
    const buttons = (given?: Parameters<typeof snapshot>[0]) => {
      const { canPause, canResume, canRelease } = view(given);
      return [canPause, canResume, canRelease];
    };
    deepEqual(buttons(), [true, false, false]);
    deepEqual(buttons({ protectOnly: true }), [false, true, false]);
    deepEqual(buttons({ killed: true }), [true, false, true]);
  });
  it('says what stands in the way of buys, and lines that are not in force', () => {
    deepEqual(
      view({
        paused: true,
        notInForce: [{ line: 3, symbol: 'RCAT', text: 'buy must be 0.10 to 10.00 percent, found 12' }],
      }).warnings,
      [
        'Entries are paused. Exits go on.',
        'targets.txt line 4 is not in force: buy must be 0.10 to 10.00 percent, found 12.',
      ],
    );
  });
  it('is idle or starting without a snapshot', () => {
    deepEqual([dashboardView(null, false, '').status, dashboardView(null, true, '').status], ['idle', 'starting']);
  });
  it('a row whose reference is not known yet has dashes, not zeros', () => {
    const [only] = dashboardView(
      snapshot({ symbols: [summary({ symbol: 'A', state: 'waiting', ageMs: null })] }),
      false,
      '',
    ).rows;
    deepEqual(
      only?.cells.slice(0, 4).map(cell => cell.text),
      ['–', '–', '–', '–'],
    );
  });
});
