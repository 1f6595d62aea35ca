/**
 * All files of one session, put together: what is written when, and what is said when a file cannot be. Each kind of file has
 * its own module; here is only their order at the start, in the chores of every second and at the end.
 */
import type { Connected } from '../broker/port';
import type { DurableState } from '../engine/durable';
import type { EngineEvent, FillRow, NoticeLevel } from '../engine/events';
import { pnlRowText, type PnlRow } from '../reports/rows';
import type { SessionConfig, SessionSnapshot } from '../shared/protocol';
import { dateOf, DAY_MS } from '../strategy/exchangeTime';
import type { Settings } from '../strategy/settings';
import { readArchivedRows } from './archivedRows';
import { FillsCsv } from './fillsCsv';
import { Journal, type ReadJournal, type ShellEntry } from './journal';
import { OverridesFile, type OverridesFileOptions } from './overridesFile';
import { makeHiddenFolder, reasonOf, type Paths } from './paths';
import { PnlCsv } from './pnlCsv';
import { SnapshotFile, type DetailOf } from './snapshotFile';
import { brokerOf, writeFillsOwner } from './startup';
import { removeOldTapes, Tape } from './tape';
import { TargetsWatcher } from './targetsWatcher';

export interface SessionFilesOptions {
  config: SessionConfig;
  paths: Paths;
  connected: Connected;
  settings: Settings;
  sessionId: string;
  state: ReadJournal;
  targetsText: string;
  durable(): DurableState;
  post(event: EngineEvent): void;
  /** A saved change of targets.txt. */
  targetsChanged(text: string): void;
  overrideAllowed: NonNullable<OverridesFileOptions['allows']>;
  now(): number;
  notice(level: NoticeLevel, code: string, data: Record<string, string | number>): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
  goneMs?: number;
}

export class SessionFiles {
  readonly overrides: OverridesFile;
  private readonly journalFile: Journal;
  private readonly fills: FillsCsv;
  private readonly pnlFile: PnlCsv;
  private readonly snapshotFile: SnapshotFile;
  private readonly targets: TargetsWatcher;
  private tape: Tape | null = null;
  private hasBegun = false;
  /** Rows whose journal entries a power cut could still take: the next start would write them again. */
  private held: { row: FillRow; after: number }[] = [];

  constructor(private readonly options: SessionFilesOptions) {
    const { paths, state, config, connected } = options;
    this.fills = new FillsCsv({
      file: paths.fills,
      archived: readArchivedRows(paths.archivedRows),
      onState: (ok, reason, rows) => {
        if (ok) options.notice('info', 'fillsWritten', { file: paths.fills });
        else options.notice('warning', 'fillsNotWritten', { file: paths.fills, rows, reason });
      },
    });
    this.journalFile = new Journal(
      {
        folder: paths.journal,
        broker: brokerOf(connected),
        account: connected.account,
        carry: () => options.durable(),
        fillsBefore: () => this.fills.before,
        onState: (ok, text) => options.post({ t: 0, type: 'journalState', ok, ...(text === '' ? {} : { text }) }),
        onSynced: nEntries => this.release(nEntries),
      },
      state,
    );
    this.pnlFile = new PnlCsv(paths.pnl, (ok, reason) =>
      ok ? options.log('info', 'pnl_summary_live.csv can be written again') : this.cannotWrite(paths.pnl, reason),
    );
    this.snapshotFile = new SnapshotFile(paths.snapshot, reason => this.cannotWrite(paths.snapshot, reason));
    this.overrides = new OverridesFile({
      file: paths.overrides,
      // What stands in the file at the start belongs to what the person has started.
      allows: (change, before, accept) => !this.hasBegun || options.overrideAllowed(change, before, accept),
      onChange: change => options.post({ t: 0, type: 'override', ...change }),
      onProblem: text => options.notice('warning', 'overridesFile', { file: paths.overrides, text }),
    });
    this.targets = new TargetsWatcher({
      file: config.targetsFile,
      known: options.targetsText,
      onChange: text => options.targetsChanged(text),
      onGone: level => options.notice(level, 'targetsGone', { file: config.targetsFile }),
      onBack: () => options.notice('info', 'targetsBack', { file: config.targetsFile }),
      ...(options.goneMs === undefined ? {} : { goneMs: options.goneMs }),
    });
  }

  get rowsWaiting(): number {
    return this.fills.rowsWaiting;
  }

  /** Everything that comes before the first event of the market. */
  begin(): void {
    const { paths, state, connected, sessionId } = this.options;
    try {
      makeHiddenFolder(paths.hidden);
      writeFillsOwner(paths, connected.account);
    } catch (error) {
      this.cannotWrite(paths.hidden, reasonOf(error));
    }
    this.fills.complete(state.state?.rows ?? [], state.fillsBefore);
    const t = this.options.now();
    this.journalFile.append({ t, why: 'start', shell: { session: sessionId, fillsBefore: this.fills.before } });
    this.openTape(t);
    this.overrides.start();
    this.targets.start();
    this.hasBegun = true;
  }

  record(event: EngineEvent): void {
    this.tape?.write(event);
  }

  /** False: not with the operating system. */
  journal(entry: ShellEntry): boolean {
    return this.journalFile.append(entry);
  }

  /** Of an execution that the journal has; written once no power cut can take it from there. */
  row(row: FillRow): void {
    this.held.push({ row, after: this.journalFile.nWritten });
  }

  pnl(rows: readonly PnlRow[]): void {
    if (rows.length > 0) this.pnlFile.append(rows.map(pnlRowText).join(''));
  }

  /** Once a second of the wall's clock: what waits is tried again, what is shown is written. */
  chores(snapshot: SessionSnapshot | null, detailOf: DetailOf): void {
    if (!this.journalFile.ok) this.journalFile.flush();
    this.fills.flush();
    this.pnlFile.flush();
    if (snapshot !== null) this.snapshotFile.offer(snapshot, Date.now(), detailOf);
  }

  async close(snapshot: SessionSnapshot | null, detailOf: DetailOf): Promise<void> {
    this.overrides.stop();
    this.targets.stop();
    this.journalFile.flush();
    this.journalFile.close();
    this.fills.flush();
    this.pnlFile.flush();
    await Promise.all([this.tape?.close(), this.snapshotFile.close(snapshot, detailOf)]);
  }

  private release(nEntries: number): void {
    while (this.held[0] !== undefined && this.held[0].after <= nEntries) this.fills.append(this.held.shift()!.row);
  }

  private openTape(t: number): void {
    const { paths, settings, config, connected, sessionId, state, targetsText } = this.options;
    const days = settings['files.tapeDays'];
    if (days === 0) return;
    const failed = (reason: string): void => this.cannotWrite(paths.tape, reason);
    const header = {
      t,
      type: 'session',
      recorded: true,
      version: 1,
      sessionId,
      mode: connected.mode,
      settings,
      base: config.budget,
      targets: targetsText,
      durable: state.state,
    } as const;
    try {
      removeOldTapes(paths.tape, dateOf(t - days * DAY_MS));
      this.tape = Tape.open(paths.tape, dateOf(t), header, failed);
    } catch (error) {
      failed(reasonOf(error));
    }
  }

  private cannotWrite(file: string, reason: string): void {
    this.options.notice('warning', 'fileNotWritten', { file, reason });
  }
}
