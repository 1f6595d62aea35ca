/** The rehearsal before a session goes all the way to the frames of orders, and leaves nothing behind. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Rehearsal } from '../../../src/session/rehearsal';

describe('session: rehearsal', () => {
  it('brings about buys and exits, each of them down to its frame', () => {
    const before = readdirSync('.').join();
    const { orders, exits, frames } = new Rehearsal().play(40);
    equal(orders, 40);
    ok(5 <= exits && exits < 35, `${exits} exits`);
    // The handshake and the subscription are the other two.
    equal(frames, 42);
    equal(readdirSync('.').join(), before);
  });

  it('goes on with new books now and then, and leaves nothing of the old ones running', async () => {
    const running = (): number => process.getActiveResourcesInfo().length;
    const before = running();
    const rehearsal = new Rehearsal();
    equal(rehearsal.play(1200).orders, 1200);
    rehearsal.step();
    // Three sets of books, each with its handshake and subscription.
    deepEqual(rehearsal.play(99), { orders: 1300, exits: 161, frames: 1306 });
    for (let n = 0; n < 50 && running() > before; n++) await new Promise(resolve => setTimeout(resolve, 20));
    ok(running() <= before, process.getActiveResourcesInfo().join());
  });
});
