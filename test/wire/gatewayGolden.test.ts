import { equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startGateway, type Gateway } from '../../src/gateway/gateway';
import { placeOrder, RawClient, stock, type Frame } from './gatewayClient';

// Frames of a real gateway, recorded by others. They are read where they lie and are no part of the project.
const recorded = resolve('../shared/golden/tws_frames.json');

interface Recording {
  readonly message: number;
  readonly name: string;
  readonly fields: readonly string[];
}

/** The form of a field: what a decoder has to be ready for. */
function formOf(text: string): string {
  if (text === '') return 'empty';
  if (/^-?\d+$/.test(text)) return 'whole';
  if (/^-?\d+\.\d+$/.test(text)) return 'decimal';
  return 'text';
}

// The price of a tick may be a whole number of dollars; everything else has one form.
function isSameForm(message: number, at: number, own: string, theirs: string): boolean {
  if (message === 1 && at === 4) return Number(own) > 0;
  return formOf(own) === formOf(theirs);
}

describe('gateway: frames beside recorded ones', function () {
  let gateway: Gateway;
  let client: RawClient;
  let frames: readonly Frame[];

  before(async function () {
    if (!existsSync(recorded)) {
      process.stdout.write(`    no recorded frames at ${recorded}: nothing to compare with\n`);
      this.skip();
    }
    const held = [{ symbol: 'RCAT', shares: 15, averageCost: 12.25 }];
    gateway = await startGateway({
      seed: 7,
      speed: 0,
      lockstepClientId: 21,
      startTime: '10:00',
      positions: held,
      faults: { delayedFor: ['KTOS'] },
    });
    client = await RawClient.ready(gateway.port, 21);
    client.send(9, 8, 1001, ...stock('RCAT'), 0, '', '', '');
    client.send(62, 1, 1001, 'All', 'BuyingPower');
    client.send(61, 1);
    client.send(59, 1, 3);
    client.send(1, 11, 1001, ...stock('KTOS'), 0, '', 1, 0, '');
    client.send(5, 1);
    client.send(20, 1002, ...stock('RCAT'), 0, '', '1 day', '1 M', 1, 'SCHEDULE', 1, 0, '');
    client.send(...placeOrder({ id: 1, action: 'BUY', quantity: 1, limit: 10 }));
    await client.settled();
    frames = client.frames;
  });

  after(async () => {
    client?.close();
    await gateway?.close();
  });

  const recordings = existsSync(recorded)
    ? (JSON.parse(readFileSync(recorded, 'utf8')) as { frames: Recording[] }).frames
    : [];

  it('has frames to compare with', function () {
    ok(recordings.length >= 14);
  });

  for (const { message, name, fields } of recordings) {
    it(`${name} (${message}) has the recorded number and forms of fields`, () => {
      const own = frames.filter(frame => frame[0] === String(message));
      const tick = (frame: Frame): boolean => ![1, 2].includes(message) || frame[3] === fields[3];
      const [mine] = own.filter(tick);
      ok(mine, `a frame ${message} of our own`);
      // The schedule's length is that of the month asked for; its head and one session must fit.
      const length = message === 106 ? 9 : fields.length;
      if (message !== 106) equal(mine.length, length);
      for (let i = 0; i < length; i++) {
        ok(
          isSameForm(message, i, mine[i] ?? '', fields[i] ?? ''),
          `field ${i}: own "${mine[i]}", recorded "${fields[i]}"`,
        );
      }
    });
  }
});
