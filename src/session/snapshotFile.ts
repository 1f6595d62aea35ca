/**
 * dashboard_snapshot.json: what the dashboard shows, for programs that read along and for pages without a session. Written
 * atomically and off the hot path, at most once a second; while one write is under way the newest snapshot waits. Ladders and
 * why not of a symbol cost more than its row, so a few symbols are taken anew with each write, none of them more often than
 * every 30 s, each with its own time; all of them when the session ends.
 */
import writeFileAtomic from 'write-file-atomic';
import type { SessionSnapshot, SymbolDetail } from '../shared/protocol';
import { reasonOf } from './paths';

const EVERY_MS = 1000;
const DETAILS_A_WRITE = 5;
const DETAIL_EVERY_MS = 30_000;
/** The newest; all of them are in fills_live.csv. */
const MOST_FILLS = 50;

/** What the dashboard shows of an opened symbol; null for one that is not known. */
export type DetailOf = (symbol: string) => SymbolDetail | null;

export class SnapshotFile {
  private lastAt = -Infinity;
  private writing: Promise<void> | null = null;
  private failing = false;
  /** As JSON, by symbol, in the order in which they were taken: the first is the oldest. */
  private readonly details = new Map<string, { json: string; takenAt: number }>();

  constructor(
    private readonly file: string,
    private readonly onFailure: (reason: string) => void,
    /** This machine's clock: the session's own may be a simulated one, and how old the file is matters to who reads it. */
    private readonly now: () => number = Date.now,
  ) {}

  offer(snapshot: SessionSnapshot, wallNow: number, detailOf: DetailOf): void {
    if (this.writing !== null || wallNow - this.lastAt < EVERY_MS) return;
    this.lastAt = wallNow;
    this.take(snapshot, detailOf, wallNow, DETAILS_A_WRITE);
    this.writing = this.write(snapshot);
  }

  /** When the write that is under way has ended. */
  async settled(): Promise<void> {
    await this.writing;
  }

  /** The last one, when everything is over. */
  async close(snapshot: SessionSnapshot | null, detailOf: DetailOf): Promise<void> {
    if (snapshot !== null) this.take(snapshot, detailOf, Infinity, Infinity);
    await this.settled();
    if (snapshot !== null) await this.write(snapshot);
  }

  /** Symbols that were never taken first, then those taken longest ago. */
  private take({ t, symbols }: SessionSnapshot, detailOf: DetailOf, now: number, most: number): void {
    const listed = new Set(symbols.map(each => each.symbol));
    for (const symbol of this.details.keys()) if (!listed.has(symbol)) this.details.delete(symbol);
    const due = [...listed].filter(symbol => !this.details.has(symbol));
    for (const [symbol, { takenAt }] of this.details) if (now - takenAt >= DETAIL_EVERY_MS) due.push(symbol);
    for (const symbol of due.slice(0, most)) {
      const detail = detailOf(symbol);
      this.details.delete(symbol);
      if (detail === null) continue;
      const { adoption: _, ...shown } = detail;
      const json = JSON.stringify({ t, ...shown, fills: detail.fills.slice(-MOST_FILLS) }, finite);
      this.details.set(symbol, { json, takenAt: now });
    }
  }

  private async write(snapshot: SessionSnapshot): Promise<void> {
    try {
      // No fsync: the file is a view of what the journal keeps, and a disk that has to wait would cost more than it.
      const text = JSON.stringify({ ...snapshot, savedAt: this.now() });
      const details = [...this.details.values()].map(each => each.json).join(',');
      await writeFileAtomic(this.file, `${text.slice(0, -1)},"details":[${details}]}\n`, { fsync: false });
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.onFailure(reasonOf(error));
      this.failing = true;
    } finally {
      this.writing = null;
    }
  }
}

/** Rungs without a reference have no price yet: JSON has no word for that, and no price is 0. */
const finite = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? 0 : value;
