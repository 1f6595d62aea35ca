/**
 * Follows targets.txt while a session runs: a saved change is handed on as it stands, judging it is the engine's. A file
 * that vanishes changes nothing; when it is not back after two seconds somebody has to know.
 */
import { WatchFile, type WatchFileOptions } from './watchFile';

export interface TargetsWatcherOptions {
  file: string;
  known: string;
  onChange(text: string): void;
  /** `alarm`: it is still gone after two seconds. */
  onGone(level: 'warning' | 'alarm'): void;
  onBack(): void;
  look?: Pick<WatchFileOptions, 'everyMs' | 'emptyMs' | 'read' | 'now'>;
  goneMs?: number;
}

export class TargetsWatcher {
  private readonly watch: WatchFile;
  private lastText: string;
  private goneTimer: NodeJS.Timeout | null = null;
  private isGone = false;

  constructor(private readonly options: TargetsWatcherOptions) {
    this.lastText = options.known;
    this.watch = new WatchFile({
      ...options.look,
      file: options.file,
      known: options.known,
      onText: text => (text === null ? this.gone() : this.there(text)),
    });
  }

  start(): void {
    this.watch.start();
  }

  stop(): void {
    this.watch.stop();
    if (this.goneTimer !== null) clearTimeout(this.goneTimer);
    this.goneTimer = null;
  }

  /** One look now, for tests and for those who do not want to wait. */
  look(): void {
    this.watch.look();
  }

  private gone(): void {
    this.isGone = true;
    this.options.onGone('warning');
    this.goneTimer = setTimeout(() => this.options.onGone('alarm'), this.options.goneMs ?? 2000);
    this.goneTimer.unref();
  }

  private there(text: string): void {
    if (this.goneTimer !== null) clearTimeout(this.goneTimer);
    this.goneTimer = null;
    if (this.isGone) this.options.onBack();
    this.isGone = false;
    if (text === this.lastText) return;
    this.lastText = text;
    this.options.onChange(text);
  }
}
