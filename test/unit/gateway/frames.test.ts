import { deepEqual, equal, ok } from 'node:assert/strict';
import { mock } from 'node:test';
import * as fc from 'fast-check';
import { encodeFrame, FrameDecoder, type Incoming } from '../../../src/gateway/wire/frames';
import { readRequest } from '../../../src/gateway/wire/requests';

function greeting(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([Buffer.from('API\0'), length, Buffer.from(text)]);
}

function decode(bytes: Buffer, cuts: readonly number[] = []): readonly Incoming[] {
  const decoder = new FrameDecoder();
  const found: Incoming[] = [];
  const edges = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (let i = 1; i < edges.length; i++) found.push(...decoder.push(bytes.subarray(edges[i - 1], edges[i])));
  return found;
}

describe('gateway: frames', () => {
  it('reads greeting and requests in any pieces', () => {
    const bytes = Buffer.concat([greeting('v100..193'), encodeFrame([71, 2, 21, '']), encodeFrame([49, 1])]);
    const expected = [
      { kind: 'greeting', min: 100, max: 193 },
      { kind: 'frame', fields: ['71', '2', '21', ''] },
      { kind: 'frame', fields: ['49', '1'] },
    ];
    deepEqual(decode(bytes), expected);
    fc.assert(fc.property(fc.array(fc.nat()), cuts => deepEqual(decode(bytes, cuts), expected)));
  });

  it('reads a single version and connection options', () => {
    deepEqual(decode(greeting('v178')), [{ kind: 'greeting', min: 178, max: 178 }]);
    deepEqual(decode(greeting('v100..193 +PACEAPI')), [{ kind: 'greeting', min: 100, max: 193 }]);
  });

  it('gives back what was encoded, texts of any language included', () => {
    const field = fc.string({ unit: 'grapheme' }).map(text => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fields => {
        const found = decode(Buffer.concat([greeting('v193'), encodeFrame(fields)]));
        deepEqual(found[1], { kind: 'frame', fields });
      }),
    );
  });

  for (const [what, bytes] of [
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a greeting of 4 GiB', Buffer.from([0x41, 0x50, 0x49, 0, 0xff, 0xff, 0xff, 0xff])],
    ['a greeting without versions', greeting('hello')],
    ['a frame of 4 GiB', Buffer.concat([greeting('v193'), Buffer.from([0xff, 0xff, 0xff, 0xff])])],
  ] as const)
    it(`calls ${what} garbage at once`, () => equal(decode(bytes).at(-1)?.kind, 'garbage'));

  it('takes an empty frame for a frame without fields', () =>
    deepEqual(decode(Buffer.concat([greeting('v193'), Buffer.alloc(4)]))[1], { kind: 'frame', fields: [] }));

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat()), fc.boolean(), (bytes, cuts, isGreeted) => {
        const all = isGreeted ? Buffer.concat([greeting('v193'), bytes]) : Buffer.from(bytes);
        for (const incoming of decode(all, cuts)) {
          if (incoming.kind === 'frame') readRequest(incoming.fields, 193);
        }
      }),
    );
  });

  it('reads any fields as some request without throwing', () => {
    const fields = fc.tuple(fc.integer({ min: 0, max: 120 }).map(String), fc.array(fc.string(), { maxLength: 130 }));
    fc.assert(
      fc.property(fields, fc.constantFrom(176, 178, 193), ([message, rest], version) =>
        ok(readRequest([message, ...rest], version).type.length > 0),
      ),
    );
  });

  it('does not gather a slow drip over and over', () => {
    const decoder = new FrameDecoder();
    decoder.push(greeting('v193'));
    const frame = encodeFrame(['1', 'x'.repeat(900_000)]);
    const concat = mock.method(Buffer, 'concat');
    let frames = 0;
    for (let i = 0; i < frame.length; i += 100) frames += decoder.push(frame.subarray(i, i + 100)).length;
    concat.mock.restore();
    const copied = concat.mock.calls.reduce((sum, { result }) => sum + (result?.length ?? 0), 0);
    equal(frames, 1);
    ok(copied < 3 * frame.length, `${copied} bytes were copied for a frame of ${frame.length}`);
  });
});
