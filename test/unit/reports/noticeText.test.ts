import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownNotices, noticeMessage, notInForceMessage } from '../../../src/reports/noticeText';
import { problemMessage } from '../../../src/reports/problemText';
import type { BrokerProblem } from '../../../src/broker/port';
import type { Notice } from '../../../src/engine/events';
import { at } from './moment';

const HERE = { host: '127.0.0.1', port: 7497 };
const problem = (given: BrokerProblem, positions = 7) => {
  const { text, buttons } = problemMessage(given, { t: at('11:42:03'), positions });
  return [text, ...buttons.map(button => `[${button.title}]`)].join(' ');
};
const notice = (level: Notice['level'], code: string, symbol: string | undefined, data: Notice['data'] = {}) => {
  const { text, buttons } = noticeMessage({
    t: at('11:42:05'),
    level,
    code,
    data,
    ...(symbol === undefined ? {} : { symbol }),
  });
  return [text, ...buttons.map(button => `[${button.title}]`)].join(' ');
};

describe('messages: found, expected, what to do', () => {
  const problems: readonly [string, BrokerProblem, string][] = [
    [
      'nothing listens',
      { code: 'nothingListens', ...HERE },
      'Nothing listens on 127.0.0.1:7497. Is TWS running with "Enable ActiveX and Socket Clients" on? TWS paper listens on 7497, live on 7496; IB Gateway on 4002 and 4001. [Try again] [Open settings]',
    ],
    [
      '326',
      { code: 'clientIdInUse', ...HERE, clientId: 21 },
      'Client id 21 is already in use at 127.0.0.1:7497 (code 326). Dronebot waits until it is free. Close the other program, or give one of the two another id. [Open settings]',
    ],
    [
      'not a gateway',
      { code: 'notAGateway', ...HERE, found: '14 other bytes' },
      '127.0.0.1:7497 answered, but not as TWS or IB Gateway does. Expected a server version, found 14 other bytes. Check the port. [Open settings]',
    ],
    [
      'unknown host',
      { code: 'hostUnknown', host: 'tws-box', fallback: '127.0.0.1' },
      'Host "tws-box" does not resolve. Trying 127.0.0.1 instead. [Open settings]',
    ],
    [
      'link lost',
      { code: 'linkLost', ...HERE, text: '' },
      'Link to 127.0.0.1:7497 lost at 11:42:03. 7 positions are without their stops until it is back. Nothing is sent meanwhile; Dronebot keeps trying. [Show dashboard]',
    ],
  ];
  for (const [name, given, expected] of problems) it(name, () => equal(problem(given), expected));

  it('a changed line that is not accepted', () => {
    const given = { line: 3, symbol: 'RCAT', text: 'buy must be 0.10 to 10.00 percent, found 12' };
    const { text, buttons } = notInForceMessage(given, true);
    equal(
      text,
      'targets.txt line 4 is not in force: buy must be 0.10 to 10.00 percent, found 12. RCAT goes on with its last good line.',
    );
    deepEqual(buttons, [{ title: 'Open line 4', command: 'dronebot.openTargets', args: [3] }]);
  });

  it('never shows an account whole', () =>
    equal(
      problem({ code: 'wrongAccount', expected: 'U1234567', found: 'DU7654321' }).includes(
        'expected ···4567, found ···4321',
      ),
      true,
    ));

  const notices: readonly [string, string, string][] = [
    [
      '354',
      notice('warning', 'notLive', 'AVAV', { dataType: 3, code: 354, text: '' }),
      'No live market data for AVAV (code 354): the account has no subscription for it. Delayed prices are shown and never traded. Its stops cannot fire. [Open its line]',
    ],
    [
      '200',
      notice('warning', 'symbolFailed', 'SPAI', { code: 200, text: 'No security definition' }),
      'IB does not know SPAI as a US stock (code 200). The line is not traded; the others are. [Open its line]',
    ],
    [
      'targets gone',
      notice('alarm', 'targetsGone', undefined),
      'targets.txt is gone since 11:42:05. The session goes on with the last good version. Restore the file, or stop. [Create the sample] [Stop…]',
    ],
    [
      'halted stop',
      notice('alarm', 'exitHeldBack', 'ONDS', { tag: 'live_stop', shares: 1075, gate: 'notHalted' }),
      'The hard stop in ONDS wants to sell 1,075 shares and cannot: trading in ONDS is halted. It is sent with the first live price. [Show ONDS]',
    ],
    [
      'rejects',
      notice('warning', 'buysPausedRejects', 'ONDS', { rejects: 3, text: 'Order size exceeds limit', code: 201 }),
      'ONDS buys are paused: 3 orders in a row were rejected, last with "Order size exceeds limit" (code 201). Exits go on. [Resume ONDS buys] [Show log]',
    ],
    [
      'loss limit',
      notice('alarm', 'dayLoss', undefined, { loss: '3004.00', limit: 3000 }),
      "The day's loss is $3,004, limit $3,000. Buys stay off today until you reset it; exits go on. [Show dashboard]",
    ],
  ];
  for (const [name, found, expected] of notices) it(name, () => equal(found, expected));

  it('logs a notice that it does not know with all its data, and shows an alarm in any case', () => {
    equal(notice('info', 'somethingNew', 'RCAT', { a: 1, b: null }), 'RCAT: somethingNew: a 1, b null');
    equal(notice('alarm', 'somethingNew', undefined, { a: 1 }), 'somethingNew: a 1 [Show log]');
  });

  it('has words for everything that engine and session report', () => {
    const root = join(__dirname, '../../../src');
    const codes = ['engine', 'session'].flatMap(room =>
      readdirSync(join(root, room)).flatMap(file =>
        [
          ...readFileSync(join(root, room, file), 'utf8').matchAll(
            /notice\(\s*'(?:info|warning|error|alarm)',\s*'(\w+)'/g,
          ),
        ].map(found => found[1]),
      ),
    );
    deepEqual(
      [...new Set(codes)].filter(code => !knownNotices().includes(code!)),
      [],
    );
  });
});
