/**
 * Spreads what a snapshot changes over the frames until the next one, so that no frame takes long: each does some of what waits,
 * what is in view first. What waits already is not queued twice: it shows the newest once its turn comes, and on a slow machine
 * fewer of the moments between are seen. It knows no page.
 */

export interface Job {
  /** About how long the main thread is busy with it, drawing included, as measured: docs/performance.md. */
  readonly ms: number;
  /** The same in the frame after, where that is when it is drawn. */
  readonly msAfter?: number;
  run(): void;
}

/** Of a frame for what has changed; about as much again goes to what each frame costs, whatever has changed. */
const FRAME_MS = 1.5;

export class Turns {
  private readonly seen = new Set<Job>();
  private readonly unseen = new Set<Job>();
  private owed = 0;
  private isAsked = false;

  constructor(private readonly nextFrame: (then: () => void) => unknown) {}

  want(job: Job, isSeen = true): void {
    if (isSeen) {
      this.unseen.delete(job);
      this.seen.add(job);
    } else if (!this.seen.has(job)) this.unseen.add(job);
    this.ask();
  }

  /** What the next frame has cost before it begins: a message that was read, say. */
  owe(ms: number): void {
    this.owed += ms;
  }

  /** At once, whatever waits: a person is looking at what they have just done. */
  now(...jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.drop(job);
      this.owed += job.msAfter ?? 0;
      job.run();
    }
  }

  drop(job: Job): void {
    this.seen.delete(job);
    this.unseen.delete(job);
  }

  private ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.nextFrame(() => this.frame());
  }

  private frame(): void {
    this.isAsked = false;
    let left = FRAME_MS - this.owed;
    this.owed = 0;
    const take = (job: Job) => {
      left -= job.ms;
      this.now(job);
    };
    for (const job of this.seen) {
      // What is dearer than a frame has one for itself.
      if (job.ms > left && left < FRAME_MS) break;
      take(job);
    }
    // Out of view is not out of reach: one of them in each frame, however much is in view.
    const [first] = this.unseen;
    if (first !== undefined) take(first);
    for (const job of this.unseen) {
      if (job.ms > left) break;
      take(job);
    }
    if (this.seen.size > 0 || this.unseen.size > 0) this.ask();
  }
}
