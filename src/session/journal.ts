/**
 * An account's journal: one file an exchange date, one JSON line a change, handed to the operating system before anything
 * that depends on it goes out. Reading it back gives the durable state; a torn last line is cut. What the entries mean is
 * the engine's; whether a failure to write stops buys is too: here it is only kept, retried and said.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { emptyDurable, foldJournal, type DurableState, type JournalEntry } from '../engine/durable';
import { dateOf } from '../strategy/exchangeTime';
import { makeFolder } from './folders';
import { reasonOf } from './paths';

export const JOURNAL_FORMAT = 1;

/** The first line of each file. */
export interface JournalHeader {
  format: number;
  broker: string;
  account: string;
  date: string;
}

/** What a session notes on its own behalf, in entries without a change of the durable state. */
export interface ShellNote {
  /** Rows that fills_live.csv held before the journal's row 1. */
  fillsBefore?: number;
  /** A session began. */
  session?: string;
}

export type ShellEntry = JournalEntry & { shell?: ShellNote };

export interface ReadJournal {
  state: DurableState | null;
  /** The newest day's date; null when there is no journal. */
  date: string | null;
  /** Bytes of that day's file that are whole lines. */
  goodBytes: number;
  fillsBefore: number | null;
  /** Sessions that began on that day. */
  sessions: number;
  /** A line was torn and is cut. */
  torn: boolean;
}

export type JournalRefusal =
  | { code: 'otherAccount'; file: string; found: string }
  | { code: 'otherFormat'; file: string; found: number }
  | { code: 'broken'; file: string; line: number }
  | { code: 'unreadable'; file: string; reason: string };

/** Thrown by `readJournal`: state that cannot be trusted stops the start. */
export class JournalRefused extends Error {
  constructor(readonly refusal: JournalRefusal) {
    super(`${path.basename(refusal.file)}: ${refusal.code}`);
    this.name = 'JournalRefused';
  }
}

/** Reads the newest day that has a whole beginning: a crash at the day's roll may leave a file without one. */
export function readJournal(folder: string, owner: { broker: string; account: string }): ReadJournal {
  const dates = datesIn(folder);
  let torn = false;
  for (const date of dates.reverse()) {
    const read = readDay(path.join(folder, `${date}.jsonl`), date, owner);
    if (read !== null) return { ...read, torn: torn || read.torn };
    torn = true;
  }
  return { state: null, date: null, goodBytes: 0, fillsBefore: null, sessions: 0, torn };
}

function datesIn(folder: string): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new JournalRefused({ code: 'unreadable', file: folder, reason: reasonOf(error) });
  }
  return names
    .filter(name => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(name))
    .map(name => name.slice(0, 10))
    .sort();
}

/** Null: the file ends before its carried-over state does. */
function readDay(file: string, date: string, owner: { broker: string; account: string }): ReadJournal | null {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    throw new JournalRefused({ code: 'unreadable', file, reason: reasonOf(error) });
  }
  // A line counts once its line end is there: what follows the last one was torn by a crash.
  const end = bytes.lastIndexOf(0x0a) + 1;
  let torn = end < bytes.length;
  const lines = bytes.toString('utf8', 0, end).split('\n');
  lines.pop();
  let goodBytes = 0;
  let state = emptyDurable(owner.account);
  let carried = false;
  let fillsBefore: number | null = null;
  let sessions = 0;
  for (const [index, line] of lines.entries()) {
    const value = parseLine(line);
    if (value === undefined) {
      // A full disk can tear the last line together with its line end; anything before the end is damage.
      if (index < lines.length - 1) throw new JournalRefused({ code: 'broken', file, line: index + 1 });
      torn = true;
      break;
    }
    if (index === 0) checkHeader(value as unknown as JournalHeader, file, owner);
    else {
      const entry = value as unknown as ShellEntry;
      state = folded(state, entry, file, index + 1);
      if (entry.full !== undefined) carried = true;
      if (entry.shell?.fillsBefore !== undefined) fillsBefore = entry.shell.fillsBefore;
      if (entry.shell?.session !== undefined) sessions++;
    }
    goodBytes += Buffer.byteLength(line) + 1;
  }
  return carried ? { state, date, goodBytes, fillsBefore, sessions, torn } : null;
}

/** An order of a symbol that no entry before it names: lines are missing. */
function folded(state: DurableState, entry: ShellEntry, file: string, line: number): DurableState {
  try {
    return foldJournal(state, entry);
  } catch {
    throw new JournalRefused({ code: 'broken', file, line });
  }
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function checkHeader(header: JournalHeader, file: string, owner: { broker: string; account: string }): void {
  if (header.account !== owner.account || header.broker !== owner.broker) {
    throw new JournalRefused({ code: 'otherAccount', file, found: String(header.account) });
  }
  if (header.format !== JOURNAL_FORMAT) {
    throw new JournalRefused({ code: 'otherFormat', file, found: Number(header.format) });
  }
}

export interface JournalOptions {
  folder: string;
  broker: string;
  account: string;
  /** The full state for the beginning of a day's file, as it is when the entry at hand is written. */
  carry(): DurableState;
  /** Rows of fills_live.csv before row 1, for the beginning of a day's file. */
  fillsBefore(): number;
  /** Writing began to fail, or works again. */
  onState(ok: boolean, text: string): void;
  /** The first so many entries of this session (`nWritten`) survive a power cut from here on. */
  onSynced?(nEntries: number): void;
  /** Where a file goes; a test puts a failing disk here. */
  disk?: Pick<typeof fs, 'openSync' | 'writeSync' | 'ftruncateSync' | 'closeSync' | 'fdatasync' | 'mkdirSync'>;
}

/** At most this long after a write the disk is told to keep it. */
const SYNC_WITHIN_MS = 50;

/** Appends entries; after a failure it keeps them in order and writes them once it can. */
export class Journal {
  private readonly disk;
  private fd: number | null = null;
  private size = 0;
  private date: string | null = null;
  private hour = -1;
  private hourDate = '';
  private waiting: { t: number; text: string }[] = [];
  private failing = false;
  private syncTimer: NodeJS.Timeout | null = null;
  private syncing = false;
  /** Texts of usual length become bytes here. */
  private readonly buffer = Buffer.allocUnsafeSlow(1 << 16);
  private written = 0;

  constructor(
    private readonly options: JournalOptions,
    read: Pick<ReadJournal, 'date' | 'goodBytes'>,
  ) {
    this.disk = options.disk ?? fs;
    this.date = read.date;
    this.size = read.goodBytes;
  }

  get ok(): boolean {
    return !this.failing;
  }

  /** Entries with the operating system. */
  get nWritten(): number {
    return this.written;
  }

  get nWaiting(): number {
    return this.waiting.length;
  }

  /** True once the entry is with the operating system, and so are all before it. */
  append(entry: ShellEntry): boolean {
    this.waiting.push({ t: entry.t, text: `${JSON.stringify(entry)}\n` });
    return this.flush();
  }

  /** Tries again what could not be written. */
  flush(): boolean {
    try {
      while (this.waiting.length > 0) {
        const next = this.waiting[0];
        if (next === undefined) break;
        this.openFor(next.t);
        this.write(next.text);
        this.waiting.shift();
        this.written++;
      }
    } catch (error) {
      this.fail(error);
      return false;
    }
    if (this.failing) {
      this.failing = false;
      this.options.onState(true, '');
    }
    return true;
  }

  close(): void {
    if (this.syncTimer !== null) clearTimeout(this.syncTimer);
    this.syncTimer = null;
    if (this.fd === null) return;
    try {
      fs.fdatasyncSync(this.fd);
      this.options.onSynced?.(this.written);
    } catch (error) {
      this.options.onState(false, reasonOf(error));
    }
    this.disk.closeSync(this.fd);
    this.fd = null;
  }

  private openFor(t: number): void {
    const date = this.dateAt(t);
    const isNewDay = this.date === null || this.date < date;
    if (this.fd !== null && !isNewDay) return;
    makeFolder(this.options.folder, this.disk);
    if (!isNewDay && this.date !== null) {
      this.fd = this.openAt(this.date, this.size);
      return;
    }
    const fd = this.openAt(date, 0);
    const { broker, account } = this.options;
    const header: JournalHeader = { format: JOURNAL_FORMAT, broker, account, date };
    const carry: ShellEntry = {
      t,
      why: 'carry',
      full: this.options.carry(),
      shell: { fillsBefore: this.options.fillsBefore() },
    };
    const previous = this.fd;
    this.fd = fd;
    this.size = 0;
    this.date = date;
    if (previous !== null) this.disk.closeSync(previous);
    try {
      this.write(`${JSON.stringify(header)}\n${JSON.stringify(carry)}\n`);
    } catch (error) {
      // The beginning is missing: the next try has to make it again.
      this.date = null;
      throw error;
    }
  }

  /** Cuts what a crash or a full disk left behind the last whole line. */
  private openAt(date: string, size: number): number {
    // Not for appending: Windows refuses to cut a file that is open for appending only.
    const { O_RDWR, O_CREAT } = fs.constants;
    const fd = this.disk.openSync(path.join(this.options.folder, `${date}.jsonl`), O_RDWR | O_CREAT);
    this.disk.ftruncateSync(fd, size);
    return fd;
  }

  private write(text: string): void {
    if (this.fd === null) throw new Error('the journal is not open');
    const { bytes, length } = this.bytesOf(text);
    let done = 0;
    // At its own place: what a failed try left behind is written over by the next one.
    while (done < length) done += this.disk.writeSync(this.fd, bytes, done, length - done, this.size + done);
    this.size += length;
    this.syncTimer ??= setTimeout(() => this.sync(), SYNC_WITHIN_MS);
  }

  private bytesOf(text: string): { bytes: Buffer; length: number } {
    const bytes = text.length * 3 <= this.buffer.length ? this.buffer : Buffer.allocUnsafe(Buffer.byteLength(text));
    return { bytes, length: bytes.write(text) };
  }

  /** Off the hot path: a power cut may take what is younger, and reconciliation brings it back. */
  private sync(): void {
    this.syncTimer = null;
    const fd = this.fd;
    if (fd === null) return;
    if (this.syncing) {
      this.syncTimer = setTimeout(() => this.sync(), SYNC_WITHIN_MS);
      return;
    }
    this.syncing = true;
    const { written } = this;
    this.disk.fdatasync(fd, error => {
      this.syncing = false;
      if (error === null || error === undefined) return this.options.onSynced?.(written);
      // A file that has been closed meanwhile (the day rolled) reports EBADF, which says nothing about the disk.
      if (error.code !== 'EBADF' && fd === this.fd) this.fail(error);
    });
  }

  private fail(error: unknown): void {
    if (this.fd !== null) {
      // Whatever is wrong with this handle (removed folder, lost network drive): the next try opens anew.
      try {
        this.disk.closeSync(this.fd);
      } catch {
        // Closing a broken handle may fail; it is given up either way.
      }
      this.fd = null;
    }
    if (this.failing) return;
    this.failing = true;
    this.options.onState(false, reasonOf(error));
  }

  /** New York's date changes on whole hours only: one look-up an hour. */
  private dateAt(t: number): string {
    const hour = Math.floor(t / 3_600_000);
    if (hour !== this.hour) {
      this.hour = hour;
      this.hourDate = dateOf(t);
    }
    return this.hourDate;
  }
}
