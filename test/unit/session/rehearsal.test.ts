/** The rehearsal before a session goes all the way to the frames of orders, and leaves nothing behind. */
import { equal, ok } from 'node:assert/strict';
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
});
