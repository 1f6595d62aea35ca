import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import * as fc from 'fast-check';
import { readFaultScript, requireFaultScript } from '../../../src/gateway/faults/script';
import { faultTable } from '../../../src/gateway/faults/table';
import { startGateway } from '../../../src/gateway/gateway';

describe('gateway: fault scripts', () => {
  it('reads JSON lines and a JSON array alike, empty lines and a byte order mark aside', () => {
    const lines = faultTable.map(row => row.example);
    const read = readFaultScript(`\uFEFF${lines.join('\r\n\r\n')}\n`);
    deepEqual(read.findings, []);
    deepEqual(readFaultScript(`[${lines.join(',')}]`), read);
    deepEqual(
      read.steps.map(step => step.fault),
      faultTable.map(row => row.name),
    );
  });

  it('reads moments', () => {
    const trigger = (moment: string): unknown => requireFaultScript(`{${moment},"fault":"close"}`)[0]?.trigger;
    deepEqual(trigger('"at":"10:31"'), { kind: 'timeOfDay', hour: 10, minute: 31, second: 0 });
    deepEqual(trigger('"at":"+1.5m"'), { kind: 'elapsed', milliseconds: 90_000 });
    const sent = { kind: 'sent', message: 11, n: 3, client: 5 };
    deepEqual(trigger('"after":{"message":"execDetails","n":3,"client":5}'), sent);
    const received = { kind: 'received', request: 'history', n: 1, client: undefined };
    deepEqual(trigger('"after":{"message":"reqHistoricalData"}'), received);
  });

  for (const [what, text, place, found] of [
    ['no JSON', '{"at":"+1s","fault":"close"}\n{at}', 'line 2', undefined],
    ['no object', '7', 'line 1', '7'],
    ['an unknown fault', '{"at":"+1s","fault":"fire"}', 'line 1, "fault"', '"fire"'],
    ['a fault named like a built-in', '{"at":"+1s","fault":"constructor"}', 'line 1, "fault"', '"constructor"'],
    ['no moment', '[{"fault":"close"}]', 'entry 1', 'neither'],
    ['two moments', '{"at":"+1s","after":{"message":"error"},"fault":"close"}', 'line 1', 'both'],
    ['no time', '{"at":"25:00","fault":"close"}', 'line 1, "at"', '"25:00"'],
    ['an unknown message', '{"after":{"message":"toString"},"fault":"close"}', 'line 1, "after.message"', '"toString"'],
    ['a count of 0', '{"after":{"message":"error","n":0},"fault":"close"}', 'line 1, "after.n"', '0'],
    ['a time for a fault of a message', '{"at":"+1s","fault":"drop"}', 'line 1, "at"', '"+1s"'],
    ['an answer unanswered', '{"after":{"message":"error"},"fault":"noAnswer"}', 'line 1, "after.message"', '"error"'],
    ['a missing parameter', '{"at":"+1s","fault":"clockSkew"}', 'line 1, "seconds"', 'nothing'],
    ['a parameter too many', '{"at":"+1s","fault":"close","when":1}', 'line 1, "when"', '1'],
    ['a number out of range', '{"at":"+1s","fault":"drip","bytes":0}', 'line 1, "bytes"', '0'],
    ['part of a share', '{"at":"+1s","fault":"handTrade","symbol":"RCAT","shares":1.5}', 'line 1, "shares"', '1.5'],
    ['a number as text', '{"at":"+1s","fault":"notice","code":"2103"}', 'line 1, "code"', '"2103"'],
    ['a farm code that is none', '{"at":"+1s","fault":"farm","code":2104}', 'line 1, "code"', '2104'],
  ] as const) {
    it(`names ${what} with its place`, () => {
      const { steps, findings } = readFaultScript(text);
      equal(steps.length, 0, 'a script with a mistake plays nothing');
      equal(findings.length, 1, JSON.stringify(findings));
      equal(findings[0]?.place, place);
      if (found !== undefined) equal(findings[0]?.found, found);
      ok(findings[0]?.expected);
    });
  }

  it('lists every mistake at once', () => {
    throws(
      () => requireFaultScript('{"at":"x","fault":"close"}\n{"at":"+1s","fault":"y"}'),
      /2 mistakes\nline 1, .*\nline 2/,
    );
  });

  it('keeps the gateway from starting', async () => {
    await rejects(startGateway({ faultScript: '{}' }), /line 1, "fault": expected one of close/);
  });

  it('never throws, whatever it is given', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(...faultTable.map(row => row.name), '+1s', '10:31', 'error'),
    );
    const entry = fc.dictionary(fc.constantFrom('at', 'after', 'fault', 'n', 'symbol', 'seconds', 'code'), value);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          entry.map(one => JSON.stringify(one)),
        ),
        text => {
          const { steps, findings } = readFaultScript(text);
          ok(steps.length === 0 || findings.length === 0);
        },
      ),
    );
  });
});
