/** The small forms that cross the wire: frames, times, hours, prices, codes, accounts. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import * as fc from 'fast-check';
import { farmOf, historyTrouble, meaningOf, saysReadOnly } from '../../../src/broker/ib/codes';
import { patchDecoder, patchedVersion } from '../../../src/broker/ib/decoderPatch';
import { excerpt, FrameReader, textOf } from '../../../src/broker/ib/frameReader';
import { exactNumber, execOf, priceText, statusOf } from '../../../src/broker/ib/orderText';
import { gatewayTime, hoursOf, toUtc, zoneOf } from '../../../src/broker/ib/times';
import { chooseAccount, modeOf } from '../../../src/broker/ib/whichAccount';
import { createLibrary } from '../../../src/broker/ib/libraryParts';

const framed = (text: string): Buffer => {
  const body = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
};

describe('frames', () => {
  it('come out the same, however the stream was cut', () => {
    const texts = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(60), { minLength: 1 }), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(framed));
        const reader = new FrameReader();
        const heard: string[] = [];
        let at = 0;
        for (let i = 0; at < stream.length; i++) {
          const end = Math.min(stream.length, at + 1 + (cuts[i % cuts.length] ?? 0));
          ok(reader.push(stream.subarray(at, end), frame => heard.push(frame.toString()) > 0));
          at = end;
        }
        deepEqual(
          heard,
          frames.map(text => Buffer.from(text).toString()),
        );
      }),
    );
  });

  it('stop when asked to', () => {
    const heard: string[] = [];
    new FrameReader().push(Buffer.concat([framed('a\0'), framed('b\0')]), frame => (heard.push(textOf(frame)), false));
    deepEqual(heard, ['a\0']);
  });

  for (const [name, bytes] of [
    ['−4, on which the library loops for ever', [0xff, 0xff, 0xff, 0xfc]],
    ['−1', [0xff, 0xff, 0xff, 0xff]],
    ['0', [0, 0, 0, 0]],
    ['text', [0x48, 0x54, 0x54, 0x50]],
  ] as const)
    it(`cannot have a length of ${name}`, () =>
      equal(
        new FrameReader().push(Buffer.from(bytes), () => true),
        false,
      ));

  it('may be long once the greeting has been short', () => {
    const reader = new FrameReader();
    const long = 'x'.repeat(2000);
    equal(
      reader.push(framed(long), () => true),
      false,
    );
    const polite = new FrameReader();
    ok(polite.push(framed('193\0'), () => true));
    let length = 0;
    ok(polite.push(framed(long), frame => (length = frame.length) > 0));
    equal(length, 2000);
  });

  it('are closed by NUL, and read as UTF-8 or, where they are none, as Latin-1', () => {
    equal(textOf(Buffer.from('a\0b')), 'a\0b\0');
    equal(textOf(Buffer.from('Zürich\0')), 'Zürich\0');
    equal(textOf(Buffer.from('Zürich\0', 'latin1')), 'Zürich\0');
  });

  it('that are none are shown as text, or as numbers', () => {
    equal(excerpt(Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')), 'SSH-2.0-OpenSSH_9.6');
    equal(excerpt(Buffer.from([0x15, 0x03, 0x01, 0, 2])), '1503010002');
  });
});

describe('decoder patch', () => {
  const decoder = (): object =>
    (createLibrary('127.0.0.1', 1, 1).api as unknown as { controller: { decoder: object } }).controller.decoder;
  it('fits the library that is installed', () => {
    ok(createLibrary('127.0.0.1', 1, 1).decoderPatched);
  });
  it('leaves another version of the library as it is', () => {
    const other = decoder();
    equal(Object.hasOwn(other, 'readStr'), true, 'patched by createLibrary');
    const untouched = Object.create(Object.getPrototypeOf(other) as object) as object;
    equal(patchDecoder(untouched, '1.7.0'), false);
    deepEqual(Object.keys(untouched), []);
  });
  it('leaves a decoder of another shape as it is', () => {
    const strange = { dataQueue: [], emitQueue: [], callback: {}, readStr: () => '' };
    equal(patchDecoder(strange, patchedVersion), false);
  });
});

describe('times', () => {
  it('reads IB zones, old and new, with daylight saving', () => {
    const expected = Date.parse('2026-04-13T19:27:04Z');
    equal(gatewayTime('20260413 15:27:04 US/Eastern'), expected);
    equal(gatewayTime('20260413 15:27:04 America/New_York'), expected);
    equal(gatewayTime('20260413 15:27:04 EST5EDT'), expected);
    equal(gatewayTime('20260413 21:27:04 MET'), expected);
    equal(gatewayTime('20260413-19:27:04'), expected);
    equal(gatewayTime('1776108424'), expected);
    equal(gatewayTime('20261123 10:00:00 US/Eastern'), Date.parse('2026-11-23T15:00:00Z'));
  });
  it('does not guess a zone', () => {
    equal(gatewayTime('20260413  15:27:04'), undefined);
    equal(gatewayTime('20260413 15:27:04 Mars/Olympus'), undefined);
    equal(gatewayTime('yesterday'), undefined);
    equal(zoneOf(''), undefined);
  });
  it('knows the days on which the clocks change', () => {
    equal(toUtc('20261101', 9.5 * 3600, 'America/New_York'), Date.parse('2026-11-01T14:30:00Z'));
    equal(toUtc('20260308', 9.5 * 3600, 'America/New_York'), Date.parse('2026-03-08T13:30:00Z'));
    equal(toUtc('20260308', 0, 'America/New_York'), Date.parse('2026-03-08T05:00:00Z'));
  });
  it('reads hours: closed days, half days, several sessions, both forms', () => {
    const at = (text: string): number => Date.parse(text);
    deepEqual(hoursOf('20261126:CLOSED;20261127:0930-20261127:1300', 'US/Eastern'), [
      [at('2026-11-26T05:00Z'), at('2026-11-26T05:00Z')],
      [at('2026-11-27T14:30Z'), at('2026-11-27T18:00Z')],
    ]);
    deepEqual(hoursOf('20261127:0930-1200,1300-1600', undefined), [
      [at('2026-11-27T14:30Z'), at('2026-11-27T17:00Z')],
      [at('2026-11-27T18:00Z'), at('2026-11-27T21:00Z')],
    ]);
    deepEqual(hoursOf('nonsense;20261127:16-9;', 'US/Eastern'), []);
  });
});

describe('prices', () => {
  it('are sent as numbers that print exactly as meant', () => {
    for (const [text, number] of [
      ['27.10', 27.1],
      ['0.0001', 0.0001],
      ['100', 100],
      ['100.00', 100],
      ['0.30', 0.3],
    ] as const)
      equal(exactNumber(text), number);
  });
  it('are not sent otherwise', () => {
    for (const text of [
      '0.30000000000000004',
      '0',
      '-1',
      '1e5',
      'NaN',
      '',
      ' 1',
      '0.0000001',
      '1.',
      '.5',
      '99999999999',
    ])
      throws(() => exactNumber(text), text);
  });
  it('on any grid print as meant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.constantFrom(2, 3, 4), (units, digits) => {
        const text = (units / 10 ** digits).toFixed(digits);
        equal(Number(String(exactNumber(text))).toFixed(digits), text);
      }),
    );
  });
  it('that come back lose the noise and nothing else', () => {
    for (const [price, text] of [
      [27.15, '27.15'],
      [0.1 + 0.2, '0.3'],
      [0.0010500000000000002, '0.00105'],
      [1e-7, '0.0000001'],
      [27.155, '27.155'],
    ] as const)
      equal(priceText(price), text);
  });
});

describe('executions', () => {
  const contract = { symbol: 'BRK B', secType: 'STK', currency: 'USD' } as never;
  const execution = {
    execId: 'a.1',
    shares: 6,
    price: 27.15,
    side: 'SLD',
    orderId: 7,
    time: '',
    permId: 2 ** 60,
  } as const;
  it('are read; an identifier that a double cannot hold is left out', () => {
    deepEqual(execOf(contract, execution), {
      execId: 'a.1',
      orderId: 7,
      key: '',
      symbol: 'BRK.B',
      side: 'SELL',
      qty: 6,
      price: '27.15',
    });
  });
  for (const broken of [
    { shares: undefined },
    { shares: 1.5 },
    { shares: -1 },
    { price: NaN },
    { side: 'XXX' },
    { execId: '' },
  ])
    it(`are not read with ${JSON.stringify(broken)}`, () =>
      equal(execOf(contract, { ...execution, ...broken } as never), undefined));
});

describe('codes', () => {
  it('are told in our words', () => {
    for (const [code, meaning] of [
      [326, 'clientIdInUse'],
      [1100, 'linkBroken'],
      [2110, 'linkBroken'],
      [1101, 'linkRestoredDataLost'],
      [200, 'noContract'],
      [354, 'noLiveData'],
      [10167, 'delayedData'],
      [10197, 'competingSession'],
      [201, 'orderRejected'],
      [110, 'orderRejected'],
      [202, 'orderCancelled'],
      [399, 'orderHeld'],
      [404, 'orderHeld'],
      [10349, 'iocNotHonoured'],
      [103, 'duplicateOrderId'],
      [161, 'orderNotFound'],
      [10147, 'orderNotFound'],
      [10148, 'orderAlreadyDone'],
      [162, 'history'],
      [321, 'invalidRequest'],
      [2199, 'warning'],
      [98765, 'unknown'],
    ] as const)
      equal(meaningOf(code), meaning, String(code));
  });
  it('have texts that tell the rest', () => {
    equal(farmOf('Market data farm connection is broken:usfarm.nj'), 'usfarm.nj');
    equal(
      historyTrouble('Historical Market Data Service error message:HMDS query returned no data: AVAV@SMART Trades'),
      'noData',
    );
    equal(
      historyTrouble('Historical Market Data Service error message:Historical data request pacing violation'),
      'pacing',
    );
    equal(historyTrouble('API historical data query cancelled: 5'), 'cancelled');
    equal(historyTrouble('No market data permissions for NYSE STK'), 'failed');
    ok(saysReadOnly('The API interface is currently in Read-Only mode.'));
  });
  it('of statuses are none of our business when IB has not used them so far', () =>
    equal(statusOf('Vanished'), undefined));
});

describe('accounts', () => {
  for (const [account, mode] of [
    ['SIM0001', 'SIM'],
    ['DU1234567', 'PAPER'],
    ['DUP12', 'PAPER'],
    ['DF123', 'PAPER'],
    ['U1234567', 'LIVE'],
    ['F123', 'LIVE'],
    ['X', 'LIVE'],
  ] as const)
    it(`${account} is ${mode}`, () => equal(modeOf(account), mode));
  it('none is not taken for one', () => {
    equal(chooseAccount([], { clock: 'system' }).ok, false);
  });
});
