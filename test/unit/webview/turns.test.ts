/** What a snapshot changes is spread over frames: what comes first, what waits, and that nothing waits for ever. */
import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { Turns, type Job } from '../../../webview/turns';

class Screen {
  readonly done: string[] = [];
  readonly turns = new Turns(then => this.next.push(then));
  private next: (() => void)[] = [];

  job(name: string, ms: number, msAfter = 0): Job {
    return { ms, msAfter, run: () => this.done.push(name) };
  }

  /** What one frame does. */
  frame(): string {
    this.done.length = 0;
    for (const then of this.next.splice(0)) then();
    return this.done.join(' ');
  }

  get isAsleep(): boolean {
    return this.next.length === 0;
  }
}

describe('turns of a page', () => {
  it('does in a frame what fits into it, the oldest first, and sleeps when nothing waits', () => {
    const screen = new Screen();
    for (const name of ['a', 'b', 'c', 'd']) screen.turns.want(screen.job(name, 0.7));
    deepEqual([screen.frame(), screen.frame(), screen.frame()], ['a b', 'c d', '']);
    equal(screen.isAsleep, true);
  });
  it('does once what is wanted again and again, and keeps its place', () => {
    const screen = new Screen();
    const [a, b, c] = [screen.job('a', 2), screen.job('b', 2), screen.job('c', 2)];
    for (const job of [a, b, c, a, b, a]) screen.turns.want(job);
    deepEqual([screen.frame(), screen.frame(), screen.frame()], ['a', 'b', 'c']);
  });
  it('gives a frame of its own to what is dearer than one', () => {
    const screen = new Screen();
    screen.turns.want(screen.job('a', 1));
    screen.turns.want(screen.job('dear', 50));
    screen.turns.want(screen.job('b', 1));
    deepEqual([screen.frame(), screen.frame(), screen.frame()], ['a', 'dear', 'b']);
  });
  it('leaves the next frame to what is drawn only then, and to a message that was read', () => {
    const screen = new Screen();
    screen.turns.want(screen.job('picture', 1, 3));
    screen.turns.want(screen.job('a', 2));
    deepEqual([screen.frame(), screen.frame(), screen.frame()], ['picture', '', 'a']);
    for (const name of ['a', 'b']) screen.turns.want(screen.job(name, 0.7));
    screen.turns.owe(0.7);
    deepEqual([screen.frame(), screen.frame()], ['a', 'b']);
  });
  it('does at once what a person waits for, and not again', () => {
    const screen = new Screen();
    const job = screen.job('a', 1);
    screen.turns.want(job);
    screen.turns.now(job);
    deepEqual(screen.done, ['a']);
    equal(screen.frame(), '');
  });
  it('brings one that is out of view in every frame, whatever is in view', () => {
    const screen = new Screen();
    for (let n = 0; n < 3; n++) screen.turns.want(screen.job(`out${n}`, 2), false);
    for (let n = 0; n < 3; n++) screen.turns.want(screen.job(`in${n}`, 2));
    deepEqual([screen.frame(), screen.frame(), screen.frame()], ['in0 out0', 'in1 out1', 'in2 out2']);
  });
  it('takes what has come into view before what has not', () => {
    const screen = new Screen();
    const [a, b] = [screen.job('a', 2), screen.job('b', 2)];
    screen.turns.want(a, false);
    screen.turns.want(b, false);
    screen.turns.want(b);
    deepEqual([screen.frame(), screen.isAsleep], ['b a', true]);
  });
  it('does all that is wanted in the end, whatever it costs', () => {
    const cost = fc.constantFrom(0.3, 1, 1.4, 1.5, 4, 50);
    fc.assert(
      fc.property(fc.array(fc.record({ ms: cost, msAfter: cost, isSeen: fc.boolean() }), { maxLength: 40 }), jobs => {
        const screen = new Screen();
        const done = new Set<number>();
        for (const [index, { ms, msAfter, isSeen }] of jobs.entries())
          screen.turns.want({ ms, msAfter, run: () => done.add(index) }, isSeen);
        let frames = 0;
        while (!screen.isAsleep && frames++ < 2000) screen.frame();
        return done.size === jobs.length;
      }),
    );
  });
});
