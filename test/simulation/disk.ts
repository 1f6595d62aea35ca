/**
 * A disk in memory with the calls that a session makes of `node:fs`. What was written stays when the process that wrote it
 * dies; a process that dies in the middle of a write leaves the beginning of it. A power cut takes what was not synced yet.
 * Full disks and locked files on demand.
 */
import { constants } from 'node:fs';

/** What runs on this machine, as far as the disk cares: each call may be the one in which it dies. */
export interface Writer {
  readonly isAlive: boolean;
  /** Throws when the process is dead. */
  demandLife(): void;
  /** How many of these bytes still reach the disk; fewer than all: the process has died. */
  bytesBeforeDeath(file: string, bytes: number): number;
}

interface Stored {
  bytes: Buffer;
  size: number;
  /** What a power cut leaves in any case. */
  safe: number;
  /** Ends of writes that nobody has synced. */
  unsynced: { t: number; size: number }[];
}

/** What the disk needs of the computer that it is in. */
export interface Surroundings {
  now(): number;
  later(ms: number, run: () => void): void;
}

/** The operating system writes by itself what nobody asks it to. */
const WRITEBACK_MS = 30_000;
const SYNC_MS = 12;

interface Opened {
  file: string;
  stored: Stored;
  writer: Writer;
}

type Failure = 'ENOSPC' | 'EBUSY' | 'ENOENT' | 'EEXIST' | 'EBADF';

const failures = new Map<string, NodeJS.ErrnoException>();

/** Made once: a file that is looked for twice a second would cost more in stack traces than in looks. */
const empty = (): Stored => ({ bytes: Buffer.alloc(1024), size: 0, safe: 0, unsynced: [] });

function failure(code: Failure, file: string): NodeJS.ErrnoException {
  const text = `${code}: ${file}`;
  let error = failures.get(text);
  if (error === undefined) failures.set(text, (error = Object.assign(new Error(text), { code })));
  return error;
}

export class Disk {
  readonly files = new Map<string, Stored>();
  private readonly opened = new Map<number, Opened>();
  private nextFd = 100;
  /** Whoever runs now. */
  writer: Writer | null = null;
  /** Nothing can be written to the journal. */
  isJournalFailing = false;
  /** fills_live.csv is open in another program. */
  isCsvLocked = false;
  /** A write has met one of the two. */
  hasRefused: (file: string) => void = () => undefined;
  /** Bytes went to the end of a file. */
  hasWritten: (file: string, bytes: Buffer) => void = () => undefined;

  constructor(private readonly around: Surroundings) {}

  text(file: string): string {
    const stored = this.files.get(file);
    return stored === undefined ? '' : stored.bytes.toString('utf8', 0, stored.size);
  }

  write(file: string, text: string): void {
    const bytes = Buffer.from(text);
    this.files.set(file, { bytes, size: bytes.length, safe: bytes.length, unsynced: [] });
  }

  /** The power is gone, and with it of each file some of what was not on the plate: all, a part or nothing of it. */
  loseUnsynced(chance: () => number): void {
    const before = this.around.now() - WRITEBACK_MS;
    for (const stored of this.files.values()) {
      let safe = Math.min(stored.safe, stored.size);
      for (const { t, size } of stored.unsynced) if (t <= before) safe = Math.max(safe, Math.min(size, stored.size));
      const kept = Math.min(1, Math.max(0, chance() * 2 - 0.5));
      stored.size = stored.safe = safe + Math.floor((stored.size - safe) * kept);
      stored.unsynced = [];
    }
  }

  names(folder: string): string[] {
    const start = `${folder}/`;
    return [...this.files.keys()].filter(file => file.startsWith(start)).map(file => file.slice(start.length));
  }

  /** In place of `node:fs`. */
  readonly fs = {
    constants,
    mkdirSync: () => this.alive(),
    existsSync: (file: string) => this.files.has(file) || file === '/tmp' || this.names(file).length > 0,
    openSync: (file: string, flags: number | string) => this.open(file, flags),
    closeSync: (fd: number) => {
      this.alive();
      this.opened.delete(fd);
    },
    writeSync: (fd: number, bytes: Buffer, offset: number, length: number, position: number) => {
      const { file, stored } = this.of(fd);
      this.refuse(file);
      // Copied, as an operating system does: the program may use its buffer again.
      return this.put(file, stored, Buffer.from(bytes.subarray(offset, offset + length)), position);
    },
    ftruncateSync: (fd: number, size: number) => {
      const { file, stored } = this.of(fd);
      if (size < stored.size) this.deed(file);
      stored.size = Math.min(stored.size, size);
      stored.safe = Math.min(stored.safe, size);
    },
    fdatasyncSync: (fd: number) => {
      const { stored } = this.of(fd);
      this.sync(stored, stored.size);
    },
    fdatasync: (fd: number, done: (error: null) => void) => {
      const { stored, writer } = this.of(fd);
      const { size } = stored;
      this.around.later(SYNC_MS, () => {
        this.sync(stored, size);
        if (writer.isAlive) done(null);
      });
    },
    fstatSync: (fd: number) => ({ size: this.of(fd).stored.size }),
    readSync: (fd: number, into: Buffer, offset: number, length: number, position: number) => {
      const { stored } = this.of(fd);
      return stored.bytes.copy(into, offset, position, Math.min(stored.size, position + length));
    },
    readFileSync: (file: string, encoding?: BufferEncoding) => {
      const stored = this.files.get(file);
      if (stored === undefined) throw failure('ENOENT', file);
      if (file.endsWith('.csv') && this.isCsvLocked) throw failure('EBUSY', file);
      return encoding === undefined
        ? Buffer.from(stored.bytes.subarray(0, stored.size))
        : stored.bytes.toString(encoding, 0, stored.size);
    },
    readdirSync: (folder: string) => {
      const names = this.names(folder);
      if (names.length === 0) throw failure('ENOENT', folder);
      return names;
    },
    statSync: (file: string, options?: { throwIfNoEntry?: boolean }) => {
      const stored = this.files.get(file);
      if (stored !== undefined) return { size: stored.size };
      if (options?.throwIfNoEntry === false) return undefined;
      throw failure('ENOENT', file);
    },
    appendFileSync: (file: string, text: string) => this.append(file, Buffer.from(text)),
    writeFileSync: (file: string, text: string) => {
      this.deed(file);
      this.write(file, text);
    },
    renameSync: (from: string, to: string) => {
      this.deed(to);
      const stored = this.files.get(from);
      if (stored === undefined) throw failure('ENOENT', from);
      this.files.delete(from);
      this.files.set(to, stored);
    },
    unlinkSync: (file: string) => {
      this.deed(file);
      if (!this.files.delete(file)) throw failure('ENOENT', file);
    },
  };

  /** In place of `write-file-atomic`. */
  readonly writeAtomic = async (file: string, text: string): Promise<void> => {
    this.deed(file);
    // Rewritten each second and read by nobody here.
    if (!file.endsWith('/dashboard_snapshot.json')) this.write(file, text);
  };

  private sync(stored: Stored, size: number): void {
    stored.safe = Math.max(stored.safe, Math.min(size, stored.size));
    stored.unsynced = stored.unsynced.filter(write => write.size > stored.safe);
  }

  /** Done in one go, or not at all. */
  private deed(file: string): void {
    this.alive();
    if (this.writer !== null && this.writer.bytesBeforeDeath(file, 1) === 0) this.alive();
  }

  private alive(): void {
    this.writer?.demandLife();
  }

  private open(file: string, flags: number | string): number {
    this.alive();
    this.refuse(file);
    let stored = this.files.get(file);
    if (stored !== undefined && flags === 'wx') throw failure('EEXIST', file);
    if (stored === undefined) this.files.set(file, (stored = empty()));
    const fd = this.nextFd++;
    if (this.writer === null) throw new Error('nobody runs');
    this.opened.set(fd, { file, stored, writer: this.writer });
    return fd;
  }

  private of(fd: number): Opened {
    const opened = this.opened.get(fd);
    if (opened === undefined) throw failure('EBADF', String(fd));
    opened.writer.demandLife();
    return opened;
  }

  private refuse(file: string): void {
    const isRefused = file.endsWith('fills_live.csv')
      ? this.isCsvLocked
      : this.isJournalFailing && file.includes('/journal/');
    if (!isRefused) return;
    this.hasRefused(file);
    throw failure(file.endsWith('.csv') ? 'EBUSY' : 'ENOSPC', file);
  }

  private append(file: string, bytes: Buffer): void {
    this.alive();
    let stored = this.files.get(file);
    if (stored === undefined) this.files.set(file, (stored = empty()));
    this.put(file, stored, bytes, stored.size);
  }

  private put(file: string, stored: Stored, bytes: Buffer, position: number): number {
    const kept = this.writer?.bytesBeforeDeath(file, bytes.length) ?? bytes.length;
    // Died before it: what the disk holds by now is for the disk to say.
    if (kept === 0) this.alive();
    const end = position + kept;
    if (end > stored.bytes.length) {
      const larger = Buffer.alloc(Math.max(end, stored.bytes.length * 2));
      stored.bytes.copy(larger, 0, 0, stored.size);
      stored.bytes = larger;
    }
    bytes.copy(stored.bytes, position, 0, kept);
    stored.size = Math.max(stored.size, end);
    stored.unsynced.push({ t: this.around.now(), size: end });
    if (kept < bytes.length) this.alive();
    this.hasWritten(file, bytes);
    return kept;
  }
}
