/**
 * dashboard_snapshot.json: what the dashboard shows, for programs that read along. Written atomically and off the hot path,
 * at most once a second; while one write is under way the newest snapshot waits.
 */
import writeFileAtomic from 'write-file-atomic';
import type { SessionSnapshot } from '../shared/protocol';
import { reasonOf } from './paths';

const EVERY_MS = 1000;

export class SnapshotFile {
  private lastAt = -Infinity;
  private writing: Promise<void> | null = null;
  private failing = false;

  constructor(
    private readonly file: string,
    private readonly onFailure: (reason: string) => void,
    /** This machine's clock: the session's own may be a simulated one, and how old the file is matters to who reads it. */
    private readonly now: () => number = Date.now,
  ) {}

  offer(snapshot: SessionSnapshot, wallNow: number): void {
    if (this.writing !== null || wallNow - this.lastAt < EVERY_MS) return;
    this.lastAt = wallNow;
    this.writing = this.write(snapshot);
  }

  /** When the write that is under way has ended. */
  async settled(): Promise<void> {
    await this.writing;
  }

  /** The last one, when everything is over. */
  async close(snapshot: SessionSnapshot | null): Promise<void> {
    await this.settled();
    if (snapshot !== null) await this.write(snapshot);
  }

  private async write(snapshot: SessionSnapshot): Promise<void> {
    try {
      // No fsync: the file is a view of what the journal keeps, and a disk that has to wait would cost more than it.
      await writeFileAtomic(this.file, `${JSON.stringify({ ...snapshot, savedAt: this.now() })}\n`, { fsync: false });
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.onFailure(reasonOf(error));
      this.failing = true;
    } finally {
      this.writing = null;
    }
  }
}
