import { deepEqual, equal } from 'node:assert/strict';
import { statusText } from '../../../src/reports/statusText';
import { at, snapshot } from './moment';

const said = (given: Parameters<typeof statusText>[0]) => {
  const { text, tooltip, background } = statusText(given);
  return [text, tooltip, background];
};

describe('status bar: every state as drawn', () => {
  it('no session', () => deepEqual(said(null), ['$(circle-outline) Dronebot', 'No session. Nothing trades.', 'none']));
  it('starting', () =>
    deepEqual(said(snapshot({ phase: 'bars', phaseText: 'bars 5/9' })), [
      '$(sync~spin) PAPER bars 5/9',
      'Minute bars, 5 of 9 symbols. No orders before they are complete.',
      'none',
    ]));
  const TRADING =
    'Account ···4417, connected to 127.0.0.1:7497. Realized +$98.46, open +$251.61, fees −$26.55. 7 positions, $29,946.';
  it('trading', () => deepEqual(said(snapshot()), ['$(pulse) PAPER +$323.52', TRADING, 'none']));
  it('live', () => deepEqual(said(snapshot({ mode: 'LIVE' })), ['$(pulse) LIVE +$323.52', TRADING, 'warning']));
  it('paused', () =>
    deepEqual(said(snapshot({ paused: true, pausedSince: at('11:40:12') })), [
      '$(debug-pause) PAPER paused +$323.52',
      'Entries paused by you at 11:40. Exits go on.',
      'none',
    ]));
  it('kill switch', () =>
    deepEqual(said(snapshot({ mode: 'LIVE', killed: true, killedSince: at('11:41:07') })), [
      '$(stop-circle) LIVE kill switch',
      'Thrown at 11:41:07. No buys until a person releases it. Exits go on.',
      'error',
    ]));
  it('link lost', () =>
    deepEqual(
      said(snapshot({ mode: 'LIVE', phase: 'linkLost', linkLostSince: at('11:42:03'), nextTryAt: at('11:42:21') })),
      [
        '$(debug-disconnect) LIVE link lost',
        'Lost at 11:42:03. 7 positions are without their stops. Next try in 4 s.',
        'error',
      ],
    ));
  it('what stands in the way of buys comes before the day’s P&L', () => {
    equal(said(snapshot({ blind: true }))[0], '$(eye-closed) PAPER blind +$323.52');
    equal(said(snapshot({ journalOk: false }))[0], '$(error) PAPER no buys +$323.52');
    equal(said(snapshot({ lossLimitHit: true, dayPnl: -3004 }))[0], '$(debug-pause) PAPER loss limit −$3,004.00');
    equal(said(snapshot({ protectOnly: true }))[0], '$(debug-pause) PAPER protect only +$323.52');
  });
  it('an ended session says that nothing trades', () =>
    equal(said(snapshot({ phase: 'ended' }))[1], 'The session has ended. Nothing trades.'));
});
