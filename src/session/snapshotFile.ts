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
  ) {}

  offer(snapshot: SessionSnapshot, wallNow: number): void {
    if (this.writing !== null || wallNow - this.lastAt < EVERY_MS) return;
    this.lastAt = wallNow;
    this.writing = this.write(snapshot);
  }

  /** The last one, when everything is over. */
  async close(snapshot: SessionSnapshot | null): Promise<void> {
    if (this.writing !== null) await this.writing;
    if (snapshot !== null) await this.write(snapshot);
  }

  private async write(snapshot: SessionSnapshot): Promise<void> {
    try {
      // No fsync: the file is a view of what the journal keeps, and a disk that has to wait would cost more than it.
      await writeFileAtomic(this.file, `${JSON.stringify(snapshot)}\n`, { fsync: false });
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.onFailure(reasonOf(error));
      this.failing = true;
    } finally {
      this.writing = null;
    }
  }
}
