/**
 * pnl_summary_live.csv: a line a symbol every few seconds of regular hours, appended in one write. Nothing depends on these
 * lines, so what cannot be written is dropped and said once; the trading goes on.
 */
import * as fs from 'node:fs';
import { PNL_HEADER } from '../reports/rows';
import { reasonOf } from './paths';

/** Written together: at simulated speeds a write for each moment would be most of the work. */
const BATCH_BYTES = 64 * 1024;

export class PnlCsv {
  private buffered: string[] = [];
  private bytes = 0;
  private failing = false;

  constructor(
    private readonly file: string,
    private readonly onState: (ok: boolean, reason: string) => void,
  ) {}

  append(rows: string): void {
    this.buffered.push(rows);
    this.bytes += rows.length;
    if (this.bytes >= BATCH_BYTES) this.flush();
  }

  flush(): void {
    if (this.buffered.length === 0) return;
    const text = this.buffered.join('');
    this.buffered = [];
    this.bytes = 0;
    try {
      const isNew = !fs.existsSync(this.file) || fs.statSync(this.file).size === 0;
      fs.appendFileSync(this.file, isNew ? PNL_HEADER + text : text);
    } catch (error) {
      if (!this.failing) this.onState(false, reasonOf(error));
      this.failing = true;
      return;
    }
    if (this.failing) this.onState(true, '');
    this.failing = false;
  }
}
